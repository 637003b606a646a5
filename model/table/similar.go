package table

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"opsdeck/model"
	"opsdeck/model/query"
)

// Similar finds items that are about the same, by the words of their summaries: rare words weigh more
// than frequent ones, and a short summary that shares them more than a long one (BM25).
type Similar struct {
	seq   uint64
	rows  map[string][]int32 // by word, each row as often as it has the word
	size  []int16            // words of each row
	mean  float64
	count int
}

// Match is an item that may be about the same, with the words that say so.
type Match struct {
	Row   int32
	Score float64
	Words []string // shared, the rarest first
}

// The usual parameters of BM25.
const (
	bmSaturation = 1.2
	bmLength     = 0.6
)

// NewSimilar makes the index of the items of a picture.
func NewSimilar(s *Snapshot) *Similar {
	t := s.tables[model.Item]
	x := &Similar{seq: s.Seq, rows: map[string][]int32{}, size: make([]int16, t.size)}
	summary, total := t.searchedText("summary"), 0
	for row := range t.size {
		if !t.Live(row) {
			continue
		}
		words := wordsOf(summary(row))
		for _, w := range words {
			x.rows[w] = append(x.rows[w], row)
		}
		x.size[row] = int16(min(len(words), math.MaxInt16))
		total += len(words)
		x.count++
	}
	x.mean = float64(total) / float64(max(1, x.count))
	return x
}

// Seq is the log entry up to which the index has seen.
func (x *Similar) Seq() uint64 { return x.seq }

// Find lists the items most like a text, the best first, without the row given.
func (x *Similar) Find(text string, without int32, limit int) []Match {
	type word struct {
		text   string
		weight float64
	}
	var asked []word
	for _, w := range wordsOf(query.Fold(text)) {
		n := float64(len(x.rows[w]))
		if n > 0 && !slices.ContainsFunc(asked, func(o word) bool { return o.text == w }) {
			asked = append(asked, word{w, math.Log(1 + (float64(x.count)-min(n, float64(x.count))+0.5)/(n+0.5))})
		}
	}
	slices.SortStableFunc(asked, func(a, b word) int { return cmp.Compare(b.weight, a.weight) })
	scores := map[int32]*Match{}
	for _, w := range asked {
		last, times := int32(-1), 0.0
		rows := x.rows[w.text]
		for i, row := range rows {
			if row != last {
				last, times = row, 0
			}
			times++
			if i+1 < len(rows) && rows[i+1] == row || row == without {
				continue
			}
			m := scores[row]
			if m == nil {
				m = &Match{Row: row}
				scores[row] = m
			}
			m.Score += w.weight * times * (bmSaturation + 1) / (times + bmSaturation*(1-bmLength+bmLength*float64(x.size[row])/x.mean))
			m.Words = append(m.Words, w.text)
		}
	}
	out := make([]Match, 0, len(scores))
	for _, m := range scores {
		out = append(out, *m)
	}
	slices.SortFunc(out, func(a, b Match) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Row, b.Row)) })
	return out[:min(limit, len(out))]
}

// wordsOf parts a folded text into words; scripts that put no blanks between words into pairs of
// letters.
func wordsOf(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		runes := []rune(w)
		if !unicode.In(runes[0], unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			if len(runes) > 1 {
				out = append(out, w)
			}
			continue
		}
		if len(runes) == 1 {
			out = append(out, w)
		}
		for i := 0; i+1 < len(runes); i++ {
			out = append(out, string(runes[i:i+2]))
		}
	}
	return out
}
