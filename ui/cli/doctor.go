package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"opsdeck/store"
	"opsdeck/store/engine"
	"opsdeck/ui/kit"
)

func (a *app) doctorCommand() *cobra.Command {
	var to, backup string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Explain a damaged book and save what is whole",
		Long: "Explain what is wrong with a book that 'check' finds damaged or that cannot be opened, and with --save write what is\n" +
			"whole of it into a new book: the log as far as its chain of hashes holds, the records whose checksums are right, settings\n" +
			"and drafts. With --backup the parts of the log that are damaged come from a copy, and what the book's own log has after\n" +
			"that copy is done again. The damaged file is never written to.",
		Example: "  opsdeck doctor\n  opsdeck doctor --save saved.db\n  opsdeck doctor --backup monday.db --save saved.db",
		Args:    args(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			path, err := a.placeOf(toRead)
			switch {
			case err != nil:
				return err
			case to == "" && backup != "":
				return usagef("--backup needs --save NEW, the file to write")
			case to == "":
				return a.explainDamage(c.Context(), path)
			}
			return a.rescue(c.Context(), path, backup, to)
		},
	}
	c.Flags().StringVar(&to, "save", "", "write what is whole into this new `file`")
	c.Flags().StringVar(&backup, "backup", "", "take what is damaged from this older copy, a `file`")
	return c
}

// explainDamage says what is wrong with a book and what can be done about it.
func (a *app) explainDamage(ctx context.Context, path string) error {
	found := 0
	tell := func(text string) {
		if found++; found <= mostDamage {
			a.printf("%s\n", kit.Clean(text))
		}
	}
	err := engine.CheckFile(ctx, path, a.engineOptions(), func(c *engine.CorruptError) { tell(store.DamageWords(c)) })
	if errors.As(err, new(*engine.LockedError)) || ctx.Err() != nil {
		return err
	}
	if info, statErr := os.Stat(path); err != nil && (statErr != nil || !info.Mode().IsRegular()) {
		return err // Nothing could be saved of what is no file.
	}
	if err != nil {
		tell(err.Error())
	}
	if found == 0 {
		if err := a.withBook(toRead, func(b *store.Book) error { return b.Check(ctx, tell) }); err != nil {
			return err
		}
	}
	if found > mostDamage {
		a.printf("and %d more\n", found-mostDamage)
	}
	if found == 0 {
		a.say("%s is sound; nothing has to be done", path)
		return nil
	}
	a.say("what to do, the file itself stays as it is:")
	a.say("  opsdeck doctor --save NEW                  saves what is whole of it into a new book")
	a.say("  opsdeck doctor --backup COPY --save NEW    does so with a backup's help, and loses nothing that the log still has")
	a.say("  opsdeck restore COPY                       goes back to a backup as it was")
	return failedf("%s: %s found", path, plural(found, "problem", "problems"))
}

// mostDamage is how many faults of a file are told one by one.
const mostDamage = 100

// rescue saves what is whole of a damaged book into a new one, and says what was not.
func (a *app) rescue(ctx context.Context, path, backup, to string) error {
	if a.readOnly {
		return refusedf("--read-only is set, so nothing may be written")
	}
	switch _, err := os.Lstat(to); {
	case err == nil:
		return refusedf("%s is already there; what is saved goes into a new file only", to)
	case !errors.Is(err, fs.ErrNotExist):
		return failedf("--save: %w", err)
	}
	saved, err := store.Rescue(ctx, path, backup, to, a.bookOptions(toCreate))
	if err != nil {
		return err
	}
	for _, line := range saved.Damage[:min(len(saved.Damage), mostDamage)] {
		a.printf("damaged: %s\n", kit.Clean(line))
	}
	for _, line := range saved.Missing {
		a.printf("lost: %s\n", kit.Clean(line))
	}
	a.say("%s: %s and %d of %s of the log saved", to, plural(saved.Records, "record", "records"), saved.Entries, plural(int(saved.LogEnds), "entry", "entries"))
	if saved.Patched > 0 {
		a.say("%s taken as they were last, by a step of its own, since the log does not say how they came about", plural(saved.Patched, "record was", "records were"))
	}
	a.say("%s", fmt.Sprintf("to work with it: opsdeck --book %s, or opsdeck restore %s", to, to))
	if len(saved.Missing) > 0 {
		return quietly(exitPartly)
	}
	return nil
}
