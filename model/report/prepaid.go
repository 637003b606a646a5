package report

import (
	"fmt"
	"math"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// Balance is what has been paid ahead for the cycles of one prepaid contract that are running or ahead.
// Amounts are in ten-thousandths of Currency.
type Balance struct {
	Contract   int32
	Cycles     int // running or ahead, with a payment
	Paid, Used int64
	Currency   string
}

// PrepaidOf lists the balances of a customer's prepaid contracts on the picture's day; those without a
// running cycle that is paid are left out.
func PrepaidOf(s *table.Snapshot, customer int32) []Balance {
	t := s.Table(model.Contract)
	var out []Balance
	for _, row := range t.Kids(customer, "customer") {
		if b := balanceOf(s, row); t.Live(row) && b.Cycles > 0 {
			out = append(out, b)
		}
	}
	return out
}

// balanceOf adds up the invoices of a contract that is settled in advance, in the currency of the contract:
// its invoices are written in that one.
func balanceOf(s *table.Snapshot, row int32) Balance {
	t, invoices := s.Table(model.Contract), s.Table(model.Invoice)
	b := Balance{Contract: row, Currency: s.CurrencyOf(model.Contract, row)}
	if t.Str(row, "settlement") != "prepaid" {
		return b
	}
	for _, k := range invoices.Kids(row, "contract") {
		paid, used, ok := prepaidOf(s, row, k)
		if !invoices.Live(k) || !ok || s.CurrencyOf(model.Invoice, k) != b.Currency {
			continue
		}
		b.Cycles++
		b.Paid += paid
		b.Used += used
	}
	return b
}

// Prepaid tells what has been paid ahead and not yet been used: of each prepaid cycle that is paid, in
// whole or in part, the share of its days that is still to come.
func Prepaid(s *table.Snapshot, _ Args) (Report, error) {
	contracts, invoices := s.Table(model.Contract), s.Table(model.Invoice)
	cur := currencyOf(s, model.Invoice)
	r := Report{
		Name: "prepaid", Title: "Paid ahead on " + s.Today.String(),
		Definition: "of the invoices of prepaid contracts, by the cycle that each names or is dated in: paid by the day; used: the paid amount × days of the cycle up to the day ÷ its days; balance = paid − used; in " + cur.name,
		Columns: []Column{
			{"customer", "Customer"}, {"contract", "Contract"}, {"cycles", "Cycles running"}, {"paid", "Paid for them"}, {"used", "Used"}, {"balance", "Balance"},
		},
	}
	left := 0
	contracts.Rows(func(row int32) bool {
		if contracts.Str(row, "settlement") != "prepaid" || len(invoices.Kids(row, "contract")) == 0 {
			return true
		}
		b := balanceOf(s, row)
		convert, ok := rateOf(s, cur, b.Currency)
		if !ok {
			left++
			return true
		}
		r.Rows = append(r.Rows, []Cell{
			text(contracts.Str(row, "customer_name")), text(s.Title(model.Contract, row)), count(b.Cycles), money(convert(b.Paid)), money(convert(b.Used)),
			money(convert(b.Paid) - convert(b.Used)),
		})
		return true
	})
	if left > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d contracts are left out: their currency has no rate (setting rate.XXX)", left))
	}
	return r, nil
}

// cycleOf is the cycle of a contract in which a day lies, counted from its start, so that one from the 31st does
// not drift; none before the start. A contract that is billed for the whole term at once has one.
func cycleOf(start, on day.Day, months int) (from, to day.Day) {
	if !start.IsSet() || !on.IsSet() || on < start {
		return day.None, day.None
	}
	if months == 0 {
		return start, day.None
	}
	y0, m0, _ := start.Date()
	y, m, _ := on.Date()
	n := max(0, ((y-y0)*12+int(m-m0))/months-1)
	for start.AddMonths((n+1)*months) <= on {
		n++
	}
	return start.AddMonths(n * months), start.AddMonths((n+1)*months) - 1
}

// prepaidOf is what has been paid for a cycle that is running or ahead, and what of it is used.
func prepaidOf(s *table.Snapshot, contract, invoice int32) (paid, used int64, ok bool) {
	contracts, invoices := s.Table(model.Contract), s.Table(model.Invoice)
	months := map[string]int{"month": 1, "quarter": 3, "year": 12, "": 12}[contracts.Str(contract, "billing")]
	period := invoices.Day(invoice, "period")
	on := period
	if !on.IsSet() {
		on = invoices.Day(invoice, "date")
	}
	from, to := cycleOf(contracts.Day(contract, "start"), on, months)
	if period.IsSet() && period != from { // Another program's cycle, which does not count from the contract's start.
		from, to = period, period.AddMonths(max(1, months))-1
	}
	end := contracts.Day(contract, "end")
	if contracts.Str(contract, "billing") == "term" || end.IsSet() && end < to {
		to = end
	}
	settled := invoices.Day(invoice, "settled")
	if paid = invoices.Units(invoice, "paid"); settled.IsSet() {
		paid = invoices.Units(invoice, "amount")
		if settled > s.Today {
			paid = 0
		}
	}
	if !from.IsSet() || !to.IsSet() || to < s.Today || paid == 0 {
		return 0, 0, false
	}
	gone := max(0, min(int64(s.Today-from)+1, int64(to-from)+1))
	return paid, int64(math.Round(float64(paid) * float64(gone) / float64(to-from+1))), true
}
