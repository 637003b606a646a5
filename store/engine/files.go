package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// bookMode is the permission of a new book: customers' data is for its owner alone.
const bookMode = 0o600

// resolve returns the absolute path without symbolic links, so that one book has one lock whatever
// name it is opened by. The file may be missing, its directory may not.
func resolve(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", explain(path, err)
	}
	real, err := filepath.EvalSymlinks(full)
	if err == nil {
		return real, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", explain(path, err)
	}
	if _, err := os.Lstat(full); err == nil {
		return "", fmt.Errorf("%s: it is a link to what is not there; name that place itself", path)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(full))
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s: %w; make it first", filepath.Dir(full), ErrNoDirectory)
	}
	if err != nil {
		return "", explain(path, err)
	}
	return filepath.Join(dir, filepath.Base(full)), nil
}

// samePlace says whether the open file is still the one at path.
func samePlace(f *os.File, path string) bool {
	open, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(open, there)
}

// sameOwner gives a new file the owner of an existing one where they differ, which happens when an
// administrator works on the book of a service account.
func sameOwner(f *os.File, like os.FileInfo) error {
	want, ok := like.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 {
		return nil
	}
	return f.Chown(int(want.Uid), int(want.Gid))
}

// syncDir makes a rename in the directory of path last through a power failure. Some file systems
// have no sync of directories; there is nothing to wait for then.
func syncDir(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// settle makes the finished file at temp the one at path, durably: contents first, then the name.
func settle(temp, path string) error {
	f, err := os.OpenFile(temp, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if old, err := os.Stat(path); err == nil {
		if err := errors.Join(f.Chmod(old.Mode().Perm()), sameOwner(f, old)); err != nil {
			f.Close()
			return err
		}
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncDir(path)
}
