package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
)

// planned takes a step that is worked out from several records at once: those that write the successor
// of a contract, and the milestones of its playbook. It tells whether the action is one of them.
func (a *app) planned(ctx context.Context, b *store.Book, r records, row int32, act *model.Action, w work) (bool, error) {
	switch {
	case w.kind == model.Contract && model.WritesSuccessor(act.Name):
		return true, a.renew(ctx, b, r, row, act, w)
	case w.kind == model.Contract && act.Name == "milestone":
		return true, a.milestone(ctx, b, r, row, act, w)
	}
	return false, nil
}

// renew plans and takes a step that ends or continues contracts.
func (a *app) renew(ctx context.Context, b *store.Book, r records, row int32, act *model.Action, w work) error {
	rd := reader{a, b}
	values, err := rd.actionValues(act, w.values)
	if err != nil {
		return err
	}
	rows := r.snap.Lines(r.snap.Lead(row))
	if act.Name == "merge-terms" {
		rows = []int32{row}
		for _, v := range values {
			if v.Name != "merged" {
				continue
			}
			for _, id := range v.Value.IDs() {
				if with, ok := r.table.Row(id); ok && !slices.Contains(rows, with) {
					rows = append(rows, with)
				}
			}
		}
	}
	c, err := r.snap.Case(rows)
	if err != nil {
		return err
	}
	c.Moment, c.NewID = a.moment(), b.NewID
	for _, line := range rows {
		rec, err := b.Get(model.Contract, r.table.ID(line))
		if err != nil {
			return err
		}
		c.Lines = append(c.Lines, rec)
	}
	plan, err := c.Plan(act.Name, values)
	if err != nil {
		return err
	}
	done, err := b.Do(ctx, a.step(b, plan.Label, plan.Ops))
	if err != nil {
		return err
	}
	a.say("%s", plan.Label)
	var next []string
	for _, s := range plan.Successors {
		next = append(next, s.ID.String())
	}
	if w.format == asJSON {
		return a.printObjects(object{{"batch", textCell(done.ID.String()).json}, {"changed", len(plan.Ops)}, {"successors", next}})
	}
	for _, id := range next {
		a.printf("%s\n", id)
	}
	return nil
}

// milestone ticks off a milestone of a renewal's playbook: the first open one, or the one so many days
// before the decision date.
func (a *app) milestone(ctx context.Context, b *store.Book, r records, row int32, act *model.Action, w work) error {
	days := -1
	values := w.values
	if i := slices.IndexFunc(values, func(v string) bool { return len(v) > 5 && v[:5] == "days=" }); i >= 0 {
		n, err := strconv.Atoi(values[i][5:])
		if err != nil || n < 0 {
			return usagef("%s: the days before the decision date are wanted, as the playbook has them", values[i])
		}
		days, values = n, slices.Delete(slices.Clone(values), i, i+1)
	}
	said, err := reader{a, b}.actionValues(act, values)
	if err != nil {
		return err
	}
	task, err := r.snap.TickMilestone(row, b.NewID(), days, a.moment())
	if err != nil {
		return err
	}
	for _, v := range said {
		task.Set(v.Name, v.Value)
	}
	if err := task.Validate(); err != nil {
		return err
	}
	label := fmt.Sprintf("%s of %s", task.Title(), r.snap.Title(model.Contract, row))
	if _, err := b.Do(ctx, a.step(b, label, []model.Op{model.CreateOp(task)})); err != nil {
		return err
	}
	a.say("%s", label)
	if w.format == asJSON {
		return a.showRecord(b, task, asJSON)
	}
	a.printf("%s\n", task.ID)
	return nil
}

// bill writes the invoices of a contract, or of all, that are to be written by a day and are not there.
func (a *app) bill(ctx context.Context, b *store.Book, w work) error {
	r, err := newRecords(b, model.Contract)
	if err != nil {
		return err
	}
	until := a.day()
	for _, v := range w.values {
		text, ok := strings.CutPrefix(v, "until=")
		if !ok {
			return usagef("%q: bill takes until=DATE and nothing else", v)
		}
		if until, err = day.ParseHuman(text, a.day()); err != nil {
			return usagef("until: %w", err)
		}
	}
	var rows []int32
	if w.id == "all" {
		r.table.Rows(func(row int32) bool { rows = append(rows, row); return true })
	} else {
		rec, err := reader{a, b}.lookup(model.Contract, w.id)
		if err != nil {
			return err
		}
		row, _ := r.table.Row(rec.ID)
		rows = []int32{row}
	}
	var ops []model.Op
	for _, row := range rows {
		for _, inv := range r.snap.Bills(row, until, b.NewID) {
			ops = append(ops, model.CreateOp(inv))
		}
	}
	if len(ops) == 0 {
		a.say("nothing to bill by %s: every cycle has its invoice, or no settlement is agreed", until)
		return nil
	}
	label := fmt.Sprintf("bill %s by %s", counted(len(ops), model.Invoice), until)
	done, err := b.Do(ctx, a.step(b, label, ops))
	if err != nil {
		return err
	}
	a.say("%s", label)
	if w.format == asJSON {
		return a.printObjects(object{{"batch", textCell(done.ID.String()).json}, {"changed", len(ops)}})
	}
	return nil
}
