package cli

import "golang.org/x/term"

// isTerminal tells whether a stream is a terminal; only files can be.
func isTerminal(stream any) bool {
	f, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(f.Fd()))
}

// onTerminal tells whether a person can be talked to: both ends are a terminal.
func (a *app) onTerminal() bool { return isTerminal(a.Stdin) && isTerminal(a.Stdout) }
