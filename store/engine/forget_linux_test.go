package engine

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// residentOf is how much of a mapped file is memory of this process, in bytes.
func residentOf(t *testing.T, path string) int {
	t.Helper()
	raw, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Skip("the memory of the process cannot be looked at:", err)
	}
	total, mine := 0, false
	for line := range strings.Lines(string(raw)) {
		f := strings.Fields(line)
		switch {
		case len(f) > 1 && strings.Contains(f[0], "-") && !strings.HasSuffix(f[0], ":"):
			mine = strings.HasSuffix(strings.TrimSpace(line), path)
		case mine && len(f) > 1 && f[0] == "Rss:":
			kb, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatal(err)
			}
			total += kb << 10
		}
	}
	return total
}

// TestReadingThroughABookDoesNotMakeTheProgramAsLarge reads more than is kept, in one transaction and in many, with a
// value of the beginning held to the end.
func TestReadingThroughABookDoesNotMakeTheProgramAsLarge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db")
	b, err := Open(path, Options{Create: true, Buckets: []string{"x"}, hooks: hooks{noSync: true}})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	const records, size = 3000, 32 << 10
	value := func(i int) []byte { return bytes.Repeat([]byte{byte(i), byte(i >> 8), 7, 9}, size/4) }
	key := func(i int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(i)) }
	if err := b.Update(func(tx Tx) error {
		for i := range records {
			if err := tx.Put("x", key(i), value(i)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	err = b.View(func(tx Tx) error {
		first, _ := tx.Get("x", key(0))
		n := 0
		if err := tx.Scan("x", nil, nil, func(_, v []byte) (bool, error) {
			if !bytes.Equal(v, value(n)) {
				t.Fatalf("record %d is another one", n)
			}
			n++
			return true, nil
		}); err != nil {
			return err
		}
		if n != records || !bytes.Equal(first, value(0)) {
			t.Errorf("%d records; the first one held to the end is right: %v", n, bytes.Equal(first, value(0)))
		}
		if got := residentOf(t, path); got > mostWalked+8<<20 {
			t.Errorf("%d MB of the book are in memory after it was read through", got>>20)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range records {
		if err := b.View(func(tx Tx) error {
			if v, _ := tx.Get("x", key(i)); !bytes.Equal(v, value(i)) {
				t.Fatalf("record %d is another one", i)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if got := residentOf(t, path); got > mostWalked+8<<20 {
		t.Errorf("%d MB of the book are in memory after all was looked up", got>>20)
	}
}

// A check looks everything up many times over: letting go of the book each 512 look-ups made it take twice as long.
func TestVeryManyLookupsLetGoLessAndLess(t *testing.T) {
	b, err := Open(filepath.Join(t.TempDir(), "book.db"), Options{Create: true, Buckets: []string{"x"}, hooks: hooks{noSync: true}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := b.Update(func(tx Tx) error { return tx.Put("x", []byte("k"), []byte("v")) }); err != nil {
		t.Fatal(err)
	}
	const lookups = 100 * mostWalked / lookedUp
	for _, n := range []int{mostWalked / lookedUp, lookups} {
		times := 0
		if err := b.View(func(tx Tx) error {
			tx.(*boltTx).forget = func() { times++ }
			for range n + 1 {
				tx.Get("x", []byte("k"))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{true: 6, false: 1}[n == lookups]; times != want {
			t.Errorf("%d look-ups let go %d times, want %d", n, times, want)
		}
	}
}
