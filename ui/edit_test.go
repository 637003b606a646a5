package ui_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/store"
	"opsdeck/ui"
)

// firstName is the customer that a sample company's list begins with.
const firstName = "Ambercastle Coatings Inc."

// customerRecord reads a customer of the book by its name.
func customerRecord(t testing.TB, b *store.Book, name string) *model.Record {
	t.Helper()
	var found *model.Record
	if err := b.Each(model.Customer, func(r *model.Record) bool {
		if r.Title() == name {
			found = r
		}
		return found == nil
	}); err != nil {
		t.Fatal(err)
	}
	if found == nil {
		t.Fatalf("the book has no customer %q", name)
	}
	return found
}

// saveField changes a field of a customer in somebody's name.
func saveField(t testing.TB, b *store.Book, actor, customer, field string, v model.Value) {
	t.Helper()
	before := customerRecord(t, b, customer)
	after := before.Clone()
	after.Set(field, v)
	op, _ := model.UpdateOp(before, after)
	save(t, b, actor, "set "+field, op)
}

func TestEditUndoRedo(t *testing.T) {
	s := open(t, 160, 48)
	s.Press("e").Expect("Edit customer "+firstName, "ctrl+s save")
	s.Press("ctrl+u").Type("Amber & Söhne 株式会社").Press("ctrl+s")
	s.ExpectSaid("Saved: set name of customer Amber & Söhne 株式会社 · u takes it back")
	s.Expect("▸ Amber & Söhne").ExpectNot("Edit customer")
	s.Press("u").ExpectSaid("Undone: ", "ctrl+r does it again").Expect("▸ Ambercastle")
	s.Press("ctrl+r").ExpectSaid("Redone: ").Expect("▸ Amber & Söhne")
	s.Press("ctrl+z").Expect("▸ Ambercastle").Press("u").ExpectSaid("There is nothing of yours to undo.")
	s.Press("ctrl+y").Press("ctrl+r").ExpectSaid("There is nothing to redo.")
}

func TestAWrongFieldIsSaidBesideIt(t *testing.T) {
	s := open(t, 160, 48)
	s.Press("e").Press("down", "down", "down", "down", "down", "down", "down", "down", "down")
	s.Press("ctrl+u").Type("many").Press("tab")
	if line := s.Line("many"); !strings.Contains(line, "Employees") || !strings.Contains(line, "“many”") && !strings.Contains(line, `"many"`) {
		t.Errorf("the field does not say what is wrong: %s", line)
	}
	s.Press("ctrl+s").Expect("Edit customer", "many")
	s.Press("ctrl+u").Type("1234").Press("ctrl+s").ExpectSaid("Saved: set employees").Expect("1,234")
}

func TestLeavingAFormAsksOnlyAboutWhatWasTyped(t *testing.T) {
	s := open(t, 160, 48)
	s.Press("e", "esc").ExpectNot("Edit customer")
	s.Press("e").Type("x").Press("esc").Expect("Throw the changes away? y/n")
	s.Press("n").Expect("Edit customer", firstName+"x").Press("esc", "y").ExpectNot("Edit customer")
	s.Press("e").Type("x").Press("esc", "esc").ExpectNot("Edit customer")
	s.Press("e", "ctrl+s").ExpectNot("Edit customer", "Saved")
	s.Press("enter", "a", "t").Expect("Add touch", firstName).Press("esc").ExpectNot("Add touch")
}

func TestTouchInTwoKeys(t *testing.T) {
	s := open(t, 160, 48)
	s.Press("t").Expect("Log a touch of today").Press("v")
	s.ExpectSaid("Saved: log visit with " + firstName)
	if line := s.Line("Last touch "); !strings.Contains(line, "2026-11-22") {
		t.Errorf("the detail does not know the touch: %s", line)
	}
	s.Press("u").ExpectSaid("Undone: log visit")
	s.Press("3", "t", "c").ExpectSaid("Saved: log call with ").Press("4", "t", "m").ExpectSaid("Saved: log mail with ")
	s.Press("t", "esc").ExpectNot("Log a touch")
}

func TestAddsToTheCustomerInView(t *testing.T) {
	s := open(t, 160, 48)
	s.Press("enter").Expect("Decision chain", "only one person is known")
	s.Press("a").Expect("Add to this customer", "Contact").Press("c").Expect("Add contact", firstName)
	s.Type("Neumann, Zoë").Press("ctrl+s").ExpectSaid("Saved: add contact Neumann, Zoë")
	s.Expect("Neumann, Zoë").ExpectNot("only one person is known")
	s.Press("a", "i").Type("Export drops the last row").Press("ctrl+s").ExpectSaid("Saved: add item").Expect("Export drops the last row")
	s.Press("a", "k").Type("Call back").Press("ctrl+s").ExpectSaid("Saved: add task").Expect("Call back")
	s.Press("a", "o").Expect("Add contract").Press("ctrl+s").ExpectSaid("Saved: add contract")
	s.Press("u", "u", "u", "u").ExpectSaid("Undone: add contact").Expect("only one person is known")
}

