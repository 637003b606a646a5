package ui

import (
	tea "charm.land/bubbletea/v2"

	"opsdeck/ui/kit"
)

// engineStops says that the engine under the session is about to stop.
type engineStops struct{}

// awaitStop waits for the word that the engine stops.
func (a *App) awaitStop() tea.Msg {
	select {
	case <-a.ctx.Done():
		return nil
	case <-a.o.Stopping:
		return engineStops{}
	}
}

// apply says it, and keeps what is typed at this moment: there is no time for a pause any more.
func (engineStops) apply(a *App) {
	a.say(kit.Warn, "The engine stops; this screen connects to the next one by itself, and what you type is kept.")
	a.stopping = a.message.text
	a.drafts.resting = false
	a.writeDrafts()
}
