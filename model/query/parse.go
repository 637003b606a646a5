package query

import (
	"strings"
	"unicode"
)

// Parse reads a filter. Every error is an *Error.
func Parse(text string, s Schema) (*Expr, error) {
	p := &parser{src: []rune(text), schema: s}
	if len(p.src) > MaxLength {
		return nil, p.fail(MaxLength, len(p.src), "the filter is too long", "shorten it to 4096 characters")
	}
	p.space()
	if p.done() {
		return &Expr{}, nil
	}
	root, err := p.or()
	if err != nil {
		return nil, err
	}
	if !p.done() {
		return nil, p.fail(p.pos, p.pos+1, "nothing was opened that “)” could close", "remove it, or put it in quotes to search for it")
	}
	return &Expr{root: root}, nil
}

type parser struct {
	src    []rune
	pos    int
	depth  int
	schema Schema
}

// fail makes an error over the runes from..to and keeps it inside the text.
func (p *parser) fail(from, to int, msg, hint string) *Error {
	from = max(0, min(from, len(p.src)-1))
	to = max(min(to, len(p.src)), min(from+1, len(p.src)))
	return &Error{Pos: from, Len: to - from, Msg: msg, Hint: hint, text: p.src}
}

func (p *parser) done() bool { return p.pos >= len(p.src) }

// at returns the punctuation at a position; the end of the text is 0.
func (p *parser) at(i int) rune {
	if i >= len(p.src) {
		return 0
	}
	return punctuation(p.src[i])
}

func (p *parser) cur() rune { return p.at(p.pos) }

func (p *parser) space() {
	for !p.done() && unicode.IsSpace(p.src[p.pos]) {
		p.pos++
	}
}

// punctuation reads full-width and curly punctuation as the plain one, because input methods for
// Chinese and Japanese produce it.
func punctuation(r rune) rune {
	switch r {
	case '“', '”', '＂':
		return '"'
	case '（', '）', '：', '，', '＜', '＞', '＝', '－', '＊':
		return r - ('！' - '!')
	}
	return r
}

// breaks tells whether a bare word ends before position i.
func (p *parser) breaks(i int) bool {
	if i >= len(p.src) || unicode.IsSpace(p.src[i]) {
		return true
	}
	c := p.at(i)
	return c == '(' || c == ')' || c == '"'
}

// wordEnd returns the end of the bare word that starts at i.
func (p *parser) wordEnd(i int) int {
	for !p.breaks(i) {
		i++
	}
	return i
}

func (p *parser) or() (node, *Error) {
	var kids []node
	for {
		kid, err := p.and()
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
		if !p.orAhead() {
			return anyOf(kids), nil
		}
		p.pos += 2
	}
}

// orAhead tells whether the word "or" comes next.
func (p *parser) orAhead() bool {
	p.space()
	return p.wordEnd(p.pos) == p.pos+2 && isOr(string(p.src[p.pos:p.pos+2]))
}

func isOr(s string) bool { return strings.EqualFold(s, "or") }

func (p *parser) and() (node, *Error) {
	var kids []node
	for {
		if p.orAhead() || p.done() || p.cur() == ')' {
			break
		}
		kid, err := p.term()
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
	}
	if len(kids) > 0 {
		return allOf(kids), nil
	}
	const hint = "write a condition there, or put the word in quotes to search for it"
	switch {
	case p.orAhead():
		return nil, p.fail(p.pos, p.pos+2, "nothing stands before “or”", hint)
	case p.depth > 0 && p.cur() == ')':
		return nil, p.fail(p.pos, p.pos+1, "a condition is missing before “)”", "write one there, or remove the parentheses")
	case p.cur() == ')':
		return nil, p.fail(p.pos, p.pos+1, "nothing was opened that “)” could close", "remove it, or put it in quotes to search for it")
	}
	return nil, p.fail(len(p.src)-1, len(p.src), "a condition is missing at the end", hint)
}

func (p *parser) term() (node, *Error) {
	start, negative := p.pos, false
	for p.cur() == '-' {
		negative = !negative
		p.pos++
	}
	if c := p.cur(); p.done() || unicode.IsSpace(c) || c == ')' {
		return nil, p.fail(start, p.pos, "nothing follows “-”", `write what to leave out, or "-" in quotes to search for it`)
	}
	n, err := p.primary()
	if err != nil {
		return nil, err
	}
	if negative {
		n = negate(n)
	}
	return n, nil
}

func (p *parser) primary() (node, *Error) {
	switch p.cur() {
	case '(':
		return p.group()
	case '"':
		start := p.pos
		text, err := p.quotation()
		if err != nil {
			return nil, err
		}
		if p.cur() == ':' {
			p.pos++
			return p.named(text, start)
		}
		if err := p.checkText(text, start); err != nil {
			return nil, err
		}
		return word{pattern{text: text}}, nil
	}
	return p.bare()
}

