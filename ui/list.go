package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// pane is one of the four lists.
type pane interface {
	spec() *paneSpec
	grid() *kit.Grid
	// show takes a new picture of the book and keeps the cursor on its record.
	show(s *table.Snapshot, env query.Env)
	// setFilter takes a filter as it was typed; a *query.Error leaves the pane as it was.
	setFilter(text string) error
	filter() string
	do(a *App, act Action) bool
	draw(a *App, c *kit.Canvas, r kit.Rect)
	figures(a *App) []figure
	// current is the record under the cursor; false where there is none.
	current() (model.Kind, int32, bool)
	status() string
}

// listPane lists the records of one kind.
type listPane struct {
	sp     paneSpec
	g      kit.Grid
	snap   *table.Snapshot
	env    query.Env
	text   string // the person's filter
	expr   *query.Expr
	all    bool // without the base filter
	sorts  []table.Sort
	cols   []column // the columns as the person has them now
	rows   []int32
	looked looked
	detail bool
	view   string // name of the saved view that was gone to
	shared bool   // the view is everybody's
	group  string // the field whose values part the list; empty: none
	groups []listGroup
	lines  []int32 // what the grid shows of a grouped list: places in rows, and -1-n for the heading of group n
	folded map[string]bool
	anchor int              // row of the last mark, where a range begins
	now    func() time.Time // of panes whose values change by themselves
	app    *App             // the session that shows the pane, once it has
}

func newListPane(sp paneSpec) *listPane {
	p := &listPane{sp: sp, sorts: sp.sorts, detail: true, cols: slices.Clone(sp.columns)}
	p.g.Empty = sp.empty
	return p
}

// lister is a pane that is a list of records of one kind, by itself or by embedding one.
type lister interface{ list() *listPane }

// list is the list of records that the pane in front is; false where it is something else.
func (a *App) list() (*listPane, bool) {
	l, ok := a.pane().(lister)
	if !ok {
		return nil, false
	}
	return l.list(), true
}

func (p *listPane) list() *listPane { return p }
func (p *listPane) spec() *paneSpec { return &p.sp }
func (p *listPane) grid() *kit.Grid { return &p.g }
func (p *listPane) filter() string  { return p.text }

// parse joins the pane's own filter with a person's.
func (p *listPane) parse(text string) (*query.Expr, error) {
	schema := p.snap.FilterSchema(p.sp.kind)
	expr, err := query.Parse(text, schema)
	if err != nil || p.all || p.sp.base == "" {
		return expr, err
	}
	if expr.Empty() {
		return query.Parse(p.sp.base, schema)
	}
	return query.Parse(p.sp.base+" ("+text+")", schema)
}

func (p *listPane) setFilter(text string) error {
	if p.snap == nil {
		return errors.New("the book is still being opened")
	}
	expr, err := p.parse(text)
	if err != nil {
		return err
	}
	p.text, p.expr = text, expr
	p.refresh()
	return nil
}

func (p *listPane) show(s *table.Snapshot, env query.Env) {
	first := p.snap == nil
	p.snap, p.env = s, env
	if first {
		p.setColumns()
	}
	if expr, err := p.parse(p.text); err == nil {
		p.expr = expr
	}
	p.refresh()
}

// refresh filters and sorts anew and keeps the cursor on its record.
func (p *listPane) refresh() {
	key := p.g.Key()
	t := p.snap.Table(p.sp.kind)
	p.rows = p.found(t)
	p.regroup(t)
	p.g.SetRows(listRows{p})
	if key != "" {
		p.g.KeepCursorOn(key)
	}
	p.markSorts()
	p.g.Footer = p.footer(t)
	p.g.Empty = p.sp.lang.T(p.sp.empty)
	if p.text != "" {
		p.g.Empty = p.sp.lang.T("Nothing fits the filter %s\n\nesc takes it away.", p.text)
	}
}

// cursorTo puts the cursor on a record, where the list shows it.
func (p *listPane) cursorTo(id model.ID) { p.g.KeepCursorOn(id.String()) }

// markSorts shows in the header by which columns the list is sorted.
func (p *listPane) markSorts() {
	p.g.Sort = p.g.Sort[:0]
	for _, s := range p.sorts {
		for _, c := range p.cols {
			if c.field == s.Field {
				p.g.Sort = append(p.g.Sort, kit.SortMark{Column: c.key(), Desc: s.Desc})
				break
			}
		}
	}
}

