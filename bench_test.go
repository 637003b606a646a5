//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
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
		var growth []string
		for i, n := range b.sizes {
			v, ok := b.cells[n][name]
			if !ok {
				out.WriteString(" – |")
				continue
			}
			fmt.Fprintf(&out, " %.4g |", v)
			if before := b.cells[b.sizes[max(i-1, 0)]][name]; i > 0 && before > 0 {
				growth = append(growth, fmt.Sprintf("×%.1f", v/before))
			}
		}
		out.WriteString(" " + strings.Join(growth, " ") + " |\n")
	}
	return out.String()
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
	cold := openBenchTerm(t, args...)
	b.ms(n, "first start, no cache", cold.until(firstScreen))
	b.put(n, "memory at its peak then, MB", float64(cold.status("VmHWM"))/1024)
	cold.key("q")
	_ = cold.cmd.Wait()
	var starts []time.Duration
	for range 3 {
		warm := openBenchTerm(t, args...)
		starts = append(starts, warm.until(firstScreen))
		warm.key("q")
		_ = warm.cmd.Wait()
	}
	slices.Sort(starts)
	b.ms(n, "start to first screen", starts[1])
	s := openBenchTerm(t, args...)
	s.until(firstScreen)
	s.key("j")
	b.put(n, "memory at the first screen, MB", float64(s.status("VmRSS"))/1024)
	before, keys := s.cpu(), 0
	for _, c := range []struct {
		name string
		keys string
		n    int
	}{
		{"move", "j", 60}, {"page", "\x1b[6~", 20}, {"sort", "s", 6}, {"switch the pane", "41", 6}, {"letter of a filter", "/amber", 6},
	} {
		took, size := []time.Duration{}, 0
		for i := range c.n {
			d, bytes := s.key(string(c.keys[min(i, len(c.keys)-1)]))
			if len(c.keys) > 1 && c.keys[0] != '/' {
				d, bytes = s.key(string(c.keys[i%len(c.keys)]))
			}
			if c.keys[0] == '\x1b' {
				d, bytes = s.key(c.keys)
			}
			if c.keys[0] == '/' && i == 0 || d == 0 {
				continue
			}
			took, size, keys = append(took, d), size+bytes, keys+1
		}
		if len(took) == 0 {
			continue
		}
		b.both(n, c.name, took)
		if c.name == "move" || c.name == "page" {
			b.put(n, c.name+", bytes", float64(size)/float64(len(took)))
		}
	}
	b.put(n, "processor for 1,000 keys, s", (s.cpu()-before).Seconds()/float64(keys)*1000)
	b.scripts(n, s)
	b.put(n, "memory after the keys, MB", float64(s.status("VmRSS"))/1024)
	// After a kill the book has no state that the cache knows, and is examined first.
	s.kill()
	crashed := openBenchTerm(t, args...)
	b.ms(n, "start after a crash", crashed.until(firstScreen))
	crashed.kill()
}

// scripts measures the bytes of a move among names of ASCII and of wide characters.
func (b *benchTable) scripts(n int, s *benchTerm) {
	for name, filter := range map[string]string{"ASCII": "country:ireland", "CJK": "country:japan"} {
		s.key("\x1b")
		s.key("\x1b")
		s.key("/")
		s.key(filter)
		s.key("\r")
		s.key("g")
		size := 0
		for range 30 {
			_, bytes := s.key("j")
			size += bytes
		}
		b.put(n, "move with "+name+" names, bytes", float64(size)/30)
	}
}

// verbs measures what the command line does with the whole book.
func (b *benchTable) verbs(t *testing.T, n int, book string) {
	t.Helper()
	for _, c := range []struct{ name, line string }{
		{"list one customer", "list customers --limit 1"},
		{"filter the customers", "list customers --where amber -o ids"},
		{"sort the queue by clocks", "list items --sort sla_due --limit 1"},
		{"rescore", "do rescore"},
		{"report revenue", "report revenue"},
		{"report renewals", "report renewals"},
		{"check", "check"},
	} {
		if out, err := opsdeck(append([]string{"--book", book, "--today", "2026-11-22"}, strings.Fields(c.line)...)...); err != nil {
			t.Logf("%s: %v %.200s", c.line, err, out)
			continue
		}
		b.ms(n, c.name, timed(t, append([]string{"--book", book, "--today", "2026-11-22"}, strings.Fields(c.line)...)...))
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

// peers measures other programs on the same rows, side by side with this one; what is not installed is left out
// with a word.
func (b *benchTable) peers(t *testing.T, n int, dir string) {
	t.Helper()
	csv, ours := filepath.Join(dir, "rows.csv"), filepath.Join(dir, "csv.db")
	own := func(args ...string) time.Duration { return timed(t, append([]string{"--book", ours}, args...)...) }
	own("list", "customers", "--limit", "1") // The cache is there from the second time on.
	importing, finding := float64(n)/b.cells[n]["import of CSV, rows/s"]*1000, own("list", "customers", "--where", "amber", "-o", "ids")
	sorting := own("list", "customers", "--sort", "-employees", "--limit", "1")
	db := filepath.Join(dir, "peer.sqlite")
	for _, p := range []struct {
		program, name, line string
		ours                float64 // ms
	}{
		{"sqlite3", "import against sqlite3", "sqlite3 " + db + " '.mode csv' '.import " + csv + " rows'", importing},
		{"sqlite3", "find words against sqlite3", "sqlite3 " + db + " \"select count(*) from rows where name like '%amber%'\"", float64(finding.Milliseconds())},
		{"sqlite3", "sort against sqlite3", "sqlite3 " + db + " 'select name from rows order by cast(employees as integer) desc limit 1'", float64(sorting.Milliseconds())},
		{"fzf", "find words against fzf", "fzf --filter amber < " + csv, float64(finding.Milliseconds())},
		{"vd", "sort against VisiData", "vd -b " + csv + " -o " + filepath.Join(dir, "vd.csv"), float64(sorting.Milliseconds())},
		{"task", "import against taskwarrior", "TASKDATA=" + dir + " sh -c \"tail -n +2 " + csv + " | sed 's/.*/{\\\"description\\\":\\\"&\\\"}/' | task rc.confirmation=off import\"", importing},
	} {
		if _, err := exec.LookPath(p.program); err != nil {
			t.Logf("%s: %s is not installed", p.name, p.program)
			continue
		}
		start := time.Now()
		if out, err := exec.Command("sh", "-c", p.line).CombinedOutput(); err != nil {
			t.Logf("%s: %v %.200s", p.name, err, out)
			continue
		}
		theirs := time.Since(start)
		b.ms(n, p.program+" alone: "+p.name, theirs)
		b.put(n, p.name+", ratio ours/theirs", p.ours/(float64(theirs.Microseconds())/1000))
	}
}
