package kit

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	zwj  = '\u200d' // joins emoji into one picture
	vs16 = '\ufe0f' // asks for the coloured form of a character

	// maxMarks is how many general combining marks a letter keeps. Two are enough for every living
	// orthography (Vietnamese needs two); more is a stack that paints over the lines around it.
	maxMarks = 2
	// maxOwnMarks is the same for the marks of scripts that are built from them (Hebrew, Hindi, Thai).
	maxOwnMarks = 5
)

// Clean makes outside text fit for one line of a terminal. A tab becomes a space, a line break "↵",
// another control character its picture (ESC is "␛"), and what has no picture (C1 controls, private
// use, invisible fillers, bytes that are not UTF-8) "�", so that a tampered value is seen to be one.
// Dropped silently: bidirectional controls, zero-width and other format characters, tag characters,
// variation selectors except VS16, and combining marks beyond two on one letter (five where a script is
// built from them). A zero-width joiner stays only between two emoji; half a flag becomes its letter;
// a mark without a letter gets "◌" to sit on. Plain printable ASCII is returned as it is, without allocation.
func Clean(s string) string {
	if asciiLen(s) == len(s) || isClean(s) {
		return s
	}
	return clean(s, false)
}

// CleanLines is Clean for text of several lines: line breaks of every kind become "\n".
func CleanLines(s string) string {
	if asciiLen(s) == len(s) {
		return s
	}
	return clean(s, true)
}

// isClean reports whether s holds simple runes only, so that Chinese or German text is not copied.
func isClean(s string) bool {
	for i, r := range s {
		if simpleWidth(r) == 0 || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd") {
			return false
		}
	}
	return true
}

func clean(s string, keepLines bool) string {
	var c cleaner
	c.b.Grow(len(s) + 8)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch rest := s[i:]; {
		case r == '\r' && strings.HasPrefix(rest, "\n"):
		case isBreak(r) && keepLines:
			c.b.WriteByte('\n')
			c.prev = 0
		case isBreak(r):
			c.b.WriteRune('↵')
			c.prev = 0
		case isFlagHalf(r):
			i += c.flag(r, rest)
		default:
			if r = safeRune(r, c.prev, rest); r >= 0 {
				c.put(r)
			}
		}
	}
	return c.b.String()
}

// cleaner is a cleaned text in the making.
type cleaner struct {
	b     strings.Builder
	prev  rune // the last rune written, 0 where a line begins
	marks int  // combining marks since the last letter
}

// put writes a rune that may be shown, with the rules for marks.
func (c *cleaner) put(r rune) {
	switch {
	case r == 'ำ' || r == 'ຳ':
		// Thai and Lao AM are a mark and a letter in one code point, which terminals count differently.
		// Written as two they are 0 and 1 cells everywhere.
		c.put(r + 0x1a)
		r--
	case r == vs16 || r == zwj:
		c.b.WriteRune(r)
		c.prev = r
		return
	case unicode.Is(unicode.M, r):
		if c.prev == 0 || c.prev == ' ' {
			c.b.WriteRune('◌') // A mark without a letter would sit on whatever is drawn before it.
			c.marks = 0
		}
		if c.marks++; c.marks <= markLimit(r) {
			c.b.WriteRune(r)
			c.prev = r
		}
		return
	}
	c.b.WriteRune(r)
	c.prev, c.marks = r, 0
}

// flag writes a regional indicator, of which two make a flag, and returns the bytes of rest it took.
// One alone is written as its letter: it would join with one at the start of what is drawn beside it.
func (c *cleaner) flag(r rune, rest string) int {
	next, n := utf8.DecodeRuneInString(rest)
	if !isFlagHalf(next) {
		c.put(r - '\U0001f1e6' + 'A')
		return 0
	}
	c.put(r)
	c.put(next)
	return n
}

func isFlagHalf(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

func markLimit(r rune) int {
	if unicode.Is(unicode.Inherited, r) {
		return maxMarks
	}
	return maxOwnMarks
}

func isBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == 0x85 || r == '\u2028' || r == '\u2029'
}

