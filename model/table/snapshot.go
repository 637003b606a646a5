package table

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
)

const listSep = query.ListSep

// Snapshot is a book at one moment. It never changes; Update makes the next one.
type Snapshot struct {
	Seq      uint64 // the log entry up to which it has seen
	Today    day.Day
	Settings *model.Settings
	tables   []*Table // by kind
	rules    rules
}

// Delta is one record after a commit: its new content, or nil when it is gone.
type Delta struct {
	Kind   model.Kind
	ID     model.ID
	Record *model.Record
}

// New makes the picture of an empty book.
func New(today day.Day, s *model.Settings) *Snapshot {
	snap := &Snapshot{Today: today, Settings: s, rules: newRules(s), tables: make([]*Table, model.LastKind+1)}
	for _, k := range model.Kinds() {
		schema := model.SchemaOf(k)
		t := &Table{Schema: schema, dir: newDirectory(), custom: map[string]*column{}, ranks: newRankCache()}
		for i := range schema.Fields {
			f := &schema.Fields[i]
			t.cols = append(t.cols, column{of: k, field: f, textual: isTextual(f.Type)})
		}
		snap.tables[k] = t
	}
	return snap
}

// Table returns the table of a kind. Kinds that are unknown have none.
func (s *Snapshot) Table(k model.Kind) *Table {
	if int(k) >= len(s.tables) {
		return nil
	}
	return s.tables[k]
}

// Update returns the picture after a commit. The receiver stays as it was. Settings are given when
// they have changed, else nil.
func (s *Snapshot) Update(seq uint64, today day.Day, settings *model.Settings, deltas []Delta) *Snapshot {
	next := &Snapshot{Seq: seq, Today: today, Settings: s.Settings, rules: s.rules, tables: make([]*Table, len(s.tables))}
	all := today != s.Today
	if settings != nil {
		next.Settings, next.rules, all = settings, newRules(settings), true
	}
	for i, t := range s.tables {
		if t != nil {
			next.tables[i] = t.thaw()
		}
	}
	dirty := next.newDirty(all)
	for _, d := range deltas {
		if t := next.Table(d.Kind); t != nil {
			next.put(t, d, dirty)
		}
	}
	next.derive(dirty)
	for _, t := range next.tables {
		if t != nil {
			t.freeze()
		}
	}
	return next
}

// thaw returns a copy that may be written to and shares every chunk until it is.
func (t *Table) thaw() *Table {
	c := *t
	c.cols = append([]column(nil), t.cols...)
	c.custom = make(map[string]*column, len(t.custom))
	for n, col := range t.custom {
		dup := *col
		c.custom[n] = &dup
	}
	c.ranks = newRankCache()
	return &c
}

func (t *Table) freeze() {
	for i := range t.cols {
		t.cols[i].freeze()
	}
	for name, c := range t.custom {
		if c.used == 0 {
			delete(t.custom, name)
		}
		c.freeze()
	}
	t.live.freeze()
	t.words.freeze()
}

func (c *column) freeze() {
	c.num.freeze()
	c.str.freeze()
	c.kids.freeze()
}

// put writes one record into its table and notes whose figures it touches.
func (s *Snapshot) put(t *Table, d Delta, dirty *dirtyRows) {
	row := t.dir.row(d.ID)
	t.size = max(t.size, row+1)
	was := t.live.get(row)
	if was {
		dirty.touch(s, d.Kind, row)
		t.clear(s, row)
	}
	if d.Record == nil {
		if was {
			t.live.set(row, false)
			t.count--
			t.clearFigures(s, row)
		}
		t.words.set(row, "")
		return
	}
	if !was {
		t.live.set(row, true)
		t.count++
	}
	for _, fv := range d.Record.Fields {
		t.setField(s, row, fv.Name, fv.Value)
	}
	t.words.set(row, foldedWords(t.Schema, d.Record))
	dirty.touch(s, d.Kind, row)
}

// clear empties the stored fields of a row.
func (t *Table) clear(s *Snapshot, row int32) {
	for i := range t.cols {
		if c := &t.cols[i]; !c.field.Has(model.FDerived) {
			c.write(s, row, model.Value{})
		}
	}
	for _, c := range t.custom {
		c.write(s, row, model.Value{})
	}
}

// clearFigures empties the figures of a row whose record is gone, since others may still point at it.
func (t *Table) clearFigures(s *Snapshot, row int32) {
	for i := range t.cols {
		if c := &t.cols[i]; c.field.Has(model.FDerived) {
			c.write(s, row, model.Value{})
		}
	}
}

func (t *Table) setField(s *Snapshot, row int32, name string, v model.Value) {
	c := t.col(name)
	if c == nil {
		f, ok := t.Schema.Field(name)
		if !ok {
			return // A field of a newer program; the book keeps it, lists cannot show it.
		}
		c = &column{of: t.Schema.Kind, field: f, textual: isTextual(f.Type)}
		t.custom[name] = c
	}
	if c.field.Has(model.FCold) || c.field.Type == model.TParts || c.field.Name == "keys" {
		return
	}
	c.write(s, row, v)
}

