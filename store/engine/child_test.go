package engine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childJob names, in the environment, what the test binary does as another process.
const childJob = "ENGINE_TEST_CHILD"

func TestMain(m *testing.M) {
	jobs := map[string]func(path string) error{
		"hold": childHold, "count": childCount, "fill": childFill, "nobody": childNobody,
	}
	job, asked := os.LookupEnv(childJob)
	if !asked {
		os.Exit(m.Run())
	}
	if err := jobs[job](os.Args[1]); err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}

// child is the test binary at work on a book in another process.
type child struct {
	cmd   *exec.Cmd
	stdin io.Closer
	lines *bufio.Scanner
}

func startChild(t *testing.T, job, path string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0], path)
	cmd.Env = append(os.Environ(), childJob+"="+job)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return &child{cmd: cmd, stdin: in, lines: bufio.NewScanner(out)}
}

// line returns the next line of the child's output, "" at its end.
func (c *child) line() string {
	if !c.lines.Scan() {
		return ""
	}
	return c.lines.Text()
}

// wait returns when the process has gone: the end of its output comes before the end of its locks.
func (c *child) wait() {
	c.line()
	_ = c.cmd.Wait()
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func fixedNow() time.Time { return noon }

// childHold opens the book and keeps it until its input ends.
func childHold(path string) error {
	b, err := Open(path, Options{User: "mei", Now: fixedNow})
	if err != nil {
		return err
	}
	fmt.Println("open")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return b.Close()
}

func TestLockSaysWhoHoldsTheBook(t *testing.T) {
	path := newBook(t)
	c := startChild(t, "hold", path)
	if got := c.line(); got != "open" {
		t.Fatalf("the child says %q", got)
	}
	for _, o := range []Options{{}, {ReadOnly: true}, {Timeout: lockRetry}} {
		b, err := Open(path, o)
		var locked *LockedError
		if !errors.As(err, &locked) {
			t.Fatalf("%+v: got %v, %v", o, b, err)
		}
		if locked.PID != c.cmd.Process.Pid || locked.User != "mei" || !locked.Since.Equal(noon) {
			t.Errorf("the holder is %+v, want process %d", locked, c.cmd.Process.Pid)
		}
		for _, part := range []string{path, `"mei"`, strconv.Itoa(locked.PID), "2026-11-22 12:00"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not say %s", err, part)
			}
		}
	}
	opened := make(chan error, 1)
	go func() {
		b, err := Open(path, Options{Timeout: time.Minute})
		if err == nil {
			mustBeSound(t, b)
			err = b.Close()
		}
		opened <- err
	}()
	c.stdin.Close()
	if err := <-opened; err != nil {
		t.Errorf("after the holder has gone: %v", err)
	}
}

func TestDeletedLockStillHasOneOwner(t *testing.T) {
	path := newBook(t)
	c := startChild(t, "hold", path)
	c.line()
	if err := os.Remove(lockPath(path)); err != nil {
		t.Fatal(err)
	}
	var locked *LockedError
	if b, err := Open(path, Options{}); !errors.As(err, &locked) {
		t.Fatalf("got %v, %v", b, err)
	}
}

// childCount commits one record after the other and acknowledges each on its output.
func childCount(path string) error {
	b, err := Open(path, Options{})
	if err != nil {
		return err
	}
	for i := 1; ; i++ {
		err := b.Update(func(tx Tx) error {
			if err := tx.Put("n", fmt.Appendf(nil, "%08d", i), fmt.Appendf(nil, "%0*d", i%3000, i)); err != nil {
				return err
			}
			return tx.Put("last", []byte("n"), fmt.Appendf(nil, "%d", i))
		})
		if err != nil {
			return err
		}
		if _, err := fmt.Println(i); err != nil {
			return err
		}
	}
}

