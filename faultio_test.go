//go:build linux

package main

import (
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// onFaultDisk runs an engine on a disk for some rounds. Each begins with what the last one left. When some
// writes have been acknowledged hurt says what the disk shall do; after it the power goes in any case.
func onFaultDisk(t *testing.T, rounds int, hurt func(d *faultDisk, r *rand.Rand)) {
	t.Helper()
	random, l := faultSeed(t), newLedger()
	defer func() { l.tell(t) }()
	rest := t.TempDir()
	book := filepath.Join(rest, "book.db")
	failed := 0
	for round := range rounds {
		if round%25 == 0 { // The creation of a book is hurt as well.
			writeImage(t, rest, nil)
			old := l
			l = newLedger()
			l.rounds, l.total, l.refused, l.lost, l.next = old.rounds, old.total, old.refused, old.lost, old.next
			l.unanswered = old.unanswered
		}
		failed += faultRound(t, random, l, rest, hurt)
		l.compare(t, book)
		if t.Failed() {
			return
		}
	}
	t.Logf("errors of the disk: %d", failed)
	if failed == 0 && rounds >= manyRounds {
		t.Error("the disk has not failed once, so nothing was tested")
	}
}

// manyRounds are so many that chance has brought about each thing at least once.
const manyRounds = 10

func faultRound(t *testing.T, random *rand.Rand, l *ledger, rest string, hurt func(d *faultDisk, r *rand.Rand)) (failed int) {
	t.Helper()
	mnt := t.TempDir()
	d, unmount := newFaultDisk(t, mnt, readImage(t, rest), random)
	defer unmount()
	early := random.Intn(6) == 0
	if early {
		d.set(func(d *faultDisk) { hurt(d, random) })
	}
	if s := startServer(t, filepath.Join(mnt, "book.db")); s != nil {
		s.write(l, 3)
		s.waitFor(l, 3+random.Intn(20))
		if !early {
			d.set(func(d *faultDisk) { hurt(d, random) })
			d.forget("book.db")
		}
		s.waitFor(l, 5+random.Intn(20))
		d.powerOff()
		s.kill()
	}
	left := d.powerOff()
	delete(left, "book.db.lock")
	writeImage(t, rest, left)
	return d.failed
}

func TestFaultPowerCut(t *testing.T) {
	onFaultDisk(t, faultRounds(t, 3), func(d *faultDisk, r *rand.Rand) { d.cutAt = 1 + r.Intn(40) })
}

func TestFaultSyncFails(t *testing.T) {
	onFaultDisk(t, faultRounds(t, 2), func(d *faultDisk, r *rand.Rand) { d.failSync = 1 + r.Intn(9) })
}

func TestFaultWriteFails(t *testing.T) {
	onFaultDisk(t, faultRounds(t, 2), func(d *faultDisk, r *rand.Rand) { d.failWrite = 1 + r.Intn(30) })
}

func TestFaultFullDisk(t *testing.T) {
	onFaultDisk(t, faultRounds(t, 2), func(d *faultDisk, r *rand.Rand) { d.room = int64(r.Intn(200000)) })
}

// TestFaultLyingDisk shows that the suite notices what is lost: on a disk that says it has saved and has
// not, acknowledged writes do go.
func TestFaultLyingDisk(t *testing.T) {
	random, l := faultSeed(t), newLedger()
	rest := t.TempDir()
	for range 10 {
		writeImage(t, rest, nil)
		l.tried, l.acked = map[string]string{}, map[string]bool{}
		faultRound(t, random, l, rest, func(d *faultDisk, _ *rand.Rand) { d.lies = true })
		if len(l.differences(filepath.Join(rest, "book.db"))) > 0 {
			return
		}
	}
	t.Error("ten power cuts on a disk that never saved anything, and nothing was missed")
}

func TestFaultReadFails(t *testing.T) {
	onFaultDisk(t, faultRounds(t, 2), func(d *faultDisk, _ *rand.Rand) { d.badReads = true })
}

// TestFaultFileLimit sets the largest file that the engine may write under it while it works.
func TestFaultFileLimit(t *testing.T) {
	random, l := faultSeed(t), newLedger()
	defer func() { l.tell(t) }()
	for range faultRounds(t, 2) {
		book := filepath.Join(t.TempDir(), "book.db")
		l.tried, l.acked = map[string]string{}, map[string]bool{}
		s := startServer(t, book)
		if s == nil {
			t.Fatal("the engine does not start")
		}
		s.write(l, 3)
		s.waitFor(l, 1+random.Intn(10))
		limit := unix.Rlimit{Cur: uint64(64<<10 + random.Intn(64<<10)), Max: 1 << 40}
		if err := unix.Prlimit(s.cmd.Process.Pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
			t.Skipf("no limits here: %v", err)
		}
		s.waitFor(l, 20+random.Intn(60))
		s.kill()
		l.compare(t, book)
	}
	if l.refused == 0 && l.rounds >= manyRounds {
		t.Error("no write was refused, so no limit was met")
	}
}

// TestFaultSmallFileSystem works until a small file system is full, with nothing in between.
func TestFaultSmallFileSystem(t *testing.T) {
	random, l := faultSeed(t), newLedger()
	defer func() { l.tell(t) }()
	for range faultRounds(t, 1) {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
			t.Skipf("no file system can be mounted here: %v", err)
		}
		l.tried, l.acked = map[string]string{}, map[string]bool{}
		book := filepath.Join(dir, "book.db")
		if s := startServer(t, book); s != nil {
			s.write(l, 3)
			s.waitFor(l, 100+random.Intn(200))
			s.kill()
			copied := filepath.Join(t.TempDir(), "book.db")
			data, err := os.ReadFile(book)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(copied, data, 0o600); err != nil {
				t.Fatal(err)
			}
			l.compare(t, copied)
		}
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}
}

