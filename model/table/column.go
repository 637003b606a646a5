package table

import (
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
)

// storage is how a column keeps its values.
type storage uint8

const (
	kept     storage = iota // not here: read on demand from the book
	asText                  // numbers of texts in a dict
	asNumber                // numbers, amounts and times, as numCell
	asDay                   // dates, as dayCell
	asFlag                  // 0 empty, 1 no, 2 yes
	asRow                   // one reference: the row pointed at, plus one
	asRows                  // several references
)

func storageOf(f *model.Field) storage {
	if f.Has(model.FCold) || f.Type == model.TParts || f.Name == "keys" {
		return kept
	}
	switch f.Type {
	case model.TNumber, model.TMoney, model.TTime:
		return asNumber
	case model.TDate:
		return asDay
	case model.TBool:
		return asFlag
	case model.TRef:
		return asRow
	case model.TRefs:
		return asRows
	}
	return asText
}

// numCell is an integer whose zero value means "empty", so that fresh chunks are empty: it holds the
// integer with the uppermost bit flipped. The one integer that cannot be held is math.MinInt64: minus
// zero is made zero before, and no amount is as low.
type numCell int64

func cellOf(n int64) numCell { return numCell(n ^ math.MinInt64) }

func (c numCell) int() int64 {
	if c == 0 {
		return 0
	}
	return int64(c) ^ math.MinInt64
}

// dayCell is a day in the same manner; day.None is what it holds where it is empty.
type dayCell int32

func dayOf(d day.Day) dayCell { return dayCell(d) ^ math.MinInt32 }

func (c dayCell) day() day.Day { return day.Day(c ^ math.MinInt32) }

// column holds one field of every record of a kind.
type column struct {
	field *model.Field
	as    storage
	code  vec[uint32] // asText
	dict  *dict
	texts texts
	num   vec[numCell]
	day   vec[dayCell]
	flag  vec[uint8]
	to    vec[int32] // asRow
	lists links      // asRows
	// kids lists, by row of the record pointed at, the rows that point at it through this field, in the
	// order of their ids.
	kids   links
	used   int  // rows with a text, for columns of the company's own
	shared bool // the dict is that of another column, too
}

func newColumn(f *model.Field) column {
	c := column{field: f, as: storageOf(f)}
	if c.as == asText {
		c.dict = newDict(f.Options)
		c.texts = c.dict.view()
	}
	return c
}

// freeze ends the writing: from now on what is there may be shared.
func (c *column) freeze() {
	switch c.as {
	case asText:
		c.code.freeze()
		c.texts = c.dict.view()
	case asNumber:
		c.num.freeze()
	case asDay:
		c.day.freeze()
	case asFlag:
		c.flag.freeze()
	case asRow:
		c.to.freeze()
		c.kids.later.freeze()
	case asRows:
		c.lists.later.freeze()
		c.kids.later.freeze()
	}
}

// changed tells whether anything has been written since the last freeze.
func (c *column) changed() bool {
	switch c.as {
	case asText:
		return c.code.changed()
	case asNumber:
		return c.num.changed()
	case asDay:
		return c.day.changed()
	case asFlag:
		return c.flag.changed()
	}
	return true // Orders and words by references rest on other tables, too.
}

// text returns what a textual column holds. Lists come joined by listSep.
func (c *column) text(row int32) string { return c.texts.get(c.code.get(row)) }

// row returns the row that a reference points at, or -1.
func (c *column) row(row int32) int32 { return c.to.get(row) - 1 }

// float returns a number, amount, date, time or yes-or-no as a number, and whether there is one.
func (c *column) float(row int32) (float64, bool) {
	switch c.as {
	case asNumber:
		cell := c.num.get(row)
		if c.field.Type == model.TNumber {
			return math.Float64frombits(uint64(cell.int())), cell != 0
		}
		return float64(cell.int()), cell != 0
	case asDay:
		cell := c.day.get(row)
		if cell == 0 {
			return 0, false
		}
		return float64(cell.day()), true
	case asFlag:
		f := c.flag.get(row)
		return max(0, float64(f)-1), f != 0
	}
	return 0, false
}

// empty tells whether a row has no value here.
func (c *column) empty(row int32) bool {
	switch c.as {
	case asText:
		return c.code.get(row) == 0
	case asRow:
		return c.to.get(row) == 0
	case asRows:
		return len(c.lists.get(row)) == 0
	}
	_, ok := c.float(row)
	return !ok
}

