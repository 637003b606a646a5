package ui

import (
	"strings"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/report"
	"opsdeck/ui/kit"
)

// timelineLength is how many events the timeline shows; a filter looks through all of them.
const timelineLength = 200

// filtered is what the filter line filters: the list of a pane, or the timeline of a customer.
type filtered interface {
	filter() string
	setFilter(text string) error
}

// timelineFilter filters the timeline of the customer in front.
type timelineFilter struct{ a *App }

// filterTarget is what the filter line works on.
func (a *App) filterTarget() filtered {
	if a.page != nil {
		return timelineFilter{a}
	}
	return a.pane()
}

func (t timelineFilter) filter() string { return t.a.page.text }

func (t timelineFilter) setFilter(text string) error {
	p := t.a.page
	if p == nil {
		return nil // The customer has been left while the filter was typed.
	}
	expr, err := query.Parse(text, p.events)
	if err != nil {
		return err
	}
	p.text, p.expr = text, expr
	p.drawTimeline(t.a)
	p.moveTo(p.count() - len(p.sections[len(p.sections)-1].lines))
	return nil
}

// keepFilter takes over the filter of the same customer's view as it was before the book changed.
func (p *customerPage) keepFilter(a *App, old *customerPage) {
	if p.text, p.expr = old.text, old.expr; p.expr != nil {
		p.drawTimeline(a)
	}
}

// drawTimeline writes the events that the filter lets through into the last section.
func (p *customerPage) drawTimeline(a *App) {
	if len(p.sections) == 0 {
		return
	}
	shown := p.events
	if p.expr != nil {
		shown = p.events.Filter(p.expr, a.env())
	}
	title := a.lang.T("Timeline")
	switch {
	case p.text != "":
		title = a.lang.T("Timeline: %d of %d · %s", len(shown), len(p.events), kit.Clean(p.text))
	case len(shown) > timelineLength:
		title = a.lang.T("Timeline: the newest %d of %d, / looks through all", timelineLength, len(shown))
	}
	var lines []pageLine
	for _, e := range shown[:min(len(shown), timelineLength)] {
		lines = append(lines, a.eventLine(p.id, e))
	}
	p.sections[len(p.sections)-1] = section{title: title, lines: lines}
}

func (a *App) eventLine(customer model.ID, e report.Event) pageLine {
	line := pageLine{kind: e.Kind, id: e.ID}
	words := e.Words
	switch e.Kind {
	case model.Touch:
		if row, ok := a.snap.Table(model.Touch).Row(e.ID); ok {
			words = strings.TrimSpace(pickWord(a.lang, "type", a.snap.Table(model.Touch).Str(row, "type")) + " " + words)
		}
	case model.KNone:
		line = pageLine{kind: model.Customer, id: customer, step: e.ID}
		words = a.lang.Say(words) + ", " + e.By
	}
	line.spans = kit.Spans{
		{Text: a.lang.Date(e.On.String()) + "  ", Token: kit.Muted}, {Text: kit.PadRight(kit.Truncate(a.lang.T(e.What), 16), 17), Token: kit.Accent}, {Text: words},
	}
	return line
}
