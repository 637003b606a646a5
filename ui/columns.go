package ui

import (
	"slices"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// columnAct carries out the actions that change which columns a list shows, and how.
func (p *listPane) columnAct(a *App, act Action) bool {
	i := p.columnAt()
	switch act {
	case ActColumnHide:
		if len(p.cols) == 1 {
			a.say(kit.Warn, "The last column stays.")
			return true
		}
		p.cols = slices.Delete(p.cols, i, i+1)
	case ActColumnLeft:
		if i > 0 {
			p.cols[i-1], p.cols[i] = p.cols[i], p.cols[i-1]
		}
	case ActColumnRight:
		if i < len(p.cols)-1 {
			p.cols[i+1], p.cols[i] = p.cols[i], p.cols[i+1]
		}
	case ActColumnWider:
		p.widen(i, 4)
	case ActColumnNarrower:
		p.widen(i, -4)
	case ActColumnPin:
		p.cols[i].pinned = !p.cols[i].pinned
	case ActColumns:
		a.stack.Push(p.columnMenu())
		return true
	case ActColumnsReset:
		p.cols = slices.Clone(p.sp.columns)
	default:
		return false
	}
	p.setColumns()
	return true
}

// widen changes a column's width; a width that a person has chosen is kept and not shared out.
func (p *listPane) widen(i, by int) {
	c := &p.cols[i]
	c.ideal = max(4, c.ideal+by)
	c.min, c.flex = c.ideal, 0
	c.priority = 10
}

// columnAt is the place of the column under the cursor.
func (p *listPane) columnAt() int {
	key := p.g.ColumnKey()
	return max(0, slices.IndexFunc(p.cols, func(c column) bool { return c.key() == key }))
}

// setColumns hands the columns to the grid; the cursor stays on its column.
func (p *listPane) setColumns() {
	p.g.SetColumns(gridColumns(p.sp.lang, p.sp.kind, p.cols, p.snap.Settings.Text("company.currency")))
	p.markSorts()
}

// columnMenu lets choose the fields that have a column.
func (p *listPane) columnMenu() *kit.Palette {
	var items []kit.Item
	for _, name := range p.snap.FilterSchema(p.sp.kind).Names() {
		f, ok := model.SchemaOf(p.sp.kind).Field(name)
		if !ok || f.Has(model.FHidden) {
			continue
		}
		state := p.sp.lang.T("show")
		if slices.ContainsFunc(p.cols, func(c column) bool { return c.field == name && !c.left }) {
			state = p.sp.lang.T("hide")
		}
		items = append(items, kit.Item{ID: "column\x00" + name, Title: p.sp.lang.T(f.Label), Key: state, Help: p.sp.lang.T(f.Help)})
	}
	m := kit.NewPalette(p.sp.lang.T("Columns: choosing one shows or hides it"), items)
	m.Hint = p.sp.lang.T("a few letters of a field's name")
	return m
}

// toggleColumn shows a field as a column behind the one under the cursor, or hides it.
func (p *listPane) toggleColumn(name string) {
	if i := slices.IndexFunc(p.cols, func(c column) bool { return c.field == name && !c.left }); i >= 0 {
		if len(p.cols) > 1 {
			p.cols = slices.Delete(p.cols, i, i+1)
		}
	} else {
		p.cols = slices.Insert(p.cols, p.columnAt()+1, newColumn(p.sp.kind, name))
	}
	p.setColumns()
	p.g.MoveToColumn(name)
}

// newColumn makes a column for a field that has none in the pane's own table.
func newColumn(k model.Kind, name string) column {
	f, _ := model.SchemaOf(k).Field(name)
	c := column{field: name, ideal: max(8, min(16, kit.Width(f.Label)+2)), priority: 9}
	switch f.Type {
	case model.TMoney:
		c.ideal = 15
	case model.TDate, model.TTime:
		c.ideal = 10
	case model.TText, model.TLong, model.TList, model.TRef, model.TRefs:
		c.ideal, c.min, c.flex = 18, 10, 1
	}
	return c
}
