package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/report"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// customerPage is the view of one customer: the portrait at the left, everything that belongs to it
// in sections at the right, one cursor through all of it.
type customerPage struct {
	id       model.ID
	portrait []pageLine
	sections []section
	brief    string // the page for a visit, in Markdown
	events   report.Events
	text     string      // the filter of the timeline as it was typed
	expr     *query.Expr // nil without one
	at       int         // line under the cursor, counted through portrait and sections
	top      [2]int
}

// section is a part of the view with a heading.
type section struct {
	title string
	lines []pageLine
}

// pageLine is a line of the view. What it is about can be opened or explained.
type pageLine struct {
	spans kit.Spans
	kind  model.Kind
	id    model.ID
	field string            // of a portrait line: the field that it shows
	step  model.ID          // of a change in the timeline: the step
	since []*table.Snapshot // of a line of the course of a figure: the days that it compares
}

// customerRead brings what the view shows beyond the picture of the book.
type customerRead struct {
	id      model.ID
	record  *model.Record
	history []model.Entry
	err     error
}

// readCustomer reads the long texts and the history of a customer.
func (a *App) readCustomer(id model.ID) tea.Cmd {
	b := a.backend
	return func() tea.Msg {
		r, err := b.Get(model.Customer, id)
		if err != nil {
			return customerRead{id: id, err: err}
		}
		h, err := b.History(id)
		return customerRead{id, r, h, err}
	}
}

func (a *App) customerRead(msg customerRead) {
	if msg.err != nil {
		a.page = nil
		a.fail(msg.err)
		return
	}
	old := a.page
	a.remember(model.Customer, msg.id)
	a.page = a.buildPage(msg)
	a.after = tea.Batch(a.after, a.readTrail(msg.id))
	if old != nil && old.id == msg.id {
		a.page.keepFilter(a, old)
		a.page.at, a.page.top = min(old.at, a.page.count()-1), old.top
	}
}

func (p *customerPage) count() int {
	n := len(p.portrait)
	for _, s := range p.sections {
		n += len(s.lines)
	}
	return n
}

// line returns the line under the cursor.
func (p *customerPage) line() pageLine {
	i := p.at
	if i < len(p.portrait) {
		return p.portrait[i]
	}
	i -= len(p.portrait)
	for _, s := range p.sections {
		if i < len(s.lines) {
			return s.lines[i]
		}
		i -= len(s.lines)
	}
	return pageLine{}
}

// starts lists the first line of the portrait and of every section that has lines.
func (p *customerPage) starts() []int {
	out := []int{0}
	n := len(p.portrait)
	for _, s := range p.sections {
		if len(s.lines) > 0 {
			out = append(out, n)
		}
		n += len(s.lines)
	}
	return out
}

func (p *customerPage) moveTo(i int) { p.at = max(0, min(i, p.count()-1)) }

// jump goes to the next or previous section.
func (p *customerPage) jump(d int) {
	starts := p.starts()
	at := 0
	for i, s := range starts {
		if s <= p.at {
			at = i
		}
	}
	p.moveTo(starts[(at+d+len(starts))%len(starts)])
}

func (p *customerPage) do(a *App, act Action) bool {
	switch act {
	case ActBack:
		if p.text != "" {
			a.clearFilter()
			return true
		}
		a.page = nil
		a.pane().show(a.snap, a.env())
	case ActFilter:
		a.openFilter()
	case ActBrief:
		a.stack.Push(kit.NewPager(a.lang.T("Brief"), kit.Markdown(p.brief)))
	case ActCopy:
		a.after = tea.SetClipboard(p.brief)
		a.say(kit.Info, "The brief is copied as Markdown.")
	case ActNextRecord:
		a.neighbour(1)
	case ActPrevRecord:
		a.neighbour(-1)
	case ActOpen:
		if l := p.line(); !l.step.IsZero() {
			a.openBatch(l.step.String())
		} else if l.kind != model.KNone && !l.id.IsZero() {
			a.after = a.readRecord(l.kind, l.id, purposeEdit)
			if a.readOnly {
				a.after = a.readRecord(l.kind, l.id, purposeShow)
			}
		}
	case ActRemove:
		if l := p.line(); l.kind != model.KNone && !l.id.IsZero() {
			a.after = a.readRecord(l.kind, l.id, purposeRemove)
		}
	case ActWhy:
		p.why(a)
	case ActSteps:
		p.invoicesUnder(a)
	case ActAdd:
		items := sayItems(a.lang, []kit.Item{
			{ID: "add\x00contact", Title: "Contact", Key: "c"},
			{ID: "add\x00contract", Title: "Contract", Key: "o"},
			{ID: "add\x00item", Title: "Item for the queue", Key: "i"},
			{ID: "add\x00touch", Title: "Touch", Key: "t"},
			{ID: "add\x00task", Title: "Task", Key: "k"},
			{ID: "add\x00order", Title: "Order", Key: "r"},
			{ID: "add\x00invoice", Title: "Invoice", Key: "n"},
			{ID: "add\x00benefit", Title: "Benefit", Key: "b"},
		})
		for i, k := range addable() {
			if err := a.mayAdd(k); err != nil && a.member.Role.Name != "" {
				items[i].Disabled = a.lang.Say(err.Error())
			}
		}
		a.stack.Push(kit.NewMenu(a.lang.T("Add to this customer"), items))
	default:
		return p.move(a, act)
	}
	return true
}

