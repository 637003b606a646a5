package model

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"sync"

	"opsdeck/model/day"
	"opsdeck/model/score"
)

// Scoring is a scorecard ready to score by. The arithmetic is that of package score; what stands here
// is what a book keeps of it and how it is scored without a ledger, 100,000 customers at a start.
type Scoring struct {
	Name        string  // of the scorecard
	Mark        string  // a fingerprint of what the score rests on; a tier is kept only while it is the same
	MinCoverage float64 // percent
	Levels      score.Levels
	Keep        score.Inertia
	Capacity    []string      // by level from the top, as people wrote it; empty without
	Groups      []score.Group // one without a name, or those of a health score
	lean        []leanCriterion
	grouped     bool
	shares      *sync.Map // of a health score: effective weights by which measures are known
}

// Measure is one criterion of a scorecard, as it is made ready for scoring.
type Measure struct {
	score.Criterion
	Steps []Points // bands or choices; none for a percentile
	Peers *score.Population
	AsIs  bool // the input is points already
}

// NewScoring makes a scorecard ready. Groups without a key hold the criteria of a plain score.
func NewScoring(sc Scoring, groups []score.Group, measures [][]Measure) *Scoring {
	sc.shares = &sync.Map{}
	for i, g := range groups {
		sc.grouped = sc.grouped || g.Key != ""
		for _, m := range measures[i] {
			g.Measures = append(g.Measures, m.Criterion)
			sc.lean = append(sc.lean, leanCriterion{weight: m.Weight, steps: m.Steps, peers: m.Peers, asIs: m.AsIs})
		}
		sc.Groups = append(sc.Groups, g)
	}
	return &sc
}

// Scoring is the standard tier model, as the settings give it: it scores everybody whom no scorecard
// of the book claims.
func (s *Settings) Scoring() *Scoring {
	sc := Scoring{
		Name: StandardScorecard, MinCoverage: s.Number("tier.min_coverage"),
		Keep:   score.Inertia{Margin: s.Number("tier.margin"), Runs: s.Int("tier.runs")},
		Levels: score.Levels{{Key: TierKA, Min: s.Number("tier.KA")}, {Key: TierMid, Min: s.Number("tier.mid")}, {Key: TierSmall}},
	}
	mark := fnv.New32a()
	fmt.Fprint(mark, sc.Levels, sc.MinCoverage)
	var all []Measure
	for _, d := range criterionDefaults() {
		text := s.Text("tier.points." + d.key)
		steps, _ := ParsePoints(text)
		c := score.Criterion{Key: d.key, Label: d.label, Weight: s.Number("tier.weight." + d.key), Scale: ScaleOf(steps)}
		all = append(all, Measure{Criterion: c, Steps: steps})
		fmt.Fprint(mark, d.key, c.Weight, text)
	}
	sc.Mark = fmt.Sprintf("%08x", mark.Sum32())
	return NewScoring(sc, []score.Group{{Weight: 1}}, [][]Measure{all})
}

// StandardScorecard is the name of the tier model that the settings give.
const StandardScorecard = "standard"

// Criteria lists the criteria in the order in which their inputs are given.
func (sc *Scoring) Criteria() []score.Criterion {
	var all []score.Criterion
	for _, g := range sc.Groups {
		all = append(all, g.Measures...)
	}
	return all
}

// MinOf is the score from which a level is reached.
func (sc *Scoring) MinOf(level string) float64 {
	for _, l := range sc.Levels {
		if l.Key == level {
			return l.Min
		}
	}
	return 0
}

// ScaleOf makes a scale out of steps: choices for names; for numbers bands that meet, of which the
// first reaches down and the last up without end.
func ScaleOf(steps []Points) score.Scale {
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
	Field     string // of the customer, where the input is one
	Problem   string // why there is no input, where there is more to say than that
	Age       int    // days
	Validity  int    // days after which it does not count any more; 0: never
}

// Stale tells whether the input is older than it may be.
func (in *ScoreInput) Stale() bool { return in.Validity > 0 && in.Age > in.Validity }

