package store

import (
	"errors"
	"maps"
	"slices"

	"opsdeck/model"
)

// oracle is a book in the plainest form: the records, and every step that was taken.
type oracle struct {
	records map[recordID]*model.Record
	steps   []oracleStep
}

type oracleStep struct {
	model.Step
	undone bool
}

var errOracle = errors.New("the oracle refuses")

// apply returns the records as ops leave them, or an error where a book has to refuse.
func (o *oracle) apply(ops []model.Op) (map[recordID]*model.Record, error) {
	next := maps.Clone(o.records)
	for _, op := range ops {
		key := recordID{op.Kind, op.ID}
		r, there := next[key]
		if there == (op.Verb == model.Create) || op.Verb == model.Update && len(op.Changes) == 0 {
			return nil, errOracle
		}
		after := model.NewRecord(op.Kind, op.ID)
		if there {
			after = r.Clone()
		}
		for _, c := range op.Changes {
			if after.Get(c.Field) != c.From || op.Verb != model.Remove && model.ValidateField(op.Kind, c.Field, c.To) != nil {
				return nil, errOracle
			}
			after.Set(c.Field, c.To)
		}
		switch {
		case op.Verb != model.Remove && after.Validate() != nil, op.Verb == model.Remove && len(after.Fields) > 0:
			return nil, errOracle
		case op.Verb == model.Remove:
			delete(next, key)
		default:
			next[key] = after
		}
	}
	return next, o.sound(next)
}

// sound tells whether references lead somewhere and source keys are unique.
func (o *oracle) sound(records map[recordID]*model.Record) error {
	ids, keys := map[model.ID]bool{}, map[string]bool{}
	for key := range records {
		ids[key.id] = true
	}
	for key, r := range records {
		for _, fv := range r.Fields {
			for _, id := range fv.Value.IDs() {
				if !ids[id] {
					return errOracle
				}
			}
		}
		for _, k := range r.Get("keys").Items() {
			if full := key.kind.String() + k; keys[full] {
				return errOracle
			} else {
				keys[full] = true
			}
		}
	}
	return nil
}

// done notes a step that the book has acknowledged.
func (o *oracle) done(s model.Step, records map[recordID]*model.Record) {
	o.records = records
	o.steps = append(o.steps, oracleStep{Step: s})
	if of := o.find(s.Of); of != nil {
		of.undone = s.Kind == model.Undo
	}
}

func (o *oracle) find(id model.ID) *oracleStep {
	for i := range o.steps {
		if o.steps[i].ID == id {
			return &o.steps[i]
		}
	}
	return nil
}

func (s *oracleStep) isRoot() bool { return s.Kind != model.Undo && s.Kind != model.Redo }

// toUndo is the actor's last own step that is in force.
func (o *oracle) toUndo(actor string) *oracleStep {
	for i := len(o.steps) - 1; i >= 0; i-- {
		if s := &o.steps[i]; s.isRoot() && s.Actor == actor && !s.undone {
			return s
		}
	}
	return nil
}

// toRedo is the step that the actor took back last, unless the actor has done something since.
func (o *oracle) toRedo(actor string) *oracleStep {
	for i := len(o.steps) - 1; i >= 0; i-- {
		s := &o.steps[i]
		if s.Actor != actor {
			continue
		}
		if s.Kind == model.Undo {
			if of := o.find(s.Of); of.undone && of.Actor == actor {
				return of
			}
		}
		if s.isRoot() && !s.undone {
			return nil
		}
	}
	return nil
}

// reversed are the ops that take a step back.
func reversed(ops []model.Op) []model.Op {
	out := make([]model.Op, len(ops))
	for i, op := range ops {
		out[len(ops)-1-i] = op.Reverse()
	}
	return out
}

// history is what the log has to say of a record, newest first.
func (o *oracle) history(id model.ID) []model.Op {
	var out []model.Op
	for _, s := range o.steps {
		for _, op := range s.Ops {
			if op.ID == id {
				out = append(out, op)
			}
		}
	}
	slices.Reverse(out)
	return out
}
