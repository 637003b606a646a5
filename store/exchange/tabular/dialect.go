package tabular

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// sampleSize is how much decoded text is looked at to find delimiter and header.
const sampleSize = 256 << 10

// dialect is how a text file is laid out.
type dialect struct {
	delim      rune // zero: a line is one cell
	whitespace bool // cells are separated by runs of space
	cr         bool // lone carriage returns end lines
	header     int  // line of the header, 0 for none
	warnings   []Warning
}

// delimiters are tried in this order; the first wins a tie.
var delimiters = []rune{',', ';', '\t', '|', '^'}

// findDialect looks at the start of the file. whole says that the sample is all of it.
func findDialect(sample []byte, whole bool, o Options) dialect {
	d := dialect{delim: o.Delimiter, cr: loneCR(sample)}
	first := o.Skip + 1
	if o.Delimiter == 0 {
		var rival rune
		d.delim, rival = findDelimiter(sample, whole, d.cr, first, o)
		if rival != 0 && len(o.Columns) != 1 {
			d.warnings = append(d.warnings, Warning{Kind: WarnDelimiter, Text: fmt.Sprintf("read with %q between cells; %q is nearly as likely (--delimiter)", d.delim, rival)})
		}
	}
	if len(o.Columns) > 0 {
		// A table with one named column has no delimiter to find: names hold commas.
		if len(o.Columns) == 1 && o.Delimiter == 0 {
			d.delim = 0
		}
		d.whitespace = d.delim == 0 && len(o.Columns) > 1
		return d
	}
	recs := d.records(sample, whole, first, o)
	if len(recs) == 0 {
		return d
	}
	at := 0
	if o.Skip == 0 {
		at = headerAt(recs)
	}
	d.header = recs[at].line
	return d
}

// loneCR tells whether lines end in a carriage return alone, by the first line break that stands
// outside quotes.
func loneCR(sample []byte) bool {
	quoted := false
	for i, b := range sample {
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '\n':
			return false
		case b == '\r' && i+1 < len(sample):
			return sample[i+1] != '\n'
		}
	}
	return false
}

// maxSampled bounds the records that are looked at.
const maxSampled = 1000

// records splits the sample, from line first on, leaving out blank lines. The last record of a
// sample that is not the whole file is cut off somewhere and does not count.
func (d dialect) records(sample []byte, whole bool, first int, o Options) []record {
	s := newSplitter(bytes.NewReader(sample), d.delim, o)
	s.cr = d.cr
	var recs []record
	for len(recs) < maxSampled {
		rec, err := s.next()
		if err != nil {
			if errors.Is(err, io.EOF) && !whole && len(recs) > 1 {
				recs = recs[:len(recs)-1]
			}
			return recs
		}
		if rec.line >= first && filled(rec.cells) > 0 {
			recs = append(recs, rec)
		}
	}
	return recs
}

// filled counts the cells that are not blank.
func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// findDelimiter picks the character that cuts most records into the same number of cells, and names
// a rival that does so nearly as well.
func findDelimiter(sample []byte, whole, cr bool, first int, o Options) (best, rival rune) {
	bestScore, rivalScore := 0.0, 0.0
	for _, delim := range delimiters {
		d := dialect{delim: delim, cr: cr}
		recs := withoutFooter(d.records(sample, whole, first, o))
		width, share := usualWidth(recs)
		if width < 2 || (share < 0.5 && len(recs[0].cells) < 2) || isProse(recs, width) {
			continue
		}
		// Agreement counts most; more cells decide between two that agree equally well.
		score := share - 1/float64(10*width)
		if score > bestScore {
			best, bestScore, rival, rivalScore = delim, score, best, bestScore
		} else if score > rivalScore {
			rival, rivalScore = delim, score
		}
	}
	const close = 0.05
	if rivalScore < bestScore-close {
		rival = 0
	}
	return best, rival
}

// usualWidth returns the most frequent number of cells and the share of records that have it. One
// cell is the usual width only where most records have no more: ragged tables are tables too.
func usualWidth(recs []record) (width int, share float64) {
	if len(recs) == 0 {
		return 0, 0
	}
	counts := map[int]int{}
	for _, r := range recs {
		counts[len(r.cells)]++
	}
	if 2*counts[1] > len(recs) {
		return 1, float64(counts[1]) / float64(len(recs))
	}
	delete(counts, 1)
	for w, n := range counts {
		if n > counts[width] || (n == counts[width] && w > width) {
			width = w
		}
	}
	return width, float64(counts[width]) / float64(len(recs))
}

// withoutFooter cuts off the footer of a report.
func withoutFooter(recs []record) []record {
	end := len(recs)
	for end > 0 && maybeFooter(recs[end-1].cells) {
		end--
	}
	for _, r := range recs[end:] {
		if end > 0 && hasFooterPhrase(r.cells[0]) {
			return recs[:end]
		}
	}
	return recs
}

// isProse tells a column of names such as "Foo, Inc." from a table: there the first line has no
// delimiter and all the others have a space after theirs.
func isProse(recs []record, width int) bool {
	if len(recs) == 0 || len(recs[0].cells) >= width {
		return false
	}
	for _, r := range recs {
		for _, c := range r.cells[1:] {
			if !strings.HasPrefix(c, " ") {
				return false
			}
		}
	}
	return true
}

// maxPreamble is how many records may stand above the header.
const maxPreamble = 20

// headerAt returns the index of the header among the records. It is the first record unless that
// one is far narrower than the table and a later one looks like a header.
func headerAt(recs []record) int {
	width, _ := usualWidth(recs)
	if 2*filled(recs[0].cells) > width {
		return 0
	}
	for i, r := range recs[:min(len(recs), maxPreamble)] {
		if n := filled(r.cells); 2*n > width && n > 1 && namesOnly(r.cells) {
			return i
		}
	}
	return 0
}

// namesOnly tells whether no cell is a number or a date: a header has names.
func namesOnly(cells []string) bool {
	for _, c := range cells {
		if looksLikeData(c) {
			return false
		}
	}
	return true
}

// looksLikeData tells a value from a column name: it has a digit and nothing but digits and what
// stands between the digits of numbers, dates and times.
func looksLikeData(cell string) bool {
	digits := false
	for _, r := range strings.TrimSpace(cell) {
		switch {
		case unicode.IsDigit(r):
			digits = true
		case !strings.ContainsRune("+-.,:/ TZ$€£¥%年月日", r):
			return false
		}
	}
	return digits
}
