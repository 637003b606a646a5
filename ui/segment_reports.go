package ui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model/day"
	"opsdeck/model/report"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// segmentReports are the reports that the segments pane shows, each with what a row of it is about.
func segmentReports() []struct{ name, title string } {
	return []struct{ name, title string }{
		{"movers", "Movers"},
		{"load", "Load of owners"},
		{"rebalance", "Proposals to even the load"},
		{"coverage", "Coverage of touches"},
		{"concentration", "Concentration"},
		{"pareto", "Customers by share"},
		{"rfm", "RFM"},
		{"usage", "Usage by feature"},
		{"revenue", "Revenue by month"},
	}
}

// openSegmentReports lets choose a report.
func (a *App) openSegmentReports() {
	var items []kit.Item
	for i, r := range segmentReports() {
		items = append(items, kit.Item{ID: r.name, Key: strconv.Itoa(i + 1), Title: a.lang.T(r.title), Help: "report " + r.name, Value: reportChosen{name: r.name}})
	}
	a.stack.Push(kit.NewMenu(a.lang.T("Reports"), items))
}

// reportChosen is the answer of the menu: the report is computed away from the screen.
type reportChosen struct{ name, by string }

func (m reportChosen) answered(a *App) {
	s, b := a.snap, a.backend
	a.after = func() tea.Msg {
		r, err := report.Make(report.Makers()[m.name], s, report.Args{From: day.None, To: day.None, By: m.by, Read: b.Get})
		return reportMade{s, r, err}
	}
}

// reportMade brings a report.
type reportMade struct {
	snap *table.Snapshot
	r    report.Report
	err  error
}

func (m reportMade) apply(a *App) {
	if m.err != nil {
		a.fail(m.err)
		return
	}
	if len(m.r.Rows) == 0 {
		a.say(kit.Info, a.lang.T("The report has no rows: there is nothing to show."))
		return
	}
	head, items := reportItems(a, m.r)
	p := kit.NewPalette(a.lang.Say(m.r.Title), items)
	p.Head, p.Wide = head, true
	p.Hint = kit.Clean(a.lang.Say(m.r.Definition))
	a.stack.Push(p)
}

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
			text := kit.Truncate(kit.Clean(c.Words()), most)
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

// behindRow is the filter that shows the customers of a report's row.
func behindRow(r report.Report, row []report.Cell) string {
	for k, c := range r.Columns {
		v := row[k].Text
		switch {
		case c.Key == "customer" && v != "":
			return "name:=" + strconv.Quote(v)
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
