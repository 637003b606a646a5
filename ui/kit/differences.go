package kit

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// Difference is a value that two people have changed in two ways.
type Difference struct {
	Key, Label string
	Base       string // as both had seen it
	Theirs     string
	Who        string // whose Theirs is
	Mine       string

	choice choice
}

// choice says which of the two holds.
type choice uint8

const (
	undecided choice = iota
	mine
	theirs
)

// DifferencesWords are the words of the dialog, so that the owner can say them in another language.
type DifferencesWords struct {
	Before, Theirs, Mine, Undecided string
	Keys                            string // the line at the bottom
}

// Differences asks of each value that two people have changed which one holds. Nothing is chosen at first:
// enter without reading must not throw away what either of them wrote. Its result is a DifferencesAnswer,
// or DifferencesLeft.
type Differences struct {
	Title string
	Words DifferencesWords
	ID    any // given back

	items []Difference
	at    int
}

// DifferencesAnswer is what holds.
type DifferencesAnswer struct {
	ID     any
	Theirs map[string]bool // by key: the value of the other person, else one's own
}

// DifferencesLeft says that nothing was decided.
type DifferencesLeft struct{ ID any }

// NewDifferences returns the dialog over values.
func NewDifferences(title string, words DifferencesWords, id any, items []Difference) *Differences {
	return &Differences{Title: title, Words: words, ID: id, items: slices.Clone(items)}
}

// Key takes a key.
func (d *Differences) Key(msg tea.KeyPressMsg) Outcome {
	switch stroke(msg) {
	case "esc", "ctrl+c":
		return Outcome{Done: true, Result: DifferencesLeft{d.ID}}
	case "down", "j", "tab":
		d.at = min(d.at+1, len(d.items)-1)
	case "up", "k", "shift+tab":
		d.at = max(d.at-1, 0)
	case "m", "right", "l":
		d.choose(mine)
	case "t", "left", "h":
		d.choose(theirs)
	case "shift+m":
		d.chooseAll(mine)
	case "shift+t":
		d.chooseAll(theirs)
	case "enter", "ctrl+s":
		if i := slices.IndexFunc(d.items, func(x Difference) bool { return x.choice == undecided }); i >= 0 {
			d.at = i
			return Outcome{}
		}
		answer := DifferencesAnswer{ID: d.ID, Theirs: map[string]bool{}}
		for _, x := range d.items {
			answer.Theirs[x.Key] = x.choice == theirs
		}
		return Outcome{Done: true, Result: answer}
	}
	return Outcome{}
}

// choose decides the value under the cursor and goes on to the next that is not decided.
func (d *Differences) choose(c choice) {
	d.items[d.at].choice = c
	for i := range d.items {
		if next := (d.at + i) % len(d.items); d.items[next].choice == undecided {
			d.at = next
			return
		}
	}
}

func (d *Differences) chooseAll(c choice) {
	for i := range d.items {
		d.items[i].choice = c
	}
}

// Paste does nothing: pasted text is no choice.
func (d *Differences) Paste(string) {}

// differenceLines is how many lines each of the three values may take.
const differenceLines = 3

// Draw draws the dialog in the middle of the area: a line for each value, then the three versions of the
// one under the cursor.
func (d *Differences) Draw(c *Canvas, area Rect, th *Theme) *Cursor {
	w := min(max(area.W*3/4, 60), 96, area.W)
	versions := d.versions(w - 24)
	shown := min(len(d.items), max(1, area.H-len(versions)-5))
	in := c.Box(area.Center(w, shown+len(versions)+5), th, d.Title, true)
	in = in.Inset(min(1, in.W/8), 0)
	defer c.Clip(in)()
	label := 0
	for _, x := range d.items {
		label = max(label, min(20, Width(Clean(x.Label))))
	}
	top := max(0, min(d.at-shown/2, len(d.items)-shown))
	for i := range shown {
		d.drawLine(c, in.Row(i), th, top+i, label)
	}
	for i, line := range versions {
		c.PutSpans(in.Row(shown+1+i), th, line)
	}
	foot, _ := in.Bottom(1)
	c.Put(foot, th.Style(Muted), d.Words.Keys, AlignLeft)
	return nil
}

// versions are the lines of the value under the cursor as both had seen it, as the other has made it and as
// one has made it oneself.
func (d *Differences) versions(w int) []Spans {
	const label = 20
	var out []Spans
	x := d.items[d.at]
	for _, v := range []struct {
		name, text string
		token      Token
	}{
		{d.Words.Before, x.Base, Muted},
		{d.Words.Theirs + " (" + x.Who + ")", x.Theirs, Text},
		{d.Words.Mine, x.Mine, Text},
	} {
		lines := Wrap(CleanLines(v.text), max(8, w-label))
		switch {
		case v.text == "":
			lines, v.token = []string{"–"}, Muted
		case len(lines) > differenceLines:
			lines = append(lines[:differenceLines-1:differenceLines-1], lines[differenceLines-1]+" …")
		}
		name := Truncate(Clean(v.name), label-2)
		for _, line := range lines {
			out = append(out, Spans{{Text: PadRight(name, label), Token: Header}, {Text: line, Token: v.token}})
			name = ""
		}
	}
	return out
}

func (d *Differences) drawLine(c *Canvas, r Rect, th *Theme, i, label int) {
	x := d.items[i]
	style := th.Style
	if i == d.at {
		style = func(t Token) Style { return th.Selected(t, true) }
		c.Fill(r, style(Text))
		c.Write(r.X, r.Y, style(Accent), th.Sym.Cursor)
	}
	word, value, token := d.Words.Undecided, "", Warn
	switch x.choice {
	case mine:
		word, value, token = d.Words.Mine, x.Mine, Good
	case theirs:
		word, value, token = d.Words.Theirs+" ("+x.Who+")", x.Theirs, Good
	}
	at := c.Write(r.X+2, r.Y, style(Text), PadRight(Truncate(Clean(x.Label), label), label+2))
	at = c.Write(at, r.Y, style(token), Clean(word))
	if value != "" {
		c.Put(Rect{at, r.Y, max(0, r.X+r.W-at), 1}, style(Text), ": "+Clean(value), AlignLeft)
	}
}
