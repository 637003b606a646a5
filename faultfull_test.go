//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// tight is a file system of which all but some room is taken.
type tight struct {
	dir, ballast string
}

// newTight makes a file system of so many bytes, empty.
func newTight(t *testing.T, size int64) *tight {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Skipf("no small file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return &tight{dir, filepath.Join(dir, "ballast")}
}

// leave fills the file system but for so many bytes.
func (f *tight) leave(t *testing.T, room int64) {
	t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(f.dir, &s); err != nil {
		t.Fatal(err)
	}
	free := int64(s.Bavail) * int64(s.Bsize)
	if err := os.WriteFile(f.ballast, make([]byte, max(free-room, 0)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (f *tight) empty(t *testing.T) {
	t.Helper()
	if err := os.Remove(f.ballast); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
}

// beforeAndAfter are what a command line may leave of a book: how many contacts, and how many of them name her.
type beforeAndAfter struct {
	line          string
	before, after [2]int
}

// TestFaultDiskFullInTheMiddle runs everything that writes whole books on a disk with less room than it takes: it is
// done, or it says that there is no room; the book is what it was or what it should become, and sound; and no half of a
// file stays behind.
func TestFaultDiskFullInTheMiddle(t *testing.T) {
	random := faultSeed(t)
	base, id := erasable(t, t.TempDir())
	if _, err := opsdeck("--book", base, "compact"); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(base)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	more, other := filepath.Join(elsewhere, "more.csv"), filepath.Join(elsewhere, "other.db")
	var rows strings.Builder
	rows.WriteString("name,notes\n")
	for i := range 3000 {
		fmt.Fprintf(&rows, "New %d,%s\n", i, strings.Repeat("n", 200))
	}
	if err := os.WriteFile(more, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := opsdeck("--book", other, "import", "contacts", more, "-q"); err != nil {
		t.Fatal(err)
	}
	done, refused := 0, 0
	for range faultRounds(t, 2) {
		for _, c := range []beforeAndAfter{
			{"import contacts " + more, [2]int{3001, 3001}, [2]int{6001, 3001}},
			{"erase contact " + id + " --yes", [2]int{3001, 3001}, [2]int{3001, 0}},
			{"restore " + other, [2]int{3001, 3001}, [2]int{3000, 0}},
			{"compact", [2]int{3001, 3001}, [2]int{3001, 3001}},
			{"backup DIR/copy.db", [2]int{3001, 3001}, [2]int{3001, 3001}},
			{"doctor --save DIR/saved.db", [2]int{3001, 3001}, [2]int{3001, 3001}},
			{"export book --out DIR/out.ndjson", [2]int{3001, 3001}, [2]int{3001, 3001}},
		} {
			f := newTight(t, 64<<20)
			book := filepath.Join(f.dir, "book.db")
			if err := os.WriteFile(book, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			f.leave(t, int64(random.Intn(len(raw)*2)))
			if f.run(t, book, c) {
				done++
			} else {
				refused++
			}
		}
	}
	t.Logf("on a disk that is nearly full: done %d, refused %d", done, refused)
	if refused == 0 {
		t.Error("no disk was full, so nothing was tested")
	}
}

// run runs the command line and holds what is left against what may be.
func (f *tight) run(t *testing.T, book string, c beforeAndAfter) (done bool) {
	t.Helper()
	got := runIn(t, f.dir, append([]string{"--book", book}, strings.Fields(strings.ReplaceAll(c.line, "DIR", f.dir))...)...)
	done = got.status == 0
	if !done && !strings.Contains(got.text, "no space left") || strings.Contains(got.text, "goroutine") {
		t.Errorf("%s: %d\n%s", c.line, got.status, got.text)
	}
	f.empty(t)
	entries := tree(t, f.dir)
	for name := range entries {
		made := name == "copy.db" || name == "saved.db" || name == "out.ndjson"
		known := name == "book.db" || strings.HasSuffix(name, ".lock") || strings.HasSuffix(name, ".cache") || name == "book.db.replaced" && done && strings.HasPrefix(c.line, "restore")
		if made && !done || !made && !known {
			t.Errorf("%s, status %d: %s stays behind (%s)", c.line, got.status, name, entries[name])
		}
		if made && name != "out.ndjson" {
			if out, err := opsdeck("--book", filepath.Join(f.dir, name), "--read-only", "check"); err != nil {
				t.Errorf("%s: %v\n%s", c.line, err, out)
			}
		}
	}
	if out, err := opsdeck("--book", book, "check"); err != nil {
		t.Errorf("%s, status %d: %v\n%s", c.line, got.status, err, out)
	}
	list, err := opsdeck("--book", book, "list", "contacts", "-o", "csv", "--columns", "name,notes")
	if err != nil {
		t.Error(err)
	}
	is, want := [2]int{bytes.Count(list, []byte("\n")) - 1, bytes.Count(list, []byte("Wilhelmina"))}, c.before
	if done {
		want = c.after
	}
	if is != want {
		t.Errorf("%s, status %d: %v contacts and mentions, want %v\n%s", c.line, got.status, is, want, got.text)
	}
	return done
}
