package ui_test

import (
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/ui"
)

// twoOfOne adds a duplicate of the sample company's first customer, with a contact.
func twoOfOne(t *testing.T) (*store.Book, *model.Record) {
	t.Helper()
	b := sampleBook(t)
	dup, ann := model.NewRecord(model.Customer, model.ID{0xff, 1}), model.NewRecord(model.Contact, model.ID{0xff, 2}) // younger than the sample
	dup.Set("name", model.Text(strings.ToUpper(firstName)+" GmbH"))
	dup.Set("industry", model.Text("Milling"))
	ann.Set("name", model.Text("Ann Double"))
	ann.Set("customer", model.Ref(dup.ID))
	step := model.Step{ID: b.NewID(), Actor: "ana", Label: "add two", Ops: []model.Op{model.CreateOp(dup), model.CreateOp(ann)}}
	if _, err := b.Do(t.Context(), step); err != nil {
		t.Fatal(err)
	}
	return b, dup
}

func TestADuplicateIsMergedFromTheList(t *testing.T) {
	b, dup := twoOfOne(t)
	s := openOn(t, b, 160, 48)
	s.Press("&").Expect("Suspected duplicates", dup.Title()+" → "+firstName, "same name")
	s.Type("gmbh").Press("enter").Expect("Merge two records", dup.Title()+" goes into "+firstName, "moves: 1 contact", "stays", "s Swap")
	s.Press("s").Expect(firstName+" goes into "+dup.Title()).Press("s", "enter").ExpectNot("Merge two records")
	if _, err := b.Get(model.Customer, dup.ID); err != nil {
		t.Errorf("enter alone has merged: %v", err)
	}
	s.Press("&").Type("gmbh").Press("enter", "y").ExpectSaid("Saved: merge customer " + dup.Title())
	s.Press("&").ExpectNot(dup.Title()).Press("esc")
	s.Press("u").ExpectSaid("Undone: merge customer").Press("&").Expect(dup.Title())
	ro := openWith(t, b, 160, 48, ui.Options{Actor: "ana", ReadOnly: true})
	ro.Press("m").ExpectSaid("reading only").Press("&").Type("gmbh").Press("enter").ExpectNot("Merge two records")
}

func TestASuspectIsOfferedFirstAndTheViewGoesOnToTheSurvivor(t *testing.T) {
	b, dup := twoOfOne(t)
	s := openOn(t, b, 160, 48)
	s.Filter(dup.Title()).Press("enter").Expect("› "+dup.Title()).Press("m").Expect("Merge "+dup.Title()+" into", firstName, "same name")
	s.Press("enter", "y").ExpectSaid("Saved: merge customer").Expect("› "+firstName, "Ann Double")
	s.Press("m").Type("no such name at all").Expect("nothing is called so").Press("esc")
}
