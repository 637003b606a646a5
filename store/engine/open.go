package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// initialMap is how much of the address space the book gets from the start. While the file fits, a
// writer never has to wait for readers in order to map it anew.
const initialMap = 1 << 30

// SystemBucket holds what the engine keeps about the book itself. It belongs to this package; use
// [Schema] and [SetSchema] for the schema number.
const SystemBucket = "engine"

// Keys in SystemBucket, and the mark by which a book is known.
const (
	keyMark   = "mark"
	keySchema = "schema"
	keyOpened = "opened"
	mark      = "opsdeck book 1"
)

// Options say how to open a book.
type Options struct {
	// Create makes the book when there is none. Its directory has to exist.
	Create bool
	// ReadOnly opens without the right to change anything. Several readers may have a book open at
	// once, but not beside a writer: the pages a reader looks at would be reused under it.
	ReadOnly bool
	// Timeout is how long to wait for a lock that others hold; 0 does not wait.
	Timeout time.Duration
	// User is written into the lock, for others to see who holds the book.
	User string
	// Now is the clock for what is written into the lock and the book; nil is time.Now.
	Now func() time.Time
	// Buckets are made at opening when they are missing.
	Buckets []string
	// Schema is the newest schema number the caller knows: a new book gets it, an older book keeps
	// its own, a newer one is refused with a *NewerError.
	Schema int
	// MaxSize limits the file, in bytes; 0 is no limit. The file grows in steps of 16 MiB, so the
	// limit is felt up to that much early.
	MaxSize int64
	// AllowNetwork leaves out the check for network file systems, on which the lock and the mapped
	// file cannot be relied on.
	AllowNetwork bool

	hooks hooks
}

// hooks let the tests bring about what a healthy machine does not do.
type hooks struct {
	commit    func(commit func() error) error
	networkFS func(dir string) (string, error)
	noSync    bool
}

func (o Options) now() time.Time {
	if o.Now == nil {
		return time.Now().UTC()
	}
	return o.Now().UTC()
}

// Open opens the book at path, or makes it with o.Create. It takes the lock, refuses what is not a
// sound book of a known schema, and makes one small commit before anything can be read: should the
// last commit before a crash be visible and not yet on the disk, the new one brings it there.
//
// The errors are those of this package, wrapped: ErrNotFound, ErrNoDirectory, ErrNotBook, ErrEmpty,
// ErrTruncated, ErrReadOnly, ErrNoSpace, ErrNetworkFS, *LockedError, *NewerError, *CorruptError.
func Open(path string, o Options) (*Bolt, error) {
	r, err := Reserve(path, o)
	if err != nil {
		return nil, err
	}
	b, err := r.Open(context.Background())
	if err != nil {
		r.Release()
		return nil, err
	}
	return b, nil
}

// Reserved is a book that is locked and not open yet: nobody else can change it, and nothing of it has
// been read.
type Reserved struct {
	path string
	o    Options
	lock *fileLock
}

// Reserve does the part of Open that takes no time: it finds the place and takes the lock.
func Reserve(path string, o Options) (*Reserved, error) {
	real, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if err = checkPlace(real, o); err == nil {
		err = foreign(real)
	}
	if err != nil {
		return nil, err
	}
	lock, err := lockBook(real, o)
	if err != nil {
		return nil, err
	}
	return &Reserved{path: real, o: o, lock: lock}, nil
}

// Path returns the absolute path of the book, without symbolic links.
func (r *Reserved) Path() string { return r.path }

// Open does the rest of Open, which takes the longer the larger the book is; ctx may end it. The lock
// is the book's from then on, and stays with r after an error.
func (r *Reserved) Open(ctx context.Context) (*Bolt, error) {
	b, err := openLocked(ctx, r.path, r.o)
	if err != nil {
		return nil, err
	}
	b.lock = r.lock
	return b, nil
}

// Release gives up a book that has not been opened.
func (r *Reserved) Release() { r.lock.release() }

// checkPlace refuses before the lock file is made, so that a mistyped path leaves no trace.
func checkPlace(path string, o Options) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && (!o.Create || o.ReadOnly):
		return fmt.Errorf("%s: %w", path, ErrNotFound)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return explain(path, err)
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("%s: %w but a %s", path, ErrNotBook, kindOf(info))
	}
	if o.AllowNetwork {
		return nil
	}
	find := networkFS
	if o.hooks.networkFS != nil {
		find = o.hooks.networkFS
	}
	kind, err := find(filepath.Dir(path))
	if err != nil {
		return explain(path, err)
	}
	if kind != "" {
		return fmt.Errorf("%s: %w (%s); put it on a disk of this machine", path, ErrNetworkFS, kind)
	}
	return nil
}

