package store

import (
	"os"
	"strconv"
	"strings"
)

// mappedMemory is how much of the process's memory is of mapped files, in bytes; 0 where that cannot be told.
func mappedMemory() int {
	raw, err := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(raw))
	if err != nil || len(fields) < 3 {
		return 0
	}
	pages, err := strconv.Atoi(fields[2])
	if err != nil {
		return 0
	}
	return pages * os.Getpagesize()
}
