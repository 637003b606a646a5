package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
	"opsdeck/store/engine"
)

// cachedOptions are those of a book that has a cache however small it is.
func cachedOptions() Options {
	o := testOptions()
	o.Cache, o.leastCached = KeepCache, 1
	return o
}

// shownOf writes down what a picture shows.
func shownOf(t testing.TB, b *Book) []string {
	t.Helper()
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return picture(s)
}

func picture(s *table.Snapshot) []string {
	out := []string{fmt.Sprintf("seq %d, %s, cadence %d", s.Seq, s.Today, s.Settings.Int("cadence.KA"))}
	for _, k := range model.Kinds() {
		t := s.Table(k)
		for _, row := range t.Order([]table.Sort{{Field: t.Schema.Title}}) {
			line := fmt.Sprintf("%s %s %q", k, t.ID(row), t.Words(row))
			for _, f := range t.Schema.Fields {
				line += "|" + s.Shown(k, row, f.Name)
			}
			out = append(out, line)
		}
	}
	return out
}

func mustOpen(t testing.TB, path string, o Options) *Book {
	t.Helper()
	b, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustClose(t testing.TB, b *Book) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

// makeCached makes a book of some customers, with its cache.
func makeCached(t testing.TB) (path string, o Options, acme *model.Record) {
	t.Helper()
	path, o = filepath.Join(t.TempDir(), "book.db"), cachedOptions()
	b := mustOpen(t, path, o)
	acme = add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme"), "x.region": model.Text("north")})
	for i := range 20 {
		add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text(fmt.Sprintf("Customer %02d", i))})
		add(t, b, "ana", model.Contact, map[string]model.Value{"name": model.Text(fmt.Sprintf("Contact %d", i)), "customer": model.Ref(acme.ID)})
	}
	shownOf(t, b)
	mustClose(t, b)
	return path, o, acme
}

// wantFromCache opens a book that is not to be read but for its cache, and wants it shown as it is.
func wantFromCache(t *testing.T, path string, o Options) []string {
	t.Helper()
	o.ReadOnly = true
	b := mustOpen(t, path, o)
	got := shownOf(t, b)
	if b.late.isOpen() {
		t.Error("the book was opened, though its cache shows it as it is")
	}
	mustClose(t, b)
	o.Cache = NoCache
	b = mustOpen(t, path, o)
	if want := shownOf(t, b); !slices.Equal(got, want) {
		t.Errorf("from the cache:\n%q\nfrom the book:\n%q", got, want)
	}
	mustClose(t, b)
	return got
}

