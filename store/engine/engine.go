// Package engine is the one narrow door to the key-value engine under the book.
//
// Everything above it sees [Engine] and [Tx] and nothing else. [Bolt] keeps the book in one bbolt
// file and guards what bbolt leaves to its caller: power-fail safe creation, a lock that says who
// holds it, a checksum on every record, damage as an error and not as a crash, and a stop after a
// commit of unknown outcome. [Memory] keeps the same promises in memory, for tests.
//
// Transactions are short. Nothing slow (a screen, a pause, the network, a lock that others hold)
// belongs inside one: a long reader keeps old pages from being reused, so the file grows, and a
// writer keeps every other writer waiting. Transactions do not nest: an Update inside an Update
// waits for itself for ever.
package engine

import "context"

// Tx is a transaction: a view of the book at one moment and, in an Update, changes to it. It belongs
// to the goroutine that runs the function.
//
// Keys and values handed out are valid only inside the transaction and may not be written to; copy
// what has to outlive it. Keys given to Put, Delete and Scan are copied where they are kept. A
// damaged record ends the transaction: View or Update returns a [*CorruptError], and the rest of
// the function does not run.
type Tx interface {
	// Get returns the value under key; false when there is none, or no such bucket.
	Get(bucket string, key []byte) ([]byte, bool)
	// Put stores value under key and makes the bucket when it is missing. Errors are about the
	// arguments, or about a transaction that may not write.
	Put(bucket string, key, value []byte) error
	// Delete removes key; removing what is not there is no error.
	Delete(bucket string, key []byte) error
	// Scan calls fn for the records with from <= key < to in ascending order of their keys, until
	// fn asks for no more or fails. A nil from is the beginning, a nil to the end. In an Update fn
	// may change the bucket: the scan goes on behind the key it was at and sees the changes.
	Scan(bucket string, from, to []byte, fn ScanFunc) error
	// ScanBack is Scan over the same records in descending order.
	ScanBack(bucket string, from, to []byte, fn ScanFunc) error
}

// ScanFunc receives one record of a scan and says whether the scan goes on.
type ScanFunc func(key, value []byte) (more bool, err error)

// Engine is an ordered, transactional key-value store.
type Engine interface {
	// View runs fn over a consistent view that no writer disturbs.
	View(fn func(Tx) error) error
	// Update runs fn and commits what it wrote, durably and as a whole, or nothing when fn fails.
	// Only one Update runs at a time. fn may be run again, so its effects outside the transaction
	// have to be repeatable; only after Update has returned nil may anything be published.
	Update(fn func(Tx) error) error
	// Rewrite makes the engine anew, every record through change, and does then in it as an Update does.
	// Nothing is left of what change has left out or replaced. All of it happens or nothing. Then may run again.
	Rewrite(ctx context.Context, change Change, then func(Tx) error) error
	// Close waits for the open transactions and releases the engine. Closing again does nothing.
	Close() error
}

// The longest key (and bucket name) and the longest value, in bytes, in either engine.
const (
	MaxKey   = 32768
	MaxValue = 1 << 30
)

func checkArgs(bucket string, key, value []byte) error {
	switch {
	case bucket == "" || len(bucket) > MaxKey:
		return argErr(bucket, key, "a bucket name has 1 to %d bytes, this one %d", MaxKey, len(bucket))
	case len(key) == 0 || len(key) > MaxKey:
		return argErr(bucket, key, "a key has 1 to %d bytes, this one %d", MaxKey, len(key))
	case len(value) > MaxValue:
		return argErr(bucket, key, "a value has at most %d bytes, this one %d", MaxValue, len(value))
	}
	return nil
}
