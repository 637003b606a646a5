package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	bolt "go.etcd.io/bbolt"
)

// WriteTo writes a consistent copy of the book while everyone goes on working. It reads inside a
// transaction, so w should be a file: to send the book over a network, back it up first. The copy
// is not verified.
func (b *Bolt) WriteTo(w io.Writer) (int64, error) {
	tx, err := b.begin(false)
	if err != nil {
		return 0, err
	}
	defer b.rollback(tx)
	n, err := tx.WriteTo(w)
	return n, explain(b.path, err)
}

// Backup writes a consistent copy to path while everyone goes on working. The copy is read back to
// the last record and opened before it takes its name; a failure leaves nothing behind. A book that
// is already there is replaced, unless somebody has it open; anything else there is refused.
func (b *Bolt) Backup(ctx context.Context, path string) error {
	path, err := resolve(path)
	if err != nil {
		return err
	}
	unlock, err := reserve(path)
	if err != nil {
		return err
	}
	defer unlock()
	// A name of its own, since without a book's lock two backups may run to the same place.
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return explain(path, err)
	}
	defer os.Remove(f.Name())
	if err := b.copyTo(ctx, f); err != nil {
		return err
	}
	return explain(path, settle(f.Name(), path))
}

// copyTo writes the book to f, closes f and verifies what is there.
func (b *Bolt) copyTo(ctx context.Context, f *os.File) error {
	_, err := b.WriteTo(contextWriter{ctx, f})
	if ctx.Err() != nil {
		err = ctx.Err() // bbolt keeps only its text
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return explain(f.Name(), err)
	}
	return verify(ctx, f.Name())
}

// reserve says whether a backup may take the place of what is at path, and keeps others from
// opening that book meanwhile. Only a file that has been opened as a book has a lock beside it.
func reserve(path string) (unlock func(), err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	if err != nil {
		return nil, explain(path, err)
	}
	if whole, ok := strings.CutSuffix(path, lockPath("")); ok {
		if _, err := os.Stat(whole); err == nil {
			return nil, fmt.Errorf("%s: this is the lock of %s; choose another name", path, whole)
		}
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w but a %s; choose another name", path, ErrNotBook, kindOf(info))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, explain(path, err)
	}
	defer f.Close()
	if _, _, err := readHead(f); errors.Is(err, ErrNotBook) {
		return nil, fmt.Errorf("%s: %w; it is left alone, choose another name", path, ErrNotBook)
	}
	if _, err := os.Stat(lockPath(path)); err != nil {
		return func() {}, nil
	}
	lock, err := lockBook(path, Options{})
	if err != nil {
		return nil, err
	}
	return lock.release, nil
}

// contextWriter stops a long copy when the context ends.
type contextWriter struct {
	ctx context.Context
	w   io.Writer
}

func (c contextWriter) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}

// verify reads a finished copy to the last record and opens it as a book.
func verify(ctx context.Context, path string) error {
	if err := soundFile(ctx, path); err != nil {
		return fmt.Errorf("the copy is not sound: %w", explain(path, err))
	}
	b, err := openQuietly(path, Options{Schema: math.MaxInt})
	if err != nil {
		return fmt.Errorf("the copy cannot be opened: %w", err)
	}
	return b.Close()
}

// openQuietly opens a book for reading without the lock beside it: a file nobody works on, or one
// whose lock is held already. bbolt's own lock still finds a writer.
func openQuietly(path string, o Options) (*Bolt, error) {
	o.ReadOnly, o.Create = true, false
	return openLocked(context.Background(), path, o)
}

// Peek reads one value of a book that nobody has to have open, such as a backup; false where there is none or the
// file is no sound book.
func Peek(path, bucket string, key []byte) (value []byte, ok bool) {
	b, err := openQuietly(path, Options{Schema: math.MaxInt})
	if err != nil {
		return nil, false
	}
	err = b.View(func(tx Tx) error {
		var raw []byte
		raw, ok = tx.Get(bucket, key)
		value = slices.Clone(raw)
		return nil
	})
	return value, errors.Join(err, b.Close()) == nil && ok
}

// Restore makes the book at to a copy of the one at from, which is verified to the last record
// first and again after copying. It refuses while anyone has either open. The file that was at to is
// kept beside it as to.replaced (instead of an earlier one), sound or not: a restore of the wrong
// backup can be taken back. Of o, Schema, Timeout, User, Now and AllowNetwork count.
func Restore(ctx context.Context, from, to string, o Options) error {
	from, to, err := resolveBoth(from, to)
	if err != nil {
		return err
	}
	o.Create, o.ReadOnly = true, false
	if err := checkPlace(to, o); err != nil {
		return err
	}
	lock, err := lockBook(to, o)
	if err != nil {
		return err
	}
	defer lock.release()
	if err := unused(to); err != nil {
		return err
	}
	if err := soundFile(ctx, from); err != nil {
		return explain(from, err)
	}
	source, err := openQuietly(from, o)
	if err != nil {
		return err
	}
	defer source.Close()
	temp := to + ".new"
	f, err := newFile(temp)
	if err != nil {
		return explain(temp, err)
	}
	defer os.Remove(temp)
	if err := source.copyTo(ctx, f); err != nil {
		return err
	}
	if err := keep(to); err != nil {
		return explain(to, err)
	}
	return explain(to, settle(temp, to))
}

