package report

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/score"
	"opsdeck/model/table"
)

// currency is what the amounts of a report are in, and how others are turned into it.
type currency struct {
	s    *table.Snapshot
	name string
}

// currencyOf picks the currency of a report: the one that all records of the kind share, so that no
// rate is needed, else the company's.
func currencyOf(s *table.Snapshot, k model.Kind) currency {
	t, only := s.Table(k), ""
	company := s.Settings.Text("company.currency")
	t.Rows(func(row int32) bool {
		cur := s.CurrencyOf(k, row)
		if only != "" && cur != only {
			only = company
			return false
		}
		only = cur
		return true
	})
	return currency{s, cmp.Or(only, company)}
}

// convert turns an amount of a record into the report's currency; false where no rate is set.
func (c currency) convert(k model.Kind, row int32, units int64) (int64, bool) {
	cur := c.s.CurrencyOf(k, row)
	if cur == c.name {
		return units, true
	}
	from, okFrom := c.s.Settings.Rate(cur)
	to, okTo := c.s.Settings.Rate(c.name)
	if !okFrom || !okTo {
		return 0, false
	}
	return int64(math.Round(float64(units) * from / to)), true
}

// words writes an amount in the report's currency for people, in whole cents.
func (c currency) words(units int64) string {
	const cent = model.MoneyScale / 100
	return model.GroupMoney(int64(math.Round(float64(units)/cent))*cent) + " " + c.name
}

// ratesText names the rates by which amounts of a kind are counted; empty where all share a currency.
func (c currency) ratesText(k model.Kind) string {
	t, seen := c.s.Table(k), map[string]bool{c.name: true}
	var parts []string
	t.Rows(func(row int32) bool {
		cur := c.s.CurrencyOf(k, row)
		if seen[cur] {
			return true
		}
		seen[cur] = true
		from, okFrom := c.s.Settings.Rate(cur)
		to, okTo := c.s.Settings.Rate(c.name)
		if okFrom && okTo {
			parts = append(parts, fmt.Sprintf("1 %s = %.6g %s", cur, from/to, c.name))
		}
		return true
	})
	if len(parts) == 0 {
		return ""
	}
	slices.Sort(parts)
	return " (" + strings.Join(parts, ", ") + ")"
}

// recurring is a customer's recurring revenue on a day: the annual amounts of its contracts whose
// term covers the day, the end date being the last day in force. The second result counts contracts
// whose currency has no rate.
func recurring(c currency, customer int32, on day.Day) (units int64, leftOut int) {
	s := c.s
	t := s.Table(model.Contract)
	for _, k := range t.Kids(customer, "customer") {
		if !t.Live(k) || !s.Runs(k, on) {
			continue
		}
		if n, ok := c.convert(model.Contract, k, t.Units(k, "arr")); ok {
			units += n
		} else {
			leftOut++
		}
	}
	return units, leftOut
}

// Retention compares every customer's recurring revenue at two days (definitions.md, base-period).
func Retention(s *table.Snapshot, a Args) (Report, error) {
	if !a.From.IsSet() || !a.To.IsSet() || a.From >= a.To {
		return Report{}, errors.New("retention needs --from and a later --to, for example --from 2023-12-31 --to 2024-12-31")
	}
	cur := currencyOf(s, model.Contract)
	got, left, err := retained(s, cur, a.From, a.To)
	if err != nil {
		return Report{}, err
	}
	r := Report{
		Name: "retention", Title: fmt.Sprintf("Retention from %s to %s", a.From, a.To),
		Definition: "A = recurring revenue at the start of the customers that had any, B = the same customers' at the end; GRR = Σ min(A, B) ÷ Σ A, NRR = Σ B ÷ Σ A; in " +
			cur.name + ", annual, the end date being the last day in force",
		Columns: []Column{
			{"from", "From"},
			{"to", "To"},
			{"customers", "Customers"},
			{"start", "Start ARR"},
			{"end", "End ARR"},
			{"grr", "GRR %"},
			{"nrr", "NRR %"},
			{"logo", "Logo %"},
			{"lost", "Lost"},
			{"new", "New"},
			{"expansion", "Expansion"},
			{"contraction", "Contraction"},
			{"churn", "Churn"},
			{"reactivation", "Reactivation"},
		},
	}
	moves := func(m score.Move) Cell { return money(got.Moves[m].Delta) }
	r.Rows = [][]Cell{{
		text(a.From.String()), text(a.To.String()), count(got.Customers), money(got.Start), money(got.End), percent(got.GRR), percent(got.NRR),
		percent(got.Logo), count(got.Customers - got.Stayed), moves(score.MoveNew), moves(score.MoveExpansion), moves(score.MoveContraction),
		moves(score.MoveChurn), moves(score.MoveReactivation),
	}}
	if !got.Known {
		r.Notes = append(r.Notes, "nobody had recurring revenue at the start, so there are no rates")
	}
	if left > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d contracts are left out: their currency has no rate (setting rate.XXX)", left))
	}
	return r, nil
}

