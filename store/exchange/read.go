package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"opsdeck/model"
	"opsdeck/store/exchange/tabular"
	"opsdeck/store/files"
)

// Progress is told how much of a file has been read, in bytes, and how many rows that were.
type Progress func(done, total int64, rows int)

// PlanFile plans the import of one file. It reads the file and the book and writes nothing. Errors
// are about the file as a whole; what is wrong with a row is in its verdict. A *UsageError says what
// has to be said on the command line.
func PlanFile(ctx context.Context, book Book, path string, o Options, progress Progress) (*Plan, error) {
	t, err := o.tabular()
	if err != nil {
		return nil, err
	}
	if isBookFile(peek(path)) {
		return planBookPath(ctx, book, path, o, progress)
	}
	if bytes.HasPrefix(peek(path), []byte(handedTitle)) {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("cannot read the file: %w", err)
		}
		return newPlanner(ctx, book, filepath.Base(path), o).planHandOver(string(data))
	}
	readers, err := tabular.Open(ctx, path, t)
	if err != nil {
		return nil, tableError(filepath.Base(path), err)
	}
	return planReaders(ctx, book, filepath.Base(path), readers, o, progress)
}

// PlanBytes is PlanFile over bytes that are at hand; name stands for the file.
func PlanBytes(ctx context.Context, book Book, name string, data []byte, o Options) (*Plan, error) {
	t, err := o.tabular()
	if err != nil {
		return nil, err
	}
	if isBookFile(data) {
		pl := newPlanner(ctx, book, filepath.Base(name), o)
		return pl.planBookFile(bytes.NewReader(data), int64(len(data)), nil)
	}
	if bytes.HasPrefix(data, []byte(handedTitle)) {
		return newPlanner(ctx, book, filepath.Base(name), o).planHandOver(string(data))
	}
	readers, err := tabular.OpenBytes(ctx, name, data, t)
	if err != nil {
		return nil, tableError(filepath.Base(name), err)
	}
	return planReaders(ctx, book, filepath.Base(name), readers, o, nil)
}

func planBookPath(ctx context.Context, book Book, path string, o Options, progress Progress) (plan *Plan, err error) {
	f, err := files.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("cannot read the file: %w", err)
	}
	return newPlanner(ctx, book, filepath.Base(path), o).planBookFile(f, info.Size(), progress)
}

// tableError turns a wrong encoding into a question with its flag.
func tableError(file string, err error) error {
	if errors.Is(err, tabular.ErrEncoding) {
		return &UsageError{Flag: "--encoding", Err: err}
	}
	return err
}

func planReaders(ctx context.Context, book Book, file string, readers []tabular.Reader, o Options, progress Progress) (plan *Plan, err error) {
	defer func() {
		for _, r := range readers {
			err = errors.Join(err, r.Close())
		}
		if err != nil {
			plan = nil
		}
	}()
	pl := newPlanner(ctx, book, file, o)
	var unknown error
	tables := 0
	for _, r := range readers {
		t, err := pl.readTable(r, progress)
		if err != nil {
			return nil, err
		}
		err = pl.planTable(t)
		switch {
		case errors.Is(err, errNoKind) && len(readers) > 1:
			// A workbook may have sheets with notes beside the tables.
			unknown = err
			pl.plan.Warnings = append(pl.plan.Warnings, fmt.Sprintf("%s was left out: %v", t.name, err))
		case err != nil:
			return nil, err
		default:
			tables++
		}
	}
	if tables == 0 && unknown != nil {
		return nil, unknown
	}
	pl.plan.Warnings = append(pl.plan.Warnings, pl.said.unused()...)
	return pl.finish()
}

// rawTable is a table with all its rows. Rows are let go one by one as they are planned.
type rawTable struct {
	name   string
	format string
	header []string
	rows   []tabular.Row
	infos  []tabular.ColumnInfo
	warn   []string
	record string // what a tree file says its records are

	samples [][]string   // a few values of each column
	left    map[int]bool // rows that are not wanted
}

func (pl *planner) readTable(r tabular.Reader, progress Progress) (*rawTable, error) {
	ctx, head := pl.ctx, r.Table()
	t := &rawTable{name: head.Name, format: head.Format, header: head.Header, samples: make([][]string, len(head.Header)), left: map[int]bool{}}
	infer, ours := tabular.NewInferrer(head.Header), t.isErrorFile()
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if ours {
			for i := range row.Cells {
				row.Cells[i] = tabular.Original(t.format, row.Cells[i])
			}
		}
		row, keep, err := pl.said.apply(pl.plan.File, t, row)
		if err != nil {
			return nil, err
		}
		if keep {
			infer.Add(row)
			t.sample(row)
		} else {
			// It keeps its place, by which files of some sources refer to it.
			t.left[len(t.rows)] = true
			pl.plan.Left++
		}
		t.rows = append(t.rows, row)
		if len(t.rows)%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			tell(progress, r, len(t.rows))
		}
	}
	tell(progress, r, len(t.rows))
	t.infos = infer.Columns()
	pl.plan.Tables = append(pl.plan.Tables, Table{head.Name, head.Format, head.Encoding, head.Delimiter, len(t.rows) - len(t.left)})
	for _, w := range head.Warnings {
		t.warn = append(t.warn, t.name+": "+w.String())
	}
	for i, h := range t.header {
		if h == "attributes.type" && len(t.rows) > 0 {
			t.record = t.rows[0].Cells[i]
		}
	}
	return t, nil
}

