package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
	"opsdeck/model/report"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// The lengths of the period that the figures are of, in months.
const (
	aMonth   = 1
	aQuarter = 3
	aYear    = 12
)

// figuresView is the shape of the pane that shows the figures: what is due at the left, recurring revenue at
// the right, one line each, with the reason of each.
type figuresView struct {
	from   day.Day // first day of the period
	months int     // its length
	asked  figuresFor
	made   report.Figures
	ready  bool
	said   saidBefore
	lines  []figureLine
	at     int
}

// figuresFor is what figures were computed for, so that the same are not computed again.
type figuresFor struct {
	snap   *table.Snapshot
	text   string
	from   day.Day
	months int
}

// figureLine is a line of the screen: a heading, a text, or a figure with what explains it.
type figureLine struct {
	heading bool
	right   bool // belongs to the family of recurring revenue
	label   string
	count   string
	value   string
	rate    string
	token   kit.Token
	bar     bar
	why     func() model.Why
	open    func(a *App)
}

// bar is a piece of a bar that begins somewhere on a scale from 0 to 1, as steps of a waterfall do.
type bar struct{ from, to float64 }

func (l *figureLine) chosen() bool { return l.why != nil }

// to is the last day of the period.
func (v *figuresView) to() day.Day { return v.from.AddMonths(v.months) - 1 }

// base is the time over which recurring revenue is compared: the period as far as it has come, or the last one
// that has begun.
func (v *figuresView) base(today day.Day) (start, end day.Day) {
	from := v.from
	for from > today {
		from = from.AddMonths(-v.months)
	}
	return from - 1, min(from.AddMonths(v.months)-1, today)
}

// periodName names the period as people call it: 2024-07, 2024-Q3 or 2024.
func (v *figuresView) periodName() string {
	y, m, _ := v.from.Date()
	switch v.months {
	case aMonth:
		return v.from.String()[:7]
	case aQuarter:
		return fmt.Sprintf("%d-Q%d", y, (int(m)+2)/3)
	}
	return fmt.Sprint(y)
}

// figuresMade brings the figures that a command has computed.
type figuresMade struct {
	p    *renewalsPane
	made report.Figures
	for_ figuresFor
	err  error
}

func (m figuresMade) apply(a *App) {
	v := &m.p.figs
	switch {
	case m.for_ != v.asked: // Something else was asked for meanwhile.
	case m.err != nil:
		a.fail(m.err)
	default:
		v.made, v.ready = m.made, true
		m.p.layFigures(a)
	}
}

// askFigures computes the figures away from the screen, where something has changed since.
func (p *renewalsPane) askFigures(a *App) tea.Cmd {
	v := &p.figs
	if v.months == 0 {
		v.from, _ = report.ForecastPeriod(p.snap.Today)
		v.months = aQuarter
	}
	ask := figuresFor{p.snap, p.text, v.from, v.months}
	if ask == v.asked {
		return nil
	}
	v.asked = ask
	s, env, from, to := p.snap, p.env, v.from, v.to()
	start, end := v.base(s.Today)
	return tea.Batch(func() tea.Msg {
		made, err := report.AllFigures(s, from, to, start, end, letThrough(s, env, ask.text))
		return figuresMade{p, made, ask, err}
	}, p.askSaid(a))
}

// letThrough is what a filter lets through; nil where there is none.
func letThrough(s *table.Snapshot, env query.Env, text string) func(row int32) bool {
	if text == "" {
		return nil
	}
	expr, err := query.Parse(text, s.FilterSchema(model.Contract))
	if err != nil {
		return nil
	}
	let := map[int32]bool{}
	for _, row := range s.Table(model.Contract).View(s, expr, env, nil) {
		let[row] = true
	}
	return func(row int32) bool { return let[row] }
}

// doFigures carries out the actions of this shape.
func (p *renewalsPane) doFigures(a *App, act Action) bool {
	v := &p.figs
	switch act {
	case ActLeft:
		v.from = v.from.AddMonths(-v.months)
	case ActRight:
		v.from = v.from.AddMonths(v.months)
	case ActHorizon:
		v.nextLength()
	case ActDown:
		v.move(1)
	case ActUp:
		v.move(-1)
	case ActHalfDown, ActPageDown:
		v.section(1)
	case ActHalfUp, ActPageUp:
		v.section(-1)
	case ActTop:
		v.at = -1
		v.move(1)
	case ActBottom:
		v.at = len(v.lines)
		v.move(-1)
	case ActWhy:
		if l := v.line(); l != nil {
			a.showWhy(l.why())
		}
	case ActOpen:
		if l := v.line(); l != nil && l.open != nil {
			l.open(a)
		}
	default:
		return false
	}
	return true
}

// nextLength goes from quarters to years to months; the period keeps the day that it began with.
func (v *figuresView) nextLength() {
	y, m, _ := v.from.Date()
	switch v.months {
	case aQuarter:
		v.from, v.months = day.Of(y, 1, 1), aYear
	case aYear:
		v.months = aMonth
	default:
		v.from, v.months = day.Of(y, m-(m-1)%3, 1), aQuarter
	}
}

func (v *figuresView) line() *figureLine {
	if v.at < 0 || v.at >= len(v.lines) || !v.lines[v.at].chosen() {
		return nil
	}
	return &v.lines[v.at]
}

// move goes to the next line that can be explained.
func (v *figuresView) move(d int) {
	for i := v.at + d; i >= 0 && i < len(v.lines); i += d {
		if v.lines[i].chosen() {
			v.at = i
			return
		}
	}
}

// section goes to the first line below the next heading, or the one before.
func (v *figuresView) section(d int) {
	for i := v.at + d; i >= 0 && i < len(v.lines); i += d {
		if v.lines[i].heading && (d > 0 || i < v.at-1) {
			v.at = i
			v.move(1)
			return
		}
	}
}

// behind shows the contracts behind a figure.
func (p *renewalsPane) behind(filter string) func(a *App) {
	return func(a *App) {
		p.shape, p.all = shapeList, true
		if p.text != "" {
			filter += " (" + p.text + ")"
		}
		a.showBehind(ActRenewals, filter)
	}
}
