package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fxamacker/cbor/v2"

	"opsdeck/model"
	"opsdeck/model/erase"
	"opsdeck/store/engine"
)

// eraser finds everything that an erasing takes, and takes it.
type eraser struct {
	ctx     context.Context
	ask     erase.Ask
	subject recordID
	scope   map[recordID]bool // records that are erased, removed ones among them
	items   map[model.ID]bool // items that were reported by the customer alone
	known   []*model.Record   // what the log knows of the scope, each field by itself
	entries map[uint64]bool   // of the log, with changes of the scope
	match   *erase.Matcher    // what tells who it was
	labels  *erase.Matcher    // that, and titles of records that go
	changed map[recordID]*model.Record
	dropped map[indexEntry]bool
	out     *erase.Report

	work rewriting // while the book is written anew
}

// EraseHits shows what an erasing would take, and takes nothing. It needs the power to erase.
func (b *Book) EraseHits(ctx context.Context, ask erase.Ask) (erase.Report, error) {
	if err := b.May(model.PowerErase); err != nil {
		return erase.Report{}, err
	}
	e := newEraser(ctx, ask)
	err := b.eng.View(e.find)
	e.out.Copies = b.copies()
	return *e.out, err
}

func newEraser(ctx context.Context, ask erase.Ask) *eraser {
	return &eraser{ctx: ctx, ask: ask, subject: recordID{ask.Kind, ask.ID}, out: &erase.Report{Becomes: erase.Pseudonym(ask.ID)}}
}

// find looks through the whole book. It may run again.
func (e *eraser) find(tx engine.Tx) error {
	e.scope, e.items, e.entries = map[recordID]bool{}, map[model.ID]bool{}, map[uint64]bool{}
	e.changed, e.dropped = map[recordID]*model.Record{}, map[indexEntry]bool{}
	e.known = nil
	*e.out = erase.Report{Becomes: e.out.Becomes}
	if e.ask.Kind != model.Customer && e.ask.Kind != model.Contact {
		return fmt.Errorf("only a customer or a contact can be erased, not a %s", e.ask.Kind)
	}
	if err := e.gather(tx); err != nil {
		return err
	}
	if len(e.entries) == 0 {
		return fmt.Errorf("%s %s: %w", e.ask.Kind, e.ask.ID, ErrNotFound)
	}
	e.words()
	for _, step := range []func(engine.Tx) error{e.findRecords, e.findInLog, e.findDrafts} {
		if err := step(tx); err != nil {
			return err
		}
	}
	return nil
}

