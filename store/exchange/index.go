package exchange

import (
	"opsdeck/model"
	"opsdeck/model/same"
)

// found is a record of an index.
type found struct {
	id    model.ID
	title string
	fresh bool // the plan makes it
	keyed bool // some source knows it
}

// index finds the records of a kind by their marks: to follow references that name no source, and to
// suspect that a new record is an old one. It is made when it is first needed and takes the plan's
// own records in as they come.
type index struct {
	ids     map[model.ID]bool
	records []found
	marks   *same.Index
}

// index returns the index of a kind.
func (pl *planner) index(k model.Kind) (*index, error) {
	if ix := pl.indexes[k]; ix != nil {
		return ix, nil
	}
	ix := &index{ids: map[model.ID]bool{}, marks: same.NewIndex()}
	pl.indexes[k] = ix
	return ix, pl.book.Each(k, func(r *model.Record) bool {
		ix.add(r, marksOf(r), false)
		return true
	})
}

func (ix *index) add(r *model.Record, all []same.Told, fresh bool) {
	ix.ids[r.ID] = true
	ix.marks.Add(ix.next(r), all)
	ix.records = append(ix.records, found{r.ID, r.Title(), fresh, !r.Get("keys").IsZero()})
}

// next is a record as the index takes it in.
func (ix *index) next(r *model.Record) same.Record {
	return same.Record{Key: len(ix.records), City: same.FoldName(r.Get("city").Str())}
}

// marksOf lists what may tell a record, the surest first.
func marksOf(r *model.Record) []same.Told {
	return same.MarksOf(r.Kind, func(field string) string {
		v := r.Get(field)
		if v.Type() == model.TRef {
			return v.Format()
		}
		return v.Str()
	})
}

// one returns the single record that a mark tells, and how many there are.
func (ix *index) one(t same.Told) (f found, n int) {
	ix.marks.With(t, func(r same.Record) bool { f = ix.records[r.Key]; n++; return true })
	return f, n
}

// suspect lists a new customer or contact that may be another one, with the surest reason, and takes
// it into the index. Stubs are not suspected: their name is often only a key.
func (pl *planner) suspect(p *planned, v *Verdict) {
	ix := pl.indexes[p.kind]
	if ix == nil || p.kind != model.Customer && p.kind != model.Contact {
		return
	}
	all := marksOf(p.after)
	if other, reason, ok := ix.marks.Match(p.kind, ix.next(p.after), all); ok {
		f := ix.records[other.Key]
		pl.plan.Suspects = append(pl.plan.Suspects, Suspect{
			Line: v.Line, Table: v.Table, Kind: p.kind, ID: p.id, Title: p.after.Title(),
			Other: f.id, OtherTitle: f.title, InFile: f.fresh, Reason: reason,
		})
	}
	ix.add(p.after, all, true)
}
