package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
	"opsdeck/store"
)

// assignment is one field=value of a command line. With += and -= the value is added to a list or
// taken out of it.
type assignment struct {
	field *model.Field
	op    byte // '=', '+' or '-'
	value model.Value
}

// reader turns what people write into values: dates from today, references from names.
type reader struct {
	a    *app
	book *store.Book
}

// assignments reads field=value arguments for a kind.
func (r reader) assignments(k model.Kind, args []string) ([]assignment, error) {
	out := make([]assignment, 0, len(args))
	for _, arg := range args {
		name, text, ok := strings.Cut(arg, "=")
		if !ok {
			return nil, usagef("%q is not field=value", arg)
		}
		op := byte('=')
		if n := len(name); n > 1 && (name[n-1] == '+' || name[n-1] == '-') {
			op, name = name[n-1], name[:n-1]
		}
		f, err := settable(k, name)
		if err != nil {
			return nil, err
		}
		if op != '=' && f.Type != model.TList && f.Type != model.TRefs {
			return nil, usagef("%s%c= is for fields that hold several values; %s holds one", name, op, name)
		}
		v, err := r.value(f, text)
		if err != nil {
			return nil, err
		}
		if err := model.ValidateField(k, name, v); err != nil {
			return nil, err
		}
		out = append(out, assignment{field: f, op: op, value: v})
	}
	return out, nil
}

// settable finds a field that people may set.
func settable(k model.Kind, name string) (*model.Field, error) {
	s := model.SchemaOf(k)
	f, ok := s.Field(name)
	switch {
	case !ok:
		var names []string
		for _, f := range s.Stored() {
			if !f.Has(model.FHidden) {
				names = append(names, f.Name)
			}
		}
		return nil, usagef("%s has no field %q%s", s.Name, name, didYouMean(name, names, fmt.Sprintf("'opsdeck fields %s' lists them", s.Name)))
	case f.Has(model.FDerived):
		return nil, usagef("%s is computed and cannot be set; 'opsdeck why %s ID %s' shows from what", name, s.Name, name)
	case f.Has(model.FHidden):
		return nil, usagef("%s is kept by the program and cannot be set", name)
	}
	return f, nil
}

// value reads one value of a field.
func (r reader) value(f *model.Field, text string) (model.Value, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return model.Value{}, nil
	}
	switch f.Type {
	case model.TDate:
		d, err := day.ParseHuman(trimmed, r.a.day())
		if err != nil {
			return model.Value{}, usagef("%s: %v, today, +90d or -2w", f.Name, err)
		}
		return model.Date(d), nil
	case model.TTime:
		if trimmed == "now" {
			return model.Time(r.a.nowMillis()), nil
		}
		if d, err := day.ParseHuman(trimmed, r.a.day()); err == nil {
			return model.Time(d.Time().UnixMilli()), nil
		}
	case model.TPerson:
		if trimmed == "me" {
			return model.Person(r.a.me()), nil
		}
	case model.TRef, model.TRefs:
		return r.refs(f, text)
	}
	v, err := f.Parse(text)
	if err != nil {
		return v, usagef("%v", err)
	}
	return v, nil
}

// refs reads references by internal id, external id or unique name, parted by semicolons.
func (r reader) refs(f *model.Field, text string) (model.Value, error) {
	list := &model.Field{Name: f.Name, Type: model.TList}
	names, err := list.Parse(text)
	if err != nil {
		return names, usagef("%v", err)
	}
	var ids []model.ID
	for _, name := range names.Items() {
		to, err := r.lookup(f.Ref, name)
		if err != nil {
			return model.Value{}, fmt.Errorf("%s: %w", f.Name, err)
		}
		ids = append(ids, to.ID)
	}
	if f.Type == model.TRefs {
		return model.Refs(ids...), nil
	}
	if len(ids) != 1 {
		return model.Value{}, usagef("%s: %q: one %s is wanted", f.Name, text, f.Ref)
	}
	return model.Ref(ids[0]), nil
}

// lookup finds a record by internal id, by unique external id, or by a name that no other has.
func (r reader) lookup(k model.Kind, text string) (*model.Record, error) {
	found, err := r.book.Lookup(k, text)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return found, err
	}
	title := model.SchemaOf(k).Title
	want := query.Fold(text)
	var same []*model.Record
	eachErr := r.book.Each(k, func(rec *model.Record) bool {
		if query.Fold(rec.Get(title).Format()) == want {
			same = append(same, rec)
		}
		return len(same) < 2
	})
	switch {
	case eachErr != nil:
		return nil, eachErr
	case len(same) == 0:
		return nil, fmt.Errorf("%w; 'opsdeck list %s' shows what there is", err, model.SchemaOf(k).Plural)
	case len(same) > 1:
		return nil, usagef("%s %q: several have this name; use one of the ids %s and %s", k, text, same[0].ID, same[1].ID)
	}
	return same[0], nil
}

// apply puts the values into a record.
func apply(rec *model.Record, set []assignment) {
	for _, s := range set {
		name, v := s.field.Name, s.value
		switch s.op {
		case '+':
			v = rec.Get(name).Plus(v)
		case '-':
			v = rec.Get(name).Minus(v)
		}
		rec.Set(name, v)
	}
}

// fieldNames words what is set, for the label of a step: "owner and tags".
func fieldNames(set []assignment) string {
	var names []string
	for _, s := range set {
		if !slices.Contains(names, s.field.Name) {
			names = append(names, s.field.Name)
		}
	}
	return listed(names)
}

// listed writes "a", "a and b", "a, b and c".
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// ago words how long something is past.
func ago(d time.Duration) string {
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}} {
		if n := int(d / u.size); n > 0 {
			return plural(n, u.name, u.name+"s") + " ago"
		}
	}
	return "just now"
}

// plural writes "1 customer" or "3 customers".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// counted writes how many records of a kind.
func counted(n int, k model.Kind) string {
	s := model.SchemaOf(k)
	return plural(n, s.Name, s.Plural)
}
