package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
	"opsdeck/store/engine"
)

// life is a book that random people work on, beside the oracle that knows what must come of it.
type life struct {
	t    *rapid.T
	b    *Book
	o    Options
	path string // empty for a book in memory
	or   oracle
	made uint64
}

// kindsOfLife are kinds that point at each other and at themselves, through single and several references.
func kindsOfLife() []model.Kind {
	return []model.Kind{model.Customer, model.Contact, model.Contract, model.Item}
}

func lifeID(k model.Kind, n int) model.ID {
	var id model.ID
	id[0] = byte(k)
	binary.BigEndian.PutUint64(id[8:], uint64(n+1))
	return id
}

func (l *life) id(k model.Kind) model.ID {
	return lifeID(k, rapid.IntRange(0, 2).Draw(l.t, k.String()))
}

func (l *life) stepID() model.ID {
	l.made++
	var id model.ID
	binary.BigEndian.PutUint64(id[8:], l.made)
	id[0] = 0xff
	return id
}

func (l *life) actor() string { return rapid.SampledFrom([]string{"ana", "bo"}).Draw(l.t, "actor") }

// target draws a record to point at: mostly one that is there.
func (l *life) target(k model.Kind, records map[recordID]*model.Record) model.ID {
	id := l.id(k)
	for n := range 3 {
		other := lifeID(k, n)
		if records[recordID{k, id}] == nil && records[recordID{k, other}] != nil && rapid.IntRange(0, 9).Draw(l.t, "loose") > 0 {
			return other
		}
	}
	return id
}

// value draws the content of a field; empty now and then.
func (l *life) value(k model.Kind, f *model.Field, records map[recordID]*model.Record) model.Value {
	if !f.Has(model.FRequired) && rapid.IntRange(0, 5).Draw(l.t, "empty") == 0 {
		return model.Value{}
	}
	switch {
	case f.Name == "keys":
		return model.List(rapid.SliceOfN(rapid.SampledFrom([]string{"crm|1", "crm|2", "crm|3"}), 1, 2).Draw(l.t, "keys")...)
	case f.Type == model.TRef:
		return model.Ref(l.target(f.Ref, records))
	case f.Type == model.TRefs:
		return model.Refs(l.target(f.Ref, records), l.target(f.Ref, records))
	case f.Type == model.TDate:
		return model.Date(day.Day(20_000 + rapid.IntRange(0, 3).Draw(l.t, "day")))
	}
	return model.Text(rapid.SampledFrom([]string{"Acme", "Beta", "E-1", "E-2"}).Draw(l.t, f.Name))
}

// fieldsOfLife are the fields that are worked on: names, both sorts of keys, references.
func fieldsOfLife(k model.Kind) []string {
	return map[model.Kind][]string{
		model.Customer: {"name", "external_id", "keys", "parent", "x.own"},
		model.Contact:  {"name", "external_id", "keys", "customer", "reports_to"},
		model.Contract: {"customer", "start", "end", "predecessor", "keys"},
		model.Item:     {"summary", "external_id", "customers", "duplicate_of"},
	}[k]
}

// op draws a change. It fits what is there more often than not.
func (l *life) op(records map[recordID]*model.Record) model.Op {
	k := rapid.SampledFrom(kindsOfLife()).Draw(l.t, "kind")
	id := l.id(k)
	now := records[recordID{k, id}]
	what := rapid.IntRange(0, 9).Draw(l.t, "what")
	if now != nil && what < 2 {
		return model.RemoveOp(now)
	}
	after := model.NewRecord(k, id)
	if now != nil && what > 2 {
		after = now.Clone()
	}
	for _, name := range fieldsOfLife(k) {
		f, _ := model.SchemaOf(k).Field(name)
		if now == nil || rapid.IntRange(0, 2).Draw(l.t, "change "+name) == 0 {
			after.Set(name, l.value(k, f, records))
		}
	}
	if now == nil || what == 2 {
		return model.CreateOp(after)
	}
	op, _ := model.UpdateOp(now, after)
	if len(op.Changes) > 0 && rapid.IntRange(0, 9).Draw(l.t, "stale") == 0 {
		op.Changes[0].From = model.Text("what nobody has seen")
	}
	return op
}

