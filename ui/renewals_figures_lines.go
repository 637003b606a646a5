package ui

import (
	"fmt"
	"math"

	"opsdeck/model"
	"opsdeck/model/score"
	"opsdeck/ui/kit"
)

// layFigures writes the lines of the screen from what was computed; the cursor stays where it is.
func (p *renewalsPane) layFigures(a *App) {
	v := &p.figs
	v.lines = nil
	p.dueLines(a)
	p.forecastLines(a)
	p.saidLines(a)
	p.retainedLines(a)
	p.concentratedLines(a)
	v.at = max(0, min(v.at, len(v.lines)-1))
	if v.line() == nil {
		v.move(1)
	}
}

func (v *figuresView) add(l figureLine) { v.lines = append(v.lines, l) }

// head begins a section.
func (v *figuresView) head(right bool, label, value string) {
	if len(v.lines) > 0 {
		v.add(figureLine{right: v.lines[len(v.lines)-1].right}) // At the end of what is above, so that a column begins with its heading.
	}
	v.add(figureLine{heading: true, right: right, label: label, value: value})
}

// inFigures writes an amount of the figures with its currency.
func (p *renewalsPane) inFigures(a *App, units int64) string {
	return amount(a.lang, units) + " " + p.figs.made.Currency
}

// rateText writes a rate in percent; where nothing is closed there is none.
func rateText(a *App, f float64, known bool) string {
	if !known {
		return "–"
	}
	return a.lang.T("%s %%", a.lang.Decimal(100*f, 1))
}

// part is a share as a piece of a bar.
func part(n, of int64) bar {
	if n <= 0 || of <= 0 {
		return bar{}
	}
	return bar{0, min(1, float64(n)/float64(of))}
}

// periodDays writes the days of the period for people.
func (p *renewalsPane) periodDays(a *App) string {
	return a.lang.Date(p.figs.made.From.String()) + " – " + a.lang.Date(p.figs.made.To.String())
}

// dueLines are the due-based family: what was due in the period and what came of it.
func (p *renewalsPane) dueLines(a *App) {
	v, d := &p.figs, &p.figs.made.Due
	v.head(false, a.lang.T("Renewals due")+" "+v.periodName(), p.periodDays(a))
	within := fmt.Sprintf("due:%s..%s", v.made.From, v.made.To)
	share := func(n int64) string { return rateText(a, ratio(n, d.Target), d.Target > 0) }
	for _, l := range []struct {
		label, filter string
		n             int
		target        int64
		token         kit.Token
	}{
		{"Due", "renewal:open,won,lost,lapsed", d.Due, d.Target, kit.Text},
		{"won", "renewal:won", d.Won, d.WonTarget, kit.Good},
		{"lost", "renewal:lost", d.Lost, d.LostTarget, kit.Bad},
		{"lapsed", "renewal:lapsed", d.Lapsed, d.LapsedTarget, kit.Warn},
		{"open", "renewal:open", d.Open, d.OpenAmount, kit.Info},
	} {
		label := pickWord(a.lang, "renewal", l.label)
		if l.label == "Due" {
			label = a.lang.T("Due")
		}
		v.add(figureLine{
			label: label, count: a.lang.Int(int64(l.n)), value: p.inFigures(a, l.target), rate: share(l.target), token: l.token, bar: part(l.target, d.Target),
			why: func() model.Why { return p.whyDue(a, label, l.n, l.target) }, open: p.behind(within + " " + l.filter),
		})
	}
	gross, known := d.Gross()
	net, _ := d.Net()
	logo, byNumber := d.Logo()
	v.add(figureLine{label: a.lang.T("Gross renewal rate"), rate: rateText(a, gross, known), why: func() model.Why { return p.whyGross(a) }})
	v.add(figureLine{label: a.lang.T("Net renewal rate"), rate: rateText(a, net, known), why: func() model.Why { return p.whyNet(a) }})
	v.add(figureLine{label: a.lang.T("Logo renewal rate"), rate: rateText(a, logo, byNumber), why: func() model.Why { return p.whyLogo(a) }})
	if d.Late > 0 {
		v.add(figureLine{
			label: a.lang.T("Decision late"), count: a.lang.Int(int64(d.Late)), token: kit.Warn,
			why: func() model.Why { return p.whyLate(a) }, open: p.behind(within + " decision_date:<today"),
		})
	}
}

func ratio(n, of int64) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// forecastLines are the categories of the same renewals, one after the other.
func (p *renewalsPane) forecastLines(a *App) {
	v := &p.figs
	v.head(false, a.lang.T("Forecast"), a.lang.T("cumulative; each at most its target"))
	var weighted, expansion int64
	for i, c := range v.made.Calls {
		weighted += c.Weighted
		expansion += c.Expansion
		label, value, token := pickWord(a.lang, "call", c.Call), c.Cumulative, kit.Text
		b := bar{}
		switch c.Call {
		case "lost":
			label, value, token = a.lang.T("lost"), c.Target, kit.Bad
		case "omitted":
			value, token = c.Counted, kit.Muted
		default:
			before := int64(0)
			if i > 0 {
				before = v.made.Calls[i-1].Cumulative
			}
			b = bar{ratio(before, v.made.Due.Target), ratio(c.Cumulative, v.made.Due.Target)}
			token = []kit.Token{kit.Good, kit.Info, kit.Accent, kit.Muted}[i]
		}
		v.add(figureLine{
			label: label, count: a.lang.Int(int64(c.Renewals)), value: p.inFigures(a, value), token: token, bar: b,
			rate: rateText(a, ratio(value, v.made.Due.Target), v.made.Due.Target > 0), why: func() model.Why { return p.whyCall(a, i, label) },
			open: p.behind(fmt.Sprintf("due:%s..%s %s", v.made.From, v.made.To, callFilter(c.Call))),
		})
	}
	v.add(figureLine{label: a.lang.T("Weighted"), value: p.inFigures(a, weighted), why: func() model.Why { return p.whyWeighted(a, weighted) }})
	v.add(figureLine{label: a.lang.T("Expansion"), value: p.inFigures(a, expansion), why: func() model.Why { return p.whyExpansion(a, expansion) }})
}

