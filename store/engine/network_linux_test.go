package engine

import (
	"os"
	"testing"
)

func TestLocalFileSystemsAreNotRefused(t *testing.T) {
	for _, dir := range []string{t.TempDir(), "/proc"} {
		if kind, err := networkFS(dir); kind != "" || err != nil {
			t.Errorf("%s: %q, %v", dir, kind, err)
		}
	}
	if _, err := networkFS("/no/such/directory"); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
}

func TestMountTypeIsFound(t *testing.T) {
	if got := mountType("/proc"); got != "proc" {
		t.Skipf("/proc is mounted as %q here", got)
	}
	if got := mountType("/no/such/directory"); got != "" {
		t.Errorf("got %q", got)
	}
}

// TestNetworkNumbers holds the table against the constants of statfs(2), as their bytes are on a
// system where the field is signed.
func TestNetworkNumbers(t *testing.T) {
	cifs := int64(-11317950) // 0xff534d42 as a signed number of 32 bits
	if got := networkTypes[uint32(cifs)]; got != "cifs" {
		t.Errorf("got %q", got)
	}
	if networkTypes[0xef53] != "" || networkTypes[0x01021994] != "" {
		t.Error("ext4 or tmpfs is taken for a network file system")
	}
}
