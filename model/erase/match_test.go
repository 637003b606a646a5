package erase

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"opsdeck/model"
)

func TestWordsAreFoundHoweverTheyAreWritten(t *testing.T) {
	m := NewMatcher([]string{"José O'Brien-Smith", "Will", "李小龙", "田中ガク", "o@x.example", "Fin"})
	for text, want := range map[string]string{
		"Ask José O'Brien-Smith.":                        "Ask [erased].",
		norm.NFD.String("Ask José O'Brien-Smith."):       "Ask [erased].",
		"JOSE\u00a0O\u2019BRIEN\u2010SMITH!":             "[erased]!",
		"jose  o\u02bcbrien\u2013\u00adsmith":            "[erased]",
		"Ｊｏｓé\u3000Ｏ＇Ｂｒｉｅｎ－Ｓｍｉｔｈ came":                   "[erased] came",
		"José\nO'Brien-\u200bSmith":                      "[erased]",
		"\u202eJosé O'Brien-Smith\u202c":                 "\u202e[erased]\u202c",
		"Will will; Willow, goodwill, WILL-power, Wills": "[erased] [erased]; Willow, goodwill, [erased]-power, Wills",
		"我见到李小龙了":                                        "我见到[erased]了",
		norm.NFD.String("と田中ガクさん"):                       norm.NFD.String("と") + "[erased]" + norm.NFD.String("さん"),
		"田中ｶﾞｸ":                                          "[erased]",
		"O@X.EXAMPLE, no@x.example, o@x.examples":        "[erased], no@x.example, o@x.examples",
		"ﬁn; ﬁne; efﬁn":                                  "[erased]; ﬁne; efﬁn",
		"Jose\u0301":                                     "Jose\u0301",
		"\xff\xfeWill\xff":                               "\xff\xfe[erased]\xff",
		"":                                               "",
	} {
		if got := m.Strike(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
		if m.In(text) != (text != want) {
			t.Errorf("%q: found %v", text, m.In(text))
		}
		if text != want && !m.May([]byte(text)) {
			t.Errorf("%q is passed over", text)
		}
	}
}

// TestNoEncodingIsPassedOver: whatever stands around a text, and however it is written, May says yes where In does.
func TestNoEncodingIsPassedOver(t *testing.T) {
	forms := []func(string) string{norm.NFC.String, norm.NFD.String, norm.NFKC.String, norm.NFKD.String, strings.ToUpper, func(s string) string { return strings.ReplaceAll(s, " ", "\u2003") }}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringN(2, 12, 60).Draw(t, "word")
		text := rapid.SampledFrom(forms).Draw(t, "form")(word)
		m := NewMatcher([]string{word})
		if !m.In(text) {
			return // Some scripts have capitals that fold otherwise, some words nothing that is seen.
		}
		before, after := rapid.SliceOf(rapid.Byte()).Draw(t, "before"), rapid.SliceOf(rapid.Byte()).Draw(t, "after")
		if raw := bytes.Join([][]byte{before, []byte(text), after}, nil); !m.May(raw) && !broken(before) {
			t.Fatalf("%q in %q is passed over", text, raw)
		}
		if struck := m.Strike(text); m.In(struck) && !strings.Contains(Struck, strings.ToLower(word)) {
			t.Fatalf("%q is still in %q", word, struck)
		}
	})
}

// broken tells whether bytes end in the middle of a character, which what follows would complete.
func broken(raw []byte) bool { return len(raw) > 0 && raw[len(raw)-1] >= 0x80 }

func TestTextsFromBeforeAreKnown(t *testing.T) {
	for _, c := range []struct {
		struck, from string
		want         bool
	}{
		{"[erased] called", "Zoë called", true},
		{"[erased] called", "Zoë wrote", false},
		{"ask [erased] and [erased].", "ask Zoë and Bo.", true},
		{"ask [erased] and [erased].", "ask Zoë or Bo.", false},
		{"[erased]", "anything", true},
		{"aa[erased]aa", "aaa", false},
		{"nobody", "somebody", false},
	} {
		if got := Restores(model.Long(c.struck), model.Long(c.from)); got != c.want {
			t.Errorf("%q from %q: %v", c.struck, c.from, got)
		}
	}
}

func BenchmarkMay(b *testing.B) {
	m := NewMatcher([]string{"Wilhelmina Oakenshield", "w.oakenshield@example.com", "李小龙"})
	raw := []byte(strings.Repeat("Amberthorpe Electrical Supply Ltd 株式会社日本製鋼所 さくら Señor García ", 1000))
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if m.May(raw) {
			b.Fatal("found")
		}
	}
}
