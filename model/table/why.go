package table

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
)

// ErrNoFigure says that a kind has no such field.
var ErrNoFigure = errors.New("no such field")

// Why explains a field of a row: for figures the computation with its inputs, for stored fields the
// content itself; where each input came from is for the book to add.
func (s *Snapshot) Why(k model.Kind, row int32, figure string) (model.Why, error) {
	t := s.Table(k)
	if t == nil || !t.Live(row) {
		return model.Why{}, fmt.Errorf("%s: no such record", k)
	}
	f, ok := t.Schema.Field(figure)
	if !ok {
		return model.Why{}, fmt.Errorf("%s of a %s: %w; 'opsdeck fields %s' lists them", figure, k, ErrNoFigure, k)
	}
	w := why{s: s, t: t, row: row}
	w.Record, w.Figure, w.Label = s.title(k, row), f.Name, f.Label
	w.Value = s.Shown(k, row, figure)
	if !f.Has(model.FDerived) {
		w.Formula = "as it was put in"
		w.input(t, row, figure)
		return w.Why, nil
	}
	switch k {
	case model.Customer:
		w.customer(figure)
	case model.Contract:
		w.contract(figure)
	case model.Item:
		w.item(figure)
	case model.Invoice:
		w.invoice(figure)
	case model.Benefit:
		w.benefit(figure)
	case model.Article:
		w.formula("items that point at the entry as their answer")
		w.kids(s.tables[model.Item], "article", row, "state", nil)
	case model.Contact:
		w.formula("the latest day of a touch with this person, up to today")
		w.kids(s.tables[model.Touch], "contacts", row, "date", nil)
	}
	if len(w.Lines) == 0 && len(w.Notes) == 0 {
		w.note("there is nothing to compute it from")
	}
	return w.Why, nil
}

// title is what people call a row.
func (s *Snapshot) title(k model.Kind, row int32) string {
	t := s.tables[k]
	for _, f := range []string{t.Schema.Title, "external_id", "number", "subject"} {
		if v := t.Value(row, f).Format(); v != "" {
			return v
		}
	}
	if k == model.Contract {
		return s.tables[model.Customer].Str(t.To(row, "customer"), "name") + " " + t.Day(row, "start").String()
	}
	return t.ID(row).String()
}

// Title is what people call a record: its title field, else another name that it has, else its id.
func (s *Snapshot) Title(k model.Kind, row int32) string {
	if t := s.Table(k); t == nil || !t.Live(row) {
		return ""
	}
	return s.title(k, row)
}

// Shown is a field of a row as people read it: references by title, amounts with their currency.
func (s *Snapshot) Shown(k model.Kind, row int32, field string) string {
	t := s.Table(k)
	c := t.col(field)
	if c == nil {
		return ""
	}
	switch c.field.Type {
	case model.TRef:
		return s.Title(c.field.Ref, t.To(row, field))
	case model.TRefs:
		out := ""
		for _, r := range c.lists.get(row) {
			if s.tables[c.field.Ref].Live(r) {
				if out != "" {
					out += ", "
				}
				out += s.title(c.field.Ref, r)
			}
		}
		return out
	case model.TNumber:
		f, ok := c.float(row)
		if !ok {
			return ""
		}
		if f == NeverTouched && field == "touch_overdue" {
			return "never"
		}
		return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
	case model.TMoney:
		v := c.value(s, row).Format()
		if v != "" {
			if cur := s.CurrencyOf(k, row); cur != "" {
				v += " " + cur
			}
		}
		return v
	}
	return c.value(s, row).Format()
}

// why collects the explanation of one figure.
type why struct {
	model.Why
	s   *Snapshot
	t   *Table
	row int32
}

func (w *why) formula(format string, args ...any) { w.Formula = fmt.Sprintf(format, args...) }
func (w *why) note(format string, args ...any) {
	w.Notes = append(w.Notes, fmt.Sprintf(format, args...))
}

func (w *why) step(label, value, note string) {
	w.Lines = append(w.Lines, model.WhyLine{Label: label, Value: value, Note: note})
}

// input adds a field of a record as a line.
func (w *why) input(t *Table, row int32, field string) {
	f, ok := t.Schema.Field(field)
	if !ok {
		return
	}
	value := w.s.Shown(t.Schema.Kind, row, field)
	if value == "" {
		value = "—"
	}
	w.Lines = append(w.Lines, model.WhyLine{
		Label: f.Label, Value: value, Kind: t.Schema.Kind, ID: t.ID(row), Field: field,
	})
}

// kids adds a line for each record that points at a row, with one of its fields.
func (w *why) kids(t *Table, ref string, parent int32, field string, keep func(row int32) (note string, ok bool)) {
	for _, k := range t.Kids(parent, ref) {
		if !t.Live(k) {
			continue
		}
		note := ""
		if keep != nil {
			var ok bool
			if note, ok = keep(k); !ok {
				continue
			}
		}
		w.Lines = append(w.Lines, model.WhyLine{
			Label: t.Schema.Name + " " + w.s.title(t.Schema.Kind, k), Value: w.s.Shown(t.Schema.Kind, k, field), Note: note,
			Kind: t.Schema.Kind, ID: t.ID(k), Field: field,
		})
	}
}

