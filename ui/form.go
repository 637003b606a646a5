package ui

import (
	"errors"
	"maps"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/ui/kit"
)

// openForm is a form that is open: what it edits, and what its author had seen.
type openForm struct {
	kind   model.Kind
	before *model.Record // nil when a record is added
	form   *kit.Form
	id     model.ID          // of its draft: the record edited, the one that adding makes, or an id of its own
	many   []model.ID        // the records that a form of many changes
	preset map[string]string // what a form that adds was opened with

	drafted map[string]string // what the draft holds
	kept    bool              // there may be a draft of the form in the book

	note      string            // what is to be known of the form as long as there is nothing newer
	base      map[string]string // of a draft taken up again: what fields held that have been changed since
	meanwhile map[string]string // fields that others have changed since the form was opened, and who
	now       *model.Record     // while it is asked what holds: the record as it is
	theirs    []kit.Difference  // what is asked
}

// formFields turns the fields of a kind into a form. Hidden and computed fields have no place in it.
func (a *App) formFields(k model.Kind, r *model.Record) []kit.Field {
	var out []kit.Field
	for _, f := range model.SchemaOf(k).Stored() {
		if f.Has(model.FHidden) || f.Type == model.TParts || f.Name == "stub" || a.snap.Hides(k, f.Name) {
			continue
		}
		field := a.formField(f, r.Get(f.Name))
		if ids := r.Get(f.Name).IDs(); f.Type == model.TRef && len(ids) == 1 {
			field.Options = a.named(k, f.Name, ids[0])
		}
		out = append(out, field)
	}
	if r != nil {
		for _, fv := range r.Fields {
			if f, ok := model.SchemaOf(k).Field(fv.Name); ok && f.IsCustom() {
				out = append(out, a.formField(f, fv.Value))
			}
		}
	}
	return out
}

func (a *App) formField(f *model.Field, v model.Value) kit.Field {
	out := kit.Field{Key: f.Name, Label: a.lang.T(f.Label), Value: a.formText(f, v), Help: a.lang.T(f.Help), Required: f.Has(model.FRequired)}
	switch f.Type {
	case model.TLong:
		out.Kind = kit.KindLong
	case model.TNumber:
		out.Kind = kit.KindNumber
	case model.TMoney:
		out.Kind = kit.KindMoney
	case model.TDate:
		out.Kind = kit.KindDate
		out.Help = strings.TrimSpace(a.lang.T(f.Help) + " 2026-11-22, today, +90d, -2w, next fri")
	case model.TBool:
		out.Kind = kit.KindPick
		out.Options = []kit.Option{{Value: "", Label: "–"}, {Value: "yes", Label: a.lang.T("yes")}, {Value: "no", Label: a.lang.T("no")}}
	case model.TPick:
		out.Kind = kit.KindPick
		out.Options = []kit.Option{{Value: "", Label: "–"}}
		for _, o := range f.Options {
			out.Options = append(out.Options, kit.Option{Value: o, Label: pickWord(a.lang, f.Name, o)})
		}
	case model.TRef, model.TPerson:
		out.Kind = kit.KindRef
	case model.TList, model.TRefs:
		out.Kind = kit.KindMany
		for _, word := range linesOf(out.Value) {
			out.Options = append(out.Options, a.manyOption(f, word))
		}
	}
	return out
}

// manyOption is one of several values in words: the title of a record, a word as it is.
func (a *App) manyOption(f *model.Field, value string) kit.Option {
	if id, err := model.ParseID(value); err == nil && f.Type == model.TRefs {
		if row, ok := a.snap.Table(f.Ref).Row(id); ok {
			return kit.Option{Value: value, Label: a.snap.Title(f.Ref, row)}
		}
	}
	return kit.Option{Value: value, Label: value}
}

// named is the option of a reference field for a record: the form shows its title, not its id.
func (a *App) named(k model.Kind, field string, id model.ID) []kit.Option {
	f, ok := model.SchemaOf(k).Field(field)
	if !ok || a.snap.Table(f.Ref) == nil {
		return nil
	}
	row, ok := a.snap.Table(f.Ref).Row(id)
	if !ok {
		return nil
	}
	return []kit.Option{{Value: id.String(), Label: a.snap.Title(f.Ref, row)}}
}

