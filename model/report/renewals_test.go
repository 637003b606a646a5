package report

import (
	"encoding/binary"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

const onDay = day.Day(20_800) // 2026-12-13

func idOf(k model.Kind, n int) model.ID {
	id := model.ID{byte(k)}
	binary.BigEndian.PutUint64(id[8:], uint64(n+1))
	return id
}

// fields are what a record says, as people write it.
type fields map[string]string

func made(t testing.TB, k model.Kind, n int, says fields) *model.Record {
	t.Helper()
	r := model.NewRecord(k, idOf(k, n))
	for _, name := range slices.Sorted(maps.Keys(says)) {
		f, ok := model.SchemaOf(k).Field(name)
		if !ok {
			t.Fatalf("%s has no field %s", k, name)
		}
		v, err := f.Parse(says[name])
		if err != nil {
			t.Fatal(err)
		}
		r.Set(f.Name, v)
	}
	return r
}

// pictured is a book of at least three customers, one for each contract unless it names another, on a day.
func pictured(t testing.TB, on day.Day, contracts ...fields) *table.Snapshot {
	t.Helper()
	l := table.NewLoader(on, model.NewSettings(map[string]string{"rate.EUR": "2"}))
	for i := range max(3, len(contracts)) {
		l.Put(made(t, model.Customer, i, fields{"name": "C" + string(rune('a'+i%26))}))
	}
	for i, c := range contracts {
		says := fields{"customer": idOf(model.Customer, i).String(), "per": "year", "currency": "USD"}
		maps.Copy(says, c)
		l.Put(made(t, model.Contract, i, says))
	}
	return l.Snapshot(1)
}

// cellsOf is a row of a report by the keys of its columns.
func cellsOf(t testing.TB, r Report, row int) map[string]Cell {
	t.Helper()
	out := map[string]Cell{}
	for i, c := range r.Columns {
		out[c.Key] = r.Rows[row][i]
	}
	return out
}

func wantCells(t *testing.T, r Report, row int, want map[string]float64) {
	t.Helper()
	got := cellsOf(t, r, row)
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if got[key].Number != want[key] || !got[key].IsNumber {
			t.Errorf("%s, line %d: %s is %v%s, want %v", r.Name, row, key, got[key].Number, got[key].Text, want[key])
		}
	}
}

