package ui

import (
	tea "charm.land/bubbletea/v2"

	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// chartsShown lets look at the charts one by one; a bar shows its customers.
type chartsShown struct {
	all  []chart
	lang *lang.Lang
	on   int   // the chart that is shown
	at   []int // the bar of each under the cursor
}

func (p *segmentsPane) openCharts(a *App) {
	all := p.charts()
	a.stack.Push(&chartsShown{all: all, lang: a.lang, at: make([]int, len(all))})
}

// Key implements kit.Overlay.
func (o *chartsShown) Key(msg tea.KeyPressMsg) kit.Outcome {
	c := o.all[o.on]
	move := func(d int) { o.at[o.on] = max(0, min(len(c.bars)-1, o.at[o.on]+d)) }
	switch key := msg.String(); key {
	case "esc", "q", "ctrl+c":
		return kit.Outcome{Done: true}
	case "tab", "]":
		o.on = (o.on + 1) % len(o.all)
	case "shift+tab", "[":
		o.on = (o.on + len(o.all) - 1) % len(o.all)
	case "1", "2", "3", "4":
		o.on = min(len(o.all)-1, int(key[0]-'1'))
	case "down", "right", "j", "l":
		move(1)
	case "up", "left", "k", "h":
		move(-1)
	case "pgdown":
		move(10)
	case "pgup":
		move(-10)
	case "home", "g":
		move(-len(c.bars))
	case "end", "G", "shift+g":
		move(len(c.bars))
	case "enter":
		if len(c.bars) > 0 && c.bars[o.at[o.on]].filter != "" {
			return kit.Outcome{Done: true, Result: showFilter{c.bars[o.at[o.on]].filter}}
		}
	}
	return kit.Outcome{}
}

// Paste implements kit.Overlay; there is nothing to write into.
func (o *chartsShown) Paste(string) {}

// Draw implements kit.Overlay.
func (o *chartsShown) Draw(cv *kit.Canvas, area kit.Rect, th *kit.Theme) *kit.Cursor {
	in := cv.Box(area.Center(min(area.W, 110), min(area.H, 30)), th, o.lang.T("Charts"), true).Inset(1, 0)
	head, rest := in.Top(1)
	foot, body := rest.Bottom(1)
	var tabs kit.Spans
	for i, c := range o.all {
		token := kit.Muted
		if i == o.on {
			token = kit.SelectionText
		}
		tabs = append(tabs, kit.Span{Text: " " + string(rune('1'+i)) + " " + c.title + " ", Token: token})
	}
	cv.PutSpans(head, th, tabs)
	o.all[o.on].draw(cv, body.Inset(0, 1), th, o.lang, o.at[o.on])
	cv.Put(foot, th.Style(kit.Muted), o.lang.T("arrows move, tab is the next chart, enter shows the customers, esc leaves"), kit.AlignLeft)
	return nil
}

// drawPanel fills the room under the groups with the charts, as many as fit beside each other.
func (p *segmentsPane) drawPanel(a *App, cv *kit.Canvas, r kit.Rect) {
	const least = 46
	n := max(1, min(4, r.W/least))
	all := p.charts()
	order := []int{0, 2, 3, 1}
	w := r.W / n
	for i := range n {
		left, _ := kit.Rect{X: r.X + i*w, Y: r.Y, W: w, H: r.H}.Left(w - 2)
		all[order[i]].draw(cv, left.Inset(1, 0), a.theme, a.lang, -1)
	}
}

// panelFrom is how many lines the charts need to be worth drawing under the groups.
const panelFrom = 9

// roomForCharts parts the pane: the groups above, the charts below where there is room for both.
func (p *segmentsPane) roomForCharts(r kit.Rect) (groups, charts kit.Rect) {
	need := len(p.groups)*max(1, p.rowStep()) + 4
	if r.H-need < panelFrom {
		return r, kit.Rect{}
	}
	const tallest = 20
	groups, charts = r.Top(need)
	charts, _ = charts.Top(tallest)
	return groups, charts
}

func (p *segmentsPane) rowStep() int {
	if p.theme != nil && p.theme.Roomy {
		return 2
	}
	return 1
}
