package scorecard

import (
	"errors"
	"fmt"
	"strings"

	"opsdeck/model"
)

// Row is one row of the points of a criterion as a table has it, every cell as people write it: a band with its
// lower edge, which belongs to it, and its upper edge, which belongs to the next one; or a value.
type Row struct {
	From, To string // edges of a band; 5k is 5,000. An empty To is where the next band begins.
	Value    string // instead of edges: a word that the input can be
	Points   string // 0 to 100
}

// RowError is a mistake in one row of a table of points.
type RowError struct {
	Row  int    // from 0
	Cell string // from, to, value or points
	Err  error
}

// Error implements error. The row is counted from 1, as people count.
func (e *RowError) Error() string { return fmt.Sprintf("row %d: %s", e.Row+1, e.Err.Error()) }

// Unwrap gives the mistake.
func (e *RowError) Unwrap() error { return e.Err }

// Rows takes the points of a criterion apart, "0:0 5k:20" or "core:100 basic:60"; words tells which of the two they
// are. A text that is no points gives what can be read of it.
func Rows(points string) (rows []Row, words bool) {
	steps, err := model.ParsePoints(points)
	words = err == nil && steps[0].Option != ""
	for part := range strings.FieldsSeq(points) {
		name, n, _ := strings.Cut(part, ":")
		r := Row{From: name, Points: n}
		if words {
			r = Row{Value: strings.ReplaceAll(name, "_", " "), Points: n}
		}
		rows = append(rows, r)
	}
	return rows, words
}

// PointsOfValues writes rows of values as points. A mistake is a RowError that names the cell.
func PointsOfValues(rows []Row) (string, error) {
	var parts []string
	seen := map[string]int{}
	for i, r := range rows {
		value := strings.Join(strings.Fields(r.Value), "_")
		switch {
		case value == "" && strings.TrimSpace(r.Points) == "":
			continue
		case value == "":
			return "", inRow(i, "value", errors.New("the value is missing"))
		case strings.Contains(value, ":"):
			return "", inRow(i, "value", fmt.Errorf("%q has a colon, which parts a value from its points", r.Value))
		}
		if _, err := model.ParseShort(value); err == nil {
			return "", inRow(i, "value", fmt.Errorf("%q is a number; points by bands judge numbers", r.Value))
		}
		if n, twice := seen[value]; twice {
			return "", inRow(i, "value", fmt.Errorf("%q has points in row %d already", r.Value, n+1))
		}
		seen[value] = i
		n, err := rowPoints(i, r)
		if err != nil {
			return "", err
		}
		parts = append(parts, value+":"+n)
	}
	return written(parts)
}

// PointsOfBands writes rows of bands as points. The bands have to rise and to meet: a row that begins before the
// one above it ends overlaps it, one that begins after it leaves a gap. A mistake is a RowError that names the cell.
func PointsOfBands(rows []Row) (string, error) {
	var parts []string
	end, before := "", -1 // what the last row says of its end, and which it is
	var from float64
	for i, r := range rows {
		begin := strings.TrimSpace(r.From)
		if begin == "" && strings.TrimSpace(r.To+r.Points) == "" {
			continue
		}
		if begin == "" && before >= 0 {
			if begin = end; begin == "" {
				return "", inRow(i, "from", errors.New("it is missing where the band begins"))
			}
		}
		low, err := lowEdge(i, begin, r.To)
		if err != nil {
			return "", err
		}
		if err := meets(i, before, low, from, end); err != nil {
			return "", err
		}
		n, err := rowPoints(i, r)
		if err != nil {
			return "", err
		}
		if begin == "" {
			begin = fmt.Sprintf("%g", low)
		}
		parts = append(parts, begin+":"+n)
		from, before, end = low, i, strings.TrimSpace(r.To)
		if err := endsAbove(i, low, end); err != nil {
			return "", err
		}
	}
	if end != "" {
		return "", inRow(before, "to", fmt.Errorf("nothing is said of %s and more: leave the end of the last band empty, or add a row", end))
	}
	return written(parts)
}

// lowEdge reads where a band begins. The first one reaches down without end, so that its edge only has to lie
// below the next.
func lowEdge(i int, begin, to string) (float64, error) {
	if begin != "" {
		n, err := model.ParseShort(begin)
		if err != nil {
			return 0, inRow(i, "from", fmt.Errorf("%q is not a number", begin))
		}
		return n, nil
	}
	if n, err := model.ParseShort(strings.TrimSpace(to)); err == nil && n <= 0 {
		return n - 1, nil
	}
	return 0, nil
}

// meets tells why a band does not go on where the one before it ends.
func meets(i, before int, low, from float64, end string) error {
	if before < 0 {
		return nil
	}
	if end != "" {
		switch last, err := model.ParseShort(end); {
		case err == nil && low < last:
			return inRow(i, "from", fmt.Errorf("it begins at %g, but row %d ends at %g: they overlap", low, before+1, last))
		case err == nil && low > last:
			return inRow(i, "from", fmt.Errorf("it begins at %g, but row %d ends at %g: there is a gap between them", low, before+1, last))
		}
	}
	if low <= from {
		return inRow(i, "from", fmt.Errorf("it begins at %g, not above row %d, which begins at %g: they overlap", low, before+1, from))
	}
	return nil
}

// endsAbove tells why a band cannot end where it does.
func endsAbove(i int, low float64, end string) error {
	if end == "" {
		return nil
	}
	switch n, err := model.ParseShort(end); {
	case err != nil:
		return inRow(i, "to", fmt.Errorf("%q is not a number", end))
	case n <= low:
		return inRow(i, "to", fmt.Errorf("it ends at %g, not above %g where it begins", n, low))
	}
	return nil
}

// rowPoints reads the points of a row, as they are written.
func rowPoints(i int, r Row) (string, error) {
	text := strings.TrimSpace(r.Points)
	if text == "" {
		return "", inRow(i, "points", errors.New("the points are missing"))
	}
	n, err := model.ParseShort(text)
	switch {
	case err != nil || strings.ContainsAny(text, "km"):
		return "", inRow(i, "points", fmt.Errorf("%q is not a number", text))
	case !(n >= 0 && n <= 100):
		return "", inRow(i, "points", fmt.Errorf("%s points do not lie between 0 and 100", text))
	}
	return text, nil
}

func inRow(row int, cell string, err error) error { return &RowError{Row: row, Cell: cell, Err: err} }

// written joins the rows, and reads them once more as they will be read.
func written(parts []string) (string, error) {
	if len(parts) == 0 {
		return "", errors.New("the table has no rows; add at least one")
	}
	text := strings.Join(parts, " ")
	_, err := model.ParsePoints(text)
	return text, err
}
