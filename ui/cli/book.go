package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/text/language"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/engine"
)

// lockWait is how long a verb waits for a book that others hold.
const lockWait = 5 * time.Second

// access is what a verb wants to do with the book.
type access int

const (
	toRead   access = iota // several readers at once
	toWrite                // an existing book
	toCreate               // and made where there is none
)

// bookPath returns the file of the book, and whether it is the default one.
func (a *app) bookPath() (path string, isDefault bool, err error) {
	if a.Host != nil {
		return a.Host.Book.Path(), false, nil
	}
	if a.book != "" {
		return a.book, false, nil
	}
	if dir := a.env("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "opsdeck", "book.db"), true, nil
	}
	if home := a.env("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "share", "opsdeck", "book.db"), true, nil
	}
	return "", false, usagef("neither XDG_DATA_HOME nor HOME says where the book is; name it with --book FILE")
}

// bookOptions are the options with which every verb opens a book.
func (a *app) bookOptions(want access) store.Options {
	wait := a.LockWait
	if wait == 0 {
		wait = lockWait
	}
	keep := store.KeepCache
	if a.readOnly {
		keep = store.ReadCache
	}
	return store.Options{
		Create: want == toCreate, ReadOnly: want == toRead || a.readOnly, Timeout: wait,
		User: a.me(), Now: a.Now, NewID: a.NewID, Today: a.day, Cache: keep, Brief: want == toWrite,
	}
}

// placeOf returns the file of the book after checking that a verb may do there what it wants. Only
// the directory of the default book is made: a directory that is missing from --book is more likely a
// slip of the pen.
func (a *app) placeOf(want access) (string, error) {
	path, isDefault, err := a.bookPath()
	if err != nil {
		return "", err
	}
	if want != toRead && a.readOnly {
		return "", refusedf("--read-only is set, so nothing may be changed")
	}
	if want == toCreate && isDefault {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return "", fmt.Errorf("the book's directory: %w", err)
		}
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && want != toCreate {
		return "", fmt.Errorf("%s: %w", path, engine.ErrNotFound)
	}
	return path, nil
}

// open opens the book, or a handle on it where an engine has it open.
func (a *app) open(want access) (*store.Book, error) {
	if a.Host != nil {
		return a.handle(want)
	}
	path, err := a.placeOf(want)
	if err != nil {
		return nil, err
	}
	b, err := store.Open(path, a.bookOptions(want))
	if err != nil {
		return nil, err
	}
	if err := a.checkAs(b); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// withBook runs fn on the open book and closes it.
func (a *app) withBook(want access, fn func(*store.Book) error) error {
	b, err := a.open(want)
	if err != nil {
		return err
	}
	return errors.Join(fn(b), b.Close())
}

// checkAs lets only the owner of the book's file, root, and administrators of the book act as others.
func (a *app) checkAs(b *store.Book) error {
	if a.as == "" || a.as == a.User || os.Geteuid() == 0 {
		return nil
	}
	if info, err := os.Stat(b.Path()); err == nil {
		if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) == os.Geteuid() {
			return nil
		}
	}
	admin := false
	err := b.Each(model.User, func(r *model.Record) bool {
		admin = r.Get("handle").Str() == a.User && r.Get("role").Str() == "administrator"
		return !admin
	})
	if err == nil && !admin {
		err = refusedf("--as is for the owner of the book and for administrators; you are %s", a.User)
	}
	return err
}

func checkLanguage(tag string) error {
	if tag == "" {
		return nil
	}
	if _, err := language.Parse(tag); err != nil {
		return usagef("--lang: %q is not a language such as en or de-CH", tag)
	}
	return nil
}

// step makes a step of the caller.
func (a *app) step(b *store.Book, label string, ops []model.Op) model.Step {
	return model.Step{ID: b.NewID(), Actor: a.me(), Label: label, Kind: model.Edit, Ops: ops}
}

// nowMillis is the clock as values of records hold it. With --today it is that day at the time that
// the clock shows, so that ages fit the day that figures are computed for.
func (a *app) nowMillis() int64 {
	now := a.Now()
	if !a.fixed.IsSet() {
		return now.UnixMilli()
	}
	return a.fixed.Time().UnixMilli() + now.UnixMilli()%86400000
}
