package exchange

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/erase"
	"opsdeck/model/same"
	"opsdeck/store/exchange/tabular"
)

// kindEntry is an entry of the keys of a kind.
type kindEntry struct {
	kind  model.Kind
	entry string
}

// planned is a record that the plan has to do with.
type planned struct {
	kind    model.Kind
	id      model.ID
	before  *model.Record      // as the book has it, nil when the plan makes it
	after   *model.Record      // as the plan leaves it, nil while nothing differs
	row     int                // the first row about it, -1 while no row is
	first   []model.FieldValue // what that row said; nil when it is all of after
	keyed   bool               // its keys are the plan's own
	dropped bool               // the row that made it was refused after all
	parts   *gathered
}

// now is the record as the plan has it so far.
func (p *planned) now() *model.Record {
	if p.after != nil {
		return p.after
	}
	return p.before
}

// said is what the first row about a record said.
func (p *planned) said() []model.FieldValue {
	if p.before != nil || p.first != nil {
		return p.first
	}
	return slices.DeleteFunc(slices.Clone(p.after.Fields), func(fv model.FieldValue) bool { return p.keyed && fv.Name == "keys" })
}

// planner makes a plan out of tables.
type planner struct {
	ctx   context.Context
	book  Book
	o     Options
	plan  *Plan
	said  corrections
	lay   *layout
	table *rawTable

	known     map[kindEntry]*planned
	order     []*planned // records that the plan makes or changes, in the order of their rows
	waits     []waiting
	repeats   map[string]int // how often a row without any key came by
	indexes   map[model.Kind]*index
	loaded    map[model.Kind]map[model.ID]*planned // every record of a kind, where one has to be found by id
	people    map[string]string
	contracts map[model.ID]model.Value // the customer of each contract
	groups    []*planned               // records that rows are gathered in
	lists     map[string][]model.ID    // rows of the last ordered batch, by source
	ordered   []*planned               // rows of this one, nil for those that were refused
	named     bool                     // those rows have ids of their own, so nobody needs their place
	own       map[model.ID]bool        // ids in a table that this program wrote
	gone      *erase.Gone              // what was erased from the book, once somebody has asked
	entries   map[kindEntry]model.ID   // keys in a book file, with the record that has them
}

func newPlanner(ctx context.Context, book Book, file string, o Options) *planner {
	return &planner{
		ctx: ctx, book: book, o: o, plan: &Plan{File: file}, said: o.corrections(),
		known: map[kindEntry]*planned{}, repeats: map[string]int{}, indexes: map[model.Kind]*index{},
		loaded: map[model.Kind]map[model.ID]*planned{},
	}
}

// planTable plans all rows of one table.
func (pl *planner) planTable(t *rawTable) error {
	if ours, err := pl.ourTable(t); ours || err != nil {
		return err
	}
	saved, record, err := pl.remembered(Signature(t.header))
	if err != nil {
		return err
	}
	lay, err := newLayout(pl.plan.File, t.header, t.record, pl.o, saved)
	if err != nil {
		return err
	}
	if err := pl.statesOnly(lay); err != nil {
		return err
	}
	if err := lay.judge(pl.plan.File, t.infos, pl.o, saved); err != nil {
		return err
	}
	if err := pl.remember(lay, saved, record); err != nil {
		return err
	}
	pl.lay, pl.table = lay, t
	if lay.kind == model.Customer || lay.kind == model.Contact {
		if _, err := pl.index(lay.kind); err != nil {
			return err
		}
	}
	p := pl.plan
	p.Warnings = append(p.Warnings, t.warn...)
	for i := range lay.shown {
		lay.shown[i].Samples = t.samples[i]
	}
	p.Columns = append(p.Columns, lay.shown...)
	if p.Kind == model.KNone {
		p.Kind, p.Source, p.Signature = lay.kind, lay.source, lay.signature
		if lay.preset != nil {
			p.Preset = lay.preset.source
		}
	}
	return pl.planRows(t)
}

