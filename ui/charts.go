package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/score"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// chart is a picture of the customers of the segments pane: bars, each with the filter that shows whom it
// counts. The bars of a curve stand beside each other, others under each other.
type chart struct {
	title string
	curve bool
	limit float64 // of the values
	bars  []chartBar
	notes []string
}

type chartBar struct {
	label  string
	value  float64
	text   string // beside the bar
	filter string // shows the customers; empty where it counts none
	token  kit.Token
}

// charts draws up what the pane shows of its customers.
func (p *segmentsPane) charts() []chart {
	if p.drawn == nil {
		whole := p.ranked()
		p.drawn = []chart{p.histogram("tier_score", "Scores"), p.histogram("health_score", "Health scores"), p.pareto(whole), p.concentration(whole)}
	}
	return p.drawn
}

// worthy is one of the customers with revenue.
type worthy struct {
	row   int32
	share float64
	units float64
}

// ranked lists the customers with revenue, the largest first, in the company's currency.
func (p *segmentsPane) ranked() []worthy {
	t := p.snap.Table(model.Customer)
	var out []worthy
	total := 0.0
	for _, g := range p.groups {
		for _, row := range g.rows {
			rate, ok := p.snap.Settings.Rate(p.snap.CurrencyOf(model.Customer, row))
			if units := float64(t.Units(row, "arr")) * rate; ok && units > 0 {
				out = append(out, worthy{row: row, units: units})
				total += units
			}
		}
	}
	slices.SortFunc(out, func(a, b worthy) int { return cmp.Or(cmp.Compare(b.units, a.units), cmp.Compare(a.row, b.row)) })
	for i := range out {
		out[i].share = out[i].units / total
	}
	return out
}

// and puts the pane's own filter beside another.
func (p *segmentsPane) and(filter string) string {
	if p.text == "" || filter == "" {
		return filter
	}
	return filter + " (" + p.text + ")"
}

// histogram counts the customers by tens of a figure from 0 to 100.
func (p *segmentsPane) histogram(field, title string) chart {
	l, t := p.sp.lang, p.snap.Table(model.Customer)
	var n [10]int
	none := 0
	for _, g := range p.groups {
		for _, row := range g.rows {
			if v, ok := t.Num(row, field); ok {
				n[min(9, max(0, int(v/10)))]++
			} else {
				none++
			}
		}
	}
	c := chart{title: l.T(title), limit: 1}
	for i, count := range n {
		to := fmt.Sprintf("%s:<%d", field, 10*i+10)
		if i == 9 {
			to = field + ":<=100"
		}
		b := chartBar{label: fmt.Sprintf("%d–%d", 10*i, 10*i+10), value: float64(count), text: l.Int(int64(count)), token: kit.Accent}
		if count > 0 {
			b.filter = p.and(fmt.Sprintf("%s:>=%d %s", field, 10*i, to))
		}
		c.limit = max(c.limit, float64(count))
		c.bars = append(c.bars, b)
	}
	if none > 0 {
		c.bars = append(c.bars, chartBar{label: l.T("none"), value: float64(none), text: l.Int(int64(none)), token: kit.Muted, filter: p.and(field + ":none")})
		c.limit = max(c.limit, float64(none))
	}
	return c
}

// curveWidth is how many columns a curve has at most.
const curveWidth = 50

// pareto is what the largest customers make together, from the first on.
func (p *segmentsPane) pareto(all []worthy) chart {
	l := p.sp.lang
	c := chart{title: l.T("Pareto curve"), curve: true, limit: 100}
	columns, sum, at := min(curveWidth, len(all)), 0.0, 0
	for i := range columns {
		for to := (i + 1) * len(all) / columns; at < to; at++ {
			sum += all[at].share
		}
		b := chartBar{
			label: l.T("the largest %s of %s", l.Int(int64(at)), l.Int(int64(len(all)))), value: 100 * sum, token: kit.Accent,
			text: percent(l, sum, 1), filter: p.and("arr:>=" + units(all[at-1].units)),
		}
		c.bars = append(c.bars, b)
	}
	if eighty := slices.IndexFunc(c.bars, func(b chartBar) bool { return b.value >= 80 }); eighty >= 0 {
		c.notes = append(c.notes, l.T("%s customers make 80 %%", l.Int(int64(reaching(all, 0.8)))))
	}
	return c
}

func reaching(all []worthy, share float64) int {
	sum := 0.0
	for i, w := range all {
		if sum += w.share; sum >= share {
			return i + 1
		}
	}
	return len(all)
}

