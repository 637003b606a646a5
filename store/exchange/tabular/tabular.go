// Package tabular reads any foreign file that holds a table into rows of text with exact positions,
// tells what the columns hold, and writes tables that other programs can open safely. It knows
// nothing of customers: what a column means is decided by its callers.
//
// Everything read here is hostile until shown otherwise. Fields, rows and unzipped parts have caps,
// files are streamed, and nothing is dropped without a Warning or a Row.Problem that names the line.
package tabular

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Default caps. A file that needs more is far more often damaged (or made to harm) than real.
const (
	// DefaultMaxField is the largest single cell in bytes.
	DefaultMaxField = 8 << 20
	// DefaultMaxRow is the largest single row in bytes.
	DefaultMaxRow = 32 << 20
	// DefaultMaxUnzip is how many bytes all parts of an XLSX file may unpack to.
	DefaultMaxUnzip = 1 << 30
)

// Options override what would otherwise be found out by looking at the file. The zero value means
// "look yourself".
type Options struct {
	// Encoding names the text encoding, for example "utf-8", "gb18030", "cp932", "windows-1252".
	Encoding string
	// Delimiter is the character between two cells of a text file.
	Delimiter rune
	// Columns names the columns of a file that has no header line.
	Columns []string
	// Skip is how many lines (of a text file), sheet rows or records stand before the table.
	Skip int
	// Sheet picks one sheet of a workbook by name; empty reads all of them.
	Sheet string
	// Unneutralise takes the guarding apostrophe off the cells of CSV and XLSX again, see
	// [Unneutralise]. Set it for files that this program wrote itself: nothing in a file says so,
	// but its header does to whoever chose it.
	Unneutralise bool
	// MaxField, MaxRow and MaxUnzip are caps in bytes; zero means the defaults above.
	MaxField, MaxRow, MaxUnzip int64
}

func (o Options) withDefaults() Options {
	if o.MaxField <= 0 {
		o.MaxField = DefaultMaxField
	}
	if o.MaxRow <= 0 {
		o.MaxRow = DefaultMaxRow
	}
	if o.MaxUnzip <= 0 {
		o.MaxUnzip = DefaultMaxUnzip
	}
	return o
}

// Formats a Table can have been read from.
const (
	FormatDelimited  = "csv"
	FormatWhitespace = "whitespace"
	FormatXLSX       = "xlsx"
	FormatJSON       = "json"
	FormatNDJSON     = "ndjson"
)

// Table is one header with the facts about where its rows come from. The rows themselves are
// streamed by a Reader.
type Table struct {
	// Name is the file's base name, followed by "#sheet" for a sheet of a workbook.
	Name string
	// Format is one of the Format constants.
	Format string
	// Encoding is the text encoding that is being used; empty for XLSX.
	Encoding string
	// Delimiter is the character between cells, zero where a line is one cell or does not apply.
	Delimiter rune
	// Header holds the column names as written, duplicates and blanks included.
	Header []string
	// HeaderLine is the 1-based line (sheet row) of the header, 0 when there is none.
	HeaderLine int
	// Warnings grow while rows are read; look again after io.EOF.
	Warnings []Warning
}

// Indexes returns every column whose header equals name, apart from case and surrounding space.
// Jira, for one, repeats a header once per value.
func (t *Table) Indexes(name string) []int {
	var found []int
	for i, h := range t.Header {
		if strings.EqualFold(strings.TrimSpace(h), strings.TrimSpace(name)) {
			found = append(found, i)
		}
	}
	return found
}

func (t *Table) warn(line int, kind WarningKind, format string, args ...any) {
	t.Warnings = append(t.Warnings, Warning{Line: line, Kind: kind, Text: fmt.Sprintf(format, args...)})
}

// WarningKind sorts warnings, so that a caller can react to one without reading its words.
type WarningKind string

// The kinds of Warning.
const (
	WarnEncoding  WarningKind = "encoding"  // the encoding was a close call, or some bytes do not fit it
	WarnDelimiter WarningKind = "delimiter" // the delimiter was a close call
	WarnPreamble  WarningKind = "preamble"  // lines above the header were left out
	WarnNoHeader  WarningKind = "no-header" // the header looks like data
	WarnHeader    WarningKind = "header"    // the header has blanks or repeats
	WarnBlank     WarningKind = "blank"     // blank rows were left out
	WarnFooter    WarningKind = "footer"    // a report's footer line was left out
	WarnMerged    WarningKind = "merged"    // merged cells: only the first holds the value
	WarnSheet     WarningKind = "sheet"     // a sheet was left out
)

