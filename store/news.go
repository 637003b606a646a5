package store

import (
	"cmp"
	"errors"
	"slices"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// mostTouched is how many records of a step its news name: an import of a whole company is one piece of
// news, and nobody looks at more rows than this at once.
const mostTouched = 2 * opsPerEntry

// News lists the steps after a place in the log, the oldest first, and at most so many of them, the newest.
// It reads what has been written; nothing has to be kept for readers who come late.
func (b *Book) News(after uint64, most int) ([]model.StepNews, error) {
	hides, err := b.hidden()
	if err != nil {
		return nil, err
	}
	var out []model.StepNews
	err = b.eng.View(func(tx engine.Tx) error {
		out = nil
		return tx.ScanBack(bucketBatch, seqKey(after+1), nil, func(_, raw []byte) (bool, error) {
			head, _, err := decodeBatch(raw)
			if err != nil {
				return false, err
			}
			head.From = "" // Where somebody sat is for those who audit.
			n := model.StepNews{Batch: head}
			err = tx.Scan(bucketLog, seqKey(head.Seq), seqKey(head.Seq+uint64(head.Entries)), func(_, raw []byte) (bool, error) {
				_, ops, err := decodeEntry(raw)
				for _, op := range ops {
					n.Records = append(n.Records, model.TouchedBy(bareOp(op, hides)))
				}
				return len(n.Records) < mostTouched, err
			})
			out = append(out, n)
			return len(out) < most, err
		})
	})
	slices.Reverse(out)
	return out, err
}

// Editing tells the others that whoever holds this handle has a record open to change it; no kind says that
// they have none any more. It holds until the next call, or until the handle is closed.
func (b *Book) Editing(k model.Kind, id model.ID) {
	b.watchMu.Lock()
	was, had := b.present[b]
	is := model.Presence{User: b.o.User, Kind: k, ID: id}
	switch {
	case k == model.KNone:
		delete(b.present, b)
	default:
		b.present[b] = is
	}
	changed := had != (k != model.KNone) || had && was != is
	b.watchMu.Unlock()
	if changed {
		b.notify()
	}
}

// Present lists who has which record open to change it, but for this handle itself.
func (b *Book) Present() []model.Presence {
	b.watchMu.Lock()
	defer b.watchMu.Unlock()
	var out []model.Presence
	for h, p := range b.present {
		if h != b {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(x, y model.Presence) int {
		return cmp.Or(cmp.Compare(x.User, y.User), cmp.Compare(x.Kind, y.Kind), slices.Compare(x.ID[:], y.ID[:]))
	})
	return out
}

// Export notes in the log that its caller takes records away: who, when, from where and what. It changes no
// record and cannot be undone. A caller who may only read leaves the note all the same; of a book that is
// open for reading alone nothing can be noted, and nothing is.
func (b *Book) Export(what string, id model.ID) error {
	if b.base.ReadOnly {
		return nil
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	var done model.Batch
	var w *writer
	err := b.eng.Update(func(tx engine.Tx) error {
		w = newWriter(tx, 0)
		if old, ok, err := batchByID(tx, id); ok || err != nil {
			done = old
			return err
		}
		var err error
		done, err = b.log(w, model.Step{ID: id, Actor: b.actor(b.o.User), Label: what, Kind: model.Exported})
		return err
	})
	if errors.Is(err, engine.ErrUnknownOutcome) || err != nil {
		return err
	}
	b.publish(done.Seq+uint64(done.Entries)-1, w)
	return nil
}
