package engine

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"sync"
)

// The layout of bbolt's file, as its documentation and on-disk structures give it, in the byte
// order of the machine. Each page starts with a header (id 8, flags 2, count 2, overflow 4 bytes);
// pages 0 and 1 are the two heads, written in turn, of which the one with the higher transaction
// number counts.
const (
	pageHeader    = 16
	elementSize   = 16
	bucketHeader  = 16
	headSize      = 64
	headMagic     = 0xed0cdaed
	headVersion   = 2
	smallestPage  = 1 << 10
	largestPage   = 16 << 20
	noFreelist    = ^uint64(0)
	flagBranch    = 0x01
	flagLeaf      = 0x02
	flagSubBucket = 0x01
)

// head is what one of the first two pages says about the book.
type head struct {
	pageSize int
	root     uint64 // page of the bucket of buckets
	pages    uint64 // how many pages are in use, free ones among them
	txid     uint64
}

// What a page that should be a head can be instead: something else, a damaged head, or one that
// bbolt accepts and this package never writes. The free pages of a book are found by looking which
// ones are not in use; a list of them in the file would be believed unseen.
var (
	errNoHead  = errors.New("not a head")
	errBadHead = errors.New("the checksum of the head is wrong")
	errForeign = errors.New("another program wrote the head")
)

func parseHead(page []byte) (head, error) {
	if len(page) < pageHeader+headSize {
		return head{}, errNoHead
	}
	e, h := binary.NativeEndian, page[pageHeader:pageHeader+headSize]
	if e.Uint32(h) != headMagic {
		return head{}, errNoHead
	}
	sum := fnv.New64a()
	sum.Write(h[:headSize-8])
	if sum.Sum64() != e.Uint64(h[headSize-8:]) {
		return head{}, errBadHead
	}
	got := head{
		pageSize: int(e.Uint32(h[8:])),
		root:     e.Uint64(h[16:]),
		pages:    e.Uint64(h[40:]),
		txid:     e.Uint64(h[48:]),
	}
	switch size := got.pageSize; {
	case e.Uint32(h[4:]) != headVersion:
		return head{}, errNoHead
	case size < smallestPage || size > largestPage || size&(size-1) != 0 || e.Uint64(h[32:]) != noFreelist:
		return head{}, errForeign
	}
	return got, nil
}

// readHead finds the head that counts. weak describes damage to the other one: bbolt then goes on
// with the one left and says nothing, though it may be the one before the last change.
func readHead(f *os.File) (h head, weak *CorruptError, err error) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return head{}, nil, err
	case info.Size() == 0:
		return head{}, nil, ErrEmpty
	}
	first, err0 := headAt(f, 0)
	size := first.pageSize
	if err0 != nil {
		size = findSecond(f, info.Size())
	}
	second, err1 := headAt(f, int64(size))
	switch {
	case unreadable(err0) || unreadable(err1):
		return head{}, nil, errors.Join(err0, err1)
	case errors.Is(err0, errForeign) || errors.Is(err1, errForeign):
		return head{}, nil, fmt.Errorf("%w: %w", ErrNotBook, errForeign)
	case err1 == nil && second.pageSize != size:
		return head{}, nil, &CorruptError{Path: f.Name(), Reason: "the two heads disagree about the size of a page"}
	case err0 == nil && (err1 != nil || first.txid >= second.txid):
		h = first
	case err1 == nil:
		h = second
	case errors.Is(err0, errBadHead):
		return head{}, nil, &CorruptError{Path: f.Name(), Reason: "both heads are damaged"}
	default:
		return head{}, nil, ErrNotBook
	}
	if need := h.pages * uint64(h.pageSize); h.pages > 1<<50 || need > uint64(info.Size()) {
		return head{}, nil, fmt.Errorf("%w: %d bytes of %d are left; restore a backup", ErrTruncated, info.Size(), need)
	}
	if err0 != nil || err1 != nil {
		weak = &CorruptError{
			Path:   f.Name(),
			Reason: "one of its two heads was damaged when the book was opened, so the last change before that may be lost",
		}
	}
	return h, weak, nil
}

func headAt(f io.ReaderAt, off int64) (head, error) {
	buf := make([]byte, pageHeader+headSize)
	if _, err := f.ReadAt(buf, off); err != nil && !errors.Is(err, io.EOF) {
		return head{}, err
	} else if err != nil {
		return head{}, errNoHead
	}
	return parseHead(buf)
}

// unreadable says that a head could not be read, whatever it is.
func unreadable(err error) bool {
	return err != nil && !errors.Is(err, errNoHead) && !errors.Is(err, errBadHead) && !errors.Is(err, errForeign)
}

// findSecond looks for the second head where the first cannot say how large a page is: at every
// size a page can have, like bbolt, and takes the first that is a head.
func findSecond(f io.ReaderAt, fileSize int64) int {
	for size := int64(smallestPage); size <= largestPage && size < fileSize; size *= 2 {
		if _, err := headAt(f, size); err == nil || errors.Is(err, errForeign) {
			return int(size)
		}
	}
	return smallestPage
}

// examine reads the whole tree of pages before bbolt does. bbolt follows pages without looking
// where they lead, at opening in a goroutine of its own: there one flipped bit would end the
// program, and no recover could help. Records are not looked into; their checksums are verified
// when they are read.
func examine(ctx context.Context, path string) (weak *CorruptError, err error) {
	return firstDamage(path, func(w *walker) { w.ctx = ctx })
}

// soundFile checks a book that nobody writes to, to the last record.
func soundFile(ctx context.Context, path string) error {
	weak, err := firstDamage(path, func(w *walker) {
		w.ctx, w.record = ctx, verifyRecords(path, w.bad)
	})
	if err == nil && weak != nil {
		return weak
	}
	return err
}

// firstDamage walks a book until it meets damage, which is then the error.
func firstDamage(path string, prepare func(*walker)) (weak *CorruptError, err error) {
	var first *CorruptError
	weak, err = walkFile(path, func(w *walker) {
		w.bad = func(c *CorruptError) {
			if first == nil {
				first = c
				w.stop = true
			}
		}
		prepare(w)
	})
	if err == nil && first != nil {
		return nil, first
	}
	return weak, err
}

// walkFile walks a book around bbolt. The error is about what is no book at all or cannot be read.
func walkFile(path string, prepare func(*walker)) (weak *CorruptError, err error) {
	// Opening a named pipe would wait for a writer, so it is looked at first.
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w but a %s", ErrNotBook, kindOf(info))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, weak, err := readHead(f)
	if err != nil {
		return nil, err
	}
	w := newWalker(f, h)
	prepare(w)
	// The tree leads from page to page all over the file; a disk gives a file several times as fast in its order.
	ctx, stop := context.WithCancel(w.ctx)
	var ahead sync.WaitGroup
	ahead.Go(func() { readAhead(ctx, f) })
	defer ahead.Wait()
	defer stop()
	return weak, w.walk()
}

func kindOf(info os.FileInfo) string {
	if info.IsDir() {
		return "directory"
	}
	return "special file"
}
