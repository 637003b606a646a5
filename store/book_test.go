package store

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
)

// testOptions gives a clock that advances a second at every look, and ids that count up.
func testOptions() Options {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	var n, looks atomic.Int64 // A book that opens in the background looks at the clock as well.
	return Options{
		Create: true, User: "tester",
		Now:   func() time.Time { return now.Add(time.Duration(looks.Add(1)) * time.Second) },
		NewID: func() model.ID { var id model.ID; binary.BigEndian.PutUint64(id[8:], uint64(n.Add(1))); return id },
		Today: func() day.Day { return day.Of(2026, 11, 22) },
	}
}

func memoryBook(t testing.TB) *Book {
	t.Helper()
	b, err := NewMemory(testOptions())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { checkAll(t, b) })
	return b
}

// checkAll is the end of every test: the whole book must be sound.
func checkAll(t testing.TB, b *Book) {
	t.Helper()
	if err := b.Check(context.Background(), func(p string) { t.Errorf("check: %s", p) }); err != nil {
		t.Errorf("check: %v", err)
	}
}

func add(t testing.TB, b *Book, actor string, k model.Kind, fields map[string]model.Value) *model.Record {
	t.Helper()
	r := model.NewRecord(k, b.NewID())
	for n, v := range fields {
		r.Set(n, v)
	}
	do(t, b, actor, "add "+r.Title(), model.CreateOp(r))
	return r
}

func do(t testing.TB, b *Book, actor, label string, ops ...model.Op) model.Batch {
	t.Helper()
	done, err := b.Do(context.Background(), model.Step{ID: b.NewID(), Actor: actor, Label: label, Ops: ops})
	if err != nil {
		t.Fatalf("%s: %v", label, err)
	}
	return done
}

func set(t testing.TB, b *Book, actor string, k model.Kind, id model.ID, field string, v model.Value) {
	t.Helper()
	before, err := b.Get(k, id)
	if err != nil {
		t.Fatal(err)
	}
	after := before.Clone()
	after.Set(field, v)
	op, ok := model.UpdateOp(before, after)
	if !ok {
		t.Fatalf("%s already is %s", field, v.Format())
	}
	do(t, b, actor, "set "+field, op)
}

func text(t testing.TB, b *Book, k model.Kind, id model.ID, field string) string {
	t.Helper()
	r, err := b.Get(k, id)
	if err != nil {
		t.Fatal(err)
	}
	return r.Get(field).Format()
}

func TestUndoAndRedoWalkTheActorsOwnSteps(t *testing.T) {
	b, ctx := memoryBook(t), context.Background()
	acme := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme")})
	set(t, b, "ana", model.Customer, acme.ID, "owner", model.Person("ana"))
	set(t, b, "bo", model.Customer, acme.ID, "industry", model.Text("Steel"))
	set(t, b, "ana", model.Customer, acme.ID, "owner", model.Person("bo"))

	undo := func() error { _, err := b.Undo(ctx, "ana", b.NewID()); return err }
	redo := func() error { _, err := b.Redo(ctx, "ana", b.NewID()); return err }
	for _, want := range []string{"ana", ""} {
		if err := undo(); err != nil {
			t.Fatal(err)
		}
		if got := text(t, b, model.Customer, acme.ID, "owner"); got != want {
			t.Fatalf("owner after undo: %q, want %q", got, want)
		}
	}
	// Undoing the creation would take Bo's industry with it, so it is refused and says so.
	var refused *RefusedError
	if err := undo(); !errors.As(err, &refused) || len(refused.Reasons) == 0 {
		t.Fatalf("undo over another's change: %v", err)
	}
	for _, want := range []string{"ana", "bo"} {
		if err := redo(); err != nil {
			t.Fatal(err)
		}
		if got := text(t, b, model.Customer, acme.ID, "owner"); got != want {
			t.Fatalf("owner after redo: %q, want %q", got, want)
		}
	}
	if err := redo(); !errors.Is(err, ErrNothing) {
		t.Fatalf("a third redo: %v", err)
	}
	if got := text(t, b, model.Customer, acme.ID, "industry"); got != "Steel" {
		t.Fatalf("Bo's change was touched: %q", got)
	}
}

