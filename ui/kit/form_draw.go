package kit

import (
	"strings"
)

// longRows is the height of a field of several lines, listRows of an open list.
const (
	longRows = 4
	listRows = 8
)

// formGeo is how a form is laid out in a width: labels beside the values, or above them when narrow.
type formGeo struct {
	label, value, side int // widths; side is the room for errors at the right, 0 for none
	above              bool
}

func (f *Form) geometry(w int) formGeo {
	longest := 0
	for i := range f.items {
		longest = max(longest, Width(Clean(f.items[i].Label))+3)
	}
	var g formGeo
	if g.above = w < 40; g.above {
		g.value = max(0, w-2)
		return g
	}
	g.label = min(longest, w/3)
	g.value = w - g.label - 1
	if g.value >= 60 {
		g.side = g.value - 40 - 1
		g.value = 40
	}
	return g
}

// rows returns how many lines a field takes.
func (g formGeo) rows(it *formItem) int {
	if it.away {
		return 0
	}
	n := 1
	switch it.Kind {
	case KindLong:
		n = longRows
	case KindTable:
		n = it.table.height()
	}
	if g.above {
		n++
	}
	if it.err != "" && g.side == 0 {
		n++
	}
	return n
}

// Height returns how many rows the form needs at width w to show everything.
func (f *Form) Height(w int) int {
	g, n := f.geometry(w), 2
	for i := range f.items {
		n += g.rows(&f.items[i])
	}
	return n
}

// Draw draws the form: the fields, scrolled so that the current one shows, the help of the current
// field and the keys at the bottom.
func (f *Form) Draw(c *Canvas, r Rect, th *Theme) *Cursor {
	defer c.Clip(r)()
	c.Fill(r, Style{})
	g := f.geometry(r.W)
	body := r
	if r.H >= 4 {
		var foot Rect
		foot, body = r.Bottom(2)
		f.drawFoot(c, foot, th)
	} else if f.state == FormConfirming {
		c.Put(r.Row(0), th.Style(Warn), f.Words.Discard, AlignLeft)
		return nil
	}
	f.longWidth = g.value - 1
	f.scroll(g, body.H)
	var cur *Cursor
	lift := c.Clip(body)
	y := body.Y - f.top
	listAt := Rect{}
	for i := range f.items {
		it := &f.items[i]
		h := g.rows(it)
		if h > 0 && y+h > body.Y && y < body.Y+body.H {
			at, field := f.drawField(c, Rect{r.X, y, r.W, h}, g, it, i == f.at, th)
			if i == f.at {
				cur, listAt = at, field
			}
		}
		y += h
	}
	lift()
	if it := f.current(); it != nil && it.open {
		f.drawList(c, r, listAt, it, th)
	}
	if f.state == FormConfirming || cur != nil && !r.Contains(cur.X, cur.Y) {
		return nil
	}
	return cur
}

// scroll moves the view so that the current field, with its error, is in it.
func (f *Form) scroll(g formGeo, h int) {
	y := 0
	for i := range f.items {
		n := g.rows(&f.items[i])
		if i == f.at {
			f.top = max(min(f.top, y), y+min(n, h)-h, 0)
			if it := &f.items[i]; it.Kind == KindTable && n > h { // The row with the cursor shows, and the heading where it can.
				f.top = max(y, y+it.table.row+2-h)
			}
		}
		y += n
	}
	f.top = max(0, min(f.top, y-h))
}

func (f *Form) drawFoot(c *Canvas, r Rect, th *Theme) {
	if f.state == FormConfirming {
		c.Put(r.Row(1), th.Style(Warn), th.Sym.Warn+" "+f.Words.Discard, AlignLeft)
		return
	}
	if it := f.current(); it != nil && it.err != "" {
		c.Put(r.Row(0), th.Style(Error), th.Sym.Bad+" "+it.err, AlignLeft) // There is more room than at the field.
	} else if f.Notice != "" {
		c.Put(r.Row(0), th.Style(Warn), th.Sym.Warn+" "+f.Notice, AlignLeft)
	} else if it != nil {
		c.Put(r.Row(0), th.Style(Muted), it.Help, AlignLeft)
	}
	if f.state == FormFinding {
		at := r.Row(1)
		x := c.Write(at.X, at.Y, th.Style(Key), f.Words.Finding+" ")
		f.find.draw(c, Rect{x, at.Y, at.X + at.W - x, 1}, th.Style(Text))
		return
	}
	keys := f.Words.Keys
	if len(f.items) >= findFrom {
		keys += " · " + f.Words.Find
	}
	if it := f.current(); it != nil && it.Kind == KindLong && f.Editor {
		keys += " · " + f.Words.Editor
	} else if it != nil && it.Kind == KindTable {
		keys = f.Words.Table + " · " + keys
	}
	c.Put(r.Row(1), th.Style(Muted), keys, AlignLeft)
}

