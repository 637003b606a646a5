//go:build linux

package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestFaultKilledDoctor kills the saving of what is whole of a damaged book: there is no new book, or all of it, and the
// damaged one is as it was. Saving again needs nobody to clean up.
func TestFaultKilledDoctor(t *testing.T) {
	random := faultSeed(t)
	book := bookOf(t, 3000)
	raw, err := os.ReadFile(book)
	if err != nil {
		t.Fatal(err)
	}
	for range 60 { // Records and log are both hurt, so that much has to be searched.
		raw[8192+random.Intn(len(raw)-8192)] ^= 0xff
	}
	if err := os.WriteFile(book, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	saved := filepath.Join(t.TempDir(), "saved.db")
	line := []string{"--book", book, "doctor", "--save", saved}
	rounds, whole := faultRounds(t, 4), 0
	for range rounds {
		cmd := exec.Command("opsdeck", line...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Duration(random.Intn(100)) * time.Millisecond)
		_ = cmd.Process.Signal(syscall.SIGKILL)
		_ = cmd.Wait()
		_, err := os.Stat(saved)
		switch {
		case err == nil:
			whole++
		case !errors.Is(err, fs.ErrNotExist):
			t.Fatal(err)
		default:
			if got := runIn(t, filepath.Dir(book), line...); got.status != 0 && got.status != 3 {
				t.Fatalf("saving after a kill: %d\n%s", got.status, got.text)
			}
		}
		if out, err := opsdeck("--book", saved, "check"); err != nil {
			t.Errorf("what was saved is not sound: %v\n%s", err, out)
		}
		if now, err := os.ReadFile(book); err != nil || string(now) != string(raw) {
			t.Fatalf("the damaged book has changed, %v", err)
		}
		if err := errors.Join(os.Remove(saved), os.Remove(saved+".lock")); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d rounds: %d times all was saved before the kill, after the others saving again did", rounds, whole)
}
