package kit

import (
	tea "charm.land/bubbletea/v2"
)

// Confirm asks a question that is answered with yes or no. Its result is Answer for yes, nil for no
// and for esc. The cursor starts on no: enter pressed without reading must not destroy anything.
type Confirm struct {
	Title    string
	Question string // what will happen, with its size: "Delete 12 customers?"; lines end in "\n"
	Yes, No  string // words on the buttons, "Yes" and "No" when empty
	Answer   any    // the result for yes
	// Other is a third answer, by a key of its own and never by enter; the zero Item is none. Its result is the
	// item's Value.
	Other Item

	yes bool
}

// Key takes a key.
func (d *Confirm) Key(msg tea.KeyPressMsg) Outcome {
	if d.Other.Key != "" && stroke(msg) == d.Other.Key {
		return Outcome{Done: true, Result: d.Other.Value}
	}
	switch stroke(msg) {
	case "y", "shift+y":
		return Outcome{Done: true, Result: d.Answer}
	case "n", "shift+n", "esc", "ctrl+c", "q":
		return Outcome{Done: true}
	case "left", "right", "tab", "shift+tab", "h", "l":
		d.yes = !d.yes
	case "enter":
		if d.yes {
			return Outcome{Done: true, Result: d.Answer}
		}
		return Outcome{Done: true}
	}
	return Outcome{}
}

// Paste does nothing: pasted text is no answer.
func (d *Confirm) Paste(string) {}

// Draw draws the dialog in the middle of the area.
func (d *Confirm) Draw(c *Canvas, area Rect, th *Theme) *Cursor {
	w := 36
	for _, line := range Wrap(d.Question, min(76, area.W-4)) {
		w = max(w, Width(line)+4)
	}
	yes, no := d.Yes, d.No
	if yes == "" {
		yes = "Yes"
	}
	if no == "" {
		no = "No"
	}
	if d.Other.Key != "" { // All answers have to be seen.
		w = max(w, Width(yes)+Width(no)+Width(d.Other.Title)+20)
	}
	w = min(w, area.W)
	lines := Wrap(d.Question, w-4)
	box := area.Center(w, len(lines)+4)
	in := c.Box(box, th, d.Title, true)
	defer c.Clip(in)()
	buttons, text := in.Bottom(1)
	text = text.Inset(min(1, text.W/8), 0)
	for i, line := range lines {
		c.Put(text.Row(i), th.Style(Text), line, AlignLeft)
	}
	x := d.button(c, buttons.X+1, buttons.Y, th, "y", yes, d.yes)
	x = d.button(c, x+2, buttons.Y, th, "n", no, !d.yes)
	if d.Other.Key != "" {
		d.button(c, x+2, buttons.Y, th, d.Other.Key, d.Other.Title, false)
	}
	return nil
}

func (d *Confirm) button(c *Canvas, x, y int, th *Theme, key, word string, on bool) int {
	if on {
		return c.Write(x, y, th.Style(SelectionText), "["+key+" "+word+"]")
	}
	x = c.Write(x, y, th.Style(Key), " "+key)
	return c.Write(x, y, th.Style(Text), " "+word+" ")
}

// Menu lets choose one of a few items, by the cursor or by the item's own key. Its result is the Item.
type Menu struct {
	Title string

	list list
}

// NewMenu returns a menu over items.
func NewMenu(title string, items []Item) *Menu {
	return &Menu{Title: title, list: list{items: items}}
}

// Key takes a key. The keys of the items come before those that move.
func (m *Menu) Key(msg tea.KeyPressMsg) Outcome {
	key := stroke(msg)
	for i, it := range m.list.items {
		if it.Key != "" && (it.Key == key || it.Key == msg.String()) {
			m.list.at = i
			return m.choose()
		}
	}
	switch key {
	case "esc", "ctrl+c", "q":
		return Outcome{Done: true}
	case "enter", "space":
		return m.choose()
	case "j":
		m.list.move(1)
	case "k":
		m.list.move(-1)
	case "home":
		m.list.move(-len(m.list.items))
	case "end":
		m.list.move(len(m.list.items))
	default:
		m.list.key(key, listRows)
	}
	return Outcome{}
}

func (m *Menu) choose() Outcome {
	if it, ok := m.list.chosen(); ok {
		return Outcome{Done: true, Result: it}
	}
	return Outcome{}
}

// Paste does nothing: pasted text is no choice.
func (m *Menu) Paste(string) {}

// Draw draws the menu in the middle of the area.
func (m *Menu) Draw(c *Canvas, area Rect, th *Theme) *Cursor {
	w := Width(Clean(m.Title)) + 6
	for _, it := range m.list.items {
		help := it.Help
		if it.Disabled != "" {
			help = "x " + it.Disabled
		}
		w = max(w, Width(Clean(it.Title))+Width(Clean(it.Key))+Width(Clean(help))+11)
	}
	in := c.Box(area.Center(min(max(w, 24), 110), len(m.list.items)+2), th, m.Title, true)
	in = in.Inset(min(1, in.W/8), 0)
	defer c.Clip(in)()
	m.list.draw(c, in, th)
	return nil
}

// FormDialog is a form as an overlay. Its result is a FormAnswer, or FormLeft where it was left by esc.
type FormDialog struct {
	Form *Form
	ID   any // given back, so that the owner knows which form it was
}

// FormLeft is the result of a form that was left without saving.
type FormLeft struct{ ID any }

// FormEdit asks for the text of a field to be edited in a program of the owner's; the form stays open.
type FormEdit struct {
	ID        any
	Form      *Form
	Key, Text string
}

// FormAnswer is what a form dialog ends with.
type FormAnswer struct {
	ID      any
	Form    *Form             // to open it again with SetError when the changes are refused
	Changes map[string]string // changed fields only
}

// Key takes a key.
func (d *FormDialog) Key(msg tea.KeyPressMsg) Outcome {
	switch d.Form.Key(msg) {
	case FormSubmitted:
		return Outcome{Done: true, Result: FormAnswer{ID: d.ID, Form: d.Form, Changes: d.Form.Changes()}}
	case FormCancelled:
		return Outcome{Done: true, Result: FormLeft{ID: d.ID}}
	case FormEditor:
		key := d.Form.Focused()
		return Outcome{Result: FormEdit{ID: d.ID, Form: d.Form, Key: key, Text: d.Form.Values()[key]}}
	}
	return Outcome{}
}

// Paste inserts text into the current field.
func (d *FormDialog) Paste(text string) { d.Form.Paste(text) }

// Draw draws the form in the middle of the area.
func (d *FormDialog) Draw(c *Canvas, area Rect, th *Theme) *Cursor {
	w := min(max(area.W*3/4, 60), 96, area.W)
	box := area.Center(w, max(d.Form.Height(w-2)+2, 8))
	in := c.Box(box, th, d.Form.Title, true)
	return d.Form.Draw(c, in, th)
}
