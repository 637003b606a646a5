package tabular

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// jsonShape is how records are laid out in a JSON file.
type jsonShape uint8

const (
	notJSON    jsonShape = iota
	jsonArray            // [ {…}, {…} ]
	jsonLines            // one object per line
	jsonTree             // { "records": [ {…}, {…} ] }
	jsonObject           // a single object
)

// listMembers are the names under which services hand out their records.
var listMembers = []string{
	"records", "data", "items", "results", "rows", "value", "values", "entries", "list", "nodes", "issues", "tickets",
	"users", "organizations", "companies", "contacts", "deals", "accounts", "customers", "invoices", "orders",
	"subscriptions", "events", "posts", "bugs", "tasks",
}

// shapeOf looks at the start of a text. whole says that there is no more of it.
func shapeOf(sample []byte, whole bool) jsonShape {
	body := bytes.TrimLeftFunc(sample, unicode.IsSpace)
	if len(body) == 0 {
		return notJSON
	}
	next := bytes.TrimLeftFunc(body[1:], unicode.IsSpace)
	first := byte(0)
	if len(next) > 0 {
		first = next[0]
	}
	switch {
	case body[0] == '[' && (first == '{' || first == ']' || first == '[' || whole && json.Valid(body)):
		return jsonArray
	case body[0] != '{' || (first != '"' && first != '}'):
		return notJSON
	}
	line, rest, more := bytes.Cut(body, []byte{'\n'})
	if json.Valid(line) && (len(bytes.TrimSpace(rest)) > 0 || (more && !whole)) {
		return jsonLines
	}
	if _, found := listMember(body); found {
		return jsonTree
	}
	return jsonObject
}

// listMember walks the members of the outermost object in the sample until it finds the list of
// records and returns where that list begins.
func listMember(sample []byte) (offset int64, found bool) {
	dec := json.NewDecoder(bytes.NewReader(sample))
	if _, err := dec.Token(); err != nil {
		return 0, false
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return 0, false
		}
		name, _ := key.(string)
		at := dec.InputOffset()
		if slices.Contains(listMembers, strings.ToLower(name)) {
			open := bytes.TrimLeftFunc(bytes.TrimLeft(sample[at:], ": \t\r\n"), unicode.IsSpace)
			if len(open) > 0 && open[0] == '[' {
				return int64(len(sample) - len(open)), true
			}
		}
		var skip json.RawMessage
		if err := dec.Decode(&skip); err != nil {
			return 0, false
		}
	}
	return 0, false
}

// jsonReader streams records. The columns are the union of the keys of all records, so the file is
// read once for them and once for the rows.
type jsonReader struct {
	ctx   context.Context
	src   *source
	file  textFile
	opt   Options
	shape jsonShape
	start int64 // where the list of records begins in the decoded text
	table Table
	gate  gate
	pass  *jsonPass
	index map[string]int
}

func openJSON(ctx context.Context, src *source, file textFile, o Options, shape jsonShape, sample []byte) ([]Reader, error) {
	r := &jsonReader{ctx: ctx, src: src, file: file, opt: o, shape: shape, index: map[string]int{}}
	r.table = Table{Name: src.name, Format: FormatJSON, Encoding: file.name, Warnings: slices.Clone(file.warnings)}
	r.gate.table = &r.table
	switch shape {
	case jsonLines:
		r.table.Format = FormatNDJSON
	case jsonTree:
		body := bytes.TrimLeftFunc(sample, unicode.IsSpace)
		at, _ := listMember(body)
		r.start = int64(len(sample)-len(body)) + at
	}
	if err := r.findColumns(); err != nil {
		return nil, err
	}
	var err error
	r.pass, err = r.newPass()
	if err != nil {
		return nil, err
	}
	return []Reader{r}, nil
}

// maxColumns bounds the union of keys, so that a file with new keys in each record cannot make every
// row ever wider.
const maxColumns = 4096