// foreign refuses a file that is another program's before a lock is left beside it. Damage is for those to judge who
// hold the lock.
func foreign(path string) error {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil // So is what cannot be read.
	}
	defer f.Close()
	if _, _, err := readHead(f); errors.Is(err, ErrNotBook) {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func openLocked(ctx context.Context, path string, o Options) (*Bolt, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && o.Create && !o.ReadOnly {
		err = create(path, o)
	}
	if err != nil {
		return nil, explain(path, err)
	}
	before, err := os.Stat(path) // What comes after has to be of the file that was examined.
	if err != nil {
		return nil, explain(path, err)
	}
	weak, err := examine(ctx, path)
	var damage *CorruptError
	if errors.As(err, &damage) {
		return nil, fmt.Errorf("%w; restore a backup", err)
	} else if err != nil {
		return nil, explain(path, err)
	}
	if weak != nil && !o.ReadOnly {
		// The pages of that change are still there, and the first commit would write over them.
		return nil, fmt.Errorf("%w; nothing is written into it, so that 'opsdeck doctor --save NEW' can bring that change back", weak)
	}
	db, file, err := openBolt(path, o)
	if err != nil {
		return nil, explain(path, err)
	}
	b := &Bolt{path: path, o: o, db: db, file: file, weak: weak, pageSize: db.Info().PageSize, left: leavingIn(before)}
	b.Forget()
	if err := b.start(); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// create makes the book under another name and moves it into place when it is whole, since bbolt's
// own creation can leave half a file behind when the power fails.
func create(path string, o Options) error {
	temp := path + ".new"
	if err := writeNew(temp, o); err != nil {
		os.Remove(temp)
		return err
	}
	return settle(temp, path)
}

func writeNew(temp string, o Options) error {
	f, err := newFile(temp)
	if err != nil {
		return err
	}
	f.Close()
	db, _, err := openBolt(temp, o)
	if err != nil {
		return err
	}
	err = guard(temp, func() error {
		return db.Update(func(tx *bolt.Tx) error {
			t := &boltTx{path: temp, tx: tx}
			if err := t.Put(SystemBucket, []byte(keyMark), []byte(mark)); err != nil {
				return err
			}
			return SetSchema(t, o.Schema)
		})
	})
	return errors.Join(err, secondHead(db), db.Close())
}

// secondHead commits once more: bbolt made the first two heads, and both shall be of our making.
func secondHead(db *bolt.DB) error {
	return db.Update(func(*bolt.Tx) error { return nil })
}

// openBolt opens an existing file with the options measured best; see docs/decisions/0003. The
// caller has examined the file, or just made it.
func openBolt(path string, o Options) (db *bolt.DB, file *os.File, err error) {
	options := &bolt.Options{
		Timeout:         time.Millisecond, // the lock beside the book has done the waiting
		ReadOnly:        o.ReadOnly,
		NoFreelistSync:  true,
		FreelistType:    bolt.FreelistMapType,
		InitialMmapSize: initialMap,
		MaxSize:         int(o.MaxSize),
		NoSync:          o.hooks.noSync,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			var err error
			file, err = os.OpenFile(name, flag&^os.O_CREATE, mode)
			return file, err
		},
	}
	err = guard(path, func() error {
		db, err = bolt.Open(path, bookMode, options)
		return err
	})
	if err == nil {
		return db, file, nil
	}
	if file != nil {
		file.Close() // a panic leaves it open, and with it bbolt's lock
	}
	if errors.Is(err, berrors.ErrTimeout) {
		err = &LockedError{Path: path}
	}
	return nil, nil, err
}

// start checks that this is our kind of book and makes the first commit.
func (b *Bolt) start() error {
	if !samePlace(b.file, b.path) {
		return fmt.Errorf("%s: %w", b.path, ErrMoved)
	}
	if err := b.View(b.recognise); err != nil {
		return err
	}
	if b.o.ReadOnly {
		return nil
	}
	opened := b.o.now().Format(time.RFC3339Nano)
	err := b.Update(func(tx Tx) error {
		for _, name := range b.o.Buckets {
			if err := tx.(*boltTx).makeBucket(name); err != nil {
				return err
			}
		}
		return tx.Put(SystemBucket, []byte(keyOpened), []byte(opened))
	})
	b.opened = opened
	return err
}

func (b *Bolt) recognise(tx Tx) error {
	if got, ok := tx.Get(SystemBucket, []byte(keyMark)); !ok || string(got) != mark {
		return fmt.Errorf("%s: %w", b.path, ErrNotBook)
	}
	found, err := Schema(tx)
	if err != nil {
		return fmt.Errorf("%s: %w", b.path, err)
	}
	if found > b.o.Schema {
		return &NewerError{Path: b.path, Found: found, Known: b.o.Schema}
	}
	return nil
}

// Schema returns the schema number of the book, 0 for a book that has none.
func Schema(tx Tx) (int, error) {
	text, ok := tx.Get(SystemBucket, []byte(keySchema))
	if !ok {
		return 0, nil
	}
	n, err := strconv.Atoi(string(text))
	if err != nil {
		return 0, fmt.Errorf("schema number: %w", err)
	}
	return n, nil
}

// SetSchema sets the schema number; the last act of a migration, in its transaction.
func SetSchema(tx Tx, n int) error {
	return tx.Put(SystemBucket, []byte(keySchema), []byte(strconv.Itoa(n)))
}
