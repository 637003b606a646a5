package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/ui/kit"
)

func (a *app) historyCommand() *cobra.Command {
	var limit int
	var verify bool
	var format *string
	c := &cobra.Command{
		Use:   "history [KIND ID] [--verify]",
		Short: "Say who changed what and when, newest first",
		Long: "Say who changed what and when, newest first: the steps of the book, or each changed field of one record.\n" +
			"Times are UTC. --verify follows the chain of hashes over all steps: what was changed, by whom, when and from where.",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 0 && (len(args) != 2 || verify) || limit < 0 {
				return usagef("usage: %s", c.UseLine())
			}
			return nil
		},
		ValidArgsFunction: completeKind,
		RunE: func(c *cobra.Command, args []string) error {
			return a.withBook(toRead, func(b *store.Book) error {
				if verify {
					return a.verifyLog(c.Context(), b, *format)
				}
				if len(args) == 0 {
					return a.steps(b, limit, *format)
				}
				k, err := recordKind(args[0])
				if err != nil {
					return err
				}
				return a.recordHistory(b, k, args[1], limit, *format)
			})
		},
	}
	c.Flags().IntVar(&limit, "limit", 0, "show at most this many; 0 shows all")
	c.Flags().BoolVar(&verify, "verify", false, "verify that nothing in the log was changed after it was written")
	format = outputFlag(c, asText, asJSON)
	return c
}

// steps lists the steps of the whole book.
func (a *app) steps(b *store.Book, limit int, format string) error {
	var heads []model.Batch
	err := b.Batches(func(h model.Batch) bool {
		heads = append(heads, h)
		return limit == 0 || len(heads) < limit
	})
	if err != nil {
		return err
	}
	if format == asJSON {
		return a.print(asJSON, batchColumns(), func(yield func(*line, error) bool) {
			for _, h := range heads {
				if !yield(&line{id: h.ID, batch: h}, nil) {
					return
				}
			}
		})
	}
	for _, h := range heads {
		a.printf("%s\n", stepLine(h))
	}
	return nil
}

// stepLine is one step in one line.
func stepLine(h model.Batch) string {
	text := fmt.Sprintf("%s  %s  %s", stamp(h.Time), kit.Clean(h.Actor), kit.Clean(h.Label))
	switch {
	case h.Kind == model.Undo || h.Kind == model.Redo || h.Kind == model.Exported:
		text = fmt.Sprintf("%s  %s  %s: %s", stamp(h.Time), kit.Clean(h.Actor), h.Kind, kit.Clean(h.Label))
	case h.Undone:
		text += " (undone)"
	}
	if h.From != "" {
		text += "  [" + kit.Clean(h.From) + "]"
	}
	return text
}

// recordHistory lists every change of one record.
func (a *app) recordHistory(b *store.Book, k model.Kind, id string, limit int, format string) error {
	rec, err := reader{a, b}.lookup(k, id)
	if errIsNotFound(err) {
		rec, err = removed(b, k, id, err)
	}
	if err != nil {
		return err
	}
	entries, err := b.History(rec.ID)
	if err != nil {
		return err
	}
	entries = limited(entries, limit)
	s, err := b.Snapshot()
	if err != nil {
		return err
	}
	r := records{book: b, snap: s, table: s.Table(k), schema: model.SchemaOf(k)}
	if format == asJSON {
		return a.historyObjects(r, entries)
	}
	for _, e := range entries {
		a.printf("%s\n", stepLine(e.Batch))
		for _, c := range sortedChanges(e.Op) {
			a.printf("    %s: %s → %s\n", kit.Clean(c.Field), shown(r.words(c.Field, c.From)), shown(r.words(c.Field, c.To)))
		}
	}
	return nil
}

// removed gives a record that is no longer there a history all the same.
func removed(b *store.Book, k model.Kind, text string, notFound error) (*model.Record, error) {
	id, err := model.ParseID(text)
	if err != nil {
		return nil, notFound
	}
	entries, err := b.History(id)
	if err != nil || len(entries) == 0 || entries[0].Op.Kind != k {
		return nil, notFound
	}
	return model.NewRecord(k, id), nil
}

// sortedChanges leaves out what is for the machine.
func sortedChanges(op model.Op) []model.Change {
	s := model.SchemaOf(op.Kind)
	out := slices.DeleteFunc(slices.Clone(op.Changes), func(c model.Change) bool {
		f, ok := s.Field(c.Field)
		return ok && f.Has(model.FHidden)
	})
	slices.SortStableFunc(out, func(a, b model.Change) int { return strings.Compare(a.Field, b.Field) })
	return out
}

// words writes a value with the names of what it points at.
func (r records) words(field string, v model.Value) string {
	f, ok := r.schema.Field(field)
	if !ok || v.Type() != model.TRef && v.Type() != model.TRefs {
		return v.Format()
	}
	var names []string
	for _, id := range v.IDs() {
		names = append(names, r.title(f.Ref, id))
	}
	return strings.Join(names, "; ")
}

// shown cuts a long text; nothing is a dash, so that from and to stay apart.
func shown(s string) string {
	if s == "" {
		return "–"
	}
	return kit.Truncate(kit.Clean(s), 60)
}

func (a *app) historyObjects(r records, entries []model.Entry) error {
	var out []object
	for _, e := range entries {
		head := object{
			{"time", stamp(e.Batch.Time)},
			{"actor", e.Batch.Actor},
			{"from", e.Batch.From},
			{"batch", e.Batch.ID.String()},
			{"step", string(e.Batch.Kind)},
			{"label", e.Batch.Label},
			{"undone", e.Batch.Undone},
			{"verb", e.Op.Verb.String()},
		}
		for _, c := range sortedChanges(e.Op) {
			out = append(out, append(slices.Clone(head),
				member{"field", c.Field}, member{"from", textCell(r.words(c.Field, c.From)).json}, member{"to", textCell(r.words(c.Field, c.To)).json}))
		}
	}
	return a.printObjects(out...)
}
