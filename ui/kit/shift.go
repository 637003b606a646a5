package kit

import "slices"

// maxShift is how far lines are looked for; a page further is another picture.
const maxShift = 12

// fewest lines that must have moved together to be worth a look.
const fewestMoved = 6

// shift is lines that have moved: lines from to to (exclusive) hold what was by lines further down, or further up
// where by is negative.
type shift struct{ from, to, by int }

// findShift looks for lines that moved. Only the left half of each is compared: beside a list stands what belongs to
// the row with the cursor, which does not move with it.
func findShift(old, f *frame) (shift, bool) {
	half := max(f.w/2, 1)
	left := func(f *frame, y int) []cell { return f.cells[y*f.w : y*f.w+half] }
	same := func(y, by int) bool {
		o := y + by
		return o >= 0 && o < f.h && left(f, y)[0].w > 0 && slices.Equal(left(old, o), left(f, y))
	}
	changed := changedLines(old, f)
	if len(changed) < fewestMoved {
		return shift{}, false
	}
	best, most := shift{}, 0
	for by := -maxShift; by <= maxShift; by++ {
		if by == 0 {
			continue
		}
		s, n := shift{from: -1, by: by}, 0
		for _, y := range changed {
			if !same(y, by) || same(y, 0) {
				continue
			}
			n++
			if s.from < 0 {
				s.from = y
			}
			s.to = y + 1
		}
		if n > most {
			best, most = s, n
		}
	}
	return best, most >= fewestMoved
}

// changedLines lists the lines of a frame that are not those of the one before.
func changedLines(old, f *frame) []int {
	var out []int
	for y := range f.h {
		if !slices.Equal(old.cells[y*f.w:(y+1)*f.w], f.cells[y*f.w:(y+1)*f.w]) {
			out = append(out, y)
		}
	}
	return out
}

// region is the lines that take part: those that have moved and those that are pushed out.
func (s shift) region() (from, to int) { return min(s.from, s.from+s.by), max(s.to, s.to+s.by) }

// apply returns the old frame as the terminal shows it after the shift.
func (s shift) apply(f *frame) []cell {
	cells := slices.Clone(f.cells)
	from, to := s.region()
	for y := from; y < to; y++ {
		row := cells[y*f.w : (y+1)*f.w]
		if o := y + s.by; o >= from && o < to {
			copy(row, f.cells[o*f.w:(o+1)*f.w])
			continue
		}
		for i := range row {
			row[i] = blankCell
		}
	}
	return cells
}

// shift moves lines on the terminal: as many as go are deleted and as many empty ones put in at the other end, which
// every terminal can do and which leaves the lines below the region where they were.
func (b *brush) shift(s shift) {
	from, to := s.region()
	n := s.by
	out, in := from, to-n
	if n < 0 {
		n = -n
		out, in = to-n, from
	}
	b.penTo(0) // new lines get the colour that is set
	b.moveTo(0, out)
	b.order(n, 'M')
	b.x = none
	b.moveTo(0, in)
	b.order(n, 'L')
	b.x = none
}
