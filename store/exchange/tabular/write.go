package tabular

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// FormatMarkdown is a format that can be written but not read.
const FormatMarkdown = "md"

// Value is one cell to write. Its text is canonical for its type, see CellType.
type Value struct {
	Type CellType
	Text string
	// Null is no value at all: null in JSON, an empty cell elsewhere.
	Null bool
}

// Text makes a value of free text.
func Text(s string) Value { return Value{Type: TextCell, Text: s} }

// Number makes a value of an exact number.
func Number(d Decimal) Value { return Value{Type: NumberCell, Text: d.String()} }

// Bool makes a value of a yes or no.
func Bool(b bool) Value { return Value{Type: BoolCell, Text: strconv.FormatBool(b)} }

// Date makes a value of a date written as 2006-01-02; an empty text is Null.
func Date(iso string) Value { return Value{Type: DateCell, Text: iso, Null: iso == ""} }

// Timestamp makes a value of a time written as 2006-01-02T15:04:05, with or without a zone; an empty
// text is Null. XLSX knows no zones, so one with a zone becomes text there.
func Timestamp(iso string) Value { return Value{Type: TimeCell, Text: iso, Null: iso == ""} }

// Null makes a value that is absent.
func Null() Value { return Value{Null: true} }

// Change is a cell that could not be written as it was.
type Change struct {
	// Row counts the rows written from 1; 0 is the header.
	Row    int
	Column string
	// Why is one of the Changed constants.
	Why ChangeKind
}

// ChangeKind is why a cell was changed.
type ChangeKind string

// The kinds of Change.
const (
	ChangedFormula    ChangeKind = "formula"    // a spreadsheet would have run it; see Neutralise
	ChangedLength     ChangeKind = "length"     // cut to what a spreadsheet cell can hold
	ChangedCharacters ChangeKind = "characters" // characters that the format cannot hold became U+FFFD
	ChangedControls   ChangeKind = "controls"   // characters that a terminal would obey are written as _x001B_
)

// Report is what a writer did beside writing.
type Report struct {
	// Rows is the number of rows written, without the header.
	Rows int
	// Counts has the number of changed cells by kind.
	Counts map[ChangeKind]int
	// Changes lists them, up to a thousand.
	Changes []Change
}

const maxChanges = 1000

// Writer writes one table. Write takes one value per column. Close completes the file but leaves
// the io.Writer open; without it the file is not whole.
type Writer interface {
	Write(row []Value) error
	Close() error
	// Report is complete after Close.
	Report() Report
}

// WriteOptions choose among what a format leaves open.
type WriteOptions struct {
	// Sheet names the sheet of an XLSX file; empty means "Sheet1".
	Sheet string
}

// NewWriter starts a table in one of the formats csv, json, ndjson, xlsx and md.
//
// CSV follows RFC 4180 in UTF-8 without a mark, and ends lines with LF alone: every reader takes
// that, line tools of a terminal want it, and line breaks inside cells stay what they were. JSON is
// an array with one object per line whose keys are the header in its order.
func NewWriter(format string, w io.Writer, header []string, o WriteOptions) (Writer, error) {
	if len(header) == 0 {
		return nil, fmt.Errorf("a table without columns cannot be written")
	}
	b := &base{header: slices.Clone(header), report: Report{Counts: map[ChangeKind]int{}}}
	switch format {
	case FormatDelimited:
		return newCSVWriter(b, w)
	case FormatJSON, FormatNDJSON:
		return newJSONWriter(b, w, format == FormatJSON)
	case FormatXLSX:
		return newXLSXWriter(b, w, o)
	case FormatMarkdown:
		return newMarkdownWriter(b, w), nil
	}
	return nil, fmt.Errorf("cannot write the format %q; there are csv, json, ndjson, xlsx and md", format)
}

// base is what all writers share.
type base struct {
	header []string
	report Report
}

// Report implements Writer.
func (b *base) Report() Report { return b.report }

// begin checks and counts a row.
func (b *base) begin(row []Value) error {
	if len(row) != len(b.header) {
		return fmt.Errorf("row %d has %d values for %d columns", b.report.Rows+1, len(row), len(b.header))
	}
	b.report.Rows++
	return nil
}

func (b *base) note(row, column int, why ChangeKind) {
	b.report.Counts[why]++
	if len(b.report.Changes) < maxChanges {
		b.report.Changes = append(b.report.Changes, Change{row, b.header[column], why})
	}
}

// safe makes a text fit for a spreadsheet and notes what that changed.
func (b *base) safe(row, column int, s string) string {
	s = b.valid(row, column, s)
	s, changed := Neutralise(s)
	if changed {
		b.note(row, column, ChangedFormula)
	}
	return s
}

// valid replaces bytes that are no UTF-8.
func (b *base) valid(row, column int, s string) string {
	clean := strings.ToValidUTF8(s, "\uFFFD")
	if clean != s {
		b.note(row, column, ChangedCharacters)
	}
	return clean
}