func mustReport(t testing.TB, make Maker, s *table.Snapshot, a Args) Report {
	t.Helper()
	r, err := make(s, a)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The rates of definitions.md: only closed renewals enter, each at most its target in the gross rate, and the
// open amount stands beside them.
func TestRenewalRates(t *testing.T) {
	year := fields{"start": "2025-11-01", "end": "2026-10-31"}
	with := func(more fields) fields {
		out := maps.Clone(year)
		maps.Copy(out, more)
		return out
	}
	s := pictured(
		t, onDay,
		with(fields{"amount": "100", "stage": "renewed", "final": "150"}), // grown: capped in gross
		with(fields{"amount": "100", "stage": "renewed", "final": "50"}),  // shrunk
		with(fields{"amount": "100", "churned": "yes"}),
		with(fields{"amount": "100"}), // ended, and nobody said how
		with(fields{"amount": "40", "currency": "EUR", "auto_renew": "yes"}),
		with(fields{"amount": "1000", "end": "2026-11-01", "stage": "renewed", "final": "1000"}), // a day after the period
	)
	r := mustReport(t, Renewals, s, Args{From: day.Of(2026, 10, 1), To: day.Of(2026, 10, 31)})
	wantCells(t, r, 0, map[string]float64{
		"renewals": 5, "target": 480, "won": 2, "lost": 1, "lapsed": 1, "open": 1, "open_amount": 80,
		"gross_rate": 37.5, "net_rate": 50, "logo_rate": 50,
	})
}

// The categories of definitions.md, one after the other, with the probability that was kept.
func TestForecastAddsUpItsCategories(t *testing.T) {
	base := fields{"start": "2026-01-01", "end": "2026-12-31"}
	with := func(more fields) fields {
		out := maps.Clone(base)
		maps.Copy(out, more)
		return out
	}
	s := pictured(
		t, onDay,
		with(fields{"amount": "100", "stage": "renewed", "final": "130"}),
		with(fields{"amount": "100", "stage": "verbal", "probability": "80", "forecast": "120"}), // capped at its target
		with(fields{"amount": "100", "stage": "negotiation", "forecast": "60"}),
		with(fields{"amount": "100"}),
		with(fields{"amount": "100", "category": "omitted"}),
		with(fields{"amount": "100", "category": "closed"}), // open, so that it is at most committed
		with(fields{"amount": "100", "churned": "yes"}),
	)
	r := mustReport(t, Forecast, s, Args{From: day.None, To: day.None})
	for line, want := range []map[string]float64{
		{"renewals": 1, "target": 100, "forecast": 100, "cumulative": 100, "weighted": 100, "expansion": 30},
		{"renewals": 2, "target": 200, "forecast": 200, "cumulative": 300, "weighted": 90, "expansion": 20},
		{"renewals": 1, "target": 100, "forecast": 60, "cumulative": 360, "weighted": 39, "expansion": 0},
		{"renewals": 1, "target": 100, "forecast": 100, "cumulative": 460, "weighted": 10, "expansion": 0},
		{"renewals": 1, "forecast": 100, "weighted": 10},
		{"renewals": 1, "target": 100, "forecast": 0},
		{"renewals": 7, "target": 700, "forecast": 560},
	} {
		wantCells(t, r, line, want)
	}
	by := mustReport(t, Forecast, s, Args{From: day.None, To: day.None, By: "stage"})
	var target float64
	for i := range by.Rows {
		target += cellsOf(t, by, i)["target"].Number
	}
	if target != 700 {
		t.Errorf("the forecast by stage has targets of %v, want 700", target)
	}
}

// drawContracts makes contracts of every kind around a day: with and without an end, called off, churned,
// renewed, of a few customers.
func drawContracts(t *rapid.T, tb testing.TB) *table.Snapshot {
	near := rapid.Map(rapid.IntRange(-900, 500), func(n int) string { return (onDay + day.Day(n)).String() })
	var all []fields
	for range rapid.IntRange(1, 8).Draw(t, "contracts") {
		start := rapid.IntRange(-1500, 100).Draw(t, "start")
		c := fields{
			"start": (onDay + day.Day(start)).String(), "amount": rapid.SampledFrom([]string{"0", "1", "99.99", "1200", "1000000"}).Draw(t, "amount"),
			"per": rapid.SampledFrom(model.Billings()).Draw(t, "per"), "billing": rapid.SampledFrom([]string{"", "month", "year"}).Draw(t, "billing"),
			"currency": rapid.SampledFrom([]string{"USD", "EUR"}).Draw(t, "currency"),
			"customer": idOf(model.Customer, rapid.IntRange(0, 2).Draw(t, "customer")).String(),
		}
		if rapid.Bool().Draw(t, "ends") {
			c["end"] = (onDay + day.Day(start+rapid.IntRange(0, 1200).Draw(t, "days"))).String()
		} else if rapid.Bool().Draw(t, "says never") {
			c["end"] = "2099-12-31"
		}
		for _, flag := range []string{"auto_renew", "renewal_wanted", "churned"} {
			if rapid.IntRange(0, 3).Draw(t, flag) == 0 {
				c[flag] = "yes"
			}
		}
		if rapid.IntRange(0, 5).Draw(t, "cancelled") == 0 {
			c["cancelled_on"] = near.Draw(t, "cancelled on")
		}
		if rapid.IntRange(0, 2).Draw(t, "staged") == 0 {
			c["stage"] = rapid.SampledFrom(model.RenewalStages()).Draw(t, "stage")
			c["final"] = rapid.SampledFrom([]string{"0", "50", "5000"}).Draw(t, "final")
		}
		all = append(all, c)
	}
	return pictured(tb, onDay, all...)
}

// What is due in a period is the sum of what is due in its parts, wherever it is cut.
func TestDueIsTheSumOfItsParts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawContracts(rt, t)
		from := onDay + day.Day(rapid.IntRange(-1600, 0).Draw(rt, "from"))
		to := from + day.Day(rapid.IntRange(1, 2000).Draw(rt, "length"))
		cut := from + day.Day(rapid.IntRange(0, int(to-from)-1).Draw(rt, "cut"))
		last := func(a, b day.Day) map[string]Cell {
			r := mustReport(t, Renewals, s, Args{From: a, To: b})
			return cellsOf(t, r, len(r.Rows)-1)
		}
		whole, one, two := last(from, to), last(from, cut), last(cut+1, to)
		for _, key := range []string{"renewals", "target", "won", "lost", "lapsed", "open", "open_amount", "decision_late"} {
			if sum := one[key].Number + two[key].Number; sum-whole[key].Number > 0.011 || whole[key].Number-sum > 0.011 {
				rt.Fatalf("%s from %s to %s is %v, but cut after %s %v and %v", key, from, to, whole[key].Number, cut, one[key].Number, two[key].Number)
			}
		}
	})
}

