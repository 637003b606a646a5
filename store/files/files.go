// Package files opens and writes the files that a person names. What a name stands for is not known before it has
// been looked at: a pipe nobody writes to, a device, a directory, a link that somebody else has laid, the book itself.
// Nothing here waits for what may never come, and nothing is written over by mistake.
package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// What a name stands for where a file was wanted. Errors of this package wrap them or those of the system.
var (
	ErrDirectory = errors.New("is a directory")
	ErrSpecial   = errors.New("is a pipe or device")
	ErrTooLarge  = errors.New("too large")
)

// Open opens a regular file for reading. A pipe or device is refused: what is read twice, or from the middle, cannot
// come from there.
func Open(path string) (*os.File, error) {
	f, info, err := open(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.Join(&fs.PathError{Op: "open", Path: path, Err: ErrSpecial}, f.Close())
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// OpenStream opens a regular file or a pipe for reading from its beginning to its end. A named pipe to which nobody
// has come yet is at its end at once.
func OpenStream(path string) (*os.File, error) {
	f, info, err := open(path)
	if err == nil && !info.Mode().IsRegular() && info.Mode().Type() != fs.ModeNamedPipe {
		err = errors.Join(&fs.PathError{Op: "open", Path: path, Err: ErrSpecial}, f.Close())
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Text reads a regular file or a pipe of at most so many bytes.
func Text(path string, most int64) (text []byte, err error) {
	f, err := OpenStream(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	text, err = io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case int64(len(text)) > most:
		return nil, &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("%w: it has more than %d bytes", ErrTooLarge, most)}
	case len(text) == 0 && !info.Mode().IsRegular():
		return nil, &fs.PathError{Op: "read", Path: path, Err: errors.New("nothing comes out of this pipe")}
	}
	return text, nil
}

// open opens a file without waiting for anybody, and tells what has been opened: what was at a path a moment before
// may have been replaced since.
func open(path string) (*os.File, fs.FileInfo, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = &fs.PathError{Op: "open", Path: path, Err: ErrDirectory}
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, info, nil
}
