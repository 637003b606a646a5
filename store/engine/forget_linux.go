package engine

import (
	"os"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// Forget takes the pages of the book that have been read out of the memory of the process, after
// everything has been walked through once: the system keeps them as long as it has room, and they come
// back when they are read again. Otherwise a program that opens a book would be as large as the book.
func (b *Bolt) Forget() {
	// While the transaction is open the book stays mapped where it is.
	tx, err := b.begin(false)
	if err != nil {
		return
	}
	defer b.rollback(tx)
	b.forgetPages(tx)
}

// forgetPages is Forget within a transaction. Others may be reading the same pages meanwhile. What the transaction can
// see is mapped for certain; the file may have grown past the map.
func (b *Bolt) forgetPages(tx *bolt.Tx) {
	page := int64(os.Getpagesize())
	if data, n := b.db.Info().Data, tx.Size()/page*page; n > 0 && data != 0 {
		// It is advice: where it is not taken, only the memory stays larger.
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, data, uintptr(n), unix.MADV_DONTNEED)
	}
}
