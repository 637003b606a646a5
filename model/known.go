package model

import (
	"slices"

	"opsdeck/model/day"
)

// KnownOn returns what a record's own dates say was known of it at the end of a day, nil for one that had
// not happened yet. It is for what was brought into the book later than the day: there the log cannot tell
// what was known, and whatever carries no date is left out, so that nothing later can slip in. Settings,
// models and people are no facts and stay as they are.
//
// A contract counts from its signing or start with the terms it has; an end that its calling off has
// brought forward, or that is marked as churn, is known from the day on which it came. An item is open until
// the day on which it was resolved.
func KnownOn(r *Record, on day.Day) *Record {
	if r == nil {
		return nil
	}
	f := factsByDate[r.Kind]
	switch {
	case f.timeless:
		return r
	case f.since == nil || !f.since(r, on):
		return nil
	}
	known := &Record{Kind: r.Kind, ID: r.ID, Fields: make([]FieldValue, 0, min(len(r.Fields), len(f.keep)))}
	for _, fv := range r.Fields {
		if slices.Contains(f.keep, fv.Name) {
			known.Fields = append(known.Fields, fv)
		}
	}
	if f.trim != nil {
		f.trim(known, r, on)
	}
	return known
}

// Dated tells how much the dates of a kind's records tell: nothing, so that KnownOn knows none of them, and
// whether they are no facts and stay as they are.
func Dated(k Kind) (known, timeless bool) {
	f := factsByDate[k]
	return f.timeless || f.since != nil, f.timeless
}

// datedFacts says of a kind what its dates tell.
type datedFacts struct {
	timeless bool                                   // no fact about a customer
	since    func(r *Record, on day.Day) bool       // had it happened by the day? nil: nothing tells
	keep     []string                               // the fields that were known from then on
	trim     func(known, whole *Record, on day.Day) // what became known later
}

// factsByDate are the kinds of which dates tell something; the others are left out.
var factsByDate = factsOfDates()

func factsOfDates() map[Kind]datedFacts {
	by := func(field string) func(*Record, day.Day) bool {
		return func(r *Record, on day.Day) bool { return within(r.Get(field).Day(), on) }
	}
	always := func(*Record, day.Day) bool { return true }
	m := map[Kind]datedFacts{
		Customer: {
			since: always, keep: []string{"name", "external_id", "registered_id", "local_name", "currency", "parent", "since", "sentiment", "sentiment_date", "nps", "nps_date"},
			trim: trimCustomer,
		},
		Contract: {since: contractKnown, keep: []string{
			"name", "external_id", "customer", "number", "start", "end", "notice_months", "auto_renew", "billing", "settlement", "discount",
			"catalogue", "plan", "seats", "amount", "per", "currency", "predecessor", "trial", "churned", "cancelled_on", "signed_on", "framework",
		}, trim: trimContract},
		Order: {since: by("date"), keep: []string{"external_id", "customer", "date", "amount", "currency"}},
		Invoice: {
			since: by("date"), keep: []string{"external_id", "number", "customer", "contract", "date", "due", "settled", "amount", "paid", "currency"},
			trim: trimInvoice,
		},
		Item: {
			since: func(r *Record, on day.Day) bool { return within(dayOfTime(r.Get("opened")), on) },
			keep:  []string{"summary", "external_id", "kind", "customers", "blocking", "area", "opened", "resolved", "state"},
			trim:  trimItem,
		},
		Touch: {since: by("date"), keep: []string{"subject", "external_id", "customer", "date", "type", "contacts", "by"}},
		Usage: {
			since: func(r *Record, on day.Day) bool {
				month := r.Get("month").Day()
				return month.IsSet() && month.MonthEnd() <= on
			},
			keep: []string{"customer", "contract", "feature", "month", "count", "seconds", "users", "failures"},
		},
		Benefit: {
			since: by("measured"), keep: []string{
				"name", "external_id", "customer", "type", "feature", "result", "tie", "cost", "measure", "baseline", "now", "unit", "times", "hourly_cost", "amount",
				"currency", "confidence", "measured", "confirmed", "confirmed_by", "by",
			}, trim: trimBenefit,
		},
		Churn: {since: by("date"), keep: []string{"external_id", "customer", "contract", "date", "reason"}},
	}
	for _, k := range []Kind{User, Setting, Mapping, View, Article, Snapshot, Scorecard} {
		m[k] = datedFacts{timeless: true}
	}
	return m
}

// within tells whether a day is there and not past another.
func within(d, on day.Day) bool { return d.IsSet() && d <= on }

// dayOfTime is the day of a moment, none without one.
func dayOfTime(v Value) day.Day {
	ms, ok := v.Millis()
	if !ok {
		return day.None
	}
	const dayLength = 86_400_000
	if ms < 0 {
		ms -= dayLength - 1
	}
	return day.Day(ms / dayLength)
}

func trimCustomer(known, whole *Record, on day.Day) {
	if !within(whole.Get("since").Day(), on) {
		known.Set("since", Value{})
	}
	if !within(whole.Get("sentiment_date").Day(), on) {
		known.Set("sentiment", Value{})
		known.Set("sentiment_date", Value{})
	}
	if !within(whole.Get("nps_date").Day(), on) {
		known.Set("nps", Value{})
		known.Set("nps_date", Value{})
	}
}

func trimBenefit(known, whole *Record, on day.Day) {
	if !within(whole.Get("confirmed").Day(), on) {
		known.Set("confirmed", Value{})
		known.Set("confirmed_by", Value{})
	}
}

func contractKnown(r *Record, on day.Day) bool {
	return within(r.Get("signed_on").Day(), on) || within(r.Get("start").Day(), on)
}

func trimContract(known, whole *Record, on day.Day) {
	end, off := whole.Get("end").Day(), whole.Get("cancelled_on").Day()
	if !within(off, on) {
		known.Set("cancelled_on", Value{})
	}
	if cut := whole.Get("churned").IsTrue() || off.IsSet(); cut && !within(end, on) && !within(off, on) {
		known.Set("end", Value{})
		known.Set("churned", Value{})
	}
}

func trimInvoice(known, whole *Record, on day.Day) {
	if !within(whole.Get("settled").Day(), on) {
		known.Set("settled", Value{})
		known.Set("paid", Value{})
	}
}

func trimItem(known, whole *Record, on day.Day) {
	resolved := dayOfTime(whole.Get("resolved"))
	state := "new"
	switch {
	case within(resolved, on), !resolved.IsSet() && !ItemIsOpen(whole.Get("state").Str()) && within(dayOfTime(whole.Get("state_since")), on):
		state = "closed"
	}
	if !within(resolved, on) {
		known.Set("resolved", Value{})
	}
	known.Set("state", Pick(state))
}

// TurnsBetween tells whether more or less may be known of a record on a day than on an earlier one: whether any of its
// dates lies after the earlier and not after the later.
func TurnsBetween(r *Record, earlier, later day.Day) bool {
	if r == nil {
		return false
	}
	for i := range r.Fields {
		v := &r.Fields[i].Value
		var on day.Day
		switch v.t {
		case TDate:
			if on = v.Day(); r.Kind == Usage && on.IsSet() {
				on = on.MonthEnd()
			}
		case TTime:
			on = dayOfTime(*v)
		default:
			continue
		}
		if on.IsSet() && on > earlier && on <= later {
			return true
		}
	}
	return false
}
