package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// groupings are the fields by which the segments pane can group customers.
func groupings() []string {
	return []string{"tier", "status", "industry", "country", "owner", "lifecycle", "plan", "channel"}
}

// segment is a group of customers with its figures.
type segment struct {
	value   string // of the grouping field; empty for those without
	rows    []int32
	arr     float64 // in the company's currency, as far as rates are set
	leftOut int     // customers whose amount has no rate
	score   float64 // mean of those that have one
	scored  int
	late    int // customers whose touch is overdue
	items   int
	overdue int // customers with overdue invoices
}

// segmentsPane groups the customers and shows what each group is worth and needs.
type segmentsPane struct {
	sp     paneSpec
	g      kit.Grid
	snap   *table.Snapshot
	env    query.Env
	text   string
	expr   *query.Expr
	by     string
	sort   string
	desc   bool
	groups []segment
	total  float64
	theme  *kit.Theme
	drawn  []chart // of these groups; nil until they are drawn
}

func newSegmentsPane() *segmentsPane {
	return &segmentsPane{by: "tier", sp: paneSpec{action: ActSegments, scope: ScopeSegments, title: "Segments", kind: model.Customer}}
}

func (p *segmentsPane) spec() *paneSpec { return &p.sp }
func (p *segmentsPane) grid() *kit.Grid { return &p.g }
func (p *segmentsPane) filter() string  { return p.text }

// barWidth is the length of the bar of a group that has all the revenue.
const barWidth = 16

func (p *segmentsPane) columns() []kit.Column {
	f, _ := model.SchemaOf(model.Customer).Field(p.by)
	cur := p.snap.Settings.Text("company.currency")
	return sayColumns(p.sp.lang, []kit.Column{
		{Key: "value", Title: f.Label, Ideal: 22, Min: 16, Flex: 1, Priority: 10, Pinned: true},
		{Key: "count", Title: "Customers", Ideal: 10, Min: 9, Align: kit.AlignRight, Priority: 9},
		{Key: "share", Title: "Share", Ideal: 7, Min: 7, Align: kit.AlignRight, Priority: 6},
		{Key: "arr", Title: "ARR", Unit: cur, Ideal: 16, Min: 14, Align: kit.AlignRight, Priority: 9},
		{Key: "arrshare", Title: "of ARR", Ideal: 8, Min: 7, Align: kit.AlignRight, Priority: 8},
		{Key: "bar", Title: "", Ideal: barWidth, Min: barWidth, Priority: 3},
		{Key: "score", Title: "Mean score", Ideal: 11, Min: 10, Align: kit.AlignRight, Priority: 5},
		{Key: "late", Title: "Touch late", Ideal: 11, Min: 10, Align: kit.AlignRight, Priority: 7},
		{Key: "items", Title: "Open items", Ideal: 11, Min: 10, Align: kit.AlignRight, Priority: 4},
		{Key: "overdue", Title: "Overdue payers", Ideal: 15, Min: 14, Align: kit.AlignRight, Priority: 4},
	})
}

func (p *segmentsPane) setFilter(text string) error {
	expr, err := query.Parse(text, p.snap.FilterSchema(model.Customer))
	if err != nil {
		return err
	}
	p.text, p.expr = text, expr
	p.refresh()
	return nil
}

func (p *segmentsPane) show(s *table.Snapshot, env query.Env) {
	p.snap, p.env = s, env
	if expr, err := query.Parse(p.text, s.FilterSchema(model.Customer)); err == nil {
		p.expr = expr
	}
	p.refresh()
}

func (p *segmentsPane) refresh() {
	key := p.g.Key()
	t := p.snap.Table(model.Customer)
	by := map[string]int{}
	p.groups, p.total, p.drawn = nil, 0, nil
	for _, row := range t.View(p.snap, p.expr, p.env, nil) {
		value := t.Str(row, p.by)
		i, ok := by[value]
		if !ok {
			i = len(p.groups)
			by[value] = i
			p.groups = append(p.groups, segment{value: value})
		}
		p.groups[i].add(p.snap, t, row)
	}
	for i := range p.groups {
		p.total += p.groups[i].arr
	}
	p.order(t)
	p.g.SetColumns(p.columns())
	p.g.SetRows(segmentRows{p})
	if key != "" {
		p.g.KeepCursorOn(key)
	}
	p.g.Footer = p.footer()
	p.g.Empty = p.sp.lang.T("The book has no customers to group.")
}

func (g *segment) add(s *table.Snapshot, t *table.Table, row int32) {
	g.rows = append(g.rows, row)
	if rate, ok := s.Settings.Rate(s.CurrencyOf(model.Customer, row)); ok {
		g.arr += float64(t.Units(row, "arr")) * rate
	} else {
		g.leftOut++
	}
	if score, ok := t.Num(row, "tier_score"); ok {
		g.score += score
		g.scored++
	}
	if late, _ := t.Num(row, "touch_overdue"); late > 0 {
		g.late++
	}
	items, _ := t.Num(row, "open_items")
	g.items += int(items)
	if t.Units(row, "overdue") > 0 {
		g.overdue++
	}
}

