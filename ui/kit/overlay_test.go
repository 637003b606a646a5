package kit

import (
	"math"
	"strings"
	"testing"
)

func TestStackGivesKeysToTheTop(t *testing.T) {
	var s Stack
	if _, taken := s.Key(keyOf("x")); taken || s.Top() != nil || s.Paste("x") {
		t.Error("an empty stack takes keys")
	}
	s.Push(NewPager("below", nil))
	s.Push(&Confirm{Question: "Really?", Answer: "go"})
	out, taken := s.Key(keyOf("y"))
	if !taken || !out.Done || out.Result != "go" || s.Len() != 1 {
		t.Errorf("outcome %+v, %d open", out, s.Len())
	}
	if out, _ = s.Key(keyOf("esc")); !out.Done || out.Result != nil || s.Len() != 0 {
		t.Errorf("outcome %+v, %d open", out, s.Len())
	}
}

// Enter typed for the screen below must not answer a question that has just come up.
func TestUnaskedDialogIgnoresKeysInFlight(t *testing.T) {
	var s Stack
	gen := s.PushUnasked(&Confirm{Question: "Merge?", Answer: "merged"})
	for _, k := range []string{"y", "enter", "esc"} {
		if out, taken := s.Key(keyOf(k)); !taken || out.Done {
			t.Errorf("%s gave %+v, taken %v", k, out, taken)
		}
	}
	s.Arm(gen + 1)
	if out, _ := s.Key(keyOf("y")); out.Done {
		t.Error("armed by the generation of another dialog")
	}
	s.Arm(gen)
	if out, _ := s.Key(keyOf("y")); out.Result != "merged" {
		t.Errorf("outcome %+v", out)
	}
	s.Arm(gen)
}

func TestConfirmStartsOnNo(t *testing.T) {
	d := &Confirm{Question: "Delete?", Answer: 1}
	if out := d.Key(keyOf("enter")); !out.Done || out.Result != nil {
		t.Errorf("enter gave %+v", out)
	}
	d.Key(keyOf("tab"))
	if out := d.Key(keyOf("enter")); out.Result != 1 {
		t.Errorf("tab, enter gave %+v", out)
	}
}

func TestMenu(t *testing.T) {
	items := []Item{{ID: "a", Title: "Add", Key: "a"}, {ID: "b", Title: "Big", Key: "G", Disabled: "mark one first"}, {ID: "c", Title: "Copy", Key: "j"}}
	result := func(keys ...string) any {
		m := NewMenu("Do", items)
		for _, k := range keys {
			if out := m.Key(keyOf(k)); out.Done {
				return out.Result
			}
		}
		return "open"
	}
	for keys, want := range map[string]any{
		"a": items[0], "enter": items[0], "j": items[2], "G": "open", "down enter": "open", "down down space": items[2], "end enter": items[2], "esc": nil,
	} {
		if got := result(strings.Fields(keys)...); got != want {
			t.Errorf("%s gave %v, want %v", keys, got, want)
		}
	}
}

func TestPaletteRanksAndSaysWhyNot(t *testing.T) {
	items := []Item{
		{Title: "Merge contacts"}, {Title: "Go to contracts"}, {Title: "Go to customers"}, {Title: "Delete", Help: "goes to the bin"}, {Title: "gc"},
	}
	for query, want := range map[string]string{
		"":       "Merge contacts,Go to contracts,Go to customers,Delete,gc",
		"gc":     "gc,Go to contracts,Go to customers,Merge contacts",
		"go cus": "Go to customers",
		"mc":     "Merge contacts",
		"GOTO":   "Go to contracts,Go to customers,Delete",
		"zz":     "",
	} {
		p := NewPalette("", items)
		p.Paste(query)
		var got []string
		for _, it := range p.list.items {
			got = append(got, it.Title)
		}
		if strings.Join(got, ",") != want {
			t.Errorf("%q found %v, want %v", query, got, want)
		}
	}
	p := NewPalette("", []Item{{Title: "Undo", Disabled: "nothing to take back"}})
	if out := p.Key(keyOf("enter")); out.Done {
		t.Error("a disabled item was chosen")
	}
	c := NewCanvas(70, 10)
	p.Draw(c, c.Bounds(), NewTheme("none", true))
	if !strings.Contains(c.Text(), "x nothing to take back") {
		t.Errorf("the reason is not shown:\n%s", c.Text())
	}
}

func TestPaletteSearchesRecords(t *testing.T) {
	p := NewPalette("", []Item{{Title: "Add"}})
	p.Search = func(q string) []Item { return []Item{{ID: "c1", Title: "found " + q}} }
	for _, k := range []string{"a", "down"} {
		p.Key(keyOf(k))
	}
	if out := p.Key(keyOf("enter")); out.Result != (Item{ID: "c1", Title: "found a"}) {
		t.Errorf("outcome %+v", out)
	}
}

