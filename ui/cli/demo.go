package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

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
	c.Flags().IntVar(&o.Customers, "customers", 200, "how many `customers`")
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
	return a.withBook(toCreate, func(b *store.Book) error {
		if err := a.fill(ctx, b, o); err != nil {
			return err
		}
		return a.openWorkstation(ctx, b, "a sample company; nothing of it is kept")
	})
}

// keptDemo makes a sample company in a file of its own.
func (a *app) keptDemo(ctx context.Context, o sample.Options) error {
	if _, err := os.Stat(a.book); !errors.Is(err, fs.ErrNotExist) {
		return refusedf("%s is already there; a sample company goes into a new file only", a.book)
	}
	return a.withBook(toCreate, func(b *store.Book) error {
		if err := a.fill(ctx, b, o); err != nil {
			return err
		}
		text, err := countedBook(b)
		if err != nil {
			return err
		}
		a.say("%s: a sample company with %s", a.book, text)
		if a.needTerminal("") != nil {
			return nil
		}
		return a.openWorkstation(ctx, b, "a sample company")
	})
}

// fill writes the sample as one step.
func (a *app) fill(ctx context.Context, b *store.Book, o sample.Options) error {
	var ops []model.Op
	if err := sample.Generate(o, func(r *model.Record) error {
		ops = append(ops, model.CreateOp(r))
		return ctx.Err()
	}); err != nil {
		return usagef("%w", err)
	}
	s := a.step(b, fmt.Sprintf("sample company of %s", counted(o.Customers, model.Customer)), ops)
	_, err := b.Do(ctx, s)
	return err
}
