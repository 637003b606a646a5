package store

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// opsPerEntry bounds how much of a large batch one log entry holds, so that reading the history of
// one record never decodes a whole import.
const opsPerEntry = 256

// log appends the step to the log and returns its head.
func (b *Book) log(w *writer, s model.Step) (model.Batch, error) {
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
	touched := make(writes, 1)
	// A step without changes, the note of an export, has one entry as well: the chain holds every head.
	for ops := s.Ops; len(ops) > 0 || head.Entries == 0; {
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
	head.Sealed = true
	chain, err := seal(chain, head)
	if err != nil {
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

// sealing encodes heads for the chain: always in the same way.
var sealing = func() cbor.EncMode {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err) // The options are constants.
	}
	return mode
}()

// seal takes the head of a step into the chain, behind its entries, so that nobody can change later
// who it was, when and from where. Whether the step is undone may change and is left out.
func seal(chain []byte, head model.Batch) ([]byte, error) {
	if !head.Sealed {
		return chain, nil
	}
	head.Undone = false
	body, err := sealing.Marshal(head)
	if err != nil {
		return nil, fmt.Errorf("batch head: %w", err)
	}
	h := sha256.New()
	h.Write(chain)
	h.Write(body)
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
