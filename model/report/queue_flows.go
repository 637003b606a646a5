package report

import (
	"cmp"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// Flows counts by month and person what was passed on between departments (row E5 of the brief): what
// customers find valuable and candidates for success cases to marketing, needs to product.
func Flows(s *table.Snapshot, a Args) (Report, error) {
	from, to := period(s, a, 365)
	if !a.From.IsSet() {
		from = to.AddMonths(-11).MonthStart()
	}
	r := Report{
		Name: "flows", Title: "Passed on " + span(from, to),
		Definition: "value feedback and success cases: tasks of that flow, by who raised them and when (do pass-on); needs: customers' words noted on items, by who noted them; done: the tasks among them that are done",
		Columns:    []Column{{"month", "Month"}, {"person", "Person"}, {"value_feedback", "Value feedback"}, {"success_cases", "Success cases"}, {"needs", "Needs"}, {"done", "Done"}, {"total", "Total"}},
	}
	type line struct {
		month, person             string
		value, cases, needs, done int
		lines                     []model.WhyLine
	}
	at := map[string]*line{}
	var order []*line
	add := func(on day.Day, person string, k model.Kind, row int32, flow string, done bool) {
		if !on.IsSet() || on < from || on > to || a.Owner != "" && person != a.Owner {
			return
		}
		month := on.String()[:7]
		l := at[month+" "+person]
		if l == nil {
			l = &line{month: month, person: person}
			at[month+" "+person] = l
			order = append(order, l)
		}
		switch flow {
		case model.FlowValue:
			l.value++
		case model.FlowCase:
			l.cases++
		default:
			l.needs++
		}
		if done {
			l.done++
		}
		l.lines = append(l.lines, model.WhyLine{Label: s.Title(k, row), Value: flow, Note: on.String(), Kind: k, ID: s.Table(k).ID(row)})
	}
	tasks, voices := s.Table(model.Task), s.Table(model.Voice)
	tasks.Rows(func(row int32) bool {
		if flow := tasks.Str(row, "flow"); flow != "" {
			add(tasks.Day(row, "raised"), tasks.Str(row, "raised_by"), model.Task, row, flow, tasks.Day(row, "done_on").IsSet())
		}
		return true
	})
	voices.Rows(func(row int32) bool {
		if ms, ok := voices.Num(row, "said"); ok {
			add(day.Day(floorDiv(int64(ms), 86400000)), voices.Str(row, "by"), model.Voice, row, "need", false)
		}
		return true
	})
	slices.SortFunc(order, func(x, y *line) int {
		return cmp.Or(strings.Compare(y.month, x.month), strings.Compare(x.person, y.person))
	})
	for _, l := range order {
		r.Rows = append(r.Rows, []Cell{text(l.month), text(named(l.person)), count(l.value), count(l.cases), count(l.needs), count(l.done), count(l.value + l.cases + l.needs)})
	}
	r.Why = func(row int) model.Why {
		l := order[row]
		return model.Why{Record: r.Title, Figure: r.Name, Label: l.month + " · " + named(l.person), Value: r.Rows[row][6].Words(), Formula: r.Definition, Lines: l.lines}
	}
	return r, nil
}
