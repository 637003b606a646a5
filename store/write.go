package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fxamacker/cbor/v2"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/store/engine"
)

// opsPerEntry bounds how much of a large batch one log entry holds, so that reading the history of
// one record never decodes a whole import.
const opsPerEntry = 256

// Do validates every op of a step, applies them in their order and saves records, indexes and log
// in one transaction; only then does anybody see it. Errors leave the book as it was: a
// *model.ConflictError or *model.FieldError names the record or field, ErrNothing says that there
// are no ops, and engine.ErrUnknownOutcome that the book must be opened again to know.
func (b *Book) Do(ctx context.Context, s model.Step) (model.Batch, error) {
	if b.o.ReadOnly {
		return model.Batch{}, ErrReadOnly
	}
	if len(s.Ops) == 0 {
		return model.Batch{}, ErrNothing
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	var done model.Batch
	var w *writer
	err := b.eng.Update(func(tx engine.Tx) error {
		if old, ok, err := batchByID(tx, s.ID); ok || err != nil {
			done, w = old, nil
			return err
		}
		w = newWriter(tx)
		var err error
		done, err = b.write(ctx, w, s)
		return err
	})
	if err != nil || w == nil {
		return done, err
	}
	b.publish(done.Seq+uint64(done.Entries)-1, w.deltas())
	return done, nil
}

func (b *Book) write(ctx context.Context, w *writer, s model.Step) (model.Batch, error) {
	for i, op := range s.Ops {
		if i%1024 == 0 {
			if err := ctxErr(ctx); err != nil {
				return model.Batch{}, err
			}
		}
		if err := w.apply(op); err != nil {
			return model.Batch{}, err
		}
	}
	if err := w.checkRefs(); err != nil {
		return model.Batch{}, err
	}
	if err := w.saveRecords(); err != nil {
		return model.Batch{}, err
	}
	return b.log(w, s)
}

// writer collects what the ops of one step make of the records that they touch.
type writer struct {
	tx      engine.Tx
	before  map[recordID]*model.Record
	after   map[recordID]*model.Record
	touched []recordID // in the order of first touch
}

type recordID struct {
	kind model.Kind
	id   model.ID
}

func newWriter(tx engine.Tx) *writer {
	return &writer{tx: tx, before: map[recordID]*model.Record{}, after: map[recordID]*model.Record{}}
}

func (w *writer) apply(op model.Op) error {
	if err := op.Validate(); err != nil {
		return err
	}
	key := recordID{op.Kind, op.ID}
	now, seen := w.after[key]
	if !seen {
		var err error
		if now, err = getRecord(w.tx, op.Kind, op.ID); err != nil {
			return err
		}
		w.before[key] = now
		w.touched = append(w.touched, key)
	}
	next, err := op.Apply(now)
	if err != nil {
		return err
	}
	w.after[key] = next
	return nil
}

// exists tells whether a record is there after the step.
func (w *writer) exists(k model.Kind, id model.ID) bool {
	if r, ok := w.after[recordID{k, id}]; ok {
		return r != nil
	}
	_, ok := w.tx.Get(bucketRecord, recordKey(k, id))
	return ok
}

// checkRefs refuses references to records that are not there, and the removal of records that others
// point at.
func (w *writer) checkRefs() error {
	for _, key := range w.touched {
		r, before := w.after[key], w.before[key]
		if r == nil {
			if err := w.checkFree(key, before); err != nil {
				return err
			}
			continue
		}
		for _, fv := range r.Fields {
			if t := fv.Value.Type(); t != model.TRef && t != model.TRefs || before.Get(fv.Name) == fv.Value {
				continue
			}
			f, ok := refField(key.kind, fv.Name)
			if !ok {
				continue
			}
			for _, id := range fv.Value.IDs() {
				if !w.exists(f.Ref, id) {
					return &model.ConflictError{
						Kind: key.kind, ID: key.id, Title: r.Title(),
						Reason: fmt.Sprintf("points at %s %s in %s, which is not there", f.Ref, id, f.Name),
					}
				}
			}
		}
	}
	return nil
}

// refField finds a reference among the fields of a kind. What a newer program has added is none that
// could be followed.
func refField(k model.Kind, name string) (*model.Field, bool) {
	s := model.SchemaOf(k)
	if s == nil {
		return nil, false
	}
	f, ok := s.Field(name)
	return f, ok && f.Ref != model.KNone
}

// checkFree refuses the removal of a record while records that stay point at it.
func (w *writer) checkFree(key recordID, before *model.Record) error {
	if before == nil {
		return nil
	}
	users := map[model.Kind]int{}
	err := w.tx.Scan(indexRef, key.id[:], after(key.id[:]), func(k, _ []byte) (bool, error) {
		from := recordID{model.Kind(k[16]), model.ID(k[17:33])}
		if r, ok := w.after[from]; !ok || r != nil && pointsAt(r, key.id) {
			users[from.kind]++
		}
		return true, nil
	})
	if err != nil || len(users) == 0 {
		return err
	}
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(users)) {
		parts = append(parts, counted(users[k], k))
	}
	return &model.ConflictError{
		Kind: key.kind, ID: key.id, Title: before.Title(), Reason: "cannot go while " + strings.Join(parts, " and ") + " point at it",
	}
}

