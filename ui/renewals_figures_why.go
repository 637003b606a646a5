package ui

import (
	"fmt"

	"opsdeck/model"
	"opsdeck/model/score"
	"opsdeck/ui/kit"
)

// whyFigure begins an explanation of a figure of the period.
func (p *renewalsPane) whyFigure(label, value, formula string, lines ...model.WhyLine) model.Why {
	w := model.Why{Record: p.figs.periodName(), Label: label, Value: value, Formula: formula, Lines: lines}
	return w
}

func (p *renewalsPane) whyAmount(a *App, label string, units int64, note string) model.WhyLine {
	return model.WhyLine{Label: label, Value: p.inFigures(a, units), Note: note}
}

// dueNotes say what the due-based figures leave out.
func (p *renewalsPane) dueNotes(a *App, w model.Why) model.Why {
	d := &p.figs.made.Due
	if d.RanOn > 0 {
		w.Notes = append(w.Notes, a.lang.T("%d of the won are anniversaries of contracts without end that passed without a word; the list shows contracts by their next due day", d.RanOn))
	}
	if p.figs.made.NoRate > 0 {
		w.Notes = append(w.Notes, a.lang.T("%d renewals count as nothing: their currency has no rate (setting rate.XXX)", p.figs.made.NoRate))
	}
	if p.text != "" {
		w.Notes = append(w.Notes, a.lang.T("only what the filter lets through: %s", p.text))
	}
	return w
}

func (p *renewalsPane) whyDue(a *App, label string, n int, target int64) model.Why {
	d := &p.figs.made.Due
	l := a.lang
	note := func(n int) string { return plural(l, n, model.Contract) }
	return p.dueNotes(a, p.whyFigure(
		label, l.T("%d, %s", n, p.inFigures(a, target)),
		l.T("renewals whose due day lies in the period; target: what the contract is worth a year at its end; each renewal belongs to one day"),
		p.whyAmount(a, pickWord(l, "renewal", "won"), d.WonTarget, note(d.Won)),
		p.whyAmount(a, pickWord(l, "renewal", "lost"), d.LostTarget, note(d.Lost)),
		p.whyAmount(a, pickWord(l, "renewal", "lapsed"), d.LapsedTarget, note(d.Lapsed)+l.T("; ended and nobody said how, counted as lost")),
		p.whyAmount(a, pickWord(l, "renewal", "open"), d.OpenAmount, note(d.Open)+l.T("; in no rate, it stands beside them")),
		p.whyAmount(a, l.T("Target"), d.Target, l.T("the sum")),
	))
}

// closedLines are what both rates by amount rest on.
func (p *renewalsPane) closedLines(a *App, top model.WhyLine) []model.WhyLine {
	d := &p.figs.made.Due
	l := a.lang
	return []model.WhyLine{
		top,
		p.whyAmount(a, l.T("Target of the closed"), d.Closed, plural(l, d.Won+d.Lost+d.Lapsed, model.Contract)),
		p.whyAmount(a, pickWord(l, "renewal", "open"), d.OpenAmount, l.T("beside the rate: only closed renewals enter it")),
	}
}

func (p *renewalsPane) whyGross(a *App) model.Why {
	f, known := p.figs.made.Due.Gross()
	return p.dueNotes(a, p.whyFigure(a.lang.T("Gross renewal rate"), rateText(a, f, known), a.lang.T("Σ min(final, target) ÷ Σ target over the closed renewals; growth cannot hide a loss"),
		p.closedLines(a, p.whyAmount(a, a.lang.T("Kept"), p.figs.made.Due.Kept, a.lang.T("of the won, each at most its target")))...))
}

func (p *renewalsPane) whyNet(a *App) model.Why {
	f, known := p.figs.made.Due.Net()
	return p.dueNotes(a, p.whyFigure(a.lang.T("Net renewal rate"), rateText(a, f, known), a.lang.T("Σ final ÷ Σ target over the closed renewals; the same denominator as the gross rate"),
		p.closedLines(a, p.whyAmount(a, a.lang.T("Final"), p.figs.made.Due.Final, a.lang.T("of the won, with what they grew by")))...))
}

func (p *renewalsPane) whyLogo(a *App) model.Why {
	d, l := &p.figs.made.Due, a.lang
	f, known := d.Logo()
	return p.dueNotes(a, p.whyFigure(l.T("Logo renewal rate"), rateText(a, f, known), l.T("won ÷ closed renewals, by their number"),
		model.WhyLine{Label: pickWord(l, "renewal", "won"), Value: l.Int(int64(d.Won))},
		model.WhyLine{Label: pickWord(l, "renewal", "lost"), Value: l.Int(int64(d.Lost))},
		model.WhyLine{Label: pickWord(l, "renewal", "lapsed"), Value: l.Int(int64(d.Lapsed))},
		model.WhyLine{Label: pickWord(l, "renewal", "open"), Value: l.Int(int64(d.Open)), Note: l.T("beside the rate: only closed renewals enter it")}))
}

