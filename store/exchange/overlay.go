package exchange

import "opsdeck/model"

// overlay is a book as it will be when a plan has been applied.
type overlay struct {
	Book
	plan  *Plan
	byKey map[kindEntry]*model.Record
}

// After returns the book as it will be when the plan has been applied, so that the next of several
// files can be planned before anything is done. The plan must not be changed meanwhile.
func (p *Plan) After(book Book) Book {
	o := &overlay{Book: book, plan: p, byKey: map[kindEntry]*model.Record{}}
	for _, r := range p.records {
		for _, entry := range r.after.Get("keys").Items() {
			o.byKey[kindEntry{r.kind, entry}] = r.after
		}
	}
	return o
}

// ByKey implements Book.
func (o *overlay) ByKey(k model.Kind, entry string) (*model.Record, error) {
	if r := o.byKey[kindEntry{k, entry}]; r != nil {
		return r, nil
	}
	return o.Book.ByKey(k, entry)
}

// Each implements Book. New records come after those of the book, as their ids do.
func (o *overlay) Each(k model.Kind, fn func(*model.Record) bool) error {
	more := true
	err := o.Book.Each(k, func(r *model.Record) bool {
		if after := o.plan.Record(r.ID); after != nil {
			r = after
		}
		more = fn(r)
		return more
	})
	for _, r := range o.plan.records {
		if more && err == nil && r.kind == k && r.before == nil {
			more = fn(r.after)
		}
	}
	return err
}
