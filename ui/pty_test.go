//go:build unix

package ui_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// TestTheRealProgram builds the program once and runs it as people do.
func TestTheRealProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("building and running the real program takes seconds")
	}
	path := filepath.Join(t.TempDir(), "opsdeck")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "..").CombinedOutput(); err != nil {
		t.Fatalf("the program cannot be built: %v\n%s", err, out)
	}
	t.Run("on a terminal", func(t *testing.T) { onATerminal(t, path) })
	t.Run("killed in a form", func(t *testing.T) { killedInAForm(t, path) })
	t.Run("without a terminal", func(t *testing.T) { withoutATerminal(t, path) })
}

// console is a terminal with the real program in it.
type console struct {
	t     *testing.T
	ptmx  *os.File
	tty   *os.File
	cmd   *exec.Cmd
	pumps sync.WaitGroup
	state *term.State   // the terminal's settings before the program
	fresh chan struct{} // gets a signal when something has been written

	mu   sync.Mutex
	term *vt.Emulator
	raw  strings.Builder
}

// patience is how long a test waits for what must come; nothing waits for a time to pass.
const patience = 30 * time.Second

// run starts the program on a terminal.
func run(t *testing.T, path string, w, h int, args ...string) *console {
	t.Helper()
	ptmx, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo terminal can be had here: %v", err)
	}
	c := &console{t: t, ptmx: ptmx, tty: tty, term: vt.NewEmulator(w, h), fresh: make(chan struct{}, 1)}
	c.size(w, h)
	if c.state, err = term.GetState(tty.Fd()); err != nil {
		t.Fatal(err)
	}
	c.cmd = exec.CommandContext(t.Context(), path, args...)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = tty, tty, tty
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true} // so that it is told of new sizes
	home := t.TempDir()
	c.cmd.Env = []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_RUNTIME_DIR=" + home, "TERM=xterm-256color", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH")}
	t.Cleanup(c.close)
	c.pumps.Go(c.show)
	c.pumps.Go(c.answer)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// show feeds what the program writes to the emulator.
func (c *console) show() {
	buf := make([]byte, 64<<10)
	for {
		n, err := c.ptmx.Read(buf)
		c.mu.Lock()
		_, _ = c.term.Write(buf[:n])
		c.raw.Write(buf[:n])
		c.mu.Unlock()
		select {
		case c.fresh <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// answer gives the program what the emulator says to its questions.
func (c *console) answer() { _, _ = io.Copy(c.ptmx, c.term) }

func (c *console) close() {
	if c.cmd.Process != nil && c.cmd.ProcessState == nil {
		_ = c.cmd.Process.Kill()
		_ = c.cmd.Wait()
	}
	if in, ok := c.term.InputPipe().(io.Closer); ok {
		_ = in.Close() // The emulator's own Close is not made for a reader that still waits.
	}
	_ = c.tty.Close()
	_ = c.ptmx.Close()
	c.pumps.Wait()
}

func (c *console) size(w, h int) {
	c.t.Helper()
	if err := pty.Setsize(c.ptmx, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)}); err != nil {
		c.t.Fatal(err)
	}
}

// resize gives the terminal another size; the program is told by its signal.
func (c *console) resize(w, h int) {
	c.t.Helper()
	c.mu.Lock()
	c.term.Resize(w, h)
	c.mu.Unlock()
	c.size(w, h)
}

func (c *console) keys(keys string) {
	c.t.Helper()
	if _, err := c.ptmx.WriteString(keys); err != nil {
		c.t.Fatal(err)
	}
}

func (c *console) screen() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.term.String()
}

// expect waits until each of the texts is on the screen.
func (c *console) expect(texts ...string) {
	c.t.Helper()
	deadline := time.After(patience)
	for {
		screen := c.screen()
		missing := ""
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				missing = text
			}
		}
		if missing == "" {
			return
		}
		select {
		case <-c.fresh:
		case <-deadline:
			c.t.Fatalf("the terminal does not show %q:\n%s", missing, screen)
		}
	}
}

