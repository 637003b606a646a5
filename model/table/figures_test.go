package table

import (
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
)

// book loads records that are given as kind, number and fields as text.
func book(t *testing.T, s *model.Settings, records ...*model.Record) *Snapshot {
	t.Helper()
	l := NewLoader(testDay, s)
	for _, r := range records {
		l.Put(r)
	}
	return l.Snapshot(1)
}

func record(t *testing.T, k model.Kind, n int, fields ...string) *model.Record {
	t.Helper()
	r := model.NewRecord(k, worldID(k, n))
	for i := 0; i < len(fields); i += 2 {
		f, ok := model.SchemaOf(k).Field(fields[i])
		if !ok {
			t.Fatalf("%s has no field %s", k, fields[i])
		}
		v, err := f.Parse(fields[i+1])
		if err != nil {
			t.Fatal(err)
		}
		r.Set(f.Name, v)
	}
	return r
}

func wantFigures(t *testing.T, s *Snapshot, k model.Kind, n int, want map[string]string) {
	t.Helper()
	row, ok := s.Table(k).Row(worldID(k, n))
	if !ok {
		t.Fatalf("%s %d is not there", k, n)
	}
	for f, w := range want {
		if got := s.Shown(k, row, f); got != w {
			t.Errorf("%s %d: %s is %q, want %q", k, n, f, got, w)
		}
	}
}

func TestAmountsMeetInOneCurrencyOrAreLeftOut(t *testing.T) {
	acme, beta := worldID(model.Customer, 0).String(), worldID(model.Customer, 1).String()
	s := book(t, model.NewSettings(map[string]string{"company.currency": "USD", "rate.EUR": "1.25"}),
		record(t, model.Customer, 0, "name", "Acme", "currency", "USD"),
		record(t, model.Contract, 0, "customer", acme, "start", "2026-01-01", "amount", "100", "per", "month", "currency", "EUR"),
		record(t, model.Contract, 1, "customer", acme, "start", "2026-01-01", "amount", "7000", "per", "year", "currency", "JPY"),
		record(t, model.Contract, 2, "customer", acme, "start", "2026-01-01", "amount", "10.50", "per", "year"),
		record(t, model.Order, 0, "customer", acme, "date", "2026-11-01", "amount", "-8.10", "currency", "EUR"),
		record(t, model.Invoice, 0, "customer", acme, "date", "2026-01-01", "due", "2026-02-01", "amount", "100", "paid", "20", "currency", "EUR"),
		// Beta names no currency: the first of its contracts in force does.
		record(t, model.Customer, 1, "name", "Beta"),
		record(t, model.Contract, 3, "customer", beta, "start", "2020-01-01", "end", "2020-12-31", "amount", "1", "currency", "JPY"),
		record(t, model.Contract, 4, "customer", beta, "start", "2026-01-01", "amount", "80", "per", "year", "currency", "EUR"),
		record(t, model.Item, 0, "summary", "Slow", "customers", acme+";"+beta),
	)
	wantFigures(t, s, model.Customer, 0, map[string]string{"arr": "1510.50 USD", "order_amount": "-10.125 USD", "overdue": "100.00 USD", "contracts": "3"})
	wantFigures(t, s, model.Customer, 1, map[string]string{"arr": "80.00 EUR"})
	wantFigures(t, s, model.Item, 0, map[string]string{"arr": "1610.50 USD"})
	row, _ := s.Table(model.Customer).Row(worldID(model.Customer, 0))
	why, err := s.Why(model.Customer, row, "arr")
	if err != nil || len(why.Notes) != 1 || !strings.Contains(why.Notes[0], "1 contract is left out: no exchange rate to USD") {
		t.Errorf("the yen contract is left out and said to be: %v, %v", why.Notes, err)
	}
}

func TestFiguresAroundToday(t *testing.T) {
	acme := worldID(model.Customer, 0).String()
	today := testDay.String()
	s := book(t, model.NewSettings(nil),
		record(t, model.Customer, 0, "name", "Acme", "tier_override", "KA", "tier_override_until", today),
		record(t, model.Contract, 0, "customer", acme, "start", "2026-01-01", "end", "2027-03-31"),
		record(t, model.Order, 0, "customer", acme, "date", today, "amount", "150"),
		record(t, model.Order, 1, "customer", acme, "date", testDay.AddMonths(-12).String(), "amount", "100"),
		record(t, model.Order, 2, "customer", acme, "date", (testDay+1).String(), "amount", "999"),
		record(t, model.Touch, 0, "customer", acme, "date", (testDay-20).String(), "type", "call"),
		record(t, model.Touch, 1, "customer", acme, "date", (testDay+1).String(), "type", "call"),
		record(t, model.Customer, 1, "name", "Nobody has called", "tier_override", "KA", "tier_override_until", (testDay-1).String()),
		record(t, model.Contract, 1, "customer", worldID(model.Customer, 1).String(), "start", "2026-01-01"),
	)
	wantFigures(t, s, model.Customer, 0, map[string]string{
		"status": "customer", "tier": "KA", "orders": "2", "order_amount": "250.00 USD", "growth": "50", "last_order": today,
		"last_touch": (testDay - 20).String(), "touch_overdue": "6", "renews": "2027-03-31",
		"decision_date": (day.Of(2027, 2, 28) - 90).String(),
	})
	wantFigures(t, s, model.Customer, 1, map[string]string{"tier": "", "touch_overdue": "99999", "renews": "", "last_touch": ""})
}
