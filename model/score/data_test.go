package score

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"opsdeck/model/day"
)

// data reads a file of the shared examples as header → value rows, or skips the test.
func data(t *testing.T, name string) []map[string]string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the package")
		}
	}
	f, err := os.Open(filepath.Join(dir, "..", "shared", "data", filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("the shared example data is not here: %v", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1 // Addresses with unquoted commas make some rows longer than the header.
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, h := range lines[0] {
			row[h] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func parseDay(t *testing.T, s string) day.Day {
	t.Helper()
	d, err := day.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func parseNumber(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestRFMMeetsThePublishedTable holds the segments to those that the R package rfm publishes for
// its own example.
func TestRFMMeetsThePublishedTable(t *testing.T) {
	index := map[string]int{}
	var buyers []Buyer
	for _, row := range data(t, "rfm/rfm_data_orders.csv") {
		id := row["customer_id"]
		i, ok := index[id]
		if !ok {
			i = len(buyers)
			index[id] = i
			buyers = append(buyers, Buyer{ID: id, Last: day.None})
		}
		buyers[i].Last = max(buyers[i].Last, parseDay(t, row["order_date"]))
		buyers[i].Count++
		buyers[i].Sum += parseNumber(t, row["revenue"])
	}
	r := RFM(day.Of(2006, 12, 31), buyers, DefaultSegments())
	for name, c := range map[string]struct{ got, want Cuts }{
		"recency":   {r.Recency, Cuts{115, 181, 297.4, 482}},
		"frequency": {r.Frequency, Cuts{4, 5, 6, 8}},
		"monetary":  {r.Monetary, Cuts{255.8, 382, 506.4, 666}},
	} {
		for i := range c.want {
			if !near(c.got[i], c.want[i], 1e-9) {
				t.Errorf("%s cuts %v, want %v", name, c.got, c.want)
			}
		}
	}
	var got []string
	for _, s := range r.Totals() {
		got = append(got, fmt.Sprintf("%s %d %d %.0f %.2f", s.Segment, s.Customers, s.Orders, s.Sum, s.Average))
	}
	want := strings.Join([]string{
		"About To Sleep 102 283 23449 82.86", "At Risk 28 216 22227 102.90", "Can't Lose Them 47 274 32446 118.42",
		"Champions 35 316 31646 100.15", "Lost 148 393 35324 89.88", "Loyal Customers 170 799 76562 95.82",
		"Need Attention 10 57 4562 80.04", "New Customers 104 329 28837 87.65", "Potential Loyalist 342 2211 204856 92.65",
		"Promising 9 28 4249 151.75",
	}, "\n")
	if strings.Join(got, "\n") != want {
		t.Errorf("segments:\n%s\nwant:\n%s", strings.Join(got, "\n"), want)
	}
	for id, want := range map[string]string{
		"Abbey O'Reilly": "205 6 472 = 343 Potential Loyalist", "Add Senger": "140 3 340 = 412 New Customers",
		"Aden Lesch": "194 4 405 = 323 Loyal Customers", "Agness O'Keefe": "90 9 843 = 555 Champions",
		"Aiyanna Bruen": "246 4 157 = 321 About To Sleep",
	} {
		row := r.Rows[index[id]]
		if got := fmt.Sprintf("%d %d %.0f = %d%d%d %s", row.Days, row.Count, row.Sum, row.R, row.F, row.M, row.Segment); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}

func TestConcentrationOfRealOrders(t *testing.T) {
	customer := map[string]string{}
	for _, o := range data(t, "northwind/orders.csv") {
		customer[o["orderID"]] = o["customerID"]
	}
	sums := map[string]float64{}
	for _, d := range data(t, "northwind/order-details.csv") {
		price, quantity, discount := parseNumber(t, d["unitPrice"]), parseNumber(t, d["quantity"]), parseNumber(t, d["discount"])
		sums[customer[d["orderID"]]] += price * quantity * (1 - discount)
	}
	var amounts []Amount
	for id, s := range sums {
		amounts = append(amounts, Amount{id, int64(s*10000 + 0.5)})
	}
	c, err := Concentration(amounts)
	if err != nil || len(c.Rows) != 89 || !near(float64(c.Total)/10000, 1265793.04, 0.005) {
		t.Fatalf("%d customers, %d (%v)", len(c.Rows), c.Total, err)
	}
	if !near(c.Top(10), 0.4504, 0.00005) || c.Reaching(0.8) != 34 || c.Rows[0].ID != "QUICK" {
		t.Errorf("top ten %v, %d make 80 %%, first %s", c.Top(10), c.Reaching(0.8), c.Rows[0].ID)
	}
}

func TestRetentionOfRealSubscriptions(t *testing.T) {
	rows := map[string]*Revenue{}
	for _, s := range data(t, "ravenstack/subscriptions.csv") {
		start, end := parseDay(t, s["start_date"]), day.Day(1<<30)
		if s["end_date"] != "" {
			end = parseDay(t, s["end_date"])
		}
		r := rows[s["account_id"]]
		if r == nil {
			r = &Revenue{ID: s["account_id"]}
			rows[s["account_id"]] = r
		}
		mrr := int64(parseNumber(t, s["mrr_amount"]))
		if at := day.Of(2023, 12, 31); start <= at && at <= end {
			r.A += mrr
		}
		if at := day.Of(2024, 12, 31); start <= at && at <= end {
			r.B += mrr
		}
	}
	var all []Revenue
	for _, r := range rows {
		all = append(all, *r)
	}
	r, err := Retention(all)
	if err != nil || r.Start != 1_262_113 || r.End != 10_259_509 || r.Customers != 185 || r.Stayed != 185 {
		t.Fatalf("%d → %d, %d of %d customers (%v)", r.Start, r.End, r.Stayed, r.Customers, err)
	}
	if !near(r.NRR, 2.9321, 0.00005) || !near(r.GRR, 0.9959, 0.00005) {
		t.Errorf("NRR %v, GRR %v", r.NRR, r.GRR)
	}
}

func TestQuantile(t *testing.T) {
	v := []float64{1, 2, 3, 4}
	for p, want := range map[float64]float64{0: 1, 0.2: 1.6, 0.5: 2.5, 0.8: 3.4, 1: 4, -1: 1, 2: 4} {
		if got := Quantile(v, p); !near(got, want, 1e-12) {
			t.Errorf("%v: %v, want %v", p, got, want)
		}
	}
	if Quantile(nil, 0.5) != 0 || Quantile([]float64{7}, 0.9) != 7 {
		t.Error("quantiles of none and one")
	}
}

func TestBuyersWithoutOrders(t *testing.T) {
	r := RFM(100, []Buyer{{ID: "none"}, {ID: "undated", Last: day.None, Count: 3}, {ID: "one", Last: 90, Count: 1, Sum: 5}, {ID: "later", Last: 120, Count: 1, Sum: 5}}, nil)
	if r.Rows[0].R != 0 || r.Rows[1].Segment != "" || r.Rows[2].Days != 10 || r.Rows[2].Segment != OtherSegment || r.Rows[3].Days != 0 {
		t.Errorf("%+v", r.Rows)
	}
	if totals := r.Totals(); len(totals) != 1 || totals[0].Customers != 2 {
		t.Errorf("%+v", totals)
	}
	if empty := RFM(100, nil, DefaultSegments()); len(empty.Rows) != 0 || len(empty.Totals()) != 0 {
		t.Errorf("%+v", empty)
	}
}
