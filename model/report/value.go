package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/table"
)

// proven is what the benefits of a group come to.
type proven struct {
	words            []string // what the group is called, a word for each column
	rows             []int32
	customers        map[int32]bool
	worth, confirmed int64
	ties             map[string]int
	changes          []float64 // of output per person, in percent
}

// valueBy are the fields of a benefit by which the report can group, beside those of customers.
func valueBy() []string { return []string{"feature", "result", "type", "tie", "cost"} }

// Value adds up what the product has brought its customers (row A7): by feature and business result, with how strongly
// the one is tied to the other, or by any field of benefits or customers.
func Value(s *table.Snapshot, a Args) (Report, error) {
	by, err := valueColumns(s, a.By)
	if err != nil {
		return Report{}, err
	}
	cur := currencyOf(s, model.Benefit)
	r := Report{
		Name: "value", Title: "Value on " + s.Today.String(),
		Definition: "the yearly worth of the benefits measured by the day, and of it what customers have agreed to, in " + cur.name + cur.ratesText(model.Benefit) +
			"; output: the median change of output per person; ties: benefits by how strongly the feature is tied to the result",
	}
	for _, b := range by {
		r.Columns = append(r.Columns, b.column)
	}
	r.Columns = append(r.Columns, []Column{
		{"customers", "Customers"},
		{"benefits", "Benefits"},
		{"worth", "Worth a year"},
		{"confirmed_worth", "Confirmed"},
		{"output", "Output %"},
		{"strong", "Strong"},
		{"medium", "Medium"},
		{"weak", "Weak"},
	}...)
	groups, left := provenBy(s, cur, by)
	for _, g := range groups {
		row := make([]Cell, 0, len(r.Columns))
		for _, w := range g.words {
			row = append(row, text(w))
		}
		output := text("")
		if m, ok := median(g.changes); ok {
			output = percent(m / 100)
		}
		r.Rows = append(r.Rows, append(row, count(len(g.customers)), count(len(g.rows)), money(g.worth), money(g.confirmed), output,
			count(g.ties["strong"]), count(g.ties["medium"]), count(g.ties["weak"])))
	}
	if left > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("benefits counted without their worth, as their currency has no rate (setting rate.XXX): %d", left))
	}
	r.Why = func(row int) model.Why { return valueWhy(s, cur, r, groups[row]) }
	return r, nil
}

// valueColumn is one field by which benefits are grouped.
type valueColumn struct {
	column Column
	of     func(row int32) string
}

// valueColumns reads by what to group: a field of benefits, one of customers, or nothing said for feature and result.
func valueColumns(s *table.Snapshot, by string) ([]valueColumn, error) {
	t := s.Table(model.Benefit)
	own := func(name string) valueColumn {
		return valueColumn{byColumn(model.Benefit, name), func(row int32) string { return t.Str(row, name) }}
	}
	switch {
	case by == "":
		return []valueColumn{own("feature"), own("result")}, nil
	case slices.Contains(valueBy(), by):
		return []valueColumn{own(by)}, nil
	case by == "customer":
		return []valueColumn{{byColumn(model.Benefit, by), func(row int32) string { return s.Shown(model.Benefit, row, "customer") }}}, nil
	}
	if err := fieldOf(s, model.Customer, by); err != nil {
		return nil, fmt.Errorf("%w; of a benefit itself: %s", err, strings.Join(valueBy(), ", "))
	}
	return []valueColumn{{byColumn(model.Customer, by), func(row int32) string {
		return s.Shown(model.Customer, t.To(row, "customer"), by)
	}}}, nil
}

// provenBy groups the benefits that count, those worth most first; left counts those whose currency has no rate.
func provenBy(s *table.Snapshot, cur currency, by []valueColumn) (out []*proven, left int) {
	t, groups := s.Table(model.Benefit), map[string]*proven{}
	t.Rows(func(row int32) bool {
		counts, confirmed := s.BenefitCounts(row)
		change, changed := t.Num(row, "change")
		on := t.Day(row, "measured")
		if !counts && (!changed || on.IsSet() && on > s.Today) {
			return true
		}
		var words []string
		for _, b := range by {
			words = append(words, cmp.Or(b.of(row), "none"))
		}
		key := query.Fold(strings.Join(words, "\x00"))
		g := groups[key]
		if g == nil {
			g = &proven{words: words, customers: map[int32]bool{}, ties: map[string]int{}}
			groups[key] = g
			out = append(out, g)
		}
		g.rows = append(g.rows, row)
		g.customers[t.To(row, "customer")] = true
		g.ties[t.Str(row, "tie")]++
		if changed && t.Str(row, "type") == model.BenefitOutput {
			g.changes = append(g.changes, change)
		}
		worth, ok := cur.convert(model.Benefit, row, t.Units(row, "worth"))
		if !ok {
			left++
		}
		g.worth += worth
		if confirmed {
			g.confirmed += worth
		}
		return true
	})
	slices.SortStableFunc(out, func(x, y *proven) int {
		return cmp.Or(cmp.Compare(y.worth, x.worth), cmp.Compare(len(y.rows), len(x.rows)), slices.Compare(x.words, y.words))
	})
	return out, left
}

