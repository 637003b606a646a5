package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// maxInput is how many bytes a field takes: enough for any note, too few to stall the screen when a
// whole file is pasted by mistake.
const maxInput = 64 << 10

// edit is the text of an input and the place in it. It moves by grapheme clusters, so that a name in
// any script is edited letter by letter. Why it is not the one of Bubbles, whose keys it has, is written
// in docs/decisions/0011-widgets-from-bubbles.md.
type edit struct {
	text  string
	at    int // byte offset, always between clusters
	lines bool
}

func (e *edit) set(text string) {
	e.text = e.accept(text)
	e.at = len(e.text)
}

// accept removes what must not get into a value: control characters, and line breaks from a value of
// one line. Nothing else is changed, for the value belongs to the user.
func (e *edit) accept(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case isBreak(r) && e.lines:
			return '\n'
		case isBreak(r), r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, text)
}

// insert puts text at the cursor, as much as fits.
func (e *edit) insert(text string) {
	text = e.accept(text)
	if room := maxInput - len(e.text); len(text) > room {
		text = text[:max(0, room)]
		for len(text) > 0 && !utf8.ValidString(text) {
			text = text[:len(text)-1]
		}
	}
	e.text = e.text[:e.at] + text + e.text[e.at:]
	e.at += len(text)
}

// key edits; it reports whether the key was one of editing.
func (e *edit) key(msg tea.KeyPressMsg) bool {
	switch stroke(msg) {
	case "left", "ctrl+b":
		e.at = e.prev()
	case "right", "ctrl+f":
		e.at = e.next()
	case "home", "ctrl+a":
		e.at = e.lineStart()
	case "end", "ctrl+e":
		e.at = e.lineEnd()
	case "ctrl+home", "alt+<":
		e.at = 0
	case "ctrl+end", "alt+>":
		e.at = len(e.text)
	case "ctrl+left", "alt+left", "alt+b":
		e.at = e.wordLeft()
	case "ctrl+right", "alt+right", "alt+f":
		e.at = e.wordRight()
	case "backspace", "ctrl+h", "shift+backspace":
		e.remove(e.prev(), e.at)
	case "delete", "ctrl+d":
		e.remove(e.at, e.next())
	case "ctrl+w", "alt+backspace", "ctrl+backspace":
		e.remove(e.wordLeft(), e.at)
	case "alt+d", "alt+delete", "ctrl+delete":
		e.remove(e.at, e.wordRight())
	case "ctrl+u":
		e.remove(e.lineStart(), e.at)
	case "ctrl+k":
		e.remove(e.at, e.lineEnd())
	default:
		if msg.Text == "" || msg.Mod&^(tea.ModShift|tea.ModCapsLock|tea.ModNumLock|tea.ModScrollLock) != 0 {
			return false
		}
		e.insert(msg.Text)
	}
	return true
}

func (e *edit) remove(from, to int) {
	e.text = e.text[:from] + e.text[to:]
	e.at = from
}

func (e *edit) next() int {
	if e.at >= len(e.text) {
		return len(e.text)
	}
	cl, _ := nextCluster(e.text[e.at:])
	return e.at + len(cl)
}

// prev finds the cluster before the cursor by walking from the start of the line: clusters cannot be
// told apart backwards.
func (e *edit) prev() int {
	if e.at == 0 {
		return 0
	}
	start := e.lineStart()
	if start == e.at {
		return e.at - 1
	}
	for i := start; ; {
		cl, _ := nextCluster(e.text[i:])
		if i+len(cl) >= e.at {
			return i
		}
		i += len(cl)
	}
}

func (e *edit) lineStart() int { return strings.LastIndexByte(e.text[:e.at], '\n') + 1 }

func (e *edit) lineEnd() int {
	if i := strings.IndexByte(e.text[e.at:], '\n'); i >= 0 {
		return e.at + i
	}
	return len(e.text)
}

func (e *edit) wordLeft() int {
	head := strings.TrimRightFunc(e.text[:e.at], notWord)
	i := strings.LastIndexFunc(head, notWord)
	if i < 0 {
		return 0
	}
	_, n := utf8.DecodeRuneInString(head[i:])
	return i + n
}

func (e *edit) wordRight() int {
	tail := e.text[e.at:]
	word := strings.IndexFunc(tail, func(r rune) bool { return !notWord(r) })
	if word < 0 {
		return len(e.text)
	}
	if end := strings.IndexFunc(tail[word:], notWord); end >= 0 {
		return e.at + word + end
	}
	return len(e.text)
}

func notWord(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.N, unicode.M) && r != '_' && r != zwj
}

// draw shows one line of the text so that the cursor is in view, and returns where the cursor is.
func (e *edit) draw(c *Canvas, r Rect, st Style) *Cursor {
	c.Fill(r, st)
	if r.Empty() {
		return nil
	}
	before := Clean(e.text[:e.at])
	text := before + Clean(e.text[e.at:])
	at := Width(before)
	skip := 0
	if at >= r.W {
		skip = at - r.W + 1
	}
	defer c.Clip(r.Row(0))()
	c.Write(r.X-skip, r.Y, st, text)
	return &Cursor{X: r.X + at - skip, Y: r.Y}
}

// stroke names a key. Text of several letters that arrives at once, as from an input method, is never
// a key: Keystroke would read the word "tab" as the key.
func stroke(msg tea.KeyPressMsg) string {
	if msg.Code == tea.KeyExtended {
		return ""
	}
	return msg.Keystroke()
}
