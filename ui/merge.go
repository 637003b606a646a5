package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/report"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// mergeBindings are the keys by which duplicates are found and merged, and what is to be forgotten erased.
func mergeBindings() []Binding {
	merge := Binding{
		Keys: []string{"m"}, Action: ActMerge, Label: "merge", Writes: true,
		Help: "Merge a duplicate into the record that stays; shows first what changes.",
	}
	inList, inPage := merge, merge
	inList.Scope, inPage.Scope = ScopeCustomers, ScopeCustomer
	inPage.Help = "Merge the contact under the cursor, else the customer, into the one that stays."
	return append([]Binding{inList, inPage, {
		ScopeCustomers, []string{"&"}, ActDuplicates, "duplicates", "List suspected duplicates with the reason; choosing one shows their merge.", false, false,
	}}, eraseBindings()...)
}

// mostSuspects bounds the list of suspected duplicates; the report lists them all.
const mostSuspects = 200

// mergePair is a duplicate and the record that it goes into.
type mergePair struct {
	kind       model.Kind
	from, into model.ID
}

// answered works the merge out and shows it.
func (p mergePair) answered(a *App) { a.after = a.planMerge(p) }

// mergeTarget is the record that merging is about: the contact under the cursor of the customer view, else
// the customer at hand.
func (a *App) mergeTarget() (model.Kind, model.ID, bool) {
	if a.page != nil {
		if l := a.page.line(); l.kind == model.Contact && !l.id.IsZero() {
			return l.kind, l.id, true
		}
	}
	k, row, ok := a.target()
	if !ok || !model.CanMerge(k) {
		return k, model.ID{}, false
	}
	return k, a.snap.Table(k).ID(row), true
}

// openMerge lets pick the record that stays, by its name. Records that may be the same one are offered as
// soon as they are found.
func (a *App) openMerge() {
	k, id, ok := a.mergeTarget()
	if !ok {
		a.say(kit.Warn, "merge: no customer or contact is under the cursor")
		return
	}
	p := a.mergePalette(k, id, nil)
	a.stack.Push(p)
	s := a.snap
	a.after = func() tea.Msg {
		out := suspectsFound{kind: k, id: id, under: p}
		t := s.Table(k)
		for _, pair := range report.Suspects(s, k) {
			switch id {
			case t.ID(pair.Row):
				out.pairs = append(out.pairs, pair)
			case t.ID(pair.Other):
				out.pairs = append(out.pairs, report.Pair{Row: pair.Other, Other: pair.Row, Reason: pair.Reason})
			}
		}
		return out
	}
}

func (a *App) mergePalette(k model.Kind, id model.ID, suspects []kit.Item) *kit.Palette {
	t := a.snap.Table(k)
	row, _ := t.Row(id)
	p := kit.NewPalette(a.lang.T("Merge %s into", a.snap.Title(k, row)), suspects)
	p.Hint = a.lang.T("a few letters of the record that stays")
	p.None = a.lang.T("nothing is called so")
	p.Search = func(typed string) []kit.Item {
		if typed == "" {
			return nil
		}
		var out []kit.Item
		for _, found := range a.snap.Find(k, typed, 30) {
			if t.ID(found) != id {
				out = append(out, kit.Item{ID: "merge", Title: a.snap.Title(k, found), Help: a.mergeHelp(k, found), Value: mergePair{k, id, t.ID(found)}})
			}
		}
		return out
	}
	return p
}

// mergeHelp tells records of one name apart.
func (a *App) mergeHelp(k model.Kind, row int32) string {
	fields := []string{"external_id", "city", "country", "owner"}
	if k == model.Contact {
		fields = []string{"customer", "title", "email"}
	}
	var parts []string
	for _, f := range fields {
		if text := a.snap.Shown(k, row, f); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " · ")
}

// suspectsFound brings the records that may be the one to be merged.
type suspectsFound struct {
	kind  model.Kind
	id    model.ID
	under *kit.Palette
	pairs []report.Pair
}

func (m suspectsFound) apply(a *App) {
	if a.stack.Top() != kit.Overlay(m.under) || m.under.Query() != "" || len(m.pairs) == 0 {
		return
	}
	t := a.snap.Table(m.kind)
	var items []kit.Item
	for _, p := range m.pairs {
		if !t.Live(p.Other) {
			continue
		}
		items = append(items, kit.Item{
			ID: "merge", Title: a.snap.Title(m.kind, p.Other), Key: a.lang.Say(p.Reason), Help: a.mergeHelp(m.kind, p.Other),
			Value: mergePair{m.kind, m.id, t.ID(p.Other)},
		})
	}
	a.stack.Close()
	a.stack.Push(a.mergePalette(m.kind, m.id, items))
}

// duplicatesRead brings the suspected duplicates of the whole book.
type duplicatesRead struct {
	snap  *table.Snapshot
	pairs map[model.Kind][]report.Pair
}

func (a *App) readDuplicates() tea.Cmd {
	s := a.snap
	return func() tea.Msg {
		out := duplicatesRead{s, map[model.Kind][]report.Pair{}}
		for _, k := range []model.Kind{model.Customer, model.Contact} {
			out.pairs[k] = report.Suspects(s, k)
		}
		return out
	}
}

