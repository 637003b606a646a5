package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// itemStep is a step of the workflow in the menu of steps.
type itemStep struct{ key, name, title string }

func itemSteps() []itemStep {
	return []itemStep{
		{"a", "accept", "Accept"},
		{"r", "reproduce", "Reproduce"},
		{"c", "confirm", "Confirm"},
		{"h", "hand-over", "Hand over"},
		{"s", "start", "Start the work"},
		{"f", "fix", "Fixed"},
		{"l", "release", "Released"},
		{"x", "close", "Close"},
		{"n", "answer", "Answered"},
		{"e", "decline", "Decline"},
		{"d", "duplicate", "Duplicate of"},
		{"u", "unmerge", "Take the merge back"},
		{"w", "swap", "Swap with its survivor"},
		{"p", "park", "Park"},
		{"z", "defer", "Snooze"},
		{"o", "reopen", "Reopen"},
		{"!", "escalate", "Escalate"},
		{"y", "respond", "Customer was answered"},
		{"t", "wait", "Wait for the customer"},
		{"g", "resume", "Go on"},
		{"q", "asked", "Customer wrote"},
		{"+", "link", "Link a customer"},
		{"-", "unlink", "Unlink a customer"},
		{"m", "tell", "Customer was told"},
		{"v", "waive", "Need not be told"},
		{"i", "decide", "Decide for a version"},
	}
}

// stepOfItem is a step chosen from the menu.
type stepOfItem struct {
	p    *queuePane
	name string
}

func (s stepOfItem) answered(a *App) { s.p.openStep(a, s.name) }

// actionNamed is the action of a name with the most that can be said with it.
func actionNamed(name string) model.Action {
	for _, act := range model.Actions(model.Item) {
		if act.Name == name {
			return act
		}
	}
	return model.Action{Kind: model.Item, Name: name}
}

// openStep takes a step at once where nothing has to be said with it, else asks.
func (p *queuePane) openStep(a *App, name string) {
	if name == "tell" && len(p.marked()) == 0 {
		p.openTell(a)
		return
	}
	act := actionNamed(name)
	asks := slices.ContainsFunc(act.Args, func(arg model.ActionArg) bool { return arg.Required })
	// What was seen while reproducing and where it was released are said nearly always.
	if asks || name == "reproduce" || name == "release" {
		p.askStep(a, act)
		return
	}
	a.after = p.take(a, nil, p.targets(), name, nil)
}

// itemForm is the form of what has to be said with a step.
type itemForm struct {
	p    *queuePane
	act  model.Action
	on   []model.ID
	form *kit.Form
}

// argKind is the kind of record that an action's words are kept in.
func argKind(act model.Action) model.Kind {
	if act.Makes != model.KNone {
		return act.Makes
	}
	return act.Kind
}

func (p *queuePane) askStep(a *App, act model.Action, preset ...string) {
	kind := argKind(act)
	var fields []kit.Field
	for _, arg := range act.Args {
		f, ok := model.SchemaOf(kind).Field(arg.Field)
		if !ok {
			continue
		}
		field := a.formField(f, model.Value{})
		field.Required = arg.Required
		if (arg.Field == "customer" || arg.Field == "customers") && act.Name != "link" {
			field.Kind, field.Options = kit.KindPick, p.customerOptions(act.Name)
			if len(field.Options) > 0 {
				field.Value = field.Options[0].Value
			}
		}
		for i := 0; i+1 < len(preset); i += 2 {
			if preset[i] == arg.Field {
				field.Value = preset[i+1]
				if id, err := model.ParseID(field.Value); err == nil && field.Kind == kit.KindRef {
					field.Options = a.named(kind, arg.Field, id)
				}
			}
		}
		fields = append(fields, field)
	}
	s := &itemForm{p: p, act: act, on: p.targets()}
	s.form = a.newForm(a.lang.T(stepTitle(act.Name)), kind, fields)
	a.stack.Push(&kit.FormDialog{Form: s.form, ID: s})
}

func stepTitle(name string) string {
	for _, s := range itemSteps() {
		if s.name == name {
			return s.title
		}
	}
	return name
}

// customerOptions are the customers that a step can be about: those who are still to be told, those who
// are linked, or all.
func (p *queuePane) customerOptions(step string) []kit.Option {
	_, row, ok := p.current()
	t := p.snap.Table(model.Customer)
	var rows []int32
	switch {
	case ok && (step == "tell" || step == "waive"):
		rows = p.snap.Untold(row)
	case ok && step == "unlink":
		rows = p.snap.Linked(row)
	}
	var out []kit.Option
	for _, r := range rows {
		out = append(out, kit.Option{Value: t.ID(r).String(), Label: p.snap.Title(model.Customer, r)})
	}
	return out
}

