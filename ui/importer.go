package ui

import (
	"context"
	"time"

	"opsdeck/model"
)

// Importer reads files of the machine that the program runs on, for the import. A session without one,
// such as a served one, shows the import as off.
type Importer interface {
	// Browse lists a folder, folders first. The name is as it was typed: empty for the folder that the
	// program was started in, "~/" for the person's own.
	Browse(dir string) ([]FileEntry, error)
	// Recent lists the files that were read last, the newest first.
	Recent() []string
	// Plan reads a file and works out what its import would do; nothing is written. What a person has to
	// decide is an *ImportQuestion. Progress, in bytes and rows, is told from the calling goroutine.
	Plan(ctx context.Context, job ImportJob, progress func(done, total int64, rows int)) (ImportPlan, error)
}

// FileEntry is a file or folder to choose.
type FileEntry struct {
	Name    string
	Dir     bool
	Size    int64
	Changed time.Time
}

// ImportJob says which file is to be imported and what the file cannot say itself. All but the path may
// be empty: then it is recognised.
type ImportJob struct {
	Path      string
	Kind      string // of the rows: the plural name of a kind
	Source    string // what calls its records by the keys in the file
	Encoding  string
	Delimiter string                   // a character, or "tab"
	Dates     string                   // dmy, mdy or ymd
	Decimal   string                   // "," or "."
	Skip      int                      // lines before the table
	Columns   string                   // names of the columns of a file without a header, parted by commas
	Mapping   string                   // a mapping file
	Map       map[string]string        // column → field
	Set       map[string]string        // field → value for all rows
	States    bool                     // only how far items are that the book knows
	Leave     []ImportCellRef          // rows to leave out; Column plays no part
	Fixes     map[ImportCellRef]string // what a cell should have said
}

// ImportCellRef names a cell of a file: table and line of its row as in ImportRow, and the number of its
// column, from 0.
type ImportCellRef struct {
	Table  string
	Line   int
	Column int
}

// ImportChoice is one answer to a question, with what it means for the file at hand.
type ImportChoice struct{ Value, Shows string }

// ImportQuestion is what a person has to say before a file can be planned.
type ImportQuestion struct {
	About   string // the field of ImportJob in lower case that answers it: "kind", "dates", "encoding"
	Column  string
	Choices []ImportChoice
	Err     error
}

// Error is the question in words.
func (q *ImportQuestion) Error() string { return q.Err.Error() }

// Unwrap gives the reason.
func (q *ImportQuestion) Unwrap() error { return q.Err }

// ImportPlan is what the import of a file would do. Facts, Row, Cells and Record do no I/O.
type ImportPlan interface {
	Facts() ImportFacts
	// Len is the number of source rows, Row one of them, in the order of the file.
	Len() int
	Row(i int) ImportRow
	// Cells are those of a row with an error or conflict, as they stand in the file; nil of other rows.
	Cells(i int) []ImportCell
	// Record is the row's record as the import leaves it, nil where it changes nothing.
	Record(i int) *model.Record
	// Title names a record that the import makes or changes, "" for any other.
	Title(id model.ID) string
	// Step is the whole import as one step.
	Step(actor string, batch model.ID) model.Step
	// Stale says what has become of the file since it was read, "" when it is as it was. It looks.
	Stale() string
	// WriteErrors writes the rows with errors and conflicts, with their reasons, to a new CSV file.
	WriteErrors(path string) error
}

// ImportCell is a cell under the name of its column.
type ImportCell struct{ Column, Text string }

// ImportVerdict is what becomes of a row.
type ImportVerdict string

// The verdicts. Every row has one; a row whose record may be there already is created and has a
// Duplicate besides.
const (
	VerdictCreate   ImportVerdict = "create"
	VerdictUpdate   ImportVerdict = "update"
	VerdictSame     ImportVerdict = "same"
	VerdictConflict ImportVerdict = "conflict"
	VerdictError    ImportVerdict = "error"
)

// verdictDuplicate filters the rows that may be there already.
const verdictDuplicate ImportVerdict = "duplicate"

// ImportRow is what the plan does with a row and why.
type ImportRow struct {
	Verdict   ImportVerdict
	Table     string
	Line      int
	Kind      model.Kind
	ID        model.ID // zero for rows that cannot be read
	Title     string   // of the record; empty where the book has it as it is
	Column    string   // what an error is about
	Reason    string
	Duplicate string // the record that it may be, and why
	Changes   []model.Change
}

// ImportFacts is what the plan says of the file as a whole.
type ImportFacts struct {
	Name      string     // of the file, without its folder
	Kind      model.Kind // KNone for a file of several kinds
	Source    string
	Preset    string // the known source whose header fits, else empty
	How       string // format, encoding and delimiter
	Signature string // names the header
	Columns   []ImportColumn
	Warnings  []string
	Stubs     []string // customers that are made because a row points at them
	Counts    map[ImportVerdict]int
	Left      int  // rows left out by hand
	Changes   bool // whether the import would change anything
}

// ImportColumn tells what becomes of a column.
type ImportColumn struct {
	Name    string
	To      []string // fields; empty when it is left out
	From    string   // who says so: "map", "saved", "preset", "name", or nobody
	Looks   string   // what the values look like
	Samples []string
}
