package ui_test

import (
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/scorecard"
	"opsdeck/store"
	"opsdeck/ui"
)

// cardsOf lists the scorecards of a book beside the standard ones, by name and version.
func cardsOf(t testing.TB, b *store.Book) map[string]int {
	t.Helper()
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, c := range s.Cards() {
		if !c.ID.IsZero() {
			out[c.Card.Name] = c.Version
		}
	}
	return out
}

// The standard model is edited by keys with a preview; applying is one step, and one undo takes it back.
func TestTheStandardModelIsEdited(t *testing.T) {
	b := sampleBook(t)
	s := openOn(t, b, 150, 40)
	before := steps(t, b)
	s.Press("2", "M").Expect("Scoring models", "whom no other claims").Press("enter")
	s.Expect("standard · Tier · of the settings", "KA from 70, mid from 40", "Order amount", "0 up, 0 down", "Nobody moves")
	s.Press("]", "]").Expect("edited, not applied", "33.3 %").ExpectNot("0 up, 0 down")
	sum := s.Line(" up, ")
	s.Press("u").Press("u").Expect("0 up, 0 down").ExpectNot("edited, not applied")
	s.Press("ctrl+r").Press("ctrl+r").Expect("edited, not applied")
	if again := s.Line(" up, "); again != sum {
		t.Errorf("edits made again do %q, not %q", again, sum)
	}
	if n := steps(t, b) - before; n != 0 {
		t.Fatalf("%d steps were made before anything was applied", n)
	}
	s.Press("ctrl+s").Expect("Keep the model standard").Type("orders count more").Press("enter").ExpectSaid("Saved: keep the scorecard standard")
	s.ExpectNot("edited, not applied").Expect("0 up, 0 down", "40")
	if n := steps(t, b) - before; n != 1 {
		t.Errorf("applying made %d steps", n)
	}
	s.Press("u").ExpectSaid("Undone: keep the scorecard standard").Expect("20.0 %").ExpectNot("33.3 %", "edited, not applied")
}

// A model of one's own is begun as a copy, gets a criterion by the field finder, a formula that is judged with
// its place, a filter, and versions that can be taken back.
func TestAModelOfOnesOwn(t *testing.T) {
	b := sampleBook(t)
	s := openOn(t, b, 160, 44)
	s.Press("M", "a").Expect("own-tier · Tier · new", "for everybody")
	s.Press("a").Expect("Add a criterion").Type("emplo").Expect("Employees").Press("enter").Expect("more is better", "up, ")
	s.Press("ctrl+s").Expect("Employees", "percentile", "9.1 %")
	s.Press("m").Expect("The model").Press("tab").Type("country:spain nosuch:1").Expect("no field", "^^^^^^")
	s.Press("backspace", "backspace", "backspace", "backspace", "backspace", "backspace", "backspace", "backspace", "backspace").ExpectNot("no field").Press("ctrl+s")
	s.Expect("for country:spain").Press("ctrl+s").Press("enter").ExpectSaid("Saved: keep the scorecard own-tier")
	if got := cardsOf(t, b); got["own-tier"] != 1 {
		t.Fatalf("the book has %v", got)
	}
	s.Press("u").ExpectSaid("Undone").Expect("new").Press("ctrl+s", "enter").Expect("version 1")
	s.Press("x").ExpectNot("20.0 %").Press("ctrl+s").Type("no amounts").Press("enter").ExpectSaid("Saved: keep")
	s.Expect("version 2").Press("H").Expect("Versions of own-tier", "no amounts", "Order amount removed", "the first").Press("down", "enter")
	s.ExpectSaid("Version 1 is here as an edit").Expect("edited, not applied", "Order amount").Press("ctrl+s", "enter").Expect("version 3")
	s.Press("esc").Expect("own-tier", "country:spain", "ana", "3")
	s.Press("D").Press("y").ExpectNot("own-tier").Press("u").Expect("own-tier")
}

// What is wrong is said where it is typed, and nothing of it can be applied.
func TestMistakesInAModelAreSaidAtTheirField(t *testing.T) {
	b := sampleBook(t)
	before := steps(t, b)
	s := openOn(t, b, 160, 44)
	s.Press("M", "a", "a").Press("tab").Type("arr / (seats - seats)").Press("tab", "right").Expect("division by zero", "column 5")
	s.Press("ctrl+s").Press("ctrl+s").ExpectSaid("the model has a mistake")
	s.Press("u").Press("enter").Press("tab", "tab", "tab", "tab", "tab").Type("x").Expect(`"20x" is not a number`).Press("ctrl+s").Expect("Criterion Order amount").Press("esc", "esc")
	for range 9 {
		s.Press("[", "[")
		s.Press("j")
	}
	s.Expect("all weights are zero").Press("ctrl+s").ExpectSaid("the model has a mistake")
	s.Press("r").ExpectNot("all weights are zero").Press("a").Type("zzzz").Press("tab").Type("sum(arr)").Press("tab", "right").Expect(`there is no function "sum"`).Press("esc", "esc")
	if n := steps(t, b) - before; n != 0 {
		t.Errorf("%d steps were made", n)
	}
}

