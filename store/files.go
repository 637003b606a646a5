package store

import (
	"context"
	"errors"
)

var errNoFile = errors.New("this book is in memory and has no file")

// Backup writes a consistent copy of the open book to a new file and verifies it.
func (b *Book) Backup(ctx context.Context, path string) error {
	if b.late == nil {
		return errNoFile
	}
	bolt, err := b.late.wait()
	if err != nil {
		return err
	}
	return bolt.Backup(ctx, path)
}
