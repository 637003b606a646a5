package kit

import (
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// Painter puts frames on a terminal: of each it sends what differs from the one before. Frames go out at once and the
// newest wins, so a slow line sees fewer of them and never an old one.
//
// It stands between the program's runtime and the terminal (Output). The runtime keeps what it is good at: modes, keys,
// the mouse, the alternate screen and its end. What it would draw is dropped while the painter draws.
//
// The runtime's own renderer waits for the tick of a clock, parses the frame it is given into cells again, and sends
// every line with a wide character in it again with each frame, changed or not: that was 12.8 kB for one row down in a
// list of Chinese names, and most of the time a key took.
type Painter struct {
	every time.Duration // frames are at least so far apart

	mu     sync.Mutex // guards what the session hands over
	next   frame
	fresh  bool // next has not been painted
	wake   chan struct{}
	closed chan struct{}
	done   chan struct{}

	term  sync.Mutex // guards the terminal and what is known of it
	out   io.Writer
	shown frame
	brush brush
	line  []byte // what is written at one time
	err   error  // of the terminal; nothing is painted after it

	inside bool        // the alternate screen is on
	left   atomic.Bool // the runtime has left it, for good or while another program has the terminal
	synced bool        // the terminal can show a frame at one time (mode 2026)
	cursor bool        // the cursor can be seen
	at     Cursor      // where it was put last
}

// frame is a canvas that is to be shown.
type frame struct {
	w, h   int
	age    int
	cells  []cell
	styles []string
	long   []string
	cursor *Cursor
	whole  bool // the terminal may show anything: paint every cell
}

// NewPainter returns the painter of a terminal with the given colours. Frames are at least every apart.
// Close ends it. No painter at all may be told of the terminal: a session without one draws nothing.
func NewPainter(out io.Writer, p colorprofile.Profile, every time.Duration) *Painter {
	w := &Painter{
		every: every, out: out, wake: make(chan struct{}, 1), closed: make(chan struct{}), done: make(chan struct{}),
		brush: brush{inks: newInks(p)},
	}
	go w.work()
	return w
}

// Show hands a frame over to be painted and returns at once. The canvas may be drawn on again afterwards. The
// terminal's cursor is shown at cur, and hidden where that is nil.
func (p *Painter) Show(c *Canvas, cur *Cursor) {
	if c.w == 0 || c.h == 0 {
		return
	}
	p.mu.Lock()
	n := &p.next
	n.w, n.h, n.age = c.w, c.h, c.age
	n.cells = append(n.cells[:0], c.cells...)
	n.styles, n.long = c.styles, c.long
	n.cursor = nil
	if cur != nil {
		at := *cur
		n.cursor = &at
	}
	p.fresh = true
	p.mu.Unlock()
	p.ring()
}

// Repaint makes the next frame be painted whole: after the terminal was resized or somebody else has written to it.
func (p *Painter) Repaint() {
	if p == nil {
		return
	}
	p.mu.Lock()
	p.next.whole = true
	p.mu.Unlock()
}

// Synced tells that the terminal can show a frame at one time (mode 2026).
func (p *Painter) Synced() {
	if p == nil {
		return
	}
	p.term.Lock()
	p.synced = true
	p.term.Unlock()
}

// SetProfile changes which colours the terminal shows.
func (p *Painter) SetProfile(profile colorprofile.Profile) {
	if p == nil {
		return
	}
	p.term.Lock()
	if p.brush.inks.profile != profile {
		p.brush.inks = newInks(profile)
		p.shown.w = 0
	}
	p.term.Unlock()
}

// Close ends the painter; what was not painted yet is not. It does not close the terminal.
func (p *Painter) Close() {
	close(p.closed)
	<-p.done
}

func (p *Painter) ring() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *Painter) work() {
	defer close(p.done)
	var f frame
	for {
		select {
		case <-p.closed:
			return
		case <-p.wake:
		}
		if p.take(&f) {
			p.paint(&f)
			select {
			case <-p.closed:
				return
			case <-time.After(p.every):
			}
		}
	}
}

// take exchanges the painted frame for the newest one.
func (p *Painter) take(f *frame) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.fresh || p.left.Load() {
		return false
	}
	*f, p.next = p.next, *f
	p.next.whole, p.fresh = false, false
	return true
}

// paint sends a frame and leaves in f the one before, whose memory serves the next.
func (p *Painter) paint(f *frame) {
	p.term.Lock()
	defer p.term.Unlock()
	if p.left.Load() || p.err != nil {
		return
	}
	b := &p.brush
	b.begin(f)
	if !p.inside {
		b.write(ansi.SetModeAltScreenSaveCursor + ansi.ResetModeTextCursorEnable)
		p.cursor = false
	}
	if f.whole || !p.inside || f.w != p.shown.w || f.h != p.shown.h || f.age != p.shown.age {
		b.clear(&p.shown, f)
	}
	p.inside = true
	b.differences(&p.shown, f)
	p.send(f.cursor)
	*f, p.shown = p.shown, *f
}

// send writes what the brush has, so that nobody sees a frame half done: at one time where the terminal can do that,
// otherwise with the cursor hidden.
func (p *Painter) send(cur *Cursor) {
	b := &p.brush
	drawn := len(b.out) > 0
	if drawn && b.pen != none {
		b.penTo(0)
	}
	if cur != nil && (drawn || p.at != *cur) {
		b.moveTo(min(cur.X, b.w-1), min(cur.Y, b.h-1))
		p.at = *cur
	}
	before, after := "", ""
	switch {
	case drawn && p.synced:
		before, after = ansi.SetModeSynchronizedOutput, ansi.ResetModeSynchronizedOutput
	case drawn && p.cursor:
		before, p.cursor = ansi.ResetModeTextCursorEnable, false
	}
	if visible := cur != nil; visible != p.cursor {
		after = map[bool]string{true: ansi.SetModeTextCursorEnable, false: ansi.ResetModeTextCursorEnable}[visible] + after
		p.cursor = visible
	}
	if len(before)+len(b.out)+len(after) == 0 {
		return
	}
	p.line = append(append(append(p.line[:0], before...), b.out...), after...)
	_, p.err = p.out.Write(p.line)
}

// clear empties the terminal and makes old the empty frame it then shows.
func (b *brush) clear(old, f *frame) {
	b.write(Reset + "\x1b[H\x1b[2J")
	b.x, b.y, b.pen = 0, 0, 0
	old.w, old.h, old.age = f.w, f.h, f.age
	old.cells = slices.Grow(old.cells[:0], len(f.cells))[:len(f.cells)]
	for i := range old.cells {
		old.cells[i] = blankCell
	}
}
