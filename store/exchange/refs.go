package exchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/same"
	"opsdeck/store/exchange/tabular"
)

// waiting is a reference to a record of the row's own kind. Its row may come later in the file, so
// it is followed at the end.
type waiting struct {
	p       *planned
	verdict int
	table   *rawTable // with row: what goes into the error file when the reference leads nowhere
	row     tabular.Row
	c       *column
	text    string
}

// owner finds the customer that a row points at and puts it into the row's record. A customer that
// nobody knows is made as a stub, which the caller commits when the row stands.
func (pl *planner) owner(d *rowData) (*planned, error) {
	if d.party == "" {
		return nil, nil
	}
	c, text := d.partyC, d.party
	if c.as == asRegidName {
		text = d.splitParty()
	}
	p, err := pl.customer(c, text, d)
	if err != nil {
		return nil, err
	}
	var stub *planned
	if p == nil {
		if !pl.lay.stubs() {
			return nil, fail(c.name, "no %s is known as %q", c.field.Ref, clip(text, 80))
		}
		p = pl.stub(c, text, d)
		if err := pl.erased(p.after, nil); err != nil {
			return nil, err
		}
		stub = p
	}
	v := model.Ref(p.id)
	if c.field.Type == model.TRefs {
		v = model.Refs(p.id)
	}
	d.drafts[partMain].Set(c.to, v)
	d.party = text
	return stub, nil
}

// splitParty parts "05.120.923/0001-09 - NAME" into registered id and name.
func (d *rowData) splitParty() string {
	id, name, ok := strings.Cut(d.party, " - ")
	id, name = strings.TrimSpace(id), strings.Join(strings.Fields(name), " ")
	if !ok || name == "" {
		return strings.TrimSpace(d.party)
	}
	d.draft(partParty).Set("registered_id", model.Text(id))
	d.draft(partParty).Set("name", model.Text(name))
	return id
}

// stubs tells whether rows of the kind make the customer that they point at.
func (l *layout) stubs() bool {
	switch l.kind {
	case model.Order, model.Invoice, model.Contract, model.Usage, model.Item, model.Churn, model.Touch, model.Benefit:
		return true
	}
	return false
}

// stub makes a customer of which only the name or key is known.
func (pl *planner) stub(c *column, text string, d *rowData) *planned {
	key := text
	r := model.NewRecord(model.Customer, pl.book.NewID())
	r.Set("name", model.Text(text))
	if c.as == asName {
		key = nameKey(text)
	} else {
		r.Set("external_id", model.Text(text))
	}
	if party := d.drafts[partParty]; party != nil {
		for _, fv := range party.Fields {
			r.Set(fv.Name, fv.Value)
		}
	}
	r.Set("stub", model.Bool(true))
	r.Set("keys", model.List(Entry(pl.lay.source, key)))
	return &planned{kind: model.Customer, id: r.ID, after: r, row: -1}
}

// commit notes a stub, now that the row that needs it stands.
func (pl *planner) commit(stub *planned, line int) {
	if stub == nil {
		return
	}
	for _, entry := range stub.after.Get("keys").Items() {
		pl.known[kindEntry{model.Customer, entry}] = stub
	}
	pl.order = append(pl.order, stub)
	if ix := pl.indexes[model.Customer]; ix != nil {
		ix.add(stub.after, marksOf(stub.after), true)
	}
	pl.plan.Stubs = append(pl.plan.Stubs, Stub{
		ID: stub.id, Name: stub.after.Get("name").Str(), Key: stub.after.Get("external_id").Str(), Line: line,
	})
}

// customer finds a customer by what a source calls it: by the key in the same source first, then by
// what is unique in the book.
func (pl *planner) customer(c *column, text string, d *rowData) (*planned, error) {
	if strings.HasPrefix(text, rowRef) {
		return pl.rowRef(c, text)
	}
	entries := []string{Entry(pl.lay.source, text), Entry(pl.lay.source, nameKey(text))}
	if c.as == asName {
		// A column called "customer" holds names as a rule, and ids often enough to look for them too.
		slices.Reverse(entries)
	}
	for _, entry := range entries {
		if p, err := pl.find(model.Customer, entry); p != nil || err != nil {
			return p, err
		}
	}
	signs := []same.Told{{Mark: same.External, Text: text}, {Mark: same.Domain, Text: same.HostOf(text)}, {Mark: same.Name, Text: same.CompanyKey(text)}}
	switch {
	case c.as == asRegidName:
		signs = []same.Told{{Mark: same.Registered, Text: same.Fold(text)}}
	case c.as == asName:
		signs = append(signs[1:], signs[0])
	case d != nil && d.drafts[partParty] != nil:
		signs = append(signs, same.Told{Mark: same.Registered, Text: same.Fold(d.drafts[partParty].Get("registered_id").Str())})
	}
	return pl.lookup(model.Customer, c, text, signs)
}