// retained compares every customer's recurring revenue at two days; left counts contracts whose currency
// has no rate.
func retained(s *table.Snapshot, cur currency, from, to day.Day) (got score.Retained, left int, err error) {
	customers := s.Table(model.Customer)
	var rows []score.Revenue
	customers.Rows(func(row int32) bool {
		was, l1 := recurring(cur, row, from)
		is, l2 := recurring(cur, row, to)
		left += l1 + l2
		rows = append(rows, score.Revenue{ID: customers.ID(row).String(), A: was, B: is, Returning: was == 0 && is > 0 && startedBefore(s, row, from)})
		return true
	})
	got, err = score.Retention(rows)
	return got, left, err
}

func startedBefore(s *table.Snapshot, customer int32, on day.Day) bool {
	t := s.Table(model.Contract)
	return slices.ContainsFunc(t.Kids(customer, "customer"), func(k int32) bool { return t.Live(k) && t.Day(k, "start") < on })
}

// Revenue lists the monthly recurring revenue at the end of each month.
func Revenue(s *table.Snapshot, a Args) (Report, error) {
	if !a.To.IsSet() {
		a.To = s.Today
	}
	if !a.From.IsSet() {
		a.From = a.To.AddMonths(-11)
	}
	if a.From > a.To || int(a.To-a.From) > 366*50 {
		return Report{}, errors.New("revenue needs --from before --to, at most fifty years apart")
	}
	cur := currencyOf(s, model.Contract)
	r := Report{
		Name: "revenue", Title: "Monthly recurring revenue at month ends",
		Definition: "annual amounts ÷ 12 of the contracts whose term covers the day (the end date is the last day in force), in " + cur.name,
		Columns:    []Column{{"date", "Date"}, {"mrr", "MRR"}, {"arr", "ARR"}, {"contracts", "Contracts"}, {"customers", "Customers"}},
	}
	left := 0
	for on := a.From.MonthEnd(); on <= a.To.MonthEnd(); on = on.MonthStart().AddMonths(1).MonthEnd() {
		units, contracts, buyers, l := bookRevenue(cur, on)
		left = max(left, l)
		r.Rows = append(r.Rows, []Cell{text(on.String()), money(units / 12), money(units), count(contracts), count(buyers)})
	}
	if left > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("up to %d contracts a month are left out: their currency has no rate", left))
	}
	return r, nil
}

func bookRevenue(c currency, on day.Day) (units int64, contracts, buyers, leftOut int) {
	s := c.s
	t := s.Table(model.Contract)
	seen := map[int32]bool{}
	t.Rows(func(k int32) bool {
		if !s.Runs(k, on) {
			return true
		}
		contracts++
		seen[t.To(k, "customer")] = true
		if n, ok := c.convert(model.Contract, k, t.Units(k, "arr")); ok {
			units += n
		} else {
			leftOut++
		}
		return true
	})
	return units, contracts, len(seen), leftOut
}

// hanging is how much hangs on each customer, and of what.
type hanging struct {
	score.Concentrated
	by, words string
	cur       currency
	left      int // amounts without a rate
}

// concentrate adds up by customer what a concentration is of: "arr" (the default), "orders" or "contracts" (their
// whole amounts).
func concentrate(s *table.Snapshot, by string) (hanging, error) {
	h := hanging{by: cmp.Or(by, "arr")}
	h.words = map[string]string{
		"arr": "annual recurring revenue", "orders": "the sum of all orders", "contracts": "the whole amounts of all contracts",
	}[h.by]
	if h.words == "" {
		return h, fmt.Errorf("concentration is by arr, orders or contracts, not by %q", h.by)
	}
	kind := model.Contract
	if h.by == "orders" {
		kind = model.Order
	}
	customers := s.Table(model.Customer)
	h.cur = currencyOf(s, kind)
	var amounts []score.Amount
	customers.Rows(func(row int32) bool {
		units, l := concentrated(h.cur, kind, row, h.by)
		h.left += l
		if units > 0 {
			amounts = append(amounts, score.Amount{ID: customers.ID(row).String(), Value: units})
		}
		return true
	})
	var err error
	h.Concentrated, err = score.Concentration(amounts)
	return h, err
}

// notes say what the figures leave out.
func (h hanging) notes() []string {
	if h.left == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d amounts are left out: their currency has no rate (setting rate.XXX)", h.left)}
}

