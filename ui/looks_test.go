package ui_test

import (
	"path/filepath"
	"testing"

	"opsdeck/ui"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// TestLooks compares two panes in every theme, every language, with ASCII signs and with air between
// rows with pictures, because the texts of golden screens do not show colours.
func TestLooks(t *testing.T) {
	type look struct {
		paper paper
		o     ui.Options
	}
	looks := map[string]look{
		"ascii":       {darkPaper, ui.Options{ASCII: true}},
		"comfortable": {darkPaper, ui.Options{Config: ui.Config{Density: ui.DensityComfortable}}},
	}
	for _, theme := range kit.ThemeNames() {
		l := look{darkPaper, ui.Options{Theme: theme}}
		if theme == "light" {
			l.paper = lightPaper
		}
		looks[theme] = l
	}
	for _, code := range lang.Codes() {
		looks[code] = look{darkPaper, ui.Options{Lang: code}}
	}
	delete(looks, "en") // This is the dark theme.
	panes := map[string][]string{"customers": {"j", "j", "space", "j"}, "renewals": {"3", "j"}}
	for name, l := range looks {
		for pane, keys := range panes {
			s := openWith(t, lookedAt(t), 120, 40, l.o)
			s.Press(keys...)
			title := pane + " " + name
			svg := drawSVG(l.paper, "opsdeck: "+title, s.app.View().Content, 120, 40)
			checkSVG(t, title, svg)
			golden(t, filepath.Join("testdata", "looks", pane+"-"+name+".svg"), svg)
		}
	}
}

// TestDensity: comfortable lists show every other line, move and scroll by rows, and the mouse finds
// the row that it points at.
func TestDensity(t *testing.T) {
	s := look(t, 120, 40)
	compact := s.Screen()
	s.Press("|", "j")
	second := s.Screen()
	s.Press("k")
	s.Click(10, 5)
	if got := s.Screen(); got != second {
		t.Errorf("a click on the second row, two lines down, gives\n%s\nand not\n%s", got, second)
	}
	s.Press("G", "g").Command("density compact")
	if got := s.Press("j", "k").Screen(); got != compact {
		t.Errorf("compact again is\n%s\nand not\n%s", got, compact)
	}
}
