package tabular

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// sheetReader streams the rows of one sheet.
type sheetReader struct {
	ctx    context.Context
	wb     *workbook
	table  Table
	gate   gate
	part   *xmlPart
	close  io.Closer
	size   int64
	last   int      // number of the row read last
	ahead  []Row    // rows read while looking for the header
	merged []string // references of merged cells
	merges int      // how many there are
	closed bool
}

// What a sheet can hold at most.
const (
	maxSheetRows    = 1 << 20
	maxSheetColumns = 1 << 14
)

func (wb *workbook) open(ctx context.Context, s sheet) (*sheetReader, error) {
	part, closer, err := wb.part(s.part, wb.opt.MaxField)
	if err != nil {
		return nil, err
	}
	if part == nil {
		return nil, fmt.Errorf("%w: part %s is missing", ErrTruncated, s.part)
	}
	r := &sheetReader{
		ctx: ctx, wb: wb, part: part, close: closer, size: int64(wb.parts[partName(s.part)].UncompressedSize64),
		table: Table{Name: wb.src.name + "#" + s.name, Format: FormatXLSX, Header: slices.Clone(wb.opt.Columns)},
	}
	r.gate.table = &r.table
	if err := r.toHeader(); err != nil {
		return nil, errors.Join(err, closer.Close())
	}
	return r, nil
}

// toHeader reads the first rows and picks the header among them.
func (r *sheetReader) toHeader() error {
	const look = 50
	var recs []record
	for len(recs) < look {
		row, err := r.readRow()
		if isEOF(err) {
			break
		}
		if err != nil {
			return err
		}
		if row.Line > r.wb.opt.Skip && (filled(row.Cells) > 0 || row.Problem != nil) {
			r.ahead = append(r.ahead, row)
			recs = append(recs, record{line: row.Line, cells: row.Cells})
		}
	}
	if len(recs) == 0 {
		return ErrEmpty
	}
	if len(r.table.Header) > 0 {
		return nil
	}
	at := 0
	if r.wb.opt.Skip == 0 {
		at = headerAt(recs)
	}
	var above []string
	for _, rec := range recs[:at] {
		above = append(above, strings.TrimSpace(strings.Join(rec.cells, " ")))
	}
	r.table.Header, r.table.HeaderLine = recs[at].cells, recs[at].line
	if r.wb.opt.Unneutralise {
		restoreAll(FormatXLSX, r.table.Header)
	}
	if at > 0 {
		r.table.warn(recs[0].line, WarnPreamble, "the header is row %d; left out above it: %s", recs[at].line, clip(strings.Join(above, " / ")))
	}
	r.table.Warnings = append(r.table.Warnings, headerWarnings(r.table.Header, r.table.HeaderLine)...)
	r.ahead = r.ahead[at+1:]
	return nil
}

// Table implements Reader.
func (r *sheetReader) Table() *Table { return &r.table }

// Progress implements Reader; it counts unpacked bytes.
func (r *sheetReader) Progress() (done, total int64) { return min(r.part.in.total, r.size), r.size }

// Close implements Reader.
func (r *sheetReader) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	err := r.close.Close()
	if r.wb.readers.Add(-1) == 0 {
		err = errors.Join(err, r.wb.src.close())
	}
	return err
}

// Next implements Reader.
func (r *sheetReader) Next() (Row, error) {
	return r.gate.next(func() error {
		row, err := r.nextRow()
		if isEOF(err) {
			r.reportMerged()
			return err
		}
		if err != nil {
			return fmt.Errorf("%s: %w", r.table.Name, err)
		}
		if n := filled(row.Cells); n > 0 || row.Problem != nil {
			single := n == 1 && strings.TrimSpace(row.Cells[0]) != "" && len(r.table.Header) > 2
			r.gate.take(r.fit(row), single)
		}
		return nil
	})
}

func (r *sheetReader) nextRow() (Row, error) {
	if len(r.ahead) > 0 {
		row := r.ahead[0]
		r.ahead = r.ahead[1:]
		return row, nil
	}
	return r.readRow()
}

// fit fills a row up with blanks: a sheet stores no empty cells, so being short means nothing.
func (r *sheetReader) fit(row Row) Row {
	for i := len(row.Cells); i < len(r.table.Header); i++ {
		row.Cells = append(row.Cells, "")
		row.Null = append(row.Null, true)
		row.Types = append(row.Types, Untyped)
	}
	if r.wb.opt.Unneutralise {
		restoreAll(FormatXLSX, row.Cells)
	}
	row.dropNULs()
	row.fit(len(r.table.Header))
	return row
}

// readRow returns the next row of the sheet as it is stored, without trailing blanks.
func (r *sheetReader) readRow() (Row, error) {
	if err := r.ctx.Err(); err != nil {
		return Row{}, err
	}
	for {
		t, err := r.part.token()
		if err != nil {
			return Row{}, err
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "row":
			return r.cells(e)
		case "mergeCell":
			r.merges++
			if len(r.merged) < maxMerged {
				r.merged = append(r.merged, attr(e, "ref"))
			}
		}
	}
}

// maxMerged is how many groups of merged cells are listed one by one.
const maxMerged = 20