func (p *renewalsPane) whyLate(a *App) model.Why {
	d, l := &p.figs.made.Due, a.lang
	return p.dueNotes(a, p.whyFigure(l.T("Decision late"), l.Int(int64(d.Late)), l.T("open renewals whose day of decision has passed: due day less the notice period, less the lead of the tier"),
		model.WhyLine{Label: pickWord(l, "renewal", "open"), Value: l.Int(int64(d.Open))}))
}

// whyCall explains a line of the forecast.
func (p *renewalsPane) whyCall(a *App, i int, label string) model.Why {
	c, l := p.figs.made.Calls[i], a.lang
	value := c.Cumulative
	formula := l.T("Σ min(forecast, target) of the open renewals of the category, and what is more certain above it")
	switch c.Call {
	case "closed":
		formula = l.T("Σ min(final, target) of the renewals that were won")
	case "omitted":
		value, formula = c.Counted, l.T("left out of the forecast on purpose; it adds to no line")
	case "lost":
		value, formula = c.Target, l.T("targets of what was lost or lapsed; it adds nothing and is shown so that the targets add up")
	}
	lines := []model.WhyLine{
		{Label: l.T("Renewals"), Value: l.Int(int64(c.Renewals))},
		p.whyAmount(a, l.T("Target"), c.Target, ""),
		p.whyAmount(a, l.T("Forecast"), c.Counted, l.T("each at most its target")),
		p.whyAmount(a, l.T("Weighted"), c.Weighted, l.T("by the probability kept when the stage was entered")),
		p.whyAmount(a, l.T("Expansion"), c.Expansion, l.T("above the target, apart")),
	}
	if i > 0 && i < 4 {
		lines = append(lines, p.whyAmount(a, l.T("more certain"), p.figs.made.Calls[i-1].Cumulative, pickWord(l, "call", p.figs.made.Calls[i-1].Call)))
	}
	return p.dueNotes(a, p.whyFigure(label, p.inFigures(a, value), formula, lines...))
}

// callLines are one amount of each line of the forecast.
func (p *renewalsPane) callLines(a *App, of func(i int) int64) []model.WhyLine {
	var lines []model.WhyLine
	for i, c := range p.figs.made.Calls {
		if n := of(i); n != 0 {
			lines = append(lines, p.whyAmount(a, pickWord(a.lang, "call", c.Call), n, plural(a.lang, c.Renewals, model.Contract)))
		}
	}
	return lines
}

func (p *renewalsPane) whyWeighted(a *App, sum int64) model.Why {
	return p.dueNotes(a, p.whyFigure(a.lang.T("Weighted"), p.inFigures(a, sum), a.lang.T("Σ forecast × probability ÷ 100; the probability is the one kept when the stage was entered, a won renewal counts in full"),
		p.callLines(a, func(i int) int64 { return p.figs.made.Calls[i].Weighted })...))
}

func (p *renewalsPane) whyExpansion(a *App, sum int64) model.Why {
	return p.dueNotes(a, p.whyFigure(a.lang.T("Expansion"), p.inFigures(a, sum), a.lang.T("what is agreed or expected above the target; it stands apart and is in no line of the forecast"),
		p.callLines(a, func(i int) int64 { return p.figs.made.Calls[i].Expansion })...))
}

// baseNotes say of whom the figures of recurring revenue are.
func (p *renewalsPane) baseNotes(a *App, w model.Why) model.Why {
	w.Record = p.figs.made.Start.String() + " – " + p.figs.made.End.String()
	if p.figs.made.LeftOut > 0 {
		w.Notes = append(w.Notes, a.lang.T("%d contracts are left out: their currency has no rate (setting rate.XXX)", p.figs.made.LeftOut))
	}
	if p.text != "" {
		w.Notes = append(w.Notes, a.lang.T("of all customers: the filter of renewals means nothing here"))
	}
	return w
}

func (p *renewalsPane) whyStart(a *App) model.Why {
	r := &p.figs.made.Retained
	return p.baseNotes(a, p.whyFigure(a.lang.T("Start"), p.inFigures(a, r.Start),
		a.lang.T("Σ A: recurring revenue on the first day, of the customers that had any; annual amounts of the contracts whose term covers the day, its last day included"),
		model.WhyLine{Label: a.lang.T("Customers"), Value: a.lang.Int(int64(r.Customers))}))
}

