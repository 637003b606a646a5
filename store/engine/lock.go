package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// lockRetry is how long to wait between two attempts at a lock that others hold.
const lockRetry = 20 * time.Millisecond

// holder is what a writer signs the lock file with.
type holder struct {
	PID   int       `json:"pid"`
	User  string    `json:"user"`
	Since time.Time `json:"since"`
}

// fileLock is the lock of a book: a flock on a file beside it. The lock is not on the book itself
// because that lock would follow the file and not its name: a book moved over a live one would have
// two owners.
type fileLock struct {
	f *os.File // nil when a reader could not have one, see lockBook
}

func lockPath(book string) string { return book + ".lock" }

// lockBook takes the lock of a book: exclusive for a writer, shared for a reader, waiting up to
// o.Timeout. A reader in a place where no lock file can be made goes without; bbolt's own shared
// lock on the book still keeps writers away.
func lockBook(book string, o Options) (*fileLock, error) {
	how := syscall.LOCK_EX
	if o.ReadOnly {
		how = syscall.LOCK_SH
	}
	deadline := time.Now().Add(o.Timeout)
	for {
		f, err := openLock(book, o)
		if err != nil {
			if o.ReadOnly && (errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)) {
				return &fileLock{}, nil
			}
			return nil, err
		}
		err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if err == nil && samePlace(f, lockPath(book)) {
			l := &fileLock{f: f}
			return l, l.sign(o)
		}
		held := readHolder(f)
		f.Close()
		if err != nil && !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return nil, fmt.Errorf("lock %s: %w", lockPath(book), err)
		}
		if !time.Now().Before(deadline) {
			return nil, &LockedError{Path: book, PID: held.PID, User: held.User, Since: held.Since}
		}
		<-time.After(lockRetry)
	}
}

// openLock opens the lock file and makes it when it is missing, for the owner of the book: an
// administrator's visit must not leave a lock that the owner cannot open.
func openLock(book string, o Options) (*os.File, error) {
	path := lockPath(book)
	// A link in the place of the lock would have another file signed and emptied, a pipe would have everybody wait.
	const asItIs = syscall.O_NOFOLLOW | syscall.O_NONBLOCK
	f, err := os.OpenFile(path, os.O_RDWR|asItIs, 0)
	if errors.Is(err, syscall.ELOOP) {
		return nil, fmt.Errorf("%s is a link, and no lock; remove it", path)
	}
	if err != nil && o.ReadOnly && !errors.Is(err, fs.ErrNotExist) {
		f, err = os.OpenFile(path, os.O_RDONLY|asItIs, 0) // a share of the lock needs no right to write
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return f, explain(path, err)
	}
	f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|asItIs, bookMode)
	if err != nil {
		return nil, explain(path, err)
	}
	if info, err := os.Stat(book); err == nil {
		if err := sameOwner(f, info); err != nil {
			f.Close()
			return nil, explain(path, err)
		}
	}
	return f, nil
}

// sign writes who holds the lock. A reader wipes what a killed writer left, as far as it may: while
// the lock is shared no writer is there, and a dead one should not be blamed.
func (l *fileLock) sign(o Options) error {
	err := l.f.Truncate(0)
	if o.ReadOnly {
		return nil
	}
	if err == nil {
		var line []byte
		line, err = json.Marshal(holder{PID: os.Getpid(), User: o.User, Since: o.now()})
		if err == nil {
			_, err = l.f.WriteAt(append(line, '\n'), 0)
		}
	}
	if err != nil {
		l.f.Close()
		return explain(l.f.Name(), err)
	}
	return nil
}

// release wipes the signature and lets go. The file stays: deleting it would give two programs that
// come at the same moment a lock each.
func (l *fileLock) release() {
	if l.f == nil {
		return
	}
	_ = l.f.Truncate(0)
	l.f.Close()
}

// readHolder reads the signature; what cannot be read is an unknown holder.
func readHolder(f *os.File) holder {
	var h holder
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 4096))
	if err != nil || json.Unmarshal(text, &h) != nil {
		return holder{}
	}
	return h
}
