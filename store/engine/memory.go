package engine

import (
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Memory is an engine that forgets: for tests. Its methods may be called from any goroutine.
type Memory struct {
	// Strict brings out what a caller does wrong and bbolt would punish only now and then: every
	// function of Update runs twice, the first time for nothing, and whatever a transaction handed
	// out is overwritten when it ends. Set it before the first call.
	Strict bool

	writer sync.Mutex
	closed atomic.Bool
	state  atomic.Pointer[map[string]*leaf]
}

// NewMemory returns an empty engine.
func NewMemory() *Memory {
	m := &Memory{}
	m.state.Store(&map[string]*leaf{})
	return m
}

// View implements [Engine].
func (m *Memory) View(fn func(Tx) error) error {
	if m.closed.Load() {
		return ErrClosed
	}
	t := &memoryTx{strict: m.Strict, buckets: *m.state.Load()}
	defer t.spoil()
	return fn(t)
}

// Update implements [Engine].
func (m *Memory) Update(fn func(Tx) error) error {
	m.writer.Lock()
	defer m.writer.Unlock()
	if m.closed.Load() {
		return ErrClosed
	}
	if m.Strict {
		if _, err := m.try(fn); err != nil {
			return err
		}
	}
	next, err := m.try(fn)
	if err == nil {
		m.state.Store(&next)
	}
	return err
}

func (m *Memory) try(fn func(Tx) error) (map[string]*leaf, error) {
	next := map[string]*leaf{}
	for name, root := range *m.state.Load() {
		next[name] = root
	}
	t := &memoryTx{strict: m.Strict, writable: true, buckets: next}
	defer t.spoil()
	return next, fn(t)
}

// Rewrite implements [Engine].
func (m *Memory) Rewrite(ctx context.Context, change Change, then func(Tx) error) error {
	m.writer.Lock()
	defer m.writer.Unlock()
	if m.closed.Load() {
		return ErrClosed
	}
	old := &memoryTx{strict: m.Strict, buckets: *m.state.Load()}
	defer old.spoil()
	made := &memoryTx{strict: m.Strict, writable: true, buckets: map[string]*leaf{}}
	defer made.spoil()
	for _, name := range slices.Sorted(maps.Keys(old.buckets)) {
		if err := old.Scan(name, nil, nil, func(key, value []byte) (bool, error) {
			value, err := change(name, key, value)
			if err == nil && value != nil {
				err = made.Put(name, key, value)
			}
			return err == nil, errors.Join(err, ctx.Err())
		}); err != nil {
			return err
		}
	}
	if err := then(made); err != nil {
		return err
	}
	m.state.Store(&made.buckets)
	return nil
}

// Close implements [Engine].
func (m *Memory) Close() error {
	m.closed.Store(true)
	return nil
}

type memoryTx struct {
	strict   bool
	writable bool
	buckets  map[string]*leaf
	lent     [][]byte
}

// lend hands out bytes; in strict mode copies that spoil at the end of the transaction.
func (t *memoryTx) lend(b []byte) []byte {
	if !t.strict {
		return b[:len(b):len(b)]
	}
	b = append(make([]byte, 0, len(b)), b...)
	t.lent = append(t.lent, b)
	return b
}

func (t *memoryTx) spoil() {
	for _, b := range t.lent {
		for i := range b {
			b[i] = 0xdb
		}
	}
}

func (t *memoryTx) Get(bucket string, key []byte) ([]byte, bool) {
	n := t.buckets[bucket].atLeast(key)
	if n == nil || !bytes.Equal(n.key, key) {
		return nil, false
	}
	return t.lend(n.value), true
}

func (t *memoryTx) Put(bucket string, key, value []byte) error {
	if !t.writable {
		return ErrReadOnlyTx
	}
	if err := checkArgs(bucket, key, value); err != nil {
		return err
	}
	low, high := t.buckets[bucket].split(key)
	_, high = high.split(append(slices.Clone(key), 0))
	n := &leaf{key: slices.Clone(key), value: append([]byte{}, value...), rank: crc32.Checksum(key, castagnoli)}
	t.buckets[bucket] = merge(merge(low, n), high)
	return nil
}

func (t *memoryTx) Delete(bucket string, key []byte) error {
	if !t.writable {
		return ErrReadOnlyTx
	}
	if err := checkArgs(bucket, key, nil); err != nil {
		return err
	}
	low, high := t.buckets[bucket].split(key)
	_, high = high.split(append(slices.Clone(key), 0))
	t.buckets[bucket] = merge(low, high)
	return nil
}

func (t *memoryTx) Scan(bucket string, from, to []byte, fn ScanFunc) error {
	for n := t.buckets[bucket].atLeast(from); n != nil; {
		if to != nil && bytes.Compare(n.key, to) >= 0 {
			return nil
		}
		if more, err := fn(t.lend(n.key), t.lend(n.value)); !more || err != nil {
			return err
		}
		n = t.buckets[bucket].atLeast(append(slices.Clone(n.key), 0))
	}
	return nil
}

func (t *memoryTx) ScanBack(bucket string, from, to []byte, fn ScanFunc) error {
	for n := t.buckets[bucket].below(to); n != nil; {
		if bytes.Compare(n.key, from) < 0 {
			return nil
		}
		if more, err := fn(t.lend(n.key), t.lend(n.value)); !more || err != nil {
			return err
		}
		n = t.buckets[bucket].below(n.key)
	}
	return nil
}

// leaf is a node of a treap that is never changed, so that a reader keeps its view for free: a
// change copies the path to it. The rank comes from the key and makes the shape random enough.
type leaf struct {
	key, value []byte
	rank       uint32
	low, high  *leaf
}

// atLeast returns the node with the smallest key >= key, or nil.
func (n *leaf) atLeast(key []byte) (found *leaf) {
	for n != nil {
		if bytes.Compare(n.key, key) >= 0 {
			found, n = n, n.low
		} else {
			n = n.high
		}
	}
	return found
}

// below returns the node with the greatest key < key; nil is the end.
func (n *leaf) below(key []byte) (found *leaf) {
	for n != nil {
		if key == nil || bytes.Compare(n.key, key) < 0 {
			found, n = n, n.high
		} else {
			n = n.low
		}
	}
	return found
}

// split returns the nodes with keys < key and the others.
func (n *leaf) split(key []byte) (low, high *leaf) {
	if n == nil {
		return nil, nil
	}
	c := *n
	if bytes.Compare(n.key, key) < 0 {
		c.high, high = n.high.split(key)
		return &c, high
	}
	low, c.low = n.low.split(key)
	return low, &c
}

// merge joins two treaps, every key of low being less than every key of high.
func merge(low, high *leaf) *leaf {
	switch {
	case low == nil:
		return high
	case high == nil:
		return low
	case low.rank > high.rank:
		c := *low
		c.high = merge(low.high, high)
		return &c
	default:
		c := *high
		c.low = merge(low, high.low)
		return &c
	}
}
