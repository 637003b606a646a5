package table

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model"
	"opsdeck/model/day"
)

// Every record is in exactly one group, groups agree in their label, no label comes twice, and within a
// group the list keeps its order.
func TestGroupsPartTheList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := world{}.with(drawWorld(t)).load(1, day.Of(2026, 11, 22), model.NewSettings(nil))
		for _, k := range worldKinds() {
			tab := s.Table(k)
			rows := tab.Order(nil)
			for _, f := range tab.Schema.Fields {
				if tab.CanGroup(f.Name) != nil {
					continue
				}
				grouped, groups := tab.GroupRows(rows, f.Name, rapid.Bool().Draw(t, "desc"))
				checkGroups(t, tab, f.Name, rows, grouped, groups)
			}
		}
	})
}

func checkGroups(t *rapid.T, tab *Table, field string, rows, grouped []int32, groups []Group) {
	at, labels := 0, map[string]bool{}
	for i, g := range groups {
		if g.From != at || g.To <= g.From {
			t.Fatalf("%s: group %d is %d..%d after %d", field, i, g.From, g.To, at)
		}
		at = g.To
		if labels[g.Label] && g.Label == "" {
			t.Fatalf("%s: two groups without a value", field)
		}
		labels[g.Label] = true
		part := grouped[g.From:g.To]
		if !slices.IsSortedFunc(part, func(a, b int32) int { return slices.Index(rows, a) - slices.Index(rows, b) }) {
			t.Fatalf("%s: the order within %q is not that of the list", field, g.Label)
		}
	}
	if at != len(rows) {
		t.Fatalf("%s: the groups end at %d of %d rows", field, at, len(rows))
	}
	a, b := slices.Sorted(slices.Values(rows)), slices.Sorted(slices.Values(grouped))
	if !slices.Equal(a, b) {
		t.Fatalf("%s: the groups hold %v and not %v", field, b, a)
	}
}
