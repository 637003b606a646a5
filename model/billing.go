package model

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model/day"
)

// Reminder is one level of reminding of an invoice that is not paid.
type Reminder struct {
	From string // what the days count from: "net" the due day, "month_end" the end of its month, "previous" the level before
	Days int
	By   string // how: mail, letter
}

func reminderSettingDefs() []SettingDef {
	check := func(s string) error { _, err := parseReminder(s); return err }
	defs := []SettingDef{{"invoice.due_days", "30", "days from the date of an invoice that is made here to its due day", checkCount}}
	for i, def := range []string{"net 10 mail", "month_end 30 mail", "previous 10 letter"} {
		defs = append(defs, SettingDef{
			"reminder." + strconv.Itoa(i+1), def,
			fmt.Sprintf("reminder level %d: net, month_end or previous, the days after it, and how; none ends the levels", i+1), check,
		})
	}
	return defs
}

// parseReminder reads "month_end 30 mail"; "none" is a level that is not there.
func parseReminder(s string) (Reminder, error) {
	f := strings.Fields(s)
	if len(f) == 1 && f[0] == "none" {
		return Reminder{}, nil
	}
	if len(f) < 3 || !slices.Contains([]string{"net", "month_end", "previous"}, f[0]) {
		return Reminder{}, fmt.Errorf("%q is not net, month_end or previous, days, and how", s)
	}
	n, err := strconv.Atoi(f[1])
	if err != nil || n < 0 || n > 1000 {
		return Reminder{}, fmt.Errorf("%q: the days are a whole number from 0 to 1000", s)
	}
	return Reminder{f[0], n, strings.Join(f[2:], " ")}, nil
}

// Reminders reads the levels of reminding from the settings, up to the first that is none.
func (s *Settings) Reminders() []Reminder {
	var out []Reminder
	for i := 1; i <= 3; i++ {
		r, err := parseReminder(s.Text("reminder." + strconv.Itoa(i)))
		if err != nil || r.From == "" {
			break
		}
		out = append(out, r)
	}
	return out
}

// NextReminder tells the level that is next for an invoice and the day from which it is due: 0 where all
// have been sent. Sent and on are the last level that was sent and its day. No level comes before the one
// that it follows.
func NextReminder(levels []Reminder, due day.Day, sent int, on day.Day) (level int, from day.Day) {
	if !due.IsSet() || sent >= len(levels) {
		return 0, day.None
	}
	before := due
	for i, l := range levels[:sent+1] {
		d := day.Day(l.Days)
		switch l.From {
		case "net":
			from = due + d
		case "month_end":
			from = due.MonthEnd() + d
		case "previous":
			from = before + d
		}
		from = max(from, before)
		if before = from; i == sent-1 && on.IsSet() {
			before = on
		}
	}
	return sent + 1, from
}

// Cycle is one period that is billed.
type Cycle struct {
	From, To day.Day
	Date     day.Day // of the invoice: the first day of a prepaid cycle, the day after one that is settled
	Amount   int64
}

// maxCycles bounds how many cycles one contract may have, so that a slip in a date makes no flood.
const maxCycles = 1200

// Cycles lists the periods of a contract that are billed up to a day: by the month, quarter, year or term,
// counted from its start, so that a cycle from the 31st does not drift; a last one that is cut short counts
// by its days. Prepaid cycles are billed when they begin, others when they are over.
func (t Terms) Cycles(units int64, per, settlement string, until day.Day, r TermRules) []Cycle {
	months := map[string]int{"month": 1, "quarter": 3, "year": 12, "": 12}[t.Billing]
	end := t.End
	if t.OpenEnded(r) {
		end = day.Day(math.MaxInt32 / 2)
	}
	if t.CancelledOn.IsSet() {
		end = min(end, t.CancelledOn-1)
	}
	if t.Billing == "term" {
		if t.OpenEnded(r) {
			return nil
		}
		months = maxCycles
	}
	annual := AnnualUnits(units, per, t.Start, t.End)
	var out []Cycle
	for n := 0; n < maxCycles; n++ {
		c := Cycle{From: t.Start.AddMonths(n * months)}
		whole := t.Start.AddMonths((n+1)*months) - 1
		c.To = min(whole, end)
		c.Date = c.From
		if settlement == "by cycle" {
			c.Date = c.To + 1
		}
		if c.From > end || c.Date > until {
			break
		}
		c.Amount = t.cycleAmount(units, annual, per, months, c, whole)
		out = append(out, c)
	}
	return out
}

// cycleAmount is what a cycle costs: the amount itself where it is for such a cycle.
func (t Terms) cycleAmount(units, annual int64, per string, months int, c Cycle, whole day.Day) int64 {
	if t.Billing == "term" {
		if per == "term" {
			return units
		}
		return int64(math.Round(float64(annual) * float64(c.To-c.From+1) / 365.25))
	}
	amount := float64(annual) * float64(months) / 12
	if per == t.Billing {
		amount = float64(units)
	}
	if c.To < whole {
		amount *= float64(c.To-c.From+1) / float64(whole-c.From+1)
	}
	return int64(math.Round(amount/100)) * 100 // to two places, as invoices are written
}

// PaymentFits says why an amount cannot be paid of what is open, both in ten-thousandths; nil where it can.
func PaymentFits(now, open int64) error {
	switch {
	case now <= 0:
		return errNothing
	case now > open:
		return fmt.Errorf("%s is more than what is open: %s", FormatMoney(now), FormatMoney(open))
	}
	return nil
}

var (
	errNothing  = errors.New("a payment is more than nothing")
	errReminded = errors.New("all levels of reminding have been sent; the settings reminder.1 to reminder.3 name them")
)

// takeInvoice carries out a step on an invoice: a payment, whole or in part, or a reminder.
func (a *Action) takeInvoice(before, r *Record, said []FieldValue, m Moment) error {
	total, _ := before.Get("amount").Units()
	paid, _ := before.Get("paid").Units()
	switch a.Name {
	case "pay":
		now := total - paid
		if i := slices.IndexFunc(said, func(v FieldValue) bool { return v.Name == "paid" }); i >= 0 {
			now, _ = said[i].Value.Units()
		}
		if err := PaymentFits(now, total-paid); err != nil {
			return &FieldError{Field: "amount", Err: err}
		}
		r.Set("paid", Money(paid+now))
		if paid+now < total {
			r.Set("settled", Value{})
		} else if r.Get("settled").IsZero() {
			r.Set("settled", Date(m.Today))
		}
	case "remind":
		sent, _ := before.Get("reminded").Float()
		if int(sent) >= len(m.Reminders) {
			return &FieldError{Field: "reminded", Err: errReminded}
		}
		r.Set("reminded", Number(sent+1))
		if !slices.ContainsFunc(said, func(v FieldValue) bool { return v.Name == "reminded_on" }) {
			r.Set("reminded_on", Date(m.Today))
		}
	}
	return nil
}
