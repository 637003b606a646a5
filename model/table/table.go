package table

import (
	"math"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
)

// none is how a number column says "empty". No number, amount or date is stored as it: minus zero is
// made zero, and amounts stop one short of it.
const none = math.MinInt64

// column holds one field of every record of a kind: numbers, dates, yes/no and references as
// integers, all others as text.
type column struct {
	of      model.Kind // the kind of the records
	field   *model.Field
	textual bool
	num     vec[numCell]
	str     vec[string]
	used    int // rows with a text
	// kids lists, by row of the record pointed at, the rows that point at it through this field.
	kids vec[[]int32]
}

// numCell is an integer whose zero value means "empty", so that fresh chunks are empty: it holds the
// integer with the bits of none flipped.
type numCell int64

func cellOf(n int64) numCell { return numCell(n ^ none) }

func (c numCell) int() int64 {
	if c == 0 {
		return 0
	}
	return int64(c) ^ none
}

func (c numCell) set() bool { return c != 0 }

func isTextual(t model.Type) bool {
	switch t {
	case model.TNumber, model.TMoney, model.TDate, model.TTime, model.TBool, model.TRef:
		return false
	}
	return true
}

// Table holds every record of one kind.
type Table struct {
	Schema *model.Schema
	dir    *directory
	size   int32 // rows in use, live or not
	count  int   // live rows
	live   vec[bool]
	cols   []column // by index into Schema.Fields
	custom map[string]*column
	words  vec[string] // folded text that bare words of a filter look into
	ranks  *rankCache
}

// Len returns the number of records.
func (t *Table) Len() int { return t.count }

// Size returns one more than the highest row in use.
func (t *Table) Size() int32 { return t.size }

// Live tells whether the row is a record.
func (t *Table) Live(row int32) bool { return row >= 0 && row < t.size && t.live.get(row) }

// ID returns the id of a row, the zero id for rows out of range.
func (t *Table) ID(row int32) model.ID { return t.dir.id(row) }

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

// Value returns a field of a row; fields that are read on demand are empty here.
func (t *Table) Value(row int32, field string) model.Value {
	c := t.col(field)
	if c == nil || row < 0 || row >= t.size {
		return model.Value{}
	}
	return t.value(c, row)
}

func (t *Table) value(c *column, row int32) model.Value {
	if c.textual {
		return textValue(c.field.Type, c.str.get(row))
	}
	cell := c.num.get(row)
	if !cell.set() {
		return model.Value{}
	}
	switch c.field.Type {
	case model.TNumber:
		return model.Number(math.Float64frombits(uint64(cell.int())))
	case model.TMoney:
		return model.Money(cell.int())
	case model.TDate:
		return model.Date(day.Day(cell.int()))
	case model.TTime:
		return model.Time(cell.int())
	case model.TBool:
		return model.Bool(cell.int() == 1)
	}
	return model.Value{}
}

func textValue(t model.Type, s string) model.Value {
	switch {
	case s == "":
		return model.Value{}
	case t == model.TRefs:
		return model.Refs(refIDs(s)...)
	case t == model.TList:
		return model.List(strings.Split(s, listSep)...)
	case t == model.TPick:
		return model.Pick(s)
	case t == model.TPerson:
		return model.Person(s)
	case t == model.TLong:
		return model.Long(s)
	}
	return model.Text(s)
}

// Str returns a textual field of a row. Lists come joined by listSep.
func (t *Table) Str(row int32, field string) string {
	if c := t.col(field); c != nil && c.textual {
		return c.str.get(row)
	}
	return ""
}

// Num returns a number, amount (in ten-thousandths), date (days) or time (milliseconds) of a row.
// Numbers come as floats, so that one function serves sorting and filters alike.
func (t *Table) Num(row int32, field string) (float64, bool) {
	c := t.col(field)
	if c == nil || c.textual || c.field.Type == model.TRef {
		return 0, false
	}
	return c.float(row)
}

func (c *column) float(row int32) (float64, bool) {
	cell := c.num.get(row)
	if c.field.Type == model.TNumber {
		return math.Float64frombits(uint64(cell.int())), cell.set()
	}
	return float64(cell.int()), cell.set()
}

// Units returns an amount of a row in ten-thousandths; empty is 0.
func (t *Table) Units(row int32, field string) int64 {
	if c := t.col(field); c != nil && c.field.Type == model.TMoney {
		return c.num.get(row).int()
	}
	return 0
}

// Day returns a date of a row.
func (t *Table) Day(row int32, field string) day.Day {
	if c := t.col(field); c != nil && c.field.Type == model.TDate {
		if cell := c.num.get(row); cell.set() {
			return day.Day(cell.int())
		}
	}
	return day.None
}

// Bool tells whether a yes-or-no field of a row is a yes.
func (t *Table) Bool(row int32, field string) bool {
	c := t.col(field)
	return c != nil && c.field.Type == model.TBool && c.num.get(row).int() == 1
}

// To returns the row that a reference points at, or -1.
func (t *Table) To(row int32, field string) int32 {
	if c := t.col(field); c != nil && c.field.Type == model.TRef {
		if cell := c.num.get(row); cell.set() {
			return int32(cell.int())
		}
	}
	return -1
}

// Kids lists the rows of this table whose reference field points at a row of the other table. The
// list must not be changed.
func (t *Table) Kids(parent int32, field string) []int32 {
	if c := t.col(field); c != nil && parent >= 0 {
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

// each calls fn with every record's row, in row order.
func (t *Table) each(fn func(row int32)) {
	for row := range t.size {
		if t.live.get(row) {
			fn(row)
		}
	}
}

// Words returns the folded text that bare words of a filter look into.
func (t *Table) Words(row int32) string { return t.words.get(row) }

// CustomFields lists the names of the company's own fields that occur, in no order.
func (t *Table) CustomFields() []string {
	names := make([]string, 0, len(t.custom))
	for n := range t.custom {
		names = append(names, n)
	}
	return names
}
