package cli

import (
	"io"
	"unicode/utf8"

	"golang.org/x/term"
)

// isTerminal tells whether a stream is a terminal; only files can be.
func isTerminal(stream any) bool {
	f, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(f.Fd()))
}

// onTerminal tells whether a person can be talked to: both ends are a terminal.
func (a *app) onTerminal() bool {
	if a.Host != nil {
		return a.Host.Terminal != nil
	}
	return isTerminal(a.Stdin) && isTerminal(a.Stdout)
}

// toTerminal tells whether what is printed goes to a terminal, be it that of an attached caller.
func (a *app) toTerminal() bool {
	if a.Host != nil {
		return a.Host.Terminal != nil || a.env(terminalVariable) != ""
	}
	return isTerminal(a.Stdout)
}

// safeWriter keeps from a terminal what would control it, hide text or turn its direction.
type safeWriter struct {
	w    io.Writer
	rest []byte // the beginning of a character whose end has not come yet
}

// Write implements io.Writer.
func (s *safeWriter) Write(p []byte) (int, error) {
	text := append(s.rest, p...)
	out := make([]byte, 0, len(text))
	for utf8.FullRune(text) {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		if r < ' ' && r != '\n' && r != '\t' || isUnsafe(r) {
			r = utf8.RuneError
		}
		out = utf8.AppendRune(out, r)
	}
	s.rest = append([]byte(nil), text...)
	_, err := s.w.Write(out)
	return len(p), err
}
