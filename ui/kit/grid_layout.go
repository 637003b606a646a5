package kit

// gutter is the width of the column with the signs of cursor and mark; more is kept free at the right
// for the number of columns that do not fit.
const (
	gutter = 2
	more   = 3
)

// gridLayout is the geometry of the last drawing, by which the mouse finds what it points at.
type gridLayout struct {
	head, body, foot Rect
	step             int // lines that a row takes
	cols             []placed
	before, after    int // columns that do not fit, at the left and elsewhere
}

// placed is a column at its place.
type placed struct {
	col  int // index into Grid.cols
	x, w int
}

// The gaps between columns: as wide as there is room for, in a roomy look wider still.
const (
	narrowGap = 1
	wideGap   = 2
	roomyGap  = 4
)

// layout places the columns in the area, scrolling sideways so that the column of the cursor shows.
func (g *Grid) layout(r Rect, roomy bool) {
	l := gridLayout{cols: g.lay.cols[:0], step: 1}
	gap := wideGap
	if roomy {
		l.step, gap = 2, roomyGap
	}
	l.head, l.body = r.Top(min(1, r.H-1))
	if g.Footer != "" && l.body.H > 2 {
		l.foot, l.body = l.body.Bottom(1)
	}
	width := r.W - gutter
	shown, left := 0, min(g.left, g.column)
	for i := range g.cols {
		if !g.cols[i].Hidden {
			shown++
		}
	}
	g.left = 0 // A screen that got wider needs no scrolling any more.
	ids := g.fit(width)
	if len(ids) < shown {
		if width > 2*more {
			width -= more
		}
		g.left = left
		ids = g.fit(width)
	}
	// The column of the cursor has to be among those that fit: give up columns at the left for it.
	for len(g.cols) > 0 && g.left < g.column && !contains(ids, g.column) && !g.cols[g.column].Pinned {
		g.left++
		ids = g.fit(width)
	}
	if !contains(ids, g.column) && len(g.cols) > 0 && !g.cols[g.column].Hidden {
		ids = []int{g.column}
	}
	for i := range min(g.left, len(g.cols)) {
		if c := &g.cols[i]; !c.Hidden && !c.Pinned {
			l.before++
		}
	}
	l.after = shown - l.before - len(ids)
	l.cols = g.place(l.cols, ids, r.X+gutter, width, gap)
	g.lay = l
}

func contains(ids []int, id int) bool {
	for _, i := range ids {
		if i == id {
			return true
		}
	}
	return false
}

// fit chooses the columns whose minimal widths fit, in order.
func (g *Grid) fit(width int) []int {
	var ids []int
	need := -1 // no gap before the first
	for i := range g.cols {
		if c := &g.cols[i]; !c.Hidden && (c.Pinned || i >= g.left) {
			ids = append(ids, i)
			need += c.min() + 1
		}
	}
	for need > width && len(ids) > 1 {
		drop := len(ids) - 1
		for k := drop - 1; k >= 0; k-- {
			if g.cols[ids[k]].rank() < g.cols[ids[drop]].rank() {
				drop = k
			}
		}
		need -= g.cols[ids[drop]].min() + 1
		ids = append(ids[:drop], ids[drop+1:]...)
	}
	return ids
}

// rank orders columns by who stays: pinned ones last of all to go.
func (c *Column) rank() int {
	if c.Pinned {
		return c.Priority + 1<<20
	}
	return c.Priority
}

func (c *Column) ideal() int {
	w := c.Ideal
	if w <= 0 {
		w = max(Width(c.Title), 10)
	}
	return max(w, c.Min, 1)
}

func (c *Column) min() int {
	if c.Min > 0 {
		return c.Min
	}
	return min(c.ideal(), 4)
}

func (c *Column) max() int {
	if c.Max > 0 {
		return max(c.Max, c.ideal())
	}
	return 1 << 20
}

