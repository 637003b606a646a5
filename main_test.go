package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"opsdeck": main}) }

// TestScripts runs the scripts of testdata/script through the real program. Each opens with the rules
// that it holds. Scripts over the shared data, which are not part of the repository, skip without it.
func TestScripts(t *testing.T) {
	shared, err := filepath.Abs("../shared/data")
	if err != nil {
		t.Fatal(err)
	}
	_, noData := os.Stat(shared)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_DATA_HOME", filepath.Join(e.WorkDir, "data"))
			e.Setenv("BOOK", filepath.Join(e.WorkDir, "data", "opsdeck", "book.db"))
			e.Setenv("SHARED", shared)
			e.Setenv("NO_COLOR", "")
			// The race detector lets every program wait a second before it ends, unless it is told not to.
			e.Setenv("GORACE", "atexit_sleep_ms=0")
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "shared" {
				return noData == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "mode": mode, "hold": hold, "damage": damage, "keep": keep, "swap": swap,
		},
	})
}

// exits STATUS COMMAND... runs a command and wants it to end with the status.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// mode FILE OCTAL wants a file or directory to have exactly these permissions.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode FILE OCTAL")
	}
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[1] {
		ts.Fatalf("%s has mode %s, want %s", args[0], got, args[1])
	}
}

// hold BOOK opens a book, as another program would, and keeps it until the script ends.
func hold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hold BOOK")
	}
	b, err := store.Open(ts.MkAbs(args[0]), store.Options{
		User: "holder", Now: time.Now, NewID: newIDs(), Today: func() day.Day { return day.FromTime(time.Now()) },
	})
	ts.Check(err)
	ts.Defer(func() { _ = b.Close() })
}

// damage FILE TEXT flips a bit in the first place where the file holds the text.
func damage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: damage FILE TEXT")
	}
	path := ts.MkAbs(args[0])
	raw, err := os.ReadFile(path)
	ts.Check(err)
	found := false
	for i := 0; i+len(args[1]) <= len(raw); i++ {
		if string(raw[i:i+len(args[1])]) == args[1] {
			raw[i] ^= 1
			found = true
		}
	}
	if !found {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(path, raw, 0o600))
}

// swap FILE OLD NEW writes another text in the first place where a file holds the old one.
func swap(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: swap FILE OLD NEW")
	}
	path := ts.MkAbs(args[0])
	raw, err := os.ReadFile(path)
	ts.Check(err)
	if !bytes.Contains(raw, []byte(args[1])) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(path, bytes.Replace(raw, []byte(args[1]), []byte(args[2]), 1), 0o600))
}

// keep NAME sets a variable to what the last command printed, which must be an id.
func keep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: keep NAME")
	}
	text := ts.ReadFile("stdout")
	if n := len(text); n > 0 && text[n-1] == '\n' {
		text = text[:n-1]
	}
	if _, err := model.ParseID(text); err != nil {
		ts.Fatalf("not an id: %v", err)
	}
	ts.Setenv(args[0], text)
}

func TestIDsRise(t *testing.T) {
	next := newIDs()
	last := next()
	for range 10000 {
		id := next()
		if id.String() <= last.String() {
			t.Fatalf("%s after %s", id, last)
		}
		last = id
	}
}
