package kit

import (
	"maps"
	"slices"
)

// ToggleMark marks the row at the cursor or takes its mark away.
func (g *Grid) ToggleMark() {
	key := g.Key()
	if key == "" || !g.canMark(g.Row()) {
		return
	}
	if _, ok := g.marks[key]; ok {
		delete(g.marks, key)
		return
	}
	g.mark(key)
}

// SetMark marks the record with a key, shown or not, or takes its mark away.
func (g *Grid) SetMark(key string, on bool) {
	if on {
		g.mark(key)
	} else {
		delete(g.marks, key)
	}
}

func (g *Grid) mark(key string) {
	if g.marks == nil {
		g.marks = map[string]struct{}{}
	}
	g.marks[key] = struct{}{}
}

// MarkRange marks all rows from a to b, in either order, both included.
func (g *Grid) MarkRange(a, b int) {
	for row := max(0, min(a, b)); row <= min(max(a, b), g.Len()-1); row++ {
		if g.canMark(row) {
			g.mark(g.rows.Key(row))
		}
	}
}

// canMark tells records from headings.
func (g *Grid) canMark(row int) bool {
	_, heading := g.heading(row)
	return !heading
}

// MarkAll marks every row. Marks on records that are not among the rows now stay.
func (g *Grid) MarkAll() { g.MarkRange(0, g.Len()-1) }

// Invert marks the rows without a mark and takes the mark from the others.
func (g *Grid) Invert() {
	for row := range g.Len() {
		if key := g.rows.Key(row); g.IsMarked(key) {
			delete(g.marks, key)
		} else if g.canMark(row) {
			g.mark(key)
		}
	}
}

// ClearMarks takes all marks away.
func (g *Grid) ClearMarks() { clear(g.marks) }

// SetMarks replaces the marks.
func (g *Grid) SetMarks(keys []string) {
	g.ClearMarks()
	for _, key := range keys {
		g.mark(key)
	}
}

// IsMarked reports whether the record with the key is marked.
func (g *Grid) IsMarked(key string) bool {
	_, ok := g.marks[key]
	return ok
}

// MarkCount returns the number of marked records, with those that are not among the rows now: an
// action on marks must say how many it touches.
func (g *Grid) MarkCount() int { return len(g.marks) }

// Marks returns the keys of the marked records: those among the rows in their order, then the others
// sorted.
func (g *Grid) Marks() []string {
	if len(g.marks) == 0 {
		return nil
	}
	left := maps.Clone(g.marks)
	out := make([]string, 0, len(left))
	for row := 0; row < g.Len() && len(left) > 0; row++ {
		key := g.rows.Key(row)
		if _, ok := left[key]; ok {
			out = append(out, key)
			delete(left, key)
		}
	}
	return append(out, slices.Sorted(maps.Keys(left))...)
}
