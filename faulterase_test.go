//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// erasable is a book with a person in it who has left traces everywhere, and her id.
func erasable(t *testing.T, dir string) (book, id string) {
	t.Helper()
	book, file := filepath.Join(dir, "book.db"), filepath.Join(dir, "people.csv")
	var text strings.Builder
	text.WriteString("external_id,name,email,notes\n")
	for i := range 3000 {
		fmt.Fprintf(&text, "P-%06d,Person %d,p%d@example.com,met Wilhelmina Oakenshield\n", i, i, i)
	}
	text.WriteString("P-999999,Wilhelmina Oakenshield,w.oakenshield@example.com,\n")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := opsdeck("--book", book, "import", "contacts", file, "-q"); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	out, err := opsdeck("--book", book, "list", "contacts", "--where", "external_id:P-999999", "-o", "ids")
	if err != nil || os.Remove(file) != nil {
		t.Fatal(err)
	}
	return book, strings.TrimSpace(string(out))
}

// oakenshields counts her names in a file.
func oakenshields(t *testing.T, name string) int {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(bytes.ToLower(raw), []byte("oakenshield"))
}

// judgeErased holds a book after a fault against what was said: she is wholly there or wholly gone.
func judgeErased(t *testing.T, book, id string, done bool) (gone bool) {
	t.Helper()
	for _, args := range [][]string{{"check"}, {"history", "--verify"}} {
		if out, err := opsdeck(append([]string{"--book", book}, args...)...); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
	shown, err := opsdeck("--book", book, "show", "contact", id)
	if err != nil {
		t.Fatal(err)
	}
	mentions, err := opsdeck("--book", book, "list", "contacts", "--columns", "notes", "-o", "csv")
	if err != nil {
		t.Fatal(err)
	}
	there, named := bytes.Contains(shown, []byte("Wilhelmina")), bytes.Count(mentions, []byte("Wilhelmina"))
	switch {
	case there && !done && named == 3000:
	case !there && named == 0 && oakenshields(t, book) == 0:
		gone = true
	default:
		t.Errorf("half erased: her record is there: %v, mentions: %d of 3000, names in the file: %d, said done: %v", there, named, oakenshields(t, book), done)
	}
	return gone
}

func TestFaultKilledErase(t *testing.T) {
	random := faultSeed(t)
	dir := t.TempDir()
	base, id := erasable(t, dir)
	before, err := os.ReadFile(base)
	if err != nil {
		t.Fatal(err)
	}
	if n := oakenshields(t, base); n < 3000 {
		t.Fatalf("she is named %d times: nothing to erase", n)
	}
	// Kills are to meet erasings in the middle, however fast the machine is.
	other := filepath.Join(t.TempDir(), "book.db")
	if err := os.WriteFile(other, before, 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if out, err := opsdeck("--book", other, "erase", "contact", id, "--yes"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	longest := int(time.Since(began) * 2)
	whole, none := 0, 0
	for range faultRounds(t, 4) {
		round := t.TempDir()
		book := filepath.Join(round, "book.db")
		if err := os.WriteFile(book, before, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("opsdeck", "--book", book, "erase", "contact", id, "--yes")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(random.Intn(longest)), func() { _ = cmd.Process.Kill() })
		done := cmd.Wait() == nil
		timer.Stop()
		if judgeErased(t, book, id, done) {
			whole++
		} else {
			none++
		}
	}
	t.Logf("erasings killed: whole %d, none of it %d", whole, none)
	if none == 0 && whole >= manyRounds {
		t.Error("every erasing was done before it was hurt, so nothing was tested")
	}
}

func TestFaultPowerCutErase(t *testing.T) {
	random := faultSeed(t)
	base, id := erasable(t, t.TempDir())
	before, err := os.ReadFile(base)
	if err != nil {
		t.Fatal(err)
	}
	whole, none := 0, 0
	for range faultRounds(t, 4) {
		mnt, rest := t.TempDir(), t.TempDir()
		d, unmount := newFaultDisk(t, mnt, map[string][]byte{"book.db": before}, random)
		d.set(func(d *faultDisk) { d.cutAt = 1 + random.Intn(600) })
		_, err := opsdeck("--book", filepath.Join(mnt, "book.db"), "erase", "contact", id, "--yes")
		left := d.powerOff()
		unmount()
		delete(left, "book.db.lock")
		writeImage(t, rest, left)
		if judgeErased(t, filepath.Join(rest, "book.db"), id, err == nil) {
			whole++
		} else {
			none++
		}
	}
	t.Logf("power cut while erasing: whole %d, none of it %d", whole, none)
	if none == 0 && whole >= manyRounds {
		t.Error("every erasing was done before it was hurt, so nothing was tested")
	}
}
