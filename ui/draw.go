package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// The tokens of what a step ended with.
const (
	tokenDone = kit.Good
	tokenWarn = kit.Warn
)

// The smallest screen that can be worked on.
const (
	minWidth  = 40
	minHeight = 8
)

// maxMessage is how many lines a message may take.
const maxMessage = 4

// View implements tea.Model.
func (a *App) View() tea.View {
	a.canvas.Reset(a.width, a.height)
	cur := a.draw(a.canvas)
	v := tea.View{AltScreen: true, Content: " "} // an empty one the runtime would send again with every tick
	if a.painter != nil {
		a.painter.Show(a.canvas, cur)
	} else {
		v.Content = a.canvas.String()
	}
	if !a.o.Config.NoMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.WindowTitle = "opsdeck " + kit.Clean(a.o.Title)
	if cur != nil && a.painter == nil {
		v.Cursor = tea.NewCursor(cur.X, cur.Y)
	}
	return v
}

// layout is the screen cut into named areas.
type layout struct{ tabs, crumbs, body, foot kit.Rect }

func (a *App) layout(r kit.Rect) layout {
	var l layout
	l.tabs, r = r.Top(1)
	l.crumbs, r = r.Top(1)
	l.foot, l.body = r.Bottom(1)
	return l
}

func (a *App) draw(c *kit.Canvas) *kit.Cursor {
	r := c.Bounds()
	if r.W < minWidth || r.H < minHeight {
		c.Put(r, a.theme.Style(kit.Warn), a.lang.T("opsdeck needs %d×%d", minWidth, minHeight), kit.AlignLeft)
		return nil
	}
	l := a.layout(r)
	a.drawTabs(c, l.tabs)
	a.drawCrumbs(c, l.crumbs)
	a.drawBody(c, l.body)
	var cur *kit.Cursor
	if a.input != nil {
		cur = a.drawInput(c, r)
	} else {
		a.drawFoot(c, l.foot)
	}
	if top := a.stack.Draw(c, r, a.theme); top != nil || a.stack.Len() > 0 {
		cur = top
	}
	return cur
}

// drawTabs shows the panes and who works in which book on which day.
func (a *App) drawTabs(c *kit.Canvas, r kit.Rect) {
	c.Fill(r, a.theme.Style(kit.Status))
	line := kit.Spans{{Text: " ", Token: kit.Status}}
	for i, p := range a.panes {
		t := kit.Status
		if i == a.at {
			t = kit.SelectionText
		}
		line = append(line, kit.Span{Text: a.tabTitle(i, p), Token: t}, kit.Span{Text: " ", Token: kit.Status})
	}
	end := c.PutSpans(r, a.theme, line)
	// Where not all of it fits, the name of the book goes first, and what changes the meaning of keys last.
	var right []string
	if a.readOnly {
		right = append(right, a.lang.T("READ-ONLY"))
	}
	if a.snap != nil {
		right = append(right, a.lang.Date(a.snap.Today.String()))
	}
	if a.inbox.fresh > 0 {
		right = append(right, a.lang.N(a.inbox.fresh, "%s news (@)", "%s news (@)", a.lang.Int(int64(a.inbox.fresh))))
	}
	right = append(right, kit.Truncate(kit.Clean(a.o.Actor), 24), kit.Truncate(kit.Clean(a.o.Title), 24))
	for x := r.W - 1; len(right) > 0; right = right[1:] {
		if x -= kit.Width(right[0]); x <= end {
			return
		}
		c.Write(x, r.Y, a.theme.Style(kit.Status), right[0])
		x -= 2
	}
}

// drawCrumbs shows where one is: pane, filter, record.
func (a *App) drawCrumbs(c *kit.Canvas, r kit.Rect) {
	text := a.pane().status()
	if a.page != nil {
		if row, ok := a.snap.Table(model.Customer).Row(a.page.id); ok {
			text += " › " + a.snap.Title(model.Customer, row)
		}
		if who := a.editors(a.page.id); who != "" {
			text += " · " + who
		}
	}
	end := c.Write(r.X+1, r.Y, a.theme.Style(kit.Title), kit.Truncate(kit.Clean(text), r.W-2))
	pos := a.pane().grid().Position()
	if p, ok := a.list(); ok {
		pos = p.position()
	}
	if a.input != nil && !a.input.command {
		// What is typed covers the list's own last line, where its size stands.
		pos, _, _ = strings.Cut(a.pane().grid().Footer, " · ")
	}
	if a.page == nil && pos != "" && end+kit.Width(pos)+2 < r.W {
		c.Write(r.W-kit.Width(pos)-1, r.Y, a.theme.Style(kit.Muted), pos)
	}
}

func (a *App) drawBody(c *kit.Canvas, r kit.Rect) {
	switch {
	case a.snap == nil:
		text := a.lang.T("Opening the book …")
		if a.message.text != "" {
			text = a.message.text
		}
		c.Put(r.Row(min(2, r.H-1)), a.theme.Style(kit.Muted), "  "+text, kit.AlignLeft)
	case a.page != nil:
		a.page.draw(a, c, r)
	default:
		a.pane().draw(a, c, r)
	}
}

// drawInput shows the line that is typed into, at the bottom, with what it offers above it.
func (a *App) drawInput(c *kit.Canvas, r kit.Rect) *kit.Cursor {
	h := a.input.line.Height(r.W, max(2, r.H/2))
	at, _ := r.Bottom(h)
	c.Fill(at, kit.Style{})
	return a.input.line.Draw(c, at, a.theme)
}

// drawFoot shows the last message, or the keys that are used most here.
func (a *App) drawFoot(c *kit.Canvas, r kit.Rect) {
	if a.message.text != "" {
		// A reason that is cut is none: a long message grows upwards over the list.
		lines := kit.Wrap(a.message.text, max(1, r.W-2))
		n := min(len(lines), maxMessage)
		if n < len(lines) {
			lines[n-1] += "…"
		}
		for i, line := range lines[:n] {
			at := kit.Rect{X: 0, Y: r.Y - n + 1 + i, W: r.W, H: 1}
			c.Fill(at, kit.Style{})
			c.Put(kit.Rect{X: 1, Y: at.Y, W: at.W - 2, H: 1}, a.theme.Style(a.message.token), line, kit.AlignLeft)
		}
		return
	}
	x := 1
	for _, b := range a.footer() {
		t := kit.Text
		if a.off(b) != "" {
			t = kit.Muted
		}
		item := kit.Spans{{Text: b.Keys[0], Token: kit.Key}, {Text: " " + a.lang.T(b.Label), Token: t}}
		if x+item.Width() >= r.W {
			return
		}
		x = c.PutSpans(kit.Rect{X: x, Y: r.Y, W: r.W - x, H: 1}, a.theme, item) + 2
	}
}

// footer lists the keys for the last line: help first, because it leads to all the others where the
// line is too short for them.
func (a *App) footer() []Binding {
	var out []Binding
	for _, b := range a.keys.in(a.scope()) {
		switch {
		case b.Action == ActHelp:
			out = slices.Insert(out, 0, b)
		case b.Footer:
			out = append(out, b)
		}
	}
	return out
}

// click moves the cursor to what was clicked; a header sorts, a tab goes to its pane.
func (a *App) click(x, y int) {
	if a.stack.Len() > 0 || a.input != nil || a.snap == nil {
		return
	}
	if y == 0 {
		at := 1
		for i, p := range a.panes {
			w := kit.Width(a.tabTitle(i, p)) + 1
			if x >= at && x < at+w {
				a.show(i)
				return
			}
			at += w
		}
		return
	}
	if a.page != nil {
		return
	}
	g := a.pane().grid()
	hit := g.HitTest(x, y)
	switch hit.Part {
	case kit.PartHeader:
		g.MoveToColumn(hit.Column)
		a.do(ActSort)
	case kit.PartRow:
		again := g.Row() == hit.Row
		g.MoveTo(hit.Row)
		g.MoveToColumn(hit.Column)
		if again {
			a.do(ActOpen)
		}
	}
}

func (a *App) wheel(msg tea.MouseWheelMsg) {
	if a.stack.Len() > 0 || a.snap == nil {
		return
	}
	d := 3
	if msg.Button == tea.MouseWheelUp {
		d = -3
	}
	if a.page != nil {
		a.page.moveTo(a.page.at + d)
		return
	}
	a.pane().grid().Scroll(d)
}

// tabTitle is a pane's tab: its key and its name. Today is the last of the panes and has the key 0.
func (a *App) tabTitle(i int, p pane) string {
	if p.spec().action == ActToday {
		return " 0 " + a.lang.T(p.spec().title) + " "
	}
	return fmt.Sprintf(" %d %s ", i+1, a.lang.T(p.spec().title))
}
