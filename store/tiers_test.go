package store

import (
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
)

// A tier by hand is checked on each customer that a step adds, however many, and nothing of the step is done
// where one is refused. What comes out of a source comes with its history.
func TestTiersByHandOfManyCustomersAtOnce(t *testing.T) {
	for _, c := range []struct {
		what, reason string
		until        day.Day
		source       string
		kind         model.BatchKind
		want         string
	}{
		{"without a reason", "", day.Of(2027, 1, 1), "", "", "tier_override_reason"},
		{"over already", "board", day.Of(2020, 1, 1), "", "", "2020-01-01 is over already"},
		{"complete", "board", day.Of(2027, 1, 1), "", "", ""},
		{"of a source, with its history", "board", day.Of(2020, 1, 1), "sample", "", ""},
		{"of an import", "", day.None, "", model.Import, ""},
	} {
		b := memoryBook(t)
		var ops []model.Op
		for i, name := range []string{"Alfa", "Beta", "Gamma"} {
			r := model.NewRecord(model.Customer, b.NewID())
			r.Set("name", model.Text(name))
			if i == 1 {
				r.Set("tier_override", model.Pick(model.TierKA))
				if c.reason != "" {
					r.Set("tier_override_reason", model.Text(c.reason))
				}
				if c.until.IsSet() {
					r.Set("tier_override_until", model.Date(c.until))
				}
			}
			ops = append(ops, model.CreateOp(r))
		}
		_, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "ana", Label: c.what, Kind: c.kind, Source: c.source, Ops: ops})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), `"Beta"`)) {
			t.Errorf("%s: %v; want %q", c.what, err, c.want)
		}
		n := 0
		if err := b.Each(model.Customer, func(*model.Record) bool { n++; return true }); err != nil || c.want != "" && n != 0 || c.want == "" && n != 3 {
			t.Errorf("%s: %d customers are there (%v)", c.what, n, err)
		}
	}
}
