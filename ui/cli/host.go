package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/files"
	"opsdeck/ui"
	"opsdeck/ui/serve"
)

// Host is the engine on which a run takes place for somebody who is attached to it. Everything works
// as on the book itself, but for what needs its file to be closed.
type Host struct {
	Book     *store.Book
	Owner    bool   // the book's file is the caller's
	From     string // where the caller is
	Files    serve.Files
	Terminal *serve.Terminal // nil without one
	Present  func() []serve.Present
	Since    time.Time          // when the engine began
	Copies   func() backupState // how the backups stand; nil where none are made
	Stopping <-chan struct{}    // closed when the engine is about to stop
	Again    bool               // the caller was here until the engine went away
}

// handle makes the caller's own handle on the engine's book.
func (a *app) handle(want access) (*store.Book, error) {
	if want != toRead && a.readOnly {
		return nil, refusedf("--read-only is set, so nothing may be changed")
	}
	if a.book != "" {
		return nil, usagef("--book: this engine keeps one book, %s", a.Host.Book.Path())
	}
	c := store.Caller{
		User: a.User, From: a.Host.From, Now: a.Now, Today: a.day, NewID: a.NewID, ReadOnly: want == toRead || a.readOnly, Owner: a.Host.Owner,
	}
	if a.as != "" && a.as != a.User {
		if err := a.Host.Book.For(c).May(model.PowerActAs); err != nil {
			return nil, fmt.Errorf("--as: %w", err)
		}
		// Who acts for another has that one's rights, and the log says who it really was.
		c.User, c.From, c.Owner = a.as, a.User+" from "+c.From, false
	}
	return a.Host.Book.For(c), nil
}

// here returns a file of the caller that this process can read: of an attached caller a copy, which is
// gone when the run ends.
func (a *app) here(path string) (string, error) {
	if a.Host == nil || path == "" {
		return path, nil
	}
	if local, ok := a.copies[path]; ok {
		return local, nil
	}
	dir, err := a.ownDir()
	if err != nil {
		return "", err
	}
	from, err := a.Host.Files.Open(path)
	if err != nil {
		return "", err
	}
	// The name stays, because its ending says what is in the file.
	local := filepath.Join(dir, fmt.Sprint(len(a.copies)), filepath.Base(path))
	if err := os.MkdirAll(filepath.Dir(local), 0o700); err != nil {
		return "", errors.Join(err, from.Close())
	}
	to, err := os.OpenFile(local, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", errors.Join(err, from.Close())
	}
	_, err = io.Copy(to, io.LimitReader(from, largestFile+1))
	info, statErr := to.Stat()
	if err = errors.Join(err, statErr, to.Close(), from.Close()); err != nil {
		return "", errors.Join(err, os.Remove(local))
	}
	if info.Size() > largestFile {
		_ = os.Remove(local)
		return "", failedf("%s: larger than %s, which is the most that an engine takes; import it on the machine of the book", path, size(largestFile))
	}
	a.copies[path] = local
	return local, nil
}

// read reads a file of the caller.
func (a *app) read(path string) ([]byte, error) {
	local, err := a.here(path)
	if err != nil {
		return nil, err
	}
	return files.Text(local, largestText)
}

// text is read for a file that a verb is about: one that is not there is said to be missing, and not broken.
func (a *app) text(path string) (string, error) {
	raw, err := a.read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", notFoundf("%s: there is no such file", path)
	}
	return string(raw), err
}

// largestText is the largest file that is read as a whole, in bytes: settings, mappings, scorecards, keys, calendars.
const largestText = 16 << 20

// largestFile is the largest file that an attached caller may hand over, in bytes.
const largestFile = 2 << 30

// cleanUp removes what the run has left in files.
func (a *app) cleanUp() {
	if a.dir != "" {
		_ = os.RemoveAll(a.dir)
	}
}

// ownDir is a directory of this run alone.
func (a *app) ownDir() (string, error) {
	if a.dir != "" {
		return a.dir, nil
	}
	dir, err := os.MkdirTemp("", "opsdeck-session-")
	if err != nil {
		return "", fmt.Errorf("a place for files: %w", err)
	}
	a.dir, a.copies = dir, map[string]string{}
	return dir, nil
}

// there writes a file of the caller with what write puts into it, whole or not at all.
func (a *app) there(path string, write func(io.Writer) error) (err error) {
	if a.Host == nil {
		return files.Write(path, write)
	}
	f, err := a.Host.Files.Create(path)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		return errors.Join(err, f.Discard())
	}
	return f.Close()
}

// found tells whether the caller has a file.
func (a *app) found(path string) bool {
	local, err := a.here(path)
	return err == nil && exists(local)
}

// remoteTerminal is the terminal of an attached caller.
func (a *app) remoteTerminal() *ui.Remote {
	if a.Host == nil || a.Host.Terminal == nil {
		return nil
	}
	t := a.Host.Terminal
	return &ui.Remote{Width: t.Width, Height: t.Height, Resized: t.Resized}
}
