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
	f := s.Facts(row)
	s.figure(t, row, "status", model.Pick(f.Status))
	s.figure(t, row, "arr", model.Money(f.ARR))
	s.figure(t, row, "contracts", model.Number(float64(f.InForce)))
	s.figure(t, row, "contacts", model.Number(float64(f.Contacts)))
	s.figure(t, row, "orders", model.Number(float64(f.Orders)))
	s.figure(t, row, "order_amount", model.Money(f.OrderAmount))
	s.figure(t, row, "last_order", model.Date(f.LastOrder))
	growth := model.Value{}
	if g, ok := f.Growth(); ok {
		growth = model.Number(g)
	}
	s.figure(t, row, "growth", growth)
	s.figure(t, row, "overdue", model.Money(f.Overdue))
	s.figure(t, row, "last_touch", model.Date(f.LastTouch))
	s.figure(t, row, "open_items", model.Number(float64(f.OpenItems)))
	s.tierFigures(row, &f)
	s.dueFigures(row, f)
}

// tierFigures scores without the ledger, which only an explanation needs.
func (s *Snapshot) tierFigures(row int32, f *Facts) {
	t := s.tables[model.Customer]
	inputs := s.scoreInputs(row, f)
	points, coverage, known := s.rules.scoring.Lean(inputs[:])
	tier := s.rules.scoring.TierOf(points, known)
	if h := s.tierByHand(row); h.Holds(s.Today) {
		tier = h.Tier
	}
	score := model.Value{}
	if known {
		score = model.Number(points)
	}
	s.figure(t, row, "tier", model.Pick(tier))
	s.figure(t, row, "tier_score", score)
	s.figure(t, row, "coverage", model.Number(coverage))
}

// dueFigures computes what rests on the tier: the next renewal and the cadence of touches.
func (s *Snapshot) dueFigures(row int32, f Facts) {
	t := s.tables[model.Customer]
	tier := t.Str(row, "tier")
	renews, decide := day.None, day.None
	for _, k := range f.Contracts {
		terms := s.Terms(k)
		state := s.tables[model.Contract].Str(k, "state")
		if state == "closed" || state == "cancelled" || terms.SuccessorPlanned {
			continue
		}
		if due := terms.Due(s.Today, s.rules.terms); due.IsSet() && (!renews.IsSet() || due < renews) {
			renews, decide = due, terms.Decision(s.Today, tier, s.rules.terms)
		}
	}
	s.figure(t, row, "renews", model.Date(renews))
	s.figure(t, row, "decision_date", model.Date(decide))
	s.figure(t, row, "touch_overdue", s.touchOverdue(f, tier))
}

// touchOverdue is empty for those nobody needs to call on: prospects and lost customers.
func (s *Snapshot) touchOverdue(f Facts, tier string) model.Value {
	if f.Status != "customer" && f.Status != "cancelled" && f.Status != "coming" {
		return model.Value{}
	}
	if !f.LastTouch.IsSet() {
		return model.Number(NeverTouched)
	}
	cadence, ok := s.rules.cadence[tier]
	if !ok {
		cadence = s.rules.cadence[model.TierSmall]
	}
	return model.Number(max(0, float64(int(s.Today)-int(f.LastTouch)-cadence)))
}

// Facts are what is known of a customer from the records that point at it.
type Facts struct {
	Status      string
	Contracts   []int32 // rows, live
	InForce     int
	ARR         int64 // ten-thousandths, in Currency
	ARRBefore   int64 // the same a year ago
	Currency    string
	LeftOut     [model.Mapping + 1]int // by kind: records whose amount is not counted, as their currency has no rate
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
}

// Growth is the change of the last 12 months' orders against the 12 before, in percent; for those who
// did not order then, of the ARR against a year ago. It is false where there was neither.
func (f Facts) Growth() (float64, bool) {
	switch {
	case f.OrdersPrior > 0:
		return 100 * (float64(f.Orders12)/float64(f.OrdersPrior) - 1), true
	case f.ARRBefore > 0:
		return 100 * (float64(f.ARR)/float64(f.ARRBefore) - 1), true
	}
	return 0, false
}

