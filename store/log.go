package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/fxamacker/cbor/v2"
	"golang.org/x/sync/errgroup"

	"opsdeck/model"
	"opsdeck/model/erase"
	"opsdeck/store/engine"
)

// opsPerEntry bounds how much of a large batch one log entry holds, so that reading the history of
// one record never decodes a whole import.
const opsPerEntry = 256

// log appends the step to the log and returns its head.
func (b *Book) log(w *writer, s model.Step) (model.Batch, error) {
	var err error
	raw, _ := w.tx.Get(bucketMeta, keySeq)
	seq := seqOf(raw)
	raw, _ = w.tx.Get(bucketMeta, keyTime)
	head := model.Batch{
		ID: s.ID, Seq: seq + 1, Ops: len(s.Ops), Actor: s.Actor, Replica: b.o.Replica, Kind: s.Kind, Label: s.Label, From: b.caller.From,
		Of: s.Of, Counts: s.Counts, Source: s.Source, Target: s.Target,
		Time: max(b.o.Now().UnixMicro(), int64(seqOf(raw))+1),
	}
	head.Kind = cmp.Or(head.Kind, model.Edit)
	if head.ID.IsZero() {
		return head, errors.New("a step needs an id")
	}
	chain, _ := w.tx.Get(bucketMeta, keyChain)
	chain = slices.Clone(chain)
	if w.entries == nil {
		w.entries = b.makeEntries(s)
	}
	defer w.entries.stop()
	var touched writes
	if head.Entries, chain, touched, err = w.putEntries(seq, chain); err != nil {
		return head, err
	}
	seq += uint64(head.Entries)
	head.Sealed = true
	if head.Salt, err = b.newSecret(); err != nil {
		return head, err
	}
	if chain, err = seal(chain, head); err != nil {
		return head, err
	}
	body, err := encodeBatch(head)
	if err != nil {
		return head, err
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

// putEntries writes the entries of a step behind number seq and the hash chain. It returns the last hash, how many
// entries there are, and what they add to the index of what each record was changed by.
func (w *writer) putEntries(seq uint64, chain []byte) (count int, last []byte, touched writes, err error) {
	touched = make(writes, 1)
	for e := range w.entries.made {
		if e.err != nil {
			return count, nil, nil, e.err
		}
		count++
		chain = e.chained(chain)
		if err := w.tx.Put(bucketLog, seqKey(seq+uint64(count)), e.raw); err != nil {
			return count, nil, nil, err
		}
		for i := range e.ops {
			touched.add(indexTouched, touchedKey(e.ops[i].ID, seq+uint64(count)), nothing)
		}
	}
	return count, chain, touched, nil
}

// madeEntry is an entry that lacks its hash, which goes over the one before it.
type madeEntry struct {
	ops  []model.Op
	raw  []byte
	body bytes.Buffer // what its hash goes over beside the one before it
	err  error
}

// chained puts the hash behind chain into the entry and returns it.
func (e *madeEntry) chained(chain []byte) []byte {
	h := sha256.New()
	h.Write(chain)
	h.Write(e.body.Bytes())
	return h.Sum(e.raw[:0])
}

// entryMaker makes the entries of a step, which for a large one is begun before its records are written.
type entryMaker struct {
	made chan *madeEntry
	end  chan struct{}
}

// entriesAhead is how many entries are made at most before they are asked for, some 50 kB each.
const entriesAhead = 1024

// makeEntries makes the entries of a step in a goroutine that stop ends.
func (b *Book) makeEntries(s model.Step) *entryMaker {
	m := &entryMaker{make(chan *madeEntry, min(entriesAhead, len(s.Ops)/opsPerEntry+1)), make(chan struct{})}
	var run errgroup.Group
	run.Go(func() error {
		defer close(m.made)
		// A step without changes, the note of an export, has one entry as well: the chain holds every head.
		for ops, first := s.Ops, true; len(ops) > 0 || first; first = false {
			e := b.makeEntry(s.ID, ops[:min(opsPerEntry, len(ops))])
			ops = ops[len(e.ops):]
			select {
			case m.made <- e:
			case <-m.end:
				return nil
			}
			if e.err != nil {
				return e.err
			}
		}
		return nil
	})
	return m
}

// stop ends the making, and waits for its end: the secrets of the next step come after those of this one.
func (m *entryMaker) stop() {
	select {
	case <-m.end:
		return
	default:
		close(m.end)
	}
	for range m.made {
	}
}

// makeEntry makes an entry, salted with a secret of its own.
func (b *Book) makeEntry(batch model.ID, ops []model.Op) *madeEntry {
	made := &madeEntry{ops: ops}
	secret, err := b.newSecret()
	if err == nil {
		e := entry{batch: batch, secret: secret, ops: ops}
		made.raw, err = e.unchained(), e.hashed(&made.body)
	}
	made.err = err
	return made
}

// sealing encodes heads for the chain: always in the same way.
var sealing = func() cbor.EncMode {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err) // The options are constants.
	}
	return mode
}()

// seal takes the head of a step into the chain, behind its entries, so that nobody can change later
// who it was, when and from where. Whether the step is undone may change and is left out. What people have
// put into words goes in as a salted digest, since a name in it may have to be erased one day; the heads of
// schema 1 have it as it is.
func seal(chain []byte, head model.Batch) ([]byte, error) {
	if !head.Sealed {
		return chain, nil
	}
	words, err := wordsDigest(head)
	if err != nil {
		return nil, err
	}
	if words != nil {
		head.Label, head.Source, head.Salt, head.Digest = "", "", nil, nil
	}
	head.Undone = false
	body, err := sealing.Marshal(head)
	if err != nil {
		return nil, fmt.Errorf("batch head: %w", err)
	}
	h := sha256.New()
	h.Write(chain)
	h.Write(body)
	h.Write(words)
	return h.Sum(nil), nil
}

// wordsDigest stands for the words of a head in the chain; nil for a head of schema 1.
func wordsDigest(head model.Batch) ([]byte, error) {
	switch {
	case head.Digest != nil && !erase.IsSubstituteText(head.Label) || head.Digest != nil && head.Source != "":
		return nil, fmt.Errorf("the head of step %s: words stand where some were erased", head.ID)
	case head.Digest != nil:
		return head.Digest, nil
	case head.Salt == nil:
		return nil, nil
	}
	h := sha256.New()
	h.Write(head.Salt)
	for _, words := range []string{head.Label, head.Source} {
		h.Write(binary.AppendUvarint(nil, uint64(len(words))))
		h.Write([]byte(words))
	}
	return h.Sum(nil), nil
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
	body, err := encodeBatch(of)
	if err != nil {
		return err
	}
	return tx.Put(bucketBatch, seqKey(of.Seq), body)
}

func encodeBatch(head model.Batch) ([]byte, error) {
	body, err := cbor.Marshal(head)
	if err != nil {
		return nil, fmt.Errorf("batch head: %w", err)
	}
	return body, nil
}
