package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/store"
)

func (a *app) removeCommand() *cobra.Command {
	var where string
	var format *string
	c := &cobra.Command{
		Use:   "remove KIND ID|--where QUERY",
		Short: "Remove one record, or all that a filter finds, in one step",
		Long: "Remove one record, or all that a filter finds, in one step that one undo takes back. A record that others point at\n" +
			"stays, and so do all of the step.",
		Example:           "  opsdeck remove task 01jz…\n  opsdeck remove touches --where 'date:<2020-01-01'",
		Args:              args(1, 2),
		ValidArgsFunction: completeKind,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := recordSubject(args[0])
			if err != nil {
				return err
			}
			what := bulk{subject: s, where: where, format: *format}
			if len(args) == 2 {
				what.id = args[1]
			}
			if (what.id == "") == !c.Flags().Changed("where") {
				return usagef("usage: %s; either an id or --where", c.UseLine())
			}
			return a.withBook(toWrite, func(b *store.Book) error { return a.remove(c.Context(), b, what) })
		},
	}
	c.Flags().StringVar(&where, "where", "", "remove everything that this `filter` finds")
	format = outputFlag(c, asText, asJSON)
	return c
}

func (a *app) remove(ctx context.Context, b *store.Book, what bulk) error {
	records, err := a.selected(reader{a, b}, what)
	if err != nil {
		return err
	}
	if len(records) == 0 {
		a.say("nothing matches, so nothing was removed")
		return nil
	}
	ops := make([]model.Op, len(records))
	for i, r := range records {
		ops[i] = model.RemoveOp(r)
	}
	label := "remove " + counted(len(records), what.subject.kind)
	if len(records) == 1 {
		label = fmt.Sprintf("remove %s %s", records[0].Kind, records[0].Title())
	}
	done, err := b.Do(ctx, a.step(b, label, ops))
	if err != nil {
		return err
	}
	a.say("%s", label)
	if what.format == asJSON {
		return a.printObjects(object{{"batch", textCell(done.ID.String()).json}, {"removed", len(ops)}})
	}
	return nil
}
