package ui

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/ui/kit"
)

// bubbleDays are the days before and after today that the bubbles stand in.
const (
	bubbleBack  = 60
	bubbleAhead = 180
)

// drawBubbles draws each renewal at its day of decision, at the height of its customer's health, as
// large as its amount. Left of the line of today is what is late.
func (p *renewalsPane) drawBubbles(a *App, c *kit.Canvas, r kit.Rect) {
	c.Fill(r, a.theme.Style(kit.Text))
	if r.H < 8 || r.W < 40 {
		c.Put(r.Row(0), a.theme.Style(kit.Muted), a.lang.T("There is too little room for bubbles."), kit.AlignLeft)
		return
	}
	plot := kit.Rect{X: r.X + 9, Y: r.Y, W: r.W - 10, H: r.H - 3}
	today := p.snap.Today
	x := func(d day.Day) int {
		d = max(today-bubbleBack, min(d, today+bubbleAhead))
		return plot.X + int(d-today+bubbleBack)*(plot.W-1)/(bubbleBack+bubbleAhead)
	}
	for y := range plot.H {
		c.Write(x(today), plot.Y+y, a.theme.Style(kit.Border), a.theme.Sym.V)
	}
	for _, h := range []int{100, 75, 50, 25, 0} {
		c.Put(kit.Rect{X: r.X, Y: bubbleY(plot, float64(h), true), W: 8, H: 1}, a.theme.Style(kit.Muted), fmt.Sprint(h), kit.AlignRight)
	}
	c.Put(kit.Rect{X: r.X, Y: plot.Y + plot.H, W: 8, H: 1}, a.theme.Style(kit.Muted), a.lang.T("unknown"), kit.AlignRight)
	axis := plot.Y + plot.H + 1
	for _, d := range []int{-60, 0, 30, 60, 90, 120, 150} {
		text := fmt.Sprintf("%+dd", d)
		if d == 0 {
			text = a.lang.T("today")
		}
		c.Write(x(today+day.Day(d)), axis, a.theme.Style(kit.Muted), text)
	}
	p.plotBubbles(a, c, plot, x)
	if _, row, ok := p.listPane.current(); ok {
		c.PutSpans(kit.Rect{X: r.X, Y: r.Y + r.H - 1, W: r.W, H: 1}, a.theme, p.bubbleWords(a, row))
	}
}

// bubbleY is the height of a health; without one the line below.
func bubbleY(plot kit.Rect, health float64, known bool) int {
	if !known {
		return plot.Y + plot.H
	}
	return plot.Y + int(math.Round((100-health)/100*float64(plot.H-1)))
}

// bubbleHealth is the health of a contract's customer; the owner's judgement where none is computed.
func (p *renewalsPane) bubbleHealth(row int32) (float64, bool) {
	customers := p.snap.Table(model.Customer)
	c := p.snap.Table(model.Contract).To(row, "customer")
	if h, ok := customers.Num(c, "health_score"); ok {
		return h, true
	}
	return customers.Num(c, "sentiment")
}

// bubble is a renewal in the plot.
type bubble struct {
	row   int32
	on    day.Day
	units float64 // its target in the company's currency, in ten-thousandths
}

// layBubbles finds the renewals of the plot, the smallest first.
func (p *renewalsPane) layBubbles() {
	t := p.snap.Table(model.Contract)
	p.bubbles = p.bubbles[:0]
	for _, row := range p.rows {
		on := t.Day(row, "decision_date")
		if on.IsSet() && on <= p.snap.Today+bubbleAhead && on >= p.snap.Today-bubbleBack {
			p.bubbles = append(p.bubbles, p.bubbleOf(row))
		}
	}
	slices.SortStableFunc(p.bubbles, func(a, b bubble) int { return cmp.Compare(a.units, b.units) })
}

func (p *renewalsPane) bubbleOf(row int32) bubble {
	t := p.snap.Table(model.Contract)
	rate, _ := p.snap.Settings.Rate(p.snap.CurrencyOf(model.Contract, row))
	return bubble{row, t.Day(row, "decision_date"), float64(t.Units(row, "target")) * rate}
}

// plotBubbles draws the largest first and nothing where one stands already, so that no large one hides behind a
// small one, and a frame costs what can be seen.
func (p *renewalsPane) plotBubbles(a *App, c *kit.Canvas, plot kit.Rect, x func(day.Day) int) {
	most := 1.0
	if n := len(p.bubbles); n > 0 {
		most = max(most, p.bubbles[n-1].units)
	}
	taken := make([]bool, plot.W*(plot.H+1))
	draw := func(b bubble, token kit.Token) {
		size := []string{".", "o", "O", "@"}[max(0, min(3, int(math.Sqrt(b.units/most)*4)))]
		h, known := p.bubbleHealth(b.row)
		c.Write(x(b.on), bubbleY(plot, h, known), a.theme.Style(token), size)
	}
	for _, b := range slices.Backward(p.bubbles) {
		h, known := p.bubbleHealth(b.row)
		at := x(b.on) - plot.X + (bubbleY(plot, h, known)-plot.Y)*plot.W
		if at < 0 || at >= len(taken) || taken[at] {
			continue
		}
		taken[at] = true
		draw(b, p.bubbleToken(b.row))
	}
	if _, under, ok := p.listPane.current(); ok {
		if b := p.bubbleOf(under); b.on.IsSet() {
			draw(b, kit.SelectionText)
		}
	}
}

func (p *renewalsPane) bubbleToken(row int32) kit.Token {
	h, known := p.bubbleHealth(row)
	switch {
	case p.snap.Table(model.Contract).Bool(row, "at_risk") || known && h < 50:
		return kit.Bad
	case !known:
		return kit.Muted
	case h < 75:
		return kit.Warn
	}
	return kit.Good
}

// bubbleWords says of the bubble under the cursor what cannot be drawn.
func (p *renewalsPane) bubbleWords(a *App, row int32) kit.Spans {
	t := p.snap.Table(model.Contract)
	health := a.lang.T("unknown")
	if h, ok := p.bubbleHealth(row); ok {
		health = number(a.lang, h)
	}
	return kit.Spans{
		{Text: " " + kit.Clean(short(t.Str(row, "customer_name"))) + "  ", Token: kit.Title},
		{Text: strings.Join([]string{
			moneyWords(a.lang, p.snap, model.Contract, row, "target"), daysLeft(a.lang, t.Day(row, "decision_date"), p.snap.Today).Text,
			a.lang.T("health %s", health), a.lang.T(". o O @ by amount"),
		}, " · "), Token: kit.Muted},
	}
}
