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
}

func (c *cursor) uvarint() uint64 {
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
	if b := c.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) text() string { return string(c.bytes(c.uvarint())) }

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

func (c *cursor) name(s *Schema) string {
	num := c.uvarint()
	if num == 0 {
		return c.text()
	}
	if s != nil && num <= 0xffff {
		if i, ok := s.byNum[uint16(num)]; ok {
			return s.Fields[i].Name
		}
	}
	return unknownPrefix + strconv.FormatUint(num, 10)
}

// DecodeRecord reads what AppendRecord wrote.
func DecodeRecord(k Kind, id ID, b []byte) (*Record, error) {
	c := cursor{b: b}
	if v := c.byte(); v != codecVersion {
		return nil, fmt.Errorf("%s %s: %w: encoding version %d", k, id, errCodec, v)
	}
	s := SchemaOf(k)
	r := &Record{Kind: k, ID: id, Fields: make([]FieldValue, 0, 16)}
	for len(c.b) > 0 {
		name := c.name(s)
		r.Fields = append(r.Fields, FieldValue{Name: name, Value: c.value()})
	}
	if c.bad {
		return nil, fmt.Errorf("%s %s: %w", k, id, errCodec)
	}
	return r, nil
}
