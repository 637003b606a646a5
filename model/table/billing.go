package table

import (
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
)

// Bills makes the invoices of a contract that are to be written by a day and are not there yet. It is
// settled by its cycles; a contract without a settlement, a trial and a framework without an amount have
// none.
func (s *Snapshot) Bills(row int32, until day.Day, newID func() model.ID) []*model.Record {
	t := s.tables[model.Contract]
	settlement := t.Str(row, "settlement")
	terms := s.Terms(row)
	if settlement == "" || terms.Trial || t.cols[contractAt.amount].num.get(row) == 0 {
		return nil
	}
	var out []*model.Record
	for _, c := range terms.Cycles(t.Units(row, "amount"), t.Str(row, "per"), settlement, until, s.rules.terms) {
		if c.Amount == 0 || s.billed(row, c) {
			continue
		}
		r := model.NewRecord(model.Invoice, newID())
		r.Set("number", model.Text(s.billNumber(row)+"-"+c.From.String()))
		r.Set("customer", t.Value(row, "customer"))
		r.Set("contract", model.Ref(t.ID(row)))
		r.Set("period", model.Date(c.From))
		r.Set("date", model.Date(c.Date))
		r.Set("due", model.Date(c.Date+day.Day(s.rules.dueDays)))
		r.Set("amount", model.Money(c.Amount))
		r.Set("currency", model.Text(s.CurrencyOf(model.Contract, row)))
		out = append(out, r)
	}
	return out
}

// billNumber begins the numbers of a contract's invoices.
func (s *Snapshot) billNumber(row int32) string {
	t := s.tables[model.Contract]
	for _, field := range []string{"number", "external_id"} {
		if n := t.Str(row, field); n != "" {
			return n
		}
	}
	return t.ID(row).String()
}

// billed tells whether a contract has an invoice for a cycle: one that names it, or one from elsewhere
// that is dated in it.
func (s *Snapshot) billed(row int32, c model.Cycle) bool {
	t := s.tables[model.Invoice]
	for _, k := range t.Kids(row, "contract") {
		if !t.Live(k) {
			continue
		}
		period, on := t.Day(k, "period"), t.Day(k, "date")
		if period == c.From || !period.IsSet() && on >= c.From && on <= max(c.To, c.Date) {
			return true
		}
	}
	return false
}

// reminder is the level of reminding that is next for an invoice that is open, and its day.
func (s *Snapshot) reminder(row int32, state string) (string, day.Day) {
	t := s.tables[model.Invoice]
	if state != "open" && state != "overdue" {
		return "", day.None
	}
	sent, _ := t.cols[invoiceAt.reminded].float(row)
	level, from := model.NextReminder(s.rules.reminders, t.cols[invoiceAt.due].day.get(row).day(), int(sent), t.cols[invoiceAt.remindedOn].day.get(row).day())
	if level == 0 {
		return "", day.None
	}
	return s.rules.levels[level-1], from
}

// levelWords names the levels of reminding as lists show them: "2 mail".
func levelWords(levels []model.Reminder) []string {
	out := make([]string, len(levels))
	for i, l := range levels {
		out[i] = strconv.Itoa(i+1) + " " + l.By
	}
	return out
}