// order sorts by the chosen column, else picks in their natural order and others by revenue. Those
// without a value stand last.
func (p *segmentsPane) order(t *table.Table) {
	f, _ := t.Schema.Field(p.by)
	slices.SortStableFunc(p.groups, func(a, b segment) int {
		if (a.value == "") != (b.value == "") {
			return boolInt(a.value == "") - boolInt(b.value == "")
		}
		c := p.compare(f, a, b)
		if p.desc {
			c = -c
		}
		return c
	})
	p.g.Sort = nil
	if p.sort != "" {
		p.g.Sort = []kit.SortMark{{Column: p.sort, Desc: p.desc}}
	}
}

func (p *segmentsPane) compare(f *model.Field, a, b segment) int {
	switch p.sort {
	case "count", "share":
		return cmp.Compare(len(a.rows), len(b.rows))
	case "arr", "arrshare", "bar":
		return cmp.Compare(a.arr, b.arr)
	case "score":
		return cmp.Compare(a.mean(), b.mean())
	case "late":
		return cmp.Compare(a.late, b.late)
	case "items":
		return cmp.Compare(a.items, b.items)
	case "overdue":
		return cmp.Compare(a.overdue, b.overdue)
	case "value":
		return cmp.Compare(query.Fold(a.value), query.Fold(b.value))
	}
	if f.Type == model.TPick {
		return cmp.Compare(slices.Index(f.Options, a.value), slices.Index(f.Options, b.value))
	}
	return cmp.Compare(b.arr, a.arr)
}

