//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// crowd is an engine with people who have the workstation open.
type crowd struct {
	t       *testing.T
	engine  *server
	screens []*watcher
}

// watcher is somebody's open screen: what the engine writes to it is looked through, and not drawn.
type watcher struct {
	in   io.Writer
	conn net.Conn

	mu    sync.Mutex
	tail  []byte // the last that came
	want  []byte
	found chan time.Time
}

// watch opens the workstation over the socket as a user.
func watch(socket, user string) (*watcher, error) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return nil, err
	}
	c, chans, reqs, err := gossh.NewClientConn(conn, socket, &gossh.ClientConfig{User: "x", HostKeyCallback: gossh.InsecureIgnoreHostKey()})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	s, err := gossh.NewClient(c, chans, reqs).NewSession()
	if err != nil {
		return nil, err
	}
	w := &watcher{conn: conn, found: make(chan time.Time, 1)}
	if err := errors.Join(s.Setenv("LANG", "C.UTF-8"), s.Setenv("COLORTERM", "truecolor"), s.RequestPty("xterm-256color", 48, 160, gossh.TerminalModes{})); err != nil {
		return nil, err
	}
	if w.in, err = s.StdinPipe(); err != nil {
		return nil, err
	}
	s.Stdout, s.Stderr = w, w
	return w, s.Start("--as " + user + " --today 2026-11-22")
}

// Write takes what the engine draws.
func (w *watcher) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tail = append(w.tail, p...)
	if w.want != nil && bytes.Contains(w.tail, w.want) {
		w.want = nil
		w.found <- time.Now()
	}
	if len(w.tail) > 1<<16 {
		w.tail = append(w.tail[:0], w.tail[len(w.tail)-1<<12:]...)
	}
	return len(p), nil
}

// expect waits for a text that has not been written yet.
func (w *watcher) expect(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.want = []byte(text)
	if bytes.Contains(w.tail, w.want) {
		w.want = nil
		w.found <- time.Now()
	}
}

// forget drops what has come and what is waited for.
func (w *watcher) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tail, w.want = nil, nil
}

// seen returns when the text has come that was expected.
func (w *watcher) seen(t *testing.T, who int) time.Time {
	t.Helper()
	select {
	case at := <-w.found:
		return at
	case <-time.After(60 * time.Second):
		w.mu.Lock()
		defer w.mu.Unlock()
		t.Fatalf("screen %d never shows what it should; the last that came is %q", who, w.tail[max(0, len(w.tail)-300):])
		return time.Time{}
	}
}

// startCrowd starts an engine on a sample company and opens so many screens.
func startCrowd(t *testing.T, customers, people int) *crowd {
	t.Helper()
	book := filepath.Join(t.TempDir(), "book.db")
	if out, err := opsdeck("demo", "--book", book, "--customers", strconv.Itoa(customers), "--today", "2026-11-22", "-q"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for n := range min(people, 20) {
		if _, err := opsdeck("--book", book, "users", "add", fmt.Sprintf("u%d", n), "--role", "lead", "-q"); err != nil {
			t.Fatal(err)
		}
	}
	c := &crowd{t: t, engine: startServerAt(t, book, filepath.Join(socketDir(t), "s"), "--most-per-user", "200")}
	if c.engine == nil {
		t.Fatal("the engine does not start")
	}
	return c
}

// open opens more screens, one after the other, each once it shows the list.
func (c *crowd) open(people int) {
	c.t.Helper()
	for range people {
		w, err := watch(c.engine.socket, fmt.Sprintf("u%d", len(c.screens)%20))
		if err != nil {
			c.t.Fatal(err)
		}
		w.expect("Renews")
		w.seen(c.t, len(c.screens))
		c.screens = append(c.screens, w)
		c.t.Cleanup(func() { _ = w.conn.Close() })
	}
}

// change lets the first person change the first customer and returns how long after the last key each screen
// shows it.
func (c *crowd) change(n int) []time.Duration {
	c.t.Helper()
	// No letter stands where one of the last change stood, so that all of it is drawn.
	value := make([]byte, 8)
	for i := range value {
		value[i] = 'a' + byte((n+3*i)%26)
	}
	for _, w := range c.screens {
		w.forget() // The letters come round again.
		w.expect(string(value))
	}
	// What is typed is on the first screen before it is saved; there a word of the message tells, which stands
	// behind what was typed: only what differs is drawn.
	first := c.screens[0]
	first.forget()
	c.typed(":set city=" + string(value))
	first.expect("city=") // Drawn before enter, or the message of before and that of now are one.
	first.seen(c.t, 0)
	first.expect("takes")
	from := time.Now()
	c.typed("\r")
	var out []time.Duration
	for i, w := range c.screens {
		out = append(out, w.seen(c.t, i).Sub(from))
	}
	c.typed("jk") // The message goes.
	return out
}

func (c *crowd) typed(keys string) {
	c.t.Helper()
	if _, err := io.WriteString(c.screens[0].in, keys); err != nil {
		c.t.Fatal(err)
	}
}

// resident is the memory of the engine in bytes.
func (c *crowd) resident() float64 {
	c.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.engine.cmd.Process.Pid))
	if err != nil {
		c.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				c.t.Fatal(err)
			}
			return kb * 1024
		}
	}
	c.t.Fatal("no memory is told of the engine")
	return 0
}

