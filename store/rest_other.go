//go:build !linux

package store

func mappedMemory() int { return 0 }
