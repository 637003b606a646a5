package kit

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// counted is a table that notes which rows are asked for their cells.
type counted struct {
	keys  []string
	asked map[int]bool
}

func numbered(n int) *counted {
	c := &counted{asked: map[int]bool{}}
	for i := range n {
		c.keys = append(c.keys, fmt.Sprint("k", i))
	}
	return c
}

func (c *counted) Len() int           { return len(c.keys) }
func (c *counted) Key(row int) string { return c.keys[row] }

func (c *counted) Cell(row int, column string) Cell {
	c.asked[row] = true
	return Cell{Text: column + c.keys[row]}
}

func gridOf(rows Rows, w, h int, cols ...Column) (*Grid, func() string) {
	g := &Grid{}
	if cols == nil {
		cols = []Column{{Key: "a", Title: "A"}, {Key: "b", Title: "B"}}
	}
	g.SetColumns(cols)
	g.SetRows(rows)
	c := NewCanvas(w, h)
	draw := func() string {
		c.Reset(w, h)
		g.Draw(c, c.Bounds(), NewTheme("none", true), true)
		return c.Text()
	}
	draw()
	return g, draw
}

func TestGridAsksForVisibleRowsOnly(t *testing.T) {
	rows := numbered(100_000)
	g, draw := gridOf(rows, 40, 11)
	g.MoveTo(50_000)
	rows.asked = map[int]bool{}
	draw()
	if len(rows.asked) != 10 || !rows.asked[50_000] {
		t.Errorf("asked for %d rows, want the 10 on the screen with 50000 among them", len(rows.asked))
	}
}

func TestGridCursorStaysInRowsAndView(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "rows")
		g, draw := gridOf(numbered(n), 30, rapid.IntRange(2, 12).Draw(t, "h"))
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			d := rapid.IntRange(-70, 70).Draw(t, "d")
			switch rapid.IntRange(0, 7).Draw(t, "what") {
			case 0:
				g.Move(d)
			case 1:
				g.Page(d % 3)
			case 2:
				g.HalfPage(d % 3)
			case 3:
				g.Home()
			case 4:
				g.End()
			case 5:
				g.Scroll(d)
			case 6:
				g.MoveTo(d)
			case 7:
				n = max(0, n+d%20)
				g.SetRows(numbered(n))
			}
			screen := draw()
			if n == 0 {
				if g.Row() != -1 || g.Key() != "" {
					t.Fatalf("without rows: row %d, key %q", g.Row(), g.Key())
				}
				continue
			}
			if g.Row() < 0 || g.Row() >= n {
				t.Fatalf("row %d of %d", g.Row(), n)
			}
			if want := "> " + "a" + g.Key() + " "; !strings.Contains(screen+" ", want) {
				t.Fatalf("the cursor row %q is not on the screen:\n%s", want, screen)
			}
			if body := min(n, g.lay.body.H); strings.Count(screen, "\n") < body {
				t.Fatalf("empty lines although there are %d rows above:\n%s", n, screen)
			}
		}
	})
}

func TestKeepCursorOnTheSameRecord(t *testing.T) {
	rows := numbered(50)
	g, draw := gridOf(rows, 30, 11)
	g.MoveTo(20)
	draw()
	before := g.lay.body.Y + g.cursor - g.top
	key := g.Key()
	rows.keys = append([]string{"new1", "new2", "new3"}, rows.keys...)
	g.SetRows(rows)
	if !g.KeepCursorOn(key) || g.Key() != key || g.Row() != 23 {
		t.Errorf("cursor on %q, row %d, want %q, row 23", g.Key(), g.Row(), key)
	}
	if after := g.lay.body.Y + g.cursor - g.top; after != before {
		t.Errorf("the record jumped from line %d to %d", before, after)
	}
	rows.keys = rows.keys[:10]
	g.SetRows(rows)
	if g.KeepCursorOn(key) || g.Row() != 9 {
		t.Errorf("gone record: row %d, want the last, 9", g.Row())
	}
}