// write puts a value into a column. Writing what is there already copies nothing.
func (c *column) write(s *Snapshot, row int32, v model.Value) {
	if c.textual {
		text := v.Str()
		switch v.Type() {
		case model.TList:
			text = strings.Join(v.Items(), listSep)
		case model.TRefs:
			c.relink(s, row, refIDs(c.str.get(row)), v.IDs())
			text = joinIDs(v.IDs())
		case model.TNone:
			if c.field.Type == model.TRefs {
				c.relink(s, row, refIDs(c.str.get(row)), nil)
			}
		}
		if was := c.str.get(row); was != text {
			c.str.set(row, text)
			c.used += filled(text) - filled(was)
		}
		return
	}
	cell := numCell(0)
	switch v.Type() {
	case model.TNumber:
		f, _ := v.Float()
		cell = cellOf(int64(math.Float64bits(f)))
	case model.TMoney:
		n, _ := v.Units()
		cell = cellOf(n)
	case model.TDate:
		cell = cellOf(int64(v.Day()))
	case model.TTime:
		n, _ := v.Millis()
		cell = cellOf(n)
	case model.TBool:
		cell = cellOf(0)
		if v.IsTrue() {
			cell = cellOf(1)
		}
	case model.TRef:
		cell = cellOf(int64(s.target(c.field).row(v.ID())))
	}
	old := c.num.get(row)
	if old == cell {
		return
	}
	c.num.set(row, cell)
	if c.field.Type == model.TRef {
		if old.set() {
			c.unlink(int32(old.int()), row)
		}
		if cell.set() {
			c.link(s, int32(cell.int()), row)
		}
	}
}

func filled(s string) int {
	if s == "" {
		return 0
	}
	return 1
}

func (s *Snapshot) target(f *model.Field) *directory { return s.tables[f.Ref].dir }

func (c *column) relink(s *Snapshot, row int32, from, to []model.ID) {
	for _, id := range from {
		c.unlink(s.target(c.field).row(id), row)
	}
	for _, id := range to {
		c.link(s, s.target(c.field).row(id), row)
	}
}

// link keeps the list in the order of ids, so that it is the same after the next start. It makes a new
// list, because an older picture may share the one that is there.
func (c *column) link(s *Snapshot, parent, row int32) {
	old, dir := c.kids.get(parent), s.tables[c.of].dir
	at, _ := slices.BinarySearchFunc(old, dir.id(row), func(k int32, id model.ID) int { return compareIDs(dir.id(k), id) })
	fresh := make([]int32, 0, len(old)+1)
	c.kids.set(parent, append(append(append(fresh, old[:at]...), row), old[at:]...))
}

// unlink makes a new list, because an older picture may share the one that is there.
func (c *column) unlink(parent, row int32) {
	old := c.kids.get(parent)
	kept := make([]int32, 0, len(old))
	for _, k := range old {
		if k != row {
			kept = append(kept, k)
		}
	}
	c.kids.set(parent, kept)
}

func compareIDs(a, b model.ID) int { return bytes.Compare(a[:], b[:]) }

func joinIDs(ids []model.ID) string {
	var b strings.Builder
	for _, id := range ids {
		b.Write(id[:])
	}
	return b.String()
}

func refIDs(s string) []model.ID {
	ids := make([]model.ID, len(s)/len(model.ID{}))
	for i := range ids {
		copy(ids[i][:], s[i*len(model.ID{}):])
	}
	return ids
}

// foldedWords joins the fields that bare words look into. Fields are parted by a control character
// that no word can hold, so that a word never matches across two fields.
func foldedWords(schema *model.Schema, r *model.Record) string {
	var b strings.Builder
	for _, fv := range r.Fields {
		f, ok := schema.Field(fv.Name)
		if !ok || !f.Has(model.FSearch) {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(listSep)
		}
		b.WriteString(query.Fold(fv.Value.Str()))
	}
	return b.String()
}

// Loader builds the first picture of a book, record by record.
type Loader struct {
	s     *Snapshot
	dirty *dirtyRows
}

// NewLoader begins a picture.
func NewLoader(today day.Day, settings *model.Settings) *Loader {
	s := New(today, settings)
	return &Loader{s: s, dirty: s.newDirty(true)}
}

// Put adds a record.
func (l *Loader) Put(r *model.Record) {
	if t := l.s.Table(r.Kind); t != nil {
		l.s.put(t, Delta{Kind: r.Kind, ID: r.ID, Record: r}, l.dirty)
	}
}

// Snapshot computes the figures and ends the building.
func (l *Loader) Snapshot(seq uint64) *Snapshot {
	l.s.Seq = seq
	l.s.derive(l.dirty)
	for _, t := range l.s.tables {
		if t != nil {
			t.freeze()
		}
	}
	return l.s
}