// do takes a step of one to four changes, each made with the ones before it in view.
func (l *life) do() {
	s := model.Step{ID: l.stepID(), Actor: l.actor(), Label: "work", Kind: rapid.SampledFrom([]model.BatchKind{model.Edit, model.Import}).Draw(l.t, "kind of step")}
	view := oracle{records: l.or.records}
	for range rapid.IntRange(1, 4).Draw(l.t, "ops") {
		op := l.op(view.records)
		s.Ops = append(s.Ops, op)
		// Only what the checks of single changes let through is in view; references may still be loose.
		if r, err := op.Apply(view.records[recordID{op.Kind, op.ID}]); err == nil {
			seen := map[recordID]*model.Record{}
			for k, v := range view.records {
				seen[k] = v
			}
			seen[recordID{op.Kind, op.ID}] = r
			if r == nil {
				delete(seen, recordID{op.Kind, op.ID})
			}
			view.records = seen
		}
	}
	next, want := l.or.apply(s.Ops)
	head, err := l.b.Do(context.Background(), s)
	if (err == nil) != (want == nil) {
		l.t.Fatalf("the book says %v, the oracle %v of %+v", err, want, s.Ops)
	}
	if err != nil {
		return
	}
	l.or.done(s, next)
	if rapid.IntRange(0, 4).Draw(l.t, "again") == 0 {
		again, err := l.b.Do(context.Background(), s)
		if err != nil || again.Seq != head.Seq {
			l.t.Fatalf("the same step again: %+v, %v", again, err)
		}
	}
}

// back undoes or redoes: the actor's last step, or any step.
func (l *life) back() {
	s := model.Step{ID: l.stepID(), Actor: l.actor(), Kind: model.Undo}
	var target *oracleStep
	var err error
	switch how := rapid.IntRange(0, 4).Draw(l.t, "how"); {
	case how < 2:
		target = l.or.toUndo(s.Actor)
		_, err = l.b.Undo(context.Background(), s.Actor, s.ID)
	case how < 4:
		s.Kind, target = model.Redo, l.or.toRedo(s.Actor)
		_, err = l.b.Redo(context.Background(), s.Actor, s.ID)
	case len(l.or.steps) > 0:
		target = &l.or.steps[rapid.IntRange(0, len(l.or.steps)-1).Draw(l.t, "step")]
		_, err = l.b.UndoBatch(context.Background(), target.ID, s.Actor, s.ID)
		if target.undone || !target.isRoot() {
			if !errors.Is(err, ErrRefused) {
				l.t.Fatalf("undo of what is undone or an undo: %v", err)
			}
			return
		}
	}
	if target == nil {
		if err != nil && !errors.Is(err, ErrNothing) {
			l.t.Fatalf("with nothing to take back: %v", err)
		}
		return
	}
	s.Of, s.Ops = target.ID, target.Ops
	if s.Kind == model.Undo {
		s.Ops = reversed(target.Ops)
	}
	next, want := l.or.apply(s.Ops)
	var refused *RefusedError
	if want != nil && (!errors.As(err, &refused) || len(refused.Reasons) == 0 || len(refused.Reasons) > maxReasons) || want == nil && err != nil {
		l.t.Fatalf("%s: the book says %v, the oracle %v", s.Kind, err, want)
	}
	if err == nil {
		l.or.done(s, next)
		l.thereAndBack(s)
	}
}

// thereAndBack takes back what was just taken back, twice, and wants every record as it was.
func (l *life) thereAndBack(s model.Step) {
	if s.Kind != model.Undo || l.or.toRedo(s.Actor) != l.or.find(s.Of) {
		return
	}
	before := l.bytes()
	for _, kind := range []model.BatchKind{model.Redo, model.Undo} {
		again := model.Step{ID: l.stepID(), Actor: s.Actor, Kind: kind, Of: s.Of, Ops: l.or.find(s.Of).Ops}
		var err error
		if kind == model.Redo {
			_, err = l.b.Redo(context.Background(), s.Actor, again.ID)
		} else {
			again.Ops = reversed(again.Ops)
			_, err = l.b.UndoBatch(context.Background(), s.Of, s.Actor, again.ID)
		}
		if err != nil {
			l.t.Fatalf("%s right after: %v", kind, err)
		}
		next, _ := l.or.apply(again.Ops)
		l.or.done(again, next)
	}
	if !bytes.Equal(before, l.bytes()) {
		l.t.Fatal("undo, redo, undo: the records are other bytes than before")
	}
}