// place finds or makes the records of a row. Nothing is noted before all of the row fits.
func (pl *planner) place(row tabular.Row, v *Verdict) error {
	d, err := pl.lay.read(row)
	if err != nil {
		var cell *cellError
		column := ""
		if errors.As(err, &cell) {
			column = cell.column
		}
		return &rowError{Failed, column, err}
	}
	if pl.o.States || d.aux[leftOut] != "" {
		return pl.howFar(row, d, v)
	}
	main := d.drafts[partMain]
	if pl.lay.preset != nil && pl.lay.preset.lines {
		return pl.line(d, v)
	}
	if err := pl.persons(main); err != nil {
		return err
	}
	owner, err := pl.owner(d)
	if err != nil {
		return err
	}
	waits, err := pl.follow(d)
	if err != nil {
		return err
	}
	if pl.lay.kind == model.Usage {
		return pl.gather(row, d, owner, v)
	}
	entry := pl.entry(row, d)
	p, ours, err := pl.recognised(d, entry)
	if err != nil {
		return err
	}
	change, err := pl.compared(p, ours, main, entry)
	if err != nil {
		return pl.refuse(err)
	}
	second, err := pl.second(d, change)
	if err != nil {
		return pl.refuse(err)
	}
	pl.commit(owner, row.Line)
	pl.apply(change, v)
	if second != nil {
		pl.apply(second, v)
	}
	for i := range waits {
		waits[i].p, waits[i].verdict, waits[i].table, waits[i].row = change.p, len(pl.plan.Verdicts), pl.table, row
	}
	pl.waits = append(pl.waits, waits...)
	if pl.lay.ordered() {
		pl.ordered[len(pl.ordered)-1] = change.p
		pl.named = pl.named || d.key != ""
	}
	return nil
}

// recognised finds the record of a row, nil where it is new; true is of an item that was made here and that
// a tracker has.
func (pl *planner) recognised(d *rowData, entry string) (p *planned, ours bool, err error) {
	if p, err = pl.find(pl.lay.kind, entry); err != nil || p != nil {
		return p, p != nil && p.kind == model.Item && isHanded(p.now()), err
	}
	p, err = pl.adopt(d)
	return p, p != nil, err
}

// compared holds a row against its record; of an item that was made here only how far it is counts.
func (pl *planner) compared(p *planned, ours bool, main *model.Record, entry string) (*delta, error) {
	if !ours {
		return pl.compare(p, main, entry)
	}
	change, err := pl.compare(p, ownsWords(main, p.now()), entry)
	if err == nil {
		err = handed(change, p.now())
	}
	return change, err
}

// refuse turns what does not fit into a verdict.
func (pl *planner) refuse(err error) error {
	var row *rowError
	if errors.As(err, &row) {
		return err
	}
	return pl.lay.failField(partMain, err)
}

// entry is the key of the row's record. Without an id of its own a customer or contact is known by
// its name, a contract by number, counterparty and start, an invoice by number and customer;
// everything else is a thing that happened, and known by the whole row. A row that comes twice is
// then two of them: the second has the same hash and a number.
func (pl *planner) entry(row tabular.Row, d *rowData) string {
	main, source := d.drafts[partMain], pl.lay.source
	if d.key != "" {
		return Entry(source, d.key)
	}
	switch pl.lay.kind {
	case model.Customer:
		if name := main.Get("name").Str(); name != "" {
			return Entry(source, nameKey(name))
		}
	case model.Contact:
		if name := main.Get("name").Str(); name != "" {
			return Entry(source, nameKey(name), d.party)
		}
	case model.User:
		if handle := main.Get("handle").Str(); handle != "" {
			return Entry(source, handle)
		}
	case model.Contract:
		if n, start := main.Get("number").Str(), main.Get("start"); n != "" && !start.IsZero() {
			return Entry(source, n, d.party, start.Format())
		}
	case model.Invoice:
		if n := main.Get("number").Str(); n != "" {
			return Entry(source, n, d.party)
		}
	}
	h := rowHash(pl.table.header, row.Cells)
	pl.repeats[h]++
	if n := pl.repeats[h]; n > 1 {
		return Entry(source, h, strconv.Itoa(n))
	}
	return Entry(source, h)
}