func TestMarks(t *testing.T) {
	rows := numbered(6)
	g, _ := gridOf(rows, 30, 11)
	g.ToggleMark()
	g.MarkRange(4, 2)
	if got, want := g.Marks(), []string{"k0", "k2", "k3", "k4"}; !slices.Equal(got, want) {
		t.Errorf("marks %v, want %v", got, want)
	}
	g.Invert()
	if got, want := g.Marks(), []string{"k1", "k5"}; !slices.Equal(got, want) {
		t.Errorf("inverted %v, want %v", got, want)
	}
	g.SetMarks([]string{"gone", "k3"})
	rows.keys = []string{"k3", "k1"}
	g.SetRows(rows)
	if got, want := g.Marks(), []string{"k3", "gone"}; !slices.Equal(got, want) || g.MarkCount() != 2 {
		t.Errorf("after new data %v (%d), want %v", got, g.MarkCount(), want)
	}
	g.MarkAll()
	if !g.IsMarked("k1") || g.MarkCount() != 3 {
		t.Errorf("all: %v", g.Marks())
	}
	g.ClearMarks()
	if g.MarkCount() != 0 || g.Marks() != nil {
		t.Errorf("cleared: %v", g.Marks())
	}
}

func wideColumns() []Column {
	return []Column{
		{Key: "name", Title: "Name", Min: 8, Ideal: 12, Flex: 1, Pinned: true},
		{Key: "one", Title: "One", Min: 6, Ideal: 8},
		{Key: "two", Title: "Two", Min: 6, Ideal: 8, Priority: -1},
		{Key: "three", Title: "Three", Min: 6, Ideal: 8},
		{Key: "four", Title: "Four", Min: 6, Ideal: 8},
	}
}

func header(screen string) string {
	line, _, _ := strings.Cut(screen, "\n")
	return strings.Join(strings.Fields(line), " ")
}

func TestColumnsThatDoNotFitAreCounted(t *testing.T) {
	for w, want := range map[int]string{
		60: "Name One Two Three Four", 40: "Name One Two Three Four", 39: "Name One Two Three Four", 38: "Name One Two Three Four", 37: "Name One Three Four >1", 29: "Name One Three >2", 20: "Name One >3", 12: "Name >4",
	} {
		_, draw := gridOf(numbered(3), w, 5, wideColumns()...)
		if got := header(draw()); got != want {
			t.Errorf("width %d: %q, want %q", w, got, want)
		}
	}
}

// Going right reaches each column, also those that had to give way, and going left comes back.
func TestCursorReachesEveryColumn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, draw := gridOf(numbered(3), rapid.IntRange(14, 60).Draw(t, "w"), 5, wideColumns()...)
		g.FirstColumn()
		for _, col := range wideColumns() {
			if g.ColumnKey() != col.Key {
				t.Fatalf("at %q, want %q", g.ColumnKey(), col.Key)
			}
			if screen := draw(); !strings.Contains(header(screen), col.Title) {
				t.Fatalf("column %q is not shown:\n%s", col.Title, screen)
			}
			g.Right()
		}
		for range wideColumns() {
			g.Left()
			draw()
		}
		if g.ColumnKey() != "name" || g.left > 1 {
			t.Fatalf("back at %q, scrolled %d", g.ColumnKey(), g.left)
		}
	})
}

func TestWidthsAreUsedUpByFlexibleColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cols := wideColumns()
		cols[0].Flex = rapid.IntRange(0, 3).Draw(t, "flex0")
		cols[2].Flex = rapid.IntRange(0, 3).Draw(t, "flex2")
		cols[2].Max = rapid.SampledFrom([]int{0, 9, 40}).Draw(t, "max")
		w := rapid.IntRange(20, 150).Draw(t, "w")
		g, _ := gridOf(numbered(1), w, 3, cols...)
		last := g.lay.cols[len(g.lay.cols)-1]
		end := last.x + last.w
		if end > w {
			t.Fatalf("columns end at %d of %d", end, w)
		}
		if cols[0].Flex > 0 && end != w && g.lay.after == 0 {
			t.Fatalf("flexible columns leave %d cells of %d unused", w-end, w)
		}
		for _, p := range g.lay.cols {
			if c := &cols[p.col]; p.w < c.Min && len(g.lay.cols) > 1 || p.w > c.max() {
				t.Fatalf("column %s is %d wide, limits %d to %d", c.Key, p.w, c.Min, c.max())
			}
		}
	})
}

