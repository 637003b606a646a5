package store

import (
	"bytes"
	"cmp"
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
// are no ops, and engine.ErrUnknownOutcome that the book must be opened again to know; the same step
// may then be taken again, and is done once.
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
		w = newWriter(tx, len(s.Ops))
		var err error
		done, err = b.write(ctx, w, s)
		return err
	})
	if errors.Is(err, engine.ErrUnknownOutcome) {
		err = fmt.Errorf("%s: %w", s.Label, err)
	}
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
	if err := w.save(); err != nil {
		return model.Batch{}, err
	}
	return b.log(w, s)
}

// writer collects what the ops of one step make of the records that they touch.
type writer struct {
	tx      engine.Tx
	at      map[recordID]int32 // in touched
	touched []touchedRecord    // in the order of first touch
}

// touchedRecord is a record before a step and as it leaves it; nil where there is none.
type touchedRecord struct {
	recordID
	before, after *model.Record
}

type recordID struct {
	kind model.Kind
	id   model.ID
}

func newWriter(tx engine.Tx, ops int) *writer {
	return &writer{tx: tx, at: make(map[recordID]int32, ops), touched: make([]touchedRecord, 0, ops)}
}

// touch finds a record among the touched ones, where it gets a place when it has none.
func (w *writer) touch(key recordID) (*touchedRecord, error) {
	if at, ok := w.at[key]; ok {
		return &w.touched[at], nil
	}
	r, err := getRecord(w.tx, key.kind, key.id)
	if err != nil {
		return nil, err
	}
	w.at[key] = int32(len(w.touched))
	w.touched = append(w.touched, touchedRecord{key, r, r})
	return &w.touched[len(w.touched)-1], nil
}

func (w *writer) apply(op model.Op) error {
	t, err := w.touch(recordID{op.Kind, op.ID})
	if err != nil {
		return err
	}
	next, err := op.Apply(t.after)
	if err != nil {
		return err
	}
	t.after = next
	return nil
}

// after returns a record as the step leaves it, and false for records that it does not touch.
func (w *writer) after(key recordID) (*model.Record, bool) {
	at, ok := w.at[key]
	if !ok {
		return nil, false
	}
	return w.touched[at].after, true
}

// exists tells whether a record is there after the step.
func (w *writer) exists(k model.Kind, id model.ID) bool {
	if r, ok := w.after(recordID{k, id}); ok {
		return r != nil
	}
	_, ok := w.tx.Get(bucketRecord, recordKey(k, id))
	return ok
}

// checkRefs refuses references to records that are not there, and the removal of records that others
// point at.
func (w *writer) checkRefs() error {
	for i := range w.touched {
		t := &w.touched[i]
		if err := w.checkFree(t); err != nil {
			return err
		}
		if err := w.checkTargets(t); err != nil {
			return err
		}
	}
	return nil
}

