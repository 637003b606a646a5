package exchange

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
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
	first   []model.FieldValue // what that row said
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

// planner makes a plan out of tables.
type planner struct {
	ctx   context.Context
	book  Book
	o     Options
	plan  *Plan
	lay   *layout
	table *rawTable

	known   map[kindEntry]*planned
	order   []*planned // records that the plan makes or changes, in the order of their rows
	waits   []waiting
	repeats map[string]int // how often a row without any key came by
	indexes map[model.Kind]*index
	people  map[string]string
	saved   map[string]*Mapping
	lists   map[string][]model.ID // rows of the last ordered batch, by source
	ordered []*planned            // rows of this one
}

func newPlanner(ctx context.Context, book Book, file string, o Options) *planner {
	return &planner{
		ctx: ctx, book: book, o: o, plan: &Plan{File: file},
		known: map[kindEntry]*planned{}, repeats: map[string]int{}, indexes: map[model.Kind]*index{},
	}
}

// planTable plans all rows of one table.
func (pl *planner) planTable(t *rawTable) error {
	lay, err := newLayout(pl.plan.File, t.header, t.record, pl.o, nil)
	if err != nil {
		return err
	}
	if err := lay.judge(pl.plan.File, t.infos, pl.o); err != nil {
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
	p.Columns = append(p.Columns, lay.shown...)
	if p.Kind == model.KNone {
		p.Kind, p.Source, p.Signature = lay.kind, lay.source, lay.signature
		if lay.preset != nil {
			p.Preset = lay.preset.source
		}
	}
	p.Verdicts = slices.Grow(p.Verdicts, len(t.rows))
	for i, row := range t.rows {
		if i%1024 == 0 {
			if err := pl.ctx.Err(); err != nil {
				return err
			}
		}
		if err := pl.row(row); err != nil {
			return err
		}
		t.rows[i] = tabular.Row{}
	}
	return nil
}

// row plans one row and adds its verdict. An error is about the book, not the row.
func (pl *planner) row(row tabular.Row) error {
	v := Verdict{Line: row.Line, Table: pl.table.name, Kind: pl.lay.kind}
	err := pl.place(row, &v)
	var refusal *rowError
	if errors.As(err, &refusal) {
		v.Result, v.Reason, v.Column, v.Changes, err = refusal.result, refusal.Error(), refusal.column, nil, nil
		pl.plan.refused.add(pl.table, row, refusal.Error())
	}
	if row.Problem != nil && v.Reason == "" {
		v.Reason = row.Problem.Error()
	}
	pl.plan.Verdicts = append(pl.plan.Verdicts, v)
	return err
}

// rowError refuses a row.
type rowError struct {
	result Result
	column string
	err    error
}

func (e *rowError) Error() string { return e.err.Error() }
func (e *rowError) Unwrap() error { return e.err }

func fail(column, format string, args ...any) error {
	return &rowError{Failed, column, fmt.Errorf(format, args...)}
}

// failField refuses a row for a field that does not fit, and names the column that it came from.
func (l *layout) failField(part int, err error) error {
	var field *model.FieldError
	column := ""
	if errors.As(err, &field) {
		for i := range l.columns {
			if c := &l.columns[i]; c.part == part && c.field != nil && c.to == field.Field {
				column = c.name
				break
			}
		}
	}
	return &rowError{Failed, column, err}
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
	main := d.drafts[partMain]
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
		return pl.gather(row, d, v)
	}
	entry := pl.entry(row, d)
	p, err := pl.find(pl.lay.kind, entry)
	if err != nil {
		return err
	}
	change, err := pl.compare(p, main, entry)
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
		waits[i].p, waits[i].verdict = change.p, len(pl.plan.Verdicts)
	}
	pl.waits = append(pl.waits, waits...)
	if pl.lay.preset != nil && pl.lay.preset.ordered && d.key == "" {
		pl.ordered = append(pl.ordered, change.p)
	}
	return nil
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
	p := &planned{kind: k, id: r.ID, before: r, row: -1}
	pl.known[at] = p
	return p, nil
}

