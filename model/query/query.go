package query

import (
	"slices"
	"strings"

	"opsdeck/model/day"
)

// Type says how the values of a field are written and compared.
type Type uint8

// The types of fields.
const (
	Text   Type = iota // contains
	Number             // compared
	Money              // compared, in major units of the currency
	Date               // compared by day
	Time               // compared by its day in UTC
	Bool               // yes or no
	Pick               // equals one of Field.Values
	List               // several short texts, one of which equals
	Ref                // another record or a person; several names may stand for it
)

// String names the type in messages.
func (t Type) String() string {
	names := [...]string{"a text", "a number", "an amount", "a date", "a point in time", "yes or no", "a choice", "a list", "a reference"}
	if int(t) < len(names) {
		return names[t]
	}
	return "of unknown type"
}

// ordered tells whether values of the type are numbers behind the scenes.
func (t Type) ordered() bool { return t == Number || t == Money || t.calendar() }

func (t Type) calendar() bool { return t == Date || t == Time }

// Field is what the language knows of a field.
type Field struct {
	Name   string   // as it is written in a canonical filter
	Type   Type     // how it is compared
	Values []string // of a Pick: all of them; otherwise what completion offers
}

// Schema names the fields that a filter may use.
type Schema interface {
	// Field finds a field by its name in the schema's own spelling.
	Field(name string) (Field, bool)
	// Names lists the fields for completion, for suggestions, and for names in another case.
	Names() []string
}

// Env is what a filter needs to know of the moment and of the person who asks.
type Env struct {
	Today day.Day // day.None: distances from today match nothing
	Me    string  // "": field:me matches nothing
}

// Columns gives typed access to rows. Compile asks once for each column, and the functions that it
// gets are called for each row; a nil function stands for a column without values.
type Columns interface {
	// Words is the folded text in which bare words are looked for.
	Words() func(row int) string
	// Text is the folded text of a Text, Pick, List or Ref field, "" for no value. The entries of a
	// list, and the several names of a reference, are joined with ListSep.
	Text(field string) func(row int) string
	// Number is the value of the other fields: a number, money in major units (minor units divided
	// by their power of ten, not multiplied by a fraction, so that equality works), a bool as 0 or
	// 1, a date as its day.Day, a point in time as seconds since 1970 UTC.
	Number(field string) func(row int) (float64, bool)
}

// ListSep stands between the entries of a list in Columns.Text.
const ListSep = "\x1f"

// Limits that keep hostile filters cheap.
const (
	MaxLength = 4096 // runes in a filter
	MaxDepth  = 100  // parentheses within parentheses
)

// Expr is a parsed filter. The nil Expr and the zero Expr match every row.
type Expr struct{ root node }

// Empty tells whether the filter matches every row because nothing was asked.
func (e *Expr) Empty() bool { return e == nil || e.root == nil }

// String writes the canonical form, which parses to the same filter under the same schema.
func (e *Expr) String() string {
	if e.Empty() {
		return ""
	}
	var b strings.Builder
	e.root.print(&b, precOr)
	return b.String()
}

// Fields lists the fields that the filter looks at, sorted, each once.
func (e *Expr) Fields() []string {
	if e.Empty() {
		return nil
	}
	var names []string
	var visit func(node)
	visit = func(n node) {
		switch n := n.(type) {
		case and:
			for _, k := range n {
				visit(k)
			}
		case or:
			for _, k := range n {
				visit(k)
			}
		case not:
			visit(n.kid)
		case match:
			names = append(names, n.field)
		}
	}
	visit(e.root)
	slices.Sort(names)
	return slices.Compact(names)
}

// HasWords tells whether the filter looks for words in the text of the whole row.
func (e *Expr) HasWords() bool {
	var has func(node) bool
	has = func(n node) bool {
		switch n := n.(type) {
		case and:
			return slices.ContainsFunc(n, has)
		case or:
			return slices.ContainsFunc(n, has)
		case not:
			return has(n.kid)
		case word:
			return true
		}
		return false
	}
	return !e.Empty() && has(e.root)
}

// node is one of and, or, not, word, match. Nodes hold no positions, so that equal filters are
// equal values.
type node interface {
	print(b *strings.Builder, outer precedence)
	compile(c Columns, env Env) predicate
}

// The lists hold at least two nodes, none of the list's own kind.
type (
	and []node
	or  []node
	not struct{ kid node } // kid is no not
	// word is looked for in the text of the whole row.
	word struct{ pattern pattern }
	// match holds when one of the alternatives does.
	match struct {
		field string
		typ   Type
		alts  []alt
	}
)

// pattern is a text to look for. With glob, "*" stands for any text.
type pattern struct {
	text     string
	glob     bool
	unlisted bool // a choice that the schema does not list; such a one has to stand in quotes
}

type op uint8

const (
	opIs    op = iota // equals, contains, or lies within
	opExact           // "=" on a text: the whole of it
	opLess
	opLessEq
	opMore
	opMoreEq
	opRange // from lo to hi, either of which may be open
	opNone
	opAny
	opMe
)

// alt is one alternative of a field's values. Texts use pattern, everything else lo and hi.
type alt struct {
	op      op
	pattern pattern
	lo, hi  atom
}

// negate turns a node around; two negations cancel.
func negate(n node) node {
	if n, ok := n.(not); ok {
		return n.kid
	}
	return not{n}
}

// allOf joins nodes by "and".
func allOf(nodes []node) node { return joined[and](nodes) }

// anyOf joins nodes by "or".
func anyOf(nodes []node) node { return joined[or](nodes) }

// several is a node of other nodes.
type several interface {
	node
	~[]node
}

// joined joins nodes and keeps the tree flat.
func joined[T several](nodes []node) node {
	var flat T
	for _, n := range nodes {
		if inner, ok := n.(T); ok {
			flat = append(flat, inner...)
		} else {
			flat = append(flat, n)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return flat
}

// Narrows tells whether every row that e lets through is let through by wider as well, as far as that shows from
// the filters themselves: while somebody types on, what was found is all that has to be looked at.
func (e *Expr) Narrows(wider *Expr) bool {
	if wider.Empty() {
		return true
	}
	if e.Empty() {
		return false
	}
	have := conjuncts(e.root)
	for _, w := range conjuncts(wider.root) {
		if !slices.ContainsFunc(have, func(n node) bool { return implies(n, w) }) {
			return false
		}
	}
	return true
}

func conjuncts(n node) []node {
	if all, ok := n.(and); ok {
		return all
	}
	return []node{n}
}

// implies tells whether a condition can hold only where another one does: the same one, or the same words with
// more of them.
func implies(n, weaker node) bool {
	if a, ok := n.(word); ok {
		b, ok := weaker.(word)
		return ok && !a.pattern.glob && !b.pattern.glob && strings.Contains(Fold(a.pattern.text), Fold(b.pattern.text))
	}
	if a, ok := n.(match); ok {
		if b, ok := weaker.(match); ok && a.contains() && b.contains() && a.field == b.field {
			return strings.Contains(Fold(a.alts[0].pattern.text), Fold(b.alts[0].pattern.text))
		}
	}
	var a, b strings.Builder
	n.print(&a, precOr)
	weaker.print(&b, precOr)
	return a.String() == b.String()
}

// contains tells whether a condition looks for one text within another, and for nothing else.
func (n match) contains() bool {
	return n.typ == Text && len(n.alts) == 1 && n.alts[0].op == opIs && !n.alts[0].pattern.glob
}