// value returns a row's value; s is needed for references, which are kept as rows.
func (c *column) value(s *Snapshot, row int32) model.Value {
	if c.empty(row) {
		return model.Value{}
	}
	switch c.as {
	case asText:
		return textValue(c.field.Type, c.text(row))
	case asRow:
		return model.Ref(s.tables[c.field.Ref].ID(c.row(row)))
	case asRows:
		return model.Refs(s.tables[c.field.Ref].idsOf(c.lists.get(row))...)
	case asDay:
		return model.Date(c.day.get(row).day())
	case asFlag:
		return model.Bool(c.flag.get(row) == 2)
	}
	switch n := c.num.get(row).int(); c.field.Type {
	case model.TMoney:
		return model.Money(n)
	case model.TTime:
		return model.Time(n)
	default:
		return model.Number(math.Float64frombits(uint64(n)))
	}
}

func textValue(t model.Type, s string) model.Value {
	switch t {
	case model.TList:
		return model.List(strings.Split(s, listSep)...)
	case model.TPick:
		return model.Pick(s)
	case model.TPerson:
		return model.Person(s)
	case model.TLong:
		return model.Long(s)
	}
	return model.Text(s)
}

// holds tells whether the column takes in values of a type. A type that a field does not have can
// only have come from a newer program; lists cannot show it.
func (c *column) holds(t model.Type) bool {
	return c.as != kept && (t == c.field.Type || c.as == asText && storageOf(&model.Field{Type: t}) == asText)
}

// write puts a value and tells whether another one was there.
func (c *column) write(s *Snapshot, t *Table, row int32, v model.Value) bool {
	if !c.holds(v.Type()) {
		v = model.Value{}
	}
	switch c.as {
	case asText:
		return c.putText(row, plainText(v))
	case asNumber:
		return c.num.put(row, numberCell(v))
	case asDay:
		return c.day.put(row, dayOf(v.Day()))
	case asFlag:
		return c.flag.put(row, flagOf(v))
	case asRow:
		to := int32(-1)
		if id := v.ID(); !id.IsZero() {
			to = s.tables[c.field.Ref].dir.row(id)
		}
		return c.putRow(t, row, to)
	case asRows:
		ids := v.IDs()
		list := make([]int32, len(ids))
		for i, id := range ids {
			list[i] = s.tables[c.field.Ref].dir.row(id)
		}
		return c.putRows(t, row, list)
	}
	return false
}

func plainText(v model.Value) string {
	if v.Type() == model.TList {
		return strings.Join(v.Items(), listSep)
	}
	return v.Str()
}

func numberCell(v model.Value) numCell {
	switch v.Type() {
	case model.TNumber:
		f, _ := v.Float()
		return cellOf(int64(math.Float64bits(f)))
	case model.TMoney:
		n, _ := v.Units()
		return cellOf(n)
	case model.TTime:
		n, _ := v.Millis()
		return cellOf(n)
	}
	return 0
}

func flagOf(v model.Value) uint8 {
	switch {
	case v.Type() != model.TBool:
		return 0
	case v.IsTrue():
		return 2
	}
	return 1
}

// putText puts a text and tells whether another one was there.
func (c *column) putText(row int32, text string) bool {
	was := c.code.get(row)
	if c.known(was) == text {
		return false
	}
	c.code.set(row, c.codeOf(text))
	if c.field.IsCustom() {
		c.used += filled(text) - filled(c.known(was))
	}
	return true
}

// codeOf finds the number of a text. The options of a pick stand first in its dict, in their order.
func (c *column) codeOf(text string) uint32 {
	for i, o := range c.field.Options {
		if o == text {
			return uint32(i + 1)
		}
	}
	return c.dict.code(text)
}

func filled(text string) int {
	if text == "" {
		return 0
	}
	return 1
}

// known is the text of a number that may have been given after the column was frozen last.
func (c *column) known(code uint32) string {
	if int(code) >= c.texts.len() {
		c.texts = c.dict.view()
	}
	return c.texts.get(code)
}

// putRow puts a reference, -1 for none, and tells whether another one was there.
func (c *column) putRow(t *Table, row, to int32) bool {
	was := c.row(row)
	if was == to {
		return false
	}
	c.to.set(row, to+1)
	if was >= 0 {
		c.kids.remove(was, row)
	}
	if to >= 0 {
		c.kids.insert(to, row, t.dir)
	}
	return true
}

// putRows puts several references and tells whether others were there.
func (c *column) putRows(t *Table, row int32, list []int32) bool {
	was := c.lists.get(row)
	if slices.Equal(was, list) {
		return false
	}
	for _, to := range was {
		c.kids.remove(to, row)
	}
	for _, to := range list {
		c.kids.insert(to, row, t.dir)
	}
	c.lists.set(row, list)
	return true
}
