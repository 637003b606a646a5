package kit

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// Candidate is one way to go on with a text: replace its bytes From..To by Text.
type Candidate struct {
	Text, Help string
	From, To   int
}

// InputEvent is what a key did to an Input.
type InputEvent uint8

// The events of an Input.
const (
	InputNone      InputEvent = iota // the key was taken, the text is as before
	InputChanged                     // the text is another
	InputSubmitted                   // enter
	InputCancelled                   // esc
	InputIgnored                     // not a key of an input; the owner may use it
)

// Input is a line for a filter, a command or a search: with history (up, down), candidates (tab takes
// the highlighted one, down and up choose) and a mark under the place of an error.
type Input struct {
	Prompt string // before the text: "/", ":"
	Hint   string // shown faintly while the text is empty
	// Complete names candidates for a text and a byte offset in it; nil for none. It is called after
	// each change, so it must be quick.
	Complete func(text string, cursor int) []Candidate
	History  []string // older texts, the newest last
	Up       bool     // candidates and error are above the line, for an input at the bottom

	edit   edit
	cands  []Candidate
	pick   int // highlighted candidate, -1 for none
	past   int // entries back in the history, 0 for the text being written
	draft  string
	errPos int // byte offset, -1 for "no place"
	err    string
}

// NewInput returns an empty input.
func NewInput(prompt string) *Input { return &Input{Prompt: prompt, pick: -1, errPos: -1} }

// Text returns what has been typed, without control characters.
func (in *Input) Text() string { return in.edit.text }

// SetText replaces the text; the cursor goes to its end.
func (in *Input) SetText(text string) {
	in.edit.set(text)
	in.changed()
	in.past = 0
}

// SetError shows a message with a mark under byte offset pos of the text; a negative pos shows the
// message only. It stays until the text changes; an empty message removes it.
func (in *Input) SetError(pos int, message string) { in.errPos, in.err = pos, message }

// Paste inserts text; line breaks become spaces.
func (in *Input) Paste(text string) InputEvent {
	in.edit.insert(text)
	in.changed()
	return InputChanged
}

// Remember adds a text to the history, unless it is the last one there.
func (in *Input) Remember(text string) {
	if text == "" || len(in.History) > 0 && in.History[len(in.History)-1] == text {
		return
	}
	in.History = append(slices.Clip(in.History), text)
}

// Key takes a key.
func (in *Input) Key(msg tea.KeyPressMsg) InputEvent {
	switch stroke(msg) {
	case "esc", "ctrl+c", "ctrl+g":
		return InputCancelled
	case "enter":
		if in.pick >= 0 {
			return in.take(in.pick)
		}
		return InputSubmitted
	case "tab":
		return in.take(max(in.pick, 0))
	case "up", "ctrl+p":
		return in.up()
	case "down", "ctrl+n":
		return in.down()
	}
	before, at := in.edit.text, in.edit.at
	if !in.edit.key(msg) {
		return InputIgnored
	}
	if in.edit.text == before {
		if in.edit.at != at {
			in.complete()
		}
		return InputNone
	}
	in.changed()
	return InputChanged
}

func (in *Input) changed() {
	in.errPos, in.err = -1, ""
	in.complete()
}

// Refresh asks for candidates anew: what Complete knows has changed.
func (in *Input) Refresh() {
	if in.past == 0 {
		in.complete()
	}
}

func (in *Input) complete() {
	in.cands, in.pick = nil, -1
	if in.Complete != nil {
		in.cands = in.Complete(in.edit.text, in.edit.at)
	}
}

// take replaces part of the text by a candidate. Offsets that do not fit the text are refused: they
// come from the owner's parser, which may have seen another text.
func (in *Input) take(i int) InputEvent {
	if i >= len(in.cands) {
		return InputNone
	}
	cand := in.cands[i]
	if cand.From < 0 || cand.To < cand.From || cand.To > len(in.edit.text) {
		return InputNone
	}
	text := in.edit.accept(cand.Text)
	in.edit.text = in.edit.text[:cand.From] + text + in.edit.text[cand.To:]
	in.edit.at = cand.From + len(text)
	in.changed()
	return InputChanged
}

func (in *Input) up() InputEvent {
	if in.pick >= 0 {
		in.pick--
		return InputNone
	}
	return in.recall(1)
}

func (in *Input) down() InputEvent {
	if in.past > 0 {
		return in.recall(-1)
	}
	if len(in.cands) > 0 {
		in.pick = min(in.pick+1, len(in.cands)-1)
	}
	return InputNone
}

// recall goes d entries back in the history.
func (in *Input) recall(d int) InputEvent {
	past := in.past + d
	if past > len(in.History) || past < 0 {
		return InputNone
	}
	if in.past == 0 {
		in.draft = in.edit.text
	}
	text := in.draft
	if past > 0 {
		text = in.History[len(in.History)-past]
	}
	in.SetText(text)
	in.cands = nil // The next "up" is meant for the history, not for a list that just appeared.
	in.past = past
	return InputChanged
}