// lookup finds the records that a reference field offers for what has been typed.
func (a *App) lookup(k model.Kind) func(key, typed string) []kit.Option {
	return func(key, typed string) []kit.Option {
		f, ok := model.SchemaOf(k).Field(key)
		if ok && f.Type == model.TPerson {
			return a.people(typed)
		}
		if ok && f.Type == model.TList {
			return a.wordsFor(k, key, typed)
		}
		if !ok || a.snap.Table(f.Ref) == nil {
			return nil
		}
		var out []kit.Option
		t := a.snap.Table(f.Ref)
		if id, err := model.ParseID(typed); err == nil {
			if row, ok := t.Row(id); ok {
				return []kit.Option{{Value: id.String(), Label: a.snap.Title(f.Ref, row)}}
			}
		}
		for _, row := range a.snap.Find(f.Ref, typed, 30) {
			out = append(out, kit.Option{Value: t.ID(row).String(), Label: a.snap.Title(f.Ref, row)})
		}
		return out
	}
}

// people offers the users whose handle or name holds what was typed, and the word itself: a person
// may be named before there is a user.
func (a *App) people(typed string) []kit.Option {
	var out []kit.Option
	t := a.snap.Table(model.User)
	exact := false
	for _, row := range a.snap.Find(model.User, typed, 30) {
		handle := t.Str(row, "handle")
		exact = exact || handle == typed
		out = append(out, kit.Option{Value: handle, Label: strings.TrimSpace(handle + "  " + t.Str(row, "name"))})
	}
	if typed != "" && !exact {
		out = append(out, kit.Option{Value: typed, Label: typed})
	}
	return out
}

// wordsFor offers the words that records have in a field of several words, and the word itself.
func (a *App) wordsFor(k model.Kind, field, typed string) []kit.Option {
	var out []kit.Option
	want, exact := query.Fold(typed), typed == ""
	for _, w := range a.snap.Values(k, field, 200) {
		if strings.Contains(query.Fold(w), want) {
			out = append(out, kit.Option{Value: w, Label: w})
			exact = exact || w == typed
		}
	}
	if !exact {
		out = append(out, kit.Option{Value: typed, Label: typed})
	}
	return out
}

func (a *App) newForm(title string, k model.Kind, fields []kit.Field) *kit.Form {
	f := a.kitForm(title, fields)
	f.Validate = func(key, value string) error { _, err := a.parseField(k, key, value); return a.saidError(err) }
	f.Lookup = a.lookup(k)
	f.Editor = a.editor()
	return f
}

func (a *App) pushForm(o *openForm) { a.stack.Push(&kit.FormDialog{Form: o.form, ID: o}) }

// openEdit opens the form of a record; where a draft of it is there, it asks about that first.
func (a *App) openEdit(r *model.Record, draft *model.Draft) {
	if draft != nil {
		a.offerDraft(*draft, r)
		return
	}
	a.pushEdit(r)
}

func (a *App) pushEdit(r *model.Record) *openForm {
	f := a.newForm(a.lang.T("Edit %s %s", a.lang.T(r.Kind.String()), kit.Clean(r.Title())), r.Kind, a.formFields(r.Kind, r))
	if p, ok := a.list(); ok && a.page == nil {
		f.Focus(p.column().field)
	}
	o := &openForm{kind: r.Kind, before: r, form: f, id: r.ID}
	a.pushForm(o)
	return o
}

// openAdd opens an empty form of a kind with some fields filled in. These do not count as typed: who
// leaves the form at once is not asked about them.
func (a *App) openAdd(k model.Kind, preset map[string]string) *openForm {
	fields := a.formFields(k, nil)
	for i := range fields {
		fields[i].Value = preset[fields[i].Key]
		for _, line := range linesOf(fields[i].Value) {
			if id, err := model.ParseID(line); err == nil {
				fields[i].Options = append(fields[i].Options, a.named(k, fields[i].Key, id)...)
			}
		}
	}
	if preset == nil {
		preset = map[string]string{}
	}
	o := &openForm{kind: k, form: a.newForm(a.lang.T("Add %s", a.lang.T(k.String())), k, fields), preset: preset, id: a.backend.NewID()}
	a.pushForm(o)
	return o
}

