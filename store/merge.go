package store

import (
	"strings"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// PlanMerge works out how a duplicate goes into another record of its kind, with everything that points at
// it, and what imports remember of it. It writes nothing: Do takes the plan's ops as one step, and refuses
// them where somebody has changed one of the records meanwhile.
func (b *Book) PlanMerge(k model.Kind, from, into model.ID) (*model.Merge, error) {
	dup, err := b.Get(k, from)
	if err != nil {
		return nil, err
	}
	stays, err := b.Get(k, into)
	if err != nil {
		return nil, err
	}
	var pointers, kin []*model.Record
	var above func(model.ID) *model.Record
	var plan *model.Merge
	err = b.eng.View(func(tx engine.Tx) error {
		var err error
		if pointers, err = referrers(tx, from); err != nil {
			return err
		}
		if kin, err = referrers(tx, into); err != nil {
			return err
		}
		above = func(id model.ID) *model.Record {
			r, failed := getRecord(tx, k, id)
			if failed != nil {
				err = failed
			}
			return r
		}
		var refused error
		if plan, refused = model.PlanMerge(dup, stays, pointers, kin, above); err == nil {
			err = refused
		}
		return err
	})
	return plan, err
}

// referrers reads the records of every kind that point at a record, and what imports remember of rows that
// name it.
func referrers(tx engine.Tx, id model.ID) ([]*model.Record, error) {
	var out []*model.Record
	err := tx.Scan(indexRef, id[:], after(id[:]), func(key, _ []byte) (bool, error) {
		r, err := getRecord(tx, model.Kind(key[16]), model.ID(key[17:33]))
		if r != nil {
			out = append(out, r)
		}
		return true, err
	})
	if err != nil {
		return nil, err
	}
	prefix := []byte{byte(model.Mapping)}
	return out, tx.Scan(bucketRecord, prefix, after(prefix), func(key, _ []byte) (bool, error) {
		r, err := getRecord(tx, model.Mapping, model.ID(key[1:17]))
		if r != nil && strings.Contains(r.Get("toml").Str(), id.String()) {
			out = append(out, r)
		}
		return true, err
	})
}
