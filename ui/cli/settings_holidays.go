package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"opsdeck/model/day"
	"opsdeck/model/sla"
	"opsdeck/store"
)

// yearsAhead is how many years of a yearly holiday are written into a calendar.
const yearsAhead = 5

// settingsHolidaysCommand takes the days of an iCalendar file into a calendar of the settings, so that the clocks of
// items stand still on them.
func (a *app) settingsHolidaysCommand() *cobra.Command {
	calendar := ""
	c := &cobra.Command{
		Use:   "holidays FILE.ics",
		Short: "Add the days of an iCalendar file to a calendar as free days",
		Long: "Add the all-day events of an iCalendar file to a calendar of the settings as free days, in one step: those of this year\n" +
			"and the five after it. Running clocks are counted anew. The same file again changes nothing.",
		Example: "  opsdeck settings holidays office.ics\n  opsdeck settings holidays tokyo.ics --calendar tokyo",
		Args:    args(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := a.text(args[0])
			if err != nil {
				return err
			}
			days, skipped, err := sla.ReadICal(text)
			if err != nil {
				return failedf("%s: %w", args[0], err)
			}
			return a.withBook(toCreate, func(b *store.Book) error {
				s, err := b.Settings()
				if err != nil {
					return err
				}
				key := "calendar." + calendar
				if s.Text(key) == "" {
					return notFoundf("there is no calendar %q; opsdeck settings set %s='mon-fri=09:00-17:00' makes one", calendar, key)
				}
				days := a.ofTheseYears(days)
				value, err := sla.WithFree(s.Text(key), days)
				if err != nil {
					return failedf("%s: %w", key, err)
				}
				a.say("%s: %s for %s", args[0], plural(len(days), "free day", "free days"), key)
				if skipped > 0 {
					a.say("note: %s left out: meetings with a time of day, and what does not come back every year", plural(skipped, "event is", "events are"))
				}
				return a.saveSettings(c.Context(), b, []setting{{key, value}})
			})
		},
	}
	c.Flags().StringVar(&calendar, "calendar", "default", "`name` of the calendar in the settings")
	return c
}

// ofTheseYears leaves out days of years that are past or far away.
func (a *app) ofTheseYears(days []day.Day) []day.Day {
	y, _, _ := a.day().Date()
	return slices.DeleteFunc(slices.Clone(days), func(d day.Day) bool { return d < day.Of(y, 1, 1) || d >= day.Of(y+yearsAhead+1, 1, 1) })
}
