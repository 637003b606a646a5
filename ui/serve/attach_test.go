//go:build unix

package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
)

// attached is a person at a terminal who is attached to an engine.
type attached struct {
	t      *testing.T
	ptmx   *os.File
	tty    *os.File
	before *term.State
	lines  chan string
	ended  chan answer
}

type answer struct {
	status int
	err    error
}

func (r *rig) attach(args ...string) *attached {
	r.t.Helper()
	ptmx, tty, err := pty.Open()
	if err != nil {
		r.t.Skipf("no pseudo terminal can be had here: %v", err)
	}
	a := &attached{t: r.t, ptmx: ptmx, tty: tty, lines: make(chan string, 100), ended: make(chan answer, 1)}
	r.t.Cleanup(func() { _, _ = ptmx.Close(), tty.Close() })
	if err := pty.Setsize(ptmx, &pty.Winsize{Rows: 30, Cols: 100}); err != nil {
		r.t.Fatal(err)
	}
	if a.before, err = term.GetState(tty.Fd()); err != nil {
		r.t.Fatal(err)
	}
	go func() {
		for s := bufio.NewScanner(ptmx); s.Scan(); {
			a.lines <- strings.TrimRight(s.Text(), "\r")
		}
	}()
	c := r.dial()
	go func() {
		status, err := c.Attach(r.t.Context(), Screen{In: tty, Out: tty, Env: []string{"TERM=vt100", "LANG=es"}, Args: args})
		a.ended <- answer{status, err}
	}()
	return a
}

func (a *attached) expect(want string) {
	a.t.Helper()
	for {
		select {
		case got := <-a.lines:
			if strings.Contains(got, want) {
				return
			}
		case <-time.After(patience):
			a.t.Fatalf("the terminal never shows %q", want)
		}
	}
}

func (a *attached) end() answer {
	a.t.Helper()
	select {
	case e := <-a.ended:
		if after, err := term.GetState(a.tty.Fd()); err != nil || !reflect.DeepEqual(after, a.before) {
			a.t.Errorf("the terminal is not as it was: %v", err)
		}
		return e
	case <-time.After(patience):
		a.t.Fatal("the client does not end")
		return answer{}
	}
}

// echo is a desk whose workstation tells of its terminal and repeats the keys until q.
var echo = fakeDesk{serve: func(_ context.Context, s Session) int {
	_, _ = fmt.Fprintf(s.Stdout, "%s %dx%d %q\r\n", s.Terminal.Term, s.Terminal.Width, s.Terminal.Height, s.Args)
	resized := make(chan struct{})
	go func() {
		defer close(resized)
		for size := range s.Terminal.Resized {
			_, _ = fmt.Fprintf(s.Stdout, "now %dx%d\r\n", size.Width, size.Height)
		}
	}()
	key := make([]byte, 1)
	for {
		if _, err := s.Stdin.Read(key); err != nil {
			return 1
		}
		_, _ = fmt.Fprintf(s.Stdout, "key %s\r\n", key)
		switch key[0] {
		case 'q':
			return 4
		case 'p':
			panic("in a screen")
		}
	}
}}

func TestAttachedTerminals(t *testing.T) {
	r := start(t, echo, testLimits(), false)
	a := r.attach("--lang", "de CH")
	a.expect(`vt100 100x30 ["--lang" "de CH"]`)
	_, _ = a.ptmx.WriteString("x")
	a.expect("key x")
	if err := pty.Setsize(a.ptmx, &pty.Winsize{Rows: 50, Cols: 132}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGWINCH); err != nil {
		t.Fatal(err)
	}
	a.expect("now 132x50")
	other := r.attach()
	_, _ = other.ptmx.WriteString("p")
	if e := other.end(); e.status != statusFailed || e.err != nil {
		t.Errorf("a screen that panics: %+v", e)
	}
	_, _ = a.ptmx.WriteString("q")
	if e := a.end(); e.status != 4 || e.err != nil {
		t.Errorf("the end: %+v", e)
	}
}

func TestATerminalOfADeadEngineIsGivenBack(t *testing.T) {
	gone := make(chan func(), 1)
	d := echo
	d.serve = func(ctx context.Context, s Session) int {
		if f, ok := s.Files.(remoteFiles); ok {
			gone <- func() { _ = f.conn().Close() }
		}
		return echo.serve(ctx, s)
	}
	r := start(t, d, testLimits(), false)
	a := r.attach()
	a.expect("vt100")
	(<-gone)()
	var lost *LostError
	if e := a.end(); !errors.As(e.err, &lost) {
		t.Errorf("the end: %+v", e)
	}
}
