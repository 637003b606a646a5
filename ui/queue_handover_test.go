package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Marked items go out in one step: what is not confirmed stays and says why, the worst goes at once and is seen to;
// undo takes the step back. What the engineers write into the file is seen before it is taken in.
func TestItemsGoToTheEngineersAndComeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.csv")
	b := newBook(t, 0)
	s := openOn(t, b, 160, 48).Press("4")
	for _, item := range []string{"Export stops", "Nobody logs in", "Blank page"} {
		s.Press("n", "b").Type(item).Press("ctrl+s").Expect("─ " + item + " ─")
	}
	s.Filter("blank").Press("O").ExpectSaid("is new, so hand-over does not fit").Press("esc")
	s.Filter("export").Press("a", "o").ExpectSaid("Saved: confirm item").Press("esc")
	s.Filter("nobody").Command("set severity_set=S1 severity_reason=outage").Press("esc")
	s.Press("*", "O").Expect("Hand 3 items over as", "Markdown", "GitHub issues").Press("j")
	s.Expect("2 items for the engineers; 2 of them handed over", "Urgent path, not reproduced: Nobody logs in", "Stays here: Blank page · it is new", "Issue key")
	s.Press("enter").Expect("hand-over-2026-11-22.csv").Press("ctrl+u").Paste(path).Press("ctrl+s").ExpectSaid("Written: "+path, "u takes the step back")
	s.Expect("handed over")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s.Press("u").ExpectSaid("Undone: hand over 2 items").Press("ctrl+r").ExpectSaid("Redone")
	// The same file again is refused, and no step is taken.
	s.Press("O", "j", "enter", "ctrl+u").Paste(path).Press("ctrl+s").ExpectSaid("file exists").Press("esc", "esc")
	// One status is changed in the file and read back.
	changed := strings.Replace(string(text), ",Bug,,handed over,", ",Bug,,In Progress,", 1)
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Press("B").Expect("Read back how far items are").Paste(path).Press("enter")
	s.Expect("update 1", "same 1", "state handed over → in progress").Press("ctrl+s", "y").ExpectSaid("Saved: ")
	s.Press("esc").Expect("in progress")
	s.Filter("state:\"in progress\"").Press("enter").Expect("O hand over").Press("O", "m").Expect("1 item for the engineers; 0 of them handed over", "Status: in progress")
	s.Press("y").ExpectSaid("Copied: 1 item")
	if !strings.Contains(s.clipboard, "opsdeck-item: ") {
		t.Errorf("the clipboard holds %q", s.clipboard)
	}
}

// A tracker's export from the queue says only how far items are; nothing else of it comes in.
func TestATrackersExportIsReadBack(t *testing.T) {
	s := openOn(t, newBook(t, 0), 160, 48).Press("4", "n", "b").Type("Export stops").Press("ctrl+s")
	s.Command("set external_id=PRJ-1").Press("a", "o").Filter("export").Press("O").Press("m").Press("y")
	file := write(t, "jira.csv", "Issue key,Summary,Status,Resolution,Reporter\nPRJ-1,Other words,Done,Fixed,eve\nPRJ-2,Theirs,To Do,,eve\n")
	s.Press("B").Paste(file).Press("enter").Expect("update 1", "create 0", "state handed over → closed", "no item here has this key")
	s.Press("o").Expect("Take in", "only how far items are").Press("esc")
	s.Press("ctrl+s", "y").ExpectSaid("Saved: ").Press("esc", "A").Expect("Export stops").ExpectNot("Theirs", "Other words")
	s.Press("u").ExpectSaid("Undone: ").Expect("handed over")
}
