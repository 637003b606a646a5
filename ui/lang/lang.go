// Package lang holds the words of the program in the languages that it speaks, and writes numbers,
// money and dates as their readers do.
//
// English is what the code itself says: a text on a screen is written in English where it is used and
// goes through T, N or In of the session's Lang. The catalogue, the files of the folder words, has
// what the other languages say for it. To add a text:
//
//  1. Write it in English where it is shown: l.T("%s of %s rows", n, all). Numbers come as text from
//     l.Int, so that each language writes them its way. A count of things goes through N, which takes
//     the singular and the plural: l.N(n, "%s row", "%s rows", l.Int(n)).
//
//  2. Add an entry to the file of words that is nearest to it, or to a file of your own:
//
//     %s of %s rows
//     _ zh 共 %[2]s 行，显示 %[1]s 行
//     _ ja %[2]s 行中 %[1]s 行
//     _ es %s de %s filas
//
//     (the _ stands for two spaces). The first line is the English text as the code has it, with \n
//     for a line break. Every language has one line. A verb that changes its place is numbered, as fmt
//     does it. The entry of a count is "%s row | %s rows"; a language with two forms parts them with
//     " | " as well. A word that means two things gets a second entry for the place that it is in,
//     "[state] open", which In asks for. Lines that begin with # are remarks.
//
//  3. Run the tests of ui: they name every text without an entry, ready to be filled in, every entry
//     that nobody uses, and every translation whose verbs differ.
//
// What the model explains and what an error says comes in English with its values filled in already. Say
// takes such a sentence apart; its entry has fmt's verbs where the values are. A short one stands in
// a file whose name begins with why or sentences.
//
// What is data and not words is never translated: names, filters, commands, keys of JSON, and what
// people have written.
package lang

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed words
var files embed.FS

// Lang is a language with its words. It is immutable, and nil speaks English.
type Lang struct {
	code      string
	words     map[string]string
	sentences []string // the texts that come with their values filled in
	patterns  func() []pattern
}

// Codes lists the languages, English first.
func Codes() []string { return []string{"en", "zh", "ja", "es"} }

// Name is what a language calls itself.
func Name(code string) string {
	switch code {
	case "zh":
		return "简体中文"
	case "ja":
		return "日本語"
	case "es":
		return "Español"
	}
	return "English"
}

// New returns a language by its code. English, and what is not known, needs no catalogue.
func New(code string) *Lang {
	if code == "en" || !slices.Contains(Codes(), code) {
		return nil
	}
	l := &Lang{code: code, words: map[string]string{}}
	for _, e := range entries() {
		text, ok := e.text(code)
		if !ok {
			continue
		}
		l.words[unescape(e.english)] = unescape(text)
		base := path.Base(e.file)
		if strings.HasPrefix(base, "sentences") || strings.HasPrefix(base, "why") || len(e.english) >= longSentence {
			l.sentences = append(l.sentences, unescape(e.english))
		}
	}
	l.patterns = sync.OnceValue(l.makePatterns)
	return l
}

// Code is the language's code: en, zh, ja or es.
func (l *Lang) Code() string {
	if l == nil {
		return "en"
	}
	return l.code
}

// T says an English text in the language, with fmt's verbs filled in. A text that the catalogue does
// not have is said in English.
func (l *Lang) T(text string, args ...any) string {
	if l != nil {
		if t, ok := l.words[text]; ok {
			text = t
		}
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// N says how many there are of something: one where n is 1, many else. Both get the same args.
func (l *Lang) N(n int, one, many string, args ...any) string {
	if l != nil {
		if t, ok := l.words[one+plural+many]; ok {
			var two bool
			if one, many, two = strings.Cut(t, plural); !two {
				many = one
			}
		}
	}
	if n == 1 {
		return fmt.Sprintf(one, args...)
	}
	return fmt.Sprintf(many, args...)
}

// In says a word that may mean another thing elsewhere: the entry "[place] word" goes before "word".
func (l *Lang) In(place, word string) string {
	if l == nil {
		return word
	}
	if t, ok := l.words["["+place+"] "+word]; ok {
		return t
	}
	return l.T(word)
}

// plural parts the forms of a count.
const plural = " | "

// longSentence is from how many bytes on an entry of any file is a sentence that Say may take apart: what is
// shorter, such as "%s of %s", would fit what people have written.
const longSentence = 30

// entry is an English text with what the languages say for it, as raw lines of a file.
type entry struct {
	english string
	file    string
	line    int
	texts   []string // "zh …"
}

func (e entry) text(code string) (string, bool) {
	for _, t := range e.texts {
		if text, ok := strings.CutPrefix(t, code+" "); ok {
			return text, true
		}
	}
	return "", false
}

// entries reads the catalogue. The files come with the program and are held right by a test.
func entries() []entry {
	var out []entry
	names, _ := fs.Glob(files, "words/*.txt")
	for _, name := range names {
		text, _ := fs.ReadFile(files, name)
		n := 0
		for line := range strings.Lines(string(text)) {
			n++
			line = strings.TrimRight(line, "\r\n")
			switch {
			case line == "" || line[0] == '#':
			case strings.HasPrefix(line, "  "):
				if len(out) > 0 {
					out[len(out)-1].texts = append(out[len(out)-1].texts, line[2:])
				}
			default:
				out = append(out, entry{english: line, file: name, line: n})
			}
		}
	}
	return out
}

// Texts lists the English texts of the catalogue, for the test that finds those that nobody says.
func Texts() []string {
	all := entries()
	out := make([]string, len(all))
	for i, e := range all {
		out[i] = unescape(e.english)
	}
	return out
}

func unescape(s string) string { return strings.ReplaceAll(s, `\n`, "\n") }
