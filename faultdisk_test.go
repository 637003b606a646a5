//go:build linux

package main

import (
	"context"
	"math/rand"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// sector is the least that a disk writes as a whole, in bytes.
const sector = 512

// faultDisk is a file system that records what is written to it: what has not been synced when the power
// goes is kept or dropped sector by sector, as chance has it. It also fails on demand.
type faultDisk struct {
	fs.Inode
	mu     sync.Mutex
	random *rand.Rand
	live   map[string]*faultFile
	names  []func(map[string][]byte) // creations, renames and removals that are not durable yet
	saved  map[string][]byte         // what is safe, by its durable name
	off    chan struct{}             // closed when the power goes
	left   map[string][]byte         // what the disk holds after that

	cutAt     int   // the power goes at this write or sync from now; 0 is never
	failSync  int   // this sync fails and forgets what it should have saved, as Linux does
	failWrite int   // this write stops half way
	room      int64 // bytes that still fit
	badReads  bool
	lies      bool // nothing is saved any more, and nobody is told
	failed    int  // injected errors and cuts so far
}

// faultFile is an open or named file. Its durable name is found by looking for it.
type faultFile struct {
	fs.Inode
	disk    *faultDisk
	data    []byte
	saved   []byte
	dirty   map[int64]bool // sectors that are not saved
	resized bool
	durable string // the name under which it is saved, empty before its creation is
}

// newFaultDisk mounts a disk that holds files at dir, until the function that it returns.
func newFaultDisk(t *testing.T, dir string, files map[string][]byte, random *rand.Rand) (*faultDisk, func()) {
	t.Helper()
	// The disk draws its own numbers: it is asked by the file system while the test draws as well.
	d := &faultDisk{random: rand.New(rand.NewSource(random.Int63())), live: map[string]*faultFile{}, saved: map[string][]byte{}, off: make(chan struct{}), room: 1 << 40}
	for name, data := range files {
		d.saved[name] = data
		d.live[name] = &faultFile{disk: d, data: append([]byte(nil), data...), saved: data, dirty: map[int64]bool{}, durable: name}
	}
	zero := time.Duration(0)
	server, err := fs.Mount(dir, d, &fs.Options{
		AttrTimeout: &zero, EntryTimeout: &zero,
		MountOptions: fuse.MountOptions{DirectMountStrict: true, AllowOther: true, FsName: "faultdisk", Name: "faultdisk"},
	})
	if err != nil {
		t.Skipf("no FUSE here: %v", err)
	}
	return d, func() {
		if server.Unmount() != nil {
			_ = syscall.Unmount(dir, syscall.MNT_DETACH)
		}
		server.Wait()
	}
}

// cut takes the power away: what is not saved reaches the disk in part or not at all. The caller holds d.mu.
func (d *faultDisk) cut() {
	for _, op := range d.names[:d.random.Intn(len(d.names)+1)] {
		op(d.saved)
	}
	share := []float64{0, 0.1, 0.5, 0.9, 1}[d.random.Intn(5)]
	for _, f := range d.live {
		f.save(func() bool { return d.random.Float64() < share })
	}
	d.left = map[string][]byte{}
	for name, data := range d.saved {
		d.left[name] = append([]byte(nil), data...)
	}
	close(d.off)
}

// powerOff takes the power away now, unless it has gone, and returns what the disk holds.
func (d *faultDisk) powerOff() map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.dead() {
		d.cut()
	}
	return d.left
}

func (d *faultDisk) dead() bool { return d.left != nil }

// set changes what the disk does from now on.
func (d *faultDisk) set(change func(d *faultDisk)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
}

// due counts down to the moment when the power goes, and tells whether it has gone.
func (d *faultDisk) due() bool {
	if d.cutAt > 0 {
		if d.cutAt--; d.cutAt == 0 && !d.dead() {
			d.cut()
			d.failed++
		}
	}
	return d.dead()
}

// save brings the sectors that chance chooses to the disk.
func (f *faultFile) save(chosen func() bool) {
	if f.durable == "" {
		return
	}
	if f.resized && chosen() {
		f.saved, f.resized = resized(f.saved, len(f.data)), false
	}
	for at := range f.dirty {
		if !chosen() {
			continue
		}
		from, to := at*sector, min((at+1)*sector, int64(len(f.data)))
		if from < to {
			if int64(len(f.saved)) < to {
				f.saved = resized(f.saved, int(to))
			}
			copy(f.saved[from:to], f.data[from:to])
		}
		delete(f.dirty, at)
	}
	f.disk.saved[f.durable] = f.saved
}

func resized(b []byte, n int) []byte {
	if n <= len(b) {
		return b[:n:n]
	}
	return append(b, make([]byte, n-len(b))...)
}

// syncNames makes creations, renames and removals durable, as the journal of a file system does.
func (d *faultDisk) syncNames() {
	for _, op := range d.names {
		op(d.saved)
	}
	d.names = nil
}

