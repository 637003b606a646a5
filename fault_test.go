//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"opsdeck/ui/serve"
)

// faultRounds is how often each fault is brought about: OPSDECK_FAULTS, or few.
func faultRounds(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("OPSDECK_FAULTS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("OPSDECK_FAULTS=%q: a number of rounds is wanted", text)
	}
	return n
}

// faultSeed is where chance begins: OPSDECK_FAULT_SEED to repeat a run.
func faultSeed(t *testing.T) *rand.Rand {
	t.Helper()
	seed := time.Now().UnixNano()
	if text := os.Getenv("OPSDECK_FAULT_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseInt(text, 10, 64); err != nil {
			t.Fatalf("OPSDECK_FAULT_SEED=%q: %v", text, err)
		}
	}
	t.Logf("OPSDECK_FAULT_SEED=%d", seed)
	return rand.New(rand.NewSource(seed))
}

// ledger is what the writers tried to save, and what they were told is safe.
type ledger struct {
	mu         sync.Mutex
	tried      map[string]string // external id → name
	acked      map[string]bool
	next       int
	rounds     int
	total      int // acknowledged in all rounds
	refused    int // writes that ended with an error
	lost       int
	unanswered int // tried, never acknowledged, found all the same
}

func newLedger() *ledger { return &ledger{tried: map[string]string{}, acked: map[string]bool{}} }

// entry is a customer that no writer has tried before.
func (l *ledger) entry() (id, name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	id = fmt.Sprintf("id-%06d", l.next)
	// Names of very different length make pages split and overflow.
	name = fmt.Sprintf("Customer %d %s", l.next, strings.Repeat("x", 1+l.next*7919%700))
	l.tried[id] = name
	return id, name
}

func (l *ledger) answered(id string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !ok {
		l.refused++
		return
	}
	l.acked[id] = true
	l.total++
}

func (l *ledger) count() (acked, refused int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total, l.refused
}

// compare holds a book against the ledger: sound, everything acknowledged there as it was written, and
// nothing that nobody wrote. What is there now has to stay.
func (l *ledger) compare(t *testing.T, book string) {
	t.Helper()
	for _, d := range l.differences(book) {
		t.Error(d)
	}
}

func (l *ledger) differences(book string) (out []string) {
	l.rounds++
	if _, err := os.Stat(book); err != nil && len(l.acked) == 0 {
		return nil // The fault came before there was a book.
	}
	if found, err := opsdeck("--book", book, "check"); err != nil {
		out = append(out, fmt.Sprintf("%v\n%s", err, found))
	}
	listed, err := opsdeck("--read-only", "--book", book, "list", "customers", "-o", "csv", "--columns", "external_id,name")
	if err != nil {
		return append(out, err.Error())
	}
	rows, err := csv.NewReader(bytes.NewReader(listed)).ReadAll()
	if err != nil || len(rows) == 0 {
		return append(out, fmt.Sprintf("a list that is none: %v", err))
	}
	have := map[string]string{}
	for _, r := range rows[1:] {
		have[r[0]] = r[1]
	}
	for id := range l.acked {
		if have[id] != l.tried[id] {
			l.lost++
			out = append(out, fmt.Sprintf("%s was acknowledged as %q and is %q", id, l.tried[id], have[id]))
		}
	}
	for id, name := range have {
		if l.tried[id] != name {
			out = append(out, fmt.Sprintf("%s is %q, which nobody wrote", id, name))
		}
		if !l.acked[id] {
			l.unanswered++
			l.acked[id] = true
		}
	}
	return out
}

func (l *ledger) tell(t *testing.T) {
	t.Helper()
	t.Logf("rounds %d, acknowledged %d, refused or unanswered %d (of which kept %d), lost %d", l.rounds, l.total, l.refused, l.unanswered, l.lost)
	if l.total == 0 {
		t.Error("nothing was acknowledged, so nothing was tested")
	}
}

// opsdeck runs the program and returns what it prints.
func opsdeck(args ...string) ([]byte, error) {
	cmd := exec.Command("opsdeck", args...)
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	if err := cmd.Run(); err != nil {
		return out.Bytes(), fmt.Errorf("opsdeck %s: %w: %s", strings.Join(args, " "), err, words.String())
	}
	return out.Bytes(), nil
}

// server is the real program at work on a book for several writers.
type server struct {
	cmd    *exec.Cmd
	socket string
	words  *bytes.Buffer
	ended  chan struct{}
	writes sync.WaitGroup
	stop   context.CancelFunc
}

// startServer starts an engine on a book; nil when the fault took it before it could listen.
func startServer(t *testing.T, book string) *server {
	t.Helper()
	return startServerAt(t, book, filepath.Join(socketDir(t), "s"))
}

// startServerAt starts an engine at a socket, where one that was killed may have been.
func startServerAt(t *testing.T, book, socket string, more ...string) *server {
	t.Helper()
	s := &server{socket: socket, words: &bytes.Buffer{}, ended: make(chan struct{})}
	s.cmd = exec.Command("opsdeck", append([]string{"--book", book, "serve", "--socket", socket}, more...)...)
	pipe, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan bool, 1)
	go func() {
		defer close(s.ended)
		lines := bufio.NewScanner(pipe)
		for lines.Scan() {
			fmt.Fprintln(s.words, lines.Text())
			if strings.HasPrefix(lines.Text(), "serving ") {
				ready <- true
			}
		}
		_ = s.cmd.Wait()
		close(ready)
	}()
	t.Cleanup(func() { s.kill() })
	if !<-ready {
		return nil
	}
	return s
}

