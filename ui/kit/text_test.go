package kit

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

func TestCleanShowsWhatWasTamperedWith(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"plain", "Acme Inc.", "Acme Inc."},
		{"letters", "Zoë 日本語", "Zoë 日本語"},
		{"escape", "a\x1b[31mb", "a␛[31mb"},
		{"backspace", "a\bb", "a␈b"},
		{"tab", "a\tb", "a b"},
		{"line breaks", "a\nb\r\nc\rd\u2028e\u0085f", "a↵b↵c↵d↵e↵f"},
		{"delete", "a\x7fb", "a␡b"},
		{"eight-bit control", "a\u009b31m", "a\ufffd31m"},
		{"not UTF-8", "a\xffb\xe6\x97", "a\ufffdb\ufffd\ufffd"},
		{"bidi override", "a\u202ecod\u202c", "acod"},
		{"bidi isolate and mark", "a\u2066b\u2069\u200f", "ab"},
		{"zero width", "a\u200bb\ufeffc\u00add", "abcd"},
		{"private use", "a\ue000\U000f1234", "a\ufffd\ufffd"},
		{"tag characters", "🏴\U000e0067\U000e007f", "🏴"},
		{"invisible filler", "a\u3164b", "a\ufffdb"},
		{"no-break space", "a\u00a0b", "a b"},
		{"emoji family", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"rainbow flag", "🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈"},
		{"joiner among letters", "a\u200db", "ab"},
		{"joiner at the end", "👨\u200d", "👨"},
		{"emoji form", "❤\ufe0f", "❤\ufe0f"},
		{"text form", "❤\ufe0e", "❤"},
		{"flag", "🇯🇵🇪🇸", "🇯🇵🇪🇸"},
		{"half a flag", "🇯x🇯🇵🇪", "Jx🇯🇵E"},
		{"stack of marks", "e\u0301\u0302\u0303\u0304\u0305", "e\u0301\u0302"},
		{"Hebrew points", "שָׁ", "שָׁ"},
		{"Thai AM", "กำ", "ก\u0e4d\u0e32"},
		{"mark after a space", "a \u0301", "a ◌\u0301"},
		{"voice marks", "ｶﾞ(ﾟ", "ｶﾞ(゜"},
		{"skin colour alone", "a🏽👍🏽", "a\ufffd👍🏽"},
		{"mark alone", "\u0301a", "◌\u0301a"},
		{"mark alone after a break", "a\n\u0301", "a↵◌\u0301"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Clean(tc.in); got != tc.want {
				t.Errorf("Clean(%+q) = %+q, want %+q", tc.in, got, tc.want)
			}
		})
	}
	if got, want := CleanLines("a\r\nb\x1b\rc\u2029d"), "a\nb␛\nc\nd"; got != want {
		t.Errorf("CleanLines = %+q, want %+q", got, want)
	}
}

func TestPlainTextIsNotCopied(t *testing.T) {
	for _, s := range []string{"Acme Corporation 42 (EMEA)", "株式会社 日本", "Müller & Söhne"} {
		if n := testing.AllocsPerRun(100, func() { _ = Width(Clean(s)) }); n != 0 {
			t.Errorf("Clean and Width of %q: %v allocations, want 0", s, n)
		}
	}
}

func TestWidth(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, "abc": 3, "日本": 4, "e\u0301": 1, "한국": 4, "\u1112\u1161\u11ab": 2, "👍🏽": 2, "👨\u200d👩\u200d👧\u200d👦": 2, "❤\ufe0f": 2,
		"🇯🇵": 2, "ｱ": 1, "ｶﾞ": 2, "Ａ": 2, "—": 1, "…": 1, "│": 1, "שלום": 4, "ไทย": 3, Clean("น้ำ"): 2, "1\ufe0f\u20e3": 2,
		// A terminal that counts by code point gives each consonant a cell; the other kind is padded.
		"स्ते": 2,
	} {
		if got := Width(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	}
}

// The fast path must give what the slow path would have given.
func TestSimpleWidthAgreesWithBothWaysOfCounting(t *testing.T) {
	for r := rune(0); r < 0x20000; r++ {
		if w := simpleWidth(r); w > 0 {
			if s := string(r); ansi.StringWidth(s) != w || ansi.StringWidthWc(s) != w {
				t.Errorf("%U: simple width %d, graphemes %d, code points %d", r, w, ansi.StringWidth(s), ansi.StringWidthWc(s))
			}
		}
	}
}

func TestCleanedTextIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := hostileText().Draw(t, "text")
		got, lines := Clean(s), CleanLines(s)
		if r := forbidden(got, false); r >= 0 || !utf8.ValidString(got) {
			t.Fatalf("Clean(%+q) = %+q holds %U", s, got, r)
		}
		if r := forbidden(lines, true); r >= 0 {
			t.Fatalf("CleanLines(%+q) = %+q holds %U", s, lines, r)
		}
		if again := Clean(got); again != got {
			t.Fatalf("not stable: Clean(%+q) = %+q, then %+q", s, got, again)
		}
	})
}

func TestPaddedTextFillsItsCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Clean(hostileText().Draw(t, "text"))
		w := rapid.IntRange(0, 24).Draw(t, "w")
		for name, got := range map[string]string{"right": PadRight(s, w), "left": PadLeft(s, w), "center": Center(s, w)} {
			if Width(got) != w {
				t.Fatalf("pad %s of %+q to %d: %+q takes %d", name, s, w, got, Width(got))
			}
		}
		cut := Truncate(s, w)
		switch {
		case Width(s) <= w && cut != s:
			t.Fatalf("Truncate(%+q, %d) = %+q although it fits", s, w, cut)
		case Width(s) > w && (Width(cut) > w || w > 0 && !strings.HasSuffix(cut, "…") || !strings.HasPrefix(s, strings.TrimSuffix(cut, "…"))):
			t.Fatalf("Truncate(%+q, %d) = %+q", s, w, cut)
		}
	})
}

// Each cluster is drawn in its cells by terminals of both kinds.
func TestDrawnClustersFillTheirCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Clean(hostileText().Draw(t, "text"))
		for s != "" {
			cl, cells := nextCluster(s)
			s = s[len(cl):]
			if cells == 0 {
				continue
			}
			for _, m := range []ansi.Method{ansi.WcWidth, ansi.GraphemeWidth} {
				if got := drawn(cl, cells, m); m.StringWidth(got) != cells {
					t.Fatalf("%+q has %d cells, is drawn by method %d as %+q in %d", cl, cells, m, got, m.StringWidth(got))
				}
			}
		}
	})
}

func TestWrapKeepsTheTextAndTheWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := hostileText().Draw(t, "text") + " and some plain words " + hostileText().Draw(t, "more")
		w := rapid.IntRange(1, 30).Draw(t, "w")
		bare := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
		lines := Wrap(s, w)
		if got, want := bare(strings.Join(lines, "")), bare(CleanLines(s)); got != want {
			t.Fatalf("Wrap(%+q, %d) lost text: %+q, want %+q", s, w, got, want)
		}
		for _, line := range lines {
			if cl, n := firstOf(line); Width(line) > w && (cl != line || n <= w) {
				t.Fatalf("Wrap(%+q, %d): line %+q takes %d", s, w, line, Width(line))
			}
		}
	})
}

func firstOf(s string) (string, int) {
	if s == "" {
		return "", 0
	}
	return nextCluster(s)
}

func TestWrapBreaksBetweenWords(t *testing.T) {
	got := strings.Join(Wrap("The quick brown fox\njumps over 日本語 text", 10), "|")
	if want := "The quick|brown fox|jumps over|日本語|text"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
