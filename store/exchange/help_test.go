package exchange_test

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
	"opsdeck/store/exchange"
)

// today is the day on which every test takes place.
var today = day.Of(2026, 11, 22)

// newBook makes an empty book whose clock and ids count up.
func newBook(t testing.TB) *store.Book {
	t.Helper()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	var n uint64
	b, err := store.NewMemory(store.Options{
		Create: true, User: "tester",
		Now:   func() time.Time { now = now.Add(time.Second); return now },
		NewID: func() model.ID { n++; var id model.ID; binary.BigEndian.PutUint64(id[8:], n); return id },
		Today: func() day.Day { return today },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Check(context.Background(), func(p string) { t.Errorf("check: %s", p) }); err != nil {
			t.Errorf("check: %v", err)
		}
	})
	return b
}

// shared finds a file of the shared sample data, which is not part of the repository.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Skip("no go.mod above the package")
		}
		dir = up
	}
	path := filepath.Join(dir, "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the sample data is not here: %v", err)
	}
	return path
}

// plan plans a file and fails the test when the file as a whole cannot be planned.
func plan(t testing.TB, b *store.Book, path string, o exchange.Options) *exchange.Plan {
	t.Helper()
	if !o.Today.IsSet() || o.Today == 0 {
		o.Today = today
	}
	p, err := exchange.PlanFile(context.Background(), b, path, o, nil)
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	return p
}

// planText plans a file that the test writes itself.
func planText(t testing.TB, b *store.Book, name, text string, o exchange.Options) *exchange.Plan {
	t.Helper()
	o.Today = today
	p, err := exchange.PlanBytes(context.Background(), b, name, []byte(text), o)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return p
}

// apply does a plan and returns its summary.
func apply(t testing.TB, b *store.Book, p *exchange.Plan) exchange.Summary {
	t.Helper()
	if !p.Changes() {
		return p.Summary(model.ID{})
	}
	id := b.NewID()
	if _, err := b.Do(context.Background(), p.Step("ana", id)); err != nil {
		t.Fatalf("%s: %v", p.File, err)
	}
	return p.Summary(id)
}

// load imports a shared file.
func load(t testing.TB, b *store.Book, name string, o exchange.Options) exchange.Summary {
	t.Helper()
	return apply(t, b, plan(t, b, shared(t, name), o))
}

// counts is what a test says about a summary.
type counts struct {
	kind, source                                                string
	rows, created, updated, same, conflicts, duplicates, errors int
	stubs                                                       int
}

func (want counts) check(t testing.TB, what string, s exchange.Summary) {
	t.Helper()
	got := counts{s.Kind, s.Source, s.Rows, s.Created, s.Updated, s.Same, s.Conflicts, s.Duplicates, s.Errors, s.Stubs}
	if got != want {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// firstReasons lists reasons of rows that did not go in, for messages of failing tests.
func firstReasons(p *exchange.Plan) []string {
	var out []string
	for _, v := range p.Verdicts {
		if (v.Result == exchange.Failed || v.Result == exchange.Conflict) && len(out) < 5 {
			out = append(out, v.Reason)
		}
	}
	return out
}
