//go:build unix

package serve

import (
	"net"
	"syscall"
)

// listenPrivately makes a socket that nobody else can use before its mode is set.
func listenPrivately(path string) (net.Listener, error) {
	old := syscall.Umask(0o177)
	defer syscall.Umask(old)
	return net.Listen("unix", path)
}
