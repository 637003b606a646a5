package ui

import (
	"opsdeck/model"
	"opsdeck/ui/kit"
)

// openTouch lets choose the type of a touch by its letter.
func (a *App) openTouch() {
	if _, ok := a.touchCustomer(); !ok {
		a.say(kit.Warn, "touch: the record belongs to no customer")
		return
	}
	a.stack.Push(kit.NewMenu(a.lang.T("Log a touch of today"), sayItems(a.lang, []kit.Item{
		{ID: "touch\x00call", Title: "Phone call", Key: "c"},
		{ID: "touch\x00visit", Title: "Visit", Key: "v"},
		{ID: "touch\x00mail", Title: "Mail", Key: "m"},
		{ID: "touch\x00training", Title: "Training", Key: "t"},
		{ID: "touch\x00review", Title: "Review", Key: "r"},
	})))
}

// touchCustomer is the customer that a touch is logged with.
func (a *App) touchCustomer() (int32, bool) {
	k, row, ok := a.target()
	if !ok {
		return -1, false
	}
	t := a.snap.Table(k)
	switch k {
	case model.Customer:
		return row, true
	case model.Contract:
		row = t.To(row, "customer")
		return row, row >= 0
	case model.Item:
		for _, id := range t.Value(row, "customers").IDs() {
			if c, ok := a.snap.Table(model.Customer).Row(id); ok {
				return c, true
			}
		}
	}
	return -1, false
}

// logTouch saves a touch of today, with each of the marked customers or with the one at hand.
func (a *App) logTouch(kind string) {
	if k, ids := a.markedIDs(); k == model.Customer && len(ids) > 0 {
		var ops []model.Op
		for _, id := range ids {
			ops = append(ops, model.CreateOp(a.newTouch(kind, id)))
		}
		a.after = a.step("log "+kind+" with "+plural(nil, len(ids), model.Customer), nil, ops...)
		return
	}
	c, ok := a.touchCustomer()
	if !ok {
		return
	}
	customers := a.snap.Table(model.Customer)
	a.after = a.step("log "+kind+" with "+customers.Str(c, "name"), nil, model.CreateOp(a.newTouch(kind, customers.ID(c))))
}

func (a *App) newTouch(kind string, customer model.ID) *model.Record {
	r := model.NewRecord(model.Touch, a.backend.NewID())
	r.Set("customer", model.Ref(customer))
	r.Set("date", model.Date(a.snap.Today))
	r.Set("type", model.Pick(kind))
	r.Set("by", model.Person(a.o.Actor))
	return r
}
