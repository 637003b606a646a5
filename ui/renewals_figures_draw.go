package ui

import (
	"math"
	"strings"

	"opsdeck/ui/kit"
)

// The columns of a figure's line.
const (
	figureLabel = 22
	figureCount = 7
	figureValue = 17
	figureRate  = 10
	figureWidth = 2 + figureLabel + figureCount + figureValue + figureRate
)

// drawFigures draws the two families side by side where there is room, else one below the other.
func (p *renewalsPane) drawFigures(a *App, c *kit.Canvas, r kit.Rect) {
	c.Fill(r, a.theme.Style(kit.Text))
	v := &p.figs
	if !v.ready {
		c.Put(r.Row(1), a.theme.Style(kit.Muted), "  "+a.lang.T("The figures are being computed …"), kit.AlignLeft)
		return
	}
	if r.W < 2*figureWidth+4 {
		p.drawFigureColumn(a, c, r, func(figureLine) bool { return true })
		return
	}
	left, right := r.Left(r.W / 2)
	p.drawFigureColumn(a, c, left, func(l figureLine) bool { return !l.right })
	p.drawFigureColumn(a, c, right, func(l figureLine) bool { return l.right })
}

// drawFigureColumn draws the lines that are let through, so that the one under the cursor is seen.
func (p *renewalsPane) drawFigureColumn(a *App, c *kit.Canvas, r kit.Rect, let func(figureLine) bool) {
	v := &p.figs
	var shown []int
	under := 0
	for i, l := range v.lines {
		if let(l) {
			if i <= v.at {
				under = len(shown)
			}
			shown = append(shown, i)
		}
	}
	top := max(0, min(under-r.H+2, len(shown)-r.H))
	for y := range r.H {
		if top+y < len(shown) {
			i := shown[top+y]
			p.drawFigureLine(a, c, r.Row(y), v.lines[i], i == v.at)
		}
	}
}

func (p *renewalsPane) drawFigureLine(a *App, c *kit.Canvas, r kit.Rect, l figureLine, selected bool) {
	if l.heading {
		c.PutSpans(r, a.theme, kit.Spans{{Text: " " + l.label + "  ", Token: kit.Header}, {Text: l.value, Token: kit.Muted}})
		return
	}
	if !l.chosen() {
		c.Put(r, a.theme.Style(kit.Muted), "  "+l.label, kit.AlignLeft)
		return
	}
	sign, token := "  ", l.token
	if selected {
		sign, token = a.theme.Sym.Cursor+" ", kit.Title
	}
	line := kit.Spans{
		{Text: sign + kit.PadRight(kit.Truncate(l.label, figureLabel-1), figureLabel), Token: token},
		{Text: kit.PadLeft(l.count, figureCount), Token: kit.Muted},
		{Text: kit.PadLeft(kit.Truncate(l.value, figureValue), figureValue), Token: token},
		{Text: kit.PadLeft(l.rate, figureRate), Token: kit.Info},
	}
	if room := r.W - figureWidth - 3; room >= 4 && l.bar.to > l.bar.from {
		from, to := int(math.Round(l.bar.from*float64(room))), int(math.Round(l.bar.to*float64(room)))
		from = min(from, room-1)
		to = max(to, from+1)
		barToken := l.token
		if barToken == kit.Text {
			barToken = kit.Accent
		}
		line = append(line, kit.Span{Text: "  " + strings.Repeat(" ", from)}, kit.Span{Text: strings.Repeat(a.theme.Sym.BarFull, min(to, room)-from), Token: barToken})
	}
	c.PutSpans(r, a.theme, line)
}