// found filters and sorts. While a filter is typed on, only what it let through before is looked at.
func (p *listPane) found(t *table.Table) []int32 {
	l := &p.looked
	order := p.order()
	if l.snap == p.snap && l.env == p.env && slices.Equal(l.order, order) && p.expr.Narrows(l.expr) {
		l.rows = t.Among(l.rows, p.snap, p.expr, p.env)
	} else {
		l.rows = t.View(p.snap, p.expr, p.env, order)
	}
	l.snap, l.env, l.order, l.expr = p.snap, p.env, order, p.expr
	return l.rows
}

// looked is what a list has looked through last.
type looked struct {
	snap  *table.Snapshot
	env   query.Env
	order []table.Sort
	expr  *query.Expr
	rows  []int32
}

// footer counts the rows and adds up the pane's amount.
func (p *listPane) footer(t *table.Table) string {
	l := p.sp.lang
	s := plural(l, len(p.rows), p.sp.kind)
	if total := t.Len(); total != len(p.rows) {
		s = l.T("%s of %s", l.Int(int64(len(p.rows))), plural(l, total, p.sp.kind))
	}
	if p.sp.sum != "" && len(p.rows) > 0 {
		f, _ := t.Schema.Field(p.sp.sum)
		s += " · Σ " + l.T(f.Label) + " " + p.summed(p.rows)
	}
	if n, currencies := p.snap.Incomparable(p.sp.kind, p.compared()); n > 0 {
		s += " · " + l.T("%s not compared: no rate for %s", l.Int(int64(n)), strings.Join(currencies, ", "))
	}
	if marked := p.marked(); len(marked) > 0 {
		s = l.T("%s marked", l.Int(int64(len(marked))))
		if p.sp.sum != "" {
			s += " · Σ " + p.summed(marked)
		}
		s += " · " + l.T("of %s", l.Int(int64(len(p.rows))))
	}
	return s
}

// summed adds the pane's amount up. Of amounts that the reader must not see there is no sum, not even 0.
func (p *listPane) summed(rows []int32) string {
	if p.snap.Hides(p.sp.kind, p.sp.sum) {
		return p.sp.lang.T("hidden")
	}
	return sums(p.sp.lang, p.snap.Totals(p.sp.kind, rows, p.sp.sum), p.snap.Settings.Text("company.currency"))
}

// compared lists the fields that the filter and the order look at.
func (p *listPane) compared() []string {
	fields := p.expr.Fields()
	for _, s := range p.sorts {
		fields = append(fields, s.Field)
	}
	return fields
}

func (p *listPane) status() string {
	l := p.sp.lang
	parts := []string{l.T(p.sp.title)}
	if p.view != "" {
		whose := l.T("yours")
		if p.shared {
			whose = l.T("everybody's")
		}
		parts = append(parts, "“"+p.view+"” ("+whose+")")
	}
	if p.sp.base != "" && p.all {
		parts = append(parts, l.T("all"))
	}
	if p.text != "" {
		parts = append(parts, p.text)
	}
	if f, ok := model.SchemaOf(p.sp.kind).Field(p.group); ok {
		parts = append(parts, l.T("by %s", l.T(f.Label)))
	}
	return strings.Join(parts, " › ")
}

func (p *listPane) current() (model.Kind, int32, bool) {
	if row, ok := p.record(p.g.Row()); ok {
		return p.sp.kind, row, true
	}
	return p.sp.kind, -1, false
}

// column returns the column under the cursor.
func (p *listPane) column() column {
	key := p.g.ColumnKey()
	for _, c := range p.cols {
		if c.key() == key {
			return c
		}
	}
	return p.cols[0]
}

func (p *listPane) do(a *App, act Action) bool {
	if p.groupAct(a, act) {
		return true
	}
	switch act {
	case ActSort:
		p.sortBy(p.column().field)
	case ActViews:
		a.openViews(p)
	case ActSortMore:
		p.sortAlso(p.column().field)
	case ActScope:
		p.all = !p.all
		if err := p.setFilter(p.text); err != nil {
			a.fail(err)
		}
		p.g.Home()
	case ActDetail:
		p.detail = !p.detail
	case ActCopy:
		p.openCopy(a)
	default:
		return p.markAct(a, act) || p.columnAct(a, act)
	}
	return true
}

