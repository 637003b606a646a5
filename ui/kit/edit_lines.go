package kit

import "strings"

// visualLine is one line on the screen: bytes From..To of the text.
type visualLine struct{ from, to int }

// layout breaks the text into screen lines of at most w cells, after a space where there is one. Every
// byte but the line breaks is in a line, so that the cursor has a place between any two clusters.
func (e *edit) layout(w int) []visualLine {
	w = max(1, w)
	var out []visualLine
	from := 0
	for line := range strings.SplitSeq(e.text, "\n") {
		end := from + len(line)
		start, x := from, 0
		for i := from; i < end; {
			cl, n := nextCluster(e.text[i:end])
			if x+n > w && i > start {
				at := i
				if space := strings.LastIndexByte(e.text[start:i], ' '); space >= 0 && e.text[i] != ' ' {
					at = start + space + 1
				}
				out = append(out, visualLine{start, at})
				start, x = at, Width(e.text[at:i])
			}
			x += n
			i += len(cl)
		}
		out = append(out, visualLine{start, end})
		from = end + 1
	}
	return out
}

// lineOf returns the number of the screen line the cursor is in.
func (e *edit) lineOf(lines []visualLine) int {
	for i := len(lines) - 1; i > 0; i-- {
		if e.at >= lines[i].from {
			return i
		}
	}
	return 0
}

// vertical moves the cursor d screen lines, keeping its column; false at the first and last line.
func (e *edit) vertical(d, w int) bool {
	lines := e.layout(w)
	i := e.lineOf(lines)
	if i+d < 0 || i+d >= len(lines) {
		return false
	}
	col := Width(Clean(e.text[lines[i].from:e.at]))
	to := lines[i+d]
	head, _ := cut(e.text[to.from:to.to], col)
	e.at = to.from + len(head)
	return true
}

// drawLines shows the text over several lines so that the cursor is in view.
func (e *edit) drawLines(c *Canvas, r Rect, st Style, focused bool) *Cursor {
	c.Fill(r, st)
	if r.Empty() {
		return nil
	}
	defer c.Clip(r)()
	lines := e.layout(r.W - 1)
	at := e.lineOf(lines)
	top := 0
	if focused {
		top = max(0, at-r.H+1)
	}
	for i := range r.H {
		if top+i < len(lines) {
			c.Write(r.X, r.Y+i, st, e.text[lines[top+i].from:lines[top+i].to])
		}
	}
	if !focused {
		return nil
	}
	col := Width(Clean(e.text[lines[at].from:e.at]))
	return &Cursor{X: r.X + min(col, r.W-1), Y: r.Y + at - top}
}
