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
		r, err := report.Makers()[m.name](s, report.Args{From: day.None, To: day.None, By: m.by, Read: b.Get})
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
	p := kit.NewPalette(a.lang.Say(m.r.Title), reportItems(m.r))
	p.Hint = kit.Clean(a.lang.Say(m.r.Definition))
	a.stack.Push(p)
}

// reportItems writes each row of a report as a line that can be found and chosen.
func reportItems(r report.Report) []kit.Item {
	widths := make([]int, len(r.Columns))
	cells := make([][]string, len(r.Rows))
	for i, row := range r.Rows {
		for k, c := range row {
			text := kit.Truncate(kit.Clean(c.Words()), 44)
			cells[i] = append(cells[i], text)
			widths[k] = max(widths[k], kit.Width(text))
		}
	}
	items := make([]kit.Item, len(r.Rows))
	for i, row := range r.Rows {
		var b strings.Builder
		for k, c := range row {
			pad := kit.PadRight
			if c.IsNumber {
				pad = kit.PadLeft
			}
			b.WriteString(pad(cells[i][k], widths[k]) + "  ")
		}
		items[i] = kit.Item{ID: r.Name, Title: strings.TrimRight(b.String(), " ")}
		if r.Why != nil {
			items[i].Value = rowChosen{r, i}
		} else if filter := behindRow(r, row); filter != "" {
			items[i].Value = showFilter{filter}
		}
	}
	return items
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
