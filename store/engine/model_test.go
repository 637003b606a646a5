package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// records is the model: what an engine should hold, by bucket and key.
type records map[string]map[string]string

func (r records) clone() records {
	c := records{}
	for bucket, part := range r {
		c[bucket] = maps.Clone(part)
	}
	return c
}

// between lists the keys from <= key < to in order; a nil to is the end.
func (r records) between(bucket string, from, to []byte) []string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(r[bucket])) {
		if key >= string(from) && (to == nil || key < string(to)) {
			keys = append(keys, key)
		}
	}
	return keys
}

// write is one step of a transaction: a run of count keys put or deleted.
type write struct {
	bucket string
	key    string
	count  int
	size   int // of the values; -1 deletes
}

func (w write) each(fn func(key []byte, value string)) {
	for i := range w.count {
		key := w.key
		if w.count > 1 {
			key = fmt.Sprintf("%s%04d", w.key, i)
		}
		fn([]byte(key), fmt.Sprintf("%0*d", max(w.size, 0), i))
	}
}

func (w write) apply(tx Tx) error {
	var all error
	w.each(func(key []byte, value string) {
		if w.size < 0 {
			all = errors.Join(all, tx.Delete(w.bucket, key))
		} else {
			all = errors.Join(all, tx.Put(w.bucket, key, []byte(value)))
		}
	})
	return all
}

func (w write) model(r records) {
	w.each(func(key []byte, value string) {
		if w.size < 0 {
			delete(r[w.bucket], string(key))
			return
		}
		if r[w.bucket] == nil {
			r[w.bucket] = map[string]string{}
		}
		r[w.bucket][string(key)] = value
	})
}

// Small sets make keys meet; the runs are long enough to fill, split and empty pages.
var (
	anyBucket = rapid.SampledFrom([]string{"a", "b", "customers"})
	anyKey    = rapid.SampledFrom([]string{"a", "ab", "b", "k", "k0003", "k0020", "z", "\x00", "\xff\xff"})
	anyWrite  = rapid.Custom(func(t *rapid.T) write {
		return write{
			bucket: anyBucket.Draw(t, "bucket"),
			key:    anyKey.Draw(t, "key"),
			count:  rapid.SampledFrom([]int{1, 1, 1, 40, 300}).Draw(t, "count"),
			size:   rapid.SampledFrom([]int{-1, -1, 0, 1, 30, 700, 9000}).Draw(t, "size"),
		}
	})
)

var errAbort = errors.New("thought better of it")

// subject is an engine under test beside what it should hold.
type subject struct {
	engine Engine
	want   records
	reopen func(*rapid.T, Engine) Engine
}

func (s *subject) get(t *rapid.T, tx Tx, want records) {
	bucket, key := anyBucket.Draw(t, "bucket"), anyKey.Draw(t, "key")
	got, ok := tx.Get(bucket, []byte(key))
	value, there := want[bucket][key]
	if ok != there || string(got) != value {
		t.Fatalf("%s/%q: got %.20q, %v, want %.20q, %v", bucket, key, got, ok, value, there)
	}
}

// scan reads a range in both directions, to its end and only partly.
func (s *subject) scan(t *rapid.T, tx Tx, want records) {
	bucket := anyBucket.Draw(t, "bucket")
	from := rapid.SampledFrom([][]byte{nil, {}, []byte("ab"), []byte("k0002"), []byte("zz")}).Draw(t, "from")
	to := rapid.SampledFrom([][]byte{nil, {}, []byte("b"), []byte("k0150"), []byte("z"), []byte("\xff\xff\xff")}).Draw(t, "to")
	most := rapid.SampledFrom([]int{1, 5, 1 << 30}).Draw(t, "most")
	var keys []string
	collect := func(key, value []byte) (bool, error) {
		if string(value) != want[bucket][string(key)] {
			t.Fatalf("%s/%q: got %.20q, want %.20q", bucket, key, value, want[bucket][string(key)])
		}
		keys = append(keys, string(key))
		return len(keys) < most, nil
	}
	up := want.between(bucket, from, to)
	down := slices.Clone(up)
	slices.Reverse(down)
	for name, step := range map[string]struct {
		scan func(string, []byte, []byte, ScanFunc) error
		want []string
	}{"up": {tx.Scan, up}, "down": {tx.ScanBack, down}} {
		keys = nil
		if err := step.scan(bucket, from, to, collect); err != nil {
			t.Fatal(err)
		}
		if expected := step.want[:min(most, len(step.want))]; !slices.Equal(keys, expected) {
			t.Fatalf("%s %s from %q to %q: got %q, want %q", name, bucket, from, to, keys, expected)
		}
	}
}