// bytes are all records as they are stored.
func (l *life) bytes() []byte {
	var out []byte
	err := l.b.eng.View(func(tx engine.Tx) error {
		out = nil
		return tx.Scan(bucketRecord, nil, nil, func(k, v []byte) (bool, error) {
			out = append(append(out, k...), v...)
			return true, nil
		})
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return out
}

// reopen closes the book and opens it again, or what a program that was killed would have left of it.
func (l *life) reopen() {
	if l.path == "" {
		return
	}
	killed := filepath.Join(filepath.Dir(l.path), "killed.db")
	os.Remove(CachePath(killed))
	copyFile(l.t, l.path, killed)
	copyFile(l.t, CachePath(l.path), CachePath(killed))
	old := killed + ".old"
	os.Remove(old)
	copyFile(l.t, CachePath(l.path), old)
	if err := l.b.Close(); err != nil {
		l.t.Fatal(err)
	}
	switch rapid.IntRange(0, 5).Draw(l.t, "ended by") {
	case 0:
		copyFile(l.t, killed, l.path)
		os.Remove(CachePath(l.path))
		copyFile(l.t, CachePath(killed), CachePath(l.path))
	case 1:
		// The cache of another moment, from a time with less in it.
		os.Remove(CachePath(l.path))
		copyFile(l.t, old, CachePath(l.path))
	case 2:
		spoil(l.t, CachePath(l.path))
	}
	b, err := Open(l.path, l.o)
	if err != nil {
		l.t.Fatal(err)
	}
	l.b = b
}

// copyFile copies a file in place; one that is not there is left out.
func copyFile(t *rapid.T, from, to string) {
	raw, err := os.ReadFile(from)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		err = os.WriteFile(to, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// spoil flips a bit of a file, or cuts it off.
func spoil(t *rapid.T, path string) {
	raw, err := os.ReadFile(path)
	if err != nil || len(raw) == 0 {
		return
	}
	at := rapid.IntRange(0, len(raw)-1).Draw(t, "at")
	if rapid.Bool().Draw(t, "cut") {
		raw = raw[:at]
	} else {
		raw[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
	}
	// As a new file: one that a picture rests on must not change.
	os.Remove(path)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// compare holds what the book tells against the oracle.
func (l *life) compare() {
	seen := 0
	for _, k := range model.Kinds() {
		if err := l.b.Each(k, func(r *model.Record) bool {
			seen++
			if !r.Equal(l.or.records[recordID{k, r.ID}]) {
				l.t.Fatalf("%s %s is %+v, want %+v", k, r.ID, r, l.or.records[recordID{k, r.ID}])
			}
			return true
		}); err != nil {
			l.t.Fatal(err)
		}
	}
	if seen != len(l.or.records) {
		l.t.Fatalf("%d records, want %d", seen, len(l.or.records))
	}
	s, err := l.b.Snapshot()
	if err != nil {
		l.t.Fatal(err)
	}
	fresh, err := l.b.load()
	if err != nil {
		l.t.Fatal(err)
	}
	for _, k := range kindsOfLife() {
		if s.Table(k).Len() != fresh.Table(k).Len() || s.Seq != fresh.Seq {
			l.t.Fatalf("the picture has %d %s up to %d, a fresh one %d up to %d", s.Table(k).Len(), k, s.Seq, fresh.Table(k).Len(), fresh.Seq)
		}
		fresh.Table(k).Rows(func(row int32) bool { l.comparePictures(s, fresh, k, row); return true })
	}
	l.compareLookups()
}

func (l *life) comparePictures(s, fresh *table.Snapshot, k model.Kind, row int32) {
	id := fresh.Table(k).ID(row)
	mine, ok := s.Table(k).Row(id)
	if !ok {
		l.t.Fatalf("%s %s is not in the picture", k, id)
	}
	for _, f := range model.SchemaOf(k).Fields {
		if got, want := s.Shown(k, mine, f.Name), fresh.Shown(k, row, f.Name); got != want {
			l.t.Fatalf("%s %s: %s is %q in the picture, %q in a fresh one", k, id, f.Name, got, want)
		}
	}
}

// compareLookups follows every index.
func (l *life) compareLookups() {
	for key, r := range l.or.records {
		kids := map[model.ID]bool{}
		for from, other := range l.or.records {
			if from.kind == model.Contact && pointsAt(other, key.id) {
				kids[from.id] = true
			}
		}
		got, err := l.b.Kids(key.id, model.Contact)
		if err != nil || len(got) != len(kids) {
			l.t.Fatalf("%d contacts point at %s %s, want %d: %v", len(got), key.kind, key.id, len(kids), err)
		}
		for _, k := range r.Get("keys").Items() {
			if found, err := l.b.ByKey(key.kind, k); err != nil || !found.Equal(r) {
				l.t.Fatalf("by key %s: %+v, %v", k, found, err)
			}
		}
		if ext := r.Get("external_id").Str(); ext != "" {
			if found, err := l.b.Lookup(key.kind, ext); err == nil && found.Get("external_id").Str() != ext || err != nil && !errors.Is(err, ErrAmbiguous) {
				l.t.Fatalf("lookup of %s: %+v, %v", ext, found, err)
			}
		}
	}
}

// compareLog wants every acknowledged step in the log exactly once, and in the history of its records.
func (l *life) compareLog() {
	var heads []model.Batch
	if err := l.b.Batches(func(h model.Batch) bool { heads = append(heads, h); return true }); err != nil {
		l.t.Fatal(err)
	}
	if len(heads) != len(l.or.steps) {
		l.t.Fatalf("%d steps in the log, %d were taken", len(heads), len(l.or.steps))
	}
	for i, s := range l.or.steps {
		h := heads[len(heads)-1-i]
		ops, err := l.b.Ops(h)
		if err != nil || h.ID != s.ID || h.Actor != s.Actor || h.Kind != s.Kind || h.Of != s.Of || h.Undone != s.undone || h.Ops != len(s.Ops) {
			l.t.Fatalf("step %d: %+v, want %+v; %v", i, h, s, err)
		}
		if !reflect.DeepEqual(ops, s.Ops) {
			l.t.Fatalf("step %d: its ops are %+v, want %+v", i, ops, s.Ops)
		}
		if i > 0 && h.Time <= heads[len(heads)-i].Time {
			l.t.Fatalf("step %d is not later than the one before", i)
		}
	}
	for _, k := range kindsOfLife() {
		for n := range 3 {
			id := lifeID(k, n)
			entries, err := l.b.History(id)
			var ops []model.Op
			for _, e := range entries {
				ops = append(ops, e.Op)
			}
			if want := l.or.history(id); err != nil || !reflect.DeepEqual(ops, want) {
				l.t.Fatalf("history of %s: %+v, want %+v; %v", id, ops, want, err)
			}
		}
	}
}

func TestABookDoesWhatAPlainModelDoes(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		l := &life{t: t, o: testOptions(), or: oracle{records: map[recordID]*model.Record{}}}
		// Clocks are set back at times; the log has to go on rising.
		clock := l.o.Now
		l.o.Now = func() time.Time {
			return clock().Add(-time.Duration(rapid.SampledFrom([]int{0, 0, 3600}).Draw(t, "clock")) * time.Second)
		}
		// Many plain changes are applied in another way than few; one is as good as many here.
		l.o.leastPlain = rapid.IntRange(0, 2).Draw(t, "least plain changes")
		mem := engine.NewMemory()
		mem.Strict = true
		var err error
		if rapid.IntRange(0, 9).Draw(t, "on disk") == 9 {
			l.path = filepath.Join(dir, "book.db")
			os.Remove(l.path)
			os.Remove(CachePath(l.path))
			l.o.Cache, l.o.leastCached = KeepCache, 1
			l.b, err = Open(l.path, l.o)
		} else {
			l.b = newBook(l.o)
			l.b.eng = mem
			err = l.b.begun(mem)
		}
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "step") {
			case 0:
				l.reopen()
			case 1, 2, 3:
				l.back()
			default:
				l.do()
			}
			l.compare()
		}
		l.compareLog()
		if err := l.b.Check(context.Background(), func(p string) { t.Errorf("check: %s", p) }); err != nil {
			t.Error(err)
		}
		if err := l.b.Close(); err != nil {
			t.Error(err)
		}
	})
}
