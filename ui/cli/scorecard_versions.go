package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/model/scorecard"
	"opsdeck/model/table"
	"opsdeck/store"
	"opsdeck/ui/kit"
)

// versionsOf lists the versions of a scorecard, the newest first.
func versionsOf(b *store.Book, info table.CardInfo) ([]scorecard.Version, error) {
	if info.ID.IsZero() {
		return nil, usagef("the standard model has no versions of its own: its settings have a history")
	}
	r, err := b.Get(model.Scorecard, info.ID)
	if err != nil {
		return nil, err
	}
	history, err := b.History(info.ID)
	return scorecard.Versions(r, history), err
}

// lastVersion is who made the version in force, when and why; nothing for a standard model.
func lastVersion(b *store.Book, info table.CardInfo) (v scorecard.Version, err error) {
	if info.ID.IsZero() {
		return v, nil
	}
	all, err := versionsOf(b, info)
	if len(all) > 0 {
		v = all[0]
	}
	return v, err
}

// keptOn writes when something was kept; nothing for never.
func keptOn(micros int64) string {
	if micros == 0 {
		return ""
	}
	return time.UnixMicro(micros).UTC().Format("2006-01-02 15:04")
}

func (a *app) scorecardVersionsCommand() *cobra.Command {
	var format *string
	c := &cobra.Command{
		Use: "versions NAME", Short: "List the versions of a scorecard: who changed what, when and why", Args: args(1, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withSnapshot(func(b *store.Book, s *table.Snapshot) error {
				info, err := findCard(s, args[0], false)
				if err != nil {
					return err
				}
				all, err := versionsOf(b, info)
				if err != nil {
					return err
				}
				p, err := a.printer(*format, []column{
					{name: "version", label: "Version", right: true},
					{name: "changed", label: "Changed"},
					{name: "by", label: "By"},
					{name: "note", label: "Why changed"},
					{name: "changes", label: "Changes"},
				})
				if err != nil {
					return err
				}
				for i, v := range all {
					cells := []cell{numberCell(v.Number), textCell(keptOn(v.Time)), textCell(v.By), textCell(v.Note), textCell(versionChanges(all, i))}
					if err := p.row(fmt.Sprint(v.Number), cells); err != nil {
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

// versionChanges says what a version differs in from the one before it.
func versionChanges(all []scorecard.Version, i int) string {
	card, err := scorecard.Parse(all[i].Text)
	if err != nil {
		return err.Error()
	}
	if i+1 == len(all) {
		return "the first"
	}
	before, err := scorecard.Parse(all[i+1].Text)
	if err != nil {
		return err.Error()
	}
	var parts []string
	for _, c := range scorecard.Changes(before, card) {
		parts = append(parts, c.String())
	}
	return strings.Join(parts, "; ")
}

func (a *app) scorecardRestoreCommand() *cobra.Command {
	var note string
	c := &cobra.Command{
		Use: "restore NAME VERSION", Short: "Make an earlier version of a scorecard the next one", Args: args(2, 2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withBook(toWrite, func(b *store.Book) error {
				s, err := b.Snapshot()
				if err != nil {
					return err
				}
				info, err := findCard(s, args[0], false)
				if err != nil {
					return err
				}
				all, err := versionsOf(b, info)
				if err != nil {
					return err
				}
				for _, v := range all {
					if fmt.Sprint(v.Number) != args[1] {
						continue
					}
					card, err := scorecard.Parse(v.Text)
					if err != nil {
						return failedf("version %s: %w", args[1], err)
					}
					if note == "" {
						note = "version " + args[1] + " again"
					}
					return a.saveModel(c.Context(), b, info.ID, card, note)
				}
				return notFoundf("%q has no version %s; 'opsdeck scorecard versions %s' lists them", info.Card.Name, args[1], info.Card.Name)
			})
		},
	}
	c.Flags().StringVar(&note, "note", "", "`why` it is taken back, for its history")
	return c
}

func (a *app) scorecardTryCommand() *cobra.Command {
	var format *string
	var limit int
	var all bool
	c := &cobra.Command{
		Use:   "try FILE",
		Short: "Show who would move by a scorecard, changing nothing",
		Long:  "Show what a scorecard would do: customers and revenue by level now and then, and who moves, those with the most revenue first. Nothing\nis written. A scorecard of a name that is there is tried in its place.",
		Args:  args(1, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			card, err := a.readCard(args[0])
			if err != nil {
				return err
			}
			return a.withSnapshot(func(_ *store.Book, s *table.Snapshot) error {
				out, err := tryCard(s, card)
				if err != nil {
					return usagef("%s: %w", args[0], err)
				}
				list := out.Moves
				if all {
					list = out.All
				}
				return a.printMoves(s, out, list, limit, *format)
			})
		},
	}
	c.Flags().IntVar(&limit, "limit", 0, "at most so `many` customers; 0: all")
	c.Flags().BoolVar(&all, "all", false, "also the customers who do not move")
	format = outputFlag(c, asTable, asCSV, asJSON)
	return c
}

// tryCard tries a scorecard in the place of the one of its name, or as a new one.
func tryCard(s *table.Snapshot, card *scorecard.Card) (*table.Previewed, error) {
	var id model.ID
	fresh := card.Name != model.StandardScorecard
	for _, c := range s.Cards() {
		if c.Card.Name == card.Name && c.Card.Purpose == card.Purpose && !c.ID.IsZero() {
			id, fresh = c.ID, false
		}
	}
	return s.Preview(id, card.Purpose, fresh).Try(card)
}

func (a *app) printMoves(s *table.Snapshot, out *table.Previewed, list []table.PreviewMove, limit int, format string) error {
	p, err := a.printer(format, []column{
		{name: "customer", label: "Customer"},
		{name: "now", label: "Now"},
		{name: "then", label: "Then"},
		{name: "points_now", label: "Points now", right: true},
		{name: "points_then", label: "Points then", right: true},
		{name: "external_id", label: "Id"},
	})
	if err != nil {
		return err
	}
	a.say("%d customers are scored by it: %d up, %d down", out.Claims, out.Up, out.Down)
	for _, l := range out.Levels {
		name := l.Tier
		if name == "" {
			name = "no figure"
		}
		a.say("%s  %d → %d customers, ARR %s → %s", kit.PadRight(name, 9), l.Before, l.After, model.FormatMoney(int64(l.ARRBefore)), model.FormatMoney(int64(l.ARR)))
	}
	t := s.Table(model.Customer)
	points := func(known bool, n float64) cell {
		if !known {
			return textCell("")
		}
		return textCell(fmt.Sprintf("%.2f", n))
	}
	for i, m := range list {
		if limit > 0 && i == limit {
			a.say("note: %d more rows are left out by the limit", len(list)-limit)
			break
		}
		cells := []cell{
			textCell(t.Str(m.Row, "name")), textCell(m.From), textCell(m.To), points(m.Had, m.Before), points(m.Known, m.After), textCell(t.Str(m.Row, "external_id")),
		}
		if err := p.row(t.ID(m.Row).String(), cells); err != nil {
			return err
		}
	}
	return p.end()
}
