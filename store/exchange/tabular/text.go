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
	table Table
	src   *source
	file  textFile
	opt   Options
	in    *stream
	split *splitter
	space bool
	gate  gate
}

func openDelimited(ctx context.Context, src *source, file textFile, o Options, sample []byte, whole bool) ([]Reader, error) {
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
	t.gate.table = &t.table
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
		if t.opt.Unneutralise {
			restoreAll(FormatDelimited, t.table.Header)
		}
		t.table.Warnings = append(t.table.Warnings, headerWarnings(t.table.Header, t.table.HeaderLine)...)
	}
	return nil
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
func (t *textReader) Next() (Row, error) { return t.gate.next(t.read) }

// read hands the next record to the gate.
func (t *textReader) read() error {
	rec, err := t.split.next()
	if isEOF(err) {
		return err
	}
	if err != nil {
		return fmt.Errorf("%s: %w", t.src.name, err)
	}
	t.clean(&rec)
	if t.space {
		rec.cells = strings.Fields(rec.cells[0])
	}
	switch {
	case filled(rec.cells) > 0 || rec.problem != nil:
		maybe := len(t.table.Header) > 2 && maybeFooter(rec.cells)
		t.gate.take(t.row(rec), maybe)
	case len(rec.cells) > 1: // a line with nothing on it at all is no row
		t.gate.blank(rec.line)
	}
	return nil
}

// row fits a record to the header.
func (t *textReader) row(rec record) Row {
	row := Row{Line: rec.line, Cells: rec.cells, Problem: rec.problem}
	if t.opt.Unneutralise {
		restoreAll(FormatDelimited, row.Cells)
	}
	row.fit(len(t.table.Header))
	return row
}