func TestFuzzyPlaces(t *testing.T) {
	for _, tc := range []struct {
		query, text, want string // want: the text with found letters in upper case
	}{
		{"gc", "go to customers", "Go to Customers"},
		{"toc", "go to customers", "go TO Customers"},
		{"cu", "accuse customers", "accuse CUstomers"},
		{"ustom", "go customers", "go cUSTOMers"},
	} {
		_, places, ok := Fuzzy(tc.query, tc.text)
		got := []byte(tc.text)
		for _, i := range places {
			got[i] -= 'a' - 'A'
		}
		if !ok || string(got) != tc.want {
			t.Errorf("Fuzzy(%q, %q) found %q, want %q", tc.query, tc.text, got, tc.want)
		}
	}
	if _, _, ok := Fuzzy("xyz", "xy"); ok {
		t.Error("found letters that are not there")
	}
	if _, places, ok := Fuzzy("本店", "日本 支店"); !ok || len(places) != 2 {
		t.Error("letters of three bytes are not found")
	}
}

func TestPagerScrolls(t *testing.T) {
	var lines []Spans
	for i := range 50 {
		lines = append(lines, Plain(strings.Repeat("x", i)))
	}
	p := NewPager("T", lines)
	c := NewCanvas(80, 20)
	p.Draw(c, c.Bounds(), NewTheme("none", true))
	page := p.page
	for _, tc := range []struct {
		key  string
		want int
	}{{"j", 1}, {"k", 0}, {"k", 0}, {"pgdown", page - 1}, {"G", 50 - page}, {"j", 50 - page}, {"g", 0}} {
		if p.Key(keyOf(tc.key)); p.top != tc.want {
			t.Errorf("%s went to line %d, want %d", tc.key, p.top, tc.want)
		}
	}
}

func TestMarkdown(t *testing.T) {
	lines := Markdown("# Head\na **b** `c` 2*3 **open\n> q")
	var b strings.Builder
	for _, line := range lines {
		for _, s := range line {
			b.WriteString(map[Token]string{Title: "T", Key: "K", Muted: "M"}[s.Token] + "(" + s.Text + ")")
		}
		b.WriteString("\n")
	}
	if got, want := b.String(), "T(Head)\n(a )T(b)( )K(c)( 2*)(3 *)(*)(open)\nM(> q)\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSpansWrapKeepsTokens(t *testing.T) {
	line := Spans{{Text: "one two "}, {Text: "three four", Token: Bad}}
	var got []string
	for _, l := range line.Wrap(9, 2) {
		text := ""
		for _, s := range l {
			if text += s.Text; s.Token == Bad {
				text += "!"
			}
		}
		got = append(got, text)
	}
	if want := "one two|  three!|  four!"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
}

func TestCharts(t *testing.T) {
	uni, ascii := NewTheme("dark", false), NewTheme("none", true)
	for _, tc := range []struct{ name, got, want string }{
		{"rising", Sparkline([]float64{0, 1, 2, 3, 4, 5, 6, 7}, 8, uni), "▁▂▃▄▅▆▇█"},
		{"gap", Sparkline([]float64{1, math.NaN(), 2}, 8, ascii), "_ #"},
		{"constant", Sparkline([]float64{5, 5}, 8, uni), "▄▄"},
		{"means", Sparkline([]float64{0, 0, 4, 4, 8, 8}, 3, uni), "▁▅█"},
		{"means over gaps", Sparkline([]float64{math.NaN(), math.NaN(), 1, math.NaN(), 2, 2}, 3, ascii), " _#"},
		{"half", Bar(5, 10, 4, uni), "██  "},
		{"eighths", Bar(5, 80, 4, uni), "▎   "},
		{"trace", Bar(0.001, 10, 3, uni), "▏  "},
		{"none", Bar(-5, 10, 3, uni), "   "},
		{"over", Bar(50, 10, 3, ascii), "###"},
		{"stacked", StackedBar([]Slice{{6, Good}, {3, Warn}, {0, Info}, {1, Bad}}, 10, uni).String(), "██████▓▓▓░"},
		{"stacked, small part", StackedBar([]Slice{{1, Good}, {1000, Warn}}, 5, ascii).String(), "#++++"},
		{"stacked, nothing", StackedBar(nil, 3, uni).String(), "   "},
		{"heat", HeatCell("42", 0.5, 5, ascii).Text, ":  42"},
		{"heat in colour", HeatCell("42", 1, 5, uni).Text, "   42"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, tc.got, tc.want)
		}
	}
	if HeatCell("", 1, 3, uni).Token != Heat5 || HeatCell("", 0, 3, uni).Token != Heat1 || HeatCell("", math.NaN(), 3, uni).Token != Muted {
		t.Error("the level is not in the token")
	}
}
