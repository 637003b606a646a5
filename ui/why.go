package ui

import (
	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// readWhy asks the book to explain a figure.
func (a *App) readWhy(k model.Kind, id model.ID, figure string) tea.Cmd {
	b := a.backend
	return func() tea.Msg {
		w, err := b.Why(k, id, figure)
		if err != nil {
			return textRead{err: err}
		}
		return textRead{overlay: whyPager(w)}
	}
}

func (a *App) showWhy(w model.Why) { a.stack.Push(whyPager(w)) }

// whyPager lays an explanation out: the figure, its formula, then a line for each input.
func whyPager(w model.Why) *kit.Pager {
	value := w.Value
	if value == "" {
		value = "–"
	}
	lines := []kit.Spans{
		{{Text: w.Label + " ", Token: kit.Muted}, {Text: value, Token: kit.Title}},
		{{Text: w.Formula, Token: kit.Info}},
		kit.Plain(""),
	}
	label, val := 12, 8
	for _, l := range w.Lines {
		label = max(label, min(34, kit.Width(kit.Clean(l.Label))))
		val = max(val, min(26, kit.Width(kit.Clean(l.Value))))
	}
	for _, l := range w.Lines {
		line := kit.Spans{
			{Text: kit.PadRight(kit.Truncate(kit.Clean(l.Label), label), label+2), Token: kit.Muted},
			{Text: kit.PadLeft(kit.Truncate(kit.Clean(l.Value), val), val)},
		}
		for _, extra := range []string{l.Note, sourceWords(l)} {
			if extra != "" {
				line = append(line, kit.Span{Text: "  " + extra, Token: kit.Muted})
			}
		}
		lines = append(lines, line)
	}
	if len(w.Notes) > 0 {
		lines = append(lines, kit.Plain(""))
	}
	for _, n := range w.Notes {
		lines = append(lines, kit.Spans{{Text: n, Token: kit.Warn}})
	}
	return kit.NewPager("Why? "+kit.Clean(w.Record), lines)
}

func sourceWords(l model.WhyLine) string {
	switch {
	case l.Source != "" && l.Age != "":
		return "← " + l.Source + ", " + l.Age
	case l.Source != "":
		return "← " + l.Source
	}
	return ""
}
