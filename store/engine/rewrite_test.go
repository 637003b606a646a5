package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// swap replaces a word in every value and leaves records out whose key begins with "gone".
func swapWords(_ string, key, value []byte) ([]byte, error) {
	if bytes.HasPrefix(key, []byte("gone")) {
		return nil, nil
	}
	return bytes.ReplaceAll(value, []byte("secret"), []byte("-")), nil
}

func TestRewriteReplacesEverythingAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db")
	b, err := Open(path, Options{Create: true, Schema: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for i := range 300 {
		must(t, b.Update(func(tx Tx) error {
			return errors.Join(
				tx.Put("a", fmt.Appendf(nil, "%03d", i%100), fmt.Appendf(nil, "the secret number %d", i)),
				tx.Put("b", fmt.Appendf(nil, "gone %03d", i), []byte("a secret to leave out")))
		}))
	}
	written := rewriteAmongOthers(t, b)
	must(t, b.View(func(tx Tx) error {
		v, _ := tx.Get("a", []byte("007"))
		if want := "the - number 207"; string(v) != want {
			t.Errorf("got %q, want %q", v, want)
		}
		if v, _ := tx.Get("a", []byte("then")); string(v) != "done" {
			t.Errorf("what comes then is not there: %q", v)
		}
		n := 0
		_ = tx.Scan("w", nil, nil, func(_, _ []byte) (bool, error) { n++; return true, nil })
		if n != written {
			t.Errorf("%d of %d writes are there", n, written)
		}
		return nil
	}))
	must(t, b.Check(context.Background(), func(c *CorruptError) { t.Error(c) }))
	raw, err := os.ReadFile(path)
	must(t, err)
	if bytes.Contains(raw, []byte("secret")) {
		t.Error("the file still holds what was replaced")
	}
}

// rewriteAmongOthers exchanges the file a few times under readers and a writer, and returns how much was written.
func rewriteAmongOthers(t *testing.T, b *Bolt) int {
	var group sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := b.View(func(tx Tx) error { _, ok := tx.Get("a", []byte("007")); return found(ok) }); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	written := 0
	group.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if err := b.Update(func(tx Tx) error { return tx.Put("w", fmt.Appendf(nil, "%06d", written), []byte("x")) }); err != nil {
				t.Error(err)
				return
			}
			written++
		}
	})
	for range 5 {
		must(t, b.Rewrite(context.Background(), swapWords, func(tx Tx) error { return tx.Put("a", []byte("then"), []byte("done")) }))
	}
	close(stop)
	group.Wait()
	return written
}

func found(ok bool) error {
	if !ok {
		return errors.New("a record is missing")
	}
	return nil
}

func TestRewriteThatFailsLeavesTheBook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db")
	b, err := Open(path, Options{Create: true, Schema: 1})
	must(t, err)
	defer b.Close()
	must(t, b.Update(func(tx Tx) error { return tx.Put("a", []byte("k"), []byte("secret")) }))
	broken := errors.New("no")
	for _, try := range []func() error{
		func() error {
			return b.Rewrite(context.Background(), func(string, []byte, []byte) ([]byte, error) { return nil, broken }, func(Tx) error { return nil })
		},
		func() error { return b.Rewrite(context.Background(), swapWords, func(Tx) error { return broken }) },
	} {
		if err := try(); !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	}
	must(t, b.View(func(tx Tx) error {
		if v, _ := tx.Get("a", []byte("k")); string(v) != "secret" {
			t.Errorf("got %q", v)
		}
		return nil
	}))
	if _, err := os.Stat(path + ".new"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file was left behind: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
