package store

import (
	"context"
	"errors"
)

var errNoFile = errors.New("this book is in memory and has no file")

// Backup writes a consistent copy of the open book to a new file and verifies it.
func (b *Book) Backup(ctx context.Context, path string) error {
	if b.bolt == nil {
		return errNoFile
	}
	return b.bolt.Backup(ctx, path)
}
