package tabular

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// dataDir is the folder of real files beside the repository; tests over it are skipped without it.
func dataDir(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the package")
		}
		dir = filepath.Dir(dir)
	}
	data := filepath.Join(dir, "..", "shared", "data")
	if _, err := os.Stat(data); err != nil {
		t.Skip("the real files are not here: ", err)
	}
	return data
}

func readFile(t testing.TB, path string, o Options) (*Table, []Row) {
	t.Helper()
	rs, err := Open(context.Background(), path, o)
	return readAll(t, rs, err)
}

// TestCSVSpectrum reads each file of csv-spectrum to the JSON that comes with it.
func TestCSVSpectrum(t *testing.T) {
	dir := filepath.Join(dataDir(t), "csv-spectrum")
	files, err := filepath.Glob(filepath.Join(dir, "csvs", "*.csv"))
	if err != nil || len(files) != 12 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		raw, err := os.ReadFile(filepath.Join(dir, "json", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(raw), "[") {
			raw = []byte("[" + string(raw) + "]") // one answer is an object alone
		}
		var want []map[string]string
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		switch name {
		case "location_coordinates":
			// The answer's phone number is not the one in the file.
			want[0]["Contact Phone Number"] = "2095257564"
		case "newlines_crlf":
			// The file here has lost its carriage returns.
			want[1]["a"] = strings.ReplaceAll(want[1]["a"], "\r\n", "\n")
		}
		tab, rows := readFile(t, file, Options{})
		var got []map[string]string
		for _, row := range rows {
			rec := map[string]string{}
			for i, h := range tab.Header {
				rec[h] = row.Cells[i]
			}
			got = append(got, rec)
			if row.Problem != nil && name != "location_coordinates" {
				t.Errorf("%s: %v", name, row.Problem)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestCSVParserFixtures writes down how each fixture of csv-parser reads.
func TestCSVParserFixtures(t *testing.T) {
	dir := filepath.Join(dataDir(t), "csv-parser-fixtures")
	for _, c := range []struct {
		file     string
		o        Options
		encoding string
		header   string
		rows     []string // cells joined by ¦
		problems map[int]error
		warnings string
	}{
		{"backtick.csv", Options{}, encUTF8, "pokemon_id`p_desc", []string{"1`Bulbasaur can be seen napping", "2`There is a bud on this"}, nil, ""},
		{"backtick.csv", Options{Delimiter: '`'}, encUTF8, "pokemon_id¦p_desc", []string{"1¦Bulbasaur can be seen napping", "2¦There is a bud on this"}, nil, ""},
		{"bad-data.csv", Options{}, encUTF8, "¦somejunk¦<! />", []string{"¦nope¦", "yes¦yup¦yeah", "ok¦ok¦ok!"}, nil, "header"},
		{"comma-in-quote.csv", Options{}, encUTF8, "first¦last¦address¦city¦zip", []string{"John¦Doe¦120 any st.¦Anytown, WW¦08123"}, nil, ""},
		{"empty-columns.csv", Options{}, encUTF8, "2007-01-01¦¦", []string{"2007-01-02¦¦"}, nil, "header header no-header"},
		{"empty-columns.csv", Options{Columns: []string{"a", "b", "c"}}, encUTF8, "a¦b¦c", []string{"2007-01-01¦¦", "2007-01-02¦¦"}, nil, ""},
		{"escape-quotes.csv", Options{}, encUTF8, "a¦b", []string{"1¦ha \"ha\" ha", "2¦\"\"", "3¦4"}, nil, ""},
		{"newlines.csv", Options{}, encUTF8, "a¦b¦c", []string{"1¦2¦3", "Once upon \na time¦5¦6", "7¦8¦9"}, nil, ""},
		{"quotes+newlines.csv", Options{}, encUTF8, "a¦b", []string{"1¦ha \n\"ha\" \nha", "2¦ \n\"\" \n", "3¦4"}, nil, ""},
		{"strict-false-less-columns.csv", Options{}, encUTF8, "a¦b¦c", []string{"1¦2¦3", "4¦5¦", "6¦7¦8"}, map[int]error{3: ErrShortRow}, ""},
		{"strict-false-more-columns.csv", Options{}, encUTF8, "a¦b¦c", []string{"1¦2¦3", "4¦5¦6¦7", "8¦9¦10"}, map[int]error{3: ErrWideRow}, ""},
		{"bench/latin.csv", Options{}, enc1252, "a¦b¦c", []string{"1¦2¦3", "4¦5¦©"}, nil, ""},
		{"bench/mac-newlines.csv", Options{}, encUTF8, "a¦b¦c", []string{"1¦2¦3", "Once upon\ra time¦5¦6"}, nil, ""},
		{"bench/utf16.csv", Options{}, encUTF16LE, "a¦b¦c", []string{"1¦2¦3", "4¦5¦ʤ"}, nil, ""},
		{"bench/utf16-big.csv", Options{}, encUTF16BE, "a¦b¦c", []string{"1¦2¦3", "4¦5¦ʤ"}, nil, ""},
		{"bench/utf8.csv", Options{}, encUTF8, "a¦b¦c", []string{"1¦2¦3", "4¦5¦ʤ"}, nil, ""},
		{"geojson.csv", Options{}, encUTF8, "id¦prop0¦prop1¦geojson", []string{
			`¦value0¦¦{"type": "Point", "coordinates": [102.0, 0.5]}`,
			`¦value0¦0.0¦{"type": "LineString", "coordinates": [[102.0, 0.0], [103.0, 1.0], [104.0, 0.0], [105.0, 1.0]]}`,
			`¦value0¦{u'this': u'that'}¦{"type": "Polygon", "coordinates": [[[100.0, 0.0], [101.0, 0.0], [101.0, 1.0], [100.0, 1.0], [100.0, 0.0]]]}`,
		}, nil, ""},
	} {
		tab, rows := readFile(t, filepath.Join(dir, c.file), c.o)
		if got := strings.Join(tab.Header, "¦"); got != c.header || tab.Encoding != c.encoding || warningKinds(tab) != c.warnings {
			t.Errorf("%s: %s, %q, %v", c.file, tab.Encoding, got, tab.Warnings)
		}
		var got []string
		for _, row := range rows {
			got = append(got, strings.Join(row.Cells, "¦"))
			if !errors.Is(row.Problem, c.problems[row.Line]) {
				t.Errorf("%s, line %d: %v, want %v", c.file, row.Line, row.Problem, c.problems[row.Line])
			}
		}
		if diff := cmp.Diff(c.rows, got); diff != "" {
			t.Errorf("%s: %s", c.file, diff)
		}
	}
}

// TestRealFiles reads every real table whole and compares what SOURCES.md says of it.
func TestRealFiles(t *testing.T) {
	dir := dataDir(t)
	for _, c := range []struct {
		file           string
		o              Options
		encoding       string
		delim          rune
		line           int
		columns, rows  int
		problems       int
		warnings, last string // the last cell of the last row
	}{
		{"bugs/SeaMonkey_bugs.csv", Options{}, encUTF8, ',', 1, 8, 1076, 0, "", ""},
		{"cdnow/CDNOW_sample.txt", Options{Columns: []string{"id", "sample", "date", "count", "amount"}}, encUTF8, 0, 0, 5, 6919, 0, "", "25.74"},
		{"contracts/ufrn_contratos.csv", Options{}, encUTF8, ';', 1, 8, 100, 0, "", ""},
		{"intl/edinet_first200_cp932.csv", Options{}, encCP932, ',', 2, 13, 200, 0, "preamble", ""},
		{"intl/zh_company_short_names_first2000.txt", Options{Columns: []string{"name"}, Skip: 3}, encUTF8, 0, 0, 1, 1997, 0, "", ""},
		{"invoices/accounts_receivable_dmy.csv", Options{}, encUTF8, ',', 1, 12, 2466, 0, "", ""},
		{"northwind/customers.csv", Options{}, encUTF8, ',', 1, 11, 91, 0, "", ""},
		// 176 addresses have commas that nobody quoted.
		{"northwind/orders.csv", Options{}, encUTF8, ',', 1, 14, 830, 176, "", "USA"},
		{"northwind/order-details.csv", Options{}, encUTF8, ',', 1, 5, 2155, 0, "", ""},
		{"ravenstack/accounts.csv", Options{}, encUTF8, ',', 1, 10, 500, 0, "", ""},
		{"ravenstack/feature_usage.csv", Options{}, encUTF8, ',', 1, 8, 25000, 0, "", ""},
		{"ravenstack/subscriptions.csv", Options{}, encUTF8, ',', 1, 14, 5000, 0, "", ""},
		{"rfm/rfm_data_orders.csv", Options{}, encUTF8, ',', 1, 6, 4906, 0, "", ""},
		{"salesforce/dataloader_Account.csv", Options{}, encUTF8, ',', 1, 51, 12, 0, "", ""},
		{"salesforce/tree_Account.json", Options{}, encUTF8, 0, 0, 34, 12, 0, "", ""},
		{"salesforce/tree_Opportunity.json", Options{}, encUTF8, 0, 0, 16, 31, 0, "", ""},
		{"salesforce_recipes/Accounts.csv", Options{}, encUTF8, ',', 1, 18, 50, 0, "", ""},
		{"salesforce_recipes/Opportunities.csv", Options{}, encUTF8, ',', 1, 6, 50, 0, "", ""},
		{"telco/Telco-Customer-Churn.csv", Options{}, encUTF8, ',', 1, 21, 7043, 0, "", "No"},
	} {
		tab, rows := readFile(t, filepath.Join(dir, c.file), c.o)
		problems := 0
		for _, row := range rows {
			if row.Problem != nil {
				problems++
			}
		}
		if tab.Encoding != c.encoding || tab.Delimiter != c.delim || tab.HeaderLine != c.line || len(tab.Header) != c.columns || len(rows) != c.rows || problems != c.problems || warningKinds(tab) != c.warnings {
			t.Errorf("%s: %s %q, header on line %d with %d columns, %d rows, %d problems, %v", c.file, tab.Encoding, tab.Delimiter, tab.HeaderLine, len(tab.Header), len(rows), problems, tab.Warnings)
		}
		last := rows[len(rows)-1].Cells
		if c.last != "" && last[len(last)-1] != c.last {
			t.Errorf("%s ends in %q", c.file, last)
		}
	}
}

func columnsOf(t testing.TB, path string, o Options) map[string]ColumnInfo {
	t.Helper()
	rs, err := Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	infos, err := inferReader(rs[0])
	if err = errors.Join(err, rs[0].Close()); err != nil {
		t.Fatal(err)
	}
	out := map[string]ColumnInfo{}
	for _, info := range infos {
		out[info.Name] = info
	}
	return out
}

func TestRealColumns(t *testing.T) {
	dir := dataDir(t)
	for _, c := range []struct {
		file, column string
		want         ColumnInfo
	}{
		{"invoices/accounts_receivable_dmy.csv", "InvoiceDate", ColumnInfo{Kind: KindDate, Dates: DMY}},
		{"invoices/accounts_receivable_dmy.csv", "InvoiceAmount", ColumnInfo{Kind: KindDecimal, Numbers: DecimalPoint}},
		{"invoices/accounts_receivable_dmy.csv", "Disputed", ColumnInfo{Kind: KindBool}},
		{"contracts/ufrn_contratos.csv", "valor", ColumnInfo{Kind: KindMoney, Numbers: DecimalComma, Currencies: []string{"BRL"}}},
		{"contracts/ufrn_contratos.csv", "inicio", ColumnInfo{Kind: KindDate, Dates: DMY}},
		{"telco/Telco-Customer-Churn.csv", "TotalCharges", ColumnInfo{Kind: KindDecimal, Numbers: DecimalPoint, Empty: 11}},
		{"telco/Telco-Customer-Churn.csv", "Churn", ColumnInfo{Kind: KindBool}},
		{"bugs/SeaMonkey_bugs.csv", "Priority", ColumnInfo{Kind: KindText, Empty: 961}},
		{"bugs/SeaMonkey_bugs.csv", "Created", ColumnInfo{Kind: KindTimestamp, Zoned: true}},
		{"northwind/orders.csv", "orderDate", ColumnInfo{Kind: KindDate}},
		{"northwind/orders.csv", "shippedDate", ColumnInfo{Kind: KindDate, Empty: 21}},
		{"salesforce/dataloader_Account.csv", "ANNUALREVENUE", ColumnInfo{Kind: KindDecimal, Numbers: DecimalPoint, Empty: 4}},
		{"salesforce_recipes/Opportunities.csv", "closedate", ColumnInfo{Kind: KindTimestamp, Zoned: true}},
		{"salesforce/tree_Opportunity.json", "Amount", ColumnInfo{Kind: KindInteger, Numbers: DecimalPoint}},
		{"salesforce/tree_Opportunity.json", "CloseDate", ColumnInfo{Kind: KindDate}},
	} {
		got := columnsOf(t, filepath.Join(dir, c.file), Options{})[c.column]
		c.want.Name, c.want.Index, c.want.Rows = c.column, got.Index, got.Rows
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s, %s: %s", c.file, c.column, diff)
		}
	}
}

// TestAmbiguousCellsOfARealColumn: 944 of its dates could be read either way, the column cannot. The
// sums are those that others have published.
func TestAmbiguousCellsOfARealColumn(t *testing.T) {
	tab, rows := readFile(t, filepath.Join(dataDir(t), "invoices", "accounts_receivable_dmy.csv"), Options{})
	at, amount := tab.Indexes("invoicedate")[0], tab.Indexes("InvoiceAmount")[0]
	ambiguous, sum := 0, int64(0)
	for _, row := range rows {
		s := row.Cells[at]
		y1, m1, d1, err1 := ParseDate(s, DMY)
		y2, m2, d2, err2 := ParseDate(s, MDY)
		if err1 != nil {
			t.Fatal(err1)
		}
		if err2 == nil && (date{y1, m1, d1} != date{y2, m2, d2} || d1 <= 12) {
			ambiguous++
		}
		n, err := ParseNumber(row.Cells[amount], DecimalPoint)
		if err == nil {
			n, err = n.Rescale(2)
		}
		if err != nil {
			t.Fatal(err)
		}
		sum += n.Unscaled
	}
	if ambiguous != 944 {
		t.Errorf("%d ambiguous dates", ambiguous)
	}
	if sum != 14770318 {
		t.Errorf("the invoices sum up to %d", sum)
	}
}
