package ui

import (
	"cmp"
	"unicode/utf8"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// column is one column of a record list, as data.
type column struct {
	field    string // what it shows, sorts and explains
	title    string // empty: the field's label
	ideal    int
	min      int // 0: as wide as ideal
	flex     int
	priority int  // columns of low priority go first when there is no room
	left     bool // days from today to the date, instead of the date
	pinned   bool
}

// gridColumns turns columns into what the grid wants.
func gridColumns(l *lang.Lang, k model.Kind, cols []column, company string) []kit.Column {
	schema := model.SchemaOf(k)
	out := make([]kit.Column, len(cols))
	for i, c := range cols {
		f, _ := schema.Field(c.field)
		g := kit.Column{
			Key: c.key(), Title: c.title, Ideal: c.ideal, Min: cmp.Or(c.min, c.ideal), Flex: c.flex, Priority: c.priority, Pinned: c.pinned,
		}
		if g.Title == "" {
			g.Title = f.Label
		}
		if said := l.T(g.Title); said != g.Title {
			// A title in another language may be longer than what the width was made for.
			g.Title = said
			w := max(kit.Width(said)+1, widestPick(l, f))
			g.Min, g.Ideal = max(g.Min, w), max(g.Ideal, w)
		}
		switch f.Type {
		case model.TNumber, model.TMoney:
			g.Align = kit.AlignRight
		}
		if c.left {
			g.Align = kit.AlignRight
		}
		if f.Type == model.TMoney {
			g.Unit = company
		}
		out[i] = g
	}
	return out
}

// widestPick is the room that the values of a pick take in a language.
func widestPick(l *lang.Lang, f *model.Field) int {
	w := 0
	if f != nil {
		for _, o := range f.Options {
			w = max(w, kit.Width(pickWord(l, f.Name, o)))
		}
	}
	return w
}

// key names the column to the grid: two columns may show the same field in two ways.
func (c column) key() string {
	if c.left {
		return c.field + ":left"
	}
	return c.field
}

// isPercent tells of a computed figure that it is a share or a change in percent.
func isPercent(field string) bool {
	switch field {
	case "growth", "coverage", "health_coverage", "loyalty_coverage", "roi", "change", "usage_trend", "activity", "breadth":
		return true
	}
	return false
}

// cell shows a field of a row.
func cell(l *lang.Lang, s *table.Snapshot, k model.Kind, row int32, c column) kit.Cell {
	t := s.Table(k)
	if c.left {
		return daysLeft(l, t.Day(row, c.field), s.Today)
	}
	f, ok := t.Schema.Field(c.field)
	switch {
	case !ok:
		return kit.Cell{}
	case s.Hides(k, c.field):
		return kit.Cell{Text: l.T("hidden"), Token: kit.Disabled}
	}
	switch f.Type {
	case model.TMoney:
		return moneyCell(l, s, k, row, c.field)
	case model.TNumber:
		n, ok := t.Num(row, c.field)
		switch {
		case !ok:
			return kit.Cell{Text: "–", Token: kit.Muted}
		case c.field == "touch_overdue":
			return overdueCell(l, n)
		case c.field == "tier_score":
			return kit.Cell{Text: oneDecimal(l, n)}
		case isPercent(c.field):
			return kit.Cell{Text: l.Percent(n)}
		case c.field == "session":
			return kit.Cell{Text: l.T("%s min", oneDecimal(l, n))}
		}
		return kit.Cell{Text: number(l, n)}
	case model.TTime:
		ms, ok := t.Num(row, c.field)
		if !ok {
			return kit.Cell{}
		}
		return kit.Cell{Text: l.Date(day.Day(int64(ms) / 86400000).String())}
	case model.TDate:
		return kit.Cell{Text: l.Date(s.Shown(k, row, c.field))}
	case model.TBool:
		return kit.Cell{Text: l.T(s.Shown(k, row, c.field))}
	case model.TRef, model.TRefs, model.TList:
		return kit.Cell{Text: short(s.Shown(k, row, c.field))}
	case model.TPick:
		text := t.Str(row, c.field)
		word := pickWord(l, c.field, text)
		if k == model.Contract && c.field == "stage" {
			word = stageWord(l, s, text)
		}
		return kit.Cell{Text: word, Token: tokenOf(c.field, text)}
	}
	text := short(t.Str(row, c.field))
	return kit.Cell{Text: text, Token: tokenOf(c.field, text)}
}

// stageWord is what the company calls a stage of a renewal, else the program's word for it.
func stageWord(l *lang.Lang, s *table.Snapshot, stage string) string {
	if name := s.RenewalRules().StageName(stage); name != stage {
		return kit.Clean(name)
	}
	return pickWord(l, "stage", stage)
}

// shortText is more than any cell shows, in bytes.
const shortText = 1200

// short cuts a text that no cell could show: measuring it anew for each frame would be felt.
func short(text string) string {
	if len(text) <= shortText {
		return text
	}
	end := shortText
	for !utf8.RuneStart(text[end]) && end > shortText-utf8.UTFMax {
		end--
	}
	return text[:end] + "…"
}

func moneyCell(l *lang.Lang, s *table.Snapshot, k model.Kind, row int32, field string) kit.Cell {
	t := s.Table(k)
	if t.Value(row, field).IsZero() {
		return kit.Cell{Text: "–", Token: kit.Muted}
	}
	units := t.Units(row, field)
	text := amount(l, units)
	if cur := s.CurrencyOf(k, row); cur != s.Settings.Text("company.currency") && units != 0 {
		text += " " + cur
	}
	c := kit.Cell{Text: text}
	switch {
	case units == 0:
		c.Token = kit.Muted
	case field == "overdue":
		c.Token = kit.Bad
	}
	return c
}

// overdueCell shows days past the cadence; never touched is said in a word and not as a number.
func overdueCell(l *lang.Lang, n float64) kit.Cell {
	switch {
	case n >= table.NeverTouched:
		return kit.Cell{Text: l.T("never"), Token: kit.Bad}
	case n > 0:
		return kit.Cell{Text: number(l, n), Token: kit.Warn}
	}
	return kit.Cell{Text: "0", Token: kit.Muted}
}

func daysLeft(l *lang.Lang, d, today day.Day) kit.Cell {
	if !d.IsSet() {
		return kit.Cell{}
	}
	n := int(d) - int(today)
	c := kit.Cell{Text: l.T("%d d", n)}
	switch {
	case n < 0:
		c.Text, c.Token = l.T("%d d late", -n), kit.Bad
	case n <= 30:
		c.Token = kit.Warn
	}
	return c
}

// tokenOf gives words that need an eye their colour; the word itself carries the meaning.
func tokenOf(field, text string) kit.Token {
	switch field + "/" + text {
	case "tier/KA", "severity/S2":
		return kit.Accent
	case "severity/S1", "state/overdue", "status/lost", "state/to renew", "stance/against":
		return kit.Bad
	case "status/cancelled", "state/closing", "status/coming", "state/parked":
		return kit.Warn
	case "status/customer", "state/in force", "state/settled", "state/released", "state/fixed", "stance/for":
		return kit.Good
	case "status/prospect", "state/closed", "state/duplicate", "state/declined", "state/answered", "state/upcoming":
		return kit.Muted
	}
	return kit.Text
}
