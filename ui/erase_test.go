package ui_test

import (
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/erase"
	"opsdeck/ui"
)

func TestErasingWantsTheNameTyped(t *testing.T) {
	b, dup := twoOfOne(t)
	s := openOn(t, b, 160, 48)
	s.Filter(dup.Title()).Press("E").Expect("Erase for good: "+dup.Title(), "Records of its own: 2", "Ann Double", "cannot take it back.")
	s.Press("enter", "y").Type("yes").Press("enter").Expect("that is not the name").Press("esc").ExpectNot("Erase for good")
	if r, err := b.Get(model.Customer, dup.ID); err != nil || r.Title() != dup.Title() {
		t.Fatalf("it was erased without its name: %v", err)
	}
	s.Press("E").Type(dup.Title()).Press("enter").ExpectSaid("Erased for good: " + erase.Pseudonym(dup.ID))
	if r, err := b.Get(model.Customer, dup.ID); err != nil || r.Title() != erase.Pseudonym(dup.ID) {
		t.Errorf("it is still there: %v %v", r, err)
	}
	s.Press("u").ExpectSaid("cannot be taken back")
	ro := openWith(t, b, 160, 48, ui.Options{Actor: "ana", ReadOnly: true})
	ro.Press("E").ExpectSaid("reading only")
}

func TestTheContactUnderTheCursorIsErasedInTheView(t *testing.T) {
	b, dup := twoOfOne(t)
	s := openOn(t, b, 160, 48)
	s.Filter(dup.Title()).Press("enter").Expect("Ann Double")
	for range 12 { // Section by section, until one is about her.
		if s.Press("E"); strings.Contains(s.Screen(), "Erase for good: Ann Double") {
			break
		}
		s.Press("esc", "]")
	}
	s.Expect("Erase for good: Ann Double").Type("ann double").Press("enter").ExpectSaid("Erased for good").ExpectNot("Ann Double")
}