func (m duplicatesRead) apply(a *App) {
	var items []kit.Item
	total := 0
	for _, k := range []model.Kind{model.Customer, model.Contact} {
		t := m.snap.Table(k)
		total += len(m.pairs[k])
		for _, p := range m.pairs[k] {
			if len(items) == mostSuspects {
				break
			}
			it := kit.Item{
				ID: "merge", Title: m.snap.Title(k, p.Row) + " → " + m.snap.Title(k, p.Other), Key: a.lang.Say(p.Reason),
				Help: strings.Trim(a.mergeHelp(k, p.Row)+" → "+a.mergeHelp(k, p.Other), " →"), Value: mergePair{k, t.ID(p.Row), t.ID(p.Other)},
			}
			if a.readOnly {
				it.Disabled = a.lang.T("reading only (ctrl+o switches)")
			}
			items = append(items, it)
		}
	}
	if total == 0 {
		a.say(kit.Info, "No customers or contacts look like duplicates.")
		return
	}
	title := a.lang.T("Suspected duplicates: %s", a.lang.Int(int64(total)))
	if total > len(items) {
		title = a.lang.T("Suspected duplicates: the first %s of %s; opsdeck report duplicates lists all", a.lang.Int(int64(len(items))), a.lang.Int(int64(total)))
	}
	p := kit.NewPalette(title, items)
	p.Hint = a.lang.T("a few letters of a name; enter shows the merge")
	p.None = a.lang.T("nothing is called so")
	a.stack.Push(p)
}

// mergePlanned is a merge, worked out and not yet made.
type mergePlanned struct {
	pair mergePair
	plan *model.Merge
	err  error
}

func (a *App) planMerge(p mergePair) tea.Cmd {
	b := a.backend
	return func() tea.Msg {
		plan, err := b.PlanMerge(p.kind, p.from, p.into)
		return mergePlanned{p, plan, err}
	}
}

// apply shows what the merge will do, with a key that lets the other one stay.
func (m mergePlanned) apply(a *App) {
	if m.err != nil {
		a.fail(m.err)
		return
	}
	from, into := kit.Clean(m.plan.From.Title()), kit.Clean(m.plan.Into.Title())
	if t := a.snap.Table(m.pair.kind); from == into { // What tells the two apart.
		name := func(id model.ID) string {
			row, ok := t.Row(id)
			if help := a.mergeHelp(m.pair.kind, row); ok && help != "" {
				return from + " (" + kit.Clean(help) + ")"
			}
			return from
		}
		from, into = name(m.pair.from), name(m.pair.into)
	}
	a.stack.Push(&kit.Confirm{
		Title:    a.lang.T("Merge two records"),
		Question: a.lang.T("%s goes into %s:", from, into) + "\n" + strings.Join(MergeLines(a.lang, a.snap, m.plan, mostMergeLines), "\n") + "\n" + a.lang.T("One undo takes it back."),
		Yes:      a.lang.T("Merge them"), No: a.lang.T("Leave them"), Answer: mergeAnswer{m.pair, m.plan},
		Other: kit.Item{Key: "s", Title: a.lang.T("Swap"), Value: mergePair{m.pair.kind, m.pair.into, m.pair.from}},
	})
}

// mostMergeLines bounds each part of a merge's preview.
const mostMergeLines = 8

// MergeLines says what a merge does: what moves, which fields are filled, and which differ and stay, at most
// so many of each; 0 says all. A nil language is English.
func MergeLines(l *lang.Lang, s *table.Snapshot, m *model.Merge, most int) []string {
	var moves []string
	for _, mv := range m.Moves {
		moves = append(moves, plural(l, mv.Count, mv.Kind))
	}
	lines := []string{l.T("moves: %s", orNothing(l, strings.Join(moves, ", ")))}
	part := func(changes []model.Change, say func(c model.Change) string) {
		for i, c := range changes {
			if most > 0 && i == most && len(changes) > most+1 {
				lines = append(lines, l.T("%d more", len(changes)-i))
				break
			}
			lines = append(lines, say(c))
		}
	}
	k := m.From.Kind
	part(m.Fills, func(c model.Change) string { return l.T("fills %s", changeWords(l, s, k, c)) })
	part(m.Stays, func(c model.Change) string {
		return l.T("%s stays %s, and %s goes", fieldWord(l, k, c.Field), orNothing(l, valueWords(l, s, k, c.Field, c.From)), valueWords(l, s, k, c.Field, c.To))
	})
	return lines
}

// mergeAnswer is the yes to a merge.
type mergeAnswer struct {
	pair mergePair
	plan *model.Merge
}

func (r mergeAnswer) answered(a *App) {
	step := model.Step{ID: a.backend.NewID(), Actor: a.o.Actor, Label: r.plan.Label(), Ops: r.plan.Ops}
	save := a.doStep(step, nil)
	a.after = func() tea.Msg {
		msg, _ := save().(stepDone)
		return merged{msg, r.pair}
	}
}

// merged tells that two records have become one.
type merged struct {
	done stepDone
	pair mergePair
}

// apply goes on to the survivor where the duplicate was being looked at.
func (m merged) apply(a *App) {
	if m.done.err == nil && a.page != nil && a.page.id == m.pair.from {
		a.page.id = m.pair.into
	}
	a.stepDone(m.done)
}
