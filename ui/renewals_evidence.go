package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/report"
	"opsdeck/ui/kit"
)

// printedWidth is how wide a page is written that is meant for paper.
const printedWidth = 78

// evidencePage is the page for the talk about a renewal: y takes it along as Markdown, t as text for paper.
type evidencePage struct {
	*kit.Pager
	markdown string
}

// Key takes a key; everything but the copies is the pager's.
func (e *evidencePage) Key(msg tea.KeyPressMsg) kit.Outcome {
	switch msg.String() {
	case "y":
		return kit.Outcome{Result: pageCopied{e.markdown, "Copied as Markdown: %d lines"}}
	case "t":
		return kit.Outcome{Result: pageCopied{kit.Printable(e.markdown, printedWidth), "Copied as plain text to print: %d lines"}}
	}
	return e.Pager.Key(msg)
}

// pageCopied is a page on its way to the clipboard.
type pageCopied struct{ text, said string }

func (p pageCopied) answered(a *App) {
	a.after = tea.SetClipboard(p.text)
	a.say(kit.Info, p.said, strings.Count(p.text, "\n"))
}

// showEvidence shows the page for the talk about a renewal.
func (p *renewalsPane) showEvidence(a *App) {
	_, row, ok := p.current()
	if !ok {
		return
	}
	b, s, id := a.backend, p.snap, p.snap.Table(model.Contract).ID(row)
	title := a.lang.T("Evidence") + " · " + kit.Clean(s.Table(model.Contract).Str(row, "customer_name")) + " · " + a.lang.T("y copies, t for paper")
	a.after = func() tea.Msg {
		r, err := b.Get(model.Contract, id)
		if err != nil {
			return textRead{err: err}
		}
		text := kit.CleanLines(report.Evidence(s, r))
		var lines []kit.Spans
		for line := range strings.SplitSeq(text, "\n") {
			token := kit.Text
			switch {
			case strings.HasPrefix(line, "#"):
				token, line = kit.Title, strings.TrimLeft(line, "# ")
			case strings.Contains(line, "**"):
				token = kit.Warn
			}
			lines = append(lines, kit.Spans{{Text: kit.PlainMarkdown(line), Token: token}})
		}
		return textRead{overlay: &evidencePage{kit.NewPager(title, lines), text}}
	}
}
