package tabular

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// splitter cuts delimited text into records by RFC 4180. Where a file breaks the RFC it keeps the
// text, says so, and goes on with the next line, which encoding/csv cannot: a quote that is never
// closed would swallow the rest of the file.
type splitter struct {
	r io.Reader
	// delim is one character in UTF-8; empty means that a line is one cell.
	delim []byte
	// noQuotes makes quotes ordinary characters.
	noQuotes bool
	// cr says that a lone carriage return ends a line.
	cr               bool
	maxField, maxRow int

	buf      []byte
	pos, end int
	err      error // what ended the input, io.EOF at best
	line     int   // line that buf[pos] lies in
	consumed int   // bytes of all records so far
	rescued  int   // bytes read a second time because of open quotes

	text []byte // the cells of a record, one after the other
	ends []int  // where each cell ends in text
}

func newSplitter(r io.Reader, delim rune, o Options) *splitter {
	s := &splitter{r: r, maxField: int(o.MaxField), maxRow: int(o.MaxRow), line: 1}
	if delim != 0 {
		s.delim = []byte(string(delim))
	}
	return s
}

// record is one line of cells.
type record struct {
	line    int
	cells   []string
	problem error
}

// more reads on. It returns false at the end of the input; s.err tells why.
func (s *splitter) more() bool {
	if s.err != nil {
		return false
	}
	if s.pos > 0 && s.end == len(s.buf) {
		s.end = copy(s.buf, s.buf[s.pos:s.end])
		s.pos = 0
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, max(64<<10, len(s.buf)))...)
	}
	n, err := s.r.Read(s.buf[s.end:])
	s.end += n
	s.err = err
	return n > 0 || err == nil
}

// lineEnd finds the first line break at or after offset from of the record: where it starts and how
// long it is. At the end of the input the break has no length.
func (s *splitter) lineEnd(from int) (at, size int, err error) {
	for {
		rest := s.buf[s.pos+from : s.end]
		at = bytes.IndexByte(rest, '\n')
		if s.cr {
			if k := bytes.IndexByte(rest, '\r'); k >= 0 && (at < 0 || k < at) {
				if k+1 == len(rest) && s.more() {
					continue
				}
				if k+1 < len(rest) && rest[k+1] == '\n' {
					return from + k, 2, nil
				}
				return from + k, 1, nil
			}
		}
		if at > 0 && rest[at-1] == '\r' {
			return from + at - 1, 2, nil
		}
		if at >= 0 {
			return from + at, 1, nil
		}
		from = max(from, s.end-s.pos-1) // keep one byte back: it may be the CR of a CRLF
		if s.end-s.pos > s.maxRow {
			return 0, 0, fmt.Errorf("line %d: %w: the row has more than %d bytes", s.line, ErrTooLarge, s.maxRow)
		}
		if !s.more() {
			return s.atEnd()
		}
	}
}

func (s *splitter) atEnd() (at, size int, err error) {
	if !errors.Is(s.err, io.EOF) {
		return 0, 0, s.err
	}
	n := s.end - s.pos
	if n > 0 && s.buf[s.end-1] == '\r' {
		return n - 1, 1, nil
	}
	return n, 0, nil
}

// next returns the next record, blank lines included (they have one empty cell), or io.EOF.
func (s *splitter) next() (record, error) {
	at, size, err := s.lineEnd(0)
	if err != nil {
		return record{}, err
	}
	if at == 0 && size == 0 {
		return record{}, io.EOF
	}
	s.text, s.ends = s.text[:0], s.ends[:0]
	rec := record{line: s.line}
	used := at + size
	if s.noQuotes || bytes.IndexByte(s.buf[s.pos:s.pos+at], '"') < 0 {
		rec.cells = s.cut(string(s.buf[s.pos : s.pos+at]))
	} else {
		if used, rec.problem, err = s.quoted(at, size); err != nil {
			return record{}, err
		}
		rec.cells = s.cells()
	}
	if used > s.maxRow {
		return record{}, fmt.Errorf("line %d: %w: the row has more than %d bytes", s.line, ErrTooLarge, s.maxRow)
	}
	s.line += s.countLines(s.buf[s.pos : s.pos+used])
	s.pos += used
	s.consumed += used
	for i, c := range rec.cells {
		if len(c) > s.maxField {
			return record{}, fmt.Errorf("line %d: %w: cell %d has more than %d bytes", rec.line, ErrTooLarge, i+1, s.maxField)
		}
	}
	return rec, nil
}

func (s *splitter) countLines(b []byte) int {
	n := bytes.Count(b, []byte{'\n'})
	if s.cr {
		n += bytes.Count(b, []byte{'\r'}) - bytes.Count(b, []byte("\r\n"))
	}
	return n
}

// cut splits a line without quotes. The cells share the line's memory.
func (s *splitter) cut(line string) []string {
	if len(s.delim) == 0 {
		return []string{line}
	}
	d := string(s.delim)
	n := 1
	for rest := line; ; n++ {
		k := strings.Index(rest, d)
		if k < 0 {
			break
		}
		rest = rest[k+len(d):]
	}
	cells := make([]string, 0, n)
	for {
		k := strings.Index(line, d)
		if k < 0 {
			return append(cells, line)
		}
		cells = append(cells, line[:k])
		line = line[k+len(d):]
	}
}

// cells turns the text collected by quoted into strings that share one allocation.
func (s *splitter) cells() []string {
	all := string(s.text)
	cells := make([]string, len(s.ends))
	start := 0
	for i, end := range s.ends {
		cells[i] = all[start:end]
		start = end
	}
	return cells
}