// ScoreTerm is one criterion's part in a score.
type ScoreTerm struct {
	ScoreInput          // Known tells whether it counts
	Group        string // of a health measure
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

// Result scores with a ledger as package score has it, for comparing two days.
func (sc *Scoring) Result(inputs []ScoreInput) (score.HealthResult, error) {
	given := make(map[string]score.Input, len(inputs))
	for i := range inputs {
		in := &inputs[i]
		given[in.Criterion] = score.Input{
			Known: in.Known, Value: in.Number, Text: in.Text, Source: in.Source, Age: in.Age, Validity: in.Validity,
		}
	}
	if sc.grouped {
		return score.Health(sc.Groups, given, sc.MinCoverage/100)
	}
	r, err := score.Weighted(sc.Groups[0].Measures, given, sc.MinCoverage/100)
	return score.HealthResult{Result: r}, err
}

// Score computes Σ w·s / Σ w over the criteria that have data (definitions.md, "Tier score" and
// "Health"). Where no criterion has a weight, there is no score.
func (sc *Scoring) Score(inputs []ScoreInput) ScoreResult {
	out, _ := sc.Both(inputs)
	return out
}

// Both is Score with the Result that it comes from.
func (sc *Scoring) Both(inputs []ScoreInput) (ScoreResult, score.HealthResult) {
	r, err := sc.Result(inputs)
	if err != nil {
		return ScoreResult{}, r // Scorecards are checked before they are kept; only all weights being zero is left.
	}
	byKey := make(map[string]ScoreInput, len(inputs))
	for _, in := range inputs {
		byKey[in.Criterion] = in
	}
	out := ScoreResult{Known: r.Known, Score: r.Score, Coverage: 100 * r.Coverage, Terms: make([]ScoreTerm, len(r.Terms))}
	for i, t := range r.Terms {
		in := byKey[t.Key]
		in.Criterion, in.Known = t.Key, t.State == score.Counted
		out.Terms[i] = ScoreTerm{
			ScoreInput: in, Group: t.Group, Label: t.Label, Note: t.Note, Weight: t.Weight, Share: 100 * t.Share, Points: t.Points, Contribution: t.Contribution,
		}
		if in.Problem != "" && !in.Known {
			out.Terms[i].Note = in.Problem
		}
	}
	return out, r
}

// leanCriterion is a criterion in the form in which 100,000 customers are scored at every start.
type leanCriterion struct {
	weight float64
	steps  []Points
	peers  *score.Population
	asIs   bool
}

func (c *leanCriterion) points(in *ScoreInput) (float64, bool) {
	byWord := len(c.steps) > 0 && c.steps[0].Option != ""
	if !in.Known || !byWord && (math.IsNaN(in.Number) || math.IsInf(in.Number, 0)) || in.Stale() {
		return 0, false
	}
	switch {
	case c.peers != nil:
		return c.peers.Rank(in.Number)
	case c.asIs:
		return in.Number, in.Number >= 0 && in.Number <= 100
	}
	if len(c.steps) == 0 {
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

// PointsOf lists what each input gives on its scale; NaN for those that do not count.
func (sc *Scoring) PointsOf(inputs []ScoreInput, points []float64) {
	for i := range sc.lean {
		p, ok := sc.lean[i].points(&inputs[i])
		if points[i] = p; !ok {
			points[i] = math.NaN()
		}
	}
}

// Lean is Score without the ledger, at a fiftieth of its cost: inputs come in the order of Criteria and
// need no words. A property test holds the two equal to the last bit.
func (sc *Scoring) Lean(inputs []ScoreInput) (points, coverage float64, known bool) {
	var room [24]float64
	list := room[:0]
	if len(sc.lean) > len(room) {
		list = make([]float64, 0, len(sc.lean))
	}
	list = list[:len(sc.lean)]
	sc.PointsOf(inputs, list)
	return sc.LeanPoints(list)
}

// LeanPoints scores points that are there already, NaN where there are none.
func (sc *Scoring) LeanPoints(points []float64) (total, coverage float64, known bool) {
	if sc.grouped {
		return sc.leanHealth(points)
	}
	return sc.LeanOf(points, nil)
}

// LeanOf scores points that are there already, NaN where there are none, by weights other than the
// scorecard's own where they are given: what a person tries out before keeping it.
func (sc *Scoring) LeanOf(points, other []float64) (total, coverage float64, known bool) {
	var room [3][24]float64
	products, weights, all := room[0][:0], room[1][:0], room[2][:0]
	for i := range sc.lean {
		w := sc.lean[i].weight
		if other != nil {
			w = other[i]
		}
		all = append(all, w)
		if !math.IsNaN(points[i]) {
			products, weights = append(products, points[i]*w), append(weights, w)
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

// knownShares are the weights of a health score's measures while certain ones are known.
type knownShares struct {
	weights  []float64 // of the known ones, in their order
	coverage float64   // 0–1
}

// leanHealth looks the effective weights up by which measures are known: books have few such patterns.
func (sc *Scoring) leanHealth(points []float64) (total, coverage float64, known bool) {
	var mask uint64
	var room [2][24]float64
	have := room[0][:0]
	for i, p := range points {
		if !math.IsNaN(p) {
			mask |= 1 << i
			have = append(have, p)
		}
	}
	cached, ok := sc.shares.Load(mask)
	if !ok {
		weights, cover := score.HealthShares(sc.Groups, func(i int) bool { return mask&(1<<i) != 0 })
		cached, _ = sc.shares.LoadOrStore(mask, knownShares{weights, cover})
	}
	s := cached.(knownShares)
	const noise = 1e-9
	if len(s.weights) == 0 || s.coverage < sc.MinCoverage/100-noise {
		return 0, 100 * s.coverage, false
	}
	mean, ok := score.WeightedMean(have, s.weights)
	const grains = 1 << 20
	return math.Round(mean*grains) / grains, 100 * s.coverage, ok
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

// LevelOf tells the level of a score, such as a tier; none while the score is not known.
func (sc *Scoring) LevelOf(points float64, known bool) string {
	if !known {
		return ""
	}
	return sc.Levels.Of(points)
}

// TierOf tells the tier of a score by itself, without the tier that was held before.
func (sc *Scoring) TierOf(points float64, known bool) string { return sc.LevelOf(points, known) }

// Tier is a customer's tier with its reasons.
type Tier struct {
	Tier     string // in force: by hand while that holds, else computed
	Computed string // by the score and what was kept at the last scoring
	Reached  string // by the score alone
	Kept     string // why Computed is not Reached, or how it came about
	ByHand   bool
	Expired  bool   // a tier by hand whose time is over
	Note     string // who set it by hand, why and until when, and what that lacks
	Card     string // the scorecard
	Score    ScoreResult
}

// TierByHand is a tier that a person has set over the computed one.
type TierByHand struct {
	Tier, Reason, By string
	Until            day.Day // the last day on which it holds
}

// Holds tells whether a tier by hand counts on a day: one without a reason, an author or an end never
// does, so that nobody is served for ever by a tier that nobody can account for.
func (h TierByHand) Holds(today day.Day) bool {
	return h.Tier != "" && h.override().Check() == nil && today <= h.Until
}

func (h TierByHand) override() score.Override {
	return score.Override{Value: h.Tier, Reason: h.Reason, Author: h.By, Expires: h.Until}
}

// Check tells what a tier by hand lacks, or that its time is over already.
func (h TierByHand) Check(today day.Day) error {
	if h.Tier == "" {
		return nil
	}
	for _, f := range []struct {
		field string
		empty bool
	}{{"tier_override_reason", h.Reason == ""}, {"tier_override_by", h.By == ""}, {"tier_override_until", !h.Until.IsSet()}} {
		if f.empty {
			return &FieldError{Field: f.field, Err: errByHand}
		}
	}
	if h.Until < today {
		return &FieldError{Field: "tier_override_until", Err: fmt.Errorf("%s is over already: a tier by hand needs a last day from today on", h.Until)}
	}
	return nil
}

var errByHand = errors.New("a tier by hand needs a reason, who set it and a last day")

// Override puts a tier by hand over a computed one until its day has passed.
func (t Tier) Override(h TierByHand, today day.Day) Tier {
	t.Tier = t.Computed
	if h.Tier == "" {
		return t
	}
	e := h.override().Apply(t.Computed, today)
	t.Tier, t.ByHand, t.Note = e.Value, e.Overridden, e.Note
	t.Expired = !e.Overridden && h.override().Check() == nil
	return t
}
