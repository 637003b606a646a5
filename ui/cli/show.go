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

func (a *app) showCommand() *cobra.Command {
	var format *string
	c := &cobra.Command{
		Use:   "show KIND ID",
		Short: "Show one thing with all its fields and figures",
		Long: "Show one thing with all its fields and figures. ID is the internal id, an external id or a name that no other has.\n" +
			"-o json is an array of one object; \"linked\" counts the records that point at it.",
		Args:              args(2, 2),
		ValidArgsFunction: completeKind,
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := subjectByName(args[0])
			if err != nil {
				return err
			}
			return a.withBook(toRead, func(b *store.Book) error {
				if s.batches {
					return a.showBatch(b, args[1], *format)
				}
				rec, err := reader{a, b}.lookup(s.kind, args[1])
				if err != nil {
					return err
				}
				return a.showRecord(b, rec, *format)
			})
		},
	}
	format = outputFlag(c, asText, asJSON, asMD)
	return c
}

func (a *app) showRecord(b *store.Book, rec *model.Record, format string) error {
	r, err := newRecords(b, rec.Kind)
	if err != nil {
		return err
	}
	row, ok := r.table.Row(rec.ID)
	if !ok {
		return fmt.Errorf("%s %s: %w", rec.Kind, rec.ID, store.ErrNotFound)
	}
	l := &line{row: row, id: rec.ID, rec: rec}
	cols := r.columns(true)
	for _, fv := range rec.Fields {
		if strings.HasPrefix(fv.Name, model.CustomPrefix) {
			cols = append(cols, customColumn(fv.Name))
		}
	}
	if rec.Kind == model.Item {
		path, err := itemPath(b, rec)
		if err != nil {
			return err
		}
		cols = append(cols, path)
	}
	linked := r.linked(row)
	if format == asJSON {
		obj := make(object, 0, len(cols)+1)
		for _, c := range cols {
			obj = append(obj, member{c.name, c.get(l).json})
		}
		return a.printObjects(append(obj, member{"linked", linked}))
	}
	return a.printFields(rec.Kind.String()+" "+rec.Title(), cols, l, linked, format)
}

// itemPath shows how an item came through the queue: the states that it passed over stay visible.
func itemPath(b *store.Book, rec *model.Record) (column, error) {
	entries, err := b.History(rec.ID)
	if err != nil {
		return column{}, err
	}
	var visited []string
	for _, e := range entries {
		for _, c := range e.Op.Changes {
			if c.Field == "state" {
				visited = append(visited, c.From.Str(), c.To.Str())
			}
		}
	}
	var words []string
	steps := []object{}
	for _, s := range model.ItemPath(visited, model.WorkflowState(rec)) {
		steps = append(steps, object{{"state", s.State}, {"mark", s.Mark}})
		words = append(words, s.State+" ("+s.Mark+")")
	}
	return column{name: "path", label: "Path", get: func(*line) cell { return cell{strings.Join(words, " → "), steps} }}, nil
}

// linked counts the records that point at a row, by the plural names of their kinds.
func (r records) linked(row int32) object {
	out := object{}
	for _, k := range model.Kinds() {
		t, s := r.snap.Table(k), model.SchemaOf(k)
		seen := map[int32]bool{}
		for i := range s.Fields {
			f := &s.Fields[i]
			if f.Ref != r.schema.Kind || f.Type != model.TRef && f.Type != model.TRefs {
				continue
			}
			for _, kid := range t.Kids(row, f.Name) {
				if t.Live(kid) {
					seen[kid] = true
				}
			}
		}
		if len(seen) > 0 {
			out = append(out, member{s.Plural, len(seen)})
		}
	}
	return out
}

// printFields writes fields with content for people; ids of references are left to the machines.
func (a *app) printFields(title string, cols []column, l *line, linked object, format string) error {
	type pair struct{ label, text string }
	var pairs []pair
	for _, c := range cols {
		text := c.get(l).text
		if text != "" && !strings.HasSuffix(c.name, "_id") && !strings.HasSuffix(c.name, "_ids") || c.name == "external_id" || c.name == "registered_id" {
			pairs = append(pairs, pair{c.label, text})
		}
	}
	var counts []string
	for _, m := range linked {
		if k, ok := model.KindByName(m.name); ok {
			counts = append(counts, counted(m.value.(int), k))
		}
	}
	if len(counts) > 0 {
		pairs = append(pairs, pair{"Linked", strings.Join(counts, ", ")})
	}
	pairs = slices.DeleteFunc(pairs, func(p pair) bool { return p.text == "" })
	if format == asMD {
		a.printf("# %s\n\n| field | value |\n|---|---|\n", markdown(title))
		for _, p := range pairs {
			a.printf("| %s | %s |\n", markdown(p.label), markdown(p.text))
		}
		return nil
	}
	width := 0
	for _, p := range pairs {
		width = max(width, kit.Width(kit.Clean(p.label)))
	}
	a.printf("%s\n", kit.Clean(title))
	for _, p := range pairs {
		lines := strings.Split(strings.TrimRight(kit.CleanLines(p.text), "\n"), "\n")
		a.printf("  %s  %s\n", kit.PadRight(kit.Clean(p.label), width), lines[0])
		for _, more := range lines[1:] {
			a.printf("  %s  %s\n", strings.Repeat(" ", width), more)
		}
	}
	return nil
}

// markdown makes a text fit for a cell of a Markdown table.
func markdown(s string) string {
	s = strings.ReplaceAll(strings.TrimRight(kit.CleanLines(s), "\n"), "\n", "<br>")
	return strings.NewReplacer(`\`, `\\`, `|`, `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`).Replace(s)
}

func (a *app) showBatch(b *store.Book, text, format string) error {
	h, err := findBatch(b, text)
	if err != nil {
		return err
	}
	l, cols := &line{id: h.ID, batch: h}, batchColumns()
	if format == asJSON {
		obj := make(object, len(cols))
		for i, c := range cols {
			obj[i] = member{c.name, c.get(l).json}
		}
		return a.printObjects(obj)
	}
	return a.printFields("batch "+h.Label, cols, l, nil, format)
}

// findBatch finds a step by its id.
func findBatch(b *store.Book, text string) (model.Batch, error) {
	id, err := model.ParseID(text)
	if err != nil {
		return model.Batch{}, notFoundf("batch %q: %w; 'opsdeck list batches' shows what there is", text, store.ErrNotFound)
	}
	return b.Batch(id)
}
