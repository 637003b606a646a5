package query

import (
	"math"
	"slices"
	"strings"
)

// predicate is a compiled node; cost orders the tests of an "and" or "or" so that cheap ones come
// first.
type predicate struct {
	holds func(row int) bool
	cost  int
}

// Costs in rising order: reading a number, comparing a short text, searching a text, searching the
// whole row.
const (
	costNumber = 1 + iota
	costEqual
	costSearch
	costWords
)

// Compile binds the filter to rows. The result is safe for use by several goroutines when the
// functions of the columns are.
func (e *Expr) Compile(c Columns, env Env) func(row int) bool {
	if e.Empty() {
		return func(int) bool { return true }
	}
	return e.root.compile(c, env).holds
}

func compileAll(kids []node, c Columns, env Env) ([]func(int) bool, int) {
	preds := make([]predicate, len(kids))
	cost := 0
	for i, k := range kids {
		preds[i] = k.compile(c, env)
		cost += preds[i].cost
	}
	slices.SortStableFunc(preds, func(a, b predicate) int { return a.cost - b.cost })
	holds := make([]func(int) bool, len(preds))
	for i, p := range preds {
		holds[i] = p.holds
	}
	return holds, cost
}

func (n and) compile(c Columns, env Env) predicate {
	tests, cost := compileAll(n, c, env)
	if len(tests) == 2 {
		a, b := tests[0], tests[1]
		return predicate{func(row int) bool { return a(row) && b(row) }, cost}
	}
	return predicate{func(row int) bool {
		for _, t := range tests {
			if !t(row) {
				return false
			}
		}
		return true
	}, cost}
}

func (n or) compile(c Columns, env Env) predicate {
	tests, cost := compileAll(n, c, env)
	return predicate{func(row int) bool {
		for _, t := range tests {
			if t(row) {
				return true
			}
		}
		return false
	}, cost}
}

func (n not) compile(c Columns, env Env) predicate {
	p := n.kid.compile(c, env)
	return predicate{func(row int) bool { return !p.holds(row) }, p.cost}
}

func (n word) compile(c Columns, _ Env) predicate {
	words := c.Words()
	if words == nil {
		return never
	}
	if !n.pattern.glob {
		needle := Fold(n.pattern.text)
		return predicate{func(row int) bool { return strings.Contains(words(row), needle) }, costWords}
	}
	test := n.pattern.within()
	return predicate{func(row int) bool { return test(words(row)) }, costWords}
}

var never = predicate{func(int) bool { return false }, 0}

func (n match) compile(c Columns, env Env) predicate {
	if n.typ.ordered() || n.typ == Bool {
		return n.compileNumber(c.Number(n.field), env)
	}
	return n.compileText(c.Text(n.field), env)
}

// interval is a closed interval of numbers.
type interval struct{ lo, hi float64 }

func (n match) compileNumber(get func(int) (float64, bool), env Env) predicate {
	if get == nil {
		get = func(int) (float64, bool) { return 0, false }
	}
	var missing, present bool
	var within []interval
	for _, a := range n.alts {
		switch in, ok := a.interval(n.typ, env); {
		case a.op == opNone:
			missing = true
		case a.op == opAny:
			present = true
		case ok:
			within = append(within, in)
		}
	}
	if len(within) == 1 && !missing && !present {
		in := within[0]
		return predicate{func(row int) bool {
			v, ok := get(row)
			return ok && v >= in.lo && v <= in.hi
		}, costNumber}
	}
	return predicate{func(row int) bool {
		v, ok := get(row)
		if !ok {
			return missing
		}
		if present { // Also where the value compares with nothing.
			return true
		}
		for _, in := range within {
			if v >= in.lo && v <= in.hi {
				return true
			}
		}
		return false
	}, costNumber}
}

