package tabular

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// xlsxWriter writes a workbook with one sheet, row by row. Dates, numbers and yes or no are typed;
// numbers of more than fifteen digits are texts, because a spreadsheet would change them.
type xlsxWriter struct {
	*base
	out                   io.Writer
	file                  *excelize.File
	stream                *excelize.StreamWriter
	dates, times, headers int // style ids
}

func newXLSXWriter(b *base, w io.Writer, o WriteOptions) (*xlsxWriter, error) {
	x := &xlsxWriter{base: b, out: w, file: excelize.NewFile()}
	if err := x.prepare(o); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot start the workbook: %w", err), x.file.Close())
	}
	return x, nil
}

func (x *xlsxWriter) prepare(o WriteOptions) error {
	const first = "Sheet1"
	sheet := first
	if o.Sheet != "" {
		sheet = sheetName(o.Sheet)
		if err := x.file.SetSheetName(first, sheet); err != nil {
			return err
		}
	}
	date, clock := "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
	var err, err2, err3 error
	x.dates, err = x.file.NewStyle(&excelize.Style{CustomNumFmt: &date})
	x.times, err2 = x.file.NewStyle(&excelize.Style{CustomNumFmt: &clock})
	x.headers, err3 = x.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err := errors.Join(err, err2, err3); err != nil {
		return err
	}
	if x.stream, err = x.file.NewStreamWriter(sheet); err != nil {
		return err
	}
	// The header stays in sight when a person scrolls.
	if err := x.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(x.header))
	for i, h := range x.header {
		cells[i] = excelize.Cell{StyleID: x.headers, Value: x.fit(0, i, x.safe(0, i, h))}
	}
	return x.stream.SetRow("A1", cells)
}

// sheetName makes a name that spreadsheets accept.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || r < ' ' {
			return '-'
		}
		return r
	}, strings.ToValidUTF8(s, "-"))
	units := utf16.Encode([]rune(s))
	if len(units) > excelize.MaxSheetNameLength {
		return string(utf16.Decode(units[:excelize.MaxSheetNameLength]))
	}
	return s
}

// Write implements Writer.
func (x *xlsxWriter) Write(row []Value) error {
	if err := x.begin(row); err != nil {
		return err
	}
	if x.report.Rows >= maxSheetRows {
		return fmt.Errorf("row %d: %w: a sheet holds %d rows; export as CSV", x.report.Rows, ErrTooLarge, maxSheetRows)
	}
	cells := make([]any, len(row))
	for i, v := range row {
		cells[i] = x.cell(i, v)
	}
	if err := x.stream.SetRow("A"+strconv.Itoa(x.report.Rows+1), cells); err != nil {
		return fmt.Errorf("cannot write row %d: %w", x.report.Rows, err)
	}
	return nil
}

// cell turns a value into what excelize takes; nil is no cell.
func (x *xlsxWriter) cell(column int, v Value) any {
	switch {
	case v.Null:
		return nil
	case v.isNumber() && len(strings.Trim(v.Text, "-.0")) <= 15:
		if f, err := strconv.ParseFloat(v.Text, 64); err == nil {
			return f
		}
	case v.isNumber():
		return v.Text
	case v.Type == BoolCell && (v.Text == "true" || v.Text == "false"):
		return v.Text == "true"
	case v.Type == DateCell:
		if days, ok := serialOf("2006-01-02", v.Text); ok {
			return excelize.Cell{StyleID: x.dates, Value: days}
		}
	case v.Type == TimeCell:
		if days, ok := serialOf("2006-01-02T15:04:05", v.Text); ok {
			return excelize.Cell{StyleID: x.times, Value: days}
		}
	}
	return x.fit(x.report.Rows, column, x.safe(x.report.Rows, column, v.Text))
}

// serialOf returns the serial number of a date from March 1900 on: before that spreadsheets disagree
// about the calendar, and a text says it better.
func serialOf(layout, s string) (float64, bool) {
	t, err := time.Parse(layout, s)
	if err != nil || t.Before(time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)) {
		return 0, false
	}
	return float64(t.Unix())/86400 + 25569, true
}

// fit makes a text what a cell can hold: 32,767 UTF-16 units, and no control characters.
func (x *xlsxWriter) fit(row, column int, s string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\uFFFE' || r == '\uFFFF' {
			return '\uFFFD'
		}
		return r
	}, s)
	if clean != s {
		x.note(row, column, ChangedCharacters)
	}
	if len(clean) <= excelize.TotalCellChars {
		return clean
	}
	units := utf16.Encode([]rune(clean))
	if len(units) <= excelize.TotalCellChars {
		return clean
	}
	x.note(row, column, ChangedLength)
	units = units[:excelize.TotalCellChars]
	if last := units[len(units)-1]; utf16.IsSurrogate(rune(last)) && last < 0xdc00 {
		units = units[:len(units)-1]
	}
	return string(utf16.Decode(units))
}

// Close implements Writer.
func (x *xlsxWriter) Close() error {
	err := x.stream.Flush()
	if err == nil {
		err = x.file.Write(x.out)
	}
	if err = errors.Join(err, x.file.Close()); err != nil {
		return fmt.Errorf("cannot write the workbook: %w", err)
	}
	return nil
}