// rowData is what one row says, before references are followed.
type rowData struct {
	drafts [parts]*model.Record
	key    string // the source's own id, changed so that it can be compared
	ext    string // the same as it is written
	party  string // what the row calls its customer; empty for none
	partyC *column
	refs   []refCell
	aux    map[string]string
	states map[string]string // see preset
	once   []string          // fields of the second record that only count when it is made
	money  string            // the currency written beside an amount
}

// refCell is a cell that points at another record.
type refCell struct {
	c    *column
	text string
}

// cellError is a cell that cannot be read.
type cellError struct {
	column string
	err    error
}

// Error leaves the column out: the verdict names it.
func (e *cellError) Error() string { return e.err.Error() }
func (e *cellError) Unwrap() error { return e.err }

// fatal tells whether a row's problem makes it unreadable. Rows that are shorter or wider than the
// header are real and are read; so are rows with damaged characters.
func fatal(err error) bool {
	for _, e := range []error{tabular.ErrOpenQuote, tabular.ErrBadRecord, tabular.ErrTooLarge} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// read takes a row apart into what it says about each record.
func (l *layout) read(row tabular.Row) (*rowData, error) {
	if row.Problem != nil && fatal(row.Problem) {
		return nil, row.Problem
	}
	d := &rowData{}
	if l.preset != nil {
		d.states = l.preset.states
	}
	d.drafts[partMain] = &model.Record{Kind: l.kind, Fields: make([]model.FieldValue, 0, len(l.columns)+4)}
	if l.extra != model.KNone {
		d.drafts[partExtra] = model.NewRecord(l.extra, model.ID{})
	}
	for i := range l.columns {
		c := &l.columns[i]
		if row.IsNull(c.index) {
			continue
		}
		text := row.Cells[c.index]
		if tabular.IsEmpty(text) {
			continue
		}
		if err := d.take(l, c, text); err != nil {
			if errors.Is(row.Problem, tabular.ErrErrorCell) {
				err = errFormula
			}
			return nil, &cellError{c.name, err}
		}
	}
	for part := range parts {
		for _, fv := range l.fixed[part] {
			d.draft(part).Set(fv.Name, fv.Value)
		}
		for _, fv := range l.usual[part] {
			if draft := d.draft(part); draft.Get(fv.Name).IsZero() {
				draft.Set(fv.Name, fv.Value)
			}
		}
	}
	return d, l.finish(d)
}

func (d *rowData) draft(part int) *model.Record {
	if d.drafts[part] == nil {
		d.drafts[part] = model.NewRecord(model.Customer, model.ID{})
	}
	return d.drafts[part]
}

// take puts one cell where its column says.
func (d *rowData) take(l *layout, c *column, text string) error {
	raw := text
	if c.change != nil {
		if text = c.change(text); text == "" {
			return nil
		}
	}
	switch {
	case c.to == "key":
		if d.key == "" {
			d.key, d.ext = strings.TrimSpace(text), strings.TrimSpace(text)
			if c.as == "sfid" {
				d.ext = strings.TrimSpace(raw)
			}
		}
		return nil
	case c.field == nil:
		if d.aux == nil {
			d.aux = map[string]string{}
		}
		if text = strings.TrimSpace(text); c.as == asNumber {
			n, err := tabular.ParseNumber(text, c.number)
			if err != nil {
				return err
			}
			text = plainNumber(n)
		}
		if d.aux[c.to] == "" {
			d.aux[c.to] = text
		}
		return nil
	case c.field.Type == model.TRef || c.field.Type == model.TRefs:
		if c.part == partMain && c.field.Ref == model.Customer && l.kind != model.Customer {
			if d.party == "" {
				d.party, d.partyC = strings.TrimSpace(text), c
			}
			return nil
		}
		d.refs = append(d.refs, refCell{c, strings.TrimSpace(text)})
		return nil
	}
	v, err := c.value(text)
	if err != nil || v.IsZero() {
		return err
	}
	if c.field.Type == model.TMoney && d.money == "" {
		d.money = isoCurrency(text)
	}
	draft := d.draft(c.part)
	if have := draft.Get(c.to); !have.IsZero() {
		v = join(c.field, have, v)
	}
	draft.Set(c.to, v)
	return nil
}

// isoCurrency is the currency written beside an amount, where the sign has only one meaning.
func isoCurrency(text string) string {
	text = strings.TrimSpace(text)
	if last := text[len(text)-1]; text[0] >= '0' && text[0] <= '9' && last >= '0' && last <= '9' {
		return ""
	}
	if cur := tabular.CurrencyOf(text); len(cur) == 3 && cur == strings.ToUpper(cur) {
		return cur
	}
	return ""
}

// plainNumber writes a number in its shortest form, so that 14.00 and 14 are the same.
func plainNumber(n tabular.Decimal) string {
	s := n.String()
	if n.Scale > 0 {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func tell(progress Progress, r tabular.Reader, rows int) {
	if progress != nil {
		done, total := r.Progress()
		progress(done, total, rows)
	}
}
