//go:build unix

package ui

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// script makes a program that stands for an editor; the file to edit is its last argument.
func script(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "editor")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// edit runs an editor on a text, with a temporary folder of its own, which must be empty afterwards.
func edit(t *testing.T, text string, argv ...string) (string, error) {
	t.Helper()
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	e := &editing{argv: argv, name: "notes.txt", text: text}
	var out bytes.Buffer
	e.SetStdin(strings.NewReader(""))
	e.SetStdout(&out)
	e.SetStderr(&out)
	err := e.Run()
	left, readErr := os.ReadDir(tmp)
	if readErr != nil || len(left) > 0 {
		t.Errorf("the editor has left %v (%v)", left, readErr)
	}
	return e.text, err
}

func TestTheEditorGetsTheTextAndItsOwnArguments(t *testing.T) {
	ed := script(t, `for last; do :; done
case "$last" in */notes.txt) ;; *) exit 9;; esac
[ "$(stat -c %a "$last" 2>/dev/null || stat -f %Lp "$last")" = 600 ] || exit 8
[ "$(stat -c %a "$(dirname "$last")" 2>/dev/null || stat -f %Lp "$(dirname "$last")")" = 700 ] || exit 7
echo backup > "$last~"
printf '%s and %s\n' "$1" "$(cat "$last")" > "$last"`)
	got, err := edit(t, "two\nlines 株式会社", ed, "--wait")
	if want := "--wait and two\nlines 株式会社"; got != want || err != nil {
		t.Errorf("the text is %q (%v), want %q", got, err, want)
	}
}

func TestAnEditorThatFailsChangesNothing(t *testing.T) {
	for body, want := range map[string]string{
		`echo spoilt > "$1"; exit 3`: "exit status 3",
		`rm "$1"`:                    "what the editor wrote",
		`dd if=/dev/zero of="$1" bs=1024 count=80 2>/dev/null`:  "longer than 64 KiB",
		`d=$(dirname "$1"); mv "$1" "$d/x"; mkdir "$1"; exit 0`: "what the editor wrote",
	} {
		got, err := edit(t, "as it was", script(t, body))
		if err == nil || !strings.Contains(err.Error(), want) || got != "as it was" {
			t.Errorf("%s: %q, %v, want %q", body, got, err, want)
		}
	}
	if _, err := edit(t, "x", filepath.Join(t.TempDir(), "no such editor")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an editor that is not there: %v", err)
	}
}

func TestNoEditorInServedSessions(t *testing.T) {
	for _, c := range []struct {
		o    Options
		want bool
	}{{Options{Local: true, Editor: "vi"}, true}, {Options{Editor: "vi"}, false}, {Options{Local: true}, false}} {
		if got := (&App{o: c.o}).editor(); got != c.want {
			t.Errorf("%+v: %v", c.o, got)
		}
	}
}
