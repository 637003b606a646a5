package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/store"
)

func (a *app) setCommand() *cobra.Command {
	var where string
	var format *string
	c := &cobra.Command{
		Use:   "set KIND ID|--where QUERY field=value...",
		Short: "Change fields of one record, or of all that a filter finds, in one step",
		Long: "Change fields of one record, or of all that a filter finds, in one step that one undo takes back.\n" +
			"field= empties a field; tags+=new and tags-=old change lists; dates take 2026-11-22, today, +90d, -2w.",
		Example: "  opsdeck set customer ACME-1 owner=ana tier_override=KA tier_override_reason='board member'\n" +
			"  opsdeck set customers --where 'owner:bob' owner=ana",
		Args:              args(2, -1),
		ValidArgsFunction: a.completeFields,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := recordSubject(args[0])
			if err != nil {
				return err
			}
			change := bulk{subject: s, values: args[1:], where: where, format: *format}
			if !c.Flags().Changed("where") {
				change.id, change.values = args[1], args[2:]
			}
			if len(change.values) == 0 || isAssignment(s.kind, change.id) {
				return usagef("usage: %s", c.UseLine())
			}
			return a.withBook(toWrite, func(b *store.Book) error { return a.set(c.Context(), b, change) })
		},
	}
	c.Flags().StringVar(&where, "where", "", "change everything that this `filter` finds")
	format = outputFlag(c, asText, asJSON)
	return c
}

// isAssignment tells a field=value from an id, which may hold an equals sign too.
func isAssignment(k model.Kind, text string) bool {
	name, _, ok := strings.Cut(text, "=")
	if !ok {
		return false
	}
	_, ok = model.SchemaOf(k).Field(strings.TrimRight(name, "+-"))
	return ok
}

// bulk is a change of one record by its id or of several by a filter.
type bulk struct {
	subject subject
	id      string
	where   string
	values  []string
	format  string
}

func (a *app) set(ctx context.Context, b *store.Book, c bulk) error {
	rd := reader{a, b}
	set, err := rd.assignments(c.subject.kind, c.values)
	if err != nil {
		return err
	}
	before, err := a.selected(rd, c)
	if err != nil {
		return err
	}
	after := make([]*model.Record, len(before))
	for i, rec := range before {
		after[i] = rec.Clone()
		apply(after[i], set)
	}
	return a.update(ctx, b, change{before: before, after: after, verb: "set " + fieldNames(set), format: c.format})
}

// selected reads the records that a bulk change is about.
func (a *app) selected(rd reader, c bulk) ([]*model.Record, error) {
	if c.id != "" {
		rec, err := rd.lookup(c.subject.kind, c.id)
		return []*model.Record{rec}, err
	}
	r, err := newRecords(rd.book, c.subject.kind)
	if err != nil {
		return nil, err
	}
	rows, err := a.selectRows(r, c.subject, c.where, "")
	if err != nil {
		return nil, err
	}
	out := make([]*model.Record, len(rows))
	for i, row := range rows {
		if out[i], err = rd.book.Get(c.subject.kind, r.table.ID(row)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// change is what is to become of records.
type change struct {
	before, after []*model.Record
	verb          string // "set owner", of so many
	label         string // instead of the verb, where the step has a name of its own
	format        string
}

// update saves changed records as one step and says how many there were. The ops carry what was
// read, so a change that somebody else makes meanwhile is not overwritten.
func (a *app) update(ctx context.Context, b *store.Book, c change) error {
	var ops []model.Op
	var one *model.Record
	for i, rec := range c.before {
		if err := c.after[i].Validate(); err != nil {
			return usagef("%s %q: %w", rec.Kind, rec.Title(), err)
		}
		if op, changed := model.UpdateOp(rec, c.after[i]); changed {
			ops = append(ops, op)
			one = c.after[i]
		}
	}
	same := len(c.before) - len(ops)
	var done model.Batch
	var err error
	if len(ops) > 0 {
		what := fmt.Sprintf("%s of %s", c.verb, one.Title())
		if c.label != "" {
			what = c.label
		} else if len(ops) > 1 {
			what = fmt.Sprintf("%s of %s", c.verb, counted(len(ops), one.Kind))
		}
		if done, err = b.Do(ctx, a.step(b, what, ops)); err != nil {
			return err
		}
		a.say("%s%s", what, alreadySo(same))
	} else if len(c.before) == 0 {
		a.say("nothing matches, so nothing was changed")
	} else {
		a.say("nothing to change: %s already so", counted(same, c.before[0].Kind))
	}
	if c.format == asJSON {
		return a.printObjects(object{{"batch", textCell(done.ID.String()).json}, {"changed", len(ops)}, {"same", same}})
	}
	return nil
}

func alreadySo(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; %d already so", n)
}