func pointsAt(r *model.Record, id model.ID) bool {
	for _, fv := range r.Fields {
		if slices.Contains(fv.Value.IDs(), id) {
			return true
		}
	}
	return false
}

// counted writes "1 contact" or "3 contacts".
func counted(n int, k model.Kind) string {
	switch s := model.SchemaOf(k); {
	case s == nil:
		return fmt.Sprintf("%d records of an unknown kind", n)
	case n == 1:
		return "1 " + s.Name
	default:
		return fmt.Sprintf("%d %s", n, s.Plural)
	}
}

// put is one write to the engine.
type put struct {
	bucket string
	key    []byte
	value  []byte // nil deletes
}

// saveRecords writes records and the indexes over their content. The writes are sorted, because a
// large transaction with keys in random order is quadratic in bbolt.
func (w *writer) saveRecords() error {
	puts := make([]put, 0, 4*len(w.touched))
	for _, key := range w.touched {
		before, now := w.before[key], w.after[key]
		if before.Equal(now) {
			continue
		}
		p := put{bucket: bucketRecord, key: recordKey(key.kind, key.id)}
		if now != nil {
			p.value = model.AppendRecord(nil, now)
		}
		puts = append(puts, p)
		var err error
		if puts, err = w.indexPuts(puts, before, now); err != nil {
			return err
		}
	}
	sortPuts(puts)
	if err := checkClaims(puts); err != nil {
		return err
	}
	return w.write(puts)
}

// checkClaims refuses a source key that two records of the step take. The writes are sorted.
func checkClaims(puts []put) error {
	for i := 1; i < len(puts); i++ {
		a, b := &puts[i-1], &puts[i]
		if b.bucket == indexKey && a.bucket == indexKey && a.value != nil && b.value != nil && bytes.Equal(a.key, b.key) {
			return keyTaken(model.Kind(b.key[0]), model.ID(b.value), string(b.key[1:]), model.ID(a.value))
		}
	}
	return nil
}

func keyTaken(k model.Kind, id model.ID, key string, by model.ID) error {
	return &model.ConflictError{Kind: k, ID: id, Reason: fmt.Sprintf("cannot take the source key %q: %s has it", key, by)}
}

// indexPuts adds what changes in the indexes. A source key that another record holds is refused.
func (w *writer) indexPuts(puts []put, before, now *model.Record) ([]put, error) {
	was, is := indexEntries(before), indexEntries(now)
	old := make(map[indexEntry]bool, len(was))
	for _, e := range was {
		old[e] = true
	}
	for _, e := range is {
		if old[e] {
			delete(old, e)
			continue
		}
		if e.bucket == indexKey {
			if err := w.checkKey(e); err != nil {
				return nil, err
			}
		}
		puts = append(puts, put{e.bucket, []byte(e.key), e.value()})
	}
	for e := range old {
		puts = append(puts, put{bucket: e.bucket, key: []byte(e.key)})
	}
	return puts, nil
}

func (w *writer) checkKey(e indexEntry) error {
	raw, ok := w.tx.Get(indexKey, []byte(e.key))
	if !ok || len(raw) != 16 {
		return nil
	}
	other := recordID{model.Kind(e.key[0]), model.ID(raw)}
	if r, touched := w.after[other]; touched && (r == nil || !slices.Contains(r.Get("keys").Items(), e.key[1:])) {
		return nil
	}
	return keyTaken(other.kind, e.id, e.key[1:], other.id)
}

