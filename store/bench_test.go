package store

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/sample"
)

// The sizes of the sample companies: one whose import has about 100,000 records, and a large one of
// 100,000 customers with 200,000 items, about 700,000 records.
const (
	importCustomers = 14_400
	largeCustomers  = 100_000
)

// importOf makes the changes of a large import once for all benchmarks.
var importOf = sync.OnceValue(func() []model.Op { return sampleOps(importCustomers) })

func sampleOps(customers int) []model.Op {
	var ops []model.Op
	_ = sample.Generate(sample.Options{Customers: customers, Seed: 1, Today: day.Of(2026, 11, 22)}, func(r *model.Record) error {
		ops = append(ops, model.CreateOp(r))
		return nil
	})
	return ops
}

func openBench(b *testing.B, path string) *Book {
	b.Helper()
	book, err := Open(path, testOptions())
	if err != nil {
		b.Fatal(err)
	}
	return book
}

func mustDo(b *testing.B, book *Book, ops []model.Op) model.Batch {
	b.Helper()
	head, err := book.Do(context.Background(), model.Step{ID: book.NewID(), Actor: "ana", Label: "bench", Kind: model.Import, Ops: ops})
	if err != nil {
		b.Fatal(err)
	}
	return head
}

// memory reports what the process holds in memory of its own, in MB; the mapped file is not in it.
func memory(b *testing.B, name string) {
	b.Helper()
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(raw)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "RssAnon:" {
			kb, _ := strconv.Atoi(f[1])
			b.ReportMetric(float64(kb)/1000, name)
		}
	}
}

func BenchmarkImport100k(b *testing.B) {
	ops := importOf()
	for b.Loop() {
		b.StopTimer()
		book := openBench(b, filepath.Join(b.TempDir(), "book.db"))
		runtime.GC()
		b.StartTimer()
		mustDo(b, book, ops)
		b.StopTimer()
		memory(b, "MB")
		book.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(len(ops)), "records")
}

func BenchmarkUndoOfImport100k(b *testing.B) {
	ops := importOf()
	for b.Loop() {
		b.StopTimer()
		book := openBench(b, filepath.Join(b.TempDir(), "book.db"))
		mustDo(b, book, ops)
		if _, err := book.Snapshot(); err != nil {
			b.Fatal(err)
		}
		runtime.GC()
		b.StartTimer()
		if _, err := book.Undo(context.Background(), "ana", book.NewID()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		memory(b, "MB")
		book.Close()
		b.StartTimer()
	}
}

func BenchmarkEdit(b *testing.B) {
	book := openBench(b, filepath.Join(b.TempDir(), "book.db"))
	defer book.Close()
	mustDo(b, book, importOf())
	if _, err := book.Snapshot(); err != nil {
		b.Fatal(err)
	}
	var id model.ID
	for _, op := range importOf() {
		if op.Kind == model.Customer {
			id = op.ID
		}
	}
	owners := []model.Value{model.Person("ana"), model.Person("bo")}
	i := 0
	for b.Loop() {
		before, err := book.Get(model.Customer, id)
		if err != nil {
			b.Fatal(err)
		}
		after := before.Clone()
		after.Set("owner", owners[i%2])
		if op, ok := model.UpdateOp(before, after); ok {
			mustDo(b, book, []model.Op{op})
		}
		i++
	}
}

// largeBook makes the large book once; it is gone with the process's temporary directory.
func largeBook(b *testing.B) string {
	b.Helper()
	dir := os.Getenv("OPSDECK_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	path := filepath.Join(dir, "large.db")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	book := openBench(b, path)
	mustDo(b, book, sampleOps(largeCustomers))
	if err := book.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func BenchmarkOpenLarge(b *testing.B) {
	path := largeBook(b)
	for b.Loop() {
		book := openBench(b, path)
		b.StopTimer()
		book.Close()
		b.StartTimer()
	}
}

func BenchmarkSnapshotLarge(b *testing.B) {
	path := largeBook(b)
	for b.Loop() {
		b.StopTimer()
		book := openBench(b, path)
		runtime.GC()
		b.StartTimer()
		s, err := book.Snapshot()
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		memory(b, "MB")
		runtime.KeepAlive(s)
		book.Close()
		b.StartTimer()
	}
}

func BenchmarkCheckLarge(b *testing.B) {
	book := openBench(b, largeBook(b))
	defer book.Close()
	for b.Loop() {
		if err := book.Check(context.Background(), func(p string) { b.Error(p) }); err != nil {
			b.Fatal(err)
		}
	}
	memory(b, "MB")
}

// BenchmarkRescore100k scores every customer of a large book: the first time, when every standing is new, and
// a day later, when few have changed. What is measured is finding, keeping and showing it.
func BenchmarkRescore100k(b *testing.B) {
	o := testOptions()
	today := day.Of(2026, 11, 22)
	o.Today = func() day.Day { return today }
	book, err := Open(filepath.Join(b.TempDir(), "book.db"), o)
	if err != nil {
		b.Fatal(err)
	}
	mustDo(b, book, sampleOps(largeCustomers))
	score := func() int {
		s, err := book.Snapshot()
		if err != nil {
			b.Fatal(err)
		}
		found, err := s.Rescore()
		if err != nil {
			b.Fatal(err)
		}
		ops := found.Ops(s, book.NewID)
		if _, err := book.Do(b.Context(), model.Step{ID: book.NewID(), Actor: "ana", Label: "score", Ops: ops}); err != nil {
			b.Fatal(err)
		}
		if _, err := book.Snapshot(); err != nil {
			b.Fatal(err)
		}
		return len(ops)
	}
	if _, err := book.Snapshot(); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	changes := score()
	first := time.Since(began)
	for b.Loop() {
		b.StopTimer()
		today++
		if _, err := book.Snapshot(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		b.ReportMetric(float64(score()), "changes")
	}
	b.ReportMetric(first.Seconds(), "s-first")
	b.ReportMetric(float64(changes), "changes-first")
}
