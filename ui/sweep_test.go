package ui_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"opsdeck/model"
	"opsdeck/model/sample"
	"opsdeck/store"
	"opsdeck/ui"
)

// hostile are texts that have broken terminal programs.
func hostile() []string {
	return []string{
		"evil\x1b[2J\x1b]0;title\x07\x1b[31mred", "\u202egnp.exe\u202c \u2066x\u2069\u200f\u200e", "zero\u200b\u200c\u200d\ufeff\u2060width", "back\b\b\b\bspace\r\x7f\x00",
		strings.Repeat("日本語の長い文章。", 8200), strings.Repeat("Donaudampfschifffahrt", 40), "株式会社日本製鋼所", "👩\u200d🚀👨\u200d👩\u200d👧🇯🇵🏴\U000e0067\U000e007f❤\ufe0f👍🏽", "e\u0301\u0302\u0303\u0304\u0305\u0306x\u0301",
		"two\nlines\ttab\u2028sep", "ﷺ नमस्ते क्षत्रिय ภาษาไทย שָׁלוֹם العربية", "\xff\xfe\xe6\x97 \ue000", "ｶﾞﾌﾟ 𒐫 ﾞ \u3164\u00ad", " ", "\"quoted\" (or) -x:y; a\\b",
	}
}

// hostileBook holds a small company in whose records every text is hostile.
func hostileBook(t *testing.T) *store.Book {
	t.Helper()
	b := newBook(t, 0)
	texts := hostile()
	n, set := 0, 0
	var ops []model.Op
	err := sample.Generate(sample.Options{Customers: 30, Seed: 3, Today: today}, func(r *model.Record) error {
		if r.Kind == model.User || r.Kind == model.Setting {
			ops = append(ops, model.CreateOp(r))
			return nil
		}
		for _, f := range model.SchemaOf(r.Kind).Stored() {
			// A prime step leads each field of each kind through all the texts.
			n += 7
			if v, ok := hostileValue(f, texts[n%len(texts)], n); ok && model.ValidateField(r.Kind, f.Name, v) == nil {
				r.Set(f.Name, v)
				set++
			}
		}
		r.Set("x.evil", model.Text(texts[n%len(texts)]))
		ops = append(ops, model.CreateOp(r))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if set < 2000 {
		t.Fatalf("only %d fields took a hostile text", set)
	}
	label := "label\u202e\x1b[2J " + strings.Repeat("界", 300)
	if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "eve\x1b[31m", Label: label, Source: "sample", Ops: ops}); err != nil {
		t.Fatal(err)
	}
	return b
}

// hostileValue makes a field's value of a text; the names of records stay different from each other.
func hostileValue(f *model.Field, text string, n int) (model.Value, bool) {
	switch {
	case f.Has(model.FHidden) || f.Name == "currency":
		return model.Value{}, false
	case f.Type == model.TLong:
		return model.Long(text), true
	case f.Type == model.TText && f.Has(model.FRequired):
		return model.Text(fmt.Sprint(text, n)), true
	case f.Type == model.TText && f.Name != "external_id":
		return model.Text(text), true
	case f.Type == model.TPerson:
		return model.Person(text), true
	case f.Type == model.TList:
		return model.List(text, "b"), true
	}
	return model.Value{}, false
}

// states are the screens of the program by the keys that lead to them.
func states() map[string][]string {
	return map[string][]string{
		"customers": {"1"}, "segments": {"2"}, "segments by owner": {"2", "b", "b", "b", "b"}, "renewals": {"3"}, "queue": {"4", "A"}, "today": {"0", "A"},
		"last row": {"G", "l", "l", "l", "l", "l", "l"}, "marked": {"space", "space", "v"}, "without detail": {"d"},
		"customer": {"enter"}, "customer's sections": {"enter", "]", "]"}, "customer's end": {"enter", "G"}, "brief": {"enter", "b"},
		"filter": {"/"}, "filter's fields": {"/", "o"}, "filter's values": {"/", "o", "w", "n", "e", "r", ":"}, "wrong filter": {"/", "t", "i", "e", "r", ":", "X"},
		"command": {":"}, "command's words": {":", "s"}, "help": {"?"}, "palette": {"ctrl+k"}, "palette's customers": {"ctrl+k", "e", "v"},
		"history": {"U"}, "step": {"U", "enter"}, "log": {"L"}, "why": {"l", "w"}, "why revenue": {"l", "l", "l", "w"}, "why rank": {"0", "A", "w"},
		"edit": {"e"}, "edit's list": {"e", "tab", "tab", "tab", "tab", "tab", "tab", "space"}, "edit item": {"4", "A", "e"}, "edit's end": {"e", "up", "shift+tab"},
		"wrong form": {"a", "ctrl+s"}, "leave form": {"e", "x", "esc"}, "add": {"enter", "a"}, "add contact": {"enter", "a", "c"}, "add touch": {"enter", "a", "t"},
		"touch": {"t"}, "snooze": {"0", "A", "z"}, "figures": {"f"}, "renewal figures": {"3", "f"}, "columns": {"c"}, "views": {"V"}, "many": {"space", "space", "e"},
		"removal of many": {"space", "space", "D"}, "refusal": {"D"}, "unknown key": {"K"},
		"picker": letters("Itestdata/"), "picker's error": letters("Inowhere/x"), "import": letters(":import testdata/import.csv", "enter"),
		"import's columns": letters(":import testdata/import.csv", "enter", "]", "j"), "import's row": letters(":import testdata/import.csv", "enter", "G", "enter"),
		"import's cells": letters(":import testdata/import.csv", "enter", "v", "e", "e"), "import's field": letters(":import testdata/import.csv", "enter", "]", "enter", "a"),
		"import's options": letters(":import testdata/import.csv", "enter", "o"), "import's question": letters(":import testdata/import.csv", "enter", "ctrl+s"),
		"import's errors": letters(":import testdata/import.csv", "enter", "E"), "import's verdicts": letters(":import testdata/import.csv", "enter", "v"),
		"import's why": letters(":import testdata/import.csv", "enter", "w"), "users": {"%"}, "roles": {"%", "R"}, "scoring models": {"M"}, "scoring model": {"M", "enter"}, "news": {"@"}, "duplicates": {"1", "&"}, "erase": {"1", "E"},
		"charts": {"2", "p"}, "evidence": {"3", "E"}, "queue's reports": {"4", "A", "R"}, "queue's report": {"4", "A", "R", "enter"}, "drafts": {"ctrl+g"},
		"report": letters(":report churn", "enter"), "report of usage": letters(":report usage", "enter"), "no import": letters(":import nowhere", "enter"), "past imports": letters(":import testdata/import.csv", "enter", "H"), "item": {"4", "A", "enter"},
	}
}

