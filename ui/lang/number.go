package lang

import (
	"fmt"
	"strconv"
	"strings"
)

// marks are the signs that a language puts between thousands and before decimals, and the fewest
// digits before the first sign: Spanish writes 1234 but 12.345.
func (l *Lang) marks() (group, decimal byte, least int) {
	if l.Code() == "es" {
		return '.', ',', 5
	}
	return ',', '.', 4
}

// Int writes a whole number with its thousands apart.
func (l *Lang) Int(n int64) string { return l.Number(strconv.FormatInt(n, 10)) }

// Decimal writes a number with so many places.
func (l *Lang) Decimal(f float64, places int) string {
	text := strconv.FormatFloat(f, 'f', places, 64)
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-") // Nothing is neither above nor below nothing.
	}
	return l.Number(text)
}

// Number writes a plain decimal such as -1234.50 as the reader does; it keeps all its places.
func (l *Lang) Number(plain string) string {
	group, decimal, least := l.marks()
	digits, negative := strings.CutPrefix(plain, "-")
	whole, frac, hasFrac := strings.Cut(digits, ".")
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 && len(whole) >= least {
			b.WriteByte(group)
		}
		b.WriteByte(whole[i])
	}
	if hasFrac {
		b.WriteByte(decimal)
		b.WriteString(frac)
	}
	return b.String()
}

// Date writes an ISO day, 2026-11-22, as the reader does. Every form is ten cells wide, so that
// columns of dates keep their width. What is no ISO day stays as it is.
func (l *Lang) Date(iso string) string {
	if len(iso) != 10 || iso[4] != '-' || iso[7] != '-' {
		return iso
	}
	switch l.Code() {
	case "ja":
		return iso[:4] + "/" + iso[5:7] + "/" + iso[8:]
	case "es":
		return iso[8:] + "/" + iso[5:7] + "/" + iso[:4]
	}
	return iso
}

// Month writes the month of an ISO day, 2026-11.
func (l *Lang) Month(iso string) string {
	if len(iso) < 7 || iso[4] != '-' {
		return iso
	}
	switch l.Code() {
	case "ja":
		return iso[:4] + "/" + iso[5:7]
	case "es":
		return iso[5:7] + "/" + iso[:4]
	}
	return iso[:7]
}

// Dates writes every ISO day within a text as the reader does.
func (l *Lang) Dates(text string) string {
	if code := l.Code(); code != "ja" && code != "es" {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		if isDay(text, i) {
			b.WriteString(l.Date(text[i : i+10]))
			i += 10
			continue
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// isDay tells whether an ISO day stands at a place of a text, by itself.
func isDay(s string, i int) bool {
	if len(s)-i < 10 || i > 0 && isDigit(s[i-1]) || len(s)-i > 10 && isDigit(s[i+10]) {
		return false
	}
	for k, c := range []byte(s[i : i+10]) {
		if dash := k == 4 || k == 7; dash != (c == '-') || !dash && !isDigit(c) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// List joins words as the language lists things.
func (l *Lang) List(words []string) string {
	switch l.Code() {
	case "zh", "ja":
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}

// Tag is the language as golang.org/x/text and terminals know it.
func (l *Lang) Tag() string {
	if l.Code() == "zh" {
		return "zh-Hans"
	}
	return l.Code()
}

// Percent writes a share of a hundred with one decimal.
func (l *Lang) Percent(f float64) string {
	if l.Code() == "es" {
		return l.Decimal(f, 1) + " %"
	}
	return fmt.Sprintf("%.1f%%", f)
}
