package query

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a text into the form in which texts are compared: compatibility forms are one
// (full and half width, ligatures), case and accents are gone, katakana is hiragana, and invisible
// format characters are dropped. Fold(Fold(s)) == Fold(s).
func Fold(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return foldUnicode(s)
		}
	}
	return strings.ToLower(s)
}

func foldUnicode(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		switch {
		case dropped(r):
		case r >= 'ァ' && r <= 'ヶ', r == 'ヽ', r == 'ヾ':
			b.WriteRune(r - ('ァ' - 'ぁ'))
		default:
			if plain, ok := lettersWithoutAccent[r]; ok {
				b.WriteString(plain)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return norm.NFKC.String(b.String())
}

// dropped tells whether a character of a decomposed text is an accent or invisible. Marks that
// belong to one script carry meaning there (a Thai vowel, the voicing of a kana) and stay.
func dropped(r rune) bool {
	if unicode.Is(unicode.Cf, r) {
		return true
	}
	return unicode.Is(unicode.Mn, r) && unicode.Is(unicode.Inherited, r) && r != '\u3099' && r != '\u309a'
}

// lettersWithoutAccent are the Latin letters that people type without their stroke or as two, and
// that Unicode does not take apart.
var lettersWithoutAccent = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ς': "σ",
}
