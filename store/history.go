package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// batchByID reads the head of a batch.
func batchByID(tx engine.Tx, id model.ID) (model.Batch, bool, error) {
	at, ok := tx.Get(indexBatch, id[:])
	if !ok {
		return model.Batch{}, false, nil
	}
	raw, ok := tx.Get(bucketBatch, at)
	if !ok {
		return model.Batch{}, false, fmt.Errorf("batch %s: its head is missing", id)
	}
	return decodeBatch(raw)
}

func decodeBatch(raw []byte) (model.Batch, bool, error) {
	var head model.Batch
	if err := cbor.Unmarshal(raw, &head); err != nil {
		return head, false, fmt.Errorf("batch head does not decode: %w", err)
	}
	return head, true, nil
}

// Batch reads the head of a step.
func (b *Book) Batch(id model.ID) (model.Batch, error) {
	blur, err := b.blur()
	if err != nil {
		return model.Batch{}, err
	}
	head, err := b.batch(id)
	return blur(head), err
}

func (b *Book) batch(id model.ID) (model.Batch, error) {
	var head model.Batch
	err := b.eng.View(func(tx engine.Tx) error {
		var ok bool
		var err error
		if head, ok, err = batchByID(tx, id); err == nil && !ok {
			err = fmt.Errorf("batch %s: %w", id, ErrNotFound)
		}
		return err
	})
	return head, err
}

// Batches calls fn with the heads of steps, newest first, until fn returns false.
func (b *Book) Batches(fn func(model.Batch) bool) error {
	blur, err := b.blur()
	if err != nil {
		return err
	}
	return b.eng.View(func(tx engine.Tx) error {
		return eachBatch(tx, func(head model.Batch) bool { return fn(blur(head)) })
	})
}

// blur takes from heads where their authors were, which is for those who audit.
func (b *Book) blur() (func(model.Batch) model.Batch, error) {
	if !b.caller.limited() {
		return func(h model.Batch) model.Batch { return h }, nil
	}
	m, err := b.Member()
	audits := err == nil && m.May(model.PowerAudit) == nil
	return func(h model.Batch) model.Batch {
		if !audits {
			h.From = ""
		}
		return h
	}, err
}

func eachBatch(tx engine.Tx, fn func(model.Batch) bool) error {
	return tx.ScanBack(bucketBatch, nil, nil, func(_, raw []byte) (bool, error) {
		head, _, err := decodeBatch(raw)
		return err == nil && fn(head), err
	})
}

// Ops reads the ops of a step in the order in which they were done, as far as the caller may see them.
func (b *Book) Ops(head model.Batch) ([]model.Op, error) {
	hides, err := b.hidden()
	if err != nil {
		return nil, err
	}
	ops, err := b.allOps(head)
	for i := range ops {
		ops[i] = bareOp(ops[i], hides)
	}
	return ops, err
}

func (b *Book) allOps(head model.Batch) ([]model.Op, error) {
	var ops []model.Op
	err := b.eng.View(func(tx engine.Tx) error {
		var err error
		ops, err = batchOps(tx, head)
		return err
	})
	return ops, err
}

// undoable reads the ops of a step and counts the values in them that have been erased.
func (b *Book) undoable(head model.Batch) (ops []model.Op, gone int, err error) {
	err = b.eng.View(func(tx engine.Tx) error {
		ops, gone = nil, 0
		return tx.Scan(bucketLog, seqKey(head.Seq), seqKey(head.Seq+uint64(head.Entries)), func(_, raw []byte) (bool, error) {
			e, err := readEntry(raw)
			ops, gone = append(ops, e.ops...), gone+e.hasErased()
			return true, err
		})
	})
	return ops, gone, err
}

func batchOps(tx engine.Tx, head model.Batch) ([]model.Op, error) {
	ops := make([]model.Op, 0, head.Ops)
	err := tx.Scan(bucketLog, seqKey(head.Seq), seqKey(head.Seq+uint64(head.Entries)), func(_, raw []byte) (bool, error) {
		_, more, err := decodeEntry(raw)
		ops = append(ops, more...)
		return true, err
	})
	return ops, err
}

// History lists the changes of one record, newest first.
func (b *Book) History(id model.ID) ([]model.Entry, error) {
	hides, err := b.hidden()
	if err != nil {
		return nil, err
	}
	blur, err := b.blur()
	if err != nil {
		return nil, err
	}
	var out []model.Entry
	err = b.eng.View(func(tx engine.Tx) error {
		out = nil
		return tx.ScanBack(indexTouched, id[:], after(id[:]), func(key, _ []byte) (bool, error) {
			raw, ok := tx.Get(bucketLog, key[16:])
			if !ok {
				return false, fmt.Errorf("log entry %d is missing", seqOf(key[16:]))
			}
			e, err := readEntry(raw)
			if err != nil {
				return false, err
			}
			head, _, err := batchByID(tx, e.batch)
			for _, op := range slices.Backward(e.shown()) {
				if op.ID == id {
					out = append(out, model.Entry{Batch: blur(head), Op: bareOp(op, hides)})
				}
			}
			return true, err
		})
	})
	return out, err
}

// Undo takes back the actor's own last step that is still in force. ErrNothing says that there is
// none; a *RefusedError says which later changes stand in the way.
func (b *Book) Undo(ctx context.Context, actor string, id model.ID) (model.Batch, error) {
	actor = b.actor(actor)
	target, err := b.lastStep(func(h model.Batch) (found, stop bool) {
		return !h.Undone && isRoot(h) && h.Actor == actor, false
	})
	if err != nil {
		return target, err
	}
	return b.reverse(ctx, target, actor, id, model.Undo)
}

