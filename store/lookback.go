package store

import (
	"bytes"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
	"opsdeck/store/engine"
)

// LookBack returns what Known would return for each of several days, for reports that go through them and look at
// customers alone: what lies before the book's first step is read once for all of them, at the first that is asked for,
// and figures on which none of customers rests are left out. Nothing of it is kept when the function is let go, and all
// of it is read again when the book has changed between two days.
func (b *Book) LookBack(days []day.Day, asNow bool) func(on day.Day) (*table.Snapshot, error) {
	var read *pastDays
	return func(on day.Day) (*table.Snapshot, error) {
		now, err := b.shared()
		if err != nil {
			return nil, err
		}
		if read == nil || read.seq != now.Seq {
			if read, err = b.readDays(now, days, asNow); err != nil {
				return nil, err
			}
		}
		at := slices.Index(read.days, on)
		if at < 0 {
			return b.Known(on, asNow)
		}
		s, err := read.picture(at)
		if err != nil {
			return nil, fmt.Errorf("what was known on %s: %w", on, err)
		}
		return b.veiled(s)
	}
}

// readDays reads those of days on which the book was not there yet.
func (b *Book) readDays(now *table.Snapshot, days []day.Day, asNow bool) (*pastDays, error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	var first model.Batch
	err := b.eng.View(func(tx engine.Tx) (err error) {
		first, err = firstBatch(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	var before []day.Day
	for _, on := range days {
		if first.Time > b.endOf(on).UnixMicro() {
			before = append(before, on)
		}
	}
	if len(before) == 0 {
		return &pastDays{seq: now.Seq}, nil
	}
	slices.Sort(before)
	before = slices.Compact(before)
	// What is taken back is all of the book, whichever of these days it is.
	past, settings, err := b.pastOf(b.endOf(before[0]), now.Settings, asNow)
	if err != nil {
		return nil, fmt.Errorf("what was known on %s: %w", before[0], err)
	}
	read, err := b.readPast(&past, settings, before, true)
	if err != nil {
		return nil, fmt.Errorf("what was known on %s: %w", before[0], err)
	}
	read.seq = now.Seq
	return read, nil
}

// pastDays is what dates tell of a book on days on which it was not there yet.
type pastDays struct {
	seq      uint64    // of the book
	days     []day.Day // rising
	settings *model.Settings
	kinds    []pastKind
	alone    bool // for pictures of customers alone
}

// pastKind are the records of a kind, each in as many versions as the days know of it, one after the other.
type pastKind struct {
	kind     model.Kind
	versions []pastVersion
	encoded  []byte
}

// pastVersion is a record as it was known from one of the days until before another.
type pastVersion struct {
	id          model.ID
	from, until int32  // of days
	at          int    // in encoded
	size        uint32 // 0: it was not known
}

// unjudged are fields by which no customer is judged: of 600,000 records their texts are half of what is read.
var unjudged = map[model.Kind][]string{
	model.Item:    {"summary", "external_id"},
	model.Touch:   {"subject", "external_id", "contacts", "by"},
	model.Invoice: {"number", "external_id"},
	model.Order:   {"external_id"},
	model.Churn:   {"external_id", "reason"},
}

// readPast reads what was known on days, rising ones, all before the book's first step; alone, as much of it as figures
// of customers need. The caller holds b.writing.
func (b *Book) readPast(past *rewinder, settings *model.Settings, days []day.Day, alone bool) (*pastDays, error) {
	out := &pastDays{days: days, settings: settings, alone: alone, kinds: make([]pastKind, len(model.Kinds()))}
	own := map[recordID]*table.Delta{}
	for i := range past.deltas {
		d := &past.deltas[i]
		own[recordID{d.Kind, d.ID}] = d
	}
	kinds := model.Kinds()
	err := b.eachKind(func(tx engine.Tx, k model.Kind) error {
		r := pastReader{past: past, own: own, days: days, to: &out.kinds[slices.Index(kinds, k)]}
		*r.to = pastKind{kind: k}
		if alone {
			r.without = unjudged[k]
		}
		return r.read(tx)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// pastReader reads one kind.
type pastReader struct {
	past *rewinder
	own  map[recordID]*table.Delta // what was changed since
	days []day.Day
	to   *pastKind

	without []string // fields that nobody asks for

	room    model.Record // for one record after the other
	encoded []byte
}

func (r *pastReader) read(tx engine.Tx) error {
	k := r.to.kind
	for i := range r.past.deltas {
		d := &r.past.deltas[i]
		if d.Kind != k || d.Record == nil || !isModel(k) {
			continue
		}
		if is, err := getRecord(tx, k, d.ID); err != nil {
			return err
		} else if is == nil {
			r.add(d.ID, 0, model.AppendRecord(nil, d.Record)) // Removed since.
		}
	}
	known, timeless := model.Dated(k)
	if !known {
		return nil
	}
	return tx.Scan(bucketRecord, []byte{byte(k)}, []byte{byte(k) + 1}, func(key, value []byte) (bool, error) {
		_, id, ok := splitRecordKey(key)
		if !ok {
			return false, fmt.Errorf("record key %x has a wrong length", key)
		}
		changed := r.own[recordID{k, id}]
		if timeless && changed == nil {
			r.add(id, 0, value)
			return true, nil
		}
		return true, r.follow(id, value, changed)
	})
}

// follow adds a record as it was known on each of the days.
func (r *pastReader) follow(id model.ID, value []byte, changed *table.Delta) error {
	rec, twice := &r.room, false
	switch {
	case changed == nil || r.to.kind == model.Usage:
		if err := rec.Decode(r.to.kind, id, value); err != nil {
			return err
		}
	case changed.Record != nil || isModel(changed.Kind):
		rec = changed.Record
	default:
		rec, twice = r.past.born[recordID{changed.Kind, changed.ID}], true
	}
	for i, on := range r.days {
		if i > 0 && !model.TurnsBetween(rec, r.days[i-1], on) {
			continue
		}
		known := model.KnownOn(rec, on)
		if twice {
			known = model.KnownOn(known, on)
		}
		if known == nil {
			r.add(id, i, nil)
		} else {
			for _, name := range r.without {
				known.Set(name, model.Value{})
			}
			r.encoded = model.AppendRecord(r.encoded[:0], known)
			r.add(id, i, r.encoded)
		}
	}
	return nil
}

// add adds a record as it was known from one of the days on; without an encoding it was not.
func (r *pastReader) add(id model.ID, from int, encoded []byte) {
	k, end := r.to, int32(len(r.days))
	if n := len(k.versions); from > 0 && n > 0 && k.versions[n-1].id == id && k.versions[n-1].until == end {
		last := &k.versions[n-1]
		if bytes.Equal(encoded, k.encoded[last.at:]) {
			return
		}
		last.until = int32(from)
	}
	if len(encoded) > 0 {
		k.versions = append(k.versions, pastVersion{id, int32(from), end, len(k.encoded), uint32(len(encoded))})
		k.encoded = append(k.encoded, encoded...)
	}
}

// picture makes the picture of one of the days.
func (p *pastDays) picture(at int) (*table.Snapshot, error) {
	l := table.NewLoader(p.days[at], p.settings)
	if p.alone {
		l.ForCustomers()
	}
	var readers errgroup.Group
	for i := range p.kinds {
		readers.Go(func() error { return p.kinds[i].load(l, int32(at)) })
	}
	if err := readers.Wait(); err != nil {
		return nil, err
	}
	return l.Snapshot(0), nil
}

func (k *pastKind) load(l *table.Loader, at int32) error {
	to := l.Kind(k.kind)
	for i := range k.versions {
		v := &k.versions[i]
		if v.from > at || at >= v.until || to == nil {
			continue
		}
		if err := to.Add(v.id, k.encoded[v.at:v.at+int(v.size)]); err != nil {
			return err
		}
	}
	return nil
}
