package ui_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
)

// goldenSizes are the usual terminal, a window beside another one, and a whole screen.
func goldenSizes() [][2]int { return [][2]int{{80, 24}, {120, 40}, {200, 60}} }

// TestScreens compares whole screens with files, so that a change of how the program looks is seen
// and decided, and never happens by the way.
func TestScreens(t *testing.T) {
	screens := map[string][]string{
		"customers": {"j", "j"}, "segments": {"2"}, "renewals": {"3", "j"}, "queue": {"4", "j"}, "today": {"0", "j"},
		"customer": {"/", "q", "u", "a", "r", "r", "y", "b", "a", "r", "enter", "enter", "]"}, "brief": {"enter", "b"},
		"filter": {"/", "a", "r", "r", ":", ">", "x"}, "completion": {"/", "t", "i"}, "form": {"j", "e", "tab", "x", "tab"},
		"refused-form": {"4", "a", "ctrl+s"}, "help": {"?"}, "palette": {"ctrl+k", "q", "u", "a"}, "why": {"l", "w"}, "history": {"U"},
		"import":         letters(":import testdata/import.csv", "enter"),
		"import-columns": letters(":import testdata/import.csv", "enter", "]", "j"), "import-cells": letters(":import testdata/import.csv", "enter", "v", "e", "e"),
		"import-options": letters(":import testdata/import.csv", "enter", "o"), "import-question": letters(":import testdata/import.csv", "enter", "ctrl+s"),
		"step": {"U", "enter"}, "figures": {"3", "f"}, "marked": {"space", "space", "j"}, "refusal": {"D"}, "empty": {"/", "x", "q", "z", "enter"},
	}
	maps.Copy(screens, deeperScreens())
	for name, keys := range screens {
		for _, size := range goldenSizes() {
			s := look(t, size[0], size[1])
			s.Press(keys...)
			golden(t, filepath.Join("testdata", fmt.Sprintf("%s-%dx%d.txt", name, size[0], size[1])), s.Screen()+"\n")
		}
	}
}

// deeperScreens are the other shapes of the panes and what opens over them.
func deeperScreens() map[string][]string {
	return map[string][]string{
		"board": {"3", "o", "l"}, "months": {"3", "o", "o", "j"}, "bubbles": {"3", "o", "o", "o"}, "renewal-figures": {"3", "o", "o", "o", "o"},
		"charts": {"2", "p"}, "what-if": {"2", "W"}, "rfm-map": {"2", "m"}, "segment-reports": {"2", "o"}, "segment-why": {"2", "w"},
		"steps": {"4", "."}, "queue-reports": {"4", "R"}, "record": {"4", "j", "enter"}, "file-menu": {"i"}, "file-form": {"i", "b"},
		"timeline": slices.Concat([]string{"enter"}, letters("/event:contract date:<2026-06-01", "enter")), "people": {"%"}, "models": {"M"}, "model": {"M", "enter", "]", "]"}, "news": {"@"}, "merge": {"m"}, "duplicates": {"&"},
		"group-menu": {"b"}, "grouped": letters(":group tier", "enter"), "columns": {"c"}, "views": {"V"}, "touch-menu": {"t"}, "bulk-form": {"space", "space", "e"},
		"log": {"L"}, "field-found": {"e", "ctrl+f", "o", "w", "n"}, "today-why": {"0", "w"}, "snooze": {"0", "z"}, "erase": {"E"},
	}
}
