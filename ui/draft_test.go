package ui_test

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/ui"
)

// crash forgets a session as a lost connection does: nothing is said to the program.
func crash(t *testing.T, b *store.Book) *session {
	t.Helper()
	return openKeeping(t, b, 160, 48, ui.Options{})
}

func TestWhatWasTypedIsThereAfterACrash(t *testing.T) {
	b := sampleBook(t)
	s := openKeeping(t, b, 160, 48, ui.Options{})
	s.Press("e").Type(" 株式会社").Press("tab", "tab").Type("x")
	before := steps(t, b)

	s = crash(t, b)
	s.Expect("Forms that were not saved", "Edit customer "+firstName, "10:00, 2 fields")
	s.Press("enter").Expect("A draft of 10:00 is there", "Restore it", "Drop it").Press("r")
	s.Expect("Edit customer "+firstName, firstName+" 株式会社").Press("ctrl+s").ExpectSaid("Saved: set ")
	if r := customerRecord(t, b, firstName+" 株式会社"); !strings.HasSuffix(r.Get("registered_id").Str(), "x") {
		t.Errorf("the second field was lost: %q", r.Get("registered_id").Str())
	}
	if after := steps(t, b); after != before+1 {
		t.Errorf("drafts and one saving made %d steps", after-before)
	}
	crash(t, b).ExpectNot("not saved").Press("u").ExpectSaid("Undone: set ")
}

func TestTheDraftOfARecordIsOfferedWhereItIsEdited(t *testing.T) {
	b := sampleBook(t)
	openKeeping(t, b, 160, 48, ui.Options{}).Press("e").Type(" Two")
	s := crash(t, b).Press("esc").ExpectNot("not saved")
	s.Press("e").Expect("A draft of 10:00 is there").Press("esc").ExpectNot("Edit customer", "draft of")
	s.Press("e", "r").Expect(firstName + " Two").Press("esc").Expect("Throw the changes away?").Press("esc").ExpectNot("Edit customer")
	s.Press("e").Expect("Edit customer").ExpectNot("draft", firstName+" Two").Press("esc") // Thrown away is gone.
	s.Press("e").Type("!")
	s = crash(t, b).Press("esc", "e", "d").Expect("Edit customer").ExpectNot(firstName + "!")
	s.Press("esc").Press("ctrl+g").ExpectSaid("There are no drafts")
	openKeeping(t, b, 160, 48, ui.Options{Actor: "bo"}).Press("e").Type("bo's")
	crash(t, b).ExpectNot("not saved").Press("e").ExpectNot("draft") // It belongs to bo.
}

func TestADraftOfANewRecordIsAddedOnce(t *testing.T) {
	b := sampleBook(t)
	s := openKeeping(t, b, 160, 48, ui.Options{})
	s.Press("enter", "a", "c").Type("Zoë Neumann")
	var kept []model.Draft
	kept, err := b.Drafts("ana")
	if err != nil || len(kept) != 1 {
		t.Fatalf("drafts: %v, %v", kept, err)
	}
	s = crash(t, b)
	s.Expect("Add contact", "1 field").Press("1", "r").Expect("Add contact", "Zoë Neumann", firstName)
	s.Press("ctrl+s").ExpectSaid("Saved: add contact Zoë Neumann")
	// The program may end between saving and forgetting.
	if err := b.SaveDraft(kept[0]); err != nil {
		t.Fatal(err)
	}
	crash(t, b).ExpectNot("not saved")
	if kept, err = b.Drafts("ana"); err != nil || len(kept) != 0 {
		t.Errorf("the draft of what was added is still there: %v, %v", kept, err)
	}
}

func TestADraftOfManyAndTheQuestionUnderIt(t *testing.T) {
	b := sampleBook(t)
	s := openKeeping(t, b, 160, 48, ui.Options{})
	s.Press("space", "space", "e").Type("Same name")
	s = crash(t, b)
	s.Expect("Edit 2 customers").Press("1", "r").Expect("Edit 2 customers", "Same name")
	s.Press("ctrl+s").Expect("2 customers will change").Press("n").Expect("Edit 2 customers", "Same name")
	s.Press("ctrl+s", "y").ExpectSaid("Saved: set name of 2 customers").ExpectNot("Edit 2 customers")
	crash(t, b).ExpectNot("not saved")
}

