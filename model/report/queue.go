package report

import (
	"cmp"
	"fmt"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/sla"
	"opsdeck/model/table"
)

// flowDays is over how many days what came in and what went out is counted where nothing else is said.
const flowDays = 30

// queueReader reads what reports say of items.
type queueReader struct {
	s        *table.Snapshot
	t        *table.Table
	from, to day.Day
}

func newQueueReader(s *table.Snapshot, a Args) *queueReader {
	q := &queueReader{s: s, t: s.Table(model.Item)}
	q.from, q.to = period(s, a, flowDays)
	return q
}

func (q *queueReader) within(on day.Day) bool { return on.IsSet() && q.from <= on && on <= q.to }

// dayOf is the day of a time of an item.
func (q *queueReader) dayOf(row int32, field string) day.Day {
	ms, ok := q.t.Num(row, field)
	if !ok {
		return day.None
	}
	return day.Day(floorDiv(int64(ms), 86400000))
}

func floorDiv(a, b int64) int64 {
	if a < 0 {
		return (a - b + 1) / b
	}
	return a / b
}

// doneOn is when an item that is done was done; the state decides whether it is, not the date.
func (q *queueReader) doneOn(row int32) day.Day {
	if q.t.Bool(row, "open") {
		return day.None
	}
	return q.dayOf(row, "resolved")
}

// Queue tells of the items by a field, by customer, or by week or month: how many there are, what came in
// and went out, how old they are, how often they come back and how long they stay where they are.
func Queue(s *table.Snapshot, a Args) (Report, error) {
	by := cmp.Or(a.By, "state")
	if by == "week" || by == "month" {
		return flow(s, a, by), nil
	}
	q := newQueueReader(s, a)
	bundles, err := bundlesOf(s, by, func(int32) bool { return true })
	if err != nil {
		return Report{}, err
	}
	r := Report{
		Name: "queue", Title: "Items by " + by,
		Definition: fmt.Sprintf("open: in every state but closed, duplicate, declined and answered; in and out: opened, and done, from %s to %s; age in days from opened to today", q.from, q.to),
		Columns:    []Column{byColumn(model.Item, by)},
	}
	figures := []figure{
		counts("items", "Items", "all of them", func(row int32) (string, bool) { return q.t.Str(row, "state"), true }),
		counts("open", "Open", "those that still need somebody", func(row int32) (string, bool) { return q.t.Str(row, "state"), q.t.Bool(row, "open") }),
		q.ages(),
		counts("late", "Late", "open, and the clock that is due first is used up", func(row int32) (string, bool) {
			return q.t.Str(row, "sla_clock"), q.t.Bool(row, "open") && q.t.Str(row, "sla_state") == string(sla.Breached)
		}),
		counts("in", "In", "opened in the time", func(row int32) (string, bool) {
			on := q.dayOf(row, "opened")
			return on.String(), q.within(on)
		}),
		counts("out", "Out", "done in the time", func(row int32) (string, bool) {
			on := q.doneOn(row)
			return on.String(), q.within(on)
		}),
		average("days_to_done", "Days to done", "mean from opened to done of those that went out in the time", q.daysToDone),
		rate("reopen_rate", "Reopened %", "those that were reopened ÷ those that have been done at least once", q.reopened),
	}
	if by == "state" {
		figures = append(figures, q.timeInState())
	} else {
		figures = append(figures, average("days_in_state", "Days in state", "mean of the days since the open ones came to the state that they are in", q.daysHere))
	}
	return figured(s, r, model.Item, bundles, figures), nil
}

func (q *queueReader) ages() figure {
	return average("mean_age", "Mean age of the open", "mean of the days since the open ones were opened", func(row int32) (float64, bool) {
		n, ok := q.t.Num(row, "age")
		return n, ok && q.t.Bool(row, "open")
	})
}

func (q *queueReader) daysToDone(row int32) (float64, bool) {
	opened, ok := q.t.Num(row, "opened")
	done, has := q.t.Num(row, "resolved")
	return (done - opened) / 86400000, ok && has && q.within(q.doneOn(row))
}

func (q *queueReader) reopened(row int32) (as string, of, ok bool) {
	n, _ := q.t.Num(row, "reopened")
	return strconv.Itoa(int(n)) + " ×", n > 0 || !q.t.Bool(row, "open"), n > 0
}

// daysHere is how long an open item has been in its state.
func (q *queueReader) daysHere(row int32) (float64, bool) {
	since, ok := q.since(row)
	return max(0, float64(q.s.Now)-since/1000) / 86400, ok && q.t.Bool(row, "open")
}

// since is when an item came to its state; a new one has been so since it was opened.
func (q *queueReader) since(row int32) (float64, bool) {
	since, ok := q.t.Num(row, "state_since")
	if state := q.t.Str(row, "state"); !ok && (state == "" || state == "new") {
		return q.t.Num(row, "opened")
	}
	return since, ok
}

