package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/model/formula"
	"opsdeck/model/scorecard"
	"opsdeck/model/table"
	"opsdeck/store"
	"opsdeck/ui/kit"
)

func (a *app) scorecardCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "scorecard",
		Short: "Score tiers and health by models of your own",
		Long: "A scorecard is a tier or health model as a TOML file: criteria over any field, computed input or formula, with points by bands,\n" +
			"by name or by percentile, for the whole book or for the customers of a filter. Without one the settings tier.* decide.\n" +
			"Every change is a version; undo takes it back, and 'opsdeck scorecard versions NAME' lists them. In the workstation M edits them\nin a form.",
		Example: "  opsdeck scorecard show standard > saas.toml\n  opsdeck scorecard check saas.toml\n  opsdeck scorecard load saas.toml --note 'seats count more'\n  opsdeck do rescore",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				names := []string{"list", "show", "check", "try", "load", "versions", "restore", "remove", "inputs"}
				return usagef("scorecard has no verb %q%s", args[0], didYouMean(args[0], names, "there are "+listed(names)))
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.scorecardListCommand(), a.scorecardShowCommand(), a.scorecardCheckCommand(), a.scorecardTryCommand(), a.scorecardLoadCommand(), a.scorecardVersionsCommand(), a.scorecardRestoreCommand(), a.scorecardRemoveCommand(), a.scorecardInputsCommand())
	return c
}

func (a *app) scorecardListCommand() *cobra.Command {
	var format *string
	c := &cobra.Command{
		Use: "list", Short: "List the scorecards in the order in which they claim customers", Args: args(0, 0),
		RunE: func(*cobra.Command, []string) error {
			return a.withSnapshot(func(b *store.Book, s *table.Snapshot) error {
				cols := []column{{name: "name", label: "Name"}, {name: "purpose", label: "Purpose"}, {name: "where", label: "Where"}, {name: "order", label: "Order", right: true}, {name: "customers", label: "Customers", right: true}, {name: "version", label: "Version", right: true}, {name: "changed", label: "Changed"}, {name: "by", label: "By"}, {name: "note", label: "Why changed"}, {name: "problem", label: "Problem"}}
				p, err := a.printer(*format, cols)
				if err != nil {
					return err
				}
				for _, c := range s.Cards() {
					problem := ""
					if c.Err != nil {
						problem = c.Err.Error()
					}
					last, err := lastVersion(b, c)
					if err != nil {
						return err
					}
					cells := []cell{
						textCell(c.Card.Name), textCell(c.Card.Purpose), textCell(c.Card.Where), numberCell(c.Card.Order), numberCell(c.Claims),
						numberCell(c.Version), textCell(keptOn(last.Time)), textCell(last.By), textCell(last.Note), textCell(problem),
					}
					if err := p.row(c.ID.String(), cells); err != nil {
						return err
					}
				}
				return p.end()
			})
		},
	}
	format = outputFlag(c, asTable, asCSV, asJSON)
	return c
}

// withSnapshot reads the book for a verb that changes nothing.
func (a *app) withSnapshot(fn func(b *store.Book, s *table.Snapshot) error) error {
	return a.withBook(toRead, func(b *store.Book) error {
		s, err := b.Snapshot()
		if err != nil {
			return err
		}
		return fn(b, s)
	})
}

func (a *app) scorecardShowCommand() *cobra.Command {
	var health bool
	var version int
	c := &cobra.Command{
		Use:   "show NAME",
		Short: "Print a scorecard as TOML that 'scorecard load' reads",
		Long:  "Print a scorecard as TOML that 'scorecard load' reads. The name standard is the tier model of the settings, with --health the health score\nthat counts without a scorecard: give the copy a name of its own before loading it.",
		Args:  args(1, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withSnapshot(func(b *store.Book, s *table.Snapshot) error {
				info, err := findCard(s, args[0], health)
				if err != nil {
					return err
				}
				text := info.Card.TOML()
				if version > 0 {
					if text, err = versionOf(b, info, version); err != nil {
						return err
					}
				}
				a.printf("%s", text)
				return nil
			})
		},
	}
	c.Flags().BoolVar(&health, "health", false, "of the name standard: the health score")
	c.Flags().IntVar(&version, "version", 0, "an earlier `number` of the scorecard")
	return c
}

func findCard(s *table.Snapshot, name string, health bool) (table.CardInfo, error) {
	var names []string
	for _, c := range s.Cards() {
		if c.Card.Name == name && (name != model.StandardScorecard || health == (c.Card.Purpose == scorecard.ForHealth)) {
			if c.Err != nil {
				return c, failedf("the scorecard %q cannot be read: %w", name, c.Err)
			}
			return c, nil
		}
		names = append(names, c.Card.Name)
	}
	return table.CardInfo{}, notFoundf("there is no scorecard %q%s", name, didYouMean(name, names, "there are "+listed(slices.Compact(names))))
}