func (r *jsonReader) findColumns() error {
	pass, err := r.newPass()
	if err != nil {
		return err
	}
	objects := 0
	for {
		rec, err := pass.next()
		if isEOF(err) {
			break
		}
		if err != nil {
			return err
		}
		if rec.problem != nil {
			continue
		}
		objects++
		for _, f := range rec.fields {
			if _, ok := r.index[f.name]; !ok {
				r.index[f.name] = len(r.table.Header)
				r.table.Header = append(r.table.Header, f.name)
			}
		}
		if len(r.table.Header) > maxColumns {
			return fmt.Errorf("record %d: %w: the records have more than %d different keys", rec.number, ErrTooLarge, maxColumns)
		}
	}
	switch {
	case pass.number == 0:
		return fmt.Errorf("%w: it has no records", ErrEmpty)
	case objects == 0:
		return fmt.Errorf("%w: none of its records is an object with named values", ErrNotATable)
	}
	return nil
}

// Table implements Reader.
func (r *jsonReader) Table() *Table { return &r.table }

// Progress implements Reader.
func (r *jsonReader) Progress() (done, total int64) { return r.pass.in.next, r.src.size }

// Close implements Reader.
func (r *jsonReader) Close() error { return r.src.close() }

// Next implements Reader.
func (r *jsonReader) Next() (Row, error) {
	return r.gate.next(func() error {
		rec, err := r.pass.next()
		if isEOF(err) {
			return err
		}
		if err != nil {
			return fmt.Errorf("%s: %w", r.src.name, err)
		}
		if rec.number > r.opt.Skip {
			r.gate.take(r.row(rec), false)
		}
		return nil
	})
}

func (r *jsonReader) row(rec jsonRecord) Row {
	n := len(r.table.Header)
	row := Row{Line: rec.line, Cells: make([]string, n), Null: make([]bool, n), Types: make([]CellType, n), Problem: rec.problem}
	for i := range row.Null {
		row.Null[i] = true
	}
	for _, f := range rec.fields {
		// A key that comes twice has the value that comes last, as in every other JSON reader.
		if i, ok := r.index[f.name]; ok {
			row.Cells[i], row.Types[i], row.Null[i] = f.text, f.typ, f.null
		}
	}
	row.dropNULs()
	return row
}

// jsonRecord is one record, flattened.
type jsonRecord struct {
	line    int // what Row.Line says
	number  int
	fields  []field
	problem error
}

// jsonPass goes over the records of the file once.
type jsonPass struct {
	r      *jsonReader
	in     *stream
	cap    *cappedReader
	dec    *json.Decoder
	from   io.Reader // what dec reads
	lines  *splitter
	number int
	inList bool
	done   bool
}

func (r *jsonReader) newPass() (*jsonPass, error) {
	p := &jsonPass{r: r, in: &stream{ctx: r.ctx, src: r.src}}
	text := r.file.reader(p.in)
	if r.shape == jsonLines {
		p.lines = newSplitter(text, 0, r.opt)
		p.lines.noQuotes = true
		// A line is a record here and not a field.
		p.lines.maxField = p.lines.maxRow
		return p, nil
	}
	if _, err := io.CopyN(io.Discard, text, r.start); err != nil {
		return nil, fmt.Errorf("cannot read the file: %w", err)
	}
	p.cap = &cappedReader{r: text, most: r.opt.MaxRow}
	p.from = p.cap
	p.dec = json.NewDecoder(p.from)
	if r.shape == jsonArray || r.shape == jsonTree {
		p.inList = true
		if _, err := p.dec.Token(); err != nil {
			return nil, p.explain(err)
		}
	}
	return p, nil
}

// next returns the next record, or io.EOF. A line of NDJSON that cannot be read is a record with a
// problem; anywhere else what cannot be read ends the file.
func (p *jsonPass) next() (jsonRecord, error) {
	if p.lines != nil {
		return p.nextLine()
	}
	if p.done {
		return jsonRecord{}, io.EOF
	}
	if err := p.r.ctx.Err(); err != nil {
		return jsonRecord{}, err
	}
	p.cap.used = 0
	for p.inList && !p.dec.More() {
		if _, err := p.dec.Token(); err != nil {
			return jsonRecord{}, p.explain(err)
		}
		if p.r.shape == jsonArray && p.nextPage() {
			continue
		}
		p.done = true
		return jsonRecord{}, p.afterList()
	}
	var raw json.RawMessage
	err := p.dec.Decode(&raw)
	if isEOF(err) && !p.inList {
		p.done = true
		return jsonRecord{}, io.EOF
	}
	if err != nil {
		return jsonRecord{}, p.explain(err)
	}
	p.number++
	return p.flatten(raw, p.number)
}

