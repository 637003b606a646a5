package erase

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"opsdeck/model"
	"opsdeck/model/same"
)

// Matcher finds words in texts however they are written: case, accents, composed or not, full or half width, kinds of
// spaces, hyphens and apostrophes, and characters that nobody sees make no difference. A word of letters is found where
// it stands by itself, not within another one; scripts that are written without spaces have no such border.
type Matcher struct {
	words []word
}

type word struct {
	text   string
	folded []byte
	rare   []byte // a part that the folded form of any text with the word in it has to contain
}

// NewMatcher makes a matcher of words, of which the longer ones come first.
func NewMatcher(words []string) *Matcher {
	m := &Matcher{}
	for _, w := range words {
		f := bytes.TrimSpace(fold(w).text)
		if len(f) > 0 && !slices.ContainsFunc(m.words, func(o word) bool { return bytes.Equal(o.folded, f) }) {
			m.words = append(m.words, word{text: w, folded: f, rare: rarePart(f)})
		}
	}
	slices.SortStableFunc(m.words, func(a, b word) int { return cmp.Compare(len(b.text), len(a.text)) })
	return m
}

// rarePart is the longest part of a folded word without what texts write in several ways. Its last letter is left
// away: bytes that follow a text in an encoding may look like marks on it.
func rarePart(folded []byte) []byte {
	var out []byte
	for _, part := range bytes.FieldsFunc(folded, func(r rune) bool { return r == ' ' || r == '-' || r == '\'' }) {
		if _, last := utf8.DecodeLastRune(part); len(part)-last > len(out) {
			out = part[:len(part)-last]
		}
	}
	return out
}

// folded is a text in the form in which words are compared. Of each byte it knows which bytes of the text it stands
// for, from start to before end.
type folded struct {
	text       []byte
	start, end []int
}

// fold brings a text into that form.
func fold(text string) folded {
	var f folded
	letters(text, func(letter string, start, end int) {
		if last := len(f.text) - 1; letter == " " && last >= 0 && f.text[last] == ' ' {
			f.end[last], letter = end, ""
		}
		for i := range len(letter) {
			f.text, f.start, f.end = append(f.text, letter[i]), append(f.start, start), append(f.end, end)
		}
	})
	return f
}

// letters goes through a text letter by letter, each in its plain form. A letter is what normal forms write as one or as
// several characters.
func letters(text string, put func(letter string, start, end int)) {
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if next, _ := utf8.DecodeRuneInString(text[at+size:]); common(r) && common(next) {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			switch {
			case r == ' ' || '\t' <= r && r <= '\r':
				put(" ", at, at+size)
			case r == '`':
				put("'", at, at+size)
			case r < utf8.RuneSelf:
				put(ascii[r:r+1], at, at+size)
			default:
				put(text[at:at+size], at, at+size)
			}
		} else {
			size = max(norm.NFKC.NextBoundaryInString(text[at:], true), 1)
			put(plain(text[at:at+size]), at, at+size)
		}
		at += size
	}
}

// common tells the characters that need no tables, as long as one of them follows, or nothing.
func common(r rune) bool {
	return r < utf8.RuneSelf || '一' <= r && r <= '龯' || 'ぁ' <= r && r <= 'ゖ' || r == utf8.RuneError
}

// ascii has every character of ASCII at its place.
var ascii = func() string {
	all := make([]byte, utf8.RuneSelf)
	for i := range all {
		all[i] = byte(i)
	}
	return string(all)
}()

// plain is a letter without what does not tell words apart.
func plain(letter string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.Is(unicode.Pd, r) || r == '\u2212':
			return '-'
		case strings.ContainsRune("\u2018\u2019\u02bc\u02b9\u2032\u00b4`", r):
			return '\''
		}
		return r
	}, same.FoldName(letter))
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
	if slices.ContainsFunc(m.words, func(w word) bool { return bytes.Contains(lower, w.rare) }) {
		return true
	}
	if !hasWide(raw) {
		return false
	}
	text := make([]byte, 0, len(raw))
	letters(string(raw), func(letter string, _, _ int) { text = append(text, letter...) })
	return slices.ContainsFunc(m.words, func(w word) bool { return bytes.Contains(text, w.rare) })
}

// hasWide tells whether bytes hold characters beyond ASCII.
func hasWide(raw []byte) bool {
	for i := 0; i < len(raw); i++ {
		if raw[i] < utf8.RuneSelf {
			continue
		}
		if r, size := utf8.DecodeRune(raw[i:]); r != utf8.RuneError || size > 1 {
			return true
		}
	}
	return false
}

// In tells whether a text names one of the words.
func (m *Matcher) In(text string) bool {
	f := fold(text)
	return slices.ContainsFunc(m.words, func(w word) bool { return w.at(text, f, 0) != nil })
}

// at finds the word in a text, of which the folded form is given, from a place on; nil where it is not there.
func (w *word) at(text string, f folded, from int) []int {
	for i := 0; ; i++ {
		next := bytes.Index(f.text[i:], w.folded)
		if next < 0 {
			return nil
		}
		i += next
		last := i + len(w.folded) - 1
		// Neither end may lie within a letter that folds into several, such as a ligature.
		whole := (i == 0 || f.start[i] != f.start[i-1]) && (last+1 == len(f.text) || f.start[last+1] != f.start[last])
		if span := []int{f.start[i], f.end[last]}; whole && span[0] >= from && free(text, span) {
			return span
		}
	}
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

// Strike puts Struck in the place of every word. Words that overlap, as a name and the same name with the family name
// first may, go together, so that no half of one is left.
func (m *Matcher) Strike(text string) string {
	f := fold(text)
	var spans [][]int
	for i := range m.words {
		for from := 0; ; {
			span := m.words[i].at(text, f, from)
			if span == nil {
				break
			}
			spans, from = append(spans, span), span[0]+1
		}
	}
	slices.SortFunc(spans, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	var out strings.Builder
	done := 0
	for i, span := range spans {
		if i == 0 || span[0] >= done {
			out.WriteString(text[done:span[0]])
			out.WriteString(Struck)
		}
		done = max(done, span[1])
	}
	out.WriteString(text[done:])
	return out.String()
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
