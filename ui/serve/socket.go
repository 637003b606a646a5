package serve

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// longestSocket is how long the path of a Unix socket may be, in bytes, with the zero at its end.
const longestSocket = 108

// SharedSocket is where the engine of a box listens, as the unit that comes with the program has it.
const SharedSocket = "/run/opsdeck/opsdeck.sock"

// SocketOf returns where whoever has a book open listens: beside the book or, where that path is too
// long for a socket, in runtime, a directory of the person's own.
func SocketOf(book, runtime string) (string, error) {
	abs, err := filepath.Abs(book)
	if err != nil {
		return "", fmt.Errorf("socket of %s: %w", book, err)
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	if path := abs + ".sock"; len(path) < longestSocket {
		return path, nil
	}
	sum := sha256.Sum256([]byte(abs))
	if runtime == "" {
		return "", fmt.Errorf("%s.sock: the path is too long for a socket; give the book a shorter one", abs)
	}
	return filepath.Join(runtime, "opsdeck-"+hex.EncodeToString(sum[:8])+".sock"), nil
}

// Listen opens a socket that the owner and, with group, their group may use. A socket that a dead
// engine has left is replaced; anything else at the path is left alone.
func Listen(path string, group bool) (net.Listener, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("socket: %w", err)
	case info.Mode().Type() != fs.ModeSocket:
		return nil, fmt.Errorf("socket: %s is there and is no socket; move it away", path)
	default:
		if c, err := net.Dial("unix", path); err == nil {
			return nil, errors.Join(fmt.Errorf("socket: an engine listens at %s already", path), c.Close())
		}
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("socket: %w", err)
		}
	}
	mode := fs.FileMode(0o600)
	if group {
		mode = 0o660
	}
	l, err := listenPrivately(path)
	if err != nil {
		return nil, fmt.Errorf("socket: %w", err)
	}
	if err := os.Chmod(path, mode); err != nil {
		return nil, errors.Join(fmt.Errorf("socket: %w", err), l.Close())
	}
	return l, nil
}

// Inherited returns the socket that systemd has opened for this process, nil where there is none.
func Inherited(env func(string) string) (net.Listener, error) {
	if env("LISTEN_PID") != strconv.Itoa(os.Getpid()) || env("LISTEN_FDS") != "1" {
		return nil, nil
	}
	const first = 3
	f := os.NewFile(first, "socket of systemd")
	defer f.Close()
	l, err := net.FileListener(f)
	if err != nil {
		return nil, fmt.Errorf("socket of systemd: %w", err)
	}
	return l, nil
}
