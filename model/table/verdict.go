package table

import (
	"math"

	"opsdeck/model"
	"opsdeck/model/score"
)

// Verdict is a customer's score or health without the ledger, at a tenth of the cost of a Judgement.
type Verdict struct {
	Known  bool
	Score  float64
	Points []float64 // of each of Terms; NaN where a criterion does not count
	Terms  []score.Term
}

// Verdicts judges many customers as Judge does, several at a time: the same scores, and the same points of the same
// criteria. Of the terms only key, label and group are filled in; customers of one scorecard share them.
func (s *Snapshot) Verdicts(rows []int32, figure string) []Verdict {
	health := judgesHealth(figure)
	list := s.cards.tier
	if health {
		list = s.cards.health
	}
	terms := make(map[*card][]score.Term, len(list))
	for _, c := range list {
		terms[c] = c.terms()
	}
	out := make([]Verdict, len(rows))
	const block = 512
	inParallel((len(rows)+block-1)/block, func(b int) {
		for i := b * block; i < min(len(rows), (b+1)*block); i++ {
			f := s.facts(rows[i])
			c := cardOf(list, rows[i])
			if c == nil || health && !cared(f.Status) || terms[c] == nil {
				continue
			}
			v := Verdict{Terms: terms[c], Points: make([]float64, len(terms[c]))}
			room := c.rooms.Get().(*[16]model.ScoreInput)
			c.Scoring.PointsOf(s.inputsOf(c, rows[i], &f, room[:0]), v.Points)
			c.rooms.Put(room)
			v.Score, _, v.Known = c.Scoring.LeanPoints(v.Points)
			out[i] = v
		}
	})
	return out
}

// terms are the criteria of a scorecard without inputs, none where it cannot score anybody.
func (c *card) terms() []score.Term {
	r, err := c.Scoring.Result(nil)
	if err != nil {
		return nil
	}
	return r.Terms
}

// Counts tells whether the term at a place counts in a verdict.
func (v *Verdict) Counts(at int) bool { return !math.IsNaN(v.Points[at]) }
