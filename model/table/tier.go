package table

import (
	"fmt"

	"opsdeck/model"
)

// Tier computes a customer's tier from its facts.
func (s *Snapshot) Tier(row int32, f Facts) model.Tier {
	t := s.tables[model.Customer]
	result := s.rules.scoring.Score(s.scoreInputs(row, f))
	tier := model.Tier{Computed: s.rules.scoring.TierOf(result), Score: result}
	return tier.Override(t.Str(row, "tier_override"), t.Str(row, "tier_override_reason"), t.Str(row, "tier_override_by"),
		t.Day(row, "tier_override_until"), s.Today)
}

// scoreInputs gathers the inputs of the nine criteria (row C2 of the brief).
func (s *Snapshot) scoreInputs(row int32, f Facts) []model.ScoreInput {
	t := s.tables[model.Customer]
	number := func(criterion, field string) model.ScoreInput {
		n, ok := t.Num(row, field)
		return model.ScoreInput{Criterion: criterion, Known: ok, Number: n, Shown: t.Value(row, field).Format(), Source: "field " + field}
	}
	word := func(criterion, field string) model.ScoreInput {
		w := t.Str(row, field)
		return model.ScoreInput{Criterion: criterion, Known: w != "", Text: w, Shown: w, Source: "field " + field}
	}
	profit := number("gross_profit", "gross_profit")
	profit.Number /= model.MoneyScale
	return []model.ScoreInput{
		s.orderInput(f), number("company_size", "employees"), profit, word("demand_type", "demand_type"),
		s.cooperationInput(row, f), word("influence", "influence"), word("brand", "brand"), s.paymentInput(row, f), growthInput(f),
	}
}

func (s *Snapshot) orderInput(f Facts) model.ScoreInput {
	in := model.ScoreInput{Criterion: "order_amount"}
	switch {
	case f.InForce > 0:
		in.Known, in.Number, in.Source = true, float64(f.ARR)/model.MoneyScale, fmt.Sprintf("ARR of %d contracts in force", f.InForce)
		in.Shown = model.FormatMoney(f.ARR) + " " + f.Currency
	case f.Orders > 0:
		in.Known, in.Number, in.Source = true, float64(f.Orders12)/model.MoneyScale, "orders of the last 12 months"
		in.Shown = model.FormatMoney(f.Orders12) + " " + f.Currency
	}
	return in
}

func (s *Snapshot) cooperationInput(row int32, f Facts) model.ScoreInput {
	t := s.tables[model.Customer]
	since, source := t.Day(row, "since"), "field since"
	if !since.IsSet() {
		since, source = f.FirstStart, "first contract or order"
	}
	in := model.ScoreInput{Criterion: "cooperation", Source: source}
	if !since.IsSet() {
		return in
	}
	in.Known = true
	in.Number = max(0, float64(s.Today-since)/365.25)
	in.Shown = fmt.Sprintf("%.1f years since %s", in.Number, since)
	if t.Bool(row, "partner") {
		in.Number += 2
		in.Shown += ", partner"
	}
	return in
}

// paymentInput takes the word of a person before what invoices say.
func (s *Snapshot) paymentInput(row int32, f Facts) model.ScoreInput {
	in := model.ScoreInput{Criterion: "payment_record"}
	switch s.tables[model.Customer].Str(row, "payment_record") {
	case "never overdue":
		in.Known = true
	case "sometimes overdue":
		in.Known, in.Number = true, 1
	case "often overdue":
		in.Known, in.Number = true, 6
	}
	if in.Known {
		in.Shown, in.Source = s.tables[model.Customer].Str(row, "payment_record"), "field payment_record"
		return in
	}
	if f.Invoices12 > 0 {
		in.Known, in.Number = true, float64(f.Late12)
		in.Shown, in.Source = fmt.Sprintf("%d of %d late", f.Late12, f.Invoices12), "invoices due in the last 12 months"
	}
	return in
}

func growthInput(f Facts) model.ScoreInput {
	g, ok := f.Growth()
	in := model.ScoreInput{Criterion: "growth", Known: ok, Number: g, Source: "orders, last 12 months against the 12 before"}
	if ok {
		in.Shown = fmt.Sprintf("%+.1f %%", g)
	}
	return in
}
