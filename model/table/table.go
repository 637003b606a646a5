package table

import (
	"sync"

	"opsdeck/model"
	"opsdeck/model/day"
)

// Table holds every record of one kind.
type Table struct {
	Schema *model.Schema
	snap   *Snapshot
	dir    *directory
	ids    []model.ID // by row
	rising bool       // rows are in the order of ids
	size   int32      // rows in use, live or not
	count  int        // live rows
	live   vec[bool]
	cols   []column // by index into Schema.Fields
	custom map[string]*column
	words  *words
	orders *orders
	// exchanges holds how the amounts of a field compare in this picture, by field, once it was asked for.
	exchanges *sync.Map
	// marked are the rows that differ from the picture before, while a picture is made.
	marked []int32
	all    bool // many rows may differ, and none are noted
}

// Len returns the number of records.
func (t *Table) Len() int { return t.count }

// Size returns one more than the highest row in use.
func (t *Table) Size() int32 { return t.size }

// Live tells whether the row is a record.
func (t *Table) Live(row int32) bool { return t.live.get(row) }

// ID returns the id of a row, the zero id for rows out of range.
func (t *Table) ID(row int32) model.ID {
	if row < 0 || int(row) >= len(t.ids) {
		return model.ID{}
	}
	return t.ids[row]
}

func (t *Table) idsOf(rows []int32) []model.ID {
	ids := make([]model.ID, len(rows))
	for i, row := range rows {
		ids[i] = t.ID(row)
	}
	return ids
}

// Row finds the row of a record.
func (t *Table) Row(id model.ID) (int32, bool) {
	r, ok := t.dir.find(id)
	if !ok || !t.Live(r) {
		return -1, false
	}
	return r, true
}

// col returns the column of a field, or nil if no record has it.
func (t *Table) col(name string) *column {
	if i, ok := t.Schema.Index(name); ok {
		return &t.cols[i]
	}
	return t.custom[name]
}

// typed returns the column of a field if it holds a type.
func (t *Table) typed(name string, as model.Type) *column {
	if c := t.col(name); c != nil && c.field.Type == as {
		return c
	}
	return nil
}

// Value returns a field of a row; fields that are read on demand are empty here.
func (t *Table) Value(row int32, field string) model.Value {
	if c := t.col(field); c != nil {
		return c.value(t.snap, row)
	}
	return model.Value{}
}

// Str returns a textual field of a row. Lists come joined by query.ListSep.
func (t *Table) Str(row int32, field string) string {
	if c := t.col(field); c != nil && c.as == asText {
		return c.text(row)
	}
	return ""
}

// Num returns a number, amount (in ten-thousandths), date (days) or time (milliseconds) of a row.
// Numbers come as floats, so that one function serves sorting and filters alike.
func (t *Table) Num(row int32, field string) (float64, bool) {
	if c := t.col(field); c != nil {
		return c.float(row)
	}
	return 0, false
}

// Units returns an amount of a row in ten-thousandths; empty is 0.
func (t *Table) Units(row int32, field string) int64 {
	if c := t.typed(field, model.TMoney); c != nil {
		return c.num.get(row).int()
	}
	return 0
}

// Day returns a date of a row.
func (t *Table) Day(row int32, field string) day.Day {
	if c := t.typed(field, model.TDate); c != nil {
		return c.day.get(row).day()
	}
	return day.None
}

// Bool tells whether a yes-or-no field of a row is a yes.
func (t *Table) Bool(row int32, field string) bool {
	c := t.typed(field, model.TBool)
	return c != nil && c.flag.get(row) == 2
}

// To returns the row that a reference points at, or -1.
func (t *Table) To(row int32, field string) int32 {
	if c := t.typed(field, model.TRef); c != nil {
		return c.row(row)
	}
	return -1
}

// ToAll returns the rows that a field of several references points at, records that are gone among
// them. The list must not be changed.
func (t *Table) ToAll(row int32, field string) []int32 {
	if c := t.typed(field, model.TRefs); c != nil {
		return c.lists.get(row)
	}
	return nil
}

