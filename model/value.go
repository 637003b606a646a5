package model

import (
	"math"
	"slices"
	"strings"

	"opsdeck/model/day"
)

// Type says what a field holds.
type Type uint8

// The types of field values. Their numbers are written into books and never change meaning.
const (
	TNone   Type = iota
	TText        // one line of text
	TLong        // text of any length, not kept in memory for lists
	TNumber      // a count or a measure
	TMoney       // an exact amount in ten-thousandths of the major unit of the record's currency
	TDate        // a calendar date without a zone
	TTime        // an instant, in milliseconds since 1970 UTC
	TBool        // yes or no
	TPick        // one of the field's options
	TList        // several short texts
	TRef         // another record
	TRefs        // several other records
	TPerson      // the handle of a user
	TParts       // the source rows behind an aggregated record
)

// MoneyScale is how many units of a money value make one major unit. Four places hold every
// currency's minor unit and the products of price, quantity and discount without rounding.
const MoneyScale = 10000

// listSep parts the texts of a list inside a value. It is a control character and therefore
// never part of a text, which SetText guarantees.
const listSep = "\x1f"

// Value is the content of one field. The zero Value means "empty". Values are comparable with ==.
type Value struct {
	t Type
	n int64
	s string
}

// Text makes a one-line text value; blank text is the empty value.
func Text(s string) Value { return textual(TText, s) }

// Long makes a text value of any length.
func Long(s string) Value { return textual(TLong, s) }

// Pick makes a value out of one of a field's options.
func Pick(s string) Value { return textual(TPick, s) }

// Person makes a value out of a user's handle.
func Person(s string) Value { return textual(TPerson, s) }

func textual(t Type, s string) Value {
	s = scrub(s)
	if strings.TrimSpace(s) == "" {
		return Value{}
	}
	return Value{t: t, s: s}
}

// Number makes a numeric value; NaN and infinities become the empty value.
func Number(f float64) Value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}
	}
	if f == 0 {
		f = 0 // Minus zero and zero are one value, so that == holds.
	}
	return Value{t: TNumber, n: int64(math.Float64bits(f))}
}

// Money makes an amount out of ten-thousandths of the major unit.
func Money(units int64) Value { return Value{t: TMoney, n: units} }

// Date makes a date value; day.None is the empty value.
func Date(d day.Day) Value {
	if !d.IsSet() {
		return Value{}
	}
	return Value{t: TDate, n: int64(d)}
}

// Time makes an instant out of milliseconds since 1970 UTC.
func Time(ms int64) Value { return Value{t: TTime, n: ms} }

// Bool makes a yes or a no. No is a value, not the absence of one.
func Bool(b bool) Value {
	if b {
		return Value{t: TBool, n: 1}
	}
	return Value{t: TBool}
}

// List makes a value of several texts in the given order; blank texts and repeats are left out.
func List(items ...string) Value {
	kept := make([]string, 0, len(items))
	seen := make(map[string]bool, len(items))
	for _, it := range items {
		it = strings.TrimSpace(strings.ReplaceAll(scrub(it), listSep, " "))
		if it != "" && !seen[it] {
			seen[it] = true
			kept = append(kept, it)
		}
	}
	if len(kept) == 0 {
		return Value{}
	}
	return Value{t: TList, s: strings.Join(kept, listSep)}
}

// Ref makes a reference to a record; the zero id is the empty value.
func Ref(id ID) Value {
	if id.IsZero() {
		return Value{}
	}
	return Value{t: TRef, s: string(id[:])}
}

// Refs makes references to several records; zero ids and repeats are left out.
func Refs(ids ...ID) Value {
	var b strings.Builder
	seen := make(map[ID]bool, len(ids))
	for _, id := range ids {
		if !id.IsZero() && !seen[id] {
			seen[id] = true
			b.Write(id[:])
		}
	}
	if b.Len() == 0 {
		return Value{}
	}
	return Value{t: TRefs, s: b.String()}
}

// Type tells what the value holds; TNone for the empty value.
func (v Value) Type() Type { return v.t }

// IsZero tells whether the value is empty.
func (v Value) IsZero() bool { return v == Value{} }

// Str returns the text of a textual value, and nothing for other types.
func (v Value) Str() string {
	switch v.t {
	case TText, TLong, TPick, TPerson:
		return v.s
	}
	return ""
}

// Float returns the number of a TNumber, and false for other types.
func (v Value) Float() (float64, bool) {
	if v.t != TNumber {
		return 0, false
	}
	return math.Float64frombits(uint64(v.n)), true
}

// Units returns a money amount in ten-thousandths of the major unit, and false for other types.
func (v Value) Units() (int64, bool) { return v.n, v.t == TMoney }

// Day returns the date of a TDate, and day.None for other types.
func (v Value) Day() day.Day {
	if v.t != TDate {
		return day.None
	}
	return day.Day(v.n)
}

// Millis returns the instant of a TTime, and false for other types.
func (v Value) Millis() (int64, bool) { return v.n, v.t == TTime }

// IsTrue tells whether the value is a yes.
func (v Value) IsTrue() bool { return v.t == TBool && v.n == 1 }

// Items returns the texts of a list.
func (v Value) Items() []string {
	if v.t != TList {
		return nil
	}
	return strings.Split(v.s, listSep)
}

// ID returns the record that a TRef points at, or the zero id.
func (v Value) ID() ID {
	var id ID
	if v.t == TRef {
		copy(id[:], v.s)
	}
	return id
}

// IDs returns the records that a TRef or TRefs points at.
func (v Value) IDs() []ID {
	if v.t != TRef && v.t != TRefs {
		return nil
	}
	ids := make([]ID, len(v.s)/len(ID{}))
	for i := range ids {
		copy(ids[i][:], v.s[i*len(ID{}):])
	}
	return ids
}

// Plus adds the texts of a list, or the records of a TRefs, that are not there yet. Other types, which
// hold one value, become o.
func (v Value) Plus(o Value) Value {
	switch o.t {
	case TList:
		return List(union(v.Items(), o.Items())...)
	case TRefs:
		return Refs(union(v.IDs(), o.IDs())...)
	}
	return o
}

// Minus takes the texts of a list, or the records of a TRefs, away. Other types stay as they are.
func (v Value) Minus(o Value) Value {
	switch o.t {
	case TList:
		return List(without(v.Items(), o.Items())...)
	case TRefs:
		return Refs(without(v.IDs(), o.IDs())...)
	}
	return v
}

func union[T comparable](old, more []T) []T {
	return append(slices.Clone(old), without(more, old)...)
}

func without[T comparable](old, gone []T) []T {
	return slices.DeleteFunc(slices.Clone(old), func(x T) bool { return slices.Contains(gone, x) })
}

// scrub makes text safe to keep: valid UTF-8 without NUL. What a terminal must not see stays in the
// value, because a record keeps what its source said; drawing cleans it.
func scrub(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		if s[i] == 0 || s[i] >= 0x80 {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
