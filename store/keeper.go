package store

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"time"

	"github.com/fxamacker/cbor/v2"
	"golang.org/x/sync/errgroup"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/store/cache"
	"opsdeck/store/engine"
)

// CacheUse is what a book does with the cache beside it, the picture of all that lists show, ready to be
// used. It saves a large book from being read at every start, and is never more than a copy: it counts
// only where it is known to be of the book as it is, and is made again where it is not.
type CacheUse int

// The uses of a cache.
const (
	NoCache   CacheUse = iota
	ReadCache          // use it, and leave it as it is
	KeepCache          // use it, make it, bring it up to date
)

// CachePath is where the cache of a book lies. It holds what the book holds.
func CachePath(book string) string { return book + ".cache" }

const (
	// leastCached is how many records make a book large enough for a cache; fewer are read in no time.
	leastCached = 5000
	// mostSince is how many changed records a tail of the cache holds; with more it is made again.
	mostSince = 4096
	// manySince is how many make it worth while to make the cache again in the background.
	manySince = 1000
	// cacheDelay is how long after the start the cache is made: the person at the screen comes first.
	cacheDelay = 3 * time.Second
)

// keeper looks after the cache of a book. Its fields are guarded by the book's writing, once it is open.
type keeper struct {
	use     CacheUse
	path    string // of the cache
	book    string // of the book
	least   int
	program uint64
	file    *cache.File
	// fresh says that file and tail show the book as it was found; it ends with the first change.
	fresh bool
	tail  tail
	// since are the records that have changed since file was made; nil when they are not known.
	since map[recordID]bool

	stale   bool // file is of another day
	due     bool // the cache has to be made again
	planned bool // somebody waits to make it
	maps    cacheMaps
	era     int // rises when something was erased: a cache that was begun before holds it still
	closing context.Context
	close   context.CancelFunc
	writing errgroup.Group
}

// tail is what has happened since a cache was made, put behind it when the book is closed.
type tail struct {
	State  engine.State `cbor:"1,keyasint"` // of the file of the book, closed
	Seq    uint64       `cbor:"2,keyasint"`
	Deltas []tailDelta  `cbor:"3,keyasint"`
}

// tailDelta is a record as model.AppendRecord encodes it; without one it is gone.
type tailDelta struct {
	Kind   model.Kind `cbor:"1,keyasint"`
	ID     model.ID   `cbor:"2,keyasint"`
	Record []byte     `cbor:"3,keyasint"`
}

// look finds the cache of a book that is locked, and tells whether it shows the book as it is.
func (k *keeper) look(book string, o Options) {
	k.use, k.book, k.path, k.least = o.Cache, book, CachePath(book), o.leastCached
	if k.least == 0 {
		k.least = leastCached
	}
	k.closing, k.close = context.WithCancel(context.Background())
	if k.use == NoCache {
		return
	}
	k.program = programMark()
	file, err := cache.Look(k.path, k.program)
	if err != nil {
		return
	}
	k.file = file
	if cbor.Unmarshal(file.Tail, &k.tail) != nil {
		return
	}
	if state, err := engine.StateOf(book); err != nil || state != k.tail.State {
		return
	}
	k.fresh, k.since = true, make(map[recordID]bool, len(k.tail.Deltas))
	for _, d := range k.tail.Deltas {
		k.since[recordID{d.Kind, d.ID}] = true
	}
}

// programMark tells programs apart that might make different pictures of the same book: by the shape of
// the tables and by the file of the program.
func programMark() uint64 {
	h := fnv.New64a()
	fmt.Fprintln(h, table.Shape())
	if path, err := os.Executable(); err == nil {
		if info, err := os.Stat(path); err == nil {
			fmt.Fprintln(h, info.Size(), info.ModTime().UnixNano())
		}
	}
	return h.Sum64()
}

// note takes in what a commit has changed.
func (k *keeper) note(deltas []table.Delta) {
	k.fresh = false
	if k.since == nil {
		return
	}
	for _, d := range deltas {
		k.since[recordID{d.Kind, d.ID}] = true
	}
	if len(k.since) > mostSince {
		k.since = nil
	}
}

// first makes the first picture, from the cache or from the whole book. The caller holds b.writing.
func (b *Book) first() (*table.Snapshot, error) {
	s, err := b.fromCache()
	if err != nil {
		return nil, err
	}
	if s == nil {
		if s, err = b.load(); err != nil {
			return nil, err
		}
		b.keep.file, b.keep.since = nil, nil
		b.forget()
	}
	if b.late != nil && !b.base.ReadOnly {
		b.late.beginSoon()
	}
	if k := &b.keep; k.use == KeepCache && s.Records() >= k.least {
		b.planCache(k.file == nil || k.stale || len(k.since) > manySince, !s.Warm())
	}
	return s, nil
}

