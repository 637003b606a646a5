package serve

import (
	"os"

	"golang.org/x/sys/unix"
)

// DropTyped forgets what has been typed at a terminal and not been read yet.
func DropTyped(in *os.File) {
	_ = unix.IoctlSetInt(int(in.Fd()), unix.TCFLSH, unix.TCIFLUSH) // What is no terminal has nothing to forget.
}
