package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"

	"opsdeck/model"
	"opsdeck/model/erase"
	"opsdeck/store/engine"
)

// rewriting is how far an erasing has come in writing the book anew.
type rewriting struct {
	book  *Book
	today model.Value
	salt  string                     // of the marks
	chain []byte                     // the last hash, as the book has it
	anew  []byte                     // the last hash, as the new book has it
	heads map[model.ID]headChange    // of every step
	steps map[uint64]model.ID        // by their last entry
	wants map[recordID]*model.Record // what records shall be in the end
	gone  int                        // values taken out of the log
	words int                        // heads whose words were taken out
}

// headChange is the head of a step before and after.
type headChange struct{ was, is model.Batch }

// Erase takes a person or a customer out of the book: out of records, texts, the log, labels, drafts and the
// file itself, which is written anew. Amounts, counts and dates stay under a pseudonym. It is one step of the log
// that cannot be undone, with a record of kind Erasure by which imports know again what must not come back. It
// happens as a whole or not at all. Id names the step; the same step is done once. It needs the power to erase.
func (b *Book) Erase(ctx context.Context, ask erase.Ask, id model.ID) (erase.Report, error) {
	if b.o.ReadOnly {
		return erase.Report{}, ErrReadOnly
	}
	if err := b.May(model.PowerErase); err != nil {
		return erase.Report{}, err
	}
	// A cache that is being made holds what is to go.
	if b.late != nil {
		b.finishCache()
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	e := newEraser(ctx, ask)
	if _, ok, err := b.stepTaken(id); ok || err != nil {
		return *e.out, err
	}
	if err := b.soundLog(ctx); err != nil {
		return *e.out, err
	}
	if err := b.eng.View(e.find); err != nil {
		return *e.out, err
	}
	if e.nothing() {
		return *e.out, &RefusedError{What: "erasing " + e.out.Becomes, Reasons: []string{"nothing of it is left in the book"}}
	}
	salt, err := b.eraseSalt()
	if err != nil {
		return *e.out, err
	}
	b.keep.forget()
	before := *e.out
	if err := b.eng.Rewrite(ctx, e.change(b, salt), func(tx engine.Tx) error { return e.note(tx, id) }); err != nil {
		b.keep.again()
		return before, fmt.Errorf("erasing %s %s: %w", ask.Kind, ask.ID, err)
	}
	b.keep.again()
	before.Copies = b.copies()
	b.snap.Store(nil)
	// Readers see the book as it was until it has been read anew: the old picture has the texts in its dictionaries.
	if s, err := b.load(); err == nil {
		b.snap.Store(s)
	}
	b.notify()
	return before, nil
}

// nothing tells whether everything that is known of the subject has gone already.
func (e *eraser) nothing() bool {
	o := e.out
	return len(e.changed) == 0 && o.Values+o.Labels+o.Drafts+o.Lines == 0
}

// eraseSalt is what the marks of erasures are hashed with: the same for all of a book, so that an import hashes
// each name once and not once for each erasure.
func (b *Book) eraseSalt() (string, error) {
	salt := ""
	err := b.eng.View(func(tx engine.Tx) error {
		return eachRecord(tx, model.Erasure, func(r *model.Record) bool { salt = r.Get("salt").Str(); return salt == "" })
	})
	if err != nil || salt != "" {
		return salt, err
	}
	secret, err := b.newSecret()
	return hex.EncodeToString(secret), err
}

func (b *Book) stepTaken(id model.ID) (head model.Batch, ok bool, err error) {
	err = b.eng.View(func(tx engine.Tx) error {
		head, ok, err = batchByID(tx, id)
		return err
	})
	return head, ok, err
}

// soundLog refuses to go on from a log that does not verify: what is wrong with it could not be told afterwards.
func (b *Book) soundLog(ctx context.Context) error {
	problem := ""
	c := checker{ctx: ctx, report: func(p string) { problem = p }, progress: func(CheckProgress) {}, more: map[string]int{}}
	err := b.eng.View(func(tx engine.Tx) error {
		c.tx, c.state, c.expected, c.batches = tx, map[recordID][]byte{}, map[string]int{}, map[model.ID]model.Batch{}
		return errors.Join(c.readBatches(), c.replayLog())
	})
	if err == nil && problem != "" {
		err = &RefusedError{What: "erasing", Reasons: []string{problem + "; 'opsdeck doctor' says what can be done"}}
	}
	return err
}

// forget drops the cache, which holds what the book holds.
func (k *keeper) forget() {
	k.era++
	k.file, k.since, k.fresh = nil, nil, false
	if k.path != "" {
		_ = os.Remove(k.path)
		_ = os.Remove(k.path + ".new")
	}
}

// again lets the cache be made once more.
func (k *keeper) again() { k.closing, k.close = context.WithCancel(context.Background()) }

// change says what becomes of each record of the engine. Buckets come in the order of their names, so the heads
// of steps come before the log, and the log before the records and what the book remembers of the log.
func (e *eraser) change(b *Book, salt string) engine.Change {
	e.work = rewriting{
		book: b, salt: salt, today: model.Date(b.o.Today()), heads: map[model.ID]headChange{}, steps: map[uint64]model.ID{}, wants: map[recordID]*model.Record{},
	}
	return func(bucket string, key, value []byte) ([]byte, error) {
		switch bucket {
		case bucketBatch:
			return e.changeHead(value)
		case bucketDraft:
			return e.draft(value)
		case bucketLog:
			return e.changeEntry(seqOf(key), value)
		case bucketMeta:
			if bytes.Equal(key, keyChain) {
				return e.work.anew, nil
			}
		case bucketRecord:
			return e.changeRecord(key, value)
		case indexKey, indexExt:
			entry := indexEntry{bucket: bucket, key: string(key)}
			if bucket == indexKey && len(value) == len(entry.id) {
				entry.id = model.ID(value)
			}
			if e.dropped[entry] {
				return nil, nil
			}
		}
		return value, nil
	}
}

func (e *eraser) changeHead(raw []byte) ([]byte, error) {
	was, _, err := decodeBatch(raw)
	if err != nil {
		return nil, err
	}
	is := was
	if e.out.Anew && is.Salt == nil && is.Digest == nil {
		is.Sealed = true
		if is.Salt, err = e.work.book.newSecret(); err != nil {
			return nil, err
		}
	}
	if e.named(is) {
		if is.Digest, err = wordsDigest(is); err != nil {
			return nil, err
		}
		is.Label, is.Source, is.Salt = erase.Struck, "", nil
		e.work.words++
	}
	e.work.heads[is.ID] = headChange{was, is}
	e.work.steps[is.Seq+uint64(is.Entries)-1] = is.ID
	if is.Label == was.Label && bytes.Equal(is.Salt, was.Salt) {
		return raw, nil
	}
	return encodeBatch(is)
}

func (e *eraser) changeEntry(seq uint64, raw []byte) ([]byte, error) {
	w := &e.work
	out := raw
	if e.out.Anew || e.entries[seq] || e.match.May(raw) {
		entry, err := readEntry(raw)
		if err != nil {
			return nil, err
		}
		if entry.plain != nil && e.out.Anew {
			secret, err := w.book.newSecret()
			if err != nil {
				return nil, err
			}
			entry = entry.salted(secret)
		}
		gone, err := entry.erase(func(op *model.Op, field string, v model.Value) model.Value {
			return e.instead(op.Kind, op.ID, field, v)
		})
		if err != nil {
			return nil, err
		}
		w.gone += gone
		if gone > 0 || e.out.Anew {
			if out, err = entry.encode(w.anew); err != nil {
				return nil, err
			}
		}
	}
	w.chain, w.anew = slices.Clone(raw[:chainSize]), slices.Clone(out[:chainSize])
	id, ends := w.steps[seq]
	if !ends {
		return out, nil
	}
	head := w.heads[id]
	var err error
	if w.chain, err = seal(w.chain, head.was); err == nil {
		w.anew, err = seal(w.anew, head.is)
	}
	return out, err
}

func (e *eraser) changeRecord(key, raw []byte) ([]byte, error) {
	kind, id, ok := splitRecordKey(key)
	at := recordID{kind, id}
	next := e.changed[at]
	if !ok || next == nil {
		return raw, nil
	}
	r, err := model.DecodeRecord(kind, id, raw)
	if err != nil {
		return nil, err
	}
	e.work.wants[at] = e.wanted(r, e.work.today)
	return model.AppendRecord(nil, next), nil
}

// note puts the erasing into the log of the new book, as a step that names nobody.
func (e *eraser) note(tx engine.Tx, id model.ID) error {
	w := e.work
	if !e.out.Anew && !bytes.Equal(w.chain, w.anew) {
		return errors.New("the chain of the log does not hold over what is left; nothing was erased")
	}
	to := newWriter(tx, len(w.wants)+1)
	var ops []model.Op
	for _, key := range sortedKeys(w.wants) {
		if op, changed := model.UpdateOp(e.changed[key], w.wants[key]); changed {
			ops = append(ops, op)
		}
	}
	ops = append(ops, model.CreateOp(e.erasure(hex.EncodeToString(w.chain))))
	for _, op := range ops {
		t, err := to.touch(recordID{op.Kind, op.ID})
		if err == nil {
			// What stands in the records has been let through once; today's rules for fields do not matter.
			t.after, err = op.Replay(t.after)
		}
		if err != nil {
			return err
		}
	}
	if err := to.save(); err != nil {
		return err
	}
	b := w.book
	_, err := b.log(to, model.Step{ID: id, Actor: b.actor(e.ask.Actor), Label: "erase a " + e.ask.Kind.String(), Kind: model.Erase, Ops: ops, Target: e.ask.Kind.String()})
	return err
}

// erasure is what is left of an erasing.
func (e *eraser) erasure(chain string) *model.Record {
	b := e.work.book
	r := model.NewRecord(model.Erasure, b.o.NewID())
	salt := e.work.salt
	for _, f := range []model.FieldValue{
		{Name: "name", Value: model.Text(e.out.Becomes)},
		{Name: "what", Value: model.Pick(e.ask.Kind.String())},
		{Name: "record", Value: model.Text(e.ask.ID.String())},
		{Name: "date", Value: e.work.today},
		{Name: "by", Value: model.Person(b.actor(e.ask.Actor))},
		{Name: "reason", Value: model.Text(e.match.Strike(e.ask.Reason))},
		{Name: "records", Value: model.Number(float64(len(e.changed)))},
		{Name: "values", Value: model.Number(float64(e.work.gone))},
		{Name: "labels", Value: model.Number(float64(e.work.words))},
		{Name: "chain", Value: model.Text(chain)},
		{Name: "salt", Value: model.Text(salt)},
		{Name: "marks", Value: model.List(erase.Marks(salt, append(erase.Aliases(e.ask.Kind, e.ask.Also), e.known...)...)...)},
	} {
		r.Set(f.Name, f.Value)
	}
	return r
}