// planCache has the cache made in the background: when it is due, or when it could be better. The caller holds
// b.writing.
func (b *Book) planCache(due, better bool) {
	k := &b.keep
	k.due = k.due || due
	if k.planned || !k.due && !better {
		return
	}
	k.planned = true
	closing := k.closing
	k.writing.Go(func() error {
		select {
		case <-time.After(cacheDelay):
			b.writeCache(true)
		case <-closing.Done():
			b.writing.Lock()
			due := k.due
			b.writing.Unlock()
			if due {
				b.writeCache(false)
			}
		}
		b.writing.Lock()
		k.planned = false
		b.writing.Unlock()
		return nil
	})
}

// fromCache returns the picture of the cache brought up to date, or nil where there is none.
func (b *Book) fromCache() (*table.Snapshot, error) {
	k := &b.keep
	if k.file == nil {
		return nil, nil
	}
	seq, deltas := k.tail.Seq, []table.Delta(nil)
	var err error
	if k.fresh {
		deltas, err = k.tail.deltas()
	} else {
		seq, deltas, err = b.sinceCache()
	}
	if err != nil || k.since == nil {
		return nil, err
	}
	data, err := k.file.Map()
	if err != nil {
		return nil, nil
	}
	k.maps.add(data)
	s, err := table.ReadCache(data)
	if err != nil || s.Seq != k.file.Mark.Seq {
		return nil, nil
	}
	if today := b.base.Today(); seq != s.Seq || today != s.Today || len(deltas) > 0 {
		k.stale = today != s.Today
		s = s.Update(seq, today, nil, deltas)
	}
	if slices.ContainsFunc(deltas, func(d table.Delta) bool { return d.Kind == model.Setting }) {
		s = s.Update(seq, s.Today, settingsOf(s), nil)
	}
	return s, nil
}

func settingsOf(s *table.Snapshot) *model.Settings {
	own, t := map[string]string{}, s.Table(model.Setting)
	t.Rows(func(row int32) bool {
		own[t.Str(row, "key")] = t.Str(row, "value")
		return true
	})
	return model.NewSettings(own)
}

func (t *tail) deltas() ([]table.Delta, error) {
	out := make([]table.Delta, 0, len(t.Deltas))
	for _, d := range t.Deltas {
		delta := table.Delta{Kind: d.Kind, ID: d.ID}
		if len(d.Record) > 0 {
			r, err := model.DecodeRecord(d.Kind, d.ID, d.Record)
			if err != nil {
				return nil, err
			}
			delta.Record = r
		}
		out = append(out, delta)
	}
	return out, nil
}

// sinceCache reads from the book what has changed since the cache was made. Where the cache is not of
// this book's past, or of one too long ago, since is nil afterwards.
func (b *Book) sinceCache() (seq uint64, deltas []table.Delta, err error) {
	k := &b.keep
	err = b.eng.View(func(tx engine.Tx) error {
		raw, _ := tx.Get(bucketMeta, keySeq)
		seq, deltas = seqOf(raw), nil
		if k.since == nil {
			if k.since, err = changedSince(tx, k.file.Mark); err != nil || k.since == nil {
				return err
			}
		}
		for id := range k.since {
			r, err := getRecord(tx, id.kind, id.id)
			if err != nil {
				return err
			}
			deltas = append(deltas, table.Delta{Kind: id.kind, ID: id.id, Record: r})
		}
		return nil
	})
	return seq, deltas, err
}

// changedSince reads the log on from a cache. Its hash says that the book's log up to there is the one
// that the cache has seen; nil says that it is not, or that too much has happened.
func changedSince(tx engine.Tx, m cache.Mark) (map[recordID]bool, error) {
	entry, ok := tx.Get(bucketLog, seqKey(m.Seq))
	if !ok || len(entry) < chainSize || !bytes.Equal(entry[:chainSize], m.Chain[:]) {
		return nil, nil
	}
	since := map[recordID]bool{}
	err := tx.Scan(bucketLog, seqKey(m.Seq+1), nil, func(_, raw []byte) (bool, error) {
		_, ops, err := decodeEntry(raw)
		for _, op := range ops {
			since[recordID{op.Kind, op.ID}] = true
		}
		return len(since) <= mostSince, err
	})
	if len(since) > mostSince {
		since = nil
	}
	return since, err
}
