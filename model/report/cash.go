package report

import (
	"errors"
	"fmt"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// cashMonth is one month of Cash; amounts are in ten-thousandths.
type cashMonth struct {
	invoiced, due, received, late, open, planned int64
	rows                                         []int32 // invoices received in it or still open
}

// cashBack and cashAhead are the months that Cash shows when nothing is said.
const (
	cashBack  = 11
	cashAhead = 3
)

// maxCashMonths bounds how far a report goes; a slip in a year makes no flood.
const maxCashMonths = 600

// Cash tells what has come in, month by month, and what is expected (rows D4 and D5): invoices by the month in which they
// were settled, those still open by the month in which they are due, and those that contracts will have by their cycles.
func Cash(s *table.Snapshot, a Args) (Report, error) {
	from, to := a.From, a.To
	if !from.IsSet() {
		from = s.Today.AddMonths(-cashBack)
	}
	if !to.IsSet() {
		to = s.Today.AddMonths(cashAhead)
	}
	from = from.MonthStart()
	months := monthsBetween(from, to) + 1
	if months < 1 || months > maxCashMonths {
		return Report{}, errors.New("cash needs --from before --to, and not more than fifty years between them")
	}
	c := cash{s: s, cur: currencyOf(s, model.Invoice), from: from, months: make([]cashMonth, months)}
	c.invoices()
	c.plans(to.MonthEnd())
	r := Report{
		Name: "cash", Title: "Cash in by month, on " + s.Today.String(),
		Definition: "invoiced by date, due by due day; received: invoices by the day they were settled, late: of it after its due day; open: what is not paid of invoices due in the month; planned: invoices that contracts will have by their cycles, by their due day; expected = open + planned; in " +
			c.cur.name + c.cur.ratesText(model.Invoice),
		Columns: []Column{
			{"month", "Month"},
			{"invoiced", "Invoiced"},
			{"due", "Due"},
			{"received", "Received"},
			{"late", "Of it late"},
			{"open", "Open"},
			{"planned", "Planned"},
			{"expected", "Expected"},
		},
	}
	for i, m := range c.months {
		r.Rows = append(r.Rows, []Cell{
			text(from.AddMonths(i).String()[:7]), money(m.invoiced), money(m.due), money(m.received), money(m.late), money(m.open), money(m.planned), money(m.open + m.planned),
		})
	}
	r.Notes = c.notes()
	r.Why = func(row int) model.Why { return c.why(r, row) }
	return r, nil
}

type cash struct {
	s      *table.Snapshot
	cur    currency
	from   day.Day
	months []cashMonth
	left   int   // invoices and contracts without a rate
	parts  int64 // paid on invoices that are not settled
	older  int64 // open, and due before the first month
	// Unwritten is what cycles of contracts come to that were due in the months shown before this one and have no invoice.
	unwritten int64
}

// at is the month of a day; nil where it is not shown.
func (c *cash) at(on day.Day) *cashMonth {
	if i := monthsBetween(c.from, on); on.IsSet() && on >= c.from && i < len(c.months) {
		return &c.months[i]
	}
	return &cashMonth{}
}

func (c *cash) invoices() {
	t := c.s.Table(model.Invoice)
	t.Rows(func(row int32) bool {
		units, ok := c.cur.convert(model.Invoice, row, t.Units(row, "amount"))
		if !ok {
			c.left++
			return true
		}
		on, due, settled := t.Day(row, "date"), t.Day(row, "due"), t.Day(row, "settled")
		if !due.IsSet() {
			due = on
		}
		if on <= c.s.Today {
			c.at(on).invoiced += units
		}
		c.at(due).due += units
		if settled.IsSet() && settled <= c.s.Today {
			m := c.at(settled)
			m.received += units
			m.rows = append(m.rows, row)
			if settled > due {
				m.late += units
			}
			return true
		}
		rest, _ := c.cur.convert(model.Invoice, row, t.Units(row, "amount")-t.Units(row, "paid"))
		c.parts += units - rest
		if due < c.from {
			c.older += rest
		}
		m := c.at(due)
		m.open += rest
		m.rows = append(m.rows, row)
		return true
	})
}

// plans adds the invoices that are not written yet.
func (c *cash) plans(until day.Day) {
	t := c.s.Table(model.Contract)
	t.Rows(func(row int32) bool {
		for _, bill := range c.s.Bills(row, until, func() model.ID { return model.ID{} }) {
			amount, _ := bill.Get("amount").Units()
			units, ok := c.cur.convert(model.Contract, row, amount)
			if !ok {
				c.left++
				return true
			}
			if due := bill.Get("due").Day(); due >= c.s.Today.MonthStart() {
				c.at(due).planned += units
			} else if due >= c.from {
				c.unwritten += units
			}
		}
		return true
	})
}

func (c *cash) notes() []string {
	var out []string
	if c.parts != 0 {
		out = append(out, fmt.Sprintf("%s of part payments on open invoices are in no month, as the day of each is not known", c.cur.words(c.parts)))
	}
	if c.older != 0 {
		out = append(out, fmt.Sprintf("%s are open that were due before %s", c.cur.words(c.older), c.from))
	}
	if c.unwritten != 0 {
		out = append(out, fmt.Sprintf("%s of contracts' cycles, due in the months before this one, have no invoice; 'opsdeck do bill' writes them", c.cur.words(c.unwritten)))
	}
	if c.left > 0 {
		out = append(out, fmt.Sprintf("invoices and contracts left out, as their currency has no rate (setting rate.XXX): %d", c.left))
	}
	return out
}

// why lists the invoices behind a month.
func (c *cash) why(r Report, row int) model.Why {
	m, t := c.months[row], c.s.Table(model.Invoice)
	w := model.Why{
		Record: c.from.AddMonths(row).String()[:7], Figure: "received", Label: "Received", Value: c.cur.words(m.received), Formula: r.Definition,
	}
	for _, k := range m.rows {
		note := "open, due " + t.Day(k, "due").String()
		if on := t.Day(k, "settled"); on.IsSet() && on <= c.s.Today {
			note = "settled " + on.String()
		}
		w.Lines = append(w.Lines, model.WhyLine{
			Label: c.s.Title(model.Invoice, k) + " · " + c.s.Shown(model.Invoice, k, "customer"), Value: c.s.Shown(model.Invoice, k, "rest"), Note: note,
			Kind: model.Invoice, ID: t.ID(k), Field: "rest",
		})
		if on := t.Day(k, "settled"); on.IsSet() && on <= c.s.Today {
			last := &w.Lines[len(w.Lines)-1]
			last.Value, last.Field = c.s.Shown(model.Invoice, k, "amount"), "amount"
		}
	}
	return w
}