func TestADraftSaysWhatChangedMeanwhile(t *testing.T) {
	b := sampleBook(t)
	openKeeping(t, b, 160, 48, ui.Options{}).Press("e").Type(" Two")
	saveField(t, b, "bo", firstName, "name", model.Text("Aaa of bo"))
	s := crash(t, b).Press("1", "r").Expect(firstName+" Two", `changed meanwhile to "Aaa of bo"`)
	s.Press("ctrl+s").Expect("Changed meanwhile: Aaa of bo", "before", firstName, "theirs (bo)", "yours")
	s.Press("m", "enter").ExpectSaid("Saved: set name")
	if name := customerRecord(t, b, firstName+" Two").Title(); name == "" {
		t.Error("what was chosen is not saved")
	}
	crash(t, b).ExpectNot("not saved")
}

// clinging is a book that is killed before it forgets a draft.
type clinging struct{ ui.Backend }

func (clinging) DropDraft(string, model.ID) error { return nil }

func TestADraftOfWhatWasSavedIsNotOffered(t *testing.T) {
	b := clinging{sampleBook(t)}
	s := openKeeping(t, b, 160, 48, ui.Options{})
	s.Press("e").Type(" Two").Press("ctrl+s").ExpectSaid("Saved: set name")
	s.Press("e").Expect("Edit customer " + firstName + " Two").ExpectNot("A draft of")
	openKeeping(t, b, 160, 48, ui.Options{}).ExpectNot("not saved")
}

func TestAFormComesBackByItselfAfterTheEngineWentAway(t *testing.T) {
	b := sampleBook(t)
	openKeeping(t, b, 160, 48, ui.Options{}).Press("e").Type(" Two")
	s := openKeeping(t, b, 160, 48, ui.Options{Resumed: true})
	s.Expect("Edit customer "+firstName, firstName+" Two", "the form is as it was kept last")
	s.Press("ctrl+s").ExpectSaid("Saved: set name")
	openKeeping(t, b, 160, 48, ui.Options{}).Press("a").Type("Brand New")
	openKeeping(t, b, 160, 48, ui.Options{Resumed: true}).Expect("Add customer", "Brand New").Press("ctrl+s")
	openKeeping(t, b, 160, 48, ui.Options{Resumed: true}).ExpectSaid("everything that was saved is here").Press("j")
}

func TestTheWordThatTheEngineStopsComesBeforeTheEnd(t *testing.T) {
	stopping := make(chan struct{})
	s := &session{t: t, app: ui.New(t.Context(), sampleBook(t), ui.Options{Actor: "ana", Now: clock, Stopping: stopping})}
	s.send(tea.WindowSizeMsg{Width: 160, Height: 48})
	first, ok := s.app.Init()().(tea.BatchMsg)
	if !ok || len(first) != 2 {
		t.Fatalf("the program starts with %d commands, not with reading and waiting", len(first))
	}
	s.perform(first[0])
	s.Press("e")
	close(stopping)
	s.perform(first[1])
	s.Expect("The engine stops; this screen connects to the next one by itself", "Edit customer")
	s.Press("esc").ExpectSaid("The engine stops")
}

// fullDisk keeps no drafts.
type fullDisk struct{ ui.Backend }

func (fullDisk) SaveDraft(model.Draft) error { return errors.New("the disk is full") }

func TestADraftThatCannotBeKeptIsSaid(t *testing.T) {
	s := openKeeping(t, fullDisk{sampleBook(t)}, 160, 48, ui.Options{})
	s.Press("e").Type("abc").Expect("What you type is not kept as a draft: the disk is full")
	s.Press("ctrl+s").ExpectSaid("Saved: set name")
}
