package ui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// textRead brings an overlay that a command has prepared.
type textRead struct {
	overlay kit.Overlay
	err     error
}

func (a *App) textRead(msg textRead) {
	if msg.err != nil {
		a.fail(msg.err)
		return
	}
	a.stack.Push(msg.overlay)
}

// historyLimit is how many steps the history overlay shows.
const historyLimit = 2000

// readHistory lists the last steps of everybody; one can be chosen to be looked at and undone.
func (a *App) readHistory() tea.Msg {
	return a.readSteps(a.lang.T("History: every step, newest first"), func(model.Batch) bool { return true })()
}

// readSteps lists the last steps of a sort.
func (a *App) readSteps(title string, wanted func(model.Batch) bool) tea.Cmd {
	b, l, now := a.backend, a.lang, a.o.Now()
	return func() tea.Msg { return listSteps(b, l, now, title, wanted) }
}

func listSteps(b Backend, l *lang.Lang, now time.Time, title string, wanted func(model.Batch) bool) tea.Msg {
	var items []kit.Item
	err := b.Batches(func(h model.Batch) bool {
		if !wanted(h) {
			return true
		}
		state := ""
		if h.Undone {
			state = l.T("(undone)") + " "
		}
		items = append(items, kit.Item{
			ID:    "batch\x00" + h.ID.String(),
			Title: fmt.Sprintf("%-14s %-10s %s%s", ago(l, h.Time, now), h.Actor, state, kindWord(l, h.Kind)+l.Say(h.Label)),
		})
		return len(items) < historyLimit
	})
	if len(items) == 0 && err == nil {
		return textRead{overlay: kit.NewPager(title, []kit.Spans{kit.Plain(l.T("Nothing of the kind has been done in this book yet."))})}
	}
	p := kit.NewPalette(title, items)
	p.Hint, p.None = l.T("words of a step, who did it, or undone"), l.T("no step is called so")
	return textRead{p, err}
}

func kindWord(l *lang.Lang, k model.BatchKind) string {
	if k == model.Exported {
		return l.T("export") + ": "
	}
	if k == model.Undo || k == model.Redo {
		return l.T(string(k)) + ": "
	}
	return ""
}

// undoAnswer is the answer of the dialog that shows a step.
type undoAnswer struct{ batch model.ID }

// openBatch shows what a step changed and offers to undo it.
func (a *App) openBatch(text string) {
	id, err := model.ParseID(text)
	if err != nil {
		return
	}
	b, s, now, readOnly, l := a.backend, a.snap, a.o.Now(), a.readOnly, a.lang
	a.after = func() tea.Msg {
		var head model.Batch
		if err := b.Batches(func(h model.Batch) bool { head = h; return h.ID != id }); err != nil {
			return textRead{err: err}
		}
		ops, err := b.Ops(head)
		if err != nil {
			return textRead{err: err}
		}
		question := l.T("%s by %s, %s", l.Say(head.Label), head.Actor, instant(l, head.Time, now)) + "\n"
		question += opsWords(l, s, ops)
		if readOnly {
			var lines []kit.Spans
			for l := range strings.SplitSeq(question, "\n") {
				lines = append(lines, kit.Plain(l))
			}
			return textRead{overlay: kit.NewPager(l.T("Step"), lines)}
		}
		return textRead{overlay: &kit.Confirm{Title: l.T("Undo this step?"), Question: question, Yes: l.T("Undo it"), No: l.T("Leave it"), Answer: undoAnswer{id}}}
	}
}

// fewOps is how many changes of a step are told one by one.
const fewOps = 8

