package ui_test

import (
	"strings"
	"testing"
	"time"
)

func TestRenewalsHaveFiveShapesOnOneKey(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("3").Expect("Decide by", "Left")
	s.Press("o").Expect("Renewals › board", "upcoming · ", "usage review · ", "renewed · ", "churned · ")
	s.Press("o").Expect("Renewals › months", "2026-11*", "commit", "best case")
	s.Press("w").Expect("Renewals due in the month", "won").Press("esc")
	s.Press("j", "enter").Expect("due:2026-11")
	s.Press("o", "o", "o").Expect("› bubbles", "+30d", "unknown", "health")
	s.Press("o").Expect("› figures").ExpectNot("bubbles")
	s.Press("o").Expect("Decide by").ExpectNot("figures ›")
}

// The line of today is no record: nothing is opened, marked or explained on it, and marks count records.
func TestTheLineOfTodayIsNoRecord(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("3", "g")
	for range 200 {
		if s.Press("j"); strings.Contains(s.Screen(), "▸ ▾ today, 2026-11-22") {
			break
		}
	}
	s.Expect("▸ ▾ today, 2026-11-22")
	s.Press("space", "enter", "w").Expect("▸ ▾ today, 2026-11-22").ExpectNot(" marked", "Why?")
	s.Press("e").ExpectSaid("no record is under the cursor")
	s.Press("*").Expect("302 marked", "of 302")
}

// The figures stand on one screen, the two families apart, and each explains itself.
func TestFiguresExplainThemselves(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("3", "o", "o", "o", "o").Expect("› figures › 2026-Q4", "Renewals due 2026-Q4", "Recurring revenue, all customers", "GRR, gross retention", "Concentration, all customers", "What was said")
	s.Press("w").Expect("Due 106", "the sum", "beside them").Press("esc")
	seen := map[string]bool{}
	for range 60 {
		s.Press("w")
		if !strings.Contains(s.Screen(), "─ Why? ") {
			t.Fatalf("a figure is not explained:\n%s", s.Screen())
		}
		seen[s.Line("─ Why? ")+s.Screen()] = true
		s.Press("esc", "j")
	}
	if len(seen) < 30 {
		t.Errorf("%d figures are explained, want at least 30", len(seen))
	}
	s.Press("g", "j", "enter").Expect("due:2026-10-01..2026-12-31 renewal:won", "42 of 647 contracts")
	s.Press("o", "o", "o", "o").Expect("Renewals due 2026-Q4").Press("h").Expect("2026-Q3").Press("H").Expect("› figures › 2026").Press("H", "l").Expect("› figures › 2026-02")
	look(t, 80, 24).Press("3", "o", "o", "o", "o", "G", "w").Expect("Why?", "less that of the largest")
}

// What was said at the ends of weeks is told from the log, and so is what has moved since.
func TestFiguresTellWhatWasSaid(t *testing.T) {
	now := clock().AddDate(0, 0, -70) // The sample company was put in ten weeks ago.
	b, err := makeBookAt(400, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	now = clock()
	s := openOn(t, b, 160, 48)
	s.Press("3", "o", "o", "o", "o").Expect("2026-11-15", "2026-09-27", "Accuracy", "%").ExpectNot("younger than a week")
	s.Press("o").Filter("due:2026-11-25..2026-12-20 stage:verbal").Press("j", "[").ExpectSaid("negotiation").Press("/", "ctrl+u", "enter", "o", "o", "o", "o")
	for range 40 {
		if s.Press("j"); strings.Contains(s.Screen(), "▸ 2026-10-18") {
			break
		}
	}
	s.Expect("▸ 2026-10-18").Press("w").Expect("worked out from the log", "a week before").Press("esc")
	s.Press("enter").Expect("What moved from 2026-10-18", "stage verbal → negotiation", "call commit → best case")
}

func TestDaysAheadGoRound(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("3", "H").Expect("decision_date:<=+30d").Press("H").Expect("+60d").Press("H").Expect("+90d").Press("H").Expect("+180d").Press("H").ExpectNot("decision_date:<")
}

func TestARenewalGoesThroughItsStagesAndBack(t *testing.T) {
	s := openOn(t, sampleBook(t), 160, 48)
	s.Press("3", "o", "]").ExpectSaid("Saved: stage contract", "usage review")
	s.Press("]", "]", "]").ExpectSaid("verbal")
	s.Press("]").Expect("renew · ", "Amount a year").Press("ctrl+s").Expect("Take the step", "a year from", "One undo takes it back.")
	s.Press("y").ExpectSaid("Saved: renew contract")
	for range 5 {
		s.Press("u").ExpectSaid("Undone")
	}
}

func TestAStepThatDoesNotFitSaysWhyInItsForm(t *testing.T) {
	s := openOn(t, sampleBook(t), 160, 48)
	s.Press("3").Filter("renewability:\"by itself\" stage:none").Press("m", "x").Expect("expand · ").Press("ctrl+s").Expect("needed")
	s.Type("1").Press("ctrl+s").Expect("must be above the").Press("esc", "y")
	s.Press("m", "c", "ctrl+s").Expect("needed").Press("esc")
	s.Press("E").Expect("Bought", "Used (", "days late")
	s.Press("y")
	if !strings.Contains(s.clipboard, "\n## Bought\n") || !strings.Contains(s.clipboard, "\n## House rules here\n") {
		t.Errorf("y copies the page as Markdown, got:\n%s", s.clipboard)
	}
	s.Press("t")
	if strings.ContainsAny(s.clipboard, "#*\\") || !strings.Contains(s.clipboard, "\nMoney owed\n----------\n") {
		t.Errorf("t copies the page as text for paper, got:\n%s", s.clipboard)
	}
	s.Press("esc")
}

func TestBubblesStandAtTheHealthOfTheirCustomers(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("3", "o", "o", "o").Expect("health ")
	plotted := 0
	for _, line := range strings.Split(s.Screen(), "\n")[2:44] {
		plotted += strings.Count(line, "o") + strings.Count(line, "O") + strings.Count(line, "@")
	}
	if plotted < 30 {
		t.Errorf("only %d bubbles stand above the line of those without a health:\n%s", plotted, s.Screen())
	}
}

func TestAMonthShowsWhatItIsMadeOf(t *testing.T) {
	look(t, 160, 48).Press("3", "o", "o", "j").Expect("┌─ 2026-11 ─", "┌─ Largest ─", "at risk", " %")
	look(t, 80, 24).Press("3", "o", "o", "j").Expect("▸ 2026-11*").ExpectNot("Largest")
}
