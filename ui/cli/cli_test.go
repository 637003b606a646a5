package cli

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
)

// session runs command lines on a book of its own, with a clock that moves a second at every look and
// ids that count, so that every run gives the same bytes.
type session struct {
	t    *testing.T
	deps Deps
	out  bytes.Buffer
	err  bytes.Buffer
}

func newSession(t *testing.T) *session {
	t.Helper()
	s := &session{t: t}
	now, last := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), uint64(0)
	s.deps = Deps{
		Stdin: strings.NewReader(""), Stdout: &s.out, Stderr: &s.err,
		Env: []string{"XDG_DATA_HOME=" + t.TempDir()}, User: "ana", LockWait: time.Millisecond,
		Now: func() time.Time { now = now.Add(time.Second); return now },
		NewID: func() model.ID {
			last++
			var id model.ID
			binary.BigEndian.PutUint64(id[8:], last)
			return id
		},
	}
	return s
}

// run runs one command line and returns its status.
func (s *session) run(args ...string) int {
	s.out.Reset()
	s.err.Reset()
	return Run(context.Background(), args, s.deps)
}

func (s *session) must(args ...string) string {
	s.t.Helper()
	if status := s.run(args...); status != exitDone {
		s.t.Fatalf("opsdeck %s: status %d: %s", strings.Join(args, " "), status, s.err.String())
	}
	return s.out.String()
}

func TestRunsAreReproducible(t *testing.T) {
	play := func() string {
		s := newSession(t)
		var all strings.Builder
		for _, line := range [][]string{
			{"add", "customer", "name=Acme", "owner=me"},
			{"add", "contract", "customer=Acme", "start=today", "end=+1y", "amount=10", "per=month"},
			{"set", "customers", "--where", "owner:me", "tags=a;b"},
			{"history"},
			{"list", "batches", "-o", "json"},
			{"show", "customer", "Acme", "-o", "json"},
			{"why", "customer", "Acme", "arr", "-o", "json"},
			{"settings", "show"},
			{"man"},
		} {
			all.WriteString(s.must(line...) + s.err.String())
		}
		return all.String()
	}
	if a, b := play(), play(); a != b {
		t.Errorf("two runs differ:\n%s\n%s", a, b)
	}
}

// TestJSONKeysAreStable keeps the keys of the machine output from changing by accident: they are
// unique, in snake_case, and every object of a list has the same ones.
func TestJSONKeysAreStable(t *testing.T) {
	s := newSession(t)
	book := filepath.Join(t.TempDir(), "demo.db")
	s.must("demo", "--customers", "30", "--book", book)
	for _, line := range []string{"add voice item=OPS-1 customer=C-00001", "add telling item=OPS-1 customer=C-00001", "add decision item=OPS-1 verdict=planned", "add article title=Export"} {
		s.must(append([]string{"--book", book}, strings.Fields(line)...)...)
	}
	s.must("--book", book, "do", "snapshot", "renewals", "Board")
	s.must("--book", book, "add", "view", "name=Key", "pane=customers", "filter=tier:KA")
	s.must("--book", book, "erase", "customer", "C-00030", "--yes")
	for _, kind := range kindNames() {
		var rows []map[string]any
		if err := json.Unmarshal([]byte(s.must("--book", book, "list", kind, "-o", "json")), &rows); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if kind == "scorecards" {
			continue // A company begins with the model of the settings.
		}
		if len(rows) == 0 {
			t.Errorf("the sample has no %s", kind)
			continue
		}
		header, _, _ := strings.Cut(s.must("--book", book, "list", kind, "-o", "csv"), "\n")
		names := strings.Split(header, ",")
		seen := map[string]bool{}
		for _, n := range names {
			if seen[n] || strings.ToLower(n) != n || strings.ContainsAny(n, " -") {
				t.Errorf("%s: the key %q is not unique in snake_case", kind, n)
			}
			seen[n] = true
		}
		for i, row := range rows {
			if len(row) != len(names) {
				t.Fatalf("%s: row %d has %d keys, want %d", kind, i, len(row), len(names))
			}
		}
	}
}

