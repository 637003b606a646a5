package table

import (
	"opsdeck/model"
	"opsdeck/model/day"
)

// NeverTouched is what touch_overdue says of a customer that nobody has ever touched: it sorts as the
// most overdue of all.
const NeverTouched = 99999

// customerFigures computes every figure of one customer from the records that point at it.
func (s *Snapshot) customerFigures(row int32) {
	t := s.tables[model.Customer]
	facts, f := s.facts(row), figures{t, row}
	s.countInForce(row, facts.Status)
	f.text(customerAt.status, facts.Status)
	f.money(customerAt.arr, facts.ARR)
	f.number(customerAt.contracts, float64(facts.InForce))
	f.number(customerAt.contacts, float64(facts.Contacts))
	f.number(customerAt.orders, float64(facts.Orders))
	f.money(customerAt.orderAmount, facts.OrderAmount)
	f.day(customerAt.lastOrder, facts.LastOrder)
	if growth, ok := facts.Growth(); ok {
		f.number(customerAt.growth, growth)
	} else {
		f.cell(customerAt.growth, 0)
	}
	f.money(customerAt.overdue, facts.Overdue)
	f.day(customerAt.lastTouch, facts.LastTouch)
	f.number(customerAt.openItems, float64(facts.OpenItems))
	s.loyaltyFigures(f, &facts)
	tier := s.tierFigures(f, &facts)
	s.dueFigures(f, tier)
	f.cell(customerAt.touchOverdue, s.touchOverdue(&facts, tier))
	s.noteBuyer(f, &facts)
	s.usageFigures(f, &facts)
	s.healthFigures(f, &facts)
	s.valueFigures(f, &facts)
	f.text(customerAt.alerts, s.alertsOf(&facts, tier))
}

// tierFigures scores without the ledger, which only an explanation needs.
func (s *Snapshot) tierFigures(f figures, facts *Facts) string {
	got := s.scored(f.row, facts)
	f.text(customerAt.tier, got.Tier)
	f.text(customerAt.tierComputed, got.Computed)
	if got.Known {
		f.number(customerAt.score, got.Points)
	} else {
		f.cell(customerAt.score, 0)
	}
	f.number(customerAt.coverage, got.Coverage)
	return got.Tier
}

// dueFigures computes the next renewal, and the day by which it must be decided.
func (s *Snapshot) dueFigures(f figures, tier string) {
	contracts := s.tables[model.Contract]
	renews, decide := day.None, day.None
	for _, k := range contracts.cols[contractAt.customer].kids.get(f.row) {
		if contracts.cols[contractAt.noticeDate].day.get(k) == 0 {
			continue // Nothing is open on it.
		}
		if due := contracts.cols[contractAt.due].day.get(k).day(); !renews.IsSet() || due < renews {
			renews, decide = due, s.decision(k, tier)
		}
	}
	f.day(customerAt.renews, renews)
	f.day(customerAt.decision, decide)
}

// touchOverdue is empty for those nobody needs to call on: prospects and lost customers.
func (s *Snapshot) touchOverdue(f *Facts, tier string) numCell {
	if f.Status != "customer" && f.Status != "cancelled" && f.Status != "coming" {
		return 0
	}
	if !f.LastTouch.IsSet() {
		return numberCell(model.Number(NeverTouched))
	}
	cadence, ok := s.rules.cadence[tier]
	if !ok {
		cadence = s.rules.cadence[model.TierSmall]
	}
	return numberCell(model.Number(max(0, float64(int(s.Today)-int(f.LastTouch)-cadence))))
}

// Facts are what is known of a customer from the records that point at it.
type Facts struct {
	Status      string
	InForce     int
	ARR         int64 // ten-thousandths, in Currency
	ARRBefore   int64 // the same a year ago
	Currency    string
	LeftOut     [model.LastKind + 1]int // by kind: records whose amount is not counted, as their currency has no rate
	Contacts    int
	Orders      int
	OrderAmount int64
	Orders12    int64 // amount of the last 12 months
	OrdersPrior int64 // amount of the 12 months before
	OrderCount  int   // orders in those 24 months
	LastOrder   day.Day
	FirstStart  day.Day // start of the first contract or order
	Invoices12  int     // invoices due in the last 12 months
	Late12      int     // of them paid late, or overdue now
	Overdue     int64
	LastTouch   day.Day
	OpenItems   int
	GraveItems  int     // of them those that block work
	People      int     // contacts known, those who left among them
	Deciders    int     // contacts who decide, hold a veto or champion us, and have not left
	LeftKey     day.Day // when the last of those left who did
	Invoices    int
	OverdueDays int // of the oldest overdue invoice
	RenewalsDue int // closed renewals that were due in the last loyaltyYears
	Renewed     int // of them those that were won
	Use         usageFacts
	Benefits    int   // measured by today
	Value       int64 // what they are worth in a year
	Confirmed   int64 // of it what the customer has agreed to
}

// Growth is the change of the last 12 months' orders against the 12 before, in percent; for those who
// did not order then, of the ARR against a year ago. It is false where there was neither.
func (f Facts) Growth() (float64, bool) {
	switch {
	case f.OrdersPrior > 0:
		return grown(f.Orders12, f.OrdersPrior), true
	case f.ARRBefore > 0:
		return grown(f.ARR, f.ARRBefore), true
	}
	return 0, false
}

// grown is the change of an amount in percent. The difference is taken before dividing: 120 against 100 is 20 % and
// no hair less, which would miss the band that begins there.
func grown(now, before int64) float64 { return 100 * float64(now-before) / float64(max(1, before)) }

