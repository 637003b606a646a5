package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/store"
)

// rebalance hands customers over as 'report rebalance' proposes: all of them, or those that are named.
func (a *app) rebalance(ctx context.Context, b *store.Book, only []string, format string) error {
	s, err := b.Snapshot()
	if err != nil {
		return err
	}
	wanted := map[model.ID]bool{}
	for _, text := range only {
		r, err := reader{a, b}.lookup(model.Customer, text)
		if err != nil {
			return err
		}
		wanted[r.ID] = true
	}
	t := s.Table(model.Customer)
	var before, after []*model.Record
	for _, m := range s.Rebalance() {
		id := t.ID(m.Row)
		if len(wanted) > 0 && !wanted[id] {
			continue
		}
		delete(wanted, id)
		r, err := b.Get(model.Customer, id)
		if err != nil {
			return err
		}
		next := r.Clone()
		next.Set("owner", model.Person(m.To))
		before, after = append(before, r), append(after, next)
		a.say("  %s: %s → %s, %s", t.Str(m.Row, "name"), orNone(m.From), m.To, m.Why)
	}
	for id := range wanted {
		row, _ := t.Row(id)
		return usagef("no handover of %q is proposed; 'opsdeck report rebalance' lists those that are", t.Str(row, "name"))
	}
	return a.update(ctx, b, change{before: before, after: after, label: fmt.Sprintf("even the load: hand over %s", counted(len(after), model.Customer)), format: format})
}

// handToSales makes a task for sales out of what has been noticed at a customer, with the evidence.
func (a *app) handToSales(ctx context.Context, b *store.Book, args []string, format string) error {
	if len(args) == 0 {
		return usagef("hand-to-sales needs a customer: opsdeck do hand-to-sales CUSTOMER [owner=…] [rule=…]")
	}
	s, err := b.Snapshot()
	if err != nil {
		return err
	}
	rec, err := reader{a, b}.lookup(model.Customer, args[0])
	if err != nil {
		return err
	}
	row, _ := s.Table(model.Customer).Row(rec.ID)
	rule, owner := "", ""
	for _, arg := range args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		switch name {
		case "rule":
			rule = value
		case "owner":
			owner = value
		default:
			return usagef("hand-to-sales takes owner=… and rule=…, not %q", arg)
		}
	}
	task, err := s.SalesTask(row, rule, owner, b.NewID())
	if err != nil {
		return usagef("%w", err)
	}
	return a.create(ctx, b, task, format)
}

// whatIf tries out weights and thresholds and tells what they would do; nothing is written without
// apply=yes.
func (a *app) whatIf(ctx context.Context, b *store.Book, args []string, format string) error {
	s, err := b.Snapshot()
	if err != nil {
		return err
	}
	w, keep, err := parseTrial(s, args)
	if err != nil {
		return err
	}
	if err := w.Check(); err != nil {
		return usagef("%w", err)
	}
	got := w.Try()
	if err := a.printOutcome(s, w, got, format); err != nil || !keep {
		return err
	}
	ops, err := w.Ops("tried out before", b.NewID)
	if err != nil {
		return err
	}
	if len(ops) == 0 {
		a.say("nothing to change: weights and thresholds are so already")
		return nil
	}
	label := fmt.Sprintf("change the tier model %s: %s up, %s down", w.Name(), counted(got.Up, model.Customer), counted(got.Down, model.Customer))
	if _, err := b.Do(ctx, a.step(b, label, ops)); err != nil {
		return err
	}
	a.say("%s", label)
	return nil
}

func parseTrial(s *table.Snapshot, args []string) (*table.WhatIf, bool, error) {
	name, keep := "", false
	var sets [][2]string
	for _, arg := range args {
		key, value, ok := strings.Cut(arg, "=")
		switch {
		case !ok:
			return nil, false, usagef("%q is not key=value, such as growth=20, KA=75, card=NAME or apply=yes", arg)
		case key == "card":
			name = value
		case key == "apply":
			keep = value == "yes"
		default:
			sets = append(sets, [2]string{key, value})
		}
	}
	w, err := s.WhatIf(name)
	if err != nil {
		return nil, false, notFoundf("%w", err)
	}
	var names []string
	for i := range w.Levels[:len(w.Levels)-1] {
		names = append(names, w.Levels[i].Key)
	}
	for _, c := range w.Criteria() {
		names = append(names, c.Key)
	}
	for _, set := range sets {
		n, err := strconv.ParseFloat(set[1], 64)
		at := slices.Index(names, set[0])
		switch {
		case at < 0:
			return nil, false, usagef("there is no weight or threshold %q%s", set[0], didYouMean(set[0], names, "there are "+listed(names)))
		case err != nil:
			return nil, false, usagef("%s: %q is not a number", set[0], set[1])
		case at < len(w.Levels)-1:
			w.Levels[at].Min = n
		default:
			w.Weights[at-len(w.Levels)+1] = n
		}
	}
	return w, keep, nil
}

func (a *app) printOutcome(s *table.Snapshot, w *table.WhatIf, got table.Outcome, format string) error {
	t := s.Table(model.Customer)
	cur := s.Settings.Text("company.currency")
	if format == asJSON {
		var tiers []object
		for _, x := range got.Tiers {
			tiers = append(tiers, object{
				{"tier", textCell(x.Tier).json},
				{"before", x.Before},
				{"after", x.After},
				{"arr_before", model.Money(int64(x.ARRBefore)).Format()},
				{"arr_after", model.Money(int64(x.ARR)).Format()},
				{"currency", cur},
			})
		}
		return a.printObjects(object{{"scorecard", w.Name()}, {"up", got.Up}, {"down", got.Down}, {"tiers", tiers}})
	}
	a.printf("%-6s %10s %10s %18s %18s\n", "Tier", "now", "then", "ARR now "+cur, "ARR then")
	for _, x := range got.Tiers {
		a.printf("%-6s %10d %10d %18s %18s\n", orNone(x.Tier), x.Before, x.After, model.FormatMoney(int64(x.ARRBefore)), model.FormatMoney(int64(x.ARR)))
	}
	a.printf("\n%d up, %d down\n", got.Up, got.Down)
	for i, m := range got.Moves {
		if i == 20 {
			a.printf("and %d more\n", len(got.Moves)-i)
			break
		}
		a.printf("  %s: %s → %s at %.2f points\n", t.Str(m.Row, "name"), orNone(m.From), orNone(m.To), m.Points)
	}
	for _, o := range got.Owners {
		a.printf("  load of %s: %.4g → %.4g\n", o.Handle, o.Before, o.After)
	}
	return nil
}
