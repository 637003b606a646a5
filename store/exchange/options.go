package exchange

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store/exchange/tabular"
)

// Options say what a file cannot say itself. The zero value lets everything be recognised.
type Options struct {
	// From names the source; empty means the preset's name, else the header's signature.
	From string
	// Kind is what the rows are; KNone lets the header tell.
	Kind model.Kind
	// Map gives columns their fields: "x.name" makes a custom field, "key" is the source's own id,
	// "-" leaves the column out.
	Map map[string]string
	// Set gives every row's record a fixed value, in the text form of the field.
	Set map[string]string
	// Mapping is a saved mapping; Map and Set go before it, field by field.
	Mapping *Mapping
	// Dates is dmy, mdy or ymd, Decimal is the decimal sign; empty means inferred for each column.
	Dates, Decimal string
	// Encoding and Delimiter override what is found by looking; Delimiter is a character or "tab".
	Encoding, Delimiter string
	// Columns names the columns of a file without a header ("-" for one to leave out), Skip is how
	// many lines stand before the table.
	Columns []string
	Skip    int
	// Leave names rows that are not wanted, Fixes what single cells should have said.
	Leave []RowRef
	Fixes []Fix
	// States takes in only how far the items are that the book knows: of a tracker's export their state and what
	// goes with it. Rows about other items change nothing.
	States bool
	// Today is the day on which ages in a file, such as months of tenure, are taken to be measured.
	Today day.Day
}

// UsageError is something that a person must say or say otherwise; the command line answers it with
// exit 2. A *tabular.Ambiguous may be inside.
type UsageError struct {
	File   string // base name
	Flag   string // the flag that decides, such as --dates
	Column string // the column it is about, if any
	Err    error
}

// Error names the file, and the flag unless the reason already does.
func (e *UsageError) Error() string {
	msg := e.Err.Error()
	if e.Flag != "" && !strings.Contains(msg, e.Flag) {
		msg += " (" + e.Flag + ")"
	}
	if e.File == "" {
		return msg
	}
	return e.File + ": " + msg
}

// Unwrap gives the reason.
func (e *UsageError) Unwrap() error { return e.Err }

// tabular turns the options into those of the reader of tables.
func (o Options) tabular() (tabular.Options, error) {
	t := tabular.Options{Encoding: o.Encoding, Columns: o.Columns, Skip: o.Skip}
	switch {
	case o.Delimiter == "":
	case strings.EqualFold(o.Delimiter, "tab") || o.Delimiter == `\t`:
		t.Delimiter = '\t'
	case utf8.RuneCountInString(o.Delimiter) == 1:
		t.Delimiter, _ = utf8.DecodeRuneInString(o.Delimiter)
	default:
		return t, &UsageError{Flag: "--delimiter", Err: fmt.Errorf("%q is not one character; write \"tab\" for a tab", o.Delimiter)}
	}
	return t, nil
}

// formats reads --dates and --decimal.
func (o Options) formats() (tabular.DateOrder, tabular.NumberStyle, error) {
	dates, err := tabular.DateOrderOf(o.Dates)
	if err != nil {
		return 0, 0, &UsageError{Flag: "--dates", Err: err}
	}
	decimal, err := tabular.NumberStyleOf(o.Decimal)
	if err != nil {
		return 0, 0, &UsageError{Flag: "--decimal", Err: err}
	}
	return dates, decimal, nil
}

// ParseMap reads the text of --map, "column=field,column=field". A comma inside a column's name is
// written with a backslash.
func ParseMap(text string) (map[string]string, error) {
	out := map[string]string{}
	const comma = "\x00"
	for pair := range strings.SplitSeq(strings.ReplaceAll(text, `\,`, comma), ",") {
		i := strings.LastIndex(pair, "=")
		if i <= 0 || strings.TrimSpace(pair[i+1:]) == "" {
			return nil, &UsageError{Flag: "--map", Err: fmt.Errorf("%q is not column=field", strings.ReplaceAll(pair, comma, ","))}
		}
		out[strings.TrimSpace(strings.ReplaceAll(pair[:i], comma, ","))] = strings.TrimSpace(pair[i+1:])
	}
	return out, nil
}
