package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
	"opsdeck/store/engine"
)

// Options say how to open a book and where time and ids come from, so that whatever is done to the
// book can be repeated to the byte.
type Options struct {
	Create   bool
	ReadOnly bool
	Timeout  time.Duration // how long to wait for a lock that others hold
	User     string        // who opens it; written into the lock
	Now      func() time.Time
	NewID    func() model.ID
	Today    func() day.Day
	Replica  string
	Entropy  io.Reader // of the salts in the log; nil is the system's
	Cache    CacheUse  // what to do with the cache beside the book
	// Brief says that the book is opened for a change and closed again: it is opened at once instead of after the
	// first screen, and after a change of many records nobody makes a picture that nobody asks for.
	Brief bool

	leastCached int // records from which a cache is kept; 0 is the usual
	leastPlain  int // plain changes from which they are applied several at a time; 0 is the usual
}

// Book is somebody's handle on an open book: the one place through which records are read and
// changed. Its methods may be called from several goroutines. For makes handles for others.
type Book struct {
	*core
	o      Options
	caller Caller
	own    atomic.Pointer[table.Snapshot] // of a handle whose day is not the book's
	veil   atomic.Pointer[veiledPicture]  // of a handle whose role must not see everything
}

// core is the open book itself, which all handles share.
type core struct {
	eng  engine.Engine
	late *late   // the same; nil in memory
	base Options // of whoever opened it
	keep keeper

	writing sync.Mutex // held from a change's validation until it is published
	snap    atomic.Pointer[table.Snapshot]

	watchMu  sync.Mutex
	watchers map[int]*watcher
	pulse    pulse
	nextID   int
	present  map[*Book]model.Presence // who has which record open to change it, by their handle
}

// Close waits for what is under way and closes the book. The handles that For has made leave it open.
func (b *Book) Close() error {
	b.Editing(model.KNone, model.ID{})
	if b.caller.guest {
		return nil
	}
	if b.late == nil {
		b.writing.Lock()
		defer b.writing.Unlock()
		return b.eng.Close()
	}
	b.finishCache()
	b.writing.Lock()
	defer b.writing.Unlock()
	return b.late.closeWith(b.lastTail())
}

// ReadOnly tells whether changes are refused.
func (b *Book) ReadOnly() bool { return b.o.ReadOnly }

// Today returns the calendar day that figures are computed for.
func (b *Book) Today() day.Day { return b.o.Today() }

// NewID makes an id for a record or a step.
func (b *Book) NewID() model.ID { return b.o.NewID() }

// Path returns the file of the book, or nothing for one in memory.
func (b *Book) Path() string {
	if b.late == nil {
		return ""
	}
	return b.late.book.Path()
}

// Get reads one record. ErrNotFound says that there is none.
func (b *Book) Get(k model.Kind, id model.ID) (*model.Record, error) {
	hides, err := b.hidden()
	if err != nil {
		return nil, err
	}
	var r *model.Record
	err = b.eng.View(func(tx engine.Tx) error {
		var err error
		r, err = getRecord(tx, k, id)
		return err
	})
	if err == nil && r == nil {
		err = fmt.Errorf("%s %s: %w", k, id, ErrNotFound)
	}
	return bare(r, hides), err
}

// getRecord returns nil where there is no record.
func getRecord(tx engine.Tx, k model.Kind, id model.ID) (*model.Record, error) {
	raw, ok := tx.Get(bucketRecord, recordKey(k, id))
	if !ok {
		return nil, nil
	}
	return model.DecodeRecord(k, id, raw)
}

// Each calls fn with every record of a kind, in the order of their ids, until fn returns false.
// Fn must be quick: a transaction is open while it runs.
func (b *Book) Each(k model.Kind, fn func(*model.Record) bool) error {
	hides, err := b.hidden()
	if err != nil {
		return err
	}
	if hides != nil {
		all := fn
		fn = func(r *model.Record) bool { return all(bare(r, hides)) }
	}
	return b.eng.View(func(tx engine.Tx) error { return eachRecord(tx, k, fn) })
}

func eachRecord(tx engine.Tx, k model.Kind, fn func(*model.Record) bool) error {
	return tx.Scan(bucketRecord, []byte{byte(k)}, []byte{byte(k) + 1}, func(key, value []byte) (bool, error) {
		kind, id, ok := splitRecordKey(key)
		if !ok {
			return false, fmt.Errorf("record key %x has a wrong length", key)
		}
		r, err := model.DecodeRecord(kind, id, value)
		if err != nil {
			return false, err
		}
		return fn(r), nil
	})
}

