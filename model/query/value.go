package query

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"opsdeck/model/day"
)

// atom is a number or a date as it was written. The zero atom is an open end of a range.
type atom struct {
	kind atomKind
	num  float64 // a number; 0 or 1 for a bool
	date day.Day // the first day of a day, month or year
	unit byte    // of a distance from today: d, w, m or y
	n    int     // of a distance
}

type atomKind uint8

const (
	atomOpen atomKind = iota
	atomNumber
	atomDay
	atomMonth
	atomYear
	atomDistance
)

// values reads one or more alternatives behind "field:".
func (p *parser) values(f Field, start int) ([]alt, *Error) {
	if p.breaks(p.pos) && p.cur() != '"' {
		return nil, p.fail(start, p.pos, "a value is missing after "+quoted(f.Name+":"), "write it without a space, or "+f.Name+":none for rows without one")
	}
	var alts []alt
	for {
		a, err := p.alt(f)
		if err != nil {
			return nil, err
		}
		alts = append(alts, a)
		if p.cur() != ',' {
			return alts, nil
		}
		p.pos++
		if p.breaks(p.pos) && p.cur() != '"' {
			return nil, p.fail(p.pos-1, p.pos, "a value is missing after the comma", "remove the comma, or put a value that holds one in quotes")
		}
	}
}

func (p *parser) alt(f Field) (alt, *Error) {
	start := p.pos
	o, err := p.operator(f)
	if err != nil {
		return alt{}, err
	}
	if f.Type.ordered() {
		return p.orderedAlt(f, o, start)
	}
	text, bare, err := p.atomText(f)
	if err != nil {
		return alt{}, err
	}
	if bare && o == opIs {
		if a, ok := keyword(f, text); ok {
			return a, nil
		}
	}
	if f.Type == Bool {
		return p.boolAlt(f, text, start)
	}
	return p.textAlt(f, o, text, bare, start)
}

// operator reads a comparison and refuses what the field's type does not have.
func (p *parser) operator(f Field) (op, *Error) {
	start, o := p.pos, opIs
	switch p.cur() {
	case '<':
		o = opLess
	case '>':
		o = opMore
	case '=':
		if f.Type == Text {
			o = opExact
		}
	case '!':
		if p.at(p.pos+1) == '=' {
			return 0, p.fail(start, start+2, "there is no “!=”", "put a minus in front of the field: -"+f.Name+":value")
		}
		return o, nil
	default:
		return o, nil
	}
	p.pos++
	if p.cur() == '=' && (o == opLess || o == opMore) {
		o++
		p.pos++
	}
	if o != opIs && o != opExact && !f.Type.ordered() {
		return 0, p.fail(start, p.pos, f.Name+" is "+f.Type.String()+" and has no larger and smaller", "write "+f.Name+":value")
	}
	if c := p.cur(); c == '<' || c == '>' || c == '=' {
		return 0, p.fail(start, p.pos+1, "this comparison does not exist", "use one of < <= > >= =, or put the value in quotes")
	}
	return o, nil
}

// atomText reads one quoted or bare value. Bare values end at a comma, and at ".." where the
// field's type has ranges.
func (p *parser) atomText(f Field) (text string, bare bool, err *Error) {
	if p.cur() == '"' {
		text, err = p.quotation()
		return text, false, err
	}
	start := p.pos
	for ; !p.breaks(p.pos); p.pos++ {
		if f.Type.ordered() && p.rangeAhead() {
			break
		}
		if p.cur() == ',' && !(f.Type.ordered() && !f.Type.calendar() && p.thousandsAhead(start)) {
			break
		}
	}
	return string(p.src[start:p.pos]), true, nil
}

func (p *parser) rangeAhead() bool { return p.cur() == '.' && p.at(p.pos+1) == '.' }

var thousandsBefore = regexp.MustCompile(`^[+-]?[0-9]{1,3}(,[0-9]{3})*$`)