// checkTargets refuses references of a record to what is not there. Those that it had before the step
// are the business of whoever removes what they point at.
func (w *writer) checkTargets(t *touchedRecord) error {
	if t.after == nil {
		return nil
	}
	for _, fv := range t.after.Fields {
		if k := fv.Value.Type(); k != model.TRef && k != model.TRefs || t.before.Get(fv.Name) == fv.Value {
			continue
		}
		f, ok := refField(t.kind, fv.Name)
		if !ok {
			continue
		}
		for _, id := range fv.Value.IDs() {
			if !w.exists(f.Ref, id) {
				return &model.ConflictError{
					Kind: t.kind, ID: t.id, Title: t.after.Title(),
					Reason: fmt.Sprintf("points at %s %s in %s, which is not there", f.Ref, id, f.Name),
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
func (w *writer) checkFree(t *touchedRecord) error {
	if t.before == nil || t.after != nil {
		return nil
	}
	users := map[model.Kind]int{}
	err := w.tx.Scan(indexRef, t.id[:], after(t.id[:]), func(k, _ []byte) (bool, error) {
		from := recordID{model.Kind(k[16]), model.ID(k[17:33])}
		if r, ok := w.after(from); !ok || r != nil && pointsAt(r, t.id) {
			users[from.kind]++
		}
		return true, nil
	})
	if err != nil || len(users) == 0 {
		return err
	}
	var parts []string
	total := 0
	for _, k := range slices.Sorted(maps.Keys(users)) {
		parts = append(parts, counted(users[k], k))
		total += users[k]
	}
	point := " point at it"
	if total == 1 {
		point = " points at it"
	}
	return &model.ConflictError{
		Kind: t.kind, ID: t.id, Title: t.before.Title(), Reason: "cannot go while " + strings.Join(parts, " and ") + point,
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
		if n == 1 {
			return "1 record of an unknown kind"
		}
		return fmt.Sprintf("%d records of an unknown kind", n)
	case n == 1:
		return "1 " + s.Name
	default:
		return fmt.Sprintf("%d %s", n, s.Plural)
	}
}

// put is one write of a small value to the engine.
type put struct {
	key   []byte
	value []byte // nil deletes
}

// writes are what a step writes to each bucket.
type writes map[string][]put

func (w writes) add(bucket string, key, value []byte) { w[bucket] = append(w[bucket], put{key, value}) }

// flush writes everything, sorted, because a large transaction with keys in random order is quadratic
// in bbolt. Deletions go first: a key that moves from one record to another is deleted and then put.
func (w writes) flush(tx engine.Tx) error {
	for _, bucket := range slices.Sorted(maps.Keys(w)) {
		w.sort(bucket)
		for _, p := range w[bucket] {
			var err error
			if p.value == nil {
				err = tx.Delete(bucket, p.key)
			} else {
				err = tx.Put(bucket, p.key, p.value)
			}
			if err != nil {
				return err
			}
		}
		delete(w, bucket)
	}
	return nil
}

func (w writes) sort(bucket string) {
	slices.SortFunc(w[bucket], func(a, b put) int {
		if c := bytes.Compare(a.key, b.key); c != 0 {
			return c
		}
		return boolCompare(a.value != nil, b.value != nil)
	})
}

// checkClaims refuses a source key that two records of the step take.
func (w writes) checkClaims() error {
	w.sort(indexKey)
	puts := w[indexKey]
	for i := 1; i < len(puts); i++ {
		a, b := &puts[i-1], &puts[i]
		if a.value != nil && b.value != nil && bytes.Equal(a.key, b.key) {
			return keyTaken(model.Kind(b.key[0]), model.ID(b.value), string(b.key[1:]), model.ID(a.value))
		}
	}
	return nil
}

func keyTaken(k model.Kind, id model.ID, key string, by model.ID) error {
	return &model.ConflictError{Kind: k, ID: id, Reason: fmt.Sprintf("cannot take the source key %q: %s has it", key, by)}
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

// save writes records and the indexes over their content.
func (w *writer) save() error {
	changed := make([]*touchedRecord, 0, len(w.touched))
	for i := range w.touched {
		if t := &w.touched[i]; !t.before.Equal(t.after) {
			changed = append(changed, t)
		}
	}
	index := writes{}
	for _, t := range changed {
		if err := w.index(index, t); err != nil {
			return err
		}
	}
	if err := index.checkClaims(); err != nil {
		return err
	}
	if err := index.flush(w.tx); err != nil {
		return err
	}
	slices.SortFunc(changed, func(a, b *touchedRecord) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), bytes.Compare(a.id[:], b.id[:]))
	})
	var encoded []byte
	for _, t := range changed {
		key := recordKey(t.kind, t.id)
		if t.after == nil {
			if err := w.tx.Delete(bucketRecord, key); err != nil {
				return err
			}
			continue
		}
		encoded = model.AppendRecord(encoded[:0], t.after)
		if err := w.tx.Put(bucketRecord, key, encoded); err != nil {
			return err
		}
	}
	return nil
}

// index adds what changes in the indexes. A source key that another record holds is refused.
func (w *writer) index(to writes, t *touchedRecord) error {
	was, is := indexEntries(t.before), indexEntries(t.after)
	if slices.Equal(was, is) {
		return nil
	}
	var old map[indexEntry]bool
	if len(was) > 0 {
		old = make(map[indexEntry]bool, len(was))
	}
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
				return err
			}
		}
		to.add(e.bucket, []byte(e.key), e.value())
	}
	for e := range old {
		to.add(e.bucket, []byte(e.key), nil)
	}
	return nil
}

func (w *writer) checkKey(e indexEntry) error {
	raw, ok := w.tx.Get(indexKey, []byte(e.key))
	if !ok || len(raw) != 16 {
		return nil
	}
	other := recordID{model.Kind(e.key[0]), model.ID(raw)}
	if r, touched := w.after(other); touched && (r == nil || !slices.Contains(r.Get("keys").Items(), e.key[1:])) {
		return nil
	}
	return keyTaken(other.kind, e.id, e.key[1:], other.id)
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
	touched := make(writes, 1)
	for ops := s.Ops; len(ops) > 0; {
		n := min(opsPerEntry, len(ops))
		seq++
		head.Entries++
		entry := logEntry(chain, head.ID, ops[:n])
		chain = entry[:chainSize]
		if err := w.tx.Put(bucketLog, seqKey(seq), entry); err != nil {
			return head, err
		}
		for _, op := range ops[:n] {
			touched.add(indexTouched, touchedKey(op.ID, seq), nothing)
		}
		ops = ops[n:]
	}
	body, err := cbor.Marshal(head)
	if err != nil {
		return head, fmt.Errorf("batch head: %w", err)
	}
	for _, p := range []struct {
		bucket     string
		key, value []byte
	}{
		{bucketBatch, seqKey(head.Seq), body},
		{indexBatch, head.ID[:], seqKey(head.Seq)},
		{bucketMeta, keySeq, seqKey(seq)},
		{bucketMeta, keyChain, chain},
		{bucketMeta, keyTime, seqKey(uint64(head.Time))},
	} {
		if err := w.tx.Put(p.bucket, p.key, p.value); err != nil {
			return head, err
		}
	}
	if err := touched.flush(w.tx); err != nil {
		return head, err
	}
	return head, markUndone(w.tx, head)
}

// logEntry encodes ops for the log: the hash of everything up to and with them, the batch, the ops.
func logEntry(chain []byte, batch model.ID, ops []model.Op) []byte {
	entry := make([]byte, chainSize, chainSize+len(batch)+128*len(ops))
	entry = append(entry, batch[:]...)
	for _, op := range ops {
		entry = model.AppendOp(entry, op)
	}
	h := sha256.New()
	h.Write(chain)
	h.Write(entry[chainSize:])
	h.Sum(entry[:0])
	return entry
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
	for i := range w.touched {
		t := &w.touched[i]
		out[i] = table.Delta{Kind: t.kind, ID: t.id, Record: t.after}
	}
	return out
}
