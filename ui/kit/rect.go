package kit

// Rect is an area of the screen in cells. A rectangle without width or height is empty; the methods
// never return a negative size, so that a layout for a small screen needs no special cases.
type Rect struct{ X, Y, W, H int }

// Empty reports whether the area holds no cell.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// Contains reports whether the cell (x, y) is in the area.
func (r Rect) Contains(x, y int) bool {
	return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H
}

// Left splits off n columns at the left and returns them and the rest.
func (r Rect) Left(n int) (left, rest Rect) {
	n = min(max(n, 0), max(r.W, 0))
	return Rect{r.X, r.Y, n, r.H}, Rect{r.X + n, r.Y, r.W - n, r.H}
}

// Right splits off n columns at the right and returns them and the rest.
func (r Rect) Right(n int) (right, rest Rect) {
	n = min(max(n, 0), max(r.W, 0))
	return Rect{r.X + r.W - n, r.Y, n, r.H}, Rect{r.X, r.Y, r.W - n, r.H}
}

// Top splits off n rows at the top and returns them and the rest.
func (r Rect) Top(n int) (top, rest Rect) {
	n = min(max(n, 0), max(r.H, 0))
	return Rect{r.X, r.Y, r.W, n}, Rect{r.X, r.Y + n, r.W, r.H - n}
}

// Bottom splits off n rows at the bottom and returns them and the rest.
func (r Rect) Bottom(n int) (bottom, rest Rect) {
	n = min(max(n, 0), max(r.H, 0))
	return Rect{r.X, r.Y + r.H - n, r.W, n}, Rect{r.X, r.Y, r.W, r.H - n}
}

// Row returns row i of the area, an empty area when there is none.
func (r Rect) Row(i int) Rect {
	if i < 0 || i >= r.H {
		return Rect{r.X, r.Y, 0, 0}
	}
	return Rect{r.X, r.Y + i, r.W, 1}
}

// Inset returns the area without dx columns at each side and dy rows at top and bottom.
func (r Rect) Inset(dx, dy int) Rect {
	return Rect{r.X + dx, r.Y + dy, max(0, r.W-2*dx), max(0, r.H-2*dy)}
}

// Center returns an area of at most w × h cells in the middle of r.
func (r Rect) Center(w, h int) Rect {
	w, h = min(max(w, 0), r.W), min(max(h, 0), r.H)
	return Rect{r.X + (r.W-w)/2, r.Y + (r.H-h)/2, w, h}
}

// Intersect returns the cells that are in both areas.
func (r Rect) Intersect(o Rect) Rect {
	x, y := max(r.X, o.X), max(r.Y, o.Y)
	return Rect{x, y, max(0, min(r.X+r.W, o.X+o.W)-x), max(0, min(r.Y+r.H, o.Y+o.H)-y)}
}
