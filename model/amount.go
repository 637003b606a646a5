package model

import (
	"strings"
)

// plainNumber turns a number as people write it into the plain decimal that machines read: 1,234 and
// 1 234 → 1234, 1.234,56 → 1234.56, 12,5 → 12.5, 12k → 12e3, 3.5m → 3.5e6, 2万 → 2e4. A single point is
// always the decimal one; a single comma before just three digits parts thousands. What could be read in
// two ways otherwise, such as 1,23,456 or 1.234.5, is not read at all: ok is false.
func plainNumber(s string) (plain string, ok bool) {
	s, exp := magnitude(strings.TrimSpace(s))
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\'', '’', '_', '\u00a0', '\u2009', '\u202f':
			return -1
		}
		return r
	}, s)
	sign := ""
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = strings.TrimPrefix(s[:1], "+"), s[1:]
	}
	comma, point := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
	whole, frac := s, ""
	var group string
	switch {
	case comma >= 0 && point >= 0:
		last := max(comma, point)
		whole, frac, group = s[:last], s[last+1:], string(s[min(comma, point)])
	case point >= 0 && strings.Count(s, ".") > 1:
		group = "."
	case point >= 0:
		whole, frac = s[:point], s[point+1:]
	case comma >= 0 && (strings.Count(s, ",") > 1 || len(s)-comma == 4 && s[0] != '0' && comma > 0):
		group = ","
	case comma >= 0:
		whole, frac = s[:comma], s[comma+1:]
	}
	whole, ok = ungroup(whole, group)
	if !ok || !digits(whole) || !digits(frac) || whole+frac == "" {
		return "", false
	}
	if frac != "" {
		frac = "." + frac
	}
	return sign + whole + frac + exp, true
}

// magnitude takes off the letter that stands for thousands, millions or billions, and the Chinese and
// Japanese words for ten thousand and a hundred million.
func magnitude(s string) (rest, exp string) {
	for _, m := range [][2]string{{"k", "e3"}, {"m", "e6"}, {"bn", "e9"}, {"b", "e9"}, {"万", "e4"}, {"萬", "e4"}, {"亿", "e8"}, {"億", "e8"}} {
		if n := len(s) - len(m[0]); n > 0 && strings.EqualFold(s[n:], m[0]) {
			return strings.TrimSpace(s[:n]), m[1]
		}
	}
	return s, ""
}

// ungroup takes the signs between thousands away, if they stand where they should.
func ungroup(s, sign string) (string, bool) {
	if sign == "" {
		return s, true
	}
	parts := strings.Split(s, sign)
	for i, p := range parts {
		if i == 0 && (p == "" || len(p) > 3) || i > 0 && len(p) != 3 {
			return "", false
		}
	}
	return strings.Join(parts, ""), true
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
