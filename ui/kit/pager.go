package kit

import (
	"strconv"

	tea "charm.land/bubbletea/v2"
)

// Pager shows text to read: help, the reasons of a figure, a history. It has no result, but for keys that Answer gives one.
type Pager struct {
	Title string

	lines   []Spans
	wrapped []Spans
	width   int
	top     int
	page    int
	answers []pagerAnswer
}

// pagerAnswer is a key that ends the pager with an answer.
type pagerAnswer struct {
	key, label string
	result     any
}

// Answer lets a key end the pager with a result; key and label are shown on its border.
func (p *Pager) Answer(key, label string, result any) {
	p.answers = append(p.answers, pagerAnswer{key, label, result})
}

// NewPager returns a pager over lines; long lines are wrapped.
func NewPager(title string, lines []Spans) *Pager {
	return &Pager{Title: title, lines: lines, width: -1}
}

// SetLines replaces the text, keeping the place in it.
func (p *Pager) SetLines(lines []Spans) { p.lines, p.width = lines, -1 }

// Scroll moves the text by d lines, as a mouse wheel does.
func (p *Pager) Scroll(d int) {
	p.top = max(0, min(p.top+d, len(p.wrapped)-p.page))
}

// Key takes a key.
func (p *Pager) Key(msg tea.KeyPressMsg) Outcome {
	page := max(1, p.page-1)
	for _, a := range p.answers {
		if msg.Text == a.key {
			return Outcome{Done: true, Result: a.result}
		}
	}
	switch stroke(msg) {
	case "esc", "ctrl+c", "q", "enter":
		return Outcome{Done: true}
	case "down", "j":
		p.Scroll(1)
	case "up", "k":
		p.Scroll(-1)
	case "pgdown", "space", "ctrl+f", "f":
		p.Scroll(page)
	case "pgup", "ctrl+b", "b":
		p.Scroll(-page)
	case "ctrl+d", "d":
		p.Scroll(page / 2)
	case "ctrl+u", "u":
		p.Scroll(-page / 2)
	case "home", "g":
		p.Scroll(-len(p.wrapped))
	case "end", "shift+g", "G":
		p.Scroll(len(p.wrapped))
	}
	return Outcome{}
}

// Paste does nothing: there is nothing to write into.
func (p *Pager) Paste(string) {}

// Draw draws the pager over most of the area.
func (p *Pager) Draw(c *Canvas, area Rect, th *Theme) *Cursor {
	box := area.Center(min(max(area.W*4/5, 60), 110), max(area.H*4/5, 8))
	p.wrap(box.W - 4)
	box = area.Center(box.W, min(box.H, max(len(p.wrapped)+2, 5)))
	in := c.Box(box, th, p.Title, true)
	p.DrawIn(c, in.Inset(min(1, in.W/8), 0), th)
	p.drawAnswers(c, box, th)
	at := " " + strconv.Itoa(min(p.top+in.H, len(p.wrapped))) + "/" + strconv.Itoa(len(p.wrapped)) + " "
	if len(p.wrapped) > in.H && in.H < box.H && box.W > len(at)+4 {
		c.Write(box.X+box.W-len(at)-2, box.Y+box.H-1, th.Style(Muted), at)
	}
	return nil
}

// drawAnswers names the keys on the lower border, as many as there is room for beside the place in the text.
func (p *Pager) drawAnswers(c *Canvas, box Rect, th *Theme) {
	x, last := box.X+2, box.X+box.W-14
	for _, a := range p.answers {
		item := Spans{{Text: " " + a.key, Token: Key}, {Text: " " + Clean(a.label) + " ", Token: Muted}}
		if x+item.Width() > last {
			return
		}
		x = c.PutSpans(Rect{X: x, Y: box.Y + box.H - 1, W: item.Width(), H: 1}, th, item)
	}
}

// DrawIn draws the text alone into an area, for a pane.
func (p *Pager) DrawIn(c *Canvas, r Rect, th *Theme) {
	defer c.Clip(r)()
	p.wrap(r.W)
	p.page = r.H
	p.Scroll(0)
	for i := range r.H {
		if p.top+i < len(p.wrapped) {
			c.PutSpans(r.Row(i), th, p.wrapped[p.top+i])
		}
	}
}

// wrap breaks the lines for a width; they are kept until the width or the text changes.
func (p *Pager) wrap(w int) {
	if w = max(1, w); p.width == w {
		return
	}
	p.width, p.wrapped = w, p.wrapped[:0]
	for _, line := range p.lines {
		p.wrapped = append(p.wrapped, line.Wrap(w, 2)...)
	}
}
