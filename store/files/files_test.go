//go:build unix

package files

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func put(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chmod(path, mode)); err != nil {
		t.Fatal(err)
	}
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	if text, err := os.ReadFile(path); err != nil || string(text) != want {
		t.Errorf("%s holds %q, %v; want %q", path, text, err, want)
	}
}

func writes(text string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
}

// book is what a file of bbolt begins with, as far as this package looks.
func book(words string) string {
	raw := make([]byte, 4096)
	binary.NativeEndian.PutUint32(raw[16:], 0xED0CDAED)
	return string(raw) + words
}

// alone fails when anything else than the names is in a directory: temporary files must not stay.
func alone(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if fmt.Sprint(got) != fmt.Sprint(names) {
		t.Errorf("%s holds %q, want %q", dir, got, names)
	}
}

func TestReadingWaitsForNobody(t *testing.T) {
	dir := t.TempDir()
	pipe, text, link, dead := filepath.Join(dir, "pipe"), filepath.Join(dir, "text"), filepath.Join(dir, "link"), filepath.Join(dir, "dead")
	put(t, text, "words", 0o600)
	if err := errors.Join(syscall.Mkfifo(pipe, 0o600), os.Symlink(text, link), os.Symlink("nowhere", dead)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		text: nil, link: nil, pipe: ErrSpecial, dir: ErrDirectory, "/dev/zero": ErrSpecial, dead: fs.ErrNotExist,
		strings.Repeat("x", 300): syscall.ENAMETOOLONG, text + "/x": syscall.ENOTDIR, "": fs.ErrNotExist, "a\x00b": syscall.EINVAL,
	} {
		f, err := Open(path)
		if !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", path, err, want)
		}
		if err == nil {
			_ = f.Close()
		}
	}
	if _, err := Text(pipe, 100); err == nil {
		t.Error("a pipe to which nobody writes passes for an empty text")
	}
	if _, err := Text("/dev/zero", 100); !errors.Is(err, ErrSpecial) {
		t.Errorf("a device: %v", err)
	}
	if _, err := Text(text, 4); !errors.Is(err, ErrTooLarge) {
		t.Errorf("five bytes where four may be: %v", err)
	}
	if got, err := Text(text, 5); err != nil || string(got) != "words" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestTextOfAPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := w.WriteString("from a program"); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if got, err := Text(fmt.Sprintf("/dev/fd/%d", r.Fd()), 100); err != nil || string(got) != "from a program" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAFileIsWrittenInWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.csv")
	if err := Write(path, writes("first")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("a new file has mode %v, %v: others could read it", info.Mode(), err)
	}
	broken := errors.New("the middle")
	err := Write(path, func(w io.Writer) error { return errors.Join(writes("sec")(w), broken) })
	if !errors.Is(err, broken) {
		t.Error(err)
	}
	holds(t, path, "first")
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, writes("second")); err != nil {
		t.Fatal(err)
	}
	holds(t, path, "second")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("a file that was replaced has mode %v, %v; it had 0640", info.Mode(), err)
	}
	if err := New(path, writes("third")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("New over a file: %v", err)
	}
	if err := New(path+"2", func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	alone(t, dir, "out.csv")
}

func TestWhereAFileIsWritten(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	put(t, at("kept"), "kept", 0o600)
	put(t, at("hard"), "both", 0o600)
	err := errors.Join(
		os.Symlink("kept", at("link")), os.Symlink("nowhere", at("dead")), os.Symlink("loop", at("loop")),
		os.Link(at("hard"), at("other")), syscall.Mkfifo(at("pipe"), 0o600), os.Mkdir(at("sub"), 0o700),
	)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		at("dead"): fs.ErrNotExist, at("loop"): syscall.ELOOP, at("pipe"): syscall.ENXIO, at("sub"): ErrDirectory, at("sub/"): ErrDirectory,
		at("none/x"): fs.ErrNotExist, at("kept/x"): syscall.ENOTDIR, at(strings.Repeat("x", 300)): syscall.ENAMETOOLONG, "/dev/full": syscall.ENOSPC,
		"/dev/null": nil, at("link"): nil, at("hard"): nil, at(strings.Repeat("n", 250)): nil,
	} {
		if err := Write(path, writes("new")); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
	holds(t, at("kept"), "new") // A link is followed,
	if to, err := os.Readlink(at("link")); err != nil || to != "kept" {
		t.Errorf("and stays: %q, %v", to, err)
	}
	holds(t, at("other"), "both") // The second name of a file that is replaced keeps what was there.
	for _, device := range []string{"/dev/null", "/dev/full"} {
		if info, err := os.Stat(device); err != nil || info.Mode()&fs.ModeCharDevice == 0 {
			t.Fatalf("%s is no device any more: %v, %v", device, info, err)
		}
	}
	alone(t, dir, "dead", "hard", "kept", "link", "loop", strings.Repeat("n", 250), "other", "pipe", "sub")
}

func TestAPipeThatSomebodyReads(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := Write(pipe, writes("through")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 7)
	if _, err := io.ReadFull(r, got); err != nil || string(got) != "through" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestBooksAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	live, lock := filepath.Join(dir, "book.db"), filepath.Join(dir, "book.db.lock")
	put(t, live, book("live"), 0o600)
	put(t, lock, "", 0o600)
	for _, path := range []string{live, lock, live + ".cache"} {
		if err := Write(path, writes("a,b,c")); !errors.Is(err, ErrBook) {
			t.Errorf("%s: %v", path, err)
		}
	}
	f, err := os.Open(live)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if err := Write(live, writes(book("copy"))); err == nil || !strings.Contains(err.Error(), "open") {
		t.Errorf("a book that somebody has open is replaced: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	holds(t, live, book("live"))
	if err := Write(live, writes(book("copy"))); err != nil {
		t.Errorf("an old copy is replaced by a new one: %v", err)
	}
	holds(t, live, book("copy"))
	alone(t, dir, "book.db", "book.db.lock")
}

// TestLinksOfOthers needs two accounts, so root.
func TestLinksOfOthers(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("laying a link in somebody else's name takes root")
	}
	const other = 65534
	dir := t.TempDir()
	own, link := filepath.Join(dir, "own"), filepath.Join(dir, "shared", "report.csv")
	put(t, own, "mine", 0o600)
	err := errors.Join(os.Mkdir(filepath.Dir(link), 0o700), os.Chmod(filepath.Dir(link), 0o777|fs.ModeSticky), os.Symlink(own, link), os.Lchown(link, other, other))
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(link, writes("theirs")); !errors.Is(err, ErrForeign) {
		t.Errorf("a link of somebody else chooses what is replaced: %v", err)
	}
	holds(t, own, "mine")
	if err := os.Lchown(link, 0, 0); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, writes("new")); err != nil {
		t.Errorf("an own link: %v", err)
	}
	holds(t, own, "new")
}
