package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"testing"

	"opsdeck/model"
	"opsdeck/model/sample"
)

// worked makes a book with some history, closed, and returns its path, a copy from half way, and its records.
func worked(t *testing.T) (path, half string, want map[recordID]*model.Record) {
	t.Helper()
	dir := t.TempDir()
	path, half = filepath.Join(dir, "book.db"), filepath.Join(dir, "half.db")
	o := testOptions()
	o.Create = true
	b, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	var ops []model.Op
	must(sample.Generate(sample.Options{Customers: 30, Seed: 7, Today: o.Today()}, func(r *model.Record) error {
		ops = append(ops, model.CreateOp(r))
		return nil
	}))
	if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "ana", Kind: model.Import, Label: "sample", Ops: ops}); err != nil {
		t.Fatal(err)
	}
	var first *model.Record
	must(b.Each(model.Customer, func(r *model.Record) bool { first = r; return false }))
	for i := range 40 {
		if i == 20 {
			must(b.Backup(t.Context(), half))
		}
		set(t, b, "bo", model.Customer, first.ID, "industry", model.Text(fmt.Sprintf("Steel %d", i)))
		add(t, b, "bo", model.Customer, map[string]model.Value{"name": model.Text(fmt.Sprintf("Added %d", i))})
	}
	if _, err := b.Undo(t.Context(), "bo", b.NewID()); err != nil {
		t.Fatal(err)
	}
	want = everyRecord(t, b)
	must(b.Close())
	return path, half, want
}

func everyRecord(t *testing.T, b *Book) map[recordID]*model.Record {
	t.Helper()
	out := map[recordID]*model.Record{}
	for _, k := range model.Kinds() {
		must(b.Each(k, func(r *model.Record) bool { out[recordID{k, r.ID}] = r; return true }))
	}
	return out
}

