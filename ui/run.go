package ui

import (
	"context"
	"errors"
	"fmt"
	"io"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// framesPerSecond is how often the screen is written at most. Output waits for the next frame, which
// is most of what a key's answer takes: 120 halves that against the usual 60.
const framesPerSecond = 120

// remoteFrames is the same for somebody who is attached: an engine keeps a clock for each of them, and the way to
// their terminal takes longer than a frame anyway.
const remoteFrames = 60

// Run opens the workstation on a terminal and returns when the person leaves it or ctx ends. Env is
// the session's environment; the program's own is never read.
func Run(ctx context.Context, b Backend, o Options, in io.Reader, out io.Writer, env []string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	opts := []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out), tea.WithEnvironment(env), tea.WithFPS(framesPerSecond),
	}
	if o.NoColor {
		opts = append(opts, tea.WithColorProfile(colorprofile.Ascii))
	}
	if r := o.Remote; r != nil {
		opts = append(opts, tea.WithFPS(remoteFrames), tea.WithWindowSize(r.Width, r.Height), tea.WithoutSignalHandler())
		if !o.NoColor {
			opts = append(opts, tea.WithColorProfile(colorprofile.Env(env)))
		}
	}
	p := tea.NewProgram(New(ctx, b, o), opts...)
	if o.Remote != nil {
		go o.Remote.follow(ctx, p)
	}
	_, err := p.Run()
	switch {
	case errors.Is(err, tea.ErrInterrupted), errors.Is(err, context.Canceled):
		return nil
	case err != nil:
		return fmt.Errorf("the workstation stopped: %w", err)
	}
	return nil
}