func resolveBoth(from, to string) (string, string, error) {
	source, err := resolve(from)
	if err != nil {
		return "", "", err
	}
	target, err := resolve(to)
	if err != nil {
		return "", "", err
	}
	a, err := os.Stat(source)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", fmt.Errorf("%s: %w", source, ErrNotFound)
	} else if err != nil {
		return "", "", explain(source, err)
	}
	if b, err := os.Stat(target); err == nil && os.SameFile(a, b) {
		return "", "", fmt.Errorf("%s and %s are the same book", source, target)
	}
	return source, target, nil
}

// unused looks for the lock that bbolt puts on the file itself. It finds a program that holds the
// book though the lock beside it has been deleted.
func unused(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return explain(path, err)
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		return &LockedError{Path: path}
	} else if err != nil {
		return explain(path, err)
	}
	return nil
}

// newFile makes a fresh file in place of what a killed program left. The caller holds the lock.
func newFile(path string) (*os.File, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, bookMode)
}

// keep gives the file at path a second name, so that replacing it does not lose it.
func keep(path string) error {
	kept := path + ".replaced"
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := os.Remove(kept); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Link(path, kept)
}

// Move gives a book that nobody has open another name, durably. There must be nothing under that name.
func Move(from, to string) error {
	from, to, err := resolveBoth(from, to)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("%s: %w", to, fs.ErrExist), err)
	}
	if err := explain(to, settle(from, to)); err != nil {
		return err
	}
	return Drop(from)
}

// Drop removes a book that was never finished, and what lies beside it.
func Drop(path string) error {
	for _, name := range []string{path, lockPath(path), path + ".new"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return explain(name, err)
		}
	}
	return nil
}

// Compact rewrites the book at path without its free pages and returns its length in bytes before
// and after. Nobody may have it open. Of o, Schema, Timeout, User, Now and AllowNetwork count.
func Compact(ctx context.Context, path string, o Options) (before, after int64, err error) {
	o.Create, o.ReadOnly = false, false
	path, err = resolve(path)
	if err != nil {
		return 0, 0, err
	}
	if err := checkPlace(path, o); err != nil {
		return 0, 0, err
	}
	lock, err := lockBook(path, o)
	if err != nil {
		return 0, 0, err
	}
	defer lock.release()
	source, err := openQuietly(path, o)
	if err != nil {
		return 0, 0, err
	}
	defer source.Close()
	if source.weak != nil {
		return 0, 0, source.weak
	}
	temp := path + ".new"
	defer os.Remove(temp)
	if err := source.copyInto(ctx, temp, nil, nil); err != nil {
		return 0, 0, explain(path, err)
	}
	if before, err = fileSize(path); err != nil {
		return 0, 0, explain(path, err)
	}
	if after, err = fileSize(temp); err != nil {
		return 0, 0, explain(path, err)
	}
	return before, after, explain(path, settle(temp, path))
}

func fileSize(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// copyBatch is how many bytes of records go into one transaction of a copy.
const copyBatch = 4 << 20

// copier puts records into a new file, some megabytes to a transaction.
type copier struct {
	ctx    context.Context
	db     *bolt.DB
	tx     *bolt.Tx // nil between transactions
	bytes  int
	change Change // nil copies everything as it is
}

func (c *copier) bucket(from Tx, name string) error {
	to, err := c.open(name)
	if err != nil {
		return err
	}
	return from.Scan(name, nil, nil, func(key, value []byte) (bool, error) {
		if c.change != nil {
			if value, err = c.change(name, key, value); err != nil || value == nil {
				return err == nil, err
			}
		}
		if c.bytes > copyBatch {
			if err := errors.Join(c.commit(), c.ctx.Err()); err != nil {
				return false, err
			}
			if to, err = c.open(name); err != nil {
				return false, err
			}
		}
		c.bytes += len(key) + len(value)
		return true, to.Put(name, key, value)
	})
}

// open returns the transaction, ready to append to a bucket.
func (c *copier) open(name string) (*boltTx, error) {
	var err error
	if c.tx == nil {
		if c.tx, err = c.db.Begin(true); err != nil {
			return nil, err
		}
		c.bytes = 0
	}
	t := &boltTx{tx: c.tx}
	if err := t.makeBucket(name); err != nil {
		return nil, err
	}
	// Keys come in order, so pages can be filled; a little room spares the first changes a split.
	c.tx.Bucket([]byte(name)).FillPercent = 0.9
	return t, nil
}

func (c *copier) commit() error {
	tx := c.tx
	c.tx = nil
	if tx == nil {
		return nil
	}
	return tx.Commit()
}

func (c *copier) drop() {
	if c.tx != nil {
		_ = c.tx.Rollback()
	}
}
