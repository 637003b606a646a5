package table

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"opsdeck/model/query"
)

// collation orders texts as the readers of a language look for them: Chinese by pinyin, Spanish with ñ
// behind n. The weight of each character is asked of the library once; a text's key is made of them,
// which is ten times as fast as asking for the key of each text. What stands alike by its letters is
// ordered by folded text, which parts か from が.
type collation struct {
	tag     language.Tag
	ascii   [utf8.RuneSelf]string
	weights map[rune]string // of all others; never changed once it is made
}

// newCollation takes in the characters of the texts that it will order most.
func newCollation(lang string, texts *texts) *collation {
	c := plainCollation(lang)
	blocks := (len(texts.base) >> 18) + 1
	found := make([]map[rune]bool, blocks)
	inParallel(blocks, func(i int) {
		found[i] = map[rune]bool{}
		block := texts.base[i<<18 : min(len(texts.base), (i+1)<<18)]
		if !norm.NFC.IsNormalString(block) {
			block = norm.NFC.String(block)
		}
		for at := 0; at < len(block); at++ {
			if block[at] >= utf8.RuneSelf {
				r, size := utf8.DecodeRuneInString(block[at:])
				found[i][r] = true
				at += size - 1
			}
		}
	})
	library := c.library()
	for _, block := range found {
		for r := range block {
			if _, ok := c.weights[r]; !ok {
				c.weights[r] = weight(library, r)
			}
		}
	}
	return c
}

// plainCollation knows the weights of ASCII.
func plainCollation(lang string) *collation {
	c := &collation{tag: language.Make(lang), weights: map[rune]string{}}
	library := c.library()
	for r := range c.ascii {
		c.ascii[r] = weight(library, rune(r))
	}
	return c
}

// library looks at letters alone: accents that part no letters, case and width come later.
func (c *collation) library() *collate.Collator {
	return collate.New(c.tag, collate.IgnoreCase, collate.IgnoreDiacritics, collate.IgnoreWidth)
}

func weight(c *collate.Collator, r rune) string {
	var buf collate.Buffer
	return string(c.KeyFromString(&buf, string(r)))
}

// write adds the key of a text, of which the caller has the folded form, too.
func (c *collation) write(b *strings.Builder, text, folded string) {
	if !norm.NFC.IsNormalString(text) {
		text = norm.NFC.String(text)
	}
	for _, r := range text {
		if r < utf8.RuneSelf {
			b.WriteString(c.ascii[r])
			continue
		}
		w, ok := c.weights[r]
		if !ok {
			w = weight(c.library(), r)
		}
		b.WriteString(w)
	}
	b.WriteByte(0)
	b.WriteString(folded)
}

// collated are the keys of the fixed part of a dict in one language. Those of a cache have no collation
// until it is needed for another text.
type collated struct {
	by   func() *collation
	keys *pieces
}

// key returns the keys by which texts stand in the order of a language; without one they stand in the
// order of folded text. The keys of a language are made when it is asked for the first time.
func (d *dict) key(t *texts, lang string) func(code uint32) string {
	if lang == "" {
		return d.fold(t)
	}
	fold := d.fold(t)
	d.mu.Lock()
	defer d.mu.Unlock()
	have, ok := d.collated[lang]
	if !ok {
		by := newCollation(lang, t)
		have = &collated{func() *collation { return by }, joined(len(t.ends), func(b *strings.Builder, i int) { by.write(b, t.get(uint32(i)), fold(uint32(i))) })}
		if d.collated == nil {
			d.collated = map[string]*collated{}
		}
		d.collated[lang] = have
	}
	return func(code uint32) string {
		if int(code) < len(have.keys.ends) {
			return have.keys.get(int32(code))
		}
		var b strings.Builder
		have.by().write(&b, t.get(code), fold(code))
		return b.String()
	}
}

// Before tells whether a text stands before another in a language, as sorted lists have them.
func Before(lang, a, b string) bool {
	if lang == "" {
		return query.Fold(a) < query.Fold(b)
	}
	c := plainCollation(lang)
	var x, y strings.Builder
	c.write(&x, a, query.Fold(a))
	c.write(&y, b, query.Fold(b))
	return x.String() < y.String()
}
