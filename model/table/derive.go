package table

import (
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
)

// rules are the settings in the form in which figures need them, and the days that they count from.
type rules struct {
	terms    model.TermRules
	alerts   alertRules
	loads    map[string]float64
	logins   []string // features that are logins
	rfm      rfmRule
	severity model.SeverityRules
	sla      *model.SLARules
	tell     []string // states that customers are told of
	factor   map[string]float64
	cadence  map[string]int
	currency string // the company's
	rates    map[string]float64
	year     day.Day // twelve months ago
	prior    day.Day // twenty-four months ago
	loyal    day.Day // from when on renewals count for loyalty
	renewals model.RenewalRules
	// Levels are the words of the reminders, dueDays when an invoice that is made here is due.
	reminders []model.Reminder
	levels    []string
	dueDays   int
	// lastMonth is the last month that has ended; trendFrom the first of the three before.
	lastMonth, trendFrom day.Day
}

func newRules(s *model.Settings, today day.Day) rules {
	rates := map[string]float64{}
	for _, key := range s.Keys() {
		if currency, ok := strings.CutPrefix(key, "rate."); ok {
			rates[currency], _ = s.Rate(currency)
		}
	}
	return rules{
		rates: rates,
		terms: s.TermRules(), alerts: alertRulesOf(s), loads: loadsOf(s), logins: commaList(s.Text("usage.logins")), rfm: rfmRuleOf(s), severity: s.SeverityRules(), currency: s.Text("company.currency"),
		year: today.AddMonths(-12), prior: today.AddMonths(-24), loyal: today.AddMonths(-12 * loyaltyYears), renewals: s.RenewalRules(),
		reminders: s.Reminders(), levels: levelWords(s.Reminders()), dueDays: s.Int("invoice.due_days"),
		lastMonth: lastFullMonth(today), trendFrom: lastFullMonth(today).AddMonths(-3),
		sla: s.SLARules(), tell: model.StateList(s.Text("tell.states")),
		factor: map[string]float64{
			model.TierKA: s.Number("demand.factor.KA"), model.TierMid: s.Number("demand.factor.mid"),
			model.TierSmall: s.Number("demand.factor.small"), "": s.Number("demand.factor.small"),
		},
		cadence: map[string]int{
			model.TierKA: s.Int("cadence.KA"), model.TierMid: s.Int("cadence.mid"), model.TierSmall: s.Int("cadence.small"),
		},
	}
}