// The movements lead from the recurring revenue of one day to that of another, and the revenue of the book
// on these days is what the report starts and ends with.
func TestMovementsLeadFromStartToEnd(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawContracts(rt, t)
		from := onDay + day.Day(rapid.IntRange(-1600, 0).Draw(rt, "from"))
		to := from + day.Day(rapid.IntRange(1, 900).Draw(rt, "length"))
		c := cellsOf(t, mustReport(t, Retention, s, Args{From: from, To: to}), 0)
		moved := c["start"].Number
		for _, move := range []string{"new", "expansion", "contraction", "churn", "reactivation"} {
			moved += c[move].Number
		}
		if diff := moved - c["end"].Number; diff > 0.04 || diff < -0.04 {
			rt.Fatalf("from %s to %s: the movements lead to %v, the end is %v", from, to, moved, c["end"].Number)
		}
		if c["contraction"].Number > 0 || c["churn"].Number > 0 || c["new"].Number < 0 || c["expansion"].Number < 0 || c["reactivation"].Number < 0 {
			rt.Fatalf("a movement has the wrong sign: %v", c)
		}
		if c["grr"].IsNumber && (c["grr"].Number > 100 || c["grr"].Number > c["nrr"].Number+0.005 && c["nrr"].Number < 100) {
			rt.Fatalf("gross %v above net %v", c["grr"].Number, c["nrr"].Number)
		}
		cur := currencyOf(s, model.Contract)
		for on, want := range map[day.Day]float64{from: c["start"].Number, to: c["end"].Number} {
			if units, _, _, _ := bookRevenue(cur, on); money(units).Number != want {
				rt.Fatalf("recurring revenue on %s is %v, the report says %v", on, money(units).Number, want)
			}
		}
	})
}

// A contract without end whose renewal was closed has an end from then on. It stays due on the anniversary
// for which it was closed, and the anniversaries before it stay as they were.
func TestClosingARenewalWithoutEndMovesNoDueDay(t *testing.T) {
	for _, step := range []string{"renew", "churn"} {
		l := table.NewLoader(day.Of(2024, 6, 30), model.NewSettings(nil))
		l.Put(made(t, model.Customer, 0, fields{"name": "Acme"}))
		old := made(t, model.Contract, 0, fields{
			"customer": idOf(model.Customer, 0).String(), "start": "2021-07-01", "billing": "year", "amount": "1200", "per": "year", "currency": "USD", "external_id": "K-1",
		})
		l.Put(old)
		s := l.Snapshot(1)
		c, err := s.Case([]int32{0})
		if err != nil {
			t.Fatal(err)
		}
		c.Lines, c.Moment = []*model.Record{old}, model.Moment{Who: "ana", Today: s.Today, Renewals: s.RenewalRules()}
		c.NewID = func() model.ID { return idOf(model.Contract, 1) }
		plan, err := c.Plan(step, []model.FieldValue{{Name: "close_reason", Value: model.Text("agreed")}})
		if err != nil {
			t.Fatal(err)
		}
		after := table.NewLoader(s.Today, model.NewSettings(nil))
		after.Put(made(t, model.Customer, 0, fields{"name": "Acme"}))
		for _, r := range applied(t, old, plan) {
			after.Put(r)
		}
		dues := func(s *table.Snapshot) (out []string) {
			s.Renewals(day.None, day.Of(2024, 12, 31), func(r table.Renewal) { out = append(out, r.Due.String()) })
			slices.Sort(out)
			return out
		}
		was, is := dues(s), dues(after.Snapshot(1))
		if want := []string{"2022-07-01", "2023-07-01", "2024-07-01"}; !slices.Equal(was, want) || !slices.Equal(is, want) {
			t.Errorf("%s: due on %v, afterwards on %v, want %v", step, was, is, want)
		}
	}
}

// applied are the records that a plan leaves.
func applied(t *testing.T, old *model.Record, plan model.RenewalPlan) []*model.Record {
	t.Helper()
	at := map[model.ID]*model.Record{old.ID: old}
	for _, op := range plan.Ops {
		r, err := op.Apply(at[op.ID])
		if err != nil {
			t.Fatal(err)
		}
		at[op.ID] = r
	}
	if len(plan.Successors) > 0 && plan.Successors[0].Title() != "K-1 from 2024-07-01" {
		t.Errorf("the successor is called %q", plan.Successors[0].Title())
	}
	return slices.Collect(maps.Values(at))
}
