package table

import (
	"fmt"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
)

// Tier computes a customer's tier from its facts, with the ledger of its score.
func (s *Snapshot) Tier(row int32, f Facts) model.Tier {
	inputs := s.scoreInputs(row, &f)
	s.describeInputs(row, &f, &inputs)
	r := s.rules.scoring.Score(inputs[:])
	tier := model.Tier{Computed: s.rules.scoring.TierOf(r.Score, r.Known), Score: r}
	return tier.Override(s.tierByHand(row), s.Today)
}

func (s *Snapshot) tierByHand(row int32) model.TierByHand {
	t := s.tables[model.Customer]
	return model.TierByHand{
		Tier: t.Str(row, "tier_override"), Reason: t.Str(row, "tier_override_reason"), By: t.Str(row, "tier_override_by"),
		Until: t.Day(row, "tier_override_until"),
	}
}

// The criteria in the order of model.Criteria.
const (
	orderAmount = iota
	companySize
	grossProfit
	demandType
	cooperation
	influence
	brand
	paymentRecord
	growth
	criteria
)

// scoreInputs gathers the inputs of the nine criteria (row C2 of the brief), without words.
func (s *Snapshot) scoreInputs(row int32, f *Facts) (in [criteria]model.ScoreInput) {
	t := s.tables[model.Customer]
	number := func(at int, n float64, known bool) { in[at].Number, in[at].Known = n, known }
	word := func(at int, text string) { in[at].Text, in[at].Known = text, text != "" }
	// The bands are amounts in the company's currency; without a rate an amount says nothing.
	rate, rated := s.rate(f.Currency)
	switch {
	case f.InForce > 0:
		number(orderAmount, float64(f.ARR)/model.MoneyScale*rate, rated)
	case f.Orders > 0:
		number(orderAmount, float64(f.Orders12)/model.MoneyScale*rate, rated)
	}
	size, ok := t.cols[customerAt.employees].float(row)
	number(companySize, size, ok)
	profit, ok := t.cols[customerAt.profit].float(row)
	number(grossProfit, profit/model.MoneyScale*rate, ok && rated)
	word(demandType, t.cols[customerAt.demand].text(row))
	if since := s.since(row, f); since.IsSet() {
		years := max(0, float64(s.Today-since)/365.25)
		if t.cols[customerAt.partner].flag.get(row) == 2 {
			years += 2
		}
		number(cooperation, years, true)
	}
	word(influence, t.cols[customerAt.influence].text(row))
	word(brand, t.cols[customerAt.brand].text(row))
	late, known := lateByWord(t.cols[customerAt.payment].text(row))
	if !known {
		late, known = float64(f.Late12), f.Invoices12 > 0
	}
	number(paymentRecord, late, known)
	percent, ok := f.Growth()
	number(growth, percent, ok)
	return in
}

// since is when the cooperation began: as it was put in, else with the first contract or order.
func (s *Snapshot) since(row int32, f *Facts) day.Day {
	if since := s.tables[model.Customer].cols[customerAt.since].day.get(row).day(); since.IsSet() {
		return since
	}
	return f.FirstStart
}

// lateByWord is the number of late invoices that a person's word stands for; it goes before what
// invoices say.
func lateByWord(word string) (float64, bool) {
	switch word {
	case "never overdue":
		return 0, true
	case "sometimes overdue":
		return 1, true
	case "often overdue":
		return 6, true
	}
	return 0, false
}

// describeInputs says of each input what it is and where it comes from.
func (s *Snapshot) describeInputs(row int32, f *Facts, in *[criteria]model.ScoreInput) {
	t := s.tables[model.Customer]
	for i, key := range model.Criteria() {
		in[i].Criterion = key
	}
	field := func(at int, name string) {
		in[at].Shown, in[at].Source = s.Shown(model.Customer, row, name), "field "+name
	}
	field(companySize, "employees")
	field(grossProfit, "gross_profit")
	field(demandType, "demand_type")
	field(influence, "influence")
	field(brand, "brand")
	switch order := &in[orderAmount]; {
	case f.InForce > 0:
		order.Shown, order.Source = model.FormatMoney(f.ARR)+" "+f.Currency, "ARR of "+contractsInForce(f.InForce)
	case f.Orders > 0:
		order.Shown, order.Source = model.FormatMoney(f.Orders12)+" "+f.Currency, "orders of the last 12 months"
	}
	s.describeRate(f, &in[orderAmount])
	s.describeRate(f, &in[grossProfit])
	if years := &in[cooperation]; years.Known {
		since := s.since(row, f)
		years.Shown, years.Source = fmt.Sprintf("%.1f years since %s", float64(s.Today-since)/365.25, since), "field since"
		if !t.Day(row, "since").IsSet() {
			years.Source = "first contract or order"
		}
		if t.Bool(row, "partner") {
			years.Shown += ", partner"
		}
	}
	if _, byWord := lateByWord(t.Str(row, "payment_record")); byWord {
		field(paymentRecord, "payment_record")
	} else if f.Invoices12 > 0 {
		in[paymentRecord].Shown, in[paymentRecord].Source = fmt.Sprintf("%d of %d late", f.Late12, f.Invoices12), "invoices due in the last 12 months"
	}
	in[growth].Source = growthSource(*f)
	if in[growth].Known {
		in[growth].Shown = fmt.Sprintf("%+.1f %%", in[growth].Number)
	}
}

// describeRate says at which rate an amount was judged, or that there is none.
func (s *Snapshot) describeRate(f *Facts, in *model.ScoreInput) {
	company := s.rules.currency
	rate, ok := s.rate(f.Currency)
	switch {
	case f.Currency == company || in.Shown == "":
	case !ok:
		in.Source += ", no rate to " + company
	default:
		in.Source += fmt.Sprintf(", 1 %s = %g %s", f.Currency, rate, company)
	}
}

// growthSource says what the growth of a customer is the growth of.
func growthSource(f Facts) string {
	if f.OrdersPrior <= 0 && f.ARRBefore > 0 {
		return "ARR against a year ago"
	}
	return "orders, last 12 months against the 12 before"
}

func contractsInForce(n int) string {
	if n == 1 {
		return "1 contract in force"
	}
	return strconv.Itoa(n) + " contracts in force"
}
