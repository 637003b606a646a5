package store

import (
	"fmt"
	"slices"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
	"opsdeck/store/engine"
)

// AsOf returns the book as it was at a moment, with figures for a day. It is worked out from the log:
// every step taken since is taken back on a copy, so no timer has to have run, and nobody can have
// forgotten to keep it. Began is the moment of the first step in the book: what is asked for from
// before it was not known then. Of a book that was restored or brought together from others the log
// tells what this file has seen.
func (b *Book) AsOf(at time.Time, today day.Day) (s *table.Snapshot, began time.Time, err error) {
	now, err := b.shared()
	if err != nil {
		return nil, time.Time{}, err
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	past := rewinder{at: map[recordID]int{}}
	err = b.eng.View(func(tx engine.Tx) error {
		past = rewinder{at: map[recordID]int{}}
		first, err := firstBatch(tx)
		if began = time.UnixMicro(first.Time); err != nil || began.After(at) {
			return err
		}
		return eachBatch(tx, func(h model.Batch) bool {
			if !time.UnixMicro(h.Time).After(at) {
				return false
			}
			past.err = past.takeBack(tx, h)
			return past.err == nil
		})
	})
	if err == nil {
		err = past.err
	}
	if err != nil {
		return nil, began, fmt.Errorf("the book as of %s: %w", at.Format("2006-01-02"), err)
	}
	if began.After(at) {
		return table.New(today, now.Settings), began, nil
	}
	var settings *model.Settings
	if past.settings {
		if err := b.eng.View(func(tx engine.Tx) error { settings, err = settingsWith(tx, past.deltas); return err }); err != nil {
			return nil, began, err
		}
	}
	s, err = b.veiled(now.Update(now.Seq, today, settings, past.deltas))
	return s, began, err
}

// firstBatch is the head of the first step in the book, the empty one where there is none.
func firstBatch(tx engine.Tx) (head model.Batch, err error) {
	err = tx.Scan(bucketBatch, nil, nil, func(_, raw []byte) (bool, error) {
		head, _, err = decodeBatch(raw)
		return false, err
	})
	return head, err
}

// settingsWith returns the settings as they are with some records as they were.
func settingsWith(tx engine.Tx, deltas []table.Delta) (*model.Settings, error) {
	own := map[model.ID]*model.Record{}
	err := eachRecord(tx, model.Setting, func(r *model.Record) bool { own[r.ID] = r; return true })
	for _, d := range deltas {
		if d.Kind == model.Setting {
			own[d.ID] = d.Record
		}
	}
	values := map[string]string{}
	for _, r := range own {
		if r != nil {
			values[r.Get("key").Str()] = r.Get("value").Str()
		}
	}
	return model.NewSettings(values), err
}

// rewinder takes steps back on copies of the records, the newest step first.
type rewinder struct {
	at       map[recordID]int // in deltas
	deltas   []table.Delta
	settings bool
	leave    func(h model.Batch, op model.Op) bool // what is not taken back; nil: nothing
	born     map[recordID]*model.Record            // as they were made, of those that were not there before
	unborn   bool                                  // all of the book is taken back
	err      error
}

func (r *rewinder) takeBack(tx engine.Tx, h model.Batch) error {
	return tx.ScanBack(bucketLog, seqKey(h.Seq), seqKey(h.Seq+uint64(h.Entries)), func(_, raw []byte) (bool, error) {
		if r.unborn {
			if concerned, err := r.concerned(raw); err != nil || !concerned {
				return err == nil, err
			}
		}
		_, ops, err := decodeEntry(raw)
		if err != nil {
			return false, err
		}
		for _, op := range slices.Backward(ops) {
			if r.leave != nil && r.leave(h, op) {
				continue
			}
			if err := r.takeBackOp(tx, op); err != nil {
				return false, fmt.Errorf("step %s: %w", h.Label, err)
			}
		}
		return true, nil
	})
}

// concerned tells whether an entry holds more than the making of records that nobody has changed since. As such a
// record was made, so it is: where all of the book is taken back, its dates tell the rest.
func (r *rewinder) concerned(raw []byte) (concerned bool, err error) {
	ops, err := opsOf(raw)
	if err == nil {
		err = model.EachOp(ops, func(v model.Verb, k model.Kind, id model.ID) bool {
			_, concerned = r.at[recordID{k, id}]
			concerned = concerned || v != model.Create || isModel(k)
			return !concerned
		})
	}
	return concerned, err
}

func (r *rewinder) takeBackOp(tx engine.Tx, op model.Op) error {
	key := recordID{op.Kind, op.ID}
	i, ok := r.at[key]
	if !ok && r.unborn && op.Verb == model.Create && !isModel(op.Kind) {
		return nil // As concerned has it.
	}
	if !ok {
		rec, err := getRecord(tx, op.Kind, op.ID)
		if err != nil {
			return err
		}
		i = len(r.deltas)
		r.at[key] = i
		r.deltas = append(r.deltas, table.Delta{Kind: op.Kind, ID: op.ID, Record: rec})
		r.settings = r.settings || op.Kind == model.Setting
	}
	was := r.deltas[i].Record
	var err error
	if r.deltas[i].Record, err = op.Reverse().Replay(was); err != nil {
		return err
	}
	if r.born != nil && r.deltas[i].Record == nil {
		r.born[key] = was
	}
	return nil
}
