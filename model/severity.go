package model

import (
	"fmt"
	"strconv"
	"strings"

	"opsdeck/model/score"
)

// SeverityRules is the editable matrix of blocking × reach, and the number of customers in force that
// reach is a share of.
type SeverityRules struct {
	Matrix score.Matrix
	Fault  string // why the matrix of the settings does not count and the default one does; mostly empty
	Base   int
}

// SeverityRules reads the matrix from the settings.
func (s *Settings) SeverityRules() SeverityRules {
	m, err := s.severityMatrix()
	if err != nil {
		return SeverityRules{Matrix: score.DefaultMatrix(), Fault: err.Error()}
	}
	return SeverityRules{Matrix: m}
}

// severityMatrix puts the rows together; each has been checked by itself, not how they fit.
func (s *Settings) severityMatrix() (score.Matrix, error) {
	var m score.Matrix
	for blocking := range m.Levels {
		for i, f := range strings.Fields(s.Text("severity.blocking." + strconv.Itoa(blocking))) {
			m.Levels[blocking][i], _ = strconv.Atoi(strings.TrimPrefix(f, "S"))
		}
	}
	for i, f := range strings.Fields(s.Text("severity.reach")) {
		percent, _ := strconv.ParseFloat(f, 64)
		m.Reach[len(m.Reach)-1-i] = percent / 100
	}
	if err := m.Check(); err != nil {
		return m, fmt.Errorf("severity matrix: %w", err)
	}
	return m, nil
}

// SeverityInput is what is known of an item's weight.
type SeverityInput struct {
	Blocking      string // "0" to "3"; empty when nobody has judged it
	LinkedInForce int    // customers linked that have a contract in force
	KA            bool   // a key account is among the customers linked
	ByHand        string
	Reason        string
}

// blocking reads the judgement; false where there is none that the matrix has a row for.
func (in *SeverityInput) blocking() (int, bool) {
	if len(in.Blocking) != 1 || in.Blocking[0] < '0' || in.Blocking[0] > '3' {
		return 0, false
	}
	return int(in.Blocking[0] - '0'), true
}

// SeverityReason is a severity and how it came about.
type SeverityReason struct {
	Severity string // empty while blocking has not been judged
	Computed string // what the matrix says, also where a person has set another
	Share    float64
	Reasons  []string
}

// share is the part of the customers in force that is affected, 0–1.
func (r *SeverityRules) share(in *SeverityInput) float64 {
	if r.Base <= 0 {
		return 0
	}
	return min(1, float64(in.LinkedInForce)/float64(r.Base))
}

// Decide reads the severity from the matrix: rows by blocking, columns by the share of the customers
// in force, one column up when a key account is affected. A value set by hand wins and keeps its reason.
func (r SeverityRules) Decide(in SeverityInput) SeverityReason {
	out := SeverityReason{Share: 100 * r.share(&in)}
	if blocking, ok := in.blocking(); !ok {
		out.Reasons = append(out.Reasons, "blocking has not been judged")
	} else if v, err := r.Matrix.Severity(blocking, r.share(&in), in.KA); err != nil {
		out.Reasons = append(out.Reasons, err.Error())
	} else {
		out.Computed, out.Reasons = v.String(), v.Reasons
	}
	if r.Fault != "" {
		out.Reasons = append(out.Reasons, "the default matrix counts: "+r.Fault)
	}
	out.Severity = out.Computed
	if in.ByHand != "" {
		out.Severity = in.ByHand
		reason := "set by hand"
		if in.Reason != "" {
			reason += ": " + in.Reason
		}
		out.Reasons = append(out.Reasons, reason)
	}
	return out
}

// Lean is the severity of Decide without the reasons, for lists of 200,000 items. A property test holds
// the two equal.
func (r *SeverityRules) Lean(in *SeverityInput) string {
	if in.ByHand != "" {
		return in.ByHand
	}
	blocking, ok := in.blocking()
	if !ok {
		return ""
	}
	col := r.Column(in.LinkedInForce)
	if in.KA && col > 0 {
		col--
	}
	return Severities()[r.Matrix.Levels[blocking][col]-1]
}

// Column is the column of the matrix that a number of customers in force belongs to, from 0 for the
// widest reach.
func (r *SeverityRules) Column(linkedInForce int) int {
	share, col := r.share(&SeverityInput{LinkedInForce: linkedInForce}), 0
	for col < len(r.Matrix.Reach) && share < r.Matrix.Reach[col] {
		col++
	}
	return col
}

// LargerTier returns the larger of two tiers; no tier is the smallest.
func LargerTier(a, b string) string {
	if tierRank(b) > tierRank(a) {
		return b
	}
	return a
}

func tierRank(tier string) int {
	switch tier {
	case TierKA:
		return 3
	case TierMid:
		return 2
	case TierSmall:
		return 1
	}
	return 0
}
