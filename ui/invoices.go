package ui

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/report"
	"opsdeck/ui/kit"
)

func invoiceBindings() []Binding {
	return []Binding{
		{ScopeToday, []string{"."}, ActSteps, "steps", "Take a payment, or remind: of the invoice on the line, or the customer's.", true, true},
		{ScopeCustomer, []string{"."}, ActSteps, "steps", "Take a payment, or remind: of the invoice under the cursor, else an open one.", false, true},
	}
}

// invoiceStep is a step on one invoice: pay or remind.
type invoiceStep struct {
	row  int32
	name string
}

func (s invoiceStep) answered(a *App) { a.openInvoiceStep(s) }

// invoiceChosen is an invoice whose steps are wanted.
type invoiceChosen struct{ row int32 }

func (c invoiceChosen) answered(a *App) { a.openInvoice(c.row) }

// openInvoices offers the steps on a customer's open invoices, the longest overdue first.
func (a *App) openInvoices(customer int32) {
	t := a.snap.Table(model.Invoice)
	var rows []int32
	if customer >= 0 {
		for _, k := range t.Kids(customer, "customer") {
			if state := t.Str(k, "state"); t.Live(k) && (state == "open" || state == "overdue") {
				rows = append(rows, k)
			}
		}
	}
	switch len(rows) {
	case 0:
		a.say(kit.Warn, "No invoice of this customer is open.")
		return
	case 1:
		a.openInvoice(rows[0])
		return
	}
	slices.SortStableFunc(rows, func(x, y int32) int { return cmp.Compare(t.Day(x, "due"), t.Day(y, "due")) })
	items := make([]kit.Item, len(rows))
	for i, row := range rows {
		items[i] = kit.Item{Title: a.invoiceWords(row), Help: pickWord(a.lang, "state", t.Str(row, "state")), Value: invoiceChosen{row}}
	}
	a.stack.Push(kit.NewPalette(a.lang.T("Open invoices")+" · "+kit.Clean(a.snap.Title(model.Customer, customer)), items))
}

// invoiceWords says of an invoice which it is, how much of it is open and when it was due.
func (a *App) invoiceWords(row int32) string {
	t := a.snap.Table(model.Invoice)
	return strings.Join([]string{kit.Clean(a.snap.Title(model.Invoice, row)), moneyWords(a.lang, a.snap, model.Invoice, row, "rest"), a.lang.T("due %s", a.lang.Date(t.Day(row, "due").String()))}, " · ")
}

// openInvoice offers the steps on one invoice; those that cannot be taken say why.
func (a *App) openInvoice(row int32) {
	t := a.snap.Table(model.Invoice)
	pay := kit.Item{Key: "p", Title: a.lang.T("Take a payment"), Help: a.lang.T("whole or in part"), Value: invoiceStep{row, "pay"}}
	remind := kit.Item{Key: "r", Title: a.lang.T("Remind"), Help: kit.Clean(t.Str(row, "reminder")), Value: invoiceStep{row, "remind"}}
	if state := t.Str(row, "state"); state == "settled" {
		pay.Disabled, remind.Disabled = a.lang.T("the invoice is settled"), a.lang.T("the invoice is settled")
	} else if t.Str(row, "reminder") == "" {
		remind.Disabled = a.lang.T("every level of reminding has been sent")
	} else if from := t.Day(row, "reminder_date"); from > a.snap.Today {
		remind.Help = a.lang.T("%s, due from %s", kit.Clean(t.Str(row, "reminder")), a.lang.Date(from.String()))
	}
	a.stack.Push(kit.NewMenu(a.lang.T("Invoice")+" "+a.invoiceWords(row), []kit.Item{pay, remind}))
}

// paymentForm asks what was paid and when.
type paymentForm struct {
	row  int32
	form *kit.Form
}

// openInvoiceStep asks what a payment needs; a reminder needs nothing.
func (a *App) openInvoiceStep(s invoiceStep) {
	id := a.snap.Table(model.Invoice).ID(s.row)
	if s.name == "remind" {
		a.after = a.takeStep(model.Invoice, id, "remind")
		return
	}
	f := &paymentForm{row: s.row}
	f.form = a.kitForm(a.lang.T("Take a payment")+" · "+a.invoiceWords(s.row), []kit.Field{
		{Key: "amount", Label: a.lang.T("Amount"), Kind: kit.KindMoney, Help: a.lang.T("now %s open; empty takes it all", moneyWords(a.lang, a.snap, model.Invoice, s.row, "rest"))},
		{Key: "on", Label: a.lang.T("Received"), Kind: kit.KindDate, Help: a.lang.T("day of receipt; empty: today")},
	})
	f.form.Validate = func(key, value string) error {
		_, err := f.value(a, key, value)
		return a.saidError(err)
	}
	a.stack.Push(&kit.FormDialog{Form: f.form, ID: f})
}

