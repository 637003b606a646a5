package tabular

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ListSeparator stands between the members of a JSON list that became one cell.
const ListSeparator = "; "

// field is one value of a flattened record.
type field struct {
	name, text string
	typ        CellType
	null       bool
}

// maxDepth is how deep records are flattened; what lies deeper becomes a cell of JSON.
const maxDepth = 8

var errNoObject = errors.New("it is no object with named values")

// flatten turns a JSON object into fields: members of objects get dotted names (user.login), lists
// of plain values are joined, and lists of objects give one joined field for each of their members
// (labels[].name).
func flatten(raw []byte) ([]field, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	if t != json.Delim('{') {
		return nil, errNoObject
	}
	f := flattener{dec: dec}
	if err := f.object("", 1); err != nil {
		return nil, err
	}
	if dec.More() {
		return nil, fmt.Errorf("there is more after the object, at character %d", dec.InputOffset())
	}
	return f.fields, nil
}

// flattener collects the fields of a record in the order in which they stand.
type flattener struct {
	dec    *json.Decoder
	fields []field
}

// object reads the members of an object whose brace is read already.
func (f *flattener) object(prefix string, depth int) error {
	for f.dec.More() {
		key, err := f.dec.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		if err := f.value(prefix+name, depth); err != nil {
			return err
		}
	}
	_, err := f.dec.Token()
	return err
}

func (f *flattener) value(name string, depth int) error {
	if depth >= maxDepth {
		var raw json.RawMessage
		if err := f.dec.Decode(&raw); err != nil {
			return err
		}
		f.fields = append(f.fields, field{name: name, text: string(raw), typ: TextCell})
		return nil
	}
	t, err := f.dec.Token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('{'):
		return f.object(name+".", depth+1)
	case json.Delim('['):
		return f.list(name, depth)
	}
	f.fields = append(f.fields, scalar(name, t))
	return nil
}

// scalar makes a field of a value that is neither object nor list.
func scalar(name string, t json.Token) field {
	switch v := t.(type) {
	case string:
		return field{name: name, text: v, typ: TextCell}
	case bool:
		if v {
			return field{name: name, text: "true", typ: BoolCell}
		}
		return field{name: name, text: "false", typ: BoolCell}
	case json.Number:
		if d, err := ParseNumber(v.String(), DecimalPoint); err == nil {
			return field{name: name, text: d.String(), typ: NumberCell}
		}
		return field{name: name, text: v.String(), typ: TextCell}
	}
	return field{name: name, null: true}
}

// list reads a list whose bracket is read already and joins it.
func (f *flattener) list(name string, depth int) error {
	inner := flattener{dec: f.dec}
	for f.dec.More() {
		if err := inner.value("", depth+1); err != nil {
			return err
		}
	}
	if _, err := f.dec.Token(); err != nil {
		return err
	}
	f.fields = append(f.fields, joined(name, inner.fields)...)
	return nil
}

// joined gathers the fields of a list's members by name. Members of objects in it come with the name
// they have there; plain values come without. An empty list gives no field: whether it would have
// held plain values or objects is not known.
func joined(list string, members []field) []field {
	var names []string
	texts := map[string][]string{}
	for _, m := range members {
		if _, ok := texts[m.name]; !ok {
			names = append(names, m.name)
			texts[m.name] = nil
		}
		if !m.null {
			texts[m.name] = append(texts[m.name], m.text)
		}
	}
	fields := make([]field, len(names))
	for i, n := range names {
		full := list
		if n != "" {
			full = list + "[]" + n
		}
		fields[i] = field{name: full, text: strings.Join(texts[n], ListSeparator), typ: TextCell}
	}
	return fields
}
