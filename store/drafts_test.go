package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"opsdeck/model"
)

func TestDraftsAreNoPartOfTheLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db")
	b, err := Open(path, testOptions())
	if err != nil {
		t.Fatal(err)
	}
	c := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme")})
	d := model.Draft{ID: c.ID, Owner: "ana", Kind: model.Customer, Time: 1, Typed: map[string]string{"name": "Acme 株\x1b[31m"}}
	for i := range maxDrafts + 3 {
		other := d
		other.ID, other.Time = b.NewID(), int64(10+i)
		if err := errors.Join(b.SaveDraft(d), b.SaveDraft(other)); err != nil {
			t.Fatal(err)
		}
		d.Time = other.Time + 1
	}
	if err := b.SaveDraft(model.Draft{ID: c.ID, Owner: "anastasia", Typed: map[string]string{"name": "x"}}); err != nil {
		t.Fatal(err)
	}
	d.Typed["name"] = strings.Repeat("long ", maxDraft)
	if err := b.SaveDraft(d); !errors.Is(err, ErrDraftTooLarge) {
		t.Errorf("a huge draft: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if b, err = Open(path, testOptions()); err != nil {
		t.Fatal(err)
	}
	all, err := b.Drafts("ana")
	if err != nil || len(all) != maxDrafts {
		t.Fatalf("%d drafts after reopening, %v; want %d", len(all), err, maxDrafts)
	}
	for i := 1; i < len(all); i++ {
		if all[i].Time > all[i-1].Time {
			t.Errorf("draft %d is later than the one before", i)
		}
	}
	if err := errors.Join(b.DropDraft("ana", all[0].ID), b.DropDraft("ana", all[0].ID)); err != nil {
		t.Error(err)
	}
	if all, err = b.Drafts("ana"); err != nil || len(all) != maxDrafts-1 {
		t.Errorf("%d drafts after dropping one, %v", len(all), err)
	}
	if _, err := b.Undo(t.Context(), "ana", b.NewID()); err != nil {
		t.Errorf("drafts are in the way of undo: %v", err)
	}
	checkAll(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}
