package kit

import (
	"strings"
	"unicode"

	"pgregory.net/rapid"
)

// hostile are pieces of text that have broken terminal programs: any mixture of them must be drawn in
// exactly the cells it is measured to take.
var hostile = []string{
	"", "a", "Acme Inc.", " ", "Müller", "e\u0301", "e\u0301\u0302\u0303\u0304", "\u0301x", "日本語", "株式会社", "한국어",
	"\u1112\u1161\u11ab", "ｶﾞﾌﾟｼｷ", "(ﾟ", "👍🏽", "👨\u200d👩\u200d👧\u200d👦", "❤\ufe0f", "❤", "1\ufe0f\u20e3", "🇯🇵", "🇯", "🏴\U000e0067\U000e0062\U000e007f",
	"🏳\ufe0f\u200d🌈", "नमस्ते", "क्षत्रिय", "ภาษาไทย", "שלום", "שָׁלוֹם", "العربية", "\u202eevil\u202c", "\u2066x\u2069", "\u200f", "\u200b", "\ufeff",
	"\x1b[31m", "\x1b]0;title\x07", "\x9b31m", "\u009b31m", "\b\b\b", "\t", "\r", "\n", "\r\n", "\u2028", "\x00", "\x7f", "\xff\xfe", "\xe6\x97", "\ue000",
	"\U000f0000", "\ufffe", "\ufffd", "\u00ad", "\u3164", "…", "─", "█", "ﷺ", "𒐫", "\u0600", "½", "①", "→", "✓", "🫠", "\u0e33", "\uff9f", "\u094d\u0937", "ﾞ",
}

// hostileText draws a mixture of the pieces, with random runes among them.
func hostileText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(
			rapid.SampledFrom(hostile), rapid.SampledFrom(hostile), rapid.StringN(0, 3, 12),
			rapid.StringOfN(rapid.RuneFrom(nil, unicode.M, unicode.So, unicode.Lo), 1, 3, -1),
		), 0, 8).Draw(t, "parts")
		return strings.Join(parts, "")
	})
}

// forbidden returns the first rune that may never reach a terminal, -1 when there is none.
func forbidden(s string, lines bool) rune {
	for _, r := range s {
		switch {
		case r == '\n' && lines:
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x61c:
			return r
		case r == 0x200b, r == 0x200c, r == 0xfeff, r == 0x2028, r == 0x2029, r >= 0xe0000 && r <= 0xe007f, unicode.Is(unicode.Co, r):
			return r
		}
	}
	return -1
}