func (p *renewalsPane) whyEnd(a *App) model.Why {
	r := &p.figs.made.Retained
	lines := []model.WhyLine{p.whyAmount(a, a.lang.T("Start"), r.Start, "")}
	for _, m := range score.Moves() {
		lines = append(lines, p.whyAmount(a, a.lang.In("movement", string(m)), r.Moves[m].Delta, plural(a.lang, r.Moves[m].Customers, model.Customer)))
	}
	return p.baseNotes(a, p.whyFigure(a.lang.T("End"), p.inFigures(a, r.End), a.lang.T("start and all movements: the recurring revenue of everybody on the last day"), lines...))
}

// moveFormulas say what a movement is, A being a customer's revenue at the start and B at the end.
func moveFormulas() map[score.Move]string {
	return map[score.Move]string{
		score.MoveNew:          "A = 0 and B > 0, of customers that never had any before: Σ B",
		score.MoveReactivation: "A = 0 and B > 0, of customers that had some earlier and none at the start: Σ B",
		score.MoveExpansion:    "B > A > 0: Σ (B − A), by customer, so that growth and shrinking of one customer are netted",
		score.MoveContraction:  "A > B > 0: Σ (B − A), by customer",
		score.MoveChurn:        "A > 0 and B = 0: −Σ A, of customers that are lost altogether",
	}
}

// mostMoves is how many customers an explanation names.
const mostMoves = 15

func (p *renewalsPane) whyMove(a *App, m score.Move) model.Why {
	r := &p.figs.made.Retained
	w := p.whyFigure(a.lang.In("movement", string(m)), p.inFigures(a, r.Moves[m].Delta), a.lang.T(moveFormulas()[m]))
	for _, c := range r.Movements {
		if c.Move != m {
			continue
		}
		if len(w.Lines) == mostMoves {
			w.Notes = append(w.Notes, a.lang.T("and %d more; enter lists them all", r.Moves[m].Customers-mostMoves))
			break
		}
		w.Lines = append(w.Lines, model.WhyLine{Label: p.customerName(c.ID), Value: p.inFigures(a, c.Delta), Note: amount(a.lang, c.A) + " → " + amount(a.lang, c.B)})
	}
	return p.baseNotes(a, w)
}

func (p *renewalsPane) customerName(id string) string {
	at, err := model.ParseID(id)
	if err != nil {
		return id
	}
	row, ok := p.snap.Table(model.Customer).Row(at)
	if !ok {
		return id
	}
	return kit.Clean(short(p.snap.Title(model.Customer, row)))
}

func (p *renewalsPane) whyGRR(a *App) model.Why {
	r, l := &p.figs.made.Retained, a.lang
	return p.baseNotes(a, p.whyFigure(l.T("GRR, gross retention"), rateText(a, r.GRR, r.Known), l.T("Σ min(A, B) ÷ Σ A, by customer: no growth of one hides the shrinking of another; new and returning customers are in neither"),
		p.whyAmount(a, "Σ A", r.Start, l.T("start")),
		p.whyAmount(a, l.In("movement", string(score.MoveContraction)), r.Moves[score.MoveContraction].Delta, ""),
		p.whyAmount(a, l.In("movement", string(score.MoveChurn)), r.Moves[score.MoveChurn].Delta, ""),
		p.whyAmount(a, "Σ min(A, B)", r.Kept, l.T("gross loss %s", rateText(a, r.GrossLoss(), r.Known)))))
}

func (p *renewalsPane) whyNRR(a *App) model.Why {
	r, l := &p.figs.made.Retained, a.lang
	return p.baseNotes(a, p.whyFigure(l.T("NRR, net retention"), rateText(a, r.NRR, r.Known), l.T("Σ B ÷ Σ A of the customers that had recurring revenue at the start"),
		p.whyAmount(a, "Σ A", r.Start, l.T("start")),
		p.whyAmount(a, l.In("movement", string(score.MoveExpansion)), r.Moves[score.MoveExpansion].Delta, ""),
		p.whyAmount(a, l.In("movement", string(score.MoveContraction)), r.Moves[score.MoveContraction].Delta, ""),
		p.whyAmount(a, l.In("movement", string(score.MoveChurn)), r.Moves[score.MoveChurn].Delta, ""),
		p.whyAmount(a, "Σ B", r.Now, l.T("net loss %s; below zero is growth", rateText(a, r.NetLoss(), r.Known)))))
}

