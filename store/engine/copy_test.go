package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// holds opens a book, compares all of it and checks it.
func holds(t *testing.T, path string, want records) {
	t.Helper()
	b := mustOpen(t, path, Options{})
	defer b.Close()
	got, err := readAll(b)
	if err != nil {
		t.Fatal(err)
	}
	if !sameRecords(got, want) {
		t.Errorf("%s does not hold the same records", path)
	}
	mustBeSound(t, b)
}

func onlyFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("files %q, want %q", got, want)
	}
}

func TestBackupOfALiveBook(t *testing.T) {
	path, want := fullBook(t)
	b := mustOpen(t, path, Options{})
	dir := t.TempDir()
	copied := filepath.Join(dir, "copy.db")
	for range 2 { // the second one replaces the first
		if err := b.Backup(t.Context(), copied); err != nil {
			t.Fatal(err)
		}
		put(t, b, "tiny", "later", "than the backup")
		onlyFiles(t, dir, "copy.db")
		holds(t, copied, want)
		if err := os.Remove(lockPath(copied)); err != nil {
			t.Fatal(err)
		}
		write{"tiny", "later", 1, 0}.model(want)
		want["tiny"]["later"] = "than the backup"
	}
	mustBeSound(t, b)
}

// TestBackupWhileOthersWrite takes the copy in the middle of a writer's work, from a transaction
// that began before it.
func TestBackupWhileOthersWrite(t *testing.T) {
	path, want := fullBook(t)
	b := mustOpen(t, path, Options{hooks: hooks{noSync: true}})
	var text bytes.Buffer
	n := 0
	slow := writerFunc(func(p []byte) (int, error) {
		n++
		put(t, b, "customers", fmt.Sprintf("new%d", n), strings.Repeat("x", 5000))
		return text.Write(p)
	})
	if _, err := b.WriteTo(slow); err != nil {
		t.Fatal(err)
	}
	if n < 3 {
		t.Fatalf("only %d writes came between", n)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	writeFile(t, copied, text.Bytes())
	holds(t, copied, want)
	mustBeSound(t, b)
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestBackupRefuses(t *testing.T) {
	path := newBook(t)
	b := mustOpen(t, path, Options{})
	other := newBook(t)
	open := mustOpen(t, other, Options{})
	notes := filepath.Join(t.TempDir(), "notes.txt")
	writeFile(t, notes, []byte("call the customer"))
	for name, test := range map[string]struct {
		path string
		want func(error) bool
	}{
		"itself":           {path, isLocked},
		"a book in use":    {other, isLocked},
		"another document": {notes, func(err error) bool { return errors.Is(err, ErrNotBook) }},
		"a directory":      {filepath.Dir(notes), func(err error) bool { return errors.Is(err, ErrNotBook) }},
		"no directory":     {filepath.Join(notes+"s", "copy.db"), func(err error) bool { return errors.Is(err, ErrNoDirectory) }},
	} {
		t.Run(name, func(t *testing.T) {
			if err := b.Backup(t.Context(), test.path); !test.want(err) {
				t.Errorf("got %v", err)
			}
		})
	}
	if text, err := os.ReadFile(notes); err != nil || string(text) != "call the customer" {
		t.Errorf("the notes are %q, %v", text, err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	if err := b.Backup(cancelled, filepath.Join(dir, "copy.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	onlyFiles(t, dir)
	mustBeSound(t, b)
	mustBeSound(t, open)
}

func isLocked(err error) bool {
	var locked *LockedError
	return errors.As(err, &locked)
}

// spoil damages one record of a closed book.
func spoil(t *testing.T, path string) {
	t.Helper()
	b := mustOpen(t, path, Options{})
	defer b.Close()
	tx, err := b.db.Begin(true)
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.Bucket([]byte("a")).Put([]byte("bad"), []byte("no checksum")); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestDamageIsNotCopied(t *testing.T) {
	path := newBook(t)
	spoil(t, path)
	b := mustOpen(t, path, Options{})
	dir := t.TempDir()
	var damage *CorruptError
	if err := b.Backup(t.Context(), filepath.Join(dir, "copy.db")); !errors.As(err, &damage) || string(damage.Key) != "bad" {
		t.Errorf("backup: %v", err)
	}
	onlyFiles(t, dir)
	b.Close()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Compact(t.Context(), path, Options{}); !errors.As(err, &damage) || string(damage.Key) != "bad" {
		t.Errorf("compact: %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("a failed compaction changed the book (%v)", err)
	}
	onlyFiles(t, filepath.Dir(path), "book.db", "book.db.lock")
	target := newBook(t)
	if err := Restore(t.Context(), path, target, Options{}); !errors.As(err, &damage) || string(damage.Key) != "bad" {
		t.Errorf("restore: %v", err)
	}
	onlyFiles(t, filepath.Dir(target), "book.db", "book.db.lock")
	mustBeSound(t, mustOpen(t, target, Options{}))
}

func TestRestore(t *testing.T) {
	source, want := fullBook(t)
	target := newBook(t)
	if err := os.Chmod(target, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := Restore(t.Context(), source, target, Options{}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(target)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o640 {
		t.Errorf("the restored book has mode %v, the one before had 0640", info.Mode())
	}
	onlyFiles(t, filepath.Dir(target), "book.db", "book.db.lock", "book.db.replaced")
	holds(t, target, want)
	holds(t, target+".replaced", records{"a": {"first": "value"}})
	// A restore to where there is nothing, and over what cannot be opened any more.
	fresh := filepath.Join(t.TempDir(), "book.db")
	for range 2 {
		if err := Restore(t.Context(), source, fresh, Options{}); err != nil {
			t.Fatal(err)
		}
		holds(t, fresh, want)
		writeFile(t, fresh, []byte("broken"))
	}
}

func TestRestoreRefuses(t *testing.T) {
	source, target := newBook(t), newBook(t)
	missing := filepath.Join(t.TempDir(), "none.db")
	if err := Restore(t.Context(), missing, target, Options{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("from nothing: %v", err)
	}
	if err := Restore(t.Context(), source, source, Options{}); err == nil {
		t.Error("a book was restored from itself")
	}
	b := mustOpen(t, target, Options{})
	if err := Restore(t.Context(), source, target, Options{}); !isLocked(err) {
		t.Errorf("over a book in use: %v", err)
	}
	if err := os.Remove(lockPath(target)); err != nil {
		t.Fatal(err)
	}
	if err := Restore(t.Context(), source, target, Options{}); !isLocked(err) {
		t.Errorf("over a book in use whose lock was deleted: %v", err)
	}
	mustBeSound(t, b)
	b.Close()
	b = mustOpen(t, source, Options{Schema: 4})
	if err := Restore(t.Context(), source, target, Options{Schema: 4}); !isLocked(err) {
		t.Errorf("from a book in use: %v", err)
	}
	if err := b.Update(func(tx Tx) error { return SetSchema(tx, 4) }); err != nil {
		t.Fatal(err)
	}
	b.Close()
	var newer *NewerError
	if err := Restore(t.Context(), source, target, Options{Schema: 3}); !errors.As(err, &newer) {
		t.Errorf("from a newer program: %v", err)
	}
	holds(t, target, records{"a": {"first": "value"}})
	onlyFiles(t, filepath.Dir(target), "book.db", "book.db.lock")
}

func TestCompact(t *testing.T) {
	path, want := fullBook(t)
	b := mustOpen(t, path, Options{Buckets: []string{"empty"}})
	for _, size := range []int{200_000, -1} { // more than one transaction of a copy, then mostly free pages
		if err := b.Update((write{"texts", "bulk", 60, size}).apply); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Update((write{"texts", "kept", 30, 300_000}).apply); err != nil {
		t.Fatal(err)
	}
	write{"texts", "kept", 30, 300_000}.model(want)
	if _, _, err := Compact(t.Context(), path, Options{}); !isLocked(err) {
		t.Errorf("a book in use: %v", err)
	}
	full, err := b.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.Close()
	before, after, err := Compact(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if before != full.FileBytes || after >= full.UsedBytes {
		t.Errorf("from %d to %d bytes; of %+v", before, after, full)
	}
	onlyFiles(t, filepath.Dir(path), "book.db", "book.db.lock")
	holds(t, path, want)
	b = mustOpen(t, path, Options{})
	s, err := b.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if recordsIn(s, "empty") != 0 || recordsIn(s, "texts") != 34 {
		t.Errorf("after compacting: %+v", s)
	}
}

func TestCheckFileNamesTheDamageOfABookThatCannotBeOpened(t *testing.T) {
	path, _ := fullBook(t)
	text := usedPart(t, path)
	spoilt := map[uint64]bool{}
	for page := uint64(2); page < uint64(len(text)/4096) && len(spoilt) < 3; page++ {
		if header := text[page*4096:]; header[8] == flagLeaf && page%2 == 0 {
			header[8] = 0x40
			spoilt[page] = true
		}
	}
	writeFile(t, path, text)
	var damage *CorruptError
	if _, err := Open(path, Options{}); !errors.As(err, &damage) || !strings.Contains(err.Error(), "backup") {
		t.Fatalf("opening: %v", err)
	}
	found := 0
	err := CheckFile(t.Context(), path, Options{}, func(c *CorruptError) {
		found++
		if !spoilt[c.Page] {
			t.Errorf("not among the spoilt pages: %v", c)
		}
	})
	if err != nil || found == 0 {
		t.Errorf("%d found, %v", found, err)
	}
}

func TestDamagedHeadIsReported(t *testing.T) {
	for _, newer := range []bool{false, true} {
		path, want := fullBook(t)
		text := usedPart(t, path)
		first, err := parseHead(text)
		if err != nil {
			t.Fatal(err)
		}
		second, err := parseHead(text[4096:])
		if err != nil {
			t.Fatal(err)
		}
		page := 0
		if (second.txid > first.txid) == newer {
			page = 4096
		}
		if newer {
			write{"customers", "c01", 7, -1}.model(want) // the last change is lost
		}
		text[page+pageHeader+20] ^= 1
		writeFile(t, path, text)
		b := mustOpen(t, path, Options{ReadOnly: true})
		problems := checkAll(t, b)
		if len(problems) != 1 || !strings.Contains(problems[0].Reason, "head") {
			t.Errorf("got %v", problems)
		}
		if got, err := readAll(b); err != nil || !sameRecords(got, want) {
			t.Errorf("read: %v", err)
		}
		b.Close()
		// A writer's first commit would write over what is left of the lost change.
		if b, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "doctor") {
			t.Errorf("a book whose last change may be lost is written to: %v, %v", b, err)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, text) {
			t.Errorf("the damaged book has changed (%v)", err)
		}
	}
}
