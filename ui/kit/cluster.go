package kit

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/unicode/norm"
)

// Terminals count cells in one of two ways: by grapheme cluster (those that know mode 2027), or by
// code point ("wc"). Bubble Tea asks the terminal and draws accordingly, so one text may be 2 cells
// wide in one session and 6 in another. This file makes the layout independent of that: a cluster is
// given a number of cells once (cells), and is later drawn in a form that fills exactly these cells
// under the terminal's own way of counting (drawn).

// asciiLen returns how many bytes at the start of s are printable ASCII.
func asciiLen(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return i
		}
	}
	return len(s)
}

// simpleWidth is the width of runes that both ways of counting agree on and that neither extend a
// cluster nor are extended by a simple rune after them; 0 means "ask the slow path". It exists for
// speed: segmenting a screen full of Chinese text costs more than the whole rest of a frame.
func simpleWidth(r rune) int {
	switch {
	case r < 0x20:
		return 0
	case r < 0x7f:
		return 1
	case r < 0xa1, r == 0xa9, r == 0xad, r == 0xae:
		return 0
	case r < 0x300, r >= 0x391 && r <= 0x3a9, r >= 0x3b1 && r <= 0x3c9, r >= 0x410 && r <= 0x44f:
		return 1
	case r >= 0x2010 && r <= 0x2027, r >= 0x2500 && r <= 0x259f:
		return 1
	case r >= 0x3001 && r <= 0x3029, r >= 0x3041 && r <= 0x3096, r >= 0x30a0 && r <= 0x30ff:
		return 2
	case r >= 0x3400 && r <= 0x4dbf, r >= 0x4e00 && r <= 0x9fff, r >= 0xac00 && r <= 0xd7a3:
		return 2
	case r >= 0xff01 && r <= 0xff60:
		return 2
	}
	return 0
}

// nextCluster returns the first grapheme cluster of s and the cells it is given. The string must not
// be empty and should have passed Clean; a cluster of 0 cells is not drawn.
func nextCluster(s string) (cluster string, cells int) {
	r, n := utf8.DecodeRuneInString(s)
	if w := simpleWidth(r); w > 0 {
		if n == len(s) {
			return s, w
		}
		if after, _ := utf8.DecodeRuneInString(s[n:]); simpleWidth(after) > 0 {
			return s[:n], w
		}
	}
	cl, g := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	if cl == "" {
		return s[:n], 0
	}
	return cl, clusterCells(cl, g)
}

// clusterCells chooses the cells of a cluster of grapheme width g. Emoji get what a modern terminal
// shows. Letters get the larger count: shortening them to fit would lose text.
func clusterCells(cl string, g int) int {
	if isEmoji(cl) {
		return g
	}
	wc := ansi.StringWidthWc(cl)
	if g == wc {
		return g
	}
	if _, w, ok := composed(cl); ok {
		return w
	}
	return max(g, wc)
}

// composed returns the single letter for a Korean syllable written in parts or a half-width kana with
// its voice mark, when there is one that is as wide by either way of counting.
func composed(cl string) (letter string, width int, ok bool) {
	switch r, _ := utf8.DecodeRuneInString(cl); {
	case r >= 0x1100 && r <= 0x115e:
		letter = norm.NFC.String(cl)
	case r >= 0xff66 && r <= 0xff9d:
		letter = norm.NFKC.String(cl)
	default:
		return "", 0, false
	}
	width = ansi.StringWidth(letter)
	return letter, width, width == ansi.StringWidthWc(letter)
}

// isEmoji tells pictures from letters among the clusters of several code points.
func isEmoji(cl string) bool {
	for _, r := range cl {
		if r >= 0x1f000 && r < 0x20000 || r == vs16 || r == zwj || r == 0x20e3 {
			return true
		}
	}
	return false
}

// drawn returns the form of a cluster that fills exactly its cells when widths are counted by method.
// A family emoji becomes its first member where it would be spread over six cells, and letters that a
// terminal draws in fewer cells than they were given are followed by spaces.
func drawn(cl string, cells int, method ansi.Method) string {
	if r, n := utf8.DecodeRuneInString(cl); n == len(cl) && simpleWidth(r) > 0 {
		return cl
	}
	if letter, w, ok := composed(cl); ok && w == cells {
		return letter
	}
	out := cl
	// Some terminals print an ASCII character at once and what should have joined it after it: a keycap
	// takes three different widths. The character alone takes one.
	odd := cl[0] < utf8.RuneSelf && (isEmoji(cl) || ansi.StringWidth(cl[1:]) > 0)
	if odd || method.StringWidth(out) > cells {
		out = firstRune(cl)
	}
	have := method.StringWidth(out)
	if have > cells {
		out, have = "?", 1
	}
	if have < cells {
		out += strings.Repeat(" ", cells-have)
	}
	return out
}

func firstRune(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}
