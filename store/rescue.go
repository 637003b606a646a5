package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// Rescued says what was saved of a damaged book.
type Rescued struct {
	Entries int    // of the log, in an unbroken chain from the first
	LogEnds uint64 // the last entry that the damaged book knew of
	Records int    // in the new book
	// Patched are the records that the log could not make as they were: their last state was saved by a step
	// of its own, or nothing but the log's last known state was left.
	Patched int
	Missing []string // what is known to be gone, in words
	Damage  []string // what is wrong with the damaged file, in words
}

// rescue is what is whole of a book, gathered from a damaged file and perhaps a backup.
type rescue struct {
	book    model.ID
	log     map[uint64][]entryCopy
	batches map[uint64][]byte
	records map[recordID][]byte
	strays  map[recordID][]byte // on pages to which nothing leads; perhaps as they were earlier
	drafts  map[string][]byte
	whole   bool // no record of the damaged file was lost
	seq     uint64
	told    bool // seq is what the damaged file says of its log, and not only what was found of it
}

func newRescue() rescue {
	return rescue{
		log: map[uint64][]entryCopy{}, batches: map[uint64][]byte{}, records: map[recordID][]byte{}, strays: map[recordID][]byte{}, drafts: map[string][]byte{}, whole: true,
	}
}

// entryCopy is a log entry as one of the files has it.
type entryCopy struct{ raw []byte }

// Rescue makes a new book at to of what is whole in the damaged one at path, which it does not write to: the
// log as far as its chain holds, with the entries of a backup where those of the book are damaged, and the
// records whose checksum is right as they were last. The path of the backup may be empty. There must be
// nothing at to. Of what could not be saved the answer tells.
func Rescue(ctx context.Context, path, backup, to string, o Options) (Rescued, error) {
	var out Rescued
	r := newRescue()
	eo := engine.Options{Timeout: o.Timeout, User: o.User, Now: o.Now, Schema: schemaVersion}
	err := engine.Salvage(ctx, path, eo, buckets(), func(err error) { out.Damage = append(out.Damage, r.hurt(err)) }, r.take)
	if err != nil {
		return out, err
	}
	if backup != "" {
		if err := r.addBackup(ctx, backup, eo); err != nil {
			return out, err
		}
	}
	if len(r.log) == 0 && len(r.records) == 0 {
		return out, fmt.Errorf("%s: nothing in it is whole", path)
	}
	return out, r.writeTo(ctx, to, o, &out)
}

// writeTo makes the new book under another name, so that nobody takes for all of it what a program has left that was
// ended in the middle.
func (r *rescue) writeTo(ctx context.Context, to string, o Options, out *Rescued) error {
	half := to + ".half"
	if err := engine.Drop(half); err != nil {
		return err
	}
	o.Create, o.ReadOnly, o.Cache = true, false, NoCache
	b, err := Open(half, o)
	if err != nil {
		return err
	}
	err = errors.Join(r.write(ctx, b, out), b.Close())
	if err == nil {
		err = engine.Move(half, to)
	}
	if err != nil {
		return errors.Join(err, engine.Drop(half))
	}
	return nil
}

// hurt notes damage, and words it.
func (r *rescue) hurt(err error) string {
	var c *engine.CorruptError
	if !errors.As(err, &c) || c.Bucket == bucketRecord || c.Bucket == "" {
		r.whole = false
	}
	if c != nil {
		return DamageWords(c)
	}
	return err.Error()
}

func (r *rescue) take(s engine.Salvaged) error {
	switch s.Bucket {
	case bucketLog:
		if len(s.Key) == 8 {
			r.addEntry(seqOf(s.Key), s.Value)
		}
	case bucketBatch:
		// The head that is in its place has the last word: it knows whether the step was undone.
		if seq := seqOf(s.Key); !s.Stray || r.batches[seq] == nil {
			r.batches[seq] = bytes.Clone(s.Value)
		}
	case bucketRecord:
		// A stray record may be an old version: it counts where neither its place nor the log has one.
		if kind, id, ok := splitRecordKey(s.Key); ok {
			to := r.records
			if s.Stray {
				to = r.strays
			}
			to[recordID{kind, id}] = bytes.Clone(s.Value)
		}
	case bucketDraft:
		if !s.Stray {
			r.drafts[string(s.Key)] = bytes.Clone(s.Value)
		}
	case bucketMeta:
		switch {
		case bytes.Equal(s.Key, keyBook) && len(s.Value) == len(r.book):
			r.book = model.ID(s.Value)
		case bytes.Equal(s.Key, keySeq):
			r.seq, r.told = max(r.seq, seqOf(s.Value)), r.told || !s.Stray
		}
	}
	return nil
}

