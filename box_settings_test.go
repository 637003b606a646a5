//go:build linux

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gossh "golang.org/x/crypto/ssh"
)

// TestSettingsAreEditedWhereTheirEditorIs edits the settings of an engine's book on the caller's side, and never
// on the engine's, whatever a client says its editor is.
func TestSettingsAreEditedWhereTheirEditorIs(t *testing.T) {
	book, socket := filepath.Join(t.TempDir(), "book.db"), filepath.Join(socketDir(t), "s")
	s := startServerAt(t, book, socket)
	if s == nil {
		t.Fatal("the engine does not start")
	}
	t.Setenv("EDITOR", "sed -i s/^tier.KA.*/tier.KA=77/")
	t.Setenv("VISUAL", "")
	p := seat(t, socket, "settings", "edit")
	p.either("set tier.KA")
	if err := <-p.ended; err != nil {
		t.Errorf("the edit ends with %v:\n%s", err, p.screen())
	}
	p.ended <- nil
	if out, err := askFor(socket, "settings", "show"); err != nil || !strings.Contains(out, "tier.KA = 77") {
		t.Errorf("the engine's settings are %s, %v", out, err)
	}
	if out, err := askFor(socket, "history"); err != nil || !strings.Contains(out, "set tier.KA") {
		t.Errorf("the history is %s, %v", out, err)
	}
}

func TestNoProgramOfAClientRunsInTheEngine(t *testing.T) {
	b := startBox(t)
	touched := filepath.Join(t.TempDir(), "touched")
	c, err := gossh.Dial("tcp", b.front, &gossh.ClientConfig{
		User: "x", Auth: []gossh.AuthMethod{gossh.PublicKeys(b.keys["administrator"])}, HostKeyCallback: gossh.InsecureIgnoreHostKey(),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, line := range []string{"settings edit", "--read-only settings edit"} {
		s, err := c.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.Setenv("EDITOR", "touch "+touched), s.Setenv("VISUAL", "touch "+touched), s.RequestPty("xterm", 24, 80, gossh.TerminalModes{})); err != nil {
			t.Fatal(err)
		}
		var exit *gossh.ExitError
		if err := s.Run(line); !errors.As(err, &exit) || exit.ExitStatus() != 5 {
			t.Errorf("%s ends with %v, and not with status 5", line, err)
		}
	}
	if _, err := os.Stat(touched); err == nil {
		t.Error("the engine has run a client's program")
	}
}
