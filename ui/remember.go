package ui

import (
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"opsdeck/ui/kit"
)

// The sorts of lines that are remembered from one session to the next.
const (
	lineCommand = "command"
	lineFilter  = "filter"
)

// linesRead brings what the person has typed in earlier sessions.
type linesRead struct{ commands, filters []string }

func (m linesRead) apply(a *App) {
	a.commands, a.filters = append(m.commands, a.commands...), append(m.filters, a.filters...)
}

// readLines reads the lines of earlier sessions. Without them one can work just as well, so a failure is
// left to whatever else reads the book.
func (a *App) readLines() tea.Cmd {
	b, owner := a.backend, a.o.Actor
	return func() tea.Msg {
		commands, err := b.Remembered(owner, lineCommand)
		filters, err2 := b.Remembered(owner, lineFilter)
		if errors.Join(err, err2) != nil {
			return nil
		}
		return linesRead{commands, filters}
	}
}

// lineNotKept tells that a line could not be remembered.
type lineNotKept struct{ err error }

func (m lineNotKept) apply(a *App) { a.say(kit.Warn, a.lang.Say(m.err.Error())) }

// keepLine puts a line at the end of a history and keeps it for the next session.
func (a *App) keepLine(history []string, what, line string) []string {
	b, owner := a.backend, a.o.Actor
	if !a.backend.ReadOnly() {
		a.after = tea.Batch(a.after, func() tea.Msg {
			if err := b.Remember(owner, what, line); err != nil {
				return lineNotKept{err}
			}
			return nil
		})
	}
	return append(slices.DeleteFunc(slices.Clone(history), func(l string) bool { return l == line }), line)
}