// versionOf reads an earlier version out of the record's history.
func versionOf(b *store.Book, info table.CardInfo, version int) (string, error) {
	all, err := versionsOf(b, info)
	if err != nil {
		return "", err
	}
	for _, v := range all {
		if v.Number == version {
			return v.Text, nil
		}
	}
	return "", notFoundf("%q has no version %d; 'opsdeck scorecard versions %s' lists them", info.Card.Name, version, info.Card.Name)
}

// readCard reads a scorecard out of a file of the caller.
func (a *app) readCard(path string) (*scorecard.Card, error) {
	text, err := a.text(path)
	if err != nil {
		return nil, err
	}
	c, err := scorecard.Parse(text)
	if err != nil {
		return nil, usagef("%s: %w", path, err)
	}
	return c, nil
}

func (a *app) scorecardCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check FILE", Short: "Tell what is wrong with a scorecard, changing nothing", Args: args(1, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := a.readCard(args[0])
			if err != nil {
				return err
			}
			return a.withSnapshot(func(_ *store.Book, s *table.Snapshot) error {
				if err := s.CheckCard(c); err != nil {
					return usagef("%s: %w", args[0], err)
				}
				a.say("%s: the scorecard %q is right", args[0], c.Name)
				return nil
			})
		},
	}
}

func (a *app) scorecardLoadCommand() *cobra.Command {
	var note, renames string
	c := &cobra.Command{
		Use: "load FILE", Short: "Take a scorecard from a TOML file, as a new one or as the next version of the one of its name", Args: args(1, 1),
		Long: "Take a scorecard from a TOML file, as a new one or as the next version of the one of its name. A file with the name standard sets the\nweights, points, thresholds, coverage and margin of the standard tier model, which are settings.",
		RunE: func(c *cobra.Command, args []string) error {
			card, err := a.readCard(args[0])
			if err != nil {
				return err
			}
			return a.withBook(toWrite, func(b *store.Book) error {
				var id model.ID
				if renames != "" {
					r, err := reader{a, b}.lookup(model.Scorecard, renames)
					if err != nil {
						return err
					}
					id = r.ID
				}
				if err := a.saveModel(c.Context(), b, id, card, note); err != nil {
					return usageOr(err, args[0])
				}
				return nil
			})
		},
	}
	c.Flags().StringVar(&note, "note", "", "`why` it was changed, for its history")
	c.Flags().StringVar(&renames, "renames", "", "`name` of the scorecard whose next version this is, under the file's name")
	return c
}

// usageOr makes what is wrong with a scorecard a mistake of usage, with the file it stands in.
func usageOr(err error, file string) error {
	if statusOf(err) != exitFailed {
		return err
	}
	return usagef("%s: %w; nothing was changed", file, err)
}

// saveModel keeps a scorecard in the place of the record of an id; the zero id means the one of its name, a
// new one, or the standard tier model.
func (a *app) saveModel(ctx context.Context, b *store.Book, id model.ID, card *scorecard.Card, note string) error {
	s, err := b.Snapshot()
	if err != nil {
		return err
	}
	for _, c := range s.Cards() {
		if id.IsZero() && c.Card.Name == card.Name && card.Name != model.StandardScorecard {
			id = c.ID
		}
	}
	ops, err := s.ModelOps(id, card, note, b.NewID)
	if err != nil {
		return err
	}
	if len(ops) == 0 {
		a.say("nothing to change: the scorecard is so already")
		return nil
	}
	label := "keep the scorecard " + card.Name
	if _, err := b.Do(ctx, a.step(b, label, ops)); err != nil {
		return err
	}
	a.say("%s", label)
	return nil
}

func (a *app) scorecardRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME", Short: "Remove a scorecard; undo brings it back", Args: args(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withBook(toWrite, func(b *store.Book) error {
				r, err := reader{a, b}.lookup(model.Scorecard, args[0])
				if err != nil {
					return err
				}
				label := "remove the scorecard " + r.Title()
				if _, err := b.Do(c.Context(), a.step(b, label, []model.Op{model.RemoveOp(r)})); err != nil {
					return err
				}
				a.say("%s", label)
				return nil
			})
		},
	}
}

func (a *app) scorecardInputsCommand() *cobra.Command {
	var health bool
	c := &cobra.Command{
		Use: "inputs", Short: "List what criteria and formulas may look at", Args: args(0, 0),
		RunE: func(*cobra.Command, []string) error {
			return a.withSnapshot(func(_ *store.Book, s *table.Snapshot) error {
				all := s.Inputs()
				purpose := scorecard.ForTier
				if health {
					purpose = scorecard.ForHealth
				}
				for _, name := range all.Names(purpose) {
					in := all[name]
					typ := map[formula.Type]string{formula.Number: "number", formula.Text: "text", formula.Bool: "yes/no"}[in.Type]
					a.printf("%s  %s  %s\n", kit.PadRight(kit.Clean(name), 22), kit.PadRight(typ, 7), kit.Clean(cmp.Or(in.Help, in.Label)))
				}
				a.say("formulas write x.name as x_name; functions: %s", strings.Join(formula.Functions(), ", "))
				return nil
			})
		},
	}
	c.Flags().BoolVar(&health, "health", false, "for health, which may rest on the tier too")
	return c
}
