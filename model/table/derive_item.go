package table

import (
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
)

// itemFigures computes severity, age and whom it concerns.
func (s *Snapshot) itemFigures(row int32) {
	t, customers := s.tables[model.Item], s.tables[model.Customer]
	f := figures{t, row}
	var arr int64
	tier, first, linked := "", int32(-1), 0
	for _, c := range t.cols[itemAt.customers].lists.get(row) {
		if !customers.Live(c) {
			continue
		}
		linked++
		// Customers of several currencies meet here, so the sum is in the company's own.
		if units, ok := s.convert(customers.cols[customerAt.arr].num.get(c).int(), s.CurrencyOf(model.Customer, c), s.rules.currency); ok {
			arr += units
		}
		tier = model.LargerTier(tier, customers.cols[customerAt.tier].text(c))
		if first < 0 {
			first = c
		}
	}
	if linked > 1 {
		f.text(itemAt.customerName, customers.cols[customerAt.name].text(first)+" +"+strconv.Itoa(linked-1))
	} else {
		f.name(itemAt.customerName, first)
	}
	f.money(itemAt.arr, arr)
	f.text(itemAt.tier, tier)
	weight := s.severityInput(row)
	severity := s.rules.severity.Lean(&weight)
	f.text(itemAt.severity, severity)
	s.slaFigures(f, severity)
	s.demandFigures(f)
	s.tellFigures(f)
	s.decisionFigures(f)
	open := model.ItemIsOpen(t.cols[itemAt.state].text(row))
	f.flag(itemAt.open, open)
	f.cell(itemAt.age, itemAge(t, row, open, s.Today))
}

func itemAge(t *Table, row int32, open bool, today day.Day) numCell {
	opened, ok := t.cols[itemAt.opened].float(row)
	if !ok {
		return 0
	}
	end := float64(today) + 1
	if resolved, ok := t.cols[itemAt.resolved].float(row); ok && !open {
		end = resolved / 86400000
	}
	return numberCell(model.Number(max(0, float64(int(end-opened/86400000)))))
}

// ItemSeverity decides an item's severity and says why.
func (s *Snapshot) ItemSeverity(row int32) model.SeverityReason {
	return s.rules.severity.Decide(s.severityInput(row))
}

func (s *Snapshot) severityInput(row int32) model.SeverityInput {
	t, customers := s.tables[model.Item], s.tables[model.Customer]
	in := model.SeverityInput{
		Blocking: t.cols[itemAt.blocking].text(row), ByHand: t.cols[itemAt.byHand].text(row), Reason: t.cols[itemAt.reason].text(row),
	}
	for _, c := range t.cols[itemAt.customers].lists.get(row) {
		if !customers.Live(c) {
			continue
		}
		if inForce(customers.cols[customerAt.status].text(c)) {
			in.LinkedInForce++
		}
		in.KA = in.KA || customers.cols[customerAt.tier].text(c) == model.TierKA
	}
	return in
}
