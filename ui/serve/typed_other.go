//go:build !linux

package serve

import "os"

// DropTyped forgets what has been typed at a terminal and not been read yet, where the system can do so.
func DropTyped(*os.File) {}
