//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

// benchTerm is the real program on a terminal of 160×48 that answers what programs ask, and notes when which
// bytes came.
type benchTerm struct {
	t     *testing.T
	ptmx  *os.File
	cmd   *exec.Cmd
	start time.Time

	mu    sync.Mutex
	raw   bytes.Buffer // since the last key
	all   int
	last  time.Time // of the last byte
	fresh chan struct{}
	ended chan struct{}
	quiet time.Duration // how long nothing comes before a key counts as answered; not part of what is measured
}

// The questions of a terminal program, and what a modern terminal answers.
var answers = []struct{ ask, answer string }{
	{"\x1b[c", "\x1b[?62;22c"},
	{"\x1b]11;?", "\x1b]11;rgb:0000/0000/0000\x1b\\"},
	{"\x1b[?2026$p", "\x1b[?2026;2$y"},
	{"\x1b[?2027$p", "\x1b[?2027;0$y"},
	{"\x1b[?u", "\x1b[?0u"},
}

// openBenchTerm starts a program on a terminal. Its standard input is the file stdin, where there is one.
func openBenchTerm(t *testing.T, stdin, program string, args ...string) *benchTerm {
	t.Helper()
	ptmx, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo terminal can be had here: %v", err)
	}
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 48, Cols: 160}); err != nil {
		t.Fatal(err)
	}
	b := &benchTerm{t: t, ptmx: ptmx, cmd: exec.Command(program, args...), fresh: make(chan struct{}, 1), ended: make(chan struct{}), quiet: patientQuiet}
	b.cmd.Stdin, b.cmd.Stdout, b.cmd.Stderr = tty, tty, tty
	if stdin != "" {
		f, err := os.Open(stdin)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		b.cmd.Stdin = f
	}
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1} // by its number in the child
	// Programs shall have no settings of whoever runs this.
	b.cmd.Env = append(os.Environ(), "TERM=xterm-256color", "LANG=C.UTF-8", "COLORTERM=truecolor", "HOME="+t.TempDir(), "FZF_DEFAULT_OPTS=")
	b.start = time.Now()
	if err := b.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tty.Close()
	go b.read()
	t.Cleanup(b.kill)
	return b
}

func (b *benchTerm) read() {
	defer close(b.ended)
	buf := make([]byte, 256<<10)
	for {
		n, err := b.ptmx.Read(buf)
		if err != nil {
			return
		}
		b.mu.Lock()
		b.raw.Write(buf[:n])
		b.all += n
		b.last = time.Now()
		b.mu.Unlock()
		for _, a := range answers {
			if bytes.Contains(buf[:n], []byte(a.ask)) {
				_, _ = b.ptmx.WriteString(a.answer)
			}
		}
		select {
		case b.fresh <- struct{}{}:
		default:
		}
	}
}

func (b *benchTerm) kill() {
	if b.cmd.ProcessState == nil {
		_ = b.cmd.Process.Kill()
		_ = b.cmd.Wait()
	}
	b.ptmx.Close()
	<-b.ended
}

// benchPatience is how long a program may take for anything.
const benchPatience = 5 * time.Minute

// until waits until the screen has shown a text, and returns how long that took from the start.
func (b *benchTerm) until(text string) time.Duration {
	b.t.Helper()
	limit := time.After(benchPatience)
	for {
		b.mu.Lock()
		seen := strings.Contains(ansi.Strip(b.raw.String()), text)
		last := b.last
		b.mu.Unlock()
		if seen {
			return last.Sub(b.start)
		}
		select {
		case <-b.fresh:
		case <-b.ended:
			b.t.Fatalf("the program ended before it showed %q", text)
		case <-limit:
			b.t.Fatalf("the program did not show %q", text)
		}
	}
}

// patientQuiet is for programs that send nothing unless something happens.
const patientQuiet = 120 * time.Millisecond

// key writes a key and returns the time to the last byte of what it brought, and how many bytes came.
func (b *benchTerm) key(k string) (took time.Duration, size int) {
	b.t.Helper()
	b.mu.Lock()
	b.raw.Reset()
	from := b.all
	b.mu.Unlock()
	select {
	case <-b.fresh:
	default:
	}
	start := time.Now()
	if _, err := b.ptmx.WriteString(k); err != nil {
		b.t.Fatal(err)
	}
	for first := true; ; first = false {
		wait := b.quiet
		if first {
			wait = 2 * time.Second
		}
		select {
		case <-b.fresh:
			continue
		case <-time.After(wait):
		}
		break
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all == from {
		return 0, 0
	}
	return b.last.Sub(start), b.all - from
}

// times presses keys in turn, n in all or until one brings nothing, as at the end of a list, and returns how long each took.
func (b *benchTerm) times(n int, keys ...string) (took []time.Duration) {
	for i := range n {
		d, _ := b.key(keys[i%len(keys)])
		if d == 0 {
			break
		}
		took = append(took, d)
	}
	return took
}

// lines types lines and times what enter brings.
func (b *benchTerm) lines(lines ...string) (took []time.Duration) {
	for _, line := range lines {
		b.key(line)
		took = append(took, b.times(1, "\r")...)
	}
	return took
}

// during does something n times in a while, evenly, and returns the processor time and the bytes of that while.
func (b *benchTerm) during(while time.Duration, do func(i int), n int) (cpu time.Duration, size int) {
	b.mu.Lock()
	from := b.all
	b.mu.Unlock()
	before := b.cpu()
	tick := time.NewTicker(while / time.Duration(n))
	defer tick.Stop()
	for i := range n {
		do(i)
		<-tick.C
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.cpu() - before, b.all - from
}

// leave asks the program to end and waits until it has.
func (b *benchTerm) leave(key string) {
	b.key(key)
	_ = b.cmd.Wait()
}

// status reads a figure of the process in kB, such as VmRSS or VmHWM.
func (b *benchTerm) status(name string) int {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.cmd.Process.Pid))
	if err != nil {
		b.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), name+":")
	kb := 0
	_, _ = fmt.Sscan(rest, &kb)
	return kb
}

// cpu is the processor time that the process has used so far.
func (b *benchTerm) cpu() time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", b.cmd.Process.Pid))
	if err != nil {
		b.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	var user, system int
	_, _ = fmt.Sscan(fields[11], &user)
	_, _ = fmt.Sscan(fields[12], &system)
	return time.Duration(user+system) * 10 * time.Millisecond
}
