package table

import (
	"math"

	"opsdeck/model"
)

// CurrencyOf tells the currency of a record's amounts: the one that it names; else that of its
// customer, for a customer that of its first contract in force, order or invoice that names one; else
// the company's. Amounts of several customers are in the company's.
func (s *Snapshot) CurrencyOf(k model.Kind, row int32) string {
	t := s.tables[k]
	if cur := t.Str(row, "currency"); cur != "" {
		return cur
	}
	cur := ""
	if k == model.Customer {
		cur = s.currencyInUse(row)
	} else {
		cur = s.tables[model.Customer].Str(t.To(row, "customer"), "currency")
	}
	if cur == "" {
		cur = s.Settings.Text("company.currency")
	}
	return cur
}

func (s *Snapshot) currencyInUse(customer int32) string {
	for _, k := range []model.Kind{model.Contract, model.Order, model.Invoice} {
		t := s.tables[k]
		for _, row := range t.Kids(customer, "customer") {
			if cur := t.Str(row, "currency"); cur != "" && (k != model.Contract || model.InForce(t.Str(row, "state"))) {
				return cur
			}
		}
	}
	return ""
}

// convert turns an amount into another currency by the rates of the settings; false without a rate.
func (s *Snapshot) convert(units int64, from, to string) (int64, bool) {
	if from == to || units == 0 {
		return units, true
	}
	a, okA := s.Settings.Rate(from)
	b, okB := s.Settings.Rate(to)
	converted := math.Round(float64(units) * a / b)
	if !okA || !okB || math.Abs(converted) > math.MaxInt64/2 {
		return 0, false
	}
	return int64(converted), true
}

// rateNote says how an amount was converted, or that it could not be; nothing where there was no need.
func (s *Snapshot) rateNote(units int64, from, to string) string {
	if from == to {
		return ""
	}
	converted, ok := s.convert(units, from, to)
	if !ok {
		return "left out: no exchange rate to " + to + " is set (setting rate." + from + ")"
	}
	return "counted as " + model.FormatMoney(converted) + " " + to + " by the rate of the settings"
}
