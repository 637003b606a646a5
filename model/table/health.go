package table

import (
	"opsdeck/model"
	"opsdeck/model/score"
)

// healthFigures scores a customer's health without the ledger.
func (s *Snapshot) healthFigures(f figures, facts *Facts) {
	level, points, coverage, known := "", 0.0, 0.0, false
	c := cardOf(s.cards.health, f.row)
	if c != nil && cared(facts.Status) {
		points, coverage, known = s.lean(c, f.row, facts)
		level = c.Scoring.LevelOf(points, known)
	}
	f.text(customerAt.health, level)
	if known {
		f.number(customerAt.healthScore, points)
	} else {
		f.cell(customerAt.healthScore, 0)
	}
	f.number(customerAt.healthCoverage, coverage)
}

// cared tells whether somebody is a customer whose health is looked after.
func cared(status string) bool {
	return status == "customer" || status == "cancelled" || status == "coming"
}

// Health is a customer's health with its ledger.
type Health struct {
	Card   string
	Level  string // empty without enough data
	Result model.ScoreResult
	Full   score.HealthResult // for comparing two days
	Groups []score.GroupResult
}

// Health computes a customer's health with its reasons; false for those who are no customers.
func (s *Snapshot) Health(row int32) (Health, bool) {
	f := s.facts(row)
	c := cardOf(s.cards.health, row)
	if c == nil || !cared(f.Status) {
		return Health{}, false
	}
	in := s.wordedInputs(c, row, &f)
	h := Health{Card: c.Card.Name}
	h.Result, h.Full = c.Scoring.Both(in)
	h.Groups = h.Full.Groups
	h.Level = c.Scoring.LevelOf(h.Result.Score, h.Result.Known)
	return h, true
}
