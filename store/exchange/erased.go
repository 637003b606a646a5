package exchange

import (
	"opsdeck/model"
	"opsdeck/model/erase"
)

// erased refuses what would bring somebody back who was erased from the book: a new record that is known by one of
// the marks that the erasing has left, words for a record that was emptied, and a name or address that would make
// the erased one out of somebody else.
func (pl *planner) erased(draft *model.Record, p *planned) error {
	var now *model.Record
	if p != nil {
		now = p.now()
		switch on := now.Get(model.ErasedOn); {
		case !on.IsZero() && draft.Get(model.ErasedOn) != on:
			return fail("", "this %s was erased from the book on %s and is not taken in again", draft.Kind, on.Format())
		case !on.IsZero():
			return nil
		}
	}
	if pl.gone == nil {
		var all []*model.Record
		if err := pl.book.Each(model.Erasure, func(r *model.Record) bool { all = append(all, r); return true }); err != nil {
			return err
		}
		pl.gone = erase.NewGone(all)
	}
	if what, since, ok := pl.gone.Known(draft, now); ok {
		return fail("", "a %s with this %s was erased from the book on %s and is not taken in again; where it is somebody else, 'opsdeck add %s' adds it by hand",
			draft.Kind, what, since, draft.Kind)
	}
	return nil
}
