package ui

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
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
			out = append(out, figure{p.sp.lang.T(f.Label) + ": " + pickWord(p.sp.lang, name, o), p.valued(rows), filter})
		}
	}
	return out
}

// horizons are the renewals by the days left to decide.
func (p *listPane) horizons() []figure {
	out := []figure{{p.sp.lang.T("Decision late"), "", "decision_date:<today"}}
	from := "today"
	for _, days := range []int{30, 60, 90, 180} {
		to := "+" + strconv.Itoa(days) + "d"
		out = append(out, figure{p.sp.lang.T("Decide within %d days", days), "", "decision_date:" + from + ".." + to})
	}
	out = append(out, figure{p.sp.lang.T("At risk"), "", "at_risk:yes"}, figure{p.sp.lang.T("Milestone late"), "", "milestone_date:<today"},
		figure{p.sp.lang.T("Yours"), "", "owner:me"})
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
	return p.snap.Table(p.sp.kind).View(p.snap, expr, p.env, p.order())
}

func (p *listPane) valued(rows []int32) string {
	s := plural(p.sp.lang, len(rows), p.sp.kind)
	if p.sp.sum != "" && len(rows) > 0 && !p.snap.Hides(p.sp.kind, p.sp.sum) {
		s += ", " + p.inOne(p.snap.Totals(p.sp.kind, rows, p.sp.sum))
	}
	return s
}

// inOne adds totals up in the company's currency, so that figures can be compared; where a rate is
// missing they stay side by side.
func (p *listPane) inOne(all []table.Sum) string {
	company, total := p.snap.Settings.Text("company.currency"), 0.0
	for _, s := range all {
		rate, ok := p.snap.Settings.Rate(cmp.Or(s.Currency, company))
		if !ok {
			return sums(p.sp.lang, all, company)
		}
		total += float64(s.Units) * rate
	}
	return amount(p.sp.lang, int64(math.Round(total))) + " " + company
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
	label, count, sum := 0, 0, 0
	for _, f := range figures {
		n, total, _ := strings.Cut(f.value, ", ")
		label, count, sum = max(label, kit.Width(kit.Clean(f.label))), max(count, kit.Width(n)), max(sum, kit.Width(total))
	}
	for i, f := range figures {
		n, total, _ := strings.Cut(f.value, ", ")
		title := kit.PadRight(kit.Clean(f.label), min(label, 28)) + "  " + kit.PadLeft(n, count)
		if sum > 0 {
			title += "  " + kit.PadLeft(total, min(sum, 20))
		}
		items[i] = kit.Item{ID: "figure\x00" + f.filter, Title: title, Help: f.filter}
	}
	a.stack.Push(kit.NewMenu(a.lang.T("%s: figures", a.lang.T(a.pane().spec().title)), items))
}
