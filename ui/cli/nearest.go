package cli

import (
	"slices"
	"strings"
)

// didYouMean ends a message about an unknown name: with the nearest names there are, else with a hint.
func didYouMean(name string, names []string, hint string) string {
	if near := nearest(name, names); len(near) > 0 {
		return "; did you mean " + strings.Join(near, ", ") + "?"
	}
	return "; " + hint
}

// nearest returns up to three names that somebody may have meant, the best first.
func nearest(name string, names []string) []string {
	name = strings.ToLower(name)
	limit := max(1, min(3, len(name)/2))
	score := map[string]int{}
	var found []string
	for _, n := range names {
		d := distance(name, strings.ToLower(n))
		if len(name) > 1 && (strings.HasPrefix(n, name) || strings.Contains(n, "_"+name)) {
			d = min(d, 1)
		}
		if d <= limit {
			score[n] = d
			found = append(found, n)
		}
	}
	slices.SortStableFunc(found, func(a, b string) int { return score[a] - score[b] })
	return found[:min(3, len(found))]
}

// distance counts the letters to insert, delete or change that turn a into b. Texts longer than any
// name are far from every name.
func distance(a, b string) int {
	const longest = 64
	if len(a) > longest || len(b) > longest {
		return longest
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
