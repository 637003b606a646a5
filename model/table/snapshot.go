package table

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
)

const listSep = query.ListSep

// Snapshot is a book at one moment. It never changes; Update makes the next one.
type Snapshot struct {
	Seq      uint64 // the log entry up to which it has seen
	Today    day.Day
	Now      int64 // the moment that clocks are judged at, in seconds since 1970 UTC; see At
	Settings *model.Settings
	tables   []*Table // by kind
	rules    rules
	cards    cards
	rfmStale bool                                // while a picture is made: the groups by orders must be found anew
	useMonth day.Day                             // the last whole month of usage, its first day; none without usage
	widest   int                                 // an item is linked to no more customers than this
	inForce  int                                 // customers with a contract in force
	hides    func(model.Kind, *model.Field) bool // of a picture for somebody who must not see everything
	turns    *atomic.Int64                       // no clock changes its state between Now and this moment
}

// Delta is one record after a commit: its new content, or nil when it is gone.
type Delta struct {
	Kind   model.Kind
	ID     model.ID
	Record *model.Record
}

// New makes the picture of an empty book.
func New(today day.Day, s *model.Settings) *Snapshot {
	snap := &Snapshot{Today: today, Now: before(today), Settings: s, rules: newRules(s, today), tables: make([]*Table, kinds()), turns: &atomic.Int64{}}
	snap.turns.Store(math.MaxInt64)
	for _, k := range model.Kinds() {
		schema := model.SchemaOf(k)
		t := &Table{Schema: schema, snap: snap, all: true, dir: newDirectory(), custom: map[string]*column{}, words: &words{}, orders: newOrders(), exchanges: &sync.Map{}}
		for i := range schema.Fields {
			t.cols = append(t.cols, newColumn(&schema.Fields[i]))
		}
		snap.tables[k] = t
	}
	names := snap.names()
	for _, c := range names {
		c.dict, c.texts, c.shared = names[0].dict, names[0].texts, true
	}
	snap.useMonth = day.None
	snap.readCards()
	return snap
}

// names are the columns that hold names of customers: the same texts under the same numbers, so that a
// number is all there is to copy from one to the other.
func (s *Snapshot) names() []*column {
	return []*column{
		&s.tables[model.Customer].cols[customerAt.name], &s.tables[model.Contract].cols[contractAt.customerName],
		&s.tables[model.Item].cols[itemAt.customerName],
	}
}

// renewTexts makes the texts anew of which few are still used.
func (s *Snapshot) renewTexts() {
	s.each(func(t *Table) { t.renew() })
	if names := s.names(); names[0].dict.stale() {
		renew(max(s.tables[model.Customer].size, s.tables[model.Contract].size, s.tables[model.Item].size), names...)
	}
}

// kinds is one more than the number of the last kind.
func kinds() int { return int(slices.Max(model.Kinds())) + 1 }

// Table returns the table of a kind. Kinds that are unknown have none.
func (s *Snapshot) Table(k model.Kind) *Table {
	if int(k) >= len(s.tables) {
		return nil
	}
	return s.tables[k]
}

// each calls fn with every table.
func (s *Snapshot) each(fn func(t *Table)) {
	for _, t := range s.tables {
		if t != nil {
			fn(t)
		}
	}
}

// manyDeltas is how many changed records it takes for computing every figure to be quicker than
// finding out which ones have to be.
const manyDeltas = 4096

// Update returns the picture after a commit. The receiver stays as it was. Settings are given when
// they have changed, else nil.
func (s *Snapshot) Update(seq uint64, today day.Day, settings *model.Settings, deltas []Delta) *Snapshot {
	next := &Snapshot{Seq: seq, Today: today, Now: s.Now, Settings: s.Settings, rules: s.rules, cards: s.cards, useMonth: s.useMonth, tables: make([]*Table, len(s.tables)), widest: s.widest, inForce: s.inForce, turns: &atomic.Int64{}}
	all := today != s.Today || len(deltas) > manyDeltas || slices.ContainsFunc(deltas, func(d Delta) bool { return d.Kind == model.Scorecard })
	next.turns.Store(s.turns.Load())
	if today != s.Today {
		next.Now = before(today)
	}
	if settings != nil {
		all = all || !settings.SameFigures(s.Settings)
		next.Settings = settings
	}
	if all && settings != nil || today != s.Today {
		next.rules = newRules(next.Settings, today)
	}
	if all {
		next.turns.Store(math.MaxInt64)
	}
	s.each(func(t *Table) { next.tables[t.Schema.Kind] = t.thaw(next, all) })
	dirty := newDirty(all)
	for _, d := range deltas {
		if t := next.Table(d.Kind); t != nil {
			next.put(t, d, dirty)
		}
	}
	next.derive(dirty)
	next.renewTexts()
	next.each(func(t *Table) {
		old := s.tables[t.Schema.Kind]
		var same map[string]bool
		if all {
			same = t.unwritten()
		}
		t.freeze()
		t.words = old.words.next(t, same)
		t.orders = old.orders.next(t, same)
		t.marked = nil
	})
	return next
}

// put writes one record into its table and notes whose figures it touches.
func (s *Snapshot) put(t *Table, d Delta, dirty *dirtyRows) {
	row := t.dir.row(d.ID)
	t.size = max(t.size, row+1)
	if t.live.get(row) {
		dirty.touch(s, d.Kind, row)
	}
	is := d.Record != nil
	if t.live.put(row, is) {
		t.mark(row)
		if is {
			t.count++
		} else {
			t.count--
		}
	}
	if !is && d.Kind == model.Customer {
		s.countInForce(row, "")
	}
	t.put(row, d.Record)
	if d.Kind == model.Item {
		s.widest = max(s.widest, len(t.cols[itemAt.customers].lists.get(row)))
	}
	if is {
		dirty.touch(s, d.Kind, row)
	}
}
