package cli

import (
	"context"
	"fmt"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/store"
)

// doItem takes a step of an item with all that it means for other records.
func (a *app) doItem(ctx context.Context, b *store.Book, r records, row int32, rec *model.Record, w work) error {
	t := model.Taking{Record: rec, Facts: r.snap.ItemFacts(row), Rules: r.snap.SLA(), NewID: b.NewID, Moment: a.moment()}
	var err error
	if t.Action, _, err = model.FindAction(rec, w.action, t.Facts.Severity); err != nil {
		return err
	}
	if t.Values, err = (reader{a, b}).actionValues(t.Action, w.values); err != nil {
		return err
	}
	if t.Action.Name == "tell" {
		t.Values = r.snap.Telling(row, t.Values, a.me())
	}
	if t.Action.Name == "decide" {
		t.Values = r.snap.Deciding(row, t.Values)
	}
	ops, out, err := t.Ops(table.Around{Snapshot: r.snap, Read: b.Get})
	if err != nil {
		return err
	}
	label := fmt.Sprintf("%s item %s", t.Action.Name, r.title(rec.Kind, rec.ID))
	var done model.Batch
	if len(ops) > 0 {
		if done, err = b.Do(ctx, a.step(b, label, ops)); err != nil {
			return err
		}
	}
	switch {
	case out.Kind != model.Item && w.format == asJSON:
		return a.showRecord(b, out, asJSON)
	case out.Kind != model.Item:
		a.printf("%s\n", out.ID)
		return nil
	case len(ops) == 0:
		a.say("nothing to change: 1 item already so")
	default:
		a.say("%s", label)
	}
	if w.format == asJSON {
		changed := min(1, len(ops))
		return a.printObjects(object{{"batch", textCell(done.ID.String()).json}, {"changed", changed}, {"same", 1 - changed}})
	}
	return nil
}
