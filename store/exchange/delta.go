package exchange

import (
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/erase"
)

// delta is what a row does to a record, before it is noted.
type delta struct {
	p       *planned // nil when the record has to be made
	kind    model.Kind
	entry   string
	draft   *model.Record
	after   *model.Record // nil when nothing differs
	changes []model.Change
	result  Result
	exact   bool     // the row says all of a field: references are replaced, not added to
	once    []string // fields that only count where the record has nothing
	keyless bool     // the row gives the record no key
	aside   bool     // the row is of a duplicate that was merged into the record: it only fills what is empty
}

// compare holds what a row says against the record that it is about.
func (pl *planner) compare(p *planned, draft *model.Record, entry string, once ...string) (*delta, error) {
	ch := &delta{p: p, kind: draft.Kind, entry: entry, draft: draft, once: once}
	switch {
	case p == nil:
		// A new record is the draft itself: copies of a hundred thousand of them would cost.
		ch.result, ch.after = Created, draft
		draft.ID = pl.book.NewID()
		draft.Set("keys", model.List(entry))
		if err := pl.erased(draft, nil); err != nil {
			return nil, err
		}
		return ch, draft.Validate()
	case slices.Contains(p.now().Get(model.MergedKeys).Items(), entry):
		ch.aside = true
	case p.row >= 0:
		ch.result = Same
		if first := p.said(); !slices.Equal(first, draft.Fields) {
			line := pl.plan.Verdicts[p.row].Line
			return nil, &rowError{Conflict, "", fmt.Errorf("line %d has the same key with other values: %s", line, differences(first, draft.Fields))}
		}
		return ch, nil
	}
	now := p.now()
	if err := pl.erased(draft, p); err != nil {
		return nil, err
	}
	ch.merge(now)
	ch.result = Same
	if len(ch.changes) == 0 {
		return ch, nil
	}
	ch.result = Updated
	if p.before == nil {
		ch.result = Created // a stub of this very file
	}
	return ch, ch.after.Validate()
}

// merge puts the draft over the record. Fields that the row does not name stay as they are, and
// customers linked to an item are added to.
func (ch *delta) merge(now *model.Record) {
	put := func(name string, to model.Value) {
		from := now.Get(name)
		if from == to {
			return
		}
		if ch.after == nil {
			ch.after = now.Clone()
		}
		ch.after.Set(name, to)
		ch.changes = append(ch.changes, model.Change{Field: name, From: from, To: to})
	}
	draft := ch.draft
	if !ch.exact {
		draft = keepState(draft, now)
	}
	for _, fv := range draft.Fields {
		to := fv.Value
		if (ch.aside || slices.Contains(ch.once, fv.Name)) && !now.Get(fv.Name).IsZero() {
			continue
		}
		if erase.Restores(now.Get(fv.Name), to) {
			continue // A file from before would bring back who was struck out of this text.
		}
		if to.Type() == model.TRefs && !ch.exact {
			to = model.Refs(append(now.Get(fv.Name).IDs(), to.IDs()...)...)
		}
		put(fv.Name, to)
	}
	if keys := now.Get("keys").Items(); !ch.exact && !ch.keyless && !slices.Contains(keys, ch.entry) {
		put("keys", model.List(append(keys, ch.entry)...))
	}
	if !ch.exact && now.Get("stub").IsTrue() && ch.draft.Get("stub").IsZero() {
		put("stub", model.Value{})
	}
}

// differences names the fields in which two rows differ.
func differences(a, b []model.FieldValue) string {
	ra, rb := model.Record{Fields: a}, model.Record{Fields: b}
	var out []string
	for _, fv := range a {
		if v := rb.Get(fv.Name); v != fv.Value {
			out = append(out, fmt.Sprintf("%s %q and %q", fv.Name, clip(fv.Value.Format(), 60), clip(v.Format(), 60)))
		}
	}
	for _, fv := range b {
		if ra.Get(fv.Name).IsZero() {
			out = append(out, fmt.Sprintf("%s %q and %q", fv.Name, "", clip(fv.Value.Format(), 60)))
		}
	}
	return strings.Join(out, ", ")
}
