package report

import (
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// What is paid ahead is used day by day; an invoice that names no cycle is of the one that it is dated in.
func TestBalancesOfWhatIsPaidAhead(t *testing.T) {
	for _, c := range []struct {
		name       string
		contract   fields
		invoices   []fields
		cycles     int
		paid, used int64 // in hundredths
		on         string
	}{
		{"half a leap year", fields{"start": "2024-01-01", "billing": "year"}, []fields{{"date": "2024-01-05", "amount": "366", "settled": "2024-01-20"}}, 1, 36600, 18200, "2024-06-30"},
		{"named cycle", fields{"start": "2024-01-31", "billing": "month"}, []fields{{"date": "2024-01-31", "period": "2024-02-29", "amount": "31", "settled": "2024-02-01"}}, 1, 3100, 100, "2024-02-29"},
		{"paid in part", fields{"start": "2024-01-01", "billing": "quarter"}, []fields{{"date": "2024-04-01", "amount": "182", "paid": "91"}}, 1, 9100, 9000, "2024-06-29"},
		{"settled later", fields{"start": "2024-01-01", "billing": "year"}, []fields{{"date": "2024-01-05", "amount": "366", "settled": "2024-07-20"}}, 0, 0, 0, "2024-06-30"},
		{"a cycle that is over", fields{"start": "2024-01-01", "billing": "month"}, []fields{{"date": "2024-05-01", "amount": "10", "settled": "2024-05-02"}}, 0, 0, 0, "2024-06-30"},
		{"by cycle", fields{"start": "2024-01-01", "billing": "year", "settlement": "by cycle"}, []fields{{"date": "2024-01-05", "amount": "366", "settled": "2024-01-20"}}, 0, 0, 0, "2024-06-30"},
	} {
		on, err := day.Parse(c.on)
		if err != nil {
			t.Fatal(err)
		}
		l := table.NewLoader(on, model.NewSettings(nil))
		l.Put(made(t, model.Customer, 0, fields{"name": "Acme", "currency": "USD"}))
		k := fields{"customer": idOf(model.Customer, 0).String(), "settlement": "prepaid", "amount": "366", "per": "year", "currency": "USD"}
		for name, v := range c.contract {
			k[name] = v
		}
		l.Put(made(t, model.Contract, 0, k))
		for i, inv := range c.invoices {
			inv["customer"], inv["contract"], inv["currency"] = idOf(model.Customer, 0).String(), idOf(model.Contract, 0).String(), "USD"
			l.Put(made(t, model.Invoice, i, inv))
		}
		s := l.Snapshot(1)
		got := PrepaidOf(s, 0)
		if len(got) != min(1, c.cycles) {
			t.Errorf("%s: %d balances, want %d", c.name, len(got), min(1, c.cycles))
			continue
		}
		if len(got) == 1 && (got[0].Cycles != c.cycles || got[0].Paid != c.paid*model.MoneyScale/100 || got[0].Used != c.used*model.MoneyScale/100) {
			t.Errorf("%s: %+v, want paid %d, used %d", c.name, got[0], c.paid, c.used)
		}
	}
}
