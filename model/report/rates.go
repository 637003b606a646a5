package report

import (
	"opsdeck/model"
	"opsdeck/model/table"
)

// DueRates adds up renewals by what came of them (definitions.md, "due-based"). Amounts are a year's, in
// ten-thousandths of the report's currency.
type DueRates struct {
	name string

	Due    int   // how many
	Target int64 // of all

	Closed      int64 // target of the closed ones, the denominator of both rates
	Kept, Final int64 // of the closed: Σ min(final, target), and Σ final

	Won, Lost, Lapsed                   int
	WonTarget, LostTarget, LapsedTarget int64
	RanOn                               int // of the won: anniversaries that passed without a word
	Open, Late                          int // late: open ones whose day of decision has passed
	OpenAmount                          int64
}

func (g *DueRates) add(s *table.Snapshot, r table.Renewal, units func(int64) int64) {
	target := units(r.Target)
	g.Due++
	g.Target += target
	switch r.Outcome {
	case "open":
		g.Open++
		g.OpenAmount += target
		if d := s.Table(model.Contract).Day(r.Row, "decision_date"); d.IsSet() && d < s.Today {
			g.Late++
		}
		return
	case "won":
		g.Won++
		g.WonTarget += target
		g.Kept += units(r.Counted())
		g.Final += units(r.Final)
		if r.RanOn {
			g.RanOn++
		}
	case "lost":
		g.Lost++
		g.LostTarget += target
	case "lapsed":
		g.Lapsed++
		g.LapsedTarget += target
	}
	g.Closed += target
}

// Gross is Σ min(final, target) ÷ Σ target over the closed renewals, 0 to 1; false where none is closed.
func (g *DueRates) Gross() (float64, bool) { return share(g.Kept, g.Closed), g.Closed > 0 }

// Net is Σ final ÷ Σ target over the closed renewals; false where none is closed.
func (g *DueRates) Net() (float64, bool) { return share(g.Final, g.Closed), g.Closed > 0 }

// Logo is the share of the closed renewals that were won, by their number; false where none is closed.
func (g *DueRates) Logo() (float64, bool) {
	n := g.Won + g.Lost + g.Lapsed
	return share(int64(g.Won), int64(n)), n > 0
}

func (g *DueRates) cells() []Cell {
	row := []Cell{
		text(named(g.name)), count(g.Due), money(g.Target), count(g.Won), count(g.Lost), count(g.Lapsed), count(g.Open), money(g.OpenAmount),
		text(""), text(""), text(""), count(g.Late),
	}
	for i, rate := range []func() (float64, bool){g.Gross, g.Net, g.Logo} {
		if f, known := rate(); known {
			row[8+i] = percent(f)
		}
	}
	return row
}
