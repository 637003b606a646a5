package ui

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// conflictRead brings a record as it is now, after somebody else has changed what a form changes too.
type conflictRead struct {
	form *openForm
	now  *model.Record
	who  map[string]string // by field: who changed it last
	err  error
}

// conflicting tells whether a step was refused because somebody else has changed fields of the form's record.
func conflicting(err error, form *openForm) bool {
	var c *model.ConflictError
	return form != nil && form.before != nil && errors.As(err, &c) && c.ID == form.before.ID && c.Field != ""
}

// readConflict reads what the others have made of a form's record.
func (a *App) readConflict(o *openForm) tea.Cmd {
	b := a.backend
	return func() tea.Msg {
		msg := conflictRead{form: o, who: map[string]string{}}
		if msg.now, msg.err = b.Get(o.kind, o.before.ID); msg.err != nil {
			return msg
		}
		entries, err := b.History(o.before.ID)
		for _, e := range slices.Backward(entries) { // The newest comes last and stays.
			for _, c := range e.Op.Changes {
				msg.who[c.Field] = e.Batch.Actor
			}
		}
		msg.err = err
		return msg
	}
}

// apply asks about every field that both have changed. What only one of them has changed is no question:
// theirs stands already, and mine is saved.
func (m conflictRead) apply(a *App) {
	if m.err != nil {
		a.openFormAgain(m.form, m.err)
		return
	}
	o := m.form
	var open []kit.Difference
	for _, name := range slices.Sorted(maps.Keys(o.form.Changes())) {
		if d, ok := a.difference(m, name); ok {
			open = append(open, d)
		}
	}
	if len(open) == 0 {
		o.accept(m.now)
		a.resubmit(o)
		return
	}
	words := kit.DifferencesWords{
		Before: a.lang.T("before"), Theirs: a.lang.T("theirs"), Mine: a.lang.T("yours"), Undecided: a.lang.T("which one holds?"),
		Keys: a.lang.T("t theirs · m yours · T M all of them · enter save · esc back to the form"),
	}
	title := a.lang.T("Changed meanwhile: %s", kit.Clean(m.now.Title()))
	o.now, o.theirs = m.now, open
	a.stack.Push(kit.NewDifferences(title, words, o, open))
}

// difference is a field that somebody else has changed in another way than the form.
func (a *App) difference(m conflictRead, name string) (kit.Difference, bool) {
	o := m.form
	now := m.now.Get(name)
	base, drafted := o.base[name]
	if !drafted {
		base = valueWords(a.lang, a.snap, o.kind, name, o.before.Get(name))
		if now == o.before.Get(name) {
			return kit.Difference{}, false
		}
	}
	mine, err := a.parseField(o.kind, name, o.form.Changes()[name])
	if err != nil || mine == now {
		return kit.Difference{}, false
	}
	who := m.who[name]
	if who == "" {
		who = "?"
	}
	return kit.Difference{
		Key: name, Label: fieldLabel(a, o.kind, name), Base: base, Who: who,
		Theirs: whole(a, o.kind, name, now), Mine: whole(a, o.kind, name, mine),
	}, true
}

// whole writes a value for somebody who has to choose: long texts are not cut, references have their title.
func whole(a *App, k model.Kind, name string, v model.Value) string {
	switch {
	case v.IsZero():
		return ""
	case len(v.IDs()) > 0:
		return valueWords(a.lang, a.snap, k, name, v)
	}
	return v.Format()
}

func fieldLabel(a *App, k model.Kind, name string) string {
	if f, ok := model.SchemaOf(k).Field(name); ok {
		return a.lang.T(f.Label)
	}
	return name
}

// accept takes a record as it is now for what the form was opened on.
func (o *openForm) accept(now *model.Record) {
	o.before, o.base, o.now, o.theirs, o.meanwhile = now, nil, nil, nil, nil
}

// resubmit saves a form once more, against the record as its author has seen it now.
func (a *App) resubmit(o *openForm) {
	a.formAnswered(kit.FormAnswer{ID: o, Form: o.form, Changes: o.form.Changes()})
}

// settled saves what was decided: the others' values stay as they are, one's own go over them.
func (a *App) settled(r kit.DifferencesAnswer) {
	o, ok := r.ID.(*openForm)
	if !ok {
		return
	}
	now := o.now
	left := false
	for name := range o.form.Changes() {
		if !r.Theirs[name] {
			left = true
			continue
		}
		if f, ok := model.SchemaOf(o.kind).Field(name); ok {
			o.form.Set(name, a.formText(f, now.Get(name)))
		}
	}
	o.accept(now)
	if !left {
		a.dropDraft(o)
		a.say(kit.Info, "What was there stays; nothing of yours was left to save.")
		return
	}
	a.resubmit(o)
}

// unsettled opens the form again, with what is there now beside each field that both have changed.
func (a *App) unsettled(r kit.DifferencesLeft) {
	o, ok := r.ID.(*openForm)
	if !ok {
		return
	}
	for _, d := range slices.Backward(o.theirs) {
		o.form.SetError(d.Key, a.lang.T("%s has made it %q", kit.Clean(d.Who), kit.Truncate(kit.Clean(d.Theirs), 40)))
	}
	a.pushForm(o)
}

// meanwhile notes in an open form what others change in its record.
func (a *App) meanwhile(n model.StepNews) {
	d, ok := a.stack.Top().(*kit.FormDialog)
	if !ok {
		return
	}
	o, ok := d.ID.(*openForm)
	if !ok || o.before == nil {
		return
	}
	for _, t := range n.Records {
		if t.ID != o.before.ID {
			continue
		}
		for _, name := range t.Fields {
			if f, ok := model.SchemaOf(o.kind).Field(name); ok && !f.Has(model.FHidden) {
				if o.meanwhile == nil {
					o.meanwhile = map[string]string{}
				}
				o.meanwhile[name] = n.Batch.Actor
			}
		}
	}
}

// notice is what the author of a form should know: that the draft is not kept, what others have changed in the
// record since the form was opened, and who has it open as well.
func (a *App) notice(o *openForm) string {
	if text := cmp.Or(a.drafts.failed, a.stopping); text != "" {
		return text
	}
	if len(o.meanwhile) > 0 {
		var fields []string
		who := ""
		for _, name := range slices.Sorted(maps.Keys(o.meanwhile)) {
			who = o.meanwhile[name]
			fields = append(fields, fieldLabel(a, o.kind, name))
		}
		return a.lang.T("%s has just changed %s; saving asks what holds", kit.Clean(who), strings.Join(fields, ", "))
	}
	if o.before == nil {
		return o.note
	}
	return cmp.Or(a.editors(o.before.ID), o.note)
}