func TestKilledWriterLosesNothingAcknowledged(t *testing.T) {
	path := newBook(t)
	for _, stop := range []int{1, 7, 60, 200} {
		c := startChild(t, "count", path)
		acknowledged := 0
		for text := c.line(); text != ""; text = c.line() {
			n, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(text)
			}
			if acknowledged = n; n == stop {
				if err := c.cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		c.wait()
		b := mustOpen(t, path, Options{})
		err := b.View(func(tx Tx) error {
			last, _ := tx.Get("last", []byte("n"))
			n, _ := strconv.Atoi(string(last))
			if n < acknowledged {
				return fmt.Errorf("%d commits were acknowledged, %d are there", acknowledged, n)
			}
			for i := 1; i <= n; i++ {
				if _, ok := tx.Get("n", fmt.Appendf(nil, "%08d", i)); !ok {
					return fmt.Errorf("record %d of %d is missing", i, n)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		mustBeSound(t, b)
		b.Close()
	}
}

// childFill writes until no more fits under the largest file a process may write.
func childFill(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := func(n uint64) error {
		return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: 64 << 20})
	}
	if err := limit(8 << 10); err != nil {
		fmt.Println("skip", err)
		return nil
	}
	if _, err := Open(path+"2", Options{Create: true}); !errors.Is(err, ErrNoSpace) {
		return fmt.Errorf("creating: got %v", err)
	}
	if err := limit(20 << 20); err != nil {
		return err
	}
	b, err := Open(path, Options{})
	if err != nil {
		return err
	}
	for i := 1; ; i++ {
		err := b.Update(func(tx Tx) error { return tx.Put("n", fmt.Appendf(nil, "%08d", i), make([]byte, 1<<20)) })
		if err == nil {
			fmt.Println(i)
			continue
		}
		if !errors.Is(err, ErrNoSpace) || !errors.Is(err, ErrUnknownOutcome) {
			return fmt.Errorf("writing: got %v", err)
		}
		if err := b.View(func(Tx) error { return nil }); !errors.Is(err, ErrUnknownOutcome) {
			return fmt.Errorf("reading afterwards: got %v", err)
		}
		fmt.Println("full")
		return b.Close()
	}
}

func TestFullDisk(t *testing.T) {
	path := newBook(t)
	c := startChild(t, "fill", path)
	acknowledged, text := 0, c.line()
	for ; text != "" && text != "full"; text = c.line() {
		if strings.HasPrefix(text, "skip") {
			t.Skip("no limit on the size of files here: " + text)
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(text)
		}
		acknowledged = n
	}
	if text != "full" || acknowledged == 0 {
		t.Fatalf("the child ended with %q after %d records", text, acknowledged)
	}
	c.wait()
	if left, _ := filepath.Glob(path + "2*"); len(left) > 1 { // the lock file stays
		t.Errorf("the failed creation left %q", left)
	}
	b := mustOpen(t, path, Options{})
	defer b.Close()
	mustBeSound(t, b)
	s, err := b.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := recordsIn(s, "n"); n < acknowledged || n > acknowledged+1 {
		t.Errorf("%d records, %d were acknowledged", n, acknowledged)
	}
}

// childNobody tries as a user without rights; path is a directory with a book nobody may write.
func childNobody(dir string) error {
	if os.Geteuid() == 0 {
		if err := errors.Join(syscall.Setgid(65534), syscall.Setuid(65534)); err != nil {
			fmt.Println("skip", err)
			return nil
		}
	}
	book := filepath.Join(dir, "book.db")
	if _, err := Open(filepath.Join(dir, "new.db"), Options{Create: true}); !errors.Is(err, ErrReadOnly) {
		return fmt.Errorf("a new book in a read-only directory: got %v", err)
	}
	if _, err := Open(book, Options{}); !errors.Is(err, ErrReadOnly) {
		return fmt.Errorf("writing a read-only book: got %v", err)
	}
	b, err := Open(book, Options{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("reading a read-only book: %w", err)
	}
	if err := b.Update(func(Tx) error { return nil }); !errors.Is(err, ErrReadOnlyTx) {
		return fmt.Errorf("an update of a book opened for reading: got %v", err)
	}
	if err := b.Check(context.Background(), func(c *CorruptError) { fmt.Println(c) }); err != nil {
		return err
	}
	if err := b.Backup(context.Background(), filepath.Join(dir, "copy.db")); !errors.Is(err, ErrReadOnly) {
		return fmt.Errorf("a backup into a read-only directory: got %v", err)
	}
	fmt.Println("done")
	return b.Close()
}

func TestReadOnlyPlaces(t *testing.T) {
	for _, withLock := range []bool{true, false} {
		path := newBook(t)
		if !withLock {
			os.Remove(lockPath(path))
		}
		dir := filepath.Dir(path)
		for name, mode := range map[string]os.FileMode{path: 0o444, dir: 0o555, filepath.Dir(dir): 0o755} {
			if err := os.Chmod(name, mode); err != nil {
				t.Fatal(err)
			}
		}
		if withLock {
			if err := os.Chmod(lockPath(path), 0o444); err != nil {
				t.Fatal(err)
			}
		}
		t.Cleanup(func() { _ = os.Chmod(dir, 0o755) })
		c := startChild(t, "nobody", dir)
		if text := c.line(); strings.HasPrefix(text, "skip") {
			t.Skip("cannot become a user without rights: " + text)
		} else if text != "done" {
			t.Errorf("the child says %q", text)
		}
	}
}
