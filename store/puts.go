package store

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// put is one write of a small value to the engine.
type put struct {
	key   []byte
	value []byte // nil deletes
}

// writes are what a step writes to each bucket.
type writes map[string][]put

func (w writes) add(bucket string, key, value []byte) { w[bucket] = append(w[bucket], put{key, value}) }

// flush writes everything, sorted, because a large transaction with keys in random order is quadratic
// in bbolt. Deletions go first: a key that moves from one record to another is deleted and then put.
func (w writes) flush(tx engine.Tx) error {
	for _, bucket := range slices.Sorted(maps.Keys(w)) {
		w.sort(bucket)
		for _, p := range w[bucket] {
			var err error
			if p.value == nil {
				err = tx.Delete(bucket, p.key)
			} else {
				err = tx.Put(bucket, p.key, p.value)
			}
			if err != nil {
				return err
			}
		}
		delete(w, bucket)
	}
	return nil
}

func (w writes) sort(bucket string) {
	slices.SortFunc(w[bucket], func(a, b put) int {
		if c := bytes.Compare(a.key, b.key); c != 0 {
			return c
		}
		return boolCompare(a.value != nil, b.value != nil)
	})
}

// checkClaims refuses a source key that two records of the step take.
func (w writes) checkClaims() error {
	w.sort(indexKey)
	puts := w[indexKey]
	for i := 1; i < len(puts); i++ {
		a, b := &puts[i-1], &puts[i]
		if a.value != nil && b.value != nil && bytes.Equal(a.key, b.key) {
			return keyTaken(model.Kind(b.key[0]), model.ID(b.value), string(b.key[1:]), model.ID(a.value))
		}
	}
	return nil
}

func keyTaken(k model.Kind, id model.ID, key string, by model.ID) error {
	return &model.ConflictError{Kind: k, ID: id, Reason: fmt.Sprintf("cannot take the source key %q: %s has it", key, by)}
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
