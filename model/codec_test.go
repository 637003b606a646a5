package model

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// walked makes a record out of what a FieldReader hands out; fields of a newer program have no name.
func walked(k Kind, id ID, b []byte) (*Record, error) {
	r := &Record{Kind: k, ID: id}
	f := ReadFields(k, id, b)
	for f.Next() {
		name := string(f.Name)
		if f.Index >= 0 {
			name = SchemaOf(k).Fields[f.Index].Name
		}
		r.Fields = append(r.Fields, FieldValue{Name: name, Value: f.Value()})
	}
	return r, f.Err()
}

// sameFields compares what was walked with what was decoded. Only decoding makes up names for fields of
// a newer program.
func sameFields(walked, decoded []FieldValue) bool {
	return slices.EqualFunc(walked, decoded, func(w, d FieldValue) bool {
		return w.Value == d.Value && (w.Name == d.Name || w.Name == "" && strings.HasPrefix(d.Name, unknownPrefix))
	})
}

func TestWalkingARecordIsDecodingIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRecord(anyKind().Draw(t, "kind")).Draw(t, "record")
		r.Set("?999", Text("of a newer program"))
		got, err := walked(r.Kind, r.ID, AppendRecord(nil, r))
		if err != nil || !sameFields(got.Fields, r.Fields) {
			t.Fatalf("%+v was walked as %+v, %v", r, got, err)
		}
	})
}

// FuzzDecodeRecord holds the two readers of records together, on whatever bytes there are.
func FuzzDecodeRecord(f *testing.F) {
	r := NewRecord(Customer, ID{1})
	r.Set("name", Text("Acme"))
	r.Set("employees", Number(5))
	r.Set("arr", Money(-7))
	r.Set("x.own", Text("y"))
	f.Add(byte(Customer), AppendRecord(nil, r))
	f.Add(byte(Item), []byte{1, 0})
	f.Add(byte(99), []byte{1, 200, 3, 1, 1, 'x'})
	f.Add(byte(Order), []byte{})
	f.Fuzz(func(t *testing.T, kind byte, b []byte) {
		decoded, err := DecodeRecord(Kind(kind), ID{1}, b)
		got, walkErr := walked(Kind(kind), ID{1}, b)
		if (err == nil) != (walkErr == nil) {
			t.Fatalf("decoded: %v, walked: %v", err, walkErr)
		}
		if err == nil && !sameFields(got.Fields, decoded.Fields) {
			t.Fatalf("decoded %+v, walked %+v", decoded, got)
		}
	})
}
