package ui

import (
	"fmt"
	"strconv"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// figure is a number of a pane with the filter that shows the records behind it.
type figure struct {
	label  string
	value  string
	filter string
}

// figures counts the values of the pane's picks among all its records, and renewals by how soon they
// must be decided.
func (p *listPane) figures(a *App) []figure {
	var out []figure
	t := p.snap.Table(p.sp.kind)
	if p.sp.kind == model.Contract {
		out = p.horizons()
	}
	for _, name := range p.sp.count {
		f, _ := t.Schema.Field(name)
		for _, o := range append(append([]string(nil), f.Options...), "none") {
			filter := name + ":" + quoted(o)
			rows := p.count(filter)
			if len(rows) == 0 {
				continue
			}
			out = append(out, figure{f.Label + ": " + o, p.valued(rows), filter})
		}
	}
	return out
}

// horizons are the renewals by the days left to decide.
func (p *listPane) horizons() []figure {
	out := []figure{{"Decision late", "", "decision_date:<today"}}
	from := "today"
	for _, days := range []int{30, 60, 90, 180} {
		to := "+" + strconv.Itoa(days) + "d"
		out = append(out, figure{"Decide within " + strconv.Itoa(days) + " days", "", "decision_date:" + from + ".." + to})
	}
	for i := range out {
		out[i].value = p.valued(p.count(out[i].filter))
	}
	return out
}

// count lists the rows that the pane would show with a filter.
func (p *listPane) count(filter string) []int32 {
	expr, err := p.parse(filter)
	if err != nil {
		return nil
	}
	return p.snap.Table(p.sp.kind).View(p.snap, expr, p.env, p.sorts)
}

func (p *listPane) valued(rows []int32) string {
	s := plural(len(rows), p.sp.kind)
	if p.sp.sum != "" && len(rows) > 0 {
		s += ", " + sums(p.snap.Totals(p.sp.kind, rows, p.sp.sum), p.snap.Settings.Text("company.currency"))
	}
	return s
}

// quoted writes a value for a filter; words of several parts need quotes.
func quoted(v string) string {
	for _, r := range v {
		if r == ' ' || r == '-' || r == '&' || r == ',' || r == '(' || r == ')' || r == '"' || r == ':' {
			return strconv.Quote(v)
		}
	}
	return v
}

// openFigures lets choose one of the pane's figures.
func (a *App) openFigures() {
	figures := a.pane().figures(a)
	if len(figures) == 0 {
		a.say(kit.Warn, "There are no figures here yet.")
		return
	}
	items := make([]kit.Item, len(figures))
	for i, f := range figures {
		items[i] = kit.Item{ID: "figure\x00" + f.filter, Title: fmt.Sprintf("%-28s %s", f.label, f.value), Help: f.filter}
	}
	a.stack.Push(kit.NewMenu(a.pane().spec().title+": figures", items))
}