// sortPuts brings writes into the order of buckets and keys. Deletions go first: a key that moves from
// one record to another is deleted and then put.
func sortPuts(puts []put) {
	slices.SortFunc(puts, func(a, b put) int {
		if c := strings.Compare(a.bucket, b.bucket); c != 0 {
			return c
		}
		if c := bytes.Compare(a.key, b.key); c != 0 {
			return c
		}
		return boolCompare(a.value != nil, b.value != nil)
	})
}

func (w *writer) write(puts []put) error {
	for _, p := range puts {
		var err error
		if p.value == nil {
			err = w.tx.Delete(p.bucket, p.key)
		} else {
			err = w.tx.Put(p.bucket, p.key, p.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// log appends the step to the log and returns its head.
func (b *Book) log(w *writer, s model.Step) (model.Batch, error) {
	raw, _ := w.tx.Get(bucketMeta, keySeq)
	seq := seqOf(raw)
	raw, _ = w.tx.Get(bucketMeta, keyTime)
	head := model.Batch{
		ID: s.ID, Seq: seq + 1, Ops: len(s.Ops), Actor: s.Actor, Replica: b.o.Replica, Kind: s.Kind, Label: s.Label,
		Of: s.Of, Counts: s.Counts, Source: s.Source, Target: s.Target,
		Time: max(b.o.Now().UnixMicro(), int64(seqOf(raw))+1),
	}
	if head.Kind == "" {
		head.Kind = model.Edit
	}
	if head.ID.IsZero() {
		return head, errors.New("a step needs an id")
	}
	chain, _ := w.tx.Get(bucketMeta, keyChain)
	chain = slices.Clone(chain)
	var puts []put
	for ops := s.Ops; len(ops) > 0; {
		n := min(opsPerEntry, len(ops))
		seq++
		head.Entries++
		var entry []byte
		entry, chain = logEntry(chain, head.ID, ops[:n])
		puts = append(puts, put{bucketLog, seqKey(seq), entry})
		for _, op := range ops[:n] {
			puts = append(puts, put{indexTouched, touchedKey(op.ID, seq), nothing})
		}
		ops = ops[n:]
	}
	body, err := cbor.Marshal(head)
	if err != nil {
		return head, fmt.Errorf("batch head: %w", err)
	}
	puts = append(puts,
		put{bucketBatch, seqKey(head.Seq), body}, put{indexBatch, head.ID[:], seqKey(head.Seq)},
		put{bucketMeta, keySeq, seqKey(seq)}, put{bucketMeta, keyChain, chain}, put{bucketMeta, keyTime, seqKey(uint64(head.Time))})
	sortPuts(puts)
	if err := w.write(puts); err != nil {
		return head, err
	}
	return head, markUndone(w.tx, head)
}

// logEntry encodes ops for the log: the hash of everything up to and with them, the batch, the ops.
func logEntry(chain []byte, batch model.ID, ops []model.Op) (entry, next []byte) {
	body := slices.Clone(batch[:])
	for _, op := range ops {
		body = model.AppendOp(body, op)
	}
	h := sha256.New()
	h.Write(chain)
	h.Write(body)
	next = h.Sum(nil)
	return append(slices.Clone(next), body...), next
}

// markUndone notes on the batch that an undo or redo is about whether it is taken back now.
func markUndone(tx engine.Tx, head model.Batch) error {
	if head.Kind != model.Undo && head.Kind != model.Redo {
		return nil
	}
	of, ok, err := batchByID(tx, head.Of)
	if err != nil || !ok {
		return err
	}
	of.Undone = head.Kind == model.Undo
	body, err := cbor.Marshal(of)
	if err != nil {
		return fmt.Errorf("batch head: %w", err)
	}
	return tx.Put(bucketBatch, seqKey(of.Seq), body)
}

// deltas lists the records as the step leaves them, in the order of their first touch.
func (w *writer) deltas() []table.Delta {
	out := make([]table.Delta, len(w.touched))
	for i, key := range w.touched {
		out[i] = table.Delta{Kind: key.kind, ID: key.id, Record: w.after[key]}
	}
	return out
}
