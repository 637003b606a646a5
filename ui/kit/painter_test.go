package kit

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"pgregory.net/rapid"
)

// still is a painter whose frames are painted by the test, one after the other.
func still(out io.Writer) *Painter {
	return &Painter{out: out, wake: make(chan struct{}, 1), brush: brush{inks: newInks(colorprofile.TrueColor)}}
}

// show paints a canvas and returns what was sent for it.
func (p *Painter) show(c *Canvas, cur *Cursor) string {
	out := p.out.(*bytes.Buffer)
	out.Reset()
	p.Show(c, cur)
	var f frame
	if p.take(&f) {
		p.paint(&f)
	}
	return out.String()
}

// drawLines draws a list as panes do: rows that follow from first on, the one at cur highlighted, and a detail beside it.
func drawLines(c *Canvas, names []string, first, cur int) {
	c.Reset(60, 14)
	th := NewTheme("dark", false)
	for y := range 12 {
		n := first + y
		st := Style{}
		if n == cur {
			st = th.Style(Selection)
		}
		c.Write(0, y+1, st, PadRight(fmt.Sprintf("%3d %s", n, names[n%len(names)]), 40))
		c.Write(44, y+1, th.Style(Muted), "label ")
		c.Write(50, y+1, th.Style(Good), fmt.Sprint(cur*y))
	}
	c.Write(0, 13, Style{}, "last line")
}

var paintedNames = []string{"Acme", "青岛云帆汽车", "ノース精工", "Ünïted", "👩‍👩‍👧 family", "e\u0301clair", "1\ufe0f\u20e3 keycap", "a long and quiet name"}

// TestPainterShowsTheFrame paints random pictures one after the other and holds what the terminal shows then against
// a terminal that was only ever sent the last one.
func TestPainterShowsTheFrame(t *testing.T) {
	styles := []Style{{}, {On: "\x1b[1m"}, {On: "\x1b[38;2;1;2;3m"}, {On: "\x1b[1;4m\x1b[48;5;23m"}}
	rapid.Check(t, func(t *rapid.T) {
		c, term := NewCanvas(1, 1), newTerminal(60, 14)
		p := still(&bytes.Buffer{})
		for range rapid.IntRange(1, 8).Draw(t, "frames") {
			first := rapid.IntRange(0, 30).Draw(t, "first")
			drawLines(c, paintedNames, first, first+rapid.IntRange(0, 11).Draw(t, "cursor"))
			for range rapid.IntRange(0, 4).Draw(t, "writes") {
				x, y := rapid.IntRange(-3, 62).Draw(t, "x"), rapid.IntRange(0, 13).Draw(t, "y")
				text := rapid.SampledFrom(paintedNames).Draw(t, "text")
				if rapid.Bool().Draw(t, "hostile") {
					text = hostileText().Draw(t, "any")
				}
				c.Write(x, y, rapid.SampledFrom(styles).Draw(t, "style"), text)
			}
			var cur *Cursor
			if rapid.Bool().Draw(t, "typing") {
				cur = &Cursor{X: rapid.IntRange(0, 59).Draw(t, "cx"), Y: rapid.IntRange(0, 13).Draw(t, "cy")}
			}
			_, _ = term.WriteString(p.show(c, cur))
			fresh := newTerminal(60, 14)
			_, _ = fresh.WriteString(still(&bytes.Buffer{}).show(c, cur))
			sameScreen(t, term, fresh)
			if at := term.CursorPosition(); cur != nil && (at.X != cur.X || at.Y != cur.Y) {
				t.Fatalf("the cursor is at %v, want %v", at, *cur)
			}
		}
	})
}

// newTerminal has a column more than the pictures: the emulator puts a mark after an ASCII letter into the next cell.
func newTerminal(w, h int) *vt.Emulator { return vt.NewEmulator(w+1, h) }

func sameScreen(t fataler, got, want *vt.Emulator) {
	t.Helper()
	for y := range want.Height() {
		for x := range want.Width() - 1 {
			g, w := got.CellAt(x, y), want.CellAt(x, y)
			if gc, wc := cellText(g.Content), cellText(w.Content); gc != wc || !g.Style.Equal(&w.Style) {
				t.Fatalf("at %d,%d the terminal shows %+q, want %+q (%+v, %+v)\n%s\nwant\n%s", x, y, gc, wc, g.Style, w.Style, got.Render(), want.Render())
			}
		}
	}
}

// cellText takes a cell that was never written for an empty one.
func cellText(s string) string {
	if s == "" {
		return " "
	}
	return s
}

// TestPainterSendsDifferences holds the bytes of what people do all day against a limit.
func TestPainterSendsDifferences(t *testing.T) {
	c, p := NewCanvas(1, 1), still(&bytes.Buffer{})
	names := []string{"青岛云帆汽车", "ノース精工", "Acme"}
	drawLines(c, names, 0, 0)
	p.show(c, nil)
	if again := p.show(c, nil); again != "" {
		t.Errorf("the same picture again sends %+q", again)
	}
	drawLines(c, names, 0, 1)
	if move := p.show(c, nil); len(move) > 330 {
		t.Errorf("one row down sends %d bytes: %+q", len(move), move)
	}
	drawLines(c, names, 1, 2)
	scroll := p.show(c, nil)
	if !strings.Contains(scroll, "\x1b[M") || len(scroll) > 800 {
		t.Errorf("lines that move by one are not moved by the terminal; %d bytes: %+q", len(scroll), scroll)
	}
}

// TestPainterLeavesOutTheRuntimesPicture: modes and questions go through, pictures do not, and another program gets
// the terminal and gives it back.
func TestPainterLeavesOutTheRuntimesPicture(t *testing.T) {
	out := &bytes.Buffer{}
	c, p := NewCanvas(20, 2), still(out)
	c.Write(0, 0, Style{}, "Acme")
	runtime := p.Output()
	say := func(text string) string {
		t.Helper()
		out.Reset()
		if n, err := io.WriteString(runtime, text); err != nil || n != len(text) {
			t.Fatalf("%d, %v", n, err)
		}
		return out.String()
	}
	if got := p.show(c, nil); !strings.HasPrefix(got, ansi.SetModeAltScreenSaveCursor) || !strings.Contains(got, "Acme") {
		t.Fatalf("the first frame: %+q", got)
	}
	modes := "\x1b[?2004h\x1b[?1002h\x1b[>4;2m\x1b[=1;1u\x1b[?u\x1b[?2026$p\x1b]2;title\x07"
	if got := say("\x1b[?1049h" + modes + "\x1b[?25l\x1b[H\x1b[2Jtext\r\n\x1b[3;1H\x1b[m"); got != modes {
		t.Errorf("through came %+q, want %+q", got, modes)
	}
	if got := say("\x1b[?2004l\x1b[?1049l\x1b[?25hbye\r\n"); got != "\x1b[?2004l\x1b[?1049l\x1b[?25hbye\r\n" {
		t.Errorf("at the end came %+q", got)
	}
	if got := p.show(c, nil); got != "" {
		t.Errorf("painted on another program: %+q", got)
	}
	if got := say("\x1b[?1049h\x1b[H\x1b[2J"); got != "\x1b[?1049h" {
		t.Errorf("coming back: %+q", got)
	}
	if got := p.show(c, nil); !strings.Contains(got, "\x1b[2J") || !strings.Contains(got, "Acme") {
		t.Errorf("the screen is not painted again: %+q", got)
	}
}

// TestPainterWholeFrames: the cursor is hidden while a frame is written, or the terminal is told to show it at one time.
func TestPainterWholeFrames(t *testing.T) {
	c, p := NewCanvas(20, 2), still(&bytes.Buffer{})
	p.show(c, &Cursor{X: 3, Y: 1})
	c.Write(0, 0, Style{}, "a")
	got := p.show(c, &Cursor{X: 4, Y: 1})
	if !strings.HasPrefix(got, ansi.ResetModeTextCursorEnable) || !strings.HasSuffix(got, ansi.SetModeTextCursorEnable) {
		t.Errorf("the cursor can be seen wandering: %+q", got)
	}
	p.Synced()
	c.Write(0, 0, Style{}, "b")
	got = p.show(c, &Cursor{X: 5, Y: 1})
	if !strings.HasPrefix(got, ansi.SetModeSynchronizedOutput) || !strings.HasSuffix(got, ansi.ResetModeSynchronizedOutput) {
		t.Errorf("the frame is not shown at one time: %+q", got)
	}
	if got = p.show(c, &Cursor{X: 6, Y: 1}); got != "\x1b[2;7H" {
		t.Errorf("a cursor that moves alone sends %+q", got)
	}
}

// slow is a terminal on a line that takes one frame only when it is let.
type slow struct {
	let   chan struct{}
	taken chan string
}

func (s slow) Write(b []byte) (int, error) {
	s.taken <- string(b)
	<-s.let
	return len(b), nil
}

// TestPainterSkipsFrames: who shows frames is not held up by a slow line, and the line gets the newest.
func TestPainterSkipsFrames(t *testing.T) {
	line := slow{let: make(chan struct{}), taken: make(chan string)}
	p := NewPainter(line, colorprofile.TrueColor, 0)
	c := NewCanvas(10, 1)
	p.Show(c, nil)
	<-line.taken
	for n := range 100 {
		c.Reset(10, 1)
		c.Write(0, 0, Style{}, fmt.Sprintf("frame %d", n))
		p.Show(c, nil)
	}
	line.let <- struct{}{}
	if got := <-line.taken; !strings.Contains(got, "99") {
		t.Errorf("after a while the line was sent %+q", got)
	}
	line.let <- struct{}{}
	p.Close()
}

// TestPainterColours: a terminal with few colours is sent those, and one without none.
func TestPainterColours(t *testing.T) {
	for profile, want := range map[colorprofile.Profile]string{
		colorprofile.TrueColor: "38;2;255;0;0", colorprofile.ANSI256: "38;5;196", colorprofile.ANSI: "91", colorprofile.Ascii: "",
	} {
		c, p := NewCanvas(10, 1), still(&bytes.Buffer{})
		p.SetProfile(profile)
		c.Write(0, 0, Style{On: "\x1b[1;38;2;255;0;0m"}, "red")
		got := p.show(c, nil)
		if !strings.Contains(got, want) || want == "" && strings.Contains(got, "38;") {
			t.Errorf("%v: %+q", profile, got)
		}
	}
}

// BenchmarkPainter paints what one row down in a list changes, and one line that scrolls.
func BenchmarkPainter(b *testing.B) {
	for name, first := range map[string]int{"move": 0, "scroll": 1} {
		b.Run(name, func(b *testing.B) {
			pictures := [2]*Canvas{NewCanvas(1, 1), NewCanvas(1, 1)}
			for i, c := range pictures {
				drawLines(c, paintedNames, i*first, i+i*first)
			}
			p := still(&bytes.Buffer{})
			for i := 0; b.Loop(); i++ {
				p.show(pictures[i%2], nil)
			}
		})
	}
}
