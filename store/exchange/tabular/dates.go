package tabular

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrDate is wrapped by every refusal to read a date or a time.
var ErrDate = errors.New("not a date")

// DateOrder is the order of day, month and year in dates written in figures.
type DateOrder uint8

// The date orders. UnknownOrder accepts what has only one reading.
const (
	UnknownOrder DateOrder = iota
	DMY
	MDY
	YMD
)

// String returns the order as the --dates flag takes it, empty for UnknownOrder.
func (o DateOrder) String() string { return [...]string{"", "dmy", "mdy", "ymd"}[o&3] }

// DateOrderOf reads the value of the --dates flag.
func DateOrderOf(flag string) (DateOrder, error) {
	for o := UnknownOrder; o <= YMD; o++ {
		if strings.EqualFold(flag, o.String()) {
			return o, nil
		}
	}
	return UnknownOrder, fmt.Errorf("--dates is dmy, mdy or ymd and not %q", flag)
}

type date struct {
	year  int
	month time.Month
	day   int
}

func (d date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.year, int(d.month), d.day) }

// readings holds the date that each order gives; a zero date means that the order does not fit.
// fixed says that the order plays no part: a year of four figures stands first, or the month is a
// word.
type readings struct {
	by      [YMD + 1]date
	fixed   bool
	compact bool // eight digits in a row, which may be a number as well
	clock   clock
}

// only returns the reading when there is exactly one.
func (r readings) only() (date, bool) {
	var found date
	for _, d := range r.by[DMY:] {
		if d == (date{}) || d == found {
			continue
		}
		if found != (date{}) {
			return date{}, false
		}
		found = d
	}
	return found, found != (date{})
}

// ParseDate reads the date of a date or timestamp as it is written, without moving it to another
// time zone. Two-figure years below 69 are in this century, as POSIX has it. Figures are read in the
// given order and in no other; a year of four figures in front is always year, month, day.
func ParseDate(s string, order DateOrder) (year int, month time.Month, day int, err error) {
	d, _, err := parseStamp(s, order)
	return d.year, d.month, d.day, err
}

// ParseTime reads a timestamp; one without a zone is in loc, and one without a time is midnight
// there. See ParseDate for the date.
func ParseTime(s string, order DateOrder, loc *time.Location) (time.Time, error) {
	d, c, err := parseStamp(s, order)
	if err != nil {
		return time.Time{}, err
	}
	if c.zoned {
		loc = time.UTC
		if c.offset != 0 {
			loc = time.FixedZone("", c.offset)
		}
	}
	return time.Date(d.year, d.month, d.day, c.hour, c.minute, c.second, c.nano, loc), nil
}

func parseStamp(s string, order DateOrder) (date, clock, error) {
	r, ok := lexDate(s)
	if !ok {
		return date{}, clock{}, fmt.Errorf("%q is %w", clip(s), ErrDate)
	}
	d := r.by[order]
	if order == UnknownOrder || r.fixed {
		if d, ok = r.only(); !ok {
			return date{}, clock{}, fmt.Errorf("%q: %w with one reading; say the order of day and month (--dates dmy|mdy|ymd)", clip(s), ErrDate)
		}
	}
	if d == (date{}) {
		return date{}, clock{}, fmt.Errorf("%q is %w in the order %s", clip(s), ErrDate, order)
	}
	return d, r.clock, nil
}

// longestDate bounds what is looked at as a date.
const longestDate = 80

// lexDate finds every reading of a date or timestamp; ok is false when there is none.
func lexDate(s string) (r readings, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) < 6 || len(s) > longestDate {
		return r, false
	}
	s = foldSigns(s)
	if digits, _ := countASCII(s); digits < 3 {
		return r, false // the quickest way out for the cells of text columns
	}
	sc := scanner{s: skipWeekday(s)}
	parts, ok := sc.dateParts()
	if !ok {
		return r, false
	}
	r.compact = parts.compact
	for o := DMY; o <= YMD; o++ {
		r.by[o] = parts.read(o)
	}
	r.fixed = parts.month >= 0 || parts.width[0] == 4
	if r.by == ([YMD + 1]date{}) {
		return r, false
	}
	r.clock, ok = lexClock(sc.s)
	return r, ok
}