// update runs some writes and looks at what the transaction itself sees, then keeps it or not.
func (s *subject) update(t *rapid.T) {
	writes := rapid.SliceOfN(anyWrite, 1, 4).Draw(t, "writes")
	abort := rapid.Bool().Draw(t, "abort")
	next := s.want.clone()
	for _, w := range writes {
		w.model(next)
	}
	err := s.engine.Update(func(tx Tx) error {
		for _, w := range writes {
			if err := w.apply(tx); err != nil {
				return err
			}
		}
		s.get(t, tx, next)
		s.scan(t, tx, next)
		if abort {
			return errAbort
		}
		return nil
	})
	switch {
	case abort && !errors.Is(err, errAbort):
		t.Fatalf("got %v, want the function's own error", err)
	case !abort && err != nil:
		t.Fatal(err)
	case !abort:
		s.want = next
	}
}

// sweep deletes every second record during a scan and puts one far behind.
func (s *subject) sweep(t *rapid.T) {
	bucket, back := anyBucket.Draw(t, "bucket"), rapid.Bool().Draw(t, "back")
	var next records
	err := s.engine.Update(func(tx Tx) error {
		next = s.want.clone()
		scan, far := tx.Scan, "\xff\xff\xff"
		if back {
			scan, far = tx.ScanBack, "\x00"
		}
		seen, n := map[string]bool{}, 0
		err := scan(bucket, nil, nil, func(key, _ []byte) (bool, error) {
			if seen[string(key)] {
				return false, fmt.Errorf("%q came twice", key)
			}
			seen[string(key)] = true
			if n++; n == 1 {
				write{bucket: bucket, key: far, count: 1, size: 3}.model(next)
				return true, tx.Put(bucket, []byte(far), []byte("000"))
			}
			if n%2 == 0 && string(key) != far {
				delete(next[bucket], string(key))
				return true, tx.Delete(bucket, key)
			}
			return true, nil
		})
		if err == nil && n > 0 && !(seen[far] && len(seen) >= len(s.want[bucket])) {
			return fmt.Errorf("the scan saw %d of %d records, the new one: %v", len(seen), len(s.want[bucket]), seen[far])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.want = next
}

// isolated changes the book while a reader looks: the reader sees nothing of it.
func (s *subject) isolated(t *rapid.T) {
	before := s.want
	err := s.engine.View(func(tx Tx) error {
		s.get(t, tx, before)
		s.update(t)
		s.get(t, tx, before)
		s.scan(t, tx, before)
		return tx.Put("a", []byte("k"), nil)
	})
	if !errors.Is(err, ErrReadOnlyTx) {
		t.Fatalf("a put in a view: got %v", err)
	}
}

// compare reads everything.
func (s *subject) compare(t *rapid.T) {
	got := records{}
	err := s.engine.View(func(tx Tx) error {
		for _, bucket := range []string{"a", "b", "customers"} {
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
	if err != nil {
		t.Fatal(err)
	}
	for _, bucket := range []string{"a", "b", "customers"} {
		if !maps.Equal(got[bucket], s.want[bucket]) {
			t.Fatalf("%s: got %d records, want %d", bucket, len(got[bucket]), len(s.want[bucket]))
		}
	}
}

func (s *subject) run(t *rapid.T) {
	t.Repeat(map[string]func(*rapid.T){
		"update":   s.update,
		"sweep":    s.sweep,
		"isolated": s.isolated,
		"view": func(t *rapid.T) {
			if err := s.engine.View(func(tx Tx) error { s.get(t, tx, s.want); s.scan(t, tx, s.want); return nil }); err != nil {
				t.Fatal(err)
			}
		},
		"reopen": func(t *rapid.T) { s.engine = s.reopen(t, s.engine) },
	})
	s.compare(t)
}

func TestMemoryAgainstModel(t *testing.T) {
	for _, strict := range []bool{false, true} {
		t.Run(fmt.Sprintf("strict=%v", strict), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				m := NewMemory()
				m.Strict = strict
				keep := func(_ *rapid.T, e Engine) Engine { return e }
				(&subject{engine: m, want: records{}, reopen: keep}).run(t)
			})
		})
	}
}

func TestBoltAgainstModel(t *testing.T) {
	dir := t.TempDir()
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		path := filepath.Join(dir, fmt.Sprintf("book%d.db", round))
		open := func(t *rapid.T) Engine {
			b, err := Open(path, Options{Create: true, Buckets: []string{"a"}, hooks: hooks{noSync: true}})
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		reopen := func(t *rapid.T, e Engine) Engine {
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			return open(t)
		}
		s := &subject{engine: open(t), want: records{}, reopen: reopen}
		defer func() {
			s.engine.Close()
			os.Remove(path)
		}()
		s.run(t)
		mustBeSound(t, s.engine.(*Bolt))
	})
}

// mustBeSound runs the full check; every test of a book ends in it.
func mustBeSound(t interface{ Fatalf(string, ...any) }, b *Bolt) {
	if problems := checkAll(t, b); len(problems) > 0 {
		t.Fatalf("check: %v", problems)
	}
}

func checkAll(t interface{ Fatalf(string, ...any) }, b *Bolt) []*CorruptError {
	var problems []*CorruptError
	if err := b.Check(context.Background(), func(c *CorruptError) { problems = append(problems, c) }); err != nil {
		t.Fatalf("check: %v", err)
	}
	return problems
}

func TestStrictMemoryBringsMisuseToLight(t *testing.T) {
	m := NewMemory()
	m.Strict = true
	runs := 0
	err := m.Update(func(tx Tx) error {
		runs++
		return tx.Put("a", []byte("k"), []byte("value"))
	})
	if err != nil || runs != 2 {
		t.Fatalf("ran %d times, %v", runs, err)
	}
	var kept []byte
	if err := m.View(func(tx Tx) error { kept, _ = tx.Get("a", []byte("k")); return nil }); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(kept, []byte("value")) {
		t.Error("a value kept beyond its transaction is still whole")
	}
}

// TestScanBackOverEmptiedPages empties pages and walks back over them in the same transaction,
// where the cursor of bbolt stops early, or never when nothing is left.
func TestScanBackOverEmptiedPages(t *testing.T) {
	for name, e := range map[string]Engine{"bolt": mustOpen(t, newBook(t), Options{}), "memory": NewMemory()} {
		for _, left := range []int{0, 1, 50} {
			t.Run(fmt.Sprintf("%s, %d left", name, left), func(t *testing.T) {
				if err := e.Update((write{"a", "k", 300, 100}).apply); err != nil {
					t.Fatal(err)
				}
				err := e.Update(func(tx Tx) error {
					for i := left; i < 299; i++ {
						if err := tx.Delete("a", fmt.Appendf(nil, "k%04d", i)); err != nil {
							return err
						}
					}
					if left == 0 {
						if err := errors.Join(tx.Delete("a", []byte("k0299")), tx.Delete("a", []byte("first"))); err != nil {
							return err
						}
					}
					for _, to := range [][]byte{nil, []byte("k0299"), []byte("k0120"), []byte("z")} {
						n := 0
						err := tx.ScanBack("a", []byte("k"), to, func(_, _ []byte) (bool, error) { n++; return true, nil })
						want := left
						if left > 0 && (to == nil || string(to) == "z") {
							want++ // k0299
						}
						if err != nil || n != want {
							return fmt.Errorf("back from %q: %d records, want %d, %w", to, n, want, err)
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		if b, ok := e.(*Bolt); ok {
			mustBeSound(t, b)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		for _, call := range []func(func(Tx) error) error{e.View, e.Update} {
			if err := call(func(Tx) error { return nil }); !errors.Is(err, ErrClosed) {
				t.Errorf("%s: a closed engine answers %v", name, err)
			}
		}
	}
}
