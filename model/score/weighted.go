package score

import (
	"fmt"
)

// DefaultMinCoverage is the share of weight that must have data before there is a score.
const DefaultMinCoverage = 0.4

// Criterion is one weighted question of a score.
type Criterion struct {
	Key    string // unique within a score
	Label  string
	Weight float64 // relative to the other criteria; 0 keeps it visible without counting
	Scale  Scale
}

// Input is what is known for a criterion.
type Input struct {
	Value    float64
	Text     string // for a scale of choices
	Known    bool
	Source   string // where it comes from, for people
	Age      int    // days
	Validity int    // days after which the input is stale; 0: never
}

// Stale tells whether the input is older than it may be.
func (in Input) Stale() bool { return in.Validity > 0 && in.Age > in.Validity }

// State says whether a term counts and, if not, why.
type State uint8

// The states of a term.
const (
	Counted  State = iota
	NoData         // the input is not known or no number
	Stale          // the input is older than its validity
	OffScale       // the scale has no points for the input
)

// Term is one line of a score's ledger.
type Term struct {
	Key, Label   string
	Group        string // of a health measure; otherwise empty
	Input        Input
	State        State
	Points       float64 // 0–100 by the scale
	Weight       float64 // as configured
	Share        float64 // of the counted weight, 0–1; the shares of a score add up to 1 exactly
	Contribution float64 // points that it brings; contributions add up to the score exactly
	Note         string  // how the points came about, or why there are none
}

// Result is a score with its ledger, in the order of the criteria.
type Result struct {
	Score    float64 // 0–100; 0 and meaningless unless Known
	Known    bool    // false: not enough data
	Coverage float64 // share of the configured weight that has data, 0–1
	Terms    []Term
}

// Weighted scores inputs, by criterion key, as Σ w·s / Σ w over the criteria that have data. Below
// minCoverage (0–1) there is no score, and no term contributes. Errors concern the criteria, never
// the inputs.
func Weighted(criteria []Criterion, inputs map[string]Input, minCoverage float64) (Result, error) {
	if err := checkCriteria(criteria); err != nil {
		return Result{}, err
	}
	terms := make([]Term, len(criteria))
	effective := make([]float64, len(criteria))
	for i, c := range criteria {
		terms[i] = newTerm(c, inputs[c.Key])
		effective[i] = c.Weight
	}
	return settle(terms, effective, minCoverage), nil
}

// largestWeight bounds weights so that their sums stay exact enough.
const largestWeight = 1e6

func checkCriteria(criteria []Criterion) error {
	seen := make(map[string]bool, len(criteria))
	total := 0.0
	for _, c := range criteria {
		if seen[c.Key] {
			return fmt.Errorf("criterion %q is listed twice; remove one", c.Key)
		}
		seen[c.Key] = true
		if err := checkWeight(c.Weight); err != nil {
			return fmt.Errorf("criterion %q: %w", c.Key, err)
		}
		total += c.Weight
		if c.Scale == nil {
			return fmt.Errorf("criterion %q has no scale; give it bands, choices or a population", c.Key)
		}
		if err := c.Scale.Check(); err != nil {
			return fmt.Errorf("criterion %q: %w", c.Key, err)
		}
	}
	if total == 0 {
		return fmt.Errorf("all weights are zero; give at least one criterion a weight")
	}
	return nil
}

func checkWeight(w float64) error {
	if !finite(w) || w < 0 || w > largestWeight || w > 0 && w < 1/largestWeight {
		return fmt.Errorf("weight %g; it must be 0 or lie between 0.000001 and 1000000", w)
	}
	return nil
}

// newTerm asks the scale for points and notes why there are none.
func newTerm(c Criterion, in Input) Term {
	t := Term{Key: c.Key, Label: c.Label, Input: in, Weight: c.Weight}
	_, byWord := c.Scale.(Choices) // For which it does not matter that a word is no number.
	switch {
	case !in.Known:
		t.State, t.Note = NoData, "no data"
	case !byWord && !finite(in.Value):
		t.State, t.Note = NoData, "not a number"
	case in.Stale():
		t.State, t.Note = Stale, fmt.Sprintf("%d days old, valid for %d", in.Age, in.Validity)
	default:
		points, note, ok := c.Scale.Points(in)
		t.Points, t.Note = points, note
		if !ok {
			t.Points, t.State = 0, OffScale
		}
	}
	return t
}

// settle spreads the weight of missing terms over the counted ones and adds up. The effective
// weights are those of the counted terms after redistribution within their groups.
func settle(terms []Term, effective []float64, minCoverage float64) Result {
	n := len(terms)
	counted, keys := make([]int, 0, n), make([]string, 0, n)
	weights, points := make([]float64, 0, n), make([]float64, 0, n)
	have, all := make([]float64, 0, n), make([]float64, 0, n)
	for i := range terms {
		t := &terms[i]
		all = append(all, t.Weight)
		if t.State == Counted {
			counted = append(counted, i)
			keys = append(keys, t.Key)
			weights = append(weights, effective[i])
			points = append(points, t.Points)
			have = append(have, t.Weight)
		}
	}
	r := Result{Terms: terms, Coverage: sum(have) / sum(all)}
	mean, ok := WeightedMean(points, weights)
	if !ok {
		return r
	}
	total := sum(weights)
	parts := make([]float64, len(weights))
	for k, w := range weights {
		parts[k] = w / total
	}
	for k, share := range apportion(1, parts, keys, shareGrains) {
		terms[counted[k]].Share = share
	}
	const noise = 1e-9 // A coverage of 0.1 + 0.3 is not below 0.4.
	if r.Coverage < minCoverage-noise {
		return r
	}
	r.Known, r.Score = true, grained(mean, pointGrains)
	for k := range parts {
		parts[k] *= points[k]
	}
	for k, c := range apportion(r.Score, parts, keys, pointGrains) {
		terms[counted[k]].Contribution = c
	}
	return r
}
