package cache

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// content is random, so that no two blocks are alike.
func content(size int) []byte {
	raw, r := make([]byte, size), rand.New(rand.NewPCG(1, 2))
	for i := range raw {
		raw[i] = byte(r.Uint32())
	}
	return raw
}

func put(t *testing.T, path string, m Mark, raw []byte) *File {
	t.Helper()
	of, err := os.Stat(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	c, err := Write(t.Context(), path, m, of, func(w io.Writer) error {
		for p := raw; len(p) > 0; {
			n, err := w.Write(p[:min(len(p), 100_003)])
			if err != nil {
				return err
			}
			p = p[n:]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db.cache")
	for _, size := range []int{1, 7, blockSize - 1, blockSize, blockSize + 1, 3*blockSize + 12345} {
		raw, m := content(size), Mark{Program: 5, Seq: uint64(size)}
		written := put(t, path, m, raw)
		for _, tail := range [][]byte{nil, []byte("short"), content(9000), {}} {
			if tail != nil {
				if err := written.PutTail(tail); err != nil {
					t.Fatal(err)
				}
			}
			c, err := Look(path, 5)
			if err != nil || c.Mark != m || !bytes.Equal(c.Tail, tail) || (c.Tail == nil) != (tail == nil) {
				t.Fatalf("%d bytes: %v %+v tail %d of %d", size, err, c, len(c.Tail), len(tail))
			}
			if got, err := c.Map(); err != nil || !bytes.Equal(got, raw) {
				t.Fatalf("%d bytes: %v", size, err)
			}
		}
		if _, err := Look(path, 6); !errors.Is(err, errNone) {
			t.Errorf("a cache of another program: %v", err)
		}
	}
	if left, err := filepath.Glob(path + "?*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q %v", left, err)
	}
}

func TestACacheThatIsNotFinishedLeavesTheOneBefore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db.cache")
	raw := content(blockSize + 5)
	c := put(t, path, Mark{Seq: 1}, raw)
	of, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	for name, write := range map[string]func(io.Writer) error{
		"stopped": func(w io.Writer) error {
			stop()
			_, err := w.Write(content(blockSize))
			return err
		},
		"failed": func(io.Writer) error { return errors.New("no more") },
	} {
		if _, err := Write(ctx, path, Mark{Seq: 2}, of, write); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if got, err := c.Map(); err != nil || !bytes.Equal(got, raw) {
		t.Errorf("the cache before: %v", err)
	}
	if left, err := filepath.Glob(path + "?*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q %v", left, err)
	}
	// A program that was ended leaves a file, which does not matter.
	if err := os.WriteFile(path+".new", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	put(t, path, Mark{Seq: 3}, raw)
	if _, err := c.Map(); !errors.Is(err, errNone) {
		t.Errorf("a cache that has been replaced: %v", err)
	}
	if err := c.PutTail([]byte("x")); err == nil {
		t.Error("a tail goes behind the cache of somebody else")
	}
}

func TestAFlippedBitIsNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db.cache")
	raw := content(2*blockSize + 100)
	if err := put(t, path, Mark{}, raw).PutTail([]byte("the tail")); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		at := r.IntN(len(whole))
		if r.IntN(3) == 0 {
			at = len(whole) - 1 - r.IntN(40)
		}
		spoiled := bytes.Clone(whole)
		spoiled[at] ^= 1 << r.IntN(8)
		if err := os.WriteFile(path, spoiled, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Look(path, 0)
		if err != nil {
			continue
		}
		got, err := c.Map()
		if err == nil && !bytes.Equal(got, raw) {
			t.Fatalf("byte %d: other data are believed", at)
		}
		if c.Tail != nil && string(c.Tail) != "the tail" {
			t.Fatalf("byte %d: another tail is believed", at)
		}
		if err == nil && c.Tail != nil && at >= headerSize {
			t.Fatalf("byte %d: the flipped bit is not noticed", at)
		}
	}
}
