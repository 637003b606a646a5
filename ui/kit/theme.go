package kit

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
)

// Reset ends every style.
const Reset = "\x1b[m"

// Style is a ready SGR prefix: write On, the text, Reset. The zero Style is plain text.
type Style struct{ On string }

// With returns the style with other laid over it: what other sets wins, the rest stays.
func (s Style) With(other Style) Style { return Style{On: s.On + other.On} }

// underlined is laid over the cell and the title of the column with the cursor.
var underlined = sgr(underline)

// Token names what a piece of text means; the theme says how that looks.
type Token uint8

// The tokens. Meaning never rests on the colour alone: whoever draws a Good or Bad value also gives
// it a word, a sign or a symbol.
const (
	Text Token = iota
	Muted
	Accent
	Header
	Selection     // the line the cursor is on, laid over the tokens of the line
	SelectionDim  // the same in a pane without the focus
	SelectionText // text written wholly as selection: menu entries, the active tab
	Good
	Warn
	Bad
	Info
	Border
	BorderFocus
	Title
	Key // a key that can be pressed
	Marked
	Error
	InputText // the text of an input field
	InputFocus
	Match // the part of a text that was searched for
	Link
	Disabled
	Status // status and footer lines
	Heat1
	Heat2
	Heat3
	Heat4
	Heat5
	tokenCount
)

// Theme is the look of one session: a style for each token and the symbols the terminal can show.
// It is built once and only read afterwards.
type Theme struct {
	Name  string
	ASCII bool // only ASCII symbols; Canvas.SetASCII does the same for "…"
	Plain bool // without colours: bold, underline and reverse only
	Sym   Symbols
	// Roomy gives lists an empty line under each row and wider gaps between columns.
	Roomy bool

	styles   [tokenCount]Style
	selected [tokenCount]Style
	dimmed   [tokenCount]Style
}

// ThemeNames lists the themes that NewTheme knows.
func ThemeNames() []string { return []string{"dark", "light", "contrast", "none"} }

// NewTheme builds a theme by name; an unknown name gives "dark". The name "none" is for NO_COLOR and
// terminals without colour. With ascii set every symbol is ASCII.
func NewTheme(name string, ascii bool) *Theme {
	palette, ok := palettes[name]
	if !ok {
		name, palette = "dark", darkLooks
	}
	th := &Theme{Name: name, Plain: name == "none", Sym: unicodeSymbols}
	if ascii {
		th.Sym, th.ASCII = asciiSymbols, true
	}
	table := palette()
	for t, look := range table {
		th.styles[t] = sgr(look)
		if hasColour(look.GetBackground()) {
			// A colour chosen for another background cannot be read on this one.
			look = look.UnsetForeground().UnsetBackground()
		}
		th.selected[t] = sgr(table[Selection].Inherit(look))
		th.dimmed[t] = sgr(table[SelectionDim].Inherit(look))
	}
	return th
}

// signs writes the sign of a sum as a word where only ASCII can be shown.
func (th *Theme) signs(text string) string {
	if !th.ASCII {
		return text
	}
	return strings.ReplaceAll(text, "· Σ ", "· sum ")
}

// Style returns the look of a token; an unknown token is plain text.
func (th *Theme) Style(t Token) Style {
	if t >= tokenCount {
		return Style{}
	}
	return th.styles[t]
}

// Selected returns the look of a token on the line of the cursor.
func (th *Theme) Selected(t Token, focused bool) Style {
	switch {
	case t >= tokenCount:
		return th.Selected(Text, focused)
	case focused:
		return th.selected[t]
	}
	return th.dimmed[t]
}

// hasColour tells a colour from the terminal's own.
func hasColour(c color.Color) bool { return c != lipgloss.NoColor{} }

// sgr returns what a style writes before a text. Lip Gloss is asked once for each look of a theme, by
// the text of one cell: a Render takes 1.6 µs, and for each of the 480 pieces of a frame that would be
// eight times what the rest of the frame costs.
func sgr(s lipgloss.Style) Style {
	before, _, _ := strings.Cut(s.Render("x"), "x")
	return Style{On: before}
}
