package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/score"
	"opsdeck/model/table"
)

// Health tells how the customers' health went: week by week, or with an earlier picture what made each
// customer's another one.
func Health(s *table.Snapshot, a Args) (Report, error) {
	if a.Before != nil {
		return healthMoves(s, a), nil
	}
	trail := a.Trail
	if len(trail) == 0 {
		trail = []day.Day{s.Today}
	}
	r := Report{
		Name: "health", Title: "Health at the ends of weeks",
		Definition: "customers by level of health as known at the end of each day; what the book did not hold by then counts with its own dates; mean over those that have a figure",
		Columns:    []Column{{"date", "Date"}, {"customers", "Customers"}, {"green", "Green"}, {"yellow", "Yellow"}, {"red", "Red"}, {"no_figure", "No figure"}, {"mean", "Mean"}},
	}
	for _, on := range trail {
		then, err := a.known(s, on)
		if err != nil {
			return r, err
		}
		levels, mean, n := healthOf(then, a.Owner)
		cell := text("")
		if n := levels["green"] + levels["yellow"] + levels["red"]; n > 0 {
			cell = decimals(math.Round(mean*100) / 100)
		}
		r.Rows = append(r.Rows, []Cell{text(then.Today.String()), count(n), count(levels["green"]), count(levels["yellow"]), count(levels["red"]), count(levels[""]), cell})
	}
	return r, nil
}

// known is the picture of a day of the trail.
func (a *Args) known(s *table.Snapshot, on day.Day) (*table.Snapshot, error) {
	if on == s.Today || a.Known == nil {
		return s, nil
	}
	return a.Known(on)
}

// healthOf counts the customers whose health is looked after by level.
func healthOf(s *table.Snapshot, owner string) (levels map[string]int, mean float64, customers int) {
	t := s.Table(model.Customer)
	levels = map[string]int{}
	var points, weights []float64
	t.Rows(func(row int32) bool {
		status := t.Str(row, "status")
		if status != "customer" && status != "cancelled" && status != "coming" || owner != "" && t.Str(row, "owner") != owner {
			return true
		}
		customers++
		levels[t.Str(row, "health")]++
		if n, ok := t.Num(row, "health_score"); ok {
			points, weights = append(points, n), append(weights, 1)
		}
		return true
	})
	mean, _ = score.WeightedMean(points, weights)
	return levels, mean, customers
}

// healthMoves lists the customers whose health is another one, with what made it so.
func healthMoves(s *table.Snapshot, a Args) Report {
	r := Report{
		Name: "health", Title: fmt.Sprintf("Health from %s to %s", a.Before.Today, s.Today),
		Definition: "as known at the end of each day; changes: what each measure did to the figure, which adds up to the difference; the largest differences first",
		Columns: []Column{
			{"customer", "Customer"},
			{"tier", "Tier"},
			{"owner", "Owner"},
			{"before", "Before"},
			{"after", "After"},
			{"difference", "Difference"},
			{"level_before", "Level before"},
			{"level_after", "Level after"},
			{"changes", "Changes"},
			{"external_id", "External id"},
		},
	}
	t := s.Table(model.Customer)
	same := 0
	t.Rows(func(row int32) bool {
		if a.Owner != "" && t.Str(row, "owner") != a.Owner {
			return true
		}
		d := table.Between(a.Before, s, t.ID(row), "health")
		if d.Known && len(d.Changes) == 0 || !d.Before.Result.Known && !d.After.Result.Known {
			same++
			return true
		}
		difference := text("")
		if d.Known {
			difference = decimals(d.Delta)
		}
		r.Rows = append(r.Rows, []Cell{
			text(t.Str(row, "name")), text(t.Str(row, "tier")), text(t.Str(row, "owner")), points(d.Before), points(d.After), difference,
			text(d.Before.Level), text(d.After.Level), text(changesText(d)), text(t.Str(row, "external_id")),
		})
		return true
	})
	slices.SortStableFunc(r.Rows, func(x, y []Cell) int {
		return cmp.Or(cmp.Compare(math.Abs(y[5].Number), math.Abs(x[5].Number)), strings.Compare(x[0].Text, y[0].Text))
	})
	r.Notes = append(r.Notes, fmt.Sprintf("%d customers are left out: their health is the same, or neither day has a figure", same))
	return r
}

func points(j table.Judgement) Cell {
	if !j.Result.Known {
		return text("")
	}
	return decimals(math.Round(j.Result.Score*100) / 100)
}

// changesText writes what made a difference, the largest first.
func changesText(d table.Difference) string {
	if !d.Known {
		return "not enough data on one of the days"
	}
	parts := make([]string, len(d.Changes))
	for i, c := range d.Changes {
		parts[i] = fmt.Sprintf("%s %+.2f", cmp.Or(c.Label, c.Before.Label, c.Key), c.Delta)
	}
	return strings.Join(parts, "; ")
}

// WeekEnds lists the Sundays before a day, the oldest first.
func WeekEnds(before day.Day, weeks int) []day.Day {
	last := before - day.Day(before.Weekday())
	if last == before {
		last -= 7
	}
	out := make([]day.Day, weeks)
	for i := range out {
		out[i] = last - day.Day(7*(weeks-1-i))
	}
	return out
}
