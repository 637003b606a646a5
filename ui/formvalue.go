package ui

import (
	"errors"
	"fmt"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// formText writes a value as the form edits it: several values on a line each, as kit.KindMany has
// them, the rest as Format does.
func (a *App) formText(f *model.Field, v model.Value) string {
	var lines strings.Builder
	switch f.Type {
	case model.TRefs:
		for _, id := range v.IDs() {
			lines.WriteString(id.String() + "\n")
		}
	case model.TList:
		for _, item := range v.Items() {
			lines.WriteString(item + "\n")
		}
	default:
		return v.Format()
	}
	return lines.String()
}

// linesOf parts what formText wrote for several values.
func linesOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// parseField reads what was typed into a field of a form.
func (a *App) parseField(k model.Kind, name, text string) (model.Value, error) {
	f, ok := model.SchemaOf(k).Field(name)
	if !ok {
		return model.Value{}, fmt.Errorf("%s have no field %q", model.SchemaOf(k).Plural, name)
	}
	many := strings.HasSuffix(text, "\n") && f.Type != model.TLong // as kit.KindMany has several values
	text = strings.TrimSpace(text)
	var v model.Value
	var err error
	switch {
	case text == "":
	case f.Type == model.TList && many:
		v = model.List(linesOf(text)...)
	case f.Type == model.TRefs && many:
		v, err = refsOf(linesOf(text))
	case f.Type == model.TPerson && text == "me":
		v = model.Person(a.o.Actor)
	case f.Type == model.TTime && text == "now":
		v = model.Time(a.o.Now().UnixMilli())
	case f.Type == model.TDate:
		d, e := day.ParseHuman(text, a.snap.Today)
		v, err = model.Date(d), e
	case f.Type == model.TRef || f.Type == model.TRefs:
		v, err = resolve(a.snap, f, text)
	default:
		v, err = f.Parse(text)
	}
	if err != nil {
		return v, stripField(err, name)
	}
	return v, stripField(model.ValidateField(k, name, v), name)
}

// refsOf reads ids that a form has chosen.
func refsOf(lines []string) (model.Value, error) {
	ids := make([]model.ID, len(lines))
	for i, line := range lines {
		var err error
		if ids[i], err = model.ParseID(line); err != nil {
			return model.Value{}, err
		}
	}
	return model.Refs(ids...), nil
}

// stripField takes the field's name off an error that stands beside the field anyway.
func stripField(err error, name string) error {
	if err == nil {
		return nil
	}
	return errors.New(strings.TrimPrefix(err.Error(), name+": "))
}

// resolve finds the records that are named by id, external id or title.
func resolve(s *table.Snapshot, f *model.Field, text string) (model.Value, error) {
	var ids []model.ID
	for part := range strings.SplitSeq(text, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		found := s.Named(f.Ref, part)
		switch len(found) {
		case 0:
			return model.Value{}, fmt.Errorf("no %s is called %q", f.Ref, part)
		case 1:
			ids = append(ids, s.Table(f.Ref).ID(found[0]))
		default:
			return model.Value{}, fmt.Errorf("%d %s are called %q; use the id", len(found), model.SchemaOf(f.Ref).Plural, part)
		}
	}
	if f.Type == model.TRefs {
		return model.Refs(ids...), nil
	}
	if len(ids) != 1 {
		return model.Value{}, fmt.Errorf("one %s is wanted", f.Ref)
	}
	return model.Ref(ids[0]), nil
}

// parseChanges reads field=value pairs; with a + or - at the end of its name a field of several values
// gets more of them or loses some.
func (a *App) parseChanges(k model.Kind, changes map[string]string) (map[string]model.Value, error) {
	values := map[string]model.Value{}
	for key, text := range changes {
		name, op := changeOf(key)
		v, err := a.parseField(k, name, text)
		if f, ok := model.SchemaOf(k).Field(name); err == nil && ok && op != 0 && f.Type != model.TList && f.Type != model.TRefs {
			err = fmt.Errorf("%c= is for fields that hold several values", op)
		}
		if err != nil {
			return nil, &model.FieldError{Field: name, Err: err}
		}
		values[key] = v
	}
	return values, nil
}

// changeOf parts a key of parseChanges into the field and '+', '-' or 0.
func changeOf(key string) (name string, op byte) {
	if n := len(key); n > 1 && (key[n-1] == '+' || key[n-1] == '-') {
		return key[:n-1], key[n-1]
	}
	return key, 0
}

func applyChanges(r *model.Record, values map[string]model.Value) {
	for key, v := range values {
		name, op := changeOf(key)
		switch op {
		case '+':
			v = r.Get(name).Plus(v)
		case '-':
			v = r.Get(name).Minus(v)
		}
		r.Set(name, v)
	}
}