func (p *renewalsPane) whyLogos(a *App) model.Why {
	r, l := &p.figs.made.Retained, a.lang
	return p.baseNotes(a, p.whyFigure(l.T("Logo retention"), rateText(a, r.Logo, r.Known), l.T("customers with recurring revenue on both days ÷ those with some at the start"),
		model.WhyLine{Label: l.T("Start"), Value: l.Int(int64(r.Customers))}, model.WhyLine{Label: l.T("Stayed"), Value: l.Int(int64(r.Stayed))}))
}

// concentratedWhy names the customers on whom most hangs.
func (p *renewalsPane) concentratedWhy(a *App, label, value, formula string, n int) model.Why {
	c := &p.figs.made.Concentrated
	w := p.whyFigure(label, value, formula)
	for _, r := range c.Rows[:min(n, len(c.Rows))] {
		w.Lines = append(w.Lines, model.WhyLine{Label: p.customerName(r.ID), Value: p.inFigures(a, r.Value), Note: a.lang.T("%s of all, together %s", rateText(a, r.Share, true), rateText(a, r.Cumulative, true))})
	}
	w.Lines = append(w.Lines, p.whyAmount(a, a.lang.T("All"), c.Total, plural(a.lang, len(c.Rows), model.Customer)))
	w = p.baseNotes(a, w)
	w.Record = p.snap.Today.String()
	return w
}

func (p *renewalsPane) whyTop(a *App, n int, label string) model.Why {
	return p.concentratedWhy(a, label, rateText(a, p.figs.made.Concentrated.Top(n), true), a.lang.T("recurring revenue of the largest ÷ that of all"), n)
}

func (p *renewalsPane) whyEighty(a *App) model.Why {
	n := p.figs.made.Concentrated.Reaching(0.8)
	return p.concentratedWhy(a, a.lang.T("Make 80 %"), plural(a.lang, n, model.Customer), a.lang.T("how many of the largest it takes to reach four fifths of the recurring revenue"), min(n, mostMoves))
}

func (p *renewalsPane) whyHHI(a *App) model.Why {
	return p.concentratedWhy(a, a.lang.T("Herfindahl index"), a.lang.Decimal(p.figs.made.Concentrated.HHI, 2), a.lang.T("Σ (share in percent)² of all customers: 10,000 where one has everything, near 0 where all are small"), 5)
}

func (p *renewalsPane) whyLeaves(a *App) model.Why {
	c := &p.figs.made.Concentrated
	return p.concentratedWhy(a, a.lang.T("If the largest leaves"), p.inFigures(a, c.Total-c.Rows[0].Value), a.lang.T("recurring revenue of all less that of the largest; enter shows what is left without each"), 1)
}

// openMoves lists the customers of a movement; choosing one opens it.
func (p *renewalsPane) openMoves(a *App, m score.Move, label string) {
	var items []kit.Item
	for _, c := range p.figs.made.Retained.Movements {
		if c.Move == m {
			items = append(items, p.customerItem(c.ID, kit.PadLeft(p.inFigures(a, c.Delta), 18)+"  "+amount(a.lang, c.A)+" → "+amount(a.lang, c.B)))
		}
	}
	p.openList(a, label, items)
}

// openConcentration lists the customers by what hangs on them, and what is left without each.
func (p *renewalsPane) openConcentration(a *App) {
	c := &p.figs.made.Concentrated
	items := make([]kit.Item, 0, len(c.Rows))
	for _, r := range c.Rows {
		items = append(items, p.customerItem(r.ID, fmt.Sprintf("%s  %s  %s", kit.PadLeft(p.inFigures(a, r.Value), 18), kit.PadLeft(rateText(a, r.Share, true), 8),
			a.lang.T("without it %s", p.inFigures(a, c.Total-r.Value)))))
	}
	p.openList(a, a.lang.T("Concentration, all customers"), items)
}

func (p *renewalsPane) customerItem(id, words string) kit.Item {
	it := kit.Item{Title: kit.PadRight(kit.Truncate(p.customerName(id), 28), 29) + words}
	if at, err := model.ParseID(id); err == nil {
		it.Value = goAnswer{model.Customer, at}
	}
	return it
}

func (p *renewalsPane) openList(a *App, title string, items []kit.Item) {
	if len(items) == 0 {
		a.say(kit.Info, a.lang.T("There is nobody to show."))
		return
	}
	list := kit.NewPalette(title, items)
	list.Hint = a.lang.T("a few letters find a customer; enter opens it")
	a.stack.Push(list)
}
