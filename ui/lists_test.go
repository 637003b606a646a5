package ui_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/ui"
)

func TestFilterFollowsEveryKey(t *testing.T) {
	s := look(t, 160, 48)
	s.Expect("400 customers", "1/400")
	s.Press("/").Type("tier:KA").Expect(found(t, "tier:KA")+" customers", "/tier:KA")
	s.Type(" country:jap").Expect("Customers › tier:KA country:jap", found(t, "tier:KA country:jap")+" customers")
	s.Type(" xyz").Press("enter").Expect("Nothing fits the filter tier:KA country:jap xyz", "esc takes it away")
	s.Press("esc").Expect("400 customers").ExpectNot("Customers ›")
}

func TestFilterSaysWhereItIsWrong(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("/").Type("name:amber tier:XX").Expect("tier is never “XX”; it is one of KA, mid, small")
	// The sign stands under the value that is wrong; the list stays as it was.
	if got, want := column(s.Line("tier is never"), "^"), column(s.Line("/name:amber"), "XX"); got != want {
		t.Errorf("the sign stands in column %d, the mistake in %d:\n%s", got, want, s.Screen())
	}
	s.Press("enter").Expect("tier is never “XX”") // A wrong filter cannot be kept.
	s.Press("backspace", "backspace").Type("mid").ExpectNot("is never").Press("enter")
	s.Expect("Customers › name:amber tier:mid", found(t, "name:amber tier:mid")+" customers")
}

// found counts by itself, without the screen, how many customers of the shared book a filter lets through.
func found(t *testing.T, filter string) string {
	t.Helper()
	s, err := lookedAt(t).Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	expr, err := query.Parse(filter, s.FilterSchema(model.Customer))
	if err != nil {
		t.Fatal(err)
	}
	n := len(s.Table(model.Customer).View(s, expr, query.Env{Today: today, Me: "ana"}, nil))
	if n == 0 || n == 400 {
		t.Fatalf("the filter %s lets %d customers through: it shows nothing", filter, n)
	}
	return fmt.Sprintf("%d of 400", n)
}

// column is the cell in which a text begins.
func column(line, text string) int {
	before, _, _ := strings.Cut(line, text)
	return ansi.StringWidth(before)
}

func TestFilterIsLeftAsItWas(t *testing.T) {
	s := look(t, 160, 48)
	s.Filter("tier:KA").Expect(found(t, "tier:KA"))
	s.Press("/", "ctrl+u").Type("tier:mid").Expect(found(t, "tier:mid")).Press("esc").Expect(found(t, "tier:KA"), "Customers › tier:KA")
	s.Press("/", "ctrl+u", "enter").Expect("400 customers")
	s.Press("/", "up").Expect("/tier:KA", found(t, "tier:KA"))
}

func TestFilterCompletes(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("/").Type("Ñ ow").Expect("owner:", "sales_owner:")
	s.Press("tab").Expect("/Ñ owner:").Type("lu").Expect("lucia").Press("tab", "enter")
	s.Expect("Customers › Ñ owner:lucia")
}

func TestPastedTextIsTextInAFilter(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("/").Paste("tier:KA\nq\x1b[2J").Expect("tier:KA q").Press("esc").Expect("400 customers")
	s.Paste("q").Expect("400 customers") // Pasted into the list it is no key.
}

func TestSortTogglesByTheColumnUnderTheCursor(t *testing.T) {
	s := look(t, 160, 48)
	s.Expect("Name▲").Press("s").Expect("Name▼").Press("s").Expect("Name▲")
	s.Press("l", "l", "l", "s").ExpectNot("Name▲").Expect("ARR USD▲")
	s.Press("s", "g").Expect("ARR USD▼")
	first := s.Line("▸")
	if !strings.Contains(first, "KA") {
		t.Errorf("the largest revenue is not a key account's: %s", first)
	}
}