// rescued saves a damaged book and checks that the new one is sound and the old file as it was.
func rescued(t *testing.T, path, backup string) (Rescued, map[recordID]*model.Record) {
	t.Helper()
	before, err := os.ReadFile(path)
	must(err)
	to := filepath.Join(t.TempDir(), "saved.db")
	o, n := testOptions(), uint64(1)<<40
	o.NewID = func() model.ID { n++; var id model.ID; binary.BigEndian.PutUint64(id[8:], n); return id }
	out, err := Rescue(t.Context(), path, backup, to, o)
	if err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	must(err)
	if !bytes.Equal(before, after) {
		t.Error("the damaged file has been written to")
	}
	b, err := Open(to, testOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if found := problems(t, b); len(found) > 0 {
		t.Errorf("what was saved is not sound: %q", found)
	}
	return out, everyRecord(t, b)
}

func TestRescueOfASoundBookLosesNothing(t *testing.T) {
	path, _, want := worked(t)
	out, got := rescued(t, path, "")
	if len(out.Damage)+len(out.Missing)+out.Patched > 0 || len(got) != len(want) || out.Entries != int(out.LogEnds) {
		t.Errorf("%+v: %d records of %d", out, len(got), len(want))
	}
	compareRecords(t, got, want)
}

func compareRecords(t *testing.T, got, want map[recordID]*model.Record) (missing int) {
	t.Helper()
	for key, r := range want {
		g, ok := got[key]
		if !ok {
			missing++
		} else if !g.Equal(r) {
			t.Errorf("%s %s is not as it was", key.kind, r.Title())
		}
	}
	for key := range got {
		if want[key] == nil {
			t.Errorf("%s %s came from nowhere", key.kind, key.id)
		}
	}
	return missing
}

// TestRescueOfAHurtRecord: a flipped bit in a record costs nothing, since the log makes it again.
func TestRescueOfAHurtRecord(t *testing.T) {
	path, _, want := worked(t)
	raw, err := os.ReadFile(path)
	must(err)
	random := rand.New(rand.NewSource(1))
	for round := range 40 {
		hurt := bytes.Clone(raw)
		at := 8192 + random.Intn(len(bytes.TrimRight(raw, "\x00"))-8192)
		hurt[at] ^= 1 << random.Intn(8)
		file := filepath.Join(t.TempDir(), "book.db")
		must(os.WriteFile(file, hurt, 0o600))
		out, got := rescued(t, file, "")
		if missing := compareRecords(t, got, want); missing > 0 {
			t.Errorf("round %d, byte %d: one bit cost %d records of %d: %+v", round, at, missing, len(want), out)
		}
	}
}

// TestRescueWithABackup: where the log is damaged in its older part a copy has that part, and what came after
// the copy is done again.
func TestRescueWithABackup(t *testing.T) {
	path, half, want := worked(t)
	raw, err := os.ReadFile(path)
	must(err)
	// The steps to and from this value are in the log alone, before the copy was made.
	copy(raw, bytes.ReplaceAll(raw, []byte("Steel 10"), []byte("Stahl 10")))
	must(os.WriteFile(path, raw, 0o600))
	alone, got := rescued(t, path, "")
	if alone.Entries >= int(alone.LogEnds) || len(alone.Missing) == 0 {
		t.Errorf("the log was damaged and nobody says so: %+v", alone)
	}
	if missing := compareRecords(t, got, want); missing > 0 {
		t.Errorf("%d records are gone, and only the log was hurt", missing)
	}
	helped, got := rescued(t, path, half)
	if helped.Entries != int(helped.LogEnds) || len(helped.Missing) > 0 {
		t.Errorf("the backup did not help: %+v", helped)
	}
	compareRecords(t, got, want)
}

// TestRescueWithoutTheWayThere damages every page that leads to others, and the beginning of the log: all that is left of
// most records are pages to which nothing leads, and those are enough.
func TestRescueWithoutTheWayThere(t *testing.T) {
	path, _, want := worked(t)
	raw, err := os.ReadFile(path)
	must(err)
	const page, branch, leaf = 4096, 1, 2
	if os.Getpagesize() != page {
		t.Skip("pages of another size lie elsewhere")
	}
	ways, logs := 0, 0
	for at := 2 * page; at+page <= len(raw); at += page {
		flags, more := binary.NativeEndian.Uint16(raw[at+8:]), int(binary.NativeEndian.Uint32(raw[at+12:]))
		if binary.NativeEndian.Uint64(raw[at:]) != uint64(at/page) || at+(more+1)*page > len(raw) {
			continue
		}
		switch {
		case flags == branch:
			clear(raw[at+16 : at+page])
			ways++
		case flags == leaf && more > 0: // What needs several pages is the first entry of the log.
			raw[at+page+100] ^= 1
			logs++
		}
		at += more * page
	}
	if ways == 0 || logs == 0 {
		t.Fatalf("%d pages that lead to others, %d entries of the log: the book is too small for this", ways, logs)
	}
	must(os.WriteFile(path, raw, 0o600))
	out, got := rescued(t, path, "")
	missing := 0
	for key := range want {
		if got[key] == nil {
			missing++
		}
	}
	if missing > 0 || out.Entries > 0 || len(out.Missing) == 0 {
		t.Errorf("%d of %d records are gone: %d entries, %q", missing, len(want), out.Entries, out.Missing)
	}
}

func TestRescueOfAFileCutOff(t *testing.T) {
	path, half, want := worked(t)
	raw, err := os.ReadFile(path)
	must(err)
	used := len(bytes.TrimRight(raw, "\x00"))
	for _, part := range []int{used * 9 / 10, used / 2} {
		must(os.WriteFile(path, raw[:part], 0o600))
		out, got := rescued(t, path, half)
		if len(out.Damage) == 0 || len(got) == 0 {
			t.Errorf("%d of %d bytes: %+v", part, used, out)
		}
		if out.Entries < 1 {
			t.Errorf("nothing of the backup's log was taken: %+v", out)
		}
		for key := range got {
			if want[key] == nil && key.kind != model.Customer {
				t.Errorf("%s %s came from nowhere", key.kind, key.id)
			}
		}
	}
}

func TestRescueRefusesACopyOfAnotherBook(t *testing.T) {
	path, _, _ := worked(t)
	dir := t.TempDir()
	o := testOptions()
	o.Create = true
	o.NewID = func() model.ID { return model.ID{9, 9, 9} }
	b, err := Open(filepath.Join(dir, "other.db"), o)
	must(err)
	must(b.Close())
	_, err = Rescue(t.Context(), path, filepath.Join(dir, "other.db"), filepath.Join(dir, "saved.db"), testOptions())
	if !errors.Is(err, ErrOtherBook) {
		t.Errorf("got %v", err)
	}
}
