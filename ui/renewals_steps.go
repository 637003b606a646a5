package ui

import (
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/report"
	"opsdeck/ui/kit"
)

var errNothingChanges = errors.New("nothing changes: the record is so already")

// stepInvoices stands in the menu of steps for those on the customer's invoices.
const stepInvoices = "invoices"

// stepChoice is a step chosen from the menu.
type stepChoice struct {
	p    *renewalsPane
	name string
}

func (s stepChoice) answered(a *App) { s.p.openStep(a, s.name) }

// stepItems are the steps that can be taken on the renewal under the cursor, the others with the reason.
func (p *renewalsPane) stepItems(a *App) []kit.Item {
	_, row, ok := p.current()
	off := ""
	if ok {
		if lead := p.snap.Lead(row); !slices.Contains([]string{"open", "rolling", "lapsed"}, p.snap.Table(model.Contract).Str(lead, "renewal")) {
			off = a.lang.T("the renewal is closed")
		}
	}
	var out []kit.Item
	for _, s := range []struct{ key, name, title, help string }{
		{"r", "renew", "Renew", "write the next contract"},
		{"x", "expand", "Expand", "for more, from the renewal or a day on"},
		{"d", "downsell", "Downsell", "for less, from the renewal or a day on"},
		{"a", "amend", "Amend", "change the terms within the term"},
		{"e", "extend", "Extend", "move the end"},
		{"m", "merge-terms", "Merge terms", "several contracts become one"},
		{"c", "churn", "Churn", "closed as lost, with a reason"},
		{"k", "risk", "Note a risk", "with its evidence"},
		{"b", "bill", "Bill", "write the invoices of its cycles up to today"},
		{"p", stepInvoices, "Invoices", "take a payment, or remind"},
		{"s", "snapshot", "Keep a snapshot", "of what is said of all renewals now"},
	} {
		it := kit.Item{ID: s.name, Key: s.key, Title: a.lang.T(s.title), Help: a.lang.T(s.help), Value: stepChoice{p, s.name}}
		if model.WritesSuccessor(s.name) {
			it.Disabled = off
		}
		out = append(out, it)
	}
	return out
}

// stepForm is a form that asks what a step needs: the guided way to write a successor.
type stepForm struct {
	p    *renewalsPane
	name string
	row  int32
	id   model.ID
	form *kit.Form
}

// stepFields are the fields of a step's form, by the names that the command line has for them.
func (p *renewalsPane) stepFields(a *App, name string, row int32) []kit.Field {
	t := p.snap.Table(model.Contract)
	l := a.lang
	amount := kit.Field{
		Key: "amount", Label: l.T("Amount a year"), Kind: kit.KindMoney, Required: name == "expand" || name == "downsell",
		Help: l.T("now %s; empty leaves it so", moneyWords(l, p.snap, model.Contract, row, "target")),
	}
	until := kit.Field{Key: "until", Label: l.T("Until"), Kind: kit.KindDate, Help: l.T("last day; empty: as long as the term of now")}
	on := kit.Field{Key: "on", Label: l.T("From"), Kind: kit.KindDate, Help: l.T("a day within the term amends it; empty: from the renewal on")}
	seats := kit.Field{Key: "seats", Label: l.T("Seats"), Kind: kit.KindNumber, Help: l.T("now %s; empty leaves it so", p.snap.Shown(model.Contract, row, "seats"))}
	switch name {
	case "renew":
		on.Key, on.Help = "start", l.T("first day; empty: the day after the end")
		return []kit.Field{amount, seats, on, until}
	case "expand", "downsell":
		return []kit.Field{amount, seats, on, until}
	case "amend":
		on.Help = l.T("a day within the term; empty: today")
		return []kit.Field{on, amount, seats, until}
	case "extend":
		until.Required, until.Help = true, l.T("the new last day; now %s", t.Day(row, "end").String())
		return []kit.Field{until}
	case "merge-terms":
		on.Help = l.T("first day of the new contract; empty: when the first of them ends")
		return []kit.Field{p.mergeField(a, row), on, amount, until}
	case "churn":
		return []kit.Field{
			{Key: "reason", Label: l.T("Reason"), Kind: kit.KindText, Required: true, Help: l.T("why they leave, in a few words")},
			{Key: "until", Label: l.T("Until"), Kind: kit.KindDate, Help: l.T("last day; needed where the contract has no end")},
		}
	}
	if name == "snapshot" {
		return []kit.Field{
			{Key: "name", Label: l.T("Name"), Kind: kit.KindText, Required: true, Help: l.T("by which it is found again")},
			{Key: "notes", Label: l.T("Notes"), Kind: kit.KindText},
		}
	}
	risks := kit.Field{Key: "risk", Label: l.T("Risk"), Kind: kit.KindPick, Required: true}
	for _, r := range model.Risks() {
		risks.Options = append(risks.Options, kit.Option{Value: r, Label: l.T(r)})
	}
	return []kit.Field{risks, {Key: "evidence", Label: l.T("Evidence"), Kind: kit.KindText, Help: l.T("what was seen or said, and where")}}
}

