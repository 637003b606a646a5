//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"opsdeck/model/day"
	"opsdeck/store"
	"opsdeck/store/engine"
	"opsdeck/ui/serve"
)

// bookOf makes a book with n customers.
func bookOf(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	var text bytes.Buffer
	text.WriteString("external_id,name,employees\n")
	for i := range n {
		fmt.Fprintf(&text, "E%d,Zyzzyva %d,%d\n", i, i, i)
	}
	file := filepath.Join(dir, "some.csv")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	book := filepath.Join(dir, "book.db")
	for _, args := range [][]string{{"import", "customers", file}, {"compact"}} {
		if _, err := opsdeck(append([]string{"--book", book}, args...)...); err != nil {
			t.Fatal(err)
		}
	}
	return book
}

// TestFaultBitFlips flips single bits. In records, log and indexes every one is noticed by check; elsewhere
// one that is not noticed has changed nothing that can be read.
func TestFaultBitFlips(t *testing.T) {
	random := faultSeed(t)
	book := bookOf(t, 400)
	sound, err := os.ReadFile(book)
	if err != nil {
		t.Fatal(err)
	}
	want, err := opsdeck("--book", book, "--read-only", "export", "book")
	if err != nil {
		t.Fatal(err)
	}
	var live []int
	for at := 0; ; {
		i := bytes.Index(sound[at:], []byte("Zyzzyva"))
		if i < 0 {
			break
		}
		live = append(live, at+i)
		at += i + 1
	}
	hurt := filepath.Join(t.TempDir(), "book.db")
	flip := func(at int) error {
		damaged := bytes.Clone(sound)
		damaged[at] ^= 1 << random.Intn(8)
		if err := os.WriteFile(hurt, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := opsdeck("--book", hurt, "--read-only", "check")
		return err
	}
	rounds, noticed, harmless := faultRounds(t, 12), 0, 0
	for range rounds {
		at := live[random.Intn(len(live))] + random.Intn(7)
		if flip(at) == nil {
			t.Errorf("a bit at %d, in live data, is not noticed", at)
			continue
		}
		noticed++
	}
	for range rounds {
		at := random.Intn(len(sound))
		if flip(at) != nil {
			continue
		}
		harmless++
		if got, err := opsdeck("--book", hurt, "--read-only", "export", "book"); err != nil || !bytes.Equal(got, want) {
			t.Errorf("a bit at %d is not noticed and the book reads differently: %v", at, err)
		}
	}
	t.Logf("bits in live data: %d flipped, %d noticed; anywhere in the file: %d flipped, %d had no effect", rounds, noticed, rounds, harmless)
}

// TestFaultTruncated cuts the file off anywhere: no part of a book is taken for a whole one.
func TestFaultTruncated(t *testing.T) {
	random := faultSeed(t)
	book := bookOf(t, 400)
	sound, err := os.ReadFile(book)
	if err != nil {
		t.Fatal(err)
	}
	used := bytes.LastIndex(sound, []byte("Zyzzyva"))
	hurt := filepath.Join(t.TempDir(), "book.db")
	for range faultRounds(t, 4) {
		n := random.Intn(used)
		if err := os.WriteFile(hurt, sound[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := opsdeck("--book", hurt, "--read-only", "check"); err == nil {
			t.Errorf("%d of %d bytes pass for a book:\n%s", n, len(sound), out)
		}
	}
}

// takenAway is what somebody may do to a book that a program has open.
func takenAway(t *testing.T) map[string]func(book string) error {
	other, err := os.ReadFile(bookOf(t, 12))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]func(book string) error{
		"moved":   func(book string) error { return os.Rename(book, book+".elsewhere") },
		"removed": os.Remove,
		"replaced": func(book string) error {
			return errors.Join(os.WriteFile(book+".other", other, 0o600), os.Rename(book+".other", book))
		},
		"written over, as cp does": func(book string) error { return os.WriteFile(book, other, 0o600) },
		"cut off":                  func(book string) error { return os.Truncate(book, 8192) },
	}
}

// stays returns what a book that was taken away or replaced must look like for as long as the program goes on, and the
// path at which it lies.
func stays(t *testing.T, book string) func() {
	t.Helper()
	path := book
	if _, err := os.Stat(book + ".elsewhere"); err == nil {
		path = book + ".elsewhere"
	}
	was, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if is, _ := os.ReadFile(path); !bytes.Equal(was, is) {
			t.Errorf("the program has written into a file that is no longer its book, or made one anew: %d bytes were %d", len(is), len(was))
		}
	}
}

// TestFaultMoved takes the file away from under an engine, or puts another in its place: nothing more is
// acknowledged, since nobody would find it, nothing is written, and the next program sees what lies there.
func TestFaultMoved(t *testing.T) {
	for name, take := range takenAway(t) {
		t.Run(name, func(t *testing.T) {
			book := bookOf(t, 10)
			s := startServer(t, book)
			if s == nil {
				t.Fatal("the engine does not start")
			}
			c, err := serve.Dial(t.Context(), s.socket)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if status, err := ask(t.Context(), c, "add", "customer", "name=before"); status != 0 || err != nil {
				t.Fatalf("before: %d, %v", status, err)
			}
			if err := take(book); err != nil {
				t.Fatal(err)
			}
			unchanged := stays(t, book)
			for range 3 {
				if status, err := ask(t.Context(), c, "add", "customer", "name=after"); status == 0 && err == nil {
					t.Error("a write into a book that is no longer there was acknowledged")
				}
			}
			_ = s.cmd.Process.Signal(syscall.SIGTERM)
			s.gone()
			unchanged()
			seesWhatLies(t, book)
		})
	}
}

// seesWhatLies opens what lies at a book's place: it is whole and shows its own records, or is refused in words.
func seesWhatLies(t *testing.T, book string) {
	t.Helper()
	if info, err := os.Stat(book); err != nil || info.Size() == 8192 {
		if out, err := opsdeck("--book", book, "list", "customers"); err == nil {
			t.Errorf("what is no book is listed:\n%s", out)
		}
		return
	}
	for _, line := range [][]string{{"check"}, {"list", "customers"}, {"show", "customer", "E11"}} {
		if out, err := opsdeck(append([]string{"--book", book}, line...)...); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// waitEnd waits until somebody's program has ended.
func waitEnd(p *person) error {
	p.t.Helper()
	select {
	case err := <-p.ended:
		p.ended <- err
		return err
	case <-time.After(20 * time.Second):
		p.t.Fatalf("the program does not end:\n%s", p.screen())
		return nil
	}
}

// TestFaultMovedFromAScreen does the same to the program that somebody works in, without an engine.
func TestFaultMovedFromAScreen(t *testing.T) {
	for name, take := range takenAway(t) {
		t.Run(name, func(t *testing.T) {
			book := bookOf(t, 10)
			p := seat(t, "", "--book", book, "--today", "2026-11-22")
			p.either("1/10")
			if err := take(book); err != nil {
				t.Fatal(err)
			}
			p.keys("e")
			// Of a book of which there is nothing more a record may not even be found.
			if p.either("Edit customer", "not found", "damaged", "while it was open", "open the book again") == "Edit customer" {
				p.keys("\x15Renamed")
				p.either("not kept as a draft", "while it was open", "open the book again")
			}
			// What was being written when the file was taken is written by now.
			unchanged := stays(t, book)
			p.keys("more\x13")
			p.keys("\x03\x03\x03") // ctrl+c closes the form and leaves.
			if err := waitEnd(p); err != nil {
				t.Logf("the program ends with %v", err)
			}
			unchanged()
			seesWhatLies(t, book)
		})
	}
}

// TestFaultSecondWriter: two programs never write to one book, whatever name they know it by.
func TestFaultSecondWriter(t *testing.T) {
	book := bookOf(t, 10)
	other := filepath.Join(t.TempDir(), "alias.db")
	if err := os.Symlink(book, other); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, book)
	if s == nil {
		t.Fatal("the engine does not start")
	}
	for _, name := range []string{book, other} {
		b, err := store.Open(name, store.Options{Now: time.Now, NewID: newIDs(), Today: func() day.Day { return day.FromTime(time.Now()) }})
		var locked *engine.LockedError
		if !errors.As(err, &locked) {
			t.Errorf("%s opens beside the engine: %v, %v", name, b, err)
		}
	}
	s.kill()
	if out, err := opsdeck("--book", other, "check"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
