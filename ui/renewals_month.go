package ui

import (
	"cmp"
	"slices"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// monthPanel is the least height that the panel below the months needs.
const monthPanel = 10

// drawMonthPanel shows of the month under the cursor what its bar is made of, and its largest renewals.
func (p *renewalsPane) drawMonthPanel(a *App, c *kit.Canvas, r kit.Rect) {
	if p.months.at >= len(p.months.all) || r.H < 4 {
		return
	}
	m := p.months.all[p.months.at]
	cur := p.snap.Settings.Text("company.currency")
	left, right := r.Left(min(46, r.W/2))
	in := c.Box(left, a.theme, a.lang.Date(m.from.String()[:7]), false)
	for i, part := range m.parts() {
		share := ""
		if m.target > 0 {
			share = percent(a.lang, part.value, m.target)
		}
		c.PutSpans(in.Row(i), a.theme, kit.Spans{
			{Text: kit.PadRight(kit.Truncate(a.lang.T(part.word), 12), 13), Token: part.token},
			{Text: kit.PadLeft(arrWords(a.lang, p.snap, part.value), 15) + " " + cur},
			{Text: kit.PadLeft(share, 9), Token: kit.Muted},
		})
	}
	in = c.Box(right, a.theme, a.lang.T("Largest"), false)
	for i, row := range m.largest {
		if i == in.H {
			break
		}
		t := p.snap.Table(model.Contract)
		state := pickWord(a.lang, "renewal", t.Str(row.Row, "renewal"))
		if row.Outcome == "open" {
			state = stageWord(a.lang, p.snap, cmp.Or(t.Str(row.Row, "stage"), model.RenewalStages()[0]))
		}
		token := kit.Muted
		if t.Bool(row.Row, "at_risk") {
			token = kit.Bad
		}
		c.PutSpans(in.Row(i), a.theme, kit.Spans{
			{Text: kit.PadRight(kit.Truncate(kit.Clean(short(t.Str(row.Row, "customer_name"))), 30), 31)},
			{Text: kit.PadLeft(arrWords(a.lang, p.snap, float64(row.Target))+" "+row.Currency, 18) + "  "},
			{Text: kit.PadRight(kit.Truncate(state, 14), 15), Token: token},
			{Text: kit.Clean(t.Str(row.Row, "owner")), Token: kit.Muted},
		})
	}
}

// largestShown is how many of a month's renewals are named.
const largestShown = 20

// keep remembers a renewal of the month as long as it is among the largest.
func (m *monthSum) keep(r table.Renewal, worth float64) {
	m.largest = append(m.largest, largeRenewal{r, worth})
	if len(m.largest) >= 10*largestShown {
		m.trim()
	}
}

// trim leaves the largest renewals, the largest first.
func (m *monthSum) trim() {
	slices.SortStableFunc(m.largest, func(x, y largeRenewal) int { return cmp.Compare(y.worth, x.worth) })
	m.largest = m.largest[:min(len(m.largest), largestShown)]
}

// largeRenewal is a renewal with its target in the company's currency.
type largeRenewal struct {
	table.Renewal
	worth float64
}
