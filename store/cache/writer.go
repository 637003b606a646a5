package cache

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// errNoRoom says that the disk is better left to the book.
var errNoRoom = errors.New("there is too little room left for a cache")

// roomLeft is what a cache leaves free on the disk at least, in bytes: a book that cannot grow is worse
// than a slow start.
const roomLeft = 512 << 20

// writer writes the data of a cache in blocks.
type writer struct {
	ctx   context.Context
	f     *os.File
	block []byte
	sums  []byte
	size  int64 // written so far
}

// all writes a whole cache. The header comes last, when everything is known that it says.
func (w *writer) all(m Mark, write func(io.Writer) error) (*File, error) {
	if err := write(w); err != nil {
		return nil, err
	}
	if err := w.flush(); err != nil {
		return nil, err
	}
	if _, err := w.f.WriteAt(w.sums, headerSize+w.size); err != nil {
		return nil, err
	}
	h := header{Magic: [len(magic)]byte([]byte(magic)), Native: native, Mark: m, Size: w.size, Sums: crc32.Checksum(w.sums, castagnoli)}
	var raw bytes.Buffer
	if err := binary.Write(&raw, binary.NativeEndian, &h); err != nil {
		return nil, err
	}
	sum := crc32.Checksum(raw.Bytes()[:raw.Len()-4], castagnoli)
	binary.NativeEndian.PutUint32(raw.Bytes()[raw.Len()-4:], sum)
	if _, err := w.f.WriteAt(raw.Bytes(), 0); err != nil {
		return nil, err
	}
	return &File{Mark: m, size: w.size, sums: w.sums}, nil
}

// Write implements io.Writer.
func (w *writer) Write(p []byte) (int, error) {
	done := len(p)
	for len(p) > 0 {
		n := min(len(p), blockSize-len(w.block))
		w.block = append(w.block, p[:n]...)
		p = p[n:]
		if len(w.block) == blockSize {
			if err := w.flush(); err != nil {
				return 0, err
			}
		}
	}
	return done, nil
}

// flush writes what is in the block; less than a whole one is the last.
func (w *writer) flush() error {
	if len(w.block) == 0 {
		return nil
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if err := enoughRoom(w.f); err != nil {
		return err
	}
	if _, err := w.f.WriteAt(w.block, headerSize+w.size); err != nil {
		return err
	}
	w.sums = binary.NativeEndian.AppendUint32(w.sums, crc32.Checksum(w.block, castagnoli))
	w.size += int64(len(w.block))
	w.block = w.block[:0]
	return nil
}

func enoughRoom(f *os.File) error {
	var st unix.Statfs_t
	if err := unix.Fstatfs(int(f.Fd()), &st); err != nil {
		return err
	}
	if uint64(st.Bavail)*uint64(st.Bsize) < roomLeft {
		return errNoRoom
	}
	return nil
}
