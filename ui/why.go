package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// readWhy asks the book to explain a figure.
func (a *App) readWhy(k model.Kind, id model.ID, figure string) tea.Cmd {
	b, w, l, today := a.backend, a.width, a.lang, a.snap.Today
	return func() tea.Msg {
		e, err := b.Why(k, id, figure)
		if err == nil && k == model.Customer && table.IsJudged(figure) {
			e, err = withSince(b, e, id, figure, today)
		}
		if err != nil {
			return textRead{err: err}
		}
		return textRead{overlay: whyPager(l, e, w)}
	}
}

func (a *App) showWhy(e model.Why) { a.stack.Push(whyPager(a.lang, e, a.width)) }

// whyPager lays an explanation out for a screen of w cells: the figure, its formula, then a line for
// each input.
func whyPager(l *lang.Lang, e model.Why, w int) *kit.Pager {
	e = groupedWhy(l, saidWhy(l, e))
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
	for _, in := range e.Lines {
		label = max(label, min(34, kit.Width(kit.Clean(in.Label))))
		val = max(val, min(26, kit.Width(kit.Clean(in.Value))))
	}
	for _, in := range e.Lines {
		head := kit.Spans{
			{Text: kit.PadRight(kit.Truncate(kit.Clean(in.Label), label), label+2), Token: kit.Muted},
			{Text: kit.PadLeft(kit.Truncate(kit.Clean(in.Value), val), val) + "  "},
		}
		lines = append(lines, hanging(head, kit.Span{Text: strings.TrimSpace(in.Note + "  " + sourceWords(in)), Token: kit.Muted}, w)...)
	}
	if len(e.Notes) > 0 {
		lines = append(lines, kit.Plain(""))
	}
	for _, n := range e.Notes {
		lines = append(lines, kit.Spans{{Text: n, Token: kit.Warn}})
	}
	return kit.NewPager(l.T("Why? %s", kit.Clean(e.Record)), lines)
}

// saidWhy says an explanation in the session's language. The model explains in English sentences; names,
// sources and what people have written stay as they are.
func saidWhy(l *lang.Lang, e model.Why) model.Why {
	if l == nil {
		return e
	}
	e.Label, e.Value, e.Formula = l.Say(e.Label), whyValue(l, e.Figure, e.Value), l.Say(e.Formula)
	lines := slices.Clone(e.Lines)
	for i := range lines {
		in := &lines[i]
		in.Note, in.Source, in.Age = l.Say(in.Note), l.Say(in.Source), l.Say(in.Age)
		if kind := in.Kind.String(); in.Kind == model.KNone {
			in.Label, in.Value = l.Say(in.Label), whyValue(l, in.Field, in.Value)
		} else {
			in.Value = l.Value(pickWord(l, in.Field, in.Value))
			if name, ok := strings.CutPrefix(in.Label, kind+" "); ok {
				in.Label = l.T(kind) + " " + name
			} else {
				in.Label = l.T(in.Label)
			}
		}
	}
	e.Lines, e.Notes = lines, slices.Clone(e.Notes)
	for i := range e.Notes {
		e.Notes[i] = l.Say(e.Notes[i])
	}
	return e
}

// whyValue says an input: a pick as lists say it, a number or day as the reader writes it.
func whyValue(l *lang.Lang, field, value string) string {
	if said := pickWord(l, field, value); field != "" && said != value {
		return said
	}
	return l.Say(value)
}

// groupedWhy writes the amounts of an explanation as the reader does.
func groupedWhy(words *lang.Lang, e model.Why) model.Why {
	e.Value, e.Record, e.Lines = grouped(words, e.Value), grouped(words, e.Record), slices.Clone(e.Lines)
	for i := range e.Lines {
		l := &e.Lines[i]
		l.Value, l.Note = grouped(words, l.Value), grouped(words, l.Note)
	}
	return e
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
