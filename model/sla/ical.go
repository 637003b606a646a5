package sla

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"opsdeck/model/day"
)

// event is an entry of an iCalendar file as far as holidays need it.
type event struct {
	start, end day.Day // [start, end)
	rule       string
	except     []day.Day
	timed      bool
	gone       bool // cancelled
}

var errNoCalendar = errors.New("not an iCalendar file: it does not begin with BEGIN:VCALENDAR")

// years that a yearly event is written out for.
const (
	icalFrom = 2015
	icalTo   = 2045
)

// ReadICal lists the days of the all-day events of an iCalendar file (RFC 5545), such as the holidays
// that an office publishes. Events that come back every year are written out from 2015 to 2045 or as
// their rule says; meetings with a time of day are no holidays and are counted in skipped, as are
// rules other than yearly ones.
func ReadICal(text string) (days []day.Day, skipped int, err error) {
	// A long line goes on in the next one, which begins with a blank.
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(text, "\ufeff"))
	text = strings.NewReplacer("\n ", "", "\n\t", "").Replace(text)
	lines := strings.Split(text, "\n")
	if !strings.EqualFold(strings.TrimSpace(lines[0]), "BEGIN:VCALENDAR") {
		return nil, 0, errNoCalendar
	}
	var e *event
	for n, line := range lines {
		head, value, _ := strings.Cut(line, ":")
		name, params, _ := strings.Cut(head, ";")
		value = strings.TrimSpace(value)
		switch name = strings.ToUpper(strings.TrimSpace(name)); {
		case name == "BEGIN" && strings.EqualFold(value, "VEVENT"):
			e = &event{start: day.None, end: day.None}
		case e == nil:
		case name == "END" && strings.EqualFold(value, "VEVENT"):
			found, ok := e.days()
			if !ok {
				skipped++
			}
			days, e = append(days, found...), nil
		default:
			if err := e.put(name, strings.ToUpper(params), value); err != nil {
				return nil, 0, fmt.Errorf("line %d: %w", n+1, err)
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days), skipped, nil
}

func (e *event) put(name, params, value string) error {
	var err error
	switch name {
	case "DTSTART":
		e.timed = e.timed || len(value) != len("20060102")
		e.start, err = icalDay(value)
	case "DTEND":
		e.end, err = icalDay(value)
	case "RRULE":
		e.rule = strings.ToUpper(value)
	case "STATUS":
		e.gone = strings.EqualFold(value, "CANCELLED")
	case "EXDATE":
		for part := range strings.SplitSeq(value, ",") {
			d, wrong := icalDay(part)
			if wrong != nil {
				return wrong
			}
			e.except = append(e.except, d)
		}
	}
	return err
}

func icalDay(value string) (day.Day, error) {
	if len(value) >= 8 {
		if t, err := time.Parse("20060102", value[:8]); err == nil {
			return day.FromTime(t), nil
		}
	}
	return day.None, fmt.Errorf("%q is not a date such as 20261001", value)
}

// days writes an event out; false for one that is no holiday or cannot be followed.
func (e *event) days() ([]day.Day, bool) {
	if e.gone {
		return nil, true
	}
	if e.timed || !e.start.IsSet() {
		return nil, false
	}
	length := day.Day(1)
	if e.end.IsSet() {
		length = min(max(1, e.end-e.start), longest)
	}
	starts := []day.Day{e.start}
	if e.rule != "" {
		var ok bool
		if starts, ok = e.yearly(); !ok {
			return nil, false
		}
	}
	var out []day.Day
	for _, s := range starts {
		for d := s; d < s+length && !slices.Contains(e.except, s); d++ {
			out = append(out, d)
		}
	}
	return out, true
}

// yearly lists the beginnings of an event that comes back on the same date every year.
func (e *event) yearly() ([]day.Day, bool) {
	every, count, until := 1, icalTo-icalFrom+1+50, day.None
	for part := range strings.SplitSeq(e.rule, ";") {
		key, value, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(value)
		switch key {
		case "FREQ":
			if value != "YEARLY" {
				return nil, false
			}
		case "INTERVAL":
			every = n
		case "COUNT":
			count = n
		case "UNTIL":
			until, err = icalDay(value)
			n = 1
		case "WKST", "BYMONTH", "BYMONTHDAY":
			n = 1 // The date of the beginning says the same.
			err = nil
		default:
			return nil, false
		}
		if key != "FREQ" && (err != nil || n < 1) {
			return nil, false
		}
	}
	y, m, d := e.start.Date()
	var out []day.Day
	for i := 0; len(out) < count && y+i*every <= icalTo; i++ {
		at := day.Of(y+i*every, m, d)
		if until.IsSet() && at > until {
			break
		}
		if _, _, same := at.Date(); same != d {
			continue // 29 February in a year that has none
		}
		out = append(out, at)
	}
	return out, true
}
