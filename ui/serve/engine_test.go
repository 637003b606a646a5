package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// fakeDesk does what a test wants done.
type fakeDesk struct {
	admit func(Peer) (Admission, error)
	serve func(context.Context, Session) int
}

func (d fakeDesk) Admit(p Peer) (Admission, error) {
	if d.admit == nil {
		return Admission{User: "ana"}, nil
	}
	return d.admit(p)
}

func (d fakeDesk) Serve(ctx context.Context, s Session) int { return d.serve(ctx, s) }

// running engine of a test.
type rig struct {
	t      *testing.T
	socket string
	front  string // address of the TCP front; empty without one
	engine *Engine
	log    *record
	stop   func()
}

// record is a log that may be read while it is written.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func testLimits() Limits {
	l := DefaultLimits()
	l.Grace = 50 * time.Millisecond
	return l
}

// start runs an engine until the test ends.
func start(t *testing.T, d Desk, l Limits, network bool) *rig {
	t.Helper()
	r := &rig{t: t, socket: filepath.Join(t.TempDir(), "s"), log: &record{}}
	local, err := Listen(r.socket, false)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Local: local, Desk: d, Limits: l, Log: slog.New(slog.NewTextHandler(r.log, nil)), Version: "test"}
	if network {
		if o.HostKey, err = HostKey(filepath.Join(t.TempDir(), "keys", "host")); err != nil {
			t.Fatal(err)
		}
		if o.Network, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		r.front = o.Network.Addr().String()
	}
	if r.engine, err = New(o); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.engine.Run(ctx) }()
	r.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the engine ended with %v", err)
			}
		case <-time.After(patience):
			t.Error("the engine does not end")
		}
	})
	t.Cleanup(r.stop)
	return r
}

func (r *rig) dial() *Client {
	r.t.Helper()
	c, err := Dial(r.t.Context(), r.socket)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = c.Close() })
	return c
}

// run runs a command line on a connection of its own.
func (r *rig) run(stdin string, env []string, args ...string) (status int, out, words string, err error) {
	r.t.Helper()
	var o, e bytes.Buffer
	status, err = r.dial().Run(r.t.Context(), Call{Args: args, Env: env, Stdin: strings.NewReader(stdin), Stdout: &o, Stderr: &e})
	return status, o.String(), e.String(), err
}

