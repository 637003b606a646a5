//go:build !linux

package engine

import (
	"context"
	"os"
)

// readAhead is for systems that take such advice.
func readAhead(context.Context, *os.File) {}
