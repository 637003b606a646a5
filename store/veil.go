package store

import (
	"errors"
	"slices"

	"opsdeck/model"
	"opsdeck/model/table"
)

// hidden returns what the caller must not see, nil where that is nothing. What a role hides is asked
// for at every reading, so that a role that is taken away takes its sight along.
func (b *Book) hidden() (func(model.Kind, *model.Field) bool, error) {
	if !b.caller.limited() {
		return nil, nil
	}
	m, err := b.Member()
	if err != nil || !m.Role.HidesAny() {
		return nil, err
	}
	return m.Role.Hides, nil
}

// veiledPicture is a picture for a role, kept until the book or the role changes.
type veiledPicture struct {
	from, made *table.Snapshot
	role       string
}

// veiled returns what of a picture the caller may see.
func (b *Book) veiled(s *table.Snapshot) (*table.Snapshot, error) {
	if !b.caller.limited() {
		return s, nil
	}
	m, err := b.Member()
	if err != nil || !m.Role.HidesAny() {
		return s, err
	}
	if v := b.veil.Load(); v != nil && v.from == s && v.role == m.Role.Name {
		return v.made, nil
	}
	v := &veiledPicture{from: s, made: s.Veiled(m.Role.Hides), role: m.Role.Name}
	b.veil.Store(v)
	return v.made, nil
}

// bare drops from a record what must not be seen. It may change the record that it is given.
func bare(r *model.Record, hides func(model.Kind, *model.Field) bool) *model.Record {
	if r == nil || hides == nil {
		return r
	}
	r.Fields = slices.DeleteFunc(r.Fields, func(fv model.FieldValue) bool { return hidesField(r.Kind, fv.Name, hides) })
	return r
}

func hidesField(k model.Kind, name string, hides func(model.Kind, *model.Field) bool) bool {
	s := model.SchemaOf(k)
	if s == nil {
		return true // What nobody here knows is not shown to those who may not see everything.
	}
	f, ok := s.Field(name)
	return !ok || hides(k, f)
}

// bareOp drops from an op what must not be seen. It may change the op that it is given.
func bareOp(op model.Op, hides func(model.Kind, *model.Field) bool) model.Op {
	if hides != nil {
		op.Changes = slices.DeleteFunc(op.Changes, func(c model.Change) bool { return hidesField(op.Kind, c.Field, hides) })
	}
	return op
}

// bareConflict drops from a conflict what its reader must not see: it tells what is there.
func (b *Book) bareConflict(err error) error {
	var c *model.ConflictError
	if !errors.As(err, &c) || c.Field == "" {
		return err
	}
	hides, hiddenErr := b.hidden()
	if hiddenErr == nil && (hides == nil || !hidesField(c.Kind, c.Field, hides)) {
		return err
	}
	return &model.ConflictError{Kind: c.Kind, ID: c.ID, Title: c.Title, Reason: c.Field + " has been changed meanwhile"}
}
