package kit_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"opsdeck/ui/kit"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a drawn screen, without styles, with its file under testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	got += "\n"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is drawn differently (-want +got):\n%s", name, diff)
	}
}

// accounts is the table of the golden grid: numbers, wide names, a value that cannot be shown as it is.
type accounts [][]string

func (a accounts) Len() int           { return len(a) }
func (a accounts) Key(row int) string { return a[row][0] }

func (a accounts) Cell(row int, column string) kit.Cell {
	for i, key := range []string{"name", "tier", "arr", "health", "renews", "owner", "note"} {
		if key == column {
			tok := kit.Text
			if column == "health" && a[row][i][0] == '!' {
				tok = kit.Bad
			}
			return kit.Cell{Text: a[row][i], Token: tok}
		}
	}
	return kit.Cell{}
}

func accountGrid() *kit.Grid {
	g := &kit.Grid{Footer: "6 of 500 · Σ ARR 3,304,567", Sort: []kit.SortMark{{Column: "arr", Desc: true}}}
	g.SetColumns([]kit.Column{
		{Key: "name", Title: "Customer", Min: 8, Ideal: 24, Flex: 2, Pinned: true, Priority: 9},
		{Key: "tier", Title: "Tier", Ideal: 5, Priority: 2},
		{Key: "arr", Title: "ARR", Unit: "€", Min: 9, Ideal: 11, Align: kit.AlignRight, Priority: 8},
		{Key: "health", Title: "Health", Min: 8, Ideal: 10, Priority: 7},
		{Key: "renews", Title: "Renews", Min: 10, Ideal: 10, Priority: 5},
		{Key: "owner", Title: "Owner", Min: 5, Ideal: 12, Priority: 3},
		{Key: "note", Title: "Note", Min: 8, Ideal: 20, Flex: 1},
		{Key: "id", Title: "Id", Hidden: true},
	})
	g.SetRows(accounts{
		{"Globex Corporation International", "KA", "1,200,000", "✓ green", "2027-01-31", "Ada", "champion left in May"},
		{"株式会社日本製鋼所", "KA", "1,004,567", "! red", "2026-12-24", "Bo", "報告書を待っています。来週"},
		{"Zoë & Søn", "mid", "999,999", "~ amber", "2026-12-01", "Ada", "two\nlines"},
		{"evil\x1b[2J\u202egnp", "small", "50,000", "✓ green", "2027-06-30", "Cy", ""},
		{"👩\u200d🚀 Rockets", "small", "40,001", "! red", "2026-11-30", "Cy", "tab\there"},
		{"Initech", "small", "10,000", "✓ green", "2027-03-01", "Bo", "-"},
	})
	g.Move(1)
	g.ToggleMark()
	g.MarkRange(3, 4)
	return g
}

var goldenSizes = [][2]int{{30, 6}, {80, 12}, {120, 10}}

func TestGridGolden(t *testing.T) {
	for _, size := range goldenSizes {
		name := fmt.Sprintf("grid-%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			c := kit.NewCanvas(size[0], size[1])
			accountGrid().Draw(c, c.Bounds(), kit.NewTheme("dark", false), true)
			golden(t, name, c.Text())
		})
	}
	t.Run("ascii", func(t *testing.T) {
		c := kit.NewCanvas(80, 9)
		c.SetASCII(true)
		g := accountGrid()
		g.LastColumn()
		g.Draw(c, c.Bounds(), kit.NewTheme("none", true), true)
		golden(t, "grid-ascii", c.Text())
	})
}

func customerForm() *kit.Form {
	f := kit.NewForm("Customer", []kit.Field{
		{Key: "id", Label: "Id", Kind: kit.KindReadonly, Value: "01HXYZ"},
		{Key: "name", Label: "Name", Value: "日本 Steel", Required: true, Help: "As on the contract."},
		{Key: "tier", Label: "Tier", Kind: kit.KindPick, Value: "mid", Options: []kit.Option{{Value: "KA", Label: "Key account"}, {Value: "mid", Label: "Middle"}, {Value: "small", Label: "Small and micro"}}},
		{Key: "tags", Label: "Tags", Kind: kit.KindMulti, Value: "a,c", Options: []kit.Option{{Value: "a", Label: "Referral"}, {Value: "b", Label: "Listed"}, {Value: "c", Label: "Payment late"}}},
		{Key: "arr", Label: "ARR", Kind: kit.KindMoney, Value: "120,000.00"},
		{Key: "since", Label: "Customer since", Kind: kit.KindDate, Value: "2024-02-30"},
		{Key: "active", Label: "Active", Kind: kit.KindBool, Value: "true"},
		{Key: "note", Label: "Note", Kind: kit.KindLong, Value: "First line\nsecond line, long enough to be broken somewhere on a narrow screen"},
	})
	f.Validate = func(key, value string) error {
		if key == "since" && value == "2024-02-30" {
			return fmt.Errorf("%q is not a day of the calendar", value)
		}
		return nil
	}
	return f
}

func TestFormGolden(t *testing.T) {
	for _, size := range [][2]int{{24, 8}, {60, 14}, {110, 16}} {
		name := fmt.Sprintf("form-%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			f := customerForm()
			f.Paste(" Works")
			f.Submit()
			c := kit.NewCanvas(size[0], size[1])
			f.Draw(c, c.Bounds(), kit.NewTheme("dark", false))
			golden(t, name, c.Text())
		})
	}
	t.Run("list", func(t *testing.T) {
		f := customerForm()
		f.Focus("tags")
		f.Key(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "})
		c := kit.NewCanvas(50, 12)
		f.Draw(c, c.Bounds(), kit.NewTheme("dark", false))
		golden(t, "form-list", c.Text())
	})
}

func TestOverlaysGolden(t *testing.T) {
	c, th := kit.NewCanvas(72, 20), kit.NewTheme("dark", false)
	base := func() {
		c.Reset(72, 20)
		accountGrid().Draw(c, c.Bounds(), th, false)
	}
	base()
	p := kit.NewPalette("Actions", []kit.Item{
		{Title: "Go to customers", Key: "g c"},
		{Title: "Merge customers", Key: "m", Disabled: "mark two customers first"},
		{Title: "Undo", Key: "u", Help: "takes back your own last step"},
		{Title: "Group by owner", Help: "rows under each CSM"},
	})
	p.Paste("gcu")
	p.Draw(c, c.Bounds(), th)
	golden(t, "palette", c.Text())
	base()
	(&kit.Confirm{Title: "Delete", Question: "Delete 12 customers with 40 contracts?\nThis can be undone with u.", Yes: "Delete", No: "Keep"}).Draw(c, c.Bounds(), th)
	golden(t, "confirm", c.Text())
	base()
	kit.NewPager("Why is health red?", kit.Markdown("# Health 31 of 100\n- **usage** fell by 40 % in 30 days, which weighs `0.4` and is by far the largest part of it\n- no visit for 93 days\n> last note: 待って\n"+
		"one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelve")).Draw(c, c.Bounds(), th)
	golden(t, "pager", c.Text())
}