// TestFaultBlocks cuts the power under a file system with a journal, which replays it afterwards.
func TestFaultBlocks(t *testing.T) {
	mkfs, err := exec.LookPath("mkfs.ext4")
	if err != nil || os.Geteuid() != 0 {
		t.Skip("it takes root and mkfs.ext4")
	}
	random, l := faultSeed(t), newLedger()
	defer func() { l.tell(t) }()
	rest := t.TempDir()
	image := filepath.Join(rest, "disk.img")
	if err := os.WriteFile(image, make([]byte, 48<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(mkfs, "-q", "-F", image).CombinedOutput(); err != nil {
		t.Skipf("no file system can be made here: %s", out)
	}
	for range faultRounds(t, 1) {
		blockRound(t, random, l, rest)
		mnt := t.TempDir()
		loopMount(t, image, mnt)
		l.compare(t, filepath.Join(mnt, "book.db"))
		if err := syscall.Unmount(mnt, 0); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			return
		}
	}
}

func blockRound(t *testing.T, random *rand.Rand, l *ledger, rest string) {
	t.Helper()
	mnt, inner := t.TempDir(), t.TempDir()
	d, unmount := newFaultDisk(t, mnt, readImage(t, rest), random)
	defer unmount()
	loopMount(t, filepath.Join(mnt, "disk.img"), inner)
	if s := startServer(t, filepath.Join(inner, "book.db")); s != nil {
		s.write(l, 3)
		s.waitFor(l, 3+random.Intn(15))
		d.set(func(d *faultDisk) { d.cutAt = 1 + random.Intn(60) })
		s.waitFor(l, 15)
		d.powerOff()
		s.kill()
	}
	left := d.powerOff()
	if err := syscall.Unmount(inner, 0); err != nil {
		_ = syscall.Unmount(inner, syscall.MNT_DETACH)
	}
	writeImage(t, rest, left)
}

func loopMount(t *testing.T, image, dir string) {
	t.Helper()
	if out, err := exec.Command("mount", "-o", "loop", image, dir).CombinedOutput(); err != nil {
		t.Skipf("no loop device here: %s", out)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
}
