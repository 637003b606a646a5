package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// periodWords names the days that a report is about.
func periodWords(from, to day.Day) string {
	switch {
	case from.IsSet() && to.IsSet():
		return fmt.Sprintf("due from %s to %s", from, to)
	case from.IsSet():
		return fmt.Sprintf("due from %s on", from)
	case to.IsSet():
		return fmt.Sprintf("due up to %s", to)
	}
	return "of all time"
}

// converter turns amounts of renewals into the report's currency and counts what has no rate.
type converter struct {
	cur  currency
	left map[int32]bool
}

func newConverter(s *table.Snapshot) *converter {
	return &converter{currencyOf(s, model.Contract), map[int32]bool{}}
}

// of returns what converts the amounts of one renewal; without a rate they count as nothing.
func (c *converter) of(r table.Renewal) func(int64) int64 {
	if r.Currency == c.cur.name {
		return func(n int64) int64 { return n }
	}
	return func(n int64) int64 {
		out, ok := c.cur.convert(model.Contract, r.Row, n)
		if !ok {
			c.left[r.Row] = true
		}
		return out
	}
}

func (c *converter) notes(r *Report) {
	if n := len(c.left); n > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d renewals are left out of the amounts: their currency has no rate (setting rate.XXX)", n))
	}
}

// renewalGroup reads what renewals are grouped by: the month of the due day, or a field of the contract.
func renewalGroup(s *table.Snapshot, by string) (func(r table.Renewal) string, error) {
	if by == "month" {
		return func(r table.Renewal) string { return r.Due.String()[:7] }, nil
	}
	return func(r table.Renewal) string { return s.Shown(model.Contract, r.Row, by) }, fieldOf(s, model.Contract, by)
}

// Renewals tells what is due for renewal in each month, or by another field, and what came of it
// (definitions.md, "due-based").
func Renewals(s *table.Snapshot, a Args) (Report, error) {
	by := cmp.Or(a.By, "month")
	group, err := renewalGroup(s, by)
	if err != nil {
		return Report{}, err
	}
	conv, at, all := newConverter(s), map[string]*DueRates{}, DueRates{name: "all"}
	s.Renewals(a.From, a.To, func(r table.Renewal) {
		if a.Owner != "" && s.Table(model.Contract).Str(r.Row, "owner") != a.Owner {
			return
		}
		name := group(r)
		if at[name] == nil {
			at[name] = &DueRates{name: name}
		}
		units := conv.of(r)
		at[name].add(s, r, units)
		all.add(s, r, units)
	})
	r := Report{
		Name: "renewals", Title: "Renewals " + periodWords(a.From, a.To) + ", as of " + s.Today.String(),
		Definition: "due: Σ target, the annual amount at the end, of the renewals with their due day in the period; over the closed ones alone: gross rate = Σ min(final, target) ÷ Σ target, net rate = Σ final ÷ Σ target, logo rate = renewed ÷ due; lapsed: the term ended and nobody said how, counted as lost; open amounts stand beside the rates; in " +
			conv.cur.name,
		Columns: []Column{
			{by, columnLabel(s, by)},
			{"renewals", "Due"},
			{"target", "Target"},
			{"won", "Won"},
			{"lost", "Lost"},
			{"lapsed", "Lapsed"},
			{"open", "Open"},
			{"open_amount", "Open amount"},
			{"gross_rate", "Gross %"},
			{"net_rate", "Net %"},
			{"logo_rate", "Logo %"},
			{"decision_late", "Decision late"},
		},
	}
	for _, g := range sortedGroups(s, by, at) {
		r.Rows = append(r.Rows, g.cells())
	}
	r.Rows = append(r.Rows, all.cells())
	if all.RanOn > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d of the won are anniversaries of contracts without end that passed without a word", all.RanOn))
	}
	conv.notes(&r)
	return r, nil
}

func columnLabel(s *table.Snapshot, by string) string {
	if f, ok := s.Table(model.Contract).Schema.Field(by); ok {
		return f.Label
	}
	return strings.ToUpper(by[:1]) + by[1:]
}

// sortedGroups orders groups: picks in their natural order, others by name, those without a value last.
func sortedGroups(s *table.Snapshot, by string, at map[string]*DueRates) []*DueRates {
	var options []string
	if f, ok := s.Table(model.Contract).Schema.Field(by); ok {
		options = f.Options
	}
	out := make([]*DueRates, 0, len(at))
	for _, g := range at {
		out = append(out, g)
	}
	slices.SortFunc(out, func(x, y *DueRates) int {
		if (x.name == "") != (y.name == "") {
			return cmp.Compare(y.name, x.name)
		}
		return cmp.Or(cmp.Compare(slices.Index(options, x.name), slices.Index(options, y.name)), strings.Compare(x.name, y.name))
	})
	return out
}

// calls adds up the renewals of one forecast category.
type calls struct {
	n                                   int
	target, counted, weighted, expanded int64
}

func (c *calls) add(r table.Renewal, units func(int64) int64) {
	c.n++
	c.target += units(r.Target)
	counted := units(r.Counted())
	c.counted += counted
	c.expanded += units(r.Expansion())
	if r.Outcome == "won" {
		c.weighted += counted
	} else {
		c.weighted += int64(float64(counted) * r.Chance / 100)
	}
}

// forecastLines are the lines of a forecast from the most certain on; lost stands apart.
func forecastLines() []string {
	return []string{"closed", "commit", "best case", "pipeline", "omitted", "lost"}
}

