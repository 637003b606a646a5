package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
)

// RFM groups the customers by recency, frequency and monetary value of their orders up to the day, by
// the rule of the settings or another one.
func RFM(s *table.Snapshot, a Args) (Report, error) {
	rule := cmp.Or(a.Rule, s.Settings.Text("rfm.rule"))
	got, err := s.RFM(a.Rule)
	if err != nil {
		return Report{}, err
	}
	r := Report{
		Name: "rfm", Title: "RFM on " + s.Today.String(), Definition: table.RFMWords(rule, got),
		Columns: []Column{{"segment", "Segment"}, {"customers", "Customers"}, {"orders", "Orders"}, {"revenue", "Revenue"}, {"average_order", "Average order"}},
	}
	for _, t := range got.Totals() {
		r.Rows = append(r.Rows, []Cell{text(t.Segment), count(t.Customers), count(t.Orders), rounded(t.Sum), rounded(t.Average)})
	}
	if got.LeftOut > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d customers are left out: their currency has no rate (setting rate.XXX)", got.LeftOut))
	}
	return r, nil
}

func rounded(f float64) Cell { return money(int64(f*model.MoneyScale + 0.5)) }

// group is what is counted of the customers that share a value.
type group struct {
	value     string
	customers int
	arr       int64
	late      int
	score     float64
	scored    int
}

// contractPrefix begins the name of a field that is read from a customer's first contract.
const contractPrefix = "contract."

// groupValue reads the value by which a customer is grouped: a field of its own, or of its first
// contract where the name begins with contractPrefix.
func groupValue(s *table.Snapshot, field string) (func(row int32) string, error) {
	name, ofContract := strings.CutPrefix(field, contractPrefix)
	if !ofContract {
		return func(row int32) string { return s.Shown(model.Customer, row, field) }, fieldOf(s, model.Customer, field)
	}
	t := s.Table(model.Contract)
	return func(row int32) string {
		first := int32(-1)
		for _, k := range t.Kids(row, "customer") {
			if t.Live(k) && (first < 0 || t.Day(k, "start") < t.Day(first, "start")) {
				first = k
			}
		}
		if first < 0 {
			return ""
		}
		return s.Shown(model.Contract, first, name)
	}, fieldOf(s, model.Contract, name)
}

// grouped counts the customers by a field, picks in their natural order, others by name; those without
// a value last.
func grouped(s *table.Snapshot, field string, add func(g *group, row int32)) ([]group, error) {
	value, err := groupValue(s, field)
	if err != nil {
		return nil, err
	}
	t := s.Table(model.Customer)
	by := map[string]int{}
	var out []group
	t.Rows(func(row int32) bool {
		v := value(row)
		i, ok := by[v]
		if !ok {
			i = len(out)
			by[v] = i
			out = append(out, group{value: v})
		}
		out[i].customers++
		add(&out[i], row)
		return true
	})
	var options []string
	if f, ok := t.Schema.Field(field); ok {
		options = f.Options
	}
	slices.SortFunc(out, func(a, b group) int {
		if (a.value == "") != (b.value == "") {
			return cmp.Compare(b.value, a.value)
		}
		return cmp.Or(cmp.Compare(slices.Index(options, a.value), slices.Index(options, b.value)), strings.Compare(a.value, b.value))
	})
	return out, nil
}

func named(v string) string { return cmp.Or(v, "none") }