// quoted splits the record that starts at s.pos and has quotes in its first line, which ends at
// lineAt. It returns the record's length with its line break.
func (s *splitter) quoted(lineAt, lineSize int) (used int, problem error, err error) {
	open, stray := false, 0
	for i := 0; ; i += len(s.delim) {
		closed := false
		// Once a quote of this line was found to be open, the ones behind it cannot close either.
		if !open && i < lineAt && s.buf[s.pos+i] == '"' {
			next, odd, err := s.quotedField(i, lineAt)
			if err != nil {
				return 0, nil, err
			}
			closed = next > i
			open = !closed
			i = next
			if odd && stray == 0 {
				stray = len(s.ends) + 1
			}
			if i > lineAt {
				// The cell went over the end of the line, so the record now ends further on.
				if lineAt, lineSize, err = s.lineEnd(i); err != nil {
					return 0, nil, err
				}
			}
		}
		k := s.nextDelim(i, lineAt)
		plain := s.buf[s.pos+i : s.pos+k]
		if !closed && !open && stray == 0 && bytes.IndexByte(plain, '"') >= 0 {
			stray = len(s.ends) + 1
		}
		// Spaces between a closing quote and the delimiter are not part of the cell.
		if !closed {
			s.text = append(s.text, plain...)
		}
		s.ends = append(s.ends, len(s.text))
		i = k
		if k < lineAt {
			continue
		}
		switch {
		case open:
			problem = fmt.Errorf("line %d: %w; the line is read as it stands", s.line+s.countLines(s.buf[s.pos:s.pos+lineAt]), ErrOpenQuote)
		case stray > 0:
			problem = fmt.Errorf("line %d: %w in cell %d", s.line, ErrStrayQuote, stray)
		}
		return lineAt + lineSize, problem, nil
	}
}

// nextDelim returns the offset of the next delimiter, or the end of the line.
func (s *splitter) nextDelim(from, lineAt int) int {
	if len(s.delim) > 0 {
		if k := bytes.Index(s.buf[s.pos+from:s.pos+lineAt], s.delim); k >= 0 {
			return from + k
		}
	}
	return lineAt
}

// quotedField reads a cell in quotes that starts at offset i, appends its text and returns the
// offset behind the closing quote. When there is none it appends nothing and returns i. Stray tells
// that a quote stood inside that was not doubled.
func (s *splitter) quotedField(i, lineAt int) (next int, stray bool, err error) {
	keep := len(s.text)
	giveUp := func(seen int) (int, bool, error) {
		s.rescued += seen - i
		s.text = s.text[:keep]
		return i, false, nil
	}
	// When much has been read twice already, quotes may no longer reach over line ends: otherwise a
	// file of nothing but open quotes would take time in the square of its size.
	oneLine := s.rescued > 4*s.maxField+2*s.consumed
	for j := i + 1; ; {
		k, err := s.nextQuote(i, j)
		if err != nil {
			return 0, false, err
		}
		if k < 0 || (oneLine && k >= lineAt) {
			return giveUp(s.end - s.pos)
		}
		s.text = append(s.text, s.buf[s.pos+j:s.pos+k]...)
		j = k + 1
		s.peek(j, 1)
		switch {
		case s.has(j, "\""):
			s.text = append(s.text, '"')
			j++
		case s.closes(j):
			return j, stray, nil
		case k > lineAt && s.opensAnother(k):
			// A quote that looks like the start of a cell, lines after ours began: ours was never
			// closed, and going on would swallow good rows.
			return giveUp(k)
		default:
			s.text = append(s.text, '"')
			stray = true
		}
	}
}

// nextQuote returns the offset of the first quote at or after offset j in the cell that starts at
// offset i, or -1 when the file ends first or the cell grows beyond its cap.
func (s *splitter) nextQuote(i, j int) (int, error) {
	for from := j; from-i <= s.maxField; {
		if k := bytes.IndexByte(s.buf[s.pos+from:s.end], '"'); k >= 0 {
			return from + k, nil
		}
		from = s.end - s.pos
		if s.more() {
			continue
		}
		if !errors.Is(s.err, io.EOF) {
			return 0, s.err
		}
		break
	}
	return -1, nil
}

// peek makes n bytes at offset j available if the input has them.
func (s *splitter) peek(j, n int) {
	for s.pos+j+n > s.end && s.more() {
		continue
	}
}

func (s *splitter) has(j int, what string) bool {
	return s.pos+j+len(what) <= s.end && string(s.buf[s.pos+j:s.pos+j+len(what)]) == what
}

// maxPadding is how many spaces may stand between a closing quote and its delimiter.
const maxPadding = 64

// closes tells whether a quote that ends at offset j closes its cell: a delimiter, a line break or
// the end of the file follows, perhaps after spaces.
func (s *splitter) closes(j int) bool {
	for range maxPadding {
		s.peek(j, len(s.delim)+2)
		switch {
		case s.pos+j >= s.end, s.has(j, "\n"), s.has(j, "\r\n"), len(s.delim) > 0 && s.has(j, string(s.delim)):
			return true
		case s.has(j, "\r"):
			return s.cr || s.pos+j+1 == s.end
		case !s.has(j, " "):
			return false
		}
		j++
	}
	return false
}

// opensAnother tells whether the quote at offset j stands where a cell would begin.
func (s *splitter) opensAnother(j int) bool {
	before := s.buf[s.pos : s.pos+j]
	return bytes.HasSuffix(before, []byte{'\n'}) || (s.cr && bytes.HasSuffix(before, []byte{'\r'})) ||
		(len(s.delim) > 0 && bytes.HasSuffix(before, s.delim))
}
