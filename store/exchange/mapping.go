package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/BurntSushi/toml"

	"opsdeck/model"
)

// Mapping says what the columns of a source become. It is kept as TOML, in files that people pass
// on and in the book, which remembers it for the header that it was made for.
type Mapping struct {
	Signature  string            `toml:"signature,omitempty"` // of the header it was made for
	Source     string            `toml:"source,omitempty"`
	Kind       string            `toml:"kind,omitempty"`
	Dates      string            `toml:"dates,omitempty"`      // dmy, mdy or ymd
	Decimal    string            `toml:"decimal,omitempty"`    // the decimal sign
	Fields     map[string]string `toml:"fields,omitempty"`     // column → field
	Fixed      map[string]string `toml:"fixed,omitempty"`      // field → value
	Transforms map[string]string `toml:"transforms,omitempty"` // column → name of a transform
}

// EncodeMapping writes a mapping as a TOML file.
func EncodeMapping(m *Mapping) ([]byte, error) {
	var b bytes.Buffer
	if err := toml.NewEncoder(&b).Encode(m); err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	return b.Bytes(), nil
}

// DecodeMapping reads a mapping file. Names that mean nothing are errors, because they are mostly
// misspelt; so are a kind, a transform and formats that do not exist.
func DecodeMapping(data []byte) (*Mapping, error) {
	m := &Mapping{}
	meta, err := toml.Decode(string(data), m)
	if err != nil {
		return nil, &UsageError{Flag: "--map", Err: fmt.Errorf("mapping file: %w", err)}
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return nil, &UsageError{Flag: "--map", Err: fmt.Errorf("mapping file: there is no %q; there are signature, source, kind, dates, decimal, fields, fixed, transforms", extra[0])}
	}
	if _, ok := model.KindByName(m.Kind); m.Kind != "" && !ok {
		err = fmt.Errorf("there is no kind %q", m.Kind)
	}
	for _, t := range slices.Sorted(maps.Values(m.Transforms)) {
		if _, ok := changers[t]; !ok && !isReading(t) {
			err = errors.Join(err, fmt.Errorf("there is no transform %q; there are %v", t, changerNames()))
		}
	}
	_, _, formats := Options{Dates: m.Dates, Decimal: m.Decimal}.formats()
	if err = errors.Join(err, formats); err != nil {
		return nil, &UsageError{Flag: "--map", Err: fmt.Errorf("mapping file: %w", err)}
	}
	return m, nil
}

// remembered returns the mapping that the book keeps for a header, and its record. A mapping that no
// longer reads, because a newer program wrote it, counts as none.
func (pl *planner) remembered(signature string) (*Mapping, *model.Record, error) {
	var found *model.Record
	err := pl.book.Each(model.Mapping, func(r *model.Record) bool {
		if r.Get("signature").Str() == signature {
			found = r
		}
		return found == nil
	})
	if err != nil || found == nil {
		return nil, nil, err
	}
	m, err := DecodeMapping([]byte(found.Get("toml").Str()))
	if err != nil {
		return nil, found, nil
	}
	return m, found, nil
}

// remember keeps what a person said about the columns for the next file with the same header.
func (pl *planner) remember(lay *layout, saved *Mapping, before *model.Record) error {
	if len(pl.o.Map) == 0 && pl.o.Mapping == nil {
		return nil
	}
	m := Mapping{Fields: map[string]string{}}
	for _, from := range []*Mapping{saved, pl.o.Mapping} {
		if from != nil {
			maps.Copy(m.Fields, from.Fields)
			m.Transforms, m.Fixed, m.Dates, m.Decimal = from.Transforms, from.Fixed, from.Dates, from.Decimal
		}
	}
	maps.Copy(m.Fields, pl.o.Map)
	m.Signature, m.Kind = lay.signature, plural(lay.kind)
	if lay.source != lay.signature {
		m.Source = lay.source
	}
	m.Dates, m.Decimal = cmpOr(pl.o.Dates, m.Dates), cmpOr(pl.o.Decimal, m.Decimal)
	text, err := EncodeMapping(&m)
	if err != nil {
		return err
	}
	pl.keep(before, lay.signature, string(text))
	return nil
}

// keep plans a record of the mappings that says something new.
func (pl *planner) keep(before *model.Record, signature, text string) {
	p := &planned{kind: model.Mapping, before: before, row: -1}
	if before == nil {
		p.after = model.NewRecord(model.Mapping, pl.book.NewID())
		p.after.Set("signature", model.Text(signature))
	} else {
		p.after = before.Clone()
	}
	p.id = p.after.ID
	p.after.Set("toml", model.Long(text))
	if !p.after.Equal(before) {
		pl.order = append(pl.order, p)
	}
}
