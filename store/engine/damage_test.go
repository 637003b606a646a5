package engine

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// fullBook makes a book that has every kind of page: branches, leaves, values over several pages,
// a bucket inside the page of its parent, and free pages. It returns the path and all records.
func fullBook(t testing.TB) (string, records) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.db")
	b, err := Open(path, Options{Create: true, hooks: hooks{noSync: true}, Now: fixedNow})
	if err != nil {
		t.Fatal(err)
	}
	want := records{}
	for _, w := range []write{
		{"customers", "c", 300, 40},
		{"tiny", "t", 3, 5},
		{"texts", "long", 4, 9000},
		{"gone", "g", 100, 90},
		{"gone", "g", 100, -1},
		{"customers", "c01", 7, 100},
	} {
		if err := b.Update(w.apply); err != nil {
			t.Fatal(err)
		}
		w.model(want)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return path, want
}

// writeFile puts text in place of the book, as long as its used part and no longer, to be quick.
func writeFile(t testing.TB, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func usedPart(t testing.TB, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h, _, err := readHead(f)
	if err != nil {
		t.Fatal(err)
	}
	text := make([]byte, int(h.pages)*h.pageSize)
	if _, err := f.ReadAt(text, 0); err != nil {
		t.Fatal(err)
	}
	return text
}

// readAll reads a book to the last record.
func readAll(b *Bolt) (records, error) {
	got := records{}
	err := b.View(func(tx Tx) error {
		for _, bucket := range tx.(*boltTx).bucketNames() {
			if bucket == SystemBucket {
				continue
			}
			err := tx.Scan(bucket, nil, nil, func(key, value []byte) (bool, error) {
				if got[bucket] == nil {
					got[bucket] = map[string]string{}
				}
				got[bucket][string(key)] = string(value)
				return true, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return got, err
}

func sameRecords(a, b records) bool {
	for _, pair := range [][2]records{{a, b}, {b, a}} {
		for bucket, part := range pair[0] {
			for key, value := range part {
				if other, ok := pair[1][bucket][key]; !ok || other != value {
					return false
				}
			}
		}
	}
	return true
}

// TestFlippedBits flips single bits all over a book. Nothing may crash, and a flip is either
// noticed, at opening or by the check, or without any effect.
func TestFlippedBits(t *testing.T) {
	path, want := fullBook(t)
	sound := usedPart(t, path)
	random := rand.New(rand.NewPCG(1, 2))
	refused, found, harmless := 0, 0, 0
	for range 3000 {
		text := bytes.Clone(sound)
		at := random.IntN(len(text))
		if random.IntN(3) == 0 {
			at = at/4096*4096 + random.IntN(200) // the headers, where the structure is
		}
		bit := byte(1) << random.IntN(8)
		text[at] ^= bit
		writeFile(t, path, text)
		b, err := Open(path, Options{ReadOnly: random.IntN(8) > 0, hooks: hooks{noSync: true}})
		if err != nil {
			refused++
			var damage *CorruptError
			if !errors.As(err, &damage) && !errors.Is(err, ErrNotBook) && !errors.Is(err, ErrTruncated) {
				t.Fatalf("byte %d, bit %#x: opening: %v", at, bit, err)
			}
			continue
		}
		problems := checkAll(t, b)
		got, err := readAll(b)
		switch {
		case len(problems) > 0:
			found++
		case err != nil || !sameRecords(got, want):
			t.Fatalf("byte %d, bit %#x: the check found nothing, reading: %v, same: %v", at, bit, err, sameRecords(got, want))
		default:
			harmless++
		}
		b.Close()
	}
	t.Logf("refused %d, found by the check %d, without effect %d", refused, found, harmless)
	if refused == 0 || found == 0 {
		t.Error("the flips were not where it matters")
	}
}

// TestEveryBitOfARecord flips each bit of one record's key, value and checksum.
func TestEveryBitOfARecord(t *testing.T) {
	path, _ := fullBook(t)
	sound := usedPart(t, path)
	record := append([]byte("t0001"), sealerOf("tiny").seal([]byte("t0001"), []byte("00001"))...)
	at := lastIndexLive(t, path, sound, record)
	for bit := range len(record) * 8 {
		text := bytes.Clone(sound)
		text[at+bit/8] ^= 1 << (bit % 8)
		writeFile(t, path, text)
		key := text[at : at+5]
		b, err := Open(path, Options{ReadOnly: true})
		if err != nil {
			var damage *CorruptError // the order of the keys is wrong
			if !errors.As(err, &damage) || damage.Bucket != "tiny" {
				t.Fatalf("bit %d: %v", bit, err)
			}
			continue
		}
		problems := checkAll(t, b)
		if len(problems) != 1 || problems[0].Bucket != "tiny" || !bytes.Equal(problems[0].Key, key) {
			t.Fatalf("bit %d: %v", bit, problems)
		}
		for part, text := range map[string]string{"the key in hex": fmt.Sprintf("%x", key), "the key": fmt.Sprintf("%q", key), "the book": path} {
			if !strings.Contains(problems[0].Error(), text) {
				t.Fatalf("%q does not name %s", problems[0], part)
			}
		}
		err = b.View(func(tx Tx) error { tx.Get("tiny", key); t.Error("Get returned a damaged record"); return nil })
		var damage *CorruptError
		if !errors.As(err, &damage) || damage.Bucket != "tiny" || !bytes.Equal(damage.Key, key) {
			t.Fatalf("bit %d: reading: %v", bit, err)
		}
		b.Close()
	}
}

// lastIndexLive finds a record in the file. Old copies of it lie about in free pages, so it takes
// the one whose damage the check notices.
func lastIndexLive(t *testing.T, path string, sound, record []byte) int {
	t.Helper()
	for from := 0; ; {
		i := bytes.Index(sound[from:], record)
		if i < 0 {
			t.Fatal("the record is not in the file")
		}
		at := from + i
		text := bytes.Clone(sound)
		text[at+len(record)-1] ^= 1
		writeFile(t, path, text)
		b := mustOpen(t, path, Options{ReadOnly: true})
		problems := checkAll(t, b)
		b.Close()
		if len(problems) > 0 {
			return at
		}
		from = at + 1
	}
}

func TestCheckNamesEveryBadRecord(t *testing.T) {
	path, want := fullBook(t)
	b := mustOpen(t, path, Options{})
	bad := []string{"c0003", "c0004", "c0250"}
	// A record under another's key: whole, and yet wrong.
	err := b.db.Update(func(tx *bolt.Tx) error {
		part := tx.Bucket([]byte("customers"))
		for _, key := range bad[:2] {
			if err := part.Put([]byte(key), bytes.Clone(part.Get([]byte("c0100")))); err != nil {
				return err
			}
		}
		return part.Put([]byte(bad[2]), []byte("abc"))
	})
	if err != nil {
		t.Fatal(err)
	}
	b.left = leavingOf(b.file) // The damage is the program's own, and not another's.
	var named []string
	for _, c := range checkAll(t, b) {
		named = append(named, string(c.Key))
	}
	if !slices.Equal(named, bad) {
		t.Errorf("the check named %q, want %q", named, bad)
	}
	for _, back := range []bool{false, true} {
		var past []string
		seen := 0
		err = b.ViewPast(func(c *CorruptError) { past = append(past, string(c.Key)) }, func(tx Tx) error {
			scan := tx.Scan
			if back {
				scan = tx.ScanBack
			}
			return scan("customers", nil, nil, func(_, _ []byte) (bool, error) { seen++; return true, nil })
		})
		slices.Sort(past)
		if err != nil || !slices.Equal(past, bad) || seen != len(want["customers"])-len(bad) {
			t.Errorf("past the bad ones: %v, %q, %d seen", err, past, seen)
		}
	}
	var damage *CorruptError
	err = b.Update(func(tx Tx) error {
		if err := tx.Put("tiny", []byte("t0000"), []byte("lost")); err != nil {
			return err
		}
		return tx.Scan("customers", nil, nil, func(_, _ []byte) (bool, error) { return true, nil })
	})
	if !errors.As(err, &damage) || string(damage.Key) != bad[0] {
		t.Errorf("a scan over damage: %v", err)
	}
	if got := get(t, b, "tiny", "t0000"); got == "lost" {
		t.Error("an update that met damage was saved")
	}
	// Writing the records anew repairs them.
	if err := b.Update((write{"customers", "c", 300, 40}).apply); err != nil {
		t.Fatal(err)
	}
	mustBeSound(t, b)
}

func TestTruncated(t *testing.T) {
	path, _ := fullBook(t)
	sound := usedPart(t, path)
	for _, size := range []int{1, 15, 100, 4095, 4096, 4200, 8191, 8192, 8193, 3 * 4096, len(sound) / 2, len(sound) - 4096, len(sound) - 1} {
		writeFile(t, path, sound[:size])
		for _, o := range []Options{{}, {ReadOnly: true}, {Create: true}} {
			_, err := Open(path, o)
			if size < 100 && errors.Is(err, ErrNotBook) {
				continue // not enough is left to tell
			}
			if !errors.Is(err, ErrTruncated) {
				t.Errorf("%d bytes: %v", size, err)
			}
		}
		if text, err := os.ReadFile(path); err != nil || !bytes.Equal(text, sound[:size]) {
			t.Fatalf("%d bytes: opening changed the file (%v)", size, err)
		}
	}
	writeFile(t, path, sound) // without what is grown ahead of need the book is whole
	mustBeSound(t, mustOpen(t, path, Options{}))
}

// TestFileCutUnderAReader makes the mapped file fault, as a failing disk does.
func TestFileCutUnderAReader(t *testing.T) {
	for name, read := range map[string]func(tx Tx, cut func()){
		"inside the engine": func(tx Tx, cut func()) {
			cut()
			tx.Get("customers", []byte("c0200"))
		},
		"in the caller's code": func(tx Tx, cut func()) {
			value, _ := tx.Get("texts", []byte("long0003"))
			cut()
			_ = bytes.Count(value, []byte("7"))
		},
		"in a scan": func(tx Tx, cut func()) {
			_ = tx.Scan("customers", nil, nil, func(_, _ []byte) (bool, error) { cut(); return true, nil })
		},
	} {
		t.Run(name, func(t *testing.T) {
			path, _ := fullBook(t)
			b := mustOpen(t, path, Options{})
			err := b.View(func(tx Tx) error {
				read(tx, func() {
					if err := os.Truncate(path, 2*4096); err != nil {
						t.Error(err)
					}
				})
				t.Error("reading what is gone went well")
				return nil
			})
			var damage *CorruptError
			if !errors.As(err, &damage) || damage.Bucket == "" {
				t.Errorf("got %v", err)
			}
			if err := b.Update(func(tx Tx) error { return tx.Put("customers", []byte("c0200"), nil) }); !errors.As(err, &damage) {
				t.Errorf("an update: %v", err)
			}
			if problems := checkAll(t, b); len(problems) == 0 {
				t.Error("the check found nothing")
			}
			if err := b.Close(); err != nil {
				t.Errorf("closing: %v", err)
			}
		})
	}
}

func TestHeadsLostUnderAReader(t *testing.T) {
	path, _ := fullBook(t)
	b := mustOpen(t, path, Options{})
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(make([]byte, 2*4096), 0); err != nil {
		t.Fatal(err)
	}
	var damage *CorruptError
	for range 2 { // the second call must not wait for locks that the first died with
		if err := b.View(func(Tx) error { return nil }); !errors.As(err, &damage) {
			t.Errorf("got %v", err)
		}
		if err := b.Update(func(Tx) error { return nil }); !errors.As(err, &damage) {
			t.Errorf("got %v", err)
		}
	}
	if err := b.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	if _, err := Open(path, Options{}); !errors.Is(err, ErrNotBook) {
		t.Errorf("opening again: %v", err)
	}
}

// patchHead changes a field of both heads and makes their checksums right again.
func patchHead(text []byte, off int, value uint64, size int) {
	for _, page := range []int{0, 4096} {
		h := text[page+pageHeader : page+pageHeader+headSize]
		if size == 4 {
			binary.NativeEndian.PutUint32(h[off:], uint32(value))
		} else {
			binary.NativeEndian.PutUint64(h[off:], value)
		}
		sum := fnv.New64a()
		sum.Write(h[:headSize-8])
		binary.NativeEndian.PutUint64(h[headSize-8:], sum.Sum64())
	}
}

// TestForgedHeads: what a head says is not believed because its checksum is right.
func TestForgedHeads(t *testing.T) {
	path, _ := fullBook(t)
	sound := usedPart(t, path)
	for name, forge := range map[string]func(text []byte){
		"no page size":        func(text []byte) { patchHead(text, 8, 0, 4) },
		"odd page size":       func(text []byte) { patchHead(text, 8, 4095, 4) },
		"another page size":   func(text []byte) { patchHead(text, 8, 8192, 4) },
		"another version":     func(text []byte) { patchHead(text, 4, 3, 4) },
		"root is a head":      func(text []byte) { patchHead(text, 16, 1, 8) },
		"root is far away":    func(text []byte) { patchHead(text, 16, 1<<60, 8) },
		"no pages":            func(text []byte) { patchHead(text, 40, 0, 8) },
		"all pages there are": func(text []byte) { patchHead(text, 40, 1<<63, 8) },
		"a list of free pages that is none": func(text []byte) {
			patchHead(text, 32, binary.NativeEndian.Uint64(text[pageHeader+16:]), 8)
		},
	} {
		t.Run(name, func(t *testing.T) {
			text := bytes.Clone(sound)
			forge(text)
			writeFile(t, path, text)
			for _, o := range []Options{{}, {ReadOnly: true}} {
				var damage *CorruptError
				b, err := Open(path, o)
				if !errors.As(err, &damage) && !errors.Is(err, ErrNotBook) && !errors.Is(err, ErrTruncated) {
					t.Errorf("got %v, %v", b, err)
				}
			}
		})
	}
}

// FuzzOpen patches a sound book and opens it. The checksum of a head is made right again, so that
// the patches get past it.
func FuzzOpen(f *testing.F) {
	path, _ := fullBook(f)
	sound := usedPart(f, path)
	f.Add([]byte{0, 0, 1})
	f.Add([]byte{3, 10, 255, 3, 11, 255})
	f.Fuzz(func(t *testing.T, patches []byte) {
		text := bytes.Clone(sound)
		for p := range slices.Chunk(patches, 3) {
			if len(p) == 3 {
				page := int(p[0]) % (len(text) / 4096)
				text[page*4096+int(p[1])] = p[2]
			}
		}
		patchHead(text, 0, headMagic, 4)
		path := filepath.Join(t.TempDir(), "book.db")
		writeFile(t, path, text)
		b, err := Open(path, Options{ReadOnly: len(patches)%2 == 0, hooks: hooks{noSync: true}})
		if err != nil {
			return
		}
		defer b.Close()
		checkAll(t, b)
		_, _ = readAll(b)
	})
}

// FuzzSalvage patches a book anywhere and saves what is whole: whatever is handed out was in the book.
func FuzzSalvage(f *testing.F) {
	path, _ := fullBook(f)
	sound := usedPart(f, path)
	b, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		f.Fatal(err)
	}
	names, known := []string{}, map[string]bool{}
	err = b.View(func(tx Tx) error {
		names = tx.(*boltTx).bucketNames()
		for _, name := range names {
			if err := tx.Scan(name, nil, nil, func(k, v []byte) (bool, error) {
				known[name+"\x00"+string(k)+"\x00"+string(v)] = true
				return true, nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, b.Close()); err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(0), []byte{0})
	f.Add(uint32(4096), []byte{255, 255, 255, 255})
	f.Add(uint32(3*4096+8), []byte{1, 0, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		text := bytes.Clone(sound)
		copy(text[int(at)%len(text):], patch)
		path := filepath.Join(t.TempDir(), "book.db")
		writeFile(t, path, text)
		err := Salvage(t.Context(), path, Options{}, names, func(error) {}, func(s Salvaged) error {
			// An old version of a record may lie on a page that is no longer used.
			if !s.Stray && !known[s.Bucket+"\x00"+string(s.Key)+"\x00"+string(s.Value)] && int(at)%len(text) >= 2*4096 {
				t.Errorf("%s %q was never in the book", s.Bucket, s.Key)
			}
			return nil
		})
		if err != nil && !errors.Is(err, ErrNotBook) {
			t.Errorf("got %v", err)
		}
	})
}
