package kit

import (
	"image/color"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// luminance and contrast are those of WCAG 2.2.
func luminance(c color.Color) float64 {
	part := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	r, g, b, _ := c.RGBA()
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}

func contrast(a, b color.Color) float64 {
	hi, lo := luminance(a), luminance(b)
	if hi < lo {
		hi, lo = lo, hi
	}
	return (hi + 0.05) / (lo + 0.05)
}

func TestThemesCanBeRead(t *testing.T) {
	for name, screen := range map[string]struct {
		text    color.Color
		grounds []color.Color
	}{
		"dark":  {lipgloss.Color("#cccccc"), []color.Color{lipgloss.Color("#000000"), lipgloss.Color("#1e1e2e"), lipgloss.Color("#282c34")}},
		"light": {lipgloss.Color("#333333"), []color.Color{lipgloss.Color("#ffffff"), lipgloss.Color("#fdf6e3")}},
	} {
		table := palettes[name]()
		for tok, look := range table {
			need, line := 4.5, Token(tok) == Border || Token(tok) == BorderFocus
			if line {
				need = 3 // lines, not text
			}
			text, grounds := screen.text, screen.grounds
			if hasColour(look.GetForeground()) {
				text = look.GetForeground()
			}
			if hasColour(look.GetBackground()) {
				grounds = []color.Color{look.GetBackground()}
			} else if !line {
				grounds = slices.Concat(grounds, []color.Color{table[Selection].GetBackground(), table[SelectionDim].GetBackground()})
			}
			for _, ground := range grounds {
				if got := contrast(text, ground); got < need {
					t.Errorf("%s: token %d has contrast %.1f on %v, needs %.1f", name, tok, got, ground, need)
				}
			}
		}
	}
}

// A frame is put together from these prefixes, so what Lip Gloss makes of a style must be one: nothing
// of the text it was tried on, and on the cursor's line the line's own colours over the token's.
func TestThemeGivesPrefixes(t *testing.T) {
	th := NewTheme("dark", false)
	for _, tc := range []struct {
		name string
		got  Style
		want string
	}{
		{"plain text", th.Style(Text), ""},
		{"a colour", th.Style(Good), "\x1b[38;5;114m"},
		{"colours", th.Style(Status), "\x1b[38;2;213;220;230;48;2;42;48;58m"},
		{"a colour under the cursor", th.Selected(Good, true), "\x1b[1;38;5;114;48;2;31;58;92m"},
		{"with its own ground, under the cursor", th.Selected(Heat5, false), "\x1b[48;2;43;49;58m"},
	} {
		if tc.got.On != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, tc.got.On, tc.want)
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
