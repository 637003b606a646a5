package model

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The encoding of records and changes. It is ours and not CBOR because lists of 100,000 customers are
// built from it at every start: a record decodes in well under a microsecond (docs/decisions/0002).
//
// record  = version byte, then fields until the end
// field   = number uvarint; 0 is followed by the custom name as text; then a value
// value   = type byte, then nothing (none), zigzag varint (number bits, money, date, time, bool) or
//           text (all others)
// text    = length uvarint, bytes
//
// A field number that this program does not know is kept under a name made of unknownPrefix and the
// number, so that an older program forwards what a newer one wrote.

const codecVersion = 1

// unknownPrefix begins the name of a field whose number this program does not know.
const unknownPrefix = "?"

var errCodec = errors.New("record does not decode")

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// AppendValue appends the encoding of a value to b: two values are the same just when their encodings are.
func AppendValue(b []byte, v Value) []byte { return appendValue(b, v) }

func appendValue(b []byte, v Value) []byte {
	b = append(b, byte(v.t))
	switch v.t {
	case TNone:
		return b
	case TNumber:
		return binary.BigEndian.AppendUint64(b, uint64(v.n))
	case TMoney, TDate, TTime, TBool:
		return binary.AppendVarint(b, v.n)
	}
	return appendText(b, v.s)
}

func appendName(b []byte, s *Schema, name string) []byte {
	if s != nil {
		if i, ok := s.byName[name]; ok && s.Fields[i].Num != 0 {
			return binary.AppendUvarint(b, uint64(s.Fields[i].Num))
		}
	}
	if rest, ok := strings.CutPrefix(name, unknownPrefix); ok {
		if n, err := strconv.ParseUint(rest, 10, 16); err == nil && n > 0 {
			return binary.AppendUvarint(b, n)
		}
	}
	return appendText(append(b, 0), name)
}

// AppendRecord appends the encoding of a record's fields to b. Kind and id are not part of it: they
// are the key under which the record is kept.
func AppendRecord(b []byte, r *Record) []byte {
	s := SchemaOf(r.Kind)
	b = append(b, codecVersion)
	for _, fv := range r.Fields {
		b = appendValue(appendName(b, s, fv.Name), fv.Value)
	}
	return b
}

// cursor reads an encoding front to back; the first fault sticks.
type cursor struct {
	b   []byte
	bad bool
	// whole is a copy of the encoding up to its end, of which texts are parts; without one each text is a copy of
	// its own. A record has some twenty texts, and what is read of it is seldom kept longer than the record.
	whole string
}

func (c *cursor) uvarint() uint64 {
	// Nearly all numbers of fields and lengths of texts are a single byte.
	if len(c.b) > 0 && c.b[0] < 0x80 {
		n := c.b[0]
		c.b = c.b[1:]
		return uint64(n)
	}
	return c.longUvarint()
}

func (c *cursor) longUvarint() uint64 {
	n, w := binary.Uvarint(c.b)
	if w <= 0 {
		c.bad, c.b = true, nil
		return 0
	}
	c.b = c.b[w:]
	return n
}

func (c *cursor) varint() int64 {
	n, w := binary.Varint(c.b)
	if w <= 0 {
		c.bad, c.b = true, nil
		return 0
	}
	c.b = c.b[w:]
	return n
}

func (c *cursor) bytes(n uint64) []byte {
	if n > uint64(len(c.b)) {
		c.bad, c.b = true, nil
		return nil
	}
	out := c.b[:n]
	c.b = c.b[n:]
	return out
}

func (c *cursor) byte() byte {
	if len(c.b) == 0 {
		c.bad = true
		return 0
	}
	b := c.b[0]
	c.b = c.b[1:]
	return b
}

func (c *cursor) text() string {
	b := c.bytes(c.uvarint())
	if c.whole == "" {
		return string(b)
	}
	end := len(c.whole) - len(c.b)
	return c.whole[end-len(b) : end]
}

// skip passes over a value.
func (c *cursor) skip() {
	switch Type(c.byte()) {
	case TNone:
	case TNumber:
		c.bytes(8)
	case TMoney, TDate, TTime, TBool:
		c.varint()
	default:
		c.bytes(c.uvarint())
	}
}

