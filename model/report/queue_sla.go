package report

import (
	"cmp"
	"slices"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/sla"
	"opsdeck/model/table"
)

// slaOf is what a clock of an item has come to.
type slaOf struct {
	row     int32
	state   sla.State // empty where nothing is promised
	running bool
	elapsed float64 // hours from its start to its stop, by the calendar on the wall
	worked  float64 // the same in working hours, without pauses
}

// SLA tells how promises were kept, by severity or another field and by clock.
func SLA(s *table.Snapshot, a Args) (Report, error) {
	by := cmp.Or(a.By, "severity")
	q := &queueReader{s: s, t: s.Table(model.Item), from: a.From, to: a.To}
	bundles, err := bundlesOf(s, by, func(row int32) bool {
		on := q.dayOf(row, "opened")
		return (!a.From.IsSet() || on.IsSet() && on >= a.From) && (!a.To.IsSet() || on.IsSet() && on <= a.To)
	})
	if err != nil {
		return Report{}, err
	}
	r := Report{
		Name: "sla", Title: "Promises by " + by,
		Definition: "breach rate = clocks that were used up before they stopped, or are used up and still run ÷ those and the ones met; running clocks that are in time are not decided. Hours from start to stop; working hours on the calendar of the customer, without pauses (settings sla, calendar)",
		Columns:    []Column{byColumn(model.Item, by), {"clock", "Clock"}},
	}
	if a.From.IsSet() || a.To.IsSet() {
		r.Definition += "; items opened " + span(a.From, a.To)
	}
	courses := map[int32]map[string]slaOf{}
	var lines []bundle
	for _, b := range bundles {
		for _, name := range model.SLAClocks() {
			l := bundle{cells: append(slices.Clone(b.cells), text(name)), filter: b.filter}
			for _, row := range b.rows {
				if courses[row] == nil {
					courses[row] = q.courses(row)
				}
				if _, ok := courses[row][name]; ok {
					l.rows = append(l.rows, row)
				}
			}
			if len(l.rows) > 0 {
				lines = append(lines, l)
			}
		}
	}
	r = figured(s, r, model.Item, lines, slaFigures(func(b *bundle) []slaOf {
		out := make([]slaOf, 0, len(b.rows))
		for _, row := range b.rows {
			out = append(out, courses[row][b.cells[1].Text])
		}
		return out
	}))
	figures := r.Why
	r.Why = func(row int) model.Why {
		w := figures(row)
		w.Notes = append(w.Notes, "each clock by itself: why item ID sla_due")
		return w
	}
	return r, nil
}

func span(from, to day.Day) string {
	switch {
	case !to.IsSet():
		return "from " + from.String()
	case !from.IsSet():
		return "up to " + to.String()
	}
	return "from " + from.String() + " to " + to.String()
}

// courses are what an item's clocks have come to, by name; where nothing is promised, how long it took all
// the same.
func (q *queueReader) courses(row int32) map[string]slaOf {
	out := map[string]slaOf{}
	clocks := q.s.Clocks(row)
	for i := range clocks {
		out[clocks[i].Name] = clockCourse(row, &clocks[i])
	}
	opened, known := q.t.Num(row, "opened")
	for name, field := range map[string]string{"first response": "responded", "resolution": "resolved"} {
		end, ended := q.t.Num(row, field)
		_, promised := out[name]
		if promised || !known || !ended || name == "resolution" && q.t.Bool(row, "open") {
			continue
		}
		out[name] = slaOf{row: row, elapsed: max(0, end-opened) / 3600000}
	}
	return out
}

func clockCourse(row int32, c *table.ItemClock) slaOf {
	o := slaOf{row: row, state: c.State, running: c.Running()}
	if !o.running {
		o.elapsed = float64(c.Stop-c.Start) / 3600
		o.worked = float64(max(0, c.Line.Working(c.Start, c.Stop)-c.Held)) / 3600
	}
	return o
}

func slaFigures(of func(b *bundle) []slaOf) []figure {
	counting := func(key, label, formula string, has func(o slaOf) bool) figure {
		return figure{Column{key, label}, formula, func(b *bundle) (Cell, []counted) {
			var all []counted
			for _, o := range of(b) {
				if has(o) {
					all = append(all, counted{o.row, o.words()})
				}
			}
			return count(len(all)), all
		}}
	}
	late := func(o slaOf) bool { return o.state == sla.Breached }
	return []figure{
		counting("clocks", "Clocks", "items to which it is promised", func(o slaOf) bool { return o.state != "" }),
		counting("running", "Running", "not stopped yet, the paused ones too", func(o slaOf) bool { return o.running }),
		counting("warning", "Warning", "running, and soon used up", func(o slaOf) bool { return o.running && o.state == sla.Warning }),
		counting("late", "Late", "running, and used up", func(o slaOf) bool { return o.running && late(o) }),
		counting("met", "Met", "stopped in time", func(o slaOf) bool { return o.state == sla.Met }),
		counting("breached", "Breached", "stopped too late", func(o slaOf) bool { return !o.running && late(o) }),
		{Column{"breach_rate", "Breach %"}, "(late + breached) ÷ (late + breached + met)", func(b *bundle) (Cell, []counted) {
			var bad, all int64
			for _, o := range of(b) {
				if late(o) {
					bad++
				}
				if late(o) || o.state == sla.Met {
					all++
				}
			}
			if all == 0 {
				return text(""), nil
			}
			return percent(share(bad, all)), nil
		}},
		hours("mean_hours", "Mean h", "mean from start to stop of those that have stopped, also where nothing is promised", of, func(o slaOf) (float64, bool) { return o.elapsed, true }, meanOf),
		hours("median_hours", "Median h", "the middle one of the same", of, func(o slaOf) (float64, bool) { return o.elapsed, true }, medianOf),
		hours("mean_working_hours", "Working h", "mean of the working hours of those to which it is promised, without pauses", of, func(o slaOf) (float64, bool) { return o.worked, o.state != "" }, meanOf),
	}
}

func (o slaOf) words() string {
	if o.running {
		return string(o.state)
	}
	if o.state == "" {
		return "after " + strconv.FormatFloat(o.elapsed, 'f', 2, 64) + " h"
	}
	return string(o.state) + " after " + strconv.FormatFloat(o.worked, 'f', 2, 64) + " h"
}

func hours(key, label, formula string, of func(b *bundle) []slaOf, value func(slaOf) (float64, bool), sum func([]float64) float64) figure {
	return figure{Column{key, label}, formula, func(b *bundle) (Cell, []counted) {
		var all []float64
		for _, o := range of(b) {
			if f, ok := value(o); ok && !o.running {
				all = append(all, f)
			}
		}
		if len(all) == 0 {
			return text(""), nil
		}
		return rounded(sum(all)), nil
	}}
}

func meanOf(all []float64) float64 {
	sum := 0.0
	for _, f := range all {
		sum += f
	}
	return sum / float64(len(all))
}

func medianOf(all []float64) float64 {
	slices.Sort(all)
	n := len(all)
	return (all[(n-1)/2] + all[n/2]) / 2
}
