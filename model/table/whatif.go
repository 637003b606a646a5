package table

import (
	"cmp"
	"fmt"
	"slices"

	"opsdeck/model"
	"opsdeck/model/score"
	"opsdeck/model/scorecard"
)

// WhatIf tries out other weights and thresholds of a tier scorecard on the book as it is, and writes
// nothing. What every customer gets on each criterion is computed once, so that each trial is a sum.
type WhatIf struct {
	s        *Snapshot
	c        *card
	criteria []score.Criterion
	rows     []int32
	points   []float64 // of each row on each criterion, NaN where it has none
	now      []tried   // of each row, what no trial changes
	handles  []string  // of the owners
	Weights  []float64
	Levels   score.Levels
}

// tried is what is known of a customer before any trial, so that a key that moves a slider answers within a frame.
type tried struct {
	before   string // its tier
	computed string // what the scorecard says now
	byHand   string // the tier that somebody has set and that holds, empty for none
	arr      float64
	owner    int // in handles, -1 where nobody has to care
}

// WhatIf prepares trials of a scorecard; the empty name is the standard one.
func (s *Snapshot) WhatIf(name string) (*WhatIf, error) {
	if name == "" {
		name = model.StandardScorecard
	}
	at := slices.IndexFunc(s.cards.tier, func(c *card) bool { return c.Card.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("there is no tier scorecard %q", name)
	}
	w := &WhatIf{s: s, c: s.cards.tier[at]}
	w.criteria = w.c.Scoring.Criteria()
	w.Levels = slices.Clone(w.c.Scoring.Levels)
	for _, c := range w.criteria {
		w.Weights = append(w.Weights, c.Weight)
	}
	w.rows = s.claimed(w.c)
	n := len(w.criteria)
	w.points, w.now = make([]float64, n*len(w.rows)), make([]tried, len(w.rows))
	const block = 512
	inParallel((len(w.rows)+block-1)/block, func(b int) {
		var room [16]model.ScoreInput
		for i := b * block; i < min(len(w.rows), (b+1)*block); i++ {
			f := s.facts(w.rows[i])
			w.c.Scoring.PointsOf(s.inputsOf(w.c, w.rows[i], &f, room[:0]), w.points[i*n:(i+1)*n])
			w.now[i] = s.beforeTrial(w.rows[i])
		}
	})
	w.findOwners()
	return w, nil
}

func (s *Snapshot) beforeTrial(row int32) tried {
	t := s.tables[model.Customer]
	return tried{
		before: t.cols[customerAt.tier].text(row), computed: t.cols[customerAt.tierComputed].text(row),
		byHand: s.inForceTier(row, ""), arr: s.CompanyARR(row), owner: -1,
	}
}

// findOwners numbers those who carry the customers.
func (w *WhatIf) findOwners() {
	t, known := w.s.tables[model.Customer], map[string]int{}
	for i, row := range w.rows {
		handle := t.cols[customerAt.owner].text(row)
		if handle == "" || !cared(t.cols[customerAt.status].text(row)) {
			continue
		}
		at, ok := known[handle]
		if !ok {
			at = len(w.handles)
			known[handle] = at
			w.handles = append(w.handles, handle)
		}
		w.now[i].owner = at
	}
}

// Name is that of the scorecard.
func (w *WhatIf) Name() string { return w.c.Card.Name }

// Criteria are what the weights are about.
func (w *WhatIf) Criteria() []score.Criterion { return w.criteria }

// Changed tells whether anything differs from what is in force.
func (w *WhatIf) Changed() bool {
	return !slices.Equal(w.Levels, w.c.Scoring.Levels) || slices.ContainsFunc(w.criteria, func(c score.Criterion) bool {
		return w.Weights[slices.IndexFunc(w.criteria, func(o score.Criterion) bool { return o.Key == c.Key })] != c.Weight
	})
}

// Check tells why the trial could not be kept.
func (w *WhatIf) Check() error {
	total := 0.0
	for i, weight := range w.Weights {
		if !(weight >= 0 && weight <= 1e6) {
			return fmt.Errorf("the weight %g of %s does not lie between 0 and 1000000", weight, w.criteria[i].Key)
		}
		total += weight
	}
	if total == 0 {
		return fmt.Errorf("all weights are zero; give at least one criterion a weight")
	}
	for _, l := range w.Levels[:len(w.Levels)-1] {
		if !(l.Min >= 0 && l.Min <= 100) {
			return fmt.Errorf("the threshold %g of %s does not lie between 0 and 100", l.Min, l.Key)
		}
	}
	return w.Levels.Check()
}

// Moving is a customer whose tier would change.
type Moving struct {
	Row      int32
	From, To string
	Points   float64
	ARR      float64 // in the company's currency, in ten-thousandths
}

// TierSum is what a tier holds now and would hold.
type TierSum struct {
	Tier             string // empty: not enough data
	Before, After    int
	ARRBefore, ARR   float64 // in the company's currency, in ten-thousandths
	LoadBefore, Load float64
}

// OwnerLoad is what an owner carries now and would carry.
type OwnerLoad struct {
	Handle             string
	Before, After, Cap float64
}

// Outcome is what a trial would do.
type Outcome struct {
	Tiers    []TierSum
	Up, Down int         // customers that would rise, and fall
	Moves    []Moving    // those with the most revenue first
	Owners   []OwnerLoad // whose load would change, the largest change first
}

// Try computes what the weights and thresholds would do to every customer of the scorecard. Tiers by
// hand stay; a changed scorecard counts at once, as nothing was kept under it.
func (w *WhatIf) Try() Outcome {
	var out Outcome
	tiers := []string{model.TierKA, model.TierMid, model.TierSmall, ""}
	for _, t := range tiers {
		out.Tiers = append(out.Tiers, TierSum{Tier: t})
	}
	became, owners := w.score(), make([]OwnerLoad, len(w.handles))
	for i := range w.now {
		is, after, points := &w.now[i], became[i].tier, became[i].points
		from, to := &out.Tiers[max(0, slices.Index(tiers, is.before))], &out.Tiers[max(0, slices.Index(tiers, after))]
		from.Before++
		from.ARRBefore += is.arr
		to.After++
		to.ARR += is.arr
		if is.owner >= 0 {
			o := &owners[is.owner]
			o.Before += w.s.rules.load(is.before)
			o.After += w.s.rules.load(after)
		}
		if after == is.before {
			continue
		}
		if rankOf(tiers, after) < rankOf(tiers, is.before) {
			out.Up++
		} else {
			out.Down++
		}
		out.Moves = append(out.Moves, Moving{w.rows[i], is.before, after, points, is.arr})
	}
	slices.SortFunc(out.Moves, func(a, b Moving) int { return cmp.Or(cmp.Compare(b.ARR, a.ARR), cmp.Compare(a.Row, b.Row)) })
	for i, o := range owners {
		if o.After != o.Before {
			o.Handle = w.handles[i]
			out.Owners = append(out.Owners, o)
		}
	}
	slices.SortFunc(out.Owners, func(a, b OwnerLoad) int {
		return cmp.Or(cmp.Compare(abs(b.After-b.Before), abs(a.After-a.Before)), cmp.Compare(a.Handle, b.Handle))
	})
	return out
}

func rankOf(tiers []string, tier string) int { return slices.Index(tiers, tier) }

func abs(x float64) float64 { return max(x, -x) }

// became is what a trial makes of a customer.
type became struct {
	tier   string // that holds, be it computed or by hand
	points float64
}

// score computes what every customer would be.
func (w *WhatIf) score() []became {
	out, n, changed := make([]became, len(w.now)), len(w.criteria), w.Changed()
	const block = 4096
	inParallel((len(out)+block-1)/block, func(b int) {
		for i := b * block; i < min(len(out), (b+1)*block); i++ {
			points, _, known := w.c.Scoring.LeanOf(w.points[i*n:(i+1)*n], w.Weights)
			tier := w.now[i].byHand
			switch {
			case tier != "":
			case !changed:
				tier = w.now[i].computed
			case known:
				tier = w.Levels.Of(points)
			}
			out[i] = became{tier, points}
		}
	})
	return out
}

// Ops makes the changes that keep a trial: settings for the standard model, the next version of any
// other scorecard.
func (w *WhatIf) Ops(note string, newID func() model.ID) ([]model.Op, error) {
	if err := w.Check(); err != nil {
		return nil, err
	}
	if w.c.ID.IsZero() {
		values := map[string]string{}
		for i, c := range w.criteria {
			values["tier.weight."+c.Key] = settingNumber("tier.weight."+c.Key, w.Weights[i])
		}
		for _, l := range w.Levels[:len(w.Levels)-1] {
			values["tier."+l.Key] = settingNumber("tier."+l.Key, l.Min)
		}
		return w.s.SettingOps(values, newID), nil
	}
	next := *w.c.Card
	next.Criteria = slices.Clone(next.Criteria)
	for i, c := range w.criteria {
		at := slices.IndexFunc(next.Criteria, func(m scorecard.Criterion) bool { return m.Key == c.Key })
		next.Criteria[at].Weight = w.Weights[i]
	}
	if len(next.Capacity) == 0 {
		next.Levels = map[string]any{}
		for _, l := range w.Levels[:len(w.Levels)-1] {
			next.Levels[l.Key] = l.Min
		}
	}
	return w.s.CardOps(&next, note, newID)
}
