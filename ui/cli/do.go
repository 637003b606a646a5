package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/store"
)

func (a *app) doCommand() *cobra.Command {
	var format *string
	var dry bool
	c := &cobra.Command{
		Use:   "do ACTION [KIND ID] [field=value...]",
		Short: "Take a step of a workflow",
		Long: "Take a step of a workflow. Other fields may be set along with it.\n\n" + actionList() +
			"\n\n" + mergeHelp + "\n\nWhat Today shows of a customer, contract, item or invoice is closed or sleeps by\n  done KIND ID [rule=…]\n  snooze KIND ID until=… [rule=…]",
		Example: "  opsdeck do touch customer ACME-1 type=call subject='Quarterly review' contact='Ann Lee'\n" +
			"  opsdeck do decline item BUG-7 reason='works as designed'\n  opsdeck do snooze task 01jz… until=+7d\n" +
			"  opsdeck do snooze customer ACME-1 until=+7d rule=touch\n  opsdeck do merge customer ACME-2 into=ACME-1 --dry-run",
		Args:              args(1, -1),
		ValidArgsFunction: completeAction,
		RunE: func(c *cobra.Command, args []string) error {
			if fn, ok := a.bookActions()[args[0]]; ok {
				return fn(c.Context(), args[1:], *format)
			}
			if len(args) < 3 {
				return usagef("%s needs a kind and an id: opsdeck do ACTION KIND ID; for the whole book there are %s", args[0], listed(bookActionNames()))
			}
			k, err := recordKind(args[1])
			if err != nil {
				return err
			}
			w := work{action: args[0], kind: k, id: args[2], values: args[3:], format: *format, dry: dry}
			if err := w.check(); err != nil {
				return err
			}
			if dry {
				return a.withBook(toRead, func(b *store.Book) error { return a.do(c.Context(), b, w) })
			}
			return a.withBook(toWrite, func(b *store.Book) error { return a.do(c.Context(), b, w) })
		},
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "of merge: show what it would do, and do nothing")
	format = outputFlag(c, asText, asJSON)
	return c
}

// work is one action to take.
type work struct {
	action string
	kind   model.Kind
	id     string
	values []string
	format string
	dry    bool // only show what it would do
}

// check refuses actions that the kind does not have before a book is opened.
func (w work) check() error {
	names := actionNames(w.kind)
	switch {
	case w.dry && w.action != mergeAction:
		return usagef("--dry-run is for merge; the other actions change one record, and undo takes them back")
	case w.onToday():
		return nil
	}
	if slices.Contains(names, w.action) {
		return nil
	}
	hint := fmt.Sprintf("there is no action on %s; 'opsdeck do --help' lists the actions", model.SchemaOf(w.kind).Plural)
	if len(names) > 0 {
		hint = "there are " + listed(names)
	}
	return usagef("there is no action %q on %s%s", w.action, model.SchemaOf(w.kind).Plural, didYouMean(w.action, names, hint))
}

func actionNames(k model.Kind) []string {
	var names []string
	for _, a := range model.Actions(k) {
		if !slices.Contains(names, a.Name) {
			names = append(names, a.Name)
		}
	}
	if model.CanMerge(k) {
		names = append(names, mergeAction)
	}
	return names
}

// actionList words the table of workflows for the help.
func actionList() string {
	var b strings.Builder
	for _, k := range model.Kinds() {
		seen := map[string]bool{}
		for _, act := range model.Actions(k) {
			if seen[act.Name] {
				continue
			}
			seen[act.Name] = true
			fmt.Fprintf(&b, "  %s %s ID", act.Name, k)
			for _, arg := range act.Args {
				if arg.Required {
					fmt.Fprintf(&b, " %s=…", arg.Name)
				} else {
					fmt.Fprintf(&b, " [%s=…]", arg.Name)
				}
			}
			b.WriteByte('\n')
		}
	}
	b.WriteString("\nFor the whole book:\n")
	for _, name := range bookActionNames() {
		fmt.Fprintf(&b, "  %s\n", bookActionHelp[name])
	}
	return strings.TrimRight(b.String(), "\n")
}

func completeAction(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, k := range model.Kinds() {
		names := actionNames(k)
		switch {
		case len(args) == 0:
			out = append(out, names...)
		case len(args) == 1 && slices.Contains(names, args[0]):
			out = append(out, k.String())
		}
	}
	if len(args) == 0 {
		out = append(out, bookActionNames()...)
	}
	slices.Sort(out)
	return slices.Compact(out), cobra.ShellCompDirectiveNoFileComp
}

func (a *app) moment() model.Moment {
	return model.Moment{Who: a.me(), Today: a.day(), Now: a.nowMillis()}
}

func (a *app) do(ctx context.Context, b *store.Book, w work) error {
	switch {
	case w.kind == model.Contract && w.action == "snapshot":
		return a.keepSnapshot(ctx, b, w)
	case w.kind == model.Contract && w.action == "bill":
		return a.bill(ctx, b, w)
	}
	rd := reader{a, b}
	rec, err := rd.lookup(w.kind, w.id)
	if err != nil {
		return err
	}
	if w.onToday() {
		return a.doToday(ctx, b, w, rec)
	}
	if w.action == mergeAction {
		return a.doMerge(ctx, b, w, rec)
	}
	r, err := newRecords(b, w.kind)
	if err != nil {
		return err
	}
	row, ok := r.table.Row(rec.ID)
	if !ok {
		return fmt.Errorf("%s %s: %w", w.kind, rec.ID, store.ErrNotFound)
	}
	if w.kind == model.Item {
		return a.doItem(ctx, b, r, row, rec, w)
	}
	act, _, err := model.FindAction(rec, w.action, r.table.Str(row, "severity"))
	if err != nil {
		return err
	}
	if taken, err := a.planned(ctx, b, r, row, act, w); taken {
		return err
	}
	values, err := rd.actionValues(act, w.values)
	if err != nil {
		return err
	}
	id := rec.ID
	if act.Makes != model.KNone {
		id = b.NewID()
	}
	moment := a.moment()
	moment.Renewals, moment.Reminders = r.snap.RenewalRules(), r.snap.Settings.Reminders()
	next, err := act.Take(rec, id, values, moment)
	if err != nil {
		return err
	}
	if act.Makes != model.KNone {
		return a.create(ctx, b, next, w.format)
	}
	verb := fmt.Sprintf("%s %s", act.Name, rec.Kind)
	return a.update(ctx, b, change{before: []*model.Record{rec}, after: []*model.Record{next}, label: verb + " " + r.title(rec.Kind, rec.ID), format: w.format})
}

// actionValues reads what is said with an action: its own words, and any field of the record.
func (r reader) actionValues(act *model.Action, args []string) ([]model.FieldValue, error) {
	kind := act.Kind
	if act.Makes != model.KNone {
		kind = act.Makes
	}
	named := make([]string, len(args))
	for i, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		for _, own := range act.Args {
			if ok && own.Name == name {
				arg = own.Field + "=" + value
			}
		}
		named[i] = arg
	}
	set, err := r.assignments(kind, named)
	out := make([]model.FieldValue, 0, len(set))
	for _, s := range set {
		if s.op != '=' {
			return nil, usagef("%s: an action sets fields with = alone", s.field.Name)
		}
		out = append(out, model.FieldValue{Name: s.field.Name, Value: s.value})
	}
	return out, err
}
