package tabular

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// textReader streams the rows of a delimited or whitespace-separated file.
type textReader struct {
	table   Table
	src     *source
	file    textFile
	opt     Options
	in      *stream
	split   *splitter
	space   bool
	blanks  int
	blankAt int
	tail    []Row // rows of a single cell that may turn out to be a report's footer
	ready   []Row // rows to hand out before reading on
	err     error
}

func openDelimited(ctx context.Context, src *source, file textFile, o Options) ([]Reader, error) {
	sample, whole, err := readSample(ctx, src, file)
	if err != nil {
		return nil, err
	}
	d := findDialect(sample, whole, o)
	t := &textReader{src: src, file: file, opt: o, in: &stream{ctx: ctx, src: src}, space: d.whitespace}
	t.table = Table{
		Name: src.name, Format: FormatDelimited, Encoding: file.name, Delimiter: d.delim,
		Header: slices.Clone(o.Columns), HeaderLine: d.header,
		Warnings: append(slices.Clone(file.warnings), d.warnings...),
	}
	if d.whitespace {
		t.table.Format = FormatWhitespace
	}
	t.split = newSplitter(file.reader(t.in), d.delim, o)
	t.split.cr, t.split.noQuotes = d.cr, d.whitespace
	if err := t.toHeader(); err != nil {
		return nil, err
	}
	return []Reader{t}, nil
}

func readSample(ctx context.Context, src *source, file textFile) (sample []byte, whole bool, err error) {
	r := file.reader(&stream{ctx: ctx, src: src})
	buf := make([]byte, sampleSize)
	n, err := io.ReadFull(r, buf)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return buf[:n], true, nil
	}
	return buf[:n], false, err
}

// toHeader reads up to and including the header, or over the lines to skip.
func (t *textReader) toHeader() error {
	last := max(t.opt.Skip, t.table.HeaderLine)
	var above []string
	for t.split.line <= last {
		rec, err := t.split.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		t.clean(&rec)
		if rec.line == t.table.HeaderLine {
			t.table.Header = rec.cells
			break
		}
		if rec.line > t.opt.Skip && filled(rec.cells) > 0 {
			above = append(above, strings.Join(rec.cells, " "))
		}
	}
	if len(above) > 0 {
		t.table.warn(1, WarnPreamble, "the header is line %d; left out above it: %s", t.table.HeaderLine, clip(strings.Join(above, " / ")))
	}
	if len(t.table.Header) == 0 {
		return fmt.Errorf("%w: it has no header and no rows", ErrEmpty)
	}
	if t.table.HeaderLine > 0 {
		t.checkHeader()
	}
	return nil
}

