package table

import (
	"opsdeck/model"
	"opsdeck/model/day"
)

// The figures of one row of a table, written where they differ.
type figures struct {
	t   *Table
	row int32
}

func (f figures) text(col int, text string) {
	if f.t.cols[col].putText(f.row, text) {
		f.t.mark(f.row)
	}
}

// name copies the name of a customer, -1 for none.
func (f figures) name(col int, customer int32) {
	if f.t.cols[col].code.put(f.row, f.t.snap.tables[model.Customer].cols[customerAt.name].code.get(customer)) {
		f.t.mark(f.row)
	}
}

func (f figures) number(col int, n float64) { f.cell(col, numberCell(model.Number(n))) }

func (f figures) money(col int, units int64) { f.cell(col, cellOf(units)) }

func (f figures) cell(col int, cell numCell) {
	if f.t.cols[col].num.put(f.row, cell) {
		f.t.mark(f.row)
	}
}

func (f figures) day(col int, d day.Day) {
	if f.t.cols[col].day.put(f.row, dayOf(d)) {
		f.t.mark(f.row)
	}
}

func (f figures) flag(col int, yes bool) {
	if f.t.cols[col].flag.put(f.row, flagOf(model.Bool(yes))) {
		f.t.mark(f.row)
	}
}

// instant writes a moment in seconds, 0 for none.
func (f figures) instant(col int, at int64) {
	if at == 0 {
		f.cell(col, 0)
		return
	}
	f.cell(col, cellOf(at*1000))
}