// Kids lists the rows of this table whose reference field points at a row of the other table, in the
// order of their ids. The list must not be changed.
func (t *Table) Kids(parent int32, field string) []int32 {
	if c := t.col(field); c != nil {
		return c.kids.get(parent)
	}
	return nil
}

// Rows calls fn with every record's row, in the order of ids, until fn returns false.
func (t *Table) Rows(fn func(row int32) bool) {
	for _, row := range t.Order(nil) {
		if !fn(row) {
			return
		}
	}
}

// CustomFields lists the names of the company's own fields that occur, in no order.
func (t *Table) CustomFields() []string {
	names := make([]string, 0, len(t.custom))
	for n := range t.custom {
		names = append(names, n)
	}
	return names
}

// thaw returns a copy that may be written to and shares every chunk until it is.
func (t *Table) thaw(s *Snapshot, all bool) *Table {
	c := *t
	c.snap, c.all, c.exchanges = s, all, &sync.Map{}
	c.cols = append([]column(nil), t.cols...)
	c.custom = make(map[string]*column, len(t.custom))
	for n, col := range t.custom {
		dup := *col
		c.custom[n] = &dup
	}
	c.marked = nil
	return &c
}

// freeze ends the writing. Columns of the company's own that nobody fills any more go.
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
	t.ids, t.rising = t.dir.view()
}

// unwritten lists the columns in which nothing has changed since the picture before. It is for pictures of
// which most is computed again and little is different, as on the morning of a new day. None are listed where records
// have come or gone.
func (t *Table) unwritten() map[string]bool {
	if t.live.changed() {
		return map[string]bool{}
	}
	same := map[string]bool{"": true} // The order of ids rests on no column.
	for i := range t.cols {
		if c := &t.cols[i]; !c.changed() {
			same[c.field.Name] = true
		}
	}
	for name, c := range t.custom {
		same[name] = !c.changed()
	}
	return same
}

// see makes texts readable that have come since the columns were frozen.
func (t *Table) see() {
	for i := range t.cols {
		if c := &t.cols[i]; c.as == asText {
			c.texts = c.dict.view()
		}
	}
	for _, c := range t.custom {
		c.texts = c.dict.view()
	}
}

// settle brings the texts of figures into one piece, while nobody else has the table.
func (t *Table) settle() {
	for i := range t.cols {
		if c := &t.cols[i]; c.as == asText {
			c.dict.settle()
		}
	}
}

// renew makes the dicts anew that have grown too much since the start.
func (t *Table) renew() {
	for i := range t.cols {
		c := &t.cols[i]
		if c.as != asText || c.shared || !c.dict.stale() {
			continue
		}
		renew(t.size, c)
	}
	for _, c := range t.custom {
		if c.dict.stale() {
			renew(t.size, c)
		}
	}
}

// mark notes that a row differs from the picture before.
func (t *Table) mark(row int32) {
	if n := len(t.marked); !t.all && (n == 0 || t.marked[n-1] != row) {
		t.marked = append(t.marked, row)
	}
}

// put writes a record's fields, or empties all fields for nil.
func (t *Table) put(row int32, r *model.Record) {
	for i := range t.cols {
		c := &t.cols[i]
		if c.as == kept || c.field.Has(model.FDerived) && r != nil {
			continue // Figures of a record that is gone go with it, since others may still point at it.
		}
		if c.write(t.snap, t, row, r.Get(c.field.Name)) {
			t.mark(row)
		}
	}
	for name, c := range t.custom {
		if c.write(t.snap, t, row, r.Get(name)) {
			t.mark(row)
		}
	}
	if r == nil {
		return
	}
	for _, fv := range r.Fields {
		if c := t.customColumn(fv.Name); c != nil && c.write(t.snap, t, row, fv.Value) {
			t.mark(row)
		}
	}
}

// customColumn returns the column of a field of the company's own and makes it where it is new; nil
// for other fields. Fields of a newer program are kept by the book; lists cannot show them.
func (t *Table) customColumn(name string) *column {
	if c, ok := t.custom[name]; ok {
		return c
	}
	if _, own := t.Schema.Index(name); own {
		return nil
	}
	f, ok := t.Schema.Field(name)
	if !ok {
		return nil
	}
	c := newColumn(f)
	t.custom[name] = &c
	return &c
}
