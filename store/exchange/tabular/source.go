package tabular

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"opsdeck/store/files"
)

// source is a file that can be read several times: once to find out what it is, once for its rows.
type source struct {
	name string
	r    io.ReaderAt
	size int64
	// close is called once, after the last reader is done.
	close func() error
}

func openSource(path string) (*source, error) {
	f, err := files.Open(path)
	switch {
	case errors.Is(err, files.ErrDirectory):
		return nil, fmt.Errorf("%s: %w: it is a directory; name a file in it", path, ErrNotATable)
	case errors.Is(err, files.ErrSpecial):
		return nil, fmt.Errorf("%s: %w: it is a pipe or device; save it to a file first", path, ErrNotATable)
	case err != nil:
		return nil, fmt.Errorf("cannot read the file: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot read the file: %w", err), f.Close())
	}
	return &source{name: filepath.Base(path), r: f, size: info.Size(), close: f.Close}, nil
}

func bytesSource(name string, data []byte) *source {
	return &source{
		name: filepath.Base(name), r: bytes.NewReader(data), size: int64(len(data)),
		close: func() error { return nil },
	}
}

// stream reads the source from offset to the end that it had when it was opened. Its reads count
// towards progress, obey the context, and notice when the file became shorter meanwhile.
type stream struct {
	ctx  context.Context
	src  *source
	next int64
}

func (s *stream) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	left := s.src.size - s.next
	if left <= 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > left {
		p = p[:left]
	}
	n, err := s.src.r.ReadAt(p, s.next)
	s.next += int64(n)
	if errors.Is(err, io.EOF) {
		err = nil
		if n < len(p) {
			err = fmt.Errorf("%w: it ends at byte %d of %d", ErrFileChanged, s.next, s.src.size)
		}
	}
	return n, err
}

// prefix returns the first n bytes, or all of a shorter file.
func (s *source) prefix(n int) ([]byte, error) {
	buf := make([]byte, min(int64(n), s.size))
	read, err := s.r.ReadAt(buf, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("cannot read the file: %w", err)
	}
	return buf[:read], nil
}

// signatures are the first bytes of files that people do hand in and that hold no table we read.
var signatures = []struct{ magic, what string }{
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file (.xls) or one locked with a password; save it as .xlsx without one, or as CSV"},
	{"\x1f\x8b", "a gzip file; unpack it first"},
	{"BZh", "a bzip2 file; unpack it first"},
	{"\xfd7zXZ\x00", "an xz file; unpack it first"},
	{"\x28\xb5\x2f\xfd", "a zstd file; unpack it first"},
	{"7z\xbc\xaf\x27\x1c", "a 7z file; unpack it first"},
	{"Rar!", "a RAR file; unpack it first"},
	{"%PDF-", "a PDF; export the table as CSV instead"},
	{"\x89PNG", "a picture"},
	{"\xff\xd8\xff", "a picture"},
	{"GIF8", "a picture"},
	{"\x7fELF", "a program"},
	{"SQLite format 3\x00", "an SQLite database; export the table as CSV"},
	{"PAR1", "a Parquet file; export the table as CSV"},
}

func openTables(ctx context.Context, src *source, o Options) ([]Reader, error) {
	head, err := src.prefix(4096)
	if err != nil {
		return nil, err
	}
	if len(head) == 0 {
		return nil, ErrEmpty
	}
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.magic)) {
			return nil, fmt.Errorf("%w: this is %s", ErrNotATable, s.what)
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return openXLSX(ctx, src, o)
	}
	text, err := findEncoding(ctx, src, o.Encoding)
	if err != nil {
		return nil, err
	}
	// Text under a workbook's name is common; bytes that are no text either are a broken workbook.
	if strings.EqualFold(filepath.Ext(src.name), ".xlsx") && (text.damaged || text.nul) {
		return nil, fmt.Errorf("%w: it is called .xlsx and is no workbook; it may be damaged or locked with a password", ErrNotATable)
	}
	sample, whole, err := readSample(ctx, src, text)
	if err != nil {
		return nil, err
	}
	// A delimiter or column names say that the file is no JSON, whatever it looks like.
	if shape := shapeOf(sample, whole); shape != notJSON && o.Delimiter == 0 && len(o.Columns) == 0 {
		return openJSON(ctx, src, text, o, shape, sample)
	}
	return openDelimited(ctx, src, text, o, sample, whole)
}

func isEOF(err error) bool { return errors.Is(err, io.EOF) }