func TestARefusedUndoNamesNoReasonThatFollowsFromAnother(t *testing.T) {
	b, ctx := memoryBook(t), context.Background()
	acme := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme")})
	// One step makes a group and puts Acme into it.
	group := model.NewRecord(model.Customer, b.NewID())
	group.Set("name", model.Text("Group"))
	after := acme.Clone()
	after.Set("parent", model.Ref(group.ID))
	after.Set("owner", model.Person("ana"))
	op, _ := model.UpdateOp(acme, after)
	if _, err := b.Do(ctx, model.Step{ID: b.NewID(), Actor: "ana", Label: "group", Ops: []model.Op{model.CreateOp(group), op}}); err != nil {
		t.Fatal(err)
	}
	// Bo changes the owner: Acme's part cannot be taken back any more. That the group cannot go then is no
	// reason of its own.
	set(t, b, "bo", model.Customer, acme.ID, "owner", model.Person("bo"))
	var refused *RefusedError
	_, err := b.Undo(ctx, "ana", b.NewID())
	if !errors.As(err, &refused) {
		t.Fatalf("undo over another's change: %v", err)
	}
	for _, reason := range refused.Reasons {
		if strings.Contains(reason, "point") {
			t.Errorf("a reason follows from another: %q of %q", reason, refused.Reasons)
		}
	}
}

func TestANewStepEndsRedo(t *testing.T) {
	b, ctx := memoryBook(t), context.Background()
	acme := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme")})
	set(t, b, "ana", model.Customer, acme.ID, "owner", model.Person("ana"))
	if _, err := b.Undo(ctx, "ana", b.NewID()); err != nil {
		t.Fatal(err)
	}
	set(t, b, "ana", model.Customer, acme.ID, "team", model.Text("North"))
	if _, err := b.Redo(ctx, "ana", b.NewID()); !errors.Is(err, ErrNothing) {
		t.Fatalf("redo after a new step: %v", err)
	}
}

func TestTheSameStepTwiceIsDoneOnce(t *testing.T) {
	b := memoryBook(t)
	r := model.NewRecord(model.Customer, b.NewID())
	r.Set("name", model.Text("Acme"))
	step := model.Step{ID: b.NewID(), Actor: "ana", Label: "add", Ops: []model.Op{model.CreateOp(r)}}
	first, err := b.Do(context.Background(), step)
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.Do(context.Background(), step)
	if err != nil || again.Seq != first.Seq {
		t.Fatalf("again: %+v, %v", again, err)
	}
}

func TestReferencesHold(t *testing.T) {
	b, ctx := memoryBook(t), context.Background()
	acme := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme")})
	person := add(t, b, "ana", model.Contact, map[string]model.Value{"name": model.Text("Li"), "customer": model.Ref(acme.ID)})
	lost := model.NewRecord(model.Contact, b.NewID())
	lost.Set("name", model.Text("Nobody"))
	lost.Set("customer", model.Ref(model.ID{9}))
	for name, op := range map[string]model.Op{"removing what is pointed at": model.RemoveOp(acme), "pointing at nothing": model.CreateOp(lost)} {
		_, err := b.Do(ctx, model.Step{ID: b.NewID(), Actor: "ana", Label: name, Ops: []model.Op{op}})
		if !isConflict(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	do(t, b, "ana", "remove both", model.RemoveOp(acme), model.RemoveOp(person))
	if _, err := b.Undo(ctx, "ana", b.NewID()); err != nil {
		t.Fatalf("undo of a removal of both: %v", err)
	}
}

func TestSnapshotFollowsEveryStep(t *testing.T) {
	b := memoryBook(t)
	s, err := b.Snapshot()
	if err != nil || s.Table(model.Customer).Len() != 0 {
		t.Fatalf("empty book: %v", err)
	}
	acme := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme")})
	add(t, b, "ana", model.Contract, map[string]model.Value{
		"customer": model.Ref(acme.ID), "start": model.Date(day.Of(2026, 1, 1)), "end": model.Date(day.Of(2026, 12, 31)),
		"amount": model.Money(1200 * model.MoneyScale), "per": model.Pick("month"), "currency": model.Text("EUR"),
	})
	now, _ := b.Snapshot()
	customers := now.Table(model.Customer)
	row, ok := customers.Row(acme.ID)
	if !ok || s.Table(model.Customer).Len() != 0 {
		t.Fatal("the new picture has the customer and the old one has not")
	}
	if got := customers.Value(row, "arr").Format() + " " + customers.Str(row, "status"); got != "14400.00 customer" {
		t.Fatalf("figures: %s", got)
	}
	if got := customers.Day(row, "renews").String(); got != "2026-12-31" {
		t.Fatalf("renews: %s", got)
	}
}
