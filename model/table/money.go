package table

import (
	"cmp"
	"math"

	"opsdeck/model"
)

// CurrencyOf tells the currency of a record's amounts: the one that it names; else that of its
// customer, for a customer that of its first contract in force, order or invoice that names one; else
// the company's. Amounts of several customers are in the company's.
func (s *Snapshot) CurrencyOf(k model.Kind, row int32) string {
	t, cur := s.tables[k], ""
	switch k {
	case model.Customer:
		if cur = t.cols[customerAt.currency].text(row); cur == "" {
			cur = s.currencyInUse(row)
		}
		return cmp.Or(cur, s.rules.currency)
	case model.Contract: // Sums of lists ask for it once a row.
		cur = t.cols[contractAt.currency].text(row)
	default:
		cur = t.Str(row, "currency")
	}
	if cur == "" {
		cur = s.tables[model.Customer].cols[customerAt.currency].text(t.To(row, "customer"))
	}
	return cmp.Or(cur, s.rules.currency)
}

func (s *Snapshot) currencyInUse(customer int32) string {
	contracts := s.tables[model.Contract]
	for _, k := range contracts.cols[contractAt.customer].kids.get(customer) {
		if cur := contracts.cols[contractAt.currency].text(k); cur != "" && model.InForce(contracts.cols[contractAt.state].text(k)) {
			return cur
		}
	}
	orders := s.tables[model.Order]
	for _, k := range orders.cols[orderAt.customer].kids.get(customer) {
		if cur := orders.cols[orderAt.currency].text(k); cur != "" {
			return cur
		}
	}
	invoices := s.tables[model.Invoice]
	for _, k := range invoices.cols[invoiceAt.customer].kids.get(customer) {
		if cur := invoices.cols[invoiceAt.currency].text(k); cur != "" {
			return cur
		}
	}
	return ""
}

// convert turns an amount into another currency by the rates of the settings; false without a rate.
func (s *Snapshot) convert(units int64, from, to string) (int64, bool) {
	if from == to || units == 0 {
		return units, true
	}
	a, okA := s.rate(from)
	b, okB := s.rate(to)
	converted := math.Round(float64(units) * a / b)
	if !okA || !okB || math.Abs(converted) > math.MaxInt64/2 {
		return 0, false
	}
	return int64(converted), true
}

// rate is what one unit of a currency is worth in the company's.
func (s *Snapshot) rate(currency string) (float64, bool) {
	if currency == s.rules.currency {
		return 1, true
	}
	rate, ok := s.rules.rates[currency]
	return rate, ok
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
