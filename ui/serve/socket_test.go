package serve

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestASocketThatADeadEngineHasLeftIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(t.Context(), path); !errors.Is(err, ErrNoEngine) {
		t.Errorf("a socket without an engine: %v", err)
	}
	again, err := Listen(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := Listen(path, false); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("a second engine at a socket: %v", err)
	}
}

func TestOtherFilesAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	victim := filepath.Join(dir, "victim")
	if err := os.WriteFile(victim, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	link, dangling := filepath.Join(dir, "link"), filepath.Join(dir, "dangling")
	if err := errors.Join(os.Symlink(victim, link), os.Symlink(filepath.Join(dir, "nowhere"), dangling)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{victim, link, dangling, dir} {
		if l, err := Listen(path, false); err == nil {
			_ = l.Close()
			t.Errorf("%s: a socket is put in its place", path)
		}
	}
	if text, err := os.ReadFile(victim); err != nil || string(text) != "precious" {
		t.Errorf("the file holds %q, %v", text, err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a symbolic link was followed to make a socket")
	}
}

func TestSocketsAreForTheirOwnerAndGroup(t *testing.T) {
	for _, c := range []struct {
		group bool
		mode  os.FileMode
	}{{false, 0o600}, {true, 0o660}} {
		path := filepath.Join(t.TempDir(), "s")
		l, err := Listen(path, c.group)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Lstat(path)
		if err != nil || info.Mode().Perm() != c.mode {
			t.Errorf("the socket has mode %v, %v; want %v", info.Mode().Perm(), err, c.mode)
		}
		_ = l.Close()
	}
}

func TestALongPathHasItsSocketElsewhere(t *testing.T) {
	book := filepath.Join("/", strings.Repeat("long/", 30), "book.db")
	if _, err := SocketOf(book, ""); err == nil {
		t.Error("a path that no socket can have is given")
	}
	a, err := SocketOf(book, "/run/user/1")
	if err != nil || !strings.HasPrefix(a, "/run/user/1/opsdeck-") || len(a) >= longestSocket {
		t.Errorf("%q, %v", a, err)
	}
	if b, err := SocketOf(book+"2", "/run/user/1"); err != nil || a == b {
		t.Errorf("two books have the socket %q, %v", b, err)
	}
}

func TestAHostKeyThatOthersMayReadIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "host")
	first, err := HostKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := HostKey(path); err != nil || string(first) != string(second) {
		t.Errorf("the key does not stay: %v", err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := HostKey(path); err == nil || !strings.Contains(err.Error(), "chmod") {
		t.Errorf("a key that others may read: %v", err)
	}
}