// forecastLine is the line on which a renewal stands.
func forecastLine(r table.Renewal) string {
	switch {
	case r.Outcome == "won":
		return "closed"
	case model.Closed(r.Outcome):
		return "lost"
	case r.Call == "closed":
		return "commit" // Open, whatever the record says of it: nothing is closed that is not.
	}
	return r.Call
}

// ForecastPeriod is the period of a forecast where none was asked for: the quarter of the day.
func ForecastPeriod(today day.Day) (from, to day.Day) {
	y, m, _ := today.Date()
	from = day.Of(y, m-(m-1)%3, 1)
	return from, from.AddMonths(3) - 1
}

// Forecast adds up what is expected of the renewals due in a period, the categories one after the
// other (definitions.md, "Forecast" and "Categories").
func Forecast(s *table.Snapshot, a Args) (Report, error) {
	if !a.From.IsSet() && !a.To.IsSet() {
		a.From, a.To = ForecastPeriod(s.Today)
	}
	if a.By != "" {
		return forecastBy(s, a)
	}
	conv, at := newConverter(s), map[string]*calls{}
	var all calls
	s.Renewals(a.From, a.To, func(r table.Renewal) {
		if a.Owner != "" && s.Table(model.Contract).Str(r.Row, "owner") != a.Owner {
			return
		}
		line := forecastLine(r)
		if at[line] == nil {
			at[line] = &calls{}
		}
		units := conv.of(r)
		at[line].add(r, units)
		all.add(r, units)
	})
	r := Report{
		Name: "forecast", Title: "Forecast of the renewals " + periodWords(a.From, a.To) + ", as of " + s.Today.String(),
		Definition: forecastDefinition + conv.cur.name,
		Columns: []Column{
			{"category", "Category"},
			{"renewals", "Renewals"},
			{"target", "Target"},
			{"forecast", "Forecast"},
			{"cumulative", "Cumulative"},
			{"weighted", "Weighted"},
			{"expansion", "Expansion"},
		},
	}
	var sum int64
	for _, line := range forecastLines() {
		c := at[line]
		if c == nil {
			c = &calls{}
		}
		sum += c.counted
		cumulative := money(sum)
		if line == "omitted" || line == "lost" {
			cumulative = text("")
		}
		r.Rows = append(r.Rows, []Cell{text(line), count(c.n), money(c.target), money(c.counted), cumulative, money(c.weighted), money(c.expanded)})
	}
	r.Rows = append(r.Rows, []Cell{text("all"), count(all.n), money(all.target), money(all.counted), text(""), money(all.weighted), money(all.expanded)})
	lateNote(s, a, conv, &r)
	conv.notes(&r)
	return r, nil
}

const forecastDefinition = "forecast = Σ final of the won + Σ forecast of the open, each at most its target; cumulative: commit = closed + commit, best case = that + best case, and so on; weighted by the probability kept when the stage was entered; expansion above the target stands apart; lost: churned or lapsed; in "

// forecastBy gives each value of a field a line, the categories side by side.
func forecastBy(s *table.Snapshot, a Args) (Report, error) {
	group, err := renewalGroup(s, a.By)
	if err != nil {
		return Report{}, err
	}
	conv := newConverter(s)
	type byLine map[string]*calls
	at, names := map[string]byLine{}, map[string]*DueRates{}
	add := func(name string, r table.Renewal) {
		if at[name] == nil {
			at[name] = byLine{}
			for _, l := range forecastLines() {
				at[name][l] = &calls{}
			}
		}
		at[name][forecastLine(r)].add(r, conv.of(r))
	}
	s.Renewals(a.From, a.To, func(r table.Renewal) {
		if a.Owner == "" || s.Table(model.Contract).Str(r.Row, "owner") == a.Owner {
			name := group(r)
			names[name] = &DueRates{name: name}
			add(name, r)
		}
	})
	out := Report{
		Name: "forecast", Title: "Forecast of the renewals " + periodWords(a.From, a.To) + " by " + a.By + ", as of " + s.Today.String(),
		Definition: forecastDefinition + conv.cur.name,
		Columns: []Column{
			{a.By, columnLabel(s, a.By)},
			{"renewals", "Renewals"},
			{"target", "Target"},
			{"closed", "Closed"},
			{"commit", "Commit"},
			{"best_case", "Best case"},
			{"pipeline", "Pipeline"},
			{"omitted", "Omitted"},
			{"lost", "Lost target"},
		},
	}
	for _, g := range sortedGroups(s, a.By, names) {
		lines := at[g.name]
		var n int
		var target int64
		for _, l := range forecastLines() {
			n += lines[l].n
			target += lines[l].target
		}
		row := []Cell{text(named(g.name)), count(n), money(target)}
		var sum int64
		for _, l := range forecastLines()[:4] {
			sum += lines[l].counted
			row = append(row, money(sum))
		}
		out.Rows = append(out.Rows, append(row, money(lines["omitted"].counted), money(lines["lost"].target)))
	}
	lateNote(s, a, conv, &out)
	conv.notes(&out)
	return out, nil
}

// lateNote says what is open from before the period, which no period's forecast holds.
func lateNote(s *table.Snapshot, a Args, conv *converter, r *Report) {
	if !a.From.IsSet() {
		return
	}
	n, sum := 0, int64(0)
	s.Renewals(day.None, a.From-1, func(old table.Renewal) {
		if old.Outcome == "open" {
			n++
			sum += conv.of(old)(old.Target)
		}
	})
	if n > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d renewals with a target of %s %s were due before and are still open; they are not in these figures", n, model.FormatMoney(sum), conv.cur.name))
	}
}