func TestRemoveAndUndo(t *testing.T) {
	s := open(t, 160, 48)
	s.Press("4", "D").ExpectSaid("Saved: remove item ", "u takes it back").Expect("of 479 items").Press("u").Expect("of 480 items")
	s.Press("1", "D").Expect("cannot go while 1 contact").Press("j", "k").Expect("400 customers") // Others point at it.
	s.Press("enter", "]", "]", "D").ExpectNot("cannot go while 1 contact")
}

func TestCustomerThatIsRemovedElsewhereClosesItsView(t *testing.T) {
	b := sampleBook(t)
	s := openOn(t, b, 160, 48)
	s.Press("a").Type("Aaron Ltd").Press("ctrl+s", "g", "enter").Expect("Customers › Aaron Ltd", "nobody is known here")
	save(t, b, "bo", "remove", model.RemoveOp(customerRecord(t, b, "Aaron Ltd")))
	s.Press("e").ExpectSaid("not found").Press("t", "c").ExpectNot("Saved")
	s.Press("down", "w", "enter", "L", "esc", "D", "a", "esc", "esc", "1")
	s.Press("j", "t", "c").ExpectSaid("Saved").Expect("400 customers").ExpectNot("Aaron")
}

func TestHistoryUndoesAChosenStep(t *testing.T) {
	b := sampleBook(t)
	s := openOn(t, b, 160, 48)
	s.Command("set owner=bo").ExpectSaid("Saved: set owner").Command("set city=Lima").ExpectSaid("Saved: set city")
	s.Press("U").Expect("History: every step", "set city of customer", "set owner of customer", "sample company")
	s.Press("down", "enter").Expect("Undo this step?", "owner noah → bo").Press("y").ExpectSaid("Undone: ")
	s.Expect("noah", "Lima")
	if r := customerRecord(t, b, firstName); r.Get("owner").Format() != "noah" || r.Get("city").Format() != "Lima" {
		t.Errorf("the book has owner %s, city %s", r.Get("owner").Format(), r.Get("city").Format())
	}
	s.Press("U").Expect("undo: ").Type("sample").Press("enter").Expect("create 400 customers", "create 480 items").Press("esc")
	s.Press("L").Expect("Log of "+firstName, "city Houston → Lima", "sample company").Press("esc")
}

func TestUndoIsRefusedWithTheReason(t *testing.T) {
	b := sampleBook(t)
	s := openOn(t, b, 160, 48)
	s.Command("set owner=bo")
	saveField(t, b, "cy", firstName, "owner", model.Person("cy"))
	s.Press("U", "down", "enter").Expect("Undo this step?").Press("y")
	s.Expect(`is refused: customer "` + firstName + `": owner has been changed meanwhile: it was "bo" and is`).ExpectNot("Undone")
	s.Press("j").ExpectNot("is refused").Press("u").Expect("is refused")
	if r := customerRecord(t, b, firstName); r.Get("owner").Format() != "cy" {
		t.Errorf("the refused undo changed the owner to %s", r.Get("owner").Format())
	}
}

func TestAnotherFieldChangedMeanwhileIsNoConflict(t *testing.T) {
	b := sampleBook(t)
	s := openOn(t, b, 160, 48)
	s.Press("e").Type(" II")
	saveField(t, b, "bo", firstName, "phone", model.Text("+1 555 9999"))
	s.Press("ctrl+s").ExpectSaid("Saved: set name")
	if r := customerRecord(t, b, firstName+" II"); r.Get("phone").Str() != "+1 555 9999" {
		t.Errorf("saving the name put the phone back to %q", r.Get("phone").Str())
	}
}

func TestSetCommand(t *testing.T) {
	s := open(t, 160, 48)
	s.Command(`set owner=ana city="New York"`).ExpectSaid("Saved: set city, owner of customer").Expect("New York")
	s.Command("set owner=ana").ExpectSaid("nothing changes: the record is so already")
	s.Command("set employees=lots").ExpectSaid("employees", "lots")
	s.Command("set nothing=1").ExpectSaid(`no field "nothing"`)
	s.Command("set owner").ExpectSaid(`"owner" is not field=value`)
	s.Command("set").ExpectSaid("write field=value")
	s.Press("enter").Command("set owner=bo").ExpectSaid("Saved: set owner").Expect("bo")
}

