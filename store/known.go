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
	past, settings, err := b.pastOf(b.endOf(on), now.Settings, asNow)
	var s *table.Snapshot
	switch {
	case err != nil:
	case past.unborn:
		var read *pastDays
		if read, err = b.readPast(&past, settings, []day.Day{on}, false); err == nil {
			s, err = read.picture(0)
		}
	default:
		deltas := make([]table.Delta, len(past.deltas))
		for i := range past.deltas {
			d := &past.deltas[i]
			deltas[i] = table.Delta{Kind: d.Kind, ID: d.ID, Record: past.known(d, on)}
		}
		s = now.Update(now.Seq, on, settings, deltas)
	}
	if err != nil {
		return nil, fmt.Errorf("what was known on %s: %w", on, err)
	}
	return b.veiled(s)
}

// pastOf takes back what has happened since a moment, with the settings of that moment. The caller holds b.writing.
func (b *Book) pastOf(at time.Time, now *model.Settings, asNow bool) (past rewinder, settings *model.Settings, err error) {
	err = b.eng.View(func(tx engine.Tx) error {
		settings = now
		if past, err = b.knownIn(tx, at, asNow); err == nil && past.settings {
			settings, err = settingsWith(tx, past.deltas)
		}
		return err
	})
	return past, settings, err
}

// endOf is the last moment of a day where the book's clock stands.
func (b *Book) endOf(on day.Day) time.Time {
	y, m, d := on.Date()
	return time.Date(y, m, d, 23, 59, 59, 999999000, b.o.Now().Location())
}

// knownIn takes back what has happened since a moment, and finds of what came in later what its dates are read from.
func (b *Book) knownIn(tx engine.Tx, at time.Time, asNow bool) (rewinder, error) {
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
	return past, past.findBorn(tx)
}

// findBorn finds for the records that were not there yet what their dates are to be read from.
func (r *rewinder) findBorn(tx engine.Tx) error {
	for i := range r.deltas {
		d := &r.deltas[i]
		if d.Record != nil || isModel(d.Kind) {
			continue
		}
		key := recordID{d.Kind, d.ID}
		rec, err := getRecord(tx, d.Kind, d.ID)
		switch {
		case err != nil:
			return err
		case rec == nil:
			delete(r.born, key)
		case d.Kind == model.Usage:
			r.born[key] = rec
		}
	}
	return nil
}

// known is what a delta's record was known as on a day.
func (r *rewinder) known(d *table.Delta, on day.Day) *model.Record {
	if d.Record != nil || isModel(d.Kind) {
		return d.Record
	}
	return model.KnownOn(r.born[recordID{d.Kind, d.ID}], on)
}

// isModel tells the records by which is scored from those that are scored.
func isModel(k model.Kind) bool { return k == model.Setting || k == model.Scorecard }
