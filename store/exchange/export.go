package exchange

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"opsdeck/model"
	"opsdeck/store/exchange/tabular"
)

// nameSuffix ends the column that stands beside a reference and says in words what it points at. It
// is for people and not read back.
const nameSuffix = "_name"

// ExportOptions choose how records are written.
type ExportOptions struct {
	Format string    // csv, json, ndjson, xlsx or md
	Redact *Redactor // nil writes everything as it is
}

// ExportKind writes all records of a kind as a table: id first, then every stored field that has
// content in at least one record, then custom fields by name. References are ids with the name
// beside them. A table that is written without redaction can be imported again and changes nothing.
// The report tells which cells a spreadsheet would have run as formulas.
func ExportKind(ctx context.Context, book Book, k model.Kind, w io.Writer, o ExportOptions) (tabular.Report, error) {
	e := &exporter{ctx: ctx, book: book, kind: k, redact: o.Redact, titles: map[model.Kind]map[model.ID]string{}}
	if err := e.findColumns(); err != nil {
		return tabular.Report{}, err
	}
	format := cmp.Or(o.Format, tabular.FormatDelimited)
	out, err := tabular.NewWriter(format, w, e.header(), tabular.WriteOptions{Sheet: plural(k)})
	if err != nil {
		return tabular.Report{}, err
	}
	var failed error
	err = book.Each(k, func(r *model.Record) bool {
		if failed = ctx.Err(); failed == nil {
			failed = out.Write(e.row(r))
		}
		return failed == nil
	})
	if err := cmp.Or(failed, err); err != nil {
		return tabular.Report{}, fmt.Errorf("export of %s: %w", plural(k), err)
	}
	err = out.Close()
	return out.Report(), err
}

// exporter writes the records of one kind.
type exporter struct {
	ctx    context.Context
	book   Book
	kind   model.Kind
	redact *Redactor
	fields []*model.Field
	titles map[model.Kind]map[model.ID]string // of the kinds that references point at
}

// findColumns looks which fields have content, and learns the names of what they point at.
func (e *exporter) findColumns() error {
	schema := model.SchemaOf(e.kind)
	seen := map[string]bool{}
	if err := e.book.Each(e.kind, func(r *model.Record) bool {
		for _, fv := range r.Fields {
			seen[fv.Name] = true
		}
		return e.ctx.Err() == nil
	}); err != nil {
		return err
	}
	for _, f := range schema.Stored() {
		if seen[f.Name] && !f.Has(model.FHidden) {
			e.fields = append(e.fields, f)
		}
		delete(seen, f.Name)
	}
	var custom []string
	for name := range seen {
		custom = append(custom, name)
	}
	slices.Sort(custom)
	for _, name := range custom {
		if f, ok := schema.Field(name); ok {
			e.fields = append(e.fields, f)
		}
	}
	for _, f := range e.fields {
		if isRef(f) && e.titles[f.Ref] == nil {
			titles := map[model.ID]string{}
			if err := e.book.Each(f.Ref, func(r *model.Record) bool {
				titles[r.ID] = e.redact.record(r).Title()
				return true
			}); err != nil {
				return err
			}
			e.titles[f.Ref] = titles
		}
	}
	return e.ctx.Err()
}

func isRef(f *model.Field) bool { return f.Type == model.TRef || f.Type == model.TRefs }

func (e *exporter) header() []string {
	header := []string{"id"}
	for _, f := range e.fields {
		header = append(header, f.Name)
		if isRef(f) {
			header = append(header, f.Name+nameSuffix)
		}
	}
	return header
}

func (e *exporter) row(r *model.Record) []tabular.Value {
	r = e.redact.record(r)
	row := append(make([]tabular.Value, 0, len(e.fields)+3), tabular.Text(r.ID.String()))
	for _, f := range e.fields {
		v := r.Get(f.Name)
		row = append(row, cellOf(v))
		if isRef(f) {
			var names []string
			for _, id := range v.IDs() {
				names = append(names, e.titles[f.Ref][id])
			}
			row = append(row, cellOf(model.List(names...)))
		}
	}
	return row
}

// cellOf turns a value into a typed cell.
func cellOf(v model.Value) tabular.Value {
	switch v.Type() {
	case model.TNone:
		return tabular.Null()
	case model.TNumber, model.TMoney:
		return tabular.Value{Type: tabular.NumberCell, Text: v.Format()}
	case model.TDate:
		return tabular.Date(v.Format())
	case model.TTime:
		return tabular.Timestamp(v.Format())
	case model.TBool:
		return tabular.Bool(v.IsTrue())
	}
	return tabular.Text(v.Format())
}
