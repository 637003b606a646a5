//go:build !linux

package engine

// Forget does nothing here; see the file for Linux.
func (b *Bolt) Forget() {}