// Redo does again what the actor has undone last, unless the actor has done something else since.
func (b *Book) Redo(ctx context.Context, actor string, id model.ID) (model.Batch, error) {
	actor = b.actor(actor)
	var target model.Batch
	head, err := b.lastStep(func(h model.Batch) (found, stop bool) {
		if h.Actor != actor {
			return false, false
		}
		if h.Kind == model.Undo {
			of, err := b.Batch(h.Of)
			target = of
			return err == nil && of.Undone && of.Actor == actor, false
		}
		return false, isRoot(h) && !h.Undone
	})
	if err != nil {
		return head, err
	}
	return b.reverse(ctx, target, actor, id, model.Redo)
}

// isRoot tells steps that people take from the undoing and redoing of steps, and from what only notes that
// somebody did something.
func isRoot(h model.Batch) bool {
	return h.Kind != model.Undo && h.Kind != model.Redo && h.Kind != model.Exported
}

// lastStep finds the newest batch that fits. The heads are collected first, because the test may
// read the book itself.
func (b *Book) lastStep(fits func(h model.Batch) (found, stop bool)) (model.Batch, error) {
	before := uint64(0)
	for {
		var page []model.Batch
		err := b.eng.View(func(tx engine.Tx) error {
			page = nil
			var to []byte
			if before > 0 {
				to = seqKey(before)
			}
			return tx.ScanBack(bucketBatch, nil, to, func(_, raw []byte) (bool, error) {
				head, _, err := decodeBatch(raw)
				page = append(page, head)
				return len(page) < 64, err
			})
		})
		if err != nil {
			return model.Batch{}, err
		}
		for _, h := range page {
			found, stop := fits(h)
			if found {
				return h, nil
			}
			if stop {
				return model.Batch{}, ErrNothing
			}
			before = h.Seq
		}
		if len(page) == 0 {
			return model.Batch{}, ErrNothing
		}
	}
}

// UndoBatch takes back a chosen step. Whose step it is does not matter here: who may do so is
// decided above.
func (b *Book) UndoBatch(ctx context.Context, batch model.ID, actor string, id model.ID) (model.Batch, error) {
	head, err := b.batch(batch)
	switch {
	case err != nil:
		return head, err
	case head.Kind == model.Exported:
		return head, &RefusedError{What: "undo of " + head.Label, Reasons: []string{"it changed nothing; the log keeps who took what away"}}
	case !isRoot(head):
		return head, &RefusedError{What: "undo of " + head.Label, Reasons: []string{"it is itself an undo; redo the step instead"}}
	case b.caller.limited() && head.Actor != b.caller.User:
		if err := b.May(model.PowerUndoAny); err != nil {
			return head, err
		}
	}
	if head.Undone {
		return head, &RefusedError{What: "undo of " + head.Label, Reasons: []string{"it has been undone already"}}
	}
	return b.reverse(ctx, head, actor, id, model.Undo)
}

// reverse does the ops of a step backwards (undo) or once more (redo), as a step of its own.
func (b *Book) reverse(ctx context.Context, head model.Batch, actor string, id model.ID, kind model.BatchKind) (model.Batch, error) {
	what := string(kind) + " of " + head.Label
	if head.Kind == model.Erase {
		return head, &RefusedError{What: what, Reasons: []string{
			"erasing is the one action that cannot be taken back: the values are no longer in the book, which is its purpose; " +
				"'opsdeck undo STEP' takes an earlier step back, by its id in 'opsdeck history -o json'",
		}}
	}
	ops, gone, err := b.undoable(head)
	if err != nil {
		return head, err
	}
	if gone > 0 {
		return head, &RefusedError{What: what, Reasons: []string{
			fmt.Sprintf("%d of the values that it changed have been erased since, and what is erased cannot come back; 'opsdeck list erasures' says when", gone),
		}}
	}
	if kind == model.Undo {
		for i := range ops {
			ops[i] = ops[i].Reverse()
		}
		slices.Reverse(ops)
	}
	done, err := b.Do(ctx, model.Step{ID: id, Actor: actor, Label: head.Label, Kind: kind, Of: head.ID, Ops: ops, Target: head.Target})
	if isConflict(err) {
		return head, b.explainRefusal(what, ops, err)
	}
	return done, err
}

// explainRefusal looks for every reason why ops cannot be applied, where applying stops at the first,
// and falls back on that one.
func (b *Book) explainRefusal(what string, ops []model.Op, first error) error {
	refused := &RefusedError{What: what}
	err := b.eng.View(func(tx engine.Tx) error {
		w := newWriter(tx, len(ops))
		w.refused = map[recordID]bool{}
		*refused = RefusedError{What: what}
		for _, op := range ops {
			if err := w.apply(op); isConflict(err) {
				w.refused[recordID{op.Kind, op.ID}] = true
				refused.add(b.bareConflict(err).Error())
			} else if err != nil {
				return err
			}
		}
		index := writes{}
		takeKeys := func(t *touchedRecord) error { return w.index(index, t) }
		for i := range w.touched {
			for _, check := range []func(*touchedRecord) error{w.checkFree, w.checkTargets, takeKeys} {
				if err := check(&w.touched[i]); isConflict(err) {
					refused.add(err.Error())
				} else if err != nil {
					return err
				}
			}
		}
		if err := index.checkClaims(); err != nil {
			refused.add(err.Error())
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(refused.Reasons) == 0 {
		refused.add(b.bareConflict(first).Error())
	}
	return refused
}