// The points of a criterion are a table of bands, or of values, whose mistakes name their row.
func TestPointsAreATable(t *testing.T) {
	b := sampleBook(t)
	s := openOn(t, b, 160, 44)
	s.Press("M", "enter", "enter").Expect("Criterion Order amount", "from", "to", "250k", "and more")
	s.Press("tab", "tab", "tab", "tab").Expect("ctrl+n new row", "the lower edge belongs to the band")
	s.Press("ctrl+n").Type("3k").Press("enter").Type("4k").Press("enter").Type("7").Expect("row 3: it begins at 5000, but row 2 ends at 4000: there is a gap between them")
	s.Press("left", "left", "backspace", "backspace").Type("9k").Expect("they overlap")
	s.Press("backspace", "backspace").ExpectNot("overlap").Expect("up, ") // An empty end is where the next band begins.
	s.Press("right").Type("00").Expect("row 2: 700 points do not lie between 0 and 100").Press("ctrl+s").Expect("Criterion Order amount")
	s.Press("backspace", "backspace", "left", "left", "left").Type("x").Expect(`row 2: "3kx" is not a number`).Press("backspace", "ctrl+s").ExpectNot("Criterion Order amount")
	s.Expect("0:0 3k:7 5k:20").Press("enter", "tab", "tab", "tab", "tab", "down", "ctrl+x", "ctrl+s").ExpectNot("edited, not applied")
	s.Press("j", "j", "j", "enter").Expect("Type of demand", "value", "personalised").Press("tab", "tab", "tab", "tab", "down", "right")
	s.Type("0").Expect("row 2: 600 points").Press("backspace", "backspace", "backspace").Type("55").Press("ctrl+s").Expect("basic:55")
	s.Press("ctrl+s", "enter").ExpectSaid("Saved: keep the scorecard standard")
}

// Edits wait when one goes elsewhere, and the customers of the preview are explained by the edited model.
func TestEditsOfAModelWait(t *testing.T) {
	s := openOn(t, sampleBook(t), 150, 40)
	s.Press("M", "enter", "]", "1").ExpectNot("Scoring models").Press("M", "enter").ExpectSaid("Your edits of before are here again").Expect("edited, not applied")
	s.Press("o", "A").Press("enter").Expect("by the model as it is edited", "points ×").Press("esc")
	s.Press("esc").Expect("The edits of standard are not applied").Press("esc").ExpectSaid("wait for you").Press("enter").Press("r").ExpectNot("edited, not applied")
}

// A health model keeps its groups, whose weights are edited with the model.
func TestAHealthModelIsEdited(t *testing.T) {
	b := sampleBook(t)
	s := openOn(t, b, 160, 44)
	s.Press("M", "j", "enter").Expect("own-health · Health · new", "green from 75, yellow from 50", "Usage", "16.0 %")
	s.Press("m").Press("ctrl+f").Type("groups").Press("enter").Type(" x:y").Expect(`"x:y" is not group:weight`).Press("esc", "esc")
	s.Press("enter").Press("shift+tab").Press("esc").Press("]").Press("ctrl+s", "enter").ExpectSaid("Saved: keep the scorecard own-health")
	if got := cardsOf(t, b); got["own-health"] != 1 {
		t.Errorf("the book has %v", got)
	}
}

// The text of a model goes through the person's editor, and what is wrong with it is said with its line.
func TestAModelAsText(t *testing.T) {
	c := scorecard.DefaultHealth()
	c.Name = "x"
	if _, err := scorecard.Parse(strings.Replace(c.TOML(), "weight", "wieght", 1)); err == nil {
		t.Fatal("a slip of the pen is read")
	}
	s := openWith(t, sampleBook(t), 150, 40, ui.Options{})
	s.Press("M", "enter", "e").ExpectSaid("there is no editor here: opsdeck scorecard show")
	s = openWith(t, sampleBook(t), 150, 40, ui.Options{Local: true, Editor: "true"})
	s.Press("M", "enter", "e")
	if model.StandardScorecard != "standard" {
		t.Error("the standard model is called otherwise")
	}
}
