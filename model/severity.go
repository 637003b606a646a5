package model

import (
	"fmt"
	"strconv"
	"strings"
)

// SeverityRules is the editable matrix of blocking × reach, and the number of customers in force that
// reach is a share of.
type SeverityRules struct {
	Matrix map[string][]string // by blocking, from the widest reach
	Bounds []float64           // percent, rising
	Base   int
}

// SeverityRules reads the matrix from the settings.
func (s *Settings) SeverityRules() SeverityRules {
	r := SeverityRules{Matrix: map[string][]string{}}
	for _, b := range []string{"0", "1", "2", "3"} {
		r.Matrix[b] = strings.Fields(s.Text("severity.blocking." + b))
	}
	for _, f := range strings.Fields(s.Text("severity.reach")) {
		n, _ := strconv.ParseFloat(f, 64)
		r.Bounds = append(r.Bounds, n)
	}
	return r
}

// SeverityInput is what is known of an item's weight.
type SeverityInput struct {
	Blocking      string // "0" to "3"; empty when nobody has judged it
	Linked        int    // customers linked
	LinkedInForce int    // of them with a contract in force
	KA            bool   // a key account is among them
	ByHand        string
	Reason        string
}

// SeverityReason is a severity and how it came about.
type SeverityReason struct {
	Severity string // empty while blocking has not been judged
	Computed string // what the matrix says, also where a person has set another
	Share    float64
	Reach    string
	Reason   string
}

// Decide reads the severity from the matrix: rows by blocking, columns by the share of the customers
// in force, one band wider when a key account is affected. A value set by hand wins and keeps its
// reason.
func (r SeverityRules) Decide(in SeverityInput) SeverityReason {
	var out SeverityReason
	if r.Base > 0 {
		out.Share = 100 * float64(in.LinkedInForce) / float64(r.Base)
	}
	row := r.Matrix[in.Blocking]
	if len(row) == 0 {
		out.Reason = "blocking has not been judged"
	} else {
		band := len(r.Bounds)
		for band > 0 && out.Share < r.Bounds[band-1] {
			band--
		}
		if in.KA && band < len(r.Bounds) {
			band++
		}
		// The matrix is written from the widest reach, bands are counted from the narrowest.
		out.Computed = row[min(len(row)-1, len(r.Bounds)-band)]
		out.Reach = r.reachName(band)
		out.Reason = fmt.Sprintf("blocking %s × reach %s (%d of %d customers in force, %.1f %%)", in.Blocking, out.Reach, in.LinkedInForce, r.Base, out.Share)
		if in.KA {
			out.Reason += ", a key account counts one band up"
		}
	}
	out.Severity = out.Computed
	if in.ByHand != "" {
		out.Severity = in.ByHand
		out.Reason = "set by hand: " + in.Reason
	}
	return out
}

func (r SeverityRules) reachName(band int) string {
	num := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	switch {
	case len(r.Bounds) == 0:
		return "any"
	case band == 0:
		return "< " + num(r.Bounds[0]) + " %"
	case band == len(r.Bounds):
		return "≥ " + num(r.Bounds[band-1]) + " %"
	}
	return num(r.Bounds[band-1]) + "–" + num(r.Bounds[band]) + " %"
}

// LargerTier returns the larger of two tiers; no tier is the smallest.
func LargerTier(a, b string) string {
	rank := map[string]int{TierSmall: 1, TierMid: 2, TierKA: 3}
	if rank[b] > rank[a] {
		return b
	}
	return a
}