func TestHitTest(t *testing.T) {
	g, _ := gridOf(numbered(3), 40, 8)
	g.Footer = "3 rows"
	c := NewCanvas(60, 20)
	g.Draw(c, Rect{5, 4, 40, 8}, NewTheme("dark", false), true)
	for _, tc := range []struct {
		x, y int
		want Hit
	}{
		{8, 4, Hit{Part: PartHeader, Row: -1, Column: "a"}},
		{8, 6, Hit{Part: PartRow, Row: 1, Column: "a"}},
		{6, 5, Hit{Part: PartRow, Row: 0, Mark: true}},
		{20, 7, Hit{Part: PartRow, Row: 2, Column: "b"}},
		{8, 8, Hit{Row: -1}},
		{8, 11, Hit{Part: PartFooter, Row: -1}},
		{0, 0, Hit{Row: -1}},
	} {
		if got := g.HitTest(tc.x, tc.y); got != tc.want {
			t.Errorf("HitTest(%d, %d) = %+v, want %+v", tc.x, tc.y, got, tc.want)
		}
	}
}

type cells map[string]string

func (c cells) Len() int                       { return 1 }
func (c cells) Key(int) string                 { return "k" }
func (c cells) Cell(_ int, column string) Cell { return Cell{Text: c[column]} }
func screenOf(w int, c cells, cols ...Column) string {
	_, draw := gridOf(c, w, 2, cols...)
	_, row, _ := strings.Cut(draw(), "\n")
	return row
}

func TestNumberThatDoesNotFitIsNotCut(t *testing.T) {
	col := Column{Key: "n", Title: "N", Ideal: 5, Max: 5, Align: AlignRight}
	if got := screenOf(20, cells{"n": "1,234,567"}, col); got != "> #####" {
		t.Errorf("got %q: a number without its last digits reads as another number", got)
	}
	if got := screenOf(20, cells{"n": "1,23"}, col); got != ">  1,23" {
		t.Errorf("got %q", got)
	}
}

func TestEmptyGridSaysWhy(t *testing.T) {
	g, draw := gridOf(numbered(0), 30, 6)
	g.Empty = "No customers yet.\nPress a to add one."
	if got := draw(); !strings.Contains(got, "No customers yet.\n  Press a") {
		t.Errorf("got:\n%s", got)
	}
}

func TestSortMarksAreShown(t *testing.T) {
	g, draw := gridOf(numbered(1), 40, 4, wideColumns()[:3]...)
	g.Sort = []SortMark{{Column: "one", Desc: true}, {Column: "name"}}
	if got := header(draw()); got != "Name^2 Onev1 Two" {
		t.Errorf("got %q", got)
	}
	g.Sort = g.Sort[:1]
	if got := header(draw()); got != "Name Onev Two" {
		t.Errorf("got %q", got)
	}
}

func TestColumnsKeepTheCursor(t *testing.T) {
	g, _ := gridOf(numbered(1), 60, 4, wideColumns()...)
	g.MoveToColumn("three")
	cols := g.Columns()
	slices.Reverse(cols)
	g.SetColumns(cols)
	if g.ColumnKey() != "three" {
		t.Errorf("cursor went to %q", g.ColumnKey())
	}
	for i := range cols {
		cols[i].Hidden = cols[i].Key != "one"
	}
	g.SetColumns(cols)
	if g.ColumnKey() != "one" {
		t.Errorf("cursor is on the hidden column %q", g.ColumnKey())
	}
}
