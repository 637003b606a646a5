package ui

import (
	"fmt"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/report"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// trailWeeks is how many weeks' ends the course of a customer's health goes back.
const trailWeeks = 12

// trailRead brings the course of a customer's health, worked out away from the screen.
type trailRead struct {
	id   model.ID
	past []*table.Snapshot // the oldest first, today last
	err  error
}

// readTrail works out a customer's health at the ends of the last weeks.
func (a *App) readTrail(id model.ID) tea.Cmd {
	b, today := a.backend, a.snap.Today
	return func() tea.Msg {
		past, err := b.Retrace(id, append(report.WeekEnds(today, trailWeeks), today))
		return trailRead{id, past, err}
	}
}

func (m trailRead) apply(a *App) {
	switch {
	case m.err != nil:
		a.fail(m.err)
	case a.page != nil && a.page.id == m.id:
		a.page.addTrail(a, m.past)
	}
}

// addTrail puts the course of the health above the usage, which explains most of it; the cursor stays on
// its line.
func (p *customerPage) addTrail(a *App, past []*table.Snapshot) {
	lines := trailLines(a, p.id, past)
	if len(lines) == 0 {
		return
	}
	at := slices.IndexFunc(p.sections, func(s section) bool { return s.title == a.lang.T("Usage by feature, 12 months") })
	if at < 0 {
		at = len(p.sections)
	}
	above := len(p.portrait)
	for _, s := range p.sections[:at] {
		above += len(s.lines)
	}
	if p.at >= above && p.count() > 0 {
		p.at += len(lines)
	}
	p.sections = slices.Insert(p.sections, at, section{title: a.lang.T("Health by weeks"), lines: lines})
}

// trailLines draws the course, then the weeks in which it moved, the last first, each with what did most.
func trailLines(a *App, id model.ID, past []*table.Snapshot) []pageLine {
	values := make([]float64, len(past))
	known := 0
	for i, s := range past {
		values[i] = math.NaN()
		row, _ := s.Table(model.Customer).Row(id)
		if j := s.Judge(row, "health"); j.Result.Known {
			values[i] = j.Result.Score
			known++
		}
	}
	if known == 0 {
		return nil
	}
	last := values[len(values)-1]
	now := "–"
	if !math.IsNaN(last) {
		now = a.lang.Decimal(last, 1)
	}
	first := past[0].Today
	lines := []pageLine{{
		spans: kit.Spans{
			{Text: kit.Sparkline(values, len(values), a.theme) + "  ", Token: kit.Accent},
			{Text: now + "  "},
			{Text: a.lang.T("since %s", a.lang.Date(first.String())), Token: kit.Muted},
		},
		kind: model.Customer, id: id, field: "health", since: past[:1],
	}}
	for i := len(past) - 1; i > 0; i-- {
		d := table.Between(past[i-1], past[i], id, "health")
		if !d.Known || d.Delta == 0 || len(d.Changes) == 0 {
			continue
		}
		token := kit.Good
		if d.Delta < 0 {
			token = kit.Bad
		}
		most := d.Changes[0]
		lines = append(lines, pageLine{
			spans: kit.Spans{
				{Text: a.lang.Date(past[i].Today.String()) + "  ", Token: kit.Muted},
				{Text: kit.PadLeft(a.lang.Decimal(d.After.Result.Score, 1), 6) + " "},
				{Text: kit.PadLeft(fmt.Sprintf("%+.2f", d.Delta), 7) + "  ", Token: token},
				{Text: fmt.Sprintf("%s %+.2f (%s)", a.lang.T(most.Label), most.Delta, d.Inputs[0]), Token: kit.Muted},
			},
			kind: model.Customer, id: id, field: "health", since: []*table.Snapshot{past[i-1], past[i]},
		})
	}
	return lines
}

// whySince explains the difference that a line of the course shows.
func (l pageLine) whySince(a *App) {
	before, after := l.since[0], a.snap
	if len(l.since) > 1 {
		after = l.since[1]
	}
	a.showWhy(table.WhyBetween(before, after, l.id, l.field))
}

// lookBack is how many days an explanation of a score or health looks back by itself.
const lookBack = 30

// withSince adds to the explanation of a score or health what made it another one in the last days.
func withSince(b Backend, e model.Why, id model.ID, figure string, today day.Day) (model.Why, error) {
	past, err := b.Retrace(id, []day.Day{today - lookBack, today})
	if err != nil {
		return e, err
	}
	since := table.WhyBetween(past[0], past[1], id, figure)
	e.Lines = append(slices.Clone(e.Lines), model.WhyLine{Label: since.Label, Value: since.Value})
	for _, l := range since.Lines {
		l.Depth++
		e.Lines = append(e.Lines, l)
	}
	e.Notes = append(slices.Clone(e.Notes), since.Notes...)
	return e, nil
}