// Kids reads the records of a kind that point at a record through any field, in the order of ids.
func (b *Book) Kids(of model.ID, k model.Kind) ([]*model.Record, error) {
	hides, err := b.hidden()
	if err != nil {
		return nil, err
	}
	var out []*model.Record
	err = b.eng.View(func(tx engine.Tx) error {
		out = nil
		prefix := append(of[:], byte(k))
		return tx.Scan(indexRef, prefix, after(prefix), func(key, _ []byte) (bool, error) {
			r, err := getRecord(tx, k, model.ID(key[17:33]))
			if r != nil {
				out = append(out, bare(r, hides))
			}
			return true, err
		})
	})
	return out, err
}

// Lookup finds a record by its internal id or by an external id that no other record of the kind has.
func (b *Book) Lookup(k model.Kind, text string) (*model.Record, error) {
	if id, err := model.ParseID(text); err == nil {
		if r, err := b.Get(k, id); err == nil || !errors.Is(err, ErrNotFound) {
			return r, err
		}
	}
	hides, err := b.hidden()
	if err != nil {
		return nil, err
	}
	var found []*model.Record
	err = b.eng.View(func(tx engine.Tx) error {
		found = nil
		prefix := extPrefix(k, text)
		return tx.Scan(indexExt, prefix, after(prefix), func(key, _ []byte) (bool, error) {
			if len(key) != len(prefix)+16 {
				return true, nil
			}
			r, err := getRecord(tx, k, model.ID(key[len(prefix):]))
			if r != nil {
				found = append(found, bare(r, hides))
			}
			return true, err
		})
	})
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, fmt.Errorf("%s %q: %w", k, text, ErrNotFound)
	case len(found) > 1:
		return nil, fmt.Errorf("%s %q: the external id %w; use one of the ids %s and %s", k, text, ErrAmbiguous, found[0].ID, found[1].ID)
	}
	return found[0], nil
}

// ByKey finds the record that a source knows under a key, nil where there is none.
func (b *Book) ByKey(k model.Kind, key string) (*model.Record, error) {
	hides, err := b.hidden()
	if err != nil {
		return nil, err
	}
	var r *model.Record
	err = b.eng.View(func(tx engine.Tx) error {
		r = nil
		raw, ok := tx.Get(indexKey, sourceKey(k, key))
		if !ok || len(raw) != 16 {
			return nil
		}
		var err error
		r, err = getRecord(tx, k, model.ID(raw))
		return err
	})
	return bare(r, hides), err
}

// Snapshot returns the book as it is now, for lists, filters and sums. The first call reads the
// whole book; later ones cost nothing, but for the first one of a new day.
func (b *Book) Snapshot() (*table.Snapshot, error) {
	s, err := b.shared()
	if err != nil {
		return nil, err
	}
	today := b.o.Today()
	if s.Today == today {
		return b.veiled(turned(&b.snap, s, b.moment(today)))
	}
	own := b.own.Load()
	if own == nil || own.Today != today || own.Seq != s.Seq {
		own = s.Update(s.Seq, today, nil, nil)
		b.own.Store(own)
	}
	return b.veiled(turned(&b.own, own, b.moment(today)))
}

// moment is when the clocks of a day's picture are judged, in seconds: now, or the end of the day where
// figures are computed for another one, so that they are the same whenever they are asked for.
func (b *Book) moment(today day.Day) int64 {
	if now := b.o.Now(); day.FromTime(now) == today {
		return now.Unix()
	}
	return (int64(today) + 1) * 86400
}

// turned is the picture with its clocks as they stand at a moment. Where one has turned, the new picture
// takes the old one's place, unless a commit has put another one there meanwhile.
func turned(at *atomic.Pointer[table.Snapshot], s *table.Snapshot, moment int64) *table.Snapshot {
	next := s.At(moment)
	if next != s {
		at.CompareAndSwap(s, next)
	}
	return next
}

