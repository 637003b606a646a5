//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"

	"opsdeck/ui/cli"
)

// writers are people who add tasks by the command line, one after the other, whatever becomes of the engine.
type writers struct {
	socket string
	acked  sync.Map // title → true
	count  atomic.Int64
	unsure atomic.Int64 // ended with an error: the task may be there, or not
	stop   context.CancelFunc
	work   sync.WaitGroup
}

func startWriters(socket string, people int) *writers {
	ctx, stop := context.WithCancel(context.Background())
	w := &writers{socket: socket, stop: stop}
	for person := range people {
		w.work.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				title := fmt.Sprintf("p%02d-%06d", person, n)
				// The command line itself, with its own looking for the engine and asking again.
				status := cli.Run(ctx, []string{"add", "task", "title=" + title, "-q"}, cli.Deps{
					Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Env: []string{"OPSDECK_SOCKET=" + socket},
					User: userName(), Now: time.Now, NewID: newIDs(),
				})
				if status == 0 {
					w.acked.Store(title, true)
					w.count.Add(1)
				} else if ctx.Err() == nil {
					w.unsure.Add(1)
				}
			}
		})
	}
	return w
}

// waitFor returns when so many more tasks have been acknowledged.
func (w *writers) waitFor(t *testing.T, more int64) {
	t.Helper()
	from := w.count.Load()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(20 * time.Second); w.count.Load() < from+more; <-tick.C {
		if time.Now().After(until) {
			t.Fatalf("after 20 s, only %d of %d writes are acknowledged", w.count.Load()-from, more)
		}
	}
}

// TestFaultKillUnderTwentyClients kills the engine while twenty people write, and starts it again: the clients
// ask once more by themselves, and every acknowledged task is there, once.
func TestFaultKillUnderTwentyClients(t *testing.T) {
	random := faultSeed(t)
	dir := socketDir(t)
	book, socket := filepath.Join(t.TempDir(), "book.db"), filepath.Join(dir, "s")
	s := startServerAt(t, book, socket)
	if s == nil {
		t.Fatal("the engine does not start")
	}
	w := startWriters(socket, 20)
	defer w.stop()
	rounds := faultRounds(t, 3)
	for range rounds {
		w.waitFor(t, int64(5+random.Intn(40)))
		<-aWhile(random)
		s.kill()
		if s = startServerAt(t, book, socket); s == nil {
			t.Fatal("the engine does not come back")
		}
	}
	w.waitFor(t, 20)
	w.stop()
	w.work.Wait()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	s.gone()
	if out, err := opsdeck("--book", book, "check"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	listed, err := opsdeck("--book", book, "list", "tasks", "-o", "csv", "--columns", "title")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(listed)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, r := range rows[1:] {
		found[r[0]]++
	}
	unanswered, twice := 0, 0
	for title, n := range found {
		if n > 1 {
			twice++
			t.Errorf("%s is there %d times", title, n)
		}
		if _, ok := w.acked.Load(title); !ok {
			unanswered++
		}
	}
	lost := 0
	w.acked.Range(func(title, _ any) bool {
		if found[title.(string)] == 0 {
			lost++
			t.Errorf("%s was acknowledged and is not there", title)
		}
		return true
	})
	t.Logf("kills %d, acknowledged %d, there %d, lost %d, twice %d, without an answer %d (of which kept %d)",
		rounds, w.count.Load(), len(found), lost, twice, w.unsure.Load(), unanswered)
}

// seat opens the program on a terminal of its own, attached to the engine at a socket.
func seat(t *testing.T, socket string, args ...string) *person {
	t.Helper()
	ptmx, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo terminal can be had here: %v", err)
	}
	p := &person{t: t, ptmx: ptmx, fresh: make(chan struct{}, 1), ended: make(chan error, 1), term: vt.NewEmulator(120, 40)}
	if err := pty.Setsize(ptmx, &pty.Winsize{Rows: 40, Cols: 120}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("opsdeck", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	cmd.Env = append(os.Environ(), "OPSDECK_SOCKET="+socket, "TERM=xterm-256color", "LANG=C.UTF-8", "HOME="+t.TempDir())
	var pumps sync.WaitGroup
	pumps.Go(p.show)
	pumps.Go(func() { _, _ = io.Copy(ptmx, p.term) })
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-p.ended
		if in, ok := p.term.InputPipe().(io.Closer); ok {
			_ = in.Close()
		}
		_, _ = tty.Close(), ptmx.Close()
		pumps.Wait()
	})
	return p
}

// keptInBook waits until a file has a text in it: what was typed is in the book.
func keptInBook(t *testing.T, path, text string) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); ; <-time.After(5 * time.Millisecond) {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(body, []byte(text)) {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%s never has %q", path, text)
		}
	}
}

// TestFaultKillUnderAScreen kills the engine under somebody who fills in a form: their screen comes back with
// the form as it was, and saving it makes one step.
func TestFaultKillUnderAScreen(t *testing.T) {
	book, socket := filepath.Join(t.TempDir(), "book.db"), filepath.Join(socketDir(t), "s")
	if out, err := opsdeck("demo", "--book", book, "--customers", "20", "--today", "2026-11-22", "-q"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := startServerAt(t, book, socket)
	if s == nil {
		t.Fatal("the engine does not start")
	}
	p := seat(t, socket, "--today", "2026-11-22")
	p.either("1/20")
	for n := range faultRounds(t, 3) {
		text := fmt.Sprintf("Outlives%d", n)
		p.keys("e")
		p.either("Edit customer")
		p.keys("\x15" + text) // ctrl+u empties the field
		p.either(text)
		keptInBook(t, book, text)
		// The text is in the file before it counts; what is written after it is acknowledged after it.
		if _, err := askFor(socket, "add", "task", "title=behind the draft"); err != nil {
			t.Fatal(err)
		}
		s.kill()
		if s = startServerAt(t, book, socket); s == nil {
			t.Fatal("the engine does not come back")
		}
		from := time.Now()
		p.either("the form is as it was kept last")
		p.either(text)
		took := time.Since(from)
		t.Logf("the form is back %s after the engine", took.Round(time.Millisecond))
		if took > 5*time.Second {
			t.Errorf("the form takes %s to come back", took)
		}
		p.keys("\x13")
		p.either("Saved: set name")
		p.gone("Edit customer")
		steps, err := askFor(socket, "list", "batches", "-o", "csv", "--columns", "label")
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(steps, text+"\n"); got != 1 {
			t.Errorf("the form has made %d steps:\n%s", got, steps)
		}
	}
	// A graceful stop is told beforehand.
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	p.either("The engine stops; this screen connects to the next one by itself")
	s.gone()
	if s = startServerAt(t, book, socket); s == nil {
		t.Fatal("the engine does not come back")
	}
	p.either("The engine went away and is back")
	p.keys("q")
	if err := <-p.ended; err != nil {
		t.Errorf("the screen ends with %v", err)
	}
	p.ended <- nil
}

// askFor runs a command line on an engine and returns what it prints.
func askFor(socket string, args ...string) (string, error) {
	var out, words bytes.Buffer
	status := cli.Run(context.Background(), args, cli.Deps{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &words, Env: []string{"OPSDECK_SOCKET=" + socket},
		User: userName(), Now: time.Now, NewID: newIDs(),
	})
	if status != 0 {
		return out.String(), fmt.Errorf("%s: status %d: %s", strings.Join(args, " "), status, words.String())
	}
	return out.String(), nil
}