func TestLockedBookIsRefusedAfterTheWait(t *testing.T) {
	s := newSession(t)
	saved := filepath.Join(t.TempDir(), "saved.db")
	s.must("add", "customer", "name=Acme")
	s.must("backup", saved)
	path, _, err := (&app{Deps: s.deps}).bookPath()
	if err != nil {
		t.Fatal(err)
	}
	held, err := store.Open(path, store.Options{User: "bob", Now: s.deps.Now, NewID: s.deps.NewID, Today: func() day.Day { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range [][]string{
		{"list", "customers"},
		{"add", "customer", "name=B"},
		{"undo"},
		{"compact"},
		{"check"},
		{"backup", path + ".copy"},
		{"restore", saved},
	} {
		if status := s.run(line...); status != exitRefused || !strings.Contains(s.err.String(), `in use by "bob"`) {
			t.Errorf("%v on a held book: status %d, %s", line, status, s.err.String())
		}
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	s.must("list", "customers")
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestOutputThatCannotBeWrittenFails(t *testing.T) {
	s := newSession(t)
	s.must("add", "customer", "name=Acme")
	s.deps.Stdout = brokenWriter{}
	for _, format := range []string{"table", "csv", "json", "ndjson", "ids"} {
		if status := s.run("list", "customers", "-o", format); status != exitFailed || !strings.Contains(s.err.String(), "disk is full") {
			t.Errorf("-o %s: status %d, %q", format, status, s.err.String())
		}
	}
}

// TestStoppedImportSavesNothing stops an import at different points of its planning and right before
// it is applied.
func TestStoppedImportSavesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "customers.csv")
	var rows strings.Builder
	rows.WriteString("id,name\n")
	for i := range 5000 {
		fmt.Fprintf(&rows, "%d,Company %d\n", i, i)
	}
	if err := os.WriteFile(file, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, stopAt := range []int{0, 1, 2000, 5000} {
		s := newSession(t)
		s.must("settings", "set", "lead.KA=91")
		ctx, stop := context.WithCancel(context.Background())
		deps, made := s.deps, 0
		deps.NewID = func() model.ID {
			if made++; made > stopAt {
				stop()
			}
			return s.deps.NewID()
		}
		if stopAt == 0 {
			stop()
		}
		s.err.Reset()
		if status := Run(ctx, []string{"import", "customers", file}, deps); status != exitFailed || !strings.Contains(s.err.String(), "stopped; nothing was saved") {
			t.Errorf("stopped at %d: status %d, %q", stopAt, status, s.err.String())
		}
		if out := s.must("list", "batches", "-o", "ids"); strings.Count(out, "\n") != 1 {
			t.Errorf("stopped at %d: steps %q", stopAt, out)
		}
		stop()
	}
}

func TestOwnerOfTheBookMayActAsAnother(t *testing.T) {
	s := newSession(t)
	s.must("--as", "bob", "add", "customer", "name=Acme")
	if out := s.must("history"); !strings.Contains(out, "bob  add customer Acme") {
		t.Errorf("history: %s", out)
	}
}

func TestWorkstationGetsTheBookAndItsOptions(t *testing.T) {
	ptmx, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo terminal: %v", err)
	}
	defer ptmx.Close()
	defer tty.Close()
	s := newSession(t)
	s.deps.Stdin, s.deps.Stdout = tty, tty
	s.deps.Env = append(s.deps.Env, "NO_COLOR=1")
	var got WorkstationOptions
	customers := 0
	s.deps.Workstation = func(_ context.Context, b *store.Book, o WorkstationOptions) error {
		got = o
		customers = 0
		return b.Each(model.Customer, func(*model.Record) bool { customers++; return true })
	}
	if status := s.run("--as", "bob", "--lang", "de-CH"); status != exitDone {
		t.Fatalf("status %d: %s", status, s.err.String())
	}
	if got.User != "bob" || got.Lang != "de-CH" || !got.NoColor || got.Note != "" {
		t.Errorf("options %+v", got)
	}
	if status := s.run("demo", "--customers", "12"); status != exitDone {
		t.Fatalf("demo: status %d: %s", status, s.err.String())
	}
	if customers != 12 || got.Note == "" {
		t.Errorf("demo with %d customers, note %q", customers, got.Note)
	}
}

func TestEditedSettings(t *testing.T) {
	before := "lead.KA = 90\nlead.mid = 60\ncompany.name = \"\"\n"
	after := "lead.KA = 100\ncompany.name = \"\"\nrate.EUR = 1.1\n"
	got, err := edited(before, after)
	if err != nil {
		t.Fatal(err)
	}
	want := []setting{{"lead.KA", "100"}, {"rate.EUR", "1.1"}, {"lead.mid", ""}}
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %v, want %v", got[i], want[i])
		}
	}
}

func TestEditorChangesTheText(t *testing.T) {
	s := newSession(t)
	script := filepath.Join(t.TempDir(), "editor")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho 'lead.KA = 7' > \"$2\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.deps.Env = append(s.deps.Env, "EDITOR="+script+" -x", "PATH="+os.Getenv("PATH"))
	a := &app{Deps: s.deps}
	if got, err := a.edit(context.Background(), "lead.KA = 90\n"); err != nil || got != "lead.KA = 7\n" {
		t.Errorf("got %q, %v", got, err)
	}
	s.deps.Env = append(s.deps.Env, "EDITOR=")
	a = &app{Deps: s.deps}
	if _, err := a.edit(context.Background(), ""); statusOf(err) != exitUsage {
		t.Errorf("without an editor: %v", err)
	}
}
