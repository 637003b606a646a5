package kit

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"
)

func typeKeys(in *Input, keys ...string) (ev InputEvent) {
	for _, k := range keys {
		ev = in.Key(keyOf(k))
	}
	return ev
}

func inputScreen(in *Input, w, h int) (string, *Cursor) {
	c := NewCanvas(w, h)
	cur := in.Draw(c, c.Bounds(), NewTheme("none", true))
	return c.Text(), cur
}

func TestInputEdits(t *testing.T) {
	for _, tc := range []struct {
		name, start string
		keys        []string
		want        string // with | at the cursor
	}{
		{"letters", "", []string{"a", "space", "b"}, "a b|"},
		{"in the middle", "ac", []string{"left", "b"}, "ab|c"},
		{"whole clusters", "a👨\u200d👩\u200d👧e\u0301", []string{"left", "left", "delete"}, "a|e\u0301"},
		{"backspace takes the mark with its letter", "e\u0301", []string{"backspace"}, "|"},
		{"word left", "renews:<90d health", []string{"ctrl+w"}, "renews:<90d |"},
		{"word left over a sign", "renews:<90d", []string{"ctrl+left"}, "renews:<|90d"},
		{"word right", "one two", []string{"home", "alt+f"}, "one| two"},
		{"kill a word forward", "one two", []string{"home", "alt+d"}, "| two"},
		{"kill the last letter forward", "ab", []string{"left", "ctrl+delete"}, "a|"},
		{"kill a last space forward", "ab ", []string{"left", "alt+delete", "alt+d"}, "ab|"},
		{"the start and the end of all", "bc", []string{"ctrl+home", "a", "ctrl+end", "d"}, "abcd|"},
		{"kill both ways", "one two", []string{"alt+b", "ctrl+k", "x", "ctrl+u"}, "|"},
		{"home and end", "bc", []string{"home", "a", "end", "d"}, "abcd|"},
		{"no key beyond the ends", "a", []string{"right", "right", "left", "left", "left", "delete", "delete", "backspace"}, "|"},
		{"words of Japanese", "名前 東京", []string{"ctrl+w"}, "名前 |"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := NewInput("/")
			in.SetText(tc.start)
			typeKeys(in, tc.keys...)
			if got := in.edit.text[:in.edit.at] + "|" + in.edit.text[in.edit.at:]; got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// Whatever is pressed, the text stays valid and the cursor between two letters.
func TestEditStaysWhole(t *testing.T) {
	keys := []string{"left", "right", "home", "end", "ctrl+home", "ctrl+end", "ctrl+left", "ctrl+right", "alt+d", "backspace", "delete", "ctrl+w", "ctrl+u", "ctrl+k", "x", "界", "\u0301"}
	rapid.Check(t, func(t *rapid.T) {
		e := edit{lines: rapid.Bool().Draw(t, "lines")}
		e.set(hostileText().Draw(t, "text"))
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			e.key(keyOf(rapid.SampledFrom(keys).Draw(t, "key")))
			if rapid.Bool().Draw(t, "vertical") {
				e.vertical(rapid.SampledFrom([]int{-1, 1}).Draw(t, "d"), rapid.IntRange(1, 9).Draw(t, "w"))
			}
			if e.at < 0 || e.at > len(e.text) || !utf8.ValidString(e.text) || !utf8.ValidString(e.text[:e.at]) {
				t.Fatalf("cursor %d in %+q", e.at, e.text)
			}
		}
		covered := 0
		for i, l := range e.layout(rapid.IntRange(1, 12).Draw(t, "width")) {
			if i > 0 && l.from != covered && l.from != covered+1 {
				t.Fatalf("line %d starts at %d after %d", i, l.from, covered)
			}
			covered = l.to
		}
		if covered != len(e.text) {
			t.Fatalf("lines cover %d of %d bytes", covered, len(e.text))
		}
	})
}

func TestInputEvents(t *testing.T) {
	in := NewInput(":")
	for _, tc := range []struct {
		key  string
		want InputEvent
	}{
		{"a", InputChanged}, {"left", InputNone}, {"enter", InputSubmitted}, {"esc", InputCancelled}, {"ctrl+r", InputIgnored}, {"tab", InputNone},
	} {
		if got := typeKeys(in, tc.key); got != tc.want {
			t.Errorf("%s gave %v, want %v", tc.key, got, tc.want)
		}
	}
	in.Paste("b\nc\x1b")
	if got := in.Text(); got != "b ca" {
		t.Errorf("text %q", got)
	}
}

// A phone's keyboard sends a whole word at once. Where it happens to be the name of a key it is still text.
func TestWordsThatNameKeysAreText(t *testing.T) {
	for _, word := range []string{"left", "home", "delete", "enter", "esc", "tab", "up", "ctrl+u", "alt+d"} {
		in := NewInput("/")
		in.SetText("due ")
		if ev := in.Key(tea.KeyPressMsg{Code: tea.KeyExtended, Text: word}); ev != InputChanged || in.Text() != "due "+word {
			t.Errorf("the word %q gave %v and %q", word, ev, in.Text())
		}
	}
}

func TestInputHistory(t *testing.T) {
	in := NewInput("/")
	in.Remember("one")
	in.Remember("two")
	in.Remember("two")
	if !slices.Equal(in.History, []string{"one", "two"}) {
		t.Errorf("history %v", in.History)
	}
	in.SetText("draft")
	var got []string
	for _, k := range []string{"up", "up", "up", "down", "down", "down"} {
		typeKeys(in, k)
		got = append(got, in.Text())
	}
	if want := "two one one two draft draft"; strings.Join(got, " ") != want {
		t.Errorf("went through %v, want %v", got, want)
	}
}

func completing() *Input {
	in := NewInput("/")
	in.Complete = func(text string, cursor int) []Candidate {
		var out []Candidate
		from := strings.LastIndexByte(text[:cursor], ' ') + 1
		for _, w := range []string{"health:", "hello", "owner:"} {
			if word := text[from:cursor]; word != "" && strings.HasPrefix(w, word) {
				out = append(out, Candidate{Text: w, Help: "field", From: from, To: cursor})
			}
		}
		return out
	}
	return in
}

func TestInputCandidates(t *testing.T) {
	in := completing()
	typeKeys(in, "x", "space", "h", "e")
	screen, _ := inputScreen(in, 30, 4)
	if want := "/x he\n  health:  field\n  hello  field\n"; screen != want {
		t.Errorf("screen %q, want %q", screen, want)
	}
	typeKeys(in, "down", "down", "enter")
	if in.Text() != "x hello" {
		t.Errorf("took %q", in.Text())
	}
	if ev := typeKeys(in, "enter"); ev != InputSubmitted {
		t.Errorf("enter after taking gave %v", ev)
	}
	in = completing()
	if ev := typeKeys(in, "o", "tab"); ev != InputChanged || in.Text() != "owner:" {
		t.Errorf("tab took %q", in.Text())
	}
	in.Up = true
	in.SetText("h")
	typeKeys(in, "down")
	if screen, _ = inputScreen(in, 30, 5); screen != "\n\n> health:  field\n  hello  field\n/h" {
		t.Errorf("upwards %q", screen)
	}
	if in.Height(80, 9) != 3 || in.Height(80, 2) != 2 {
		t.Errorf("heights %d, %d", in.Height(80, 9), in.Height(80, 2))
	}
}

func TestInputShowsWhereTheErrorIs(t *testing.T) {
	in := NewInput("/")
	in.SetText("日本 arr:>1x")
	in.SetError(len("日本 arr:>"), "not a number")
	screen, cur := inputScreen(in, 40, 3)
	if want := "/日本 arr:>1x\n           ^ not a number\n"; screen != want {
		t.Errorf("screen %q, want %q", screen, want)
	}
	if cur == nil || cur.X != 13 {
		t.Errorf("cursor %+v, want column 13", cur)
	}
	screen, _ = inputScreen(in, 20, 3)
	if want := "/日本 arr:>1x\n           ^\nnot a number"; screen != want {
		t.Errorf("narrow: %q, want %q", screen, want)
	}
	in.SetError(len("日本 arr:>"), "not a number; write 250 or 100k")
	in.Up = true
	screen, _ = inputScreen(in, 20, 5)
	if want := "\nnot a number; write\n250 or 100k\n           ^\n/日本 arr:>1x"; screen != want {
		t.Errorf("upwards: %q, want %q", screen, want)
	}
	in.Up = false
	typeKeys(in, "x")
	if screen, _ = inputScreen(in, 40, 3); strings.Contains(screen, "^") {
		t.Errorf("the mark stays after the text changed: %q", screen)
	}
}

func TestLongInputScrollsWithTheCursor(t *testing.T) {
	in := NewInput("/")
	in.SetText(strings.Repeat("語", 30) + "END")
	screen, cur := inputScreen(in, 12, 1)
	if !strings.HasSuffix(screen, "END") || cur.X != 11 {
		t.Errorf("screen %q, cursor %+v", screen, cur)
	}
	typeKeys(in, "home")
	if screen, cur = inputScreen(in, 12, 1); !strings.HasPrefix(screen, "/語") || cur.X != 1 {
		t.Errorf("screen %q, cursor %+v", screen, cur)
	}
}