func TestALargeBookIsShownFromItsCache(t *testing.T) {
	path, o, acme := makeCached(t)
	wantFromCache(t, path, o)
	made, err := os.Stat(CachePath(path))
	if err != nil {
		t.Fatal(err)
	}
	if made.Mode().Perm() != 0o600 {
		t.Errorf("the cache may be read by others: %v", made.Mode())
	}

	// Changes go behind the cache, whether or not anybody has looked at a picture.
	b := mustOpen(t, path, o)
	set(t, b, "ana", model.Customer, acme.ID, "name", model.Text("Acme & Sons"))
	mustClose(t, b)
	b = mustOpen(t, path, o)
	shownOf(t, b)
	gone, err := b.Get(model.Customer, add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Short-lived")}).ID)
	if err != nil {
		t.Fatal(err)
	}
	do(t, b, "ana", "remove", model.RemoveOp(gone))
	add(t, b, "ana", model.Setting, map[string]model.Value{"key": model.Text("cadence.KA"), "value": model.Long("3")})
	mustClose(t, b)
	if got := wantFromCache(t, path, o); got[0] != "seq 45, 2026-11-22, cadence 3" {
		t.Errorf("after the changes: %s", got[0])
	}
	if now, err := os.Stat(CachePath(path)); err != nil || !os.SameFile(made, now) {
		t.Error("a few changes have made a new cache:", err)
	}

	// The next morning.
	o.Today = func() day.Day { return day.Of(2026, 11, 23) }
	wantFromCache(t, path, o)
	b = mustOpen(t, path, o)
	shownOf(t, b)
	mustClose(t, b)
	if now, err := os.Stat(CachePath(path)); err != nil || os.SameFile(made, now) {
		t.Error("the cache is still that of the day before:", err)
	}
	wantFromCache(t, path, o)

	// However early the book is closed, whether it has been opened by then or not.
	for range 20 {
		b = mustOpen(t, path, o)
		shownOf(t, b)
		mustClose(t, b)
		wantFromCache(t, path, o)
	}
}

// After a crash the log tells what the cache has not seen.
func TestACacheIsBroughtUpToDateAfterACrash(t *testing.T) {
	path, o, acme := makeCached(t)
	killed := filepath.Join(t.TempDir(), "book.db")
	b := mustOpen(t, path, o)
	shownOf(t, b)
	set(t, b, "ana", model.Customer, acme.ID, "name", model.Text("Acme & Sons"))
	for _, p := range []string{"", ".cache"} {
		raw, err := os.ReadFile(path + p)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(killed+p, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := shownOf(t, b)
	mustClose(t, b)
	b = mustOpen(t, killed, o)
	if b.keep.fresh || b.keep.file == nil {
		t.Error("the cache is taken for one of the book as it is, or not at all")
	}
	if got := shownOf(t, b); !slices.Equal(got, want) {
		t.Errorf("after the crash:\n%q\nwant\n%q", got, want)
	}
	if b.keep.file == nil || len(b.keep.since) != 1 {
		t.Error("the book was read, though its log tells what the cache has not seen")
	}
	checkAll(t, b)
	mustClose(t, b)
	wantFromCache(t, killed, o)
}

// A cache of another book, or of this one's future, is not believed.
func TestACacheOfAnotherPastIsNotBelieved(t *testing.T) {
	path, o, acme := makeCached(t)
	early, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b := mustOpen(t, path, o)
	set(t, b, "ana", model.Customer, acme.ID, "name", model.Text("Acme & Sons"))
	mustClose(t, b)
	if err := os.Remove(CachePath(path)); err != nil {
		t.Fatal(err)
	}
	b = mustOpen(t, path, o)
	shownOf(t, b)
	mustClose(t, b)
	if err := os.WriteFile(path, early, 0o600); err != nil {
		t.Fatal(err)
	}
	o.Cache = ReadCache
	for _, name := range []string{"Ax", "Bx"} { // One less than the cache has seen, then as many.
		b = mustOpen(t, path, o)
		got := shownOf(t, b)
		fresh, err := b.load()
		if err != nil || !slices.Equal(got, picture(fresh)) {
			t.Errorf("shown from a cache of another past: %q %v", got, err)
		}
		if b.keep.file != nil {
			t.Error("the cache is still taken for one of this book")
		}
		set(t, b, "ana", model.Customer, acme.ID, "name", model.Text(name))
		mustClose(t, b)
	}
}

// Wherever a bit of the cache flips, what is shown is the book.
func TestAFlippedBitOfTheCacheIsNeverShown(t *testing.T) {
	path, o, acme := makeCached(t)
	b := mustOpen(t, path, o)
	set(t, b, "ana", model.Customer, acme.ID, "name", model.Text("Acme & Sons"))
	want := shownOf(t, b)
	mustClose(t, b)
	sound, err := os.ReadFile(CachePath(path))
	if err != nil {
		t.Fatal(err)
	}
	o.ReadOnly, o.Cache = true, ReadCache
	rebuilt := 0
	// The header is mostly empty, and the tail comes last; both are tried bit by bit.
	for at := 0; at < len(sound); at++ {
		if at > 120 && at < len(sound)-200 && at%(len(sound)/300) != 0 {
			continue
		}
		raw := slices.Clone(sound)
		raw[at] ^= 1 << (at % 8)
		os.Remove(CachePath(path))
		if err := os.WriteFile(CachePath(path), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		b := mustOpen(t, path, o)
		if got := shownOf(t, b); !slices.Equal(got, want) {
			t.Fatalf("bit %d of byte %d: shown is %q", at%8, at, got)
		}
		if b.late.isOpen() {
			rebuilt++
		}
		mustClose(t, b)
	}
	if rebuilt < 300 {
		t.Errorf("only %d flipped bits were noticed", rebuilt)
	}
}

// Damage to a book that is shown from its cache already is told to who looks and to who changes.
func TestDamageBehindTheCacheIsTold(t *testing.T) {
	path, o, acme := makeCached(t)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for page := 2 * 4096; page < len(raw); page += 4096 {
		raw[page] ^= 0x40 // The number of the page in its header.
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	b := mustOpen(t, path, o)
	told, end := b.Watch()
	defer end()
	if s, err := b.Snapshot(); err == nil && s.Table(model.Customer).Len() != 21 {
		t.Errorf("%d customers", s.Table(model.Customer).Len())
	}
	<-told
	var damage *engine.CorruptError
	if _, err := b.Snapshot(); !errors.As(err, &damage) {
		t.Errorf("the picture of a damaged book: %v", err)
	}
	if _, err := b.Get(model.Customer, acme.ID); !errors.As(err, &damage) {
		t.Errorf("a record of a damaged book: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Errorf("closing after the damage has been told: %v", err)
	}
	// Who does not look is told at the end.
	b = mustOpen(t, path, o)
	b.late.begin()
	<-b.late.done
	if err := b.Close(); !errors.As(err, &damage) {
		t.Errorf("closing a damaged book: %v", err)
	}
}

// Reading only leaves nothing beside the book, and small books have no cache.
func TestNoCacheIsMadeWhereNoneIsWanted(t *testing.T) {
	for name, change := range map[string]func(o *Options){
		"read only": func(o *Options) { o.Cache = ReadCache },
		"small":     func(o *Options) { o.leastCached = 1000 },
		"none":      func(o *Options) { o.Cache = NoCache },
	} {
		path, o := filepath.Join(t.TempDir(), "book.db"), cachedOptions()
		change(&o)
		b := mustOpen(t, path, o)
		add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme")})
		shownOf(t, b)
		mustClose(t, b)
		if _, err := os.Stat(CachePath(path)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: there is a cache: %v", name, err)
		}
	}
}
