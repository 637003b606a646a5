package ui

import (
	"math"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// drawDetail shows the fields of one record: in one column beside a list, in several below it.
func drawDetail(a *App, c *kit.Canvas, r kit.Rect, s *table.Snapshot, k model.Kind, row int32, fields []string, wide bool) {
	title := s.Title(k, row)
	if k == model.Contract {
		title = s.Table(k).Str(row, "customer_name") + " · " + title
	}
	in := c.Box(r, a.theme, kit.Clean(title), false)
	lines := detailLines(a.lang, s, k, row, fields)
	columns := 1
	if wide {
		columns = max(1, in.W/38)
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

func detailLines(l *lang.Lang, s *table.Snapshot, k model.Kind, row int32, fields []string) []kit.Spans {
	schema := model.SchemaOf(k)
	var out []kit.Spans
	for _, name := range fields {
		f, ok := schema.Field(name)
		if !ok {
			continue
		}
		value := cell(l, s, k, row, column{field: name})
		if f.Type == model.TMoney {
			value.Text = moneyWords(l, s, k, row, name)
		}
		if value.Text == "" || value.Text == "–" {
			continue
		}
		out = append(out, kit.Spans{{Text: kit.PadRight(kit.Truncate(l.T(f.Label), labelWidth-1), labelWidth), Token: kit.Muted}, {Text: value.Text, Token: value.Token}})
	}
	return out
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