// gather finds the records that are about the subject alone, those that were merged into it included.
func (e *eraser) gather(tx engine.Tx) error {
	for todo := []recordID{e.subject}; len(todo) > 0; todo = todo[1:] {
		key := todo[0]
		if e.scope[key] {
			continue
		}
		merged, err := e.gatherRecord(tx, key)
		if err != nil {
			return err
		}
		todo = append(todo, merged...)
		if key.kind != model.Customer {
			continue
		}
		owned, err := e.gatherOwned(tx, key.id)
		if err != nil {
			return err
		}
		todo = append(todo, owned...)
	}
	for id := range e.items {
		if err := e.touching(tx, id, func(uint64) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}

// touching calls fn with every log entry that changes a record, and marks it as one to look into.
func (e *eraser) touching(tx engine.Tx, id model.ID, fn func(seq uint64) error) error {
	return tx.Scan(indexTouched, id[:], after(id[:]), func(at, _ []byte) (bool, error) {
		seq := seqOf(at[16:])
		e.entries[seq] = true
		return true, errors.Join(fn(seq), e.ctx.Err())
	})
}

// gatherRecord takes a record into the scope with all that the log knows of it, and returns the records that
// were merged into it.
func (e *eraser) gatherRecord(tx engine.Tx, key recordID) (merged []recordID, err error) {
	e.scope[key] = true
	if r, err := getRecord(tx, key.kind, key.id); err == nil && r != nil {
		e.known = append(e.known, r)
		if key == e.subject {
			e.out.Title = r.Title()
		}
	}
	return merged, e.touching(tx, key.id, func(seq uint64) error {
		raw, ok := tx.Get(bucketLog, seqKey(seq))
		if !ok {
			return fmt.Errorf("log entry %d is missing", seq)
		}
		_, ops, err := decodeEntry(raw)
		updated := slices.ContainsFunc(ops, func(op model.Op) bool { return op.ID == key.id && op.Verb == model.Update })
		for _, op := range ops {
			switch {
			case op.ID == key.id:
				e.learn(key, op)
			case updated && op.Verb == model.Remove && op.Kind == key.kind:
				merged = append(merged, recordID{op.Kind, op.ID})
			}
		}
		return err
	})
}

// learn remembers what a change says of a record of the scope, each value by itself.
func (e *eraser) learn(key recordID, op model.Op) {
	for _, c := range op.Changes {
		for _, v := range [...]model.Value{c.From, c.To} {
			if !v.IsZero() && erase.Goes(key.kind, c.Field, v) {
				r := model.NewRecord(key.kind, key.id)
				r.Set(c.Field, v)
				e.known = append(e.known, r)
				if s := model.SchemaOf(key.kind); key == e.subject && e.out.Title == "" && s != nil && s.Title == c.Field {
					e.out.Title = v.Str()
				}
			}
		}
	}
}

// gatherOwned finds what points at a customer, or once did.
func (e *eraser) gatherOwned(tx engine.Tx, customer model.ID) (owned []recordID, err error) {
	kinds := erase.Owned()
	shared := map[model.ID]bool{}
	err = tx.Scan(bucketLog, nil, nil, func(_, raw []byte) (bool, error) {
		if !bytes.Contains(raw, customer[:]) {
			return true, nil
		}
		_, ops, err := decodeEntry(raw)
		for _, op := range ops {
			for _, c := range op.Changes {
				points := slices.Contains(c.To.IDs(), customer) || slices.Contains(c.From.IDs(), customer)
				switch {
				case !points:
				case c.Field == "customer" && slices.Contains(kinds, op.Kind):
					owned = append(owned, recordID{op.Kind, op.ID})
				case c.Field == "customers" && op.Kind == model.Item:
					shared[op.ID] = shared[op.ID] || len(c.To.IDs()) > 1 || len(c.From.IDs()) > 1
				}
			}
		}
		return true, errors.Join(err, e.ctx.Err())
	})
	for id, several := range shared {
		if !several {
			e.items[id] = true
		}
	}
	return owned, err
}

// words collects what is looked for.
func (e *eraser) words() {
	var words, titles []string
	for _, r := range e.known {
		if r.Kind == model.Customer || r.Kind == model.Contact {
			words = append(words, erase.Words(r)...)
		}
		if s := model.SchemaOf(r.Kind); s != nil {
			if t := r.Get(s.Title).Str(); len([]rune(t)) > 3 && !model.Classifies(r.Kind, s.Title) && !erase.IsSubstituteText(t) {
				titles = append(titles, t)
			}
		}
	}
	words = append(words, e.ask.Also...)
	words = slices.DeleteFunc(words, func(w string) bool {
		return slices.ContainsFunc(e.ask.Not, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), w) })
	})
	e.match = erase.NewMatcher(words)
	e.labels = erase.NewMatcher(append(titles, words...))
	e.out.Words = e.match.Words()
}

// reported are the fields of an item that are the words of whoever reported it.
var reported = []string{"reporter", "words", "evidence", "url"}

// instead is what stands for a value in the log and in the records that it makes.
func (e *eraser) instead(k model.Kind, id model.ID, field string, v model.Value) model.Value {
	switch {
	case v.IsZero() || erase.IsSubstitute(v):
		return v
	case e.scope[recordID{k, id}]:
		if erase.Goes(k, field, v) {
			return erase.Instead(k, field, v, erase.Pseudonym(id))
		}
		return v
	case e.items[id] && slices.Contains(reported, field) && erase.Goes(k, field, v), e.mentioned(k, field, v):
		return erase.Instead(k, field, v, erase.Struck)
	}
	return v
}

