package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// tellAnswer is a customer that is being told.
type tellAnswer struct {
	p        *queuePane
	item     int32
	customer int32
}

// openTell lists the customers of the item under the cursor: who knows of its state and who does not.
func (p *queuePane) openTell(a *App) {
	_, row, ok := p.current()
	if !ok {
		return
	}
	customers, contacts, tellings := p.snap.Table(model.Customer), p.snap.Table(model.Contact), p.snap.Table(model.Telling)
	told := p.snap.Tellings(row)
	state := p.snap.Table(model.Item).Str(row, "state")
	if told == nil {
		a.say(kit.Warn, a.lang.T("%s is no news that customers are told of", pickWord(a.lang, "state", state)))
		return
	}
	var items []kit.Item
	for _, c := range p.snap.Linked(row) {
		it := kit.Item{ID: customers.ID(c).String(), Title: kit.Clean(customers.Str(c, "name")), Value: tellAnswer{p, row, c}}
		if who := p.snap.Addressee(row, c); who >= 0 {
			it.Help = kit.Clean(contacts.Str(who, "name"))
		}
		if owner := customers.Str(c, "owner"); owner != "" {
			it.Help += " · " + owner
		}
		if k, ok := told[c]; ok {
			it.Disabled = a.lang.T("told on %s", tellings.Day(k, "date").String())
			if tellings.Str(k, "waived") != "" {
				it.Disabled = a.lang.T("need not be told")
			}
		}
		items = append(items, it)
	}
	if len(items) == 0 {
		a.say(kit.Warn, a.lang.T("no customer is linked to the item"))
		return
	}
	// Who is still to be told stands first, so that the same keys tell one after the other.
	slices.SortStableFunc(items, func(x, y kit.Item) int { return min(1, len(x.Disabled)) - min(1, len(y.Disabled)) })
	a.stack.Push(kit.NewMenu(a.lang.T("Told of “%s”: %s of %s", pickWord(a.lang, "state", state), fmt.Sprint(len(items)-len(p.snap.Untold(row))), fmt.Sprint(len(items))), items))
}

// answered opens the form in which telling is ticked off, with a draft in the customer's language.
func (t tellAnswer) answered(a *App) {
	if a.readOnly {
		a.say(kit.Warn, a.lang.T("reading only (ctrl+o switches)"))
		return
	}
	act := actionNamed("tell")
	draft := t.p.snap.News(t.item, t.customer, a.o.Actor).Text()
	preset := []string{
		"customer", t.p.snap.Table(model.Customer).ID(t.customer).String(), "channel", "mail", "date", a.snap.Today.String(), "text", draft,
	}
	if who := t.p.snap.Addressee(t.item, t.customer); who >= 0 {
		preset = append(preset, "contact", t.p.snap.Table(model.Contact).ID(who).String())
	}
	t.p.askStep(a, act, preset...)
}

// answerWith is a way to answer a question: with an entry of the handbook, with a new one, or without.
type answerWith struct {
	p       *queuePane
	article model.ID
	write   bool
}

// openAnswer looks for entries of the handbook that answer the item under the cursor.
func (p *queuePane) openAnswer(a *App) {
	_, row, ok := p.current()
	if !ok {
		return
	}
	t, summary := p.snap.Table(model.Article), p.snap.Table(model.Item).Str(row, "summary")
	item := func(r int32) kit.Item {
		uses, _ := t.Num(r, "uses")
		return kit.Item{ID: t.ID(r).String(), Title: kit.Clean(t.Str(r, "title")), Help: a.lang.N(int(uses), "%s use", "%s uses", a.lang.Int(int64(uses))), Value: answerWith{p: p, article: t.ID(r)}}
	}
	var items []kit.Item
	for _, r := range p.snap.LikeArticles(summary, proposed) {
		items = append(items, item(r))
	}
	items = append(items,
		kit.Item{ID: "write", Title: a.lang.T("Write a new entry"), Help: a.lang.T("from this question"), Value: answerWith{p: p, write: true}},
		kit.Item{ID: "without", Title: a.lang.T("Answer without an entry"), Value: answerWith{p: p}})
	palette := kit.NewPalette(a.lang.T("Answer with"), items)
	palette.Search = func(typed string) []kit.Item {
		var out []kit.Item
		for _, r := range p.snap.Find(model.Article, typed, 30) {
			out = append(out, item(r))
		}
		return out
	}
	a.stack.Push(palette)
}

func (w answerWith) answered(a *App) {
	if !w.write {
		a.after = w.p.take(a, nil, w.p.targets(), "answer", map[string]string{"article": w.article.String()})
		return
	}
	_, row, ok := w.p.current()
	if !ok {
		return
	}
	t := w.p.snap.Table(model.Item)
	s := &entryForm{p: w.p, item: t.ID(row)}
	var fields []kit.Field
	for _, name := range []string{"title", "question", "answer", "area"} {
		f, _ := model.SchemaOf(model.Article).Field(name)
		field := a.formField(f, model.Value{})
		if name == "title" || name == "question" {
			field.Value = t.Str(row, "summary")
		}
		if name == "area" {
			field.Value = t.Str(row, "area")
		}
		fields = append(fields, field)
	}
	s.form = a.newForm(a.lang.T("Write a new entry"), model.Article, fields)
	a.stack.Push(&kit.FormDialog{Form: s.form, ID: s})
}

// entryForm is the form of a handbook entry that is made of a question.
type entryForm struct {
	p    *queuePane
	item model.ID
	form *kit.Form
}

// formAnswered writes the entry and answers the item with it, as one step.
func (s *entryForm) formAnswered(a *App, ans kit.FormAnswer) {
	r := model.NewRecord(model.Article, a.backend.NewID())
	for name, text := range ans.Form.Values() {
		v, err := a.parseField(model.Article, name, text)
		if err != nil {
			s.form.SetError(name, a.lang.Say(err.Error()))
			a.stack.Push(&kit.FormDialog{Form: s.form, ID: s})
			return
		}
		r.Set(name, v)
	}
	model.Prefill(r, model.Moment{Who: a.o.Actor, Today: a.snap.Today, Now: a.nowMillis()})
	a.after = s.p.takeWith(a, r, s.item)
}

// takeWith answers an item with an entry that is written in the same step.
func (p *queuePane) takeWith(a *App, entry *model.Record, item model.ID) tea.Cmd {
	b, ctx, snap := a.backend, a.ctx, p.snap
	step := model.Step{ID: b.NewID(), Actor: a.o.Actor, Label: "answer with a new entry: " + entry.Title()}
	m := model.Moment{Who: a.o.Actor, Today: a.snap.Today, Now: a.nowMillis()}
	return func() tea.Msg {
		book := bookDraft(snap, b)
		ops, _, err := takeOn(book, item, "answer", []model.FieldValue{{Name: "article", Value: model.Ref(entry.ID)}}, m, b.NewID)
		if err != nil {
			return stepDone{err: err}
		}
		step.Ops = append([]model.Op{model.CreateOp(entry)}, ops...)
		done, err := b.Do(ctx, step)
		return finished(b, done, "saved", err, nil)
	}
}
