package exchange

import (
	"errors"
	"fmt"
	"slices"

	"opsdeck/model"
	"opsdeck/model/same"
	"opsdeck/store/exchange/tabular"
)

// errOwnStates refuses a table of this program where only states are wanted: it says all of its records.
var errOwnStates = errors.New("the table was written by this program and says all of its records; read it without --states")

// statesOnly refuses a table that does not say how far items are, where only that is wanted.
func (pl *planner) statesOnly(l *layout) error {
	says := slices.ContainsFunc(l.columns, func(c column) bool { return c.to == "~status" || c.to == "state" })
	switch {
	case !pl.o.States || says:
		return nil
	case l.kind != model.Item:
		return &UsageError{File: pl.plan.File, Flag: "--states", Err: fmt.Errorf("the rows are %s, and only items have states to be read back", plural(l.kind))}
	}
	return &UsageError{File: pl.plan.File, Flag: "--states", Err: fmt.Errorf("no column says how far items are; the columns are %s", listed(l.header))}
}

// noItem is what is said of a row about an item that the book does not know.
const noItem = "no item here has this key; it is left out"

// leftOut is the word under which a row says why it is no item: the source has deleted it, or it is something else.
const leftOut = "~left out"

// howFar plans a row of a tracker's export of which only counts how far the item is, or nothing. Nothing is made, and
// nothing else is changed, not even the keys by which the item is known.
func (pl *planner) howFar(row tabular.Row, d *rowData, v *Verdict) error {
	if why := d.aux[leftOut]; why != "" {
		v.Result, v.Reason = Same, why
		return nil
	}
	p, err := pl.find(model.Item, pl.entry(row, d))
	if p == nil && err == nil {
		p, err = pl.tracked(d)
	}
	if err != nil {
		return err
	}
	if p == nil {
		v.Result, v.Reason = Same, noItem
		return nil
	}
	draft := model.NewRecord(model.Item, p.id)
	main := fromTracker(d.drafts[partMain], p.now())
	if err := contradicts(main, p.now()); err != nil {
		return err
	}
	for _, name := range toldByTracker() {
		if value := main.Get(name); !value.IsZero() {
			draft.Set(name, value)
		}
	}
	change, err := pl.compareStates(p, draft)
	if err != nil {
		return pl.refuse(err)
	}
	pl.apply(change, v)
	return nil
}

// tracked finds an item by the line in its description or by the tracker's key in its external id, whoever
// else knows it too.
func (pl *planner) tracked(d *rowData) (*planned, error) {
	p, err := pl.adopt(d)
	if p != nil || err != nil || d.ext == "" {
		return p, err
	}
	ix, err := pl.index(model.Item)
	if err != nil {
		return nil, err
	}
	switch f, n := ix.one(same.Told{Mark: same.External, Text: d.ext}); {
	case n == 1:
		return pl.byID(model.Item, f.id)
	case n > 1:
		return nil, &rowError{Conflict, "", fmt.Errorf("%d items here have the key %q", n, clip(d.ext, 80))}
	}
	return nil, nil
}

// compareStates holds what a tracker says of how far an item is against the item.
func (pl *planner) compareStates(p *planned, draft *model.Record) (*delta, error) {
	ch := &delta{p: p, kind: model.Item, draft: draft, keyless: true, result: Same}
	if p.row >= 0 {
		if first := p.said(); !sameFields(first, draft.Fields) {
			return nil, &rowError{Conflict, "", fmt.Errorf("line %d has the same key with other values: %s", pl.plan.Verdicts[p.row].Line, differences(first, draft.Fields))}
		}
		return ch, nil
	}
	now := p.now()
	if ch.merge(now); len(ch.changes) == 0 {
		return ch, nil
	}
	ch.result = Updated
	return ch, ch.after.Validate()
}

func sameFields(a, b []model.FieldValue) bool {
	return len(a) == len(b) && differences(a, b) == ""
}
