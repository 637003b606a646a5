package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store/engine"
)

// damaged makes a small sound book and lets damage have its way with the engine below.
func damaged(t *testing.T, damage func(tx engine.Tx, acme, li *model.Record)) []string {
	t.Helper()
	b, err := NewMemory(testOptions())
	if err != nil {
		t.Fatal(err)
	}
	acme := add(t, b, "ana", model.Customer, map[string]model.Value{
		"name": model.Text("Acme"), "external_id": model.Text("C-1"), "keys": model.List("crm|1"),
	})
	li := add(t, b, "ana", model.Contact, map[string]model.Value{"name": model.Text("Li"), "customer": model.Ref(acme.ID)})
	set(t, b, "bo", model.Customer, acme.ID, "industry", model.Text("Steel"))
	checkAll(t, b)
	if err := b.eng.Update(func(tx engine.Tx) error { damage(tx, acme, li); return nil }); err != nil {
		t.Fatal(err)
	}
	return problems(t, b)
}

func problems(t *testing.T, b *Book) []string {
	t.Helper()
	var found []string
	if err := b.Check(context.Background(), func(p string) { found = append(found, p) }); err != nil {
		t.Fatal(err)
	}
	return found
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// edit writes what fn makes of the value under a key.
func edit(tx engine.Tx, bucket string, key []byte, fn func([]byte) []byte) {
	raw, ok := tx.Get(bucket, key)
	if !ok {
		panic("the book under test has no " + bucket)
	}
	must(tx.Put(bucket, key, fn(slices.Clone(raw))))
}

// fault is a way to damage a book and what Check has to say of it.
type fault struct {
	name   string
	damage func(tx engine.Tx, acme, li *model.Record)
	want   []string // each has to be in one of the problems
}

func recordFaults() []fault {
	return []fault{
		{"a record that differs from the log", func(tx engine.Tx, acme, _ *model.Record) {
			other := acme.Clone()
			other.Set("name", model.Text("Acmé"))
			must(tx.Put(bucketRecord, recordKey(model.Customer, acme.ID), model.AppendRecord(nil, other)))
		}, []string{`("Acmé") is not what the log makes of it`}},
		{"a record that the log does not know", func(tx engine.Tx, _, _ *model.Record) {
			r := model.NewRecord(model.Customer, model.ID{7})
			r.Set("name", model.Text("Ghost"))
			must(tx.Put(bucketRecord, recordKey(model.Customer, r.ID), model.AppendRecord(nil, r)))
		}, []string{`("Ghost") is not what the log makes of it`}},
		{"a record that is gone", func(tx engine.Tx, _, li *model.Record) {
			must(tx.Delete(bucketRecord, recordKey(model.Contact, li.ID)))
		}, []string{`("Li") is in the log and not among the records`}},
		{"a record that does not decode", func(tx engine.Tx, _, li *model.Record) {
			edit(tx, bucketRecord, recordKey(model.Contact, li.ID), func(b []byte) []byte { return b[:len(b)-1] })
		}, []string{"contact 0", "does not decode"}},
		{"a missing index entry of a reference", func(tx engine.Tx, acme, li *model.Record) {
			must(tx.Delete(indexRef, refKey(acme.ID, model.Contact, li.ID)))
		}, []string{"index ix-ref: the reference from contact", "is missing"}},
		{"a missing index entry of an external id", func(tx engine.Tx, acme, _ *model.Record) {
			must(tx.Delete(indexExt, extKey(model.Customer, "C-1", acme.ID)))
		}, []string{`index ix-ext: external id "C-1" of customer`, "is missing"}},
		{"an index entry that leads to another record", func(tx engine.Tx, _, li *model.Record) {
			must(tx.Put(indexKey, sourceKey(model.Customer, "crm|1"), li.ID[:]))
		}, []string{`index ix-key: source key "crm|1" of customer`, "leads elsewhere"}},
		{"an index entry too many", func(tx engine.Tx, acme, _ *model.Record) {
			must(tx.Put(indexExt, extKey(model.Customer, "C-9", acme.ID), nothing))
		}, []string{`index ix-ext: external id "C-9" of customer`, "should not be there"}},
		{"a change that history would not show", func(tx engine.Tx, acme, _ *model.Record) {
			must(tx.Delete(indexTouched, touchedKey(acme.ID, 3)))
		}, []string{"index ix-touched: the change of record", "in log entry 3 is missing"}},
		{"a change that history shows and nobody made", func(tx engine.Tx, _, li *model.Record) {
			must(tx.Put(indexTouched, touchedKey(li.ID, 3), nothing))
		}, []string{"index ix-touched: the change of record", "in log entry 3 should not be there"}},
	}
}

func logFaults() []fault {
	return []fault{
		{"a broken chain", func(tx engine.Tx, _, _ *model.Record) {
			edit(tx, bucketLog, seqKey(2), func(b []byte) []byte { b[3] ^= 1; return b })
		}, []string{"entry 2 does not fit the chain", "entry 3 does not fit the chain"}},
		{"a change rewritten in the log", func(tx engine.Tx, _, _ *model.Record) {
			edit(tx, bucketLog, seqKey(3), func(b []byte) []byte { return bytes.Replace(b, []byte("Steel"), []byte("Stale"), 1) })
		}, []string{"entry 3 does not fit the chain", `("Acme") is not what the log makes of it`}},
		{"a missing entry", func(tx engine.Tx, _, _ *model.Record) {
			must(tx.Delete(bucketLog, seqKey(2)))
		}, []string{"entry 2 is missing"}},
		{"a log cut off at its end", func(tx engine.Tx, _, _ *model.Record) {
			must(tx.Delete(bucketLog, seqKey(3)))
		}, []string{"the last hash is not the one", "ends at entry 2 and the book remembers 3"}},
		{"a step without its head", func(tx engine.Tx, _, _ *model.Record) {
			must(tx.Delete(bucketBatch, seqKey(2)))
		}, []string{"entry 2 belongs to batch", "whose head does not know it"}},
		{"a step that cannot be found by its id", func(tx engine.Tx, _, _ *model.Record) {
			must(tx.Scan(indexBatch, nil, nil, func(k, _ []byte) (bool, error) { return false, tx.Delete(indexBatch, k) }))
		}, []string{"index ix-batch: the entry of batch", "is missing"}},
	}
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	for _, c := range append(recordFaults(), logFaults()...) {
		t.Run(c.name, func(t *testing.T) {
			found := damaged(t, c.damage)
			for _, want := range c.want {
				if !slices.ContainsFunc(found, func(p string) bool { return strings.Contains(p, want) }) {
					t.Errorf("no problem says %q; found %q", want, found)
				}
			}
		})
	}
}

func TestCheckFindsAFlippedBit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db")
	b, err := Open(path, testOptions())
	if err != nil {
		t.Fatal(err)
	}
	add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme Anvils"), "since": model.Date(day.Of(2020, 1, 1))})
	checkAll(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The name stands in the record and in the log; pages that are no longer in use may hold it, too.
	for at := bytes.Index(raw, []byte("Anvils")); at >= 0; at = bytes.Index(raw, []byte("Anvils")) {
		raw[at+2] ^= 4
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	b, err = Open(path, testOptions())
	if err != nil {
		t.Fatal(err)
	}
	found := problems(t, b)
	for _, bucket := range []string{bucketRecord, bucketLog} {
		if !slices.ContainsFunc(found, func(p string) bool { return strings.Contains(p, bucket) && strings.Contains(p, "checksum") }) {
			t.Errorf("no problem names the flipped bit in %s; found %q", bucket, found)
		}
	}
	_, err = b.Snapshot()
	var corrupt *engine.CorruptError
	if !errors.As(err, &corrupt) {
		t.Errorf("a picture of a damaged book: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCheckTellsHowFarItIsAndStops(t *testing.T) {
	b := memoryBook(t)
	var ops []model.Op
	for range stride + 10 {
		r := model.NewRecord(model.Customer, b.NewID())
		r.Set("name", model.Text("Acme"))
		ops = append(ops, model.CreateOp(r))
	}
	do(t, b, "ana", "many", ops...)
	steps := map[string]bool{}
	ctx, cancel := context.WithCancel(context.Background())
	err := b.CheckWith(ctx, func(p string) { t.Error(p) }, func(p CheckProgress) {
		steps[p.Step] = true
		if p.Total > 0 && p.Done > p.Total {
			t.Errorf("%d of %d %s", p.Done, p.Total, p.Step)
		}
	})
	if err != nil || !steps["records"] || !steps["indexes"] {
		t.Errorf("steps told: %v, %v", steps, err)
	}
	err = b.CheckWith(ctx, func(string) {}, func(p CheckProgress) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a check that was stopped: %v", err)
	}
}

func TestCheckDoesNotTellTheSameAThousandTimes(t *testing.T) {
	b, err := NewMemory(testOptions())
	if err != nil {
		t.Fatal(err)
	}
	var ops []model.Op
	for range 150 {
		r := model.NewRecord(model.Customer, b.NewID())
		r.Set("name", model.Text("Acme"))
		r.Set("external_id", model.Text("C"))
		ops = append(ops, model.CreateOp(r))
	}
	do(t, b, "ana", "many", ops...)
	if err := b.eng.Update(func(tx engine.Tx) error {
		return tx.Scan(indexExt, nil, nil, func(k, _ []byte) (bool, error) { return true, tx.Delete(indexExt, k) })
	}); err != nil {
		t.Fatal(err)
	}
	found := problems(t, b)
	if len(found) != mostProblems+1 || found[mostProblems] != "ix-ext: 50 more problems like these" {
		t.Errorf("%d problems told, the last is %q", len(found), found[len(found)-1])
	}
}

func TestAPictureNamesTheRecordThatItCannotRead(t *testing.T) {
	b, err := NewMemory(testOptions())
	if err != nil {
		t.Fatal(err)
	}
	li := add(t, b, "ana", model.Contact, map[string]model.Value{"name": model.Text("Li")})
	if err := b.eng.Update(func(tx engine.Tx) error {
		return tx.Put(bucketRecord, recordKey(model.Contact, li.ID), []byte{1, 1, 1, 200})
	}); err != nil {
		t.Fatal(err)
	}
	_, err = b.Snapshot()
	wantError(t, err, "contact "+li.ID.String()+": record does not decode")
}
