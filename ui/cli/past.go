package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/report"
	"opsdeck/model/table"
	"opsdeck/store"
)

// weeksShown is how many weeks' ends the report of the weeks goes back.
const weeksShown = 12

// endOf is the last moment of a day in the caller's zone.
func (a *app) endOf(d day.Day) time.Time {
	y, m, dd := d.Date()
	return time.Date(y, m, dd, 23, 59, 59, 999999000, a.Now().Location())
}

// asOf reads the book as it was at the end of a day.
func (a *app) asOf(b *store.Book, d day.Day) (*table.Snapshot, error) {
	s, began, err := b.AsOf(a.endOf(d), d)
	if err != nil {
		return nil, err
	}
	if began.After(a.endOf(d)) {
		a.say("note: the book's first step is of %s, so it knew nothing on %s; a snapshot that is kept can be named instead of a day", began.Format("2006-01-02"), d)
	}
	return s, nil
}

// past reads what was said on a day, or what a snapshot of that name or day has kept.
func (a *app) past(b *store.Book, text string) (*report.Past, error) {
	var kept *model.Record
	d, dayErr := day.ParseHuman(text, a.day())
	err := b.Each(model.Snapshot, func(r *model.Record) bool {
		if strings.EqualFold(r.Title(), text) || r.ID.String() == text || dayErr == nil && r.Get("date").Day() == d {
			kept = r
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	if kept != nil {
		p := report.PastKept(kept)
		return &p, nil
	}
	if dayErr != nil {
		return nil, notFoundf("there is no snapshot %q, and it is no day; 'opsdeck list snapshots' lists them", text)
	}
	s, err := a.asOf(b, d)
	if err != nil {
		return nil, err
	}
	p := report.PastOf(s)
	return &p, nil
}

// weeks reads what was said at the end of each of the last weeks, Sundays, back to the book's first.
func (a *app) weeks(b *store.Book) ([]report.Past, error) {
	var out []report.Past
	end := a.day() - day.Day(a.day().Weekday())
	for range weeksShown {
		s, began, err := b.AsOf(a.endOf(end), end)
		if err != nil {
			return nil, err
		}
		if began.After(a.endOf(end)) {
			break
		}
		out = append(out, report.PastOf(s))
		end -= 7
	}
	return out, nil
}

// keepSnapshot keeps what is said of the renewals now under a name.
func (a *app) keepSnapshot(ctx context.Context, b *store.Book, w work) error {
	s, err := b.Snapshot()
	if err != nil {
		return err
	}
	if strings.TrimSpace(w.id) == "" {
		return usagef("a snapshot needs a name: opsdeck do snapshot renewals 'before the board'")
	}
	r := report.KeepSnapshot(s, b.NewID(), w.id, a.moment())
	set, err := reader{a, b}.assignments(model.Snapshot, w.values)
	if err != nil {
		return err
	}
	apply(r, set)
	if err := r.Validate(); err != nil {
		return err
	}
	label := fmt.Sprintf("snapshot %s", r.Title())
	if _, err := b.Do(ctx, a.step(b, label, []model.Op{model.CreateOp(r)})); err != nil {
		return err
	}
	a.say("%s: %s renewals kept", label, r.Get("renewals").Format())
	if w.format == asJSON {
		return a.showRecord(b, r, asJSON)
	}
	a.printf("%s\n", r.ID)
	return nil
}

// lookedBack reads the pictures of reports that look back: the day compared with, or the ends of the last
// weeks.
func (a *app) lookedBack(b *store.Book, name string, ask *report.Args) (*table.Snapshot, error) {
	to := a.day()
	if ask.To.IsSet() {
		to = ask.To
	}
	known := func(on day.Day) (*table.Snapshot, error) {
		if on == a.day() {
			return b.Snapshot()
		}
		return b.Known(on, false)
	}
	s, err := known(to)
	switch {
	case err != nil:
		return nil, err
	case ask.From.IsSet() && ask.From >= to:
		return nil, usagef("--from %s does not lie before %s", ask.From, to)
	case ask.From.IsSet():
		ask.Before, err = known(ask.From)
	case name == "health":
		ask.Trail = append(report.WeekEnds(to, weeksShown), to)
		ask.Known = b.LookBack(ask.Trail[:weeksShown], false)
	}
	return s, err
}

// backtested reads what was known on the scoring day, or on the days that are looked at by themselves.
func (a *app) backtested(b *store.Book, at string, ask *report.Args) (*table.Snapshot, error) {
	s, err := b.Snapshot()
	if err != nil {
		return nil, err
	}
	if at != "" {
		on, err := day.ParseHuman(at, a.day())
		if err != nil {
			return nil, usagef("--at: %w", err)
		}
		if on >= a.day() {
			return nil, usagef("--at %s: a scoring day must lie before %s, so that something can have come after it", on, a.day())
		}
		ask.Before, err = b.Known(on, true)
		return s, err
	}
	within := ask.Within
	if within < 1 || within > 3660 {
		within = report.DefaultWithin
	}
	ask.Trail = report.BacktestDays(a.day(), within)
	ask.Known = b.LookBack(ask.Trail, true)
	return s, nil
}