// isNumber tells whether the text of a value is what its type promises, so that it can stand in a
// file without quotes.
func (v Value) isNumber() bool {
	if v.Type != NumberCell || v.Text == "" {
		return false
	}
	body := strings.TrimPrefix(v.Text, "-")
	whole, frac, has := strings.Cut(body, ".")
	return whole != "" && strings.Trim(whole+frac, "0123456789") == "" && (!has || frac != "") &&
		(whole == "0" || whole[0] != '0')
}

type csvWriter struct {
	*base
	w *bufio.Writer
}

func newCSVWriter(b *base, w io.Writer) (*csvWriter, error) {
	c := &csvWriter{base: b, w: bufio.NewWriterSize(w, 64<<10)}
	cells := make([]string, len(b.header))
	for i, h := range b.header {
		cells[i] = c.visible(0, i, b.safe(0, i, h))
	}
	return c, c.line(cells)
}

// Write implements Writer.
func (c *csvWriter) Write(row []Value) error {
	if err := c.begin(row); err != nil {
		return err
	}
	cells := make([]string, len(row))
	for i, v := range row {
		switch {
		case v.Null:
		case v.isNumber():
			cells[i] = v.Text
		default:
			cells[i] = c.visible(c.report.Rows, i, c.safe(c.report.Rows, i, v.Text))
		}
	}
	return c.line(cells)
}

// visible writes what would move a terminal's cursor or turn the direction of writing around by its number,
// see escapeControls: a CSV file is looked at with cat and less.
func (c *csvWriter) visible(row, column int, s string) string {
	seen := escapeControls(s)
	if seen != s {
		c.note(row, column, ChangedControls)
	}
	return seen
}

func (c *csvWriter) line(cells []string) error {
	for i, s := range cells {
		if i > 0 {
			c.w.WriteByte(',')
		}
		// A lone empty cell is quoted, or its line would be blank and no row; so is what a reader
		// might take for a mark, for layout, or for the start of a quote.
		if strings.ContainsAny(s, ",\"\r\n;\t|^") || s == "" && len(cells) == 1 || s != strings.TrimSpace(s) || strings.HasPrefix(s, "\uFEFF") {
			c.w.WriteByte('"')
			c.w.WriteString(strings.ReplaceAll(s, `"`, `""`))
			c.w.WriteByte('"')
			continue
		}
		c.w.WriteString(s)
	}
	// A bufio.Writer keeps its first error, so this one tells of all before.
	if err := c.w.WriteByte('\n'); err != nil {
		return fmt.Errorf("cannot write row %d: %w", c.report.Rows, err)
	}
	return nil
}

// Close implements Writer.
func (c *csvWriter) Close() error { return flush(c.w) }

func flush(w *bufio.Writer) error {
	if err := w.Flush(); err != nil {
		return fmt.Errorf("cannot write the file: %w", err)
	}
	return nil
}

type jsonWriter struct {
	*base
	w     *bufio.Writer
	keys  [][]byte
	array bool
	buf   []byte
}

func newJSONWriter(b *base, w io.Writer, array bool) (*jsonWriter, error) {
	j := &jsonWriter{base: b, w: bufio.NewWriterSize(w, 64<<10), array: array}
	seen := map[string]bool{}
	for i, h := range b.header {
		if seen[h] {
			return nil, fmt.Errorf("two columns are called %q, which JSON cannot hold", clip(h))
		}
		seen[h] = true
		j.keys = append(j.keys, append(jsonText(b.valid(0, i, h)), ':'))
	}
	return j, nil
}

// jsonText quotes a text without escaping <, > and &, which matters only inside web pages.
func jsonText(s string) []byte {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	// A string always encodes.
	_ = enc.Encode(s)
	return SafeJSON([]byte(strings.TrimSuffix(b.String(), "\n")))
}

// Write implements Writer.
func (j *jsonWriter) Write(row []Value) error {
	if err := j.begin(row); err != nil {
		return err
	}
	j.buf = j.buf[:0]
	switch {
	case j.array && j.report.Rows == 1:
		j.buf = append(j.buf, "[\n"...)
	case j.array:
		j.buf = append(j.buf, ",\n"...)
	}
	for i, v := range row {
		sep := byte(',')
		if i == 0 {
			sep = '{'
		}
		j.buf = append(append(j.buf, sep), j.keys[i]...)
		switch {
		case v.Null:
			j.buf = append(j.buf, "null"...)
		case v.isNumber(), v.Type == BoolCell && (v.Text == "true" || v.Text == "false"):
			j.buf = append(j.buf, v.Text...)
		default:
			j.buf = append(j.buf, jsonText(j.valid(j.report.Rows, i, v.Text))...)
		}
	}
	j.buf = append(j.buf, '}')
	if !j.array {
		j.buf = append(j.buf, '\n')
	}
	if _, err := j.w.Write(j.buf); err != nil {
		return fmt.Errorf("cannot write row %d: %w", j.report.Rows, err)
	}
	return nil
}

// Close implements Writer.
func (j *jsonWriter) Close() error {
	switch {
	case j.array && j.report.Rows == 0:
		j.w.WriteString("[]\n")
	case j.array:
		j.w.WriteString("\n]\n")
	}
	return flush(j.w)
}
