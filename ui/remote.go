package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// Size is the size of a terminal in cells.
type Size struct{ Width, Height int }

// Remote is the terminal of somebody who does not sit at this machine: its size comes with the
// session and not from a device.
type Remote struct {
	Width, Height int
	Resized       <-chan Size
}

// follow tells a program of the terminal's new sizes until the context ends.
func (r *Remote) follow(ctx context.Context, p *tea.Program) {
	for {
		select {
		case <-ctx.Done():
			p.Quit()
			return
		case s, ok := <-r.Resized:
			if !ok {
				p.Quit()
				return
			}
			p.Send(tea.WindowSizeMsg{Width: s.Width, Height: s.Height})
		}
	}
}
