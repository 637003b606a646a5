package table

import (
	"math"
	"slices"

	"opsdeck/model"
)

// exchange compares the amounts of one field with each other, whatever currencies they are in: by what
// they are worth in the company's currency at the rates of the settings.
type exchange struct {
	currency func(row int32) string
	rates    map[string]float64 // 0: none is set
	unrated  []string           // the currencies of amounts for which no rate is set, in alphabetical order
}

// exchange returns how the amounts of a column compare; nil where they compare as they stand: when all
// of them are in the company's currency, or in one other for which no rate is set. It is made when the
// amount is compared for the first time in a picture.
func (t *Table) exchange(c *column) *exchange {
	kept, ok := t.exchanges.Load(c.field.Name)
	if !ok {
		kept, _ = t.exchanges.LoadOrStore(c.field.Name, t.newExchange(c))
	}
	if x := kept.(*exchange); x.rates != nil {
		return x
	}
	return nil
}

func (t *Table) newExchange(c *column) *exchange {
	s := t.snap
	x := &exchange{currency: func(row int32) string { return s.CurrencyOf(t.Schema.Kind, row) }}
	rates := map[string]float64{}
	for row := range t.size {
		if !t.live.get(row) || c.num.get(row).int() == 0 {
			continue // Nothing is the same in every currency.
		}
		cur := x.currency(row)
		if _, seen := rates[cur]; seen {
			continue
		}
		rate, ok := s.rate(cur)
		if !ok {
			x.unrated = append(x.unrated, cur)
		}
		rates[cur] = rate
	}
	slices.Sort(x.unrated)
	if _, own := rates[s.rules.currency]; len(rates) > 1 || len(rates) == 1 && !own && len(x.unrated) == 0 {
		x.rates = rates
	}
	return x
}

// worth is what an amount in ten-thousandths is worth in the company's currency, rounded to the
// ten-thousandth; false without a rate.
func (x *exchange) worth(row int32, units float64) (float64, bool) {
	if units == 0 {
		return 0, true
	}
	rate := x.rates[x.currency(row)]
	return math.Round(units * rate), rate > 0
}

// moneyKeys are the sort keys of an amount: first by worth in the company's currency; then, for what has
// no rate and stands behind all that has one, currency by currency, by the amount as it stands.
func (x *exchange) moneyKeys(c *column, desc bool) []func(row int32) uint64 {
	behind := map[string]uint64{}
	for i, cur := range x.unrated {
		behind[cur] = lastKey - uint64(len(x.unrated)-i)
	}
	worth := turned(func(row int32) uint64 {
		if units, ok := c.float(row); ok {
			if w, ok := x.worth(row, units); ok {
				return floatKey(w)
			}
		}
		return lastKey
	}, desc)
	by := func(row int32) uint64 {
		if k := worth(row); k != lastKey || c.empty(row) {
			return k
		}
		return behind[x.currency(row)]
	}
	within := turned(func(row int32) uint64 {
		units, _ := c.float(row)
		if _, ok := x.worth(row, units); ok {
			return 0
		}
		return floatKey(units)
	}, desc)
	return []func(int32) uint64{by, within}
}

// Incomparable counts the records that have one of the fields as an amount in a currency for which no
// rate is set, while others are in other currencies: a filter by such a field never finds them by
// their size, and an order puts them last. It names these currencies, too.
func (s *Snapshot) Incomparable(k model.Kind, fields []string) (n int, currencies []string) {
	t := s.tables[k]
	rows := map[int32]bool{}
	for _, f := range fields {
		c := t.typed(f, model.TMoney)
		if c == nil {
			continue
		}
		x := t.exchange(c)
		if x == nil || len(x.unrated) == 0 {
			continue
		}
		currencies = append(currencies, x.unrated...)
		for row := range t.size {
			if _, ok := x.worth(row, float64(c.num.get(row).int())); !ok && t.live.get(row) {
				rows[row] = true
			}
		}
	}
	slices.Sort(currencies)
	return len(rows), slices.Compact(currencies)
}

// amounts gives a filter the amounts of a field in major units of the company's currency.
func (x *exchange) amounts(c *column) func(row int) (float64, bool) {
	return func(row int) (float64, bool) {
		units, ok := c.float(int32(row))
		if !ok {
			return 0, false
		}
		if worth, ok := x.worth(int32(row), units); ok {
			return worth / model.MoneyScale, true
		}
		return math.NaN(), true
	}
}
