package exchange

import (
	"io"
	"slices"
	"strconv"

	"opsdeck/store/exchange/tabular"
)

// refused keeps the rows that an import did not take, as they stood in the file.
type refused struct {
	header []string
	rows   []refusedRow
}

type refusedRow struct {
	table  *rawTable
	line   int
	cells  []string
	reason string
}

// Cell is a cell of a row as it stood in the file, under the name of its column.
type Cell struct{ Column, Text string }

// Refused gives the cells of a row with an error or a conflict, nil for any other row.
func (p *Plan) Refused(table string, line int) []Cell {
	for _, r := range p.refused.rows {
		if r.line != line || r.table.name != table {
			continue
		}
		var cells []Cell
		for i, h := range r.table.header {
			if i < len(r.cells) {
				cells = append(cells, Cell{h, r.cells[i]})
			}
		}
		return cells
	}
	return nil
}

func (r *refused) add(t *rawTable, row tabular.Row, reason string) {
	if r.header == nil {
		r.header = t.header
	}
	r.rows = append(r.rows, refusedRow{t, row.Line, row.Cells, reason})
}

// The columns that an error file adds. Importers leave them out, so that the mended file has the
// header and the keys of the file that it came from.
const (
	errorLine   = "import line"
	errorReason = "import reason"
)

func isErrorColumn(name string) bool { return name == errorLine || name == errorReason }

// isErrorFile tells whether a table is one that WriteErrors wrote.
func (t *rawTable) isErrorFile() bool {
	return slices.Contains(t.header, errorLine) && slices.Contains(t.header, errorReason)
}

// WriteErrors writes the rows with errors and conflicts as CSV: their own columns as they stood in
// the file, then the line and the reason. Cells that a spreadsheet would run are made harmless, which
// is undone when the mended file is imported.
func (p *Plan) WriteErrors(w io.Writer) error {
	width := len(p.refused.header)
	for _, row := range p.refused.rows {
		width = max(width, len(row.cells))
	}
	pad := func(cells []string) []string {
		return append(append(make([]string, 0, width+2), cells...), make([]string, width-len(cells))...)
	}
	out, err := tabular.NewWriter(tabular.FormatDelimited, w, append(pad(p.refused.header), errorLine, errorReason), tabular.WriteOptions{})
	if err != nil {
		return err
	}
	for _, row := range p.refused.rows {
		cells := make([]tabular.Value, 0, width+2)
		for _, c := range append(pad(row.cells), strconv.Itoa(row.line), row.reason) {
			cells = append(cells, tabular.Text(c))
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	return out.Close()
}
