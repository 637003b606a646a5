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
	var s *table.Snapshot
	err = b.eng.View(func(tx engine.Tx) error {
		var err error
		s, err = b.knownIn(tx, now, at, on, asNow)
		return err
	})
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

func (b *Book) knownIn(tx engine.Tx, now *table.Snapshot, at time.Time, on day.Day, asNow bool) (*table.Snapshot, error) {
	first, err := firstBatch(tx)
	if err != nil {
		return nil, err
	}
	unborn := time.UnixMicro(first.Time).After(at)
	past := rewinder{at: map[recordID]int{}, born: map[recordID]*model.Record{}, leave: func(h model.Batch, op model.Op) bool {
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
		return nil, err
	}
	settings := now.Settings
	if past.settings {
		if settings, err = b.settingsWith(past.deltas); err != nil {
			return nil, err
		}
	}
	if asNow {
		// What a later scoring has kept of the book, for percentiles and places, is no model but a fact.
		err := eachRecord(tx, model.Scorecard, func(r *model.Record) bool {
			r.Set("state", model.Value{})
			past.deltas = append(past.deltas, table.Delta{Kind: r.Kind, ID: r.ID, Record: r})
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	for i := range past.deltas {
		if d := &past.deltas[i]; d.Record == nil && !isModel(d.Kind) {
			rec, err := getRecord(tx, d.Kind, d.ID)
			if err != nil {
				return nil, err
			}
			if rec != nil && d.Kind != model.Usage {
				rec = past.born[recordID{d.Kind, d.ID}]
			}
			d.Record = model.KnownOn(rec, on)
		}
	}
	if unborn {
		return loadKnown(tx, on, settings, past.deltas)
	}
	return now.Update(now.Seq, on, settings, past.deltas), nil
}

// isModel tells the records by which is scored from those that are scored.
func isModel(k model.Kind) bool { return k == model.Setting || k == model.Scorecard }

// loadKnown makes the picture of a day on which the book was not there yet.
func loadKnown(tx engine.Tx, on day.Day, settings *model.Settings, was []table.Delta) (*table.Snapshot, error) {
	l := table.NewLoader(on, settings)
	own := map[model.ID]*model.Record{}
	for _, d := range was {
		own[d.ID] = d.Record
		if is, err := getRecord(tx, d.Kind, d.ID); err != nil {
			return nil, err
		} else if is == nil && d.Record != nil && isModel(d.Kind) {
			l.Put(d.Record) // Removed since.
		}
	}
	for _, k := range model.Kinds() {
		err := eachRecord(tx, k, func(r *model.Record) bool {
			if past, ok := own[r.ID]; ok && k != model.Usage {
				r = past
			}
			if r = model.KnownOn(r, on); r != nil {
				l.Put(r)
			}
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	return l.Snapshot(0), nil
}
