package kit

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// luminance and contrast are those of WCAG 2.2.
func luminance(c uint32) float64 {
	part := func(v uint32) float64 {
		s := float64(v&255) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c>>16) + 0.7152*part(c>>8) + 0.0722*part(c)
}

func contrast(a, b uint32) float64 {
	hi, lo := luminance(a), luminance(b)
	if hi < lo {
		hi, lo = lo, hi
	}
	return (hi + 0.05) / (lo + 0.05)
}

func TestThemesCanBeRead(t *testing.T) {
	for name, screen := range map[string]struct{ fg, bg []uint32 }{
		"dark":  {fg: []uint32{0xcccccc}, bg: []uint32{0x000000, 0x1e1e2e, 0x282c34}},
		"light": {fg: []uint32{0x333333}, bg: []uint32{0xffffff, 0xfdf6e3}},
	} {
		table := palettes[name]
		for tok := range tokenCount {
			need := 4.5
			if tok == Border || tok == BorderFocus {
				need = 3 // lines, not text
			}
			l := table[tok]
			fg, bgs := screen.fg, screen.bg
			if l.fg != 0 {
				fg = []uint32{l.fg}
			}
			if l.bg != 0 {
				bgs = []uint32{l.bg}
			} else if tok != Border && tok != BorderFocus {
				bgs = append(bgs, table[Selection].bg, table[SelectionDim].bg)
			}
			for _, bg := range bgs {
				if got := contrast(fg[0], bg); got < need {
					t.Errorf("%s: token %d has contrast %.1f on %06x, needs %.1f", name, tok, got, bg, need)
				}
			}
		}
	}
}

func TestThemeWithoutColours(t *testing.T) {
	th := NewTheme("none", false)
	for tok := range tokenCount {
		for _, st := range []Style{th.Style(tok), th.Selected(tok, true), th.Selected(tok, false)} {
			if strings.Contains(st.On, "38;") || strings.Contains(st.On, "48;") {
				t.Errorf("token %d has a colour: %q", tok, st.On)
			}
		}
	}
	if th.Selected(Text, true).On == "" || th.Selected(Text, true) == th.Selected(Text, false) {
		t.Error("the cursor line cannot be told from others")
	}
}

func TestSymbolsAreOneCell(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		v := reflect.ValueOf(NewTheme("dark", ascii).Sym)
		for i := range v.NumField() {
			texts, ok := v.Field(i).Interface().([]string)
			if !ok {
				texts = []string{v.Field(i).String()}
			}
			for _, s := range texts {
				if ansi.StringWidth(s) != 1 || ansi.StringWidthWc(s) != 1 || Clean(s) != s || ascii && s[0] >= utf8.RuneSelf {
					t.Errorf("ascii %v: symbol %s is %q", ascii, v.Type().Field(i).Name, s)
				}
			}
		}
	}
}

func TestUnknownThemeIsDark(t *testing.T) {
	if th := NewTheme("mauve", false); th.Name != "dark" || th.Style(Bad).On == "" || th.Style(Token(200)) != (Style{}) {
		t.Errorf("got %q", th.Name)
	}
}
