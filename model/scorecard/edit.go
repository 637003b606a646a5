package scorecard

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// FieldError is a mistake in one field of a criterion, for a form to show it there.
type FieldError struct {
	Field string // as TOML has it: input, formula, points, percentile, validity
	Err   error
}

// Error implements error. The field is not said: where it matters the message names it already.
func (e *FieldError) Error() string { return e.Err.Error() }

// Unwrap gives the mistake.
func (e *FieldError) Unwrap() error { return e.Err }

func at(field string, err error) error { return &FieldError{Field: field, Err: err} }

// Clone copies a scorecard, so that a change of the copy leaves the original as it is.
func (c *Card) Clone() *Card {
	out := *c
	out.Levels, out.Capacity = maps.Clone(c.Levels), maps.Clone(c.Capacity)
	out.Groups, out.Criteria = slices.Clone(c.Groups), slices.Clone(c.Criteria)
	return &out
}

// Same tells whether two scorecards say the same.
func (c *Card) Same(o *Card) bool { return c.TOML() == o.TOML() }

// Shares lists what part of the whole score each criterion makes, in percent, while all of them have
// data: its weight among those of its group, times the group's among the groups that have criteria.
func (c *Card) Shares() []float64 {
	groups, within := map[string]float64{}, map[string]float64{}
	for _, m := range c.Criteria {
		within[m.Group] += m.Weight
	}
	total := 0.0
	for key := range within {
		groups[key] = 1
		if at := slices.IndexFunc(c.Groups, func(g Group) bool { return g.Key == key }); at >= 0 {
			groups[key] = c.Groups[at].Weight
		}
		if within[key] > 0 {
			total += groups[key]
		}
	}
	out := make([]float64, len(c.Criteria))
	for i, m := range c.Criteria {
		if within[m.Group] > 0 && total > 0 {
			out[i] = 100 * m.Weight / within[m.Group] * groups[m.Group] / total
		}
	}
	return out
}

// FreeKey makes a key that no criterion of the scorecard has yet out of what it looks at.
func (c *Card) FreeKey(wanted string) string {
	wanted = cmp.Or(strings.TrimSpace(wanted), "criterion")
	key := wanted
	for n := 2; slices.ContainsFunc(c.Criteria, func(m Criterion) bool { return m.Key == key }); n++ {
		key = fmt.Sprintf("%s_%d", wanted, n)
	}
	return key
}

// CheckCriterion tells what is wrong with a criterion by itself; the mistake is a FieldError.
func (c *Criterion) CheckCriterion(purpose string, inputs Catalogue) error {
	return c.check(purpose, inputs)
}

// Change is one difference between two versions of a scorecard.
type Change struct {
	Of       string // the label of a criterion or group; empty for what is of the scorecard itself
	What     string // weight, points, input, …; "added" and "removed" have no From and To
	From, To string
}

// String is the change in words.
func (c Change) String() string {
	switch {
	case c.From == "" && c.To == "":
		return strings.TrimSpace(c.Of + " " + c.What)
	case c.Of == "":
		return fmt.Sprintf("%s %s → %s", c.What, cmp.Or(c.From, "–"), cmp.Or(c.To, "–"))
	}
	return fmt.Sprintf("%s: %s %s → %s", c.Of, c.What, cmp.Or(c.From, "–"), cmp.Or(c.To, "–"))
}

// Changes lists what differs between two versions of a scorecard, that of the whole first.
func Changes(before, after *Card) []Change {
	var out []Change
	note := func(of, what, from, to string) {
		if from != to {
			out = append(out, Change{of, what, from, to})
		}
	}
	note("", "name", before.Name, after.Name)
	note("", "where", before.Where, after.Where)
	note("", "order", fmt.Sprint(before.Order), fmt.Sprint(after.Order))
	note("", "min_coverage", plain(before.MinCoverage), plain(after.MinCoverage))
	note("", "margin", plain(before.Margin), plain(after.Margin))
	note("", "runs", fmt.Sprint(before.Runs), fmt.Sprint(after.Runs))
	for _, l := range levels(after.Purpose) {
		note(l.Key, "from", before.levelText(l.Key), after.levelText(l.Key))
		note(l.Key, "places", before.Capacity[l.Key], after.Capacity[l.Key])
	}
	for _, key := range unionOf(before.Groups, after.Groups, func(g Group) string { return g.Key }) {
		a, b := find(before.Groups, key, func(g Group) string { return g.Key }), find(after.Groups, key, func(g Group) string { return g.Key })
		if whole(&out, cmp.Or(b.Label, a.Label, key), a.Key != "", b.Key != "") {
			note(cmp.Or(b.Label, key), "weight", plain(a.Weight), plain(b.Weight))
		}
	}
	keyOf := func(m Criterion) string { return m.Key }
	for _, key := range unionOf(before.Criteria, after.Criteria, keyOf) {
		a, b := find(before.Criteria, key, keyOf), find(after.Criteria, key, keyOf)
		of := cmp.Or(b.Label, a.Label, key)
		if !whole(&out, of, a.Key != "", b.Key != "") {
			continue
		}
		note(of, "label", a.Label, b.Label)
		note(of, "group", a.Group, b.Group)
		note(of, "weight", plain(a.Weight), plain(b.Weight))
		note(of, "input", a.Source(), b.Source())
		note(of, "formula", a.Formula, b.Formula)
		note(of, "points", a.Points, b.Points)
		note(of, "percentile", a.Percentile, b.Percentile)
		note(of, "validity", fmt.Sprint(a.Validity), fmt.Sprint(b.Validity))
	}
	if len(out) == 0 && !before.Same(after) {
		out = append(out, Change{What: "another order of the criteria"})
	}
	return out
}

// whole notes what came or went as a whole, and tells whether both have it, so that its parts count.
func whole(out *[]Change, of string, had, has bool) bool {
	switch {
	case !had:
		*out = append(*out, Change{Of: of, What: "added"})
	case !has:
		*out = append(*out, Change{Of: of, What: "removed"})
	}
	return had && has
}

func plain(n float64) string { return fmt.Sprintf("%g", n) }

// levelText is the threshold of a level, with the default where the scorecard says nothing.
func (c *Card) levelText(level string) string {
	all, err := c.Thresholds()
	if err != nil {
		return fmt.Sprint(c.Levels[level])
	}
	for _, l := range all {
		if l.Key == level {
			return plain(l.Min)
		}
	}
	return ""
}

func unionOf[T any](a, b []T, key func(T) string) []string {
	var out []string
	for _, x := range slices.Concat(a, b) {
		if !slices.Contains(out, key(x)) {
			out = append(out, key(x))
		}
	}
	return out
}

func find[T any](list []T, wanted string, key func(T) string) (none T) {
	for _, x := range list {
		if key(x) == wanted {
			return x
		}
	}
	return none
}

// FieldOf is the field of a criterion that a mistake is in; empty where it is about the whole.
func FieldOf(err error) string {
	var at *FieldError
	if errors.As(err, &at) {
		return at.Field
	}
	return ""
}
