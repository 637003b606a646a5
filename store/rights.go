package store

import (
	"fmt"
	"slices"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// Member returns who the caller is to the book now. For whoever opened the book it is somebody who
// may do everything.
func (b *Book) Member() (model.Member, error) {
	if !b.caller.limited() {
		return model.Member{Handle: b.o.User, Role: model.RoleNamed(model.Administrator)}, nil
	}
	var m model.Member
	err := b.eng.View(func(tx engine.Tx) error {
		var err error
		m, err = memberIn(tx, b.caller.User)
		return err
	})
	return m, err
}

// May checks a power of the caller. The error is a *model.RightError.
func (b *Book) May(power model.Power) error {
	m, err := b.Member()
	if err == nil {
		err = m.May(power)
	}
	return err
}

// memberIn reads who somebody is. Users are few, so that looking through them costs less than an
// index that could go wrong. Who is disabled is nobody.
func memberIn(tx engine.Tx, handle string) (model.Member, error) {
	var user *model.Record
	err := eachRecord(tx, model.User, func(r *model.Record) bool {
		if r.Get("handle").Str() == handle && !r.Get("disabled").IsTrue() {
			user = r
		}
		return user == nil
	})
	return model.MemberOf(handle, user), err
}

// checkSight refuses a step that writes what its author must not see. It runs before the step is
// applied, because a conflict tells what is there.
func (b *Book) checkSight(w *writer, s model.Step) error {
	if !b.caller.limited() || s.Kind == model.Undo || s.Kind == model.Redo {
		return nil
	}
	m, err := memberIn(w.tx, b.caller.User)
	if err != nil || !m.Role.HidesAny() {
		return err
	}
	for _, op := range s.Ops {
		for _, c := range op.Changes {
			if hidesField(op.Kind, c.Field, m.Role.Hides) {
				return &model.RightError{User: m.Handle, Role: m.Role.Name, What: "see or change " + c.Field + " of " + op.Kind.String() + " records"}
			}
		}
	}
	return nil
}

// readsBack tells whether a step changes nothing but items that are there, as what comes back from engineers does.
func readsBack(ops []model.Op) bool {
	return !slices.ContainsFunc(ops, func(op model.Op) bool { return op.Kind != model.Item || op.Verb != model.Update })
}

// checkRights refuses a step of somebody who lacks the right to one of its changes. It runs within
// the step's transaction: a role that is taken away while a step waits is taken away from it too.
func (b *Book) checkRights(w *writer, s model.Step) error {
	if !b.caller.limited() {
		return nil
	}
	m, err := memberIn(w.tx, b.caller.User)
	if err != nil {
		return err
	}
	if s.Kind == model.Import && (m.MayHandOver() != nil || !readsBack(s.Ops)) {
		if err := m.May(model.PowerImport); err != nil {
			return err
		}
	}
	var failed error
	customer := func(id model.ID) *model.Record {
		if r, ok := w.after(recordID{model.Customer, id}); ok && r != nil {
			return r
		}
		r, err := getRecord(w.tx, model.Customer, id)
		if err != nil && failed == nil {
			failed = err
		}
		return r
	}
	for i := range w.touched {
		t := &w.touched[i]
		if t.before.Equal(t.after) {
			continue
		}
		if err := m.Change(t.before, t.after, customer); err != nil {
			return fmt.Errorf("%s: %w", s.Label, err)
		}
	}
	return failed
}