// socketDir is a short path of its own; the names of tests make long ones.
func socketDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "od")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// kill ends the program as a crash does and waits until it and its writers are gone.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	s.gone()
}

func (s *server) gone() {
	<-s.ended
	if s.stop != nil {
		s.stop()
	}
	s.writes.Wait()
}

// write lets several people add customers until the engine goes away or answers with an error.
func (s *server) write(l *ledger, people int) {
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	for range people {
		s.writes.Go(func() {
			c, err := serve.Dial(ctx, s.socket)
			if err != nil {
				return
			}
			defer c.Close()
			for ctx.Err() == nil {
				id, name := l.entry()
				args := []string{"add", "customer", "external_id=" + id, "name=" + name}
				status, err := ask(ctx, c, args...)
				l.answered(id, status == 0 && err == nil)
				if err != nil {
					return
				}
			}
		})
	}
}

// ask runs a command line on the engine and leaves what it prints.
func ask(ctx context.Context, c *serve.Client, args ...string) (int, error) {
	return c.Run(ctx, serve.Call{Args: args, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard})
}

// read lets somebody read the whole book over and over.
func (s *server) read(t *testing.T, ctx context.Context) {
	t.Helper()
	c, err := serve.Dial(ctx, s.socket)
	if err != nil {
		t.Fatal(err)
	}
	s.writes.Go(func() {
		defer c.Close()
		for err == nil {
			_, err = ask(ctx, c, "export", "book")
		}
	})
}

// waitFor returns when so many more writes have been acknowledged, the engine has ended, or it answers with
// errors for good.
func (s *server) waitFor(l *ledger, acks int) {
	acked, refused := l.count()
	tick := time.NewTicker(200 * time.Microsecond)
	defer tick.Stop()
	for until := time.Now().Add(5 * time.Second); time.Now().Before(until); {
		if a, r := l.count(); a >= acked+acks || r > refused+20 {
			return
		}
		select {
		case <-s.ended:
			return
		case <-tick.C:
		}
	}
}

// aWhile is a random part of a write.
func aWhile(r *rand.Rand) <-chan time.Time {
	return time.After(time.Duration(r.Intn(8000)) * time.Microsecond)
}

func TestFaultKill(t *testing.T) {
	random, l := faultSeed(t), newLedger()
	defer func() { l.tell(t) }()
	book := filepath.Join(t.TempDir(), "book.db")
	for range faultRounds(t, 4) {
		s := startServer(t, book)
		if s == nil {
			t.Fatal("the engine does not start")
		}
		s.write(l, 3)
		s.read(t, t.Context())
		s.waitFor(l, random.Intn(40))
		<-aWhile(random)
		switch random.Intn(4) {
		case 0: // Stopped first, as a laptop that sleeps is.
			_ = s.cmd.Process.Signal(syscall.SIGSTOP)
			<-aWhile(random)
			_ = s.cmd.Process.Signal(syscall.SIGCONT)
			<-aWhile(random)
			s.kill()
		case 1:
			_ = s.cmd.Process.Signal(syscall.SIGTERM)
			s.gone()
		default:
			s.kill()
		}
		if l.compare(t, book); t.Failed() {
			return
		}
	}
}

// TestFaultKilledImport kills an import: all of it is there, or nothing.
func TestFaultKilledImport(t *testing.T) {
	random := faultSeed(t)
	dir := t.TempDir()
	book, file := filepath.Join(dir, "book.db"), filepath.Join(dir, "people.csv")
	var text strings.Builder
	text.WriteString("external_id,name\n")
	const n = 3000
	for i := range n {
		fmt.Fprintf(&text, "E%d,Customer %d\n", i, i)
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	// Kills are to meet imports in the middle, however fast the machine is.
	began := time.Now()
	if out, err := opsdeck("--book", filepath.Join(dir, "other.db"), "import", "customers", file); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	longest := int(time.Since(began) * 2)
	whole, none := 0, 0
	for range faultRounds(t, 3) {
		_ = os.Remove(book)
		cmd := exec.Command("opsdeck", "--book", book, "import", "customers", file)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Duration(random.Intn(longest)))
		_ = cmd.Process.Kill()
		done := cmd.Wait() == nil
		if _, err := os.Stat(book); errors.Is(err, os.ErrNotExist) && !done {
			none++
			continue
		}
		if out, err := opsdeck("--book", book, "check"); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		out, err := opsdeck("--book", book, "list", "customers", "-o", "ids")
		if err != nil {
			t.Fatal(err)
		}
		switch got := bytes.Count(out, []byte("\n")); {
		case got == n:
			whole++
		case got == 0 && !done:
			none++
		default:
			t.Errorf("%d of %d customers are there; the import said done: %v", got, n, done)
		}
	}
	t.Logf("imports killed: whole %d, none of it %d", whole, none)
	if none == 0 && whole >= manyRounds {
		t.Error("every import was done before it was killed, so nothing was tested")
	}
}
