package store

import (
	"context"
	"os"

	"github.com/fxamacker/cbor/v2"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/store/cache"
	"opsdeck/store/engine"
)

// writeCache makes the cache of the picture as it is now, and lets the picture lie in it from then on.
// What goes wrong leaves the book without one.
func (b *Book) writeCache(warm bool) {
	k := &b.keep
	b.writing.Lock()
	s := b.snap.Load()
	if s == nil {
		b.writing.Unlock()
		return
	}
	k.file, k.since = nil, map[recordID]bool{}
	mark, err := b.markOf(s.Seq)
	era := k.era
	b.writing.Unlock()
	info, statErr := os.Stat(k.book)
	if err != nil || statErr != nil {
		return
	}
	if warm {
		s.MakeWarm()
	}
	file, err := cache.Write(context.Background(), k.path, mark, info, s.WriteCache)
	if err != nil {
		return
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	if k.era != era {
		_ = os.Remove(k.path)
		return
	}
	k.file = file
	if b.base.ReadOnly {
		if bolt, err := b.late.wait(); err == nil {
			if state, err := bolt.State(); err == nil {
				b.putTail(tail{State: state, Seq: s.Seq})
			}
		}
	}
	if b.snap.Load() != s || !warm {
		return
	}
	// What has been read into memory can go now. Rows have the same numbers in the cache.
	if data, err := file.Map(); err == nil {
		k.maps.add(data)
		if mapped, err := table.ReadCache(data); err == nil {
			b.snap.Store(mapped)
			b.notify()
			k.maps.rest()
		}
	}
}

// markOf is the mark of a picture. The caller holds b.writing.
func (b *Book) markOf(seq uint64) (cache.Mark, error) {
	m := cache.Mark{Program: b.keep.program, Seq: seq}
	err := b.eng.View(func(tx engine.Tx) error {
		entry, ok := tx.Get(bucketLog, seqKey(seq))
		if !ok || len(entry) < chainSize {
			return errNoFile
		}
		copy(m.Chain[:], entry)
		return nil
	})
	return m, err
}

// finishCache waits for a cache that is being made, and has it made now if that was still to come.
func (b *Book) finishCache() {
	b.keep.close()
	_ = b.keep.writing.Wait()
}

// lastTail reads what has changed since the cache was made, and returns what puts it behind the cache
// once the book is closed and its file does not change any more. The caller holds b.writing.
func (b *Book) lastTail() func(engine.State) {
	k := &b.keep
	nothing := func(engine.State) {}
	b.late.settle()
	if k.use != KeepCache || b.base.ReadOnly || k.file == nil || k.since == nil || !b.late.isOpen() {
		return nothing
	}
	t := tail{Deltas: make([]tailDelta, 0, len(k.since))}
	err := b.eng.View(func(tx engine.Tx) error {
		raw, _ := tx.Get(bucketMeta, keySeq)
		t.Seq, t.Deltas = seqOf(raw), t.Deltas[:0]
		for id := range k.since {
			r, err := getRecord(tx, id.kind, id.id)
			if err != nil {
				return err
			}
			d := tailDelta{Kind: id.kind, ID: id.id}
			if r != nil {
				d.Record = model.AppendRecord(nil, r)
			}
			t.Deltas = append(t.Deltas, d)
		}
		return nil
	})
	if err != nil {
		return nothing
	}
	return func(left engine.State) {
		t.State = left
		b.putTail(t)
	}
}

// putTail puts a tail behind the cache. Without one the cache is good for its own moment only.
func (b *Book) putTail(t tail) {
	if raw, err := cbor.Marshal(t); err == nil {
		_ = b.keep.file.PutTail(raw)
	}
}
