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
	all := flowTable{s: s, from: from, to: to, owner: a.Owner, at: map[string]*flowLine{}}
	tasks, voices := s.Table(model.Task), s.Table(model.Voice)
	tasks.Rows(func(row int32) bool {
		if flow := tasks.Str(row, "flow"); flow != "" {
			all.add(tasks.Day(row, "raised"), tasks.Str(row, "raised_by"), model.Task, row, flow, tasks.Day(row, "done_on").IsSet())
		}
		return true
	})
	voices.Rows(func(row int32) bool {
		if ms, ok := voices.Num(row, "said"); ok {
			all.add(day.Day(floorDiv(int64(ms), 86400000)), voices.Str(row, "by"), model.Voice, row, "need", false)
		}
		return true
	})
	order := all.order
	slices.SortFunc(order, func(x, y *flowLine) int {
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

// flowLine is what one person has passed on in a month.
type flowLine struct {
	month, person             string
	value, cases, needs, done int
	lines                     []model.WhyLine
}

type flowTable struct {
	s        *table.Snapshot
	from, to day.Day
	owner    string
	at       map[string]*flowLine
	order    []*flowLine
}

func (f *flowTable) add(on day.Day, person string, k model.Kind, row int32, flow string, done bool) {
	if !on.IsSet() || on < f.from || on > f.to || f.owner != "" && person != f.owner {
		return
	}
	month := on.String()[:7]
	l := f.at[month+" "+person]
	if l == nil {
		l = &flowLine{month: month, person: person}
		f.at[month+" "+person] = l
		f.order = append(f.order, l)
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
	l.lines = append(l.lines, model.WhyLine{Label: f.s.Title(k, row), Value: flow, Note: on.String(), Kind: k, ID: f.s.Table(k).ID(row)})
}
