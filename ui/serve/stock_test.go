package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// bytesOf makes a file of a length.
func bytesOf(t *testing.T, length int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(path, make([]byte, length), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// handing is a desk whose sessions read a file as often as their command line says, tell how that went, and stay.
type handing struct {
	names chan string
	told  chan error
	leave chan struct{}
}

func (h handing) Admit(Peer) (Admission, error) { return Admission{User: <-h.names}, nil }

func (h handing) Serve(ctx context.Context, s Session) int {
	h.told <- readEach(s.Files, s.Args)
	select {
	case <-h.leave:
	case <-ctx.Done():
	}
	if s.Args[0] == "panic" {
		panic("with files open")
	}
	return 0
}

func readEach(f Files, args []string) error {
	for _, path := range args[1:] {
		r, err := f.Open(path)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return errors.Join(err, r.Close())
		}
		if err := r.Close(); err != nil {
			return err
		}
	}
	return nil
}

// handed is a limit, and what clients hand over that is more than it.
type handed struct {
	limits func(*Limits)
	files  int // each client hands over
	users  []string
	want   string // of those who are refused
}

func TestManyClientsTogetherCannotFillTheEngine(t *testing.T) {
	for name, c := range map[string]handed{
		"bytes of one":  {func(l *Limits) { l.PerUserMiB = 1 }, 1, []string{"ana"}, "ana in sessions that are open would be more than 1 MiB"},
		"bytes of all":  {func(l *Limits) { l.MiB = 1 }, 1, []string{"ana", "bo", "cy"}, "clients would be more than 1 MiB together"},
		"number of one": {func(l *Limits) { l.PerUserFiles = 7 }, 3, []string{"ana"}, "ana has handed over 7 files"},
		"number of all": {func(l *Limits) { l.Files = 7 }, 3, []string{"ana", "bo", "cy"}, "the engine holds 7 files of clients"},
	} {
		t.Run(name+", one after the other", func(t *testing.T) {
			if taken := c.crowd(t, false); taken != 2 {
				t.Errorf("%d clients hand over their files, not the first 2", taken)
			}
		})
		t.Run(name+", at once", func(t *testing.T) {
			if taken := c.crowd(t, true); taken > 2 {
				t.Errorf("%d clients hand over their files, more than 2", taken)
			}
		})
	}
}

// crowd lets twelve clients hand over files and stay, of whom half then hang up and some end in a panic. It tells how
// many were let, and sees to it that nothing is counted afterwards.
func (c handed) crowd(t *testing.T, atOnce bool) (taken int) {
	l := testLimits()
	c.limits(&l)
	path := bytesOf(t, 400<<10)
	d := handing{make(chan string, 16), make(chan error, 16), make(chan struct{})}
	r := start(t, d, l, false)
	hear := func() {
		if err := <-d.told; err == nil {
			taken++
		} else if !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("refused with %q, want %q", err, c.want)
		}
	}
	var done sync.WaitGroup
	var all []*Client
	for i := range 12 {
		d.names <- c.users[i%len(c.users)]
		client := r.dial()
		all = append(all, client)
		args := append([]string{[]string{"import", "panic"}[i%2]}, slices.Repeat([]string{path}, c.files)...)
		done.Go(func() {
			_, _ = client.Run(context.Background(), Call{Args: args, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard})
		})
		if !atOnce {
			hear()
		}
	}
	for i := 0; atOnce && i < len(all); i++ {
		hear()
	}
	for _, client := range all[:len(all)/2] {
		_ = client.Close()
	}
	close(d.leave)
	done.Wait()
	r.settled(t)
	d.names <- "ana"
	if _, _, _, err := r.run("", nil, "import", path); err != nil {
		t.Error(err)
	}
	if err := <-d.told; err != nil {
		t.Errorf("what others held is not free again: %v", err)
	}
	return taken
}

// settled waits until no session is open, and looks whether anything is counted still.
func (r *rig) settled(t *testing.T) {
	t.Helper()
	r.engine.sessions.empty(patience)
	s := r.engine.sessions.stock
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all != (load{}) || len(s.of) > 0 {
		t.Errorf("%+v are held, of %v, and nobody is there", s.all, s.of)
	}
}

func TestFilesThatAreNotThereDoNotCount(t *testing.T) {
	l := testLimits()
	l.PerUserFiles = 2
	none, path := filepath.Join(t.TempDir(), "none.csv"), bytesOf(t, 10)
	r := start(t, fakeDesk{serve: func(_ context.Context, s Session) int {
		for range 5 {
			if _, err := s.Files.Open(none); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a file that is not there: %v", err)
			}
		}
		if err := readEach(s.Files, []string{"", path, path}); err != nil {
			t.Error(err)
		}
		if err := readEach(s.Files, []string{"", path}); err == nil || !strings.Contains(err.Error(), "2 files") {
			t.Errorf("a third file: %v", err)
		}
		return 0
	}}, l, false)
	if _, _, _, err := r.run("", nil, "import", none, path); err != nil {
		t.Fatal(err)
	}
	r.settled(t)
}

func TestAFileThatNeverEndsIsCutOff(t *testing.T) {
	l := testLimits()
	l.PerUserMiB = 2
	told := make(chan string, 1)
	r := start(t, fakeDesk{serve: func(_ context.Context, s Session) int {
		told <- fmt.Sprint(readEach(s.Files, s.Args))
		return 0
	}}, l, false)
	if _, _, _, err := r.run("", nil, "import", bytesOf(t, 3<<20)); err != nil {
		t.Fatal(err)
	}
	if got := <-told; !strings.Contains(got, "more than 2 MiB") {
		t.Error(got)
	}
}
