package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"opsdeck/ui/kit"
)

// frameTime is how far apart frames are at least. A key is answered at once; only a burst of them shares frames.
const frameTime = 4 * time.Millisecond

// remoteFrameTime is the same for somebody who is attached: their line takes longer than a frame anyway.
const remoteFrameTime = 12 * time.Millisecond

// ticks is how often in a second the runtime looks whether it has anything to send: modes, titles and questions to the
// terminal, as frames are the painter's. Each tick wakes the processor: 120 of them take 1.4 % of a core, 20 take 0.4 %.
const (
	ticks       = 20
	remoteTicks = 10
)

// Run opens the workstation on a terminal and returns when the person leaves it or ctx ends. Env is
// the session's environment; the program's own is never read.
func Run(ctx context.Context, b Backend, o Options, in io.Reader, out io.Writer, env []string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	app := New(ctx, b, o)
	profile, every := colours(o, out, env), frameTime
	if o.Remote != nil {
		every = remoteFrameTime
	}
	app.painter = kit.NewPainter(out, profile, every)
	defer app.painter.Close()
	opts := []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(app.painter.Output()), tea.WithEnvironment(env),
		tea.WithFPS(ticks), tea.WithColorProfile(profile),
	}
	if r := o.Remote; r != nil {
		opts = append(opts, tea.WithFPS(remoteTicks), tea.WithWindowSize(r.Width, r.Height), tea.WithoutSignalHandler())
	}
	p := tea.NewProgram(app, opts...)
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

// colours is what the session's terminal can show. A terminal that is not at this machine can only be judged by the
// session's environment.
func colours(o Options, out io.Writer, env []string) colorprofile.Profile {
	switch {
	case o.NoColor:
		return colorprofile.Ascii
	case o.Remote != nil:
		return colorprofile.Env(env)
	}
	return colorprofile.Detect(out, env)
}
