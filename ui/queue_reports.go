package ui

import (
	"opsdeck/model/report"
	"opsdeck/ui/kit"
)

// queueReports are the reports that the queue shows.
func queueReports() []struct{ name, by, title string } {
	return []struct{ name, by, title string }{
		{"queue", "month", "In and out by month"},
		{"queue", "area", "Items by product area"},
		{"queue", "customer", "Items by customer"},
		{"queue", "tier", "Items by tier"},
		{"queue", "state", "Time in each state"},
		{"sla", "", "Promises kept and broken"},
		{"demand", "", "Demands for the next version"},
		{"tell", "", "Still to be told"},
		{"handbook", "", "Handbook and missing entries"},
		{"flows", "", "Passed on between departments"},
		{"decisions", "", "Decisions for versions"},
		{"portrait", "", "Target portrait and key scenarios"},
	}
}

// openQueueReports lets choose a report of the queue; a row of it explains itself.
func (a *App) openQueueReports() {
	const keys = "1234567890ab"
	var items []kit.Item
	for i, r := range queueReports() {
		help := "report " + r.name
		if r.by != "" {
			help += " --by " + r.by
		}
		items = append(items, kit.Item{ID: r.name + r.by, Key: keys[i : i+1], Title: a.lang.T(r.title), Help: help, Value: reportChosen{r.name, r.by, r.title}})
	}
	a.stack.Push(kit.NewMenu(a.lang.T("Reports"), items))
}

// rowChosen is a row of a report, whose figures are explained.
type rowChosen struct {
	r   report.Report
	row int
}

func (m rowChosen) answered(a *App) { a.showWhy(m.r.Why(m.row)) }
