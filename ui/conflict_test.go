package ui_test

import (
	"testing"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/ui"
)

// edited opens the form of the first customer, types a phone and a city, and lets bo change the same record.
func edited(t *testing.T, b *store.Book, theirs map[string]string) *session {
	t.Helper()
	s := openKeeping(t, b, 160, 48, ui.Options{})
	s.Press("e", "tab", "tab", "tab", "ctrl+u").Type("quito.example").Press("tab", "ctrl+u").Type("+1 555 0001")
	for field, value := range theirs {
		saveField(t, b, "bo", firstName, field, model.Text(value))
	}
	return s
}

func phone(t *testing.T, b *store.Book) string {
	t.Helper()
	return customerRecord(t, b, firstName).Get("phone").Str()
}

func TestTwoPeopleInOneRecordDecideFieldByField(t *testing.T) {
	b := sampleBook(t)
	before := phone(t, b)
	s := edited(t, b, map[string]string{"phone": "+1 555 9999", "domain": "lima.example"})
	s.Press("ctrl+s").Expect("Changed meanwhile: "+firstName, "Phone", "Web domain", "which one holds?", "theirs (bo)", "lima.example", "quito.example")
	s.Press("j").Expect("+1 555 9999", "+1 555 0001", before).Press("enter").Expect("Changed meanwhile") // Nothing is decided by enter.
	if got := phone(t, b); got != "+1 555 9999" {
		t.Fatalf("before anything is decided, %q is saved", got)
	}
	s.Press("k", "t", "m", "enter").ExpectSaid("Saved: set").ExpectNot("Changed meanwhile", "Edit customer")
	r := customerRecord(t, b, firstName)
	if domain, phone := r.Get("domain").Str(), r.Get("phone").Str(); domain != "lima.example" || phone != "+1 555 0001" {
		t.Errorf("of theirs and mine, domain %q and phone %q are saved", domain, phone)
	}
	s.Press("u").ExpectSaid("Undone: set phone")
	if got := phone(t, b); got != "+1 555 9999" {
		t.Errorf("undo leaves %q, not what bo wrote", got)
	}
	crash(t, b).ExpectNot("not saved")
}

func TestWhatOnlyOneHasChangedIsNoQuestion(t *testing.T) {
	b := sampleBook(t)
	s := edited(t, b, map[string]string{"phone": "+1 555 0001", "city": "Lima"})
	s.Press("ctrl+s").ExpectSaid("Saved: set domain").ExpectNot("Changed meanwhile")
	r := customerRecord(t, b, firstName)
	if r.Get("domain").Str() != "quito.example" || r.Get("city").Str() != "Lima" || r.Get("phone").Str() != "+1 555 0001" {
		t.Errorf("saved is %q %q %q", r.Get("domain").Str(), r.Get("city").Str(), r.Get("phone").Str())
	}
}

func TestAnUndecidedConflictGoesBackToTheForm(t *testing.T) {
	b := sampleBook(t)
	s := edited(t, b, map[string]string{"phone": "+1 555 9999"})
	s.Press("ctrl+s").Expect("Changed meanwhile").Press("esc").Expect("Edit customer", "+1 555 0001", `✗ bo has made it "+1 555 9999"`)
	crash(t, b).Expect("Forms that were not saved") // The draft is kept.
	s.Press("ctrl+s").Expect("Changed meanwhile").Press("T", "enter").ExpectSaid("Saved: set domain")
	if got := phone(t, b); got != "+1 555 9999" {
		t.Errorf("theirs was chosen and %q is saved", got)
	}
	s = edited(t, b, map[string]string{"phone": "+1 555 7777", "domain": "oslo.example"})
	s.Press("ctrl+s", "T", "enter").ExpectSaid("nothing of yours was left to save")
	crash(t, b).ExpectNot("Forms that were not saved")
}

func TestAChangeWhileItIsAskedIsAskedAgain(t *testing.T) {
	b := sampleBook(t)
	s := edited(t, b, map[string]string{"phone": "+1 555 9999"})
	s.Press("ctrl+s").Expect("Changed meanwhile", "+1 555 9999")
	saveField(t, b, "cy", firstName, "phone", model.Text("+1 555 8888"))
	s.Press("m", "enter").Expect("Changed meanwhile", "theirs (cy)", "+1 555 8888")
	s.Press("m", "enter").ExpectSaid("Saved: set domain, phone")
	if got := phone(t, b); got != "+1 555 0001" {
		t.Errorf("mine was chosen twice and %q is saved", got)
	}
}
