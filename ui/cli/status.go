package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/store"
)

func (a *app) statusCommand() *cobra.Command {
	var format *string
	c := &cobra.Command{
		Use:   "status",
		Short: "Say how the book is and who works in it",
		Long: "Say how large the book is, who works in it and since when, how long writes take and whether everybody's screen is up to\n" +
			"date, and how old the last backup is.",
		Args: args(0, 0),
		RunE: func(*cobra.Command, []string) error {
			return a.withBook(toRead, func(b *store.Book) error {
				if err := b.May(model.PowerMaintain); err != nil {
					return err
				}
				return a.status(b, *format)
			})
		},
	}
	format = outputFlag(c, asText, asJSON)
	return c
}

func (a *app) status(b *store.Book, format string) error {
	info, err := os.Stat(b.Path())
	if err != nil {
		return err
	}
	cache := fileSize(b.Path() + ".cache")
	text, err := countedBook(b)
	if err != nil {
		return err
	}
	if format == asJSON {
		return a.statusJSON(b, info.Size(), cache)
	}
	a.printf("book     %s (%s", b.Path(), size(info.Size()))
	if cache > 0 {
		a.printf(", cache %s", size(cache))
	}
	a.printf(")\nholds    %s\n", text)
	if a.Host == nil {
		a.printf("engine   none: this run has the book for itself\n")
		return nil
	}
	p, present := b.Pulse(), a.Host.Present()
	a.printf("engine   %s, running since %s\n", versionText(), a.Host.Since.Format(time.DateTime))
	a.printf("writes   %s", plural(p.Writes, "step", "steps"))
	if p.Writes > 0 {
		a.printf(", the last ones %s in the median, %s at most", brief(p.Median), brief(p.Slowest))
	}
	lag := "every screen is up to date"
	if p.Lag > 0 {
		lag = "the slowest screen is " + brief(p.Lag) + " behind"
	}
	a.printf("\nlag      %s (%d follow)\n", lag, p.Watchers)
	a.sayBackups()
	a.printf("sessions %d\n", len(present))
	for _, p := range present {
		what := p.Verb
		if what == "" {
			what = "workstation"
		}
		a.printf("session  %s, %s, %s, since %s\n", p.User, p.From, what, p.Since.Format(time.DateTime))
	}
	return nil
}

// sayBackups says how old the last backup is, and whether one has been tried.
func (a *app) sayBackups() {
	var s backupState
	if a.Host.Copies != nil {
		s = a.Host.Copies()
	}
	if s.Dir == "" {
		a.printf("backup   none is made ('opsdeck serve --backups DIRECTORY' does)\n")
		return
	}
	switch {
	case s.Failed != "":
		a.printf("backup   FAILED: %s\n", s.Failed)
	case s.File == "":
		a.printf("backup   none yet in %s\n", s.Dir)
	default:
		a.printf("backup   %s old, %s, %s (%s)\n", brief(a.Now().Sub(s.At)), s.File, size(s.Bytes), plural(s.Copies, "copy", "copies"))
	}
	switch {
	case s.Trouble != "":
		a.printf("drill    FAILED: %s\n", s.Trouble)
	case s.Drilled.IsZero():
		a.printf("drill    none yet\n")
	default:
		a.printf("drill    %s ago a copy was restored and found sound\n", brief(a.Now().Sub(s.Drilled)))
	}
}

// brief writes a time with as much precision as anybody reads.
func brief(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// fileSize is the length of a file in bytes, 0 where there is none.
func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err != nil {
		return 0
	}
	return info.Size()
}

func (a *app) statusJSON(b *store.Book, bytes, cache int64) error {
	out := object{{"book", b.Path()}, {"bytes", bytes}, {"cache_bytes", cache}}
	if a.Host == nil {
		return a.printObjects(append(out, object{{"engine", "none: this run has the book for itself"}, {"sessions", []object{}}}...))
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	p := b.Pulse()
	out = append(out, object{
		{"engine", "running"},
		{"version", versionText()},
		{"since", a.Host.Since.UTC().Format(time.RFC3339)},
		{"writes", p.Writes},
		{"write_median_ms", ms(p.Median)},
		{"write_slowest_ms", ms(p.Slowest)},
		{"watchers", p.Watchers},
		{"lag_ms", ms(p.Lag)},
	}...)
	if a.Host.Copies != nil {
		s := a.Host.Copies()
		out = append(out, object{
			{"backup", s.File},
			{"backup_at", moment(s.At)},
			{"backup_bytes", s.Bytes},
			{"backups", s.Copies},
			{"backup_failed", s.Failed},
			{"drilled", moment(s.Drilled)},
			{"drill_failed", s.Trouble},
		}...)
	}
	sessions := []object{}
	for _, p := range a.Host.Present() {
		sessions = append(sessions, object{{"user", p.User}, {"from", p.From}, {"verb", p.Verb}, {"since", p.Since.UTC().Format(time.RFC3339)}})
	}
	return a.printObjects(append(out, object{{"sessions", sessions}}...))
}

// moment writes a time for programs, empty where there is none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
