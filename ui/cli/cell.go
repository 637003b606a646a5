package cli

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/store"
)

// cell is one value as people read it and as encoding/json writes it.
type cell struct {
	text string
	json any
}

func textCell(s string) cell {
	if s == "" {
		return cell{}
	}
	return cell{s, s}
}

func numberCell(n int) cell { return cell{strconv.Itoa(n), n} }

// line is one thing that is listed.
type line struct {
	row   int32 // of a record in its table
	id    model.ID
	rec   *model.Record
	batch model.Batch
}

// column is one field of a listing.
type column struct {
	name  string
	label string
	right bool
	cold  bool // read on demand, shown only when asked for
	get   func(l *line) cell
}

// records knows how to show the records of a kind.
type records struct {
	book   *store.Book
	snap   *table.Snapshot
	table  *table.Table
	schema *model.Schema
}

func newRecords(b *store.Book, k model.Kind) (records, error) {
	s, err := b.Snapshot()
	if err != nil {
		return records{}, err
	}
	return records{book: b, snap: s, table: s.Table(k), schema: model.SchemaOf(k)}, nil
}

// line reads the record of a row.
func (r records) line(row int32) (*line, error) {
	id := r.table.ID(row)
	rec, err := r.book.Get(r.schema.Kind, id)
	return &line{row: row, id: id, rec: rec}, err
}

// idColumn is the internal id, which every listing has.
func idColumn() column {
	return column{name: "id", label: "Id", get: func(l *line) cell { return textCell(l.id.String()) }}
}

// columns lists every column of the kind in a stable order: the id, the fields as the schema has
// them, each reference followed by the ids that it stands for. Cold fields are left out, unless a
// single record is shown.
func (r records) columns(cold bool) []column {
	out := []column{idColumn()}
	hasMoney, hasCurrency := false, false
	for i := range r.schema.Fields {
		f := &r.schema.Fields[i]
		if f.Has(model.FHidden) || f.Has(model.FCold) && !cold {
			continue
		}
		hasMoney = hasMoney || f.Type == model.TMoney
		hasCurrency = hasCurrency || f.Name == "currency"
		out = append(out, r.fieldColumns(f)...)
	}
	if hasMoney && !hasCurrency {
		out = append(out, r.currencyColumn())
	}
	return out
}

// fieldColumns makes a field's column; a reference gets a second one with the ids.
func (r records) fieldColumns(f *model.Field) []column {
	c := column{name: f.Name, label: f.Label, right: isRight(f.Type)}
	switch {
	case f.Name == "currency":
		return []column{r.currencyColumn()}
	case f.Type == model.TRef:
		c.get = func(l *line) cell { return textCell(r.title(f.Ref, l.rec.Get(f.Name).ID())) }
		ids := column{name: f.Name + "_id", label: f.Label + " id", get: func(l *line) cell {
			return textCell(l.rec.Get(f.Name).ID().String())
		}}
		return []column{c, ids}
	case f.Type == model.TRefs:
		c.get = func(l *line) cell { return r.titles(f, l) }
		ids := column{name: strings.TrimSuffix(f.Name, "s") + "_ids", label: f.Label + " ids", get: func(l *line) cell {
			v := l.rec.Get(f.Name)
			return listCell(v.Format(), v.JSON())
		}}
		return []column{c, ids}
	}
	c.get = func(l *line) cell { return valueCell(f, r.value(f, l)) }
	return []column{c}
}

func isRight(t model.Type) bool { return t == model.TNumber || t == model.TMoney }

// value reads a field: figures from the picture, everything else from the record.
func (r records) value(f *model.Field, l *line) model.Value {
	if f.Has(model.FDerived) {
		return r.table.Value(l.row, f.Name)
	}
	return l.rec.Get(f.Name)
}

// valueCell shows a value that is no reference.
func valueCell(f *model.Field, v model.Value) cell {
	switch {
	case v.IsZero() && f.Type == model.TList:
		return listCell("", nil)
	case v.IsZero():
		return cell{}
	case f.Type == model.TParts:
		return listCell(v.Format(), v.Rows())
	case f.Has(model.FDerived) && f.Type == model.TNumber:
		n, _ := v.Float()
		n = math.Round(n*100) / 100
		text := strconv.FormatFloat(n, 'f', -1, 64)
		if f.Name == "touch_overdue" && n == table.NeverTouched {
			return cell{"never", json.Number(text)}
		}
		return cell{text, json.Number(text)}
	}
	return cell{v.Format(), v.JSON()}
}

// listCell makes an empty list an array and not a null, so that a key keeps its type.
func listCell(text string, items any) cell {
	if text == "" {
		items = []string{}
	}
	return cell{text, items}
}

// title is what people call a record that is pointed at.
func (r records) title(k model.Kind, id model.ID) string {
	if id.IsZero() {
		return ""
	}
	if row, ok := r.snap.Table(k).Row(id); ok {
		return r.snap.Title(k, row)
	}
	return id.String()
}

func (r records) titles(f *model.Field, l *line) cell {
	names := []string{}
	for _, id := range l.rec.Get(f.Name).IDs() {
		names = append(names, r.title(f.Ref, id))
	}
	return listCell(strings.Join(names, "; "), names)
}

// currencyColumn names the currency of the amounts beside it.
func (r records) currencyColumn() column {
	return column{name: "currency", label: "Currency", get: func(l *line) cell {
		return textCell(r.snap.CurrencyOf(r.schema.Kind, l.row))
	}}
}

// customColumn is a field that the company or a source has named.
func customColumn(name string) column {
	return column{name: name, label: strings.TrimPrefix(name, model.CustomPrefix), get: func(l *line) cell {
		v := l.rec.Get(name)
		return cell{v.Format(), v.JSON()}
	}}
}

// batchColumns lists the columns of the steps of the log.
func batchColumns() []column {
	text := func(name, label string, get func(model.Batch) string) column {
		return column{name: name, label: label, get: func(l *line) cell { return textCell(get(l.batch)) }}
	}
	return []column{
		idColumn(),
		text("time", "When", func(b model.Batch) string { return stamp(b.Time) }),
		text("actor", "Who", func(b model.Batch) string { return b.Actor }),
		text("kind", "Kind", func(b model.Batch) string { return string(b.Kind) }),
		text("label", "What", func(b model.Batch) string { return b.Label }),
		{name: "ops", label: "Changes", right: true, get: func(l *line) cell { return numberCell(l.batch.Ops) }},
		{name: "undone", label: "Undone", get: func(l *line) cell {
			if l.batch.Undone {
				return cell{"undone", true}
			}
			return cell{"", false}
		}},
		text("of", "Of", func(b model.Batch) string { return b.Of.String() }),
		text("source", "Source", func(b model.Batch) string { return b.Source }),
		text("target", "Target", func(b model.Batch) string { return b.Target }),
		{name: "counts", label: "Counts", get: func(l *line) cell { return countsCell(l.batch.Counts) }},
	}
}

// stamp writes a batch's time, to the second.
func stamp(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.RFC3339) }

func countsCell(counts map[string]int) cell {
	if counts == nil {
		counts = map[string]int{}
	}
	b, err := json.Marshal(counts)
	if err != nil || len(counts) == 0 {
		return cell{"", counts}
	}
	return cell{strings.Trim(strings.ReplaceAll(string(b), `"`, ""), "{}"), counts}
}
