package query

import (
	"slices"
	"strings"
)

// Candidate is a way to go on with a filter: runes From..To of it are replaced by Text.
type Candidate struct {
	Text     string // what is inserted, with quotes where they are needed
	Label    string // what is shown: the field or value itself
	From, To int    // runes
}

// Complete offers fields, or values of the field that stands before the cursor (in runes; out of
// range means the end). values returns what is known of a field's values and may be nil. Candidates
// that begin with what is typed come first, then those that contain it.
func Complete(text string, cursor int, s Schema, values func(field string) []string) []Candidate {
	p := &parser{src: []rune(text), schema: s}
	if cursor < 0 || cursor > len(p.src) {
		cursor = len(p.src)
	}
	p.src = p.src[:cursor]
	field, from := p.unfinished()
	if field == nil {
		return complete(fieldForms(s.Names()), string(p.src[from:]), from, cursor)
	}
	forms := valueForms(*field, values)
	if before := p.at(from - 1); before != ':' && before != ',' {
		forms = forms[:len(forms)-len(presence)] // Nothing is larger or smaller than none.
	}
	typed := strings.TrimPrefix(string(p.src[from:]), `"`)
	return complete(forms, typed, from, cursor)
}

// unfinished finds the token that the text ends in: the field whose value it is, or nil, and where
// the part to be completed begins.
func (p *parser) unfinished() (*Field, int) {
	for {
		p.space()
		for c := p.cur(); c == '(' || c == ')' || c == '-'; c = p.cur() {
			p.pos++
			p.space()
		}
		if p.done() {
			return nil, p.pos
		}
		start := p.pos
		var f *Field
		if p.cur() == '"' {
			name, err := p.quotation()
			if err != nil || p.done() {
				return nil, start
			}
			f = p.colon(name)
		} else {
			end := p.wordEnd(start)
			for p.pos < end && p.cur() != ':' {
				p.pos++
			}
			f = p.colon(string(p.src[start:p.pos]))
			if f == nil {
				p.pos = end
			}
		}
		if f != nil {
			if from, open := p.lastValue(*f); open {
				return f, from
			}
		} else if p.done() {
			return nil, start
		}
	}
}

// colon steps over the colon behind a known field.
func (p *parser) colon(name string) *Field {
	if p.cur() != ':' {
		return nil
	}
	f, ok := p.lookup(name)
	if !ok {
		return nil
	}
	p.pos++
	return &f
}

// lastValue steps over the values of a field and tells where the last begins and whether the text
// ends in it.
func (p *parser) lastValue(f Field) (from int, open bool) {
	for {
		for c := p.cur(); c == '<' || c == '>' || c == '='; c = p.cur() {
			p.pos++
		}
		if f.Type.ordered() && p.rangeAhead() {
			p.pos += 2
		}
		from = p.pos
		_, bare, err := p.atomText(f)
		if err != nil || p.done() && bare {
			return from, true
		}
		switch {
		case p.cur() == ',':
			p.pos++
		case !f.Type.ordered() || !p.rangeAhead():
			return from, false
		}
	}
}

// form is a candidate before it is placed.
type form struct{ label, text string }

func fieldForms(names []string) []form {
	forms := make([]form, len(names))
	for i, n := range names {
		text := n
		if !isName(n) {
			text = quote(n)
		}
		forms[i] = form{n, text + ":"}
	}
	return forms
}

func valueForms(f Field, values func(string) []string) []form {
	known := f.Values
	if len(known) == 0 && values != nil {
		known = values(f.Name)
	}
	var forms []form
	for _, v := range known {
		forms = append(forms, form{v, pattern{text: v}.String(f.Type)})
	}
	var words []string
	switch {
	case f.Type == Bool:
		words = []string{"yes", "no"}
	case f.Type == Ref:
		words = []string{"me"}
	case f.Type.calendar():
		words = []string{"today", "yesterday", "tomorrow", "-1w", "-1m", "-90d", "+1w", "+1m", "+90d"}
	}
	for _, w := range append(words, presence[:]...) {
		forms = append(forms, form{w, w})
	}
	return forms
}

// presence are the values that ask whether there is one; they come last among the candidates.
var presence = [...]string{"none", "any"}

func complete(forms []form, typed string, from, to int) []Candidate {
	typed = Fold(typed)
	var begins, contains []Candidate
	for _, f := range forms {
		c := Candidate{Text: f.text, Label: f.label, From: from, To: to}
		switch folded := Fold(f.label); {
		case strings.HasPrefix(folded, typed):
			begins = append(begins, c)
		case strings.Contains(folded, typed):
			contains = append(contains, c)
		}
	}
	return slices.Concat(begins, contains)
}