func (g segment) mean() float64 {
	if g.scored == 0 {
		return 0
	}
	return g.score / float64(g.scored)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// footer says how many customers are counted and what the revenue leaves out.
func (p *segmentsPane) footer() string {
	n, left := 0, 0
	for _, g := range p.groups {
		n += len(g.rows)
		left += g.leftOut
	}
	l := p.sp.lang
	groups := l.N(len(p.groups), "%d group", "%d groups", len(p.groups))
	s := fmt.Sprintf("%s · %s · Σ ARR %s %s", groups, plural(l, n, model.Customer), arrWords(l, p.snap, p.total), p.snap.Settings.Text("company.currency"))
	if left > 0 {
		s += " · " + l.T("without %s whose currency has no rate", plural(l, left, model.Customer))
	}
	return s
}

func (p *segmentsPane) status() string {
	f, _ := model.SchemaOf(model.Customer).Field(p.by)
	s := p.sp.lang.T(p.sp.title) + " › " + p.sp.lang.T("by %s", p.sp.lang.T(f.Label))
	if p.text != "" {
		s += " › " + p.text
	}
	return s
}

func (p *segmentsPane) current() (model.Kind, int32, bool) { return model.Customer, -1, false }

func (p *segmentsPane) do(a *App, act Action) bool {
	switch act {
	case ActSort:
		key := p.g.ColumnKey()
		p.desc = p.sort != key || !p.desc
		p.sort = key
		p.refresh()
	case ActGroup:
		all := groupings()
		p.by = all[(slices.Index(all, p.by)+1)%len(all)]
		p.sort, p.desc = "", false
		p.refresh()
		p.g.Home()
	case ActOpen:
		if i := p.g.Row(); i >= 0 && i < len(p.groups) {
			a.showBehind(ActCustomers, p.behind(p.groups[i]))
		}
	case ActWhy:
		p.why(a)
	default:
		return p.doMore(a, act)
	}
	return true
}

// behind is the filter that shows a group's customers.
func (p *segmentsPane) behind(g segment) string {
	filter := p.by + ":none"
	if g.value != "" {
		filter = p.by + ":" + equals(p.by, g.value)
	}
	if p.text != "" {
		filter += " (" + p.text + ")"
	}
	return filter
}

// equals writes a value so that it must be the whole content of a field.
func equals(field, value string) string {
	f, _ := model.SchemaOf(model.Customer).Field(field)
	if f.Type == model.TText {
		return "=" + fmt.Sprintf("%q", value)
	}
	return quoted(value)
}

func (p *segmentsPane) why(a *App) {
	i := p.g.Row()
	if i < 0 || i >= len(p.groups) {
		return
	}
	g, cur := p.groups[i], p.snap.Settings.Text("company.currency")
	w := model.Why{
		Record: p.name(g), Label: "Segment", Value: plural(p.sp.lang, len(g.rows), model.Customer),
		Formula: "customers grouped by " + p.by + "; amounts of other currencies are counted in " + cur + " at the rates of the settings",
		Lines: []model.WhyLine{
			{Label: "ARR", Value: arrWords(p.sp.lang, p.snap, g.arr) + " " + cur, Note: "sum of the customers' ARR"},
			{Label: "Mean score", Value: oneDecimal(p.sp.lang, g.mean()), Note: fmt.Sprintf("of the %d that have a score", g.scored)},
			{Label: "Touch late", Value: number(p.sp.lang, float64(g.late)), Note: "customers past the cadence of their tier, or never touched"},
			{Label: "Open items", Value: number(p.sp.lang, float64(g.items)), Note: "an item linked to two customers counts at both"},
			{Label: "Overdue payers", Value: number(p.sp.lang, float64(g.overdue)), Note: "customers with an invoice past its due day"},
		},
		Notes: []string{"enter shows the customers: " + p.behind(g)},
	}
	w.Lines = slices.Insert(w.Lines, 1, p.worth(g, cur)...)
	if g.leftOut > 0 {
		w.Notes = append(w.Notes, fmt.Sprintf("%d customers are left out of ARR: their currency has no rate (setting rate.XXX)", g.leftOut))
	}
	a.showWhy(w)
}

// worth tells what the ARR of a group is made of, where more than one currency is in it.
func (p *segmentsPane) worth(g segment, company string) []model.WhyLine {
	var lines []model.WhyLine
	sums := p.snap.Totals(model.Customer, g.rows, "arr")
	for _, sum := range sums {
		rate, ok := p.snap.Settings.Rate(sum.Currency)
		if len(sums) == 1 && sum.Currency == company || !ok {
			continue
		}
		line := model.WhyLine{Label: sum.Currency, Value: arrWords(p.sp.lang, p.snap, float64(sum.Units)) + " " + sum.Currency, Depth: 1}
		if sum.Currency != company {
			line.Note = fmt.Sprintf("1 %s is %s %s by the setting rate.%s", sum.Currency, strconv.FormatFloat(rate, 'f', -1, 64), company, sum.Currency)
		}
		lines = append(lines, line)
	}
	return lines
}

func (p *segmentsPane) name(g segment) string {
	switch {
	case g.value != "":
		return pickWord(p.sp.lang, p.by, g.value)
	case p.by == "tier":
		return p.sp.lang.T("not enough data")
	}
	return p.sp.lang.T("none")
}

func (p *segmentsPane) figures(*App) []figure {
	var out []figure
	for _, g := range p.groups {
		out = append(out, figure{p.name(g), plural(p.sp.lang, len(g.rows), model.Customer), p.behind(g)})
	}
	return out
}

func (p *segmentsPane) draw(a *App, c *kit.Canvas, r kit.Rect) {
	p.theme = a.theme
	groups, charts := p.roomForCharts(r)
	p.g.Draw(c, groups, a.theme, a.page == nil)
	if !charts.Empty() {
		p.drawPanel(a, c, charts)
	}
}

// segmentRows shows the groups to the grid.
type segmentRows struct{ p *segmentsPane }

func (r segmentRows) Len() int           { return len(r.p.groups) }
func (r segmentRows) Key(row int) string { return r.p.groups[row].value }

func (r segmentRows) Cell(row int, col string) kit.Cell {
	g := r.p.groups[row]
	switch col {
	case "value":
		return kit.Cell{Text: r.p.name(g), Token: tokenOf(r.p.by, g.value)}
	case "count":
		return kit.Cell{Text: r.p.sp.lang.Int(int64(len(g.rows)))}
	case "share":
		return kit.Cell{Text: percent(r.p.sp.lang, float64(len(g.rows)), float64(r.customers()))}
	case "arr":
		return kit.Cell{Text: arrWords(r.p.sp.lang, r.p.snap, g.arr)}
	case "arrshare":
		return kit.Cell{Text: percent(r.p.sp.lang, g.arr, r.p.total)}
	case "bar":
		return kit.Cell{Text: kit.Bar(g.arr, r.p.total, barWidth, r.p.theme), Token: kit.Accent}
	case "score":
		if g.scored == 0 {
			return kit.Cell{Text: "–", Token: kit.Muted}
		}
		return kit.Cell{Text: oneDecimal(r.p.sp.lang, g.mean())}
	case "late":
		return counted(r.p.sp.lang, g.late, kit.Warn)
	case "items":
		return counted(r.p.sp.lang, g.items, kit.Text)
	case "overdue":
		return counted(r.p.sp.lang, g.overdue, kit.Bad)
	}
	return kit.Cell{}
}

func (r segmentRows) customers() int {
	n := 0
	for _, g := range r.p.groups {
		n += len(g.rows)
	}
	return n
}

func counted(l *lang.Lang, n int, t kit.Token) kit.Cell {
	if n == 0 {
		return kit.Cell{Text: "0", Token: kit.Muted}
	}
	return kit.Cell{Text: l.Int(int64(n)), Token: t}
}

func percent(l *lang.Lang, part, whole float64) string {
	if whole == 0 {
		return "–"
	}
	return l.T("%s %%", l.Decimal(100*part/whole, 1))
}
