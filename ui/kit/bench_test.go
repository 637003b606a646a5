package kit_test

import (
	"fmt"
	"testing"

	"opsdeck/ui/kit"
)

// ledger is a table of many rows whose cells are made on request, as a snapshot's are.
type ledger struct {
	n     int
	names []string
}

func (l ledger) Len() int           { return l.n }
func (l ledger) Key(row int) string { return fmt.Sprintf("k%d", row) }

func (l ledger) Cell(row int, column string) kit.Cell {
	switch column {
	case "name":
		return kit.Cell{Text: l.names[row%len(l.names)]}
	case "health":
		return kit.Cell{Text: "! red", Token: kit.Bad}
	case "note":
		return kit.Cell{Text: "asked for a second quote, waiting for the board", Token: kit.Muted}
	case "arr":
		return kit.Cell{Text: "1,234,567"}
	}
	return kit.Cell{Text: "2026-11-22", Token: kit.Info}
}

func ledgerColumns() []kit.Column {
	cols := []kit.Column{
		{Key: "name", Title: "Customer", Min: 10, Ideal: 24, Flex: 3, Pinned: true},
		{Key: "health", Title: "Health", Ideal: 8},
		{Key: "arr", Title: "ARR", Unit: "€", Ideal: 12, Align: kit.AlignRight},
		{Key: "note", Title: "Note", Min: 8, Ideal: 30, Flex: 1},
	}
	for i := range 6 {
		cols = append(cols, kit.Column{Key: fmt.Sprint("d", i), Title: fmt.Sprint("Date ", i), Ideal: 10})
	}
	return cols
}

var latinNames = []string{"Acme Inc.", "Bolt & Sons", "Contoso", "Globex Corporation", "Initech"}

var wideNames = []string{"株式会社日本製鋼所", "上海华为技术有限公司", "삼성전자 주식회사", "Müller & Söhne GmbH", "👍🏽 Ünïcode 東京"}

// drawScreen draws what the workstation shows most of the day: a title, a full grid, a footer.
func drawScreen(c *kit.Canvas, g *kit.Grid, th *kit.Theme, w, h int) {
	c.Reset(w, h)
	head, rest := c.Bounds().Top(1)
	foot, body := rest.Bottom(1)
	c.Put(head, th.Style(kit.Status), " opsdeck · Customers", kit.AlignLeft)
	g.Draw(c, body, th, true)
	c.PutSpans(foot, th, kit.Spans{{Text: "? ", Token: kit.Key}, {Text: "help  ", Token: kit.Muted}, {Text: "/ ", Token: kit.Key}, {Text: "filter", Token: kit.Muted}})
}

func newLedger(names []string) *kit.Grid {
	g := &kit.Grid{Footer: "100,000 of 100,000 · Σ ARR 1,234"}
	g.SetColumns(ledgerColumns())
	g.SetRows(ledger{n: 100_000, names: names})
	return g
}

// A frame takes a few allocations (keys of rows, the string), not some for each of its 460 cells: the
// promise of BenchmarkFrame in a form that does not depend on the machine.
func TestFrameDoesNotAllocatePerCell(t *testing.T) {
	th, g, c := kit.NewTheme("dark", false), newLedger(latinNames), kit.NewCanvas(160, 48)
	if n := testing.AllocsPerRun(20, func() {
		drawScreen(c, g, th, 160, 48)
		_ = c.String()
	}); n > 200 {
		t.Errorf("%v allocations, want at most 200", n)
	}
}

// BenchmarkFrame is the promise: a frame of 160×48 within 0.3 ms.
func BenchmarkFrame(b *testing.B) {
	th := kit.NewTheme("dark", false)
	for name, names := range map[string][]string{"latin": latinNames, "wide": wideNames} {
		b.Run(name, func(b *testing.B) {
			g, c := newLedger(names), kit.NewCanvas(160, 48)
			b.ReportAllocs()
			for b.Loop() {
				g.Move(1)
				drawScreen(c, g, th, 160, 48)
				_ = c.String()
			}
		})
	}
	b.Run("palette", func(b *testing.B) {
		g, c := newLedger(latinNames), kit.NewCanvas(160, 48)
		p := kit.NewPalette("Actions", manyItems(120))
		b.ReportAllocs()
		for b.Loop() {
			drawScreen(c, g, th, 160, 48)
			p.Draw(c, c.Bounds(), th)
			_ = c.String()
		}
	})
	b.Run("cjk-full", func(b *testing.B) {
		c := kit.NewCanvas(160, 48)
		line := ""
		for range 80 {
			line += "語"
		}
		b.ReportAllocs()
		for b.Loop() {
			c.Reset(160, 48)
			for y := range 48 {
				c.Write(0, y, kit.Style{}, line)
			}
			_ = c.String()
		}
	})
}

func manyItems(n int) []kit.Item {
	var items []kit.Item
	for i := range n {
		items = append(items, kit.Item{ID: fmt.Sprint(i), Title: fmt.Sprintf("Go to customer list %d", i), Key: "g c", Help: "opens the pane"})
	}
	return items
}

func BenchmarkPaletteKey(b *testing.B) {
	items := manyItems(200)
	for b.Loop() {
		p := kit.NewPalette("Actions", items)
		p.Paste("gocust")
	}
}

func BenchmarkClean(b *testing.B) {
	for _, s := range []string{"Acme Corporation", "株式会社日本製鋼所", "bad\x1b[31m\u202evalue"} {
		b.Run(s[:4], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = kit.Clean(s)
			}
		})
	}
}
