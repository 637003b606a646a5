//go:build !linux

package engine

import bolt "go.etcd.io/bbolt"

// Forget does nothing here; see the file for Linux.
func (b *Bolt) Forget() {}

func (b *Bolt) forgetPages(*bolt.Tx) {}
