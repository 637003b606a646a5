package store

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model"
)

// TestABookOpenedForAChangeShowsWhatALongOneShows makes so many changes that no picture follows them, before
// and after somebody asks for one, and compares with a book that was read anew.
func TestABookOpenedForAChangeShowsWhatALongOneShows(t *testing.T) {
	path, o, acme := makeCached(t)
	o.Brief = true
	b := mustOpen(t, path, o)
	before := shownOf(t, b)
	ops := make([]model.Op, 0, mostSince+1)
	for i := range mostSince + 1 {
		r := model.NewRecord(model.Contact, o.NewID())
		r.Set("name", model.Text(fmt.Sprintf("Many %d", i)))
		r.Set("customer", model.Ref(acme.ID))
		ops = append(ops, model.CreateOp(r))
	}
	head := do(t, b, "ana", "many", ops...)
	if b.snap.Load() != nil {
		t.Error("a picture was made that nobody asked for")
	}
	many := shownOf(t, b)
	if len(many) != len(before)+len(ops) {
		t.Errorf("%d lines after %d new records, %d before", len(many), len(ops), len(before))
	}
	set(t, b, "ana", model.Customer, acme.ID, "name", model.Text("Acme & Sons"))
	is := shownOf(t, b)
	checkAll(t, b)
	mustClose(t, b)
	o.Brief = false
	if got := wantFromCache(t, path, o); !slices.Equal(got, is) {
		t.Error("the cache shows something else than the book did")
	}

	b = mustOpen(t, path, o)
	shownOf(t, b)
	if _, err := b.Undo(t.Context(), "ana", o.NewID()); err != nil {
		t.Fatal(err)
	}
	if undone, err := b.Undo(t.Context(), "ana", o.NewID()); err != nil || undone.Of != head.ID {
		t.Fatalf("undo took back %v: %v", undone, err)
	}
	if got := shownOf(t, b); !slices.Equal(got[1:], before[1:]) {
		t.Error("undo has not brought back what was there")
	}
	mustClose(t, b)
}

func TestSameIndexedAgreesWithTheEntries(t *testing.T) {
	id := model.ID{1}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) *model.Record {
			if rapid.IntRange(0, 9).Draw(t, name+" is missing") == 0 {
				return nil
			}
			r := model.NewRecord(model.Contact, id)
			for _, f := range []string{"customer", "external_id", "keys", "name", "notes"} {
				n := rapid.IntRange(0, 2).Draw(t, name+" "+f)
				switch {
				case n == 0:
				case f == "customer":
					r.Set(f, model.Ref(model.ID{byte(n)}))
				case f == "keys":
					r.Set(f, model.List("a:1", fmt.Sprintf("b:%d", n)))
				default:
					r.Set(f, model.Text(fmt.Sprint(n)))
				}
			}
			return r
		}
		a, b := draw("a"), draw("b")
		want := slices.Equal(indexEntries(a), indexEntries(b))
		if got := sameIndexed(a, b); got && !want || want && !got && a != nil && b != nil {
			t.Fatalf("%v and %v: said %v, their entries say %v", a, b, got, want)
		}
	})
}
