package table

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/sla"
)

// Due lists what waits today for a person, or for everybody where owner is empty, the highest rank
// first. What was snoozed or closed for the same cause is left out.
func (s *Snapshot) Due(owner string) []model.Due {
	c := dueCollector{s: s, owner: owner, silenced: map[string]bool{}, total: s.totalARR()}
	c.tasks()
	c.touches()
	c.meetings()
	c.decisions()
	c.milestones()
	c.items()
	c.invoices()
	c.alerts()
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
	t.Rows(func(row int32) bool { total += s.CompanyARR(row); return true })
	return total
}

// CompanyARR is a customer's ARR in ten-thousandths in the company's currency; 0 where no rate is set.
func (s *Snapshot) CompanyARR(row int32) float64 {
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

// milestones lists the renewals whose next step of the playbook is late, as long as the decision itself
// is not what waits.
func (c *dueCollector) milestones() {
	t := c.s.tables[model.Contract]
	t.Rows(func(row int32) bool {
		by := t.cols[contractAt.milestoneDate].day.get(row).day()
		if !by.IsSet() || by > c.s.Today || !c.mine(t.cols[contractAt.owner].text(row)) {
			return true
		}
		if decide := t.cols[contractAt.decision].day.get(row).day(); decide <= c.s.Today+decisionHorizon {
			return true
		}
		d := model.Due{
			Rule: "milestone", Kind: model.Contract, ID: t.ID(row), Owner: t.cols[contractAt.owner].text(row), On: by,
			Title: t.cols[contractAt.milestone].text(row) + " for the renewal of " + c.s.title(model.Contract, row),
		}
		days, _, _ := strings.Cut(strings.TrimPrefix(t.cols[contractAt.milestone].text(row), "T-"), " ")
		n, _ := strconv.Atoi(days)
		d.Cause = model.MilestoneCause(d.ID, t.cols[contractAt.due].day.get(row).day(), n)
		c.add(d, t.To(row, "customer"), model.RankInput{})
		return true
	})
}

// items lists the worst items that nobody has taken further than confirmed, the alarms, and what the
// hotline has to sort.
func (c *dueCollector) items() {
	t := c.s.tables[model.Item]
	hotline, _ := c.s.Settings.OnHotline(c.s.Today)
	leads := c.roles()
	t.Rows(func(row int32) bool {
		if t.cols[itemAt.open].flag.get(row) == 2 {
			c.openItem(t, row, hotline)
			c.escalations(t, row, leads)
		}
		if n, ok := t.cols[itemAt.toTell].float(row); ok && n > 0 {
			c.news(t, row)
		}
		return true
	})
}

func (c *dueCollector) openItem(t *Table, row int32, hotline string) {
	sev, state := t.cols[itemAt.severity].text(row), t.cols[itemAt.state].text(row)
	untouched := state == "new" || state == "" || state == "reproducing" || state == "confirmed"
	alarm := sev == "S1" && (untouched || state == "handed over")
	if !alarm && (sev != "S2" || !untouched) {
		return
	}
	d := c.itemDue(t, row, "item", sev+" "+t.Str(row, "summary"))
	if alarm {
		// An S1 rings until somebody works on it, whoever has it on the desk.
		d.Rule = "alarm"
	} else if d.Owner == "" {
		d.Owner = hotline
	}
	d.Cause = "item/" + d.ID.String() + "/" + state
	c.add(d, c.firstCustomer(row), model.RankInput{Severity: sev})
}

// itemDue is a thing to do about an item, since it was opened.
func (c *dueCollector) itemDue(t *Table, row int32, rule, title string) model.Due {
	d := model.Due{Rule: rule, Kind: model.Item, ID: t.ID(row), Title: title, Owner: t.Str(row, "owner"), On: c.s.Today}
	if ms, ok := t.Num(row, "opened"); ok {
		d.On = day.Day(int64(ms) / 86400000)
	}
	return d
}

func (c *dueCollector) firstCustomer(row int32) int32 {
	for _, r := range c.s.tables[model.Item].cols[itemAt.customers].lists.get(row) {
		if c.s.tables[model.Customer].Live(r) {
			return r
		}
	}
	return -1
}

// roles lists the handles of the users of each role.
func (c *dueCollector) roles() map[string][]string {
	out := map[string][]string{}
	t := c.s.tables[model.User]
	t.Rows(func(row int32) bool {
		role := t.Str(row, "role")
		out[role] = append(out[role], t.Str(row, "handle"))
		return true
	})
	return out
}

// escalations puts an item whose clock has come to where a rule begins before everybody of its role.
func (c *dueCollector) escalations(t *Table, row int32, people map[string][]string) {
	state := sla.State(t.cols[itemAt.slaState].text(row))
	if state != sla.Warning && state != sla.Breached {
		return
	}
	sev, due := t.cols[itemAt.severity].text(row), t.seconds(itemAt.slaDue, row)
	for _, e := range c.s.rules.sla.Escalations {
		late := e.State == sla.Warning || state == sla.Breached && c.s.Now >= due+e.After
		if e.Severity != sev || !late {
			continue
		}
		for _, who := range people[e.Role] {
			d := c.itemDue(t, row, "escalation", fmt.Sprintf("%s %s: %s of %s", sev, state, t.cols[itemAt.slaClock].text(row), t.Str(row, "summary")))
			d.Owner = who
			d.Cause = "escalation/" + d.ID.String() + "/" + strconv.FormatInt(due, 10) + "/" + e.Role + "/" + string(e.State) + "/" + who
			c.add(d, c.firstCustomer(row), model.RankInput{Severity: sev})
		}
	}
}

// news lists the customers who are still to be told of an item, for those who look after them.
func (c *dueCollector) news(t *Table, row int32) {
	customers := c.s.tables[model.Customer]
	for _, who := range c.s.Untold(row) {
		d := model.Due{
			Rule: "tell", Kind: model.Item, ID: t.ID(row), Owner: customers.Str(who, "owner"), On: c.s.Today,
			Title: "tell that it is " + t.Str(row, "state") + ": " + t.Str(row, "summary"),
		}
		if ms, ok := t.Num(row, "state_since"); ok {
			d.On = day.Day(int64(ms) / 86400000)
		}
		d.Cause = "tell/" + d.ID.String() + "/" + customers.ID(who).String() + "/" + c.s.news(row)
		c.add(d, who, model.RankInput{})
	}
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
			Title: "invoice " + c.s.title(model.Invoice, row) + " overdue: " + c.s.Shown(model.Invoice, row, "rest"),
		}
		if from := t.cols[invoiceAt.reminderDate].day.get(row).day(); from.IsSet() && from <= c.s.Today {
			d.Title += ", reminder " + t.cols[invoiceAt.reminder].text(row)
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
			in.ARRShare = 100 * c.s.CompanyARR(customer) / c.total
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

// alerts lists what the rules have noticed at customers (row C7 of the brief).
func (c *dueCollector) alerts() {
	t := c.s.tables[model.Customer]
	t.Rows(func(row int32) bool {
		if t.cols[customerAt.alerts].code.get(row) == 0 || !c.mine(t.cols[customerAt.owner].text(row)) {
			return true
		}
		for _, a := range c.s.Alerts(row) {
			if a.Rule == AlertOverdue {
				continue // Its invoices stand in the list by themselves.
			}
			c.add(model.Due{
				Rule: "alert", Kind: model.Customer, ID: t.ID(row), Title: a.Rule + ": " + a.Evidence, Owner: t.Str(row, "owner"), On: a.On, Cause: a.Cause,
			}, row, model.RankInput{})
		}
		return true
	})
}