// value reads what was typed into a field of the form.
func (f *paymentForm) value(a *App, key, text string) (model.FieldValue, error) {
	v := model.FieldValue{Name: map[string]string{"amount": "paid", "on": "settled"}[key]}
	if strings.TrimSpace(text) == "" {
		return v, nil
	}
	var err error
	if v.Value, err = a.parseField(model.Invoice, v.Name, text); err != nil || key != "amount" {
		return v, err
	}
	now, _ := v.Value.Units()
	return v, model.PaymentFits(now, a.snap.Table(model.Invoice).Units(f.row, "rest"))
}

func (f *paymentForm) formAnswered(a *App, ans kit.FormAnswer) {
	var said []model.FieldValue
	for key, text := range ans.Changes {
		if v, err := f.value(a, key, text); err == nil && !v.Value.IsZero() {
			said = append(said, v)
		}
	}
	a.after = a.takeStep(model.Invoice, a.snap.Table(model.Invoice).ID(f.row), "pay", said...)
}

// takeStep takes a step of a workflow that changes one record.
func (a *App) takeStep(k model.Kind, id model.ID, name string, said ...model.FieldValue) tea.Cmd {
	b, ctx, m := a.backend, a.ctx, a.renewalMoment()
	step := model.Step{ID: b.NewID(), Actor: a.o.Actor}
	return func() tea.Msg {
		before, err := b.Get(k, id)
		if err != nil {
			return stepDone{err: err}
		}
		act, _, err := model.FindAction(before, name, "")
		if err != nil {
			return stepDone{err: err}
		}
		after, err := act.Take(before, id, said, m)
		if err != nil {
			return stepDone{err: err}
		}
		op, changed := model.UpdateOp(before, after)
		if !changed {
			return stepDone{err: errNothingChanges}
		}
		step.Label, step.Ops = name+" "+k.String()+" "+before.Title(), []model.Op{op}
		if name == "stage" {
			step.Label += ": " + after.Get("stage").Str()
		}
		done, err := b.Do(ctx, step)
		return finished(b, done, "saved", err, nil)
	}
}

// invoicesUnder offers the steps on the invoice under the cursor of Today, else on those of its customer.
func (p *todayPane) invoicesUnder(a *App) {
	k, row, ok := p.current()
	if !ok {
		return
	}
	a.invoicesOf(k, row)
}

// invoicesOf offers the steps on an invoice, or on the open ones of a record's customer.
func (a *App) invoicesOf(k model.Kind, row int32) {
	switch k {
	case model.Invoice:
		a.openInvoice(row)
	case model.Customer:
		a.openInvoices(row)
	default:
		a.openInvoices(a.snap.Table(k).To(row, "customer"))
	}
}

// invoicesUnder offers the steps on the invoice under the cursor, else on the customer's.
func (p *customerPage) invoicesUnder(a *App) {
	if l := p.line(); l.kind == model.Invoice {
		if row, ok := a.snap.Table(model.Invoice).Row(l.id); ok {
			a.openInvoice(row)
			return
		}
	}
	if row, ok := a.snap.Table(model.Customer).Row(p.id); ok {
		a.openInvoices(row)
	}
}

// prepaid are the lines of what a customer has paid ahead and not used yet.
func (b *pageBuilder) prepaid() {
	balances := report.PrepaidOf(b.a.snap, b.row)
	if len(balances) == 0 {
		return
	}
	l := b.a.lang
	var lines []pageLine
	for _, p := range balances {
		money := func(units int64) string { return amount(l, units) + " " + p.Currency }
		lines = append(lines, pageLine{kind: model.Contract, id: b.a.snap.Table(model.Contract).ID(p.Contract), spans: kit.Spans{
			{Text: kit.PadLeft(money(p.Paid-p.Used), 16)},
			{Text: l.T("of %s paid, %s used", money(p.Paid), money(p.Used)), Token: kit.Muted},
			{Text: kit.Clean(b.a.snap.Title(model.Contract, p.Contract)), Token: kit.Muted},
		}})
	}
	align(lines)
	b.add(l.T("Paid ahead")+" ("+l.Int(int64(len(lines)))+")", lines)
}
