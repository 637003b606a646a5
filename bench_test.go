//go:build linux

package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
	"opsdeck/store/exchange/tabular"
)

// benchSizes are the numbers of customers to measure with: BENCH_SIZES, such as "1k,10k", or those of the table in
// docs/performance.md.
func benchSizes(t *testing.T) []int {
	t.Helper()
	text := os.Getenv("BENCH_SIZES")
	if text == "" {
		t.Skip("BENCH_SIZES names the sizes; 'make bench' takes 1k,10k,100k,1M, which needs half an hour and 20 GB")
	}
	var out []int
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(strings.NewReplacer("k", "000", "M", "000000").Replace(strings.TrimSpace(part)))
		if err != nil || n < 100 {
			t.Fatalf("BENCH_SIZES=%q: sizes such as 1k,10k,100k,1M are wanted, 100 at least", text)
		}
		out = append(out, n)
	}
	return out
}

// measured are the figures of one size, by the name of what was measured.
type measured map[string]float64

// benchTable is what a run prints: a line for each figure, a column for each size, and how it grows per tenfold.
type benchTable struct {
	sizes []int
	names []string // in the order of the first size
	cells map[int]measured
}

func (b *benchTable) put(size int, name string, value float64) {
	if b.cells[size] == nil {
		b.cells[size] = measured{}
	}
	if !slices.Contains(b.names, name) {
		b.names = append(b.names, name)
	}
	b.cells[size][name] = value
}

func (b *benchTable) ms(size int, name string, d time.Duration) {
	b.put(size, name+", ms", float64(d.Microseconds())/1000)
}

// both notes median and 95th percentile.
func (b *benchTable) both(size int, name string, took []time.Duration) {
	slices.Sort(took)
	b.ms(size, name+" p50", took[len(took)/2])
	b.ms(size, name+" p95", took[len(took)*95/100])
}

func (b *benchTable) String() string {
	var out strings.Builder
	out.WriteString("| |")
	for _, n := range b.sizes {
		fmt.Fprintf(&out, " %d |", n)
	}
	out.WriteString(" per tenfold |\n|---|" + strings.Repeat("---|", len(b.sizes)+1) + "\n")
	for _, name := range b.names {
		out.WriteString("| " + name + " |")
		for _, n := range b.sizes {
			out.WriteString(" " + figure(b.cells[n], name) + " |")
		}
		out.WriteString(" " + b.growth(name) + " |\n")
	}
	return out.String()
}

