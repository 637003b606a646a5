package cli

import (
	"slices"
	"strings"

	"opsdeck/model"
)

// subject is what a verb's KIND names: a kind of record, the contracts among them that are due for
// renewal, or the steps of the log.
type subject struct {
	kind     model.Kind
	plural   string
	renewals bool
	batches  bool
}

// subjects lists every KIND. Settings have a verb of their own, and mappings belong to imports.
func subjects() []subject {
	var out []subject
	for _, k := range []model.Kind{
		model.Customer, model.Contact, model.Contract, model.Deal, model.Order, model.Invoice, model.Churn, model.Benefit, model.Item,
		model.Voice, model.Telling, model.Decision, model.Article, model.Touch, model.Task, model.Usage, model.User, model.View, model.Snapshot, model.Scorecard, model.Erasure,
	} {
		out = append(out, subject{kind: k, plural: model.SchemaOf(k).Plural})
		if k == model.Contract {
			out = append(out, subject{kind: k, plural: "renewals", renewals: true})
		}
	}
	return append(out, subject{plural: "batches", batches: true})
}

func (s subject) name() string {
	switch {
	case s.renewals:
		return "renewal"
	case s.batches:
		return "batch"
	}
	return s.kind.String()
}

// kindNames lists the plural names, for completion and for messages.
func kindNames() []string {
	var names []string
	for _, s := range subjects() {
		names = append(names, s.plural)
	}
	return names
}

// subjectByName reads a KIND, singular or plural.
func subjectByName(name string) (subject, error) {
	lower := strings.ToLower(name)
	for _, s := range subjects() {
		if s.plural == lower || s.name() == lower {
			return s, nil
		}
	}
	if lower == "settings" || lower == "setting" {
		return subject{}, usagef("settings have a verb of their own: 'opsdeck settings show'")
	}
	return subject{}, usagef("there is no kind %q%s", name, didYouMean(name, kindNames(), "there are "+listed(kindNames())))
}

// recordKind reads a KIND whose things are records that people may change.
func recordKind(name string) (model.Kind, error) {
	s, err := recordSubject(name)
	return s.kind, err
}

// recordSubject is subjectByName for verbs that change records.
func recordSubject(name string) (subject, error) {
	s, err := subjectByName(name)
	if err == nil && s.batches {
		err = usagef("batches are written by the program; 'opsdeck history' and 'opsdeck import revert' are about them")
	}
	return s, err
}

// tableColumns are the columns that a table shows when nobody has asked for others.
func (s subject) tableColumns() []string {
	if s.renewals {
		return []string{"customer", "name", "tier", "arr", "currency", "stage", "due", "notice_date", "decision_date", "owner", "id"}
	}
	return slices.Clone(map[model.Kind][]string{
		model.KNone:     {"time", "actor", "kind", "label", "ops", "undone", "id"},
		model.Customer:  {"name", "tier", "status", "arr", "currency", "renews", "owner", "open_items", "external_id", "id"},
		model.Contact:   {"name", "customer", "title", "role", "email", "last_touch", "external_id", "id"},
		model.Contract:  {"customer", "name", "state", "start", "end", "arr", "currency", "owner", "external_id", "id"},
		model.Deal:      {"name", "customer", "stage", "amount", "currency", "close_date", "won", "external_id", "id"},
		model.Order:     {"external_id", "customer", "date", "amount", "currency", "id"},
		model.Invoice:   {"number", "customer", "date", "due", "state", "days_late", "amount", "currency", "id"},
		model.Churn:     {"customer", "date", "reason", "refund", "currency", "external_id", "id"},
		model.Benefit:   {"customer", "name", "type", "feature", "tie", "worth", "currency", "change", "confirmed", "id"},
		model.Item:      {"summary", "kind", "state", "severity", "customer_name", "age", "owner", "external_id", "id"},
		model.Touch:     {"date", "type", "customer", "subject", "by", "id"},
		model.Task:      {"title", "customer", "due", "owner", "done_on", "snoozed_until", "id"},
		model.Usage:     {"customer", "feature", "month", "count", "users", "id"},
		model.Snapshot:  {"name", "date", "by", "renewals", "notes", "id"},
		model.Erasure:   {"name", "what", "date", "by", "reason", "records", "values", "labels", "id"},
		model.Scorecard: {"name", "purpose", "where", "order", "version", "note", "id"},
		model.User:      {"handle", "name", "role", "team", "seniority", "capacity", "id"},
	}[s.kind])
}