func (w *why) contract(figure string) {
	if w.renewal(figure) {
		return
	}
	terms, r := w.s.Terms(w.row), w.s.rules.terms
	switch figure {
	case "state":
		w.formula("first that fits on %s: cancelled, upcoming, closing, in force, to renew, closed", w.s.Today)
		w.inputs("start", "end", "auto_renew", "renewal_wanted", "churned", "cancelled_on")
		w.step("Notice by", orDash(terms.Notice(w.s.Today, r)), fmt.Sprintf("default notice %d months", r.NoticeMonths))
		w.step("Successor", yes(terms.SuccessorPlanned), "started: "+yes(terms.SuccessorStarted))
	case "arr":
		w.formula("amount × periods a year; an amount for the term is spread over its months")
		w.inputs("amount", "per", "start", "end")
	case "due":
		w.formula("the end of the term; the next anniversary where it is open-ended and billed yearly")
		w.inputs("start", "end", "billing")
	case "notice_date":
		w.formula("due less the notice period (%d months where the contract names none), while the renewal is open", r.NoticeMonths)
		w.inputs("end", "notice_months")
		w.step("Due", orDash(terms.Due(w.s.Today, r)), "")
	case "decision_date":
		tier := w.t.Str(w.row, "tier")
		w.formula("notice date less the lead of the tier: KA %d, mid %d, small %d days; without a tier as small",
			r.LeadDays[model.TierKA], r.LeadDays[model.TierMid], r.LeadDays[model.TierSmall])
		w.inputs("end", "notice_months")
		w.step("Due", orDash(terms.Due(w.s.Today, r)), "")
		w.step("Notice by", orDash(terms.Notice(w.s.Today, r)), "")
		w.step("Tier", tier, "of the customer")
	default:
		w.formula("taken over from the customer")
		w.inputs("customer", "renewal_owner")
		w.input(w.s.tables[model.Customer], w.t.To(w.row, "customer"), figure)
	}
}

func (w *why) inputs(fields ...string) {
	for _, f := range fields {
		w.input(w.t, w.row, f)
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func orDash(d day.Day) string {
	if !d.IsSet() {
		return "—"
	}
	return d.String()
}

func (w *why) item(figure string) {
	customers := w.s.tables[model.Customer]
	switch figure {
	case "sla_state", "sla_due", "sla_warn", "sla_clock":
		w.ledger()
	case "weight":
		w.demand()
	case "trend":
		w.trend()
	case "decision":
		w.decided()
	case "told", "to_tell":
		w.telling()
	case "severity":
		r := w.s.ItemSeverity(w.row)
		w.formula("matrix of blocking × share of the customers in force that are affected")
		w.inputs("blocking", "customers", "severity_set", "severity_reason")
		w.step("Share", fmt.Sprintf("%.2f %%", r.Share), fmt.Sprintf("of %d customers in force", w.s.rules.severity.Base))
		w.step("By the matrix", r.Computed, "")
		for _, reason := range r.Reasons {
			w.step("", "", reason)
		}
	case "age":
		w.formula("days from opened to resolved, or to today while it is open")
		w.inputs("opened", "resolved", "state")
		w.step("Today", w.s.Today.String(), "")
	case "open":
		w.formula("open in every state but closed, duplicate, declined and answered")
		w.inputs("state")
	default:
		company := w.s.Settings.Text("company.currency")
		w.formula("of the distinct customers linked: the sum of ARR in %s, the largest tier", company)
		for _, c := range w.t.ToAll(w.row, "customers") {
			if customers.Live(c) {
				f := figure
				if f == "customer_name" {
					f = "name"
				}
				w.input(customers, c, f)
				line := &w.Lines[len(w.Lines)-1]
				line.Label = w.s.title(model.Customer, c)
				if figure == "arr" {
					line.Note = w.s.rateNote(customers.Units(c, "arr"), w.s.CurrencyOf(model.Customer, c), company)
				}
			}
		}
	}
}

func (w *why) invoice(figure string) {
	switch figure {
	case "rest":
		w.formula("amount less what has been paid; nothing once it is settled")
		w.inputs("amount", "paid", "settled")
		return
	case "reminder", "reminder_date":
		w.formula("the level after the last one that was sent: days after the due day (net), after the end of its month (month_end) or after the level before (previous); settings reminder.1 to reminder.3")
		w.inputs("due", "settled", "reminded", "reminded_on")
		for i, l := range w.s.rules.reminders {
			w.step(strconv.Itoa(i+1), l.From+" "+strconv.Itoa(l.Days), l.By)
		}
		return
	}
	w.formula("on %s: coming before its date, settled once paid, overdue after its due day, else open; late is settled (or today) less due", w.s.Today)
	w.inputs("date", "due", "settled")
}

// scoreNumber writes points without a tail of zeros.
func scoreNumber(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }
