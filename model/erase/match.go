package erase

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"opsdeck/model"
)

// Matcher finds words in texts, whatever their case and the spaces in them. A word of letters is found where it
// stands by itself, not within another one; scripts that are written without spaces have no such border.
type Matcher struct {
	words []word
}

type word struct {
	text  string
	first []byte // lower case, up to the first space: what any text with the word in it has to contain
	re    *regexp.Regexp
}

// NewMatcher makes a matcher of words, of which the longer ones come first.
func NewMatcher(words []string) *Matcher {
	m := &Matcher{}
	for _, w := range words {
		parts := strings.Fields(w)
		if len(parts) == 0 || slices.ContainsFunc(m.words, func(o word) bool { return strings.EqualFold(o.text, w) }) {
			continue
		}
		for i, p := range parts {
			parts[i] = regexp.QuoteMeta(p)
		}
		m.words = append(m.words, word{
			text: w, first: []byte(strings.ToLower(strings.Fields(w)[0])), re: regexp.MustCompile(`(?i)` + strings.Join(parts, `\s+`)),
		})
	}
	slices.SortStableFunc(m.words, func(a, b word) int { return cmp.Compare(len(b.text), len(a.text)) })
	return m
}

// Words lists what is looked for.
func (m *Matcher) Words() []string {
	out := make([]string, len(m.words))
	for i := range m.words {
		out[i] = m.words[i].text
	}
	return out
}

// May tells whether an encoding may hold a text with one of the words in it. It is quick, and right when it says no.
func (m *Matcher) May(raw []byte) bool {
	lower := bytes.ToLower(raw)
	return slices.ContainsFunc(m.words, func(w word) bool { return bytes.Contains(lower, w.first) })
}

// In tells whether a text names one of the words.
func (m *Matcher) In(text string) bool {
	lower := []byte(nil)
	for i := range m.words {
		w := &m.words[i]
		if lower == nil {
			lower = bytes.ToLower([]byte(text))
		}
		if bytes.Contains(lower, w.first) && w.at(text, 0) != nil {
			return true
		}
	}
	return false
}

// at finds the word in a text from a place on; nil where it is not there.
func (w *word) at(text string, from int) []int {
	for from <= len(text) {
		span := w.re.FindStringIndex(text[from:])
		if span == nil {
			return nil
		}
		span = []int{from + span[0], from + span[1]}
		if free(text, span) {
			return span
		}
		_, size := utf8.DecodeRuneInString(text[span[0]:])
		from = span[0] + size
	}
	return nil
}

// free tells whether what stands at both ends of a span is not the rest of a longer word.
func free(text string, span []int) bool {
	first, _ := utf8.DecodeRuneInString(text[span[0]:])
	last, _ := utf8.DecodeLastRuneInString(text[:span[1]])
	before, _ := utf8.DecodeLastRuneInString(text[:span[0]])
	after, _ := utf8.DecodeRuneInString(text[span[1]:])
	return !joined(before, first) && !joined(last, after)
}

func joined(a, b rune) bool { return spelled(a) && spelled(b) }

// spelled tells letters and digits of scripts that put spaces between words.
func spelled(r rune) bool {
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// Strike puts Struck in the place of every word.
func (m *Matcher) Strike(text string) string {
	for i := range m.words {
		w := &m.words[i]
		for from := 0; ; {
			span := w.at(text, from)
			if span == nil {
				break
			}
			text = text[:span[0]] + Struck + text[span[1]:]
			from = span[0] + len(Struck)
		}
	}
	return text
}

// InValue is In for what a field holds.
func (m *Matcher) InValue(v model.Value) bool {
	switch v.Type() {
	case model.TText, model.TLong:
		return m.In(v.Str())
	case model.TList, model.TParts:
		return m.In(v.Format()) || slices.ContainsFunc(v.Items(), m.In)
	}
	return false
}

// StrikeValue is Strike for what a field holds.
func (m *Matcher) StrikeValue(v model.Value) model.Value {
	switch v.Type() {
	case model.TText:
		return model.Text(m.Strike(v.Str()))
	case model.TLong:
		return model.Long(m.Strike(v.Str()))
	case model.TList:
		items := v.Items()
		for i := range items {
			items[i] = m.Strike(items[i])
		}
		return model.List(items...)
	case model.TParts:
		rows := v.Rows()
		for _, row := range rows {
			for i := range row {
				row[i] = m.Strike(row[i])
			}
		}
		return model.PartRows(rows)
	}
	return v
}