// opsWords tells what a step did: a small one change by change, a large one by how many records of
// which kind it touched.
func opsWords(l *lang.Lang, s *table.Snapshot, ops []model.Op) string {
	var b strings.Builder
	if len(ops) <= fewOps {
		for _, op := range ops {
			b.WriteString(opWords(l, s, op) + "\n")
		}
		return b.String()
	}
	type sort struct {
		verb model.Verb
		kind model.Kind
	}
	counts := map[sort]int{}
	var order []sort
	for _, op := range ops {
		k := sort{op.Verb, op.Kind}
		if counts[k] == 0 {
			order = append(order, k)
		}
		counts[k]++
	}
	for _, k := range order {
		fmt.Fprintf(&b, "%s %s\n", l.In("change", k.verb.String()), plural(l, counts[k], k.kind))
	}
	return b.String()
}

// opWords writes a change in a line: what became of which record, and its first fields.
func opWords(l *lang.Lang, s *table.Snapshot, op model.Op) string {
	name := op.ID.String()
	if row, ok := s.Table(op.Kind).Row(op.ID); ok {
		name = s.Title(op.Kind, row)
	}
	var fields []string
	for i, c := range op.Changes {
		if f, ok := model.SchemaOf(op.Kind).Field(c.Field); ok && f.Has(model.FHidden) {
			continue // It is for the machine.
		}
		if i == 4 {
			fields = append(fields, "…")
			break
		}
		fields = append(fields, changeWords(l, s, op.Kind, c))
	}
	return l.T("%s %s %s: %s", l.In("change", op.Verb.String()), l.T(op.Kind.String()), name, strings.Join(fields, ", "))
}

// changeWords writes a field before and after.
func changeWords(l *lang.Lang, s *table.Snapshot, k model.Kind, c model.Change) string {
	from, to := valueWords(l, s, k, c.Field, c.From), valueWords(l, s, k, c.Field, c.To)
	switch {
	case c.From.IsZero():
		return fieldWord(l, k, c.Field) + " " + to
	case c.To.IsZero():
		return fieldWord(l, k, c.Field) + " " + from + " → " + l.T("nothing")
	}
	return fieldWord(l, k, c.Field) + " " + from + " → " + to
}

// valueWords writes a value for people: references by title.
func valueWords(l *lang.Lang, s *table.Snapshot, k model.Kind, field string, v model.Value) string {
	ids := v.IDs()
	if len(ids) == 0 {
		return kit.Truncate(kit.Clean(v.Format()), 60)
	}
	f, ok := model.SchemaOf(k).Field(field)
	if !ok || s.Table(f.Ref) == nil {
		return v.Format()
	}
	var names []string
	for _, id := range ids {
		if row, ok := s.Table(f.Ref).Row(id); ok {
			names = append(names, s.Title(f.Ref, row))
		} else {
			names = append(names, id.String())
		}
	}
	return strings.Join(names, ", ")
}

// readRecordLog lists the changes of one record.
func (a *App) readRecordLog(k model.Kind, id model.ID, title string) tea.Cmd {
	b, s, now, l := a.backend, a.snap, a.o.Now(), a.lang
	return func() tea.Msg {
		entries, err := b.History(id)
		if err != nil {
			return textRead{err: err}
		}
		return textRead{overlay: kit.NewPager(l.T("Log of %s", kit.Clean(title)), entryLines(l, s, entries, now))}
	}
}

func entryLines(l *lang.Lang, s *table.Snapshot, entries []model.Entry, now time.Time) []kit.Spans {
	var lines []kit.Spans
	for _, e := range entries {
		lines = append(lines, kit.Spans{
			{Text: instant(l, e.Batch.Time, now), Token: kit.Muted},
			{Text: "  " + e.Batch.Actor + "  ", Token: kit.Accent},
			{Text: kindWord(l, e.Batch.Kind) + l.Say(e.Batch.Label)},
		})
		for _, c := range e.Op.Changes {
			if c.Field != "keys" && c.Field != model.MergedKeys {
				lines = append(lines, kit.Spans{{Text: "    " + changeWords(l, s, e.Op.Kind, c), Token: kit.Text}})
			}
		}
	}
	return lines
}
