package store

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
	"opsdeck/store/engine"
)

// Retrace returns pictures of one customer at the ends of days, each with the figures that Known would give
// it, from the customer's own records alone: a second's work for the whole book is a moment's for one. The
// book's settings, models and month of usage of each day are in them; other customers are not, so figures
// that rest on all of them, such as RFM, are not to be read from these pictures.
func (b *Book) Retrace(customer model.ID, days []day.Day) ([]*table.Snapshot, error) {
	hides, err := b.hidden()
	if err != nil {
		return nil, err
	}
	now, err := b.shared()
	if err != nil {
		return nil, err
	}
	out := make([]*table.Snapshot, len(days))
	if len(days) == 0 {
		return out, nil
	}
	months := now.UseMonths()
	// Nobody who writes waits for this: a reading transaction sees one state of the book by itself.
	err = b.eng.View(func(tx engine.Tx) error {
		t := tracer{tx: tx, entries: map[uint64][]model.Op{}, since: b.endOf(slices.Min(days))}
		if err := t.gather(customer); err != nil {
			return err
		}
		for i, on := range days {
			var err error
			if out[i], err = t.picture(on, b.endOf(on), table.UseMonthBy(months, on)); err != nil {
				return err
			}
			if hides != nil {
				out[i] = out[i].Veiled(hides)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the past of a customer: %w", err)
	}
	return out, nil
}

// tracer follows some records back through the log.
type tracer struct {
	tx      engine.Tx
	first   model.Batch
	since   time.Time             // the earliest moment that is asked for
	entries map[uint64][]model.Op // of the log, decoded once
	records []traced
	models  []traced
}

// traced is a record with its changes since, the newest first.
type traced struct {
	kind    model.Kind
	id      model.ID
	now     *model.Record
	changes []tracedChange
}

type tracedChange struct {
	at    time.Time
	first bool // of the book's first step
	op    model.Op
}

// gather finds the records that belong to a customer now or did since, and the book's models.
func (t *tracer) gather(customer model.ID) error {
	var err error
	if t.first, err = firstBatch(t.tx); err != nil {
		return err
	}
	ids := map[recordID]bool{{model.Customer, customer}: true}
	for _, k := range []model.Kind{model.Contact, model.Contract, model.Order, model.Invoice, model.Item, model.Touch, model.Usage, model.Churn, model.Benefit} {
		prefix := append(slices.Clone(customer[:]), byte(k))
		err := t.tx.Scan(indexRef, prefix, after(prefix), func(key, _ []byte) (bool, error) {
			ids[recordID{k, model.ID(key[17:33])}] = true
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	for _, k := range []model.Kind{model.Setting, model.Scorecard} {
		if err := eachRecord(t.tx, k, func(r *model.Record) bool { ids[recordID{k, r.ID}] = true; return true }); err != nil {
			return err
		}
	}
	if err := t.parted(customer, ids); err != nil {
		return err
	}
	for id := range ids {
		rec, err := t.trace(id)
		if err != nil {
			return err
		}
		if f := rec.now.Get("framework").ID(); id.kind == model.Contract && !f.IsZero() && !ids[recordID{model.Contract, f}] {
			framework, err := t.trace(recordID{model.Contract, f})
			if err != nil {
				return err
			}
			t.records = append(t.records, framework)
		}
		if isModel(id.kind) {
			t.models = append(t.models, rec)
		} else {
			t.records = append(t.records, rec)
		}
	}
	byID := func(a, b traced) int { return bytes.Compare(a.id[:], b.id[:]) }
	slices.SortFunc(t.records, byID)
	t.records = slices.CompactFunc(t.records, func(a, b traced) bool { return a.id == b.id })
	slices.SortFunc(t.models, byID)
	return nil
}

// parted adds what was taken from the customer since, and models that were removed. Imports only bring. Most
// entries are of others: their bytes are searched and not decoded, and none of them is kept, as a step may hold
// the whole book.
func (t *tracer) parted(customer model.ID, ids map[recordID]bool) error {
	var err error
	scan := eachBatch(t.tx, func(h model.Batch) bool {
		if !time.UnixMicro(h.Time).After(t.since) {
			return false
		}
		if h.Kind == model.Import || h.Seq == t.first.Seq {
			return true
		}
		for seq := h.Seq; seq < h.Seq+uint64(h.Entries) && err == nil; seq++ {
			raw, ok := t.tx.Get(bucketLog, seqKey(seq))
			if !ok {
				err = fmt.Errorf("log entry %d is missing", seq)
				break
			}
			if !mayPart(raw, customer) {
				continue
			}
			var ops []model.Op
			_, ops, err = decodeEntry(raw)
			for i := range ops {
				if isModel(ops[i].Kind) || partedFrom(&ops[i], customer) {
					ids[recordID{ops[i].Kind, ops[i].ID}] = true
				}
			}
		}
		return err == nil
	})
	if err != nil {
		return err
	}
	return scan
}

// mayPart tells whether a log entry can hold something that parted looks for. A reference is written as the bytes of
// the id.
func mayPart(raw []byte, customer model.ID) bool {
	return bytes.Contains(raw, customer[:]) || model.MayHold(raw, model.Remove, model.Setting) || model.MayHold(raw, model.Remove, model.Scorecard)
}

func partedFrom(op *model.Op, customer model.ID) bool {
	if op.Verb == model.Create || op.Kind == model.Customer {
		return false
	}
	return slices.ContainsFunc(op.Changes, func(c model.Change) bool {
		return c.From.ID() == customer || slices.Contains(c.From.IDs(), customer)
	})
}

func (t *tracer) entry(seq uint64) ([]model.Op, error) {
	if ops, ok := t.entries[seq]; ok {
		return ops, nil
	}
	raw, ok := t.tx.Get(bucketLog, seqKey(seq))
	if !ok {
		return nil, fmt.Errorf("log entry %d is missing", seq)
	}
	_, ops, err := decodeEntry(raw)
	t.entries[seq] = ops
	return ops, err
}

// trace reads a record and what was done to it since.
func (t *tracer) trace(id recordID) (traced, error) {
	out := traced{kind: id.kind, id: id.id}
	var err error
	if out.now, err = getRecord(t.tx, id.kind, id.id); err != nil {
		return out, err
	}
	err = t.tx.ScanBack(indexTouched, id.id[:], after(id.id[:]), func(key, _ []byte) (bool, error) {
		seq := seqOf(key[16:])
		raw, ok := t.tx.Get(bucketLog, key[16:])
		if !ok || len(raw) < entryHead {
			return false, fmt.Errorf("log entry %d is missing", seq)
		}
		head, _, err := batchByID(t.tx, model.ID(raw[chainSize:entryHead]))
		at := time.UnixMicro(head.Time)
		if err != nil || !at.After(t.since) {
			return false, err
		}
		if head.Seq == t.first.Seq {
			// The book began with it: there is nothing before, and its import need not be read.
			out.changes = append(out.changes, tracedChange{at: at, first: true})
			return false, nil
		}
		ops, err := t.entry(seq)
		for i := range slices.Backward(ops) {
			if ops[i].ID == id.id {
				out.changes = append(out.changes, tracedChange{at: at, op: ops[i]})
			}
		}
		return true, err
	})
	return out, err
}

// on is the record at a moment; of one that was not there yet, what its dates tell of the day.
func (r *traced) on(d day.Day, at time.Time) (*model.Record, error) {
	was, born := r.now, r.now
	for _, c := range r.changes {
		if !c.at.After(at) {
			break
		}
		born = was
		if c.first {
			if !isModel(r.kind) {
				was = nil
			}
			break
		}
		var err error
		if was, err = c.op.Reverse().Replay(was); err != nil {
			return nil, err
		}
	}
	switch {
	case was != nil || isModel(r.kind):
		return was, nil
	case r.kind == model.Usage, r.now == nil:
		return model.KnownOn(r.now, d), nil
	}
	return model.KnownOn(born, d), nil
}

// picture puts together what was known at the end of a day.
func (t *tracer) picture(on day.Day, at time.Time, month day.Day) (*table.Snapshot, error) {
	values := map[string]string{}
	var put []*model.Record
	for i := range t.models {
		rec, err := t.models[i].on(on, at)
		switch {
		case err != nil:
			return nil, err
		case rec == nil:
		case rec.Kind == model.Setting:
			values[rec.Get("key").Str()] = rec.Get("value").Str()
		default:
			put = append(put, rec)
		}
	}
	l := table.NewLoader(on, model.NewSettings(values))
	l.UseMonth(month)
	for i := range t.records {
		rec, err := t.records[i].on(on, at)
		if err != nil {
			return nil, err
		}
		if rec != nil {
			put = append(put, rec)
		}
	}
	for _, rec := range put {
		l.Put(rec)
	}
	return l.Snapshot(0), nil
}
