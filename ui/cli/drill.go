package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/engine"
	"opsdeck/ui/kit"
)

// drilled is what the trial of a copy has found.
type drilled struct {
	file  string
	text  string // what is in it
	steps int
	last  time.Time // of the last step that it holds
	took  time.Duration
}

// drill restores a copy into a directory that is gone afterwards, checks every record of it against the log and
// the log's chain of hashes, and reads it as the workstation would. The copy and the book stay as they are.
func (a *app) drill(ctx context.Context, from string) (d drilled, err error) {
	if d.file, err = newestCopy(from); err != nil {
		return d, err
	}
	dir, err := os.MkdirTemp("", "opsdeck-drill-")
	if err != nil {
		return d, fmt.Errorf("a place for the drill: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	begun := time.Now()
	to := filepath.Join(dir, "book.db")
	if err := engine.Restore(ctx, d.file, to, a.engineOptions()); err != nil {
		return d, err
	}
	o := a.bookOptions(toWrite)
	o.Cache = store.NoCache
	b, err := store.Open(to, o)
	if err != nil {
		return d, err
	}
	err = errors.Join(d.examine(ctx, b), b.Close())
	d.took = time.Since(begun)
	return d, err
}

func (d *drilled) examine(ctx context.Context, b *store.Book) error {
	problems := 0
	first := ""
	note := func(p string) {
		if problems++; first == "" {
			first = p
		}
	}
	if err := b.Check(ctx, note); err != nil {
		return err
	}
	v, err := b.VerifyLog(ctx, note)
	if err != nil {
		return err
	}
	if problems > 0 {
		return failedf("%s: %s found, the first: %s", d.file, plural(problems, "problem", "problems"), first)
	}
	if _, err := b.Snapshot(); err != nil {
		return err
	}
	d.steps = v.Steps
	err = b.Batches(func(h model.Batch) bool { d.last = time.UnixMicro(h.Time); return false })
	if err == nil {
		d.text, err = countedBook(b)
	}
	return err
}

// newestCopy is a file itself, or the newest copy in a directory that 'serve --backups' writes to.
func newestCopy(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return path, nil
	}
	names, err := (&backups{dir: path}).names()
	if err == nil && len(names) == 0 {
		err = notFoundf("%s holds no copy; 'opsdeck serve --backups %s' writes some", path, path)
	}
	if err != nil {
		return "", err
	}
	return filepath.Join(path, names[len(names)-1]), nil
}

// sayDrill tells what a drill has found.
func (a *app) sayDrill(d drilled) {
	a.printf("copy      %s\nholds     %s\n", kit.Clean(d.file), d.text)
	if d.steps > 0 {
		a.printf("last step %s\n", d.last.In(a.Now().Location()).Format(time.DateTime))
	}
	a.printf("restored, checked and read in %s; nothing was changed\n", d.took.Round(time.Millisecond))
}
