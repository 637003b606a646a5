package tabular

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// style is what a cell's number format makes of its number.
type style struct {
	date, clock bool
	elapsed     bool // hours that go on counting after 24
	pad         int  // digits that an identifier such as 00501 is filled up to
}

// styleOf classifies a number format by its id and, for custom ones, its code.
func styleOf(id, code string) style {
	n, err := strconv.Atoi(id)
	if err != nil {
		return style{}
	}
	if code != "" {
		return styleOfCode(code)
	}
	// Formats below 164 are built in; those from 27 on are the dates of East Asian versions.
	switch {
	case n >= 14 && n <= 17, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 54, n == 57, n == 58:
		return style{date: true}
	case n == 22:
		return style{date: true, clock: true}
	case n >= 18 && n <= 21, n >= 32 && n <= 35, n == 45, n == 47, n == 55, n == 56:
		return style{clock: true}
	case n == 46:
		return style{clock: true, elapsed: true}
	}
	return style{}
}

// styleOfCode looks at the letters of a format code that are neither quoted nor escaped.
func styleOfCode(code string) style {
	var letters strings.Builder
	var st style
	quoted := false
	runes := []rune(strings.ToLower(code))
scan:
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\\' || r == '_' || r == '*':
			i++
		case r == '[':
			end := slices.Index(runes[i:], ']')
			if end < 0 {
				break scan
			}
			// [h] counts on; everything else in brackets is a colour, a locale or a condition.
			if inner := strings.Trim(string(runes[i+1:i+end]), "hms"); inner == "" && end > 1 {
				st.clock, st.elapsed = true, true
			}
			i += end
		case r == ';':
			break scan
		default:
			letters.WriteRune(r)
		}
	}
	s := letters.String()
	if s == "general" {
		return style{}
	}
	st.clock = st.clock || strings.ContainsAny(s, "hs")
	st.date = strings.ContainsAny(s, "yd年月日") || (strings.Contains(s, "m") && !st.clock)
	if len(s) > 1 && strings.Trim(s, "0") == "" {
		st.pad = len(s)
	}
	return st
}

// cellOf turns a number as the sheet stores it into the text of a cell.
func (wb *workbook) cellOf(raw string, index int) (string, CellType) {
	var st style
	if index >= 0 && index < len(wb.styles) {
		st = wb.styles[index]
	}
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return raw, TextCell
	}
	switch {
	case st.elapsed || (st.clock && !st.date && f < 1 && f >= 0):
		return clockText(f), TextCell
	case st.date || st.clock:
		if text, typ, ok := wb.dateText(f, st); ok {
			return text, typ
		}
	}
	text := plainNumber(raw, f)
	if digits := len(text); st.pad > digits && strings.Trim(text, "0123456789") == "" {
		return strings.Repeat("0", st.pad-digits) + text, TextCell
	}
	return text, NumberCell
}

// plainNumber writes a stored number as a person typed it. Workbooks store binary fractions with
// seventeen digits (0.30000000000000004); Excel itself shows fifteen, and so is done here. Whole
// numbers are kept to the digit.
func plainNumber(raw string, f float64) string {
	if body := strings.TrimPrefix(raw, "-"); len(body) <= maxScale && body != "" && strings.Trim(body, "0123456789") == "" {
		return raw
	}
	short := strconv.FormatFloat(f, 'g', 15, 64)
	rounded, err := strconv.ParseFloat(short, 64)
	if err != nil {
		return raw
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// clockText writes a part of a day as hours, minutes and seconds.
func clockText(days float64) string {
	seconds := int64(math.Round(math.Abs(days) * 86400))
	sign := ""
	if days < 0 {
		sign = "-"
	}
	return fmt.Sprintf("%s%02d:%02d:%02d", sign, seconds/3600, seconds/60%60, seconds%60)
}

// lastSerial is 9999-12-31 in the calendar that starts in 1900.
const lastSerial = 2958465

// dateText turns a serial number into a date or timestamp. ok is false when it lies outside the
// calendar, where Excel shows ##### and the number says more.
func (wb *workbook) dateText(serial float64, st style) (text string, typ CellType, ok bool) {
	day := math.Floor(serial)
	ms := int64(math.Round((serial - day) * 86400000))
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	last := float64(lastSerial)
	switch {
	case wb.date04:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		last -= 1462
	case day < 60:
		// Excel counts a 29 February 1900 that never was; before it the base is a day later.
		base = base.AddDate(0, 0, 1)
	}
	if day < 0 || day > last || (day < 1 && !wb.date04) || (day == 60 && !wb.date04) {
		return "", Untyped, false
	}
	t := base.AddDate(0, 0, int(day)).Add(time.Duration(ms) * time.Millisecond)
	switch {
	case !st.clock && ms == 0:
		return t.Format("2006-01-02"), DateCell, true
	case t.Nanosecond() == 0:
		return t.Format("2006-01-02T15:04:05"), TimeCell, true
	}
	return t.Format("2006-01-02T15:04:05.000"), TimeCell, true
}
