package store

import (
	"bytes"
	"context"
	"fmt"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// CheckProgress tells how far a check has come. A total of 0 is not known.
type CheckProgress struct {
	Step        string // pages, log, records, indexes
	Done, Total int
}

// Check verifies a whole book: the engine's pages and checksums, the hash chain of the log, the
// records against the log that made them, and every index against records and log. Each fault is
// reported in words that name the record; the error is about the checking itself.
func (b *Book) Check(ctx context.Context, report func(problem string)) error {
	return b.CheckWith(ctx, report, func(CheckProgress) {})
}

// CheckWith is Check that tells how far it has come, every few thousand entries.
func (b *Book) CheckWith(ctx context.Context, report func(problem string), progress func(CheckProgress)) error {
	c := checker{ctx: ctx, report: report, progress: progress, more: map[string]int{}}
	defer c.tellMore()
	if b.late != nil {
		bolt, err := b.late.wait()
		if err != nil {
			return err
		}
		progress(CheckProgress{Step: "pages"})
		sound := true
		if err := bolt.Check(ctx, func(e *engine.CorruptError) { sound = false; c.problem(e.Bucket, "%s", DamageWords(e)) }); err != nil {
			return err
		}
		if !sound {
			return nil // The readings below would only repeat what damage has already been named.
		}
	}
	return b.eng.View(func(tx engine.Tx) error {
		c.tx, c.state, c.expected, c.batches = tx, map[recordID][]byte{}, map[string]int{}, map[model.ID]model.Batch{}
		for _, step := range []func() error{c.readBatches, c.replayLog, c.compareRecords, c.compareIndexes} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
}

// DamageWords says what is damaged: a record by its kind and id, as people and the command line name
// it, before what the engine knows of the place.
func DamageWords(e *engine.CorruptError) string {
	if e.Bucket == bucketRecord {
		if kind, id, ok := splitRecordKey(e.Key); ok {
			return fmt.Sprintf("%s %s: %v", kind, id, e)
		}
	}
	return e.Error()
}

type checker struct {
	ctx      context.Context
	tx       engine.Tx
	report   func(string)
	progress func(CheckProgress)
	more     map[string]int // problems by the place where they are
	// state is every record as the log has made it so far: asStored where that is what the book holds,
	// so that a check needs little memory, else its encoding.
	state    map[recordID][]byte
	batches  map[model.ID]model.Batch
	expected map[string]int // entries that each index has to have
	chain    []byte         // the hash that the log ends in
	entries  uint64         // how many entries it has
	gone     int            // values of it that were erased
	erased   float64        // values that the erasures in it account for
	unworded float64        // labels that they account for
}

// asStored stands for the encoding that the book itself holds. An encoding is never empty.
var asStored = []byte{}

// mostProblems is how many problems of one place are told one by one.
const mostProblems = 100

func (c *checker) problem(place, format string, args ...any) {
	if c.more[place]++; c.more[place] <= mostProblems {
		c.report(fmt.Sprintf(format, args...))
	}
}

func (c *checker) tellMore() {
	for place, n := range c.more {
		if n > mostProblems {
			c.report(fmt.Sprintf("%s: %d more problems like these", place, n-mostProblems))
		}
	}
}

// stride is how many entries lie between two looks at the clock.
const stride = 4096

// tick tells the progress and stops a check that nobody waits for.
func (c *checker) tick(step string, done, total int) error {
	if done%stride != 0 {
		return nil
	}
	c.progress(CheckProgress{Step: step, Done: done, Total: total})
	if err := c.ctx.Err(); err != nil {
		return fmt.Errorf("the check was stopped: %w", context.Cause(c.ctx))
	}
	return nil
}

func (c *checker) readBatches() error {
	return c.tx.Scan(bucketBatch, nil, nil, func(key, raw []byte) (bool, error) {
		h, _, err := decodeBatch(raw)
		if err != nil {
			c.problem(bucketBatch, "batch at entry %d: %v", seqOf(key), err)
			return true, nil
		}
		c.batches[h.ID] = h
		c.expect(indexBatch, h.ID[:], seqKey(h.Seq))
		return true, nil
	})
}

// replayLog follows the chain and builds every record from its changes.
func (c *checker) replayLog() error {
	raw, _ := c.tx.Get(bucketMeta, keySeq)
	remembered := seqOf(raw)
	var chain []byte
	want := uint64(1)
	var ends model.Batch // the step that the chain has come to
	err := c.tx.Scan(bucketLog, nil, nil, func(key, raw []byte) (bool, error) {
		seq := seqOf(key)
		if seq != want {
			c.problem(bucketLog, "log: entry %d is missing", want)
		}
		want = seq + 1
		e, err := readEntry(raw)
		if err == nil {
			chain, err = e.link(chain)
		}
		if err != nil {
			c.problem(bucketLog, "log: entry %d: %v", seq, err)
			return true, nil
		}
		batch, ops := e.batch, e.ops
		c.gone += e.hasErased()
		c.account(c.batches[batch], ops)
		if !bytes.Equal(chain, raw[:chainSize]) {
			c.problem(bucketLog, "log: entry %d does not fit the chain of hashes; it, or who and when of the step before it (%s), was changed", seq, ends.ID)
			chain = append([]byte(nil), raw[:chainSize]...)
		}
		head, ok := c.batches[batch]
		if !ok || seq < head.Seq || seq >= head.Seq+uint64(head.Entries) {
			c.problem(bucketLog, "log: entry %d belongs to batch %s, whose head does not know it", seq, batch)
		} else if seq == head.Seq+uint64(head.Entries)-1 {
			if sealed, err := seal(chain, head); err != nil {
				c.problem(bucketLog, "log: entry %d: %v", seq, err)
			} else {
				chain = sealed
			}
			ends = head
		}
		if err := c.replay(seq, ops); err != nil {
			return false, err
		}
		return true, c.tick("log", int(seq), int(remembered))
	})
	if err != nil {
		return err
	}
	stored, _ := c.tx.Get(bucketMeta, keyChain)
	if !bytes.Equal(stored, chain) {
		c.problem(bucketLog, "log: the last hash is not the one that the book remembers")
	}
	c.chain, c.entries = chain, want-1
	c.compareErased()
	if remembered != want-1 {
		c.problem(bucketLog, "log: it ends at entry %d and the book remembers %d", want-1, remembered)
	}
	return nil
}

// account takes in what an erasing says that it has taken.
func (c *checker) account(head model.Batch, ops []model.Op) {
	if head.Kind != model.Erase {
		return
	}
	for _, op := range ops {
		if op.Kind != model.Erasure || op.Verb != model.Create {
			continue
		}
		for _, ch := range op.Changes {
			n, _ := ch.To.Float()
			switch ch.Field {
			case "values":
				c.erased += n
			case "labels":
				c.unworded += n
			}
		}
	}
}

// compareErased holds what has gone from the log against what the erasures in it account for: nobody can take
// out more and call it erased.
func (c *checker) compareErased() {
	labels := 0
	for _, h := range c.batches {
		if h.Digest != nil {
			labels++
		}
	}
	if float64(c.gone) != c.erased || float64(labels) != c.unworded {
		c.problem(bucketLog, "log: %d values and %d labels were taken out of it, and its erasures account for %.0f and %.0f", c.gone, labels, c.erased, c.unworded)
	}
}

func (c *checker) replay(seq uint64, ops []model.Op) error {
	var encoded []byte
	seen := map[model.ID]bool{}
	for _, op := range ops {
		if !seen[op.ID] {
			seen[op.ID] = true
			c.expect(indexTouched, touchedKey(op.ID, seq), nothing)
		}
		key := recordID{op.Kind, op.ID}
		r, err := c.made(key)
		if err != nil {
			return err
		}
		next, err := op.Replay(r)
		if err != nil {
			c.problem(bucketLog, "log: entry %d: %v", seq, err)
			continue
		}
		if next == nil {
			delete(c.state, key)
			continue
		}
		encoded = model.AppendRecord(encoded[:0], next)
		c.state[key] = asStored
		if stored, _ := c.tx.Get(bucketRecord, recordKey(key.kind, key.id)); !bytes.Equal(stored, encoded) {
			c.state[key] = bytes.Clone(encoded)
		}
	}
	return nil
}

// made is a record as the log has made it so far, nil where there is none.
func (c *checker) made(key recordID) (*model.Record, error) {
	switch encoded, ok := c.state[key]; {
	case !ok:
		return nil, nil
	case len(encoded) > 0:
		return model.DecodeRecord(key.kind, key.id, encoded)
	}
	return getRecord(c.tx, key.kind, key.id)
}

// compareRecords holds the records against what the log makes, and follows their references and the
// index entries that they have to have.
func (c *checker) compareRecords() error {
	done, total := 0, len(c.state)
	err := c.tx.Scan(bucketRecord, nil, nil, func(key, raw []byte) (bool, error) {
		kind, id, ok := splitRecordKey(key)
		if !ok {
			c.problem(bucketRecord, "record key %x has a wrong length", key)
			return true, nil
		}
		made, known := c.state[recordID{kind, id}]
		delete(c.state, recordID{kind, id})
		r, err := model.DecodeRecord(kind, id, raw)
		if err != nil {
			c.problem(bucketRecord, "%v", err)
			return true, nil
		}
		if len(made) > 0 {
			want, err := model.DecodeRecord(kind, id, made)
			known = err == nil && r.Equal(want)
		}
		if !known {
			c.problem(bucketRecord, "%s %s (%q) is not what the log makes of it", kind, id, r.Title())
		}
		c.compareRecord(r)
		done++
		return true, c.tick("records", done, total)
	})
	for key := range c.state {
		title := ""
		if r, err := c.made(key); err == nil && r != nil {
			title = r.Title()
		}
		c.problem(bucketRecord, "%s %s (%q) is in the log and not among the records", key.kind, key.id, title)
	}
	return err
}

func (c *checker) compareRecord(r *model.Record) {
	for _, e := range indexEntries(r) {
		c.expect(e.bucket, []byte(e.key), e.value())
	}
	for _, fv := range r.Fields {
		f, ok := refField(r.Kind, fv.Name)
		if !ok {
			continue
		}
		for _, id := range fv.Value.IDs() {
			if _, there := c.tx.Get(bucketRecord, recordKey(f.Ref, id)); !there {
				c.problem(bucketRecord, "%s %s (%q) points at %s %s, which is not there", r.Kind, r.ID, r.Title(), f.Ref, id)
			}
		}
	}
}

// expect looks an index entry up that has to be there.
func (c *checker) expect(bucket string, key, value []byte) {
	c.expected[bucket]++
	if stored, ok := c.tx.Get(bucket, key); !ok {
		c.problem(bucket, "index %s: %s is missing", bucket, entryWords(bucket, key, value))
		c.expected[bucket]--
	} else if !bytes.Equal(stored, value) {
		c.problem(bucket, "index %s: %s leads elsewhere", bucket, entryWords(bucket, key, value))
	}
}

// compareIndexes counts the entries of every index. All that have to be there have been looked up, so
// an index with as many entries has no others.
func (c *checker) compareIndexes() error {
	done := 0
	for _, bucket := range []string{indexBatch, indexTouched, indexKey, indexExt, indexRef} {
		count := 0
		if err := c.tx.Scan(bucket, nil, nil, func(_, _ []byte) (bool, error) {
			count++
			done++
			return true, c.tick("indexes", done, 0)
		}); err != nil {
			return err
		}
		if count != c.expected[bucket] {
			if err := c.nameStrays(bucket); err != nil {
				return err
			}
		}
	}
	return nil
}

// nameStrays names the entries of an index that nothing has to do with.
func (c *checker) nameStrays(bucket string) error {
	return c.tx.Scan(bucket, nil, nil, func(key, value []byte) (bool, error) {
		if c.stray(bucket, key, value) {
			c.problem(bucket, "index %s: %s should not be there", bucket, entryWords(bucket, key, value))
		}
		return true, nil
	})
}

func (c *checker) stray(bucket string, key, value []byte) bool {
	switch bucket {
	case indexBatch:
		if len(key) != len(model.ID{}) {
			return true
		}
		h, ok := c.batches[model.ID(key)]
		return !ok || !bytes.Equal(value, seqKey(h.Seq))
	case indexTouched:
		return c.strayTouch(key)
	}
	of, ok := indexedRecord(bucket, key, value)
	if !ok {
		return true
	}
	r, err := getRecord(c.tx, of.kind, of.id)
	if err != nil {
		return false // What cannot be read has been named; what belongs to it is not known.
	}
	for _, e := range indexEntries(r) {
		if e.bucket == bucket && e.key == string(key) {
			return false
		}
	}
	return true
}

// strayTouch tells whether no change of a log entry is of the record that the index says.
func (c *checker) strayTouch(key []byte) bool {
	if len(key) != 24 {
		return true
	}
	raw, ok := c.tx.Get(bucketLog, key[16:])
	if !ok {
		return true
	}
	_, ops, _ := decodeEntry(raw)
	for _, op := range ops {
		if op.ID == model.ID(key[:16]) {
			return false
		}
	}
	return true
}

// entryWords says what an index entry is, as people know the things that it joins.
func entryWords(bucket string, key, value []byte) string {
	of, ok := indexedRecord(bucket, key, value)
	switch {
	case bucket == indexBatch && len(key) == 16:
		return fmt.Sprintf("the entry of batch %s", model.ID(key))
	case bucket == indexTouched && len(key) == 24:
		return fmt.Sprintf("the change of record %s in log entry %d", model.ID(key[:16]), seqOf(key[16:]))
	case ok && bucket == indexKey:
		return fmt.Sprintf("source key %q of %s %s", key[1:], of.kind, of.id)
	case ok && bucket == indexExt:
		return fmt.Sprintf("external id %q of %s %s", key[1:len(key)-17], of.kind, of.id)
	case ok && bucket == indexRef:
		return fmt.Sprintf("the reference from %s %s to record %s", of.kind, of.id, model.ID(key[:16]))
	}
	return fmt.Sprintf("the entry %q", key)
}
