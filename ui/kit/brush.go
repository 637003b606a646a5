package kit

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// blankCell is an empty cell in plain style.
var blankCell = cell{r: ' ', w: 1}

const (
	leap  = 4  // as many equal cells between two differences are sent again: going past them is no shorter
	erase = 10 // as many empty cells are erased: the order takes eight bytes
	none  = -1 // a place or a style that is not known
)

// brush writes what turns one frame into the next and follows where that leaves the terminal.
type brush struct {
	inks *inks
	out  []byte
	age  int
	w, h int
	long []string
	x, y int // where the terminal's cursor is
	pen  int // the style that is set
}

// begin takes up a frame. What the terminal was left with is not trusted: the runtime may have written since.
func (b *brush) begin(f *frame) {
	if b.age != f.age {
		b.inks, b.age = newInks(b.inks.profile), f.age
	}
	b.inks.styles = f.styles
	b.out, b.w, b.h, b.long = b.out[:0], f.w, f.h, f.long
	b.x, b.pen = none, none
}

func (b *brush) write(s string) { b.out = append(b.out, s...) }

// differences writes what turns the old frame into the new one, of the same size. Where lines have moved, it is tried
// both with and without moving them on the terminal, and the shorter one is kept.
func (b *brush) differences(old, f *frame) {
	before := *b
	b.rows(old.cells, f.cells)
	sh, ok := findShift(old, f)
	if !ok {
		return
	}
	plain := slices.Clone(b.out)
	after := *b
	*b = before
	b.out = before.out[:len(before.out)]
	b.shift(sh)
	b.rows(sh.apply(old), f.cells)
	if len(b.out) >= len(plain) {
		*b = after
		b.out = append(b.out[:0], plain...)
	}
}

func (b *brush) rows(old, now []cell) {
	for y := range b.h {
		o, n := old[y*b.w:(y+1)*b.w], now[y*b.w:(y+1)*b.w]
		switch {
		case slices.Equal(o, n):
		case b.unsure(o) || b.unsure(n):
			b.wholeRow(y, n)
		default:
			b.row(y, o, n)
		}
	}
}

// unsure tells whether a line holds something that terminals count differently. They may have put what follows it into
// any column, so such a line is sent whole.
func (b *brush) unsure(row []cell) bool {
	for i := range row {
		if b.unsureCell(&row[i]) {
			return true
		}
	}
	return false
}

func (b *brush) unsureCell(c *cell) bool {
	switch {
	case c.r < 0: // several runes, which terminals join or not
		return true
	case c.w == 0, c.r < 0x300, simpleWidth(c.r) == int(c.w):
		return false
	}
	cl := string(c.r)
	return isEmoji(cl) || ansi.StringWidthWc(cl) != int(c.w) || ansi.StringWidth(cl) != int(c.w)
}

// wholeRow empties a line and writes it, with its columns said again after all that is counted differently.
func (b *brush) wholeRow(y int, row []cell) {
	b.x = none
	b.moveTo(0, y)
	b.penTo(0)
	b.write(ansi.EraseLineRight)
	for i, end := 0, contentEnd(row); i < end; i++ {
		if row[i].w == 0 {
			continue
		}
		b.put(i, y, &row[i])
		if b.unsureCell(&row[i]) {
			b.x = none
		}
	}
}

// row writes the differences of a line.
func (b *brush) row(y int, old, now []cell) {
	end := contentEnd(now)
	for x := 0; x < end; {
		if old[x] == now[x] {
			x++
			continue
		}
		for x > 0 && (now[x].w == 0 || old[x].w == 0) { // half of a wide character cannot be written
			x--
		}
		to := differentTo(old, now, x)
		b.cells(x, min(to, end), y, now)
		x = to
	}
	tail := end
	for tail < len(now) && old[tail] == now[tail] {
		tail++
	}
	if tail == len(now) {
		return
	}
	if contentEnd(old)-tail <= leap {
		b.cells(tail, contentEnd(old), y, now)
		return
	}
	b.moveTo(tail, y)
	b.penTo(0)
	b.write(ansi.EraseLineRight)
}

// differentTo returns the end of the piece that begins at x: it takes in a few equal cells where these need no other
// style, and the rest of every wide character it touches.
func differentTo(old, now []cell, x int) int {
	last := x
	for i := x + 1; i < len(now) && i-last <= leap; i++ {
		if old[i] != now[i] {
			last = i
		} else if now[i].style != now[last].style {
			break
		}
	}
	last++
	for last < len(now) && (now[last].w == 0 || old[last].w == 0) {
		last++
	}
	return last
}

// cells writes a piece of a line; a long run of empty cells in it is erased.
func (b *brush) cells(from, to, y int, row []cell) {
	for i := from; i < to; i++ {
		if row[i].w == 0 {
			continue
		}
		n := 0
		for i+n < to && row[i+n] == blankCell {
			n++
		}
		if n >= erase {
			b.moveTo(i, y)
			b.penTo(0)
			b.order(n, 'X')
			i += n - 1
			continue
		}
		b.put(i, y, &row[i])
	}
}

// put writes one cell.
func (b *brush) put(x, y int, c *cell) {
	b.moveTo(x, y)
	b.penTo(c.style)
	switch {
	case c.r < 0:
		b.write(b.long[^c.r])
	default:
		b.out = utf8.AppendRune(b.out, c.r)
	}
	if b.x += int(c.w); b.x >= b.w {
		b.x = none // terminals differ in where the cursor is after the last column
	}
}

func (b *brush) penTo(style uint16) {
	switch b.pen {
	case int(style):
	case none:
		b.write(b.inks.anew(style))
	default:
		b.write(b.inks.step(uint16(b.pen), style))
	}
	b.pen = int(style)
}

// moveTo brings the cursor to a cell by the shortest way.
func (b *brush) moveTo(x, y int) {
	if b.x == x && b.y == y {
		return
	}
	best := "\x1b[" + strconv.Itoa(y+1) + ";" + strconv.Itoa(x+1) + "H"
	if x == 0 {
		best = "\x1b[" + strconv.Itoa(y+1) + "H"
	}
	if b.x != none {
		way := ""
		if y != b.y {
			way = along(y-b.y, 'B', 'A')
		}
		if way += b.across(x); len(way) < len(best) {
			best = way
		}
	}
	b.write(best)
	b.x, b.y = x, y
}

// across is the shortest way to a column of the line.
func (b *brush) across(x int) string {
	d := x - b.x
	switch {
	case d == 0:
		return ""
	case x == 0:
		return "\r"
	case d < 0 && d > -3:
		return strings.Repeat("\b", -d)
	}
	by, to := along(d, 'C', 'D'), "\x1b["+strconv.Itoa(x+1)+"G"
	if len(to) < len(by) {
		return to
	}
	return by
}

// along is the order to go n cells one way, or the other way where n is negative.
func along(n int, there, back byte) string {
	if n < 0 {
		n, there = -n, back
	}
	return string(appendOrder(nil, n, there))
}

// order writes an order to the terminal that is done n times.
func (b *brush) order(n int, what byte) { b.out = appendOrder(b.out, n, what) }

func appendOrder(out []byte, n int, what byte) []byte {
	out = append(out, "\x1b["...)
	if n != 1 {
		out = strconv.AppendInt(out, int64(n), 10)
	}
	return append(out, what)
}

// contentEnd is the column after the last cell of a line that is not empty and plain.
func contentEnd(row []cell) int {
	n := len(row)
	for n > 0 && row[n-1] == blankCell {
		n--
	}
	return n
}
