package model

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"opsdeck/model/day"
	"opsdeck/model/score"
)

// Scoring is the company's tier model as the settings give it. The arithmetic is that of package
// score; what stands here is how settings become criteria, scales and tiers.
type Scoring struct {
	KA, Mid     float64 // points from which a customer is of the tier
	MinCoverage float64 // percent
	criteria    []score.Criterion
	levels      score.Levels
	lean        []leanCriterion
}

// Scoring reads the tier model from the settings.
func (s *Settings) Scoring() *Scoring {
	sc := &Scoring{KA: s.Number("tier.KA"), Mid: s.Number("tier.mid"), MinCoverage: s.Number("tier.min_coverage")}
	sc.levels = score.Levels{{Key: TierKA, Min: sc.KA}, {Key: TierMid, Min: sc.Mid}, {Key: TierSmall}}
	for _, d := range criterionDefaults() {
		steps, _ := ParsePoints(s.Text("tier.points." + d.key))
		c := score.Criterion{Key: d.key, Label: d.label, Weight: s.Number("tier.weight." + d.key), Scale: scaleOf(steps)}
		sc.criteria = append(sc.criteria, c)
		sc.lean = append(sc.lean, leanCriterion{c.Weight, steps})
	}
	return sc
}

// scaleOf makes a scale out of steps: choices for names; for numbers bands that meet, of which the
// first reaches down and the last up without end.
func scaleOf(steps []Points) score.Scale {
	if len(steps) > 0 && steps[0].Option != "" {
		choices := make(score.Choices, len(steps))
		for i, s := range steps {
			choices[i] = score.Choice{Value: s.Option, Points: s.Points}
		}
		return choices
	}
	bands := make(score.Bands, len(steps))
	for i, s := range steps {
		bands[i].Points = s.Points
		if i > 0 {
			edge := s.From
			bands[i].From, bands[i-1].To = &edge, &edge
		}
	}
	return bands
}

// ScoreInput is what a criterion is judged by: a number or a text, and where it came from.
type ScoreInput struct {
	Criterion string
	Known     bool
	Number    float64
	Text      string // of criteria that are judged by a word
	Shown     string // the input as people read it, with its unit
	Source    string // field or computation
}

// ScoreTerm is one criterion's part in a score.
type ScoreTerm struct {
	ScoreInput          // Known tells whether it counts
	Label        string // of the criterion, for people
	Note         string // how the points came about, or why there are none
	Weight       float64
	Share        float64 // percent of the score after the weights of unknown criteria were spread over the rest
	Points       float64
	Contribution float64 // points of the score that come from it; contributions add up to the score exactly
}

// ScoreResult is a score with its ledger, in the order of Criteria.
type ScoreResult struct {
	Known    bool // false when the coverage is below the minimum
	Score    float64
	Coverage float64 // percent of the weight that has data
	Terms    []ScoreTerm
}

// Score computes Σ w·s / Σ w over the criteria that have data (definitions.md, "Tier score"). Where no
// criterion has a weight, there is no score.
func (sc *Scoring) Score(inputs []ScoreInput) ScoreResult {
	given := make(map[string]score.Input, len(inputs))
	byKey := make(map[string]ScoreInput, len(inputs))
	for _, in := range inputs {
		given[in.Criterion] = score.Input{Known: in.Known, Value: in.Number, Text: in.Text}
		byKey[in.Criterion] = in
	}
	r, err := score.Weighted(sc.criteria, given, sc.MinCoverage/100)
	if err != nil {
		return ScoreResult{} // The settings are checked one by one; only all weights being zero is left.
	}
	out := ScoreResult{Known: r.Known, Score: r.Score, Coverage: 100 * r.Coverage, Terms: make([]ScoreTerm, len(r.Terms))}
	for i, t := range r.Terms {
		in := byKey[t.Key]
		in.Criterion, in.Known = t.Key, t.State == score.Counted
		out.Terms[i] = ScoreTerm{
			ScoreInput: in, Label: t.Label, Note: t.Note, Weight: t.Weight, Share: 100 * t.Share, Points: t.Points, Contribution: t.Contribution,
		}
	}
	return out
}

