package exchange_test

import (
	"bytes"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/store/exchange"
)

const crmRows = crm + "1,Acme,Berlin,,,12\n2,Bolt,Paris,,,many\n3,Crux,Rome,,,14\n"

func TestARowIsLeftOutAndACellIsMended(t *testing.T) {
	b := newBook(t)
	p := planText(t, b, "a.csv", crmRows, exchange.Options{})
	counts{kind: "customers", source: "header-597ed2739992", rows: 3, created: 2, errors: 1}.check(t, "as it stands", p.Summary(model.ID{}))
	bad := p.Verdicts[1]
	equal(t, "column of the error", bad.Column, "Employees")
	if strings.Contains(bad.Reason, "Employees") {
		t.Errorf("the reason names the column once more: %s", bad.Reason)
	}
	cells := p.Refused(bad.Table, bad.Line)
	if len(cells) != 6 || cells[1] != (exchange.Cell{Column: "Company Name", Text: "Bolt"}) || cells[5].Text != "many" {
		t.Errorf("the refused row is %+v", cells)
	}
	if p.Refused(bad.Table, 2) != nil {
		t.Error("a row that goes in counts as refused")
	}

	left := planText(t, b, "a.csv", crmRows, exchange.Options{Leave: []exchange.RowRef{{Line: 3}}})
	counts{kind: "customers", source: "header-597ed2739992", rows: 2, created: 2}.check(t, "without the row", left.Summary(model.ID{}))
	equal(t, "left out", left.Left, 1)

	mended := planText(t, b, "a.csv", crmRows, exchange.Options{Fixes: []exchange.Fix{{exchange.RowRef{Table: "a.csv", Line: 3}, "#6", "13"}}})
	counts{kind: "customers", source: "header-597ed2739992", rows: 3, created: 3}.check(t, "with the cell mended", apply(t, b, mended))
	equal(t, "employees", find(t, b, model.Customer, "2").Get("employees").Format(), "13")

	// A file that is mended itself says the same.
	again := planText(t, b, "a.csv", strings.Replace(crmRows, "many", "13", 1), exchange.Options{})
	if again.Changes() {
		t.Error("the mended file changes something after the mended import")
	}
}

func TestACorrectionThatFindsNothingIsTold(t *testing.T) {
	o := exchange.Options{Leave: []exchange.RowRef{{Line: 99}}, Fixes: []exchange.Fix{{exchange.RowRef{Table: "other", Line: 3}, "City", "x"}}}
	p := planText(t, newBook(t), "a.csv", crmRows, o)
	if len(p.Warnings) != 2 || !strings.Contains(p.Warnings[0], "line 3") || !strings.Contains(p.Warnings[1], "line 99") {
		t.Errorf("warnings: %q", p.Warnings)
	}
	err := planError(t, crmRows, exchange.Options{Fixes: []exchange.Fix{{exchange.RowRef{Line: 3}, "Town", "x"}}})
	if err == nil || !strings.Contains(err.Error(), "--fix") || !strings.Contains(err.Error(), `"City"`) {
		t.Errorf("a fix of an unknown column: %v", err)
	}
}

func TestCorrectionsAreRead(t *testing.T) {
	rows, err := exchange.ParseRows("12, 30-32,Q1#4")
	if err != nil || len(rows) != 5 || rows[3].Line != 32 || rows[4] != (exchange.RowRef{Table: "Q1", Line: 4}) {
		t.Errorf("%+v, %v", rows, err)
	}
	f, err := exchange.ParseFix("Q1#12:unit price=1=2:3")
	if err != nil || f != (exchange.Fix{Row: exchange.RowRef{Table: "Q1", Line: 12}, Column: "unit price", Value: "1=2:3"}) {
		t.Errorf("%+v, %v", f, err)
	}
	for _, bad := range []string{"", "x", "0", "5-3", "1-99999999"} {
		if _, err := exchange.ParseRows(bad); err == nil {
			t.Errorf("lines %q are taken", bad)
		}
	}
	for _, bad := range []string{"", "12", "12:name", "0:a=b", ":a=b", "12: =b"} {
		if _, err := exchange.ParseFix(bad); err == nil {
			t.Errorf("the fix %q is taken", bad)
		}
	}
}

func TestTheErrorFileHasRowsThatPointNowhere(t *testing.T) {
	text := "Contact ID,Last Name,Reports To\nC-1,Acme,\nC-2,Bolt,C-9\n"
	p := planText(t, newBook(t), "c.csv", text, exchange.Options{Kind: model.Contact, Map: map[string]string{"Reports To": "reports_to"}})
	if v := p.Verdicts[1]; v.Result != exchange.Failed {
		t.Fatalf("a superior whom nobody knows: %+v", v)
	}
	var out bytes.Buffer
	if err := p.WriteErrors(&out); err != nil || !strings.Contains(out.String(), "Bolt") {
		t.Errorf("the error file lacks the row: %v\n%s", err, out.String())
	}
}

func TestAPlanTellsHowTheFileWasRead(t *testing.T) {
	p := planText(t, newBook(t), "a.csv", strings.ReplaceAll(crmRows, ",", ";"), exchange.Options{})
	if len(p.Tables) != 1 || p.Tables[0].Delimiter != ';' || p.Tables[0].Rows != 3 || p.Tables[0].Encoding == "" {
		t.Errorf("tables: %+v", p.Tables)
	}
	if c := p.Columns[2]; len(c.Samples) != 3 || c.Samples[0] != "Berlin" {
		t.Errorf("samples: %+v", c)
	}
}

func TestAStepCountsWhatItChanges(t *testing.T) {
	b := newBook(t)
	label := func(p *exchange.Plan) string { return p.Step("ana", b.NewID()).Label }
	p := planText(t, b, "a.csv", crmRows, exchange.Options{})
	equal(t, "label", label(p), "import of 2 customers from a.csv")
	apply(t, b, p)
	equal(t, "label of a second", label(planText(t, b, "b.csv", strings.Replace(crmRows, "Rome", "Turin", 1), exchange.Options{})), "import of 1 customer from b.csv")
	invoices := "Invoice Number,Customer,Date,Amount,Due Date\nI-1,Newcomer Ltd,2026-01-02,5,2026-02-02\n"
	equal(t, "label with a stub", label(planText(t, b, "i.csv", invoices, exchange.Options{Kind: model.Invoice})), "import of 1 invoice, 1 customer from i.csv")
}
