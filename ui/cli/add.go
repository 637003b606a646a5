package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/store"
)

func (a *app) addCommand() *cobra.Command {
	var format *string
	c := &cobra.Command{
		Use:   "add KIND field=value...",
		Short: "Add a record and print its id",
		Example: "  opsdeck add customer name='Acme Corp' employees=250 owner=me tags='vip; pilot'\n" +
			"  opsdeck add contract customer='Acme Corp' start=today end=+1y amount=12000 per=year currency=EUR",
		Args:              args(2, -1),
		ValidArgsFunction: a.completeFields,
		RunE: func(c *cobra.Command, args []string) error {
			k, err := recordKind(args[0])
			if err != nil {
				return err
			}
			return a.withBook(toCreate, func(b *store.Book) error { return a.add(c.Context(), b, k, args[1:], *format) })
		},
	}
	format = outputFlag(c, asText, asJSON)
	return c
}

func (a *app) add(ctx context.Context, b *store.Book, k model.Kind, values []string, format string) error {
	set, err := reader{a, b}.assignments(k, values)
	if err != nil {
		return err
	}
	rec := model.NewRecord(k, b.NewID())
	apply(rec, set)
	model.Prefill(rec, a.moment())
	if ext := rec.Get("external_id").Str(); ext != "" {
		if _, err := b.Lookup(k, ext); !errIsNotFound(err) {
			a.say("note: another %s has the external id %s already; use the internal ids from now on", k, ext)
		}
	}
	return a.create(ctx, b, rec, format)
}

// create saves a new record and prints its id, or all of it.
func (a *app) create(ctx context.Context, b *store.Book, rec *model.Record, format string) error {
	if err := rec.Validate(); err != nil {
		return usagef("%w; 'opsdeck fields %s' lists the fields", err, rec.Kind)
	}
	label := fmt.Sprintf("add %s %s", rec.Kind, rec.Title())
	if of, err := b.Get(model.Customer, rec.Get("customer").ID()); err == nil && rec.Title() == rec.ID.String() {
		label = fmt.Sprintf("add %s of %s", rec.Kind, of.Title())
	}
	if _, err := b.Do(ctx, a.step(b, label, []model.Op{model.CreateOp(rec)})); err != nil {
		return err
	}
	if format == asJSON {
		return a.showRecord(b, rec, asJSON)
	}
	a.printf("%s\n", rec.ID)
	return nil
}

// completeFields completes a KIND and then the names of its fields.
func (a *app) completeFields(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return completeKind(c, args, typed)
	}
	k, err := recordKind(args[0])
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, f := range model.SchemaOf(k).Stored() {
		if !f.Has(model.FHidden) {
			names = append(names, f.Name+"=")
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
