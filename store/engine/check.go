package engine

import (
	"context"

	bolt "go.etcd.io/bbolt"
)

// Check reads the whole book and reports all damage it finds: pages that make no sense, records
// whose checksum is wrong, and whatever bbolt's own check says. It returns an error only when the
// check itself could not be finished. Everyone may go on working meanwhile, but for the last part,
// bbolt's check, during which writers wait.
//
// Damage is also a head that was found broken at opening: nothing is wrong with the book by now,
// yet its last change may be gone.
func (b *Bolt) Check(ctx context.Context, report func(*CorruptError)) error {
	sound := b.weak == nil
	if !sound {
		report(b.weak)
	}
	bad := func(c *CorruptError) {
		sound = false
		report(c)
	}
	if err := b.checkPages(ctx, bad); err != nil {
		return err
	}
	if !sound || b.o.ReadOnly {
		// bbolt's check follows pages blindly, so it is only for books whose pages are sound. What
		// it adds is about free pages, of which a reader has no list.
		return nil
	}
	return b.checkFree(ctx, report)
}

// CheckFile checks a book that is too damaged to be opened, and reports all damage it finds. The
// book must not be open anywhere for writing. It returns an error when the check could not be
// finished, or when the file is no book at all. Of o, Timeout and AllowNetwork count.
func CheckFile(ctx context.Context, path string, o Options, report func(*CorruptError)) error {
	path, lock, err := lockDamaged(path, o)
	if err != nil {
		return err
	}
	defer lock.release()
	weak, err := walkFile(path, func(w *walker) {
		w.ctx, w.bad, w.record = ctx, report, verifyRecords(path, report)
	})
	if weak != nil {
		report(weak)
	}
	return explain(path, err)
}

// lockDamaged keeps writers away from a book that may be too damaged to be opened. It returns the
// file's own place.
func lockDamaged(path string, o Options) (string, *fileLock, error) {
	o.ReadOnly, o.Create = true, false
	path, err := resolve(path)
	if err == nil {
		err = checkPlace(path, o)
	}
	if err != nil {
		return path, nil, err
	}
	lock, err := lockBook(path, o)
	return path, lock, err
}

// checkPages walks the book as one transaction sees it; the transaction keeps its pages from being
// reused meanwhile.
func (b *Bolt) checkPages(ctx context.Context, bad func(*CorruptError)) error {
	tx, err := b.begin(false)
	if err != nil {
		return err
	}
	defer b.rollback(tx)
	w := newWalker(b.file, b.headOf(tx))
	w.path, w.ctx, w.bad, w.record = b.path, ctx, bad, verifyRecords(b.path, bad)
	return w.walk()
}

func (b *Bolt) headOf(tx *bolt.Tx) head {
	return head{
		pageSize: b.pageSize,
		root:     uint64(tx.Cursor().Bucket().Root()),
		pages:    uint64(tx.Size()) / uint64(b.pageSize),
	}
}

// verifyRecords returns a visitor that reports every record whose checksum is wrong.
func verifyRecords(path string, bad func(*CorruptError)) func(page uint64, bucket string, key, stored []byte) {
	var name string
	var s sealer
	return func(page uint64, bucket string, key, stored []byte) {
		if bucket != name {
			name, s = bucket, sealerOf(bucket)
		}
		if _, ok := s.unseal(key, stored); !ok {
			bad(mismatch(path, page, bucket, key))
		}
	}
}

// checkFree runs bbolt's check. It runs inside a write transaction that is thrown away, since the
// list of free pages may not change under it.
func (b *Bolt) checkFree(ctx context.Context, report func(*CorruptError)) error {
	b.writer.Lock()
	defer b.writer.Unlock()
	tx, err := b.begin(true)
	if err != nil {
		return err
	}
	defer b.rollback(tx)
	for found := range tx.Check() { // to its end, or its goroutine would hang
		if ctx.Err() == nil {
			report(&CorruptError{Path: b.path, Reason: found.Error()})
		}
	}
	return ctx.Err()
}

// Stats says how large the book is.
type Stats struct {
	FileBytes int64 // length of the file; it grows ahead of need in steps of 16 MiB
	UsedBytes int64 // part of the file that has been written
	FreeBytes int64 // part of the used bytes that waits to be used again; compacting gives it back
	Buckets   []BucketStats
}

// BucketStats is the part of one bucket.
type BucketStats struct {
	Name    string
	Records int
	Bytes   int64 // keys and values, without checksums
}

// Stats counts the records of every bucket, reading the whole book.
func (b *Bolt) Stats(ctx context.Context) (Stats, error) {
	var s Stats
	err := b.View(func(tx Tx) error {
		info, err := b.file.Stat()
		if err != nil {
			return explain(b.path, err)
		}
		s = Stats{FileBytes: info.Size()}
		t := tx.(*boltTx)
		s.UsedBytes = t.tx.Size()
		free := b.db.Stats()
		s.FreeBytes = int64(free.FreePageN+free.PendingPageN) * int64(b.pageSize)
		for _, name := range t.bucketNames() {
			part := BucketStats{Name: name}
			err := tx.Scan(name, nil, nil, func(key, value []byte) (bool, error) {
				part.Records++
				part.Bytes += int64(len(key) + len(value))
				return true, ctx.Err()
			})
			if err != nil {
				return err
			}
			s.Buckets = append(s.Buckets, part)
		}
		return nil
	})
	if err != nil {
		return Stats{}, err
	}
	return s, nil
}
