package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
	"opsdeck/store"
	"opsdeck/ui/kit"
)

func (a *app) whyCommand() *cobra.Command {
	var format *string
	var from, to string
	c := &cobra.Command{
		Use:   "why KIND ID FIGURE",
		Short: "Explain a figure down to its inputs",
		Long: "Explain a figure: the formula, each input with its source and age, and what limits the answer.\n" +
			"With --from, what made a customer's score or health another one since: contributions that add up to the difference.",
		Example: "  opsdeck why customer ACME-1 tier_score\n  opsdeck why customer ACME-1 health --from -30d\n  opsdeck why contract C-17 decision_date",
		Args:    args(3, 3),
		ValidArgsFunction: func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(args) != 2 {
				return completeKind(c, args, typed)
			}
			s, err := subjectByName(args[0])
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return figures(s.kind), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			k, err := recordKind(args[0])
			if err != nil {
				return err
			}
			if err := checkFigure(k, args[2]); err != nil {
				return err
			}
			return a.withBook(toRead, func(b *store.Book) error {
				rec, err := reader{a, b}.lookup(k, args[1])
				if err != nil {
					return err
				}
				var w model.Why
				if from != "" || to != "" {
					w, err = a.whyBetween(b, k, rec.ID, args[2], from, to)
				} else {
					w, err = b.Why(k, rec.ID, args[2])
				}
				if err != nil {
					return err
				}
				if *format == asJSON {
					return a.printObjects(whyObject(w))
				}
				a.printWhy(w)
				return nil
			})
		},
	}
	c.Flags().StringVar(&from, "from", "", "of a customer's score or health: what changed since this `day`")
	c.Flags().StringVar(&to, "to", "", "up to this `day`; today where it is left out")
	format = outputFlag(c, asText, asJSON)
	return c
}

// whyBetween explains the difference of a score between two days.
func (a *app) whyBetween(b *store.Book, k model.Kind, id model.ID, figure, from, to string) (model.Why, error) {
	if k != model.Customer || !table.IsJudged(figure) {
		return model.Why{}, usagef("--from compares a customer's score or health on two days, not %s of a %s", figure, k)
	}
	if from == "" {
		return model.Why{}, usagef("--to needs --from, the day to compare with")
	}
	days := []day.Day{day.None, a.day()}
	for i, text := range []string{from, to} {
		if text == "" {
			continue
		}
		var err error
		if days[i], err = day.ParseHuman(text, a.day()); err != nil {
			return model.Why{}, usagef("--%s: %w", []string{"from", "to"}[i], err)
		}
	}
	if days[0] >= days[1] {
		return model.Why{}, usagef("--from %s does not lie before --to %s", days[0], days[1])
	}
	past, err := b.Retrace(id, days)
	if err != nil {
		return model.Why{}, err
	}
	return table.WhyBetween(past[0], past[1], id, figure), nil
}

// figures lists the computed fields of a kind.
func figures(k model.Kind) []string {
	var names []string
	if s := model.SchemaOf(k); s != nil {
		for i := range s.Fields {
			if s.Fields[i].Has(model.FDerived) && !s.Fields[i].Has(model.FHidden) {
				names = append(names, s.Fields[i].Name)
			}
		}
	}
	return names
}

func checkFigure(k model.Kind, name string) error {
	s := model.SchemaOf(k)
	if f, ok := s.Field(name); ok && !f.Has(model.FHidden) {
		return nil
	}
	names := figures(k)
	return usagef("%s has no figure %q%s", s.Name, name, didYouMean(name, names, "there are "+strings.Join(names, ", ")))
}

func whyObject(w model.Why) object {
	lines := []object{}
	for _, l := range w.Lines {
		kind := ""
		if l.Kind != model.KNone {
			kind = l.Kind.String()
		}
		lines = append(lines, object{
			{"label", l.Label},
			{"value", l.Value},
			{"note", textCell(l.Note).json},
			{"kind", textCell(kind).json},
			{"id", textCell(l.ID.String()).json},
			{"field", textCell(l.Field).json},
			{"source", textCell(l.Source).json},
			{"age", textCell(l.Age).json},
			{"depth", l.Depth},
		})
	}
	return object{
		{"record", w.Record},
		{"figure", w.Figure},
		{"label", w.Label},
		{"value", textCell(w.Value).json},
		{"formula", w.Formula},
		{"lines", lines},
		{"notes", append([]string{}, w.Notes...)},
	}
}

// printWhy writes an explanation like a bank statement: inputs at the left, values in one column.
func (a *app) printWhy(w model.Why) {
	a.printf("%s of %s: %s\n", kit.Clean(w.Label), kit.Clean(w.Record), shown(w.Value))
	if w.Formula != "" {
		a.printf("  %s\n", kit.Clean(w.Formula))
	}
	label, value := 0, 0
	for _, l := range w.Lines {
		label = max(label, kit.Width(whyLabel(l)))
		value = max(value, kit.Width(kit.Clean(l.Value)))
	}
	label, value = min(label, 60), min(value, 40)
	for _, l := range w.Lines {
		from := kit.Clean(l.Note)
		if l.Source != "" {
			if from != "" {
				from += "; "
			}
			from += kit.Clean(l.Source)
		}
		if l.Age != "" {
			from += ", " + kit.Clean(l.Age)
		}
		line := fmt.Sprintf("  %s  %s  %s", kit.PadRight(whyLabel(l), label), kit.PadLeft(kit.Clean(l.Value), value), from)
		a.printf("%s\n", strings.TrimRight(line, " "))
	}
	for _, n := range w.Notes {
		a.printf("  note: %s\n", kit.Clean(n))
	}
}

func whyLabel(l model.WhyLine) string {
	return strings.Repeat("  ", min(l.Depth, 8)) + kit.Clean(l.Label)
}