// mergeField offers the customer's other contracts.
func (p *renewalsPane) mergeField(a *App, row int32) kit.Field {
	f := kit.Field{Key: "with", Label: a.lang.T("With"), Kind: kit.KindMulti, Required: true, Help: a.lang.T("contracts of the same customer")}
	t := p.snap.Table(model.Contract)
	for _, k := range t.Kids(t.To(row, "customer"), "customer") {
		if t.Live(k) && k != row && model.InForce(t.Str(k, "state")) {
			f.Options = append(f.Options, kit.Option{
				Value: t.ID(k).String(), Label: p.snap.Title(model.Contract, k) + " – " + t.Day(k, "end").String() + " · " + moneyWords(a.lang, p.snap, model.Contract, k, "arr"),
			})
		}
	}
	return f
}

// openStep opens the form of a step on the renewal under the cursor.
func (p *renewalsPane) openStep(a *App, name string) {
	_, row, ok := p.current()
	if !ok {
		return
	}
	switch name {
	case "bill":
		a.after = p.bill(a, row)
		return
	case stepInvoices:
		a.openInvoices(p.snap.Table(model.Contract).To(row, "customer"))
		return
	}
	if name != "merge-terms" {
		row = p.snap.Lead(row)
	}
	t := p.snap.Table(model.Contract)
	title := a.lang.T(name) + " · " + kit.Clean(t.Str(row, "customer_name")+" "+p.snap.Title(model.Contract, row))
	s := &stepForm{p: p, name: name, row: row, id: t.ID(row)}
	s.form = a.kitForm(title, p.stepFields(a, name, row))
	s.form.Validate = func(key, value string) error {
		_, err := s.value(a, key, value)
		return a.saidError(err)
	}
	a.stack.Push(&kit.FormDialog{Form: s.form, ID: s})
}

// value reads what was typed into a field of the form.
func (s *stepForm) value(a *App, key, text string) (model.FieldValue, error) {
	if s.name == "snapshot" {
		return model.FieldValue{Name: key, Value: model.Text(text)}, nil
	}
	for _, act := range model.Actions(model.Contract) {
		for _, arg := range act.Args {
			if act.Name != s.name || arg.Name != key {
				continue
			}
			v := model.FieldValue{Name: arg.Field}
			if strings.TrimSpace(text) == "" {
				return v, nil // What a step needs and has not got, it says itself.
			}
			var err error
			switch key {
			case "with":
				text = strings.ReplaceAll(text, ",", ";")
			case "evidence":
				v.Value = model.PartRows([][]string{{text}})
				return v, nil
			}
			v.Value, err = a.parseField(model.Contract, arg.Field, text)
			return v, err
		}
	}
	v, err := a.parseField(model.Contract, key, text)
	return model.FieldValue{Name: key, Value: v}, err
}

// formAnswered works the step out and shows what it would write.
func (s *stepForm) formAnswered(a *App, ans kit.FormAnswer) {
	if s.name == "snapshot" {
		a.after = s.p.keepSnapshot(a, ans.Changes)
		return
	}
	var said []model.FieldValue
	for key, text := range ans.Changes {
		v, err := s.value(a, key, text)
		if err != nil {
			s.again(a, &model.FieldError{Field: key, Err: err})
			return
		}
		if !v.Value.IsZero() {
			said = append(said, v)
		}
	}
	if s.name == "risk" {
		a.after = a.takeStep(model.Contract, s.id, "risk", said...)
		return
	}
	a.after = s.plan(a, said)
}