// Warning is something that the reader decided and a person may want to decide otherwise.
type Warning struct {
	// Line is the 1-based line it is about, 0 for the file as a whole.
	Line int
	Kind WarningKind
	Text string
}

// String writes the warning with its line.
func (w Warning) String() string {
	if w.Line == 0 {
		return w.Text
	}
	return fmt.Sprintf("line %d: %s", w.Line, w.Text)
}

// CellType says what a cell is when its file says so itself. Text files do not.
type CellType uint8

// The cell types. The text of a typed cell is canonical: numbers are plain decimals with a point,
// dates 2006-01-02, timestamps 2006-01-02T15:04:05 with a zone only if the file has one, booleans
// true and false.
const (
	Untyped CellType = iota
	TextCell
	NumberCell
	BoolCell
	DateCell
	TimeCell
)

// Row is one row of a table.
type Row struct {
	// Line is the 1-based line where the row starts; the sheet row of XLSX, the record number of
	// JSON and the line of NDJSON.
	Line int
	// Cells has at least as many cells as the header; a row wider than it has more.
	Cells []string
	// Null tells cells that are absent rather than empty: JSON null, a missing key, a blank XLSX
	// cell, the cells that a short row lacks. Nil means none; see IsNull.
	Null []bool
	// Types is nil when the file has no types.
	Types []CellType
	// Problem is something wrong with the row; errors.Is tells which. The cells are given
	// whenever they can be read at all.
	Problem error
}

// IsNull tells whether cell i is absent rather than empty. It is true beyond the row's end.
func (r Row) IsNull(i int) bool {
	return i < 0 || i >= len(r.Cells) || (i < len(r.Null) && r.Null[i])
}

// Type returns what the file says that cell i is.
func (r Row) Type(i int) CellType {
	if i < 0 || i >= len(r.Types) {
		return Untyped
	}
	return r.Types[i]
}

// What can be wrong with a row or a file.
var (
	ErrShortRow    = errors.New("fewer cells than the header")
	ErrWideRow     = errors.New("more cells than the header")
	ErrStrayQuote  = errors.New("stray quote")
	ErrOpenQuote   = errors.New("a quote that is opened here is never closed")
	ErrBadBytes    = errors.New("bytes that do not fit the encoding")
	ErrNUL         = errors.New("NUL bytes were dropped")
	ErrBadRecord   = errors.New("unreadable record")
	ErrErrorCell   = errors.New("a formula error")
	ErrTooLarge    = errors.New("too large")
	ErrNotATable   = errors.New("not a table that can be read")
	ErrEmpty       = errors.New("the file is empty")
	ErrEncoding    = errors.New("wrong encoding")
	ErrTruncated   = errors.New("the file ends too early")
	ErrFileChanged = errors.New("the file changed while it was read")
)

// Reader streams the rows of one table. It is not safe for concurrent use.
type Reader interface {
	// Table returns the header and what was found out; the pointer stays valid and its Warnings
	// grow while rows are read.
	Table() *Table
	// Next returns the next row, or io.EOF at the end. Any other error is final.
	Next() (Row, error)
	// Progress returns bytes read and bytes in all.
	Progress() (done, total int64)
	// Close gives the file back. It must be called once for every Reader of the file.
	Close() error
}

// Open looks at the file and returns a Reader for each table in it: one, or one per sheet of a
// workbook that has rows. Every Reader must be closed.
func Open(ctx context.Context, path string, o Options) ([]Reader, error) {
	src, err := openSource(path)
	if err != nil {
		return nil, err
	}
	return open(ctx, src, o)
}

// OpenBytes is Open over bytes that are already in memory; name stands for the file in messages.
func OpenBytes(ctx context.Context, name string, data []byte, o Options) ([]Reader, error) {
	return open(ctx, bytesSource(name, data), o)
}

func open(ctx context.Context, src *source, o Options) ([]Reader, error) {
	o = o.withDefaults()
	o.Columns = slices.Clone(o.Columns)
	readers, err := openTables(ctx, src, o)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", src.name, err), src.close())
	}
	return readers, nil
}
