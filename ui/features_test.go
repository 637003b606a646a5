package ui_test

import (
	"strings"
	"testing"

	"opsdeck/ui"
)

func TestTodayIsTickedOffAndSnoozed(t *testing.T) {
	s := open(t, 160, 48)
	s.Press("0").Expect("due for ana and for nobody in particular")
	first := s.Line("▸")
	s.Press("x").ExpectSaid("Saved: done: ").ExpectNot(strings.TrimRight(first, " "))
	s.Press("u").ExpectSaid("Undone: done: ").Press("g")
	if got := s.Line("▸"); got != first {
		t.Errorf("undo brought back\n%s\ninstead of\n%s", got, first)
	}
	s.Press("z").Expect("Snooze until").Press("enter").ExpectSaid("Saved: ").ExpectNot(strings.TrimRight(first, " "))
	s.Press("A").Expect("Today › everybody", "for everybody")
	s.Press("/").Type("overdue").Press("enter").Expect("Today › everybody › overdue").ExpectNot("get in touch")
	s.Press("/").Type(" tier:").Expect("filter it by words alone").Press("esc")
	s.Press("w").Expect("Why?", "the sum of its terms").Press("esc", "enter").Expect("Decision chain")
}

func TestColumnsAreChosen(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("l", "-").ExpectNot(" Tier ").Press("C").Expect(" Tier ")
	s.Press("c").Expect("Columns: choosing one shows or hides it").Type("City").Press("enter").Expect("City")
	s.Press("C", "l", "l", ">")
	if head := s.Line("Name▲"); strings.Index(head, "ARR") > strings.Index(head, "Status") {
		t.Errorf("the column has not moved: %s", head)
	}
	s.Press("<")
	if head := s.Line("Name▲"); strings.Index(head, "ARR") < strings.Index(head, "Status") {
		t.Errorf("the column has not moved back: %s", head)
	}
	wide := strings.Index(s.Line("Name▲"), "Tier")
	s.Press("h", "h", "h", "+")
	if got := strings.Index(s.Line("Name▲"), "Tier"); got <= wide {
		t.Errorf("the column is as narrow as before: %s", s.Line("Name▲"))
	}
}

func TestViewsAreKept(t *testing.T) {
	b := sampleBook(t)
	s := openOn(t, b, 160, 48)
	s.Filter("tier:KA").Command("sort -arr").Press("V").Expect("Views of Customers", "Save this list as a view of yours")
	s.Press("enter").Expect("Add view").Type("Big fish").Press("ctrl+s").ExpectSaid("Saved: add view Big fish")
	s = openOn(t, b, 160, 48)
	s.Press("V").Type("big").Press("enter").Expect("tier:KA", "ARR USD▼")
	bo := openWith(t, b, 160, 48, ui.Options{Actor: "bo"})
	bo.Press("V").ExpectNot("Big fish") // It is ana's own.
}

func TestCopies(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("y", "c").ExpectSaid("Copied: " + firstName)
	if s.clipboard != firstName {
		t.Errorf("the clipboard holds %q", s.clipboard)
	}
	s.Press("l", "l", "l", "y", "c")
	if !strings.HasPrefix(s.clipboard, "4,") || strings.HasSuffix(s.clipboard, " ") {
		t.Errorf("the clipboard holds %q", s.clipboard)
	}
	s.Press("enter", "y")
	if !strings.HasPrefix(s.clipboard, "# "+firstName) {
		t.Errorf("the clipboard holds %q", s.clipboard)
	}
}

func TestGoesFromCustomerToCustomer(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("enter").Expect("› " + firstName).Press("n").Expect("› Ambercombe").Press("p").Expect("› " + firstName)
	s.Press("b").Expect("Brief of 2026-11-22").Press("esc")
	s.Command("filter tier:KA").Expect("Customers › tier:KA").ExpectNot("Decision chain")
}
