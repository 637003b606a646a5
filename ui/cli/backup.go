package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/engine"
)

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Write a verified copy of the book",
		Long: "Write a verified copy of the book. A book that is already at FILE is replaced, unless somebody has it open;\n" +
			"any other file there is left alone.",
		Args: args(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withBook(toRead, func(b *store.Book) error {
				if err := b.May(model.PowerMaintain); err != nil {
					return err
				}
				if a.Host != nil { // Whoever has the file can copy it as they like.
					if err := b.Export("the whole book as a backup to "+filepath.Base(args[0]), b.NewID()); err != nil {
						return err
					}
				}
				bytes, err := a.backup(c.Context(), b, args[0])
				if err == nil {
					a.say("backup of %s written to %s (%s)", b.Path(), args[0], size(bytes))
				}
				return err
			})
		},
	}
}

// backup writes a copy of the book and returns its length. An attached caller gets the copy into a
// file of their own.
func (a *app) backup(ctx context.Context, b *store.Book, path string) (int64, error) {
	local := path
	if a.Host != nil {
		dir, err := a.ownDir()
		if err != nil {
			return 0, err
		}
		local = filepath.Join(dir, "backup.db")
	}
	if err := b.Backup(ctx, local); err != nil {
		return 0, err
	}
	info, err := os.Stat(local)
	if err != nil {
		return 0, err
	}
	if a.Host == nil {
		return info.Size(), nil
	}
	from, err := os.Open(local)
	if err != nil {
		return 0, err
	}
	err = a.there(path, func(w io.Writer) error {
		_, err := io.Copy(w, from)
		return err
	})
	return info.Size(), errors.Join(err, from.Close())
}

func (a *app) restoreCommand() *cobra.Command {
	drill := false
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the place of the book, or try whether one could be",
		Long: "Put a backup in the place of the book, after verifying it. The book that was there stays beside it with the\nending .replaced.\n" +
			"--drill restores it into a place that is gone afterwards, checks every record and the log's chain of hashes, and says what\n" +
			"is in it; a directory stands for the newest copy that 'opsdeck serve --backups' has written there.",
		Args: args(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if !drill {
				return a.restore(c.Context(), args[0])
			}
			d, err := a.drill(c.Context(), args[0])
			if err == nil {
				a.sayDrill(d)
			}
			return err
		},
	}
	c.Flags().BoolVar(&drill, "drill", false, "try it, and change nothing")
	return c
}

func (a *app) restore(ctx context.Context, from string) error {
	to, err := a.placeOf(toCreate)
	if err != nil {
		return err
	}
	// The backup is opened first, so that one of a newer program, or no book at all, replaces nothing.
	b, err := store.Open(from, a.bookOptions(toRead))
	if err != nil {
		return err
	}
	text, err := countedBook(b)
	if err = errors.Join(err, b.Close()); err != nil {
		return err
	}
	_, none := os.Stat(to)
	if err := engine.Restore(ctx, from, to, a.engineOptions()); err != nil {
		return err
	}
	a.say("%s restored from %s: %s", to, from, text)
	if none == nil {
		a.say("the book that was there is now %s.replaced", to)
	}
	return nil
}

func (a *app) compactCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "compact",
		Short: "Rewrite the book without its free pages",
		Args:  args(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			path, err := a.placeOf(toWrite)
			if err != nil {
				return err
			}
			before, after, err := engine.Compact(c.Context(), path, a.engineOptions())
			if err == nil {
				a.say("%s: %s before, %s after", path, size(before), size(after))
			}
			return err
		},
	}
}

// engineOptions are for work on whole files, which knows no schema.
func (a *app) engineOptions() engine.Options {
	o := a.bookOptions(toWrite)
	return engine.Options{Timeout: o.Timeout, User: o.User, Now: o.Now, Schema: math.MaxInt}
}

// size words a length in bytes.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
