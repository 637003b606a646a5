package model

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Verb is what an op does to its record.
type Verb uint8

// The verbs. Their numbers are written into the log and never change meaning.
const (
	Create Verb = 1 + iota // every field goes from empty to its content
	Update                 // some fields change
	Remove                 // every field goes from its content to empty
)

// String names the verb for histories.
func (v Verb) String() string {
	switch v {
	case Create:
		return "create"
	case Update:
		return "update"
	case Remove:
		return "remove"
	}
	return "unknown"
}

// Change is one field before and after.
type Change struct {
	Field    string
	From, To Value
}

// Op is a change of one record. It carries what its author had seen (From), so that it can be
// refused when that is no longer true, and reversed.
type Op struct {
	Verb    Verb
	Kind    Kind
	ID      ID
	Changes []Change
}

// CreateOp makes the op that creates a record.
func CreateOp(r *Record) Op {
	op := Op{Verb: Create, Kind: r.Kind, ID: r.ID, Changes: make([]Change, len(r.Fields))}
	for i, fv := range r.Fields {
		op.Changes[i] = Change{Field: fv.Name, To: fv.Value}
	}
	return op
}

// RemoveOp makes the op that removes a record.
func RemoveOp(r *Record) Op { return CreateOp(r).Reverse() }

// UpdateOp makes the op that turns one version of a record into another, and false where they are
// the same.
func UpdateOp(before, after *Record) (Op, bool) {
	op := Op{Verb: Update, Kind: after.Kind, ID: after.ID}
	for _, fv := range before.Fields {
		if to := after.Get(fv.Name); to != fv.Value {
			op.Changes = append(op.Changes, Change{Field: fv.Name, From: fv.Value, To: to})
		}
	}
	for _, fv := range after.Fields {
		if before.Get(fv.Name).IsZero() {
			op.Changes = append(op.Changes, Change{Field: fv.Name, To: fv.Value})
		}
	}
	slices.SortFunc(op.Changes, func(a, b Change) int { return strings.Compare(a.Field, b.Field) })
	return op, len(op.Changes) > 0
}

// Reverse returns the op that takes this one back.
func (o Op) Reverse() Op {
	r := Op{Kind: o.Kind, ID: o.ID, Changes: make([]Change, len(o.Changes))}
	switch o.Verb {
	case Create:
		r.Verb = Remove
	case Remove:
		r.Verb = Create
	default:
		r.Verb = o.Verb
	}
	for i, c := range o.Changes {
		r.Changes[i] = Change{Field: c.Field, From: c.To, To: c.From}
	}
	return r
}

// ConflictError says that a record is not as the author of a change had seen it.
type ConflictError struct {
	Kind   Kind
	ID     ID
	Title  string
	Field  string // empty when the record as a whole is missing or already there
	Seen   Value  // what the author had seen
	Now    Value  // what is there
	Reason string
}

// Error implements error.
func (e *ConflictError) Error() string {
	who := e.Kind.String() + " " + e.ID.String()
	if e.Title != "" {
		who = fmt.Sprintf("%s %q", e.Kind, e.Title)
	}
	if e.Field == "" {
		return who + " " + e.Reason
	}
	return fmt.Sprintf("%s: %s has been changed meanwhile: it was %q and is now %q", who, e.Field, e.Seen.Format(), e.Now.Format())
}

var errEmptyOp = errors.New("the change changes nothing")

// Validate checks the op by itself, without the record.
func (o Op) Validate() error {
	if o.ID.IsZero() {
		return fmt.Errorf("%s of a %s without an id", o.Verb, o.Kind)
	}
	if o.Verb < Create || o.Verb > Remove {
		return nil // A verb of a newer program is kept and forwarded.
	}
	if o.Verb == Update && len(o.Changes) == 0 {
		return errEmptyOp
	}
	if o.Verb == Remove {
		return nil
	}
	for _, c := range o.Changes {
		if err := ValidateField(o.Kind, c.Field, c.To); err != nil {
			return err
		}
	}
	return nil
}

// Apply returns the record after the op, with everything checked that Validate checks. The record
// given is not changed; nil stands for "not there". A *ConflictError tells that the record is not as
// the op's author had seen it.
func (o Op) Apply(r *Record) (*Record, error) {
	return o.ApplyIn(&Record{}, r)
}

// ApplyIn is Apply that makes the record after a change in the room that another one has: for those who change
// hundreds of thousands and keep none of them.
func (o Op) ApplyIn(room, r *Record) (*Record, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	after, err := o.replay(room, r)
	if err != nil || after == nil {
		return nil, err
	}
	// The fields that change have been checked; of the others only what has to fit together can fail.
	return after, after.validateWhole()
}

// Replay is Apply for an op that was let through once: today's rules for fields do not matter.
func (o Op) Replay(r *Record) (*Record, error) { return o.replay(&Record{}, r) }

