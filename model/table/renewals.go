package table

import (
	"opsdeck/model"
	"opsdeck/model/day"
)

// Renewal is the end of one contract group's term, or an anniversary of one without end, with what
// has become of it or is expected. Amounts are annual, in ten-thousandths of Currency.
type Renewal struct {
	Row      int32 // of the contract that it stands on
	Due      day.Day
	Outcome  string // one of model.Outcomes
	Stage    string
	Call     string // forecast category; closed once it is
	Target   int64  // what was up for renewal
	Forecast int64  // what is expected of an open one, the target where nobody has said
	Final    int64  // what came of a closed one
	Chance   float64
	Currency string
	RanOn    bool // an anniversary that passed without a word: the contract simply went on
}

// Counted is what the renewal adds to a forecast: its final or expected amount, at most its target.
func (r Renewal) Counted() int64 {
	switch {
	case r.Outcome == "open":
		return min(r.Forecast, r.Target)
	case r.Outcome == "won":
		return min(r.Final, r.Target)
	}
	return 0
}

// Expansion is what a renewal brings, or is expected to, above its target.
func (r Renewal) Expansion() int64 {
	switch {
	case r.Outcome == "open":
		return max(0, r.Forecast-r.Target)
	case r.Outcome == "won":
		return max(0, r.Final-r.Target)
	}
	return 0
}

// Renewals calls fn with every renewal whose due day lies from one day to another, both included;
// day.None leaves an end open. Each belongs to one day, so that what is due in a period is the sum of
// what is due in its parts. Of a contract without end that is billed yearly each anniversary that has
// passed is one, and the next.
func (s *Snapshot) Renewals(from, to day.Day, fn func(Renewal)) {
	t := s.tables[model.Contract]
	within := func(d day.Day) bool { return d.IsSet() && (!from.IsSet() || d >= from) && (!to.IsSet() || d <= to) }
	t.Rows(func(row int32) bool {
		outcome := t.cols[contractAt.renewal].text(row)
		if outcome == "" || outcome == "rolling" {
			return true
		}
		if s.hadNoEnd(row) {
			s.anniversaries(row, within, fn)
		}
		if within(t.cols[contractAt.due].day.get(row).day()) {
			fn(s.RenewalOf(row))
		}
		return true
	})
}

// hadNoEnd tells whether a contract has no end, or had none until the step that closed its renewal gave
// it one: the day for which it was closed is an anniversary then.
func (s *Snapshot) hadNoEnd(row int32) bool {
	t := s.tables[model.Contract]
	if model.OpenEnd(s.endOf(row), s.rules.terms) {
		return true
	}
	due, start := t.cols[contractAt.closedDue].day.get(row).day(), s.startOf(row)
	if !due.IsSet() || t.cols[contractAt.billing].text(row) != "year" {
		return false
	}
	y0, _, _ := start.Date()
	y, _, _ := due.Date()
	return y > y0 && start.AddMonths(12*(y-y0)) == due
}

// anniversaries are the passed ones of a contract without end that is billed yearly.
func (s *Snapshot) anniversaries(row int32, within func(day.Day) bool, fn func(Renewal)) {
	t := s.tables[model.Contract]
	start, next := s.startOf(row), t.cols[contractAt.due].day.get(row).day()
	if !next.IsSet() {
		return
	}
	for n := 1; n <= 100; n++ {
		on := start.AddMonths(12 * n)
		if on >= next {
			return
		}
		if within(on) {
			r := s.RenewalOf(row)
			r.Due, r.Outcome, r.Call, r.Stage, r.Final, r.RanOn = on, "won", "closed", "", r.Target, true
			fn(r)
		}
	}
}

// RenewalOf is the renewal that stands on a contract now.
func (s *Snapshot) RenewalOf(row int32) Renewal {
	t := s.tables[model.Contract]
	r := Renewal{
		Row: row, Due: t.cols[contractAt.due].day.get(row).day(), Outcome: t.cols[contractAt.renewal].text(row), Stage: t.cols[contractAt.stage].text(row),
		Call: t.cols[contractAt.call].text(row), Target: t.cols[contractAt.target].num.get(row).int(), Currency: s.CurrencyOf(model.Contract, row),
	}
	switch {
	case r.Outcome == "open":
		r.Stage = stageOr(r.Stage)
		r.Forecast = r.Target
		if f := t.cols[contractAt.forecast].num.get(row); f != 0 {
			r.Forecast = f.int()
		}
		r.Chance = s.rules.renewals.Stages[r.Stage].Probability
		if p, ok := t.Num(row, "probability"); ok {
			r.Chance = p
		}
	case r.Outcome == "won":
		r.Final = s.final(row)
	}
	return r
}

// Runs tells whether a contract's term covers a day and it had not been called off by then: whether its
// amount recurs on that day.
func (s *Snapshot) Runs(row int32, on day.Day) bool {
	t := s.tables[model.Contract]
	cancelled := t.cols[contractAt.cancelled].day.get(row).day()
	if f := s.framework(row); f >= 0 && !cancelled.IsSet() {
		cancelled = t.cols[contractAt.cancelled].day.get(f).day()
	}
	terms := model.Terms{Start: s.startOf(row), End: s.endOf(row)}
	return terms.InTerm(on, s.rules.terms) && (!cancelled.IsSet() || cancelled > on)
}