func (e *eraser) mentioned(k model.Kind, field string, v model.Value) bool {
	return erase.Searched(k, field, v) && e.match.InValue(v)
}

// mapped is a record as the log makes it once values have gone from it.
func (e *eraser) mapped(r *model.Record) *model.Record {
	out := r.Clone()
	for _, fv := range r.Fields {
		out.Set(fv.Name, e.instead(r.Kind, r.ID, fv.Name, fv.Value))
	}
	return out
}

// wanted is a record as it shall be in the end: of a mention only the words themselves are struck out.
func (e *eraser) wanted(r *model.Record, today model.Value) *model.Record {
	out := e.mapped(r)
	if e.scope[recordID{r.Kind, r.ID}] {
		out.Set(model.ErasedOn, today)
		return out
	}
	for _, fv := range r.Fields {
		if !e.mentioned(r.Kind, fv.Name, fv.Value) || e.items[r.ID] && slices.Contains(reported, fv.Name) {
			continue
		}
		if fv.Name == "external_id" || fv.Value.Type() == model.TPerson {
			continue // Half an id is none.
		}
		if v := e.match.StrikeValue(fv.Value); !v.IsZero() {
			out.Set(fv.Name, v)
		}
	}
	return out
}

// findRecords lists what changes among the records.
func (e *eraser) findRecords(tx engine.Tx) error {
	return tx.Scan(bucketRecord, nil, nil, func(key, raw []byte) (bool, error) {
		kind, id, ok := splitRecordKey(key)
		own := e.scope[recordID{kind, id}] || e.items[id]
		if !ok || !own && !e.match.May(raw) {
			return true, e.ctx.Err()
		}
		r, err := model.DecodeRecord(kind, id, raw)
		if err != nil {
			return false, err
		}
		e.findNamesake(r)
		next := e.mapped(r)
		hit := erase.Hit{Kind: kind, ID: id, Title: r.Title()}
		for _, fv := range r.Fields {
			if next.Get(fv.Name) != fv.Value {
				hit.Fields = append(hit.Fields, erase.Field{Name: fv.Name, Text: fv.Value.Format()})
			}
		}
		if e.scope[recordID{kind, id}] && r.Get(model.ErasedOn).IsZero() {
			e.out.Own = append(e.out.Own, hit)
		} else if len(hit.Fields) > 0 {
			e.out.Others = append(e.out.Others, hit)
		} else {
			return true, nil
		}
		e.changed[recordID{kind, id}] = next
		stay := indexEntries(next)
		for _, entry := range indexEntries(r) {
			if !slices.Contains(stay, entry) {
				e.dropped[entry] = true
			}
		}
		return true, nil
	})
}

// findNamesake lists a customer or contact that is called the same and stays.
func (e *eraser) findNamesake(r *model.Record) {
	if e.scope[recordID{r.Kind, r.ID}] || r.Kind != model.Customer && r.Kind != model.Contact {
		return
	}
	hit := erase.Hit{Kind: r.Kind, ID: r.ID, Title: r.Title()}
	for _, fv := range r.Fields {
		if !erase.Searched(r.Kind, fv.Name, fv.Value) && e.match.InValue(fv.Value) {
			hit.Fields = append(hit.Fields, erase.Field{Name: fv.Name, Text: fv.Value.Format()})
		}
	}
	if len(hit.Fields) > 0 {
		e.out.Stays = append(e.out.Stays, hit)
	}
}

