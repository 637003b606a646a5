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

// leaving is what a write to a file changes of it.
type leaving struct{ size, modified int64 }

func leavingOf(f *os.File) leaving {
	info, err := f.Stat()
	if err != nil {
		return leaving{}
	}
	return leavingIn(info)
}

func leavingIn(info os.FileInfo) leaving { return leaving{info.Size(), info.ModTime().UnixNano()} }

// undisturbed tells whether the book is where it was, and as the last write has left it: a copy laid over it keeps
// its place, and a change would go into pages of which this program knows nothing. Where only the time differs, as
// after touch, its transaction and the mark of this very opening tell the book from every other. The caller holds writer.
func (b *Bolt) undisturbed(t *boltTx) bool {
	if !samePlace(b.file, b.path) {
		return false
	}
	now := leavingOf(b.file)
	if now == b.left {
		return true
	}
	h, weak, err := readHead(b.file)
	if err != nil || weak != nil || h.txid != b.last || now.size != b.left.size {
		return false
	}
	same := false
	err = t.run(func(tx Tx) error {
		opened, ok := tx.Get(SystemBucket, []byte(keyOpened))
		same = ok && string(opened) == b.opened
		return nil
	})
	if err != nil || !same {
		return false
	}
	b.left = now
	return true
}

func (b *Bolt) moved() error {
	return fmt.Errorf("%s: %w; nothing more is saved into it: open the book again", b.path, ErrMoved)
}
