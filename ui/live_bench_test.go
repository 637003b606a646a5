package ui_test

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/ui"
)

// BenchmarkOthersChange is what a change by somebody else costs a session that shows the list of 10,000
// customers: the reading of the news, the new picture, and the drawing of it.
func BenchmarkOthersChange(b *testing.B) {
	book := newBook(b, 10000)
	s := &session{t: b, app: ui.New(b.Context(), book, ui.Options{Actor: "ana", Now: clock, Live: true})}
	s.send(tea.WindowSizeMsg{Width: 160, Height: 48})
	first, _ := s.app.Init()().(tea.BatchMsg)
	s.perform(first[0])
	wait := first[1]
	_, wait = s.app.Update(wait())
	cities := []string{"Lima", "Oslo"}
	var one *model.Record
	if err := book.Each(model.Customer, func(r *model.Record) bool { one = r; return false }); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		b.StopTimer()
		saveField(b, book, "bo", one.Title(), "city", model.Text(cities[n%2]))
		n++
		b.StartTimer()
		_, wait = s.app.Update(wait())
		_ = s.app.View()
	}
}