// find returns the record that a source knows under an entry, nil where there is none.
func (pl *planner) find(k model.Kind, entry string) (*planned, error) {
	at := kindEntry{k, entry}
	if p, ok := pl.known[at]; ok {
		if p.dropped {
			return nil, nil
		}
		return p, nil
	}
	r, err := pl.book.ByKey(k, entry)
	if err != nil || r == nil {
		return nil, err
	}
	p := pl.loaded[k][r.ID]
	for _, other := range r.Get("keys").Items() {
		if p == nil {
			p = pl.known[kindEntry{k, other}] // Two keys of one record: a duplicate was merged into it.
		}
	}
	if p == nil {
		p = &planned{kind: k, id: r.ID, before: r, row: -1}
	}
	pl.known[at] = p
	return p, nil
}

// adopt finds the item that was handed over to a tracker: made here, known to no source, and given
// the tracker's key by hand as its external id.
func (pl *planner) adopt(d *rowData) (*planned, error) {
	if pl.lay.kind != model.Item {
		return nil, nil
	}
	if id, ok := markedItem(d.drafts[partMain].Get("words").Str()); ok {
		if p, err := pl.byID(model.Item, id); p != nil || err != nil {
			return p, err
		}
	}
	if d.ext == "" {
		return nil, nil
	}
	ix, err := pl.index(model.Item)
	if err != nil {
		return nil, err
	}
	if f, n := ix.one(same.Told{Mark: same.External, Text: d.ext}); n == 1 && !f.keyed {
		return pl.byID(model.Item, f.id)
	}
	return nil, nil
}

// byID returns the record with an id, nil where the book has none.
func (pl *planner) byID(k model.Kind, id model.ID) (*planned, error) {
	all := pl.loaded[k]
	if all == nil {
		all = map[model.ID]*planned{}
		for _, p := range pl.known {
			if p.kind == k {
				all[p.id] = p
			}
		}
		err := pl.book.Each(k, func(r *model.Record) bool {
			if all[r.ID] == nil {
				all[r.ID] = &planned{kind: k, id: r.ID, before: r, row: -1}
			}
			return true
		})
		if err != nil {
			return nil, err
		}
		pl.loaded[k] = all
	}
	return all[id], nil
}

// apply notes what a row does. Of a row with two records the stronger result counts.
func (pl *planner) apply(ch *delta, v *Verdict) {
	p := ch.p
	if p == nil {
		p = &planned{kind: ch.kind, id: ch.after.ID, row: -1, keyed: !ch.exact}
		pl.known[kindEntry{ch.kind, ch.entry}] = p
		ch.p = p
	}
	if p.row < 0 && !ch.aside {
		p.row = len(pl.plan.Verdicts)
		if ch.after != ch.draft {
			p.first = ch.draft.Fields
		}
	}
	if ch.after != nil {
		if p.after == nil {
			pl.order = append(pl.order, p)
		}
		p.after = ch.after
	}
	if v.Result == 0 || ch.result < v.Result {
		v.Result = ch.result
	}
	if ch.kind == v.Kind {
		v.ID = p.id
	}
	v.Changes = append(v.Changes, ch.changes...)
	if ch.result == Created {
		pl.suspect(p, v)
	}
}

// finish resolves what could not be resolved row by row and turns the records into changes.
func (pl *planner) finish() (*Plan, error) {
	if err := cmp.Or(pl.settle(), pl.sumGroups(), pl.keepRows()); err != nil {
		return nil, err
	}
	p := pl.plan
	gone := map[model.ID]bool{} // refused at the end
	for _, r := range pl.order {
		if r.dropped {
			gone[r.id] = true
		}
		if r.changes() {
			p.records = append(p.records, r)
		}
	}
	p.Suspects = slices.DeleteFunc(p.Suspects, func(s Suspect) bool { return gone[s.ID] })
	return p, nil
}
