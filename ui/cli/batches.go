package cli

import (
	"cmp"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/store"
)

// listBatches lists the steps of the log, newest first, with the same filters as records.
func (a *app) listBatches(b *store.Book, s subject, l listing) error {
	cols := batchColumns()
	shown, err := chosenColumns(cols, nil, s.tableColumns(), l)
	if err != nil {
		return err
	}
	var all []*line
	if err := b.Batches(func(h model.Batch) bool { all = append(all, &line{id: h.ID, batch: h}); return true }); err != nil {
		return err
	}
	view := batchView{cols: cols, lines: all}
	filter, err := query.Parse(l.where, view)
	if err != nil {
		return err
	}
	sorts, err := parseSorts(l.sort, view.Names())
	if err != nil {
		return err
	}
	match := filter.Compile(view, query.Env{Today: a.day(), Me: a.me()})
	var kept []*line
	for i, h := range all {
		if match(i) {
			kept = append(kept, h)
		}
	}
	for _, key := range slices.Backward(sorts) {
		c, _ := view.column(key.Field)
		slices.SortStableFunc(kept, func(x, y *line) int {
			if key.Desc {
				x, y = y, x
			}
			return compareCells(c.get(x), c.get(y))
		})
	}
	return a.print(*l.format, shown, func(yield func(*line, error) bool) {
		for _, h := range limited(kept, l.limit) {
			if !yield(h, nil) {
				return
			}
		}
	})
}

// batchView lets the filter language look at the steps of the log.
type batchView struct {
	cols  []column
	lines []*line
}

func (v batchView) column(name string) (column, bool) {
	i := slices.IndexFunc(v.cols, func(c column) bool { return c.name == name })
	if i < 0 {
		return column{}, false
	}
	return v.cols[i], true
}

// Names implements query.Schema.
func (v batchView) Names() []string {
	names := make([]string, len(v.cols))
	for i, c := range v.cols {
		names[i] = c.name
	}
	return names
}

// Field implements query.Schema.
func (v batchView) Field(name string) (query.Field, bool) {
	_, ok := v.column(name)
	f := query.Field{Name: name}
	switch name {
	case "time":
		f.Type = query.Time
	case "ops":
		f.Type = query.Number
	case "undone":
		f.Type = query.Bool
	case "actor":
		f.Type = query.Ref
	}
	return f, ok
}

// Words implements query.Columns.
func (v batchView) Words() func(row int) string {
	return func(row int) string {
		b := v.lines[row].batch
		return query.Fold(b.Label) + query.ListSep + query.Fold(b.Actor) + query.ListSep + query.Fold(b.Source)
	}
}

// Text implements query.Columns.
func (v batchView) Text(field string) func(row int) string {
	c, ok := v.column(field)
	if !ok {
		return nil
	}
	return func(row int) string { return query.Fold(c.get(v.lines[row]).text) }
}

// Number implements query.Columns.
func (v batchView) Number(field string) func(row int) (float64, bool) {
	return func(row int) (float64, bool) {
		b := v.lines[row].batch
		switch field {
		case "time":
			return float64(b.Time) / 1e6, true
		case "ops":
			return float64(b.Ops), true
		case "undone":
			if b.Undone {
				return 1, true
			}
			return 0, true
		}
		return 0, false
	}
}

// compareCells orders cells by number where both are numbers, else by folded text.
func compareCells(a, b cell) int {
	x, okX := a.json.(int)
	y, okY := b.json.(int)
	if okX && okY {
		return cmp.Compare(x, y)
	}
	return strings.Compare(query.Fold(a.text), query.Fold(b.text))
}