// callFilter finds the renewals on a line of the forecast.
func callFilter(line string) string {
	switch line {
	case "closed":
		return "renewal:won"
	case "lost":
		return "renewal:lost,lapsed"
	}
	return "renewal:open call:" + quoted(line)
}

// retainedLines are the base-period family: the recurring revenue of one day against that of another, with
// the movements that lead from one to the other.
func (p *renewalsPane) retainedLines(a *App) {
	v, r := &p.figs, &p.figs.made.Retained
	v.head(true, a.lang.T("Recurring revenue, all customers"), a.lang.Date(v.made.Start.String())+" – "+a.lang.Date(v.made.End.String()))
	most := max(r.Start, r.End, 1)
	running := r.Start
	for _, m := range score.Moves() {
		running += r.Moves[m].Delta
		most = max(most, running)
	}
	scale := func(n int64) float64 { return float64(n) / float64(most) }
	v.add(figureLine{
		right: true, label: a.lang.T("Start"), count: a.lang.Int(int64(r.Customers)), value: p.inFigures(a, r.Start), rate: rateText(a, 1, r.Known),
		bar: bar{0, scale(r.Start)}, why: func() model.Why { return p.whyStart(a) },
	})
	running = r.Start
	for _, m := range score.Moves() {
		t := r.Moves[m]
		sign, token := "+ ", kit.Good
		if m == score.MoveContraction || m == score.MoveChurn {
			sign, token = "− ", kit.Bad
		}
		label := sign + a.lang.In("movement", string(m))
		v.add(figureLine{
			right: true, label: label, count: a.lang.Int(int64(t.Customers)), value: p.inFigures(a, t.Delta), rate: rateText(a, ratio(t.Delta, r.Start), r.Known), token: token,
			bar: bar{scale(min(running, running+t.Delta)), scale(max(running, running+t.Delta))},
			why: func() model.Why { return p.whyMove(a, m) }, open: func(a *App) { p.openMoves(a, m, label) },
		})
		running += t.Delta
	}
	v.add(figureLine{
		right: true, label: "= " + a.lang.T("End"), value: p.inFigures(a, r.End), rate: rateText(a, ratio(r.End, r.Start), r.Known), bar: bar{0, scale(r.End)},
		why: func() model.Why { return p.whyEnd(a) },
	})
	v.add(figureLine{right: true, label: a.lang.T("GRR, gross retention"), rate: rateText(a, r.GRR, r.Known), why: func() model.Why { return p.whyGRR(a) }})
	v.add(figureLine{right: true, label: a.lang.T("NRR, net retention"), rate: rateText(a, r.NRR, r.Known), why: func() model.Why { return p.whyNRR(a) }})
	v.add(figureLine{
		right: true, label: a.lang.T("Logo retention"), count: a.lang.Int(int64(r.Stayed)), rate: rateText(a, r.Logo, r.Known), why: func() model.Why { return p.whyLogos(a) },
	})
}

// concentratedLines tell how much hangs on few customers.
func (p *renewalsPane) concentratedLines(a *App) {
	v, c := &p.figs, &p.figs.made.Concentrated
	v.head(true, a.lang.T("Concentration, all customers"), a.lang.Date(p.snap.Today.String()))
	if len(c.Rows) == 0 {
		v.add(figureLine{right: true, label: a.lang.T("nobody has recurring revenue on this day")})
		return
	}
	for _, n := range []int{1, 5, 10} {
		label := a.lang.T("Largest %d", n)
		held := int64(math.Round(c.Top(n) * float64(c.Total)))
		v.add(figureLine{
			right: true, label: label, count: a.lang.Int(int64(min(n, len(c.Rows)))), value: p.inFigures(a, held), rate: rateText(a, c.Top(n), true), bar: part(held, c.Total),
			why: func() model.Why { return p.whyTop(a, n, label) }, open: p.openConcentration,
		})
	}
	v.add(figureLine{
		right: true, label: a.lang.T("Make 80 %"), count: a.lang.Int(int64(c.Reaching(0.8))), rate: rateText(a, ratio(int64(c.Reaching(0.8)), int64(len(c.Rows))), true),
		why: func() model.Why { return p.whyEighty(a) }, open: p.openConcentration,
	})
	v.add(figureLine{right: true, label: a.lang.T("Herfindahl index"), rate: a.lang.Decimal(c.HHI, 0), why: func() model.Why { return p.whyHHI(a) }, open: p.openConcentration})
	v.add(figureLine{
		right: true, label: a.lang.T("If the largest leaves"), value: p.inFigures(a, c.Total-c.Rows[0].Value), rate: rateText(a, 1-c.Rows[0].Share, true), token: kit.Warn,
		bar: part(c.Total-c.Rows[0].Value, c.Total), why: func() model.Why { return p.whyLeaves(a) }, open: p.openConcentration,
	})
}