// formAnswered takes the step with what was said.
func (s *itemForm) formAnswered(a *App, ans kit.FormAnswer) {
	said := ans.Form.Values()
	a.after = s.p.take(a, s, s.on, s.act.Name, said)
}

// stepRefused brings a form back with the reason.
type stepRefused struct {
	form *itemForm
	err  error
}

func (m stepRefused) apply(a *App) {
	var field *model.FieldError
	if errors.As(m.err, &field) {
		m.form.form.SetError(field.Field, a.lang.Say(field.Err.Error()))
	}
	a.fail(m.err)
	a.stack.Push(&kit.FormDialog{Form: m.form.form, ID: m.form})
}

// take takes a step on items as one step of the book. Said holds what was typed, by field.
func (p *queuePane) take(a *App, form *itemForm, on []model.ID, name string, said map[string]string) tea.Cmd {
	act := actionNamed(name)
	var values []model.FieldValue
	for _, arg := range act.Args {
		text := strings.TrimSpace(said[arg.Field])
		if text == "" {
			continue
		}
		v, err := a.parseField(argKind(act), arg.Field, text)
		if err != nil {
			a.fail(&model.FieldError{Field: arg.Name, Err: err})
			return nil
		}
		values = append(values, model.FieldValue{Name: arg.Field, Value: v})
	}
	b, ctx, snap := a.backend, a.ctx, p.snap
	step := model.Step{ID: b.NewID(), Actor: a.o.Actor}
	m := model.Moment{Who: a.o.Actor, Today: a.snap.Today, Now: a.nowMillis()}
	return func() tea.Msg {
		book := bookDraft(snap, b)
		title := ""
		for _, id := range on {
			ops, r, err := takeOn(book, id, name, values, m, b.NewID)
			if err != nil {
				if form != nil {
					return stepRefused{form, err}
				}
				return stepDone{err: err}
			}
			title = r
			step.Ops = append(step.Ops, ops...)
		}
		if len(step.Ops) == 0 {
			return stepDone{err: errNothingChanges}
		}
		step.Label = fmt.Sprintf("%s item %s", name, title)
		if len(on) > 1 {
			step.Label = fmt.Sprintf("%s %d items", name, len(on))
		}
		done, err := b.Do(ctx, step)
		return finished(b, done, "saved", err, nil)
	}
}

// takeOn works a step out on one item of several, as those before it have left the book.
func takeOn(book *drafted, id model.ID, name string, values []model.FieldValue, m model.Moment, newID func() model.ID) ([]model.Op, string, error) {
	r, err := book.Get(model.Item, id)
	if err != nil {
		return nil, "", err
	}
	t := model.Taking{Record: r, Values: values, Rules: book.SLA(), NewID: newID, Moment: m}
	if row, ok := book.Table(model.Item).Row(id); ok {
		t.Facts = book.ItemFacts(row)
		if name == "decide" {
			t.Values = book.Deciding(row, values)
		}
	}
	if t.Action, _, err = model.FindAction(r, name, t.Facts.Severity); err != nil {
		return nil, "", err
	}
	ops, _, err := t.Ops(book)
	if err != nil {
		return nil, "", err
	}
	return ops, r.Title(), book.follow(ops)
}

// drafted is the book with the changes of a step that is still being put together.
type drafted struct {
	table.Around
	now map[model.ID]*model.Record
}

func bookDraft(s *table.Snapshot, b Backend) *drafted {
	return &drafted{Around: table.Around{Snapshot: s, Read: b.Get}, now: map[model.ID]*model.Record{}}
}

// Get implements model.Around.
func (d *drafted) Get(k model.Kind, id model.ID) (*model.Record, error) {
	if r := d.now[id]; r != nil {
		return r, nil
	}
	return d.Around.Get(k, id)
}

func (d *drafted) follow(ops []model.Op) error {
	for _, op := range ops {
		var was *model.Record
		if op.Verb != model.Create {
			r, err := d.Get(op.Kind, op.ID)
			if err != nil {
				return err
			}
			was = r
		}
		r, err := op.Apply(was)
		if err != nil {
			return err
		}
		d.now[op.ID] = r
	}
	return nil
}

// nowMillis is the clock as values of records hold it, on the day that figures are computed for.
func (a *App) nowMillis() int64 {
	now := a.o.Now().UnixMilli()
	return a.snap.Today.Time().UnixMilli() + now%86400000
}
