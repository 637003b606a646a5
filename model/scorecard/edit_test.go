package scorecard

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The shares of the criteria make the whole, whatever the weights, and nothing without any.
func TestSharesMakeTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := DefaultHealth()
		some := 0.0
		for i := range c.Groups {
			c.Groups[i].Weight = rapid.SampledFrom([]float64{0, 1, 40, 0.1}).Draw(t, "group")
		}
		for i := range c.Criteria {
			c.Criteria[i].Weight = rapid.SampledFrom([]float64{0, 1, 40, 0.1}).Draw(t, "weight")
		}
		for _, g := range c.Groups {
			for _, m := range c.Criteria {
				if m.Group == g.Key {
					some += g.Weight * m.Weight
				}
			}
		}
		sum := 0.0
		for i, share := range c.Shares() {
			if sum += share; share < 0 || c.Criteria[i].Weight == 0 && share != 0 {
				t.Fatalf("%s has a share of %v %%", c.Criteria[i].Key, share)
			}
		}
		if some == 0 && sum != 0 || some > 0 && math.Abs(sum-100) > 1e-9 {
			t.Fatalf("the shares make %v %%", sum)
		}
	})
}

// Every difference between two versions is said, and a copy has none.
func TestChangesBetweenVersions(t *testing.T) {
	for what, edit := range map[string]func(c *Card){
		"[]":                                 func(*Card) {},
		"[name own → other]":                 func(c *Card) { c.Name = "other" },
		"[where – → country:spain]":          func(c *Card) { c.Where = "country:spain" },
		"[min_coverage 40 → 55]":             func(c *Card) { c.MinCoverage = 55 },
		"[KA: from 70 → 75]":                 func(c *Card) { c.Levels = map[string]any{"KA": 75.0} },
		"[KA: places – → 5 %]":               func(c *Card) { c.Capacity = map[string]string{"KA": "5 %"} },
		"[employees: weight 2 → 3]":          func(c *Card) { c.Criteria[0].Weight = 3 },
		"[arr removed]":                      func(c *Card) { c.Criteria = c.Criteria[:1] },
		"[x added]":                          func(c *Card) { c.Criteria = append(c.Criteria, Criterion{Key: "x"}) },
		"[another order of the criteria]":    func(c *Card) { c.Criteria[0], c.Criteria[1] = c.Criteria[1], c.Criteria[0] },
		"[arr: percentile up → down]":        func(c *Card) { c.Criteria[1].Percentile = "down" },
		"[order 0 → 2 Size: label – → Size]": func(c *Card) { c.Criteria[0].Label, c.Order = "Size", 2 },
	} {
		c := goodCard()
		edit(c)
		got := fmt.Sprint(Changes(goodCard(), c))
		if got != what {
			t.Errorf("%s, want %s", got, what)
		}
		if same := goodCard().Same(c); same != (what == "[]") {
			t.Errorf("%s: the same is %v", what, same)
		}
	}
}

// A key that is taken gets a number.
func TestFreeKeys(t *testing.T) {
	c := goodCard()
	for wanted, want := range map[string]string{"new": "new", "arr": "arr_2", " ": "criterion"} {
		if got := c.FreeKey(wanted); got != want {
			t.Errorf("%q becomes %q, want %q", wanted, got, want)
		}
	}
}
