package report

import (
	"opsdeck/model/day"
	"opsdeck/model/score"
	"opsdeck/model/table"
)

// Figures are the figures of the renewals for one screen: the two families of definitions.md side by side,
// never mixed in one number. Amounts are a year's, in ten-thousandths of Currency.
type Figures struct {
	Currency string

	// Of the renewals due from From to To.
	From, To day.Day
	Due      DueRates
	Calls    []CallSum // the lines of a forecast, lost last
	NoRate   int       // renewals whose currency has no rate; their amounts count as nothing

	// Of the recurring revenue of all customers on Start and on End.
	Start, End   day.Day
	Retained     score.Retained
	Concentrated score.Concentrated // on the picture's day
	LeftOut      int                // contracts whose currency has no rate
}

// CallSum is one line of a forecast.
type CallSum struct {
	Call       string
	Renewals   int
	Target     int64
	Counted    int64 // at most the target
	Cumulative int64 // with all more certain lines; of omitted and lost it means nothing
	Weighted   int64 // by the probability that was kept
	Expansion  int64
}

// AllFigures computes them for the renewals due in a period, and for the recurring revenue from one day
// to another. Only the renewals of contracts that let lets through count; nil lets all through.
func AllFigures(s *table.Snapshot, from, to, start, end day.Day, let func(row int32) bool) (Figures, error) {
	conv := newConverter(s)
	f := Figures{Currency: conv.cur.name, From: from, To: to, Start: start, End: end}
	at := map[string]*calls{}
	for _, line := range forecastLines() {
		at[line] = &calls{}
	}
	s.Renewals(from, to, func(r table.Renewal) {
		if let == nil || let(r.Row) {
			units := conv.of(r)
			f.Due.add(s, r, units)
			at[forecastLine(r)].add(r, units)
		}
	})
	var sum int64
	for _, line := range forecastLines() {
		c := at[line]
		sum += c.counted
		f.Calls = append(f.Calls, CallSum{line, c.n, c.target, c.counted, sum, c.weighted, c.expanded})
	}
	f.NoRate = len(conv.left)
	var err error
	if f.Retained, f.LeftOut, err = retained(s, conv.cur, start, end); err != nil {
		return f, err
	}
	got, err := concentrate(s, "arr")
	f.Concentrated = got.Concentrated
	return f, err
}