// Concentration tells how much hangs on few customers.
func Concentration(s *table.Snapshot, a Args) (Report, error) {
	got, err := concentrate(s, a.By)
	if err != nil {
		return Report{}, err
	}
	customers := s.Table(model.Customer)
	r := Report{
		Name: "concentration", Title: "Concentration by " + got.by,
		Definition: got.words + " by customer in " + got.cur.name + "; share of the largest 1, 5, 10; HHI = Σ (share in percent)²",
		Columns: []Column{
			{"customers", "Customers"},
			{"total", "Total"},
			{"top1", "Top 1 %"},
			{"top5", "Top 5 %"},
			{"top10", "Top 10 %"},
			{"hhi", "HHI"},
			{"make80", "Make 80 %"},
			{"largest", "Largest"},
			{"largest_amount", "Its amount"},
		},
	}
	name, amount := largest(customers, got.Concentrated)
	r.Rows = [][]Cell{{
		count(len(got.Rows)), money(got.Total), percent(got.Top(1)), percent(got.Top(5)), percent(got.Top(10)),
		{Number: math.Round(got.HHI*100) / 100, Decimals: 2, IsNumber: true},
		count(got.Reaching(0.8)), text(name), money(amount),
	}}
	r.Notes = got.notes()
	return r, nil
}

// largest names the customer on whom most hangs.
func largest(customers *table.Table, got score.Concentrated) (string, int64) {
	if len(got.Rows) == 0 {
		return "", 0
	}
	if id, err := model.ParseID(got.Rows[0].ID); err == nil {
		if row, ok := customers.Row(id); ok {
			return customers.Str(row, "name"), got.Rows[0].Value
		}
	}
	return got.Rows[0].ID, got.Rows[0].Value
}

// concentrated is a customer's amount in the report's currency.
func concentrated(c currency, kind model.Kind, row int32, by string) (units int64, leftOut int) {
	if by == "arr" {
		return recurring(c, row, c.s.Today)
	}
	t := c.s.Table(kind)
	for _, k := range t.Kids(row, "customer") {
		if !t.Live(k) {
			continue
		}
		if n, ok := c.convert(kind, k, t.Units(k, "amount")); ok {
			units += n
		} else {
			leftOut++
		}
	}
	return units, leftOut
}

// bucket counts invoices and adds them up.
type bucket struct {
	n     int
	units int64
}

func (b *bucket) add(units int64) {
	b.n++
	b.units += units
}

// ages is what is known of the invoices on a day.
type ages struct {
	open, overdue       bucket
	late                [4]bucket // overdue up to 30, 60, 90 and more days
	settled, days, lags int       // settled ones, their days to settle and days late
	leftOut             int
}

func ageInvoices(s *table.Snapshot, cur currency) (a ages) {
	t := s.Table(model.Invoice)
	t.Rows(func(k int32) bool {
		state := t.Str(k, "state")
		lag, _ := t.Num(k, "days_late")
		switch state {
		case "settled":
			a.settled++
			a.days += int(t.Day(k, "settled") - t.Day(k, "date"))
			a.lags += int(lag)
		case "open", "overdue":
			units, ok := cur.convert(model.Invoice, k, t.Units(k, "amount")-t.Units(k, "paid"))
			if !ok {
				a.leftOut++
				return true
			}
			a.open.add(units)
			if state == "overdue" {
				a.overdue.add(units)
				a.late[min(3, (int(lag)-1)/30)].add(units)
			}
		}
		return true
	})
	return a
}

// Ageing sums the invoices that are open on the day, by how long they are overdue.
func Ageing(s *table.Snapshot, _ Args) (Report, error) {
	cur := currencyOf(s, model.Invoice)
	a := ageInvoices(s, cur)
	r := Report{
		Name: "ageing", Title: "Open invoices on " + s.Today.String(),
		Definition: "open: invoiced by the day and not settled by it; overdue: due before it; in " + cur.name + "; means over the invoices settled by the day",
		Columns: []Column{
			{"open", "Open"},
			{"open_amount", "Open amount"},
			{"overdue", "Overdue"},
			{"overdue_amount", "Overdue amount"},
			{"days_1_30", "1–30 days"},
			{"days_31_60", "31–60"},
			{"days_61_90", "61–90"},
			{"days_over_90", "over 90"},
			{"settled", "Settled"},
			{"mean_days_to_settle", "Mean days to settle"},
			{"mean_days_late", "Mean days late"},
		},
	}
	row := []Cell{count(a.open.n), money(a.open.units), count(a.overdue.n), money(a.overdue.units)}
	for _, b := range a.late {
		row = append(row, money(b.units))
	}
	r.Rows = [][]Cell{append(row, count(a.settled), mean(a.days, a.settled), mean(a.lags, a.settled))}
	if a.leftOut > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d invoices are left out: their currency has no rate (setting rate.XXX)", a.leftOut))
	}
	return r, nil
}

// mean is shown with six decimals, so that it can be held against a published figure.
func mean(sum, n int) Cell {
	if n == 0 {
		return text("")
	}
	return Cell{Number: math.Round(float64(sum)/float64(n)*1e6) / 1e6, Decimals: -1, IsNumber: true}
}