// processor is the processor time that the engine has used, in seconds.
func (c *crowd) processor() float64 {
	c.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.engine.cmd.Process.Pid))
	if err != nil {
		c.t.Fatal(err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+2:]))
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100
}

func quantile(all []time.Duration, q float64) time.Duration {
	all = slices.Sorted(slices.Values(all))
	return all[min(len(all)-1, int(q*float64(len(all))))].Round(100 * time.Microsecond)
}

// TestEveryScreenSeesAChange lets a few people look at one list while one of them changes it.
func TestEveryScreenSeesAChange(t *testing.T) {
	if testing.Short() {
		t.Skip("a real engine with screens")
	}
	c := startCrowd(t, 200, 5)
	c.open(5)
	for n := range 3 {
		for i, took := range c.change(n) {
			if took > 5*time.Second {
				t.Errorf("screen %d shows the change after %s", i, took)
			}
		}
	}
}

// TestFiguresOfTheBox measures what docs/performance.md says of the shared box. It is run by 'make figures'.
func TestFiguresOfTheBox(t *testing.T) {
	if os.Getenv("OPSDECK_FIGURES") == "" {
		t.Skip("measuring takes a minute and a machine that does nothing else; OPSDECK_FIGURES=1 does it")
	}
	c := startCrowd(t, 10000, 20)
	c.open(20)
	c.change(2)
	settle := func() { <-time.After(3 * time.Second) }
	settle()
	twenty := c.resident()
	t.Logf("20 screens: %.1f MB of the engine", twenty/1e6)
	before, from := c.processor(), time.Now()
	<-time.After(10 * time.Second)
	t.Logf("20 screens idle: %.2f %% of a core", 100*(c.processor()-before)/time.Since(from).Seconds())
	var own, each, last []time.Duration
	for n := range 60 {
		took := c.change(3 + n)
		own, each, last = append(own, took[0]), append(each, took[1:]...), append(last, slices.Max(took))
	}
	t.Logf("key → own screen: median %s, p95 %s", quantile(own, 0.5), quantile(own, 0.95))
	t.Logf("key → each other screen: median %s, p95 %s", quantile(each, 0.5), quantile(each, 0.95))
	t.Logf("key → all 20 screens: median %s, p95 %s", quantile(last, 0.5), quantile(last, 0.95))
	c.open(80)
	settle()
	hundred := c.resident()
	t.Logf("100 screens: %.1f MB of the engine, %.2f MB for each of the 80 more", hundred/1e6, (hundred-twenty)/80/1e6)
	last = nil
	for n := range 20 {
		last = append(last, slices.Max(c.change(70+n)))
	}
	t.Logf("key → all 100 screens: median %s, p95 %s", quantile(last, 0.5), quantile(last, 0.95))
	if err := c.engine.cmd.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the engine is gone: %v", err)
	}
}
