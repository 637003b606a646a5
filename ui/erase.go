package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model/erase"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// eraseBindings are the keys by which a person or a customer is erased for good.
func eraseBindings() []Binding {
	b := Binding{
		Keys: []string{"E", "shift+e"}, Action: ActErase, Label: "erase", Writes: true,
		Help: "Erase the customer for good, from history and texts too; shows every hit first.",
	}
	inList, inPage := b, b
	inList.Scope, inPage.Scope = ScopeCustomers, ScopeCustomer
	inPage.Help = "Erase the contact under the cursor, else the customer, for good; hits come first."
	return []Binding{inList, inPage}
}

// openErase looks for everything that erasing the record at hand takes.
func (a *App) openErase() {
	k, id, ok := a.mergeTarget()
	if !ok {
		a.say(kit.Warn, "erase: no customer or contact is under the cursor")
		return
	}
	ask := erase.Ask{Kind: k, ID: id, Actor: a.o.Actor}
	b, ctx := a.backend, a.ctx
	a.say(kit.Info, "Looking through the whole book…")
	a.after = func() tea.Msg {
		found, err := b.EraseHits(ctx, ask)
		return eraseFound{ask, found, err}
	}
}

// eraseFound brings what an erasing would take.
type eraseFound struct {
	ask   erase.Ask
	found erase.Report
	err   error
}

// apply shows it, and asks for the name to be typed.
func (m eraseFound) apply(a *App) {
	if m.err != nil {
		a.fail(m.err)
		return
	}
	name := kit.Clean(m.found.Title)
	a.message = message{}
	a.stack.Push(&kit.Typed{
		Title:    a.lang.T("Erase for good: %s", name),
		Question: strings.Join(a.eraseLines(m.found), "\n"),
		Prompt:   a.lang.T("Type the name to erase it: %s", name),
		Wrong:    a.lang.T("that is not the name; esc leaves everything as it is"),
		Words:    []string{name, m.ask.ID.String()},
		Answer:   eraseAnswer{m.ask},
	})
}

// mostEraseLines bounds each part of the preview; 'opsdeck erase --preview' shows everything.
const mostEraseLines = 6

func (a *App) eraseLines(r erase.Report) []string {
	l := a.lang
	lines := []string{
		l.T("It becomes “%s”. Amounts, counts and dates stay; undo cannot take it back.", r.Becomes),
		l.T("Looked for: %s", kit.Clean(strings.Join(r.Words, "; "))),
	}
	part := func(title string, hits []erase.Hit) {
		if len(hits) > 0 {
			lines = append(lines, title+": "+l.Int(int64(len(hits))))
		}
		for i, h := range hits {
			if i == mostEraseLines {
				lines = append(lines, "  "+l.T("%d more", len(hits)-i))
				break
			}
			var fields []string
			for _, f := range h.Fields {
				fields = append(fields, fieldWord(l, h.Kind, f.Name))
			}
			lines = append(lines, fmt.Sprintf("  %s %s: %s", l.T(h.Kind.String()), kit.Clean(kit.Truncate(h.Title, 30)), strings.Join(fields, ", ")))
		}
	}
	part(l.T("Records of its own"), r.Own)
	part(l.T("Mentions in other records"), r.Others)
	part(l.T("Known by the same words, and staying"), r.Stays)
	return append(
		lines,
		l.T("History: values %d, labels %d; drafts %d, lines typed %d", r.Values, r.Labels, r.Drafts, r.Lines),
		l.T("Backups and exports of before still hold it."),
	)
}

// eraseAnswer is the typed yes to an erasing.
type eraseAnswer struct{ ask erase.Ask }

func (m eraseAnswer) answered(a *App) {
	b, ctx, id := a.backend, a.ctx, a.backend.NewID()
	a.say(kit.Info, "Erasing; the book is written anew…")
	a.after = func() tea.Msg {
		done, err := b.Erase(ctx, m.ask, id)
		if err != nil {
			return erased{err: err}
		}
		s, err := b.Snapshot()
		return erased{done, s, err}
	}
}

// erased tells that somebody has been erased.
type erased struct {
	done erase.Report
	snap *table.Snapshot
	err  error
}

func (m erased) apply(a *App) {
	if m.err != nil {
		a.fail(m.err)
		return
	}
	a.changed(m.snap)
	if len(m.done.Copies) > 0 {
		a.say(kit.Warn, "Erased for good: %s stands in its place. These files may still hold it: %s", m.done.Becomes, strings.Join(m.done.Copies, ", "))
		return
	}
	a.say(kit.Good, "Erased for good: %s stands in its place.", m.done.Becomes)
}
