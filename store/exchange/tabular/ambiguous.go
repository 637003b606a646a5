package tabular

import (
	"fmt"
	"strings"
)

// Reading is one way to read an ambiguous cell.
type Reading struct {
	// Choice is the value of the flag that decides for this reading.
	Choice string
	// Shows is the cell read that way.
	Shows string
}

// Ambiguous says that a column can be read in more than one way, or in no single one. It is an
// error that a person resolves with Flag.
type Ambiguous struct {
	Column string
	// Line and Value are the first cell that shows it.
	Line  int
	Value string
	// Readings are what Value may mean.
	Readings []Reading
	// OtherLine and OtherValue are set when the column contradicts itself: this cell can only be
	// read another way than Value can.
	OtherLine  int
	OtherValue string
	// Flag is the flag that decides: --dates or --decimal.
	Flag string
}

// Error shows every reading of the first example and names the flag.
func (a *Ambiguous) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "column %q, line %d: %q ", clip(a.Column), a.Line, clip(a.Value))
	if a.OtherLine > 0 {
		fmt.Fprintf(&b, "is %s, but line %d: %q cannot be read that way", a.show(), a.OtherLine, clip(a.OtherValue))
	} else {
		fmt.Fprintf(&b, "can be %s", a.show())
	}
	choices := "dmy|mdy|ymd"
	if a.Flag == flagDecimal {
		choices = ",|."
	}
	fmt.Fprintf(&b, "; say which with %s %s", a.Flag, choices)
	return b.String()
}

func (a *Ambiguous) show() string {
	parts := make([]string, len(a.Readings))
	for i, r := range a.Readings {
		parts[i] = fmt.Sprintf("%s (%s)", r.Shows, r.Choice)
	}
	return strings.Join(parts, " or ")
}

const (
	flagDates   = "--dates"
	flagDecimal = "--decimal"
)
