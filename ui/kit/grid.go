package kit

import (
	"slices"
	"strconv"
)

// Column is one column of a grid, as data.
type Column struct {
	Key   string // names the column to Rows.Cell
	Title string
	Unit  string // shown after the title when there is room: "€", "days"
	// Min, Ideal and Max are widths in cells. Zero means: Min the smaller of Ideal and 4, Ideal the
	// width of the title or 10, Max no limit.
	Min, Ideal, Max int
	// Flex is the share of free cells the column takes, and of missing cells it gives up first.
	Flex  int
	Align Align
	// Priority decides who stays when not even the minimal widths fit: the lowest goes first, among
	// equals the rightmost.
	Priority int
	Pinned   bool // stays at the left while the others scroll
	Hidden   bool // not shown, by the user's choice
}

// Cell is what a grid shows of one value.
type Cell struct {
	Text  string
	Token Token
}

// Rows is what a grid shows. Only rows on the screen are asked for their cells.
type Rows interface {
	Len() int
	// Key is the stable name of a row, by which marks and the cursor survive new data.
	Key(row int) string
	Cell(row int, column string) Cell
}

// Finder may be implemented by Rows that know where a key is; a grid otherwise asks every row.
type Finder interface {
	Find(key string) (row int, ok bool)
}

// Tagger is implemented by rows of which something is to be said besides their cells: it stands at the right
// end of the row, over whatever is there. Empty says nothing.
type Tagger interface{ Tag(row int) string }

// Headed may be implemented by Rows some of which are headings of those that follow.
type Headed interface {
	// Heading returns the text of a heading; false for other rows. A heading has a key like every row, and
	// is never marked.
	Heading(row int) (Heading, bool)
}

// Heading is a row over the whole width.
type Heading struct {
	Text   string
	Closed bool // the rows below it are folded away
}

// SortMark says that the rows are sorted by a column. Sorting is the work of the owner of the rows.
type SortMark struct {
	Column string
	Desc   bool
}

// Grid is a table of any length of which only the visible part is drawn. The zero Grid is empty and
// usable.
type Grid struct {
	// Empty is shown when there are no rows: what that means and what to do. Lines end in "\n".
	Empty string
	// Footer is the last line: "37 of 500 · Σ ARR 1,234". Without text there is no such line.
	Footer string
	// Sort is shown in the header, the first column first.
	Sort []SortMark

	cols  []Column
	rows  Rows
	marks map[string]struct{}

	cursor, top int
	column      int // index into cols
	left        int // index into cols of the first column that is not pinned
	lay         gridLayout
}

// SetColumns gives the grid its columns. The cursor stays on the column of the same key.
func (g *Grid) SetColumns(cols []Column) {
	key := g.ColumnKey()
	g.cols = slices.Clone(cols)
	g.column, g.left = 0, 0
	for i := range g.cols {
		if g.cols[i].Key == key && !g.cols[i].Hidden {
			g.column = i
			return
		}
	}
	g.column = g.nextColumn(-1, 1)
}

// Columns returns the columns; changes to the slice do not reach the grid.
func (g *Grid) Columns() []Column { return slices.Clone(g.cols) }

// SetRows gives the grid new data. The cursor stays on its row number; call KeepCursorOn with the
// key from before to stay on the same record. Marks stay.
func (g *Grid) SetRows(rows Rows) {
	g.rows = rows
	g.clamp()
}

// Len returns the number of rows.
func (g *Grid) Len() int {
	if g.rows == nil {
		return 0
	}
	return g.rows.Len()
}

// Row returns the row number of the cursor, -1 when there are no rows.
func (g *Grid) Row() int {
	if g.Len() == 0 {
		return -1
	}
	return min(g.cursor, g.Len()-1)
}

// Key returns the key of the row at the cursor, "" when there are no rows.
func (g *Grid) Key() string {
	if row := g.Row(); row >= 0 {
		return g.rows.Key(row)
	}
	return ""
}