// Facts gathers the facts of one customer.
func (s *Snapshot) Facts(row int32) Facts {
	f := Facts{Currency: s.CurrencyOf(model.Customer, row), LastOrder: day.None, FirstStart: day.None, LastTouch: day.None}
	s.contractFacts(row, &f)
	s.orderFacts(row, &f)
	s.invoiceFacts(row, &f)
	s.peopleFacts(row, &f)
	items := s.tables[model.Item]
	for _, k := range items.Kids(row, "customers") {
		if items.Live(k) && model.ItemIsOpen(items.Str(k, "state")) {
			f.OpenItems++
		}
	}
	return f
}

func (s *Snapshot) contractFacts(row int32, f *Facts) {
	t := s.tables[model.Contract]
	var terms []model.Terms
	for _, k := range t.Kids(row, "customer") {
		if !t.Live(k) {
			continue
		}
		f.Contracts = append(f.Contracts, k)
		tm := s.Terms(k)
		terms = append(terms, tm)
		f.begin(tm.Start)
		if before := s.Today.AddMonths(-12); tm.InTerm(before, s.rules.terms) && (!tm.CancelledOn.IsSet() || tm.CancelledOn > before) {
			f.ARRBefore += s.amount(f, t, k, t.Units(k, "arr"))
		}
		if !model.InForce(t.Str(k, "state")) {
			continue
		}
		f.InForce++
		f.ARR += s.amount(f, t, k, t.Units(k, "arr"))
	}
	f.Status = model.CustomerStatus(terms, s.Today, s.rules.terms)
}

// amount converts an amount of a record into the customer's currency and counts what has no rate.
func (s *Snapshot) amount(f *Facts, t *Table, row int32, units int64) int64 {
	converted, ok := s.convert(units, s.CurrencyOf(t.Schema.Kind, row), f.Currency)
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
	year, prior := s.Today.AddMonths(-12), s.Today.AddMonths(-24)
	for _, k := range t.Kids(row, "customer") {
		on := t.Day(k, "date")
		if !t.Live(k) || on > s.Today {
			continue
		}
		f.Orders++
		amount := s.amount(f, t, k, t.Units(k, "amount"))
		f.OrderAmount += amount
		f.LastOrder = max(f.LastOrder, on)
		f.begin(on)
		switch {
		case on > year:
			f.Orders12 += amount
			f.OrderCount++
		case on > prior:
			f.OrdersPrior += amount
			f.OrderCount++
		}
	}
}

func (s *Snapshot) invoiceFacts(row int32, f *Facts) {
	t := s.tables[model.Invoice]
	year := s.Today.AddMonths(-12)
	for _, k := range t.Kids(row, "customer") {
		if !t.Live(k) {
			continue
		}
		due := t.Day(k, "due")
		late, _ := t.Num(k, "days_late")
		if due > year && due <= s.Today {
			f.Invoices12++
			if late > 0 {
				f.Late12++
			}
		}
		if t.Str(k, "state") == "overdue" {
			f.Overdue += s.amount(f, t, k, t.Units(k, "amount")-t.Units(k, "paid"))
		}
	}
}

func (s *Snapshot) peopleFacts(row int32, f *Facts) {
	contacts := s.tables[model.Contact]
	for _, k := range contacts.Kids(row, "customer") {
		if left := contacts.Day(k, "left_on"); contacts.Live(k) && (!left.IsSet() || left > s.Today) {
			f.Contacts++
		}
	}
	touches := s.tables[model.Touch]
	for _, k := range touches.Kids(row, "customer") {
		if on := touches.Day(k, "date"); touches.Live(k) && on <= s.Today {
			f.LastTouch = max(f.LastTouch, on)
		}
	}
}
