package serve

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	gossh "golang.org/x/crypto/ssh"

	"github.com/charmbracelet/x/term"
)

// Screen is the person's own terminal.
type Screen struct {
	In   *os.File
	Out  *os.File
	Env  []string
	Args []string // flags of the workstation, such as --lang
}

// Attach shows the engine's workstation on a terminal until the person leaves it, and returns the
// exit status. A *LostError says that the connection broke; the terminal is as it was before then,
// but for what the workstation had drawn.
func (c *Client) Attach(ctx context.Context, on Screen) (int, error) {
	s, err := c.session(ctx, nil, on.Env)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	defer context.AfterFunc(ctx, func() { _ = c.conn.Close() })()
	width, height, err := term.GetSize(on.Out.Fd())
	if err != nil {
		return 0, err
	}
	was, err := term.MakeRaw(on.In.Fd())
	if err != nil {
		return 0, err
	}
	defer func() { _ = term.Restore(on.In.Fd(), was) }()
	if err := s.RequestPty(termName(on.Env), height, width, gossh.TerminalModes{}); err != nil {
		return 0, &LostError{err}
	}
	in, err := s.StdinPipe()
	if err != nil {
		return 0, &LostError{err}
	}
	s.Stdout, s.Stderr = on.Out, on.Out
	if len(on.Args) > 0 {
		err = s.Start(quoteAll(on.Args))
	} else {
		err = s.Shell()
	}
	if err != nil {
		return 0, &LostError{err}
	}
	defer forward(in, newKeys(on.In))()
	stop := follow(s, on.Out)
	defer stop()
	return statusOf(s.Wait())
}

// forward sends keys until it is stopped; nothing reads the terminal any more when stop returns.
func forward(in io.Writer, from *keys) (stop func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(in, from)
	}()
	return func() {
		if from.Cancel() {
			<-done
		}
	}
}

func termName(env []string) string {
	for _, e := range env {
		if len(e) > 5 && e[:5] == "TERM=" {
			return e[5:]
		}
	}
	return "xterm-256color"
}

// follow tells the engine of the terminal's new sizes.
func follow(s *gossh.Session, out *os.File) (stop func()) {
	resized := make(chan os.Signal, 1)
	signal.Notify(resized, syscall.SIGWINCH)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-resized:
				if w, h, err := term.GetSize(out.Fd()); err == nil {
					_ = s.WindowChange(h, w)
				}
			}
		}
	}()
	return func() {
		signal.Stop(resized)
		close(done)
	}
}
