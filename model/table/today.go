package table

import (
	"cmp"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
)

// Due lists what waits today for a person, or for everybody where owner is empty, the highest rank
// first. What was snoozed or closed for the same cause is left out.
func (s *Snapshot) Due(owner string) []model.Due {
	c := dueCollector{s: s, owner: owner, silenced: map[string]bool{}, total: s.totalARR()}
	c.tasks()
	c.touches()
	c.decisions()
	c.items()
	c.invoices()
	slices.SortFunc(c.out, func(a, b model.Due) int {
		return cmp.Or(cmp.Compare(b.Rank, a.Rank), cmp.Compare(a.On, b.On), strings.Compare(a.Title, b.Title), strings.Compare(a.Cause, b.Cause))
	})
	return c.out
}

type dueCollector struct {
	s        *Snapshot
	owner    string
	silenced map[string]bool // causes that are snoozed or closed
	total    float64         // ARR of the whole book in the company's currency
	out      []model.Due
}

func (s *Snapshot) totalARR() float64 {
	t, total := s.tables[model.Customer], 0.0
	t.Rows(func(row int32) bool { total += s.companyARR(row); return true })
	return total
}

// companyARR is a customer's ARR in the company's currency; 0 where no rate is set.
func (s *Snapshot) companyARR(row int32) float64 {
	rate, ok := s.rate(s.CurrencyOf(model.Customer, row))
	if !ok {
		return 0
	}
	return float64(s.tables[model.Customer].cols[customerAt.arr].num.get(row).int()) * rate
}

// tasks lists the tasks that are due. A task with a cause stands for what a rule raised: it silences
// the rule while it is snoozed and once it is done.
func (c *dueCollector) tasks() {
	t := c.s.tables[model.Task]
	t.Rows(func(row int32) bool {
		cause, done, snoozed := t.Str(row, "cause"), t.Day(row, "done_on"), t.Day(row, "snoozed_until")
		asleep := snoozed.IsSet() && snoozed > c.s.Today
		if cause != "" {
			if done.IsSet() || asleep {
				c.silenced[cause] = true
			}
			return true
		}
		if due := t.Day(row, "due"); !done.IsSet() && !asleep && due.IsSet() && due <= c.s.Today {
			c.add(model.Due{Rule: "task", Kind: model.Task, ID: t.ID(row), Task: t.ID(row), Title: t.Str(row, "title"), Owner: t.Str(row, "owner"), On: due},
				t.To(row, "customer"), model.RankInput{})
		}
		return true
	})
}

// touches lists the customers whose touch is overdue.
func (c *dueCollector) touches() {
	t := c.s.tables[model.Customer]
	t.Rows(func(row int32) bool {
		late, ok := t.cols[customerAt.touchOverdue].float(row)
		if !ok || late <= 0 || !c.mine(t.cols[customerAt.owner].text(row)) {
			return true
		}
		last := t.Day(row, "last_touch")
		d := model.Due{Rule: "touch", Kind: model.Customer, ID: t.ID(row), Title: "get in touch", Owner: t.Str(row, "owner"), On: day.None}
		in := model.RankInput{Never: late >= NeverTouched}
		if !in.Never {
			d.On = c.s.Today - day.Day(late)
		}
		d.Cause = "touch/" + d.ID.String() + "/" + last.String()
		c.add(d, row, in)
		return true
	})
}

// decisionHorizon is how many days before its decision date a renewal comes up.
const decisionHorizon = 14

func (c *dueCollector) decisions() {
	t := c.s.tables[model.Contract]
	t.Rows(func(row int32) bool {
		on := t.cols[contractAt.decision].day.get(row).day()
		if !on.IsSet() || on > c.s.Today+decisionHorizon || !c.mine(t.cols[contractAt.owner].text(row)) {
			return true
		}
		stage := t.Str(row, "stage")
		if stage == "renewed" || stage == "churned" || stage == "verbal" {
			return true
		}
		d := model.Due{Rule: "decision", Kind: model.Contract, ID: t.ID(row), Title: "decide the renewal of " + c.s.title(model.Contract, row), Owner: t.Str(row, "owner"), On: on}
		d.Cause = "decision/" + d.ID.String() + "/" + t.Day(row, "due").String() + "/" + stage
		c.add(d, t.To(row, "customer"), model.RankInput{})
		return true
	})
}

// items lists the worst items that nobody has taken further than confirmed.
func (c *dueCollector) items() {
	t := c.s.tables[model.Item]
	t.Rows(func(row int32) bool {
		sev, state := t.cols[itemAt.severity].text(row), t.cols[itemAt.state].text(row)
		if sev != "S1" && sev != "S2" || state != "new" && state != "reproducing" && state != "confirmed" {
			return true
		}
		d := model.Due{Rule: "item", Kind: model.Item, ID: t.ID(row), Title: sev + " " + t.Str(row, "summary"), Owner: t.Str(row, "owner"), On: c.s.Today}
		if ms, ok := t.Num(row, "opened"); ok {
			d.On = day.Day(int64(ms) / 86400000)
		}
		d.Cause = "item/" + d.ID.String() + "/" + state
		first := int32(-1)
		for _, r := range t.ToAll(row, "customers") {
			if c.s.tables[model.Customer].Live(r) {
				first = r
				break
			}
		}
		c.add(d, first, model.RankInput{Severity: sev})
		return true
	})
}

func (c *dueCollector) invoices() {
	t, customers := c.s.tables[model.Invoice], c.s.tables[model.Customer]
	t.Rows(func(row int32) bool {
		customer := t.cols[invoiceAt.customer].row(row)
		if t.cols[invoiceAt.state].text(row) != "overdue" || !c.mine(customers.cols[customerAt.owner].text(customer)) {
			return true
		}
		d := model.Due{
			Rule: "invoice", Kind: model.Invoice, ID: t.ID(row), Owner: customers.Str(customer, "owner"), On: t.Day(row, "due"),
			Title: "invoice " + c.s.title(model.Invoice, row) + " overdue: " + c.s.Shown(model.Invoice, row, "amount"),
		}
		d.Cause = "invoice/" + d.ID.String()
		c.add(d, customer, model.RankInput{})
		return true
	})
}

// mine tells whether a thing of an owner is asked for. What nobody owns is everybody's.
func (c *dueCollector) mine(owner string) bool {
	return c.owner == "" || owner == "" || owner == c.owner
}

// add ranks a due thing and keeps it unless it is silenced or somebody else's.
func (c *dueCollector) add(d model.Due, customer int32, in model.RankInput) {
	if d.Cause != "" && c.silenced[d.Cause] || !c.mine(d.Owner) {
		return
	}
	customers := c.s.tables[model.Customer]
	if customers.Live(customer) {
		d.Customer = customers.ID(customer)
		in.Tier = customers.Str(customer, "tier")
		if c.total > 0 {
			in.ARRShare = 100 * c.s.companyARR(customer) / c.total
		}
	}
	in.Rule = d.Rule
	if d.On.IsSet() {
		in.DaysLate = int(c.s.Today - d.On)
	}
	d.Terms = model.RankTerms(in)
	d.Rank = model.SumTerms(d.Terms)
	c.out = append(c.out, d)
}