// order is the list's order with texts as readers of the session's language look for them.
func (p *listPane) order() []table.Sort {
	if p.sp.lang == nil {
		return p.sorts
	}
	sorts := slices.Clone(p.sorts)
	for i := range sorts {
		sorts[i].Lang = p.sp.lang.Tag()
	}
	return sorts
}

// sortBy sorts by a field; by the same one again turns the order round.
func (p *listPane) sortBy(field string) {
	desc := len(p.sorts) > 0 && p.sorts[0].Field == field && !p.sorts[0].Desc
	p.sorts = []table.Sort{{Field: field, Desc: desc}}
	p.refresh()
}

// sortAlso adds a field as the last key of the order; one that is there already is turned round.
func (p *listPane) sortAlso(field string) {
	for i := range p.sorts {
		if p.sorts[i].Field == field {
			p.sorts = slices.Clone(p.sorts)
			p.sorts[i].Desc = !p.sorts[i].Desc
			p.refresh()
			return
		}
	}
	p.sorts = append(slices.Clone(p.sorts), table.Sort{Field: field})
	p.refresh()
}

// setSorts sorts as the command line writes it: "-arr,name".
func (p *listPane) setSorts(text string) error {
	var sorts []table.Sort
	for part := range strings.SplitSeq(text, ",") {
		name, desc := strings.CutPrefix(strings.TrimSpace(part), "-")
		if _, ok := p.snap.FilterSchema(p.sp.kind).Field(name); !ok {
			return fmt.Errorf("%s have no field %q to sort by", model.SchemaOf(p.sp.kind).Plural, name)
		}
		sorts = append(sorts, table.Sort{Field: name, Desc: desc})
	}
	p.sorts = sorts
	p.refresh()
	return nil
}

// listRows shows the rows of a list pane to its grid.
type listRows struct{ p *listPane }

func (r listRows) Len() int {
	if r.p.lines != nil {
		return len(r.p.lines)
	}
	return len(r.p.rows)
}

func (r listRows) Key(line int) string {
	row, ok := r.p.record(line)
	if !ok {
		return headingKey + r.p.groups[r.p.headed(line)].Label
	}
	return r.p.snap.Table(r.p.sp.kind).ID(row).String()
}

func (r listRows) Cell(line int, key string) kit.Cell {
	row, ok := r.p.record(line)
	if !ok {
		return kit.Cell{}
	}
	for _, c := range r.p.cols {
		if c.key() == key {
			if c.left && c.field == "sla_due" {
				return countdown(r.p.sp.lang, r.p.snap, row, r.p.now().Unix())
			}
			out := cell(r.p.sp.lang, r.p.snap, r.p.sp.kind, row, c)
			if f, ok := model.SchemaOf(r.p.sp.kind).Field(c.field); ok && f.Type == model.TMoney && !strings.Contains(out.Text, " ") {
				out.Text += "    " // Where others have their currency, so that the digits stand under each other.
			}
			if r.fresh(row, c, strings.TrimRight(out.Text, " ")) {
				out.Token = kit.Marked
			}
			return out
		}
	}
	return kit.Cell{}
}

// Find implements kit.Finder.
func (r listRows) Find(key string) (int, bool) {
	if r.p.lines != nil {
		return r.p.findLine(key)
	}
	id, err := model.ParseID(key)
	if err != nil {
		return 0, false
	}
	want, ok := r.p.snap.Table(r.p.sp.kind).Row(id)
	if !ok {
		return 0, false
	}
	for i, row := range r.p.rows {
		if row == want {
			return i, true
		}
	}
	return 0, false
}

// draw shows the list, with the detail of its record beside it, or below where it is narrow.
func (p *listPane) draw(a *App, c *kit.Canvas, r kit.Rect) {
	grid, side := r, kit.Rect{}
	switch {
	case !p.detail:
	case r.W >= 140:
		side, grid = r.Right(min(52, r.W*30/100))
	case r.H >= 20:
		side, grid = r.Bottom(min(9, r.H/3))
	}
	p.app = a
	p.g.Draw(c, grid, a.theme, a.page == nil)
	if k, row, ok := p.current(); ok && !side.Empty() {
		drawDetail(a, c, side, p.snap, k, row, p.sp.detail, grid.W == r.W)
	}
}