// OnAdd implements fs.NodeOnAdder.
func (d *faultDisk) OnAdd(ctx context.Context) {
	for name, f := range d.live {
		d.AddChild(name, d.NewPersistentInode(ctx, f, fs.StableAttr{Mode: syscall.S_IFREG}), true)
	}
}

// Create implements fs.NodeCreater.
func (d *faultDisk) Create(ctx context.Context, name string, _, _ uint32, _ *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead() {
		return nil, nil, 0, syscall.EIO
	}
	f := &faultFile{disk: d, dirty: map[int64]bool{}}
	d.live[name] = f
	d.names = append(d.names, func(saved map[string][]byte) { f.durable, saved[name] = name, nil })
	return d.NewPersistentInode(ctx, f, fs.StableAttr{Mode: syscall.S_IFREG}), nil, 0, 0
}

// Rename implements fs.NodeRenamer.
func (d *faultDisk) Rename(_ context.Context, name string, _ fs.InodeEmbedder, to string, _ uint32) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead() {
		return syscall.EIO
	}
	f, old := d.live[name], d.live[to]
	delete(d.live, name)
	d.live[to] = f
	d.names = append(d.names, func(saved map[string][]byte) {
		if old != nil {
			old.durable = ""
		}
		delete(saved, name)
		saved[to], f.durable = f.saved, to
	})
	return 0
}

// Unlink implements fs.NodeUnlinker.
func (d *faultDisk) Unlink(_ context.Context, name string) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead() {
		return syscall.EIO
	}
	f := d.live[name]
	delete(d.live, name)
	d.names = append(d.names, func(saved map[string][]byte) {
		f.durable = ""
		delete(saved, name)
	})
	return 0
}

// Fsync implements fs.NodeFsyncer for the directory.
func (d *faultDisk) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.due() {
		return syscall.EIO
	}
	d.syncNames()
	return 0
}

// Open implements fs.NodeOpener; the kernel caches, so that files can be mapped.
func (f *faultFile) Open(context.Context, uint32) (fs.FileHandle, uint32, syscall.Errno) {
	return nil, 0, 0
}

// Getattr implements fs.NodeGetattrer.
func (f *faultFile) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	out.Mode, out.Size, out.Blocks = 0o600|syscall.S_IFREG, uint64(len(f.data)), uint64(len(f.data)/sector)
	return 0
}

// Setattr implements fs.NodeSetattrer.
func (f *faultFile) Setattr(ctx context.Context, fh fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	if n, ok := in.GetSize(); ok {
		f.disk.mu.Lock()
		if f.disk.due() {
			f.disk.mu.Unlock()
			return syscall.EIO
		}
		f.data, f.resized = resized(f.data, int(n)), true
		f.disk.mu.Unlock()
	}
	return f.Getattr(ctx, fh, out)
}

// Read implements fs.NodeReader.
func (f *faultFile) Read(_ context.Context, _ fs.FileHandle, dest []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.badReads {
		f.disk.failed++
		return nil, syscall.EIO
	}
	return fuse.ReadResultData(dest[:copy(dest, f.data[min(off, int64(len(f.data))):])]), 0
}

// Write implements fs.NodeWriter.
func (f *faultFile) Write(_ context.Context, _ fs.FileHandle, data []byte, off int64) (uint32, syscall.Errno) {
	d := f.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.due() {
		return 0, syscall.EIO
	}
	if d.room -= int64(len(data)); d.room < 0 {
		d.failed++
		return 0, syscall.ENOSPC
	}
	torn := false
	if d.failWrite > 0 {
		if d.failWrite--; d.failWrite == 0 {
			torn = true
			data = data[:len(data)/2]
		}
	}
	if end := int(off) + len(data); end > len(f.data) {
		f.data, f.resized = resized(f.data, end), true
	}
	copy(f.data[off:], data)
	for at := off / sector; at*sector < off+int64(len(data)); at++ {
		f.dirty[at] = true
	}
	if torn {
		d.failed++
		return 0, syscall.EIO
	}
	return uint32(len(data)), 0
}

// Fsync implements fs.NodeFsyncer.
func (f *faultFile) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	d := f.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.due() {
		return syscall.EIO
	}
	if d.failSync > 0 {
		if d.failSync--; d.failSync == 0 {
			f.dirty = map[int64]bool{}
			d.failed++
			return syscall.EIO
		}
	}
	if d.lies {
		return 0
	}
	d.syncNames()
	f.save(func() bool { return true })
	return 0
}

// Flush implements fs.NodeFlusher.
func (f *faultFile) Flush(context.Context, fs.FileHandle) syscall.Errno { return 0 }

// forget makes the kernel drop what it has cached of a file, so that reads come to the disk.
func (d *faultDisk) forget(name string) {
	d.mu.Lock()
	f := d.live[name]
	d.mu.Unlock()
	if f != nil {
		_ = f.NotifyContent(0, 0)
	}
}

// writeImage puts what a disk holds into a directory, in place of what is there.
func writeImage(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	old, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range old {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// readImage takes the files of a directory in.
func readImage(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = data
	}
	return out
}