// shared returns the picture for the book's own day, which all handles share.
func (b *Book) shared() (*table.Snapshot, error) {
	if b.late != nil {
		// What has been shown from the cache is no longer good when the book turns out to be damaged.
		if err := b.late.failed(); err != nil {
			return nil, err
		}
	}
	if s := b.snap.Load(); s != nil && s.Today == b.base.Today() {
		return s, nil
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	s := b.snap.Load()
	if s != nil {
		if today := b.base.Today(); s.Today != today {
			s = s.Update(s.Seq, today, nil, nil)
			b.snap.Store(s)
		}
		return s, nil
	}
	s, err := b.first()
	if err != nil {
		return nil, err
	}
	b.snap.Store(s)
	return s, nil
}

// load reads the whole book, two kinds at a time. The caller holds b.writing, so that all readers see
// the same moment.
func (b *Book) load() (*table.Snapshot, error) {
	settings, err := b.Settings()
	if err != nil {
		return nil, err
	}
	l := table.NewLoader(b.base.Today(), settings)
	var seq uint64
	err = b.eng.View(func(tx engine.Tx) error {
		raw, _ := tx.Get(bucketMeta, keySeq)
		seq = seqOf(raw)
		return nil
	})
	if err == nil {
		err = b.eachKind(func(tx engine.Tx, k model.Kind) error { return loadKind(tx, l.Kind(k)) })
	}
	if err != nil {
		return nil, err
	}
	return l.Snapshot(seq), nil
}

// forget lets the pages of the book go that have been read through: they are on the disk, and a picture of a large
// book takes enough memory by itself.
func (b *Book) forget() {
	if b.late == nil {
		return
	}
	if bolt, err := b.late.wait(); err == nil {
		bolt.Forget()
	}
}

// eachKind calls fn for every kind, several at a time, each in a transaction of its own. The caller holds b.writing,
// so that all of them see the same moment.
func (b *Book) eachKind(fn func(tx engine.Tx, k model.Kind) error) error {
	// Large kinds first: the last one to be taken should be a small one.
	kinds := []model.Kind{model.Item, model.Contract, model.Contact, model.Customer, model.Touch, model.Order, model.Usage, model.Invoice}
	for _, k := range model.Kinds() {
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	var next atomic.Int64
	var readers errgroup.Group
	for range runtime.GOMAXPROCS(0) {
		readers.Go(func() error {
			for n := int(next.Add(1)) - 1; n < len(kinds); n = int(next.Add(1)) - 1 {
				// Faults of the mapped file are caught by the goroutine that reads it, in its own transaction.
				if err := b.eng.View(func(tx engine.Tx) error { return fn(tx, kinds[n]) }); err != nil {
					return err
				}
				b.forget()
			}
			return nil
		})
	}
	return readers.Wait()
}

func loadKind(tx engine.Tx, l *table.KindLoader) error {
	k := byte(l.Kind())
	return tx.Scan(bucketRecord, []byte{k}, []byte{k + 1}, func(key, value []byte) (bool, error) {
		_, id, ok := splitRecordKey(key)
		if !ok {
			return false, fmt.Errorf("record key %x has a wrong length", key)
		}
		return true, l.Add(id, value)
	})
}

// Settings returns the settings in force.
func (b *Book) Settings() (*model.Settings, error) {
	var out *model.Settings
	err := b.eng.View(func(tx engine.Tx) (err error) {
		out, err = settingsIn(tx)
		return err
	})
	return out, err
}

// Watch returns a channel that gets a signal after each commit, and a function that ends it.
// Signals that nobody has fetched yet fall together.
func (b *Book) Watch() (<-chan struct{}, func()) {
	b.watchMu.Lock()
	defer b.watchMu.Unlock()
	id := b.nextID
	b.nextID++
	ch := make(chan struct{}, 1)
	b.watchers[id] = &watcher{signal: ch}
	return ch, func() {
		b.watchMu.Lock()
		defer b.watchMu.Unlock()
		delete(b.watchers, id)
	}
}

func (b *Book) notify() {
	b.watchMu.Lock()
	defer b.watchMu.Unlock()
	for _, w := range b.watchers {
		select {
		case w.signal <- struct{}{}:
			w.since = b.base.Now()
		default:
		}
	}
}

// publish shows a commit to all who read. The caller holds b.writing. It cannot fail, as the commit
// stands: where the new picture cannot be made, the next reader loads one and meets the error.
func (b *Book) publish(seq uint64, w *writer) {
	defer b.notify()
	// Reading the book takes no longer than bringing very many changes into the picture.
	many := b.base.Brief && len(w.touched)+len(w.plain) > mostSince
	deltas, err := w.deltas(many)
	if b.keep.note(deltas); err != nil {
		b.keep.since = nil
	}
	s := b.snap.Load()
	if s == nil {
		return
	}
	if many || err != nil {
		b.snap.Store(nil)
		return
	}
	var settings *model.Settings
	if slices.ContainsFunc(deltas, func(d table.Delta) bool { return d.Kind == model.Setting }) {
		fresh, err := b.Settings()
		if err != nil {
			b.snap.Store(nil)
			return
		}
		settings = fresh
	}
	b.snap.Store(s.Update(seq, b.base.Today(), settings, deltas))
}

// ctxErr is the error of a context that has ended, or nil.
func ctxErr(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stopped before anything was saved: %w", context.Cause(ctx))
	}
	return nil
}
