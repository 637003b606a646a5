package query

import (
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"acme":                   "acme",
		"Acme GmbH 1":            "acme gmbh 1",
		"Café ÑÚÑEZ":             "cafe nunez",
		"Cafe\u0301":             "cafe",
		"ＡＣＭＥ　（株）１２":             "acme (株)12",
		"ｶﾞｽ ﾊﾟｰﾄ":               "がす ぱーと",
		"ガス":                     "がす",
		"カス":                     "かす",
		"ヴァ":                     "ゔぁ",
		"がす":                     "がす",
		"株式会社":                   "株式会社",
		"Straße STRASSE ẞ":       "strasse strasse ss",
		"İstanbul ılık":          "istanbul ilik",
		"Ørsted Łódź Æsir":       "orsted lodz aesir",
		"ΣΊΣΥΦΟΣ σίσυφος":        "σισυφοσ σισυφοσ",
		"ﬁnance №5 ①":            "finance no5 1",
		"한국":                     "한국",
		"\u1112\u1161\u11ab국":    "한국",
		"Ac\u200bme\u202e\ufeff": "acme",
		"ที่ ดี":                 "ที่ ดี",
		"К\u2019й":               "к\u2019и",
		"a\u00a0b":               "a b",
		"👍🏽 ok":                  "👍🏽 ok",
		"\xff":                   "\ufffd",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldTwiceIsFoldOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.RuneFrom(nil, unicode.Latin, unicode.Mn, unicode.Katakana, unicode.Hangul, unicode.Greek))).Draw(t, "text")
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Fatalf("%q folds to %q, then to %q", s, once, twice)
		}
	})
}

func TestFoldOfPlainTextDoesNotAllocate(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { Fold("acme corporation 12") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
