package cli

import (
	"fmt"
	"strings"
	"time"

	"opsdeck/model/sla"
	"opsdeck/ui/kit"
)

// dueQuestion is what the flags of "report sla-due" ask.
type dueQuestion struct {
	calendar string
	holidays []string
	start    string
	target   string
	pauses   []string
}

// slaDue answers when a target on a calendar is due, with the ledger. It needs no book.
func (a *app) slaDue(q dueQuestion, format string) error {
	if q.calendar == "" || q.start == "" || q.target == "" {
		return usagef("usage: opsdeck report sla-due --calendar FILE --start 2026-11-23T11:00 --target 16h [--pause FROM/TO] [--holidays FILE.ics]")
	}
	c, err := a.readCalendar(q.calendar, q.holidays)
	if err != nil {
		return err
	}
	clock := sla.Clock{Line: sla.NewTimeline(c)}
	if clock.Start, err = readInstant(q.start, c); err != nil {
		return usagef("--start: %w", err)
	}
	if clock.Target, err = c.ParseTarget(q.target); err != nil {
		return usagef("--target: %w", err)
	}
	for _, text := range q.pauses {
		p, err := readPause(text, c)
		if err != nil {
			return usagef("--pause: %w", err)
		}
		clock.Pauses = append(clock.Pauses, p)
	}
	course := clock.Course(sla.DefaultWarn())
	if !course.Known {
		return failedf("%s: the calendar has too little working time for %s", q.calendar, q.target)
	}
	a.sayUnknownYears(c, clock.Start, course.Due)
	if format == asJSON {
		text, err := appendJSON(nil, dueObject(&clock, course))
		a.printf("%s\n", text)
		return err
	}
	if format != asTable {
		return usagef("report sla-due writes a table or, with -o json, an object")
	}
	a.printDue(&clock, course)
	return nil
}

func (a *app) readCalendar(file string, holidays []string) (*sla.Calendar, error) {
	text, err := a.read(file)
	if err != nil {
		return nil, failedf("calendar: %w", err)
	}
	c, err := sla.ReadTOML(string(text))
	if err != nil {
		return nil, failedf("%s: %w", file, err)
	}
	for _, name := range holidays {
		ical, err := a.read(name)
		if err != nil {
			return nil, failedf("holidays: %w", err)
		}
		days, _, err := sla.ReadICal(string(ical))
		if err != nil {
			return nil, failedf("%s: %w", name, err)
		}
		c.Add(days)
	}
	return c, nil
}

// readInstant reads a moment in the calendar's zone, or in its own where it names one.
func readInstant(text string, c *sla.Calendar) (int64, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.Unix(), nil
	}
	zone := c.Zone
	if zone == nil {
		zone = time.UTC
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t.Unix(), nil
		}
	}
	return 0, fmt.Errorf("%q is not a moment such as 2026-11-23T11:00", text)
}

func readPause(text string, c *sla.Calendar) (sla.Span, error) {
	first, last, ok := strings.Cut(text, "/")
	if !ok {
		return sla.Span{}, fmt.Errorf("%q is not FROM/TO, such as 2026-11-23T12:00/2026-11-23T15:00", text)
	}
	from, err := readInstant(first, c)
	if err != nil {
		return sla.Span{}, err
	}
	to, err := readInstant(last, c)
	if err == nil && to < from {
		err = fmt.Errorf("%q ends before it begins", text)
	}
	return sla.Span{From: from, To: to}, err
}

func (a *app) sayUnknownYears(c *sla.Calendar, from, to int64) {
	for y := time.Unix(from, 0).UTC().Year(); y <= time.Unix(to, 0).UTC().Year(); y++ {
		if c.NoNotice(y) {
			a.say("note: the public holidays of %d have not been announced to this program; only own days count in that year", y)
		}
	}
}

func dueObject(clock *sla.Clock, course sla.Course) object {
	at := func(instant int64) string { return instantIn(clock.Line.Calendar(), instant).Format(time.RFC3339) }
	ledger := []object{}
	for _, e := range clock.Ledger(0, sla.DefaultWarn()) {
		ledger = append(ledger, object{{"from", at(e.From)}, {"to", at(e.To)}, {"kind", e.Kind}, {"seconds", e.Seconds}, {"total", e.Total}})
	}
	return object{{"due", at(course.Due)}, {"ledger", ledger}}
}

func instantIn(c *sla.Calendar, instant int64) time.Time {
	t := time.Unix(instant, 0).UTC()
	if c.Zone != nil {
		t = t.In(c.Zone)
	}
	return t
}

// printDue writes the answer like a bank statement.
func (a *app) printDue(clock *sla.Clock, course sla.Course) {
	c := clock.Line.Calendar()
	const layout = "Mon 2006-01-02 15:04:05"
	a.printf("due %s %s\n\n", instantIn(c, course.Due).Format(layout), instantIn(c, course.Due).Format("MST"))
	a.printf("%s  %s  %-8s %12s %12s\n", kit.PadRight("from", len(layout)), kit.PadRight("to", len(layout)), "kind", "working time", "total")
	for _, e := range clock.Ledger(0, sla.DefaultWarn()) {
		worked := ""
		if e.Kind != sla.Closed {
			worked = sla.Words(e.Seconds)
		}
		a.printf("%s  %s  %-8s %12s %12s\n", instantIn(c, e.From).Format(layout), instantIn(c, e.To).Format(layout), e.Kind, worked, sla.Words(e.Total))
	}
}
