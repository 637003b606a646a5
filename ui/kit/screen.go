package kit

import (
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// inks says what a terminal of one colour profile is sent for the styles of a canvas. It asks once for each step
// from one style to another: a frame takes a few dozen of some hundred that a session ever sees.
type inks struct {
	profile colorprofile.Profile
	styles  []string
	parsed  []uv.Style
	steps   map[[2]uint16]string
}

func newInks(p colorprofile.Profile) *inks {
	return &inks{profile: p, steps: map[[2]uint16]string{}}
}

// step returns what turns the pen from one style into another: the difference, or all of the new one where that is
// shorter.
func (k *inks) step(from, to uint16) string {
	if s, ok := k.steps[[2]uint16{from, to}]; ok {
		return s
	}
	a, b := k.style(from), k.style(to)
	s := uv.StyleDiff(&a, &b)
	if anew := k.anew(to); len(anew) < len(s) {
		s = anew
	}
	k.steps[[2]uint16{from, to}] = s
	return s
}

// anew returns what gives the pen a style whatever it had before.
func (k *inks) anew(to uint16) string {
	st := k.style(to)
	if st.IsZero() {
		return Reset
	}
	return "\x1b[0;" + st.String()[len("\x1b["):]
}

// style reads the style of a number, as the terminal can show it.
func (k *inks) style(id uint16) uv.Style {
	for n := len(k.parsed); n <= int(id) && n < len(k.styles); n++ {
		k.parsed = append(k.parsed, uv.ConvertStyle(readStyle(k.styles[n]), k.profile))
	}
	if int(id) >= len(k.parsed) {
		return uv.Style{}
	}
	return k.parsed[id]
}

func readStyle(on string) (st uv.Style) {
	parser := ansi.NewParser()
	for state := byte(0); on != ""; {
		_, _, n, next := ansi.DecodeSequence(on, state, parser)
		if ansi.Cmd(parser.Command()).Final() == 'm' {
			uv.ReadStyle(parser.Params(), &st)
		}
		on, state = on[n:], next
	}
	return st
}