// Facts gathers the facts of one customer.
func (s *Snapshot) Facts(row int32) Facts { return s.facts(row) }

func (s *Snapshot) facts(row int32) Facts {
	f := Facts{Currency: s.CurrencyOf(model.Customer, row), LastOrder: day.None, FirstStart: day.None, LastTouch: day.None, LeftKey: day.None}
	s.contractFacts(row, &f)
	s.orderFacts(row, &f)
	s.invoiceFacts(row, &f)
	s.peopleFacts(row, &f)
	s.useFacts(row, &f)
	s.benefitFacts(row, &f)
	items := s.tables[model.Item]
	for _, k := range items.cols[itemAt.customers].kids.get(row) {
		if items.Live(k) && model.ItemIsOpen(items.cols[itemAt.state].text(k)) {
			f.OpenItems++
			if b := items.cols[itemAt.blocking].text(k); b == "2" || b == "3" {
				f.GraveItems++
			}
		}
	}
	return f
}

func (s *Snapshot) contractFacts(row int32, f *Facts) {
	t := s.tables[model.Contract]
	var room [8]model.Terms
	terms := room[:0]
	for _, k := range t.cols[contractAt.customer].kids.get(row) {
		if !t.Live(k) {
			continue
		}
		tm := s.Terms(k)
		terms = append(terms, tm)
		f.begin(tm.Start)
		f.renewalDone(t.cols[contractAt.renewal].text(k), t.cols[contractAt.due].day.get(k).day(), s.rules.loyal, s.Today)
		now := model.InForce(t.cols[contractAt.state].text(k))
		before := tm.InTerm(s.rules.year, s.rules.terms) && (!tm.CancelledOn.IsSet() || tm.CancelledOn > s.rules.year)
		if !now && !before {
			continue
		}
		arr := s.amount(f, t, contractAt.currency, k, t.cols[contractAt.arr].num.get(k).int())
		if before {
			f.ARRBefore += arr
		}
		if now {
			f.InForce++
			f.ARR += arr
		}
	}
	f.Status = model.CustomerStatus(terms, s.Today, s.rules.terms)
}

// amount converts an amount of a record into the customer's currency and counts what has no rate. The
// record's own currency stands in a column, and without one it has the customer's.
func (s *Snapshot) amount(f *Facts, t *Table, currency int, row int32, units int64) int64 {
	own := t.cols[currency].text(row)
	if own == "" {
		own = s.CurrencyOf(t.Schema.Kind, row)
	}
	converted, ok := s.convert(units, own, f.Currency)
	if !ok {
		f.LeftOut[t.Schema.Kind]++
	}
	return converted
}

func (f *Facts) begin(d day.Day) {
	if d.IsSet() && (!f.FirstStart.IsSet() || d < f.FirstStart) {
		f.FirstStart = d
	}
}

func (s *Snapshot) orderFacts(row int32, f *Facts) {
	t := s.tables[model.Order]
	for _, k := range t.cols[orderAt.customer].kids.get(row) {
		on := t.cols[orderAt.date].day.get(k).day()
		if !t.Live(k) || on > s.Today {
			continue
		}
		f.Orders++
		amount := s.amount(f, t, orderAt.currency, k, t.cols[orderAt.amount].num.get(k).int())
		f.OrderAmount += amount
		f.LastOrder = max(f.LastOrder, on)
		f.begin(on)
		switch {
		case on > s.rules.year:
			f.Orders12 += amount
			f.OrderCount++
		case on > s.rules.prior:
			f.OrdersPrior += amount
			f.OrderCount++
		}
	}
}

func (s *Snapshot) invoiceFacts(row int32, f *Facts) {
	t := s.tables[model.Invoice]
	for _, k := range t.cols[invoiceAt.customer].kids.get(row) {
		if !t.Live(k) {
			continue
		}
		f.Invoices++
		due := t.cols[invoiceAt.due].day.get(k).day()
		late, _ := t.cols[invoiceAt.late].float(k)
		if due > s.rules.year && due <= s.Today {
			f.Invoices12++
			if late > 0 {
				f.Late12++
			}
		}
		if t.cols[invoiceAt.state].text(k) == "overdue" {
			left := t.cols[invoiceAt.amount].num.get(k).int() - t.cols[invoiceAt.paid].num.get(k).int()
			f.OverdueDays = max(f.OverdueDays, int(late))
			f.Overdue += s.amount(f, t, invoiceAt.currency, k, left)
		}
	}
}

func (s *Snapshot) peopleFacts(row int32, f *Facts) {
	contacts := s.tables[model.Contact]
	for _, k := range contacts.cols[contactAt.customer].kids.get(row) {
		if !contacts.Live(k) {
			continue
		}
		f.People++
		role := contacts.cols[contactAt.role].text(k)
		key := role == "decision maker" || role == "veto holder" || role == "champion"
		left := contacts.cols[contactAt.left].day.get(k).day()
		switch {
		case !left.IsSet() || left > s.Today:
			f.Contacts++
			if key {
				f.Deciders++
			}
		case key:
			f.LeftKey = max(f.LeftKey, left)
		}
	}
	touches := s.tables[model.Touch]
	for _, k := range touches.cols[touchAt.customer].kids.get(row) {
		if on := touches.cols[touchAt.date].day.get(k).day(); touches.Live(k) && on <= s.Today {
			f.LastTouch = max(f.LastTouch, on)
		}
	}
}
