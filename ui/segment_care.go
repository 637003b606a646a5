package ui

import (
	"fmt"
	"slices"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/report"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// proposalChosen is a row of the proposals to even the load: it is accepted, or all of them are.
type proposalChosen struct{ customer model.ID }

func (c proposalChosen) answered(a *App) {
	all := a.snap.Rebalance()
	t := a.snap.Table(model.Customer)
	at := slices.IndexFunc(all, func(m table.Handover) bool { return t.ID(m.Row) == c.customer })
	if at < 0 {
		a.say(kit.Info, a.lang.T("This handover is not proposed any more."))
		return
	}
	if a.refuseReading() {
		return
	}
	m := all[at]
	name := kit.Clean(t.Str(m.Row, "name"))
	from := m.From
	if from == "" {
		from = a.lang.T("nobody")
	}
	a.stack.Push(&kit.Confirm{
		Title:    a.lang.T("Even the load"),
		Question: a.lang.T("%s goes from %s to %s.", name, from, m.To) + "\n" + a.lang.Say(m.Why),
		Yes:      a.lang.T("Hand over"), No: a.lang.T("Leave it"), Answer: bulkAnswer{step: a.handover(all[at : at+1])},
		Other: kit.Item{Key: "a", Title: a.lang.T("Accept all %s", a.lang.Int(int64(len(all)))), Value: bulkAnswer{step: a.handover(all)}},
	})
}

// handover is the step that hands customers over.
func (a *App) handover(moves []table.Handover) model.Step {
	step := model.Step{ID: a.backend.NewID(), Actor: a.o.Actor, Label: "even the load: hand over " + plural(nil, len(moves), model.Customer)}
	for _, m := range moves {
		step.Ops = append(step.Ops, m.Op(a.snap))
	}
	return step
}

// refuseReading says that nothing is changed while reading only, and tells whether that is so.
func (a *App) refuseReading() bool {
	if a.readOnly {
		a.say(kit.Warn, a.lang.T("reading only (ctrl+o switches)"))
	}
	return a.readOnly
}

// moverChosen is a row of the movers: its customer is shown, explained or handed to sales.
type moverChosen struct {
	customer   model.ID
	name, rule string
	from       []*table.Snapshot // the earlier day, where the report has one
}

func (m moverChosen) answered(a *App) {
	items := []kit.Item{
		{ID: "show", Key: "o", Title: a.lang.T("Show the customer"), Value: showFilter{"name:=" + strconv.Quote(m.name)}},
		{ID: "why", Key: "w", Title: a.lang.T("Explain it"), Value: moverWhy{m}},
	}
	if slices.Contains([]string{table.AlertGrowth, table.AlertUsage, table.AlertOverdue, table.AlertLeft}, m.rule) && !a.readOnly {
		items = append(items, kit.Item{ID: "sales", Key: "s", Title: a.lang.T("Hand to sales as a task"), Value: moverSold{m}})
	}
	a.stack.Push(kit.NewMenu(kit.Clean(m.name)+": "+a.lang.T(m.rule), items))
}

// moverWhy explains what has been noticed, or what made the score another one.
type moverWhy struct{ m moverChosen }

func (w moverWhy) answered(a *App) {
	figure := map[string]string{"health moves": "health", "tier moves": "tier", "status moves": "status"}[w.m.rule]
	switch {
	case len(w.m.from) > 0 && table.IsJudged(figure):
		a.showWhy(table.WhyBetween(w.m.from[0], a.snap, w.m.customer, figure))
	case figure != "":
		a.after = a.readWhy(model.Customer, w.m.customer, figure)
	default:
		a.after = a.readWhy(model.Customer, w.m.customer, "alerts")
	}
}

// moverSold hands what has been noticed to sales, as 'do hand-to-sales' does.
type moverSold struct{ m moverChosen }

func (s moverSold) answered(a *App) {
	row, ok := a.snap.Table(model.Customer).Row(s.m.customer)
	if !ok {
		return
	}
	task, err := a.snap.SalesTask(row, s.m.rule, "", a.backend.NewID())
	if err != nil {
		a.fail(err)
		return
	}
	a.after = a.step("add task "+task.Title(), nil, model.CreateOp(task))
}

// careBehind is what a row of a report about care leads to.
func (a *App) careBehind(q reportAsked, r report.Report, row []report.Cell) (answer, bool) {
	find := func(key string) string {
		at := slices.IndexFunc(r.Columns, func(c report.Column) bool { return c.Key == key })
		if at < 0 {
			return ""
		}
		return row[at].Text
	}
	switch q.name {
	case "rebalance":
		id, err := model.ParseID(find("id"))
		return proposalChosen{id}, err == nil
	case "movers":
		id, err := model.ParseID(find("id"))
		m := moverChosen{customer: id, name: find("customer"), rule: find("rule")}
		if q.args.Before != nil {
			m.from = []*table.Snapshot{q.args.Before}
		}
		return m, err == nil
	}
	return nil, false
}

// openGroupTouch lets log one touch with everybody of a group whose touch is late, as one step.
func (p *segmentsPane) openGroupTouch(a *App) {
	i := p.g.Row()
	if i < 0 || i >= len(p.groups) {
		return
	}
	t := p.snap.Table(model.Customer)
	var late []model.ID
	for _, row := range p.groups[i].rows {
		if n, _ := t.Num(row, "touch_overdue"); n > 0 {
			late = append(late, t.ID(row))
		}
	}
	if len(late) == 0 {
		a.say(kit.Info, a.lang.T("Nobody of this group is late with a touch."))
		return
	}
	var items []kit.Item
	for _, k := range []struct{ key, kind, title string }{{"m", "mail", "Mail"}, {"c", "call", "Phone call"}, {"v", "visit", "Visit"}, {"t", "training", "Training"}, {"r", "review", "Review"}} {
		items = append(items, kit.Item{ID: k.kind, Key: k.key, Title: a.lang.T(k.title), Value: groupTouched{k.kind, p.name(p.groups[i]), late}})
	}
	a.stack.Push(kit.NewMenu(a.lang.T("Log a touch with %s who are late", plural(a.lang, len(late), model.Customer)), items))
}

// groupTouched asks once more before a touch is logged with many.
type groupTouched struct {
	kind, group string
	customers   []model.ID
}

func (g groupTouched) answered(a *App) {
	if a.refuseReading() {
		return
	}
	step := model.Step{ID: a.backend.NewID(), Actor: a.o.Actor, Label: fmt.Sprintf("log %s with %s", g.kind, plural(nil, len(g.customers), model.Customer))}
	for _, id := range g.customers {
		step.Ops = append(step.Ops, model.CreateOp(a.newTouch(g.kind, id)))
	}
	a.stack.Push(&kit.Confirm{
		Title:    a.lang.T("Log a touch of today"),
		Question: a.lang.T("One touch with each of %s of %s. One undo takes it back.", plural(a.lang, len(g.customers), model.Customer), g.group),
		Yes:      a.lang.T("Log it"), No: a.lang.T("Leave it"), Answer: bulkAnswer{step: step},
	})
}
