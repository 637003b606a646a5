package kit

import tea "charm.land/bubbletea/v2"

// Outcome is what a key did to an overlay. With Done the overlay is closed; Result is its answer, nil
// when it was left without one.
type Outcome struct {
	Done   bool
	Result any
}

// Overlay is something drawn over the screen that takes the keys while it is open.
type Overlay interface {
	// Draw draws the overlay somewhere within the area.
	Draw(c *Canvas, area Rect, th *Theme) *Cursor
	// Key takes a key; esc always ends an overlay.
	Key(msg tea.KeyPressMsg) Outcome
	// Paste takes pasted text, which is never read as keys.
	Paste(text string)
}

var (
	_ Overlay = (*Palette)(nil)
	_ Overlay = (*Pager)(nil)
	_ Overlay = (*Confirm)(nil)
	_ Overlay = (*Menu)(nil)
	_ Overlay = (*FormDialog)(nil)
	_ Overlay = (*Differences)(nil)
)

// Stack holds the open overlays, the topmost last. The zero Stack is empty.
type Stack struct {
	open []entry
	gen  uint64
}

type entry struct {
	overlay Overlay
	gen     uint64
	armed   bool
}

// Push opens an overlay that the user asked for: the next key is meant for it.
func (s *Stack) Push(o Overlay) { s.push(o, true) }

// PushUnasked opens an overlay that came by itself. Keys typed before the user can have seen it are
// swallowed until Arm is called with the generation returned here; the owner sends itself that
// generation in a message after the overlay has been on the screen for a moment.
func (s *Stack) PushUnasked(o Overlay) (generation uint64) {
	s.push(o, false)
	return s.gen
}

func (s *Stack) push(o Overlay, armed bool) {
	s.gen++
	s.open = append(s.open, entry{overlay: o, gen: s.gen, armed: armed})
}

// Arm lets the overlay of the generation take keys. An overlay that is closed already is no error.
func (s *Stack) Arm(generation uint64) {
	for i := range s.open {
		if s.open[i].gen == generation {
			s.open[i].armed = true
		}
	}
}

// Len returns the number of open overlays.
func (s *Stack) Len() int { return len(s.open) }

// Top returns the overlay that takes the keys, nil when none is open.
func (s *Stack) Top() Overlay {
	if len(s.open) == 0 {
		return nil
	}
	return s.open[len(s.open)-1].overlay
}

// Close closes the topmost overlay.
func (s *Stack) Close() {
	if n := len(s.open); n > 0 {
		s.open[n-1] = entry{}
		s.open = s.open[:n-1]
	}
}

// Clear closes all overlays.
func (s *Stack) Clear() {
	clear(s.open)
	s.open = s.open[:0]
}

// Key gives a key to the topmost overlay and closes it when it is done; taken is false when no
// overlay is open. The owner looks at Outcome.Result.
func (s *Stack) Key(msg tea.KeyPressMsg) (out Outcome, taken bool) {
	n := len(s.open)
	if n == 0 {
		return Outcome{}, false
	}
	top := s.open[n-1]
	if !top.armed {
		return Outcome{}, true
	}
	out = top.overlay.Key(msg)
	if out.Done {
		s.remove(top.gen)
	}
	return out, true
}

// remove closes the overlay of a generation: handling the key may have opened another one above it.
func (s *Stack) remove(gen uint64) {
	for i := range s.open {
		if s.open[i].gen == gen {
			s.open = append(s.open[:i], s.open[i+1:]...)
			return
		}
	}
}

// Paste gives pasted text to the topmost overlay; it reports whether there is one.
func (s *Stack) Paste(text string) bool {
	n := len(s.open)
	if n == 0 {
		return false
	}
	if s.open[n-1].armed {
		s.open[n-1].overlay.Paste(text)
	}
	return true
}

// Draw draws all overlays from the bottom up and returns the cursor of the topmost.
func (s *Stack) Draw(c *Canvas, area Rect, th *Theme) *Cursor {
	var cur *Cursor
	for i := range s.open {
		cur = s.open[i].overlay.Draw(c, area, th)
	}
	return cur
}
