package ui

import (
	"fmt"
	"math"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// monthsShown is how far the horizon reaches: the month before this one, and eighteen on.
const monthsShown = 19

// layMonths adds up what is due in each month of the horizon.
func (p *renewalsPane) layMonths() {
	first := p.snap.Today.MonthStart().AddMonths(-1)
	p.months.all = make([]monthSum, monthsShown)
	for i := range p.months.all {
		p.months.all[i].from = first.AddMonths(i)
	}
	last := first.AddMonths(monthsShown) - 1
	t := p.snap.Table(model.Contract)
	let := p.monthFilter(t)
	y0, m0, _ := first.Date()
	p.snap.Renewals(first, last, func(r table.Renewal) {
		if let != nil && !let[r.Row] {
			return
		}
		y, m, _ := r.Due.Date()
		p.months.all[(y-y0)*12+int(m)-int(m0)].add(p.snap, t, r)
	})
	for i := range p.months.all {
		p.months.all[i].trim()
	}
	p.months.at = max(0, min(p.months.at, monthsShown-1))
}

// monthFilter is what the person's filter lets through; nil where there is none.
func (p *renewalsPane) monthFilter(t *table.Table) map[int32]bool {
	if p.text == "" {
		return nil
	}
	expr, err := query.Parse(p.text, p.snap.FilterSchema(model.Contract))
	if err != nil {
		return nil
	}
	let := map[int32]bool{}
	for _, row := range t.View(p.snap, expr, p.env, nil) {
		let[row] = true
	}
	return let
}

func (m *monthSum) add(s *table.Snapshot, t *table.Table, r table.Renewal) {
	m.due++
	rate, ok := s.Settings.Rate(r.Currency)
	if !ok {
		m.left++
		return
	}
	m.target += float64(r.Target) * rate
	m.keep(r, float64(r.Target)*rate)
	counted := float64(r.Counted()) * rate
	switch {
	case r.Outcome == "won":
		m.won += counted
	case r.Outcome != "open":
	case t.Bool(r.Row, "at_risk"):
		m.atRisk += counted
	case r.Call == "commit":
		m.commit += counted
	case r.Call == "best case":
		m.best += counted
	default:
		m.rest += counted
	}
}

func (p *renewalsPane) doMonths(a *App, act Action) bool {
	m := &p.months
	switch act {
	case ActDown:
		m.at++
	case ActUp:
		m.at--
	case ActTop, ActPageUp, ActHalfUp:
		m.at = 0
	case ActBottom, ActPageDown, ActHalfDown:
		m.at = monthsShown - 1
	case ActLeft, ActRight:
	case ActOpen:
		if m.at < len(m.all) {
			p.shape = shapeList
			p.all = true
			a.showBehind(ActRenewals, "due:"+m.all[m.at].from.String()[:7])
		}
	case ActWhy:
		p.whyMonth(a)
	default:
		return false
	}
	m.at = max(0, min(m.at, monthsShown-1))
	return true
}

// monthParts are the parts of a month's bar with the words and the colours of the legend.
func (m *monthSum) parts() []struct {
	word  string
	value float64
	token kit.Token
} {
	return []struct {
		word  string
		value float64
		token kit.Token
	}{
		{"won", m.won, kit.Good},
		{"commit", m.commit, kit.Info},
		{"best case", m.best, kit.Accent},
		{"pipeline", m.rest, kit.Muted},
		{"at risk", m.atRisk, kit.Bad},
		{"lost", max(0, m.target-m.won-m.commit-m.best-m.rest-m.atRisk), kit.Border},
	}
}

func (p *renewalsPane) drawMonths(a *App, c *kit.Canvas, r kit.Rect) {
	c.Fill(r, a.theme.Style(kit.Text))
	cur := p.snap.Settings.Text("company.currency")
	head := fmt.Sprintf("  %-8s %5s %15s  ", a.lang.T("Month"), a.lang.T("Due"), a.lang.T("Target")+" "+cur)
	legend := kit.Spans{{Text: head, Token: kit.Header}}
	for i, part := range (&monthSum{}).parts() {
		shades := a.theme.Sym.Shade[1:]
		legend = append(legend, kit.Span{Text: shades[len(shades)-1-i%len(shades)], Token: part.token}, kit.Span{Text: " " + a.lang.T(part.word) + "  ", Token: kit.Muted})
	}
	c.PutSpans(r.Row(0), a.theme, legend)
	most := 1.0
	for _, m := range p.months.all {
		most = max(most, m.target)
	}
	room := max(4, r.W-kit.Width(head)-2)
	list := r
	if len(p.months.all)+1+monthPanel <= r.H {
		var below kit.Rect
		list, below = r.Top(len(p.months.all) + 2)
		p.drawMonthPanel(a, c, below)
	}
	top := max(0, p.months.at-(list.H-2))
	for i := range max(0, list.H-1) {
		if top+i >= len(p.months.all) {
			break
		}
		p.drawMonth(a, c, list.Row(1+i), top+i, most, room)
	}
}

func (p *renewalsPane) drawMonth(a *App, c *kit.Canvas, r kit.Rect, i int, most float64, room int) {
	m := p.months.all[i]
	sign, token := "  ", kit.Text
	if i == p.months.at {
		sign, token = a.theme.Sym.Cursor+" ", kit.Title
	}
	late := ""
	if m.from <= p.snap.Today && p.snap.Today <= m.from.MonthEnd() {
		late = "*"
	}
	line := kit.Spans{{Text: sign + kit.PadRight(m.from.String()[:7]+late, 8) + " " + kit.PadLeft(a.lang.Int(int64(m.due)), 5) + " " +
		kit.PadLeft(arrWords(a.lang, p.snap, m.target), 15) + "  ", Token: token}}
	var slices []kit.Slice
	for _, part := range m.parts() {
		slices = append(slices, kit.Slice{Value: part.value, Token: part.token})
	}
	if w := int(math.Round(m.target / most * float64(room))); m.target > 0 {
		line = append(line, kit.StackedBar(slices, max(1, w), a.theme)...)
	}
	c.PutSpans(r, a.theme, line)
}

// whyMonth explains a month's bar.
func (p *renewalsPane) whyMonth(a *App) {
	if p.months.at >= len(p.months.all) {
		return
	}
	m := p.months.all[p.months.at]
	w := model.Why{
		Record: m.from.String()[:7], Label: a.lang.T("Renewals due in the month"), Value: a.lang.Int(int64(m.due)),
		Formula: a.lang.T("Σ target of the renewals due; won: min(final, target); open ones: min(forecast, target) by category, those with a risk apart; the rest of the target is lost or not expected"),
		Lines:   []model.WhyLine{{Label: a.lang.T("Target"), Value: arrWords(a.lang, p.snap, m.target), Note: p.snap.Settings.Text("company.currency")}},
	}
	for _, part := range m.parts() {
		w.Lines = append(w.Lines, model.WhyLine{Label: a.lang.T(part.word), Value: arrWords(a.lang, p.snap, part.value)})
	}
	if m.left > 0 {
		w.Notes = append(w.Notes, a.lang.T("%d renewals are left out: their currency has no rate (setting rate.XXX)", m.left))
	}
	a.showWhy(w)
}
