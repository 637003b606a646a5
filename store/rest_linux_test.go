package store

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestWhatIsMappedOfCachesIsLetGo(t *testing.T) {
	const size = mostMapped + 32<<20
	f, err := os.Create(filepath.Join(t.TempDir(), "map"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("end"), size-3); err != nil {
		t.Fatal(err)
	}
	data, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Munmap(data) }()
	sum := 0
	for i := 0; i < size; i += os.Getpagesize() {
		sum += int(data[i])
	}
	before := mappedMemory()
	if before < size || sum != 0 {
		t.Fatalf("%d bytes are mapped, %d were read", before, size)
	}
	var m cacheMaps
	m.add(data)
	for range viewsBetween {
		m.viewed()
	}
	if after := mappedMemory(); after > before-mostMapped {
		t.Errorf("%d MB of %d are still there", after>>20, before>>20)
	}
	if string(data[size-3:]) != "end" {
		t.Error("what was let go does not come back")
	}
}
