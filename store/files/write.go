package files

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Why a file is not written over.
var (
	ErrBook    = errors.New("is a book of opsdeck, or belongs to one, and is left alone; choose another name")
	ErrForeign = errors.New("is a link that somebody else has laid in a place where everybody may write")
)

// Write writes a file, whole or not at all: what was there stays until everything is on the disk. A new file is for its
// owner alone; one that is replaced hands on its permission and owner, and must be writable. A link is followed. A pipe
// or device is written to as it is. A book is never written over, but for a book by a book that nobody has open.
func Write(path string, write func(io.Writer) error) error {
	w, err := Create(path)
	if err != nil {
		return err
	}
	if err := write(w); err != nil {
		return errors.Join(err, w.Discard())
	}
	return w.Close()
}

// New writes a file that must not be there yet, whole or not at all.
func New(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err = errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return syncDir(path)
}

// Writer is a file that is being written. It takes its name with Close.
type Writer struct {
	f    *os.File
	path string      // where it is going to be; empty for a pipe or device
	old  fs.FileInfo // what it replaces, nil for nothing
}

// Create begins a file as Write writes it.
func Create(path string) (*Writer, error) {
	place, info, err := placeOf(path)
	if err != nil {
		return nil, err
	}
	if info != nil && !info.Mode().IsRegular() {
		// Without waiting: a pipe that nobody reads is an error, and no reason to stand still.
		f, err := os.OpenFile(place, os.O_WRONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
		if errors.Is(err, syscall.ENXIO) {
			err = fmt.Errorf("%w: nobody reads from this pipe", err)
		}
		if err != nil {
			return nil, err
		}
		return &Writer{f: f}, nil
	}
	if info != nil {
		if err := mayReplace(place); err != nil {
			return nil, err
		}
	}
	f, err := os.CreateTemp(filepath.Dir(place), stem(place)+".*.new")
	if err != nil {
		return nil, named(err, path)
	}
	return &Writer{f: f, path: place, old: info}, nil
}

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (int, error) { return w.f.Write(p) }

// Discard ends the file without giving it its name. After Close it does nothing.
func (w *Writer) Discard() error {
	if w.f == nil {
		return nil
	}
	f := w.f
	w.f = nil
	if w.path == "" {
		return f.Close()
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// Close gives the file its name, durably. After an error the file of before is still there.
func (w *Writer) Close() error {
	if w.f == nil {
		return fs.ErrClosed
	}
	if w.path == "" {
		return w.Discard()
	}
	err := w.settle()
	if err != nil {
		return errors.Join(err, w.Discard())
	}
	f := w.f
	w.f = nil
	return errors.Join(f.Close(), syncDir(w.path))
}

func (w *Writer) settle() error {
	release, err := guard(w.path, w.f)
	if err != nil {
		return err
	}
	defer release()
	if w.old != nil {
		if err := likeOld(w.f, w.old); err != nil {
			return err
		}
	}
	if err := w.f.Sync(); err != nil {
		return err
	}
	return os.Rename(w.f.Name(), w.path)
}

// placeOf finds the file that a path leads to, and what is there; nil for nothing.
func placeOf(path string) (string, fs.FileInfo, error) {
	link, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	info := link
	if link.Mode()&fs.ModeSymlink != 0 {
		if err := trusted(path, link); err != nil {
			return "", nil, err
		}
		if info, err = os.Stat(path); err != nil {
			return "", nil, fmt.Errorf("%s is a link to what cannot be had: %w", path, err)
		}
	}
	switch {
	case info.IsDir():
		return "", nil, &fs.PathError{Op: "write", Path: path, Err: ErrDirectory}
	case !info.Mode().IsRegular():
		return path, info, nil // What stands behind /dev/stdout has no other name.
	}
	place, err := filepath.EvalSymlinks(path)
	return place, info, err
}

// trusted refuses a link that somebody else has laid in a directory where everybody may write: it would let them choose
// which of this person's files is replaced. It is the rule that Linux has for opening (fs.protected_symlinks).
func trusted(path string, link fs.FileInfo) error {
	dir, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	const shared = 0o002
	if dir.Mode()&fs.ModeSticky == 0 || dir.Mode().Perm()&shared == 0 {
		return nil
	}
	owner, ok := link.Sys().(*syscall.Stat_t)
	place, also := dir.Sys().(*syscall.Stat_t)
	if ok && also && int(owner.Uid) != os.Geteuid() && owner.Uid != place.Uid {
		return &fs.PathError{Op: "write", Path: path, Err: ErrForeign}
	}
	return nil
}

// mayReplace tells whether a file could be written to: having the right to its directory is not enough.
func mayReplace(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// stem is what the name of a file begins with, short enough to have something behind it.
func stem(path string) string {
	name := filepath.Base(path)
	return strings.ToValidUTF8(name[:min(len(name), 200)], "")
}

// named says of an error about the temporary file the name that the person knows.
func named(err error, path string) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return &fs.PathError{Op: "write", Path: path, Err: at.Err}
	}
	return err
}

// likeOld gives a file the permission of the one that it replaces, and its owner where that can be done.
func likeOld(f *os.File, old fs.FileInfo) error {
	if st, ok := old.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		if err := f.Chown(int(st.Uid), int(st.Gid)); err != nil {
			return err
		}
	}
	return f.Chmod(old.Mode().Perm())
}

// guard keeps books from being written over. A copy of a book may take the place of another one that nobody has open,
// and nobody can open that one until release.
func guard(path string, by io.ReaderAt) (release func(), err error) {
	refused := &fs.PathError{Op: "write", Path: path, Err: ErrBook}
	for _, ending := range []string{".lock", ".cache"} {
		if whole, ok := strings.CutSuffix(path, ending); ok && bookAt(whole) {
			return nil, refused
		}
	}
	if !bookAt(path) {
		return func() {}, nil
	}
	if !isBook(by) {
		return nil, refused
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	release = func() { _ = f.Close() }
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		release()
		return nil, fmt.Errorf("%s: somebody has this book open: %w", path, err)
	}
	return release, nil
}

func bookAt(path string) bool {
	f, err := Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return isBook(f)
}

// isBook tells whether a file begins like one of bbolt: in one of the first two pages, behind 16 bytes of page header,
// stands its mark. One of them is enough, since a damaged book is the last that should be written over.
func isBook(f io.ReaderAt) bool {
	const mark, behind = 0xED0CDAED, 16
	var word [4]byte
	for _, page := range []int64{0, int64(os.Getpagesize())} {
		if _, err := f.ReadAt(word[:], page+behind); err == nil && binary.NativeEndian.Uint32(word[:]) == mark {
			return true
		}
	}
	return false
}

// syncDir makes a name last through a power failure. Some file systems have no sync of directories.
func syncDir(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
