package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/store"
)

func (a *app) undoCommand() *cobra.Command {
	c := a.reverseCommand("undo", "Take back your own last step", (*store.Book).Undo)
	last := c.RunE
	c.Use = "undo [STEP]"
	c.Short = "Take back your own last step, or the step of an id that 'history -o json' shows"
	c.Args = args(0, 1)
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return last(c, args)
		}
		step, err := model.ParseID(args[0])
		if err != nil {
			return usagef("%q is no id of a step; 'opsdeck history -o json' shows the ids", args[0])
		}
		return a.withBook(toWrite, func(b *store.Book) error {
			done, err := b.UndoBatch(c.Context(), step, a.me(), b.NewID())
			if err != nil {
				return err
			}
			return a.sayReversed(b, done, c.Flag("output").Value.String())
		})
	}
	return c
}

func (a *app) redoCommand() *cobra.Command {
	return a.reverseCommand("redo", "Do again what you have undone last", (*store.Book).Redo)
}

type reverser func(b *store.Book, ctx context.Context, actor string, id model.ID) (model.Batch, error)

func (a *app) reverseCommand(name, short string, reverse reverser) *cobra.Command {
	var format *string
	c := &cobra.Command{
		Use:   name,
		Short: short,
		Long:  short + ". A change, a bulk edit or a whole import is one step; it stays when somebody has changed the same fields since.",
		Args:  args(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withBook(toWrite, func(b *store.Book) error {
				done, err := reverse(b, c.Context(), a.me(), b.NewID())
				if errors.Is(err, store.ErrNothing) {
					return notFoundf("there is no step of %s to %s; 'opsdeck history' lists the steps", a.me(), name)
				}
				if err != nil {
					return err
				}
				return a.sayReversed(b, done, *format)
			})
		},
	}
	format = outputFlag(c, asText, asJSON)
	return c
}

// sayReversed tells which step was undone or redone, whose it was and how old it is.
func (a *app) sayReversed(b *store.Book, done model.Batch, format string) error {
	of, err := b.Batch(done.Of)
	if err != nil {
		return err
	}
	past := "undone"
	if done.Kind == model.Redo {
		past = "redone"
	}
	a.say("%s: %s (%s, %s)", past, of.Label, of.Actor, ago(a.Now().Sub(time.UnixMicro(of.Time))))
	if format == asJSON {
		return a.printObjects(object{
			{"batch", done.ID.String()},
			{"kind", string(done.Kind)},
			{"of", of.ID.String()},
			{"label", of.Label},
			{"actor", of.Actor},
			{"time", stamp(of.Time)},
			{"ops", done.Ops},
		})
	}
	return nil
}