func TestACommandLineArrivesAsItIs(t *testing.T) {
	lines := [][]string{
		{"list", "customers"}, {"set", "x", "name=O'Neil & Söhne"}, {"", " ", "a\nb", "\t"}, {`"`, `\`, `'"'`, "$HOME", "`id`"}, {"云舟", "--", "-x", "*"},
	}
	r := start(t, fakeDesk{serve: func(_ context.Context, s Session) int {
		_, _ = fmt.Fprintf(s.Stdout, "%q", s.Args)
		return len(s.Args)
	}}, testLimits(), false)
	for _, args := range lines {
		status, out, _, err := r.run("", nil, args...)
		if want := fmt.Sprintf("%q", args); out != want || status != len(args) || err != nil {
			t.Errorf("%q arrives as %s, status %d, %v", args, out, status, err)
		}
	}
}

func TestStreamsAreApartAndStatusesComeBack(t *testing.T) {
	r := start(t, fakeDesk{serve: func(_ context.Context, s Session) int {
		n, _ := io.Copy(s.Stdout, s.Stdin)
		_, _ = fmt.Fprintf(s.Stderr, "%d bytes", n)
		return 3
	}}, testLimits(), false)
	data := strings.Repeat("0123456789abcdef\n", 300_000) // more than a window of the protocol
	status, out, words, err := r.run(data, nil, "x")
	if err != nil || status != 3 || out != data || words != fmt.Sprintf("%d bytes", len(data)) {
		t.Errorf("status %d, %d bytes out, %q, %v", status, len(out), words, err)
	}
}

func TestOutputStreams(t *testing.T) {
	seen := make(chan struct{})
	r := start(t, fakeDesk{serve: func(ctx context.Context, s Session) int {
		_, _ = io.WriteString(s.Stdout, "first\n")
		select {
		case <-seen:
			return 0
		case <-ctx.Done():
			return 1
		}
	}}, testLimits(), false)
	out := writeFunc(func(p []byte) {
		if strings.Contains(string(p), "first") {
			close(seen)
		}
	})
	status, err := r.dial().Run(t.Context(), Call{Args: []string{"x"}, Stdin: strings.NewReader(""), Stdout: out, Stderr: io.Discard})
	if status != 0 || err != nil {
		t.Errorf("status %d, %v", status, err)
	}
}

type writeFunc func([]byte)

func (w writeFunc) Write(p []byte) (int, error) { w(p); return len(p), nil }

func TestOnlyTheTerminalAndTheLanguageAreToldOf(t *testing.T) {
	var got []string
	r := start(t, fakeDesk{serve: func(_ context.Context, s Session) int { got = s.Env; return 0 }}, testLimits(), false)
	env := []string{"LANG=de", "LC_TIME=C", "AWS_SECRET=x", "HOME=/h", "OPSDECK_REQUEST=1", "LD_PRELOAD=x", "NO_COLOR=", "PATH=/bin"}
	if _, _, _, err := r.run("", env, "x"); err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	if want := []string{"LANG=de", "LC_TIME=C", "NO_COLOR=", "OPSDECK_REQUEST=1"}; !slices.Equal(got, want) {
		t.Errorf("the engine is told of %q, want %q", got, want)
	}
}

// TestAnyClientsEnvironmentIsLookedThrough: an ordinary SSH client sends what it likes.
func TestAnyClientsEnvironmentIsLookedThrough(t *testing.T) {
	got := make(chan []string, 1)
	ana := newSigner(t)
	r := start(t, keyedServe(ana, func(_ context.Context, s Session) int { got <- s.Env; return 0 }), testLimits(), true)
	c, err := r.connect(ana)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"EDITOR", "VISUAL", "HOME", "XDG_CONFIG_HOME", "PATH", "LANG"} {
		if err := s.Setenv(name, "/tmp/mine"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Run("x"); err != nil {
		t.Fatal(err)
	}
	if env := <-got; !slices.Equal(env, []string{"LANG=/tmp/mine"}) {
		t.Errorf("the engine takes %q over", env)
	}
}

// held is a desk whose sessions last as long as their connection; it tells when one begins and ends.
func held(begun, ended chan<- bool) fakeDesk {
	return fakeDesk{serve: func(ctx context.Context, _ Session) int {
		begun <- true
		<-ctx.Done()
		ended <- true
		return 0
	}}
}

func TestASessionInWhichNothingHappensEnds(t *testing.T) {
	l := testLimits()
	l.Idle = 100 * time.Millisecond
	begun, ended := make(chan bool, 1), make(chan bool, 1)
	r := start(t, held(begun, ended), l, false)
	c := r.dial()
	go func() {
		_, _ = c.Run(context.Background(), Call{Args: []string{"x"}, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard})
	}()
	<-begun
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("a session in which nothing happens goes on")
	}
}

func TestAHangUpEndsTheSession(t *testing.T) {
	begun, ended := make(chan bool, 1), make(chan bool, 1)
	r := start(t, held(begun, ended), testLimits(), false)
	c := r.dial()
	go func() {
		_, _ = c.Run(context.Background(), Call{Args: []string{"x"}, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard})
	}()
	<-begun
	_ = c.Close()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("a session goes on after its client has gone")
	}
	for until := time.Now().Add(patience); len(r.engine.Sessions()) > 0; <-time.After(time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("the session of a client that has gone is still listed")
		}
	}
}

func TestAPanicEndsItsSessionAlone(t *testing.T) {
	there, release := make(chan struct{}), make(chan struct{})
	r := start(t, fakeDesk{serve: func(_ context.Context, s Session) int {
		if s.Args[0] == "panic" {
			panic("boom")
		}
		close(there)
		<-release
		return 0
	}}, testLimits(), false)
	other := make(chan int, 1)
	c := r.dial()
	go func() {
		status, err := c.Run(t.Context(), Call{Args: []string{"wait"}, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard})
		if err != nil {
			status = -1
		}
		other <- status
	}()
	<-there
	if status, _, _, err := r.run("", nil, "panic"); status != statusFailed || err != nil {
		t.Errorf("the session that panics ends with status %d, %v", status, err)
	}
	close(release)
	if status := <-other; status != 0 {
		t.Errorf("the other session ends with status %d", status)
	}
	if !strings.Contains(r.log.String(), "boom") {
		t.Errorf("the log does not tell of the panic:\n%s", r.log)
	}
}

func TestPlacesAreLimited(t *testing.T) {
	release := make(chan struct{})
	there := make(chan struct{}, 8)
	names := make(chan string, 8)
	l := testLimits()
	l.Sessions, l.PerUser = 3, 2
	r := start(t, fakeDesk{
		admit: func(Peer) (Admission, error) { return Admission{User: <-names}, nil },
		serve: func(context.Context, Session) int { there <- struct{}{}; <-release; return 0 },
	}, l, false)
	var done sync.WaitGroup
	enter := func(who string) {
		names <- who
		c := r.dial()
		done.Go(func() {
			_, _ = c.Run(context.Background(), Call{Args: []string{"x"}, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard})
		})
		<-there
	}
	refused := func(who, want string) {
		t.Helper()
		names <- who
		status, _, words, err := r.run("", nil, "x")
		if err != nil || status != statusRefused || !strings.Contains(words, want) {
			t.Errorf("%s: status %d, %q, %v; want %q", who, status, words, err, want)
		}
	}
	enter("ana")
	enter("ana")
	refused("ana", "ana has 2 sessions open already")
	enter("bo")
	refused("cy", "all 3 places are taken")
	if n := len(r.engine.Sessions()); n != 3 {
		t.Errorf("%d sessions are listed, not 3", n)
	}
	close(release)
	done.Wait()
	names <- "cy"
	if status, _, words, err := r.run("", nil, "x"); status != 0 || err != nil {
		t.Errorf("a place that became free is not given: %d, %q, %v", status, words, err)
	}
}

func TestWhoIsNotAdmittedIsToldWhy(t *testing.T) {
	r := start(t, fakeDesk{admit: func(Peer) (Admission, error) { return Admission{}, errors.New("you are nobody here") }}, testLimits(), false)
	status, _, words, err := r.run("", nil, "x")
	if err != nil || status != statusRefused || !strings.Contains(words, "you are nobody here") {
		t.Errorf("status %d, %q, %v", status, words, err)
	}
}

func TestThePeerIsWhoTheKernelSays(t *testing.T) {
	var peer Peer
	r := start(t, fakeDesk{
		admit: func(p Peer) (Admission, error) { peer = p; return Admission{User: "ana"}, nil },
		serve: func(context.Context, Session) int { return 0 },
	}, testLimits(), false)
	if _, _, _, err := r.run("", []string{"OPSDECK_USER=root"}, "x"); err != nil {
		t.Fatal(err)
	}
	if peer.UID != os.Getuid() || peer.Key != "" {
		t.Errorf("the peer is %+v, not uid %d", peer, os.Getuid())
	}
}

// closed waits for the other end of a connection to close it.
func closed(t *testing.T, c net.Conn) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	var timeout net.Error
	if _, err := io.Copy(io.Discard, c); errors.As(err, &timeout) && timeout.Timeout() {
		t.Error("the connection is never closed")
	}
}

func TestSilentConnectionsAreClosed(t *testing.T) {
	l := testLimits()
	l.Handshake = 20 * time.Millisecond
	r := start(t, fakeDesk{serve: func(context.Context, Session) int { return 0 }}, l, true)
	for _, at := range [][2]string{{"unix", r.socket}, {"tcp", r.front}} {
		c, err := net.Dial(at[0], at[1])
		if err != nil {
			t.Fatal(err)
		}
		closed(t, c)
		_ = c.Close()
	}
}

// TestAClientThatDoesNotReadIsLetGo: what it leaves unread is bounded, and so is how long.
func TestAClientThatDoesNotReadIsLetGo(t *testing.T) {
	l := testLimits()
	l.Unread = 50 * time.Millisecond
	ended := make(chan error, 1)
	r := start(t, fakeDesk{serve: func(_ context.Context, s Session) int {
		var err error
		for err == nil {
			_, err = s.Stdout.Write(make([]byte, 64<<10))
		}
		ended <- err
		return 0
	}}, l, false)
	block := make(chan struct{})
	defer close(block)
	c := r.dial()
	go func() {
		_, _ = c.Run(context.Background(), Call{Args: []string{"x"}, Stdin: strings.NewReader(""), Stdout: writeFunc(func([]byte) { <-block }), Stderr: io.Discard})
	}()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the session of a client that does not read goes on")
	}
}

func TestSessionsEndWithTheEngine(t *testing.T) {
	there := make(chan struct{})
	warned := false
	r := start(t, fakeDesk{serve: func(ctx context.Context, s Session) int {
		close(there)
		<-s.Stopping
		warned = ctx.Err() == nil
		<-ctx.Done()
		return 0
	}}, testLimits(), false)
	c := r.dial()
	type answer struct {
		status int
		err    error
		words  string
	}
	got := make(chan answer, 1)
	go func() {
		var words bytes.Buffer
		status, err := c.Run(context.Background(), Call{Args: []string{"x"}, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &words})
		got <- answer{status, err, words.String()}
	}()
	<-there
	r.stop()
	a := <-got
	if !warned || a.err != nil || a.status != StatusStopping || !strings.Contains(a.words, "stopping") {
		t.Errorf("warned %v; status %d, %v, %q", warned, a.status, a.err, a.words)
	}
	if _, err := Dial(t.Context(), r.socket); !errors.Is(err, ErrNoEngine) {
		t.Errorf("after the end: %v", err)
	}
}
