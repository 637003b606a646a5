package ui

import (
	"strings"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// ActPassOn hands a customer's word to another department, where it is counted.
const ActPassOn Action = "pass on"

func passOnBindings() []Binding {
	var out []Binding
	for _, s := range []Scope{ScopeCustomers, ScopeCustomer} {
		out = append(out, Binding{s, []string{"P", "shift+p"}, ActPassOn, "pass on", "Pass a value or a success case on to marketing: P, then its letter.", false, true})
	}
	return out
}

// flowChosen is what is passed on.
type flowChosen struct{ flow string }

// openPassOn lets choose what is passed on of the customer at hand.
func (a *App) openPassOn() {
	if _, ok := a.touchCustomer(); !ok {
		return
	}
	a.stack.Push(kit.NewMenu(a.lang.T("Pass on"), []kit.Item{
		{ID: model.FlowValue, Key: "v", Title: pickWord(a.lang, "flow", model.FlowValue), Help: a.lang.T("what the customer finds valuable, in their words"), Value: flowChosen{model.FlowValue}},
		{ID: model.FlowCase, Key: "s", Title: pickWord(a.lang, "flow", model.FlowCase), Help: a.lang.T("a candidate for a published case"), Value: flowChosen{model.FlowCase}},
	}))
}

func (f flowChosen) answered(a *App) {
	c, ok := a.touchCustomer()
	if !ok {
		return
	}
	s := &passOnForm{flow: f.flow, customer: a.snap.Table(model.Customer).ID(c)}
	var fields []kit.Field
	for _, name := range []string{"title", "notes", "owner", "due"} {
		def, _ := model.SchemaOf(model.Task).Field(name)
		field := a.formField(def, model.Value{})
		if name == "title" {
			field.Value = f.flow + ": " + a.snap.Table(model.Customer).Str(c, "name")
		}
		fields = append(fields, field)
	}
	s.form = a.newForm(pickWord(a.lang, "flow", f.flow), model.Task, fields)
	a.stack.Push(&kit.FormDialog{Form: s.form, ID: s})
}

// passOnForm asks what whoever gets it has to know.
type passOnForm struct {
	flow     string
	customer model.ID
	form     *kit.Form
}

// formAnswered writes the task that passes it on.
func (s *passOnForm) formAnswered(a *App, ans kit.FormAnswer) {
	values := []model.FieldValue{{Name: "flow", Value: model.Pick(s.flow)}}
	for name, text := range ans.Form.Values() {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		v, err := a.parseField(model.Task, name, text)
		if err != nil {
			s.form.SetError(name, a.lang.Say(err.Error()))
			a.stack.Push(&kit.FormDialog{Form: s.form, ID: s})
			return
		}
		values = append(values, model.FieldValue{Name: name, Value: v})
	}
	customer := model.NewRecord(model.Customer, s.customer)
	row, _ := a.snap.Table(model.Customer).Row(s.customer)
	customer.Set("name", model.Text(a.snap.Table(model.Customer).Str(row, "name")))
	act, _, err := model.FindAction(customer, "pass-on", "")
	if err != nil {
		a.fail(err)
		return
	}
	task, err := act.Take(customer, a.backend.NewID(), values, model.Moment{Who: a.o.Actor, Today: a.snap.Today, Now: a.nowMillis()})
	if err != nil {
		a.fail(err)
		return
	}
	a.after = a.step("pass on "+task.Title(), nil, model.CreateOp(task))
}