// units writes an amount of the company's currency for a filter, a little less so that rounding does not
// lose the customer whose amount it is.
func units(ten float64) string {
	return strconv.FormatFloat(float64(int64(ten))/model.MoneyScale-0.0001, 'f', 4, 64)
}

// most is how many of the largest customers the concentration lists.
const most = 20

// concentration is what hangs on the largest: the shares of 1, 5 and 10, then each of them, with what is
// left without.
func (p *segmentsPane) concentration(all []worthy) chart {
	l := p.sp.lang
	c := chart{title: l.T("Concentration"), limit: 1}
	amounts := make([]score.Amount, len(all))
	t := p.snap.Table(model.Customer)
	for i, w := range all {
		amounts[i] = score.Amount{ID: t.ID(w.row).String(), Value: int64(w.units)}
	}
	got, err := score.Concentration(amounts)
	if err != nil || len(all) == 0 {
		return c
	}
	for _, n := range []int{1, 5, 10} {
		c.bars = append(c.bars, chartBar{
			label: l.T("Top %d", n), value: got.Top(n), text: percent(l, got.Top(n), 1), token: kit.Info, filter: p.and("arr:>=" + units(all[min(n, len(all))-1].units)),
		})
	}
	cur := p.snap.Settings.Text("company.currency")
	for _, w := range all[:min(most, len(all))] {
		name := t.Str(w.row, "name")
		c.bars = append(c.bars, chartBar{
			label: kit.Clean(name), value: w.share, token: kit.Accent, filter: "name:=" + strconv.Quote(name),
			text: percent(l, w.share, 1) + "  " + l.T("%s %s left without", amount(l, got.Total-int64(w.units)), cur),
		})
	}
	c.notes = append(c.notes, l.T("Herfindahl index %s of 10,000", l.Decimal(got.HHI, 0)))
	return c
}

// draw draws a chart into a rectangle; at is the bar under the cursor, -1 for none.
func (c *chart) draw(cv *kit.Canvas, r kit.Rect, th *kit.Theme, l *lang.Lang, at int) {
	cv.Put(r.Row(0), th.Style(kit.Header), c.title, kit.AlignLeft)
	_, body := r.Top(1)
	if len(c.bars) == 0 {
		cv.Put(body.Row(0), th.Style(kit.Muted), l.T("There is nothing to draw."), kit.AlignLeft)
		return
	}
	for _, n := range slices.Backward(c.notes) {
		var foot kit.Rect
		foot, body = body.Bottom(1)
		cv.Put(foot, th.Style(kit.Muted), n, kit.AlignLeft)
	}
	if c.curve {
		c.drawCurve(cv, body, th, at)
		return
	}
	labels := 6
	for _, b := range c.bars {
		labels = max(labels, min(28, body.W/3, kit.Width(b.label)))
	}
	first := max(0, min(at-body.H/2, len(c.bars)-body.H))
	for i := first; i < len(c.bars) && i-first < body.H; i++ {
		b := c.bars[i]
		style := kit.Text
		mark := "  "
		if i == at {
			style, mark = kit.Title, th.Sym.Cursor+" "
		}
		text := kit.Width(b.text) + 1
		cv.PutSpans(body.Row(i-first), th, kit.Spans{
			{Text: mark + kit.PadRight(kit.Truncate(b.label, labels), labels+1), Token: style},
			{Text: kit.Bar(b.value, c.limit, max(4, min(60, body.W-labels-3-max(8, text))), th) + " ", Token: b.token},
			{Text: b.text, Token: style},
		})
	}
}

// drawCurve draws the columns of a curve, those up to the cursor brighter, and words for the last of them.
func (c *chart) drawCurve(cv *kit.Canvas, r kit.Rect, th *kit.Theme, at int) {
	const tallest = 16
	n := min(len(c.bars), max(1, r.W))
	values := make([]float64, n)
	for i := range values {
		values[i] = c.bars[(i+1)*len(c.bars)/n-1].value
	}
	body, foot := r.Top(max(1, min(tallest, r.H-1)))
	for y, row := range kit.ColumnChart(values, c.limit, body.H, th) {
		cells := []rune(row)
		upTo := min(len(cells), at+1)
		cv.PutSpans(body.Row(y), th, kit.Spans{{Text: string(cells[:upTo]), Token: kit.Info}, {Text: string(cells[upTo:]), Token: kit.Accent}})
	}
	if at >= 0 {
		cv.Put(foot, th.Style(kit.Title), c.bars[at].label+": "+c.bars[at].text, kit.AlignLeft)
	}
}
