package engine

import (
	"os"

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
	info, size := b.db.Info(), int64(0)
	if st, err := b.file.Stat(); err == nil {
		size = st.Size()
	}
	page := int64(os.Getpagesize())
	if n := size / page * page; n > 0 && info.Data != 0 {
		// It is advice: where it is not taken, only the memory stays larger.
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, info.Data, uintptr(n), unix.MADV_DONTNEED)
	}
}
