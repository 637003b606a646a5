package kit

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func tableForm(value string) *Form {
	f := NewForm("Criterion", []Field{
		{Key: "name", Label: "Name", Value: "Orders"},
		{Key: "bands", Label: "Bands", Kind: KindTable, Value: value, Columns: []TableColumn{{"from", true}, {"to", true}, {"points", true}}},
		{Key: "weight", Label: "Weight", Value: "10"},
	})
	press(f, "tab")
	return f
}

func TestATableIsEditedByKeys(t *testing.T) {
	f := tableForm("0\t\t10\n5k\t\t20")
	if f.Dirty() {
		t.Fatal("a form that was only opened counts as changed")
	}
	press(f, "down", "right")
	typeIn(f, "7")
	press(f, "right", "right", "right") // To the points; at the end of the last cell there is nowhere to go.
	typeIn(f, "0")
	if got := f.Values()["bands"]; got != "0\t\t10\n5k\t7\t200" {
		t.Errorf("the table has %q", got)
	}
	press(f, "enter") // Behind the last cell a new row begins.
	typeIn(f, "9k")
	press(f, "enter", "enter")
	typeIn(f, "30")
	press(f, "up", "ctrl+x")
	if got := f.Values()["bands"]; got != "0\t\t10\n9k\t\t30" {
		t.Errorf("the table has %q", got)
	}
	press(f, "ctrl+n")
	if f.Focused() != "bands" || f.Changes()["bands"] != "0\t\t10\n9k\t\t30" {
		t.Errorf("an empty row counts: %q", f.Changes()["bands"])
	}
	press(f, "enter", "enter", "enter")
	if f.Focused() != "weight" {
		t.Errorf("an empty last row is not left: at %q", f.Focused())
	}
	press(f, "shift+tab", "ctrl+x", "up", "ctrl+x", "ctrl+x")
	if got := f.Values()["bands"]; got != "" || f.Focused() != "bands" {
		t.Errorf("an emptied table has %q, at %s", got, f.Focused())
	}
}

func typeIn(f *Form, text string) {
	for _, r := range text {
		f.Key(keyOf(string(r)))
	}
}

func TestRowsOfASpreadsheetArePasted(t *testing.T) {
	f := tableForm("0\t\t10")
	f.Paste("1\t2\t3\r\n2\t\t4\n")
	if got := f.Values()["bands"]; got != "1\t2\t3\n2\t\t4" {
		t.Errorf("the table has %q", got)
	}
	f.Paste("5")
	if got := f.Values()["bands"]; got != "1\t2\t3\n25\t\t4" {
		t.Errorf("the table has %q", got)
	}
	f.Paste(strings.Repeat("x\n", 5000))
	if n := strings.Count(f.Values()["bands"], "\n"); n >= maxTableRows {
		t.Errorf("%d rows", n)
	}
}

func TestAMistakeInATableMarksItsCell(t *testing.T) {
	f := tableForm("0\t\t10\n5k\t\t20")
	f.Validate = func(key, value string) error {
		if key == "bands" && strings.Contains(value, "x") {
			return &CellError{Row: 1, Column: 2, Err: errNoPoints}
		}
		return nil
	}
	press(f, "ctrl+n") // An empty row between, which is not counted.
	press(f, "down", "right", "right")
	typeIn(f, "x")
	press(f, "tab")
	if f.Submit() != FormNone || f.Focused() != "bands" {
		t.Fatalf("a wrong table is submitted, at %q", f.Focused())
	}
	if it := f.item("bands"); it.table.row != 2 || it.table.col != 2 || !strings.Contains(formScreen(f, 90, 20), "no points") {
		t.Errorf("the cursor is in row %d, column %d:\n%s", it.table.row, it.table.col, formScreen(f, 90, 20))
	}
	f.Show("bands", false)
	if f.Submit() != FormSubmitted || f.Changes()["bands"] == "" {
		t.Error("a table that is not shown is judged, or loses what is in it")
	}
	if strings.Contains(formScreen(f, 90, 20), "Bands") {
		t.Error("a field that was taken away is drawn")
	}
}

// Whatever is pressed and however small the room, a table draws, and its text can be read back.
func TestATableOutlivesAnyKeys(t *testing.T) {
	keys := []string{"up", "down", "left", "right", "enter", "tab", "shift+tab", "ctrl+n", "ctrl+x", "backspace", "home", "end", "5", "k", "杭"}
	rapid.Check(t, func(t *rapid.T) {
		f := tableForm("0\t\t10\n5k\t\t20")
		for range rapid.IntRange(0, 60).Draw(t, "n") {
			press(f, rapid.SampledFrom(keys).Draw(t, "key"))
			formScreen(f, rapid.IntRange(1, 100).Draw(t, "w"), rapid.IntRange(1, 12).Draw(t, "h"))
		}
		text := f.Values()["bands"]
		g := tableForm(text)
		if got := g.Values()["bands"]; got != text {
			t.Fatalf("%q comes back as %q", text, got)
		}
	})
}

const errNoPoints = tableMistake("no points")

type tableMistake string

func (e tableMistake) Error() string { return string(e) }
