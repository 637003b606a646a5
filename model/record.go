package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// FieldValue is one field of a record with its content.
type FieldValue struct {
	Name  string
	Value Value
}

// Record is one thing that a book keeps. Only fields with content are held, sorted by name.
type Record struct {
	Kind   Kind
	ID     ID
	Fields []FieldValue
}

// NewRecord makes an empty record.
func NewRecord(k Kind, id ID) *Record { return &Record{Kind: k, ID: id} }

// find returns where the field is or belongs.
func (r *Record) find(name string) (int, bool) {
	// Written out, as this is asked some twenty times of each of a hundred thousand records.
	low, high := 0, len(r.Fields)
	for low < high {
		if mid := int(uint(low+high) >> 1); r.Fields[mid].Name < name {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low, low < len(r.Fields) && r.Fields[low].Name == name
}

// Get returns a field's content, or the empty value.
func (r *Record) Get(name string) Value {
	if r == nil {
		return Value{}
	}
	if i, ok := r.find(name); ok {
		return r.Fields[i].Value
	}
	return Value{}
}

// Set puts a field's content; the empty value takes the field away.
func (r *Record) Set(name string, v Value) {
	i, ok := r.find(name)
	switch {
	case ok && v.IsZero():
		r.Fields = slices.Delete(r.Fields, i, i+1)
	case ok:
		r.Fields[i].Value = v
	case !v.IsZero():
		r.Fields = slices.Insert(r.Fields, i, FieldValue{Name: name, Value: v})
	}
}

// Clone returns a copy that shares nothing that can change.
func (r *Record) Clone() *Record {
	if r == nil {
		return nil
	}
	return &Record{Kind: r.Kind, ID: r.ID, Fields: slices.Clone(r.Fields)}
}

// Equal tells whether two records have the same kind, id and content.
func (r *Record) Equal(o *Record) bool {
	if r == nil || o == nil {
		return r == o
	}
	return r.Kind == o.Kind && r.ID == o.ID && slices.Equal(r.Fields, o.Fields)
}

// Title returns what people call the record: its title field, else its external id, else its id.
func (r *Record) Title() string {
	if s := SchemaOf(r.Kind); s != nil {
		if t := r.Get(s.Title).Format(); t != "" {
			return t
		}
	}
	if t := r.Get("external_id").Format(); t != "" {
		return t
	}
	return r.ID.String()
}

// FieldError says which field of a record cannot stand and why.
type FieldError struct {
	Field string
	Err   error
}

// Error implements error.
func (e *FieldError) Error() string { return e.Field + ": " + e.Err.Error() }

// Unwrap gives the reason.
func (e *FieldError) Unwrap() error { return e.Err }

var (
	errMissing     = errors.New("is required")
	errNoSuchField = errors.New("no such field")
	errDerived     = errors.New("is computed and cannot be set")
)

// ValidateField checks one value against the field's table entry.
func ValidateField(k Kind, name string, v Value) error {
	s := SchemaOf(k)
	if s == nil {
		return nil // A kind of a newer program is kept as it is.
	}
	f, ok := s.Field(name)
	if !ok {
		if strings.HasPrefix(name, unknownPrefix) {
			return nil
		}
		return &FieldError{Field: name, Err: fmt.Errorf("%w; 'opsdeck fields %s' lists them", errNoSuchField, s.Name)}
	}
	switch {
	case f.Has(FDerived):
		return &FieldError{Field: name, Err: errDerived}
	case v.IsZero() && f.Has(FRequired):
		return &FieldError{Field: name, Err: errMissing}
	case v.IsZero():
		return nil
	case v.t != f.Type:
		return &FieldError{Field: name, Err: fmt.Errorf("holds another type of value")}
	case f.Type == TPick && !f.IsOption(v.s):
		return &FieldError{Field: name, Err: fmt.Errorf("%q is none of %s", v.s, strings.Join(f.Options, ", "))}
	case f.Type == TNumber:
		return validateRange(f, v)
	}
	return nil
}

// validateRange holds numbers to what they can mean: percentages and judgements are 0 to 100, counts
// are not negative.
func validateRange(f *Field, v Value) error {
	n, _ := v.Float()
	hundred := f.Name == "discount" || f.Name == "probability" || f.Name == "sentiment" || f.Name == "confidence"
	if n < 0 || hundred && n > 100 || f.Name == "nps" && n > 10 {
		limit := "0 or more"
		switch {
		case hundred:
			limit = "between 0 and 100"
		case f.Name == "nps":
			limit = "between 0 and 10"
		}
		return &FieldError{Field: f.Name, Err: fmt.Errorf("%s is not %s", v.Format(), limit)}
	}
	return nil
}

// Validate checks a whole record: every field, the required ones, and what must fit together.
func (r *Record) Validate() error {
	if err := r.validateWhole(); err != nil {
		return err
	}
	for _, fv := range r.Fields {
		if err := ValidateField(r.Kind, fv.Name, fv.Value); err != nil {
			return err
		}
	}
	return nil
}

// validateWhole checks what no field shows by itself: that the required ones are there, and what must
// fit together.
func (r *Record) validateWhole() error {
	s := SchemaOf(r.Kind)
	if s == nil {
		return nil
	}
	for i := range s.Fields {
		if f := &s.Fields[i]; f.Has(FRequired) && r.Get(f.Name).IsZero() {
			return &FieldError{Field: f.Name, Err: errMissing}
		}
	}
	if r.Kind == Contract {
		start, end := r.Get("start").Day(), r.Get("end").Day()
		if end.IsSet() && end < start {
			return &FieldError{Field: "end", Err: fmt.Errorf("%s is before the start %s", end, start)}
		}
	}
	if r.Kind == Item && r.Get("state").Str() == "duplicate" && r.Get("duplicate_of").ID() == r.ID {
		return &FieldError{Field: "duplicate_of", Err: errors.New("an item cannot be a duplicate of itself")}
	}
	return nil
}
