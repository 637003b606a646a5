package store

import (
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
)

// isEdit tells steps that people take from imports, undoing and redoing.
func isEdit(kind model.BatchKind) bool { return kind == "" || kind == model.Edit }

// signed notes on a tier that is set by hand who has set it: whoever takes the step, unless it says so
// itself.
func (w *writer) signed(s model.Step) ([]model.Op, error) {
	if !isEdit(s.Kind) || s.Actor == "" {
		return s.Ops, nil
	}
	var ops []model.Op
	for i, op := range s.Ops {
		if op.Kind != model.Customer || op.Verb == model.Remove || !sets(op, "tier_override") {
			continue
		}
		if slices.ContainsFunc(op.Changes, func(c model.Change) bool { return c.Field == "tier_override_by" }) {
			continue
		}
		t, err := w.touch(recordID{op.Kind, op.ID})
		if err != nil {
			return nil, err
		}
		by := model.Change{Field: "tier_override_by", From: t.before.Get("tier_override_by"), To: model.Person(s.Actor)}
		if by.From == by.To {
			continue
		}
		if ops == nil {
			ops = slices.Clone(s.Ops)
		}
		ops[i].Changes = append(slices.Clone(op.Changes), by)
		slices.SortFunc(ops[i].Changes, func(a, b model.Change) int { return strings.Compare(a.Field, b.Field) })
	}
	if ops == nil {
		return s.Ops, nil
	}
	return ops, nil
}

func sets(op model.Op, field string) bool {
	return slices.ContainsFunc(op.Changes, func(c model.Change) bool { return c.Field == field && !c.To.IsZero() })
}

// checkTiers refuses a tier by hand that lacks a reason or an end, or whose end is over, on each customer that
// a step adds or changes, however many. Imports bring what the source has, and so may customers that come out
// of a source with their history, such as a sample company; what they lack keeps the tier from counting.
func (w *writer) checkTiers(s model.Step, today day.Day) error {
	if !isEdit(s.Kind) {
		return nil
	}
	for i := range w.touched {
		if err := w.touched[i].checkTier(s, today); err != nil {
			return err
		}
	}
	return nil
}

func (t *touchedRecord) checkTier(s model.Step, today day.Day) error {
	if t.kind != model.Customer || t.before == nil && s.Source != "" || t.after == nil || byHand(t.before) == byHand(t.after) {
		return nil
	}
	if err := byHand(t.after).Check(today); err != nil {
		return fmt.Errorf("customer %q: %w", t.after.Title(), err)
	}
	return nil
}

func byHand(r *model.Record) model.TierByHand {
	return model.TierByHand{
		Tier: r.Get("tier_override").Str(), Reason: r.Get("tier_override_reason").Str(), By: r.Get("tier_override_by").Str(),
		Until: r.Get("tier_override_until").Day(),
	}
}

// checkSettings refuses settings that do not fit together, such as weights that are all zero, though each by
// itself is right. A book that has such already, from an import or a newer program, may be put right bit by
// bit.
func (w *writer) checkSettings(kind model.BatchKind) error {
	if !isEdit(kind) || !slices.ContainsFunc(w.touched, func(t touchedRecord) bool { return t.kind == model.Setting }) {
		return nil
	}
	before, after := map[string]string{}, map[string]string{}
	put := func(values map[string]string, r *model.Record) {
		if r != nil {
			values[r.Get("key").Str()] = r.Get("value").Str()
		}
	}
	err := eachRecord(w.tx, model.Setting, func(r *model.Record) bool { put(before, r); put(after, r); return true })
	if err != nil {
		return err
	}
	for i := range w.touched {
		if t := &w.touched[i]; t.kind == model.Setting {
			if t.before != nil {
				delete(after, t.before.Get("key").Str())
			}
		}
	}
	for i := range w.touched {
		if t := &w.touched[i]; t.kind == model.Setting {
			put(after, t.after)
		}
	}
	if err := model.NewSettings(after).Check(); err != nil && model.NewSettings(before).Check() == nil {
		return &model.FieldError{Field: "settings", Err: err}
	}
	return nil
}
