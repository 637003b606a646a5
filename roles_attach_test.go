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

// atWork is a role at the workstation; it counts what it tries.
type atWork struct {
	*person
	role  documented
	cells *int
}

// try presses keys and holds what the workstation says of them against what the page says.
func (w atWork) try(may bool, what, keys, done string) {
	w.t.Helper()
	*w.cells++
	w.keys(keys)
	got := w.either(done, "may not")
	if (got != "may not") != may {
		w.t.Errorf("%s: %s: the workstation says %q", w.role.name, what, got)
	}
}

// TestAttachedRolesAgreeWithTheirPage works in the workstation as each role: it adds, edits and removes what is
// the person's own, their team's and others', in the panes where that is done.
func TestAttachedRolesAgreeWithTheirPage(t *testing.T) {
	if testing.Short() {
		t.Skip("a workstation for every role")
	}
	b := startBox(t)
	owner, err := serve.Dial(t.Context(), b.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	cells := 0
	for _, role := range readRoles(t) {
		w := atWork{b.attach("--as", role.name), role, &cells}
		w.either("/11")
		for _, whose := range []string{"own", "team", "all"} {
			id := whose
			if whose == "own" {
				id = "own-" + role.name
			}
			w.records(whose, id)
		}
		w.adding(b, owner)
		w.keys("%")
		w.either("Kept out")
		w.try(role.grants["users"][1] == "all", "give a role", "r", "Role of")
		w.keys("\x1b")
		w.gone("Role of")
		w.keys("q")
	}
	t.Logf("%d cells", cells)
}

// records edits and removes what belongs to a customer.
func (w atWork) records(whose, id string) {
	w.t.Helper()
	w.keys("1/external_id:" + id + "\r")
	w.either("1 of 11")
	w.try(reachesTo(w.role.grants["customers"][1], whose), "edit a customer, "+whose, ":set city="+w.role.name+"\r", "Saved: set")
	w.keys("\x1b") // What follows at once would be read as alt with a letter.
	w.gone("1 of 11")
	w.keys("3A/external_id:K-" + id + "\r")
	w.either("1 of 11 contracts")
	w.try(reachesTo(w.role.grants["money"][1], whose), "edit a contract, "+whose, ":set number=N-"+w.role.name+"\r", "Saved: set")
	w.keys("\x1b")
	w.gone("1 of 11 contracts")
	w.keys("A4/external_id:I-" + id + "\r")
	w.either("1 of 11 items")
	w.try(reachesTo(w.role.grants["queue"][1], whose), "edit an item, "+whose, ":set area="+w.role.name+"\r", "Saved: set")
	may := reachesTo(w.role.grants["queue"][2], whose)
	w.try(may, "remove an item, "+whose, "D", "Saved: remove")
	if may {
		w.try(true, "undo the removal, "+whose, "u", "Undone: remove")
	}
	w.keys("\x1b")
	w.gone("1 of 11 items")
}

// adding adds a customer and takes that back: who may not remove one may not take it back either.
func (w atWork) adding(b *box, owner *serve.Client) {
	w.t.Helper()
	w.keys("1")
	w.either("/11")
	if !reachesTo(w.role.grants["customers"][0], "own") {
		w.try(false, "add a customer", "a", "Add customer")
		return
	}
	w.keys("a")
	w.either("Add customer")
	w.try(true, "add a customer", "Added by "+w.role.name+"\x13", "Saved: add customer")
	if reachesTo(w.role.grants["customers"][2], "own") {
		w.try(true, "undo what was added", "u", "Undone: add customer")
		return
	}
	w.try(false, "undo what was added", "u", "Undone: add customer")
	_, id, _ := b.ownerRuns(owner, "list", "customers", "--where", "Added", "-o", "ids")
	if status, _, words := b.ownerRuns(owner, "remove", "customer", strings.TrimSpace(id)); status != 0 {
		w.t.Fatal(words)
	}
}
