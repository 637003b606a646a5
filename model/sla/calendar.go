package sla

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"opsdeck/model/day"
)

// Frame is a part of a day in minutes since midnight, [From, To).
type Frame struct{ From, To int }

// Calendar says when work is done: frames for each weekday in a zone, the days on which there is no
// work although the weekday has frames, and those on which there is work although it has none.
type Calendar struct {
	Zone      *time.Location // nil means UTC
	Week      [7][]Frame     // by time.Weekday
	Countries []string       // whose public holidays are free: CN, ES, JP, US
	Free      []day.Day      // own free days
	Work      []day.Day      // own working days, such as a Saturday before a fair
	Always    bool           // around the clock; the rest does not matter
}

// AroundTheClock is the calendar on which every second is working time.
func AroundTheClock() *Calendar { return &Calendar{Always: true} }

// Office is the calendar used where none is set: Monday to Friday 09:00-18:00 with an hour at noon.
func Office() *Calendar {
	c := &Calendar{}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Week[d] = []Frame{{9 * 60, 12 * 60}, {13 * 60, 18 * 60}}
	}
	return c
}

func (c *Calendar) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

var errNoFrames = errors.New("the calendar has no working time: give at least one weekday its frames")

// Check tells what is wrong with a calendar.
func (c *Calendar) Check() error {
	if c.Always {
		return nil
	}
	some := false
	for d, frames := range c.Week {
		some = some || len(frames) > 0
		for i, f := range frames {
			if f.From < 0 || f.To > 24*60 || f.From >= f.To {
				return fmt.Errorf("%s: the frame %s does not end after its beginning within one day", time.Weekday(d), f)
			}
			if i > 0 && frames[i-1].To > f.From {
				return fmt.Errorf("%s: the frames %s and %s overlap", time.Weekday(d), frames[i-1], f)
			}
		}
	}
	if !some {
		return errNoFrames
	}
	for _, country := range c.Countries {
		if !slices.Contains(Countries(), country) {
			return fmt.Errorf("%q: there are public holidays of %s", country, strings.Join(Countries(), ", "))
		}
	}
	return nil
}

// String writes a frame as 09:00-17:00.
func (f Frame) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", f.From/60, f.From%60, f.To/60, f.To%60)
}

// ParseFrames reads frames such as "10:00-12:00" and puts them in order.
func ParseFrames(texts ...string) ([]Frame, error) {
	var out []Frame
	for _, text := range texts {
		from, to, ok := strings.Cut(strings.TrimSpace(text), "-")
		f := Frame{}
		var err1, err2 error
		f.From, err1 = parseMinute(from)
		f.To, err2 = parseMinute(to)
		if !ok || err1 != nil || err2 != nil {
			return nil, fmt.Errorf("%q is not a frame such as 10:00-12:00", text)
		}
		if f.From >= f.To {
			return nil, fmt.Errorf("%q does not end after its beginning; part work over midnight into 22:00-24:00 and 00:00-06:00 of the next day", text)
		}
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b Frame) int { return cmp.Compare(a.From, b.From) })
	return out, nil
}

func parseMinute(s string) (int, error) {
	hour, minute, ok := strings.Cut(strings.TrimSpace(s), ":")
	h, err1 := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	if !ok || err1 != nil || err2 != nil || h < 0 || m < 0 || m > 59 || h > 24 || h == 24 && m > 0 || len(minute) != 2 {
		return 0, fmt.Errorf("%q is not a time of day", s)
	}
	return 60*h + m, nil
}

// FramesOn lists the frames of a calendar day. A working day in place of a free one, as governments
// announce them, has the frames of the first weekday that has any.
func (c *Calendar) FramesOn(d day.Day) []Frame { return c.framesOn(d, holidays{}) }

func (c *Calendar) framesOn(d day.Day, known holidays) []Frame {
	frames := c.Week[d.Weekday()]
	free, made := c.off(d, known)
	switch {
	case made && len(frames) == 0:
		for wd := time.Monday; wd <= time.Saturday; wd++ {
			if len(c.Week[wd]) > 0 {
				return c.Week[wd]
			}
		}
	case free && !made:
		return nil
	}
	return frames
}

// off tells whether a day is free, and whether it is made a working day. Own days come before those of
// a country, working days before free ones.
func (c *Calendar) off(d day.Day, known holidays) (free, made bool) {
	switch {
	case slices.Contains(c.Work, d):
		return false, true
	case slices.Contains(c.Free, d):
		return true, false
	}
	for _, country := range c.Countries {
		f, m := known.on(country, d)
		free, made = free || f, made || m
	}
	return free, made && !free
}

// WorkingDay is how many seconds a target of one working day stands for: the mean length of the
// weekdays that have frames. Around the clock it is 24 hours.
func (c *Calendar) WorkingDay() int64 {
	if c.Always {
		return 24 * 3600
	}
	minutes, days := 0, 0
	for _, frames := range c.Week {
		for _, f := range frames {
			minutes += f.To - f.From
		}
		if len(frames) > 0 {
			days++
		}
	}
	if days == 0 {
		return 8 * 3600
	}
	return int64(minutes) * 60 / int64(days)
}

// ParseTarget reads 30m, 16h, 90s, 1h30m or 5d in seconds; d is a working day of the calendar.
func (c *Calendar) ParseTarget(s string) (int64, error) {
	text := strings.TrimSpace(s)
	if n, ok := strings.CutSuffix(text, "d"); ok {
		days, err := strconv.ParseFloat(n, 64)
		if err != nil || !(days > 0 && days <= 3660) {
			return 0, fmt.Errorf("%q is not a number of working days such as 5d", s)
		}
		return int64(days * float64(c.WorkingDay())), nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > 10*366*24*time.Hour {
		return 0, fmt.Errorf("%q is not a target such as 30m, 16h or 5d", s)
	}
	return int64(d / time.Second), nil
}
