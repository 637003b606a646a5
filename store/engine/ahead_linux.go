package engine

import (
	"context"
	"os"

	"golang.org/x/sys/unix"
)

// readAhead asks the system to read a file into its cache, from the front. It does nothing where the file would fill
// more than half of the memory, and stops with ctx.
func readAhead(ctx context.Context, f *os.File) {
	var machine unix.Sysinfo_t
	info, err := f.Stat()
	if err != nil || unix.Sysinfo(&machine) != nil || uint64(info.Size()) > uint64(machine.Totalram)*uint64(machine.Unit)/2 {
		return
	}
	raw, err := f.SyscallConn()
	if err != nil {
		return
	}
	const window = 8 << 20
	for at := int64(0); at < info.Size() && ctx.Err() == nil; at += window {
		// It is advice: where it is not taken, the walk is only slower.
		_ = raw.Control(func(fd uintptr) { _ = unix.Fadvise(int(fd), at, window, unix.FADV_WILLNEED) })
	}
}
