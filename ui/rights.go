package ui

import (
	"slices"

	"opsdeck/model"
	"opsdeck/model/table"
)

// lacks says which right the person lacks for a binding, as the book itself would; nothing when they have it.
// It saves a refused try: what counts is the check within the book's own transaction.
func (a *App) lacks(b Binding) string {
	if a.member.Role.Name == "" || a.member.Role.Name == model.Administrator {
		return ""
	}
	var err error
	switch {
	case b.Action == ActImport:
		err = a.member.May(model.PowerImport)
	case b.Writes:
		err = a.mayDo(b.Action)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// mayDo checks the right to an action that changes data.
func (a *App) mayDo(act Action) error {
	switch act {
	case ActUndo, ActRedo, ActDrafts:
		return nil // Whether they may depends on the step, or on the form.
	case ActAdd:
		if a.page == nil {
			return a.mayAdd(a.pane().spec().kind)
		}
		var first error
		for _, k := range addable() {
			err := a.mayAdd(k)
			if err == nil {
				return nil
			}
			if first == nil {
				first = err
			}
		}
		return first
	case ActTouch:
		return a.mayAdd(model.Touch)
	case ActFile:
		return a.mayAdd(model.Item)
	case ActSample:
		return a.mayAdd(model.Customer)
	case ActDone, ActSnooze:
		return a.mayAdd(model.Task)
	}
	k, row, ok := a.target()
	if a.page == nil {
		k = a.pane().spec().kind
	}
	if !ok {
		return a.mayAtAll(k, act)
	}
	if _, marked := a.markedIDs(); len(marked) > 0 {
		return a.mayAtAll(k, act)
	}
	r := shadeOf(a.snap, k, row)
	after := r
	if act == ActRemove && a.page == nil {
		after = nil
	}
	return a.member.Change(r, after, a.customerShade)
}

// addable lists what can be added to a customer in its view.
func addable() []model.Kind {
	return []model.Kind{model.Contact, model.Contract, model.Item, model.Touch, model.Task, model.Order, model.Invoice, model.Benefit}
}

// mayAdd checks the right to add a record of a kind to the customer that is looked at.
func (a *App) mayAdd(k model.Kind) error {
	r := model.NewRecord(k, model.ID{})
	if id, ok := a.lookedAt(); ok && k != model.Customer {
		if _, one := model.SchemaOf(k).Field("customer"); one {
			r.Set("customer", model.Ref(id))
		} else if _, many := model.SchemaOf(k).Field("customers"); many {
			r.Set("customers", model.Refs(id))
		}
	}
	return a.member.Change(nil, r, a.customerShade)
}

// lookedAt is the customer that an action is about.
func (a *App) lookedAt() (model.ID, bool) {
	if a.page != nil {
		return a.page.id, true
	}
	k, row, ok := a.pane().current()
	if !ok {
		return model.ID{}, false
	}
	if id := a.snap.Table(k).ID(row); k == model.Customer {
		return id, true
	} else if customers := customersOf(a.snap, k, id); len(customers) > 0 {
		return customers[0], true
	}
	return model.ID{}, false
}

// mayAtAll checks the right to change any record of a kind, where there is none or more than one in question.
func (a *App) mayAtAll(k model.Kind, act Action) error {
	r := model.NewRecord(k, model.ID{}) // It belongs to nobody, so that the narrowest reach takes it in.
	if act == ActRemove {
		return a.member.Change(r, nil, a.customerShade)
	}
	return a.member.Change(r, r, a.customerShade)
}

func (a *App) customerShade(id model.ID) *model.Record {
	if row, ok := a.snap.Table(model.Customer).Row(id); ok {
		return shadeOf(a.snap, model.Customer, row)
	}
	return nil
}

// shadeOf is as much of a record as says whose it is.
func shadeOf(s *table.Snapshot, k model.Kind, row int32) *model.Record {
	t := s.Table(k)
	r := model.NewRecord(k, t.ID(row))
	said := append(ownerFields(), "by", "handle", "team", "customer", "customers", model.SchemaOf(k).Title)
	for _, f := range model.SchemaOf(k).Stored() {
		if slices.Contains(said, f.Name) {
			r.Set(f.Name, t.Value(row, f.Name))
		}
	}
	return r
}
