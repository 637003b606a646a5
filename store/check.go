package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// Check verifies a whole book: the engine's pages and checksums, the hash chain of the log, the
// records against the log that made them, and every index against a rebuild. Each fault is reported
// in words that name the record; the error is about the checking itself.
func (b *Book) Check(ctx context.Context, report func(problem string)) error {
	sound := true
	if b.bolt != nil {
		if err := b.bolt.Check(ctx, func(e *engine.CorruptError) { sound = false; report(damageWords(e)) }); err != nil {
			return err
		}
	}
	if !sound {
		return nil // The readings below would only repeat what damage has already been named.
	}
	return b.eng.View(func(tx engine.Tx) error {
		c := checker{tx: tx, report: report, records: map[recordID]*model.Record{}, touched: map[string]bool{}}
		for _, step := range []func() error{c.replayLog, c.compareRecords, c.compareIndexes, c.compareTouched} {
			if err := ctxErr(ctx); err != nil {
				return err
			}
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
}

type checker struct {
	tx      engine.Tx
	report  func(string)
	records map[recordID]*model.Record // as the log makes them
	touched map[string]bool
	batches map[model.ID]model.Batch
	lastSeq uint64
}

func (c *checker) problem(format string, args ...any) { c.report(fmt.Sprintf(format, args...)) }

// replayLog follows the chain and builds every record from its changes.
func (c *checker) replayLog() error {
	c.batches = map[model.ID]model.Batch{}
	if err := eachBatch(c.tx, func(h model.Batch) bool { c.batches[h.ID] = h; return true }); err != nil {
		return err
	}
	var chain []byte
	want := uint64(1)
	err := c.tx.Scan(bucketLog, nil, nil, func(key, raw []byte) (bool, error) {
		seq := seqOf(key)
		if seq != want {
			c.problem("log: entry %d is missing", want)
		}
		want = seq + 1
		batch, ops, err := decodeEntry(raw)
		if err != nil {
			c.problem("log: entry %d: %v", seq, err)
			return true, nil
		}
		h := sha256.New()
		h.Write(chain)
		h.Write(raw[32:])
		if chain = h.Sum(nil); !bytes.Equal(chain, raw[:32]) {
			c.problem("log: entry %d does not fit the chain of hashes", seq)
			chain = append([]byte(nil), raw[:32]...)
		}
		if head, ok := c.batches[batch]; !ok || seq < head.Seq || seq >= head.Seq+uint64(head.Entries) {
			c.problem("log: entry %d belongs to batch %s, whose head does not know it", seq, batch)
		}
		c.replay(seq, ops)
		return true, nil
	})
	if err != nil {
		return err
	}
	c.lastSeq = want - 1
	stored, _ := c.tx.Get(bucketMeta, keyChain)
	if !bytes.Equal(stored, chain) {
		c.problem("log: the last hash is not the one that the book remembers")
	}
	if raw, _ := c.tx.Get(bucketMeta, keySeq); seqOf(raw) != c.lastSeq {
		c.problem("log: it ends at entry %d and the book remembers %d", c.lastSeq, seqOf(raw))
	}
	return nil
}

func (c *checker) replay(seq uint64, ops []model.Op) {
	for _, op := range ops {
		key := recordID{op.Kind, op.ID}
		r, err := op.Apply(c.records[key])
		if err != nil {
			c.problem("log: entry %d: %v", seq, err)
			continue
		}
		c.records[key] = r
		c.touched[string(touchedKey(op.ID, seq))] = true
	}
}

// compareRecords holds the records against what the log makes.
func (c *checker) compareRecords() error {
	seen := map[recordID]bool{}
	err := c.tx.Scan(bucketRecord, nil, nil, func(key, raw []byte) (bool, error) {
		kind, id, ok := splitRecordKey(key)
		if !ok {
			c.problem("record key %x has a wrong length", key)
			return true, nil
		}
		r, err := model.DecodeRecord(kind, id, raw)
		if err != nil {
			c.problem("%v", err)
			return true, nil
		}
		seen[recordID{kind, id}] = true
		if made := c.records[recordID{kind, id}]; !r.Equal(made) {
			c.problem("%s %s (%q) is not what the log makes of it", kind, id, r.Title())
		}
		return true, nil
	})
	for key, r := range c.records {
		if r != nil && !seen[key] {
			c.problem("%s %s (%q) is in the log and not among the records", key.kind, key.id, r.Title())
		}
	}
	return err
}

// compareIndexes rebuilds the indexes over the records' content.
func (c *checker) compareIndexes() error {
	want := map[string]map[string]string{indexKey: {}, indexExt: {}, indexRef: {}}
	for _, r := range c.records {
		for _, e := range indexEntries(r) {
			want[e.bucket][e.key] = string(e.value())
		}
		if r == nil {
			continue
		}
		for _, fv := range r.Fields {
			for _, id := range fv.Value.IDs() {
				f, ok := refField(r.Kind, fv.Name)
				if ok && c.records[recordID{f.Ref, id}] == nil {
					c.problem("%s %s (%q) points at %s %s, which is not there", r.Kind, r.ID, r.Title(), f.Ref, id)
				}
			}
		}
	}
	want[indexBatch] = map[string]string{}
	for id, h := range c.batches {
		want[indexBatch][string(id[:])] = string(seqKey(h.Seq))
	}
	for bucket, entries := range want {
		if err := c.compareBucket(bucket, entries); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) compareBucket(bucket string, want map[string]string) error {
	err := c.tx.Scan(bucket, nil, nil, func(key, raw []byte) (bool, error) {
		if v, ok := want[string(key)]; !ok || v != string(raw) {
			c.problem("index %s: the entry %q should not be there", bucket, key)
		}
		delete(want, string(key))
		return true, nil
	})
	for key := range want {
		c.problem("index %s: the entry %q is missing", bucket, key)
	}
	return err
}

func (c *checker) compareTouched() error {
	want := make(map[string]string, len(c.touched))
	for key := range c.touched {
		want[key] = string(nothing)
	}
	return c.compareBucket(indexTouched, want)
}

// damageWords says what is damaged: a record by its kind and id, as people and the command line name
// it, before what the engine knows of the place.
func damageWords(e *engine.CorruptError) string {
	if e.Bucket == bucketRecord {
		if kind, id, ok := splitRecordKey(e.Key); ok {
			return fmt.Sprintf("%s %s: %v", kind, id, e)
		}
	}
	return e.Error()
}
