//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The needle is in the name of each ninety-seventh row.
const needle = "amber 42 "

// peers measures other programs on the same rows, side by side with this one in the same run; what is not installed is
// left out with a word. Ratios are ours/theirs: below one this program is the faster one.
func (b *benchTable) peers(t *testing.T, n int, dir string) {
	t.Helper()
	csv, ours := filepath.Join(dir, "rows.csv"), filepath.Join(dir, "csv.db")
	own := func(args ...string) float64 {
		args = append([]string{"--book", ours}, args...)
		timed(t, args...) // The cache is there from the second time on.
		return float64(timed(t, args...).Microseconds()) / 1000
	}
	importing := float64(n) / b.cells[n]["import of CSV, rows/s"] * 1000
	finding := own("list", "customers", "--where", fmt.Sprintf("%q", strings.TrimSpace(needle)), "-o", "ids")
	sorting := own("list", "customers", "--sort", "-employees", "-o", "csv", "--columns", "external_id,name,country,city,employees,domain")
	db := filepath.Join(dir, "peer.sqlite")
	for _, p := range []struct {
		program, what, line string
		ours                float64 // ms
	}{
		{"sqlite3", "import", "sqlite3 " + db + " '.mode csv' '.import " + csv + " rows'", importing},
		{"sqlite3", "find words and print their ids", "sqlite3 " + db + " \"select id from rows where name like '%" + needle + "%'\"", finding},
		{"sqlite3", "sort and print all", "sqlite3 -csv " + db + " 'select * from rows order by cast(employees as integer) desc'", sorting},
		{"fzf", "find words and print their ids", "fzf --filter \"'" + needle + "\" < " + csv, finding},
		{"vd", "sort and print all", "vd -b -N -p " + visiDataSort(t, dir, csv), sorting},
		{"task", "import", "task rc.confirmation=off import " + taskFile(t, n, dir), importing},
		{"task", "find words and print their ids", "task rc.verbose=nothing rc.gc=off rc.search.case.sensitive=no \"/" + strings.TrimSpace(needle) + " /\" export", finding},
	} {
		if b.absent(t, p.program, n) {
			continue
		}
		took, err := b.runPeer(t, dir, p.what, p.line)
		if err != nil {
			t.Logf("%s, %s: %v", p.program, p.what, err)
			continue
		}
		b.ratio(n, p.what, p.program, p.ours, float64(took.Microseconds())/1000)
	}
	b.onScreens(t, n, csv)
}

// absent tells whether a program cannot be measured, with a word about it.
func (b *benchTable) absent(t *testing.T, program string, n int) bool {
	if _, err := exec.LookPath(program); err != nil {
		t.Logf("%s is not installed", program)
		return true
	}
	if program == "task" && n > 10_000 { // It takes minutes for more.
		t.Logf("taskwarrior is left out at %d rows", n)
		return true
	}
	return false
}

// ratio notes both figures and what one is of the other.
func (b *benchTable) ratio(n int, what, program string, ours, theirs float64) {
	b.put(n, what+": opsdeck, ms", ours)
	b.put(n, what+": "+program+", ms", theirs)
	b.put(n, what+": ratio to "+program, ours/theirs)
}

// runPeer runs a line of the shell; what it prints goes where nobody reads.
func (b *benchTable) runPeer(t *testing.T, dir, what, line string) (time.Duration, error) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.Env = append(os.Environ(), "HOME="+dir, "TASKRC=/dev/null", "TASKDATA="+filepath.Join(dir, "tasks"), "FZF_DEFAULT_OPTS=")
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	if err != nil {
		return 0, fmt.Errorf("%w: %.200s", err, &words)
	}
	if !found(what, out.Bytes()) {
		return 0, fmt.Errorf("it has not found %q: %.200s", needle, &out)
	}
	return took, nil
}

// found tells whether a program has printed what it was asked for: one that fails quietly would be the fastest of all.
func found(what string, out []byte) bool {
	return !strings.HasPrefix(what, "find") || bytes.Contains(bytes.ToLower(out), []byte("0000042")) || bytes.Contains(bytes.ToLower(out), []byte(strings.TrimSpace(needle)))
}