// timeInState is how long items stay in a state, those that have left it and those that are in it; the
// rows of the report are all items, because an item counts for every state that it has been in.
func (q *queueReader) timeInState() figure {
	stays := map[string][]counted{}
	sums := map[string]float64{}
	q.t.Rows(func(row int32) bool {
		own := model.Stays(q.t.Str(row, "course"))
		if since, ok := q.since(row); ok && len(own) == 0 {
			own = []model.Stay{{State: cmp.Or(q.t.Str(row, "state"), "new"), From: int64(since / 1000)}}
		}
		for _, stay := range own {
			end := stay.To
			if end == 0 {
				if !q.t.Bool(row, "open") {
					continue // Where it ends up it stays for good.
				}
				end = q.s.Now
			}
			days := float64(max(0, end-stay.From)) / 86400
			sums[stay.State] += days
			stays[stay.State] = append(stays[stay.State], counted{row, strconv.FormatFloat(days, 'f', 2, 64)})
		}
		return true
	})
	return figure{Column{"days_in_state", "Days in state"}, "mean length of all stays in the state, of those that have left it too", func(b *bundle) (Cell, []counted) {
		state := cmp.Or(q.t.Str(b.rows[0], "state"), "new")
		all := stays[state]
		if len(all) == 0 {
			return text(""), nil
		}
		return rounded(sums[state] / float64(len(all))), all
	}}
}

// stretch is what came in and went out in a time, and what was open at its end.
type stretch struct {
	from, to      day.Day
	in, out, open []counted
}

func (q *queueReader) flowed(from, to day.Day, all []int32) stretch {
	l := stretch{from: from, to: to}
	for _, row := range all {
		opened, done := q.dayOf(row, "opened"), q.doneOn(row)
		if from <= opened && opened <= to {
			l.in = append(l.in, counted{row, opened.String()})
		}
		if done.IsSet() && from <= done && done <= to {
			l.out = append(l.out, counted{row, done.String()})
		}
		if opened.IsSet() && opened <= to && (q.t.Bool(row, "open") || done.IsSet() && done > to) {
			l.open = append(l.open, counted{row, opened.String()})
		}
	}
	return l
}

// flow tells what came in and went out week by week or month by month, and how many were open at the end.
func flow(s *table.Snapshot, a Args, by string) Report {
	q := newQueueReader(s, a)
	if !a.From.IsSet() {
		if q.from = q.to.AddMonths(-11).MonthStart(); by == "week" {
			q.from = q.to - 11*7
		}
	}
	start := func(d day.Day) day.Day {
		if by == "month" {
			return d.MonthStart()
		}
		return d - day.Day((int(d.Weekday())+6)%7)
	}
	var all []int32
	undated := 0
	q.t.Rows(func(row int32) bool {
		all = append(all, row)
		if !q.t.Bool(row, "open") && !q.doneOn(row).IsSet() {
			undated++
		}
		return true
	})
	r := Report{
		Name: "queue", Title: "Items by " + by, Columns: []Column{byColumn(model.Item, by), {"in", "In"}, {"out", "Out"}, {"net", "Net"}, {"open", "Open at the end"}},
		Definition: "in: opened; out: done (closed, duplicate, declined, answered), on the day of the resolution; open at the end: opened by then and not done by then",
	}
	var lines []stretch
	for d := start(q.from); d <= q.to; {
		next := d + 7
		if by == "month" {
			next = d.AddMonths(1)
		}
		l := q.flowed(d, min(next-1, q.to), all)
		name := l.from.String()
		if by == "month" {
			name = name[:7]
		}
		r.Rows = append(r.Rows, []Cell{text(name), count(len(l.in)), count(len(l.out)), count(len(l.in) - len(l.out)), count(len(l.open))})
		lines = append(lines, l)
		d = next
	}
	if undated > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d items that are done have no day of resolution; they are neither out nor open", undated))
	}
	r.Why = func(row int) model.Why {
		l := lines[row]
		b := bundle{cells: r.Rows[row][:1], rows: make([]int32, len(l.in)+len(l.out)), filter: fmt.Sprintf("opened:%s..%s or resolved:%s..%s open:no", l.from, l.to, l.from, l.to)}
		part := func(col int, formula string, c Cell, all []counted) figure {
			return figure{r.Columns[col], formula, func(*bundle) (Cell, []counted) { return c, all }}
		}
		return whyFigures(s, &r, model.Item, b, row, []figure{
			part(1, "opened in the time", r.Rows[row][1], l.in), part(2, "done in the time", r.Rows[row][2], l.out),
			part(3, "in − out", r.Rows[row][3], nil), part(4, "opened by the end and not done by then", r.Rows[row][4], l.open),
		})
	}
	return r
}
