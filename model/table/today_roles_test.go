package table

import (
	"strings"
	"testing"

	"opsdeck/model"
)

// TestRolesThatAreNotMetInTimeWaitToday has three key accounts that are in touch. At one nobody has met the
// decision maker in time and the veto holder was never met; at another the decision maker has left; at the
// third the touch itself is overdue.
func TestRolesThatAreNotMetInTimeWaitToday(t *testing.T) {
	var records []*model.Record
	customer := func(n int, name string) string {
		records = append(records, record(t, model.Customer, n, "name", name, "owner", "ana", "lifecycle", "live",
			"tier_override", "KA", "tier_override_reason", "strategic", "tier_override_by", "ana", "tier_override_until", "2027-06-01"),
			record(t, model.Contract, n, "customer", worldID(model.Customer, n).String(), "start", "2026-01-01", "amount", "10", "per", "month"))
		return worldID(model.Customer, n).String()
	}
	person := func(n int, customer, name, role string, more ...string) string {
		records = append(records, record(t, model.Contact, n, append([]string{"customer", customer, "name", name, "role", role}, more...)...))
		return worldID(model.Contact, n).String()
	}
	touch := func(n int, customer, contact, on string) {
		records = append(records, record(t, model.Touch, n, "customer", customer, "contacts", contact, "date", on, "type", "call", "subject", "s"))
	}
	acme, beta, late := customer(0, "Acme"), customer(1, "Beta"), customer(2, "Late")
	touch(0, acme, person(0, acme, "Dora", "decision maker"), "2026-08-01")
	touch(1, acme, person(1, acme, "Uwe", "user"), "2026-12-10")
	person(2, acme, "Vera", "veto holder")
	touch(2, beta, person(3, beta, "Udo", "user"), "2026-12-10")
	person(4, beta, "Gone", "decision maker", "left_on", "2026-11-01")
	touch(3, late, person(5, late, "Dirk", "decision maker"), "2026-06-01")
	s := book(t, model.NewSettings(nil), records...)
	var got []string
	for _, d := range s.Due("ana") {
		got = append(got, d.Rule+" "+d.Title+" "+d.On.String())
	}
	want := "touch get in touch 2026-06-15|meet meet the veto holder: Vera |meet meet the decision maker: Dora 2026-09-30|" +
		"alert key person left: a key person left on 2026-11-01; 0 others who decide are known 2026-11-01"
	if all := strings.Join(got, "|"); all != want {
		t.Errorf("due are\n%s\nwant\n%s", strings.ReplaceAll(all, "|", "\n"), strings.ReplaceAll(want, "|", "\n"))
	}
}
