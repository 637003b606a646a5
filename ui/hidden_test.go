package ui_test

import (
	"testing"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/ui"
)

// attached opens the workstation for a user of the book with a role.
func attached(t *testing.T, b *store.Book, role string) *session {
	t.Helper()
	r := model.NewRecord(model.User, b.NewID())
	r.Set("handle", model.Text("x"+role))
	r.Set("role", model.Pick(role))
	r.Set("team", model.Text("Atlantic"))
	save(t, b, "owner", "let in", model.CreateOp(r))
	return openWith(t, b.For(store.Caller{User: "x" + role}), 160, 48, ui.Options{Actor: "x" + role})
}

func TestHiddenAmountsAreNotShownAsNothing(t *testing.T) {
	b := sampleBook(t)
	s := attached(t, b, "hotline")
	s.Expect("400 customers · Σ ARR hidden").ExpectNot("Σ ARR 0")
	if line := s.Line("▸ " + firstName); !contains(line, "hidden") {
		t.Errorf("the row does not say that its amounts are hidden: %s", line)
	}
	s.Press("enter").Expect("hidden").ExpectNot(" 0 USD").Press("esc")
	s.Press("e").Expect("Edit customer").ExpectNot("Annual revenue  ", "Gross profit").Press("esc")
	s.Press("2").Expect("Σ ARR hidden").Press("1", "b").Press("esc")
	s.Press("3").ExpectNot("Σ Target 0")
	lead := attached(t, b, "lead")
	lead.ExpectNot("hidden").Press("enter").ExpectNot("hidden")
}
