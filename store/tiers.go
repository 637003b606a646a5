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

// checkTiers refuses a tier by hand that lacks a reason or an end, or whose end is over. Imports bring
// what the source has, and so may records that come whole; what they lack keeps the tier from counting.
func (w *writer) checkTiers(kind model.BatchKind, today day.Day) error {
	if !isEdit(kind) {
		return nil
	}
	for i := range w.touched {
		t := &w.touched[i]
		if t.kind != model.Customer || t.before == nil || t.after == nil || byHand(t.before) == byHand(t.after) {
			continue
		}
		if err := byHand(t.after).Check(today); err != nil {
			return fmt.Errorf("customer %q: %w", t.after.Title(), err)
		}
	}
	return nil
}

func byHand(r *model.Record) model.TierByHand {
	return model.TierByHand{
		Tier: r.Get("tier_override").Str(), Reason: r.Get("tier_override_reason").Str(), By: r.Get("tier_override_by").Str(),
		Until: r.Get("tier_override_until").Day(),
	}
}