// errorRows is how many rows an error takes at most.
const errorRows = 3

// Height returns how many rows the input would like in a width, at most limit.
func (in *Input) Height(width, limit int) int {
	n := 1 + len(in.cands) + len(in.errorLines(width))
	return max(1, min(n, limit))
}

// errorLines is the error in rows: a short one stands at its place, a long one is wrapped from the left
// under a row with the mark of the place.
func (in *Input) errorLines(width int) []string {
	switch {
	case in.err == "":
		return nil
	case in.errPos < 0 || Width(Clean(in.Prompt+in.edit.text+in.err))+3 <= width:
		return []string{in.err}
	}
	lines := Wrap(Clean(in.err), max(1, width))
	return append(lines[:min(len(lines), errorRows)], "")
}

// Draw draws the input line into the first row of the area (with Up the last one), the error and the
// candidates into the others.
func (in *Input) Draw(c *Canvas, r Rect, th *Theme) *Cursor {
	defer c.Clip(r)()
	line, rest := r.Top(1)
	if in.Up {
		line, rest = r.Bottom(1)
	}
	x := r.X
	c.Fill(line, th.Style(Text))
	if in.Prompt != "" {
		x = c.Write(x, line.Y, th.Style(Key), in.Prompt)
	}
	field := Rect{x, line.Y, r.X + r.W - x, line.H}
	cur := in.edit.draw(c, field, th.Style(Text))
	if in.edit.text == "" {
		c.PutSpans(field, th, Spans{{Text: in.Hint, Token: Muted}})
	}
	if n := len(in.errorLines(r.W)); n > 0 {
		at, left := rest.Top(n)
		if in.Up {
			at, left = rest.Bottom(n)
		}
		rest = left
		in.drawErrors(c, at, x, cur, th)
	}
	in.drawCandidates(c, rest, th)
	return cur
}

// drawErrors shows the error: beside the mark of its place, or over more rows with the mark next to the line
// that is typed.
func (in *Input) drawErrors(c *Canvas, r Rect, x int, cur *Cursor, th *Theme) {
	c.Fill(r, th.Style(Error))
	lines := in.errorLines(r.W)
	if r.H < len(lines) { // Where there is little room the words matter more than the mark.
		for i, line := range lines[:r.H] {
			c.Put(r.Row(i), th.Style(Error), line, AlignLeft)
		}
		return
	}
	col := in.errorColumn(r, x, cur)
	if len(lines) == 1 {
		in.drawError(c, r, col, th)
		return
	}
	words, mark, first := lines[:len(lines)-1], len(lines)-1, 0
	if !in.Up {
		mark, first = 0, 1
	}
	for i, line := range words {
		c.Put(r.Row(first+i), th.Style(Error), line, AlignLeft)
	}
	if col >= 0 {
		c.Write(col, r.Row(mark).Y, th.Style(Error), th.Sym.Caret)
	}
}

// errorColumn is the column of the error's place, -1 without one.
func (in *Input) errorColumn(r Rect, x int, cur *Cursor) int {
	if in.errPos < 0 || cur == nil {
		return -1
	}
	// The line may be scrolled: count from the cursor, whose place on the screen is known.
	pos := min(in.errPos, len(in.edit.text))
	col := cur.X - Width(Clean(in.edit.text[:in.edit.at])) + Width(Clean(in.edit.text[:pos]))
	return min(max(col, x), r.X+r.W-1)
}

func (in *Input) drawError(c *Canvas, r Rect, col int, th *Theme) {
	text := in.err
	if col >= 0 {
		text = th.Sym.Caret + " " + text
		r = Rect{col, r.Y, r.X + r.W - col, 1}
	}
	c.Put(r, th.Style(Error), text, AlignLeft)
}

func (in *Input) drawCandidates(c *Canvas, r Rect, th *Theme) {
	n := min(len(in.cands), r.H)
	if n == 0 {
		return
	}
	if in.Up {
		r, _ = r.Bottom(n)
	}
	first := max(0, min(in.pick-n/2, len(in.cands)-n))
	for i := range n {
		cand := in.cands[first+i]
		row := r.Row(i)
		tok, sign := Text, "  "
		if first+i == in.pick {
			tok, sign = SelectionText, th.Sym.Cursor+" "
		}
		c.Fill(row, th.Style(tok))
		x := c.Write(row.X, row.Y, th.Style(tok), sign)
		x = c.Write(x, row.Y, th.Style(tok), Truncate(Clean(cand.Text), max(0, row.X+row.W-x)))
		if cand.Help != "" && x+4 < row.X+row.W && tok == Text {
			tok = Muted
		}
		c.PutSpans(Rect{x + 2, row.Y, row.X + row.W - x - 2, 1}, th, Spans{{Text: cand.Help, Token: tok}})
	}
}
