package ui_test

import (
	"context"
	"errors"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/ui"
)

// follower is a session that is shown what others do. Its waiting command runs beside the test, as it
// does beside the program.
type follower struct {
	*session
	wait   tea.Cmd
	cancel context.CancelFunc
}

// follow opens the workstation as the second person on a book.
func follow(t *testing.T, b *store.Book) *follower {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	s := &session{t: t, app: ui.New(ctx, b, ui.Options{Actor: "ana", Now: clock, Title: "book.db", Live: true})}
	s.send(tea.WindowSizeMsg{Width: 160, Height: 48})
	first, ok := s.app.Init()().(tea.BatchMsg)
	if !ok || len(first) != 2 {
		t.Fatalf("the program starts with %d commands, not with reading and waiting", len(first))
	}
	s.perform(first[0])
	return &follower{s, first[1], cancel}
}

// next runs the waiting command until something has happened, and shows it to the program. With a
// customer open, the program reads that again before it waits once more.
func (f *follower) next(customerOpen bool) {
	f.t.Helper()
	got := make(chan tea.Msg, 1)
	go func(wait tea.Cmd) { got <- wait() }(f.wait)
	var msg tea.Msg
	select {
	case msg = <-got:
	case <-time.After(20 * time.Second):
		f.t.Fatal("a change of the book was not noticed")
	}
	if msg == nil {
		f.wait = nil
		return
	}
	_, f.wait = f.app.Update(msg)
	if !customerOpen {
		return
	}
	both, ok := f.wait().(tea.BatchMsg)
	if !ok || len(both) != 2 {
		f.t.Fatal("the open customer is not read again")
	}
	f.perform(both[0])
	f.wait = both[1]
}

func TestWhatOthersDoIsSeen(t *testing.T) {
	b := sampleBook(t)
	f := follow(t, b)
	f.next(false) // The first picture.
	f.Expect("400 customers")
	saveField(t, b, "bo", firstName, "owner", model.Person("zoe"))
	f.next(false)
	f.Expect("zoe")
	f.Press("enter").Expect("Decision chain")
	saveField(t, b, "bo", firstName, "city", model.Text("Ulaanbaatar"))
	f.next(true)
	f.Expect("Decision chain", "Ulaanbaatar", "set city")
}

func TestAChangeBetweenTwoWaitsIsNotLost(t *testing.T) {
	b := sampleBook(t)
	f := follow(t, b)
	f.next(false)
	// The program has taken the last change and does not wait for the next one yet.
	saveField(t, b, "bo", firstName, "owner", model.Person("zoe"))
	f.next(false)
	f.Expect("zoe")
}

func TestWaitingEndsWithTheSession(t *testing.T) {
	f := follow(t, sampleBook(t))
	f.next(false)
	f.cancel()
	f.next(false)
	if f.wait != nil {
		t.Error("the program waits on after its session has ended")
	}
}

func TestAFailedReadDoesNotEndTheFollowing(t *testing.T) {
	b := sampleBook(t)
	failing := &broken{Backend: b}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	s := &session{t: t, app: ui.New(ctx, failing, ui.Options{Actor: "ana", Now: clock, Title: "book.db", Live: true})}
	s.send(tea.WindowSizeMsg{Width: 160, Height: 48})
	first, _ := s.app.Init()().(tea.BatchMsg)
	s.perform(first[0])
	f := &follower{s, first[1], cancel}
	failing.err = errors.New("the disk is away")
	f.next(false)
	f.ExpectSaid("the disk is away").Expect("400 customers") // What was seen before stays.
	failing.err = nil
	saveField(t, b, "bo", firstName, "owner", model.Person("zoe"))
	f.next(false)
	f.Expect("zoe")
}
