package ui_test

import (
	"encoding/xml"
	"fmt"
	"image/color"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestScreenshotsAreCurrent draws real frames of the program as pictures for the documentation.
func TestScreenshotsAreCurrent(t *testing.T) {
	screens := map[string][]string{
		"customers": {"j", "j", "j", "j", "j", "j", "j"}, "segments": {"2"}, "renewals": {"3", "j"}, "queue": {"4", "j"}, "today": {"0", "j"},
		"customer": {"/", "q", "u", "a", "r", "r", "y", "b", "a", "r", "enter", "enter"},
	}
	for name, keys := range screens {
		for _, size := range goldenSizes() {
			s := look(t, size[0], size[1])
			s.Press(keys...)
			svg := drawSVG(darkPaper, fmt.Sprintf("opsdeck: %s at %d×%d", name, size[0], size[1]), s.app.View().Content, size[0], size[1])
			checkSVG(t, name, svg)
			path := filepath.Join("..", "docs", "screens", fmt.Sprintf("%s-%dx%d.svg", name, size[0], size[1]))
			if *update {
				golden(t, path, svg)
				continue
			}
			if have, err := os.ReadFile(path); err != nil || string(have) != svg {
				t.Errorf("%s is not what the program shows (go test ./ui -update draws it): %v", path, err)
			}
		}
	}
}

// checkSVG holds a picture to being well-formed and small.
func checkSVG(t *testing.T, name, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		_, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("the picture of %s is not well-formed: %v", name, err)
		}
	}
	if len(svg) > 150_000 {
		t.Errorf("the picture of %s has %d bytes", name, len(svg))
	}
}

// The measures of a picture, in its own units.
const (
	cellW, cellH = 8.4, 18.0
	margin       = 10.0
)

// paper is what a terminal shows where the program names no colour.
type paper struct{ ground, ink string }

// The colours of terminals as people have them.
var (
	darkPaper  = paper{"#15181f", "#d5dae3"}
	lightPaper = paper{"#ffffff", "#24292f"}
)

// The attributes of a cell as the emulator numbers them.
const (
	attrBold    = 1 << 0
	attrFaint   = 1 << 1
	attrReverse = 1 << 5
)

// glyph is one cell as it is drawn.
type glyph struct {
	text   string
	width  int
	fg, bg string
	bold   bool
	faint  bool
	under  bool
}

// drawing collects the parts of a picture.
type drawing struct {
	strings.Builder
	paper
	y float64 // top of the row
}