// findInLog counts what changes in the log.
func (e *eraser) findInLog(tx engine.Tx) error {
	err := tx.Scan(bucketLog, nil, nil, func(key, raw []byte) (bool, error) {
		if len(raw) > entryHead && raw[entryHead] != saltedEntry {
			e.out.Anew = true
		}
		if !e.entries[seqOf(key)] && !e.match.May(raw) {
			return true, e.ctx.Err()
		}
		_, ops, err := decodeEntry(raw)
		for _, op := range ops {
			for _, c := range op.Changes {
				for _, v := range [...]model.Value{c.From, c.To} {
					if e.instead(op.Kind, op.ID, c.Field, v) != v {
						e.out.Values++
					}
				}
			}
		}
		return true, err
	})
	if err != nil {
		return err
	}
	return eachHead(tx, func(h model.Batch) {
		if e.named(h) {
			e.out.Labels++
		}
	})
}

// eachHead calls fn with the heads of all steps, the oldest first.
func eachHead(tx engine.Tx, fn func(model.Batch)) error {
	return tx.Scan(bucketBatch, nil, nil, func(_, raw []byte) (bool, error) {
		h, _, err := decodeBatch(raw)
		if err == nil {
			fn(h)
		}
		return true, err
	})
}

func (e *eraser) named(h model.Batch) bool {
	return !erase.IsSubstituteText(h.Label) && e.labels.In(h.Label) || e.labels.In(h.Source)
}

// findDrafts counts what changes beside the log.
func (e *eraser) findDrafts(tx engine.Tx) error {
	return tx.Scan(bucketDraft, nil, nil, func(key, raw []byte) (bool, error) {
		next, err := e.draft(raw)
		if err == nil && !bytes.Equal(next, raw) {
			if isRemembered(key) {
				e.out.Lines++
			} else {
				e.out.Drafts++
			}
		}
		return true, err
	})
}

func isRemembered(key []byte) bool {
	at := bytes.IndexAny(key, "\x00\x01")
	return at >= 0 && key[at] == 1
}

// draft is a form or what somebody has typed, without the subject; nil where nothing of it shall stay.
func (e *eraser) draft(raw []byte) ([]byte, error) {
	var lines []string
	if cbor.Unmarshal(raw, &lines) == nil {
		kept := slices.DeleteFunc(slices.Clone(lines), e.labels.In)
		if len(kept) == len(lines) {
			return raw, nil
		}
		return cbor.Marshal(kept)
	}
	var d model.Draft
	if err := cbor.Unmarshal(raw, &d); err != nil {
		if e.match.May(raw) {
			return nil, nil // A newer program wrote it; what is in it cannot be told apart.
		}
		return raw, nil
	}
	if e.scope[recordID{d.Kind, d.ID}] || slices.ContainsFunc(d.Many, func(id model.ID) bool { return e.scope[recordID{d.Kind, id}] }) {
		return nil, nil
	}
	hit := e.labels.In(d.Title)
	if hit {
		d.Title = erase.Struck
	}
	for _, texts := range []map[string]string{d.Typed, d.Given, d.Seen} {
		for field, text := range texts {
			if e.match.In(text) {
				texts[field], hit = e.match.Strike(text), true
			}
		}
	}
	if !hit {
		return raw, nil
	}
	return cbor.Marshal(d)
}

// copies lists the files beside the book that may hold what it held.
func (b *Book) copies() []string {
	if b.late == nil {
		return nil
	}
	var out []string
	path := b.Path()
	var own []byte
	err := b.eng.View(func(tx engine.Tx) error {
		id, _ := tx.Get(bucketMeta, keyBook)
		own = slices.Clone(id)
		return nil
	})
	names, globErr := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || globErr != nil {
		return nil
	}
	for _, name := range names {
		info, err := os.Lstat(name)
		if err != nil || !info.Mode().IsRegular() || info.Size() == 0 || name == path || name == CachePath(path) || name == path+".lock" {
			continue
		}
		if id, ok := engine.Peek(name, bucketMeta, keyBook); ok && bytes.Equal(id, own) || strings.HasPrefix(name, path+".") {
			out = append(out, filepath.Base(name))
		}
	}
	return out
}