func TestCursorStaysOnItsRecordWhenTheListChanges(t *testing.T) {
	s := open(t, 160, 48)
	s.Press("j", "j", "j", "j", "j")
	before := name(s.Line("▸"))
	s.Press("s")
	if got := name(s.Line("▸")); got != before {
		t.Errorf("sorting moved the cursor from %q to %q", before, got)
	}
	s.Press("t", "c").ExpectSaid("Saved: log call with " + before[:8])
	if got := name(s.Line("▸")); got != before {
		t.Errorf("a touch moved the cursor from %q to %q", before, got)
	}
}

// name is the first column of a list's row.
func name(line string) string {
	rest := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "▸"))
	name, _, _ := strings.Cut(rest, "  ")
	name, _, _ = strings.Cut(name, "…")
	return strings.TrimSpace(name)
}

func TestMovesThroughTheList(t *testing.T) {
	s := look(t, 160, 30)
	for _, step := range []struct {
		keys []string
		at   string
	}{
		{[]string{"j"}, "2/400"},
		{[]string{"down"}, "3/400"},
		{[]string{"k"}, "2/400"},
		{[]string{"G"}, "400/400"},
		{[]string{"j"}, "400/400"},
		{[]string{"g"}, "1/400"},
		{[]string{"up"}, "1/400"},
		{[]string{"end", "home"}, "1/400"},
		{[]string{"pgdown", "pgup"}, "1/400"},
		{[]string{"ctrl+d", "ctrl+u"}, "1/400"},
	} {
		s.Press(step.keys...).Expect(step.at)
	}
	s.Press("pgdown").ExpectNot("1/400")
}

func TestFiguresShowTheListBehindThem(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("f").Expect("Customers: figures", "Tier: KA", strings.TrimSuffix(found(t, "tier:KA"), " of 400")+" customers")
	s.Press("j", "j", "j", "j", "j").Expect("▸ Tier: KA").Press("enter").Expect("Customers › tier:KA", found(t, "tier:KA")+" customers")
	s.Press("3", "f").Expect("Decision late", "Decide within 30 days").Press("enter")
	s.Expect("Renewals › decision_date:<today", "d late").ExpectNot("Renewals: figures")
}

func TestSegmentsLeadToTheirCustomers(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("2").Expect("Segments › by Tier", "4 groups · 400 customers")
	s.Press("j", "enter").Expect("Customers › tier:", found(t, "tier:mid")+" customers")
	s.Press("2", "b").Expect("Segments › by Status").Press("enter").Expect("Customers › status:")
	s.Press("2", "b").Expect("Segments › by Industry").Press("G", "enter").Expect("Customers › industry:")
	s.Press("esc", "2", "/").Type("tier:KA").Press("enter").Expect(strings.TrimSuffix(found(t, "tier:KA"), " of 400") + " customers · Σ ARR")
	s.Press("w").Expect("Why? ", "customers grouped by industry", "Mean score").Press("esc")
	s.Press("enter").Expect("(tier:KA)", "Customers ›")
}

func TestWhyExplainsTheFigureUnderTheCursor(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("l", "w").Expect("Why? Ambercastle Coatings Inc.", "Tier small", "Order amount", "weight").Press("esc")
	s.Press("l", "w").Expect("Status customer").Press("q")
	s.Press("l", "w").Expect("ARR 4").Press("enter").ExpectNot("Why?")
}

func TestPaletteFindsActionsAndCustomers(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("ctrl+k").Expect("Actions and records").Type("quarrybarr").Expect("Quarrybarrow").Press("enter")
	s.Expect("Customers › Quarrybarrow Plastics", "Decision chain").Press("esc").ExpectNot("Decision chain")
	s.Press("ctrl+k").Type("renewals").Press("enter").Expect("Decide by")
	s.Press("ctrl+p").Type("zzzz").Expect("nothing is called so").Press("enter", "esc").ExpectNot("Actions and records")
}