// preset fills in what a new record of the customer view surely is.
func (a *App) preset(k model.Kind) map[string]string {
	out := map[string]string{}
	if a.page != nil {
		id := a.page.id.String()
		if _, ok := model.SchemaOf(k).Field("customer"); ok {
			out["customer"] = id
		} else if f, ok := model.SchemaOf(k).Field("customers"); ok {
			out["customers"] = a.formText(f, model.Refs(a.page.id))
		}
	}
	today := a.snap.Today.String()
	switch k {
	case model.Touch:
		out["date"], out["by"], out["type"] = today, a.o.Actor, "call"
	case model.Task:
		out["owner"], out["due"] = a.o.Actor, today
	case model.Item:
		out["state"], out["kind"], out["opened"] = "new", "bug", a.o.Now().UTC().Format("2006-01-02 15:04")
	case model.Contract:
		out["start"], out["per"] = today, "year"
	}
	return out
}

// ownForm is the form of a pane that edits no record: it knows itself what follows from it.
type ownForm interface {
	formAnswered(a *App, ans kit.FormAnswer)
}

// formAnswered saves what a form has changed.
func (a *App) formAnswered(ans kit.FormAnswer) {
	if own, is := ans.ID.(ownForm); is {
		own.formAnswered(a, ans)
		return
	}
	o, ok := ans.ID.(*openForm)
	if !ok {
		return
	}
	if len(ans.Changes) == 0 && o.preset == nil {
		a.dropDraft(o)
		return
	}
	if o.many != nil {
		a.after = a.planBulk(o.kind, o.many, ans.Changes, o)
		return
	}
	after := o.before.Clone()
	if after == nil {
		after = model.NewRecord(o.kind, o.id)
	}
	typed := map[string]string{}
	maps.Copy(typed, o.preset)
	maps.Copy(typed, ans.Changes)
	for name, text := range typed {
		v, err := a.parseField(o.kind, name, text)
		if err != nil {
			a.openFormAgain(o, &model.FieldError{Field: name, Err: err})
			return
		}
		after.Set(name, v)
	}
	if err := after.Validate(); err != nil {
		a.openFormAgain(o, err)
		return
	}
	if o.asks(typed) {
		a.after = a.readConflict(o)
		return
	}
	if o.before == nil {
		a.after = a.step("add "+o.kind.String()+" "+after.Title(), o, model.CreateOp(after))
		return
	}
	op, changed := model.UpdateOp(o.before, after)
	if !changed {
		a.dropDraft(o)
		return
	}
	a.after = a.step(editLabel(op, after), o, op)
}

// asks tells whether a draft that was taken up again changes what somebody else has changed since it was
// typed: what its author had seen is no longer there.
func (o *openForm) asks(typed map[string]string) bool {
	for name := range typed {
		if _, ok := o.base[name]; ok {
			return true
		}
	}
	return false
}

// editLabel names the fields of a change for the history.
func editLabel(op model.Op, r *model.Record) string {
	var names []string
	for i, c := range op.Changes {
		if i == 3 {
			names = append(names, "…")
			break
		}
		names = append(names, c.Field)
	}
	return "set " + strings.Join(names, ", ") + " of " + r.Kind.String() + " " + r.Title()
}

// openFormAgain shows a refused form with the reason, nothing that was typed being lost.
func (a *App) openFormAgain(o *openForm, err error) {
	var field *model.FieldError
	if errors.As(err, &field) {
		o.form.SetError(field.Field, a.lang.Say(field.Err.Error()))
	}
	a.fail(err)
	a.pushForm(o)
}

// setFields changes fields of a record without a form, as the command "set" does.
func (a *App) setFields(k model.Kind, id model.ID, changes map[string]string) tea.Cmd {
	values, err := a.parseChanges(k, changes)
	if err != nil {
		a.fail(err)
		return nil
	}
	b, ctx, step := a.backend, a.ctx, model.Step{ID: a.backend.NewID(), Actor: a.o.Actor}
	return func() tea.Msg {
		before, err := b.Get(k, id)
		if err != nil {
			return stepDone{err: err}
		}
		after := before.Clone()
		applyChanges(after, values)
		op, changed := model.UpdateOp(before, after)
		if !changed {
			return stepDone{err: errors.New("nothing changes: the record is so already")}
		}
		step.Label, step.Ops = editLabel(op, after), []model.Op{op}
		done, err := b.Do(ctx, step)
		return finished(b, done, "saved", err, nil)
	}
}
