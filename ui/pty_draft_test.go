//go:build unix

package ui_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

// holds waits until a file has a text in it: what was typed is in the book.
func holds(t *testing.T, path, text string) {
	t.Helper()
	deadline, look := time.After(patience), time.Tick(20*time.Millisecond)
	for {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(body, []byte(text)) {
			return
		}
		select {
		case <-look:
		case <-deadline:
			t.Fatalf("%s never has %q", path, text)
		}
	}
}

// until gives a key again and again until a text is on the screen: a list that came by itself takes no keys
// at first, and nothing on the screen says since when it does.
func (c *console) until(key, text string) {
	c.t.Helper()
	deadline, again := time.After(patience), time.Tick(300*time.Millisecond)
	for !strings.Contains(c.screen(), text) {
		select {
		case <-again:
			if !strings.Contains(c.screen(), text) {
				c.keys(key)
			}
		case <-deadline:
			c.t.Fatalf("%q does not lead to %q:\n%s", key, text, c.screen())
		}
	}
}

// killedInAForm ends the program as a power cut does in the middle of a form; the next start offers what was
// typed, and it can be saved.
func killedInAForm(t *testing.T, program string) {
	book := madeBook(t, program)
	args := []string{"--book", book, "--today", "2026-11-22", "--as", "ana"}
	c := run(t, program, 120, 40, args...)
	c.expect("60 customers", "1/60")
	c.keys("e")
	c.expect("Edit customer", "ctrl+s save")
	c.keys(" outlives a kill")
	c.expect("outlives a kill")
	holds(t, book, "outlives a kill")
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := c.leaves(); err == nil {
		t.Fatal("the program ended by itself")
	}

	again := run(t, program, 120, 40, args...)
	again.expect("60 customers", "Forms that were not saved", "1 field")
	again.until("\r", "ctrl+s save")
	again.expect("outlives a kill")
	again.keys("\x13")
	again.expect("Saved: set name of customer", "outlives a kill")
	again.keys("q")
	if err := again.leaves(); err != nil {
		t.Fatalf("q ended the program with %v", err)
	}
	last := run(t, program, 120, 40, args...)
	last.expect("60 customers", "outlives a kill")
	last.keys("\x07") // ctrl+g
	last.expect("There are no drafts")
	last.keys("q")
	if err := last.leaves(); err != nil {
		t.Error(err)
	}
}