// sizes are widths and heights in pairs: around each bound at which a layout changes, and the far ends.
func sizes() [][2]int {
	var out [][2]int
	for i, w := range []int{20, 25, 39, 40, 41, 52, 60, 61, 73, 79, 80, 81, 99, 100, 101, 109, 110, 120, 131, 139, 140, 141, 160, 177, 200, 213, 237, 255, 256, 300} {
		for j, h := range []int{5, 7, 8, 9, 11, 14, 20, 21, 24, 25, 30, 40, 48, 60, 77, 100} {
			if (i+j)%4 == 0 {
				out = append(out, [2]int{w, h})
			}
		}
	}
	return out
}

// TestNoScreenBreaksAtAnySize draws every screen in every language over a book of hostile texts: at a quarter of the
// sizes in English, with cells counted in both ways, and at a sixteenth in the others.
func TestNoScreenBreaksAtAnySize(t *testing.T) {
	b := hostileBook(t)
	drawn := 0
	for round, c := range []struct {
		lang      string
		graphemes bool
		every     int
	}{{"", false, 4}, {"", true, 4}, {"zh", true, 16}, {"ja", false, 16}, {"es", true, 16}} {
		if c.lang != "" && testing.Short() {
			continue // The drawing of words is the same in all; what differs is how long they are.
		}
		n := round
		for name, keys := range states() {
			s := openWith(t, b, 120, 40, ui.Options{Title: hostile()[0], Actor: hostile()[1], Lang: c.lang})
			width := ansi.StringWidthWc
			if c.graphemes {
				s.send(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeSet})
				width = ansi.StringWidth
			}
			s.Press(keys...)
			for i, size := range sizes() {
				if (i+n)%c.every != 0 {
					continue
				}
				s.Resize(size[0], size[1])
				checkScreen(t, fmt.Sprintf("%s in %q at %d×%d", name, c.lang, size[0], size[1]), s.app.View(), size[0], size[1], width)
				drawn++
			}
			n++
		}
	}
	t.Logf("%d frames", drawn)
}

// checkScreen holds a frame to its size and to signs that may reach a terminal.
func checkScreen(t *testing.T, name string, v tea.View, w, h int, width func(string) int) {
	t.Helper()
	lines := strings.Split(v.Content, "\n")
	if len(lines) != h {
		t.Errorf("%s: %d lines", name, len(lines))
	}
	for y, line := range lines {
		if got := width(line); got > w {
			t.Errorf("%s: line %d is %d cells wide: %q", name, y, got, line)
		}
		for _, r := range ansi.Strip(line) {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == 0x200b || r == 0xfeff {
				t.Errorf("%s: line %d holds %U: %q", name, y, r, line)
			}
		}
	}
	if v.Cursor != nil && (v.Cursor.X < 0 || v.Cursor.X >= w || v.Cursor.Y < 0 || v.Cursor.Y >= h) {
		t.Errorf("%s: the cursor is at %d,%d", name, v.Cursor.X, v.Cursor.Y)
	}
	if strings.ContainsFunc(v.WindowTitle, unicode.IsControl) {
		t.Errorf("%s: the window is called %q", name, v.WindowTitle)
	}
}

// terminal shows a frame on an emulator that counts cells by itself.
func terminal(content string, w, h int) *vt.Emulator {
	// A column more keeps the emulator from moving a mark after the last letter of a line.
	term := vt.NewEmulator(w+1, h)
	for y, line := range strings.Split(content, "\n") {
		_, _ = term.WriteString(fmt.Sprintf("\x1b[%d;1H%s", y+1, line))
	}
	return term
}

func TestATerminalShowsTheColumnsAligned(t *testing.T) {
	b := hostileBook(t)
	for _, pane := range []string{"1", "3", "4"} {
		for _, size := range [][2]int{{80, 40}, {120, 40}, {140, 30}, {160, 48}, {200, 60}, {237, 50}} {
			w, h := size[0], size[1]
			s := openOn(t, b, w, h)
			s.send(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeSet})
			s.Press(pane, "A")
			term := terminal(s.app.View().Content, w, h)
			right := 0
			for y := range h {
				c := term.CellAt(w-1, y)
				if c != nil && strings.ContainsAny(c.Content, "┐│┘") {
					right++
				}
				for x := range w - 1 {
					if c := term.CellAt(x, y); c != nil && strings.ContainsAny(c.Content, "┐┘") {
						t.Errorf("pane %s at %d×%d: a right corner stands at %d,%d and not at the edge:\n%s", pane, w, h, x, y, s.Screen())
					}
				}
			}
			if right < 7 {
				t.Errorf("pane %s at %d×%d: the right border is %d cells high:\n%s", pane, w, h, right, s.Screen())
			}
		}
	}
}