// place gives the chosen columns their widths: everyone the ideal one; what is missing is taken from
// the flexible ones first, what is free is given to them by their share.
func (g *Grid) place(out []placed, ids []int, x, width, gap int) []placed {
	free := width
	for _, id := range ids {
		free -= g.cols[id].ideal()
		out = append(out, placed{col: id, w: g.cols[id].ideal()})
	}
	for gap > narrowGap && free < gap*(len(ids)-1) {
		gap /= 2
	}
	free -= gap * (len(ids) - 1)
	if free < 0 {
		free = g.shrink(out, free, true)
		free = g.shrink(out, free, false)
	} else {
		g.grow(out, free)
	}
	if free < 0 && len(out) == 1 {
		out[0].w = max(0, width)
	}
	for i := range out {
		out[i].x = x
		x += out[i].w + gap
	}
	return out
}

// visible is how many rows the body shows; before the first drawing none.
func (l *gridLayout) visible() int {
	if l.step == 0 {
		return 0
	}
	return (l.body.H + l.step - 1) / l.step
}

// shrink takes missing cells (a negative number) from the widest columns down to their minimum and
// returns what is still missing.
func (g *Grid) shrink(cols []placed, missing int, flexOnly bool) int {
	for missing < 0 {
		best := -1
		for i := range cols {
			c := &g.cols[cols[i].col]
			if flexOnly && c.Flex == 0 || cols[i].w <= c.min() {
				continue
			}
			if best < 0 || cols[i].w-c.min() > cols[best].w-g.cols[cols[best].col].min() {
				best = i
			}
		}
		if best < 0 {
			return missing
		}
		cols[best].w--
		missing++
	}
	return missing
}

// grow gives free cells to the flexible columns by their share, up to their maximum.
func (g *Grid) grow(cols []placed, free int) {
	for free > 0 {
		total := 0
		for i := range cols {
			if c := &g.cols[cols[i].col]; cols[i].w < c.max() {
				total += c.Flex
			}
		}
		if total == 0 {
			return
		}
		given := 0
		for i := range cols {
			c := &g.cols[cols[i].col]
			n := min(free*c.Flex/total, c.max()-cols[i].w)
			cols[i].w += max(0, n)
			given += max(0, n)
		}
		if free -= given; given == 0 {
			g.growFirst(cols, free)
			return
		}
	}
}

// growFirst gives the cells left over by rounding to the first flexible columns, one each.
func (g *Grid) growFirst(cols []placed, free int) {
	for i := range cols {
		if c := &g.cols[cols[i].col]; free > 0 && c.Flex > 0 && cols[i].w < c.max() {
			cols[i].w++
			free--
		}
	}
}

// Part says which part of a grid a point of the screen is in.
type Part uint8

// The parts of a grid.
const (
	PartNone Part = iota
	PartHeader
	PartRow
	PartFooter
)

// Hit is what the mouse points at.
type Hit struct {
	Part   Part
	Row    int    // with PartRow
	Column string // key of the column, "" between columns
	Mark   bool   // with PartRow: in the gutter, where a click marks
}

// HitTest says what was drawn at the cell (x, y) of the canvas in the last Draw.
func (g *Grid) HitTest(x, y int) Hit {
	h := Hit{Row: -1}
	switch {
	case g.lay.head.Contains(x, y):
		h.Part = PartHeader
	case g.lay.foot.Contains(x, y):
		return Hit{Part: PartFooter, Row: -1}
	case g.lay.body.Contains(x, y) && g.top+(y-g.lay.body.Y)/g.lay.step < g.Len():
		h.Part, h.Row = PartRow, g.top+(y-g.lay.body.Y)/g.lay.step
		h.Mark = x < g.lay.body.X+gutter
	default:
		return h
	}
	for _, p := range g.lay.cols {
		if x >= p.x && x < p.x+p.w {
			h.Column = g.cols[p.col].Key
		}
	}
	return h
}
