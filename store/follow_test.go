package store

import (
	"strings"
	"testing"

	"opsdeck/model"
)

// Whatever changes an item's state or waiting, its course and pauses are noted, and undo takes them back
// with it.
func TestChangesOfAnItemAreFollowed(t *testing.T) {
	b := memoryBook(t)
	r := add(t, b, "ana", model.Item, map[string]model.Value{"summary": model.Text("it"), "state": model.Pick("new"), "opened": model.Time(1795305600000)})
	change := func(kind model.BatchKind, field string, to model.Value) *model.Record {
		t.Helper()
		before, err := b.Get(model.Item, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		after := before.Clone()
		after.Set(field, to)
		op, _ := model.UpdateOp(before, after)
		if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "ana", Kind: kind, Label: "set", Ops: []model.Op{op}}); err != nil {
			t.Fatal(err)
		}
		now, err := b.Get(model.Item, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	if now := change(model.Edit, "waiting", model.Bool(true)); now.Get("paused_since").IsZero() {
		t.Error("a pause that is set by hand does not begin")
	}
	if now := change(model.Edit, "waiting", model.Value{}); !now.Get("paused_since").IsZero() || now.Get("pauses").IsZero() {
		t.Error("a pause that is set by hand does not end")
	}
	change(model.Import, "state", model.Pick("handed over"))
	now := change(model.Edit, "state", model.Pick("parked"))
	var states []string
	for _, stay := range model.Stays(now.Get("course").Str()) {
		states = append(states, stay.State)
	}
	if got := strings.Join(states, ", "); got != "new, handed over, parked" {
		t.Errorf("course %s", got)
	}
	if now.Get("paused_since").IsZero() || now.Get("state_before").Str() != "handed over" {
		t.Error("a state that pauses has to begin a pause, and to know where it came from")
	}
	if now = change(model.Edit, "summary", model.Text("that")); len(model.Stays(now.Get("course").Str())) != 3 {
		t.Error("a change of the text is no step of the course")
	}
}

func TestAnItemTakesAlongWhatWasSaidOfIt(t *testing.T) {
	b := memoryBook(t)
	customer := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme")})
	item := add(t, b, "ana", model.Item, map[string]model.Value{"summary": model.Text("it")})
	other := add(t, b, "ana", model.Item, map[string]model.Value{"summary": model.Text("other")})
	of := func(item *model.Record) map[string]model.Value {
		return map[string]model.Value{"item": model.Ref(item.ID), "customer": model.Ref(customer.ID)}
	}
	voice, telling := add(t, b, "ana", model.Voice, of(item)), add(t, b, "ana", model.Telling, of(item))
	stays := add(t, b, "ana", model.Voice, of(other))
	there := func(r *model.Record) bool {
		got, err := b.Get(r.Kind, r.ID)
		return err == nil && got.Equal(r)
	}
	do(t, b, "ana", "remove it", model.RemoveOp(item))
	if there(item) || there(voice) || there(telling) || !there(stays) {
		t.Error("an item goes with what was said of it, and with nothing else")
	}
	if _, err := b.Undo(t.Context(), "ana", b.NewID()); err != nil || !there(item) || !there(voice) || !there(telling) {
		t.Errorf("undo brings back less than was removed: %v", err)
	}
}
