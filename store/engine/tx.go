package engine

import (
	"bytes"
	"fmt"
	"runtime/debug"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// boltTx is a transaction of bbolt behind the interface.
type boltTx struct {
	path   string
	tx     *bolt.Tx
	bad    func(*CorruptError) // takes damaged records of a scan; nil: they end the transaction
	writes int                 // counts changes, which invalidate cursors
	last   place               // the bucket used last, since most calls stay in one

	forget func() // told of every mostWalked bytes that were read through; nil: nobody is
	walked int    // since it was told last
	looked int    // what look-ups may have mapped since they told it last
	looks  uint   // how often they have

	// Where the transaction is, for naming damage that shows as a panic or a fault. inside tells a
	// panic of the engine from one of the caller's function, which is not ours to swallow.
	inside bool
	bucket string
	key    []byte
}

// place is a bucket that has been looked up; b is nil where there is none.
type place struct {
	name string
	b    *bolt.Bucket
	sealer
}

// A transaction of many writes puts them in the order of their keys, and most of the keys rise (ids
// and log numbers begin with the time): the pages that it leaves behind are not written to again and
// may be nearly full. Single writes come in any order, for which bbolt's own half is best: with 0.9
// pages that 20,000 small transactions had filled in random order took 54 MB instead of 34.
const (
	manyWrites = 1000
	bulkFill   = 0.9
)

// What is read of the mapped file stays in the memory of the process: a search through the log would make it as large as
// the log. So it is let go now and then. A look-up maps the page that it ends on, and the system those around it.
const (
	mostWalked = 32 << 20
	lookedUp   = 64 << 10
)

// walk counts what is read of the mapped file.
func (t *boltTx) walk(bytes int) {
	if t.walked += bytes; t.walked > mostWalked && t.forget != nil {
		t.walked = 0
		t.forget()
	}
}

// look counts what a look-up may map. Look-ups come back to pages that others have mapped: a transaction of very many,
// such as a check of the book, would spend its time on mapping them again, so it lets go half as often each time.
func (t *boltTx) look() {
	if t.looked += lookedUp; t.looked > mostWalked<<t.looks && t.forget != nil {
		t.looked, t.looks = 0, t.looks+1
		t.forget()
	}
}

// find looks a bucket up.
func (t *boltTx) find(bucket string) place {
	if t.last.b == nil || t.last.name != bucket {
		name := []byte(bucket)
		t.last = place{name: bucket, b: t.tx.Bucket(name), sealer: sealerOf(bucket)}
	}
	return t.last
}

// run calls fn and turns damage met on the way into a *CorruptError; a panic of fn's own goes on.
// This and guard are where panics and faults end.
func (t *boltTx) run(fn func(Tx) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = t.damage(p)
		}
	}()
	return fn(t)
}

// damage names what a panic means, or panics again when it is none of ours.
func (t *boltTx) damage(p any) error {
	if c, ok := p.(*CorruptError); ok {
		return c
	}
	// A value handed out lies in the mapped file: reading it may fault in the caller's code, too.
	if _, fault := p.(interface{ Addr() uintptr }); !t.inside && !fault {
		panic(p)
	}
	return &CorruptError{Path: t.path, Bucket: t.bucket, Key: readable(t.key), Reason: fmt.Sprint(p)}
}

// readable copies a key, or gives nil where the key itself lies in what cannot be read.
func readable(key []byte) (clone []byte) {
	defer func() {
		if recover() != nil {
			clone = nil
		}
	}()
	return slices.Clone(key)
}

// guard runs a step of the engine in which no caller's code runs: whatever panics is damage.
func guard(path string, fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = &CorruptError{Path: path, Reason: fmt.Sprint(p)}
		}
	}()
	return fn()
}

func (t *boltTx) enter(bucket string, key []byte) { t.inside, t.bucket, t.key = true, bucket, key }
func (t *boltTx) leave()                          { t.inside = false }

func (t *boltTx) Get(bucket string, key []byte) ([]byte, bool) {
	t.enter(bucket, key)
	p := t.find(bucket)
	var stored []byte
	if p.b != nil {
		stored = p.b.Get(key)
	}
	if stored == nil {
		t.leave()
		return nil, false
	}
	value, ok := p.unseal(key, stored)
	if !ok {
		panic(mismatch(t.path, 0, bucket, key))
	}
	t.look()
	t.leave()
	return value, true
}

func mismatch(path string, page uint64, bucket string, key []byte) *CorruptError {
	return &CorruptError{Path: path, Page: page, Bucket: bucket, Key: slices.Clone(key), Reason: "the checksum of the record is wrong"}
}

func (t *boltTx) Put(bucket string, key, value []byte) error {
	if !t.tx.Writable() {
		return ErrReadOnlyTx
	}
	if err := checkArgs(bucket, key, value); err != nil {
		return err
	}
	if err := t.makeBucket(bucket); err != nil {
		return err
	}
	t.enter(bucket, key)
	p := t.find(bucket)
	if t.writes++; t.writes > manyWrites {
		p.b.FillPercent = bulkFill
	}
	err := p.b.Put(key, p.seal(key, value))
	t.leave()
	if err != nil {
		return argErr(bucket, key, "%w", err)
	}
	return nil
}

