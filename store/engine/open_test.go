package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

func mustOpen(t *testing.T, path string, o Options) *Bolt {
	t.Helper()
	b, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// newBook makes a book with a few records, closes it and returns its path.
func newBook(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.db")
	b := mustOpen(t, path, Options{Create: true, Buckets: []string{"a", "empty"}})
	put(t, b, "a", "first", "value")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func put(t *testing.T, e Engine, bucket, key, value string) {
	t.Helper()
	if err := e.Update(func(tx Tx) error { return tx.Put(bucket, []byte(key), []byte(value)) }); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, e Engine, bucket, key string) string {
	t.Helper()
	var got string
	err := e.View(func(tx Tx) error {
		value, ok := tx.Get(bucket, []byte(key))
		if got = string(value); !ok {
			got = "(none)"
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func recordsIn(s Stats, bucket string) int {
	for _, part := range s.Buckets {
		if part.Name == bucket {
			return part.Records
		}
	}
	return -1
}

func TestNewBook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db")
	b := mustOpen(t, path, Options{Create: true, Buckets: []string{"a", "b"}, Schema: 3, User: "ana", Now: fixedNow})
	held, err := os.ReadFile(lockPath(path))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf(`{"pid":%d,"user":"ana","since":"2026-11-22T12:00:00Z"}`+"\n", os.Getpid()); string(held) != want {
		t.Errorf("the lock says %s, want %s", held, want)
	}
	s, err := b.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if recordsIn(s, "a") != 0 || recordsIn(s, "b") != 0 || recordsIn(s, SystemBucket) != 3 {
		t.Errorf("stats: %+v", s)
	}
	if got := get(t, b, SystemBucket, keyOpened); got != "2026-11-22T12:00:00Z" {
		t.Errorf("opened at %s", got)
	}
	mustBeSound(t, b)
	for range 2 {
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if held, _ := os.ReadFile(lockPath(path)); len(held) != 0 {
		t.Errorf("a closed book is still signed: %s", held)
	}
	if err := b.View(func(Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("a view of a closed book: %v", err)
	}
	if err := b.Update(func(Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("an update of a closed book: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the book has mode %v", info.Mode())
	}
	if left, _ := filepath.Glob(path + "*"); len(left) != 2 {
		t.Errorf("files: %q", left)
	}
}

func TestUnfinishedCreationIsForgotten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db")
	if err := os.WriteFile(path+".new", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustBeSound(t, mustOpen(t, path, Options{Create: true}))
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	foreign := filepath.Join(dir, "foreign.db")
	db, err := bolt.Open(foreign, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	nfs := Options{Create: true, hooks: hooks{networkFS: func(string) (string, error) { return "nfs", nil }}}
	for name, test := range map[string]struct {
		path string
		o    Options
		want error
	}{
		"missing":                 {filepath.Join(dir, "none.db"), Options{}, ErrNotFound},
		"missing, reading":        {filepath.Join(dir, "none.db"), Options{Create: true, ReadOnly: true}, ErrNotFound},
		"no directory":            {filepath.Join(dir, "no", "book.db"), Options{Create: true}, ErrNoDirectory},
		"empty":                   {file("empty.db", ""), Options{Create: true}, ErrEmpty},
		"text":                    {file("notes.txt", "call the customer"), Options{}, ErrNotBook},
		"long text":               {file("long.txt", strings.Repeat("call the customer ", 9999)), Options{}, ErrNotBook},
		"directory":               {dir, Options{}, ErrNotBook},
		"pipe":                    {pipe, Options{}, ErrNotBook},
		"book of another program": {foreign, Options{}, ErrNotBook},
		"network":                 {filepath.Join(dir, "net.db"), nfs, ErrNetworkFS},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := Open(test.path, test.o)
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, %v, want %v", b, err, test.want)
			}
			if !strings.Contains(err.Error(), filepath.Base(dir)) {
				t.Errorf("%q does not say where", err)
			}
		})
	}
	for _, name := range []string{"none.db", "net.db"} {
		if left, _ := filepath.Glob(filepath.Join(dir, name+"*")); len(left) != 0 {
			t.Errorf("a refused open left %q", left)
		}
	}
	nfs.AllowNetwork = true
	mustBeSound(t, mustOpen(t, filepath.Join(dir, "net.db"), nfs))
}

func TestNewerSchema(t *testing.T) {
	path := newBook(t)
	b := mustOpen(t, path, Options{Schema: 7})
	if err := b.Update(func(tx Tx) error { return SetSchema(tx, 7) }); err != nil {
		t.Fatal(err)
	}
	b.Close()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var newer *NewerError
	if _, err := Open(path, Options{Schema: 6}); !errors.As(err, &newer) || newer.Found != 7 || newer.Known != 6 {
		t.Fatalf("got %v", err)
	}
	for _, part := range []string{path, "7", "6"} {
		if !strings.Contains(newer.Error(), part) {
			t.Errorf("%q does not say %s", newer, part)
		}
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("a refused book was changed")
	}
	b = mustOpen(t, path, Options{Schema: 8})
	if err := b.View(func(tx Tx) error {
		if n, err := Schema(tx); n != 7 || err != nil {
			t.Errorf("schema %d, %v", n, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	mustBeSound(t, b)
}

func TestOneBookUnderTwoNamesHasOneLock(t *testing.T) {
	path := newBook(t)
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	b := mustOpen(t, link, Options{})
	var locked *LockedError
	if _, err := Open(path, Options{}); !errors.As(err, &locked) || locked.PID != os.Getpid() {
		t.Errorf("got %v", err)
	}
	mustBeSound(t, b)
}

func TestReadersShareABook(t *testing.T) {
	path := newBook(t)
	one := mustOpen(t, path, Options{ReadOnly: true})
	two := mustOpen(t, path, Options{ReadOnly: true})
	for _, b := range []*Bolt{one, two} {
		if got := get(t, b, "a", "first"); got != "value" {
			t.Errorf("got %q", got)
		}
		mustBeSound(t, b)
	}
	var locked *LockedError
	if _, err := Open(path, Options{}); !errors.As(err, &locked) {
		t.Errorf("a writer beside readers: %v", err)
	}
}

func TestMovedBookStopsTheWriter(t *testing.T) {
	for name, move := range map[string]func(path string) error{
		"moved":   func(path string) error { return os.Rename(path, path+".away") },
		"deleted": os.Remove,
		"replaced": func(path string) error {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return errors.Join(os.WriteFile(path+".copy", text, 0o600), os.Rename(path+".copy", path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := newBook(t)
			b := mustOpen(t, path, Options{})
			put(t, b, "a", "before", "1")
			if err := move(path); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := b.Update(func(tx Tx) error { return tx.Put("a", []byte("after"), nil) }); !errors.Is(err, ErrMoved) {
					t.Errorf("got %v", err)
				}
			}
			if err := b.View(func(Tx) error { return nil }); !errors.Is(err, ErrMoved) {
				t.Errorf("got %v", err)
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
			if name == "replaced" {
				b := mustOpen(t, path, Options{})
				if got := get(t, b, "a", "after"); got != "(none)" {
					t.Errorf("the refused change was saved: %q", got)
				}
				mustBeSound(t, b)
			}
		})
	}
}

func TestCommitOfUnknownOutcomeStopsTheEngine(t *testing.T) {
	lost := errors.New("fdatasync: input/output error")
	for _, written := range []bool{false, true} {
		fail := false
		o := Options{}
		o.hooks.commit = func(commit func() error) error {
			if !fail {
				return commit()
			}
			if written {
				return errors.Join(commit(), lost)
			}
			return lost
		}
		path := newBook(t)
		b := mustOpen(t, path, o)
		fail = true
		view := b.View(func(Tx) error {
			err := b.Update(func(tx Tx) error { return tx.Put("a", []byte("k"), []byte("maybe")) })
			if !errors.Is(err, ErrUnknownOutcome) || !errors.Is(err, lost) {
				t.Errorf("got %v", err)
			}
			return nil
		})
		if !errors.Is(view, ErrUnknownOutcome) {
			t.Errorf("a reader meanwhile: %v", view)
		}
		fail = false
		for _, call := range []func(func(Tx) error) error{b.View, b.Update} {
			ran := false
			if err := call(func(Tx) error { ran = true; return nil }); !errors.Is(err, ErrUnknownOutcome) || ran {
				t.Errorf("afterwards: %v, ran %v", err, ran)
			}
		}
		if err := b.Check(context.Background(), func(*CorruptError) {}); !errors.Is(err, ErrUnknownOutcome) {
			t.Errorf("check: %v", err)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		b = mustOpen(t, path, Options{})
		if got := get(t, b, "a", "k"); (got == "maybe") != written {
			t.Errorf("written %v, after reopening %q", written, got)
		}
		mustBeSound(t, b)
	}
}

func TestMaxSizeIsFeltAndSurvived(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db")
	b := mustOpen(t, path, Options{Create: true, MaxSize: 24 << 20, hooks: hooks{noSync: true}})
	saved, err := 0, error(nil)
	for i := 0; err == nil; i++ {
		saved = i
		err = b.Update(func(tx Tx) error { return tx.Put("n", fmt.Appendf(nil, "%04d", i), make([]byte, 1<<20)) })
	}
	if !errors.Is(err, ErrMaxSize) || errors.Is(err, ErrUnknownOutcome) || saved < 4 {
		t.Fatalf("after %d records: %v", saved, err)
	}
	put(t, b, "n", "0000", "smaller")
	s, err := b.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if recordsIn(s, "n") != saved || s.FileBytes > 24<<20 {
		t.Errorf("%+v, want %d records", s, saved)
	}
	mustBeSound(t, b)
}

func TestCallersPanicIsItsOwn(t *testing.T) {
	b := mustOpen(t, newBook(t), Options{})
	for name, call := range map[string]func(func(Tx) error) error{"view": b.View, "update": b.Update} {
		for where, fn := range map[string]func(Tx) error{
			"plain": func(Tx) error { panic("mine") },
			"scan": func(tx Tx) error {
				return tx.Scan("a", nil, nil, func(_, _ []byte) (bool, error) { panic("mine") })
			},
		} {
			func() {
				defer func() {
					if got := recover(); got != "mine" {
						t.Errorf("%s, %s: recovered %v", name, where, got)
					}
				}()
				_ = call(fn)
			}()
		}
		done := make(chan bool)
		go func() {
			defer close(done)
			_ = call(func(Tx) error { runtime.Goexit(); return nil })
		}()
		<-done
	}
	put(t, b, "a", "still", "works")
	mustBeSound(t, b)
}

func TestArguments(t *testing.T) {
	for name, e := range map[string]Engine{"bolt": mustOpen(t, newBook(t), Options{}), "memory": NewMemory()} {
		t.Run(name, func(t *testing.T) {
			err := e.Update(func(tx Tx) error {
				for what, err := range map[string]error{
					"no bucket":   tx.Put("", []byte("k"), nil),
					"no key":      tx.Put("a", nil, nil),
					"long key":    tx.Put("a", make([]byte, MaxKey+1), nil),
					"long bucket": tx.Put(strings.Repeat("a", MaxKey+1), []byte("k"), nil),
					"delete":      tx.Delete("a", nil),
				} {
					if err == nil {
						t.Errorf("%s: accepted", what)
					}
				}
				return errors.Join(tx.Put("a", make([]byte, MaxKey), nil), tx.Delete("nowhere", []byte("k")))
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := get(t, e, "a", string(make([]byte, MaxKey))); got != "" {
				t.Errorf("an empty value is %q", got)
			}
			err = e.View(func(tx Tx) error {
				return errors.Join(tx.Put("a", []byte("k"), nil), tx.Delete("a", []byte("k")))
			})
			if !errors.Is(err, ErrReadOnlyTx) {
				t.Errorf("writing in a view: %v", err)
			}
			if b, ok := e.(*Bolt); ok {
				mustBeSound(t, b)
			}
		})
	}
}

// TestOpenBookWrittenOver lays something over an open book in its own place, as cp does: no change goes into it.
func TestOpenBookWrittenOver(t *testing.T) {
	over := func(from func(t *testing.T, own []byte) []byte) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			own, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, from(t, own), 0o600); err != nil { // O_TRUNC, the same inode.
				t.Fatal(err)
			}
		}
	}
	for name, change := range map[string]func(t *testing.T, path string){
		"another book": over(func(t *testing.T, _ []byte) []byte {
			other, err := os.ReadFile(newBook(t))
			if err != nil {
				t.Fatal(err)
			}
			return other
		}),
		"cut off":      over(func(_ *testing.T, own []byte) []byte { return own[:8192] }),
		"longer":       over(func(_ *testing.T, own []byte) []byte { return append(own, make([]byte, 4096)...) }),
		"emptied":      over(func(*testing.T, []byte) []byte { return nil }),
		"its own past": func(t *testing.T, path string) {},
	} {
		t.Run(name, func(t *testing.T) {
			path := newBook(t)
			past, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b := mustOpen(t, path, Options{})
			put(t, b, "a", "second", "value")
			if change(t, path); name == "its own past" {
				over(func(*testing.T, []byte) []byte { return past })(t, path)
			}
			laid, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := b.Update(func(tx Tx) error { return tx.Put("a", []byte("after"), nil) }); err == nil {
					t.Error("a change went into a book that was written over")
				}
			}
			if err := b.Rewrite(context.Background(), nil, nil); err == nil {
				t.Error("a book that was written over was made anew")
			}
			if err := b.CloseWith(func(State) { t.Error("its state is given out for that of the book that was open") }); err != nil {
				t.Log(err)
			}
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, laid) {
				t.Errorf("what was laid over the book has changed (%v)", err)
			}
		})
	}
}

// TestOpenBookWrittenOverAndClosed: without a change in between nothing is said of the file either.
func TestOpenBookWrittenOverAndClosed(t *testing.T) {
	path, other := newBook(t), newBook(t)
	b := mustOpen(t, path, Options{})
	laid, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, laid, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := b.CloseWith(func(State) { t.Error("its state is given out for that of the book that was open") }); err != nil {
		t.Fatal(err)
	}
}

// TestOpenBookTouched: another time on the file makes it no other book.
func TestOpenBookTouched(t *testing.T) {
	path := newBook(t)
	b := mustOpen(t, path, Options{})
	for i := range 3 {
		if err := os.Chtimes(path, time.Time{}, time.Unix(1_700_000_000+int64(i), 0)); err != nil {
			t.Fatal(err)
		}
		put(t, b, "a", fmt.Sprint("more", i), "value")
	}
	if got := get(t, b, "a", "more2"); got != "value" {
		t.Error(got)
	}
}
