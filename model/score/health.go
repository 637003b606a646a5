package score

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Group is a weighted set of health measures.
type Group struct {
	Key, Label string
	Weight     float64     // relative to the other groups
	Measures   []Criterion // keys are unique over all groups
}

// GroupResult is one group's own score and its part in the whole.
type GroupResult struct {
	Key, Label   string
	Weight       float64 // as configured
	Share        float64 // of the counted weight, 0–1; 0 when the group has no data
	Contribution float64 // the sum of its measures' contributions to the whole
	Own          Result  // the group's score by itself; its contributions add up to that
}

// HealthResult is the overall score, whose terms are the measures, and the groups between.
type HealthResult struct {
	Result
	Groups []GroupResult
}

// Health scores measures into groups and groups into one figure. A measure without fresh data gives
// its weight to the others of its group, and a group without any to the other groups.
func Health(groups []Group, inputs map[string]Input, minCoverage float64) (HealthResult, error) {
	if err := checkGroups(groups); err != nil {
		return HealthResult{}, err
	}
	var h HealthResult
	var terms []Term
	var effective []float64
	for _, g := range groups {
		own, err := Weighted(g.Measures, inputs, 0)
		if err != nil {
			return HealthResult{}, fmt.Errorf("group %q: %w", g.Key, err)
		}
		configured := 0.0
		for _, m := range g.Measures {
			configured += m.Weight
		}
		for _, t := range own.Terms {
			effective = append(effective, g.Weight*t.Share)
			t.Group, t.Weight = g.Key, g.Weight*t.Weight/configured
			t.Share, t.Contribution = 0, 0
			terms = append(terms, t)
		}
		h.Groups = append(h.Groups, GroupResult{Key: g.Key, Label: g.Label, Weight: g.Weight, Own: own})
	}
	h.Result = settle(terms, effective, minCoverage)
	for i := range h.Groups {
		for _, t := range h.Terms {
			if t.Group == h.Groups[i].Key {
				h.Groups[i].Share += t.Share
				h.Groups[i].Contribution += t.Contribution
			}
		}
	}
	return h, nil
}

// HealthShares lists the effective weights of the measures that are known, counted through all groups,
// and the share of the weight that they cover: what Health weighs by, without the inputs. The groups
// must be such that Health takes them.
func HealthShares(groups []Group, known func(i int) bool) (weights []float64, coverage float64) {
	var have, all []float64
	i := 0
	for _, g := range groups {
		configured := 0.0
		for _, m := range g.Measures {
			configured += m.Weight
		}
		var own []float64
		var keys []string
		for _, m := range g.Measures {
			weight := g.Weight * m.Weight / configured
			all = append(all, weight)
			if known(i) {
				own, keys, have = append(own, m.Weight), append(keys, m.Key), append(have, weight)
			}
			i++
		}
		total := sum(own)
		for k := range own {
			own[k] /= total
		}
		if total > 0 {
			for _, share := range apportion(1, own, keys, shareGrains) {
				weights = append(weights, g.Weight*share)
			}
		} else {
			weights = append(weights, own...)
		}
	}
	return weights, sum(have) / sum(all)
}

func checkGroups(groups []Group) error {
	keys, measures := map[string]bool{}, map[string]bool{}
	total := 0.0
	for _, g := range groups {
		if keys[g.Key] {
			return fmt.Errorf("group %q is listed twice; remove one", g.Key)
		}
		keys[g.Key] = true
		if err := checkWeight(g.Weight); err != nil {
			return fmt.Errorf("group %q: %w", g.Key, err)
		}
		total += g.Weight
		for _, m := range g.Measures {
			if measures[m.Key] {
				return fmt.Errorf("group %q: measure %q is listed twice; remove one", g.Key, m.Key)
			}
			measures[m.Key] = true
		}
	}
	if total == 0 {
		return fmt.Errorf("all weights are zero; give at least one group a weight")
	}
	return nil
}

// Change is what one term did to the difference of two scores.
type Change struct {
	Key, Label, Group string
	Before, After     Term    // the zero Term where the criterion did not exist
	Delta             float64 // points; the deltas add up to the difference exactly
	Why               string
}

// Diff explains the difference of two scores, the largest change first. Terms that did nothing on
// either side are left out. It is false when one of the scores is not known: there is no difference
// to explain then.
func Diff(before, after Result) (delta float64, changes []Change, ok bool) {
	if !before.Known || !after.Known {
		return 0, nil, false
	}
	type key struct{ group, key string }
	was := map[key]Term{}
	for _, t := range before.Terms {
		was[key{t.Group, t.Key}] = t
	}
	for _, t := range after.Terms {
		old := was[key{t.Group, t.Key}]
		delete(was, key{t.Group, t.Key})
		changes = appendChange(changes, Change{Key: t.Key, Label: t.Label, Group: t.Group, Before: old, After: t})
	}
	for _, t := range before.Terms {
		if _, gone := was[key{t.Group, t.Key}]; gone {
			changes = appendChange(changes, Change{Key: t.Key, Label: t.Label, Group: t.Group, Before: t})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Delta), math.Abs(a.Delta)), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Key, b.Key))
	})
	return after.Score - before.Score, changes, true
}

func appendChange(changes []Change, c Change) []Change {
	c.Delta = c.After.Contribution - c.Before.Contribution
	c.Why = c.why()
	if c.Why == "" && c.Delta == 0 {
		return changes
	}
	if c.Why == "" {
		c.Why = "rounding" // A grain that another term's remainder has left over.
	}
	return append(changes, c)
}

// why puts a change into words; "" when the term did not change.
func (c Change) why() string {
	counted := func(t Term) bool { return t.Key != "" && t.State == Counted }
	b, a := c.Before, c.After
	switch {
	case !counted(b) && !counted(a):
		return ""
	case b.Key == "":
		return "new in the score"
	case a.Key == "":
		return "no longer in the score"
	case !counted(b):
		return fmt.Sprintf("now known: %s points (before: %s)", number(a.Points), b.Note)
	case !counted(a):
		return fmt.Sprintf("dropped out: %s (before: %s points)", a.Note, number(b.Points))
	}
	points := fmt.Sprintf("%s → %s points", number(b.Points), number(a.Points))
	share := fmt.Sprintf("%s → %s %% of the weight", number(100*b.Share), number(100*a.Share))
	switch {
	case b.Points != a.Points && b.Share != a.Share:
		return points + ", " + share
	case b.Points != a.Points:
		return points
	case b.Share != a.Share:
		return share
	}
	return ""
}
