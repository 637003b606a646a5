package store

import (
	"errors"
	"slices"
	"testing"

	"opsdeck/model"
)

func TestNewsTellWhoDidWhatToWhich(t *testing.T) {
	b := memoryBook(t)
	c := add(t, b, "bo", model.Customer, map[string]model.Value{"name": model.Text("Acme"), "owner": model.Person("ana")})
	set(t, b, "bo", model.Customer, c.ID, "owner", model.Person("cy"))
	last, err := b.Get(model.Customer, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	do(t, b, "ana", "three", model.RemoveOp(last))
	news, err := b.News(0, 10)
	if err != nil || len(news) != 3 {
		t.Fatalf("%d pieces of news of 3 steps: %v", len(news), err)
	}
	second, third := news[1].Records[0], news[2].Records[0]
	if news[1].Batch.Actor != "bo" || !slices.Equal(second.Fields, []string{"owner"}) || !slices.Equal(second.People, []string{"ana", "cy"}) {
		t.Errorf("the second step is told as %+v", news[1])
	}
	if third.Verb != model.Remove || third.Title != "Acme" || !slices.Contains(third.People, "cy") {
		t.Errorf("the removal is told as %+v", third)
	}
	if last, err := b.News(0, 1); err != nil || len(last) != 1 || last[0].Batch.Label != "three" {
		t.Errorf("the newest piece of news is %+v, %v", last, err)
	}
	if none, err := b.News(news[2].Batch.Seq, 10); err != nil || len(none) != 0 {
		t.Errorf("after the last step there are %d pieces of news, %v", len(none), err)
	}
}

func TestPresenceEndsWithTheHandle(t *testing.T) {
	b := memoryBook(t)
	woken, end := b.Watch()
	defer end()
	ana := b.For(Caller{User: "ana", Owner: true})
	id := b.NewID()
	ana.Editing(model.Customer, id)
	select {
	case <-woken:
	default:
		t.Error("nobody is told that ana begins to edit")
	}
	if got := b.Present(); len(got) != 1 || got[0] != (model.Presence{User: "ana", Kind: model.Customer, ID: id}) {
		t.Errorf("present are %+v", got)
	}
	if got := ana.Present(); len(got) != 0 {
		t.Errorf("ana meets herself: %+v", got)
	}
	ana.Editing(model.Customer, id)
	select {
	case <-woken:
		t.Error("all are woken though nothing is new")
	default:
	}
	if err := ana.Close(); err != nil {
		t.Fatal(err)
	}
	if got := b.Present(); len(got) != 0 {
		t.Errorf("after she has left, present are %+v", got)
	}
}

func TestAnExportIsNotedAndStays(t *testing.T) {
	b := memoryBook(t)
	add(t, b, "owner", model.User, map[string]model.Value{"handle": model.Text("ana"), "role": model.Pick("csm")})
	ana := b.For(Caller{User: "ana", From: "uid 7", ReadOnly: true})
	id := b.NewID()
	for range 2 { // The same request once more is the same note.
		if err := ana.Export("export 3 customers as csv", id); err != nil {
			t.Fatal(err)
		}
	}
	var heads []model.Batch
	if err := b.Batches(func(h model.Batch) bool { heads = append(heads, h); return true }); err != nil {
		t.Fatal(err)
	}
	if len(heads) != 2 || heads[0].Kind != model.Exported || heads[0].Actor != "ana" || heads[0].From != "uid 7" || heads[0].Ops != 0 {
		t.Fatalf("the log has %+v", heads)
	}
	var refused *RefusedError
	if _, err := b.UndoBatch(t.Context(), id, "owner", b.NewID()); !errors.As(err, &refused) {
		t.Errorf("a note is undone: %v", err)
	}
	if _, err := b.Undo(t.Context(), "owner", b.NewID()); err != nil {
		t.Errorf("behind a note nothing can be undone: %v", err)
	}
	checkAll(t, b)
	if v, err := b.VerifyLog(t.Context(), func(p string) { t.Error(p) }); err != nil || v.Steps != 3 {
		t.Errorf("verified %+v, %v", v, err)
	}
}
