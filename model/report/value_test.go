package report

import (
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// row reads a row of a report as text.
func rowText(r Report, i int) string {
	var out []string
	for _, c := range r.Rows[i] {
		if c.IsNumber {
			out = append(out, model.Number(c.Number).Format())
			continue
		}
		out = append(out, c.Text)
	}
	return strings.Join(out, "|")
}

func TestValueByFeatureAndResult(t *testing.T) {
	s := loaded(t, "2026-11-22", []rec{
		{model.Customer, 0, fields{"name": "Acme", "currency": "USD"}},
		{model.Customer, 1, fields{"name": "Bolt", "currency": "USD"}},
		{model.Benefit, 0, fields{"name": "a", "customer": idOf(model.Customer, 0).String(), "type": "cost saved", "feature": "Match", "result": "sooner", "tie": "strong", "amount": "100", "confirmed": "2026-01-01"}},
		{model.Benefit, 1, fields{"name": "b", "customer": idOf(model.Customer, 1).String(), "type": "cost saved", "feature": "match", "result": "sooner", "tie": "weak", "amount": "50", "confidence": "50"}},
		{model.Benefit, 2, fields{"name": "c", "customer": idOf(model.Customer, 1).String(), "type": "output raised", "feature": "Desk", "baseline": "10", "now": "15"}},
		{model.Benefit, 3, fields{"name": "not yet", "customer": idOf(model.Customer, 1).String(), "type": "cost saved", "feature": "Match", "amount": "999", "measured": "2026-11-23"}},
		{model.Benefit, 4, fields{"name": "agreed later", "customer": idOf(model.Customer, 0).String(), "type": "risk avoided", "feature": "Desk", "amount": "7", "confirmed": "2026-11-23"}},
	})
	r, err := Value(s, Args{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"Match|sooner|2|2|125|100||1|0|1", "Desk|none|2|2|7|0|50|0|0|0"} {
		if i >= len(r.Rows) || rowText(r, i) != want {
			t.Errorf("row %d is not %s: %v", i, want, r.Rows)
		}
	}
	if len(r.Rows) != 2 {
		t.Errorf("%d rows", len(r.Rows))
	}
	if w := r.Why(0); len(w.Lines) != 2 || w.Lines[0].ID != idOf(model.Benefit, 0) {
		t.Errorf("behind the first row: %+v", w.Lines)
	}
	if r, err = Value(s, Args{By: "customer"}); err != nil || rowText(r, 0) != "Acme|1|2|107|100||1|0|0" {
		t.Errorf("by customer: %v %v", r.Rows, err)
	}
	if _, err = Value(s, Args{By: "colour"}); err == nil || !strings.Contains(err.Error(), "colour") || !strings.Contains(err.Error(), "result") {
		t.Errorf("by colour: %v", err)
	}
}

func TestThePageTellsWhatItBrought(t *testing.T) {
	acme := idOf(model.Customer, 0).String()
	contract := rec{model.Contract, 0, fields{"name": "Core", "customer": acme, "start": "2026-01-01", "end": "2026-12-31", "amount": "10", "per": "year", "currency": "EUR"}}
	records := []rec{
		{model.Customer, 0, fields{"name": "Acme", "currency": "EUR"}},
		contract,
		{model.Contact, 0, fields{"name": "Ann *Lee*", "customer": acme}},
	}
	page := func() string {
		return Evidence(loaded(t, "2026-11-22", records), made(t, contract.kind, contract.n, contract.fields))
	}
	if got := page(); !strings.Contains(got, "## What it brought them\n\n- nothing has been measured yet\n") {
		t.Errorf("without benefits:\n%s", got)
	}
	records = append(
		records,
		rec{model.Benefit, 0, fields{"name": "Matched", "customer": acme, "type": "cost saved", "measure": "for each invoice", "unit": "minutes", "baseline": "8", "now": "2", "times": "1000", "hourly_cost": "30", "measured": "2026-05-01", "confirmed": "2026-06-01", "confirmed_by": idOf(model.Contact, 0).String()}},
		rec{model.Benefit, 1, fields{"name": "Freight", "customer": acme, "type": "cost saved", "unit": "money", "baseline": "8", "now": "6", "times": "10", "measured": "2026-06-01"}},
		rec{model.Benefit, 2, fields{"name": "Later", "customer": acme, "type": "cost saved", "amount": "9", "measured": "2026-11-23"}},
	)
	want := strings.Join([]string{
		"## What it brought them", "",
		"- Together: 3,020.00 EUR a year, of it confirmed 3,000.00 EUR",
		"- Freight · from 8 to 6 EUR (-25 %) · 20.00 EUR a year · measured 2026-06-01, not confirmed",
		`- Matched · from 8 to 2 minutes for each invoice (-75 %) · 3,000.00 EUR a year · confirmed by Ann \*Lee\* on 2026-06-01`, "", "",
	}, "\n")
	if got := page(); !strings.Contains(got, want) {
		t.Errorf("the page does not say\n%s\nbut\n%s", want, got)
	}
}

func TestCashByMonth(t *testing.T) {
	acme := idOf(model.Customer, 0).String()
	s := loaded(t, "2026-03-15", []rec{
		{model.Customer, 0, fields{"name": "Acme", "currency": "USD"}},
		{model.Contract, 0, fields{"customer": acme, "start": "2026-01-01", "end": "2026-12-31", "amount": "10", "per": "month", "billing": "month", "settlement": "prepaid", "currency": "USD"}},
		{model.Invoice, 0, fields{"customer": acme, "contract": idOf(model.Contract, 0).String(), "date": "2026-01-01", "due": "2026-01-31", "settled": "2026-02-02", "amount": "10", "currency": "USD"}},
		{model.Invoice, 1, fields{"customer": acme, "contract": idOf(model.Contract, 0).String(), "date": "2026-02-01", "due": "2026-03-03", "paid": "4", "amount": "10", "currency": "USD"}},
		{model.Invoice, 2, fields{"customer": acme, "date": "2025-11-01", "due": "2025-12-01", "amount": "3", "currency": "USD"}},
		{model.Invoice, 3, fields{"customer": acme, "date": "2026-01-05", "amount": "2", "currency": "XXX"}},
	})
	from, _ := day.Parse("2026-01-20")
	to, _ := day.Parse("2026-05-01")
	r, err := Cash(s, Args{From: from, To: to})
	if err != nil {
		t.Fatal(err)
	}
	// Cycles from March on have no invoice yet; each is due thirty days after it begins.
	for i, want := range []string{"2026-01|10|10|0|0|0|0|0", "2026-02|10|0|10|10|0|0|0", "2026-03|0|10|0|0|6|10|16", "2026-04|0|0|0|0|0|0|0", "2026-05|0|0|0|0|0|20|20"} {
		if i >= len(r.Rows) || rowText(r, i) != want {
			t.Errorf("row %d is not %s: %v", i, want, rowText(r, i))
		}
	}
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "4.00 USD of part payments") || !strings.Contains(notes, "3.00 USD are open that were due before 2026-01-01") || !strings.Contains(notes, "left out, as their currency has no rate (setting rate.XXX): 1") {
		t.Errorf("notes: %s", notes)
	}
	if w := r.Why(1); len(w.Lines) != 1 || w.Lines[0].ID != idOf(model.Invoice, 0) {
		t.Errorf("behind February: %+v", w.Lines)
	}
	if _, err := Cash(s, Args{From: to, To: from}); err == nil {
		t.Error("May to January makes a report")
	}
}

type rec struct {
	kind   model.Kind
	n      int
	fields fields
}

// loaded is a picture of some records on a day.
func loaded(t *testing.T, on string, records []rec) *table.Snapshot {
	t.Helper()
	today, err := day.Parse(on)
	if err != nil {
		t.Fatal(err)
	}
	l := table.NewLoader(today, model.NewSettings(nil))
	for _, r := range records {
		l.Put(made(t, r.kind, r.n, r.fields))
	}
	return l.Snapshot(1)
}
