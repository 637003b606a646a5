package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/erase"
	"opsdeck/store/engine"
)

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
	s.Actor = b.actor(s.Actor)
	b.writing.Lock()
	defer b.writing.Unlock()
	var done model.Batch
	var w *writer
	from := b.base.Now()
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
	b.pulse.wrote(b.base.Now().Sub(from))
	b.publish(done.Seq+uint64(done.Entries)-1, w)
	return done, nil
}

func (b *Book) write(ctx context.Context, w *writer, s model.Step) (model.Batch, error) {
	if err := b.checkSight(w, s); err != nil {
		return model.Batch{}, err
	}
	ops, err := w.signed(s)
	if err != nil {
		return model.Batch{}, err
	}
	s.Ops = ops
	if s.Ops, err = b.followed(w, s); err != nil {
		return model.Batch{}, err
	}
	plain, err := b.applyPlain(ctx, w, &s)
	if err != nil {
		return model.Batch{}, err
	}
	for i, op := range s.Ops {
		if plain != nil && plain[i] {
			continue
		}
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
	if err := w.checkErased(s.Kind); err != nil {
		return model.Batch{}, err
	}
	if err := b.checkRights(w, s); err != nil {
		return model.Batch{}, err
	}
	if err := errors.Join(w.checkTiers(s, b.o.Today()), w.checkSettings(s.Kind)); err != nil {
		return model.Batch{}, err
	}
	w.entries = b.makeEntries(s)
	defer w.entries.stop()
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
	plain   []plainChange      // those that are none of touched, in the order of their keys
	entries *entryMaker        // of the log; nil until they are begun
	refused map[recordID]bool  // while reasons are looked for: records of which an op could not be applied
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

// after returns a record as the step leaves it, and false for records that it does not touch, or changes so plainly that
// nobody who asks would find a difference.
func (w *writer) after(key recordID) (*model.Record, bool) {
	at, ok := w.at[key]
	if !ok {
		return nil, false
	}
	return w.touched[at].after, true
}

// checkErased keeps what was erased as it is: nothing in words comes into such a record again, and the records
// that tell of it are neither changed nor removed. They are made by erasing, and by bringing a book file in.
func (w *writer) checkErased(kind model.BatchKind) error {
	for i := range w.touched {
		if err := w.touched[i].checkErased(kind); err != nil {
			return err
		}
	}
	return nil
}

func (t *touchedRecord) checkErased(kind model.BatchKind) error {
	known := kind == model.Import || kind == model.Undo || kind == model.Redo // book files hold them too
	if t.kind == model.Erasure && !known && !t.before.Equal(t.after) {
		return &model.ConflictError{Kind: t.kind, ID: t.id, Reason: "tells of an erasing and stays as it is; 'opsdeck erase' makes them"}
	}
	was, is := t.before.Get(model.ErasedOn), t.after.Get(model.ErasedOn)
	if t.after == nil || was.IsZero() && (known || is.IsZero()) {
		return nil
	}
	if was != is {
		return &model.ConflictError{Kind: t.kind, ID: t.id, Title: t.after.Title(), Reason: "is erased by 'opsdeck erase' and by nothing else, and never taken back"}
	}
	for _, fv := range t.after.Fields {
		if fv.Value != t.before.Get(fv.Name) && erase.Goes(t.kind, fv.Name, fv.Value) {
			return &model.ConflictError{
				Kind: t.kind, ID: t.id, Title: t.before.Title(),
				Reason: fmt.Sprintf("was erased on %s, so %s stays empty; add a new record where it is somebody else", t.before.Get(model.ErasedOn).Format(), fv.Name),
			}
		}
	}
	return nil
}

// exists tells whether a record is there after the step.
func (w *writer) exists(k model.Kind, id model.ID) bool {
	if r, ok := w.after(recordID{k, id}); ok {
		return r != nil || w.refused[recordID{k, id}]
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
		// What a refused op has left pointing here has its own reason already.
		if r, ok := w.after(from); !ok || r != nil && pointsAt(r, t.id) && !w.refused[from] {
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
	if err := w.savePlain(); err != nil {
		return err
	}
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
	if sameIndexed(t.before, t.after) {
		return nil
	}
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