func TestChangesManyMarkedAtOnce(t *testing.T) {
	b := sampleBook(t)
	s := openOn(t, b, 160, 48)
	s.Press("space", "space", "space").ExpectSaid("3 customers marked").Expect("3 marked")
	s.Command("set team=Sud").Expect("Change many records", "3 customers will change", "→ Sud").Press("n")
	s.Command("set team=Sud").Press("y").ExpectSaid("Saved: set team of 3 customers").Press("k").Expect("Sud")
	s.Press("u").ExpectSaid("Undone: set team of 3 customers")
	s.Press("_", "*").ExpectSaid("400 customers marked").Press("_").ExpectNot("marked")
	s.Press("4", "v").ExpectSaid("1 item marked").Press("_", "space", "space")
	s.Press("D").Expect("2 items will be removed").Press("y").Expect("of 478 items").Press("u").Expect("of 221")
}

func TestEverythingIsThereAfterReopening(t *testing.T) {
	b := sampleBook(t)
	s := openOn(t, b, 160, 48)
	s.Press("e").Type(" Group").Press("ctrl+s").Press("t", "r").Press("4", "D").Press("q")
	if !s.left {
		t.Fatal("q did not leave the program")
	}
	s = openOn(t, b, 160, 48)
	s.Press("4").Expect("of 479 items").Press("1", "enter").Expect(firstName+" Group", "review")
	s.Press("U").Expect("remove item", "log review with", "set name of customer").Press("esc")
	s.Press("u").ExpectSaid("Undone: remove item").Press("u", "u", "j").Expect("› " + firstName).ExpectNot(firstName + " Group\n")
}

// broken is a book whose disk fails from some moment on.
type broken struct {
	ui.Backend
	err error
}

func (b *broken) Snapshot() (*table.Snapshot, error) {
	if b.err != nil {
		return nil, b.err
	}
	return b.Backend.Snapshot()
}

func (b *broken) Get(k model.Kind, id model.ID) (*model.Record, error) {
	if b.err != nil {
		return nil, b.err
	}
	return b.Backend.Get(k, id)
}

func (b *broken) Do(ctx context.Context, s model.Step) (model.Batch, error) {
	if b.err != nil {
		return model.Batch{}, b.err
	}
	return b.Backend.Do(ctx, s)
}

func (b *broken) Undo(ctx context.Context, actor string, id model.ID) (model.Batch, error) {
	if b.err != nil {
		return model.Batch{}, b.err
	}
	return b.Backend.Undo(ctx, actor, id)
}

func (b *broken) Redo(ctx context.Context, actor string, id model.ID) (model.Batch, error) {
	if b.err != nil {
		return model.Batch{}, b.err
	}
	return b.Backend.Redo(ctx, actor, id)
}

func (b *broken) History(id model.ID) ([]model.Entry, error) {
	if b.err != nil {
		return nil, b.err
	}
	return b.Backend.History(id)
}

func (b *broken) Batches(fn func(model.Batch) bool) error {
	if b.err != nil {
		return b.err
	}
	return b.Backend.Batches(fn)
}

func (b *broken) Why(k model.Kind, id model.ID, figure string) (model.Why, error) {
	if b.err != nil {
		return model.Why{}, b.err
	}
	return b.Backend.Why(k, id, figure)
}

func TestAFailingDiskIsSaidAndTheProgramStays(t *testing.T) {
	b := &broken{Backend: sampleBook(t)}
	s := openOn(t, b, 160, 48)
	s.Press("e").Type("!")
	b.err = errors.New("the disk is full")
	s.Press("ctrl+s").ExpectSaid("the disk is full").Expect("Edit customer", firstName+"!") // What was typed is not lost.
	s.Press("esc", "y")
	for _, keys := range [][]string{{"e"}, {"enter"}, {"t", "c"}, {"u"}, {"ctrl+r"}, {"U"}, {"L"}, {"w"}, {"D"}, {":", "s", "e", "t", "space", "c", "i", "t", "y", "=", "x", "enter"}} {
		s.Press("j").ExpectNot("the disk is full")
		s.Press(keys...).ExpectSaid("the disk is full")
	}
	b.err = nil
	s.Press("e").Expect("Edit customer").Press("esc").Press("t", "c").ExpectSaid("Saved")
}

func TestABookThatCannotBeReadSaysSo(t *testing.T) {
	b := &broken{Backend: newBook(t, 0), err: errors.New("page 7 is damaged")}
	s := openOn(t, b, 80, 24)
	s.Expect("page 7 is damaged")
	s.Press("j", "enter", "/", "2", "?").Expect("Keys").Press("esc", "q")
	if !s.left {
		t.Error("q did not leave the program")
	}
}