func (r *rescue) addEntry(seq uint64, raw []byte) {
	same := func(c entryCopy) bool { return bytes.Equal(c.raw, raw) }
	if seq > 0 && !slices.ContainsFunc(r.log[seq], same) {
		r.log[seq] = append(r.log[seq], entryCopy{bytes.Clone(raw)})
		r.seq = max(r.seq, seq)
	}
}

// addBackup takes log and heads of an older copy of the same book.
func (r *rescue) addBackup(ctx context.Context, path string, o engine.Options) error {
	old := newRescue()
	old.log = r.log
	var damage []error
	if err := engine.Salvage(ctx, path, o, buckets(), func(err error) { damage = append(damage, err) }, old.take); err != nil {
		return err
	}
	if len(damage) > 0 {
		return fmt.Errorf("the backup is damaged itself: %w", damage[0])
	}
	if !r.book.IsZero() && old.book != r.book {
		return fmt.Errorf("%s is a copy of another book: %w", path, ErrOtherBook)
	}
	r.book, r.seq = old.book, max(r.seq, old.seq)
	for seq, raw := range old.batches {
		if r.batches[seq] == nil {
			r.batches[seq] = raw
		}
	}
	return nil
}

// ErrOtherBook says that a backup is not of the book that it was offered for.
var ErrOtherBook = errors.New("its id is not that of the damaged book")

// chain finds the longest unbroken log from the first entry. The heads of its steps are links of the chain too,
// so that one that is missing or was changed ends it.
func (r *rescue) chain() [][]byte {
	var out [][]byte
	var chain []byte
	var head model.Batch // of the step that the chain has come to
	for seq := uint64(1); ; seq++ {
		at := slices.IndexFunc(r.log[seq], func(c entryCopy) bool {
			link, err := linkOf(chain, c.raw)
			return err == nil && bytes.Equal(link, c.raw[:chainSize])
		})
		if at < 0 {
			return out
		}
		out = append(out, r.log[seq][at].raw)
		chain = out[len(out)-1][:chainSize]
		if raw, ok := r.batches[seq]; ok {
			head, _, _ = decodeBatch(raw) // heads tells what is wrong with one.
		}
		if seq+1 != head.Seq+uint64(head.Entries) {
			continue
		}
		var err error
		if chain, err = seal(chain, head); err != nil {
			return out
		}
	}
}

// write fills the new book: the log and what it makes, then one step from there to the records as they were.
func (r *rescue) write(ctx context.Context, b *Book, out *Rescued) error {
	log := r.chain()
	heads, log, err := r.heads(log)
	if err != nil {
		return err
	}
	out.Entries, out.LogEnds = len(log), r.seq
	made := map[recordID]*model.Record{}
	if err := replayAll(ctx, made, log); err != nil {
		return err
	}
	err = b.eng.Update(func(tx engine.Tx) error {
		if !r.book.IsZero() {
			if err := tx.Put(bucketMeta, keyBook, r.book[:]); err != nil {
				return err
			}
		}
		return putLog(tx, log, heads)
	})
	if err := errors.Join(err, putRecords(ctx, b, made), r.putDrafts(b)); err != nil {
		return err
	}
	if len(log) < int(r.seq) {
		out.Missing = append(out.Missing, fmt.Sprintf("the log from entry %d to entry %d, and with it the undo and the history of those steps", len(log)+1, r.seq))
	}
	if !r.told {
		out.Missing = append(out.Missing, fmt.Sprintf("what was done after entry %d, if anything was: how far the log of the damaged book went cannot be read any more", r.seq))
	}
	if !r.whole && len(log) < int(r.seq) {
		out.Missing = append(out.Missing, "what those entries made of records that are damaged themselves; such records are as far as the log still knows them")
	}
	ops := r.patch(made, uint64(len(log)), out)
	out.Records, out.Patched = len(made), len(ops)
	if len(ops) == 0 {
		return nil
	}
	step := model.Step{ID: b.NewID(), Actor: b.o.User, Label: fmt.Sprintf("saved from a damaged book: %d records", len(ops)), Kind: model.Edit, Ops: ops}
	return b.eng.Update(func(tx engine.Tx) error {
		w := newWriter(tx, len(ops))
		for _, op := range ops {
			t, err := w.touch(recordID{op.Kind, op.ID})
			if err == nil {
				t.after, err = op.Replay(t.after)
			}
			if err != nil {
				return err
			}
		}
		if err := w.save(); err != nil {
			return err
		}
		_, err := b.log(w, step)
		return err
	})
}

