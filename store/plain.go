package store

import (
	"bytes"
	"cmp"
	"context"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// A scoring changes one field of each of 100,000 customers. Such plain changes are applied several at a time, and of the
// records before and after them nothing is kept but the encoding that is to be written: the records themselves would be
// 300 MB, and getting that much memory from the system took longer than all the rest.

const (
	// leastPlain is how many plain changes of a step are worth being applied so.
	leastPlain = 1024
	// plainPart is how many are handed to a worker at a time.
	plainPart = 256
)

// plainChange is the record that a plain op leaves; encoded is nil where it is as it was.
type plainChange struct {
	recordID
	encoded []byte
}

// isPlain tells of an op that it changes nothing that other records, indexes and settings of the book rest on: whoever
// looks at its record meanwhile finds in the book what they look for.
func isPlain(op *model.Op) bool {
	if op.Verb != model.Update || op.Kind == model.Setting || op.Kind == model.Erasure || model.SchemaOf(op.Kind) == nil {
		return false
	}
	for i := range op.Changes {
		c := &op.Changes[i]
		if indexed(&model.FieldValue{Name: c.Field, Value: c.From}) || indexed(&model.FieldValue{Name: c.Field, Value: c.To}) {
			return false
		}
	}
	return true
}

// plainOps lists the plain ops whose records no other op of the step touches, in the order of their keys; nothing where
// they are fewer than least.
func (w *writer) plainOps(ops []model.Op, least int) []int32 {
	count := 0
	for i := range ops {
		if isPlain(&ops[i]) {
			count++
		}
	}
	if count < least {
		return nil
	}
	alone := make(map[recordID]bool, len(ops))
	for i := range ops {
		key := recordID{ops[i].Kind, ops[i].ID}
		_, again := alone[key]
		_, touched := w.at[key]
		alone[key] = !again && !touched
	}
	list := make([]int32, 0, count)
	for i := range ops {
		if isPlain(&ops[i]) && alone[recordID{ops[i].Kind, ops[i].ID}] {
			list = append(list, int32(i))
		}
	}
	slices.SortFunc(list, func(a, b int32) int {
		x, y := &ops[a], &ops[b]
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), bytes.Compare(x.ID[:], y.ID[:]))
	})
	return list
}

// plainJob is a part of the plain ops of a step, with what stands in the book for their records.
type plainJob struct {
	step  *model.Step
	today day.Day
	ops   []int32
	raw   [][]byte // nil where there is no record
	to    []plainChange
	err   error
}

// applyPlain applies the plain ops of a large step and tells which they are. The caller reads the book, which within a
// transaction that writes only one can do, while others take the records apart.
func (b *Book) applyPlain(ctx context.Context, w *writer, s *model.Step) ([]bool, error) {
	list, today := w.plainOps(s.Ops, cmp.Or(b.base.leastPlain, leastPlain)), b.o.Today()
	if len(list) == 0 || b.caller.limited() { // Rights look at the records before and after.
		return nil, nil
	}
	w.plain = make([]plainChange, len(list))
	jobs := make([]plainJob, 0, len(list)/plainPart+1)
	for from := 0; from < len(list); from += plainPart {
		to := min(from+plainPart, len(list))
		jobs = append(jobs, plainJob{step: s, today: today, ops: list[from:to], to: w.plain[from:to]})
	}
	todo := make(chan *plainJob, len(jobs))
	// What is read lies in the mapped file, so that reading it may fault anywhere: the transaction is told here.
	var failed atomic.Pointer[any]
	guarded := func(fn func()) {
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		defer func() {
			if p := recover(); p != nil {
				failed.CompareAndSwap(nil, &p)
			}
		}()
		fn()
	}
	work := func() {
		var room plainRoom
		for job := range todo {
			job.err = job.apply(&room)
		}
	}
	var others sync.WaitGroup
	for range runtime.GOMAXPROCS(0) - 1 {
		others.Go(func() { guarded(work) })
	}
	var err error
	guarded(func() { err = w.readPlain(ctx, jobs, todo) })
	guarded(work)
	others.Wait()
	if p := failed.Load(); p != nil {
		panic(*p)
	}
	for i := range jobs {
		if err == nil {
			err = jobs[i].err
		}
	}
	is := make([]bool, len(s.Ops))
	for _, at := range list {
		is[at] = true
	}
	return is, err
}

// readPlain finds the records of jobs and hands these on.
func (w *writer) readPlain(ctx context.Context, jobs []plainJob, todo chan<- *plainJob) error {
	defer close(todo)
	for i := range jobs {
		if err := ctxErr(ctx); err != nil {
			return err
		}
		job := &jobs[i]
		job.raw = make([][]byte, len(job.ops))
		for j, at := range job.ops {
			op := &job.step.Ops[at]
			job.raw[j], _ = w.tx.Get(bucketRecord, recordKey(op.Kind, op.ID))
		}
		todo <- job
	}
	return nil
}

// plainRoom is where a worker has one record before and after its op.
type plainRoom struct{ before, after model.Record }

// apply applies the ops of a job, checks what can be wrong with their records alone, and encodes these.
func (j *plainJob) apply(room *plainRoom) error {
	size := 0
	for _, raw := range j.raw {
		size += len(raw) + 32
	}
	encoded := make([]byte, 0, size)
	for i, at := range j.ops {
		op := &j.step.Ops[at]
		t := touchedRecord{recordID: recordID{op.Kind, op.ID}}
		if j.raw[i] != nil {
			t.before = &room.before
			if err := t.before.Decode(op.Kind, op.ID, j.raw[i]); err != nil {
				return err
			}
		}
		var err error
		if t.after, err = op.ApplyIn(&room.after, t.before); err != nil {
			return err
		}
		if err = t.checkErased(j.step.Kind); err == nil && isEdit(j.step.Kind) {
			err = t.checkTier(*j.step, j.today)
		}
		if err != nil {
			return err
		}
		j.to[i].recordID = t.recordID
		if t.before.Equal(t.after) {
			continue
		}
		from := len(encoded)
		encoded = model.AppendRecord(encoded, t.after)
		j.to[i].encoded = encoded[from:len(encoded):len(encoded)]
	}
	return nil
}

// savePlain writes the records of plain changes, whose indexes stay as they are.
func (w *writer) savePlain() error {
	for i := range w.plain {
		c := &w.plain[i]
		if c.encoded == nil {
			continue
		}
		if err := w.tx.Put(bucketRecord, recordKey(c.kind, c.id), c.encoded); err != nil {
			return err
		}
	}
	return nil
}

// deltas lists the records as the step leaves them, in the order of their first touch, those of plain changes last.
// Of so many that nobody makes a picture of them there are the ids alone.
func (w *writer) deltas(bare bool) ([]table.Delta, error) {
	out := make([]table.Delta, 0, len(w.touched)+len(w.plain))
	for i := range w.touched {
		t := &w.touched[i]
		out = append(out, table.Delta{Kind: t.kind, ID: t.id, Record: t.after})
	}
	for i := range w.plain {
		c := &w.plain[i]
		d := table.Delta{Kind: c.kind, ID: c.id}
		if c.encoded != nil && !bare {
			r, err := model.DecodeRecord(c.kind, c.id, c.encoded)
			if err != nil {
				return nil, err
			}
			d.Record = r
		}
		if c.encoded != nil {
			out = append(out, d)
		}
	}
	return out, nil
}
