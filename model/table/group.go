package table

import (
	"fmt"
	"slices"

	"opsdeck/model"
	"opsdeck/model/day"
)

// Group is a run of rows of a list that agree in a field: rows[From:To].
type Group struct {
	Label    string // the value as people read it; empty where the field is
	From, To int
}

// CanGroup says why a list cannot be grouped by a field; nil where it can.
func (t *Table) CanGroup(field string) error {
	c := t.col(field)
	switch {
	case c == nil:
		return fmt.Errorf("%s have no field %q to group by", t.Schema.Plural, field)
	case c.as == kept:
		return fmt.Errorf("%s is a long text: nothing is grouped by it", field)
	case c.field.Type == model.TMoney:
		return fmt.Errorf("%s is an amount: nearly every record would be a group; sort by it, or filter a range", field)
	}
	return nil
}

// GroupRows brings the rows of a list, whatever their order, together by the value of a field, each group
// in the order that the list had. Groups stand as a sort by the field would put them, those without a
// value last. Dates and times are grouped by months, references by the first record pointed at, texts
// without regard to case, accents and width, as they are sorted.
func (t *Table) GroupRows(rows []int32, field string, desc bool) ([]int32, []Group) {
	c := t.col(field)
	if c == nil || len(rows) == 0 {
		return rows, nil
	}
	// The order by the field is kept from one picture to the next, so that this costs one pass over it.
	of, n := t.groupNumbers(c)
	counts := make([]int, n)
	for _, row := range rows {
		counts[of[row]]++
	}
	first := make([]int, n)
	for g := range n {
		first[g] = -1
	}
	out := make([]int32, len(rows))
	for _, row := range rows {
		if g := of[row]; first[g] < 0 {
			first[g] = int(row)
		}
	}
	groups := make([]Group, 0, 16)
	numbers := make([]int, 0, 16)
	for g := range n {
		if counts[g] > 0 {
			groups = append(groups, Group{Label: t.groupLabel(c, int32(first[g]))})
			numbers = append(numbers, g)
		}
	}
	if desc {
		last := len(groups)
		if groups[last-1].Label == "" {
			last--
		}
		slices.Reverse(groups[:last])
		slices.Reverse(numbers[:last])
	}
	at := 0
	next := first // From here on: where the next row of a group goes.
	for i, g := range numbers {
		groups[i].From, groups[i].To = at, at+counts[g]
		next[g] = at
		at += counts[g]
	}
	for _, row := range rows {
		g := of[row]
		out[next[g]] = row
		next[g]++
	}
	return out, groups
}

// groupNumbers numbers the groups of all records, and tells how many there are.
func (t *Table) groupNumbers(c *column) (of []int32, n int) {
	same := t.sameGroup(c)
	of = make([]int32, t.size)
	order := t.Order([]Sort{{Field: c.field.Name}})
	for i, row := range order {
		if i == 0 || !same(order[i-1], row) {
			n++
		}
		of[row] = int32(n - 1)
	}
	return of, n
}

// sameGroup tells whether two rows that follow each other in the order belong together.
func (t *Table) sameGroup(c *column) func(a, b int32) bool {
	switch c.as {
	case asText:
		return func(a, b int32) bool { return c.alike(a, b) }
	case asRow, asRows:
		title := t.snap.tables[c.field.Ref].col(t.snap.tables[c.field.Ref].Schema.Title)
		return func(a, b int32) bool {
			x, y := c.first(a), c.first(b)
			return x == y || title.alike(x, y)
		}
	case asDay:
		return func(a, b int32) bool { return sameMonth(c.day.get(a).day(), c.day.get(b).day()) }
	}
	return func(a, b int32) bool {
		x, okX := c.float(a)
		y, okY := c.float(b)
		if okX && okY && c.field.Type == model.TTime {
			return sameMonth(dayOfMillis(x), dayOfMillis(y))
		}
		return okX == okY && x == y
	}
}

// alike tells whether two rows have the same text, or two that are sorted as one. Rows out of range have
// none.
func (c *column) alike(a, b int32) bool {
	x, y := c.code.get(a), c.code.get(b)
	return x == y || x != 0 && y != 0 && c.compare(a, b, "") == 0
}

func sameMonth(a, b day.Day) bool {
	if !a.IsSet() || !b.IsSet() {
		return a.IsSet() == b.IsSet()
	}
	return a.MonthStart() == b.MonthStart()
}

// dayOfMillis is the day of an instant, also before 1970.
func dayOfMillis(ms float64) day.Day {
	n := int64(ms)
	d := n / 86400000
	if n%86400000 < 0 {
		d--
	}
	return day.Day(d)
}

func (t *Table) groupLabel(c *column, row int32) string {
	switch c.as {
	case asDay:
		return month(c.day.get(row).day())
	case asRow, asRows:
		if first := c.first(row); first >= 0 {
			return t.snap.Title(c.field.Ref, first)
		}
		return ""
	}
	if f, ok := c.float(row); ok && c.field.Type == model.TTime {
		return month(dayOfMillis(f))
	}
	return t.snap.Shown(t.Schema.Kind, row, c.field.Name)
}

func month(d day.Day) string {
	if !d.IsSet() {
		return ""
	}
	return d.String()[:7]
}
