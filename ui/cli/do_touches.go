package cli

import (
	"context"
	"fmt"

	"opsdeck/model"
	"opsdeck/store"
)

// touchMany logs one touch with every customer that a filter finds, as one step: the small are cared for in
// batches (row C3 of the brief).
func (a *app) touchMany(ctx context.Context, b *store.Book, args []string, format string) error {
	if len(args) == 0 {
		return usagef("touch-many needs a filter: opsdeck do touch-many 'tier:small touch_overdue:>0' type=mail subject='Release news'")
	}
	rd := reader{a, b}
	set, err := rd.assignments(model.Touch, args[1:])
	if err != nil {
		return err
	}
	customers, err := subjectByName("customers")
	if err != nil {
		return err
	}
	found, err := a.selected(rd, bulk{subject: customers, where: args[0]})
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return notFoundf("no customer fits %q, so nothing is logged", args[0])
	}
	ops := make([]model.Op, len(found))
	kind := ""
	for i, c := range found {
		r := model.NewRecord(model.Touch, b.NewID())
		r.Set("customer", model.Ref(c.ID))
		r.Set("date", model.Date(a.day()))
		r.Set("by", model.Person(a.me()))
		apply(r, set)
		if err := r.Validate(); err != nil {
			return usagef("%w; a touch needs a type, such as type=mail", err)
		}
		ops[i], kind = model.CreateOp(r), r.Get("type").Str()
	}
	label := fmt.Sprintf("log %s with %s", kind, counted(len(ops), model.Customer))
	done, err := b.Do(ctx, a.step(b, label, ops))
	if err != nil {
		return err
	}
	a.say("%s", label)
	if format != asJSON {
		return nil
	}
	return a.printObjects(object{{"batch", textCell(done.ID.String()).json}, {"touches", len(ops)}})
}
