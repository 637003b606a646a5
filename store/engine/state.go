package engine

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// State is what a book's file looks like from outside. Two states that are equal are those of the same
// file with nothing written to it in between.
type State struct {
	Device, Inode     uint64
	Size, Modified    int64 // bytes; nanoseconds since 1970
	Txid, Root, Pages uint64
}

// StateOf looks at the file of a book. A file with a damaged head has no state.
func StateOf(path string) (State, error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return State{}, explain(path, errors.Join(err, ErrNotBook))
	}
	f, err := os.Open(path)
	if err != nil {
		return State{}, explain(path, err)
	}
	defer f.Close()
	return stateOf(f)
}

// State looks at the file that the book is open in, whatever lies at its path by now.
func (b *Bolt) State() (State, error) {
	b.swap.RLock()
	defer b.swap.RUnlock()
	return stateOf(b.file)
}

func stateOf(f *os.File) (State, error) {
	info, err := f.Stat()
	if err != nil {
		return State{}, explain(f.Name(), err)
	}
	h, weak, err := readHead(f)
	if err == nil && weak != nil {
		err = weak
	}
	if err != nil {
		return State{}, explain(f.Name(), err)
	}
	own, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return State{}, fmt.Errorf("%s: the system does not say which file it is", f.Name())
	}
	return State{
		Device: uint64(own.Dev), Inode: own.Ino, Size: info.Size(), Modified: info.ModTime().UnixNano(),
		Txid: h.txid, Root: h.root, Pages: h.pages,
	}, nil
}
