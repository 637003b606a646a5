package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/engine"
	"opsdeck/ui/kit"
)

func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Verify the whole book",
		Long: "Verify the whole book: pages, checksums, the log's chain of hashes, records against the log, indexes.\n" +
			"Each problem is a line; with problems the exit status is 1.",
		Args: args(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			if a.readOnly {
				return a.check(c.Context(), toRead)
			}
			// Free pages can only be looked at by a writer; a book on a disk that is read only has the rest checked.
			err := a.check(c.Context(), toWrite)
			if errors.Is(err, engine.ErrReadOnly) {
				err = a.check(c.Context(), toRead)
			}
			return err
		},
	}
}

func (a *app) check(ctx context.Context, want access) error {
	return a.withBook(want, func(b *store.Book) error {
		if err := b.May(model.PowerMaintain); err != nil {
			return err
		}
		problems := 0
		err := b.Check(ctx, func(problem string) {
			problems++
			a.printf("%s\n", kit.Clean(problem))
		})
		if err != nil {
			return err
		}
		if problems > 0 {
			return failedf("%s: %s found; 'opsdeck restore FILE' puts a backup in its place", b.Path(), plural(problems, "problem", "problems"))
		}
		text, err := countedBook(b)
		a.say("%s is sound: %s", b.Path(), text)
		return err
	})
}

// countedBook words how many records of each kind a book holds.
func countedBook(b *store.Book) (string, error) {
	var parts []string
	for _, k := range model.Kinds() {
		n := 0
		if err := b.Each(k, func(*model.Record) bool { n++; return true }); err != nil {
			return "", err
		}
		if n > 0 {
			parts = append(parts, counted(n, k))
		}
	}
	steps := 0
	err := b.Batches(func(model.Batch) bool { steps++; return true })
	return strings.Join(append(parts, plural(steps, "step", "steps")), ", "), err
}
