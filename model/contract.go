package model

import (
	"math"

	"opsdeck/model/day"
)

// Terms are what a contract's state and dates are computed from.
type Terms struct {
	Start, End       day.Day // End is the last day in force; None means open-ended
	NoticeMonths     int     // below zero: the book's default
	AutoRenew        bool
	RenewalWanted    bool
	Churned          bool // known not to be renewed
	CancelledOn      day.Day
	Billing          string
	SuccessorStarted bool // a successor's term has begun
	SuccessorPlanned bool // a successor is written, begun or not
	Amended          bool // that successor is an amendment within the term, not a renewal
	Trial            bool
	SaysNotAuto      bool // the record says in so many words that it does not renew by itself
}

// Term rules that a book's settings decide.
type TermRules struct {
	NoticeMonths  int
	GapTolerance  int
	OpenEndedYear int
	LeadDays      map[string]int // by tier
}

// TermRules reads the rules of contract terms from the settings.
func (s *Settings) TermRules() TermRules {
	return TermRules{
		NoticeMonths:  s.Int("contract.notice_months"),
		GapTolerance:  s.Int("contract.gap_tolerance_days"),
		OpenEndedYear: s.Int("contract.open_ended_year"),
		LeadDays:      map[string]int{TierKA: s.Int("lead.KA"), TierMid: s.Int("lead.mid"), TierSmall: s.Int("lead.small")},
	}
}

// OpenEnded tells whether the term never ends: no end, or an end in a year that means never.
func (t Terms) OpenEnded(r TermRules) bool {
	return OpenEnd(t.End, r)
}

// OpenEnd tells whether an end means never: there is none, or it lies in a year that stands for it.
func OpenEnd(end day.Day, r TermRules) bool {
	if !end.IsSet() {
		return true
	}
	year, _, _ := end.Date()
	return year >= r.OpenEndedYear
}

// InTerm tells whether a day lies in the half-open term [start, end+1 day).
func (t Terms) InTerm(d day.Day, r TermRules) bool {
	return t.Start <= d && (t.OpenEnded(r) || d <= t.End)
}

// State tells the state of the contract line on a day; the first that fits, in the order of
// ContractStates.
func (t Terms) State(today day.Day, r TermRules) string {
	switch {
	case t.CancelledOn.IsSet() && t.CancelledOn <= today:
		return "cancelled"
	case t.Start > today:
		return "upcoming"
	case t.InTerm(today, r):
		if !t.AutoRenew && !t.SuccessorPlanned && !t.OpenEnded(r) && t.Notice(today, r) < today {
			return "closing"
		}
		return "in force"
	case (t.AutoRenew || t.RenewalWanted) && !t.SuccessorStarted && !t.Churned:
		return "to renew"
	}
	return "closed"
}

// InForce tells whether a state means that the contract runs and its revenue recurs.
func InForce(state string) bool { return state == "in force" || state == "closing" }

// Due returns the day on which a renewal is due: the end of a fixed term; the next anniversary of the
// start for open-ended terms that are billed yearly; none for those billed otherwise, which roll.
func (t Terms) Due(today day.Day, r TermRules) day.Day {
	if !t.OpenEnded(r) {
		return t.End
	}
	if t.Billing != "year" || !t.Start.IsSet() {
		return day.None
	}
	y0, m0, _ := t.Start.Date()
	y, m, _ := today.Date()
	years := max(1, y-y0+int(m-m0)/12-1)
	for t.Start.AddMonths(12*years) < today {
		years++
	}
	return t.Start.AddMonths(12 * years)
}

// Notice returns the last day for giving notice: the due day less the notice period.
func (t Terms) Notice(today day.Day, r TermRules) day.Day {
	due := t.Due(today, r)
	if !due.IsSet() {
		return day.None
	}
	return due.AddMonths(-t.notice(r))
}

func (t Terms) notice(r TermRules) int {
	if t.NoticeMonths < 0 {
		return r.NoticeMonths
	}
	return t.NoticeMonths
}

// Decision returns the day by which our side must have decided: the notice day less the tier's lead.
// A customer without a tier is treated as small.
func (t Terms) Decision(today day.Day, tier string, r TermRules) day.Day {
	return r.Decide(t.Notice(today, r), tier)
}

// Decide takes the lead of a tier from a notice day; none stays none.
func (r TermRules) Decide(notice day.Day, tier string) day.Day {
	if !notice.IsSet() {
		return day.None
	}
	lead, ok := r.LeadDays[tier]
	if !ok {
		lead = r.LeadDays[TierSmall]
	}
	return notice - day.Day(lead)
}

// AnnualUnits turns an amount per month, quarter, year or term into a yearly one, in the same units.
// An amount for a whole term is spread over the term's months, counted as days by 365.25/12 and at
// least one; an open-ended term's amount counts as yearly. What is more than units can hold, some 460
// trillion a year, is held at that.
func AnnualUnits(units int64, per string, start, end day.Day) int64 {
	switch per {
	case "month":
		return yearly(float64(units)*12, units*12)
	case "quarter":
		return yearly(float64(units)*4, units*4)
	case "term":
		if !end.IsSet() || !start.IsSet() {
			return units
		}
		months := max(1, math.Round(float64(end-start+1)*12/365.25))
		about := math.Round(float64(units) * 12 / months)
		return yearly(about, int64(about))
	}
	return units
}

// yearly returns an exact product, unless its size says that it cannot be held.
func yearly(about float64, exact int64) int64 {
	const most = math.MaxInt64 / 2
	switch {
	case about > most:
		return most
	case about < -most:
		return -most
	}
	return exact
}

// CustomerStatus derives a customer's status from its contracts on a day; CustomerStatuses lists the
// results. A contract that renews by itself and has no successor yet keeps its customer. A gap to the
// next contract within the tolerance does not end the relationship.
func CustomerStatus(contracts []Terms, today day.Day, r TermRules) string {
	if len(contracts) == 0 {
		return "prospect"
	}
	status, lastEnd, nextStart := "", day.None, day.Day(math.MaxInt32)
	begun := false
	for _, t := range contracts {
		state := t.State(today, r)
		if state == "upcoming" {
			nextStart = min(nextStart, t.Start)
			continue
		}
		begun = true
		if state == "closed" {
			lastEnd = max(lastEnd, t.End)
		}
		if InForce(state) && t.Churned && status == "" {
			status = "cancelled"
		} else if InForce(state) && !t.Churned || state == "to renew" {
			status = "customer"
		}
	}
	switch {
	case status != "":
		return status
	case !begun:
		return "coming"
	case lastEnd.IsSet() && int(nextStart)-int(lastEnd)-1 <= r.GapTolerance:
		return "customer"
	}
	return "lost"
}
