package table

import (
	"strconv"

	"golang.org/x/sync/errgroup"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
)

// rules are the settings in the form in which figures need them.
type rules struct {
	terms    model.TermRules
	scoring  *model.Scoring
	severity model.SeverityRules
	cadence  map[string]int
}

func newRules(s *model.Settings) rules {
	return rules{
		terms: s.TermRules(), scoring: s.Scoring(), severity: s.SeverityRules(),
		cadence: map[string]int{
			model.TierKA: s.Int("cadence.KA"), model.TierMid: s.Int("cadence.mid"), model.TierSmall: s.Int("cadence.small"),
		},
	}
}

// dirtyRows are the rows whose figures must be computed again.
type dirtyRows struct {
	all       bool
	customers map[int32]bool
	contracts map[int32]bool
	items     map[int32]bool
	invoices  map[int32]bool
	contacts  map[int32]bool
}

func (s *Snapshot) newDirty(all bool) *dirtyRows {
	return &dirtyRows{
		all: all, customers: map[int32]bool{}, contracts: map[int32]bool{}, items: map[int32]bool{},
		invoices: map[int32]bool{}, contacts: map[int32]bool{},
	}
}

// touch notes a record before or after its change: itself and the customers that it belongs to.
func (d *dirtyRows) touch(s *Snapshot, k model.Kind, row int32) {
	if d.all {
		return
	}
	t := s.tables[k]
	switch k {
	case model.Customer:
		d.customers[row] = true
	case model.Contract:
		d.contracts[row] = true
		if p := t.To(row, "predecessor"); p >= 0 {
			d.contracts[p] = true
			d.addCustomer(s.tables[model.Contract].To(p, "customer"))
		}
	case model.Item:
		d.items[row] = true
		for _, id := range refIDs(t.Str(row, "customers")) {
			d.addCustomer(s.tables[model.Customer].dir.row(id))
		}
	case model.Invoice:
		d.invoices[row] = true
	case model.Contact:
		d.contacts[row] = true
	case model.Touch:
		for _, id := range refIDs(t.Str(row, "contacts")) {
			d.contacts[s.tables[model.Contact].dir.row(id)] = true
		}
	}
	if k != model.Customer {
		d.addCustomer(t.To(row, "customer"))
	}
}

func (d *dirtyRows) addCustomer(row int32) {
	if row >= 0 {
		d.customers[row] = true
	}
}

// derive computes the figures of the rows noted, in the order in which they rest on each other:
// contracts' states, then customers, then what depends on the customer's tier, then items.
func (s *Snapshot) derive(d *dirtyRows) {
	customers, contracts := s.tables[model.Customer], s.tables[model.Contract]
	if d.all {
		s.deriveAll()
		return
	}
	rows(contracts, d.contracts, s.contractState)
	rows(s.tables[model.Invoice], d.invoices, s.invoiceFigures)
	rows(s.tables[model.Contact], d.contacts, s.contactFigures)
	rows(customers, d.customers, s.customerFigures)
	for c := range d.customers {
		for _, k := range contracts.Kids(c, "customer") {
			d.contracts[k] = true
		}
		for _, k := range s.tables[model.Item].Kids(c, "customers") {
			d.items[k] = true
		}
	}
	rows(contracts, d.contracts, s.contractFigures)
	if base := s.customersInForce(); base != s.rules.severity.Base {
		s.rules.severity.Base = base
		everyRow(s.tables[model.Item], s.itemFigures)
		return
	}
	rows(s.tables[model.Item], d.items, s.itemFigures)
}

// deriveAll computes every figure. What stands in one group writes different tables and reads nothing
// that the group writes, so it can be computed side by side.
func (s *Snapshot) deriveAll() {
	contracts := s.tables[model.Contract]
	var first, last errgroup.Group
	first.Go(func() error { everyRow(contracts, s.contractState); return nil })
	first.Go(func() error {
		everyRow(s.tables[model.Invoice], s.invoiceFigures)
		everyRow(s.tables[model.Contact], s.contactFigures)
		return nil
	})
	_ = first.Wait()
	everyRow(s.tables[model.Customer], s.customerFigures)
	s.rules.severity.Base = s.customersInForce()
	last.Go(func() error { everyRow(contracts, s.contractFigures); return nil })
	last.Go(func() error { everyRow(s.tables[model.Item], s.itemFigures); return nil })
	_ = last.Wait()
}

