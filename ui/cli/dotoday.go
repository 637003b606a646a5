package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
)

// onToday tells whether the action is about a line of Today that a rule has raised, and not about a
// task of its own.
func (w work) onToday() bool {
	return (w.action == "done" || w.action == "snooze") && w.kind != model.Task
}

// doToday closes a line of Today, or lets it sleep until a day.
func (a *app) doToday(ctx context.Context, b *store.Book, w work, rec *model.Record) error {
	rule, until, err := w.todayWords(a.day())
	if err != nil {
		return err
	}
	s, err := b.Snapshot()
	if err != nil {
		return err
	}
	var due []model.Due
	var rules []string
	for _, d := range s.Due("") {
		if d.Kind == w.kind && d.ID == rec.ID {
			rules = append(rules, d.Rule)
			if rule == "" || d.Rule == rule {
				due = append(due, d)
			}
		}
	}
	switch {
	case len(due) == 0 && len(rules) > 0:
		return usagef("no rule %q has raised %s %q; there are %s", rule, w.kind, rec.Title(), listed(rules))
	case len(due) == 0:
		return fmt.Errorf("%s %q is not on Today's list: %w", w.kind, rec.Title(), store.ErrNotFound)
	case len(due) > 1:
		return usagef("%s %q is on Today's list more than once; say which: rule=%s", w.kind, rec.Title(), strings.Join(rules, ", rule="))
	}
	d, field, on, label := due[0], "done_on", a.day(), "done: "
	if w.action == "snooze" {
		field, on, label = "snoozed_until", until, "snooze until "+until.String()+": "
	}
	if !d.Task.IsZero() { // It slept before: the same task silences it again.
		before, err := b.Get(model.Task, d.Task)
		if err != nil {
			return err
		}
		after := before.Clone()
		after.Set(field, model.Date(on))
		return a.update(ctx, b, change{before: []*model.Record{before}, after: []*model.Record{after}, label: label + d.Title, format: w.format})
	}
	task := d.Silence(b.NewID(), field, on, a.moment())
	if _, err := b.Do(ctx, a.step(b, label+d.Title, []model.Op{model.CreateOp(task)})); err != nil {
		return err
	}
	a.say("%s%s", label, d.Title)
	if w.format == asJSON {
		return a.showRecord(b, task, asJSON)
	}
	return nil
}

// todayWords reads what is said with done and snooze.
func (w work) todayWords(today day.Day) (rule string, until day.Day, err error) {
	until = day.None
	for _, arg := range w.values {
		name, value, _ := strings.Cut(arg, "=")
		switch {
		case name == "rule":
			rule = value
		case name == "until" && w.action == "snooze":
			if until, err = day.ParseHuman(value, today); err != nil {
				return "", day.None, usagef("until: %v, +7d or next fri", err)
			}
		default:
			names := []string{"rule", "until"}
			return "", day.None, usagef("%s takes no %q; it takes %s", w.action, name, listed(names[:1+slices.Index([]string{"done", "snooze"}, w.action)]))
		}
	}
	if w.action == "snooze" && !until.IsSet() {
		return "", day.None, usagef("snooze needs until=, such as until=+7d")
	}
	return rule, until, nil
}