// safeRune returns what to show for r after prev and before rest: r itself, a replacement, or -1 to
// drop it.
func safeRune(r, prev rune, rest string) rune {
	switch {
	case r == '\t':
		return ' '
	case r < 0x20:
		return 0x2400 + r
	case r < 0x7f:
		return r
	case r == 0x7f:
		return '␡'
	case r < 0xa0:
		return utf8.RuneError
	case r == 0xa0:
		return ' '
	case r == zwj:
		next, _ := utf8.DecodeRuneInString(rest)
		if isPicture(next) && (isPicture(prev) || prev == vs16) {
			return r
		}
		return -1
	case r == vs16:
		if prev == 0 || prev == vs16 || prev == zwj {
			return -1
		}
		return r
	case r >= 0x1f3fb && r <= 0x1f3ff && !isPicture(prev) && prev != vs16:
		return utf8.RuneError // A skin colour without a person would join with what is before it.
	case (r == 0xff9e || r == 0xff9f) && (prev < 0xff66 || prev > 0xff9d):
		return r - 0xff9e + '゛' // The voice mark of half-width kana, likewise; this one stands alone.
	case r >= 0xfe00 && r < vs16, r >= 0xe0000 && r < 0xf0000, r == 0x34f, r >= 0x180b && r <= 0x180f, r == 0x17b4, r == 0x17b5:
		return -1
	case r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0, r&0xfffe == 0xfffe, unicode.Is(unicode.Co, r):
		return utf8.RuneError
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// isPicture reports whether r can be part of an emoji that is joined from several.
func isPicture(r rune) bool {
	return r >= 0x1f000 && r < 0x20000 || r >= 0x2190 && r < 0x2c00 || r == 0xa9 || r == 0xae
}

// Width returns how many cells s takes on the screen. The text should have passed Clean.
func Width(s string) int {
	if asciiLen(s) == len(s) {
		return len(s)
	}
	w := 0
	for s != "" {
		cl, n := nextCluster(s)
		w += n
		s = s[len(cl):]
	}
	return w
}

// cut returns the longest start of s that takes at most w cells, and its width.
func cut(s string, w int) (head string, width int) {
	for i := 0; i < len(s); {
		cl, n := nextCluster(s[i:])
		if width+n > w {
			return s[:i], width
		}
		width += n
		i += len(cl)
	}
	return s, width
}

// Truncate shortens s to at most w cells; where something is left out the last cell is "…".
func Truncate(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if n := asciiLen(s); n == len(s) {
		if n <= w {
			return s
		}
		return s[:w-1] + "…"
	}
	if _, n := cut(s, w); n <= w && Width(s) <= w {
		return s
	}
	head, _ := cut(s, w-1)
	return strings.TrimSuffix(head, "…") + "…" // A text that was cut before says so once.
}

// PadRight returns s in exactly w cells, at the left.
func PadRight(s string, w int) string { return pad(s, w, AlignLeft) }

// PadLeft returns s in exactly w cells, at the right, as numbers are set.
func PadLeft(s string, w int) string { return pad(s, w, AlignRight) }

// Center returns s in exactly w cells, in the middle.
func Center(s string, w int) string { return pad(s, w, AlignCenter) }

func pad(s string, w int, a Align) string {
	s = Truncate(s, w)
	left, right := a.split(max(0, w-Width(s)))
	if left+right == 0 {
		return s
	}
	return strings.Repeat(" ", left) + s + strings.Repeat(" ", right)
}

// Align says where a text stands in the cells it is given.
type Align uint8

// The alignments.
const (
	AlignLeft Align = iota
	AlignRight
	AlignCenter
)

// split shares free cells between the left and the right of a text.
func (a Align) split(free int) (left, right int) {
	switch a {
	case AlignRight:
		return free, 0
	case AlignCenter:
		return free / 2, free - free/2
	}
	return 0, free
}

// Wrap breaks text into lines of at most w cells, between words where it can. Existing line breaks
// stay. The text is cleaned on the way. A cluster wider than w has a line of its own, which the
// canvas cuts.
func Wrap(text string, w int) []string {
	var out []string
	for line := range strings.SplitSeq(CleanLines(text), "\n") {
		for from, to := range breaks(line, w) {
			out = append(out, line[from:to])
		}
	}
	return out
}

// breaks yields the byte ranges of the lines that a clean line of text is broken into. The spaces at
// a break belong to no line.
func breaks(line string, w int) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		from := 0
		for {
			head, _ := cut(line[from:], max(1, w))
			to := from + len(head)
			if to == len(line) {
				yield(from, to)
				return
			}
			if head == "" {
				cl, _ := nextCluster(line[from:])
				to += len(cl)
			} else if line[to] != ' ' {
				if at := strings.LastIndexByte(head, ' '); at > 0 {
					to = from + at
				}
			}
			if !yield(from, from+len(strings.TrimRight(line[from:to], " "))) {
				return
			}
			if from = len(line) - len(strings.TrimLeft(line[to:], " ")); from == len(line) {
				return
			}
		}
	}
}