func everyRow(t *Table, fn func(row int32)) {
	t.each(fn)
}

func rows(t *Table, set map[int32]bool, fn func(row int32)) {
	for row := range set {
		if t.Live(row) {
			fn(row)
		}
	}
}

// figure writes a derived value.
func (s *Snapshot) figure(t *Table, row int32, name string, v model.Value) {
	t.col(name).write(s, row, v)
}

// customersInForce counts the customers with a contract in force: the denominator of an item's reach.
func (s *Snapshot) customersInForce() int {
	t, n := s.tables[model.Customer], 0
	status := t.col("status")
	t.each(func(row int32) {
		if st := status.str.get(row); st == "customer" || st == "cancelled" {
			n++
		}
	})
	return n
}

// Terms reads what a contract's state is computed from.
func (s *Snapshot) Terms(row int32) model.Terms {
	t := s.tables[model.Contract]
	terms := model.Terms{
		Start: t.Day(row, "start"), End: t.Day(row, "end"), NoticeMonths: -1,
		AutoRenew: t.Bool(row, "auto_renew"), RenewalWanted: t.Bool(row, "renewal_wanted"),
		Churned: t.Bool(row, "churned"), CancelledOn: t.Day(row, "cancelled_on"), Billing: t.Str(row, "billing"),
	}
	if n, ok := t.Num(row, "notice_months"); ok {
		terms.NoticeMonths = int(n)
	}
	for _, next := range t.Kids(row, "predecessor") {
		if t.Live(next) {
			terms.SuccessorPlanned = true
			terms.SuccessorStarted = terms.SuccessorStarted || t.Day(next, "start") <= s.Today
		}
	}
	return terms
}

// contractState computes what a contract's customer needs: state and annual amount.
func (s *Snapshot) contractState(row int32) {
	t := s.tables[model.Contract]
	terms := s.Terms(row)
	s.figure(t, row, "state", model.Pick(terms.State(s.Today, s.rules.terms)))
	if !t.col("amount").num.get(row).set() {
		s.figure(t, row, "arr", model.Value{})
		return
	}
	s.figure(t, row, "arr", model.Money(model.AnnualUnits(t.Units(row, "amount"), t.Str(row, "per"), terms.Start, terms.End)))
}

// contractFigures computes what rests on the customer: dates, tier, owner.
func (s *Snapshot) contractFigures(row int32) {
	t, customers := s.tables[model.Contract], s.tables[model.Customer]
	c := t.To(row, "customer")
	tier := customers.Str(c, "tier")
	terms := s.Terms(row)
	due, notice, decide := day.None, day.None, day.None
	if state := t.Str(row, "state"); state != "closed" && state != "cancelled" && !terms.SuccessorPlanned {
		due = terms.Due(s.Today, s.rules.terms)
		notice = terms.Notice(s.Today, s.rules.terms)
		decide = terms.Decision(s.Today, tier, s.rules.terms)
	}
	s.figure(t, row, "due", model.Date(due))
	s.figure(t, row, "notice_date", model.Date(notice))
	s.figure(t, row, "decision_date", model.Date(decide))
	s.figure(t, row, "tier", model.Pick(tier))
	owner := t.Str(row, "renewal_owner")
	if owner == "" {
		owner = customers.Str(c, "owner")
	}
	s.figure(t, row, "owner", model.Person(owner))
	name := customers.Str(c, "name")
	s.figure(t, row, "customer_name", model.Text(name))
	words := []string{query.Fold(name), query.Fold(t.Str(row, "name")), query.Fold(t.Str(row, "external_id")), query.Fold(t.Str(row, "number"))}
	t.setWords(row, words)
}