// figure writes three places, and never a power of ten.
func figure(m measured, name string) string {
	v, ok := m[name]
	switch {
	case !ok:
		return "–"
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// growth tells how a figure changes from each size to the next, as if that were ten times the one before.
func (b *benchTable) growth(name string) string {
	var out []string
	for i := 1; i < len(b.sizes); i++ {
		was, is := b.cells[b.sizes[i-1]][name], b.cells[b.sizes[i]][name]
		tens := math.Log10(float64(b.sizes[i]) / float64(b.sizes[i-1]))
		if was > 0 && is > 0 && tens != 0 {
			out = append(out, fmt.Sprintf("×%.2g", math.Pow(is/was, 1/tens)))
		}
	}
	return strings.Join(out, " ")
}

// TestBench measures what the program costs at several sizes, over the real binary, and prints a table.
func TestBench(t *testing.T) {
	b := &benchTable{sizes: benchSizes(t), cells: map[int]measured{}}
	for _, n := range b.sizes {
		dir := t.TempDir()
		book := filepath.Join(dir, "book.db")
		b.ms(n, "make the book", timed(t, "demo", "--customers", strconv.Itoa(n), "--book", book, "-q"))
		b.onScreen(t, n, book)
		b.verbs(t, n, book)
		b.edits(t, n, book)
		b.imports(t, n, dir)
		b.peers(t, n, dir)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d customers, %s, %d processors\n\n%s", n, runtime.Version(), runtime.NumCPU(), b)
	}
}

// timed runs a command line and returns how long it took.
func timed(t *testing.T, args ...string) time.Duration {
	t.Helper()
	start := time.Now()
	if out, err := opsdeck(args...); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return time.Since(start)
}

const firstScreen = "Σ ARR"

// onScreen measures what a person at the screen feels.
func (b *benchTable) onScreen(t *testing.T, n int, book string) {
	t.Helper()
	args := []string{"--book", book, "--today", "2026-11-22", "--as", "ana"}
	open := func() *benchTerm { return openBenchTerm(t, "", "opsdeck", args...) }
	_ = os.Remove(book + ".cache") // There may be none yet.
	cold := open()
	b.ms(n, "first start, no cache", cold.until(firstScreen))
	b.put(n, "memory at its peak then, MB", float64(cold.status("VmHWM"))/1024)
	cold.leave("q")
	var starts []time.Duration
	for range 5 {
		warm := open()
		starts = append(starts, warm.until(firstScreen))
		warm.leave("q")
	}
	b.both(n, "start to first screen", starts)
	s := open()
	s.until(firstScreen)
	s.key("j")
	b.put(n, "memory at the first screen, MB", float64(s.status("VmRSS"))/1024)
	b.both(n, "move", s.times(60, "j"))
	b.both(n, "page", s.times(20, "\x06"))
	s.key("g")
	b.both(n, "sort", s.times(8, "s"))
	b.both(n, "letter of a filter", b.letters(s, "amber", "north", "stone", "data"))
	b.both(n, "letter of a filter, CJK", b.letters(s, "株式会社", "有限公司"))
	b.both(n, "switch the pane", s.times(8, "4", "1"))
	s.key("4")
	b.both(n, "sort the queue by its clocks", s.lines(":sort sla_due", ":sort -sla_due", ":sort sla_due", ":sort -sla_due", ":sort sla_due"))
	s.key("1")
	b.scripts(n, s)
	b.work(n, s)
	b.put(n, "memory after the keys, MB", float64(s.status("VmRSS"))/1024)
	// After a kill the book has no state that the cache knows, and is examined first.
	s.kill()
	crashed := open()
	b.ms(n, "start after a crash", crashed.until(firstScreen))
	crashed.kill()
}

// letters types words into the filter, letter by letter, each word from an empty filter.
func (b *benchTable) letters(s *benchTerm, words ...string) (took []time.Duration) {
	for _, word := range words {
		s.key("/")
		for _, letter := range word {
			took = append(took, s.times(1, string(letter))...)
		}
		s.key("\r")
		s.key("\x1b")
	}
	return took
}

// scripts measures the bytes of a move and a page among names of ASCII and of wide characters.
func (b *benchTable) scripts(n int, s *benchTerm) {
	for _, c := range []struct{ name, filter string }{{"ASCII", "country:ireland"}, {"CJK", "country:japan"}} {
		for _, k := range []string{"/", c.filter, "\r"} {
			s.key(k)
		}
		for _, k := range []struct{ name, key string }{{"move", "j"}, {"page", "\x06"}} {
			size, keys := 0, 0
			for range 30 {
				took, bytes := s.key(k.key)
				if took == 0 {
					break // at the end of the list
				}
				size, keys = size+bytes, keys+1
			}
			b.put(n, k.name+" with "+c.name+" names, bytes", float64(size)/float64(max(keys, 1)))
		}
		s.key("\x1b")
	}
}

// work measures the processor time of keys that come fast, each drawn, less what the program takes when nothing happens.
func (b *benchTable) work(n int, s *benchTerm) {
	const keys, apart = 400, 20 * time.Millisecond
	s.key("g")
	resting, bytes := s.during(keys*apart, func(int) {}, 1)
	b.put(n, "idle: processor, %", resting.Seconds()/(keys*apart).Seconds()*100)
	b.put(n, "idle: bytes in 8 s", float64(bytes))
	busy, _ := s.during(keys*apart, func(i int) { _, _ = s.ptmx.WriteString("jjjkkk"[i%6 : i%6+1]) }, keys)
	b.put(n, "processor for 1,000 keys beyond that, s", (busy-resting).Seconds()/keys*1000)
}

// verbs measures what the command line does with the whole book.
func (b *benchTable) verbs(t *testing.T, n int, book string) {
	t.Helper()
	// The first time all standings are written, on a later day those that have changed.
	for _, c := range []struct{ name, day string }{{"rescore, the first time", "2026-11-22"}, {"rescore, a day later", "2026-11-23"}} {
		b.ms(n, c.name, timed(t, "--book", book, "--today", c.day, "do", "rescore", "-q"))
	}
	for _, c := range []struct{ name, line string }{
		{"list one customer", "list customers --limit 1"},
		{"filter the customers", "list customers --where amber -o ids"},
		{"sort the queue by clocks", "list items --sort sla_due --limit 1"},
		{"report revenue", "report revenue"},
		{"report retention", "report retention --from 2025-11-30 --to 2026-11-22"},
		{"report renewals", "report renewals"},
		{"report demand", "report demand"},
		{"report sla", "report sla"},
		{"report segments", "report segments"},
		{"report today", "report today"},
		{"export customers as CSV", "export customers --out " + filepath.Join(filepath.Dir(book), "out.csv") + " -q"},
		{"check", "check"},
	} {
		args := append([]string{"--book", book, "--today", "2026-11-23"}, strings.Fields(c.line)...)
		if c.name != "check" { // It reads the whole book each time.
			timed(t, args...)
		}
		b.ms(n, c.name, timed(t, args...))
	}
	if info, err := os.Stat(book); err == nil {
		b.put(n, "the book, MB", float64(info.Size())/(1<<20))
	}
}

// edits measures how long a change takes until it is safe, alone and among twenty writers.
func (b *benchTable) edits(t *testing.T, n int, path string) {
	t.Helper()
	var mu sync.Mutex
	made := counted()
	newID := func() model.ID { mu.Lock(); defer mu.Unlock(); id := made(); id[3] = 0x7e; return id }
	book, err := store.Open(path, store.Options{User: "bench", Now: time.Now, NewID: newID, Today: func() day.Day { return day.Of(2026, 11, 22) }})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if _, err := book.Snapshot(); err != nil {
		t.Fatal(err)
	}
	add := func() {
		r := model.NewRecord(model.Task, newID())
		r.Set("title", model.Text("bench"))
		if _, err := book.Do(t.Context(), model.Step{ID: newID(), Actor: "bench", Label: "bench", Ops: []model.Op{model.CreateOp(r)}}); err != nil {
			t.Error(err)
		}
	}
	var took []time.Duration
	for range 50 {
		start := time.Now()
		add()
		took = append(took, time.Since(start))
	}
	b.both(n, "an edit until it is safe", took)
	b.both(n, "two writes of 8 kB with fdatasync, its floor", floorOfAnEdit(t, filepath.Dir(path)))
	var writers sync.WaitGroup
	start := time.Now()
	for range 20 {
		writers.Go(func() {
			for range 10 {
				add()
			}
		})
	}
	writers.Wait()
	b.ms(n, "one of 200 edits by 20 writers", time.Since(start)/200)
}

// floorOfAnEdit times what a change cannot do without: its pages, then the head that makes them count, each on the disk.
func floorOfAnEdit(t *testing.T, dir string) (took []time.Duration) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "floor"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 8<<10)
	for i := range 50 {
		start := time.Now()
		for _, at := range []int64{int64(i+1) << 13, 0} {
			if _, err := f.WriteAt(page, at); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Fdatasync(int(f.Fd())); err != nil {
				t.Fatal(err)
			}
		}
		took = append(took, time.Since(start))
	}
	return took
}

