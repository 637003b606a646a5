package table

import (
	"cmp"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/query"
)

// alike is the share of their words, of all that either has, from which two questions are the same.
const alike = 0.6

// cluster is the items that ask the same, under the words of the first of them.
type cluster struct {
	words []string
	rows  []int32
}

// Questions groups the questions that no entry of the handbook answers by what they ask, the most
// frequent first: how-to and configuration items that are neither duplicates nor declined.
func (s *Snapshot) Questions() [][]int32 {
	t := s.tables[model.Item]
	summary := t.searchedText("summary")
	byWords := map[string]int{}
	var all []cluster
	for row := range t.size {
		kind := t.cols[itemAt.kind].text(row)
		if !t.Live(row) || kind != "how-to" && kind != "configuration" || s.tables[model.Article].Live(t.cols[itemAt.article].row(row)) {
			continue
		}
		if state := t.cols[itemAt.state].text(row); state == "duplicate" || state == "declined" {
			continue
		}
		words := wordsOf(query.Fold(summary(row)))
		slices.Sort(words)
		words = slices.Compact(words)
		key := strings.Join(words, " ")
		i, ok := byWords[key]
		if !ok {
			i = len(all)
			byWords[key] = i
			all = append(all, cluster{words: words})
		}
		all[i].rows = append(all[i].rows, row)
	}
	frequent := func(x, y cluster) int {
		return cmp.Or(cmp.Compare(len(y.rows), len(x.rows)), cmp.Compare(x.rows[0], y.rows[0]))
	}
	slices.SortFunc(all, frequent)
	all = gathered(all)
	slices.SortFunc(all, frequent)
	out := make([][]int32, len(all))
	for i := range all {
		out[i] = all[i].rows
	}
	return out
}

// gathered puts wordings that share most of their words under the most frequent of them.
func gathered(all []cluster) []cluster {
	having := map[string][]int{} // clusters that stay, by their words
	var out []cluster
	for _, c := range all {
		shared := map[int]int{}
		for _, w := range c.words {
			for _, i := range having[w] {
				shared[i]++
			}
		}
		best, most := -1, 0.0
		for i, n := range shared {
			is := float64(n) / float64(len(c.words)+len(out[i].words)-n)
			if is > most || is == most && i < best {
				best, most = i, is
			}
		}
		if best >= 0 && most >= alike {
			out[best].rows = append(out[best].rows, c.rows...)
			continue
		}
		for _, w := range c.words {
			having[w] = append(having[w], len(out))
		}
		out = append(out, c)
	}
	return out
}
