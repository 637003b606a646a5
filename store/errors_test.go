package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/store/engine"
)

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v, want one that says %q", err, want)
	}
}

func try(b *Book, ops ...model.Op) error {
	_, err := b.Do(context.Background(), model.Step{ID: b.NewID(), Actor: "ana", Label: "try", Ops: ops})
	return err
}

func TestRefusalsSayWhatStandsInTheWay(t *testing.T) {
	b := memoryBook(t)
	acme := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme"), "keys": model.List("crm|1")})
	li := add(t, b, "ana", model.Contact, map[string]model.Value{"name": model.Text("Li"), "customer": model.Ref(acme.ID)})
	wantError(t, try(b, model.RemoveOp(acme)), `customer "Acme" cannot go while 1 contact points at it`)
	add(t, b, "ana", model.Contact, map[string]model.Value{"name": model.Text("Bo"), "customer": model.Ref(acme.ID)})
	add(t, b, "ana", model.Item, map[string]model.Value{"summary": model.Text("Slow"), "customers": model.Refs(acme.ID)})
	wantError(t, try(b, model.RemoveOp(acme)), `customer "Acme" cannot go while 2 contacts and 1 item point at it`)

	lost := li.Clone()
	lost.ID = b.NewID()
	lost.Set("customer", model.Ref(model.ID{9}))
	wantError(t, try(b, model.CreateOp(lost)), `contact "Li" points at customer 09000000000000000000000000 in customer, which is not there`)

	twin := model.NewRecord(model.Customer, b.NewID())
	twin.Set("name", model.Text("Acme again"))
	twin.Set("keys", model.List("crm|1"))
	wantError(t, try(b, model.CreateOp(twin)), fmt.Sprintf(`cannot take the source key "crm|1": %s has it`, acme.ID))
	wantError(t, try(b, model.CreateOp(acme)), `customer "Acme" is already there`)
	wantError(t, try(b, model.Op{Verb: model.Update, Kind: model.Customer, ID: model.ID{9}, Changes: []model.Change{{Field: "name", To: model.Text("x")}}}), "is no longer there")
	wantError(t, try(b, model.Op{Verb: model.Update, Kind: model.Customer, ID: acme.ID, Changes: []model.Change{{Field: "name", From: model.Text("Acne"), To: model.Text("x")}}}),
		`customer "Acme": name has been changed meanwhile: it was "Acne" and is now "Acme"`)
}

func TestARefusedUndoListsItsReasonsOnce(t *testing.T) {
	b, ctx := memoryBook(t), context.Background()
	var ops []model.Op
	var all []*model.Record
	for i := range 8 {
		r := model.NewRecord(model.Customer, b.NewID())
		r.Set("name", model.Text(fmt.Sprintf("Customer %d", i)))
		ops, all = append(ops, model.CreateOp(r)), append(all, r)
	}
	imported := do(t, b, "ana", "import of 8 customers", ops...)
	for _, r := range all[:7] {
		set(t, b, "bo", model.Customer, r.ID, "owner", model.Person("bo"))
	}
	_, err := b.UndoBatch(ctx, imported.ID, "ana", b.NewID())
	var refused *RefusedError
	if !errors.As(err, &refused) || !errors.Is(err, ErrRefused) || len(refused.Reasons) != 5 || refused.More != 2 {
		t.Fatalf("refusal: %+v, %v", refused, err)
	}
	wantError(t, err, `undo of import of 8 customers is refused: customer "Customer 6": owner has been changed meanwhile: it was "" and is now "bo"`)
	wantError(t, err, "; and 2 more reasons")

	// Somebody works on the record that a step made: the record is named, and nothing but the truth.
	late := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Late")})
	made, _ := b.lastStep(func(h model.Batch) (bool, bool) { return h.Actor == "ana" && isRoot(h), false })
	add(t, b, "bo", model.Contact, map[string]model.Value{"name": model.Text("Li"), "customer": model.Ref(late.ID)})
	_, err = b.UndoBatch(ctx, made.ID, "ana", b.NewID())
	if !errors.As(err, &refused) || len(refused.Reasons) != 1 {
		t.Fatalf("refusal: %v", err)
	}
	wantError(t, err, `undo of add Late is refused: customer "Late" cannot go while 1 contact points at it`)
	set(t, b, "ana", model.Customer, late.ID, "team", model.Text("North"))
	set(t, b, "bo", model.Customer, late.ID, "team", model.Text("South"))
	_, err = b.Undo(ctx, "ana", b.NewID())
	wantError(t, err, `undo of set team is refused: customer "Late": team has been changed meanwhile: it was "North" and is now "South"`)
	if strings.Contains(err.Error(), "cannot go") {
		t.Errorf("a change of a field takes no record away: %v", err)
	}
}

