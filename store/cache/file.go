// Package cache keeps one large value beside a book, in a file that is used where it lies. A cache can
// be lost at any time: it is written under another name and takes its own when it is whole, every
// mebibyte of it has a checksum that is verified before anything is believed, and what is torn, flipped
// or of another program is not there for the reader. It is not synced to the disk: a cache that a power
// failure leaves in pieces is made again.
package cache

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"sync/atomic"
	"syscall"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
)

// Mark says what a cache is of. It is the caller's to tell whether that is still so.
type Mark struct {
	Program uint64 // of a make that this program can use
	Seq     uint64
	Chain   [32]byte
}

// The file: a page for the header, the data, a checksum for each block of the data, the tail.
const (
	magic      = "opsdeck cache 1\n"
	headerSize = 4096
	blockSize  = 1 << 20
	native     = 0x0102030405060708 // as this machine orders bytes
)

// header is at the beginning of the file, as long as binary.Write makes it.
type header struct {
	Magic  [len(magic)]byte
	Native uint64
	Mark   Mark
	Size   int64  // of the data
	Sums   uint32 // checksum of the checksums
	Sum    uint32 // of the header up to here
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errNone says that there is no cache to be used; what is there is as good as nothing.
var errNone = errors.New("no cache")

// File is a cache that has been looked at. Its data are believed only after Map.
type File struct {
	Mark Mark
	// Tail is what PutTail has put last, nil when that is not whole.
	Tail []byte

	path string
	size int64
	sums []byte
}

// Look reads the head and the tail of a cache. The error says only that there is none to be used.
func Look(path string, program uint64) (*File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNone, err)
	}
	defer f.Close()
	h, sums, err := readHead(f)
	if err != nil {
		return nil, err
	}
	if h.Mark.Program != program {
		return nil, fmt.Errorf("%w of this program", errNone)
	}
	c := &File{Mark: h.Mark, path: path, size: h.Size, sums: sums}
	c.Tail = readTail(f, tailAt(h.Size))
	return c, nil
}

func readHead(f *os.File) (header, []byte, error) {
	var h header
	raw := make([]byte, binary.Size(h))
	if _, err := f.ReadAt(raw, 0); err != nil {
		return h, nil, fmt.Errorf("%w: %w", errNone, err)
	}
	if err := binary.Read(bytes.NewReader(raw), binary.NativeEndian, &h); err != nil {
		return h, nil, fmt.Errorf("%w: %w", errNone, err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		return h, nil, fmt.Errorf("%w: %w", errNone, err)
	case string(h.Magic[:]) != magic || h.Native != native || h.Sum != crc32.Checksum(raw[:len(raw)-4], castagnoli):
		return h, nil, fmt.Errorf("%w: its header is damaged", errNone)
	case h.Size < 0 || tailAt(h.Size) > info.Size():
		return h, nil, fmt.Errorf("%w: it is cut off", errNone)
	}
	sums := make([]byte, 4*blocks(h.Size))
	if _, err := f.ReadAt(sums, headerSize+h.Size); err != nil {
		return h, nil, fmt.Errorf("%w: %w", errNone, err)
	}
	if crc32.Checksum(sums, castagnoli) != h.Sums {
		return h, nil, fmt.Errorf("%w: its checksums are damaged", errNone)
	}
	return h, sums, nil
}

func blocks(size int64) int64 { return (size + blockSize - 1) / blockSize }

// tailAt is where the tail begins, behind data of a size and their checksums.
func tailAt(size int64) int64 { return headerSize + size + 4*blocks(size) }

// readTail reads the length, the checksum and what they are of; nil where it is not whole.
func readTail(f *os.File, at int64) []byte {
	var head [12]byte
	if _, err := f.ReadAt(head[:], at); err != nil {
		return nil
	}
	n := binary.NativeEndian.Uint64(head[:])
	if info, err := f.Stat(); err != nil || n > uint64(info.Size()-at-int64(len(head))) {
		return nil
	}
	tail := make([]byte, n)
	if _, err := f.ReadAt(tail, at+int64(len(head))); err != nil {
		return nil
	}
	if crc32.Checksum(tail, castagnoli) != binary.NativeEndian.Uint32(head[8:]) {
		return nil
	}
	return tail
}

// PutTail puts a tail behind a cache, instead of the one that is there. A cache with half a tail is one
// without.
func (c *File) PutTail(tail []byte) error {
	f, err := os.OpenFile(c.path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("the cache: %w", err)
	}
	defer f.Close()
	if h, _, err := readHead(f); err != nil || h.Mark != c.Mark {
		return fmt.Errorf("the cache: %w", errors.Join(errNone, err))
	}
	raw := binary.NativeEndian.AppendUint64(nil, uint64(len(tail)))
	raw = binary.NativeEndian.AppendUint32(raw, crc32.Checksum(tail, castagnoli))
	raw = append(raw, tail...)
	at := tailAt(c.size)
	if err := f.Truncate(at); err != nil {
		return fmt.Errorf("the cache: %w", err)
	}
	if _, err := f.WriteAt(raw, at); err != nil {
		return fmt.Errorf("the cache: %w", err)
	}
	return nil
}

// Map verifies the data and returns them. They begin at a page, may only be read, and stay for as long
// as the program runs: texts that come from them may be anywhere by then.
func (c *File) Map() ([]byte, error) {
	f, err := os.OpenFile(c.path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNone, err)
	}
	defer f.Close()
	// By now there may be another cache under the name.
	h, sums, err := readHead(f)
	if err != nil {
		return nil, err
	}
	if h.Mark != c.Mark || !bytes.Equal(sums, c.sums) {
		return nil, fmt.Errorf("%w: it has been replaced", errNone)
	}
	if err := verify(f, c.size, sums); err != nil {
		return nil, err
	}
	data, err := unix.Mmap(int(f.Fd()), headerSize, int(c.size), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNone, err)
	}
	return data, nil
}

