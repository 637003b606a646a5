package query

import (
	"strconv"
	"strings"
	"unicode"
)

// precedence says how tightly the surroundings of a printed node bind.
type precedence uint8

const (
	precOr precedence = iota
	precAnd
	precNot
)

func (n and) print(b *strings.Builder, outer precedence) {
	printList(b, n, " ", precAnd, outer > precAnd)
}

func (n or) print(b *strings.Builder, outer precedence) {
	printList(b, n, " or ", precAnd, outer > precOr)
}

func printList(b *strings.Builder, kids []node, sep string, inner precedence, parens bool) {
	if parens {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	for i, k := range kids {
		if i > 0 {
			b.WriteString(sep)
		}
		k.print(b, inner)
	}
}

func (n not) print(b *strings.Builder, _ precedence) {
	b.WriteByte('-')
	n.kid.print(b, precNot)
}

func (n word) print(b *strings.Builder, _ precedence) {
	if n.pattern.glob || plain(n.pattern.text) && !isOr(n.pattern.text) {
		b.WriteString(n.pattern.text)
		return
	}
	b.WriteString(quote(n.pattern.text))
}

func (n match) print(b *strings.Builder, _ precedence) {
	if isName(n.field) {
		b.WriteString(n.field)
	} else {
		b.WriteString(quote(n.field))
	}
	b.WriteByte(':')
	for i, a := range n.alts {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(a.text(n.typ, i > 0))
	}
}

// text writes an alternative; follows tells that a comma stands before it.
func (a alt) text(t Type, follows bool) string {
	switch a.op {
	case opNone:
		return "none"
	case opAny:
		return "any"
	case opMe:
		return "me"
	}
	sign := map[op]string{opExact: "=", opLess: "<", opLessEq: "<=", opMore: ">", opMoreEq: ">="}[a.op]
	if t == Bool {
		return map[bool]string{true: "yes", false: "no"}[a.lo.num == 1]
	}
	if !t.ordered() {
		return sign + a.pattern.String(t)
	}
	lo := a.lo.String()
	if follows && threeDigits(lo) {
		lo = quote(lo) // Otherwise the comma before would look like a thousands separator.
	}
	if a.op == opRange {
		return lo + ".." + a.hi.String()
	}
	return sign + lo
}

func threeDigits(s string) bool {
	return len(s) >= 3 && digit(rune(s[0])) && digit(rune(s[1])) && digit(rune(s[2])) && (len(s) == 3 || !digit(rune(s[3])))
}

// String writes a text so that it reads back as the same pattern behind "field:".
func (p pattern) String(t Type) string {
	_, special := keyword(Field{Type: t}, p.text)
	if p.glob || plain(p.text) && !special && !p.unlisted {
		return p.text
	}
	return quote(p.text)
}

// String writes a number or a date in its canonical form.
func (a atom) String() string {
	switch a.kind {
	case atomNumber:
		return strconv.FormatFloat(a.num, 'f', -1, 64)
	case atomDay:
		return a.date.String()
	case atomMonth:
		return a.date.String()[:7]
	case atomYear:
		return a.date.String()[:4]
	case atomDistance:
		return a.distance()
	}
	return ""
}

func (a atom) distance() string {
	if a.unit == 'd' {
		switch a.n {
		case 0:
			return "today"
		case -1:
			return "yesterday"
		case 1:
			return "tomorrow"
		}
	}
	sign := ""
	if a.n > 0 {
		sign = "+"
	}
	return sign + strconv.Itoa(a.n) + string(a.unit)
}

// plain tells whether a text needs no quotes: letters and digits, with harmless signs between.
func plain(s string) bool {
	for i, r := range s {
		inner := i > 0 && strings.ContainsRune("-.@/&'#", r)
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && !inner {
			return false
		}
	}
	return s != ""
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
