// Package day is calendar dates without a zone: what a contract term, an invoice or a due date is
// written in. It reads no clock; "today" is always handed in.
package day

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Day counts days since 1970-01-01 in the proleptic Gregorian calendar. It has no time zone.
type Day int32

// None means "no date". It sorts before every real date and must be asked for with IsSet.
const None Day = math.MinInt32

// Of returns the day of a calendar date. Months and days out of range roll over as in time.Date.
func Of(year int, month time.Month, dayOfMonth int) Day {
	return Day(time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// FromTime returns the calendar date that t shows in its own location.
func FromTime(t time.Time) Day {
	y, m, d := t.Date()
	return Of(y, m, d)
}

// IsSet tells whether there is a date at all.
func (d Day) IsSet() bool { return d != None }

// Time returns midnight UTC of the day, for formatting and weekday arithmetic.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Date splits the day into year, month and day of month.
func (d Day) Date() (int, time.Month, int) { return d.Time().Date() }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.Time().Weekday() }

// String writes the ISO form 2006-01-02, or nothing for None.
func (d Day) String() string {
	if d == None {
		return ""
	}
	y, m, dd := d.Date()
	return fmt.Sprintf("%04d-%02d-%02d", y, int(m), dd)
}

// AddMonths moves by whole months and clamps to the last day of the month that it lands in:
// 31 January plus one month is 28 or 29 February.
func (d Day) AddMonths(n int) Day {
	if d == None {
		return None
	}
	y, m, dd := d.Date()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := Of(first.Year(), first.Month()+1, 1) - 1
	moved := FromTime(first) + Day(dd-1)
	return min(moved, last)
}

// MonthStart returns the first day of the month that d lies in.
func (d Day) MonthStart() Day {
	y, m, _ := d.Date()
	return Of(y, m, 1)
}

// MonthEnd returns the last day of the month that d lies in.
func (d Day) MonthEnd() Day {
	y, m, _ := d.Date()
	return Of(y, m+1, 1) - 1
}

var errNotADate = errors.New("not a date; write it as 2026-11-22")

// Parse reads the ISO form 2006-01-02 and nothing else; foreign formats belong to the importer and
// relative forms such as -2w to the filter language. It refuses dates that do not exist.
func Parse(s string) (Day, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return None, fmt.Errorf("%q: %w", s, errNotADate)
	}
	return FromTime(t), nil
}

// ParseHuman reads a date as people write it: 2026-11-22, today, tomorrow, yesterday, a distance from
// today such as +90d, -2w, 3m or 1y, or the next weekday as "fri" or "next fri". Weekdays are English.
func ParseHuman(s string, today Day) (Day, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	switch s {
	case "today":
		return today, nil
	case "tomorrow":
		return today + 1, nil
	case "yesterday":
		return today - 1, nil
	}
	if d, ok := distance(s, today); ok {
		return d, nil
	}
	name := strings.TrimPrefix(s, "next ")
	for d := time.Sunday; d <= time.Saturday; d++ {
		if full := strings.ToLower(d.String()); name == full || name == full[:3] {
			ahead := (int(d) - int(today.Weekday()) + 7) % 7
			if ahead == 0 {
				ahead = 7
			}
			return today + Day(ahead), nil
		}
	}
	return Parse(s)
}

// distance reads +90d, -2w, 3m and 1y. Distances of more than a century are no dates of this work.
func distance(s string, today Day) (Day, bool) {
	if len(s) < 2 {
		return None, false
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	if err != nil || n < -36525 || n > 36525 {
		return None, false
	}
	switch s[len(s)-1] {
	case 'd':
		return today + Day(n), true
	case 'w':
		return today + Day(7*n), true
	case 'm':
		return today.AddMonths(n), true
	case 'y':
		return today.AddMonths(12 * n), true
	}
	return None, false
}