// visiDataSort writes what VisiData is to do: open the rows, sort them by a number, and write them out.
func visiDataSort(t *testing.T, dir, csv string) string {
	t.Helper()
	path := filepath.Join(dir, "sort.vdj")
	text := fmt.Sprintf(`#!vd -p
{"longname": "open-file", "input": %q}
{"sheet": "rows", "col": "employees", "row": "", "longname": "type-int", "input": ""}
{"sheet": "rows", "col": "employees", "row": "", "longname": "sort-desc", "input": ""}
{"sheet": "rows", "col": "", "row": "", "longname": "save-sheet", "input": %q}
`, csv, filepath.Join(dir, "vd.csv"))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// taskFile writes the rows as taskwarrior takes them in.
func taskFile(t *testing.T, n int, dir string) string {
	t.Helper()
	var text bytes.Buffer
	for i := range n {
		row := benchRow(i)
		fmt.Fprintf(&text, "{\"description\":%q,\"project\":%q,\"tags\":[%q]}\n", row[1], row[3], row[2])
	}
	path := filepath.Join(dir, "tasks.json")
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "tasks"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// screenPeer is a program with a screen, and the keys for what is measured.
type screenPeer struct {
	program, stdin, ready string
	args                  []string
	move, page, sort      string
	filter                string // what opens the filter; empty where typing is filtering
	filters               bool
	quiet                 time.Duration
}

// onScreens presses the same keys in the programs that have a screen, on the same rows and the same terminal.
func (b *benchTable) onScreens(t *testing.T, n int, csv string) {
	t.Helper()
	own := []string{"--book", filepath.Join(filepath.Dir(csv), "csv.db")}
	for _, p := range []screenPeer{
		{program: "opsdeck", ready: firstScreen, args: own, move: "j", page: "\x06", sort: "s", filter: "/", filters: true, quiet: patientQuiet},
		{program: "fzf", stdin: csv, ready: fmt.Sprintf("%d/%d", n+1, n+1), move: "\x10", page: "\x1b[5~", filters: true, quiet: patientQuiet},
		// VisiData puts the cursor again ten times a second.
		{program: "vd", ready: fmt.Sprintf("%d rows", n), args: []string{"-N", csv}, move: "j", page: "\x06", sort: "]", quiet: patientQuiet / 2},
	} {
		if !b.absent(t, p.program, n) {
			b.screen(t, n, p)
		}
	}
}

func (b *benchTable) screen(t *testing.T, n int, p screenPeer) {
	t.Helper()
	put := func(what string, took []time.Duration) {
		if len(took) == 0 {
			return
		}
		what = "same rows, " + what
		b.both(n, what+": "+p.program, took)
		if ours := b.cells[n][what+": opsdeck p50, ms"]; p.program != "opsdeck" && ours > 0 {
			b.put(n, what+": ratio of p50 to "+p.program, ours/b.cells[n][what+": "+p.program+" p50, ms"])
		}
	}
	if p.program == "opsdeck" { // The first start makes the cache.
		first := openBenchTerm(t, p.stdin, p.program, p.args...)
		first.until(p.ready)
		first.leave("q")
	}
	var starts []time.Duration
	var s *benchTerm
	for range 3 {
		if s != nil {
			s.kill()
		}
		s = openBenchTerm(t, p.stdin, p.program, p.args...)
		s.quiet = p.quiet
		starts = append(starts, s.until(p.ready))
	}
	put("start", starts)
	s.key(p.move)
	b.put(n, "same rows, memory: "+p.program+", MB", float64(s.status("VmRSS"))/1024)
	put("move", s.times(30, p.move))
	put("page", s.times(10, p.page))
	if p.sort != "" {
		put("sort", s.times(4, p.sort))
	}
	if p.filters {
		if p.filter != "" {
			s.key(p.filter)
		}
		put("letter of a filter", s.times(5, strings.Split("amber", "")...))
	}
	s.kill()
}
