package kit

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"
)

var errRude = errors.New("no\x1b[31m: 日本語 is not a number, and this goes on for longer than any screen is wide")

// widgets returns one of everything, filled with outside text.
func widgets(t *rapid.T, th *Theme) map[string]func(c *Canvas) *Cursor {
	texts := rudeTexts(t)
	at := func(i int) string { return texts[i%len(texts)] }
	keys := rapid.SliceOfN(rapid.SampledFrom([]string{
		"a", "界", "space", "enter", "tab", "shift+tab", "up", "down", "left", "right", "backspace", "home", "end", "pgdown", "ctrl+w", "ctrl+s", "j",
	}), 0, 12).Draw(t, "keys")

	g := &Grid{Empty: at(0) + "\n" + at(1), Footer: at(2), Sort: []SortMark{{"c0", true}, {"c2", false}}}
	var cols []Column
	for i := range rapid.IntRange(0, 14).Draw(t, "cols") {
		cols = append(cols, Column{
			Key: fmt.Sprint("c", i), Title: at(i), Unit: at(i + 1), Min: i % 5, Ideal: i * 3 % 20, Max: i % 3 * 30, Flex: i % 2, Align: Align(i % 3),
			Priority: i % 4, Pinned: i == 0, Hidden: i%6 == 5,
		})
	}
	g.SetColumns(cols)
	g.SetRows(rude{texts: texts, n: rapid.IntRange(0, 200).Draw(t, "rows")})
	g.Move(rapid.IntRange(0, 250).Draw(t, "row"))
	for range rapid.IntRange(0, 14).Draw(t, "right") {
		g.Right()
	}
	g.MarkRange(1, 3)

	form, in := rudeForm(at), NewInput(at(1))
	in.Complete = func(string, int) []Candidate {
		return []Candidate{{Text: at(3), Help: at(4), From: 0, To: 0}, {Text: "x", From: 3, To: 900}}
	}
	in.Paste(at(5))
	items := []Item{{Title: at(0), Key: at(1), Help: at(2)}, {Title: at(3), Disabled: at(4)}, {Title: "Go to customer", Key: "g c"}}
	palette := NewPalette(at(0), items)
	palette.Search = func(string) []Item { return items }
	menu := NewMenu(at(1), items)
	pager := NewPager(at(2), append(Markdown(at(3)+"\n# "+at(4)+"\n**"+at(5)+"**"), Spans{{Text: at(0), Token: Bad}, {Text: at(1), Token: Token(99)}, {Text: at(2)}}))
	confirm := &Confirm{Title: at(0), Question: at(1) + "\n" + at(2), Yes: at(3), No: at(4)}
	for _, k := range keys {
		msg := keyOf(k)
		form.Key(msg)
		in.Key(msg)
		for _, o := range []Overlay{palette, menu, pager, confirm} {
			o.Key(msg)
		}
	}
	palette.Paste(at(1))
	in.SetError(rapid.IntRange(-1, 99).Draw(t, "pos"), at(6))
	return map[string]func(c *Canvas) *Cursor{
		"grid": func(c *Canvas) *Cursor { g.Draw(c, c.Bounds(), th, true); return nil },
		"form": func(c *Canvas) *Cursor { return form.Draw(c, c.Bounds(), th) },
		"input": func(c *Canvas) *Cursor {
			in.Up = !in.Up
			return in.Draw(c, c.Bounds(), th)
		},
		"palette": func(c *Canvas) *Cursor { return palette.Draw(c, c.Bounds(), th) },
		"menu":    func(c *Canvas) *Cursor { return menu.Draw(c, c.Bounds(), th) },
		"pager":   func(c *Canvas) *Cursor { return pager.Draw(c, c.Bounds(), th) },
		"confirm": func(c *Canvas) *Cursor { return confirm.Draw(c, c.Bounds(), th) },
		"dialog":  func(c *Canvas) *Cursor { return (&FormDialog{Form: form}).Draw(c, c.Bounds(), th) },
	}
}

func rudeForm(at func(int) string) *Form {
	options := []Option{{"a", at(1)}, {"b", at(2)}, {"c", ""}}
	var fields []Field
	for k := KindText; k <= KindRef; k++ {
		fields = append(fields, Field{Key: fmt.Sprint(k), Label: at(int(k)), Kind: k, Value: at(int(k) + 1), Options: options, Help: at(3), Required: k%2 == 0})
	}
	f := NewForm(at(0), fields)
	f.Validate = func(string, string) error { return errRude }
	f.Lookup = func(string, string) []Option { return options }
	f.Paste(at(4))
	return f
}

