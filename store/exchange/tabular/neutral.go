package tabular

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// A spreadsheet runs a cell that begins like a formula. Exported cells of that kind get a leading
// apostrophe, which spreadsheets take for "this is text". So that reading our own file back gives
// the value again, the rule is one to one: an apostrophe is added to every text that is a formula
// after any apostrophes it already begins with, and one is taken off under the same condition.
// "=1" is written as "'=1", and a text that really is "'=1" as "''=1".

// Neutralise returns the text as it may stand in a spreadsheet, and whether that differs from it.
func Neutralise(s string) (string, bool) {
	if runsAsFormula(strings.TrimLeft(s, "'")) {
		return "'" + s, true
	}
	return s, false
}

// Unneutralise takes back what Neutralise did, and tells whether there was anything to take back.
// It is right only for files that Neutralise was used on: elsewhere the apostrophe may be meant.
func Unneutralise(s string) (string, bool) {
	if rest, ok := strings.CutPrefix(s, "'"); ok && runsAsFormula(strings.TrimLeft(rest, "'")) {
		return rest, true
	}
	return s, false
}

// runsAsFormula tells whether a spreadsheet might evaluate the text. Leading space is looked
// through, full-width signs count because spreadsheets in East Asian locales fold them, and plain
// numbers such as -12.5 are left alone.
func runsAsFormula(s string) bool {
	body := strings.TrimLeft(s, " \u00a0\u3000")
	r, size := utf8.DecodeRuneInString(body)
	switch r {
	case '=', '@', '\t', '\r', '\n', '＝', '＠':
		return true
	case '+', '-', '＋', '－':
		return !isPlainNumber(body[size:])
	}
	return false
}

// isPlainNumber accepts digits with inner points and commas, and a percent sign.
func isPlainNumber(s string) bool {
	s = strings.TrimSuffix(s, "%")
	if s == "" || !isDigit(s[0]) || !isDigit(s[len(s)-1]) {
		return false
	}
	return strings.Trim(s, "0123456789.,") == ""
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// Original takes back what a writer of the format did to a text so that nothing would run it. Like Unneutralise
// it is right only for files of this program.
func Original(format, s string) string {
	if format == FormatDelimited {
		s = unescapeXLSX(s)
	}
	s, _ = Unneutralise(s)
	return s
}

// escapeControls writes control characters as Excel does in its own files, _x001B_, but for tabs and line
// breaks; so it does those that turn the direction of writing around for the text behind them. Marks that only
// say which way one place runs belong to Arabic and Hebrew and stay. A text that looks like such a number is
// escaped itself, so that each text has a form of its own.
func escapeControls(s string) string {
	if !strings.ContainsFunc(s, isObeyed) && !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		rest := s[i:]
		switch {
		case r == '\r' && strings.HasPrefix(rest, "\r\n"):
			b.WriteRune(r)
		case isObeyed(r), r == '_' && unescapeXLSX(rest[:min(len(rest), len("_x0000_"))]) != rest[:min(len(rest), len("_x0000_"))]:
			fmt.Fprintf(&b, "_x%04X_", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isObeyed tells the characters that a terminal does not draw but acts upon.
func isObeyed(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || r >= 0x7f && r <= 0x9f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// SafeJSON writes the characters of a JSON document that a terminal acts upon, or that nobody sees, as \u009b: outside
// strings there are none, so the document says the same.
func SafeJSON(raw []byte) []byte {
	if !bytes.ContainsFunc(raw, isUnseen) {
		return raw
	}
	out := make([]byte, 0, len(raw)+16)
	for _, r := range string(raw) {
		switch {
		case !isUnseen(r):
			out = utf8.AppendRune(out, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

func isUnseen(r rune) bool { return r >= 0x7f && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }
