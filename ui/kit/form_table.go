package kit

import (
	"errors"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// TableColumn is a column of a field that is a table.
type TableColumn struct {
	Label string
	Right bool // its cells are numbers
}

// CellError is a mistake in one cell of a table: the cell is marked, and the cursor goes there.
type CellError struct {
	Row, Column int
	Err         error
}

// Error implements error.
func (e *CellError) Error() string { return e.Err.Error() }

// Unwrap gives the mistake.
func (e *CellError) Unwrap() error { return e.Err }

// maxTableRows bounds the rows of a table; more are not what a form is for.
const maxTableRows = 200

// table is the text of a small table and the cell with the cursor. It has a row at least; an empty one counts as
// none.
type table struct {
	cells    [][]edit
	row, col int
	wrong    [2]int // the cell with the mistake, -1 without
}

// set reads rows and puts the cursor into the first cell.
func (t *table) set(text string, columns int) {
	*t = table{wrong: [2]int{-1, -1}}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) != "" && len(t.cells) < maxTableRows {
			t.cells = append(t.cells, cellsOf(line, columns))
		}
	}
	if len(t.cells) == 0 {
		t.cells = append(t.cells, make([]edit, columns))
	}
}

func cellsOf(line string, columns int) []edit {
	out := make([]edit, columns)
	for i, text := range strings.Split(line, "\t") {
		if i < columns {
			out[i].set(text)
		}
	}
	return out
}

// text writes the rows; empty ones are left out.
func (t *table) text() string {
	var lines []string
	for _, row := range t.cells {
		var cells []string
		for i := range row {
			cells = append(cells, row[i].text)
		}
		if line := strings.Join(cells, "\t"); strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func (t *table) height() int { return 1 + len(t.cells) }

// plain are the cells as text.
func (t *table) plain() [][]string {
	out := make([][]string, len(t.cells))
	for i, row := range t.cells {
		for k := range row {
			out[i] = append(out[i], row[k].text)
		}
	}
	return out
}

// blame marks the cell that a mistake names, and goes there. Rows that are empty are not counted by whoever
// judges the text, but they are in the table.
func (t *table) blame(err error) {
	var at *CellError
	if !errors.As(err, &at) {
		return
	}
	n := at.Row
	for i := range t.cells {
		if t.blank(i) {
			continue
		}
		if n == 0 && at.Column >= 0 && at.Column < len(t.cells[i]) {
			t.wrong = [2]int{i, at.Column}
			t.row, t.col = i, at.Column
			return
		}
		n--
	}
}

func (t *table) blank(row int) bool {
	for i := range t.cells[row] {
		if strings.TrimSpace(t.cells[row][i].text) != "" {
			return false
		}
	}
	return true
}

func (t *table) add(at int) {
	if len(t.cells) >= maxTableRows {
		return
	}
	columns := len(t.cells[0])
	t.cells = append(t.cells, nil)
	copy(t.cells[at+1:], t.cells[at:])
	t.cells[at] = make([]edit, columns)
	t.row, t.col = at, 0
}

func (t *table) remove(at int) {
	if len(t.cells) == 1 {
		t.cells[0] = make([]edit, len(t.cells[0]))
	} else {
		t.cells = append(t.cells[:at], t.cells[at+1:]...)
	}
	t.row, t.col = min(at, len(t.cells)-1), 0
}

// paste puts text into the cell with the cursor, and rows of a spreadsheet into it and those after it.
func (t *table) paste(text string, columns int) {
	text = strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if !strings.ContainsAny(text, "\t\n") {
		t.cells[t.row][t.col].insert(text)
		return
	}
	row, col := t.row, t.col
	for line := range strings.SplitSeq(text, "\n") {
		if row == len(t.cells) {
			if row == maxTableRows {
				break
			}
			t.cells = append(t.cells, make([]edit, columns))
		}
		for i, cell := range strings.Split(line, "\t") {
			if col+i < columns {
				t.cells[row][col+i].set(strings.TrimSpace(cell))
			}
		}
		row++
	}
	t.row = row - 1
}

// tableKey takes a key in a table; false leaves it to the form: up and down at its edges, and everything that
// ends or leaves a field.
func (it *formItem) tableKey(msg tea.KeyPressMsg) bool {
	t := &it.table
	cell, last := &t.cells[t.row][t.col], len(t.cells[t.row])-1
	switch key := stroke(msg); key {
	case "up", "down":
		to := t.row + map[string]int{"up": -1, "down": 1}[key]
		if to < 0 || to >= len(t.cells) {
			return false
		}
		t.row = to
		t.cells[to][t.col].at = len(t.cells[to][t.col].text)
		return true
	case "enter":
		return t.enter(last)
	case "ctrl+n":
		t.add(t.row + 1)
	case "ctrl+x":
		t.remove(t.row)
	case "left", "right":
		if key == "left" && cell.at == 0 && t.col > 0 {
			t.col--
			t.cells[t.row][t.col].at = len(t.cells[t.row][t.col].text)
		} else if key == "right" && cell.at == len(cell.text) && t.col < last {
			t.col++
			t.cells[t.row][t.col].at = len(t.cells[t.row][t.col].text)
		} else {
			cell.key(msg)
		}
		return true
	default:
		if !cell.key(msg) {
			return false
		}
	}
	it.err, t.wrong = "", [2]int{-1, -1}
	it.value = t.text()
	return true
}

// enter goes to the next cell; behind the last one it begins a new row, or leaves the table where the last row
// is empty.
func (t *table) enter(last int) bool {
	switch {
	case t.col < last:
		t.col++
	case t.row+1 < len(t.cells):
		t.row, t.col = t.row+1, 0
	case t.blank(t.row):
		return false
	default:
		t.add(t.row + 1)
	}
	t.cells[t.row][t.col].at = len(t.cells[t.row][t.col].text)
	return true
}

// tableNumber is the room for the numbers of the rows, which mistakes name.
const tableNumber = 4

// drawTable draws the headings and the rows; an empty cell shows what it stands for.
func (f *Form) drawTable(c *Canvas, r Rect, it *formItem, focused bool, th *Theme) *Cursor {
	t := &it.table
	number, r := r.Left(tableNumber)
	w := max(1, min(14, r.W/max(1, len(it.Columns))))
	n := 0
	for i := range t.cells {
		if !t.blank(i) {
			n++
			c.Put(Rect{number.X, number.Y + 1 + i, number.W - 1, 1}, th.Style(Muted), strconv.Itoa(n), AlignRight)
		}
	}
	var cur *Cursor
	plain := t.plain()
	for k, col := range it.Columns {
		x := r.X + k*w
		align := AlignLeft
		if col.Right {
			align = AlignRight
		}
		c.Put(Rect{x, r.Y, w - 1, 1}, th.Style(Header), col.Label, align)
		for i := range t.cells {
			at := Rect{x, r.Y + 1 + i, w - 1, 1}
			st := th.Style(InputText)
			switch {
			case t.wrong == [2]int{i, k}:
				st = th.Style(Error)
			case focused && i == t.row:
				st = th.Style(InputFocus)
			}
			cell := &t.cells[i][k]
			if focused && i == t.row && k == t.col {
				cur = cell.draw(c, at, st)
				if cell.text != "" || f.Ghost == nil {
					continue
				}
			}
			text := cell.text
			if text == "" && f.Ghost != nil {
				text, st = f.Ghost(it.Key, plain, i, k), th.Style(Muted)
			}
			if text != "" || !focused || i != t.row || k != t.col {
				c.Put(at, st, text, align)
			}
		}
	}
	return cur
}
