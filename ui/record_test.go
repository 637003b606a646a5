package ui_test

import (
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/store"
)

func newCustomer(b *store.Book, name string) model.Op {
	r := &model.Record{Kind: model.Customer, ID: b.NewID()}
	r.Set("name", model.Text(name))
	return model.CreateOp(r)
}

func TestTimelineIsFiltered(t *testing.T) {
	s := openOn(t, sampleBook(t), 160, 60)
	s.Filter("open_items:>0 contracts:>0").Press("enter").Expect("Timeline")
	s.Press("/").Type("event:contract").Expect("Timeline: ", "contract starts").ExpectNot("item opened")
	s.Press("enter", "u").Expect("Timeline: ")
	s.Press("/").Type(" evnt:").Expect("there is no field “evnt”").Press("esc").Expect("event:contract")
	s.Press("esc").ExpectNot("event:contract").Expect("Decision chain").Press("esc").ExpectNot("Decision chain")
}

func TestChangeInTimelineLeadsToItsStep(t *testing.T) {
	b := newBook(t, 3)
	save(t, b, "ana", "add customer Zebra", newCustomer(b, "Zebra"))
	s := openOn(t, b, 160, 48)
	s.Filter("zebra").Press("enter", "/").Type("event:change").Press("enter").Expect("add customer Zebra, ana")
	s.Press("enter").Expect("add customer Zebra by ana")
}

func TestRecordIsReadOneAfterTheOther(t *testing.T) {
	s := openOn(t, sampleBook(t), 160, 48)
	s.Press("4", "j")
	first := s.Line("▸")
	title := func() string { return s.Line("item ") }
	s.Press("enter").Expect("n next", "p previous", "e edit")
	one := title()
	s.Press("n")
	two := title()
	if one == two {
		t.Errorf("n stays at %s", one)
	}
	if s.Press("p"); title() != one {
		t.Errorf("p leads to %s instead of %s", title(), one)
	}
	s.Press("w").Expect("Why?").Press("esc")
	if got := s.Line("▸"); got != first {
		t.Errorf("the cursor is on\n%s\ninstead of\n%s", got, first)
	}
	s.Press("g", "enter", "p").ExpectSaid("That was the last one of the list.").Press("e").Expect("Edit item")
}

func TestHelpTellsOfWhatIsUnderTheCursor(t *testing.T) {
	s := openOn(t, sampleBook(t), 160, 48)
	s.Press("l").Press("?").Expect("Under the cursor", "one of KA, mid, small", "/tier:").Press("esc")
	s.Press("enter", "?").Expect("Under the cursor", "/status:").Press("esc", "esc", "2", "?").ExpectNot("Under the cursor")
}

func TestUndoneStepIsSeenAtOnce(t *testing.T) {
	b := newBook(t, 3)
	label := "add customer " + strings.Repeat("very ", 30) + "long"
	save(t, b, "ana", label, newCustomer(b, "Z"))
	openOn(t, b, 80, 24).Press("u", "U").Expect("(undone) add customer very")
}

func TestLeavingAFilterLeadsBack(t *testing.T) {
	s := openOn(t, sampleBook(t), 160, 48)
	s.Press("j", "j", "j", "j")
	name := func() string { line := s.Line("▸"); return line[:min(len(line), 50)] }
	here := name()
	s.Press("/").Type("nothing is called so").Press("esc")
	if got := name(); got != here {
		t.Errorf("the cursor is on\n%s\ninstead of\n%s", got, here)
	}
}

func TestSegmentNamesTheRatesOfItsSum(t *testing.T) {
	s := openOn(t, sampleBook(t), 160, 48)
	s.Press("2", "w").Expect("JPY", "by the setting rate.JPY", "by the setting rate.EUR")
}

func TestPaymentThatDoesNotFitKeepsWhatWasTyped(t *testing.T) {
	s := openOn(t, sampleBook(t), 160, 48)
	s.Press("0", "A", "/").Type("overdue SI-").Press("enter", ".").Expect("Take a payment").Press("p")
	s.Type("999999999").Press("ctrl+s").Expect("is more than what is open", "999999999")
	s.Press("ctrl+u").Type("0").Press("ctrl+s").Expect("a payment is more than nothing")
	s.Press("ctrl+u").Type("1").Press("ctrl+s").ExpectSaid("Saved: ").Press("u").ExpectSaid("Undone: ")
}
