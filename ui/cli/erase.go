package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/model/erase"
	"opsdeck/store"
	"opsdeck/ui/kit"
)

func (a *app) eraseCommand() *cobra.Command {
	var ask erase.Ask
	var preview, yes bool
	var format *string
	c := &cobra.Command{
		Use:   "erase customer|contact ID --preview|--yes",
		Short: "Erase a person or a customer for good, from history and texts too",
		Long: "Erase a person or a customer for good: in their record and what is about them alone, in texts of other records, in the\n" +
			"history, labels, drafts and what was typed, and in the file, which is written anew. Amounts, counts and dates stay under\n" +
			"a pseudonym, so sums are what they were; imports of the same name, key or mail address are refused from then on. It is\n" +
			"the one action that undo cannot take back. Backups of before still hold everything. Only administrators may.\n\n" +
			"--preview shows every hit and changes nothing; --also looks for more words, --not leaves one alone.",
		Example: "  opsdeck erase contact 01jz… --preview\n  opsdeck erase contact 01jz… --also 'Mrs. Doe' --reason 'letter of 3 November' --yes",
		Args:    args(2, 2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return []string{"customer", "contact"}, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			k, ok := model.KindByName(args[0])
			if !ok || k != model.Customer && k != model.Contact || preview == yes {
				return usagef("usage: %s; what erasing takes is shown by --preview and taken by --yes", c.UseLine())
			}
			ask.Kind, ask.Actor = k, a.me()
			need := toWrite
			if preview {
				need = toRead
			}
			return a.withBook(need, func(b *store.Book) error { return a.erase(c.Context(), b, ask, args[1], yes, *format) })
		},
	}
	f := c.Flags()
	f.BoolVar(&preview, "preview", false, "show everything that would go, and change nothing")
	f.BoolVar(&yes, "yes", false, "erase; this cannot be undone")
	f.StringArrayVar(&ask.Also, "also", nil, "look for these `words` as well: a nickname, an old number; may be repeated")
	f.StringArrayVar(&ask.Not, "not", nil, "leave these `words` alone; may be repeated")
	f.StringVar(&ask.Reason, "reason", "", "who asked for it; stays in the book, so it should name nobody")
	format = outputFlag(c, asText, asJSON)
	return c
}

func (a *app) erase(ctx context.Context, b *store.Book, ask erase.Ask, id string, yes bool, format string) error {
	r, err := b.Lookup(ask.Kind, id)
	switch {
	case err == nil:
		ask.ID = r.ID
	case errors.Is(err, store.ErrNotFound):
		// One that has been removed is still in the history.
		var bad error
		if ask.ID, bad = model.ParseID(id); bad != nil {
			return err
		}
	default:
		return err
	}
	var found erase.Report
	if yes {
		found, err = b.Erase(ctx, ask, b.NewID())
	} else {
		found, err = b.EraseHits(ctx, ask)
	}
	if err != nil {
		return err
	}
	if format == asJSON {
		err = a.printObjects(eraseObject(found, yes))
	} else {
		a.eraseText(ask, found, yes)
	}
	switch {
	case yes:
		a.say("erased for good; %s stands in its place. This is the one action that undo cannot take back", found.Becomes)
	default:
		a.say("nothing was erased; --yes instead of --preview does it, and no undo takes it back")
	}
	if len(found.Copies) > 0 {
		a.say("these files beside the book may still hold it: %s", strings.Join(found.Copies, ", "))
	}
	if yes {
		a.say("backups and exports from before still hold it; remove them, or erase in them too")
	}
	return err
}

// eraseText words a report.
func (a *app) eraseText(ask erase.Ask, r erase.Report, done bool) {
	verb := "becomes"
	if done {
		verb = "is now"
	}
	a.printf("%s %s %s %q\n", ask.Kind, kit.Clean(r.Title), verb, r.Becomes)
	a.printf("looked for: %s\n", kit.Clean(strings.Join(r.Words, "; ")))
	for _, part := range []struct {
		title string
		hits  []erase.Hit
	}{
		{"records of its own", r.Own}, {"mentions in other records", r.Others}, {"known by the same words, and staying", r.Stays},
	} {
		if len(part.hits) == 0 {
			continue
		}
		a.printf("\n%s: %d\n", part.title, len(part.hits))
		for _, h := range part.hits {
			a.printf("  %s %s  %s\n", h.Kind, h.ID, kit.Clean(kit.Truncate(h.Title, 60)))
			for _, f := range h.Fields {
				a.printf("    %s: %s\n", f.Name, kit.Clean(kit.Truncate(f.Text, 100)))
			}
		}
	}
	a.printf("\nhistory: %s, %s\n", plural(r.Values, "value", "values"), plural(r.Labels, "label of a step", "labels of steps"))
	a.printf("drafts: %d, lines typed before: %d\n", r.Drafts, r.Lines)
	if r.Anew {
		a.printf("the log is from before values could go; its hashes are made anew, and the last one of before is kept\n")
	}
}

func eraseObject(r erase.Report, done bool) object {
	list := func(hits []erase.Hit) []object {
		out := []object{}
		for _, h := range hits {
			fields := []object{}
			for _, f := range h.Fields {
				fields = append(fields, object{{"field", f.Name}, {"text", f.Text}})
			}
			out = append(out, object{{"kind", h.Kind.String()}, {"id", h.ID.String()}, {"title", h.Title}, {"fields", fields}})
		}
		return out
	}
	full := func(s []string) []string { return append([]string{}, s...) }
	return object{
		{"erased", done},
		{"title", r.Title},
		{"becomes", r.Becomes},
		{"words", full(r.Words)},
		{"own", list(r.Own)},
		{"others", list(r.Others)},
		{"stays", list(r.Stays)},
		{"values", r.Values},
		{"labels", r.Labels},
		{"drafts", r.Drafts},
		{"lines", r.Lines},
		{"copies", full(r.Copies)},
		{"hashes_anew", r.Anew},
	}
}