// Whatever the data, the size and the keys before: nothing panics, nothing leaves its place, and what
// lies beneath the area of a widget stays.
func TestWidgetsKeepToEverySize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		th := NewTheme(rapid.SampledFrom(ThemeNames()).Draw(t, "theme"), rapid.Bool().Draw(t, "ascii"))
		size := rapid.SampledFrom(sizes).Draw(t, "size")
		draw := widgets(t, th)
		names := rapid.SliceOfN(rapid.SampledFrom(slices.Sorted(maps.Keys(draw))), 1, 2).Draw(t, "widgets")
		methods(func(graphemes bool) {
			c := NewCanvas(size[0], size[1])
			c.SetGraphemes(graphemes)
			for _, name := range names {
				cur := draw[name](c)
				if cur != nil && !c.Bounds().Contains(cur.X, cur.Y) {
					t.Fatalf("%s: cursor %+v is outside %v", name, *cur, size)
				}
				checkCells(t, c)
				checkFrame(t, c)
			}
		})
	})
}

func TestWidgetsStayInTheirArea(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		th := NewTheme("dark", false)
		area := Rect{rapid.IntRange(0, 30).Draw(t, "x"), rapid.IntRange(0, 8).Draw(t, "y"), rapid.IntRange(0, 60).Draw(t, "w"), rapid.IntRange(0, 20).Draw(t, "h")}
		c := NewCanvas(70, 24)
		for y := range 24 {
			c.Write(0, y, Style{}, "......................................................................")
		}
		texts := rudeTexts(t)
		at := func(i int) string { return texts[i%len(texts)] }
		g := &Grid{Footer: at(0)}
		g.SetColumns([]Column{{Key: "a", Title: at(1)}, {Key: "b", Title: at(2), Flex: 1}})
		g.SetRows(rude{texts, 40})
		g.Draw(c, area, th, true)
		rudeForm(at).Draw(c, area, th)
		in := NewInput(at(1))
		in.Paste(at(2))
		in.Draw(c, area, th)
		for _, o := range []Overlay{
			NewPalette(at(0), []Item{{Title: at(1)}}), NewMenu(at(1), []Item{{Title: at(2)}}), &Confirm{Question: at(3)},
			NewPager(at(2), []Spans{Plain(at(4))}), &FormDialog{Form: rudeForm(at)},
		} {
			o.Draw(c, area, th)
		}
		for y := range 24 {
			for x := range 70 {
				if !area.Contains(x, y) && c.cells[y*70+x].r != '.' {
					t.Fatalf("cell %d,%d outside %+v was drawn over:\n%s", x, y, area, c.Text())
				}
			}
		}
	})
}

func TestChartsFillTheirCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		th := NewTheme("none", rapid.Bool().Draw(t, "ascii"))
		w := rapid.IntRange(-1, 30).Draw(t, "w")
		value := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1, math.MaxFloat64, -math.MaxFloat64, 5e-324}))
		values := rapid.SliceOfN(value, 0, 60).Draw(t, "values")
		if got, want := Width(Sparkline(values, w, th)), min(len(values), max(w, 0)); got != want {
			t.Fatalf("sparkline of %d values in %d cells takes %d", len(values), w, got)
		}
		v, limit := value.Draw(t, "v"), value.Draw(t, "limit")
		if got := Width(Bar(v, limit, w, th)); got != max(w, 0) {
			t.Fatalf("bar %v of %v takes %d of %d", v, limit, got, w)
		}
		var parts []Slice
		for _, v := range values[:min(len(values), 9)] {
			parts = append(parts, Slice{Value: v})
		}
		if got := StackedBar(parts, w, th).Width(); got != max(w, 0) {
			t.Fatalf("stacked bar of %v takes %d of %d", parts, got, w)
		}
		if got := Width(HeatCell(hostileText().Draw(t, "text"), v, w, th).Text); got != max(w, 0) {
			t.Fatalf("heat cell takes %d of %d", got, w)
		}
	})
}

// Keys of every kind reach every widget without a panic, and esc always gets out.
func TestEscapeAlwaysGetsOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rudeTexts(t)
		at := func(i int) string { return texts[i%len(texts)] }
		items := []Item{{Title: at(0), Key: at(1)}, {Title: "b"}}
		o := rapid.SampledFrom([]Overlay{
			NewPalette("", items), NewMenu("", items), &Confirm{Question: "?"}, NewPager("", nil), &FormDialog{Form: rudeForm(at)},
		}).Draw(t, "overlay")
		for range rapid.IntRange(0, 30).Draw(t, "keys") {
			msg := tea.KeyPressMsg{
				Code: rapid.Rune().Draw(t, "code"), Text: rapid.SampledFrom([]string{"", "x", "日", "\x1b"}).Draw(t, "text"),
				Mod: tea.KeyMod(rapid.IntRange(0, 15).Draw(t, "mod")),
			}
			if rapid.Bool().Draw(t, "named") {
				msg = keyOf(rapid.SampledFrom([]string{"up", "down", "left", "right", "tab", "space", "backspace", "home", "end", "enter"}).Draw(t, "key"))
			}
			if o.Key(msg).Done {
				return
			}
		}
		for range 3 { // a list, the question, the form
			if o.Key(keyOf("esc")).Done {
				return
			}
			if d, ok := o.(*FormDialog); ok && d.Form.State() == FormConfirming {
				if !o.Key(keyOf("y")).Done {
					t.Fatalf("yes to the question did not leave the form")
				}
				return
			}
		}
		t.Fatalf("%T stays open after esc", o)
	})
}
