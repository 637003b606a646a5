package engine

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"time"
)

// What can be wrong with a book, one error for each case that calls for a different answer. They
// come wrapped with the path and with what to do.
var (
	ErrNotFound       = errors.New("there is no book here")
	ErrNoDirectory    = errors.New("the directory does not exist")
	ErrNotBook        = errors.New("this file is not a book of opsdeck")
	ErrEmpty          = errors.New("this file is empty")
	ErrTruncated      = errors.New("the book is cut off")
	ErrReadOnly       = errors.New("no permission to write")
	ErrNoSpace        = errors.New("no space left for the book")
	ErrMaxSize        = errors.New("the book has reached its largest allowed size; nothing was saved")
	ErrNetworkFS      = errors.New("a book cannot live on a network file system")
	ErrMoved          = errors.New("the book was moved, replaced, written over or deleted while it was open")
	ErrClosed         = errors.New("the book is closed")
	ErrReadOnlyTx     = errors.New("this transaction may only read")
	ErrUnknownOutcome = errors.New("not known whether the last change was saved; reopen the book")
)

// LockedError says that another program holds the book, and who that is as far as it is known.
type LockedError struct {
	Path  string
	PID   int       // 0 when not known: readers do not sign the lock
	User  string    // as the holder gave it; may be empty
	Since time.Time // when the holder opened the book; zero when not known
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("%s is in use by another program; close it there and try again", e.Path)
	}
	return fmt.Sprintf("%s is in use by %q (process %d, since %s); close it there and try again",
		e.Path, e.User, e.PID, e.Since.Format("2006-01-02 15:04"))
}

// NewerError says that the book was written by a newer program.
type NewerError struct {
	Path         string
	Found, Known int // schema numbers
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("%s has schema %d and this program knows up to %d; use a newer opsdeck", e.Path, e.Found, e.Known)
}

// CorruptError names damage in the book: a record whose checksum is wrong, a page that makes no
// sense, a read that the disk failed.
type CorruptError struct {
	Path   string // the book; empty for the memory engine
	Bucket string // where known
	Key    []byte // where known; a copy
	Page   uint64 // number of the page in the file, 0 where not known
	Reason string
}

func (e *CorruptError) Error() string {
	var b strings.Builder
	b.WriteString("the book is damaged")
	if e.Path != "" {
		fmt.Fprintf(&b, " (%s)", e.Path)
	}
	if e.Page != 0 {
		fmt.Fprintf(&b, ", page %d", e.Page)
	}
	if e.Bucket != "" {
		fmt.Fprintf(&b, ", bucket %q", e.Bucket)
	}
	if len(e.Key) > 0 {
		b.WriteString(", key " + printable(e.Key))
	}
	return b.String() + ": " + e.Reason
}

// printable shows a key in hex and, since most keys hold text, quoted as well.
func printable(key []byte) string {
	const most = 64
	if len(key) > most {
		return fmt.Sprintf("%s… %q… (%d bytes)", hex.EncodeToString(key[:most]), key[:most], len(key))
	}
	return fmt.Sprintf("%s %q", hex.EncodeToString(key), key)
}

func argErr(bucket string, key []byte, format string, args ...any) error {
	return fmt.Errorf("bucket %.40q, key %s: %w", bucket, printable(key), fmt.Errorf(format, args...))
}

// explain turns an error of the operating system into one of ours where that helps the reader.
func explain(path string, err error) error {
	var corrupt *CorruptError
	switch {
	case err == nil || errors.As(err, &corrupt):
		return err
	case isNoSpace(err):
		return fmt.Errorf("%s: %w: %w", path, ErrNoSpace, err)
	case errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%s: %w: %w", path, ErrReadOnly, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// isNoSpace also looks at the text, since bbolt drops the cause when growing the file fails.
func isNoSpace(err error) bool {
	for _, e := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, e) || strings.HasSuffix(err.Error(), ": "+e.Error()) {
			return true
		}
	}
	return false
}