// clip shortens foreign text for a message.
func clip(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

func (t *textReader) checkHeader() {
	for _, w := range headerWarnings(t.table.Header, t.table.HeaderLine) {
		t.table.Warnings = append(t.table.Warnings, w)
	}
}

// headerWarnings names what is odd about a header.
func headerWarnings(header []string, line int) []Warning {
	var out []Warning
	seen, data := map[string]bool{}, 0
	for i, h := range header {
		key := strings.ToLower(strings.TrimSpace(h))
		switch {
		case key == "":
			out = append(out, Warning{line, WarnHeader, fmt.Sprintf("column %d has no name", i+1)})
		case seen[key]:
			out = append(out, Warning{line, WarnHeader, fmt.Sprintf("column %d repeats the name %q", i+1, clip(h))})
		}
		seen[key] = true
		if looksLikeData(h) {
			data++
		}
	}
	if data > 0 && 2*data >= filled(header) {
		out = append(out, Warning{line, WarnNoHeader, "the header looks like data; if the file has none, name its columns (--columns)"})
	}
	return out
}

// clean drops NUL bytes and replaces bytes that do not fit the encoding, and says so.
func (t *textReader) clean(rec *record) {
	if !t.file.nul && !t.file.damaged {
		return
	}
	for i, c := range rec.cells {
		if t.file.nul && strings.IndexByte(c, 0) >= 0 {
			c = strings.ReplaceAll(c, "\x00", "")
			rec.problem = errors.Join(rec.problem, fmt.Errorf("line %d: cell %d: %w", rec.line, i+1, ErrNUL))
		}
		if t.file.damaged && (!utf8.ValidString(c) || t.file.enc != nil && strings.ContainsRune(c, utf8.RuneError)) {
			c = strings.ToValidUTF8(c, "\uFFFD")
			rec.problem = errors.Join(rec.problem, fmt.Errorf("line %d: cell %d: %w %s", rec.line, i+1, ErrBadBytes, t.file.name))
		}
		rec.cells[i] = c
	}
}

// Table implements Reader.
func (t *textReader) Table() *Table { return &t.table }

// Progress implements Reader.
func (t *textReader) Progress() (done, total int64) { return t.in.next, t.src.size }

// Close implements Reader.
func (t *textReader) Close() error { return t.src.close() }

// Next implements Reader.
func (t *textReader) Next() (Row, error) {
	for len(t.ready) == 0 {
		if t.err != nil {
			return Row{}, t.err
		}
		rec, err := t.split.next()
		if err != nil {
			t.finish(err)
			continue
		}
		t.clean(&rec)
		if t.space {
			rec.cells = strings.Fields(rec.cells[0])
		}
		if filled(rec.cells) == 0 {
			t.blank(rec)
			continue
		}
		t.take(t.row(rec), len(rec.cells) == 1 && len(t.table.Header) > 2)
	}
	row := t.ready[0]
	t.ready = t.ready[1:]
	return row, nil
}

// blank notes a row without values; a line with nothing on it at all is no row.
func (t *textReader) blank(rec record) {
	if len(rec.cells) < 2 {
		return
	}
	if t.blanks == 0 {
		t.blankAt = rec.line
	}
	t.blanks++
}

// take hands a row out, except that a row of one cell waits: it may be part of a footer.
func (t *textReader) take(row Row, single bool) {
	if single && len(t.tail) < maxFooter {
		t.tail = append(t.tail, row)
		return
	}
	if len(t.tail) > 0 {
		t.ready = append(t.ready, t.tail...)
		t.tail = nil
	}
	t.ready = append(t.ready, row)
}

// finish ends the table: a footer is dropped and reported, everything else is handed out.
func (t *textReader) finish(err error) {
	t.err = err
	if !errors.Is(err, io.EOF) {
		t.err = fmt.Errorf("%s: %w", t.src.name, err)
	}
	if isFooter(t.tail) {
		for _, row := range t.tail {
			t.table.warn(row.Line, WarnFooter, "left out as a report's footer: %s", clip(row.Cells[0]))
		}
	} else {
		t.ready = append(t.ready, t.tail...)
	}
	t.tail = nil
	if t.blanks > 0 {
		t.table.warn(t.blankAt, WarnBlank, "%d rows without any value were left out, the first is line %d", t.blanks, t.blankAt)
	}
}

// maxFooter is how many lines a report's footer may have.
const maxFooter = 20

// footerPhrases are what Salesforce writes under its reports.
var footerPhrases = []string{
	"grand totals", "grand summaries", "confidential information - do not distribute",
	"copyright (c)", "copyright ©", "generated by:", "filtered by:", "all rights reserved",
}

func isFooter(rows []Row) bool {
	for _, row := range rows {
		for _, phrase := range footerPhrases {
			if strings.Contains(strings.ToLower(row.Cells[0]), phrase) {
				return true
			}
		}
	}
	return false
}

// row fits a record to the header.
func (t *textReader) row(rec record) Row {
	row := Row{Line: rec.line, Cells: rec.cells, Problem: rec.problem}
	if t.opt.Unneutralise {
		for i, c := range row.Cells {
			row.Cells[i], _ = Unneutralise(c)
		}
	}
	row.fit(len(t.table.Header))
	return row
}

// fit makes a row at least as wide as the header and notes when it was not.
func (r *Row) fit(width int) {
	for len(r.Cells) > width && strings.TrimSpace(r.Cells[len(r.Cells)-1]) == "" {
		r.Cells = r.Cells[:len(r.Cells)-1]
	}
	n := len(r.Cells)
	switch {
	case n > width:
		r.Problem = errors.Join(r.Problem, fmt.Errorf("line %d: %w: %d instead of %d", r.Line, ErrWideRow, n, width))
	case n < width:
		r.Problem = errors.Join(r.Problem, fmt.Errorf("line %d: %w: %d instead of %d", r.Line, ErrShortRow, n, width))
		r.Null = make([]bool, width)
		for i := n; i < width; i++ {
			r.Null[i] = true
		}
		r.Cells = append(r.Cells, make([]string, width-n)...)
	}
}