// commaList reads words that are parted by commas.
func commaList(text string) []string {
	var out []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// derive computes the figures of the rows noted, in the order in which they rest on each other: what
// contracts, invoices and contacts say by themselves, then customers, then what depends on the
// customer, then items, whose severity needs the number of customers in force.
func (s *Snapshot) derive(d *dirtyRows) {
	s.each(func(t *Table) { t.see() })
	if d.all {
		s.readCards()
	}
	s.followUse(d)
	customers, contracts, items := s.tables[model.Customer], s.tables[model.Contract], s.tables[model.Item]
	if d.all {
		s.deriveAll(d.alone)
		return
	}
	rows(contracts, d.contracts, s.contractTerms)
	rows(s.tables[model.Invoice], d.invoices, s.invoiceFigures)
	rows(s.tables[model.Contact], d.contacts, s.contactFigures)
	rows(s.tables[model.Benefit], d.benefits, s.benefitFigures)
	rows(customers, d.customers, s.customerFigures)
	customers.see()
	if s.rfmStale || d.orders {
		s.rfmFigures()
		s.rfmStale = false
	}
	for c := range d.customers {
		for _, k := range contracts.cols[contractAt.customer].kids.get(c) {
			d.contracts[k] = true
		}
		for _, k := range items.cols[itemAt.customers].kids.get(c) {
			d.items[k] = true
		}
	}
	rows(contracts, d.contracts, s.contractFigures)
	rows(s.tables[model.Article], d.articles, s.articleFigures)
	if s.newBase() {
		everyRow(items, s.itemFigures)
	} else {
		rows(items, d.items, s.itemFigures)
	}
}

// deriveAll computes the figures of every row, or those alone that customers have or that rest on no customer.
func (s *Snapshot) deriveAll(alone bool) {
	customers, contracts := s.tables[model.Customer], s.tables[model.Contract]
	s.each(func(t *Table) {
		if k := t.Schema.Kind; !alone || k != model.Contact && k != model.Item && k != model.Article {
			t.reserve()
		}
	})
	everyRow(contracts, s.contractTerms)
	everyRow(s.tables[model.Invoice], s.invoiceFigures)
	if !alone {
		everyRow(s.tables[model.Contact], s.contactFigures)
	}
	everyRow(s.tables[model.Benefit], s.benefitFigures)
	everyRow(customers, s.customerFigures)
	customers.see()
	s.rfmFigures()
	s.countAll()
	s.rules.severity.Base = s.inForce
	if alone {
		return
	}
	everyRow(contracts, s.contractFigures)
	everyRow(s.tables[model.Item], s.itemFigures)
	everyRow(s.tables[model.Article], s.articleFigures)
}

// newBase takes over the number of customers in force and tells whether the severity of any item may
// change with it, because some count of linked customers falls into another column.
func (s *Snapshot) newBase() bool {
	was := s.rules.severity
	s.rules.severity.Base = s.inForce
	if was.Base == s.rules.severity.Base {
		return false
	}
	for n := range s.widest + 1 {
		if was.Column(n) != s.rules.severity.Column(n) {
			return true
		}
	}
	return false
}

// reserve makes room for figures of every row, which may then be written side by side.
func (t *Table) reserve() {
	for i := range t.cols {
		c := &t.cols[i]
		if !c.field.Has(model.FDerived) {
			continue
		}
		switch c.as {
		case asText:
			c.code.reserve(t.size)
		case asNumber:
			c.num.reserve(t.size)
		case asDay:
			c.day.reserve(t.size)
		case asFlag:
			c.flag.reserve(t.size)
		}
	}
}

// everyRow calls fn with every record's row, several at a time but never two of one chunk.
func everyRow(t *Table, fn func(row int32)) {
	const block = 8 * chunkSize
	inParallel(int(t.size+block-1)/block, func(i int) {
		for row := int32(i * block); row < min(t.size, int32(i+1)*block); row++ {
			if t.live.get(row) {
				fn(row)
			}
		}
	})
}

func rows(t *Table, set map[int32]bool, fn func(row int32)) {
	for row := range set {
		if t.Live(row) {
			fn(row)
		}
	}
}

// inForce tells whether a customer's status counts for the reach of an item.
func inForce(status string) bool { return status == "customer" || status == "cancelled" }

// countInForce follows the number of customers with a contract in force, the denominator of an item's
// reach, before a status is written. Where all are written, they are counted afterwards.
func (s *Snapshot) countInForce(row int32, status string) {
	t := s.tables[model.Customer]
	if t.all {
		return
	}
	if was := inForce(t.cols[customerAt.status].text(row)); was != inForce(status) {
		if was {
			s.inForce--
		} else {
			s.inForce++
		}
	}
}

// countAll counts the customers with a contract in force.
func (s *Snapshot) countAll() {
	t := s.tables[model.Customer]
	s.inForce = 0
	status := &t.cols[customerAt.status]
	for row := range t.size {
		if inForce(status.text(row)) {
			s.inForce++ // Rows without a record have no status.
		}
	}
}

// Terms reads what a contract's state is computed from.
func (s *Snapshot) Terms(row int32) model.Terms {
	t := s.tables[model.Contract]
	terms := model.Terms{
		Start: t.cols[contractAt.start].day.get(row).day(), End: t.cols[contractAt.end].day.get(row).day(), NoticeMonths: -1,
		AutoRenew: t.cols[contractAt.autoRenew].flag.get(row) == 2, RenewalWanted: t.cols[contractAt.wanted].flag.get(row) == 2,
		Churned: t.cols[contractAt.churned].flag.get(row) == 2, CancelledOn: t.cols[contractAt.cancelled].day.get(row).day(),
		Billing: t.cols[contractAt.billing].text(row), Trial: t.cols[contractAt.trial].flag.get(row) == 2,
		SaysNotAuto: t.cols[contractAt.autoRenew].flag.get(row) == 1,
	}
	if n, ok := t.cols[contractAt.notice].float(row); ok {
		terms.NoticeMonths = int(n)
	}
	if f := s.framework(row); f >= 0 {
		s.inherit(&terms, f)
	}
	s.follow(&terms, row)
	return terms
}

// contractTerms computes what a contract says by itself: state, annual amount, due and notice day.
func (s *Snapshot) contractTerms(row int32) {
	t := s.tables[model.Contract]
	f, terms := figures{t, row}, s.Terms(row)
	state := terms.State(s.Today, s.rules.terms)
	f.text(contractAt.state, state)
	if t.cols[contractAt.amount].num.get(row) == 0 {
		f.cell(contractAt.arr, 0)
	} else {
		f.money(contractAt.arr, s.annual(row))
	}
	s.renewalTerms(f, terms)
}

// contractFigures computes what rests on the customer: decision date, tier, owner, name.
func (s *Snapshot) contractFigures(row int32) {
	t, customers := s.tables[model.Contract], s.tables[model.Customer]
	f, c := figures{t, row}, t.cols[contractAt.customer].row(row)
	tier := customers.cols[customerAt.tier].text(c)
	f.day(contractAt.decision, s.decision(row, tier))
	f.text(contractAt.tier, tier)
	owner := t.cols[contractAt.renewalOwner].text(row)
	if owner == "" {
		owner = customers.cols[customerAt.owner].text(c)
	}
	f.text(contractAt.owner, owner)
	f.name(contractAt.customerName, c)
	s.renewalFigures(f, c, tier)
}

// decision is a contract's notice day less the lead of a tier.
func (s *Snapshot) decision(row int32, tier string) day.Day {
	notice := s.tables[model.Contract].cols[contractAt.noticeDate].day.get(row).day()
	return s.rules.terms.Decide(notice, tier)
}

func (s *Snapshot) invoiceFigures(row int32) {
	t := s.tables[model.Invoice]
	f := figures{t, row}
	on := func(col int) day.Day { return t.cols[col].day.get(row).day() }
	state, late := model.InvoiceState(on(invoiceAt.date), on(invoiceAt.due), on(invoiceAt.settled), s.Today)
	f.text(invoiceAt.state, state)
	f.number(invoiceAt.late, float64(late))
	if state == "settled" {
		f.money(invoiceAt.rest, 0)
	} else {
		f.money(invoiceAt.rest, t.cols[invoiceAt.amount].num.get(row).int()-t.cols[invoiceAt.paid].num.get(row).int())
	}
	level, from := s.reminder(row, state)
	f.text(invoiceAt.reminder, level)
	f.day(invoiceAt.reminderDate, from)
}

func (s *Snapshot) contactFigures(row int32) {
	touches := s.tables[model.Touch]
	last := day.None
	for _, k := range touches.cols[touchAt.contacts].kids.get(row) {
		if on := touches.cols[touchAt.date].day.get(k).day(); touches.Live(k) && on <= s.Today {
			last = max(last, on)
		}
	}
	figures{s.tables[model.Contact], row}.day(contactAt.lastTouch, last)
}