// delta is what a row does to a record, before it is noted.
type delta struct {
	p       *planned // nil when the record has to be made
	kind    model.Kind
	entry   string
	draft   *model.Record
	after   *model.Record // nil when nothing differs
	changes []model.Change
	result  Result
}

// compare holds what a row says against the record that it is about.
func (pl *planner) compare(p *planned, draft *model.Record, entry string) (*delta, error) {
	ch := &delta{p: p, kind: draft.Kind, entry: entry, draft: draft}
	switch {
	case p == nil:
		ch.result = Created
		ch.after = &model.Record{Kind: draft.Kind, Fields: make([]model.FieldValue, 0, len(draft.Fields)+1)}
		ch.after.ID = pl.book.NewID()
		ch.after.Fields = append(ch.after.Fields, draft.Fields...)
		ch.after.Set("keys", model.List(entry))
		return ch, ch.after.Validate()
	case p.row >= 0:
		ch.result = Same
		if !slices.Equal(p.first, draft.Fields) {
			line := pl.plan.Verdicts[p.row].Line
			return nil, &rowError{Conflict, "", fmt.Errorf("line %d has the same key with other values: %s", line, differences(p.first, draft.Fields))}
		}
		return ch, nil
	}
	now := p.now()
	ch.merge(now)
	ch.result = Same
	if len(ch.changes) == 0 {
		return ch, nil
	}
	ch.result = Updated
	if p.before == nil {
		ch.result = Created // a stub of this very file
	}
	return ch, ch.after.Validate()
}

// merge puts the draft over the record. Fields that the row does not name stay as they are, and
// customers linked to an item are added to.
func (ch *delta) merge(now *model.Record) {
	put := func(name string, to model.Value) {
		from := now.Get(name)
		if from == to {
			return
		}
		if ch.after == nil {
			ch.after = now.Clone()
		}
		ch.after.Set(name, to)
		ch.changes = append(ch.changes, model.Change{Field: name, From: from, To: to})
	}
	for _, fv := range ch.draft.Fields {
		to := fv.Value
		if to.Type() == model.TRefs {
			to = model.Refs(append(now.Get(fv.Name).IDs(), to.IDs()...)...)
		}
		put(fv.Name, to)
	}
	if now.Get("stub").IsTrue() && ch.draft.Get("stub").IsZero() {
		put("stub", model.Value{})
	}
}

// differences names the fields in which two rows differ.
func differences(a, b []model.FieldValue) string {
	ra, rb := model.Record{Fields: a}, model.Record{Fields: b}
	var out []string
	for _, fv := range a {
		if v := rb.Get(fv.Name); v != fv.Value {
			out = append(out, fmt.Sprintf("%s %q and %q", fv.Name, clip(fv.Value.Format(), 60), clip(v.Format(), 60)))
		}
	}
	for _, fv := range b {
		if ra.Get(fv.Name).IsZero() {
			out = append(out, fmt.Sprintf("%s %q and %q", fv.Name, "", clip(fv.Value.Format(), 60)))
		}
	}
	return strings.Join(out, ", ")
}

// apply notes what a row does. Of a row with two records the stronger result counts.
func (pl *planner) apply(ch *delta, v *Verdict) {
	p := ch.p
	if p == nil {
		p = &planned{kind: ch.kind, id: ch.after.ID, row: -1}
		pl.known[kindEntry{ch.kind, ch.entry}] = p
		ch.p = p
	}
	if p.row < 0 {
		p.row, p.first = len(pl.plan.Verdicts), ch.draft.Fields
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
	if err := pl.settle(); err != nil {
		return nil, err
	}
	p := pl.plan
	p.records = make(map[model.ID]*model.Record, len(pl.order))
	for _, r := range pl.order {
		if r.dropped || r.after == nil {
			continue
		}
		p.records[r.id] = r.after
		if r.before == nil {
			p.ops = append(p.ops, model.CreateOp(r.after))
		} else if op, ok := model.UpdateOp(r.before, r.after); ok {
			p.ops = append(p.ops, op)
		}
	}
	return p, nil
}
