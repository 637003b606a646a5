package sample

import (
	"fmt"
	"math/bits"
	"slices"

	"opsdeck/model"
)

// draft is the record being filled. Its fields may be set in any order at little cost, which matters
// for large books: every field of the kind has its place among the values, in the order of the names.
type draft struct {
	kind model.Kind
	id   model.ID
	*layout
	values [64]model.Value
	set    uint64 // one bit per value
	err    error  // a field that the kind does not have
}

// layout is where the fields of a kind stand in a draft.
type layout struct {
	names  []string
	places map[string]uint8
}

func newLayout(k model.Kind) layout {
	l := layout{places: map[string]uint8{}}
	for _, f := range model.SchemaOf(k).Stored() {
		l.names = append(l.names, f.Name)
	}
	slices.Sort(l.names)
	for i, name := range l.names {
		l.places[name] = uint8(i)
	}
	return l
}

// Set puts a field's content; the empty value changes nothing.
func (d *draft) Set(name string, v model.Value) {
	if v.IsZero() {
		return
	}
	place, ok := d.places[name]
	if !ok || int(place) >= len(d.values) {
		d.err = fmt.Errorf("%s.%s: no such field", d.kind, name)
		return
	}
	d.values[place] = v
	d.set |= 1 << place
}

// get returns what has been set.
func (d *draft) get(name string) model.Value {
	place, ok := d.places[name]
	if !ok || int(place) >= len(d.values) || d.set&(1<<place) == 0 {
		return model.Value{}
	}
	return d.values[place]
}

// record makes the record that the draft describes.
func (d *draft) record() *model.Record {
	r := &model.Record{Kind: d.kind, ID: d.id, Fields: make([]model.FieldValue, 0, bits.OnesCount64(d.set))}
	for rest := d.set; rest != 0; rest &= rest - 1 {
		at := bits.TrailingZeros64(rest)
		r.Fields = append(r.Fields, model.FieldValue{Name: d.names[at], Value: d.values[at]})
	}
	return r
}
