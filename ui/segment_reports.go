package ui

import (
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/report"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// segmentReport is a report that the segments pane shows, with what it asks first.
type segmentReport struct {
	name, title string
	asks        []string
}

func segmentReports() []segmentReport {
	return []segmentReport{
		{"movers", "Movers", []string{"from"}},
		{"health", "Health by weeks, or from day to day", []string{"from", "to"}},
		{"backtest", "Back-test against the customers lost", []string{"at", "by", "signal", "figure"}},
		{"load", "Load of owners", nil},
		{"rebalance", "Proposals to even the load", nil},
		{"coverage", "Coverage of touches", nil},
		{"concentration", "Concentration", nil},
		{"pareto", "Customers by share", nil},
		{"rfm", "RFM", nil},
		{"usage", "Usage by feature or group", []string{"by"}},
		{"revenue", "Revenue by month", nil},
		{"retention", "Retention", []string{"from", "to"}},
		{"churn", "Churn, three signals side by side", nil},
		{"portrait", "Target portrait and key scenarios", nil},
		{"around", "People and firms around customers", nil},
		{"value", "Value in figures, by feature and result", []string{"by"}},
		{"cash", "Cash in by month", []string{"from", "to"}},
	}
}

// openSegmentReports lets choose a report.
func (a *App) openSegmentReports() {
	const keys = "123456789abcdefhimnoprst" // without those that move in a menu
	var items []kit.Item
	for i, r := range segmentReports() {
		items = append(items, kit.Item{ID: r.name, Key: keys[i : i+1], Title: a.lang.T(r.title), Help: "report " + r.name, Value: segmentReportChosen{r}})
	}
	a.stack.Push(kit.NewMenu(a.lang.T("Reports"), items))
}

// segmentReportChosen is the answer of the menu.
type segmentReportChosen struct{ r segmentReport }

func (m segmentReportChosen) answered(a *App) {
	if len(m.r.asks) > 0 {
		a.askReport(m.r)
		return
	}
	reportChosen{name: m.r.name, title: m.r.title}.answered(a)
}

// reportChosen is a report that asks nothing more.
type reportChosen struct{ name, by, title string }

func (m reportChosen) answered(a *App) {
	a.after = a.makeReport(reportAsked{name: m.name, title: m.title, args: report.Args{From: day.None, To: day.None, By: m.by}, at: day.None})
}

// reportField is what a report may ask: a day, or one of some words.
func (a *App) reportField(key, of string) kit.Field {
	f := kit.Field{Key: key, Kind: kit.KindText}
	pick := func(label, help string, options ...string) {
		f.Label, f.Help, f.Kind, f.Value = a.lang.T(label), a.lang.T(help), kit.KindPick, options[0]
		for _, o := range options {
			f.Options = append(f.Options, kit.Option{Value: o, Label: a.lang.T(o)})
		}
	}
	switch key {
	case "from":
		f.Label, f.Help, f.Value = a.lang.T("From"), a.lang.T("a day such as 2026-06-30 or -30d; empty: the last weeks, or what is noticed now"), "-30d"
		if of == "retention" || of == "cash" {
			f.Value = "-1y"
		}
	case "to":
		f.Label, f.Help, f.Value = a.lang.T("To"), a.lang.T("a day such as 2026-06-30 or today"), "today"
		if of == "cash" {
			f.Value = "+90d"
		}
	case "at":
		f.Label, f.Help = a.lang.T("Scored on"), a.lang.T("the scoring day, such as -6m; empty: the ends of the last quarters")
	case "by":
		switch of {
		case "value":
			pick("By", "what is added up: a field of the benefits, or of their customers", append([]string{"feature", "result", "type", "tie", "cost", "customer"}, groupings()...)...)
			f.Options = append([]kit.Option{{Label: a.lang.T("feature and result")}}, f.Options...)
			f.Value = ""
			return f
		case "usage":
			pick("By", "what is added up: features, customers, or the customers of a tier, an owner, a plan …", append([]string{"feature", "customer"}, groupings()...)...)
			return f
		}
		pick("By", "the confusion table by level, what separated best, or each customer", "level", "criterion", "customer")
	case "signal":
		pick("Lost", "what counts as lost: churn events, churned contracts, or no revenue any more", "events", "contracts", "revenue")
	case "figure":
		pick("Figure", "what is held against the customers lost", "health", "tier_score")
	}
	return f
}

// reportForm is the form of what a report asks.
type reportForm struct {
	r    segmentReport
	form *kit.Form
}

func (a *App) askReport(r segmentReport) {
	var fields []kit.Field
	for _, key := range r.asks {
		fields = append(fields, a.reportField(key, r.name))
	}
	f := a.kitForm(a.lang.T(r.title), fields)
	f.Validate = func(key, value string) error {
		if value == "" || key != "from" && key != "to" && key != "at" {
			return nil
		}
		_, err := day.ParseHuman(value, a.snap.Today)
		return a.saidError(err)
	}
	a.stack.Push(&kit.FormDialog{Form: f, ID: &reportForm{r, f}})
}

func (q *reportForm) formAnswered(a *App, _ kit.FormAnswer) {
	v := q.form.Values()
	on := func(key string) day.Day {
		d, err := day.ParseHuman(v[key], a.snap.Today)
		if err != nil {
			return day.None // Empty, as the form lets nothing else through.
		}
		return d
	}
	asked := reportAsked{name: q.r.name, title: q.r.title, at: on("at"), args: report.Args{From: on("from"), To: on("to"), By: v["by"], Signal: v["signal"]}}
	if q.r.name == "backtest" {
		asked.args.Rule = v["figure"]
	}
	a.after = a.makeReport(asked)
}

// reportAsked is a report with what it is asked for.
type reportAsked struct {
	name  string
	title string // of the menu that it was chosen from
	args  report.Args
	at    day.Day // of a back-test
	only  string  // the level whose customers a back-test lists; empty for all
}

// makeReport computes a report away from the screen.
func (a *App) makeReport(q reportAsked) tea.Cmd {
	s, b := a.snap, a.backend
	q.args.Read = b.Get
	return func() tea.Msg {
		now, err := lookBackFor(b, s, &q)
		if err != nil {
			return reportMade{err: err}
		}
		r, err := report.Make(report.Makers()[q.name], now, q.args)
		if len(q.args.Trail) > 0 {
			q.args.Known = nil
			debug.FreeOSMemory() // A picture of each day has been made and is gone.
		}
		return reportMade{q, r, err}
	}
}

// lookBackFor reads the earlier pictures that a report compares with, and returns the one that it is about.
func lookBackFor(b Backend, s *table.Snapshot, q *reportAsked) (*table.Snapshot, error) {
	var err error
	known := func(on day.Day, asNow bool) (*table.Snapshot, error) {
		if on == s.Today {
			return s, nil
		}
		return b.Known(on, asNow)
	}
	trail := func(days []day.Day, asNow bool) {
		q.args.Trail, q.args.Known = days, b.LookBack(days, asNow)
	}
	switch q.name {
	case "backtest":
		if q.at.IsSet() {
			q.args.Before, err = known(q.at, true)
			return s, err
		}
		trail(report.BacktestDays(s.Today, report.DefaultWithin), true)
		return s, nil
	case "movers", "health":
		to := s.Today
		if q.args.To.IsSet() {
			to = q.args.To
		}
		now, err := known(to, false)
		if err != nil {
			return nil, err
		}
		if q.args.From.IsSet() {
			q.args.Before, err = known(q.args.From, false)
			return now, err
		}
		if q.name == "health" {
			trail(append(report.WeekEnds(to, trailWeeks), to), false)
		}
		return now, nil
	}
	return s, nil
}

// reportMade brings a report.
type reportMade struct {
	q   reportAsked
	r   report.Report
	err error
}

func (m reportMade) apply(a *App) {
	if m.err != nil {
		a.fail(m.err)
		return
	}
	if m.q.only != "" {
		m.r.Rows = slices.DeleteFunc(m.r.Rows, func(row []report.Cell) bool { return row[1].Text != m.q.only })
	}
	if len(m.r.Rows) == 0 {
		a.say(kit.Info, a.lang.T("The report has no rows: there is nothing to show."))
		return
	}
	head, items := reportItems(a, m.r)
	for i, row := range m.r.Rows {
		if next, ok := m.q.behind(row); ok {
			items[i].Value = next
		} else if next, ok := a.careBehind(m.q, m.r, row); ok {
			items[i].Value = next
		}
	}
	title := a.lang.Say(m.r.Title)
	if a.lang.Code() != "en" && m.q.title != "" {
		title = a.lang.T(m.q.title) // A title with the names of fields in it is nobody's language.
	}
	p := kit.NewPalette(title, items)
	p.Head, p.Wide = head, true
	p.Hint = kit.Clean(a.lang.Say(strings.Join(append([]string{m.r.Definition}, m.r.Notes...), " · ")))
	a.stack.Push(p)
}

// behind is what a row of a back-test leads to: a scoring day to its confusion table, a level of that to its
// customers.
func (q reportAsked) behind(row []report.Cell) (reportAsked, bool) {
	if q.name != "backtest" {
		return q, false
	}
	on, err := day.Parse(row[0].Text)
	switch {
	case !q.at.IsSet() && err == nil:
		q.at, q.args.Trail, q.args.Known = on, nil, nil
		return q, true
	case q.at.IsSet() && q.args.By == "level":
		q.args.By, q.only = "customer", row[0].Text
		return q, true
	}
	return q, false
}

// answered makes the report that a row of another one leads to.
func (q reportAsked) answered(a *App) { a.after = a.makeReport(q) }

// reportItems writes each row of a report as a line that can be found and chosen, and the names of the
// columns above them.
func reportItems(a *App, r report.Report) (head string, items []kit.Item) {
	widths, numbers := make([]int, len(r.Columns)), make([]bool, len(r.Columns))
	for k, c := range r.Columns {
		widths[k] = kit.Width(a.lang.T(c.Label))
	}
	most := 44
	if len(r.Columns) > 9 {
		most = 28 // Of many columns each gets less room.
	}
	cells := make([][]string, len(r.Rows))
	for i, row := range r.Rows {
		for k, c := range row {
			text := kit.Truncate(kit.Clean(wordOf(a.lang, r.Columns[k].Key, c.Words())), most)
			cells[i] = append(cells[i], text)
			widths[k], numbers[k] = max(widths[k], kit.Width(text)), numbers[k] || c.IsNumber
		}
	}
	line := func(cell func(k int) string) string {
		var b strings.Builder
		for k, w := range widths {
			pad := kit.PadRight
			if numbers[k] {
				pad = kit.PadLeft
			}
			b.WriteString(pad(cell(k), w) + "  ")
		}
		return strings.TrimRight(b.String(), " ")
	}
	items = make([]kit.Item, len(r.Rows))
	for i, row := range r.Rows {
		items[i] = kit.Item{ID: r.Name, Title: line(func(k int) string { return cells[i][k] })}
		if r.Why != nil {
			items[i].Value = rowChosen{r, i}
		} else if filter := behindRow(r, row); filter != "" {
			items[i].Value = showFilter{filter}
		}
	}
	return line(func(k int) string { return a.lang.T(r.Columns[k].Label) }), items
}

// wordOf says a cell that holds one of the words of a field, such as a state, in the reader's language.
func wordOf(l *lang.Lang, column, text string) string {
	switch column {
	case "clock":
		column = "sla_clock"
	case "neighbour", "connection":
		return l.T(text)
	}
	for _, k := range []model.Kind{model.Item, model.Customer, model.Contract, model.Voice} {
		if f, ok := model.SchemaOf(k).Field(column); ok && slices.Contains(f.Options, text) {
			return pickWord(l, column, text)
		}
	}
	return text
}

// behindRow is the filter that shows the customers of a report's row.
func behindRow(r report.Report, row []report.Cell) string {
	for k, c := range r.Columns {
		v := row[k].Text
		switch {
		case c.Key == "customer" && v != "":
			return "name:=" + strconv.Quote(v)
		case r.Name == "usage" && k == 0 && c.Key != "feature" && v == "none":
			return c.Key + ":none"
		case r.Name == "usage" && k == 0 && c.Key != "feature":
			return c.Key + ":" + equals(c.Key, v)
		case r.Name == "load" && c.Key == "owner":
			if v == "nobody" {
				return "owner:none"
			}
			return "owner:" + quoted(v)
		case r.Name == "rfm" && c.Key == "segment":
			return "rfm:=" + strconv.Quote(v)
		case r.Name == "coverage" && c.Key == "tier":
			return "tier:" + quoted(v) + " touch_overdue:>0"
		case r.Name == "concentration" && c.Key == "largest" && v != "":
			return "name:=" + strconv.Quote(v)
		}
	}
	return ""
}
