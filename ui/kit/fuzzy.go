package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fuzzy reports whether the letters of query occur in text in this order, and how well: higher is
// better. Letters at the start of words and in a row count most, so that "gc" finds "Go to customer".
// Case and spaces of the query do not matter. The places are byte offsets of the letters found.
func Fuzzy(query, text string) (score int, places []int, ok bool) {
	want := []rune(strings.ToLower(strings.Join(strings.Fields(query), "")))
	if len(want) == 0 {
		return 0, nil, true
	}
	// Going to word starts first finds the better places but can run past a match that exists.
	for _, starts := range []bool{true, false} {
		if at, found := subsequence(want, text, starts); found {
			if s := rate(at, text); !ok || s > score {
				score, places, ok = s, at, true
			}
		}
	}
	return score, places, ok
}

// subsequence finds the letters one after the other; with starts it takes a word start that comes
// later before a letter within a word, unless that letter goes on with the one before.
func subsequence(want []rune, text string, starts bool) ([]int, bool) {
	var at []int
	from := 0
	for _, r := range want {
		first, start := -1, -1
		prev := before(text, from)
		for i, t := range text[from:] {
			if unicode.ToLower(t) == r {
				if first < 0 {
					first = from + i
				}
				if wordStart(prev, t) {
					start = from + i
					break
				}
			}
			prev = t
		}
		if first < 0 {
			return nil, false
		}
		if next := len(at) > 0 && first == from; starts && start >= 0 && !next {
			first = start
		}
		at = append(at, first)
		from = first + len(firstRune(text[first:]))
	}
	return at, true
}

// before returns the rune that ends at byte i, 0 at the start.
func before(text string, i int) rune {
	if i == 0 {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return r
}

func wordStart(prev, r rune) bool {
	return prev == 0 || notWord(prev) || unicode.IsLower(prev) && unicode.IsUpper(r)
}

// rate scores the places of the letters: 16 for a word start or a letter in a row, at most 4 for any
// other; less a little for what stands before and for length, so that the shortest title wins a tie.
func rate(at []int, text string) int {
	score, end := 0, -1
	for _, i := range at {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case i == end, wordStart(before(text, i), r):
			score += 16
		default:
			score += 4 - min(3, (i-max(end, 0))/4)
		}
		end = i + n
	}
	return score*8 - min(len(text), 200) - min(at[0], 40)
}
