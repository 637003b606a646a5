package engine

import (
	"context"
	"errors"
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"
)

// Change says what a rewriting makes of a record: the value that takes its place, or nil to leave the
// record out. The value that it is given may be handed back, and not be written to.
type Change func(bucket string, key, value []byte) ([]byte, error)

// Rewrite makes the book anew: every record goes through change into a fresh file, then does what an Update
// would do there, and only the finished file, verified to the last record and synced, takes the book's name.
// So the whole happens or nothing of it, also when the power goes, and of what change has left out or replaced
// nothing is left in the file, neither in a free page nor behind the end of a value. Others read on while it
// runs; who writes waits. The error ErrUnknownOutcome means what it means for Update.
func (b *Bolt) Rewrite(ctx context.Context, change Change, then func(Tx) error) error {
	if b.o.ReadOnly {
		return fmt.Errorf("%s is open for reading only: %w", b.path, ErrReadOnlyTx)
	}
	if b.weak != nil {
		return b.weak
	}
	b.writer.Lock()
	defer b.writer.Unlock()
	temp := b.path + ".new"
	defer os.Remove(temp)
	if err := b.copyInto(ctx, temp, change, then); err != nil {
		return explain(b.path, err)
	}
	b.swap.Lock()
	defer b.swap.Unlock()
	if b.closed.Load() {
		return ErrClosed
	}
	if !samePlace(b.file, b.path) || leavingOf(b.file) != b.left {
		return b.breakWith(b.moved())
	}
	if err := settle(temp, b.path); err != nil {
		return b.breakWith(fmt.Errorf("%w: %w", ErrUnknownOutcome, explain(b.path, err)))
	}
	// The book is the new file from here on; whoever cannot go on in it has to open it again.
	if err := guard(b.path, b.db.Close); err != nil {
		return b.breakWith(fmt.Errorf("%w: %w", ErrUnknownOutcome, err))
	}
	db, file, err := openBolt(b.path, b.o)
	if err != nil {
		return b.breakWith(fmt.Errorf("%w: %w", ErrUnknownOutcome, explain(b.path, err)))
	}
	b.db, b.file, b.left = db, file, leavingOf(file)
	if h, _, err := readHead(file); err == nil {
		b.last = h.txid
	}
	return nil
}

// copyInto writes every record in order into a fresh file, verifying it on the way, through change if there is
// one, and does then in it.
func (b *Bolt) copyInto(ctx context.Context, temp string, change Change, then func(Tx) error) error {
	f, err := newFile(temp)
	if err != nil {
		return err
	}
	f.Close()
	db, _, err := openBolt(temp, Options{})
	if err != nil {
		return err
	}
	// Until the file has its name nobody relies on it: it is synced once, at the end, and not grown
	// ahead of need.
	db.NoSync, db.NoGrowSync = true, true
	err = b.View(func(tx Tx) error {
		c := &copier{ctx: ctx, db: db, change: change}
		defer c.drop()
		for _, name := range tx.(*boltTx).bucketNames() {
			if err := c.bucket(tx, name); err != nil {
				return err
			}
		}
		return c.commit()
	})
	if err == nil && then != nil {
		err = updateIn(temp, db, then)
	}
	if err == nil {
		err = secondHead(db)
	}
	if err = errors.Join(err, guard(temp, db.Close)); err != nil {
		return err
	}
	return verify(ctx, temp)
}

// updateIn is an Update of a file that is not a book yet.
func updateIn(path string, db *bolt.DB, fn func(Tx) error) error {
	tx, err := db.Begin(true)
	if err != nil {
		return err
	}
	t := &boltTx{path: path, tx: tx}
	if err := t.run(fn); err != nil {
		return errors.Join(err, guard(path, tx.Rollback))
	}
	return guard(path, tx.Commit)
}
