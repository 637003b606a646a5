package exchange

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"

	"opsdeck/store/exchange/tabular"
)

// refused keeps the rows that an import did not take, as they stood in the file.
type refused struct {
	header []string
	rows   []refusedRow
}

type refusedRow struct {
	line   int
	cells  []string
	reason string
}

func (r *refused) add(t *rawTable, row tabular.Row, reason string) {
	if r.header == nil {
		r.header = t.header
	}
	r.rows = append(r.rows, refusedRow{row.Line, row.Cells, reason})
}

// WriteErrors writes the rows with errors and conflicts as CSV: their own columns as they stood in
// the file, then the line and the reason. The file can be mended and imported again.
func (p *Plan) WriteErrors(w io.Writer) error {
	out := csv.NewWriter(w)
	width := len(p.refused.header)
	for _, row := range p.refused.rows {
		width = max(width, len(row.cells))
	}
	pad := func(cells []string) []string {
		return append(append(make([]string, 0, width+2), cells...), make([]string, width-len(cells))...)
	}
	err := out.Write(append(pad(p.refused.header), "import line", "import reason"))
	for _, row := range p.refused.rows {
		err = errors.Join(err, out.Write(append(pad(row.cells), strconv.Itoa(row.line), row.reason)))
	}
	out.Flush()
	return errors.Join(err, out.Error())
}
