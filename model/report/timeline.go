package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
	"opsdeck/model/table"
)

// Event is something that happened with a customer, on one day.
type Event struct {
	On    day.Day
	What  string     // such as "item opened"; a word of eventSources, or "change", "undo", "redo"
	Kind  model.Kind // of the record that it is about; model.KNone of a change
	ID    model.ID   // of the record, or of the step that changed something
	Words string     // the record's title, or the step's label
	By    string     // who did it, where that is known
}

// Events is a customer's timeline, the newest first. It implements query.Schema and query.Columns, so
// that the one filter language looks through it.
type Events []Event

// eventSources says which dates of which records are events.
func eventSources() []struct {
	kind            model.Kind
	ref, date, what string
	by              string
} {
	return []struct {
		kind            model.Kind
		ref, date, what string
		by              string
	}{
		{model.Touch, "customer", "date", "touch", "by"},
		{model.Task, "customer", "done_on", "task done", "owner"},
		{model.Item, "customers", "opened", "item opened", "reporter"},
		{model.Item, "customers", "resolved", "item resolved", "owner"},
		{model.Contract, "customer", "start", "contract starts", "owner"},
		{model.Contract, "customer", "end", "contract ended", "owner"},
		{model.Order, "customer", "date", "order", ""},
		{model.Invoice, "customer", "due", "invoice due", ""},
		{model.Churn, "customer", "date", "churn", ""},
		{model.Benefit, "customer", "measured", "benefit measured", "by"},
		{model.Benefit, "customer", "confirmed", "benefit confirmed", ""},
		{model.Deal, "customer", "close_date", "deal closes", "owner"},
	}
}

// Timeline joins what has happened with a customer until today: touches, tasks done, items, contracts,
// orders, invoices, churn events, deals, and the changes of its record in history, whose moments are
// days of the zone.
func Timeline(s *table.Snapshot, customer int32, history []model.Entry, zone *time.Location) Events {
	var events Events
	for _, from := range eventSources() {
		t := s.Table(from.kind)
		for _, r := range t.Kids(customer, from.ref) {
			on := t.Day(r, from.date)
			if ms, ok := t.Num(r, from.date); ok && t.Value(r, from.date).Type() == model.TTime {
				on = day.Day(int64(ms) / 86400000)
			}
			if !t.Live(r) || !on.IsSet() || on > s.Today {
				continue
			}
			e := Event{On: on, What: from.what, Kind: from.kind, ID: t.ID(r), Words: s.Title(from.kind, r)}
			if from.by != "" {
				e.By = t.Str(r, from.by)
			}
			if from.kind == model.Touch {
				e.Words = strings.TrimSpace(t.Str(r, "subject") + " " + s.Shown(model.Touch, r, "contacts"))
			}
			events = append(events, e)
		}
	}
	for _, h := range history {
		e := Event{On: day.FromTime(time.UnixMicro(h.Batch.Time).In(zone)), What: "change", ID: h.Batch.ID, Words: h.Batch.Label, By: h.Batch.Actor}
		if h.Batch.Kind == model.Undo || h.Batch.Kind == model.Redo {
			e.What = string(h.Batch.Kind)
		}
		events = append(events, e)
	}
	slices.SortStableFunc(events, func(x, y Event) int { return cmp.Compare(y.On, x.On) })
	return events
}

// Filter returns the events for which a filter holds, in the same order.
func (e Events) Filter(expr *query.Expr, env query.Env) Events {
	holds := expr.Compile(e, env)
	var kept Events
	for i := range e {
		if holds(i) {
			kept = append(kept, e[i])
		}
	}
	return kept
}

// Names implements query.Schema.
func (Events) Names() []string { return []string{"date", "event", "what", "by"} }

// Field implements query.Schema.
func (e Events) Field(name string) (query.Field, bool) {
	switch name {
	case "date":
		return query.Field{Name: name, Type: query.Date}, true
	case "event", "what", "by":
		return query.Field{Name: name, Type: query.Text}, true
	}
	return query.Field{}, false
}

// Values lists what a field of events holds, for completion.
func (e Events) Values(field string) []string {
	var all []string
	for i := range e {
		if v := e[i].text(field); v != "" && field != "what" {
			all = append(all, v)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (e *Event) text(field string) string {
	switch field {
	case "event":
		return e.What
	case "what":
		return e.Words
	case "by":
		return e.By
	}
	return ""
}

// Words implements query.Columns.
func (e Events) Words() func(row int) string {
	return func(row int) string {
		return query.Fold(e[row].What + query.ListSep + e[row].Words + query.ListSep + e[row].By)
	}
}

// Text implements query.Columns.
func (e Events) Text(field string) func(row int) string {
	return func(row int) string { return query.Fold(e[row].text(field)) }
}

// Number implements query.Columns.
func (e Events) Number(string) func(row int) (float64, bool) {
	return func(row int) (float64, bool) { return float64(e[row].On), e[row].On.IsSet() }
}

// Report is the timeline as a table.
func (e Events) Report(customer string) Report {
	rep := Report{
		Name: "timeline", Title: "Timeline of " + customer,
		Definition: "what happened until today, the newest first: touches, tasks done, items opened and resolved, contracts, orders, invoices due, churn events, deals, and changes of the customer's record with the step's id",
		Columns:    []Column{{"date", "Date"}, {"event", "Event"}, {"what", "What"}, {"by", "By"}, {"id", "Id"}},
	}
	for _, v := range e {
		rep.Rows = append(rep.Rows, []Cell{text(v.On.String()), text(v.What), text(v.Words), text(v.By), text(v.ID.String())})
	}
	return rep
}
