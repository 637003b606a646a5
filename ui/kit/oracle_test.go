package kit

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"pgregory.net/rapid"
)

// fataler is a *testing.T or a *rapid.T.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkFrame holds a frame against two others who count: the width functions of the renderer, by
// both of its methods, and (for canvases that draw by clusters) a terminal emulator, which must show
// every letter in the column where the canvas has it.
func checkFrame(t fataler, c *Canvas) {
	t.Helper()
	frame := c.String()
	lines := strings.Split(frame, "\n")
	if len(lines) != max(c.h, 1) {
		t.Fatalf("%d lines for a canvas of %d", len(lines), c.h)
	}
	for y, line := range lines {
		if bad := forbidden(ansi.Strip(line), false); bad >= 0 {
			t.Fatalf("line %d holds %U: %+q", y, bad, line)
		}
		if w := c.method.StringWidth(line); w > c.w {
			t.Fatalf("line %d is %d cells wide, the canvas %d: %+q", y, w, c.w, line)
		}
	}
	if c.method == ansi.GraphemeWidth && c.w > 0 && c.h > 0 {
		checkTerminal(t, c, lines)
	}
}

func checkTerminal(t fataler, c *Canvas, lines []string) {
	t.Helper()
	// The emulator puts a mark after an ASCII letter into the next column until something else is
	// written there; the column more keeps that away from the last letter of a line.
	term := vt.NewEmulator(c.w+1, c.h)
	for y, line := range lines {
		_, _ = term.WriteString(fmt.Sprintf("\x1b[%d;1H%s", y+1, line))
	}
	for y := range c.h {
		for x := 0; x < c.w; x++ {
			want, got := c.cells[y*c.w+x], term.CellAt(x, y)
			text := string(want.r)
			if want.r < 0 {
				text = c.long[^want.r]
			}
			if want.w == 0 || strings.TrimSpace(text) == "" {
				continue
			}
			w, _ := utf8.DecodeRuneInString(text)
			if got == nil || !strings.HasPrefix(got.Content, string(w)) {
				t.Fatalf("at %d,%d the canvas has %+q, the terminal %+v\nline %+q", x, y, text, got, lines[y])
			}
		}
	}
}

// methods runs a check for terminals of both kinds.
func methods(check func(graphemes bool)) {
	check(false)
	check(true)
}

func TestCanvasDrawsWhereItSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(0, 40).Draw(t, "w"), rapid.IntRange(0, 6).Draw(t, "h")
		c := NewCanvas(w, h)
		c.SetGraphemes(rapid.Bool().Draw(t, "graphemes"))
		styles := []Style{{}, {On: "\x1b[1m"}, {On: "\x1b[38;2;1;2;3m"}}
		for range rapid.IntRange(1, 12).Draw(t, "writes") {
			lift := func() {}
			if rapid.Bool().Draw(t, "clip") {
				lift = c.Clip(Rect{rapid.IntRange(-3, 30).Draw(t, "cx"), rapid.IntRange(-1, 5).Draw(t, "cy"), rapid.IntRange(0, 30).Draw(t, "cw"), 3})
			}
			x, y := rapid.IntRange(-5, 45).Draw(t, "x"), rapid.IntRange(-1, 7).Draw(t, "y")
			st := rapid.SampledFrom(styles).Draw(t, "style")
			text := hostileText().Draw(t, "text")
			if end := c.Write(x, y, st, text); end != x+Width(Clean(text)) {
				t.Fatalf("Write(%d, %+q) ended at %d, want %d", x, text, end, x+Width(Clean(text)))
			}
			if rapid.Bool().Draw(t, "fill") {
				c.Fill(Rect{x - 2, y, 3, 2}, st)
			}
			lift()
		}
		checkCells(t, c)
		checkFrame(t, c)
	})
}

// checkCells holds the rule the canvas lives by: a cell of width n is followed by n-1 of width 0, and
// there are no others of width 0.
func checkCells(t fataler, c *Canvas) {
	t.Helper()
	for y := range c.h {
		for x := 0; x < c.w; {
			ce := c.cells[y*c.w+x]
			if ce.w == 0 || x+int(ce.w) > c.w {
				t.Fatalf("cell %d,%d has width %d of a canvas of %d", x, y, ce.w, c.w)
			}
			for k := 1; k < int(ce.w); k++ {
				if c.cells[y*c.w+x+k].w != 0 {
					t.Fatalf("cell %d,%d of width %d is overwritten at +%d", x, y, ce.w, k)
				}
			}
			x += int(ce.w)
		}
	}
}

// sizes are the screens of the sweep: every small one is its own special case.
var sizes = [][2]int{
	{0, 0},
	{1, 1},
	{2, 3},
	{5, 2},
	{9, 4},
	{20, 5},
	{21, 6},
	{24, 10},
	{33, 7},
	{39, 12},
	{40, 12},
	{41, 3},
	{60, 20},
	{79, 24},
	{80, 24},
	{100, 9},
	{120, 40},
	{160, 48},
	{217, 61},
	{300, 100},
}

// rude is a table whose every cell and key comes from outside.
type rude struct {
	texts []string
	n     int
}

func (r rude) Len() int           { return r.n }
func (r rude) Key(row int) string { return r.at(row) + fmt.Sprint(row) }
func (r rude) at(i int) string    { return r.texts[i%len(r.texts)] }

func (r rude) Cell(row int, column string) Cell {
	return Cell{Text: r.at(row*7 + len(column)), Token: Token(row) % (tokenCount + 3)}
}

func rudeTexts(t *rapid.T) []string {
	return rapid.SliceOfN(hostileText(), 3, 12).Draw(t, "texts")
}

func keyOf(name string) tea.KeyPressMsg {
	named := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "backspace": tea.KeyBackspace, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "delete": tea.KeyDelete,
	}
	var mod tea.KeyMod
	for {
		switch {
		case strings.HasPrefix(name, "ctrl+"):
			mod, name = mod|tea.ModCtrl, name[5:]
		case strings.HasPrefix(name, "shift+"):
			mod, name = mod|tea.ModShift, name[6:]
		case strings.HasPrefix(name, "alt+"):
			mod, name = mod|tea.ModAlt, name[4:]
		case name == "space":
			return tea.KeyPressMsg{Code: tea.KeySpace, Text: " ", Mod: mod}
		case named[name] != 0:
			return tea.KeyPressMsg{Code: named[name], Mod: mod}
		case mod&^tea.ModShift != 0:
			r, _ := utf8.DecodeRuneInString(name)
			return tea.KeyPressMsg{Code: r, Mod: mod}
		default:
			r, _ := utf8.DecodeRuneInString(name)
			if r >= 'A' && r <= 'Z' { // as terminals without key protocols send it
				return tea.KeyPressMsg{Code: r - 'A' + 'a', ShiftedCode: r, Text: name, Mod: tea.ModShift}
			}
			return tea.KeyPressMsg{Code: r, Text: name, Mod: mod}
		}
	}
}