// thousandsAhead tells whether the comma at the position groups digits of the number that began
// at start.
func (p *parser) thousandsAhead(start int) bool {
	const longest = 40 // runes; bounds the work on a hostile list
	if p.pos-start > longest {
		return false
	}
	for i := 1; i <= 3; i++ {
		if !digit(p.at(p.pos + i)) {
			return false
		}
	}
	return !digit(p.at(p.pos+4)) && thousandsBefore.MatchString(string(p.src[start:p.pos]))
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

// keyword reads the values that mean something else than themselves.
func keyword(f Field, text string) (alt, bool) {
	switch {
	case strings.EqualFold(text, "none"):
		return alt{op: opNone}, true
	case strings.EqualFold(text, "any"), text == "*":
		return alt{op: opAny}, true
	case f.Type == Ref && strings.EqualFold(text, "me"):
		return alt{op: opMe}, true
	}
	return alt{}, false
}

func (p *parser) textAlt(f Field, o op, text string, bare bool, start int) (alt, *Error) {
	a := alt{op: o, pattern: pattern{text: text}}
	if bare {
		a.pattern = bareFrom([]rune(text))
	}
	if err := p.checkText(text, start); err != nil {
		return alt{}, err
	}
	if a.pattern.glob {
		a.op = opIs // A text with "*" is compared as a whole anyway.
		if Fold(strings.ReplaceAll(a.pattern.text, "*", "")) == "" {
			return alt{op: opAny}, nil
		}
	}
	if f.Type == Pick && len(f.Values) > 0 && !a.pattern.glob {
		for _, v := range f.Values {
			if Fold(v) == Fold(text) {
				a.pattern.text = v
				return a, nil
			}
		}
		a.pattern.unlisted = true
		if bare {
			return alt{}, p.fail(start, p.pos, f.Name+" is never "+quoted(text), choices(text, f.Values)+"; put it in quotes to look for it all the same")
		}
	}
	return a, nil
}

// choices names the values near to a text, or else the first of all.
func choices(text string, values []string) string {
	if near := nearest(text, values); len(near) > 0 {
		return "did you mean " + strings.Join(near, ", ") + "?"
	}
	const shown = 8
	all := make([]string, 0, shown)
	for _, v := range values[:min(shown, len(values))] {
		all = append(all, visible([]rune(v)))
	}
	hint := "it is one of " + strings.Join(all, ", ")
	if len(values) > shown {
		hint += ", …"
	}
	return hint
}

func (p *parser) boolAlt(f Field, text string, start int) (alt, *Error) {
	switch Fold(text) {
	case "yes", "y", "true", "on", "1":
		return alt{op: opIs, lo: atom{kind: atomNumber, num: 1}}, nil
	case "no", "n", "false", "off", "0":
		return alt{op: opIs, lo: atom{kind: atomNumber, num: 0}}, nil
	}
	return alt{}, p.fail(start, p.pos, f.Name+" is yes or no, not "+quoted(text), "write "+f.Name+":yes or "+f.Name+":no")
}

func (p *parser) orderedAlt(f Field, o op, start int) (alt, *Error) {
	lo := atom{}
	if !p.rangeAhead() {
		from := p.pos
		text, bare, err := p.atomText(f)
		if err != nil {
			return alt{}, err
		}
		if a, ok := keyword(f, text); ok && bare && o == opIs && !p.rangeAhead() {
			return a, nil
		}
		if lo, err = p.atom(f, text, from); err != nil {
			return alt{}, err
		}
	}
	if !p.rangeAhead() {
		return alt{op: o, lo: lo}, nil
	}
	if o != opIs || p.at(start) == '=' {
		return alt{}, p.fail(start, p.pos+2, "a comparison and a range do not go together", "write either >a or a..b")
	}
	p.pos += 2
	hi := atom{}
	if c := p.cur(); c == '"' || c != ',' && !p.breaks(p.pos) {
		from := p.pos
		text, _, err := p.atomText(f)
		if err != nil {
			return alt{}, err
		}
		if hi, err = p.atom(f, text, from); err != nil {
			return alt{}, err
		}
	}
	a := alt{op: opRange, lo: lo, hi: hi}
	if lo.kind == atomOpen && hi.kind == atomOpen {
		return alt{}, p.fail(start, p.pos, "both ends of the range are missing", "write a..b, a.. or ..b")
	}
	if a.backwards() {
		return alt{}, p.fail(start, p.pos, "the range ends before it begins", "swap its ends")
	}
	return a, nil
}

// backwards tells whether a range is empty whatever day it is.
func (a alt) backwards() bool {
	if a.lo.kind == atomOpen || a.hi.kind == atomOpen {
		return false
	}
	if a.lo.kind == atomDistance || a.hi.kind == atomDistance {
		return a.lo.kind == a.hi.kind && a.lo.unit == a.hi.unit && a.lo.n > a.hi.n
	}
	first, _, _ := a.lo.span(day.None)
	_, last, _ := a.hi.span(day.None)
	return first > last
}

func (p *parser) atom(f Field, text string, start int) (atom, *Error) {
	if f.Type.calendar() {
		if a, ok := dateAtom(Fold(text)); ok {
			return a, nil
		}
		return atom{}, p.fail(start, p.pos, quoted(text)+" is not a date", "write 2026-11-22, 2026-11, 2026, today, -2w or +90d")
	}
	if a, ok := numberAtom(Fold(text)); ok {
		return a, nil
	}
	return atom{}, p.fail(start, p.pos, quoted(text)+" is not a number", "write 250, 1,234.5, 100k or 1.5m")
}

var numberForm = regexp.MustCompile(`^([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(\.[0-9]+)?([km]?)$`)

func numberAtom(text string) (atom, bool) {
	m := numberForm.FindStringSubmatch(text)
	if m == nil || m[2] == "" && m[3] == "" {
		return atom{}, false
	}
	// The suffix becomes an exponent, so that 4.35k is the number nearest to 4350.
	exponent := map[string]string{"": "", "k": "e3", "m": "e6"}[m[4]]
	n, err := strconv.ParseFloat(m[1]+strings.ReplaceAll(m[2], ",", "")+m[3]+exponent, 64)
	if err != nil {
		return atom{}, false
	}
	if n == 0 {
		n = 0 // Minus nought prints differently.
	}
	return atom{kind: atomNumber, num: n}, true
}

var (
	distanceForm = regexp.MustCompile(`^([+-]?[0-9]{1,5})([dwmy])$`)
	monthForm    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}$`)
	yearForm     = regexp.MustCompile(`^[0-9]{4}$`)
)

func dateAtom(text string) (atom, bool) {
	switch text {
	case "today":
		return atom{kind: atomDistance, unit: 'd'}, true
	case "yesterday":
		return atom{kind: atomDistance, unit: 'd', n: -1}, true
	case "tomorrow":
		return atom{kind: atomDistance, unit: 'd', n: 1}, true
	}
	if m := distanceForm.FindStringSubmatch(text); m != nil {
		n, err := strconv.Atoi(m[1])
		if n == 0 {
			m[2] = "d" // Nought weeks are nought days: one form for one meaning.
		}
		return atom{kind: atomDistance, unit: m[2][0], n: n}, err == nil
	}
	kind, full := atomDay, text
	switch {
	case monthForm.MatchString(text):
		kind, full = atomMonth, text+"-01"
	case yearForm.MatchString(text):
		kind, full = atomYear, text+"-01-01"
	}
	d, err := day.Parse(full)
	return atom{kind: kind, date: d}, err == nil
}

// span returns the first and the last number that the atom stands for: one number twice, or the
// days of a date. It is false for a distance from a day that is not known.
func (a atom) span(today day.Day) (first, last float64, ok bool) {
	switch a.kind {
	case atomNumber:
		return a.num, a.num, true
	case atomDay:
		return float64(a.date), float64(a.date), true
	case atomMonth:
		return float64(a.date), float64(a.date.MonthEnd()), true
	case atomYear:
		year, _, _ := a.date.Date()
		return float64(a.date), float64(day.Of(year, time.December, 31)), true
	case atomDistance:
		if !today.IsSet() {
			return 0, 0, false
		}
		d := a.from(today)
		return d, d, true
	}
	return math.Inf(-1), math.Inf(1), true
}

// from moves a day by the distance.
func (a atom) from(today day.Day) float64 {
	switch a.unit {
	case 'w':
		return float64(today) + 7*float64(a.n)
	case 'm':
		return float64(today.AddMonths(a.n))
	case 'y':
		return float64(today.AddMonths(12 * a.n))
	}
	return float64(today) + float64(a.n)
}
