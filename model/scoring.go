package model

import "opsdeck/model/day"

// Scoring is the company's tier model as the settings give it.
type Scoring struct {
	weights     map[string]float64
	points      map[string][]Points
	KA, Mid     float64
	MinCoverage float64
}

// Scoring reads the tier model from the settings.
func (s *Settings) Scoring() *Scoring {
	sc := &Scoring{
		weights: map[string]float64{}, points: map[string][]Points{},
		KA: s.Number("tier.KA"), Mid: s.Number("tier.mid"), MinCoverage: s.Number("tier.min_coverage"),
	}
	for _, c := range Criteria() {
		sc.weights[c] = s.Number("tier.weight." + c)
		sc.points[c], _ = ParsePoints(s.Text("tier.points." + c))
	}
	return sc
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
	ScoreInput
	Weight       float64 // as configured
	Share        float64 // percent of the score after the weights of unknown criteria were spread over the rest
	Points       float64
	Contribution float64 // points of the score that come from it; contributions add up to the score
}

// ScoreResult is a score with its ledger.
type ScoreResult struct {
	Known    bool // false when the coverage is below the minimum
	Score    float64
	Coverage float64 // percent of the weight that has data
	Terms    []ScoreTerm
}

// Score computes Σ w·s / Σ w over the criteria that have data (definitions.md, "Tier score").
func (sc *Scoring) Score(inputs []ScoreInput) ScoreResult {
	var r ScoreResult
	var all, known float64
	for _, in := range inputs {
		t := ScoreTerm{ScoreInput: in, Weight: sc.weights[in.Criterion]}
		all += t.Weight
		if in.Known {
			if p, ok := pointsOf(sc.points[in.Criterion], in); ok {
				t.Points = p
				known += t.Weight
			} else {
				t.Known = false
			}
		}
		r.Terms = append(r.Terms, t)
	}
	if all == 0 {
		return r
	}
	r.Coverage = 100 * known / all
	for i := range r.Terms {
		if t := &r.Terms[i]; t.Known && known > 0 {
			t.Share = 100 * t.Weight / known
			t.Contribution = t.Points * t.Weight / known
			r.Score += t.Contribution
		}
	}
	r.Known = known > 0 && r.Coverage >= sc.MinCoverage
	return r
}

func pointsOf(steps []Points, in ScoreInput) (float64, bool) {
	if len(steps) == 0 {
		return 0, false
	}
	if steps[0].Option != "" {
		for _, s := range steps {
			if s.Option == in.Text {
				return s.Points, true
			}
		}
		return 0, false
	}
	p := steps[0].Points
	for _, s := range steps {
		if in.Number >= s.From {
			p = s.Points
		}
	}
	return p, true
}

// TierOf tells the tier of a score; no tier while the score is not known.
func (sc *Scoring) TierOf(r ScoreResult) string {
	switch {
	case !r.Known:
		return ""
	case r.Score >= sc.KA:
		return TierKA
	case r.Score >= sc.Mid:
		return TierMid
	}
	return TierSmall
}

// Tier is a customer's tier with its reasons.
type Tier struct {
	Tier     string // in force: by hand while that holds, else computed
	Computed string
	ByHand   bool
	Reason   string
	By       string
	Until    day.Day
	Expired  bool // a tier by hand whose time is over
	Score    ScoreResult
}

// Override puts a tier by hand over a computed one until its day has passed.
func (t Tier) Override(tier, reason, by string, until, today day.Day) Tier {
	t.Tier = t.Computed
	if tier == "" {
		return t
	}
	t.Reason, t.By, t.Until = reason, by, until
	if until.IsSet() && until < today {
		t.Expired = true
		return t
	}
	t.ByHand, t.Tier = true, tier
	return t
}
