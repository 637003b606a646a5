package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"opsdeck/model"
)

// plainBook has enough customers that a change of each is applied several at a time.
func plainBook(t *testing.T, cached bool) (*Book, []model.Op) {
	t.Helper()
	o := testOptions()
	if cached {
		o.Cache = KeepCache
	}
	b := mustOpen(t, filepath.Join(t.TempDir(), "book.db"), o)
	t.Cleanup(func() { checkAll(t, b); mustClose(t, b) })
	var made, changes []model.Op
	for i := range 3 * leastPlain {
		r := model.NewRecord(model.Customer, b.NewID())
		r.Set("name", model.Text(fmt.Sprintf("Customer %d", i)))
		r.Set("team", model.Text("North"))
		made = append(made, model.CreateOp(r))
		changes = append(changes, model.Op{Verb: model.Update, Kind: model.Customer, ID: r.ID, Changes: []model.Change{
			{Field: "team", From: model.Text("North"), To: model.Text(fmt.Sprintf("South %d", i))},
		}})
	}
	do(t, b, "ana", "many customers", made...)
	return b, changes
}

// TestManyPlainChangesAreWhatFewWouldBe makes a step out of plain changes, in no order, and others that touch the same
// records or point at them, and compares with the same ops one by one.
func TestManyPlainChangesAreWhatFewWouldBe(t *testing.T) {
	many, ops := plainBook(t, true)
	few, _ := plainBook(t, false)
	if s, err := many.Snapshot(); err != nil || s.Records() < len(ops) {
		t.Fatal(err)
	}
	contact := model.NewRecord(model.Contact, many.NewID())
	contact.Set("name", model.Text("Li"))
	contact.Set("customer", model.Ref(ops[7].ID))
	again := model.Op{Verb: model.Update, Kind: model.Customer, ID: ops[9].ID, Changes: []model.Change{
		{Field: "team", From: ops[9].Changes[0].To, To: model.Text("East")},
	}}
	gone := model.Op{Verb: model.Remove, Kind: model.Customer, ID: ops[11].ID, Changes: []model.Change{
		{Field: "name", From: model.Text("Customer 11")}, {Field: "team", From: model.Text("North")},
	}}
	same := model.Op{Verb: model.Update, Kind: model.Customer, ID: ops[13].ID, Changes: []model.Change{{Field: "team", From: model.Text("North"), To: model.Text("North")}}}
	ops[11], ops[13] = gone, same
	ops[0], ops[2000] = ops[2000], ops[0]
	ops = append(ops, model.CreateOp(contact), again)
	before := allRecords(t, many)
	head := do(t, many, "ana", "everybody moves", ops...)
	for _, op := range ops {
		do(t, few, "ana", "one moves", op)
	}
	same2 := func(what string, got, want []string) {
		t.Helper()
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: the records differ", what)
		}
	}
	after := allRecords(t, many)
	same2("one by one", after, allRecords(t, few))
	s, err := many.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := many.load()
	if err != nil {
		t.Fatal(err)
	}
	same2("the picture", picture(s), picture(fresh))
	if got, err := many.Ops(head); err != nil || len(got) != len(ops) || got[2000].ID != ops[2000].ID {
		t.Errorf("the log holds %d ops: %v", len(got), err)
	}
	if _, err := many.Undo(t.Context(), "ana", many.NewID()); err != nil {
		t.Fatal(err)
	}
	same2("taken back", allRecords(t, many), before)
}

func TestOneOfManyPlainChangesThatCannotBeRefusesAll(t *testing.T) {
	b, ops := plainBook(t, false)
	before := strings.Join(allRecords(t, b), "\n")
	broken := func(at int, c model.Change) []model.Op {
		out := append([]model.Op(nil), ops...)
		out[at].Changes = []model.Change{c}
		return out
	}
	absent := append([]model.Op(nil), ops...)
	absent[2222].ID = model.ID{0xee}
	for want, ops := range map[string][]model.Op{
		`team has been changed meanwhile: it was "West" and is now "North"`: broken(2100, model.Change{Field: "team", From: model.Text("West"), To: model.Text("East")}),
		"is computed and cannot be set":                                     broken(3, model.Change{Field: "tier", To: model.Pick("KA")}),
		"is no longer there":                                                absent,
		"name: is required":                                                 broken(1500, model.Change{Field: "name", From: model.Text("Customer 1500")}),
		"needs a reason":                                                    broken(40, model.Change{Field: "tier_override", To: model.Pick("KA")}),
	} {
		_, err := b.Do(context.Background(), model.Step{ID: b.NewID(), Actor: "ana", Label: "wrong", Ops: ops})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		if strings.Join(allRecords(t, b), "\n") != before {
			t.Errorf("%s: something was changed", want)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := b.Do(ctx, model.Step{ID: b.NewID(), Actor: "ana", Label: "stopped", Ops: ops}); !errors.Is(err, context.Canceled) {
		t.Errorf("a step that was stopped: %v", err)
	}
	if strings.Join(allRecords(t, b), "\n") != before {
		t.Error("a step that was stopped has changed something")
	}
}
