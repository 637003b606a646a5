package store

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// maxDrafts is how many drafts a person may have; the oldest goes when one more comes. Nobody has that
// many forms open, so what piles up are drafts that nobody wants back.
const maxDrafts = 20

// maxDraft is how large the encoding of a draft may be, in bytes.
const maxDraft = 1 << 20

// ErrDraftTooLarge says that a form holds more than a draft can keep.
var ErrDraftTooLarge = errors.New("is too large to be kept as a draft; save the form soon")

// SaveDraft keeps a form that is not saved yet, in the place of the same draft's earlier state. Nothing
// is logged and nobody is told: a draft is no change of the book.
func (b *Book) SaveDraft(d model.Draft) error {
	if b.o.ReadOnly {
		return ErrReadOnly
	}
	body, err := cbor.Marshal(d)
	if err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	if len(body) > maxDraft {
		return fmt.Errorf("%s %w", d.Title, ErrDraftTooLarge)
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	return b.eng.Update(func(tx engine.Tx) error {
		if err := tx.Put(bucketDraft, draftKey(d.Owner, d.ID), body); err != nil {
			return err
		}
		all, err := drafts(tx, d.Owner)
		for ; err == nil && len(all) > maxDrafts; all = all[:len(all)-1] {
			err = tx.Delete(bucketDraft, draftKey(d.Owner, all[len(all)-1].ID))
		}
		return err
	})
}

// Drafts lists the drafts of a person, the latest first. What a newer program has written in another
// way is passed over.
func (b *Book) Drafts(owner string) ([]model.Draft, error) {
	if b.o.ReadOnly {
		return nil, nil // They could not be saved, nor is the bucket sure to be there.
	}
	var out []model.Draft
	err := b.eng.View(func(tx engine.Tx) error {
		var err error
		out, err = drafts(tx, owner)
		return err
	})
	return out, err
}

func drafts(tx engine.Tx, owner string) ([]model.Draft, error) {
	var out []model.Draft
	prefix := draftKey(owner, model.ID{})[:len(owner)+1]
	err := tx.Scan(bucketDraft, prefix, after(prefix), func(key, value []byte) (bool, error) {
		var d model.Draft
		if err := cbor.Unmarshal(value, &d); err == nil && bytes.Equal(key, draftKey(owner, d.ID)) {
			out = append(out, d)
		}
		return true, nil
	})
	slices.SortStableFunc(out, func(x, y model.Draft) int { return int(min(max(y.Time-x.Time, -1), 1)) })
	return out, err
}

// DropDraft forgets a draft; one that is not there is no error.
func (b *Book) DropDraft(owner string, id model.ID) error {
	if b.o.ReadOnly {
		return ErrReadOnly
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	return b.eng.Update(func(tx engine.Tx) error {
		if _, ok := tx.Get(bucketDraft, draftKey(owner, id)); !ok {
			return nil
		}
		return tx.Delete(bucketDraft, draftKey(owner, id))
	})
}
