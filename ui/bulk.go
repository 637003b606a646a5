package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// markAct carries out the actions that mark rows of a list.
func (p *listPane) markAct(a *App, act Action) bool {
	switch act {
	case ActMark:
		p.g.ToggleMark()
		p.anchor = p.g.Row()
		p.g.Move(1)
	case ActMarkRange:
		p.g.MarkRange(p.anchor, p.g.Row())
		p.anchor = p.g.Row()
	case ActMarkAll:
		p.remark(func(bool) bool { return true })
	case ActMarkInvert:
		p.remark(func(marked bool) bool { return !marked })
	case ActMarkClear:
		p.g.ClearMarks()
	default:
		return false
	}
	p.g.Footer = p.footer(p.snap.Table(p.sp.kind))
	if n := p.g.MarkCount(); n > 0 {
		a.say(kit.Info, "%s marked: e edits them all, t logs a touch with each, D removes them", plural(a.lang, n, p.sp.kind))
	}
	return true
}

// remark marks anew what the filter lets through, also what is folded away.
func (p *listPane) remark(want func(marked bool) bool) {
	t := p.snap.Table(p.sp.kind)
	for _, row := range p.rows {
		key := t.ID(row).String()
		p.g.SetMark(key, want(p.g.IsMarked(key)))
	}
}

// marked lists the rows that are marked and still there.
func (p *listPane) marked() []int32 {
	var rows []int32
	t := p.snap.Table(p.sp.kind)
	for _, key := range p.g.Marks() {
		if id, err := model.ParseID(key); err == nil {
			if row, ok := t.Row(id); ok {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// markedIDs are the marked records of the list that is shown; none in the customer view, where the
// marks cannot be seen.
func (a *App) markedIDs() (model.Kind, []model.ID) {
	p, ok := a.list()
	if !ok || a.page != nil || a.snap == nil {
		return model.KNone, nil
	}
	t := a.snap.Table(p.sp.kind)
	var ids []model.ID
	for _, row := range p.marked() {
		ids = append(ids, t.ID(row))
	}
	return p.sp.kind, ids
}

// bulkPlanned is a change of many records, worked out and not yet made.
type bulkPlanned struct {
	step    model.Step
	preview string
	err     error
	form    *openForm // that asked for it, nil for commands
}

// bulkAnswer is the answer of the dialog that shows what a change of many records will do.
type bulkAnswer struct {
	step model.Step
	form *openForm
}

// openBulkEdit opens the form of the marked records. It starts empty: only what is filled in changes.
func (a *App) openBulkEdit(k model.Kind, ids []model.ID) *openForm {
	f := a.kitForm(a.lang.T("Edit %s: what is filled in changes on all", plural(a.lang, len(ids), k)), optional(a.formFields(k, nil)))
	f.Validate = func(key, value string) error {
		if value == "" {
			return nil
		}
		_, err := a.parseField(k, key, value)
		return a.saidError(err)
	}
	f.Lookup = a.lookup(k)
	f.Editor = a.editor()
	o := &openForm{kind: k, form: f, many: ids, id: a.backend.NewID()}
	a.pushForm(o)
	return o
}

func optional(fields []kit.Field) []kit.Field {
	for i := range fields {
		fields[i].Required = false
	}
	return fields
}

// planBulk works out a change of many records as one step, with a preview that says what becomes of
// which field.
func (a *App) planBulk(k model.Kind, ids []model.ID, changes map[string]string, form *openForm) tea.Cmd {
	values, err := a.parseChanges(k, changes)
	if err != nil {
		a.fail(err)
		return nil
	}
	b, s, l := a.backend, a.snap, a.lang
	step := model.Step{ID: b.NewID(), Actor: a.o.Actor}
	return func() tea.Msg {
		from := map[string]map[string]int{}
		for _, id := range ids {
			before, err := b.Get(k, id)
			if err != nil {
				return bulkPlanned{err: err, form: form}
			}
			after := before.Clone()
			applyChanges(after, values)
			op, changed := model.UpdateOp(before, after)
			if !changed {
				continue
			}
			step.Ops = append(step.Ops, op)
			for _, c := range op.Changes {
				if from[c.Field] == nil {
					from[c.Field] = map[string]int{}
				}
				from[c.Field][valueWords(l, s, k, c.Field, c.From)]++
			}
		}
		if len(step.Ops) == 0 {
			return bulkPlanned{err: errors.New("nothing changes: the records are so already"), form: form}
		}
		step.Label = "set " + strings.Join(sortedKeys(values), ", ") + " of " + plural(nil, len(step.Ops), k)
		preview := l.T("%s will change:", plural(l, len(step.Ops), k)) + "\n"
		for _, key := range sortedKeys(values) {
			name, op := changeOf(key)
			to := orNothing(l, valueWords(l, s, k, name, values[key]))
			if op != 0 {
				to = string(op) + " " + to
			}
			preview += fmt.Sprintf("  %s: %s → %s\n", fieldWord(l, k, name), fromWords(l, from[name]), to)
		}
		return bulkPlanned{step: step, preview: preview, form: form}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// fromWords names what a field is now on the records that change, the most frequent first.
func fromWords(l *lang.Lang, counts map[string]int) string {
	names := sortedKeys(counts)
	slices.SortStableFunc(names, func(x, y string) int { return counts[y] - counts[x] })
	var parts []string
	for i, n := range names {
		if i == 3 {
			parts = append(parts, l.T("%d other values", len(names)-i))
			break
		}
		parts = append(parts, fmt.Sprintf("%s (%d)", orNothing(l, n), counts[n]))
	}
	return strings.Join(parts, ", ")
}

func orNothing(l *lang.Lang, s string) string {
	if s == "" {
		return l.T("nothing")
	}
	return s
}

// bulkPlanned shows what will happen; it is one step, so it is one undo.
// Whoever does not want it is back in the form.
func (a *App) bulkPlanned(msg bulkPlanned) {
	if msg.form != nil {
		a.pushForm(msg.form)
	}
	if msg.err != nil {
		a.fail(msg.err)
		return
	}
	a.stack.Push(&kit.Confirm{
		Title: a.lang.T("Change many records"), Question: msg.preview + a.lang.T("One undo takes it back."), Yes: a.lang.T("Change them"), No: a.lang.T("Leave them"), Answer: bulkAnswer{msg.step, msg.form},
	})
}

// do saves a step that has been planned.
func (a *App) doStep(s model.Step, form *openForm) tea.Cmd {
	ctx, b := a.ctx, a.backend
	return func() tea.Msg {
		done, err := b.Do(ctx, s)
		return finished(b, done, "saved", err, form)
	}
}

// planRemoval works out the removal of the marked records.
func (a *App) planRemoval(k model.Kind, ids []model.ID) tea.Cmd {
	b, l := a.backend, a.lang
	step := model.Step{ID: b.NewID(), Actor: a.o.Actor, Label: "remove " + plural(nil, len(ids), k)}
	return func() tea.Msg {
		for _, id := range ids {
			r, err := b.Get(k, id)
			if err != nil {
				return bulkPlanned{err: err}
			}
			step.Ops = append(step.Ops, model.RemoveOp(r))
		}
		return bulkPlanned{step: step, preview: l.T("%s will be removed.", plural(l, len(ids), k)) + "\n"}
	}
}
