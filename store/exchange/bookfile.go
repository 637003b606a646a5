package exchange

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"opsdeck/model"
	"opsdeck/store/exchange/tabular"
)

// A book file is NDJSON. The first line is the header, every further line one record, sorted by kind
// and id, fields by name, so that the same book gives the same bytes. It holds settings, mappings and
// records; batches and history stay in the book, and users are an affair of the machine.

// bookFormat is what the header of a book file calls the format, and its version.
const (
	bookFormat  = "opsdeck book"
	bookVersion = 1
)

// bookHeader is the first line of a book file.
type bookHeader struct {
	Format   string `json:"format"`
	Version  int    `json:"version"`
	Redacted bool   `json:"redacted,omitempty"`
}

// bookKinds lists what a book file holds.
func bookKinds() []model.Kind {
	return slices.DeleteFunc(model.Kinds(), func(k model.Kind) bool { return k == model.User })
}

// ExportBook writes the whole book as a book file and returns how many records it wrote. Redacted
// files are for looking at and cannot be imported.
func ExportBook(ctx context.Context, book Book, w io.Writer, redact *Redactor) (int, error) {
	out := bufio.NewWriterSize(w, 64<<10)
	head, err := json.Marshal(bookHeader{bookFormat, bookVersion, redact != nil})
	if err != nil {
		return 0, fmt.Errorf("export of the book: %w", err)
	}
	out.Write(append(head, '\n'))
	n := 0
	for _, k := range bookKinds() {
		if redact != nil && k == model.Mapping {
			continue // a mapping tells the headers and fixed values of somebody's files
		}
		var line []byte
		var failed error
		err := book.Each(k, func(r *model.Record) bool {
			line = appendLine(line[:0], redact.record(r))
			n++
			if _, failed = out.Write(line); failed == nil {
				failed = ctx.Err()
			}
			return failed == nil
		})
		if failed != nil {
			err = failed
		}
		if err != nil {
			return n, fmt.Errorf("export of the book: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("export of the book: %w", err)
	}
	return n, nil
}

// appendLine writes a record as {"kind":…,"id":…,"fields":{…}}.
func appendLine(b []byte, r *model.Record) []byte {
	b = append(b, `{"kind":`...)
	b = appendJSON(b, r.Kind.String())
	b = append(b, `,"id":`...)
	b = appendJSON(b, r.ID.String())
	b = append(b, `,"fields":{`...)
	for i, fv := range r.Fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendJSON(b, fv.Name), ':')
		if f, ok := model.SchemaOf(r.Kind).Field(fv.Name); ok && f.Type == fv.Value.Type() || fv.Value.Type() == model.TText {
			b = appendJSON(b, fv.Value.JSON())
			continue
		}
		// A field that only a newer program knows carries its type along.
		b = appendJSON(b, foreignValue{fv.Value.Type(), fv.Value.Format()})
	}
	return append(b, "}}\n"...)
}

// foreignValue is a value whose field this program does not know.
type foreignValue struct {
	Type model.Type `json:"type"`
	Text string     `json:"text"`
}

// appendJSON appends the JSON form of what always has one.
func appendJSON(b []byte, v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return append(b, "null"...)
	}
	return append(b, tabular.SafeJSON(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))...)
}
