package ui

import (
	"math"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// drawDetail shows the fields of one record: in one column beside a list, in several below it. Where there is room for
// all that records of the kind have, each field keeps its place from record to record: the eye finds it there, and the
// terminal is sent values only.
func drawDetail(a *App, c *kit.Canvas, r kit.Rect, s *table.Snapshot, k model.Kind, row int32, fields []string, wide bool) {
	title := s.Title(k, row)
	if k == model.Contract {
		title = s.Table(k).Str(row, "customer_name") + " · " + title
	}
	in := c.Box(r, a.theme, kit.Clean(title), false)
	columns := 1
	if wide {
		columns = max(1, in.W/38)
	}
	lines := a.placedLines(s, k, row, fields)
	if len(lines) > columns*in.H {
		lines = detailLines(a.lang, s, k, row, fields)
	}
	// What does not fit is left out at the end, not at the end of each column.
	per := min(in.H, (len(lines)+columns-1)/columns)
	w := in.W / columns
	for i := range columns {
		col := kit.Rect{X: in.X + i*w, Y: in.Y, W: w, H: in.H}
		for j := range per {
			if n := i*per + j; n < len(lines) {
				c.PutSpans(kit.Rect{X: col.X, Y: col.Y + j, W: col.W - 1, H: 1}, a.theme, lines[n])
			}
		}
	}
}

// labelWidth is the room for a field's label in a detail.
const labelWidth = 17

// detailLines are the fields that a record has.
func detailLines(l *lang.Lang, s *table.Snapshot, k model.Kind, row int32, fields []string) []kit.Spans {
	var out []kit.Spans
	for _, name := range fields {
		if value, ok := detailValue(l, s, k, row, name); ok {
			out = append(out, detailLine(l, k, name, value))
		}
	}
	return out
}

// firstLooked is how many records are looked at to learn which fields a book uses. One found later gets its place then.
const firstLooked = 500

// placedLines are the fields that any record has, with a dash where this one does not.
func (a *App) placedLines(s *table.Snapshot, k model.Kind, row int32, fields []string) []kit.Spans {
	used, known := a.used[k]
	if !known {
		used = map[string]bool{}
		a.used[k] = used
	}
	var out []kit.Spans
	for _, name := range fields {
		value, ok := detailValue(a.lang, s, k, row, name)
		for n := int32(0); !known && !ok && !used[name] && int(n) < min(s.Table(k).Len(), firstLooked); n++ {
			_, used[name] = detailValue(a.lang, s, k, n, name)
		}
		if used[name] = used[name] || ok; !used[name] {
			continue
		}
		if !ok {
			value = kit.Cell{Text: "–", Token: kit.Muted}
		}
		out = append(out, detailLine(a.lang, k, name, value))
	}
	return out
}

// detailValue is a field as a detail shows it; false where there is nothing to show.
func detailValue(l *lang.Lang, s *table.Snapshot, k model.Kind, row int32, name string) (kit.Cell, bool) {
	f, ok := model.SchemaOf(k).Field(name)
	if !ok {
		return kit.Cell{}, false
	}
	value := cell(l, s, k, row, column{field: name})
	if f.Type == model.TMoney {
		value.Text = moneyWords(l, s, k, row, name)
	}
	return value, value.Text != "" && value.Text != "–"
}

func detailLine(l *lang.Lang, k model.Kind, name string, value kit.Cell) kit.Spans {
	f, _ := model.SchemaOf(k).Field(name)
	return kit.Spans{{Text: kit.PadRight(kit.Truncate(l.T(f.Label), labelWidth-1), labelWidth), Token: kit.Muted}, {Text: value.Text, Token: value.Token}}
}

// moneyWords writes an amount with its currency always, as a detail has room for it.
func moneyWords(l *lang.Lang, s *table.Snapshot, k model.Kind, row int32, field string) string {
	t := s.Table(k)
	switch {
	case s.Hides(k, field):
		return l.T("hidden")
	case t.Value(row, field).IsZero():
		return ""
	}
	return amount(l, t.Units(row, field)) + " " + s.CurrencyOf(k, row)
}

// arrWords writes a sum of recurring revenue in the company's currency, for those who may see amounts.
func arrWords(l *lang.Lang, s *table.Snapshot, units float64) string {
	if s.Hides(model.Customer, "arr") {
		return l.T("hidden")
	}
	return amount(l, int64(math.Round(units)))
}
