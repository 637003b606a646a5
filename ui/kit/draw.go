package kit

// Cursor is where the terminal's own cursor should stand after a frame.
type Cursor struct{ X, Y int }

// Put draws text into row r.Y of the area, cut with "…" and filled to its whole width.
func (c *Canvas) Put(r Rect, st Style, text string, a Align) {
	if r.W <= 0 || r.H <= 0 {
		return
	}
	text = Truncate(Clean(text), r.W)
	left, right := a.split(r.W - Width(text))
	c.blank(r.X, r.Y, left, st)
	c.Write(r.X+left, r.Y, st, text)
	c.blank(r.X+r.W-right, r.Y, right, st)
}

func (c *Canvas) blank(x, y, n int, st Style) {
	if n > 0 {
		c.Fill(Rect{x, y, n, 1}, st)
	}
}

// PutSpans draws a line of spans into row r.Y of the area and returns the column after it. What does
// not fit ends in "…". Cells to the right of it stay as they are.
func (c *Canvas) PutSpans(r Rect, th *Theme, line Spans) int {
	x, end := r.X, r.X+r.W
	if r.Empty() {
		return x
	}
	for i, s := range line {
		text := Clean(s.Text)
		if i < len(line)-1 && line[i+1].Text != "" && Width(text) == end-x {
			text += " " // More follows, for which there is no room: the last cell has to say so.
		}
		fits := Width(text) <= end-x
		x = c.Write(x, r.Y, th.Style(s.Token), Truncate(text, end-x))
		if !fits {
			break
		}
	}
	return x
}

// Box empties the area, draws a border with a title in it, and returns what is inside. An area too
// small for a border is used as it is.
func (c *Canvas) Box(r Rect, th *Theme, title string, focused bool) Rect {
	c.Fill(r, Style{})
	if r.W < 4 || r.H < 3 {
		return r
	}
	st := th.Style(Border)
	if focused {
		st = th.Style(BorderFocus)
	}
	s := &th.Sym
	for x := r.X + 1; x < r.X+r.W-1; x++ {
		c.Write(x, r.Y, st, s.H)
		c.Write(x, r.Y+r.H-1, st, s.H)
	}
	for y := r.Y + 1; y < r.Y+r.H-1; y++ {
		c.Write(r.X, y, st, s.V)
		c.Write(r.X+r.W-1, y, st, s.V)
	}
	c.Write(r.X, r.Y, st, s.TL)
	c.Write(r.X+r.W-1, r.Y, st, s.TR)
	c.Write(r.X, r.Y+r.H-1, st, s.BL)
	c.Write(r.X+r.W-1, r.Y+r.H-1, st, s.BR)
	if title != "" && r.W > 6 {
		c.Write(r.X+2, r.Y, th.Style(Title), " "+Truncate(Clean(title), r.W-6)+" ")
	}
	return r.Inset(1, 1)
}