// benchHeader and benchRow are what the tables to import hold.
var benchHeader = []string{"id", "name", "country", "city", "employees", "domain"}

func benchRow(i int) []string {
	return []string{fmt.Sprintf("C-%07d", i), fmt.Sprintf("Customer %d Amber %d Ltd", i, i%97), "Ireland", fmt.Sprintf("City %d", i%500), strconv.Itoa(i % 9000), fmt.Sprintf("c%d.example", i)}
}

// imports measures rows a second.
func (b *benchTable) imports(t *testing.T, n int, dir string) {
	t.Helper()
	for _, format := range []string{tabular.FormatDelimited, tabular.FormatXLSX} {
		ending := map[string]string{tabular.FormatDelimited: "csv", tabular.FormatXLSX: "xlsx"}[format]
		if format == tabular.FormatXLSX && n > 1_000_000 {
			continue // A sheet has 1,048,576 rows.
		}
		path := filepath.Join(dir, "rows."+ending)
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		w, err := tabular.NewWriter(format, f, benchHeader, tabular.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			var row []tabular.Value
			for _, c := range benchRow(i) {
				row = append(row, tabular.Text(c))
			}
			if err := w.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil || f.Close() != nil {
			t.Fatal(err)
		}
		took := timed(t, "--book", filepath.Join(dir, ending+".db"), "import", "customers", path, "-q")
		b.put(n, "import of "+strings.ToUpper(ending)+", rows/s", float64(n)/took.Seconds())
	}
}