// leaves waits for the end of the program.
func (c *console) leaves() error {
	c.t.Helper()
	done := make(chan error, 1)
	go func() { done <- c.cmd.Wait() }()
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		c.t.Fatalf("the program does not end:\n%s", c.screen())
		return nil
	}
}

// madeBook makes a small sample company with the program itself.
func madeBook(t *testing.T, program string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "crm.db")
	cmd := exec.CommandContext(t.Context(), program, "demo", "--customers", "60", "--book", path, "--today", "2026-11-22", "--as", "ana")
	cmd.Env = []string{"HOME=" + t.TempDir(), "LANG=C.UTF-8"}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

func onATerminal(t *testing.T, program string) {
	book := madeBook(t, program)
	args := []string{"--book", book, "--today", "2026-11-22", "--as", "ana"}
	c := run(t, program, 100, 30, args...)
	c.expect("60 customers", "1/60", "? help", "2026-11-22")
	c.keys(strings.Repeat("j", 30))
	c.expect("31/60")
	c.keys("g")
	c.expect("1/60")
	c.resize(160, 45)
	c.expect("┌─ Ambercastle Coatings Inc. ─", "│Web domain ") // There is room for the detail at the side.
	c.resize(70, 20)
	c.expect("1/60", "60 customers")
	c.resize(120, 40)
	c.keys("e")
	c.expect("Edit customer", "ctrl+s save")
	c.keys(" 株式会社 \x1b[200~and\r\nq\x1b[201~") // A paste is text, whatever is in it.
	c.keys("\x13")
	c.expect("Saved: set name of customer", "株式会社 and q")
	c.keys("tv")
	c.expect("Saved: log visit with")
	c.keys("q")
	if err := c.leaves(); err != nil {
		t.Fatalf("q ended the program with %v:\n%s", err, c.screen())
	}
	c.restored()

	again := run(t, program, 120, 40, args...)
	again.expect("60 customers", "株式会社 and q")
	again.keys("U")
	again.expect("log visit with", "set name of customer")
	again.keys("\x03u") // ctrl+c closes what is open, and only then leaves.
	again.expect("Undone: log visit")
	again.keys("\x03")
	if err := again.leaves(); err != nil {
		t.Errorf("ctrl+c ended the program with %v", err)
	}
}

// restored holds the terminal to how it was before the program.
func (c *console) restored() {
	c.t.Helper()
	after, err := term.GetState(c.tty.Fd())
	if err != nil {
		c.t.Fatal(err)
	}
	if !reflect.DeepEqual(c.state, after) {
		c.t.Errorf("the terminal's settings are not as before: %+v, %+v", c.state, after)
	}
	// The last bytes may still be on their way through the pseudo terminal.
	deadline := time.After(patience)
	for !c.isRestored() {
		select {
		case <-c.fresh:
		case <-deadline:
			c.t.Fatalf("the terminal is left in the program's screen: %q", c.raw.String()[max(0, c.raw.Len()-300):])
		}
	}
}

// isRestored tells whether what the program has switched on is off again: its own screen, the hidden
// cursor, the mouse and bracketed paste.
func (c *console) isRestored() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	raw := c.raw.String()
	for _, mode := range []string{"1049", "1002", "1006", "2004"} {
		if on, off := strings.LastIndex(raw, "\x1b[?"+mode+"h"), strings.LastIndex(raw, "\x1b[?"+mode+"l"); on > off {
			return false
		}
	}
	return strings.LastIndex(raw, "\x1b[?25h") >= strings.LastIndex(raw, "\x1b[?25l") && !c.term.IsAltScreen()
}

func withoutATerminal(t *testing.T, program string) {
	cmd := exec.CommandContext(t.Context(), program, "--book", filepath.Join(t.TempDir(), "x.db"))
	cmd.Env = []string{"HOME=" + t.TempDir()}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(out), "terminal") {
		t.Errorf("without a terminal: %v\n%s", err, out)
	}
}