// reportMerged warns of merged cells, which come behind all rows in the file. Titles above the table
// are merged as a rule and need no warning.
func (r *sheetReader) reportMerged() {
	for _, ref := range r.merged {
		from, to, _ := strings.Cut(ref, ":")
		_, line := cellRef(from)
		if _, end := cellRef(to); end > r.table.HeaderLine {
			r.table.warn(line, WarnMerged, "the cells %s are merged: only the first has the value", clip(ref))
		}
	}
	if r.merges > len(r.merged) {
		r.table.warn(0, WarnMerged, "%d groups of cells are merged, of which the first %d were looked at", r.merges, len(r.merged))
	}
}

// cells reads the cells of a row up to its end.
func (r *sheetReader) cells(e xml.StartElement) (Row, error) {
	line := r.last + 1
	if ref := attr(e, "r"); ref != "" {
		n, err := strconv.Atoi(ref)
		if err != nil || n <= r.last || n > maxSheetRows {
			return Row{}, fmt.Errorf("%w: after row %d comes a row called %q", ErrNotATable, r.last, clip(ref))
		}
		line = n
	}
	r.last = line
	row := Row{Line: line, Cells: make([]string, 0, len(r.table.Header)), Types: make([]CellType, 0, len(r.table.Header)), Null: make([]bool, 0, len(r.table.Header))}
	size := int64(0)
	for {
		t, err := r.part.token()
		if err != nil {
			return Row{}, err
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return row, nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			if err := r.cell(t, &row); err != nil {
				return Row{}, fmt.Errorf("row %d: %w", line, err)
			}
			if size += int64(len(row.Cells[len(row.Cells)-1])); size > r.wb.opt.MaxRow {
				return Row{}, fmt.Errorf("row %d: %w: it has more than %d bytes", line, ErrTooLarge, r.wb.opt.MaxRow)
			}
		}
	}
}

// cell reads one cell and puts it where its reference says.
func (r *sheetReader) cell(e xml.StartElement, row *Row) error {
	column := len(row.Cells)
	if ref := attr(e, "r"); ref != "" {
		c, _ := cellRef(ref)
		if c < column || c >= maxSheetColumns {
			return fmt.Errorf("%w: the cell %q is out of place", ErrNotATable, clip(ref))
		}
		column = c
	}
	v, err := r.cellValue()
	if err != nil {
		return err
	}
	text, typ, err := r.typed(attr(e, "t"), attr(e, "s"), v)
	if err != nil {
		row.Problem = errors.Join(row.Problem, fmt.Errorf("row %d, column %d: %w", row.Line, column+1, err))
	}
	for len(row.Cells) < column {
		row.Cells, row.Types, row.Null = append(row.Cells, ""), append(row.Types, Untyped), append(row.Null, true)
	}
	row.Cells = append(row.Cells, text)
	row.Types = append(row.Types, typ)
	row.Null = append(row.Null, text == "" && !v.inline)
	return nil
}

// stored is what stands in a cell: a value, a formula, or both. inline tells that the cell holds its
// text itself.
type stored struct {
	value                     string
	inline, formula, hasValue bool
}

// cellValue reads up to the end of a cell.
func (r *sheetReader) cellValue() (v stored, err error) {
	for {
		t, err := r.part.token()
		if err != nil {
			return v, err
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "c" {
				return v, nil
			}
		case xml.StartElement:
			switch t.Name.Local {
			case "f":
				v.formula = true
			case "v", "is":
				v.hasValue, v.inline = true, t.Name.Local == "is"
				if v.value, err = r.part.text(t.Name.Local); err != nil {
					return v, err
				}
			}
		}
	}
}

// typed turns a stored value into the text of a cell by the cell's type and style.
func (r *sheetReader) typed(typ, styleID string, v stored) (string, CellType, error) {
	value := v.value
	switch {
	case v.formula && !v.hasValue:
		return "", Untyped, fmt.Errorf("%w: its result is not stored; open the workbook in a spreadsheet and save it", ErrErrorCell)
	case v.inline, typ == "str", typ == "inlineStr":
		return value, TextCell, nil
	case value == "":
		return "", Untyped, nil
	}
	switch typ {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 0 || n >= len(r.wb.shared) {
			return "", Untyped, fmt.Errorf("%w: there is no shared text number %q", ErrBadRecord, clip(value))
		}
		return r.wb.shared[n], TextCell, nil
	case "b":
		return strconv.FormatBool(value == "1" || value == "true"), BoolCell, nil
	case "e":
		if value == "#N/A" {
			return value, TextCell, nil // a plain "no value" and nothing wrong
		}
		return value, TextCell, fmt.Errorf("%w: %s", ErrErrorCell, clip(value))
	case "d":
		if len(value) == len("2006-01-02") {
			return value, DateCell, nil
		}
		return value, TimeCell, nil
	}
	index, err := strconv.Atoi(styleID)
	if err != nil {
		index = 0
	}
	text, t := r.wb.cellOf(strings.TrimSpace(value), index)
	return text, t, nil
}

// cellRef splits a reference such as AB12 into a column from 0 and a row from 1. What is no
// reference gives a column out of range.
func cellRef(ref string) (column, line int) {
	i := 0
	for ; i < len(ref) && i < 4 && isLetter(rune(ref[i])); i++ {
		column = column*26 + int(ref[i]|0x20-'a') + 1
	}
	line, err := strconv.Atoi(ref[i:])
	if i == 0 || i == 4 || err != nil {
		return maxSheetColumns, 0
	}
	return column - 1, line
}