func (o *Op) replay(room, r *Record) (*Record, error) {
	was := r
	switch {
	case o.Verb == Create && r != nil:
		return nil, &ConflictError{Kind: o.Kind, ID: o.ID, Title: r.Title(), Reason: "is already there"}
	case o.Verb != Create && r == nil:
		return nil, &ConflictError{Kind: o.Kind, ID: o.ID, Reason: "is no longer there"}
	case o.Verb == Create:
		if o.plain() {
			return o.created(), nil
		}
		r = room.become(o.Kind, o.ID, nil, len(o.Changes))
	case o.Verb == Remove && o.removes(r):
		return nil, nil
	default:
		r = room.become(r.Kind, r.ID, r.Fields, len(r.Fields)+len(o.Changes))
	}
	for _, c := range o.Changes {
		if now := r.Get(c.Field); now != c.From {
			return nil, o.conflict(was, c.Field, c.From, now)
		}
		r.Set(c.Field, c.To)
	}
	if o.Verb != Remove {
		return r, nil
	}
	if len(r.Fields) > 0 {
		return nil, o.conflict(was, r.Fields[0].Name, Value{}, r.Fields[0].Value)
	}
	return nil, nil
}

// become makes a record another one, in the room that it has.
func (r *Record) become(k Kind, id ID, fields []FieldValue, size int) *Record {
	if cap(r.Fields) < size {
		r.Fields = make([]FieldValue, 0, size)
	}
	r.Kind, r.ID, r.Fields = k, id, append(r.Fields[:0], fields...)
	return r
}

// conflict names the record as it was before the op; nil stands for one that is being created.
func (o *Op) conflict(r *Record, field string, seen, now Value) error {
	e := &ConflictError{Kind: o.Kind, ID: o.ID, Field: field, Seen: seen, Now: now}
	if r != nil {
		e.Title = r.Title()
	}
	return e
}

// plain tells whether a creation names each field once, in the order in which records hold them, as
// those of imports do.
func (o *Op) plain() bool {
	for i := range o.Changes {
		c := &o.Changes[i]
		if !c.From.IsZero() || c.To.IsZero() || i > 0 && o.Changes[i-1].Field >= c.Field {
			return false
		}
	}
	return true
}

func (o *Op) created() *Record {
	r := &Record{Kind: o.Kind, ID: o.ID, Fields: make([]FieldValue, len(o.Changes))}
	for i := range o.Changes {
		r.Fields[i] = FieldValue{Name: o.Changes[i].Field, Value: o.Changes[i].To}
	}
	return r
}

// removes tells whether a removal names just the fields that the record has.
func (o *Op) removes(r *Record) bool {
	if len(o.Changes) != len(r.Fields) {
		return false
	}
	for i := range o.Changes {
		c, fv := &o.Changes[i], &r.Fields[i]
		if c.Field != fv.Name || c.From != fv.Value || !c.To.IsZero() {
			return false
		}
	}
	return true
}

// AppendOp appends the encoding of an op to b.
func AppendOp(b []byte, o Op) []byte {
	s := SchemaOf(o.Kind)
	b = append(b, codecVersion, byte(o.Verb), byte(o.Kind))
	b = append(b, o.ID[:]...)
	b = appendCount(b, len(o.Changes))
	for _, c := range o.Changes {
		b = appendName(b, s, c.Field)
		b = appendValue(appendValue(b, c.From), c.To)
	}
	return b
}

func appendCount(b []byte, n int) []byte {
	return append(b, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}

// MayHold tells without decoding whether encoded ops can hold one of a verb on a kind: it never misses one, and
// may see one in bytes that only look like it.
func MayHold(encoded []byte, v Verb, k Kind) bool {
	return bytes.Contains(encoded, []byte{codecVersion, byte(v), byte(k)})
}

// EachOp calls fn with what each of encoded ops does to which record until it returns false, without looking at the
// values.
func EachOp(encoded []byte, fn func(v Verb, k Kind, id ID) bool) error {
	c := cursor{b: encoded}
	for len(c.b) > 0 {
		version, verb, kind := c.byte(), Verb(c.byte()), Kind(c.byte())
		var id ID
		copy(id[:], c.bytes(uint64(len(id))))
		n := uint32(c.byte())<<24 | uint32(c.byte())<<16 | uint32(c.byte())<<8 | uint32(c.byte())
		if c.bad || version != codecVersion || uint64(n) > uint64(len(c.b)) {
			return errCodec
		}
		for range n {
			if c.uvarint() == 0 {
				c.bytes(c.uvarint())
			}
			c.skip()
			c.skip()
		}
		if c.bad {
			return errCodec
		}
		if !fn(verb, kind, id) {
			return nil
		}
	}
	return nil
}

// DecodeOps reads ops that AppendOp wrote one after the other.
func DecodeOps(b []byte) ([]Op, error) {
	var ops []Op
	c := cursor{b: b, whole: string(b)}
	for len(c.b) > 0 {
		if v := c.byte(); v != codecVersion {
			return nil, fmt.Errorf("op %d: %w: encoding version %d", len(ops), errCodec, v)
		}
		op := Op{Verb: Verb(c.byte()), Kind: Kind(c.byte())}
		copy(op.ID[:], c.bytes(16))
		n := 0
		for range 4 {
			n = n<<8 | int(c.byte())
		}
		if n > len(c.b) {
			return nil, fmt.Errorf("op %d: %w", len(ops), errCodec)
		}
		s := SchemaOf(op.Kind)
		for range n {
			op.Changes = append(op.Changes, Change{Field: c.name(s), From: c.value(), To: c.value()})
		}
		if c.bad {
			return nil, fmt.Errorf("op %d: %w", len(ops), errCodec)
		}
		ops = append(ops, op)
	}
	return ops, nil
}