// median is the middle of some figures; false without any.
func median(of []float64) (float64, bool) {
	if len(of) == 0 {
		return 0, false
	}
	of = slices.Sorted(slices.Values(of))
	if n := len(of); n%2 == 0 {
		return (of[n/2-1] + of[n/2]) / 2, true
	}
	return of[len(of)/2], true
}

// valueWhy lists the benefits behind a row.
func valueWhy(s *table.Snapshot, cur currency, r Report, g *proven) model.Why {
	w := model.Why{Record: strings.Join(g.words, " · "), Figure: "worth", Label: "Worth a year", Value: cur.words(g.worth), Formula: r.Definition}
	t := s.Table(model.Benefit)
	for _, k := range g.rows {
		w.Lines = append(w.Lines, model.WhyLine{
			Label: s.Shown(model.Benefit, k, "customer"), Value: s.Shown(model.Benefit, k, "worth"), Note: s.Title(model.Benefit, k),
			Kind: model.Benefit, ID: t.ID(k), Field: "worth",
		})
	}
	return w
}

// mostBrought is how many benefits a page tells of.
const mostBrought = 8

// brought lists what has been measured with the customer by the day, the latest first, and what it comes to.
func (b *brief) brought() {
	t := b.s.Table(model.Benefit)
	rows := slices.DeleteFunc(b.kids(model.Benefit, "customer", "measured"), func(p pick) bool {
		return t.Day(p.row, "measured").IsSet() && t.Day(p.row, "measured") > b.s.Today
	})
	b.line("")
	b.line("## What it brought them")
	b.line("")
	if len(rows) == 0 {
		b.line("- nothing has been measured yet")
		return
	}
	if v := b.shown(model.Customer, b.row, "value"); v != "" {
		b.line("- Together: %s a year, of it confirmed %s", v, b.shown(model.Customer, b.row, "value_confirmed"))
	}
	for i, p := range rows {
		if i == mostBrought {
			b.line("- … and %d more", len(rows)-i)
			break
		}
		b.line("- %s", strings.Join(b.benefit(p.row), " · "))
	}
}

// benefit tells of one: what has changed from what to what, what it is worth, and who stands behind it.
func (b *brief) benefit(row int32) []string {
	t := b.s.Table(model.Benefit)
	parts := []string{inline(t.Str(row, "name"))}
	if g := b.s.Gain(row); g.Measured {
		unit := inline(t.Str(row, "measure"))
		switch g.Unit {
		case "", "pieces": // What is measured says itself which pieces they are.
		case "money":
			unit = strings.TrimSpace(b.s.CurrencyOf(model.Benefit, row) + " " + unit)
		default:
			unit = strings.TrimSpace(g.Unit + " " + unit)
		}
		words := fmt.Sprintf("from %s to %s %s", plain(g.Baseline), plain(g.Now), unit)
		if change, ok := g.Change(); ok {
			words += fmt.Sprintf(" (%+.0f %%)", change)
		}
		parts = append(parts, strings.TrimSpace(words))
	}
	if v := b.shown(model.Benefit, row, "worth"); v != "" {
		parts = append(parts, v+" a year")
	}
	_, confirmed := b.s.BenefitCounts(row)
	switch who := b.shown(model.Benefit, row, "confirmed_by"); {
	case confirmed && who != "":
		parts = append(parts, "confirmed by "+inline(who)+" on "+t.Day(row, "confirmed").String())
	case confirmed:
		parts = append(parts, "confirmed on "+t.Day(row, "confirmed").String())
	default:
		parts = append(parts, "measured "+orDash(b.shown(model.Benefit, row, "measured"))+", not confirmed")
	}
	return parts
}
