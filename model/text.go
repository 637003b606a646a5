package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"opsdeck/model/day"
)

// FormatMoney writes an amount of ten-thousandths as a decimal with at least two places: 1234.50.
func FormatMoney(units int64) string {
	sign := ""
	mag := uint64(units)
	if units < 0 {
		sign, mag = "-", -mag
	}
	frac := fmt.Sprintf("%04d", mag%MoneyScale)
	for len(frac) > 2 && frac[len(frac)-1] == '0' {
		frac = frac[:len(frac)-1]
	}
	return sign + strconv.FormatUint(mag/MoneyScale, 10) + "." + frac
}

// GroupMoney writes an amount for people: 326,000.00.
func GroupMoney(units int64) string {
	text := FormatMoney(units)
	end := strings.IndexByte(text, '.')
	first := 0
	if units < 0 {
		first = 1
	}
	for i := end - 3; i > first; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

var (
	errMoney  = errors.New("not an amount; write it as 1234.50 with at most four places")
	errNumber = errors.New("not a number")
	errBool   = errors.New("neither yes nor no")
	errTime   = errors.New("not a time; write it as 2026-11-22T15:04:05Z")
)

// ParseMoney reads a plain decimal such as 1234.5 or 3.5E8 exactly, into ten-thousandths. More than
// four places, or an amount beyond 922 trillion, is an error: money is never rounded in silence.
func ParseMoney(s string) (int64, error) {
	digits, exp := strings.TrimSpace(s), 0
	if i := strings.IndexAny(digits, "eE"); i >= 0 {
		n, err := strconv.Atoi(digits[i+1:])
		if err != nil || n > 30 || n < -30 {
			return 0, fmt.Errorf("%q: %w", s, errMoney)
		}
		digits, exp = digits[:i], n
	}
	digits, neg := strings.CutPrefix(digits, "-")
	if !neg {
		digits = strings.TrimPrefix(digits, "+")
	}
	whole, frac, _ := strings.Cut(digits, ".")
	digits = whole + frac
	exp += 4 - len(frac)
	for ; exp > 0 && digits != ""; exp-- {
		digits += "0"
	}
	for ; exp < 0 && strings.HasSuffix(digits, "0"); exp++ {
		digits = digits[:len(digits)-1]
	}
	if digits == "" && exp < 0 && whole+frac != "" {
		exp = 0
		digits = "0"
	}
	u, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || exp != 0 {
		return 0, fmt.Errorf("%q: %w", s, errMoney)
	}
	if neg {
		return -int64(u), nil
	}
	return int64(u), nil
}

// Format writes a value as plain text that Parse reads back. References are written as ids; the
// caller resolves them where a name is wanted.
func (v Value) Format() string {
	switch v.t {
	case TText, TLong, TPick, TPerson, TParts:
		return v.s
	case TNumber:
		f, _ := v.Float()
		return strconv.FormatFloat(f, 'f', -1, 64)
	case TMoney:
		return FormatMoney(v.n)
	case TDate:
		return v.Day().String()
	case TTime:
		return time.UnixMilli(v.n).UTC().Format("2006-01-02T15:04:05.999Z07:00")
	case TBool:
		if v.n == 1 {
			return "yes"
		}
		return "no"
	case TList:
		items := v.Items()
		for i, it := range items {
			items[i] = strings.NewReplacer(`\`, `\\`, `;`, `\;`).Replace(it)
		}
		return strings.Join(items, "; ")
	case TRef, TRefs:
		var b strings.Builder
		for i, id := range v.IDs() {
			if i > 0 {
				b.WriteString("; ")
			}
			b.WriteString(id.String())
		}
		return b.String()
	}
	return ""
}

// Parse reads a value of the field's type from plain text as a person or Format writes it. Blank
// text is the empty value. Errors say what is expected.
func (f *Field) Parse(s string) (Value, error) {
	if strings.TrimSpace(s) == "" {
		return Value{}, nil
	}
	v, err := f.parse(s)
	if err != nil {
		return Value{}, fmt.Errorf("%s: %w", f.Name, err)
	}
	return v, nil
}

func (f *Field) parse(s string) (Value, error) {
	trimmed := strings.TrimSpace(s)
	switch f.Type {
	case TText:
		return Text(trimmed), nil
	case TLong:
		return Long(s), nil
	case TPerson:
		return Person(trimmed), nil
	case TParts:
		return parts(s), nil
	case TNumber:
		n, err := strconv.ParseFloat(trimmed, 64)
		if plain, ok := plainNumber(trimmed); err != nil && ok {
			n, err = strconv.ParseFloat(plain, 64)
		}
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return Value{}, fmt.Errorf("%q: %w", s, errNumber)
		}
		return Number(n), nil
	case TMoney:
		n, err := ParseMoney(trimmed)
		if plain, ok := plainNumber(trimmed); err != nil && ok {
			n, err = ParseMoney(plain)
		}
		return Money(n), err
	case TDate:
		d, err := day.Parse(trimmed)
		return Date(d), err
	case TTime:
		return parseTime(trimmed)
	case TBool:
		return parseBool(trimmed)
	case TPick:
		return f.parsePick(trimmed)
	case TList:
		return List(splitList(trimmed)...), nil
	case TRef, TRefs:
		return f.parseRefs(trimmed)
	}
	return Value{}, fmt.Errorf("field of unknown type %d", f.Type)
}

func (f *Field) parsePick(s string) (Value, error) {
	for _, o := range f.Options {
		if strings.EqualFold(o, s) {
			return Pick(o), nil
		}
	}
	return Value{}, fmt.Errorf("%q is none of %s", s, strings.Join(f.Options, ", "))
}

func (f *Field) parseRefs(s string) (Value, error) {
	var ids []ID
	for _, part := range splitList(s) {
		id, err := ParseID(strings.TrimSpace(part))
		if err != nil {
			return Value{}, err
		}
		ids = append(ids, id)
	}
	if f.Type == TRefs {
		return Refs(ids...), nil
	}
	if len(ids) != 1 {
		return Value{}, fmt.Errorf("%q: one record is wanted", s)
	}
	return Ref(ids[0]), nil
}

func parseTime(s string) (Value, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return Time(t.UnixMilli()), nil
		}
	}
	return Value{}, fmt.Errorf("%q: %w", s, errTime)
}

func parseBool(s string) (Value, error) {
	switch strings.ToLower(s) {
	case "yes", "true", "y", "1":
		return Bool(true), nil
	case "no", "false", "n", "0":
		return Bool(false), nil
	}
	return Value{}, fmt.Errorf("%q: %w", s, errBool)
}

// splitList parts at semicolons that no backslash protects.
func splitList(s string) []string {
	var out []string
	var cur strings.Builder
	escaped := false
	for _, r := range s {
		switch {
		case escaped:
			cur.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == ';':
			out = append(out, cur.String())
			cur.Reset()
		default:
			cur.WriteRune(r)
		}
	}
	return append(out, cur.String())
}

// JSON returns what encoding/json should write for the value: numbers as numbers, money as a decimal
// in major units, dates and times as ISO text, lists as arrays.
func (v Value) JSON() any {
	switch v.t {
	case TNone:
		return nil
	case TNumber, TMoney:
		return json.Number(v.Format())
	case TBool:
		return v.n == 1
	case TList:
		return v.Items()
	case TRefs:
		ids := v.IDs()
		out := make([]string, len(ids))
		for i, id := range ids {
			out[i] = id.String()
		}
		return out
	}
	return v.Format()
}

// partSep parts the cells of one source row, rowSep the rows.
const (
	partSep = "\t"
	rowSep  = "\n"
)

// PartRows makes a value out of source rows: the first cell of each is its key. Tabs and line breaks
// inside cells become spaces.
func PartRows(rows [][]string) Value {
	var b strings.Builder
	clean := strings.NewReplacer("\t", " ", "\n", " ", "\r", " ")
	for i, row := range rows {
		if i > 0 {
			b.WriteString(rowSep)
		}
		for j, cell := range row {
			if j > 0 {
				b.WriteString(partSep)
			}
			_, _ = clean.WriteString(&b, scrub(cell))
		}
	}
	return parts(b.String())
}

// parts makes a value of rows; rows of blanks alone are the empty value, as blank text is.
func parts(s string) Value {
	if strings.TrimSpace(s) == "" {
		return Value{}
	}
	return Value{t: TParts, s: scrub(s)}
}

// Rows returns the source rows of a TParts value.
func (v Value) Rows() [][]string {
	if v.t != TParts {
		return nil
	}
	lines := strings.Split(v.s, rowSep)
	out := make([][]string, len(lines))
	for i, l := range lines {
		out[i] = strings.Split(l, partSep)
	}
	return out
}
