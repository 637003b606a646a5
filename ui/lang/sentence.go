package lang

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// pattern is an entry with verbs, taken apart: the pieces of the English text between its verbs.
type pattern struct {
	pieces []string
	weight int    // bytes of the pieces: the more of a sentence an entry spells out, the better it fits
	said   string // in the language, with every argument as text
}

// verb matches what fmt replaces by an argument.
const verb = `%[-+# 0]*(?:\d|\.\d)*[dsqvgf]`

// makePatterns takes the entries with verbs apart, those that spell out the most first. It runs when a
// sentence is said for the first time, and never for English.
func (l *Lang) makePatterns() []pattern {
	verbs := regexp.MustCompile(verb)
	numbered := regexp.MustCompile(`%(\[\d\])?[-+# 0]*(?:\d|\.\d)*[dqvgf]`)
	var out []pattern
	for _, english := range l.sentences {
		said := strings.Split(numbered.ReplaceAllString(l.words[english], "%${1}s"), plural)
		for i, form := range strings.Split(english, plural) {
			pieces := verbs.Split(form, -1)
			for k := range pieces {
				pieces[k] = strings.ReplaceAll(pieces[k], "%%", "%")
			}
			if plain := strings.Join(pieces, ""); len(pieces) > 1 && strings.Trim(plain, " :·,()") != "" {
				out = append(out, pattern{pieces, len(plain), said[min(i, len(said)-1)]})
			}
		}
	}
	slices.SortFunc(out, func(a, b pattern) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), slices.Compare(a.pieces, b.pieces))
	})
	return out
}

// maxDepth is how deep a sentence within a sentence is followed.
const maxDepth = 4

// Say says a whole English sentence whose parts are filled in already: what the model explains and
// what an error reports. The sentence is looked up as it stands, else by the entry whose text fits it
// with something in the place of each verb, and what stands there is said in the same way. Sentences
// that stand behind each other, parted by ";" or ":", are said one by one. What no entry fits is left in English, and so are names and values, which are nobody's words.
func (l *Lang) Say(text string) string {
	if l == nil || text == "" {
		return text
	}
	return l.say(text, 0)
}

func (l *Lang) say(text string, depth int) string {
	if t, ok := l.words[text]; ok {
		return t
	}
	if depth == maxDepth || len(text) > 2000 {
		return l.Value(text)
	}
	for _, p := range l.patterns() {
		if args, ok := p.match(text); ok {
			filled := make([]any, len(args))
			for i, a := range args {
				filled[i] = l.say(a, depth+1)
			}
			return fmt.Sprintf(p.said, filled...)
		}
	}
	for _, sep := range []string{" · ", "; ", ": ", ", "} {
		if left, right, two := strings.Cut(text, sep); two {
			x, y := l.say(left, depth+1), l.say(right, depth+1)
			if x != left || y != right {
				return x + sep + y
			}
		}
	}
	return l.Value(text)
}

// match takes out of a text what stands in the places of the verbs.
func (p pattern) match(text string) ([]string, bool) {
	last := len(p.pieces) - 1
	if len(text) < len(p.pieces[0])+len(p.pieces[last]) || !strings.HasPrefix(text, p.pieces[0]) || !strings.HasSuffix(text, p.pieces[last]) {
		return nil, false
	}
	text = text[len(p.pieces[0]) : len(text)-len(p.pieces[last])]
	args := make([]string, 0, last)
	for _, piece := range p.pieces[1:last] {
		i := strings.Index(text, piece)
		if i <= 0 || piece == "" {
			return nil, false
		}
		args = append(args, text[:i])
		text = text[i+len(piece):]
	}
	if text == "" {
		return nil, false
	}
	return append(args, text), true
}

// Value writes a number as the reader does, with the unit or currency behind it if there is one, and
// the days in a text.
func (l *Lang) Value(text string) string {
	if l == nil {
		return text
	}
	plain, unit, _ := strings.Cut(text, " ")
	plain = strings.ReplaceAll(strings.TrimPrefix(plain, "+"), ",", "")
	if _, err := strconv.ParseFloat(plain, 64); err != nil || len(unit) > 8 || strings.ContainsAny(plain, "eExXnN_") {
		return l.Dates(text)
	}
	said := l.Number(plain)
	if strings.HasPrefix(text, "+") {
		said = "+" + said
	}
	if unit != "" {
		said += " " + unit
	}
	return said
}
