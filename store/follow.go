package store

import (
	"slices"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store/engine"
)

// followed adds to a step what a change of an item's state or waiting implies, however it was made: since
// when it is in its state, which states it has had, when its clocks stood still. Steps of the workflow
// say that themselves, what undo brings back has it already, and of a new item the first state is known
// from when it was opened.
func (b *Book) followed(w *writer, s model.Step) ([]model.Op, error) {
	if s.Kind != model.Import && !isEdit(s.Kind) {
		return s.Ops, nil
	}
	s, err := withParts(w, s)
	if err != nil {
		return nil, err
	}
	var pausing []string
	ops, known, seen := s.Ops, false, map[model.ID]bool{}
	for i, op := range s.Ops {
		again := seen[op.ID]
		seen[op.ID] = op.Kind == model.Item
		if again || op.Kind != model.Item || op.Verb != model.Update ||
			!changes(op, "state") && !changes(op, "waiting") || changes(op, "course") || changes(op, "paused_since") {
			continue
		}
		if !known {
			settings, err := settingsIn(w.tx)
			if err != nil {
				return nil, err
			}
			pausing, known = model.StateList(settings.Text("sla.pause_states")), true
			ops = slices.Clone(s.Ops)
		}
		t, err := w.touch(recordID{op.Kind, op.ID})
		if err != nil {
			return nil, err
		}
		after, err := op.Apply(t.before)
		if err != nil {
			return nil, err
		}
		model.FollowItem(t.before, after, pausing, b.millis())
		if whole, changed := model.UpdateOp(t.before, after); changed {
			ops[i] = whole
		}
	}
	return ops, nil
}

// withParts adds to the removal of an item what is nothing without it: what customers said of it, and who
// was told.
func withParts(w *writer, s model.Step) (model.Step, error) {
	var ops []model.Op
	gone := map[recordID]bool{}
	for _, op := range s.Ops {
		if op.Verb == model.Remove {
			gone[recordID{op.Kind, op.ID}] = true
		}
	}
	for i, op := range s.Ops {
		if op.Verb != model.Remove || op.Kind != model.Item {
			if ops != nil {
				ops = append(ops, op)
			}
			continue
		}
		if ops == nil {
			ops = slices.Clone(s.Ops[:i])
		}
		err := w.tx.Scan(indexRef, op.ID[:], after(op.ID[:]), func(k, _ []byte) (bool, error) {
			part := recordID{model.Kind(k[16]), model.ID(k[17:33])}
			if part.kind != model.Voice && part.kind != model.Telling && part.kind != model.Decision || gone[part] {
				return true, nil
			}
			r, err := getRecord(w.tx, part.kind, part.id)
			if err == nil && r != nil && r.Get("item").ID() == op.ID {
				gone[part] = true
				ops = append(ops, model.RemoveOp(r))
			}
			return true, err
		})
		if err != nil {
			return s, err
		}
		ops = append(ops, op)
	}
	if ops != nil {
		s.Ops = ops
	}
	return s, nil
}

func changes(op model.Op, field string) bool {
	return slices.ContainsFunc(op.Changes, func(c model.Change) bool { return c.Field == field })
}

// millis is now as values of records hold it, on the day that figures are computed for.
func (b *Book) millis() int64 {
	now, today := b.o.Now(), b.o.Today()
	if day.FromTime(now) == today {
		return now.UnixMilli()
	}
	return today.Time().UnixMilli() + now.UnixMilli()%86400000
}

// settingsIn reads the settings as a step finds them.
func settingsIn(tx engine.Tx) (*model.Settings, error) {
	own := map[string]string{}
	err := eachRecord(tx, model.Setting, func(r *model.Record) bool {
		own[r.Get("key").Str()] = r.Get("value").Str()
		return true
	})
	return model.NewSettings(own), err
}