// nextPage goes into the list that stands behind the one that has ended: programs that fetch page by page write one
// list behind the other.
func (p *jsonPass) nextPage() bool {
	in := bufio.NewReader(io.MultiReader(p.dec.Buffered(), p.from))
	for {
		c, err := in.ReadByte()
		if err == nil && (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
			continue
		}
		if err != nil || in.UnreadByte() != nil {
			return false
		}
		p.dec, p.from = json.NewDecoder(in), in
		if c != '[' {
			return false
		}
		_, err = p.dec.Token()
		return err == nil
	}
}

func (p *jsonPass) nextLine() (jsonRecord, error) {
	for {
		rec, err := p.lines.next()
		if err != nil {
			return jsonRecord{}, err
		}
		if line := strings.TrimSpace(rec.cells[0]); line != "" {
			p.number++
			return p.flatten([]byte(line), rec.line)
		}
	}
}

func (p *jsonPass) flatten(raw []byte, line int) (jsonRecord, error) {
	rec := jsonRecord{line: line, number: p.number}
	var err error
	rec.fields, err = flatten(raw)
	if isEOF(err) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it breaks off")
	}
	if err != nil {
		rec.problem = fmt.Errorf("%s %d: %w: %w", p.what(), line, ErrBadRecord, err)
		return rec, nil
	}
	for _, f := range rec.fields {
		if int64(len(f.text)) > p.r.opt.MaxField {
			return rec, fmt.Errorf("%s %d: %w: %s has more than %d bytes", p.what(), line, ErrTooLarge, clip(f.name), p.r.opt.MaxField)
		}
	}
	return rec, nil
}

func (p *jsonPass) what() string {
	if p.lines != nil {
		return "line"
	}
	return "record"
}

// afterList looks at what follows the list of records: nothing, or the other members of the object
// around it, which are named in a warning. It returns io.EOF when all is well.
func (p *jsonPass) afterList() error {
	rest := io.MultiReader(p.dec.Buffered(), p.from)
	if p.r.shape == jsonTree {
		// The decoder began inside the object, so its beginning is made up here.
		rest = io.MultiReader(strings.NewReader(`{"":0`), rest)
	}
	dec := json.NewDecoder(rest)
	name, isKey := "", true
	for depth, opened := 0, false; ; {
		p.cap.used = 0
		t, err := dec.Token()
		switch {
		case isEOF(err) && depth == 0:
			return io.EOF
		case err != nil:
			return p.explain(err)
		case depth == 0 && (p.r.shape != jsonTree || opened):
			return fmt.Errorf("%w: there is more after the last of its %d records", ErrNotATable, p.number)
		}
		opened = true
		switch s, isText := t.(string); {
		case t == json.Delim('{') || t == json.Delim('['):
			if depth == 1 && p.r.pass == p {
				p.r.table.warn(0, WarnSheet, "the member %q beside the records was left out", clip(name))
			}
			depth++
			isKey = depth == 1
		case t == json.Delim('}') || t == json.Delim(']'):
			depth--
			isKey = depth == 1
		case depth == 1 && isKey && isText:
			name, isKey = s, false
		case depth == 1:
			isKey = true
		}
	}
}

// explain says which record an error is in.
func (p *jsonPass) explain(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), isEOF(err):
		return fmt.Errorf("%w: it breaks off in record %d", ErrTruncated, p.number+1)
	case errors.As(err, &syntax):
		return fmt.Errorf("record %d, character %d: %w: %w", p.number+1, p.r.start+syntax.Offset, ErrNotATable, err)
	}
	return fmt.Errorf("record %d: %w", p.number+1, err)
}