// Forget lets go of what has been read of mapped data, as the book does: it comes back when it is read again.
func Forget(data []byte) {
	// It is advice: where it is not taken, only the memory stays larger.
	_ = unix.Madvise(data, unix.MADV_DONTNEED)
}

// mostReaders is how many goroutines verify a file; more than that only wait for the memory.
const mostReaders = 4

// verify reads the data around the map, which then holds in memory only what is used of it.
func verify(f *os.File, size int64, sums []byte) error {
	var next atomic.Int64
	var readers errgroup.Group
	for range mostReaders {
		readers.Go(func() error {
			buf := make([]byte, blockSize/4)
			for {
				n := next.Add(1) - 1
				if n >= blocks(size) {
					return nil
				}
				sum, err := sumOf(f, n*blockSize, min(size, (n+1)*blockSize), buf)
				if err != nil {
					return fmt.Errorf("%w: %w", errNone, err)
				}
				if sum != binary.NativeEndian.Uint32(sums[4*n:]) {
					return fmt.Errorf("%w: it is damaged", errNone)
				}
			}
		})
	}
	return readers.Wait()
}

func sumOf(f *os.File, from, to int64, buf []byte) (uint32, error) {
	sum := uint32(0)
	for from < to {
		n, err := f.ReadAt(buf[:min(int64(len(buf)), to-from)], headerSize+from)
		if err != nil {
			return 0, err
		}
		sum = crc32.Update(sum, castagnoli, buf[:n])
		from += int64(n)
	}
	return sum, nil
}

// Write makes the cache at path, with the permission and the owner of the file that it is a cache of.
// Ctx ends it between two blocks; whatever ends it leaves the cache before as it was.
func Write(ctx context.Context, path string, m Mark, of os.FileInfo, write func(io.Writer) error) (*File, error) {
	f, err := newFile(path + ".new")
	if err != nil {
		return nil, fmt.Errorf("the cache: %w", err)
	}
	defer os.Remove(f.Name())
	w := &writer{ctx: ctx, f: f, block: make([]byte, 0, blockSize)}
	c, err := w.all(m, write)
	if err == nil {
		err = likeOwner(f, of)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("the cache: %w", err)
	}
	c.path = path
	return c, nil
}

// newFile makes a file to write to, or takes one over that a program has left behind which was ended. A
// lock keeps away who comes at the same moment: one cache is enough.
func newFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		var own, there os.FileInfo
		if own, err = f.Stat(); err == nil {
			there, err = os.Stat(path)
		}
		if err == nil && !os.SameFile(own, there) {
			err = errBusy // It has become the cache meanwhile.
		}
	}
	if err == nil {
		err = f.Truncate(0)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

var errBusy = errors.New("another program is writing it")

// likeOwner gives the file the permission and the owner of another one.
func likeOwner(f *os.File, of os.FileInfo) error {
	if st, ok := of.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		if err := f.Chown(int(st.Uid), int(st.Gid)); err != nil {
			return err
		}
	}
	return f.Chmod(of.Mode().Perm() &^ 0o111)
}
