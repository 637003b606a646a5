package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/store"
)

// bookActionHelp words the actions on the whole book.
var bookActionHelp = map[string]string{
	"rebalance":     "rebalance [CUSTOMER…]: hand customers over as 'report rebalance' proposes, as one step",
	"hand-to-sales": "hand-to-sales CUSTOMER [owner=…] [rule=…]: make a task for sales out of what was noticed",
	"what-if":       "what-if [card=NAME] [weight=…] [KA=…] [apply=yes]: try out weights and thresholds, writing nothing without apply=yes",
	"touch-many":    "touch-many FILTER type=… [subject=…] [date=…]: log a touch with every customer that a filter finds, as one step",
	"rescore":       "rescore: score every customer's tier once more, as one step",
}

func bookActionNames() []string { return slices.Sorted(maps.Keys(bookActionHelp)) }

// bookActions are the steps that are about the whole book instead of one record.
func (a *app) bookActions() map[string]func(ctx context.Context, args []string, format string) error {
	with := func(fn func(context.Context, *store.Book, []string, string) error) func(context.Context, []string, string) error {
		return func(ctx context.Context, args []string, format string) error {
			return a.withBook(toWrite, func(b *store.Book) error { return fn(ctx, b, args, format) })
		}
	}
	return map[string]func(context.Context, []string, string) error{
		"rebalance": with(a.rebalance), "hand-to-sales": with(a.handToSales), "what-if": with(a.whatIf), "touch-many": with(a.touchMany),
		"rescore": func(ctx context.Context, args []string, format string) error {
			if len(args) > 0 {
				return usagef("rescore is about the whole book and takes no %q", args[0])
			}
			return a.withBook(toWrite, func(b *store.Book) error { return a.rescore(ctx, b, format) })
		},
	}
}

// rescore keeps the tier of every customer as one scoring, in one step with history.
func (a *app) rescore(ctx context.Context, b *store.Book, format string) error {
	s, err := b.Snapshot()
	if err != nil {
		return err
	}
	found, err := s.Rescore()
	if err != nil {
		return err
	}
	ops := found.Ops(s, b.NewID)
	label := rescoreLabel(found)
	var done model.Batch
	if len(ops) > 0 {
		if done, err = b.Do(ctx, a.step(b, label, ops)); err != nil {
			return err
		}
	}
	a.sayRescored(s, found, len(ops) > 0)
	if format != asJSON {
		return nil
	}
	return a.printObjects(object{
		{"batch", textCell(done.ID.String()).json},
		{"scored", found.Scored},
		{"without_enough_data", found.Unknown},
		{"changed", len(found.Changes)},
		{"moved", found.Moved},
	})
}

// rescoreLabel names the step of a scoring.
func rescoreLabel(r table.Rescored) string {
	return fmt.Sprintf("score the tiers: %d of %d customers move", r.Moved, r.Scored)
}

// sayRescored tells who moved, the first few by name.
func (a *app) sayRescored(s *table.Snapshot, found table.Rescored, changed bool) {
	if !changed {
		a.say("scored today already, and nothing has changed since: %d customers, %d without enough data", found.Scored, found.Unknown)
		return
	}
	a.say("%d customers scored, %d without enough data, %d tiers move", found.Scored, found.Unknown, found.Moved)
	t := s.Table(model.Customer)
	shown := 0
	for _, c := range found.Changes {
		if c.Is.Level == c.Before || shown == 10 {
			continue
		}
		shown++
		a.say("  %s: %s → %s, %s", t.Str(c.Row, "name"), orNone(c.Before), orNone(c.Is.Level), c.Reason)
	}
	if found.Moved > shown {
		a.say("  and %d more; 'opsdeck report movers' lists them", found.Moved-shown)
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
