package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/table"
	"opsdeck/store"
)

// listing is what the flags of list ask for.
type listing struct {
	where   string
	sort    string
	columns string
	group   string
	limit   int
	format  *string
}

func (a *app) listCommand() *cobra.Command {
	var l listing
	c := &cobra.Command{
		Use:   "list KIND",
		Short: "List what there is",
		Long:  "List the things of a kind: " + strings.Join(kindNames(), ", ") + ".",
		Example: "  opsdeck list customers --where 'tier:KA renews:<90d' --sort -arr,name\n" +
			"  opsdeck list renewals --where owner:me -o csv\n  opsdeck list items --columns summary,severity,arr -o json\n" +
			"  opsdeck list customers --group tier\n  opsdeck list renewals --group decision_date --columns arr -o csv",
		Args:              args(1, 1),
		ValidArgsFunction: completeKind,
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := subjectByName(args[0])
			if err != nil {
				return err
			}
			return a.withBook(toRead, func(b *store.Book) error { return a.list(b, s, l) })
		},
	}
	c.Flags().StringVar(&l.where, "where", "", "only what this `filter` lets through, as in the workstation")
	c.Flags().StringVar(&l.sort, "sort", "", "`fields` to sort by, - for descending: -arr,name")
	c.Flags().StringVar(&l.columns, "columns", "", "`fields` to show: name,arr,owner")
	c.Flags().StringVar(&l.group, "group", "", "count and add up by this `field`; --columns then names the amounts")
	c.Flags().IntVar(&l.limit, "limit", 0, "show at most this many; 0 shows all")
	l.format = outputFlag(c, asTable, asCSV, asJSON, asNDJSON, asIDs)
	return c
}

func completeKind(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return kindNames(), cobra.ShellCompDirectiveNoFileComp
}

func (a *app) list(b *store.Book, s subject, l listing) error {
	if l.limit < 0 {
		return usagef("--limit %d: a number from 0 is wanted; 0 shows all", l.limit)
	}
	if s.batches {
		return a.listBatches(b, s, l)
	}
	r, err := newRecords(b, s.kind)
	if err != nil {
		return err
	}
	rows, err := a.selectRows(r, s, l.where, l.sort)
	if err != nil {
		return err
	}
	if l.group != "" {
		return a.listGroups(r, rows, s, l)
	}
	rows = limited(rows, l.limit)
	cols, err := chosenColumns(r.listColumns(), r.table.CustomFields(), s.tableColumns(), l)
	if err != nil {
		return err
	}
	lines := func(yield func(*line, error) bool) {
		for _, row := range rows {
			if !yield(r.line(row)) {
				return
			}
		}
	}
	return a.print(*l.format, cols, lines)
}

func limited[T any](rows []T, limit int) []T {
	if limit > 0 && limit < len(rows) {
		return rows[:limit]
	}
	return rows
}

// print writes lines in a format.
func (a *app) print(format string, cols []column, lines func(func(*line, error) bool)) error {
	p, err := a.printer(format, cols)
	if err != nil {
		return err
	}
	cells := make([]cell, len(cols))
	for l, err := range lines {
		if err != nil {
			return err
		}
		if format != asIDs {
			for i, c := range cols {
				cells[i] = c.get(l)
			}
		}
		if err := p.row(l.id.String(), cells); err != nil {
			return err
		}
	}
	return p.end()
}

// selectRows lists the rows that a filter lets through, sorted.
func (a *app) selectRows(r records, s subject, where, order string) ([]int32, error) {
	filter, err := query.Parse(where, r.snap.FilterSchema(s.kind))
	if err != nil {
		return nil, err
	}
	if order == "" && s.renewals {
		order = "decision_date"
	}
	sorts, err := parseSorts(order, r.snap.FilterSchema(s.kind).Names())
	if err != nil {
		return nil, err
	}
	rows := r.table.View(r.snap, filter, query.Env{Today: r.snap.Today, Me: a.me()}, sorts)
	if s.renewals {
		rows = slices.DeleteFunc(slices.Clone(rows), func(row int32) bool { return !isRenewal(r.table, row) })
	}
	return rows, nil
}

// isRenewal tells whether a contract stands in the renewal pipeline: it has a day to be decided by.
func isRenewal(t *table.Table, row int32) bool {
	state := t.Str(row, "state")
	return state != "closed" && state != "cancelled" && t.Day(row, "decision_date").IsSet()
}

// parseSorts reads -arr,name.
func parseSorts(text string, names []string) ([]table.Sort, error) {
	var out []table.Sort
	for _, part := range splitNames(text) {
		name, desc := strings.CutPrefix(part, "-")
		name = strings.TrimPrefix(name, "+")
		if !slices.Contains(names, name) {
			return nil, usagef("--sort: there is no field %q to sort by%s", name, didYouMean(name, names, "there are "+strings.Join(names, ", ")))
		}
		out = append(out, table.Sort{Field: name, Desc: desc})
	}
	return out, nil
}

// splitNames parts names at commas and leaves blank ones out.
func splitNames(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// listColumns are all columns that a listing may show, cold ones last: they are shown on demand.
func (r records) listColumns() []column {
	cols := r.columns(false)
	for i := range r.schema.Fields {
		if f := &r.schema.Fields[i]; f.Has(model.FCold) && !f.Has(model.FHidden) {
			for _, c := range r.fieldColumns(f) {
				c.cold = true
				cols = append(cols, c)
			}
		}
	}
	return cols
}

// chosenColumns picks the columns: those asked for, else few for a table and all for machines.
func chosenColumns(all []column, custom, few []string, l listing) ([]column, error) {
	slices.Sort(custom)
	for _, name := range custom {
		all = append(all, customColumn(name))
	}
	names := splitNames(l.columns)
	if len(names) == 0 && *l.format == asTable {
		names = few
	}
	if len(names) == 0 {
		return slices.DeleteFunc(all, func(c column) bool { return c.cold }), nil
	}
	var out []column
	for _, name := range names {
		i := slices.IndexFunc(all, func(c column) bool { return c.name == name })
		if i < 0 {
			known := make([]string, len(all))
			for i, c := range all {
				known[i] = c.name
			}
			return nil, usagef("--columns: there is no field %q%s", name, didYouMean(name, known, "there are "+strings.Join(known, ", ")))
		}
		out = append(out, all[i])
	}
	return out, nil
}
