package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// readWhy asks the book to explain a figure.
func (a *App) readWhy(k model.Kind, id model.ID, figure string) tea.Cmd {
	b, w := a.backend, a.width
	return func() tea.Msg {
		e, err := b.Why(k, id, figure)
		if err != nil {
			return textRead{err: err}
		}
		return textRead{overlay: whyPager(e, w)}
	}
}

func (a *App) showWhy(e model.Why) { a.stack.Push(whyPager(e, a.width)) }

// whyPager lays an explanation out for a screen of w cells: the figure, its formula, then a line for
// each input.
func whyPager(e model.Why, w int) *kit.Pager {
	value := e.Value
	if value == "" {
		value = "–"
	}
	lines := []kit.Spans{
		{{Text: e.Label + " ", Token: kit.Muted}, {Text: value, Token: kit.Title}},
		{{Text: e.Formula, Token: kit.Info}},
		kit.Plain(""),
	}
	label, val := 12, 8
	for _, l := range e.Lines {
		label = max(label, min(34, kit.Width(kit.Clean(l.Label))))
		val = max(val, min(26, kit.Width(kit.Clean(l.Value))))
	}
	for _, l := range e.Lines {
		head := kit.Spans{
			{Text: kit.PadRight(kit.Truncate(kit.Clean(l.Label), label), label+2), Token: kit.Muted},
			{Text: kit.PadLeft(kit.Truncate(kit.Clean(l.Value), val), val) + "  "},
		}
		lines = append(lines, hanging(head, kit.Span{Text: strings.TrimSpace(l.Note + "  " + sourceWords(l)), Token: kit.Muted}, w)...)
	}
	if len(e.Notes) > 0 {
		lines = append(lines, kit.Plain(""))
	}
	for _, n := range e.Notes {
		lines = append(lines, kit.Spans{{Text: n, Token: kit.Warn}})
	}
	return kit.NewPager("Why? "+kit.Clean(e.Record), lines)
}

// hanging puts a text behind the head of a line of a pager; what does not fit goes on below where the
// text began, or below the head where there is too little room for words.
func hanging(head kit.Spans, text kit.Span, screen int) []kit.Spans {
	w := min(max(screen*4/5, 60), 110, screen) - 4 // the inside of a pager
	indent := head.Width()
	var out []kit.Spans
	if w-indent < 24 {
		out, head, indent = append(out, head), kit.Plain("    "), 4
	}
	for _, line := range kit.Wrap(text.Text, max(1, w-indent)) {
		out = append(out, append(head, kit.Span{Text: line, Token: text.Token}))
		head = kit.Plain(strings.Repeat(" ", indent))
	}
	return out
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
