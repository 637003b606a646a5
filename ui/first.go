package ui

import (
	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/sample"
	"opsdeck/ui/kit"
)

// bookIsEmpty tells whether the book has no customers yet.
func (a *App) bookIsEmpty() bool { return a.snap != nil && a.snap.Table(model.Customer).Len() == 0 }

// openFirst offers the ways to begin where enter finds nothing to open because the book is empty.
func (a *App) openFirst() {
	if !a.bookIsEmpty() || a.pane().spec().action != ActCustomers {
		return
	}
	var items []kit.Item
	for _, act := range []Action{ActImport, ActSample, ActAdd} {
		for _, b := range a.keys.in(a.scope()) {
			if b.Action == act {
				items = append(items, kit.Item{
					ID: "action\x00" + string(act), Title: upperFirst(a.lang.T(b.Label)), Key: b.Keys[0], Help: a.lang.T(b.Help), Disabled: a.off(b),
				})
			}
		}
	}
	a.stack.Push(kit.NewMenu(a.lang.T("The book is empty: how to begin"), items))
}

// sampleCustomers is the size of the sample company: enough to fill every pane, small enough to be one
// step.
const sampleCustomers = 400

// makeSample fills an empty book with a sample company, as one step that undo takes away.
func (a *App) makeSample() tea.Cmd {
	b, ctx, l := a.backend, a.ctx, a.lang
	step := model.Step{ID: b.NewID(), Actor: a.o.Actor, Label: "sample company of " + plural(nil, sampleCustomers, model.Customer), Source: "sample"}
	o := sample.Options{Customers: sampleCustomers, Seed: 1, Today: a.snap.Today}
	a.say(kit.Info, l.T("The sample company is being made …"))
	return func() tea.Msg {
		err := sample.Generate(o, func(r *model.Record) error {
			step.Ops = append(step.Ops, model.CreateOp(r))
			return nil
		})
		if err != nil {
			return stepDone{verb: "saved", err: err}
		}
		done, err := b.Do(ctx, step)
		return finished(b, done, "saved", err, nil)
	}
}
