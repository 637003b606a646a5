package serve

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ask lets the engine do something with the files of a client whose command line is args.
func ask(t *testing.T, do func(Files), args ...string) {
	t.Helper()
	r := start(t, fakeDesk{serve: func(_ context.Context, s Session) int { do(s.Files); return 0 }}, testLimits(), false)
	if _, _, _, err := r.run("", nil, args...); err != nil {
		t.Fatal(err)
	}
}

func TestTheClientsFilesComeOver(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "large.csv")
	want := strings.Repeat("a,b,c\n", 700_000)
	if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
		t.Fatal(err)
	}
	ask(t, func(f Files) {
		r, err := f.Open(path)
		if err != nil {
			t.Error(err)
			return
		}
		got, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil || string(got) != want {
			t.Errorf("%d of %d bytes come over, %v", len(got), len(want), err)
		}
		if _, err := f.Open(dir); err == nil || !strings.Contains(err.Error(), "is a directory") {
			t.Errorf("a directory: %v", err)
		}
		if _, err := f.Open(path + ".none"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a file that is not there: %v", err)
		}
	}, "import", path, "--errors="+dir, path+".none")
}

func TestFilesThatTheCommandLineDoesNotNameAreRefused(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	named := filepath.Join(dir, "named.csv")
	ask(t, func(f Files) {
		for _, path := range []string{secret, dir + "/sub/../secret", "/etc/passwd", "", dir} {
			if _, err := f.Open(path); err == nil || !strings.Contains(err.Error(), "does not name") {
				t.Errorf("%q is handed over: %v", path, err)
			}
			if _, err := f.Create(path); err == nil || !strings.Contains(err.Error(), "does not name") {
				t.Errorf("%q may be written: %v", path, err)
			}
		}
		if _, err := f.Create(filepath.Join(dir, "namedx")); err == nil {
			t.Error("a file whose name only begins alike may be written")
		}
	}, "import", named, "--from", "erp")
	if text, err := os.ReadFile(secret); err != nil || string(text) != "x" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}

func TestAFileIsThereInWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	whole, half := filepath.Join(dir, "whole.csv"), filepath.Join(dir, "half.csv")
	ask(t, func(f Files) {
		w, err := f.Create(whole)
		if err != nil {
			t.Error(err)
			return
		}
		_, err = io.WriteString(w, "all of it")
		if err = errors.Join(err, w.Close()); err != nil {
			t.Error(err)
		}
		if w, err = f.Create(half); err != nil {
			t.Error(err)
			return
		}
		if _, err := io.WriteString(w, "the first "); err != nil {
			t.Error(err)
		} // The engine dies here: the session ends without a Close.
	}, "export", "--out", whole, "--errors", half)
	if text, err := os.ReadFile(whole); err != nil || string(text) != "all of it" {
		t.Errorf("the file holds %q, %v", text, err)
	}
	if _, err := os.Stat(half); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a half file is in place: %v", err)
	}
}

func TestNamed(t *testing.T) {
	for _, c := range []struct {
		args  []string
		q     fileRequest
		named bool
	}{
		{[]string{"import", "a.csv"}, fileRequest{false, "a.csv"}, true},
		{[]string{"import", "--map=m.toml"}, fileRequest{false, "m.toml"}, true},
		{[]string{"import", "a.csv"}, fileRequest{false, "b.csv"}, false},
		{[]string{"import", "-x"}, fileRequest{false, "-x"}, false},
		{[]string{"import", "--errors", "e.csv"}, fileRequest{true, "e.customers.csv"}, true},
		{[]string{"import", "--errors", "e.csv"}, fileRequest{false, "e.customers.csv"}, false},
		{[]string{"import", "--errors", "e.csv"}, fileRequest{true, "sub/e.customers.csv"}, false},
		{nil, fileRequest{false, ""}, false},
		{[]string{""}, fileRequest{true, ".bashrc"}, false},
		{[]string{"add", "name=."}, fileRequest{true, ".bashrc"}, false},
		{[]string{"add", ".x"}, fileRequest{true, ".bashrc"}, false},
	} {
		if got := named(c.args, c.q); got != c.named {
			t.Errorf("%q names %+v: %v", c.args, c.q, got)
		}
	}
	if slices.Contains([]bool{named([]string{"list", "."}, fileRequest{true, "..bashrc"})}, true) {
		t.Error("a dot names files that begin with two")
	}
}
