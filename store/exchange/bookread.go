package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"opsdeck/model"
	"opsdeck/store/exchange/tabular"
	"opsdeck/store/files"
)

// longestLine bounds a line of a book file. A record's texts have no bound of their own.
const longestLine = 256 << 20

var errRedacted = errors.New("this is a redacted export; it is for looking at and cannot be imported")

// isBookFile tells whether a text begins like a book file.
func isBookFile(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte{'\n'})
	var h bookHeader
	return json.Unmarshal(line, &h) == nil && h.Format == bookFormat
}

// peek reads the start of a file; what cannot be read is told by the reader of tables.
func peek(path string) []byte {
	f, err := files.Open(path)
	if err != nil {
		return nil
	}
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head)
	_ = f.Close() // nothing was written
	return head[:n]
}

// planBookFile plans a book file: every record under its own id.
func (pl *planner) planBookFile(r io.Reader, total int64, progress Progress) (*Plan, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	p := pl.plan
	p.Source, p.Preset, p.Signature = "opsdeck", "opsdeck", bookFormat
	pl.lay, pl.table = &layout{source: "opsdeck"}, &rawTable{name: p.File, header: []string{"line"}}
	pl.entries = map[kindEntry]model.ID{}
	done := int64(0)
	for n := 1; ; n++ {
		line, err := readLine(in)
		done += int64(len(line))
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: line %d: %w", p.File, n, err)
		}
		switch body := bytes.TrimSpace(line); {
		case n == 1:
			err = checkHeader(p.File, body)
		case len(body) > 0:
			row := tabular.Row{Line: n, Cells: []string{string(body)}}
			err = pl.judged(row, pl.bookLine)
		default:
			err = nil
		}
		if err == nil {
			err = pl.ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if progress != nil && n%4096 == 0 {
			progress(done, total, n)
		}
	}
	if err := pl.dropDangling(); err != nil {
		return nil, err
	}
	return pl.finish()
}

func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
		if len(line) > longestLine {
			return nil, tabular.ErrTooLarge
		}
	}
}

func checkHeader(file string, line []byte) error {
	var h bookHeader
	if err := json.Unmarshal(line, &h); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	switch {
	case h.Redacted:
		return &UsageError{File: file, Err: errRedacted}
	case h.Version > bookVersion:
		return fmt.Errorf("%s: the book file has version %d and this program reads up to %d; use a newer program", file, h.Version, bookVersion)
	}
	return nil
}

// bookLine plans one line of a book file.
func (pl *planner) bookLine(row tabular.Row, v *Verdict) error {
	draft, err := decodeLine([]byte(row.Cells[0]))
	if err != nil {
		return fail("", "%w", err)
	}
	if draft.Kind == model.User {
		return fail("", "users are an affair of the machine and not of a book file")
	}
	v.Kind = draft.Kind
	if err := pl.sameName(draft); err != nil {
		return err
	}
	for _, entry := range draft.Get("keys").Items() {
		at := kindEntry{draft.Kind, entry}
		other, taken := pl.entries[at]
		if !taken {
			r, err := pl.book.ByKey(draft.Kind, entry)
			if err != nil {
				return err
			}
			if r != nil {
				other, taken = r.ID, true
			}
		}
		if taken && other != draft.ID {
			return &rowError{Conflict, "keys", fmt.Errorf("the book has this %s from the same source already, as %s", draft.Kind, other)}
		}
		pl.entries[at] = draft.ID
	}
	return pl.placeByID(draft, v)
}

// sameName finds the record that a setting or mapping is about: they are one for each key, whatever
// their id.
func (pl *planner) sameName(draft *model.Record) error {
	field := model.SchemaOf(draft.Kind).Title
	if draft.Kind != model.Setting && draft.Kind != model.Mapping {
		return nil
	}
	if p, err := pl.byID(draft.Kind, draft.ID); p != nil || err != nil {
		return err
	}
	for id, p := range pl.loaded[draft.Kind] {
		if p.before != nil && p.before.Get(field) == draft.Get(field) {
			draft.ID = id
			return nil
		}
	}
	return nil
}

// dropDangling refuses records that point at records which are neither in the file nor in the book.
func (pl *planner) dropDangling() error {
	for changed := true; changed; {
		changed = false
		for _, p := range pl.order {
			field, err := pl.dangling(p)
			if err != nil {
				return err
			}
			if field == "" {
				continue
			}
			changed = true
			p.dropped, p.after = true, nil
			v := &pl.plan.Verdicts[p.row]
			v.Result, v.Column, v.Changes = Failed, field, nil
			v.Reason = fmt.Sprintf("%s points at a record that is neither in the file nor in the book", field)
		}
	}
	return nil
}

// dangling returns the field through which a planned record points at nothing.
func (pl *planner) dangling(p *planned) (string, error) {
	if p.dropped {
		return "", nil
	}
	for _, fv := range p.after.Fields {
		f, ok := model.SchemaOf(p.kind).Field(fv.Name)
		if !ok || !isRef(f) {
			continue
		}
		for _, id := range fv.Value.IDs() {
			to, err := pl.byID(f.Ref, id)
			if err != nil {
				return "", err
			}
			if to == nil || to.now() == nil {
				return fv.Name, nil
			}
		}
	}
	return "", nil
}

// decodeLine reads what appendLine wrote.
func decodeLine(line []byte) (*model.Record, error) {
	var in struct {
		Kind   string                     `json:"kind"`
		ID     string                     `json:"id"`
		Fields map[string]json.RawMessage `json:"fields"`
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return nil, fmt.Errorf("not a line of a book file: %w", err)
	}
	k, ok := model.KindByName(in.Kind)
	if !ok {
		return nil, fmt.Errorf("there is no kind %q", clip(in.Kind, 80))
	}
	id, err := model.ParseID(in.ID)
	if err != nil {
		return nil, err
	}
	r := model.NewRecord(k, id)
	for name, raw := range in.Fields {
		v, err := decodeValue(k, name, raw)
		if err != nil {
			return nil, err
		}
		r.Set(name, v)
	}
	return r, nil
}

func decodeValue(k model.Kind, name string, raw json.RawMessage) (model.Value, error) {
	f, ok := model.SchemaOf(k).Field(name)
	if !ok {
		var v foreignValue
		if json.Unmarshal(raw, &v) == nil && v.Type != model.TNone {
			return (&model.Field{Name: name, Type: v.Type}).Parse(v.Text)
		}
		f = &model.Field{Name: name, Type: model.TText}
	}
	var list []string
	if (f.Type == model.TList || f.Type == model.TRefs) && json.Unmarshal(raw, &list) == nil {
		if f.Type == model.TList {
			return model.List(list...), nil
		}
		return refsOf(list)
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		text = string(raw) // a number, true or false
	}
	if slices.Contains([]model.Type{model.TText, model.TPerson, model.TLong}, f.Type) {
		return exactText(f.Type, text), nil
	}
	return f.Parse(text)
}

func exactText(t model.Type, text string) model.Value {
	switch t {
	case model.TPerson:
		return model.Person(text)
	case model.TLong:
		return model.Long(text)
	}
	return model.Text(text)
}

func refsOf(list []string) (model.Value, error) {
	ids := make([]model.ID, len(list))
	for i, s := range list {
		id, err := model.ParseID(s)
		if err != nil {
			return model.Value{}, err
		}
		ids[i] = id
	}
	return model.Refs(ids...), nil
}
