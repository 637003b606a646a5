package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"opsdeck/model/day"
)

// calendarFile is a calendar as a TOML file.
type calendarFile struct {
	Zone      string              `toml:"zone"`
	Always    bool                `toml:"always"`
	Countries []string            `toml:"countries"`
	Holidays  []string            `toml:"holidays"`
	Workdays  []string            `toml:"workdays"`
	Week      map[string][]string `toml:"week"`
}

// ReadTOML reads a calendar: zone, holidays (own free days, a day or a stretch written as from..to),
// workdays (own working days), countries whose public holidays are free, always, and the table week
// with the frames of mon, tue, wed, thu, fri, sat and sun.
func ReadTOML(text string) (*Calendar, error) {
	var f calendarFile
	meta, err := toml.Decode(text, &f)
	var at toml.ParseError
	switch {
	case errors.As(err, &at):
		return nil, fmt.Errorf("line %d: %s", at.Position.Line, at.Message)
	case err != nil:
		return nil, fmt.Errorf("calendar: %w", err)
	case len(meta.Undecoded()) > 0:
		return nil, fmt.Errorf("%s: a calendar has zone, always, countries, holidays, workdays and the table week", meta.Undecoded()[0])
	}
	c := &Calendar{Always: f.Always}
	if c.Zone, err = loadZone(f.Zone); err != nil {
		return nil, err
	}
	for _, country := range f.Countries {
		c.Countries = append(c.Countries, strings.ToUpper(country))
	}
	if c.Free, err = parseDays(f.Holidays); err != nil {
		return nil, fmt.Errorf("holidays: %w", err)
	}
	if c.Work, err = parseDays(f.Workdays); err != nil {
		return nil, fmt.Errorf("workdays: %w", err)
	}
	for name, frames := range f.Week {
		wd, ok := weekday(name)
		if !ok {
			return nil, fmt.Errorf("week: %q is none of mon, tue, wed, thu, fri, sat, sun", name)
		}
		if c.Week[wd], err = ParseFrames(frames...); err != nil {
			return nil, fmt.Errorf("week.%s: %w", name, err)
		}
	}
	return c, c.Check()
}

func weekday(name string) (time.Weekday, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if full := strings.ToLower(d.String()); name == full || name == full[:3] {
			return d, true
		}
	}
	return 0, false
}

// longest is how many days a stretch of holidays may have: more is a slip of the pen.
const longest = 366

func parseDays(texts []string) ([]day.Day, error) {
	var out []day.Day
	for _, text := range texts {
		first, last, stretch := strings.Cut(text, "..")
		from, err := day.Parse(strings.TrimSpace(first))
		to := from
		if err == nil && stretch {
			to, err = day.Parse(strings.TrimSpace(last))
		}
		if err != nil {
			return nil, err
		}
		if to < from || to-from > longest {
			return nil, fmt.Errorf("%q does not run forward within a year", text)
		}
		for d := from; d <= to; d++ {
			out = append(out, d)
		}
	}
	return out, nil
}

// Parse reads a calendar on one line, as settings hold it:
//
//	zone=Asia/Shanghai mon-fri=09:00-12:00,13:00-18:00 sat=09:00-12:00 holidays=CN free=2026-10-09 work=2026-10-10
//
// or the word always. Days may be stretches: free=2026-12-24..2026-12-31.
func Parse(text string) (*Calendar, error) {
	c := &Calendar{}
	for _, part := range strings.Fields(text) {
		if part == "always" {
			c.Always = true
			continue
		}
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			return nil, fmt.Errorf("%q is not key=value such as mon-fri=09:00-17:00", part)
		}
		if err := c.put(strings.ToLower(key), value); err != nil {
			return nil, err
		}
	}
	return c, c.Check()
}

func (c *Calendar) put(key, value string) error {
	var err error
	switch key {
	case "zone":
		c.Zone, err = loadZone(value)
		return err
	case "holidays":
		for country := range strings.SplitSeq(value, ",") {
			c.Countries = append(c.Countries, strings.ToUpper(country))
		}
		return nil
	case "free":
		c.Free, err = parseDays(strings.Split(value, ","))
		return err
	case "work":
		c.Work, err = parseDays(strings.Split(value, ","))
		return err
	}
	first, last, stretch := strings.Cut(key, "-")
	from, ok1 := weekday(first)
	to, ok2 := weekday(last)
	if !stretch {
		to, ok2 = from, ok1
	}
	if !ok1 || !ok2 {
		return fmt.Errorf("%q is none of zone, holidays, free, work, always and weekdays such as mon or mon-fri", key)
	}
	frames, err := ParseFrames(strings.Split(value, ",")...)
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	for d := from; ; d = (d + 1) % 7 {
		c.Week[d] = frames
		if d == to {
			return nil
		}
	}
}

// Add takes in free days that a company keeps elsewhere, as ReadICal lists them.
func (c *Calendar) Add(free []day.Day) {
	c.Free = append(c.Free, free...)
	slices.Sort(c.Free)
	c.Free = slices.Compact(c.Free)
}
