package model

import (
	"fmt"
	"math"

	"opsdeck/model/day"
)

// Due is one thing that waits for somebody today, with the terms of its rank.
type Due struct {
	Rule     string // which rule raised it: task, touch, meet, decision, milestone, item, alarm, escalation, tell, invoice, alert
	Cause    string // the fact behind it; the same cause is not raised again once it was closed
	Kind     Kind   // of the record it is about
	ID       ID
	Task     ID // the task behind it, or the one that snoozes it; zero where there is none
	Customer ID
	Title    string
	Owner    string
	On       day.Day // when it was or is due; none for "never touched"
	Terms    []RankTerm
	Rank     float64 // the sum of the terms
}

// RankTerm is one part of a rank.
type RankTerm struct {
	Label  string
	Points float64
	Note   string
}

// RankInput is what the rank of a due thing is computed from.
type RankInput struct {
	Rule     string
	DaysLate int // below zero: days to go
	Never    bool
	Tier     string
	Severity string
	ARRShare float64 // percent of the book's ARR that hangs on it
}

// RankTerms gives a due thing its points (definitions.md, "Today's order"): what kind of thing it is,
// how late, whose customer, how much revenue. Lateness counts 1 point a day up to 60; never contacted
// counts as the most overdue.
func RankTerms(in RankInput) []RankTerm {
	base := map[string]float64{"alarm": 80, "escalation": 50, "item": 40, "tell": 28, "decision": 30, "task": 25, "milestone": 22, "invoice": 20, "alert": 28, "touch": 15, "meet": 12}[in.Rule]
	terms := []RankTerm{{Label: "source", Points: base, Note: in.Rule}}
	switch {
	case in.Never:
		terms = append(terms, RankTerm{"late", 60, "never contacted counts as the most overdue"})
	case in.DaysLate > 0:
		terms = append(terms, RankTerm{"late", math.Min(60, float64(in.DaysLate)), fmt.Sprintf("%d days, 1 point a day up to 60", in.DaysLate)})
	case in.DaysLate > -30:
		terms = append(terms, RankTerm{"soon", float64(30+in.DaysLate) / 3, fmt.Sprintf("in %d days", -in.DaysLate)})
	}
	if p := map[string]float64{TierKA: 30, TierMid: 12}[in.Tier]; p > 0 {
		terms = append(terms, RankTerm{"tier", p, in.Tier})
	}
	if p := map[string]float64{"S1": 60, "S2": 30}[in.Severity]; p > 0 {
		terms = append(terms, RankTerm{"severity", p, in.Severity})
	}
	if in.ARRShare > 0 {
		terms = append(terms, RankTerm{"revenue", math.Min(30, 10*in.ARRShare), fmt.Sprintf("%.2f %% of all ARR, 10 points a percent up to 30", in.ARRShare)})
	}
	return terms
}

// SumTerms adds the points up.
func SumTerms(terms []RankTerm) float64 {
	sum := 0.0
	for _, t := range terms {
		sum += t.Points
	}
	return sum
}

// Silence makes the task that closes a due thing or lets it sleep: field is done_on or snoozed_until, on
// its day. The task carries the cause, by which the rule knows not to raise the thing again.
func (d Due) Silence(id ID, field string, on day.Day, m Moment) *Record {
	r := NewRecord(Task, id)
	r.Set("title", Text(d.Title))
	r.Set("cause", Text(d.Cause))
	r.Set("customer", Ref(d.Customer))
	if d.Kind == Contract { // By which a milestone is known to be done.
		r.Set("contract", Ref(d.ID))
	}
	r.Set("owner", Person(m.Who))
	r.Set("due", Date(m.Today))
	r.Set(field, Date(on))
	return r
}
