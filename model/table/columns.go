package table

import (
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/query"
)

// FilterSchema tells the filter language which fields a kind has, custom ones included.
func (s *Snapshot) FilterSchema(k model.Kind) query.Schema { return filterSchema{s.tables[k]} }

type filterSchema struct{ t *Table }

// Field implements query.Schema.
func (f filterSchema) Field(name string) (query.Field, bool) {
	c := f.t.col(name)
	if c == nil || c.field.Has(model.FCold) || c.field.Type == model.TParts || name == "keys" {
		return query.Field{}, false
	}
	return query.Field{Name: name, Type: queryType(c.field.Type), Values: c.field.Options}, true
}

// Names implements query.Schema.
func (f filterSchema) Names() []string {
	var names []string
	for i := range f.t.cols {
		if _, ok := f.Field(f.t.cols[i].field.Name); ok {
			names = append(names, f.t.cols[i].field.Name)
		}
	}
	custom := f.t.CustomFields()
	slices.Sort(custom)
	return append(names, custom...)
}

func queryType(t model.Type) query.Type {
	switch t {
	case model.TNumber:
		return query.Number
	case model.TMoney:
		return query.Money
	case model.TDate:
		return query.Date
	case model.TTime:
		return query.Time
	case model.TBool:
		return query.Bool
	case model.TPick:
		return query.Pick
	case model.TList:
		return query.List
	case model.TRef, model.TRefs, model.TPerson:
		return query.Ref
	}
	return query.Text
}

// Columns gives the filter language access to the records of a kind.
func (s *Snapshot) Columns(k model.Kind) query.Columns { return filterColumns{s, s.tables[k]} }

type filterColumns struct {
	s *Snapshot
	t *Table
}

// Words implements query.Columns.
func (f filterColumns) Words() func(row int) string {
	return func(row int) string { return f.t.words.get(int32(row)) }
}

// Text implements query.Columns. A reference stands for the id, the external id and the name of the
// record that it points at.
func (f filterColumns) Text(field string) func(row int) string {
	c := f.t.col(field)
	if c == nil {
		return nil
	}
	switch c.field.Type {
	case model.TRef:
		return func(row int) string { return f.s.refNames(c.field.Ref, f.t.To(int32(row), field)) }
	case model.TRefs:
		return func(row int) string {
			names := ""
			for _, id := range refIDs(c.str.get(int32(row))) {
				if r, ok := f.s.tables[c.field.Ref].Row(id); ok {
					names += f.s.refNames(c.field.Ref, r) + listSep
				}
			}
			return names
		}
	}
	return func(row int) string { return query.Fold(c.str.get(int32(row))) }
}

func (s *Snapshot) refNames(k model.Kind, row int32) string {
	t := s.tables[k]
	if !t.Live(row) {
		return ""
	}
	return query.Fold(t.Str(row, t.Schema.Title)) + listSep + query.Fold(t.Str(row, "external_id")) + listSep + t.ID(row).String()
}

// Number implements query.Columns: amounts in major units, times in seconds.
func (f filterColumns) Number(field string) func(row int) (float64, bool) {
	c := f.t.col(field)
	if c == nil {
		return nil
	}
	scale := 1.0
	switch c.field.Type {
	case model.TMoney:
		scale = model.MoneyScale
	case model.TTime:
		scale = 1000
	}
	return func(row int) (float64, bool) {
		v, ok := c.float(int32(row))
		return v / scale, ok
	}
}

// Sum is the total of an amount or a number over rows, apart for each currency.
type Sum struct {
	Currency string // empty for numbers, and for amounts without a currency
	Total    float64
	Units    int64 // of amounts, exact
	Count    int   // rows that have a value
}

// Totals adds a field up over rows, each currency for itself, largest first.
func (s *Snapshot) Totals(k model.Kind, rows []int32, field string) []Sum {
	t := s.tables[k]
	c := t.col(field)
	if c == nil || c.textual || c.field.Type == model.TRef {
		return nil
	}
	by := map[string]*Sum{}
	for _, row := range rows {
		v, ok := c.float(row)
		if !ok {
			continue
		}
		name := ""
		if c.field.Type == model.TMoney {
			name = s.CurrencyOf(k, row)
		}
		sum := by[name]
		if sum == nil {
			sum = &Sum{Currency: name}
			by[name] = sum
		}
		sum.Total += v
		sum.Count++
		if c.field.Type == model.TMoney {
			sum.Units += c.num.get(row).int()
		}
	}
	out := make([]Sum, 0, len(by))
	for _, s := range by {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Sum) int {
		if d := math.Abs(b.Total) - math.Abs(a.Total); d != 0 {
			return int(math.Copysign(1, d))
		}
		return cmpText(a.Currency, b.Currency)
	})
	return out
}

func cmpText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Find lists records whose searched text holds the words, in row order, at most limit.
func (s *Snapshot) Find(k model.Kind, words string, limit int) []int32 {
	t, needle := s.tables[k], query.Fold(strings.TrimSpace(words))
	var out []int32
	t.Rows(func(row int32) bool {
		if strings.Contains(t.words.get(row), needle) {
			out = append(out, row)
		}
		return len(out) < limit
	})
	return out
}

// Named lists the records with an id, an external id or a title, compared without case, width and
// accents.
func (s *Snapshot) Named(k model.Kind, text string) []int32 {
	t, want := s.tables[k], query.Fold(strings.TrimSpace(text))
	if id, err := model.ParseID(text); err == nil {
		if row, ok := t.Row(id); ok {
			return []int32{row}
		}
	}
	title, ext := t.col(t.Schema.Title), t.col("external_id")
	var out []int32
	t.Rows(func(row int32) bool {
		if query.Fold(title.str.get(row)) == want || ext != nil && query.Fold(ext.str.get(row)) == want {
			out = append(out, row)
		}
		return true
	})
	return out
}

// Values lists the different contents of a textual field, sorted, at most limit; for completion.
func (s *Snapshot) Values(k model.Kind, field string, limit int) []string {
	t := s.tables[k]
	c := t.col(field)
	if c == nil || !c.textual || c.field.Type == model.TRefs {
		return nil
	}
	seen := map[string]bool{}
	t.Rows(func(row int32) bool {
		for part := range strings.SplitSeq(c.str.get(row), listSep) {
			if part != "" {
				seen[part] = true
			}
		}
		return len(seen) < limit
	})
	out := make([]string, 0, len(seen))
	for v := range seen {
		out = append(out, v)
	}
	slices.Sort(out)
	return out
}