func (c *cursor) value() Value {
	v := Value{t: Type(c.byte())}
	switch v.t {
	case TNone:
	case TNumber:
		if b := c.bytes(8); b != nil {
			v.n = int64(binary.BigEndian.Uint64(b))
		}
	case TMoney, TDate, TTime, TBool:
		v.n = c.varint()
	default:
		v.s = c.text()
	}
	return v
}

// fieldIndex finds the place of a field in its schema by kind and number; -1 is none.
var fieldIndex = buildFieldIndex()

func buildFieldIndex() [][]int16 {
	out := make([][]int16, len(schemas))
	for k, s := range schemas {
		if s == nil {
			continue
		}
		for num, i := range s.byNum {
			for len(out[k]) <= int(num) {
				out[k] = append(out[k], -1)
			}
			out[k][num] = int16(i)
		}
	}
	return out
}

// FieldReader walks the fields of an encoded record without making a record of it, for those who read
// hundreds of thousands. What it hands out lies in the encoding and must be copied to be kept.
type FieldReader struct {
	// Index is the field's place in its kind's Schema.Fields; -1 for fields of the company's own, which
	// have a Name, and for those of a newer program, which have none.
	Index int
	Name  []byte
	Type  Type
	N     int64  // of a number its bits; amounts, dates, times and yes-or-no as they are
	Text  []byte // of all other types
	c     cursor
	index []int16
	kind  Kind
	id    ID
}

// ReadFields begins to walk what AppendRecord wrote.
func ReadFields(k Kind, id ID, b []byte) FieldReader {
	r := FieldReader{kind: k, id: id, c: cursor{b: b}}
	if int(k) < len(fieldIndex) {
		r.index = fieldIndex[k]
	}
	r.c.bad = r.c.byte() != codecVersion
	return r
}

// Next reads the next field, and is false at the end or where the encoding is broken.
func (r *FieldReader) Next() bool {
	if r.c.bad || len(r.c.b) == 0 {
		return false
	}
	r.Index, r.Name, r.Text, r.N = -1, nil, nil, 0
	if num := r.c.uvarint(); num == 0 {
		r.Name = r.c.bytes(r.c.uvarint())
	} else if num < uint64(len(r.index)) {
		r.Index = int(r.index[num])
	}
	r.Type = Type(r.c.byte())
	switch r.Type {
	case TNone:
	case TNumber:
		if b := r.c.bytes(8); b != nil {
			r.N = int64(binary.BigEndian.Uint64(b))
		}
	case TMoney, TDate, TTime, TBool:
		r.N = r.c.varint()
	default:
		r.Text = r.c.bytes(r.c.uvarint())
	}
	return !r.c.bad
}

// Err tells whether the encoding was broken.
func (r *FieldReader) Err() error {
	if r.c.bad {
		return fmt.Errorf("%s %s: %w", r.kind, r.id, errCodec)
	}
	return nil
}

// Value makes the value of the field that was read last.
func (r *FieldReader) Value() Value { return Value{t: r.Type, n: r.N, s: string(r.Text)} }

// DecodeRecord reads what AppendRecord wrote.
func DecodeRecord(k Kind, id ID, b []byte) (*Record, error) {
	out := &Record{Fields: make([]FieldValue, 0, 16)}
	if err := out.Decode(k, id, b); err != nil {
		return nil, err
	}
	return out, nil
}

// Decode makes the record what AppendRecord wrote, in the room that it has: for those who read hundreds of thousands
// and keep none of them.
func (r *Record) Decode(k Kind, id ID, b []byte) error {
	if len(b) > 0 && b[0] != codecVersion {
		return fmt.Errorf("%s %s: %w: encoding version %d", k, id, errCodec, b[0])
	}
	s := SchemaOf(k)
	r.Kind, r.ID, r.Fields = k, id, r.Fields[:0]
	c := cursor{b: b, bad: len(b) == 0, whole: string(b)}
	c.byte()
	for len(c.b) > 0 {
		name := c.name(s)
		r.Fields = append(r.Fields, FieldValue{Name: name, Value: c.value()})
	}
	if c.bad {
		return fmt.Errorf("%s %s: %w", k, id, errCodec)
	}
	return nil
}

func (c *cursor) name(s *Schema) string {
	num := c.uvarint()
	if num == 0 {
		return c.text()
	}
	if s != nil && num < uint64(len(fieldIndex[s.Kind])) {
		if i := fieldIndex[s.Kind][num]; i >= 0 {
			return s.Fields[i].Name
		}
	}
	return unknownPrefix + strconv.FormatUint(num, 10)
}