// heads finds the head of each step of a log. A step whose head or last entries are missing ends the log.
func (r *rescue) heads(log [][]byte) ([]model.Batch, [][]byte, error) {
	var heads []model.Batch
	for at := 0; at < len(log); {
		seq := uint64(at + 1)
		raw, ok := r.batches[seq]
		if !ok {
			return heads, log[:at], nil
		}
		h, _, err := decodeBatch(raw)
		if err != nil || h.Entries < 1 || at+h.Entries > len(log) || h.Seq != seq {
			return heads, log[:at], nil
		}
		heads = append(heads, h)
		at += h.Entries
	}
	return heads, log, nil
}

// replayAll makes records of the changes of a log.
func replayAll(ctx context.Context, made map[recordID]*model.Record, log [][]byte) error {
	for i, raw := range log {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, ops, err := decodeEntry(raw)
		if err != nil {
			return fmt.Errorf("log entry %d: %w", i+1, err)
		}
		for _, op := range ops {
			key := recordID{op.Kind, op.ID}
			next, err := op.Replay(made[key])
			if err != nil {
				return fmt.Errorf("log entry %d: %w", i+1, err)
			}
			if made[key] = next; next == nil {
				delete(made, key)
			}
		}
	}
	return nil
}

func putLog(tx engine.Tx, log [][]byte, heads []model.Batch) error {
	w := writes{}
	for i, raw := range log {
		seq := uint64(i + 1)
		w.add(bucketLog, seqKey(seq), raw)
		_, ops, err := decodeEntry(raw)
		if err != nil {
			return err
		}
		for _, op := range ops {
			w.add(indexTouched, touchedKey(op.ID, seq), nothing)
		}
	}
	undone := map[model.ID]bool{}
	for _, h := range heads {
		if !isRoot(h) {
			undone[h.Of] = h.Kind == model.Undo
		}
	}
	for _, h := range heads {
		h.Undone = undone[h.ID]
		body, err := encodeBatch(h)
		if err != nil {
			return err
		}
		w.add(bucketBatch, seqKey(h.Seq), body)
		w.add(indexBatch, h.ID[:], seqKey(h.Seq))
		w.add(bucketMeta, keyTime, seqKey(uint64(h.Time)))
	}
	if n := len(log); n > 0 {
		w.add(bucketMeta, keySeq, seqKey(uint64(n)))
		chain, err := seal(log[n-1][:chainSize], heads[len(heads)-1])
		if err != nil {
			return err
		}
		w.add(bucketMeta, keyChain, chain)
	}
	return w.flush(tx)
}

// putRecords saves records and the indexes over their content, some thousands to a transaction.
func putRecords(ctx context.Context, b *Book, made map[recordID]*model.Record) error {
	for part := range slices.Chunk(sortedKeys(made), 10000) {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := b.eng.Update(func(tx engine.Tx) error {
			w := writes{}
			for _, k := range part {
				w.add(bucketRecord, recordKey(k.kind, k.id), model.AppendRecord(nil, made[k]))
				for _, e := range indexEntries(made[k]) {
					w.add(e.bucket, []byte(e.key), e.value())
				}
			}
			return w.flush(tx)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys(m map[recordID]*model.Record) []recordID {
	return slices.SortedFunc(maps.Keys(m), func(a, b recordID) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), bytes.Compare(a.id[:], b.id[:]))
	})
}

func (r *rescue) putDrafts(b *Book) error {
	return b.eng.Update(func(tx engine.Tx) error {
		w := writes{}
		for k, v := range r.drafts {
			w.add(bucketDraft, []byte(k), v)
		}
		return w.flush(tx)
	})
}
