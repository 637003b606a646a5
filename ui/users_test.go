package ui_test

import (
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/ui"
)

func user(t *testing.T, b *store.Book, handle string) *model.Record {
	t.Helper()
	var found *model.Record
	if err := b.Each(model.User, func(r *model.Record) bool {
		if r.Get("handle").Str() == handle {
			found = r
		}
		return found == nil
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestPeopleAreGivenRolesAndKeptOut(t *testing.T) {
	b := sampleBook(t)
	s := openOn(t, b, 160, 48)
	s.Press("%").Expect("People", "noah", "Role").Filter("noah")
	s.Press("r").Expect("Role of noah", "administrator", "sees no amounts").Press("2").ExpectSaid("Saved: set role of user noah")
	if role := user(t, b, "noah").Get("role").Str(); role != "hotline" {
		t.Errorf("noah's role is %q", role)
	}
	s.Press("x").ExpectSaid("Saved: set disabled")
	if !user(t, b, "noah").Get("disabled").IsTrue() {
		t.Error("noah is not kept out")
	}
	s.Press("x", "u", "u", "u")
	if r := user(t, b, "noah"); r.Get("disabled").IsTrue() || r.Get("role").Str() == "hotline" {
		t.Errorf("after undo noah is %s, kept out %v", r.Get("role").Str(), r.Get("disabled").IsTrue())
	}
	s.Press("R").Expect("What each role may do", "customers", "all team own").Press("esc")
	s.Press("a").Expect("Add user").Type("new").Press("ctrl+s").ExpectSaid("Saved: add user new")
	s.Press("esc").Press("esc").ExpectNot("Kept out").Expect("400 customers")
}

func TestAMissingRightIsNamedBeforeTheTry(t *testing.T) {
	b := sampleBook(t)
	before := steps(t, b) + 1
	s := attached(t, b, "engineer")
	s.Press("e").ExpectSaid("edit: xengineer is engineer, who may not edit customers")
	s.Press("?").Expect("off: xengineer is engineer, who may not edit customers").Press("esc")
	s.Press("I").ExpectSaid("may not import")
	s.Press("ctrl+k").Type("remove").Expect("may not remove customers").Press("esc")
	s.Press("enter", "a").Expect("Add to this customer", "may not add contracts").Press("o").ExpectNot("Add contract ")
	s.Press("esc", "esc", "%", "r").ExpectSaid("role: xengineer is engineer, who may not edit users")
	if after := steps(t, b); after != before {
		t.Errorf("%d steps were made", after-before)
	}
	// What belongs to others is out of reach, what is one's own is not.
	sales := attached(t, b, "sales")
	sales.Press("e").ExpectSaid("who may not edit customers; “" + firstName + "” belongs to noah")
	saveField(t, b, "owner", firstName, "owner", model.Person("xsales"))
	mine := openWith(t, b.For(store.Caller{User: "xsales"}), 160, 48, ui.Options{Actor: "xsales"})
	mine.Press("e").Expect("Edit customer "+firstName).Press("esc", "D").ExpectNot("may not")
	mine.Press("j")
	if line := mine.Line("? help"); !strings.Contains(line, "e edit") {
		t.Errorf("the footer says %s", line)
	}
}