// leanCriterion is a criterion in the form in which 100,000 customers are scored at every start.
type leanCriterion struct {
	weight float64
	steps  []Points
}

func (c *leanCriterion) points(in *ScoreInput) (float64, bool) {
	if !in.Known || math.IsNaN(in.Number) || math.IsInf(in.Number, 0) || len(c.steps) == 0 {
		return 0, false
	}
	if c.steps[0].Option == "" {
		at := len(c.steps) - 1
		for at > 0 && in.Number < c.steps[at].From {
			at--
		}
		return c.steps[at].Points, true
	}
	for i := range c.steps {
		if c.steps[i].Option == in.Text || strings.EqualFold(c.steps[i].Option, strings.TrimSpace(in.Text)) {
			return c.steps[i].Points, true
		}
	}
	return 0, false
}

// Lean is Score without the ledger, at a fiftieth of its cost: inputs come in the order of Criteria and
// need no words. A property test holds the two equal to the last bit.
func (sc *Scoring) Lean(inputs []ScoreInput) (points, coverage float64, known bool) {
	var room [3][16]float64
	products, weights, all := room[0][:0], room[1][:0], room[2][:0]
	for i := range sc.lean {
		c := &sc.lean[i]
		all = append(all, c.weight)
		if p, ok := c.points(&inputs[i]); ok {
			products, weights = append(products, p*c.weight), append(weights, c.weight)
		}
	}
	whole, have := sorted(all), sorted(weights)
	if whole == 0 {
		return 0, 0, false
	}
	share := have / whole
	const noise = 1e-9 // As in score.Weighted: a coverage of 0.1 + 0.3 is not below 0.4.
	if have <= 0 || share < sc.MinCoverage/100-noise {
		return 0, 100 * share, false
	}
	const grains = 1 << 20
	return math.Round(sorted(products)/have*grains) / grains, 100 * share, true
}

// sorted adds numbers from the smallest up, as package score does, so that sums do not depend on the
// order of the criteria. The list is sorted in place.
func sorted(list []float64) float64 {
	total := 0.0
	for i := range list {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	for _, x := range list {
		total += x
	}
	return total
}

// TierOf tells the tier of a score; no tier while the score is not known.
func (sc *Scoring) TierOf(points float64, known bool) string {
	if !known {
		return ""
	}
	return sc.levels.Of(points)
}

// Tier is a customer's tier with its reasons.
type Tier struct {
	Tier     string // in force: by hand while that holds, else computed
	Computed string
	ByHand   bool
	Expired  bool   // a tier by hand whose time is over
	Note     string // who set it by hand, why and until when, and what that lacks
	Score    ScoreResult
}

// TierByHand is a tier that a person has set over the computed one.
type TierByHand struct {
	Tier, Reason, By string
	Until            day.Day // the last day on which it holds
}

// Holds tells whether a tier by hand counts on a day. One that has no end holds until it is taken away.
func (h TierByHand) Holds(today day.Day) bool {
	return h.Tier != "" && (!h.Until.IsSet() || today <= h.Until)
}

// Override puts a tier by hand over a computed one until its day has passed.
func (t Tier) Override(h TierByHand, today day.Day) Tier {
	t.Tier = t.Computed
	if h.Tier == "" {
		return t
	}
	o := score.Override{Value: h.Tier, Reason: h.Reason, Author: h.By, Expires: h.Until}
	if err := o.Check(); err != nil && h.Holds(today) {
		t.Tier, t.ByHand = h.Tier, true
		t.Note = fmt.Sprintf("set by hand; %v", err)
		return t
	}
	o.Author = cmp.Or(h.By, "somebody")
	o.Reason = cmp.Or(h.Reason, "no reason given")
	e := o.Apply(t.Computed, today)
	t.Tier, t.ByHand, t.Expired, t.Note = e.Value, e.Overridden, !e.Overridden, e.Note
	return t
}