// unsure commits and cannot tell, as a disk does whose last sync fails.
type unsure struct{ *engine.Memory }

func (u unsure) Update(fn func(engine.Tx) error) error {
	if err := u.Memory.Update(fn); err != nil {
		return err
	}
	return engine.ErrUnknownOutcome
}

func TestAStepOfUnknownOutcomeIsTakenOnceInTheEnd(t *testing.T) {
	mem := engine.NewMemory()
	o := testOptions()
	sure := newBook(o)
	sure.eng = mem
	if err := sure.begun(mem); err != nil {
		t.Fatal(err)
	}
	r := model.NewRecord(model.Customer, sure.NewID())
	r.Set("name", model.Text("Acme"))
	step := model.Step{ID: sure.NewID(), Actor: "ana", Label: "add Acme", Ops: []model.Op{model.CreateOp(r)}}
	b := &Book{core: &core{eng: unsure{mem}, base: o, watchers: map[int]*watcher{}, present: map[*Book]model.Presence{}}, o: o}
	if _, err := b.Snapshot(); err != nil {
		t.Fatal(err)
	}
	_, err := b.Do(context.Background(), step)
	if !errors.Is(err, engine.ErrUnknownOutcome) {
		t.Fatalf("the outcome is not known, and the book says %v", err)
	}
	wantError(t, err, "add Acme: not known whether")
	if s, _ := b.Snapshot(); s.Table(model.Customer).Len() != 0 {
		t.Error("what may not be saved is shown")
	}
	again := newBook(o)
	again.eng = mem
	if _, err := again.Do(context.Background(), step); err != nil {
		t.Fatal(err)
	}
	stats, err := again.Stats()
	if err != nil || stats.Steps != 1 || stats.Total() != 1 {
		t.Errorf("after the second try: %+v, %v", stats, err)
	}
	checkAll(t, again)
}

func TestRecordsOfANewerProgramAreKept(t *testing.T) {
	b := memoryBook(t)
	acme := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme")})
	later := &model.Record{Kind: 99, ID: b.NewID(), Fields: []model.FieldValue{{Name: "?1", Value: model.Ref(acme.ID)}, {Name: "?2", Value: model.Text("x")}}}
	do(t, b, "ana", "from a newer program", model.CreateOp(later))
	got, err := b.Get(99, later.ID)
	if err != nil || !got.Equal(later) {
		t.Errorf("%+v, %v", got, err)
	}
	wantError(t, try(b, model.RemoveOp(acme)), "cannot go while 1 record of an unknown kind points at it")
}

func TestStats(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db")
	b, err := Open(path, testOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	acme := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme")})
	add(t, b, "ana", model.Contact, map[string]model.Value{"name": model.Text("Li"), "customer": model.Ref(acme.ID)})
	beta := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Beta")})
	do(t, b, "ana", "remove", model.RemoveOp(beta))
	s, err := b.Stats()
	if err != nil || s.Records[model.Customer] != 1 || s.Records[model.Contact] != 1 || s.Total() != 2 || s.Steps != 4 || s.Ops != 4 || s.Entries != 4 || s.Bytes < 4096 {
		t.Errorf("%+v, %v", s, err)
	}
}
