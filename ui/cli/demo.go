package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"opsdeck/model"
	"opsdeck/model/sample"
	"opsdeck/store"
)

func (a *app) demoCommand() *cobra.Command {
	var o sample.Options
	c := &cobra.Command{
		Use:   "demo",
		Short: "Make a sample company in a throw-away book and open it",
		Long: "Make a sample company in a throw-away book and open it. With --book FILE the book is kept there, and without a\n" +
			"terminal it is only made.",
		Args: args(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			o.Today = a.day()
			if a.book != "" {
				return a.keptDemo(c.Context(), o)
			}
			return a.demo(c.Context(), o)
		},
	}
	c.Flags().IntVar(&o.Customers, "customers", 400, "how many `customers`")
	c.Flags().Uint64Var(&o.Seed, "seed", 1, "the same seed and day make the same company")
	return c
}

// demo opens a sample company that is gone afterwards.
func (a *app) demo(ctx context.Context, o sample.Options) (err error) {
	if err := a.needTerminal("the demo"); err != nil {
		return fmt.Errorf("%w; 'opsdeck demo --book FILE' makes the sample for scripts", err)
	}
	dir, err := os.MkdirTemp(a.env("XDG_RUNTIME_DIR"), "opsdeck-demo-")
	if err != nil {
		dir, err = os.MkdirTemp("", "opsdeck-demo-")
	}
	if err != nil {
		return fmt.Errorf("the throw-away book: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	a.book = filepath.Join(dir, "demo.db")
	return a.withBook(toCreate, func(b *store.Book) error { return a.watchDemo(ctx, b, o) })
}

// watchDemo opens the workstation once the first customers are in and goes on filling the book under
// it, so that even a large sample can be looked at at once. Leaving ends the filling.
func (a *app) watchDemo(ctx context.Context, b *store.Book, o sample.Options) error {
	if a.as == "" {
		a.as = demoUser
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	begun := make(chan struct{})
	begin := sync.OnceFunc(func() { close(begun) })
	var filling errgroup.Group
	filling.Go(func() error {
		defer begin()
		return a.fill(ctx, b, o, begin)
	})
	<-begun
	if err := ctx.Err(); err != nil {
		return errors.Join(err, filling.Wait())
	}
	err := a.openWorkstation(ctx, b, "a sample company; nothing of it is kept")
	stop()
	if fillErr := filling.Wait(); fillErr != nil && !errors.Is(fillErr, context.Canceled) {
		err = errors.Join(err, fillErr)
	}
	return err
}

// demoUser is the person of the sample company who sits before the demo: a senior manager of key
// accounts, whose day is full.
const demoUser = "ana"

// keptDemo makes a sample company in a file of its own.
func (a *app) keptDemo(ctx context.Context, o sample.Options) error {
	if _, err := os.Stat(a.book); !errors.Is(err, fs.ErrNotExist) {
		return refusedf("%s is already there; a sample company goes into a new file only", a.book)
	}
	return a.withBook(toCreate, func(b *store.Book) error {
		if err := a.fill(ctx, b, o, func() {}); err != nil {
			return err
		}
		text, err := countedBook(b)
		if err != nil {
			return err
		}
		a.say("%s: a sample company with %s", a.book, text)
		if a.needTerminal("") != nil {
			// Whoever opens a large sample next finds it as if it had been opened before.
			_, err := b.Snapshot()
			return err
		}
		return a.openWorkstation(ctx, b, "a sample company")
	})
}

// demoStep is how many records of a sample are written at once: a small company is one step, a large
// one many, because one step of 700,000 records would take gigabytes.
const demoStep = 20000

// fill writes the sample in steps and tells after each. The steps are the sample's own and not the
// person's, so that undo never takes the company away.
func (a *app) fill(ctx context.Context, b *store.Book, o sample.Options, written func()) error {
	var ops []model.Op
	write := func() error {
		s := a.step(b, "sample company of "+counted(o.Customers, model.Customer), ops)
		s.Source = "sample"
		s.Actor, ops = "sample", nil
		_, err := b.Do(ctx, s)
		written()
		return err
	}
	var failed error
	err := sample.Generate(o, func(r *model.Record) error {
		ops = append(ops, model.CreateOp(r))
		if failed = ctx.Err(); failed == nil && len(ops) == demoStep {
			failed = write()
		}
		return failed
	})
	switch {
	case failed != nil:
		return failed
	case err != nil:
		return usagef("%w", err)
	case len(ops) == 0:
		return nil
	}
	return write()
}