// Segments counts the customers by a field, the tier where none is given, with revenue and lateness.
func Segments(s *table.Snapshot, a Args) (Report, error) {
	by := cmp.Or(a.By, "tier")
	t, cur := s.Table(model.Customer), currencyOf(s, model.Contract)
	left := 0
	groups, err := grouped(s, by, func(g *group, row int32) {
		n, l := recurring(cur, row, s.Today)
		g.arr += n
		left += l
		if f, ok := t.Num(row, "tier_score"); ok {
			g.score += f
			g.scored++
		}
		if late, _ := t.Num(row, "touch_overdue"); late > 0 {
			g.late++
		}
	})
	if err != nil {
		return Report{}, err
	}
	var total int64
	for _, g := range groups {
		total += g.arr
	}
	r := Report{
		Name: "segments", Title: "Customers by " + by, Definition: "ARR of the contracts in force in " + cur.name + cur.ratesText(model.Contract) + "; mean score over those that have one; touch late: past the cadence of the tier",
		Columns: []Column{byColumn(model.Customer, by), {"customers", "Customers"}, {"share", "Share %"}, {"arr", "ARR"}, {"arr_share", "of ARR %"}, {"mean_score", "Mean score"}, {"touch_late", "Touch late"}},
	}
	for _, g := range groups {
		mean := text("")
		if g.scored > 0 {
			mean = rounded(g.score / float64(g.scored))
		}
		r.Rows = append(r.Rows, []Cell{
			text(named(g.value)), count(g.customers), percent(share(int64(g.customers), int64(t.Len()))), money(g.arr), percent(share(g.arr, total)), mean, count(g.late),
		})
	}
	if left > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d contracts are left out of ARR: their currency has no rate (setting rate.XXX)", left))
	}
	return r, nil
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// signals are the ways in which a source may say that somebody has churned.
type signals struct{ flag, event, contracts, lines, customers int }

func (n *signals) add(s *table.Snapshot, row int32) {
	events, contracts := s.Table(model.Churn), s.Table(model.Contract)
	if s.Table(model.Customer).Bool(row, "source_churned") {
		n.flag++
	}
	if slices.ContainsFunc(events.Kids(row, "customer"), func(k int32) bool { return events.Live(k) && events.Day(k, "date") <= s.Today }) {
		n.event++
	}
	churned := 0
	for _, k := range contracts.Kids(row, "customer") {
		if contracts.Live(k) {
			n.lines++
			if contracts.Bool(k, "churned") {
				churned++
			}
		}
	}
	n.contracts += churned
	if churned > 0 {
		n.customers++
	}
}

func (n signals) cells(name string, customers int) []Cell {
	of := func(part int) Cell { return percent(share(int64(part), int64(customers))) }
	return []Cell{
		text(name), count(customers), count(n.flag), of(n.flag), count(n.event), of(n.event), count(n.contracts), count(n.lines), count(n.customers), of(n.customers),
	}
}

// Churn counts churn by a field of the customers. Sources disagree on what churn is, so each signal
// is a column of its own, named for what it is.
func Churn(s *table.Snapshot, a Args) (Report, error) {
	by := map[string]*signals{}
	field := cmp.Or(a.By, "status")
	var all signals
	groups, err := grouped(s, field, func(g *group, row int32) {
		if by[g.value] == nil {
			by[g.value] = &signals{}
		}
		by[g.value].add(s, row)
		all.add(s, row)
	})
	if err != nil {
		return Report{}, err
	}
	r := Report{
		Name: "churn", Title: "Churn by " + field,
		Definition: "three signals that need not agree: the source's own flag on the customer; a churn event up to the day; contracts that their source marks as churned",
		Columns: []Column{
			byColumn(model.Customer, field),
			{"customers", "Customers"},
			{"source_churned", "Flag in source"},
			{"source_churned_rate", "%"},
			{"with_churn_event", "With a churn event"},
			{"with_churn_event_rate", "%"},
			{"churned_contracts", "Churned contracts"},
			{"contracts", "Contracts"},
			{"with_churned_contract", "Customers with one"},
			{"with_churned_contract_rate", "%"},
		},
	}
	customers := 0
	for _, g := range groups {
		r.Rows = append(r.Rows, by[g.value].cells(named(g.value), g.customers))
		customers += g.customers
	}
	r.Rows = append(r.Rows, all.cells("all", customers))
	return r, nil
}
