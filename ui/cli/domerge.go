package cli

import (
	"context"
	"strings"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/ui"
)

const mergeAction = "merge"

const mergeHelp = "A suspected duplicate ('report duplicates' lists them) goes into the record that stays by\n" +
	"  merge customer|contact ID into=ID [--dry-run]\n" +
	"which moves everything that points at it, fills what the survivor lacks, and removes it, in one step."

// doMerge merges a duplicate into the record that stays, or shows what that would do.
func (a *app) doMerge(ctx context.Context, b *store.Book, w work, from *model.Record) error {
	if len(w.values) != 1 || !strings.HasPrefix(w.values[0], "into=") {
		return usagef("merge needs the record that stays, and nothing else: opsdeck do merge %s %s into=ID", w.kind, w.id)
	}
	into, err := reader{a, b}.lookup(w.kind, strings.TrimPrefix(w.values[0], "into="))
	if err != nil {
		return err
	}
	m, err := b.PlanMerge(w.kind, from.ID, into.ID)
	if err != nil {
		return err
	}
	s, err := b.Snapshot()
	if err != nil {
		return err
	}
	batch := model.Batch{}
	if w.dry {
		a.say("would %s:", m.Label())
	} else {
		if batch, err = b.Do(ctx, a.step(b, m.Label(), m.Ops)); err != nil {
			return err
		}
		a.say("%s:", m.Label())
	}
	for _, line := range ui.MergeLines(nil, s, m, 0) {
		a.say("  %s", line)
	}
	if w.format == asJSON {
		return a.printObjects(mergeObject(m, batch.ID))
	}
	return nil
}

func mergeObject(m *model.Merge, batch model.ID) object {
	moves := object{}
	for _, mv := range m.Moves {
		moves = append(moves, member{model.SchemaOf(mv.Kind).Plural, mv.Count})
	}
	values := func(changes []model.Change, of func(model.Change) model.Value) object {
		out := object{}
		for _, c := range changes {
			out = append(out, member{c.Field, of(c).JSON()})
		}
		return out
	}
	return object{
		{"batch", batch.String()},
		{"from", m.From.ID.String()},
		{"into", m.Into.ID.String()},
		{"moves", moves},
		{"fills", values(m.Fills, func(c model.Change) model.Value { return c.To })},
		{"stays", values(m.Stays, func(c model.Change) model.Value { return c.From })},
		{"dropped", values(m.Stays, func(c model.Change) model.Value { return c.To })},
	}
}
