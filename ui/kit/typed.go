package kit

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Typed asks for one of a few words to be typed before something happens that cannot be taken back: no single
// key does it. Its result is Answer, or nil where it was left.
type Typed struct {
	Title    string
	Question string   // what will happen, with its size; lines end in "\n"
	Prompt   string   // asks for the first of Words
	Wrong    string   // said when enter is pressed on anything else
	Words    []string // any of them will do; case and outer spaces do not matter
	Answer   any

	line *Input
}

func (d *Typed) input() *Input {
	if d.line == nil {
		d.line = NewInput("> ")
	}
	return d.line
}

// Key takes a key.
func (d *Typed) Key(msg tea.KeyPressMsg) Outcome {
	in := d.input()
	switch in.Key(msg) {
	case InputCancelled:
		return Outcome{Done: true}
	case InputSubmitted:
		text := strings.TrimSpace(in.Text())
		if text != "" && slices.ContainsFunc(d.Words, func(w string) bool { return strings.EqualFold(strings.TrimSpace(w), text) }) {
			return Outcome{Done: true, Result: d.Answer}
		}
		in.SetError(-1, d.Wrong)
	}
	return Outcome{}
}

// Paste inserts text.
func (d *Typed) Paste(text string) { d.input().Paste(text) }

// Draw draws the dialog in the middle of the area.
func (d *Typed) Draw(c *Canvas, area Rect, th *Theme) *Cursor {
	w := min(76, area.W)
	lines := Wrap(d.Question, w-4)
	lines = lines[:min(len(lines), max(1, area.H-7))]
	in := c.Box(area.Center(w, min(len(lines)+6, area.H)), th, d.Title, true)
	defer c.Clip(in)()
	bottom, text := in.Bottom(3)
	text = text.Inset(min(1, text.W/8), 0)
	for i, line := range lines {
		c.Put(text.Row(i), th.Style(Text), line, AlignLeft)
	}
	bottom = bottom.Inset(min(1, bottom.W/8), 0)
	c.Put(bottom.Row(0), th.Style(Key), d.Prompt, AlignLeft)
	return d.input().Draw(c, Rect{X: bottom.X, Y: bottom.Y + 1, W: bottom.W, H: 2}, th)
}
