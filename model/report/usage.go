package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
	"opsdeck/model/table"
)

// courseMonths is how many months the course of usage goes back.
const courseMonths = 12

// used is what a group has used.
type used struct {
	name                     string
	count, seconds, failures float64
	customers                map[int32]bool
	base                     int // customers whose share makes the adoption
	months                   [courseMonths]float64
}

// Usage adds up usage by feature, by customer, or by a field of the customers such as tier or owner, with
// adoption, trend and the course of the last months (definitions.md, "Usage indicators").
func Usage(s *table.Snapshot, a Args) (Report, error) {
	by := cmp.Or(a.By, "feature")
	if by != "feature" && by != "customer" {
		if err := fieldOf(s, model.Customer, by); err != nil {
			return Report{}, err
		}
	}
	all := usedBy(s, a, by)
	r := Report{
		Name: "usage", Title: fmt.Sprintf("Usage by %s", by),
		Definition: "sums of the months' counts, seconds and failures; adoption: customers that used it ÷ customers with any usage",
		Columns: []Column{
			{by, labelOf(by)},
			{"usage_count", "Count"},
			{"seconds", "Seconds"},
			{"failures", "Failures"},
			{"customers", "Customers"},
			{"adoption", "Adoption %"},
			{"trend", "Trend %"},
			{"course", "12 months"},
			{"seconds_each", "Seconds a use"},
		},
	}
	if by != "feature" {
		r.Definition = "sums of the months' counts, seconds and failures; adoption: customers with any usage ÷ customers of the group"
	}
	r.Definition += "; trend: the last whole month against the mean of the three before; course: the twelve months up to it, each row in its own scale"
	for _, u := range all {
		r.Rows = append(r.Rows, []Cell{
			text(u.name), exact(u.count), exact(u.seconds), exact(u.failures), count(len(u.customers)), percent(share(int64(len(u.customers)), int64(u.base))),
			u.trend(), text(u.course()), u.each(),
		})
	}
	return r, nil
}

func labelOf(by string) string {
	switch by {
	case "feature":
		return "Feature"
	case "customer":
		return "Customer"
	}
	if f, ok := model.SchemaOf(model.Customer).Field(by); ok {
		return f.Label
	}
	return by
}

// usedBy adds usage up by feature, customer or a customer's field, the most used first.
func usedBy(s *table.Snapshot, a Args, by string) []*used {
	t, customers := s.Table(model.Usage), s.Table(model.Customer)
	last := lastMonth(s, a)
	groups, anybody := map[string]*used{}, map[int32]bool{}
	name := groupName(s, by)
	t.Rows(func(row int32) bool {
		m := t.Day(row, "month")
		if a.From.IsSet() && m < a.From.MonthStart() || a.To.IsSet() && m > a.To {
			return true
		}
		customer := t.To(row, "customer")
		key, shown := t.Str(row, "feature"), ""
		if shown = key; by != "feature" {
			key, shown = name(customer)
		}
		u := groups[key]
		if u == nil {
			u = &used{name: shown, customers: map[int32]bool{}}
			groups[key] = u
		}
		n, _ := t.Num(row, "count")
		seconds, _ := t.Num(row, "seconds")
		failures, _ := t.Num(row, "failures")
		u.count, u.seconds, u.failures = u.count+n, u.seconds+seconds, u.failures+failures
		u.customers[customer], anybody[customer] = true, true
		if back := monthsBetween(m, last); last.IsSet() && back >= 0 && back < courseMonths {
			u.months[courseMonths-1-back] += n
		}
		return true
	})
	if by != "feature" {
		customers.Rows(func(row int32) bool {
			if key, _ := name(row); groups[key] != nil {
				groups[key].base++
			}
			return true
		})
	}
	out := make([]*used, 0, len(groups))
	for _, u := range groups {
		if by == "feature" {
			u.base = len(anybody)
		}
		out = append(out, u)
	}
	slices.SortFunc(out, func(x, y *used) int { return cmp.Or(cmp.Compare(y.count, x.count), strings.Compare(x.name, y.name)) })
	return out
}

// groupName tells in which group a customer is: a key, and the words for it.
func groupName(s *table.Snapshot, by string) func(customer int32) (key, shown string) {
	t := s.Table(model.Customer)
	return func(customer int32) (string, string) {
		switch {
		case customer < 0:
			return "", "none"
		case by == "customer":
			return t.ID(customer).String(), t.Str(customer, "name")
		}
		value := s.Shown(model.Customer, customer, by)
		return query.Fold(value), cmp.Or(value, "none")
	}
}

// lastMonth is the first day of the last whole month with usage.
func lastMonth(s *table.Snapshot, a Args) day.Day {
	last, t := day.None, s.Table(model.Usage)
	t.Rows(func(row int32) bool {
		m := t.Day(row, "month")
		if m.IsSet() && m.MonthEnd() <= s.Today && (!a.To.IsSet() || m <= a.To) && (!last.IsSet() || m > last) {
			last = m
		}
		return true
	})
	if last.IsSet() {
		last = last.MonthStart()
	}
	return last
}

// monthsBetween counts the months from one to another.
func monthsBetween(from, to day.Day) int {
	if !from.IsSet() || !to.IsSet() {
		return -1
	}
	a, b := from.Time(), to.Time()
	return (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month())
}

// each is how long one use took, in seconds with one decimal; empty where the source tells no times.
func (u *used) each() Cell {
	if u.seconds <= 0 || u.count <= 0 {
		return text("")
	}
	return Cell{Number: math.Round(10*u.seconds/u.count) / 10, Decimals: 1, IsNumber: true}
}

// trend is the last month against the mean of the three before; empty without use in those.
func (u *used) trend() Cell {
	const n = courseMonths
	before := (u.months[n-2] + u.months[n-3] + u.months[n-4]) / 3
	if before <= 0 {
		return text("")
	}
	return percent(u.months[n-1]/before - 1)
}

// course draws the months as small columns from nothing to the largest.
func (u *used) course() string {
	const blocks = "▁▂▃▄▅▆▇█"
	columns := []rune(blocks)
	top := slices.Max(u.months[:])
	var b strings.Builder
	for _, v := range u.months {
		at := 0
		if top > 0 {
			at = int(math.Round(max(0, v) / top * float64(len(columns)-1)))
		}
		b.WriteRune(columns[at])
	}
	return b.String()
}