// drawField draws one field and returns the cursor and the area of the value.
func (f *Form) drawField(c *Canvas, r Rect, g formGeo, it *formItem, focused bool, th *Theme) (*Cursor, Rect) {
	tok := Muted
	if focused {
		tok = Accent
	}
	sign := " "
	if it.dirty() {
		sign = th.Sym.Dirty
	}
	label := Clean(it.Label)
	if it.Required {
		label += th.Sym.Required
	}
	c.Write(r.X, r.Y, th.Style(Marked), sign)
	value := Rect{r.X + g.label + 1, r.Y, g.value, 1}
	room := g.label - 1
	if g.above {
		value = Rect{r.X + 2, r.Y + 1, g.value, 1}
		room = r.W - 1
	}
	c.Write(r.X+1, r.Y, th.Style(tok), Truncate(label, room))
	switch it.Kind {
	case KindLong:
		value.H = longRows
	case KindTable:
		value.H = it.table.height()
	}
	if it.err != "" {
		at := Rect{value.X, value.Y + value.H, g.value, 1}
		if g.side > 0 {
			at = Rect{value.X + g.value + 1, value.Y, g.side, 1}
		}
		c.Put(at, th.Style(Error), th.Sym.Bad+" "+it.err, AlignLeft)
	}
	return f.drawValue(c, value, it, focused, th), value
}

func (f *Form) drawValue(c *Canvas, r Rect, it *formItem, focused bool, th *Theme) *Cursor {
	st := th.Style(InputText)
	if focused {
		st = th.Style(InputFocus)
	}
	switch {
	case it.Kind == KindReadonly:
		c.Put(r, th.Style(Muted), it.shown(f.Words), AlignLeft)
		return nil
	case it.Kind == KindLong:
		return it.edit.drawLines(c, r, st, focused)
	case it.Kind == KindTable:
		return f.drawTable(c, r, it, focused, th)
	case it.typed() && focused, it.open:
		return it.edit.draw(c, r, st)
	}
	text := it.shown(f.Words)
	switch {
	case it.listed():
		text = th.Sym.Open + " " + text
	case it.Kind == KindBool && it.value == "true":
		text = "[" + th.Sym.Check + "] " + text
	case it.Kind == KindBool:
		text = "[ ] " + text
	}
	c.Put(r, st, text, AlignLeft)
	if focused {
		return &Cursor{X: r.X, Y: r.Y}
	}
	return nil
}

// drawList draws the open list below its field, above it when there is more room.
func (f *Form) drawList(c *Canvas, r, field Rect, it *formItem, th *Theme) {
	n := min(max(len(it.opts), 1), listRows)
	below, above := r.Y+r.H-field.Y-1, field.Y-r.Y
	list := Rect{field.X, field.Y + 1, field.W, min(n, below)}
	if below < n && above > below {
		n = min(n, above)
		list = Rect{field.X, field.Y - n, field.W, n}
	}
	c.Fill(list, th.Style(InputText))
	for i := range list.H {
		c.Write(list.X, list.Y+i, th.Style(BorderFocus), th.Sym.V)
	}
	_, list = list.Left(1)
	if len(it.opts) == 0 {
		c.Put(list.Row(0), th.Style(InputText), " "+f.Words.NoOption, AlignLeft)
		return
	}
	values := it.values()
	first := max(0, min(it.pick-list.H/2, len(it.opts)-list.H))
	for i := range list.H {
		if first+i >= len(it.opts) {
			break
		}
		o := it.opts[first+i]
		st, text := th.Style(InputText), "  "
		if first+i == it.pick {
			st, text = th.Style(SelectionText), th.Sym.Cursor+" "
		}
		if it.many() {
			sign := " "
			for _, v := range values {
				if v == o.Value {
					sign = th.Sym.Check
				}
			}
			text += "[" + sign + "] "
		}
		label := o.Label
		if strings.TrimSpace(label) == "" {
			label = o.Value
		}
		c.Put(list.Row(i), st, text+label, AlignLeft)
	}
}
