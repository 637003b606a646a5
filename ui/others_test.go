package ui_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/ui"
)

// handle is somebody's own handle on a book, as everybody has who is attached.
func handle(t *testing.T, b *store.Book, user string) *store.Book {
	t.Helper()
	h := b.For(store.Caller{User: user, Owner: true})
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func TestWhatSomebodyElseChangesIsMarkedWithTheirName(t *testing.T) {
	b := sampleBook(t)
	f := follow(t, b)
	f.next(false)
	saveField(t, b, "bo", firstName, "owner", model.Person("zoe"))
	f.next(false)
	if line := f.Line("▸ " + firstName); !contains(line, "zoe", " bo ") {
		t.Errorf("the row does not say who has changed it: %s", line)
	}
	f.ExpectSaid("bo: set owner")
	f.Press("j").ExpectNot("bo: set owner")
	saveField(t, b, "cy", firstName, "city", model.Text("Lima"))
	f.next(false)
	if line := f.Line("  " + firstName); contains(line, " bo ") || !contains(line, " cy ") {
		t.Errorf("the row tells of an older change, or not of the last: %s", line)
	}
	// What one does oneself needs no mark.
	saveField(t, b, "ana", firstName, "city", model.Text("Oslo"))
	f.next(false)
	f.ExpectNot("ana: set city")
}

func contains(line string, texts ...string) bool {
	for _, text := range texts {
		if !strings.Contains(line, text) {
			return false
		}
	}
	return true
}

func TestOneSeesWhoIsEditingWhat(t *testing.T) {
	b := sampleBook(t)
	ana := follow(t, handle(t, b, "ana"))
	ana.next(false)
	live := &session{t: t, app: ui.New(t.Context(), handle(t, b, "cy"), ui.Options{Actor: "cy", Now: clock, Live: true})}
	live.send(tea.WindowSizeMsg{Width: 160, Height: 48})
	first, _ := live.app.Init()().(tea.BatchMsg)
	live.perform(first[0])
	live.Press("e").Expect("Edit customer " + firstName)
	ana.next(false)
	ana.Expect("cy is editing")
	ana.Press("e").Expect("Edit customer "+firstName, "cy is editing")
	saveField(t, b, "cy", firstName, "city", model.Text("Lima"))
	ana.next(false)
	ana.Expect("cy has just changed City; saving asks what holds")
	ana.Press("esc")
	live.Press("esc")
	ana.next(false)
	ana.ExpectNot("is editing")
}

func TestNewsTellWhatOthersDidToMine(t *testing.T) {
	b := sampleBook(t)
	saveField(t, b, "bo", firstName, "owner", model.Person("ana"))
	f := follow(t, b)
	f.next(false)
	f.ExpectNot("news (@)").Press("@").ExpectSaid("Nobody else has touched what you own.")
	saveField(t, b, "bo", firstName, "city", model.Text("Lima"))
	f.next(false)
	f.Expect("1 news (@)")
	saveField(t, b, "bo", "Ambercombe Textiles Ltd", "city", model.Text("Lima")) // Of somebody else.
	f.next(false)
	f.Expect("1 news (@)").Press("@").Expect("News of what you own", "bo", "set city", firstName).ExpectNot("Ambercombe Textiles Ltd just")
	f.ExpectNot("1 news (@)").Press("enter").Expect("Decision chain")
}

func TestNewsOfTheTimeWhenOneWasAway(t *testing.T) {
	b := sampleBook(t)
	saveField(t, b, "bo", firstName, "owner", model.Person("ana"))
	live := func() *session {
		s := &session{t: t, app: ui.New(t.Context(), b, ui.Options{Actor: "ana", Now: clock, Live: true})}
		s.send(tea.WindowSizeMsg{Width: 160, Height: 48})
		first, _ := s.app.Init()().(tea.BatchMsg)
		s.perform(first[0])
		return s
	}
	live().ExpectNot("news (@)") // Whoever comes for the first time has missed nothing.
	saveField(t, b, "bo", firstName, "owner", model.Person("zoe"))
	live().Expect("1 news (@)").Press("@").Expect("set owner", firstName)
	live().ExpectNot("news (@)")
}