// heading returns the heading that a row is; false for other rows.
func (g *Grid) heading(row int) (Heading, bool) {
	h, ok := g.rows.(Headed)
	if !ok {
		return Heading{}, false
	}
	return h.Heading(row)
}

// ColumnKey returns the key of the column at the cursor, "" when there are no columns.
func (g *Grid) ColumnKey() string {
	if g.column < 0 || g.column >= len(g.cols) {
		return ""
	}
	return g.cols[g.column].Key
}

// Move moves the cursor d rows, stopping at the first and the last.
func (g *Grid) Move(d int) { g.MoveTo(g.cursor + d) }

// MoveTo puts the cursor on a row.
func (g *Grid) MoveTo(row int) {
	g.cursor = row
	g.clamp()
}

// Page moves the cursor by d screens.
func (g *Grid) Page(d int) { g.Move(d * max(1, g.lay.visible()-1)) }

// HalfPage moves the cursor by d half screens.
func (g *Grid) HalfPage(d int) { g.Move(d * max(1, g.lay.visible()/2)) }

// Home puts the cursor on the first row.
func (g *Grid) Home() { g.MoveTo(0) }

// End puts the cursor on the last row.
func (g *Grid) End() { g.MoveTo(g.Len() - 1) }

// Scroll moves the view by d rows, as a mouse wheel does; the cursor is taken along at the edges.
func (g *Grid) Scroll(d int) {
	h := max(1, g.lay.visible())
	g.top = max(0, min(g.top+d, g.Len()-h))
	g.cursor = min(max(g.cursor, g.top), g.top+h-1)
	g.clamp()
}

// Left moves the cursor to the column before; Right to the one after. Hidden columns are skipped.
func (g *Grid) Left() { g.column = g.nextColumn(g.column, -1) }

// Right moves the cursor to the column after.
func (g *Grid) Right() { g.column = g.nextColumn(g.column, 1) }

// FirstColumn moves the cursor to the first column, LastColumn to the last.
func (g *Grid) FirstColumn() { g.column = g.nextColumn(-1, 1) }

// LastColumn moves the cursor to the last column.
func (g *Grid) LastColumn() { g.column = g.nextColumn(len(g.cols), -1) }

// MoveToColumn puts the cursor on the column with the key, if it is shown.
func (g *Grid) MoveToColumn(key string) {
	for i := range g.cols {
		if g.cols[i].Key == key && !g.cols[i].Hidden {
			g.column = i
		}
	}
}

// nextColumn returns the shown column next to i in direction d; i itself, or 0, when there is none.
func (g *Grid) nextColumn(i, d int) int {
	for k := i + d; k >= 0 && k < len(g.cols); k += d {
		if !g.cols[k].Hidden {
			return k
		}
	}
	return min(max(i, 0), max(0, len(g.cols)-1))
}

// KeepCursorOn puts the cursor on the row with the key, keeping its place on the screen where it can.
// Without such a row the cursor keeps its row number and the result is false.
func (g *Grid) KeepCursorOn(key string) bool {
	row, ok := g.find(key)
	if ok {
		g.top += row - g.cursor
		g.cursor = row
	}
	g.clamp()
	return ok
}

func (g *Grid) find(key string) (int, bool) {
	if f, ok := g.rows.(Finder); ok {
		return f.Find(key)
	}
	for i := range g.Len() {
		if g.rows.Key(i) == key {
			return i, true
		}
	}
	return 0, false
}

// clamp brings cursor and view back into the rows there are.
func (g *Grid) clamp() {
	n, h := g.Len(), g.lay.visible()
	g.cursor = max(0, min(g.cursor, n-1))
	if h <= 0 {
		return
	}
	g.top = min(g.top, g.cursor, max(0, n-h))
	g.top = max(g.top, g.cursor-h+1, 0)
}

// Position describes the view in words of the screen: "12/500".
func (g *Grid) Position() string {
	return strconv.Itoa(g.Row()+1) + "/" + strconv.Itoa(g.Len())
}
