package kit

import (
	"io"
	"os"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// Output is what the program's runtime writes to. It is the terminal itself for whoever asks for its size and modes.
func (p *Painter) Output() io.Writer {
	if f, ok := p.out.(term.File); ok {
		return paintedFile{File: f, painted: painted{p}}
	}
	return painted{p}
}

// painted is a terminal as the runtime sees it.
type painted struct{ p *Painter }

// paintedFile is the same for a device.
type paintedFile struct {
	term.File
	painted
}

func (f paintedFile) Write(b []byte) (int, error) { return f.painted.Write(b) }

// Write passes on what the runtime says to the terminal. Between the first frame and the end of the alternate screen
// its own drawing is left out: it knows of an empty frame only.
func (w painted) Write(b []byte) (int, error) {
	p := w.p
	p.term.Lock()
	defer p.term.Unlock()
	if p.err != nil {
		return 0, p.err
	}
	if through := p.passed(b); len(through) > 0 {
		if _, p.err = p.out.Write(through); p.err != nil {
			return 0, p.err
		}
	}
	return len(b), nil
}

// passed is what of the runtime's output goes through.
func (p *Painter) passed(b []byte) []byte {
	if !p.inside && !p.left.Load() {
		return b
	}
	out := make([]byte, 0, len(b))
	parser := ansi.NewParser()
	for state := byte(0); len(b) > 0; {
		seq, _, n, next := ansi.DecodeSequence(b, state, parser)
		if p.passes(seq, ansi.Cmd(parser.Command()), parser.Params()) {
			out = append(out, seq...)
		}
		b, state = b[n:], next
	}
	return out
}

// passes decides for one sequence and follows the runtime out of the alternate screen and back into it.
func (p *Painter) passes(seq []byte, cmd ansi.Cmd, params ansi.Params) bool {
	mode, _, _ := params.Param(0, 0)
	if ansi.HasCsiPrefix(seq) && cmd.Prefix() == '?' && mode == 1049 {
		switch cmd.Final() {
		case 'l':
			p.inside = false
			p.left.Store(true)
			return true
		case 'h':
			if !p.left.Load() {
				return false
			}
			p.inside, p.shown.w = true, 0
			p.left.Store(false)
			p.ring()
			return true
		}
	}
	if p.left.Load() {
		return true
	}
	switch {
	case ansi.HasOscPrefix(seq), ansi.HasDcsPrefix(seq), ansi.HasApcPrefix(seq):
		return true
	case !ansi.HasCsiPrefix(seq):
		return false
	}
	switch cmd.Final() {
	case 'h', 'l':
		return mode != 25 && mode != 2026
	case 'm':
		return cmd.Prefix() != 0
	case 'p', 'u', 'n', 'c', 'q', 't':
		return true
	}
	return false
}

var _ term.File = paintedFile{File: os.Stdout}
