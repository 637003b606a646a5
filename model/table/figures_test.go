package table

import (
	"strconv"
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
	if err != nil || len(why.Notes) != 1 || !strings.Contains(why.Notes[0], "left out: 1 contract, as no exchange rate to USD") {
		t.Errorf("the yen contract is left out and said to be: %v, %v", why.Notes, err)
	}
}

func TestFiguresAroundToday(t *testing.T) {
	acme := worldID(model.Customer, 0).String()
	today := testDay.String()
	s := book(t, model.NewSettings(nil),
		record(t, model.Customer, 0, "name", "Acme", "tier_override", "KA", "tier_override_reason", "board member", "tier_override_by", "ana", "tier_override_until", today),
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
	wantFigures(t, s, model.Customer, 1, map[string]string{"tier": "", "touch_overdue": "never", "renews": "", "last_touch": ""})
}

// same wants a picture to show what one shows that is loaded from the records.
func same(t *testing.T, s *Snapshot, records ...*model.Record) {
	t.Helper()
	fresh := book(t, s.Settings, records...)
	fresh.Seq = s.Seq
	got, want := describe(s), describe(fresh)
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("updated %s\n  loaded %s", got[i], want[i])
		}
	}
}

func change(s *Snapshot, r *model.Record) *Snapshot {
	return s.Update(s.Seq+1, s.Today, nil, []Delta{{Kind: r.Kind, ID: r.ID, Record: r}})
}

// The reach of an item is a share of the customers in force, so it falls when others sign.
func TestSeverityFollowsTheNumberOfCustomers(t *testing.T) {
	customer := func(n int) string { return worldID(model.Customer, n).String() }
	records := []*model.Record{
		record(t, model.Customer, 0, "name", "Acme"), record(t, model.Customer, 1, "name", "Beta"), record(t, model.Customer, 2, "name", "Coral"),
		record(t, model.Contract, 0, "customer", customer(0), "start", "2026-01-01"),
		record(t, model.Item, 0, "summary", "Slow", "blocking", "3", "customers", customer(0)),
	}
	s := book(t, model.NewSettings(map[string]string{"severity.reach": "10 40 80"}), records...)
	wantFigures(t, s, model.Item, 0, map[string]string{"severity": "S1"})
	for n := 1; n < 3; n++ {
		signed := record(t, model.Contract, n, "customer", customer(n), "start", "2026-01-01")
		records = append(records, signed)
		s = change(s, signed)
		same(t, s, records...)
	}
	wantFigures(t, s, model.Item, 0, map[string]string{"severity": "S2"})
}

func TestAPickOfANewerProgramIsShown(t *testing.T) {
	acme := record(t, model.Customer, 0, "name", "Acme")
	contract := record(t, model.Contract, 0, "customer", acme.ID.String(), "start", "2026-01-01")
	s := book(t, model.NewSettings(nil), acme, contract)
	acme = acme.Clone()
	acme.Set("tier_override", model.Pick("gigantic"))
	acme.Set("tier_override_reason", model.Text("grown"))
	acme.Set("tier_override_by", model.Person("ana"))
	acme.Set("tier_override_until", model.Date(testDay))
	s = change(s, acme)
	same(t, s, acme, contract)
	wantFigures(t, s, model.Contract, 0, map[string]string{"tier": "gigantic"})
}

// A book that is open for weeks does not keep every text that it ever had.
func TestTextsThatNobodyHasAnyMoreGo(t *testing.T) {
	acme := record(t, model.Customer, 0, "name", "Acme", "x.sla", "gold")
	others := []*model.Record{
		record(t, model.Customer, 1, "name", "Beta", "x.sla", "silver"),
		record(t, model.Contract, 0, "customer", acme.ID.String(), "start", "2026-01-01"),
		record(t, model.Item, 0, "summary", "Slow", "customers", acme.ID.String()),
	}
	first := book(t, model.NewSettings(nil), append(others, acme)...)
	before := describe(first)
	s, most := first, 0
	for n := range 6 * smallest {
		acme = acme.Clone()
		acme.Set("name", model.Text("Acme "+strconv.Itoa(n)))
		acme.Set("x.sla", model.Text(strconv.Itoa(n)))
		s = change(s, acme)
		most = max(most, s.tables[model.Customer].cols[customerAt.name].texts.len())
	}
	same(t, s, append(others, acme)...)
	if most > 5*smallest {
		t.Errorf("%d names are kept for 2 customers", most)
	}
	for i, line := range describe(first) {
		if line != before[i] {
			t.Fatalf("the first picture shows %s, not %s", line, before[i])
		}
	}
}

// TestATouchReachesAContactOfAnotherCustomer: a meeting that is filed with one customer may name a decision
// maker of another, as with a partner; what that one's renewals are said to lack must follow at once.
func TestATouchReachesAContactOfAnotherCustomer(t *testing.T) {
	acme, beta, boss := worldID(model.Customer, 0).String(), worldID(model.Customer, 1).String(), worldID(model.Contact, 0).String()
	before := book(t, model.NewSettings(nil),
		record(t, model.Customer, 0, "name", "Acme"),
		record(t, model.Customer, 1, "name", "Beta"),
		record(t, model.Contact, 0, "name", "Boss", "customer", beta, "role", "decision maker"),
		record(t, model.Contract, 0, "customer", beta, "start", "2026-01-01", "end", "2026-12-31"),
	)
	wantFigures(t, before, model.Contract, 0, map[string]string{"signals": "no decision maker reached"})
	touch := record(t, model.Touch, 0, "customer", acme, "contacts", boss, "date", "2026-11-01", "type", "visit")
	after := before.Update(2, testDay, nil, []Delta{{Kind: model.Touch, ID: touch.ID, Record: touch}})
	wantFigures(t, after, model.Contract, 0, map[string]string{"signals": ""})
}
