package engine

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// Bolt is a book in one bbolt file. Its methods may be called from any goroutine.
type Bolt struct {
	path     string
	o        Options
	db       *bolt.DB
	file     *os.File // bbolt's own handle, for reading around the map and for comparing inodes
	lock     *fileLock
	pageSize int
	weak     *CorruptError // damage to one of the two heads, found at opening
	opened   string        // when it was opened, as the book has it
	left     leaving       // how the last write has left the file; under writer
	last     uint64        // that write's transaction; under writer

	writer sync.Mutex   // held by who writes: changes, and the making of a new file
	swap   sync.RWMutex // held for reading while a transaction is open; db and file change under it
	closed atomic.Bool
	stuck  atomic.Bool // bbolt died holding its locks: closing it would wait for ever
	broken atomic.Pointer[error]
	walked atomic.Int64 // bytes of the map that were read since they were let go last
}

var (
	_ Engine = (*Bolt)(nil)
	_ Engine = (*Memory)(nil)
)

// Path returns the absolute path of the book, without symbolic links.
func (b *Bolt) Path() string { return b.path }

// View implements [Engine].
func (b *Bolt) View(fn func(Tx) error) error { return b.view(nil, fn) }

// ViewPast is View in which scans do not end at a damaged record but hand it to bad and go on, for
// checks that want to name every one.
func (b *Bolt) ViewPast(bad func(*CorruptError), fn func(Tx) error) error { return b.view(bad, fn) }

func (b *Bolt) view(bad func(*CorruptError), fn func(Tx) error) (err error) {
	tx, err := b.begin(false)
	if err != nil {
		return err
	}
	defer b.rollback(tx)
	t := &boltTx{path: b.path, tx: tx, bad: bad, forget: func() { b.forgetPages(tx) }}
	defer func() { b.walkedBy(t) }()
	if err := t.run(fn); err != nil {
		return err
	}
	// What a commit of unknown outcome wrote is visible at once; a reader that may have seen it
	// must not take it for saved.
	return b.failure()
}

// walkedBy adds up what transactions have read that were too short to let it go themselves.
func (b *Bolt) walkedBy(t *boltTx) {
	if b.walked.Add(int64(t.walked+t.looked)) > mostWalked {
		b.walked.Store(0)
		b.forgetPages(t.tx)
	}
}

// Update implements [Engine]. Any failure of the commit itself leaves the outcome unknown: the
// engine then answers every call with ErrUnknownOutcome until the book is opened again. The one
// exception is ErrMaxSize, which comes before anything is written.
func (b *Bolt) Update(fn func(Tx) error) error {
	if b.o.ReadOnly {
		return fmt.Errorf("%s is open for reading only: %w", b.path, ErrReadOnlyTx)
	}
	b.writer.Lock()
	defer b.writer.Unlock()
	tx, err := b.begin(true)
	if err != nil {
		return err
	}
	defer b.rollback(tx)
	// A writer that waited may find that the one before it broke the engine.
	if err := b.failure(); err != nil {
		return err
	}
	t := &boltTx{path: b.path, tx: tx}
	if err := t.run(fn); err != nil {
		return err
	}
	if !b.undisturbed(t) {
		return b.breakWith(b.moved())
	}
	return b.commit(tx)
}

func (b *Bolt) commit(tx *bolt.Tx) error {
	id := uint64(tx.ID())
	commit := func() error { return guard(b.path, tx.Commit) }
	var err error
	if b.o.hooks.commit != nil {
		err = b.o.hooks.commit(commit)
	} else {
		err = commit()
	}
	switch {
	case err == nil:
		b.left, b.last = leavingOf(b.file), id
		return nil
	case errors.Is(err, berrors.ErrMaxSizeReached):
		return fmt.Errorf("%s: %w", b.path, ErrMaxSize)
	}
	return b.breakWith(fmt.Errorf("%w: %w", ErrUnknownOutcome, explain(b.path, err)))
}

// begin starts a transaction. Transactions are begun and ended by hand, and not by bbolt's Update
// and View: after a panic those walk the book in a goroutine of their own, where the next panic
// would end the program.
func (b *Bolt) begin(write bool) (tx *bolt.Tx, err error) {
	if b.closed.Load() {
		return nil, ErrClosed
	}
	b.swap.RLock()
	defer func() {
		if err != nil {
			b.swap.RUnlock()
		}
	}()
	if err := b.failure(); err != nil {
		return nil, err
	}
	err = guard(b.path, func() error {
		tx, err = b.db.Begin(write)
		return err
	})
	var corrupt *CorruptError
	switch {
	case errors.As(err, &corrupt):
		b.stuck.Store(true)
		return nil, b.breakWith(err)
	case errors.Is(err, berrors.ErrDatabaseNotOpen):
		return nil, ErrClosed
	}
	return tx, err
}

func (b *Bolt) rollback(tx *bolt.Tx) {
	defer b.swap.RUnlock()
	err := guard(b.path, tx.Rollback)
	var corrupt *CorruptError
	if errors.As(err, &corrupt) {
		b.stuck.Store(true)
		_ = b.breakWith(err)
	}
}

// breakWith makes err the answer to every later call; the first one stays.
func (b *Bolt) breakWith(err error) error {
	b.broken.CompareAndSwap(nil, &err)
	return err
}

func (b *Bolt) failure() error {
	if err := b.broken.Load(); err != nil {
		return *err
	}
	return nil
}

// Close implements [Engine].
func (b *Bolt) Close() error { return b.CloseWith(func(State) {}) }

// CloseWith is Close that calls last when the book is closed and its lock not yet given up, with the
// state in which the file is left. It is not called when anything has failed, nor when another program has written to
// the file.
func (b *Bolt) CloseWith(last func(State)) error {
	if b.closed.Swap(true) {
		return nil
	}
	left, unknown := b.State()
	b.writer.Lock()
	ours := b.o.ReadOnly || leavingOf(b.file) == b.left
	b.writer.Unlock()
	var err error
	if b.stuck.Load() {
		err = b.file.Close()
	} else {
		err = guard(b.path, b.db.Close)
	}
	if err == nil && unknown == nil && ours && b.failure() == nil {
		last(left)
	}
	if b.lock != nil {
		b.lock.release()
	}
	return err
}
