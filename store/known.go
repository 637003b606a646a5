package store

import (
	"fmt"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
	"opsdeck/store/engine"
)

// Known returns what was known at the end of a day, for scoring as of it. What the book held by then is as
// the log has it; of what was brought in later, only that counts which its own dates put on or before the
// day (model.KnownOn), read from the record as it came, before anybody changed it. So a book that imports
// its past can look back on it, and no later fact gets in. Usage alone is read as it is now, as months are
// added up from several imports; what came later and is gone again, such as an import taken back, does not
// count. Settings and scorecards are those of the day, and before the book's first step those of that step; with
// asNow they are today's, to try a model on the past.
func (b *Book) Known(on day.Day, asNow bool) (*table.Snapshot, error) {
	now, err := b.shared()
	if err != nil {
		return nil, err
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	at := b.endOf(on)
	var past rewinder
	settings := now.Settings
	err = b.eng.View(func(tx engine.Tx) error {
		if past, err = b.knownIn(tx, at, on, asNow); err == nil && past.settings {
			settings, err = settingsWith(tx, past.deltas)
		}
		return err
	})
	var s *table.Snapshot
	switch {
	case err != nil:
	case past.unborn:
		s, err = b.loadKnown(on, settings, past.deltas)
	default:
		s = now.Update(now.Seq, on, settings, past.deltas)
	}
	if err != nil {
		return nil, fmt.Errorf("what was known on %s: %w", on, err)
	}
	return b.veiled(s)
}

// endOf is the last moment of a day where the book's clock stands.
func (b *Book) endOf(on day.Day) time.Time {
	y, m, d := on.Date()
	return time.Date(y, m, d, 23, 59, 59, 999999000, b.o.Now().Location())
}

// knownIn takes back what has happened since a moment, and leaves of what came in later what its dates put on or
// before the day.
func (b *Book) knownIn(tx engine.Tx, at time.Time, on day.Day, asNow bool) (rewinder, error) {
	first, err := firstBatch(tx)
	if err != nil {
		return rewinder{}, err
	}
	unborn := time.UnixMicro(first.Time).After(at)
	past := rewinder{at: map[recordID]int{}, born: map[recordID]*model.Record{}, unborn: unborn, leave: func(h model.Batch, op model.Op) bool {
		if isModel(op.Kind) {
			return asNow || h.Seq == first.Seq
		}
		return unborn && h.Kind == model.Import && op.Verb == model.Create // As it came: its dates tell the rest.
	}}
	err = eachBatch(tx, func(h model.Batch) bool {
		if !time.UnixMicro(h.Time).After(at) || h.Seq == first.Seq && unborn {
			return false
		}
		past.err = past.takeBack(tx, h)
		return past.err == nil
	})
	if err == nil {
		err = past.err
	}
	if err != nil {
		return past, err
	}
	if asNow {
		// What a later scoring has kept of the book, for percentiles and places, is no model but a fact.
		err := eachRecord(tx, model.Scorecard, func(r *model.Record) bool {
			r.Set("state", model.Value{})
			past.deltas = append(past.deltas, table.Delta{Kind: r.Kind, ID: r.ID, Record: r})
			return true
		})
		if err != nil {
			return past, err
		}
	}
	for i := range past.deltas {
		if d := &past.deltas[i]; d.Record == nil && !isModel(d.Kind) {
			rec, err := getRecord(tx, d.Kind, d.ID)
			if err != nil {
				return past, err
			}
			if rec != nil && d.Kind != model.Usage {
				rec = past.born[recordID{d.Kind, d.ID}]
			}
			d.Record = model.KnownOn(rec, on)
		}
	}
	return past, nil
}

// isModel tells the records by which is scored from those that are scored.
func isModel(k model.Kind) bool { return k == model.Setting || k == model.Scorecard }

// loadKnown makes the picture of a day on which the book was not there yet. The caller holds b.writing.
func (b *Book) loadKnown(on day.Day, settings *model.Settings, was []table.Delta) (*table.Snapshot, error) {
	l := table.NewLoader(on, settings)
	own := map[recordID]*model.Record{}
	for _, d := range was {
		own[recordID{d.Kind, d.ID}] = d.Record
	}
	err := b.eachKind(func(tx engine.Tx, k model.Kind) error {
		for _, d := range was {
			if d.Kind != k || d.Record == nil || !isModel(k) {
				continue
			}
			if is, err := getRecord(tx, k, d.ID); err != nil {
				return err
			} else if is == nil {
				l.Put(d.Record) // Removed since.
			}
		}
		known, timeless := model.Dated(k)
		if !known {
			return nil
		}
		var room model.Record
		return tx.Scan(bucketRecord, []byte{byte(k)}, []byte{byte(k) + 1}, func(key, value []byte) (bool, error) {
			_, id, ok := splitRecordKey(key)
			if !ok {
				return false, fmt.Errorf("record key %x has a wrong length", key)
			}
			past, changed := own[recordID{k, id}]
			if timeless && !changed {
				return true, l.Kind(k).Add(id, value)
			}
			if !changed || k == model.Usage {
				if err := room.Decode(k, id, value); err != nil {
					return false, err
				}
				past = &room
			}
			if past = model.KnownOn(past, on); past != nil {
				l.Put(past)
			}
			return true, nil
		})
	})
	if err != nil {
		return nil, err
	}
	return l.Snapshot(0), nil
}
