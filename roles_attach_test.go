package main

import (
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"

	"opsdeck/ui/serve"
)

// person is somebody at a terminal who is attached to an engine.
type person struct {
	t     *testing.T
	ptmx  *os.File
	fresh chan struct{}
	ended chan error

	mu   sync.Mutex
	term *vt.Emulator
}

// attach opens the workstation on a terminal of 120 by 40.
func (b *box) attach(args ...string) *person {
	b.t.Helper()
	ptmx, tty, err := pty.Open()
	if err != nil {
		b.t.Skipf("no pseudo terminal can be had here: %v", err)
	}
	p := &person{t: b.t, ptmx: ptmx, fresh: make(chan struct{}, 1), ended: make(chan error, 1), term: vt.NewEmulator(120, 40)}
	if err := pty.Setsize(ptmx, &pty.Winsize{Rows: 40, Cols: 120}); err != nil {
		b.t.Fatal(err)
	}
	c, err := serve.Dial(b.t.Context(), b.socket)
	if err != nil {
		b.t.Fatal(err)
	}
	var pumps sync.WaitGroup
	pumps.Go(p.show)
	pumps.Go(func() { _, _ = io.Copy(ptmx, p.term) })
	go func() {
		_, err := c.Attach(b.t.Context(), serve.Screen{In: tty, Out: tty, Env: []string{"TERM=xterm-256color", "LANG=C.UTF-8"}, Args: args})
		p.ended <- err
	}()
	b.t.Cleanup(func() {
		_ = c.Close()
		<-p.ended
		if in, ok := p.term.InputPipe().(io.Closer); ok {
			_ = in.Close()
		}
		_, _ = tty.Close(), ptmx.Close()
		pumps.Wait()
	})
	return p
}

func (p *person) show() {
	buf := make([]byte, 64<<10)
	for {
		n, err := p.ptmx.Read(buf)
		p.mu.Lock()
		_, _ = p.term.Write(buf[:n])
		p.mu.Unlock()
		select {
		case p.fresh <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (p *person) screen() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.term.String()
}

func (p *person) keys(keys string) {
	p.t.Helper()
	if _, err := p.ptmx.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// either waits until one of the texts is on the screen and returns it.
func (p *person) either(texts ...string) string {
	p.t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		screen := p.screen()
		for _, text := range texts {
			if strings.Contains(screen, text) {
				return text
			}
		}
		select {
		case <-p.fresh:
		case <-deadline:
			p.t.Fatalf("the terminal shows none of %q:\n%s", texts, screen)
		}
	}
}

// gone waits until a text has left the screen.
func (p *person) gone(text string) {
	p.t.Helper()
	deadline := time.After(30 * time.Second)
	for strings.Contains(p.screen(), text) {
		select {
		case <-p.fresh:
		case <-deadline:
			p.t.Fatalf("the terminal goes on showing %q:\n%s", text, p.screen())
		}
	}
}

// TestAttachedRolesAgreeWithTheirPage edits customers of each owner in the workstation, as each role.
func TestAttachedRolesAgreeWithTheirPage(t *testing.T) {
	if testing.Short() {
		t.Skip("a workstation for every role")
	}
	b := startBox(t)
	for _, role := range readRoles(t) {
		p := b.attach("--as", role.name)
		p.either("/11")
		for _, whose := range []string{"own", "team", "all"} {
			id := whose
			if whose == "own" {
				id = "own-" + role.name
			}
			p.keys("/external_id:" + id + "\r")
			p.either("1 of 11")
			p.keys(":set city=" + role.name + "\r")
			got := p.either("Saved: set", "may not")
			if want := reachesTo(role.grants["customers"][1], whose); (got != "may not") != want {
				t.Errorf("%s edits a customer of %s: %q", role.name, whose, got)
			}
			p.keys("\x1b")
			p.gone("1 of 11")
		}
		p.keys("q")
	}
}