func (t *boltTx) Delete(bucket string, key []byte) error {
	if !t.tx.Writable() {
		return ErrReadOnlyTx
	}
	if err := checkArgs(bucket, key, nil); err != nil {
		return err
	}
	t.enter(bucket, key)
	var err error
	if p := t.find(bucket); p.b != nil {
		t.writes++
		err = p.b.Delete(key)
	}
	t.leave()
	if err != nil {
		return argErr(bucket, key, "%w", err)
	}
	return nil
}

func (t *boltTx) Scan(bucket string, from, to []byte, fn ScanFunc) error {
	return t.scan(bucket, from, func(p place) error { return t.ascend(p, from, to, fn) })
}

func (t *boltTx) ScanBack(bucket string, from, to []byte, fn ScanFunc) error {
	return t.scan(bucket, to, func(p place) error { return t.descend(p, from, to, fn) })
}

// scan leaves the engine without a defer: a panic has to find inside as it was.
func (t *boltTx) scan(bucket string, start []byte, walk func(place) error) error {
	t.enter(bucket, start)
	var err error
	if p := t.find(bucket); p.b != nil {
		t.look()
		err = walk(p)
	}
	t.leave()
	return err
}

func (t *boltTx) ascend(p place, from, to []byte, fn ScanFunc) error {
	c := p.b.Cursor()
	key, stored := c.Seek(from)
	for key != nil && (to == nil || bytes.Compare(key, to) < 0) {
		at, moved, more, err := t.visit(p, key, stored, fn)
		if !more || err != nil {
			return err
		}
		if !moved {
			key, stored = c.Next()
			continue
		}
		if key, stored = c.Seek(at); bytes.Equal(key, at) {
			key, stored = c.Next()
		}
	}
	return nil
}

func (t *boltTx) descend(p place, from, to []byte, fn ScanFunc) error {
	c := p.b.Cursor()
	key, stored := before(p.b, c, to)
	for key != nil && bytes.Compare(key, from) >= 0 {
		at, moved, more, err := t.visit(p, key, stored, fn)
		if !more || err != nil {
			return err
		}
		if moved {
			key, stored = before(p.b, c, at)
		} else {
			key, stored = prev(p.b, c, at)
		}
	}
	return nil
}

// before moves the cursor to the last record whose key is less than to; nil is the end.
func before(b *bolt.Bucket, c *bolt.Cursor, to []byte) (key, stored []byte) {
	// Last of bbolt never returns from a tree of pages that this transaction has emptied.
	if first, _ := c.First(); first == nil {
		return nil, nil
	}
	if to == nil {
		return c.Last()
	}
	if key, _ = c.Seek(to); key == nil {
		return c.Last()
	}
	return prev(b, c, to)
}

// prev moves the cursor back from at. Prev of bbolt answers nil not only at the beginning but also
// on a page that this transaction has emptied, so nil counts only when no smaller key is left.
func prev(b *bolt.Bucket, c *bolt.Cursor, at []byte) (key, stored []byte) {
	key, stored = c.Prev()
	if key != nil || !b.Writable() {
		return key, stored
	}
	first, _ := b.Cursor().First()
	for key == nil && first != nil && bytes.Compare(first, at) < 0 {
		key, stored = c.Prev()
	}
	return key, stored
}

// visit checks one record and hands it to fn. at is the record's key; moved says that fn changed
// the book, so that the cursor has to find its place again.
func (t *boltTx) visit(p place, key, stored []byte, fn ScanFunc) (at []byte, moved, more bool, err error) {
	t.key = key
	t.walk(len(key) + len(stored))
	value, ok := p.unseal(key, stored)
	if !ok {
		damage := mismatch(t.path, 0, p.name, key)
		if t.bad == nil {
			panic(damage)
		}
		t.leave()
		t.bad(damage)
		t.enter(p.name, key)
		return key, false, true, nil
	}
	if t.tx.Writable() {
		key = slices.Clone(key)
	}
	writes := t.writes
	t.leave()
	more, err = fn(key, value)
	t.enter(p.name, key)
	return key, t.writes != writes, more, err
}

func (t *boltTx) makeBucket(bucket string) error {
	if err := checkArgs(bucket, []byte("-"), nil); err != nil {
		return err
	}
	t.enter(bucket, nil)
	var err error
	if t.find(bucket).b == nil {
		_, err = t.tx.CreateBucket([]byte(bucket))
	}
	t.leave()
	if err != nil {
		return argErr(bucket, nil, "%w", err)
	}
	return nil
}

// bucketNames lists all buckets, sorted.
func (t *boltTx) bucketNames() []string {
	t.enter("", nil)
	var names []string
	c := t.tx.Cursor()
	for name, _ := c.First(); name != nil; name, _ = c.Next() {
		names = append(names, string(name))
	}
	t.leave()
	return names
}