// skipWeekday leaves out a leading "Mon, " or "Friday ".
func skipWeekday(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return !isLetter(r) })
	if end < 3 {
		return s
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if name := d.String(); strings.EqualFold(s[:end], name) || strings.EqualFold(s[:end], name[:3]) {
			return strings.TrimLeft(s[end:], ", ")
		}
	}
	return s
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// dateParts are the three parts of a date in the order written. month is the index of a part that
// was a word, or -1.
type dateParts struct {
	value   [3]int
	width   [3]int
	month   int
	compact bool
}

// scanner walks over a short text.
type scanner struct{ s string }

func (sc *scanner) digits(most int) (value, width int) {
	for width < len(sc.s) && width < most && isDigit(sc.s[width]) {
		value = value*10 + int(sc.s[width]-'0')
		width++
	}
	sc.s = sc.s[width:]
	return value, width
}

func (sc *scanner) take(what string) bool {
	rest, ok := strings.CutPrefix(sc.s, what)
	sc.s = rest
	return ok
}

func (sc *scanner) spaces() { sc.s = strings.TrimLeft(sc.s, " ") }

// dateParts reads 20/11/2013, 2013-11-20, 11/May/24, May 11, 2024, 20131120, 2023年5月31日.
func (sc *scanner) dateParts() (p dateParts, ok bool) {
	p.month = -1
	if d, ok := sc.compactDate(); ok {
		return d, true
	}
	sep := ""
	for i := range p.value {
		if i > 0 {
			if sep, ok = sc.separator(sep, i); !ok {
				return p, false
			}
		}
		p.value[i], p.width[i] = sc.digits(4)
		if p.width[i] == 0 && p.month < 0 && i < 2 {
			if p.value[i] = sc.monthName(); p.value[i] > 0 {
				p.month = i
			}
		}
		if p.width[i] == 0 && p.month != i {
			return p, false
		}
	}
	switch sep {
	case "月":
		sc.take("日")
	case ".":
		sc.take(".")
	}
	return p, len(sc.s) == 0 || !isDigit(sc.s[0])
}

func (sc *scanner) compactDate() (p dateParts, ok bool) {
	for i := range 8 {
		if i >= len(sc.s) || !isDigit(sc.s[i]) {
			return p, false
		}
	}
	if len(sc.s) > 8 && sc.s[8] != 'T' && sc.s[8] != ' ' {
		return p, false
	}
	p.month, p.compact = -1, true
	for i, width := range []int{4, 2, 2} {
		p.value[i], p.width[i] = sc.digits(width)
	}
	return p, p.value[0] >= 1900 && p.value[0] < 2100
}

// separator reads what stands between two parts; the second must go with the first.
func (sc *scanner) separator(first string, index int) (string, bool) {
	if first == "年" {
		return "月", sc.take("月")
	}
	for _, sep := range []string{"/", "-", ".", "年"} {
		if (index == 1 || sep == first) && sc.take(sep) {
			sc.spaces()
			return sep, sep != "年" || index == 1
		}
	}
	// Between words, commas and spaces: 11 May 2024, May 11, 2024, 11-May, 2024.
	comma := sc.take(",")
	if (comma || strings.HasPrefix(sc.s, " ")) && (index == 1 || first == " ") {
		sc.spaces()
		return " ", true
	}
	return "", false
}

// monthName reads an English month, whole or by its first three letters (or Sept).
func (sc *scanner) monthName() int {
	end := strings.IndexFunc(sc.s, func(r rune) bool { return !isLetter(r) })
	if end < 0 {
		end = len(sc.s)
	}
	word := sc.s[:end]
	for m := time.January; m <= time.December; m++ {
		name := m.String()
		if strings.EqualFold(word, name) || strings.EqualFold(word, name[:3]) || m == time.September && strings.EqualFold(word, "sept") {
			sc.s = sc.s[end:]
			return int(m)
		}
	}
	return 0
}