// lookup finds a record by its id or by the first mark that tells exactly one.
func (pl *planner) lookup(k model.Kind, c *column, text string, signs []same.Told) (*planned, error) {
	ix, err := pl.index(k)
	if err != nil {
		return nil, err
	}
	if id, err := model.ParseID(text); err == nil && ix.ids[id] {
		return &planned{kind: k, id: id, row: -1}, nil
	}
	for _, t := range signs {
		f, n := ix.one(t)
		if n == 1 {
			return &planned{kind: k, id: f.id, row: -1}, nil
		}
		if n > 1 && t.Mark == same.External {
			return nil, fail(c.name, "%d %s have the external id %q", n, plural(k), clip(text, 80))
		}
	}
	return nil, nil
}

// follow finds the other records that a row points at. Those of its own kind wait for the end.
func (pl *planner) follow(d *rowData) ([]waiting, error) {
	var waits []waiting
	for _, ref := range d.refs {
		f := ref.c.field
		if ref.c.part != partMain {
			continue
		}
		if f.Ref == pl.lay.kind {
			waits = append(waits, waiting{c: ref.c, text: ref.text})
			continue
		}
		p, err := pl.other(ref.c, ref.text)
		if err != nil {
			return nil, err
		}
		if p == nil {
			return nil, fail(ref.c.name, "no %s is known as %q", f.Ref, clip(ref.text, 80))
		}
		v := model.Ref(p.id)
		if f.Type == model.TRefs {
			v = model.Refs(append(d.drafts[partMain].Get(f.Name).IDs(), p.id)...)
		}
		d.drafts[partMain].Set(f.Name, v)
	}
	return waits, nil
}

// other finds a record that is not a customer.
func (pl *planner) other(c *column, text string) (*planned, error) {
	k := c.field.Ref
	if k == model.Customer {
		return pl.customer(c, text, nil)
	}
	p, err := pl.find(k, Entry(pl.lay.source, text))
	if p != nil || err != nil {
		return p, err
	}
	return pl.lookup(k, c, text, []same.Told{{Mark: same.External, Text: text}, {Mark: same.Name, Text: text}})
}

// settle follows the references that waited. A row whose reference leads nowhere is refused, and
// with it rows that point at what it would have made.
func (pl *planner) settle() error {
	targets := make([]*planned, len(pl.waits))
	for i, w := range pl.waits {
		if w.p.dropped {
			continue
		}
		p, err := pl.other(w.c, w.text)
		var row *rowError
		if err != nil && !asRow(err, &row) {
			return err
		}
		targets[i] = p
	}
	for changed := true; changed; {
		changed = false
		for i, w := range pl.waits {
			if w.p.dropped || w.c.soft || targets[i] != nil && !targets[i].dropped {
				continue
			}
			pl.drop(w)
			changed = true
		}
	}
	for i, w := range pl.waits {
		if !w.p.dropped && targets[i] != nil && !targets[i].dropped {
			pl.point(w, targets[i])
		}
	}
	return nil
}

// drop takes a row back whose reference leads nowhere.
func (pl *planner) drop(w waiting) {
	w.p.dropped = true
	w.p.after = nil
	v := &pl.plan.Verdicts[w.verdict]
	v.Result, v.Column, v.Changes = Failed, w.c.name, nil
	v.Reason = fmt.Sprintf("no %s is known as %q", w.c.field.Ref, clip(w.text, 80))
	pl.plan.refused.add(w.table, w.row, v.Reason)
}

// point sets a reference that waited.
func (pl *planner) point(w waiting, to *planned) {
	from, v := w.p.now().Get(w.c.to), model.Ref(to.id)
	if w.c.field.Type == model.TRefs {
		v = model.Refs(append(from.IDs(), to.id)...)
	}
	if from == v {
		return
	}
	if w.p.after == nil {
		w.p.after = w.p.before.Clone()
		pl.order = append(pl.order, w.p)
	}
	w.p.after.Set(w.c.to, v)
	verdict := &pl.plan.Verdicts[w.verdict]
	if verdict.Result == Same {
		verdict.Result = Updated
	}
	if verdict.Result == Updated {
		verdict.Changes = append(verdict.Changes, model.Change{Field: w.c.to, From: from, To: v})
	}
}

// rowRef begins what Salesforce's sample files call a record: @AccountRef7 is the record of row 7 of
// the accounts that came last.
const rowRef = "@"

// rowRef follows "@AccountRef7". It leads nowhere when there is no such row.
func (pl *planner) rowRef(c *column, text string) (*planned, error) {
	digits := strings.TrimLeft(text, rowRef+"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 {
		return nil, fail(c.name, "%q is not a row of the accounts imported before, such as @AccountRef7", clip(text, 80))
	}
	rows, err := pl.lastRows(pl.lay.source)
	if err != nil {
		return nil, err
	}
	if n > len(rows) {
		return nil, fail(c.name, "%s: the last accounts of the source %s have %d rows; import the accounts first", text, pl.lay.source, len(rows))
	}
	if rows[n-1].IsZero() {
		return nil, fail(c.name, "%s: that row of the accounts was refused", text)
	}
	return &planned{kind: model.Customer, id: rows[n-1], row: -1}, nil
}
