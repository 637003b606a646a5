package exchange

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/same"
	"opsdeck/store/exchange/tabular"
)

// The parts of a row: the record that it is, the customer that it points at, a second record.
const (
	partMain = iota
	partParty
	partExtra
	parts
)

// column is one column of a table, ready to be read into one field.
type column struct {
	index  int
	name   string
	part   int
	order  int          // in which texts that share a field are joined
	to     string       // field, or pseudo-field: key, ~word
	field  *model.Field // nil for pseudo-fields
	change changer      // nil: the text as it is
	as     string
	dates  tabular.DateOrder
	number tabular.NumberStyle
	soft   bool // a reference that may lead nowhere
}

// changer changes a text before it is read as a value. An empty result leaves the field out.
type changer func(text string) string

// value reads a cell as a value of the column's field. Text that says "no value" was left out before.
func (c *column) value(text string) (model.Value, error) {
	text = strings.TrimSpace(text)
	switch c.field.Type {
	case model.TText:
		return c.text(text), nil
	case model.TNumber:
		return c.numberValue(text)
	case model.TMoney:
		d, err := tabular.ParseNumber(text, c.number)
		if err == nil {
			d, err = d.Rescale(4)
		}
		if err != nil {
			return model.Value{}, err
		}
		return model.Money(d.Unscaled), nil
	case model.TDate:
		y, m, d, err := tabular.ParseDate(text, c.dates)
		if err != nil {
			return model.Value{}, err
		}
		return model.Date(day.Of(y, m, d)), nil
	case model.TTime:
		t, err := tabular.ParseTime(text, c.dates, time.UTC)
		if err != nil {
			return model.Value{}, err
		}
		return model.Time(t.UnixMilli()), nil
	case model.TBool:
		b, err := tabular.ParseBool(text)
		if err != nil {
			return model.Value{}, err
		}
		return model.Bool(b), nil
	case model.TPick:
		return pickValue(c.field, text)
	case model.TList:
		return model.List(splitMembers(text)...), nil
	}
	return c.field.Parse(text)
}

// text reads one-line text, with the fields whose content has a form of its own.
func (c *column) text(text string) model.Value {
	switch c.field.Name {
	case "domain":
		if host := same.HostOf(text); host != "" {
			return model.Text(host)
		}
	case "currency":
		return model.Text(strings.ToUpper(text))
	}
	return model.Text(text)
}

func (c *column) numberValue(text string) (model.Value, error) {
	d, err := tabular.ParseNumber(text, c.number)
	if err != nil {
		return model.Value{}, err
	}
	f, err := strconv.ParseFloat(d.String(), 64)
	if err != nil {
		return model.Value{}, err
	}
	// "75%" is 0.75 for the reader of numbers, and 75 for fields that count in percent.
	if strings.Contains(text, "%") && strings.HasSuffix(c.field.Label, "%") {
		f *= 100
	}
	return model.Number(f), nil
}

// pickValue reads one of a field's options, whatever its case, spacing and punctuation.
func pickValue(f *model.Field, text string) (model.Value, error) {
	for _, o := range f.Options {
		if o == text || same.Fold(o) == same.Fold(text) {
			return model.Pick(o), nil
		}
	}
	return model.Value{}, fmt.Errorf("%q is none of %s", clip(text, 80), strings.Join(f.Options, ", "))
}

// splitMembers parts a cell that holds several short texts at semicolons, else at line breaks, else
// at commas.
func splitMembers(text string) []string {
	for _, sep := range []string{";", "\n", ","} {
		if strings.Contains(text, sep) {
			return strings.Split(text, sep)
		}
	}
	return []string{text}
}

// join adds a further cell to a field that has content already: names and texts are put together,
// of everything else the first stays.
func join(f *model.Field, have, more model.Value) model.Value {
	switch f.Type {
	case model.TText:
		sep := " "
		if f.IsCustom() {
			sep = "; "
		}
		return model.Text(have.Str() + sep + more.Str())
	case model.TLong:
		return model.Long(have.Str() + "\n" + more.Str())
	case model.TList:
		return model.List(append(have.Items(), more.Items()...)...)
	}
	return have
}

var errFormula = errors.New("the spreadsheet has a formula error here")
