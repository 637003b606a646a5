package ui_test

import (
	"testing"

	"opsdeck/model"
	"opsdeck/ui"
)

// What is edited in a scoring model outlives the program, with the form that was in front; applying forgets it.
func TestEditsOfAModelOutliveTheProgram(t *testing.T) {
	b := sampleBook(t)
	before := steps(t, b)
	openKeeping(t, b, 160, 44, ui.Options{}).Press("M", "enter", "]", "]").Expect("33.3 %", "edited, not applied")

	s := crash(t, b).Expect("Forms that were not saved", "Scoring model standard", "10:00, 1 edit")
	s.Press("1").Expect("A draft of 10:00 is there").Press("r").ExpectSaid("Your edits of before are here again")
	s.Expect("33.3 %", "edited, not applied").Press("j", "enter").Expect("Criterion").Press("tab", "tab", "tab", "tab", "tab").Type("5")

	s = crash(t, b).Press("esc").Press("M", "enter").Expect("A draft of 10:00 is there: Scoring model standard", "2 edits")
	s.Press("esc").Expect("Model", "For whom").ExpectNot("edited, not applied") // Nobody edits over a draft.
	s.Press("enter", "r").Expect("Criterion", "105").ExpectNot("9.1 %").Press("ctrl+s").Press("ctrl+s", "enter").ExpectSaid("Saved: keep the scorecard standard")
	if n := steps(t, b) - before; n != 1 {
		t.Errorf("%d steps", n)
	}
	crash(t, b).ExpectNot("not saved").Press("M", "enter").ExpectNot("A draft of")
}

// A new model keeps the id of its draft, so that it is not offered once more; esc asks, and loses nothing by
// itself.
func TestADraftOfANewModel(t *testing.T) {
	b := sampleBook(t)
	s := openKeeping(t, b, 160, 44, ui.Options{})
	s.Press("M", "a", "x").Expect("own-tier · Tier · new").ExpectNot("20.0 %").Press("esc").Expect("The edits of own-tier are not applied", "Keep them as a draft")
	s.Press("n").Expect("own-tier · Tier · new").Press("esc", "esc").ExpectSaid("wait for you")
	kept, err := b.Drafts("ana")
	if err != nil || len(kept) != 1 || !kept[0].Adds {
		t.Fatalf("drafts %+v, %v", kept, err)
	}
	s = crash(t, b).Press("1", "r").Expect("own-tier · Tier · new").Press("ctrl+s", "enter").ExpectSaid("Saved: keep the scorecard own-tier")
	if err := b.SaveDraft(kept[0]); err != nil { // The program may end between keeping and forgetting.
		t.Fatal(err)
	}
	crash(t, b).ExpectNot("not saved")
	s.Press("]").Expect("edited, not applied").Press("esc", "d").Press("enter").ExpectNot("edited, not applied", "A draft of")
	crash(t, b).ExpectNot("not saved")
}

// A draft that is taken up after somebody else's step says so, and theirs stays in the history.
func TestADraftOfAModelThatHasChanged(t *testing.T) {
	b := sampleBook(t)
	openKeeping(t, b, 160, 44, ui.Options{}).Press("M", "a", "ctrl+s", "enter").Press("]").Expect("edited, not applied")
	openKeeping(t, b, 160, 44, ui.Options{Actor: "bo"}).Press("M", "enter", "j", "]", "ctrl+s", "enter").ExpectSaid("Saved: keep")
	s := crash(t, b).Press("1", "r").ExpectSaid("Somebody has changed the model since").Press("ctrl+s").Expect("yours becomes the next version")
	s.Press("enter").Expect("version 3")
	s.Press("]", "q")
	crash(t, b).Expect("Scoring model own-tier") // Leaving by q keeps the last edit.
	if _, err := b.Drafts("ana"); err != nil {
		t.Fatal(err)
	}
}

// Where drafts cannot be kept, leaving asks before anything is lost.
func TestEditsOfAModelThatCannotBeKept(t *testing.T) {
	s := openKeeping(t, fullDisk{sampleBook(t)}, 160, 44, ui.Options{})
	s.Press("M", "enter", "]").Expect("What you type is not kept as a draft: the disk is full")
	s.Press("q").Expect("are not applied: leaving loses them").Press("n").Expect("edited, not applied")
}

// A model that was removed meanwhile comes back as a new one.
func TestADraftOfAModelThatIsGone(t *testing.T) {
	b := sampleBook(t)
	s := openKeeping(t, b, 160, 44, ui.Options{})
	s.Press("M", "a", "ctrl+s", "enter").Press("]").Expect("edited, not applied").Press("esc", "esc").Expect("own-tier")
	s.Press("D", "y").ExpectNot("own-tier · ")
	crash(t, b).Press("1", "r").Expect("own-tier · Tier · new", "edited, not applied").Press("ctrl+s", "enter").Expect("version 1")
	if kept, err := b.Drafts("ana"); err != nil || len(kept) != 0 {
		t.Errorf("drafts %+v, %v", kept, err)
	}
	if got := cardsOf(t, b); got["own-tier"] != 1 {
		t.Errorf("the book has %v, of kind %v", got, model.Scorecard)
	}
}
