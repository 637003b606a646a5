package engine

import (
	"fmt"
	"path/filepath"
	"testing"
)

const (
	benchRecords = 100_000
	benchBatch   = 1_000
)

func benchKey(i int) []byte { return fmt.Appendf(nil, "%012d", i) }

// load writes 100,000 records of 300 bytes in sorted order, 1,000 to a transaction.
func load(b *testing.B, e Engine, value []byte) {
	b.Helper()
	for from := 0; from < benchRecords; from += benchBatch {
		err := e.Update(func(tx Tx) error {
			for i := from; i < from+benchBatch; i++ {
				if err := tx.Put("records", benchKey(i), value); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func benchBook(b *testing.B) (*Bolt, string) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "book.db")
	e, err := Open(path, Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { e.Close() })
	load(b, e, make([]byte, 300))
	return e, path
}

func BenchmarkGet(b *testing.B) {
	e, _ := benchBook(b)
	_ = e.View(func(tx Tx) error {
		for i := 0; b.Loop(); i++ {
			if _, ok := tx.Get("records", benchKey(i*7919%benchRecords)); !ok {
				b.Fatal("missing")
			}
		}
		return nil
	})
}

func BenchmarkViewGet(b *testing.B) {
	e, _ := benchBook(b)
	for i := 0; b.Loop(); i++ {
		err := e.View(func(tx Tx) error {
			tx.Get("records", benchKey(i*7919%benchRecords))
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScan100k(b *testing.B) {
	e, _ := benchBook(b)
	for b.Loop() {
		n := 0
		err := e.View(func(tx Tx) error {
			return tx.Scan("records", nil, nil, func(_, _ []byte) (bool, error) { n++; return true, nil })
		})
		if err != nil || n != benchRecords {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkUpdateOne(b *testing.B) {
	e, _ := benchBook(b)
	value := make([]byte, 300)
	for i := 0; b.Loop(); i++ {
		if err := e.Update(func(tx Tx) error { return tx.Put("records", benchKey(i*7919%benchRecords), value) }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSamePlace(b *testing.B) {
	e, path := benchBook(b)
	for b.Loop() {
		if !samePlace(e.file, path) {
			b.Fatal("moved")
		}
	}
}

func BenchmarkLoad100k(b *testing.B) {
	dir, value, n := b.TempDir(), make([]byte, 300), 0
	for b.Loop() {
		n++
		e, err := Open(filepath.Join(dir, fmt.Sprintf("book%d.db", n)), Options{Create: true})
		if err != nil {
			b.Fatal(err)
		}
		load(b, e, value)
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen100k(b *testing.B) {
	e, path := benchBook(b)
	e.Close()
	for b.Loop() {
		e, err := Open(path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		e.Close()
	}
}

func BenchmarkExamine100k(b *testing.B) {
	e, path := benchBook(b)
	e.Close()
	for b.Loop() {
		if _, err := examine(b.Context(), path); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck100k(b *testing.B) {
	e, _ := benchBook(b)
	for b.Loop() {
		if err := e.Check(b.Context(), func(c *CorruptError) { b.Fatal(c) }); err != nil {
			b.Fatal(err)
		}
	}
}