// setWords joins folded texts that bare words look into, for kinds that show their customer's name.
func (t *Table) setWords(row int32, words []string) {
	joined := ""
	for _, w := range words {
		if w != "" {
			joined += w + listSep
		}
	}
	if t.words.get(row) != joined {
		t.words.set(row, joined)
	}
}

func (s *Snapshot) invoiceFigures(row int32) {
	t := s.tables[model.Invoice]
	state, late := model.InvoiceState(t.Day(row, "date"), t.Day(row, "due"), t.Day(row, "settled"), s.Today)
	s.figure(t, row, "state", model.Pick(state))
	s.figure(t, row, "days_late", model.Number(float64(late)))
}

func (s *Snapshot) contactFigures(row int32) {
	last := day.None
	touches := s.tables[model.Touch]
	for _, k := range touches.Kids(row, "contacts") {
		if on := touches.Day(k, "date"); touches.Live(k) && on <= s.Today {
			last = max(last, on)
		}
	}
	s.figure(s.tables[model.Contact], row, "last_touch", model.Date(last))
}

// itemFigures computes severity, age and whom it concerns.
func (s *Snapshot) itemFigures(row int32) {
	t, customers := s.tables[model.Item], s.tables[model.Customer]
	ids := refIDs(t.Str(row, "customers"))
	var arr int64
	tier, first := "", ""
	linked := 0
	for _, id := range ids {
		c, ok := customers.Row(id)
		if !ok {
			continue
		}
		linked++
		// Customers of several currencies meet here, so the sum is in the company's own.
		if units, ok := s.convert(customers.Units(c, "arr"), s.CurrencyOf(model.Customer, c), s.Settings.Text("company.currency")); ok {
			arr += units
		}
		tier = model.LargerTier(tier, customers.Str(c, "tier"))
		if first == "" {
			first = customers.Str(c, "name")
		}
	}
	if linked > 1 {
		first += " +" + strconv.Itoa(linked-1)
	}
	s.figure(t, row, "customer_name", model.Text(first))
	s.figure(t, row, "arr", model.Money(arr))
	s.figure(t, row, "tier", model.Pick(tier))
	weight := s.severityInput(row)
	s.figure(t, row, "severity", model.Pick(s.rules.severity.Lean(&weight)))
	open := model.ItemIsOpen(t.Str(row, "state"))
	s.figure(t, row, "open", model.Bool(open))
	s.figure(t, row, "age", itemAge(t, row, open, s.Today))
	t.setWords(row, []string{query.Fold(t.Str(row, "summary")), query.Fold(t.Str(row, "external_id")), query.Fold(first)})
}

func itemAge(t *Table, row int32, open bool, today day.Day) model.Value {
	opened, ok := t.Num(row, "opened")
	if !ok {
		return model.Value{}
	}
	end := float64(today) + 1
	if resolved, ok := t.Num(row, "resolved"); ok && !open {
		end = resolved / 86400000
	}
	return model.Number(max(0, float64(int(end-opened/86400000))))
}

// ItemSeverity decides an item's severity and says why.
func (s *Snapshot) ItemSeverity(row int32) model.SeverityReason {
	return s.rules.severity.Decide(s.severityInput(row))
}

func (s *Snapshot) severityInput(row int32) model.SeverityInput {
	t, customers := s.tables[model.Item], s.tables[model.Customer]
	in := model.SeverityInput{
		Blocking: t.Str(row, "blocking"), ByHand: t.Str(row, "severity_set"), Reason: t.Str(row, "severity_reason"),
	}
	for _, id := range refIDs(t.Str(row, "customers")) {
		c, ok := customers.Row(id)
		if !ok {
			continue
		}
		if st := customers.Str(c, "status"); st == "customer" || st == "cancelled" {
			in.LinkedInForce++
		}
		in.KA = in.KA || customers.Str(c, "tier") == model.TierKA
	}
	return in
}