// interval turns an alternative into the numbers that satisfy it. Open ends are made closed by
// stepping to the neighbouring number.
func (a alt) interval(t Type, env Env) (interval, bool) {
	first, last, ok := a.lo.span(env.Today)
	if !ok {
		return interval{}, false
	}
	if t == Time {
		// The seconds of a day: from its midnight to just before the next.
		first, last = first*86400, math.Nextafter((last+1)*86400, math.Inf(-1))
	}
	in := interval{first, last}
	switch a.op {
	case opLess:
		in = interval{math.Inf(-1), math.Nextafter(first, math.Inf(-1))}
	case opLessEq:
		in = interval{math.Inf(-1), last}
	case opMore:
		in = interval{math.Nextafter(last, math.Inf(1)), math.Inf(1)}
	case opMoreEq:
		in = interval{first, math.Inf(1)}
	case opRange:
		hi, ok := alt{lo: a.hi}.interval(t, env)
		return interval{first, hi.hi}, ok
	}
	return in, true
}

func (n match) compileText(get func(int) string, env Env) predicate {
	if get == nil {
		get = func(int) string { return "" }
	}
	cost := costEqual
	if n.typ == Text {
		cost = costSearch
	}
	tests := make([]func(string) bool, len(n.alts))
	for i, a := range n.alts {
		tests[i] = a.textTest(n.typ, env)
	}
	if len(tests) == 1 {
		test := tests[0]
		return predicate{func(row int) bool { return test(get(row)) }, cost}
	}
	return predicate{func(row int) bool {
		text := get(row)
		for _, t := range tests {
			if t(text) {
				return true
			}
		}
		return false
	}, cost}
}

func (a alt) textTest(t Type, env Env) func(string) bool {
	needle := Fold(a.pattern.text)
	switch {
	case a.op == opNone:
		return func(s string) bool { return s == "" }
	case a.op == opAny:
		return func(s string) bool { return s != "" }
	case a.op == opMe && env.Me == "":
		return func(string) bool { return false }
	case a.op == opMe:
		needle = Fold(env.Me)
	case t == Text && a.pattern.glob:
		return a.pattern.whole()
	case a.op == opExact:
		return func(s string) bool { return s == needle }
	case t == Text:
		return func(s string) bool { return strings.Contains(s, needle) }
	case a.pattern.glob:
		return anyEntry(a.pattern.whole())
	}
	return anyEntry(func(s string) bool { return s == needle })
}

// anyEntry applies a test to each entry of a list; an empty list has none.
func anyEntry(test func(string) bool) func(string) bool {
	return func(s string) bool {
		for s != "" {
			entry, rest, more := strings.Cut(s, ListSep)
			if test(entry) {
				return true
			}
			if !more {
				return false
			}
			s = rest
		}
		return false
	}
}

// pieces are the folded texts between the stars of a pattern.
func (p pattern) pieces() []string {
	parts := strings.Split(p.text, "*")
	for i := range parts {
		parts[i] = Fold(parts[i])
	}
	return parts
}

// within tests whether the pieces occur in a text, one after the other.
func (p pattern) within() func(string) bool {
	parts := p.pieces()
	return func(s string) bool {
		_, ok := inOrder(s, parts)
		return ok
	}
}

// whole tests whether the pattern is the whole text: the first piece begins it, the last ends it.
func (p pattern) whole() func(string) bool {
	parts := p.pieces()
	first, middle, last := parts[0], parts[1:len(parts)-1], parts[len(parts)-1]
	return func(s string) bool {
		s, ok := strings.CutPrefix(s, first)
		if !ok {
			return false
		}
		s, ok = inOrder(s, middle)
		return ok && strings.HasSuffix(s, last)
	}
}

// inOrder looks for pieces one after the other and returns what follows the last.
func inOrder(s string, parts []string) (rest string, ok bool) {
	for _, part := range parts {
		i := strings.Index(s, part)
		if i < 0 {
			return "", false
		}
		s = s[i+len(part):]
	}
	return s, true
}
