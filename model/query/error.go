package query

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/clipperhouse/displaywidth"
)

// Error says what is wrong with a filter and where. Positions are in runes and lie inside the text.
type Error struct {
	Pos, Len int    // the runes that are wrong; Len is 0 only for an empty text
	Msg      string // one line, safe to show
	Hint     string // what to do; may be empty

	text []rune
}

// Error writes the message, the filter with a line of carets beneath, and the hint.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "filter, column %d: %s", e.Pos+1, e.Msg)
	if len(e.text) > 0 {
		b.WriteString("\n  ")
		b.WriteString(strings.ReplaceAll(e.Caret(), "\n", "\n  "))
	}
	if e.Hint != "" {
		b.WriteString("\n" + e.Hint)
	}
	return b.String()
}

// Caret returns two lines: the filter, cut to the neighbourhood of the mistake, and the carets
// beneath it, aligned for wide characters.
func (e *Error) Caret() string {
	const around = 40
	from, to := max(0, e.Pos-around), min(len(e.text), e.Pos+around)
	end := min(e.Pos+max(e.Len, 1), to)
	before, wrong, after := visible(e.text[from:e.Pos]), visible(e.text[e.Pos:max(end, e.Pos)]), visible(e.text[max(end, e.Pos):to])
	if from > 0 {
		before = "…" + before
	}
	if to < len(e.text) {
		after += "…"
	}
	return before + wrong + after + "\n" +
		strings.Repeat(" ", displaywidth.String(before)) + strings.Repeat("^", max(1, displaywidth.String(wrong)))
}

// visible replaces what would move the cursor, hide text or turn its direction.
func visible(text []rune) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsGraphic(r):
			return r
		default:
			return unicode.ReplacementChar
		}
	}, string(text))
}

// quoted shows a piece of a filter in a message.
func quoted(text string) string {
	r := []rune(text)
	if len(r) > 40 {
		r = append(r[:39:39], '…')
	}
	return "“" + visible(r) + "”"
}

// nearest returns up to three names that somebody may have meant, the best first.
func nearest(name string, names []string) []string {
	type scored struct {
		name  string
		score int
	}
	name = Fold(name)
	limit := max(1, min(3, len([]rune(name))/2))
	var found []scored
	for _, n := range names {
		folded := Fold(n)
		score := distance([]rune(name), []rune(folded))
		if len(name) > 1 && (strings.HasPrefix(folded, name) || strings.HasPrefix(name, folded)) {
			score = min(score, 1)
		}
		if score <= limit {
			found = append(found, scored{n, score})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return a.score - b.score })
	var out []string
	for _, f := range found[:min(3, len(found))] {
		out = append(out, visible([]rune(f.name)))
	}
	return out
}

// distance counts the insertions, deletions, substitutions and swaps of neighbours that turn a
// into b (optimal string alignment). Texts longer than any name are far from every name.
func distance(a, b []rune) int {
	const longest = 64
	if len(a) > longest || len(b) > longest {
		return longest
	}
	var rows [3][longest + 1]int
	before, prev, cur := &rows[0], &rows[1], &rows[2]
	for j := range b {
		prev[j+1] = j + 1
	}
	for i := range a {
		cur[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			cur[j+1] = min(prev[j+1]+1, cur[j]+1, prev[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				cur[j+1] = min(cur[j+1], before[j-1]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(b)]
}