func TestCommands(t *testing.T) {
	s := look(t, 160, 48)
	s.Command("filter tier:KA").Expect(found(t, "tier:KA"))
	s.Command("filter tier:XX").ExpectSaid("tier is never “XX”").Press("j").Expect(found(t, "tier:KA"))
	s.Command("sort -arr,name").Expect("ARR USD▼1", "Name▲2")
	s.Command("sort nothing").ExpectSaid(`no field "nothing" to sort by`)
	s.Command("go Quarrybarrow").Expect("Customers › tier:KA › Quarrybarrow").Press("esc")
	s.Command("go nobody at all").ExpectSaid(`no record's name or id holds "nobody at all"`)
	s.Command("why arr").Expect("Why?", "ARR ").Press("esc")
	s.Command("why nonsense").ExpectSaid("nonsense")
	s.Command("theme light").Command("theme purple").ExpectSaid("purple")
	s.Command("renewals").Expect("Decide by")
	s.Command("explode").ExpectSaid(`There is no command "explode"`)
	s.Press(":", "enter").ExpectNot("There is no command")
	s.Press(":", "up").Expect(":explode").Press("esc")
	s.Press("2").Command("sort arr").ExpectSaid("sort works in lists of records")
}

func TestHelpShowsTheKeysOfThePlace(t *testing.T) {
	s := look(t, 160, 60)
	s.Press("?").Expect("Keys", "Lists", "Move down a row").Press("G").Expect("Everywhere", "Take back your last step").Press("esc")
	s.Press("enter", "?").Expect("Customer view", "Go back to the list").ExpectNot("Mark the row").Press("q")
	s.Press("esc", "2", "?").Expect("Lists", "Group the list")
	if s.left {
		t.Error("q in the help left the program")
	}
}

func TestUnknownKeySaysSo(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("K").ExpectSaid("“K” does nothing here; ? shows the keys.").Press("j").ExpectNot("does nothing here")
	s.Press("alt+j").ExpectSaid("“alt+j” does nothing here")
}

func TestEmptyBookSaysWhatToDo(t *testing.T) {
	s := openOn(t, newBook(t, 0), 120, 40)
	s.Expect("The book has no customers yet.", "I   imports a file", "N   makes a sample company", "a   adds the first customer")
	s.Press("enter").Expect("The book is empty: how to begin", "Import", "Sample company", "Add").Press("esc")
	s.Press("w", "e").ExpectSaid("edit: no record is under the cursor")
	s.Press("G", "pgdown", "j", "l", "s", "space", "y", "D").ExpectSaid("no record is under the cursor")
	for _, pane := range []string{"2", "3", "4", "0"} {
		s.Press(pane, "j", "enter", "w", "f", "esc", "t", "L", "G")
	}
	s.Press("1", "a").Type("First & Co").Press("ctrl+s").ExpectSaid("Saved: add customer First & Co").Expect("1 customer")
}

func TestMouse(t *testing.T) {
	s := look(t, 160, 48)
	s.Click(20, 0).Expect("Segments › by Tier").Click(5, 0).Expect("400 customers")
	s.Click(10, 6).Expect("4/400").Click(10, 6).Expect("Customers › Amberhaven Textiles").Press("esc")
	s.Click(4, 2).Expect("Name▼")
	s.Wheel(1).ExpectNot("1/400").Press("?").Wheel(1).Click(10, 6).Expect("Keys")
}

func TestReadOnly(t *testing.T) {
	s := openWith(t, lookedAt(t), 160, 48, ui.Options{ReadOnly: true})
	s.Expect("READ-ONLY")
	for _, key := range []string{"a", "e", "D", "t", "u", "ctrl+r"} {
		s.Press(key).ExpectSaid("reading only (ctrl+o switches)")
	}
	s.Command("set owner=ana").ExpectSaid("set: reading only")
	s.Command("edit").ExpectSaid("reading only")
	s.Press("U", "enter").Expect("sample company by sample").ExpectNot("Undo").Press("esc")
	s.Press("ctrl+o").ExpectSaid("Changes are possible again").ExpectNot("READ-ONLY").Press("e").Expect("Edit customer")
}