// move moves the cursor, and tells whether the action was a movement.
func (p *customerPage) move(a *App, act Action) bool {
	switch act {
	case ActDown:
		p.moveTo(p.at + 1)
	case ActUp:
		p.moveTo(p.at - 1)
	case ActPageDown:
		p.moveTo(p.at + max(1, a.height-8))
	case ActPageUp:
		p.moveTo(p.at - max(1, a.height-8))
	case ActTop:
		p.moveTo(0)
	case ActBottom:
		p.moveTo(p.count() - 1)
	case ActNextTab:
		p.jump(1)
	case ActPrevTab:
		p.jump(-1)
	default:
		return false
	}
	return true
}

// neighbour opens the next customer of the list that the view was opened from.
func (a *App) neighbour(d int) {
	a.stepList(d, func(model.Kind, int32) bool {
		c, ok := a.listedCustomer()
		if !ok || c == a.page.id {
			return false
		}
		a.after = a.readCustomer(c)
		return true
	})
}

// listedCustomer is the customer of the record under the list's cursor.
func (a *App) listedCustomer() (model.ID, bool) {
	k, row, ok := a.pane().current()
	if !ok {
		return model.ID{}, false
	}
	customers := a.snap.Table(model.Customer)
	if k != model.Customer {
		if row = a.snap.Table(k).To(row, "customer"); row < 0 {
			return model.ID{}, false
		}
	}
	return customers.ID(row), true
}

// why explains the line under the cursor: a field of the portrait, or what matters most of a record.
func (p *customerPage) why(a *App) {
	l := p.line()
	if len(l.since) > 0 {
		l.whySince(a)
		return
	}
	field := l.field
	if field == "" {
		field = telling(l.kind)
	}
	if l.kind == model.KNone || l.id.IsZero() {
		a.say(kit.Muted, "There is nothing to explain on this line.")
		return
	}
	a.after = a.readWhy(l.kind, l.id, field)
}

// draw shows portrait and sections side by side, or one under the other where it is narrow.
func (p *customerPage) draw(a *App, c *kit.Canvas, r kit.Rect) {
	if r.W >= 100 {
		left, right := r.Left(max(44, r.W*2/5))
		p.drawColumn(a, c, left, 0, p.portraitRows())
		p.drawColumn(a, c, right.Inset(1, 0), 1, p.sectionRows(len(p.portrait)))
		return
	}
	p.drawColumn(a, c, r, 0, append(p.portraitRows(), p.sectionRows(len(p.portrait))...))
}

// tag is what stands beside a line: who has just changed it, or has its record open.
func (p *customerPage) tag(a *App, row pageRow) string {
	l := row.source
	switch {
	case row.heading != "" || l.id.IsZero():
		return ""
	case l.field == "" && l.id != p.id:
		return a.tag(l.id)
	case l.field != "" && slices.Contains(a.others.marks[p.id].fields, l.field):
		return kit.Truncate(kit.Clean(a.others.marks[p.id].who), tagWidth)
	}
	return ""
}

// pageRow is a row on the screen: a heading, or a line that the cursor can stand on.
type pageRow struct {
	heading string
	line    kit.Spans
	source  pageLine
	index   int
}

func (p *customerPage) portraitRows() []pageRow {
	rows := make([]pageRow, 0, len(p.portrait))
	for i, l := range p.portrait {
		rows = append(rows, pageRow{line: l.spans, source: l, index: i})
	}
	return rows
}

func (p *customerPage) sectionRows(from int) []pageRow {
	var rows []pageRow
	for _, s := range p.sections {
		rows = append(rows, pageRow{heading: s.title, index: -1})
		for _, l := range s.lines {
			rows = append(rows, pageRow{line: l.spans, source: l, index: from})
			from++
		}
	}
	return rows
}

// drawColumn draws rows into a column, scrolled so that the cursor is seen.
func (p *customerPage) drawColumn(a *App, c *kit.Canvas, r kit.Rect, col int, rows []pageRow) {
	if r.Empty() {
		return
	}
	for i, row := range rows {
		if row.index == p.at && row.heading == "" {
			top := &p.top[col]
			// The heading above a section's first line is kept in sight.
			lead := i
			if i > 0 && rows[i-1].heading != "" {
				lead = i - 1
			}
			*top = max(min(*top, lead), i-r.H+1)
		}
	}
	p.top[col] = max(0, min(p.top[col], len(rows)-r.H))
	for y := range r.H {
		i := p.top[col] + y
		if i >= len(rows) {
			return
		}
		at := r.Row(y)
		row := rows[i]
		switch {
		case row.heading != "":
			c.Put(at, a.theme.Style(kit.Header), row.heading, kit.AlignLeft)
		case row.index == p.at:
			c.Fill(at, a.theme.Selected(kit.Text, true))
			c.Write(at.X, at.Y, a.theme.Selected(kit.Accent, true), a.theme.Sym.Cursor)
			c.Put(kit.Rect{X: at.X + 2, Y: at.Y, W: at.W - 2, H: 1}, a.theme.Selected(kit.Text, true), row.line.String(), kit.AlignLeft)
		default:
			c.PutSpans(kit.Rect{X: at.X + 2, Y: at.Y, W: at.W - 2, H: 1}, a.theme, row.line)
		}
		if tag := p.tag(a, row); tag != "" {
			tag = kit.Truncate(" "+a.theme.Sym.Mark+" "+tag+" ", at.W-2)
			c.Write(at.X+at.W-kit.Width(tag), at.Y, a.theme.Style(kit.SelectionText), tag)
		}
	}
}