func (p *parser) group() (node, *Error) {
	open := p.pos
	if p.depth >= MaxDepth {
		return nil, p.fail(open, open+1, "too many parentheses within one another", "split the filter")
	}
	p.pos++
	p.depth++
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	p.depth--
	if p.cur() != ')' {
		return nil, p.fail(open, open+1, "this parenthesis is not closed", "add “)”, or put it in quotes to search for it")
	}
	p.pos++
	return n, nil
}

// quotation reads from an opening quote through the closing one. \" and \\ stand for " and \.
func (p *parser) quotation() (string, *Error) {
	open := p.pos
	plain := p.src[open] == '"'
	var text []rune
	for p.pos++; !p.done(); p.pos++ {
		r := p.src[p.pos]
		switch {
		case r == '\\' && p.pos+1 < len(p.src) && (p.src[p.pos+1] == '"' || p.src[p.pos+1] == '\\'):
			p.pos++
			text = append(text, p.src[p.pos])
		// Curly quotes are text inside plain ones.
		case r == '"', !plain && punctuation(r) == '"':
			p.pos++
			return string(text), nil
		default:
			text = append(text, r)
		}
	}
	return "", p.fail(open, len(p.src), "this quote is not closed", `add " at the end`)
}

// bare reads a field with its values, or a word.
func (p *parser) bare() (node, *Error) {
	start, end := p.pos, p.wordEnd(p.pos)
	for i := start; i < end; i++ {
		switch p.at(i) {
		case ':':
			name, rest := string(p.src[start:i]), string(p.src[i+1:end])
			_, known := p.lookup(name)
			if known || isName(name) && !strings.HasPrefix(rest, "//") {
				p.pos = i + 1
				return p.named(name, start)
			}
			return p.word(start, end)
		case '<', '>', '=':
			if i == start {
				return nil, p.fail(start, end, "a comparison needs a field in front of it", "write it as arr:>100k, or put it in quotes to search for it")
			}
			if f, ok := p.lookup(string(p.src[start:i])); ok {
				return nil, p.fail(start, end, "“:” is missing between the field and the comparison",
					"write "+f.Name+":"+visible(p.src[i:min(end, i+40)])+", or put it in quotes to search for it")
			}
		}
	}
	return p.word(start, end)
}

func (p *parser) word(start, end int) (node, *Error) {
	p.pos = end
	pat := bareFrom(p.src[start:end])
	if err := p.checkText(strings.ReplaceAll(pat.text, "*", ""), start); err != nil {
		return nil, err
	}
	return word{pat}, nil
}

// bareFrom makes a pattern out of unquoted text, in which "*" stands for any text.
func bareFrom(text []rune) pattern {
	s := strings.ReplaceAll(string(text), "＊", "*")
	return pattern{text: s, glob: strings.Contains(s, "*")}
}

// checkText refuses texts of which nothing is left to look for: they would match every row.
func (p *parser) checkText(text string, start int) *Error {
	if Fold(text) != "" {
		return nil
	}
	return p.fail(start, p.pos, "there is nothing to search for", "write field:none or field:any to ask whether a field has a value")
}

// named reads the values of a field; the position is behind the colon.
func (p *parser) named(name string, start int) (node, *Error) {
	f, ok := p.lookup(name)
	if !ok {
		hint := "put it in quotes to search for the text"
		if near := nearest(name, p.schema.Names()); len(near) > 0 {
			hint = "did you mean " + strings.Join(near, ", ") + "? Otherwise " + hint
		}
		return nil, p.fail(start, p.pos-1, "there is no field "+quoted(name), hint)
	}
	alts, err := p.values(f, start)
	if err != nil {
		return nil, err
	}
	return match{field: f.Name, typ: f.Type, alts: alts}, nil
}

// lookup finds a field in the schema's spelling, or in any case.
func (p *parser) lookup(name string) (Field, bool) {
	return findField(p.schema, name)
}

func findField(s Schema, name string) (Field, bool) {
	if f, ok := s.Field(name); ok {
		return f, true
	}
	for _, n := range s.Names() {
		if strings.EqualFold(n, name) {
			return s.Field(n)
		}
	}
	return Field{}, false
}

// isName tells whether a text looks like the name of a field, so that a colon after it is meant.
func isName(s string) bool {
	for i, r := range s {
		switch {
		case unicode.IsLetter(r), r == '_':
		case i > 0 && (unicode.IsDigit(r) || unicode.IsMark(r) || r == '-' || r == '.'):
		default:
			return false
		}
	}
	return s != ""
}
