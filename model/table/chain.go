package table

import (
	"cmp"
	"fmt"
	"slices"

	"opsdeck/model"
)

// vetoDays is how long a veto holder may go unmet before that is a gap.
const vetoDays = 120

// Person is one contact in a customer's decision chain.
type Person struct {
	Row   int32 // of the contact
	Depth int   // how many bosses within the customer stand above
}

// Chain lists a customer's contacts as a tree: those who report to nobody known first, by role from
// the decision maker down, each followed by those who report to them.
func (s *Snapshot) Chain(customer int32) []Person {
	t := s.tables[model.Contact]
	var rows []int32
	for _, k := range t.Kids(customer, "customer") {
		if t.Live(k) {
			rows = append(rows, k)
		}
	}
	roles := model.ContactRoles()
	rank := func(k int32) int {
		if i := slices.Index(roles, t.Str(k, "role")); i >= 0 {
			return i
		}
		return len(roles)
	}
	slices.SortStableFunc(rows, func(x, y int32) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(t.Str(x, "name"), t.Str(y, "name")))
	})
	var out []Person
	placed := map[int32]bool{}
	var place func(k int32, depth int)
	place = func(k int32, depth int) {
		if placed[k] {
			return // Two who report to each other are placed once.
		}
		placed[k] = true
		out = append(out, Person{k, depth})
		for _, sub := range rows {
			if t.To(sub, "reports_to") == k {
				place(sub, depth+1)
			}
		}
	}
	for _, k := range rows {
		if boss := t.To(k, "reports_to"); boss < 0 || !slices.Contains(rows, boss) {
			place(k, 0)
		}
	}
	for _, k := range rows {
		place(k, 0)
	}
	return out
}

// Gaps says what a customer's decision chain lacks (row C5: connect all roles): nobody or one person
// known, no decision maker or champion, a veto holder who is not met, one person who carries every
// touch.
func (s *Snapshot) Gaps(customer int32) []string {
	t := s.tables[model.Contact]
	known := map[string]bool{}
	var out []string
	here := 0
	for _, p := range s.Chain(customer) {
		if left := t.Day(p.Row, "left_on"); left.IsSet() && left <= s.Today {
			continue
		}
		here++
		role := t.Str(p.Row, "role")
		known[role] = true
		if role != "veto holder" {
			continue
		}
		last := t.Day(p.Row, "last_touch")
		switch {
		case !last.IsSet():
			out = append(out, "veto holder "+t.Str(p.Row, "name")+" has never been met")
		case int(s.Today-last) > vetoDays:
			out = append(out, fmt.Sprintf("veto holder %s not met for %d days", t.Str(p.Row, "name"), s.Today-last))
		}
	}
	switch here {
	case 0:
		return []string{"nobody is known here"}
	case 1:
		out = append(out, "only one person is known: everything hangs on them")
	}
	for _, role := range []string{"decision maker", "champion"} {
		if !known[role] {
			out = append(out, "no "+role+" known")
		}
	}
	if name, n := s.soleContact(customer); here > 1 && n >= 3 {
		out = append(out, fmt.Sprintf("%s carries all %d touches of the last year", name, n))
	}
	return out
}

// soleContact names the one person with whom every touch of the last year was, and how many there
// were; 0 where several people were met.
func (s *Snapshot) soleContact(customer int32) (string, int) {
	touches, people := s.tables[model.Touch], s.tables[model.Contact]
	only, n := int32(-1), 0
	for _, k := range touches.Kids(customer, "customer") {
		on := touches.Day(k, "date")
		if !touches.Live(k) || on > s.Today || on < s.Today.AddMonths(-12) {
			continue
		}
		for _, who := range touches.ToAll(k, "contacts") {
			if n > 0 && who != only {
				return "", 0
			}
			only = who
			n++
		}
	}
	if !people.Live(only) {
		return "", 0
	}
	return people.Str(only, "name"), n
}

// HouseRules are the rules that a customer's state calls to mind (row C6), each with the reason.
func (s *Snapshot) HouseRules(customer int32) []string {
	t := s.tables[model.Customer]
	var out []string
	if t.Str(customer, "tier") == model.TierKA {
		out = append(out, "KA first: a key account goes before everything else today")
	}
	if late, _ := t.Num(customer, "touch_overdue"); late > 0 {
		out = append(out, "Act first: the touch is overdue, do not wait to be called")
	}
	if len(s.Gaps(customer)) > 0 {
		out = append(out, "Connect all roles: the decision chain has gaps")
	}
	if open, _ := t.Num(customer, "open_items"); open > 0 {
		out = append(out, "Promise nothing: open items have no date until product gives one")
	}
	if d := t.Day(customer, "decision_date"); d.IsSet() && d <= s.Today+90 {
		out = append(out, "Do not negotiate price: a renewal is near, sales speaks of money")
	}
	return append(out, "Leak no secrets: nothing about other customers or the roadmap")
}