// again shows the form with the reason why the step cannot be taken.
func (s *stepForm) again(a *App, err error) {
	var field *model.FieldError
	if errors.As(err, &field) {
		s.form.SetError(field.Field, a.lang.Say(field.Err.Error()))
	}
	a.fail(err)
	a.stack.Push(&kit.FormDialog{Form: s.form, ID: s})
}

// stepPlanned is a step worked out and not yet taken.
type stepPlanned struct {
	form *stepForm
	plan model.RenewalPlan
	step model.Step
	err  error
}

// plan works the step out from the records as they are.
func (s *stepForm) plan(a *App, said []model.FieldValue) tea.Cmd {
	rows := s.p.snap.Lines(s.row)
	t := s.p.snap.Table(model.Contract)
	if s.name == "merge-terms" {
		rows = []int32{s.row}
		for _, v := range said {
			if v.Name != "merged" {
				continue
			}
			for _, id := range v.Value.IDs() {
				if row, ok := t.Row(id); ok {
					rows = append(rows, row)
				}
			}
		}
	}
	c, err := s.p.snap.Case(rows)
	if err != nil {
		s.again(a, err)
		return nil
	}
	b := a.backend
	c.Moment, c.NewID = a.renewalMoment(), b.NewID
	ids := make([]model.ID, len(rows))
	for i, row := range rows {
		ids[i] = t.ID(row)
	}
	step := model.Step{ID: b.NewID(), Actor: a.o.Actor}
	return func() tea.Msg {
		for _, id := range ids {
			r, err := b.Get(model.Contract, id)
			if err != nil {
				return stepPlanned{form: s, err: err}
			}
			c.Lines = append(c.Lines, r)
		}
		plan, err := c.Plan(s.name, said)
		step.Label, step.Ops = plan.Label, plan.Ops
		return stepPlanned{s, plan, step, err}
	}
}

// stepAnswer is a yes to a step that was shown.
type stepAnswer struct{ step model.Step }

func (s stepAnswer) answered(a *App) { a.after = a.doStep(s.step, nil) }

// apply shows what the step will write before it is taken.
func (m stepPlanned) apply(a *App) {
	if m.err != nil {
		m.form.again(a, m.err)
		return
	}
	text := m.plan.Label + "\n"
	for _, n := range m.plan.Successors {
		end := n.Get("end").Format()
		if end == "" {
			end = a.lang.T("open-ended")
		}
		text += "  " + n.Title() + ": " + n.Get("start").Format() + " – " + end + " · " + n.Get("amount").Format() + " / " + pickWord(a.lang, "per", n.Get("per").Str()) + "\n"
	}
	a.stack.Push(&kit.Confirm{
		Title: a.lang.T("Take the step"), Question: text + a.lang.T("One undo takes it back."), Yes: a.lang.T("Take it"), No: a.lang.T("Leave it"), Answer: stepAnswer{m.step},
	})
}

// keepSnapshot keeps what is said of the renewals now.
func (p *renewalsPane) keepSnapshot(a *App, typed map[string]string) tea.Cmd {
	b, ctx, s, m := a.backend, a.ctx, p.snap, a.renewalMoment()
	step := model.Step{ID: b.NewID(), Actor: a.o.Actor, Label: "snapshot " + typed["name"]}
	id := b.NewID()
	return func() tea.Msg {
		r := report.KeepSnapshot(s, id, typed["name"], m)
		r.Set("notes", model.Text(typed["notes"]))
		step.Ops = []model.Op{model.CreateOp(r)}
		done, err := b.Do(ctx, step)
		return finished(b, done, "saved", err, nil)
	}
}

// bill writes the invoices of a contract's cycles up to today that are not there yet.
func (p *renewalsPane) bill(a *App, row int32) tea.Cmd {
	var ops []model.Op
	for _, inv := range p.snap.Bills(row, p.snap.Today, a.backend.NewID) {
		ops = append(ops, model.CreateOp(inv))
	}
	if len(ops) == 0 {
		a.say(kit.Warn, a.lang.T("Nothing to bill: every cycle has its invoice, or no settlement is agreed."))
		return nil
	}
	return a.step("bill "+plural(nil, len(ops), model.Invoice)+" by "+p.snap.Today.String(), nil, ops...)
}
