package table

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"opsdeck/model"
	"opsdeck/model/query"
)

// FilterSchema tells the filter language which fields a kind has, custom ones included.
func (s *Snapshot) FilterSchema(k model.Kind) query.Schema { return filterSchema{s.tables[k]} }

type filterSchema struct{ t *Table }

// Field implements query.Schema.
func (f filterSchema) Field(name string) (query.Field, bool) {
	c := f.t.col(name)
	if c == nil || c.as == kept {
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
	words := f.t.rowWords()
	return func(row int) string { return words.get(int32(row)) }
}

// Text implements query.Columns. A reference stands for the id, the external id and the name of the
// record that it points at.
func (f filterColumns) Text(field string) func(row int) string {
	c := f.t.col(field)
	if c == nil {
		return nil
	}
	switch c.as {
	case asText:
		text := c.folded()
		return func(row int) string { return text(int32(row)) }
	case asRow:
		names := f.s.refNames(c.field.Ref)
		return func(row int) string { return names(c.row(int32(row))) }
	case asRows:
		names := f.s.refNames(c.field.Ref)
		return func(row int) string {
			all := ""
			for _, to := range c.lists.get(int32(row)) {
				all += names(to) + listSep
			}
			return all
		}
	}
	return nil
}

// refNames returns the names of records that others point at. Each is put together once, as many
// point at the same.
func (s *Snapshot) refNames(k model.Kind) func(row int32) string {
	t := s.tables[k]
	made := make([]atomic.Pointer[string], t.size)
	title, ext := t.searchedText(t.Schema.Title), t.searchedText("external_id")
	return func(row int32) string {
		if !t.Live(row) {
			return ""
		}
		names := made[row].Load()
		if names == nil {
			all := title(row) + listSep + ext(row) + listSep + t.ID(row).String()
			names = &all
			made[row].Store(names)
		}
		return *names
	}
}

// searchedText returns a field as filters compare it; empty for a field that is no text.
func (t *Table) searchedText(field string) func(row int32) string {
	if c := t.col(field); c != nil && c.as == asText {
		return c.folded()
	}
	return func(int32) string { return "" }
}

// Number implements query.Columns: amounts in major units of the company's currency, times in seconds. An
// amount for which there is no rate is no number, but it is there.
func (f filterColumns) Number(field string) func(row int) (float64, bool) {
	c := f.t.col(field)
	if c == nil {
		return nil
	}
	scale := 1.0
	switch c.field.Type {
	case model.TMoney:
		if x := f.t.exchange(c); x != nil {
			return x.amounts(c)
		}
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
	if c == nil || c.as != asNumber && c.as != asDay && c.as != asFlag {
		return nil
	}
	if t.most(rows) {
		rows = t.asTheyLie(rows)
	}
	parts := make([]map[string]*Sum, (len(rows)+rowBlock-1)/rowBlock)
	inParallel(len(parts), func(i int) { parts[i] = s.addUp(t, c, rows[i*rowBlock:min(len(rows), (i+1)*rowBlock)]) })
	by := map[string]*Sum{}
	for _, part := range parts { // In their order, so that the last digit is always the same.
		for name, p := range part {
			if sum := by[name]; sum != nil {
				sum.Total, sum.Units, sum.Count = sum.Total+p.Total, sum.Units+p.Units, sum.Count+p.Count
			} else {
				by[name] = p
			}
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

// addUp is Totals of some rows.
func (s *Snapshot) addUp(t *Table, c *column, rows []int32) map[string]*Sum {
	by := map[string]*Sum{}
	var sum *Sum // Rows mostly share the currency of the one before: no name is looked up then.
	for _, row := range rows {
		v, ok := c.float(row)
		if !ok {
			continue
		}
		name := ""
		if c.field.Type == model.TMoney {
			name = s.CurrencyOf(t.Schema.Kind, row)
		}
		if sum == nil || sum.Currency != name {
			if sum = by[name]; sum == nil {
				sum = &Sum{Currency: name}
				by[name] = sum
			}
		}
		sum.Total += v
		sum.Count++
		if c.field.Type == model.TMoney {
			sum.Units += c.num.get(row).int()
		}
	}
	return by
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

// Find lists records whose searched text holds the words, in the order of ids, at most limit.
func (s *Snapshot) Find(k model.Kind, words string, limit int) []int32 {
	t, needle := s.tables[k], query.Fold(strings.TrimSpace(words))
	text := t.rowWords()
	var out []int32
	t.Rows(func(row int32) bool {
		if strings.Contains(text.get(row), needle) {
			out = append(out, row)
		}
		return len(out) < limit
	})
	return out
}

// Named lists the records with an id, an external id or a title, compared without case, width and
// accents, in the order of ids.
func (s *Snapshot) Named(k model.Kind, text string) []int32 {
	t, want := s.tables[k], query.Fold(strings.TrimSpace(text))
	if id, err := model.ParseID(text); err == nil {
		if row, ok := t.Row(id); ok {
			return []int32{row}
		}
	}
	title, ext := t.searchedText(t.Schema.Title), t.searchedText("external_id")
	var out []int32
	t.Rows(func(row int32) bool {
		if want != "" && (title(row) == want || ext(row) == want) {
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
	if c == nil || c.as != asText {
		return nil
	}
	coded := make([]bool, c.texts.len())
	seen := map[string]bool{}
	t.Rows(func(row int32) bool {
		code := c.code.get(row)
		if coded[code] {
			return true
		}
		coded[code] = true
		for part := range strings.SplitSeq(c.texts.get(code), listSep) {
			if part != "" {
				seen[part] = true
			}
		}
		return len(seen) < limit
	})
	return slices.Sorted(maps.Keys(seen))
}