// read returns the date in one order, zero when there is no such date.
func (p dateParts) read(o DateOrder) date {
	y, m, d := 0, 1, 2
	switch {
	case p.month == 0: // May 11, 2024
		y, m, d = 2, 0, 1
	case p.width[0] == 4:
		// A year in front is never followed by the day.
	case p.month == 1: // 11/May/24: no one writes the year first with two figures
		y, m, d = 2, 1, 0
	case p.width[2] == 4 && o == YMD:
		return date{}
	case o == DMY:
		y, m, d = 2, 1, 0
	case o == MDY:
		y, m, d = 2, 0, 1
	}
	year := p.value[y]
	switch {
	case p.width[y] == 2 && year < 69:
		year += 2000
	case p.width[y] == 2:
		year += 1900
	case p.width[y] != 4:
		return date{}
	}
	if p.width[m] > 2 || p.width[d] > 2 || p.value[m] < 1 || p.value[m] > 12 || p.value[d] < 1 || year == 0 {
		return date{}
	}
	month := time.Month(p.value[m])
	if p.value[d] > daysIn(year, month) {
		return date{}
	}
	return date{year, month, p.value[d]}
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// clock is the time of day of a timestamp.
type clock struct {
	hour, minute, second, nano int
	has, zoned                 bool
	offset                     int // seconds east of UTC
}

func (c clock) midnight() bool { return c.hour|c.minute|c.second|c.nano == 0 && !c.zoned }

// lexClock reads what follows a date: nothing, or a time with seconds, AM or PM and a zone at will.
func lexClock(s string) (c clock, ok bool) {
	sc := scanner{s: s}
	if sc.s == "" {
		return c, true
	}
	if !sc.take("T") && !sc.take("t") {
		comma := sc.take(",")
		if !comma && sc.s[0] != ' ' {
			return c, false
		}
		sc.spaces()
	}
	var w int
	if c.hour, w = sc.digits(2); w == 0 || !sc.take(":") {
		return c, false
	}
	if c.minute, w = sc.digits(2); w != 2 {
		return c, false
	}
	if sc.take(":") {
		if c.second, w = sc.digits(2); w != 2 {
			return c, false
		}
		if sc.take(".") || sc.take(",") {
			c.nano = sc.fraction()
		}
	}
	c.has = true
	if !sc.noon(&c) || c.hour > 23 || c.minute > 59 || c.second > 59 {
		return c, false
	}
	sc.spaces()
	return c, sc.zone(&c)
}

// fraction reads the digits of a second's fraction and keeps nine.
func (sc *scanner) fraction() int {
	n, w := sc.digits(9)
	for ; w < 9; w++ {
		n *= 10
	}
	sc.s = strings.TrimLeft(sc.s, "0123456789")
	return n
}

// noon applies AM or PM.
func (sc *scanner) noon(c *clock) bool {
	rest := strings.ToUpper(strings.TrimLeft(sc.s, " "))
	pm := strings.HasPrefix(rest, "PM")
	if !pm && !strings.HasPrefix(rest, "AM") {
		return true
	}
	sc.spaces()
	sc.s = sc.s[2:]
	if c.hour < 1 || c.hour > 12 {
		return false
	}
	c.hour %= 12
	if pm {
		c.hour += 12
	}
	return true
}

// zone reads Z, UTC, GMT, +02:00, +0200, GMT+0200 or +02 up to the end of the text, or to the name of the zone in
// parentheses that JavaScript writes behind it.
func (sc *scanner) zone(c *clock) bool {
	if sc.s == "" {
		return true
	}
	c.zoned = true
	if at := strings.Index(sc.s, " ("); at > 0 && strings.HasSuffix(sc.s, ")") {
		sc.s = sc.s[:at]
	}
	if slices.Contains([]string{"Z", "UTC", "GMT"}, strings.ToUpper(sc.s)) {
		return true
	}
	if !sc.take("GMT") {
		sc.take("UTC")
	}
	sign := 1
	if sc.take("-") {
		sign = -1
	} else if !sc.take("+") {
		return false
	}
	hours, w := sc.digits(2)
	minutes := 0
	if w != 2 || hours > 14 {
		return false
	}
	if sc.s != "" {
		sc.take(":")
		if minutes, w = sc.digits(2); w != 2 || minutes > 59 {
			return false
		}
	}
	c.offset = sign * (hours*3600 + minutes*60)
	return sc.s == ""
}
