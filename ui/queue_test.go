package ui_test

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"opsdeck/ui"
)

// What is filed is what is worked on next; one of the worst rings, whoever files it; and the next customer to
// be told stands first.
func TestAnItemIsFiledRingsAndIsTold(t *testing.T) {
	s := open(t, 160, 48)
	s.Press("4", "n", "b").Type("Zebra crossing").Press("ctrl+s").ExpectSaid("Saved: add item Zebra crossing").Expect("─ Zebra crossing ─")
	s.Command("set severity_set=S1 severity_reason=outage").ExpectSaid("ALARM S1: Zebra crossing", "Saved: set severity_reason, severity_set")
	s.Press("o").ExpectSaid("Saved: hand-over item").Expect("handed over")
	s.Press(".").Expect("Confirm  ✗ it is handed over").Press("esc")
	s.Press("i").Type("Amberwick").Press("enter", "ctrl+s").Press("o", "o", "o", "ctrl+s").Expect("0 of 1")
	s.Press("o").ExpectSaid("1 still to be told: Amberwick")
	s.Press("T").Expect("Amberwick").Press("enter").Expect("Customer was told", "Dear ").Press("ctrl+s").Expect("1 of 1")
	s.Press("o").ExpectSaid("Saved: close item")
}

func TestReportsOfTheQueueExplainThemselves(t *testing.T) {
	s := open(t, 160, 48)
	s.Press("4", "R").Expect("Promises kept and broken").Press("6").Expect("Breach %", "first response")
	s.Press("enter").Expect("Why? Promises by severity", "items to which it is promised").Press("esc")
	s.Press("R", "7").Expect("Weight", "Words").Press("enter").Expect("importance").Press("esc")
}

// The countdown goes on as soon as the queue is gone to, and not only after the next change of the book.
func TestTheCountdownBeginsWithTheQueue(t *testing.T) {
	b := sampleBook(t)
	s := &session{t: t, app: ui.New(t.Context(), b, ui.Options{Actor: "ana", Now: clock, Title: "book.db", Live: true})}
	s.send(tea.WindowSizeMsg{Width: 160, Height: 48})
	s.perform(s.app.Init()().(tea.BatchMsg)[0])
	for key, ticks := range map[rune]bool{'1': false, '4': true} {
		if _, cmd := s.app.Update(tea.KeyPressMsg{Code: key, Text: string(key)}); (cmd != nil) != ticks {
			t.Errorf("after %c a clock goes: %v", key, cmd != nil)
		}
	}
}