// drawSVG draws a frame: the ground of each run of cells, then its letters, each run at the place of
// its cells, so that no font can push a column aside.
func drawSVG(p paper, title, content string, w, h int) string {
	d := drawing{paper: p}
	width, height := float64(w)*cellW+2*margin, float64(h)*cellH+2*margin
	fmt.Fprintf(&d, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %.1f" width="%.0f" height="%.0f" role="img" xml:space="preserve">`+"\n", width, height, width, height)
	fmt.Fprintf(&d, "<title>%s</title>\n", escape(title))
	d.WriteString("<style>text{font:14px ui-monospace,\"DejaVu Sans Mono\",Menlo,Consolas,\"Noto Sans Mono CJK JP\",monospace;white-space:pre}.b{font-weight:bold}.f{opacity:.65}</style>\n")
	fmt.Fprintf(&d, "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"%s\"/>\n", p.ground)
	term := terminal(content, w, h)
	for y := range h {
		d.y = margin + float64(y)*cellH
		var row []glyph
		for x := 0; x < w; {
			g := glyph{text: " ", width: 1, fg: p.ink, bg: p.ground}
			if c := term.CellAt(x, y); c != nil && c.Width > 0 {
				g = glyph{c.Content, c.Width, hex(c.Style.Fg, p.ink), hex(c.Style.Bg, p.ground), c.Style.Attrs&attrBold != 0, c.Style.Attrs&attrFaint != 0, c.Style.Underline != 0}
				if c.Style.Attrs&attrReverse != 0 {
					g.fg, g.bg = g.bg, g.fg
				}
			}
			row = append(row, g)
			x += g.width
		}
		d.row(row)
	}
	d.WriteString("</svg>\n")
	return d.String()
}

func hex(c color.Color, none string) string {
	if c == nil {
		return none
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// row draws the cells of a line in runs of the same look.
func (d *drawing) row(cells []glyph) {
	at := 0
	for i := 0; i < len(cells); {
		n, width := alike(cells[i:], func(a, b glyph) bool { return a.bg == b.bg })
		if cells[i].bg != d.ground {
			d.rect(at, width, 0, 1, cells[i].bg)
		}
		at, i = at+width, i+n
	}
	at = 0
	for i := 0; i < len(cells); {
		n, width := alike(cells[i:], func(a, b glyph) bool { return a.under == b.under && a.fg == b.fg })
		if cells[i].under {
			fmt.Fprintf(d, `<path d="M%.1f %.1fh%.1f" stroke="%s"/>`+"\n", margin+float64(at)*cellW, d.y+cellH-2.5, float64(width)*cellW, cells[i].fg)
		}
		at, i = at+width, i+n
	}
	at = 0
	for i := 0; i < len(cells); {
		g := cells[i]
		if d.shape(at, g) {
			at, i = at+g.width, i+1
			continue
		}
		n, width := alike(cells[i:], func(a, b glyph) bool {
			return a.fg == b.fg && a.bold == b.bold && a.faint == b.faint && plain(a) == plain(b) && a.width == b.width && !isShape(b.text)
		})
		d.text(at, width, cells[i:i+n])
		at, i = at+width, i+n
	}
}

// alike counts the cells from the first on that belong together.
func alike(cells []glyph, same func(a, b glyph) bool) (n, width int) {
	for n < len(cells) && (n == 0 || same(cells[n-1], cells[n])) {
		width += cells[n].width
		n++
	}
	return n, width
}

// plain tells whether every monospaced font has a glyph and gives it one cell.
func plain(g glyph) bool { return len(g.text) == 1 }

func (d *drawing) text(at, width int, cells []glyph) {
	var text strings.Builder
	for _, g := range cells {
		text.WriteString(g.text)
	}
	trimmed := strings.TrimRight(text.String(), " ")
	if trimmed == "" {
		return
	}
	if len(trimmed) < text.Len() {
		width -= text.Len() - len(trimmed)
	}
	class := ""
	switch g := cells[0]; {
	case g.bold && g.faint:
		class = ` class="b f"`
	case g.bold:
		class = ` class="b"`
	case g.faint:
		class = ` class="f"`
	}
	fmt.Fprintf(d, `<text x="%.1f" y="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs" fill="%s"%s>%s</text>`+"\n",
		margin+float64(at)*cellW, d.y+cellH-5, float64(width)*cellW, cells[0].fg, class, escape(trimmed))
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// rect fills a part of some cells; top and bottom are shares of the row's height.
func (d *drawing) rect(at, width int, top, bottom float64, fill string) {
	fmt.Fprintf(d, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n",
		margin+float64(at)*cellW, d.y+top*cellH, float64(width)*cellW, (bottom-top)*cellH, fill)
}

const lines = "─│┌┐└┘├┤"

func isShape(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return strings.ContainsRune(lines, r) || r >= '▁' && r <= '▏'
}

// shape draws borders and bars as lines and areas: letters of a font would leave gaps between rows.
func (d *drawing) shape(at int, g glyph) bool {
	r, _ := utf8.DecodeRuneInString(g.text)
	x, y := margin+float64(at)*cellW, d.y
	midX, midY, right, bottom := x+cellW/2, y+cellH/2, x+cellW, y+cellH
	switch {
	case !isShape(g.text):
		return false
	case r >= '▁' && r <= '█':
		d.rect(at, 1, 1-float64(r-'▁'+1)/8, 1, g.fg)
		return true
	case r >= '▉':
		fmt.Fprintf(d, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", x, y, cellW*float64('▏'-r+1)/8, cellH, g.fg)
		return true
	}
	var path string
	if strings.ContainsRune("─┌└├", r) {
		path += fmt.Sprintf("M%.1f %.1fH%.1f", midX, midY, right)
	}
	if strings.ContainsRune("─┐┘┤", r) {
		path += fmt.Sprintf("M%.1f %.1fH%.1f", x, midY, midX)
	}
	if strings.ContainsRune("│┌┐├┤", r) {
		path += fmt.Sprintf("M%.1f %.1fV%.1f", midX, midY, bottom)
	}
	if strings.ContainsRune("│└┘├┤", r) {
		path += fmt.Sprintf("M%.1f %.1fV%.1f", midX, y, midY)
	}
	fmt.Fprintf(d, `<path d="%s" stroke="%s" fill="none"/>`+"\n", path, g.fg)
	return true
}
