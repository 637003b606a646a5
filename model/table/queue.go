package table

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/score"
)

// Around lets a step of a workflow look around in the book: at whole records through Read, at who points
// at whom through the picture.
type Around struct {
	*Snapshot
	Read func(model.Kind, model.ID) (*model.Record, error)
}

// Get implements model.Around.
func (a Around) Get(k model.Kind, id model.ID) (*model.Record, error) { return a.Read(k, id) }

// Pointing implements model.Around.
func (a Around) Pointing(k model.Kind, field string, at model.ID) []model.ID {
	t := a.Table(k)
	f, ok := t.Schema.Field(field)
	if !ok || a.Table(f.Ref) == nil {
		return nil
	}
	row, ok := a.Table(f.Ref).dir.find(at)
	if !ok {
		return nil
	}
	var out []model.ID
	for _, kid := range t.Kids(row, field) {
		if t.Live(kid) {
			out = append(out, t.ID(kid))
		}
	}
	return out
}

// SLA are the promises that the picture's clocks follow.
func (s *Snapshot) SLA() *model.SLARules { return s.rules.sla }

// ItemFacts is what the steps of an item depend on besides the item.
func (s *Snapshot) ItemFacts(row int32) model.ItemFacts {
	f := model.ItemFacts{Severity: s.tables[model.Item].cols[itemAt.severity].text(row)}
	for _, c := range s.Untold(row) {
		f.Untold = append(f.Untold, s.title(model.Customer, c))
	}
	return f
}

// Linked lists the customers of an item that are there, each once.
func (s *Snapshot) Linked(row int32) []int32 {
	var out []int32
	for _, c := range s.tables[model.Item].cols[itemAt.customers].lists.get(row) {
		if s.tables[model.Customer].Live(c) {
			out = append(out, c)
		}
	}
	return out
}

// news is the round of news that an item's customers are told; empty where there is nothing to tell. What
// a source says was over before the book knew of it is no news, but for what is released and not closed.
func (s *Snapshot) news(row int32) string {
	t := s.tables[model.Item]
	state := t.cols[itemAt.state].text(row)
	since, known := t.cols[itemAt.stateSince].float(row)
	if !slices.Contains(s.rules.tell, state) || !known && state != "released" {
		return ""
	}
	if !known {
		since, _ = t.cols[itemAt.resolved].float(row)
	}
	return state + "@" + strconv.FormatInt(int64(since), 10)
}

// Tellings lists by customer the row of the telling of an item's present news.
func (s *Snapshot) Tellings(row int32) map[int32]int32 {
	round := s.news(row)
	if round == "" {
		return nil
	}
	t := s.tables[model.Telling]
	out := map[int32]int32{}
	for _, k := range s.tables[model.Telling].cols[tellingAt.item].kids.get(row) {
		if t.Live(k) && t.cols[tellingAt.round].text(k) == round {
			out[t.cols[tellingAt.customer].row(k)] = k
		}
	}
	return out
}

// Untold lists the customers of an item who are still to be told of its present state.
func (s *Snapshot) Untold(row int32) []int32 {
	if s.news(row) == "" {
		return nil
	}
	told := s.Tellings(row)
	var out []int32
	for _, c := range s.Linked(row) {
		if _, ok := told[c]; !ok {
			out = append(out, c)
		}
	}
	return out
}

// tellFigures counts who has been told of the present state.
func (s *Snapshot) tellFigures(f figures) {
	total, left := 0, 0
	if s.news(f.row) != "" {
		total, left = len(s.Linked(f.row)), len(s.Untold(f.row))
	}
	if total == 0 {
		f.text(itemAt.told, "")
		f.cell(itemAt.toTell, 0)
		return
	}
	f.text(itemAt.told, fmt.Sprintf("%d of %d", total-left, total))
	f.number(itemAt.toTell, float64(left))
}

// Wish is what one customer's word adds to a demand.
type Wish struct {
	Customer   int32
	Importance int
	Factor     float64 // of the customer's tier
	Voice      int32   // the latest word, -1 where there is none and importance 1 is assumed
}

// Wishes lists an item's customers with the latest importance of each.
func (s *Snapshot) Wishes(row int32) []Wish {
	voices, customers := s.tables[model.Voice], s.tables[model.Customer]
	linked := s.Linked(row)
	out := make([]Wish, len(linked))
	for i, c := range linked {
		out[i] = Wish{Customer: c, Importance: 1, Factor: s.rules.factor[customers.cols[customerAt.tier].text(c)], Voice: -1}
	}
	for _, v := range voices.cols[voiceAt.item].kids.get(row) {
		if !voices.Live(v) {
			continue
		}
		i := slices.Index(linked, voices.cols[voiceAt.customer].row(v))
		if i < 0 || out[i].Voice >= 0 && voices.seconds(voiceAt.said, v) < voices.seconds(voiceAt.said, out[i].Voice) {
			continue
		}
		out[i].Voice = v
		if n, err := strconv.Atoi(voices.cols[voiceAt.importance].text(v)); err == nil {
			out[i].Importance = n
		}
	}
	return out
}

// Comments counts what customers have said about an item.
func (s *Snapshot) Comments(row int32) int {
	n := 0
	for _, v := range s.tables[model.Voice].cols[voiceAt.item].kids.get(row) {
		if s.tables[model.Voice].Live(v) {
			n++
		}
	}
	return n
}

// Votes is how many want an item: the customers linked, or the source's own count where that is more.
func (s *Snapshot) Votes(row int32) int {
	votes, _ := s.tables[model.Item].cols[itemAt.votes].float(row)
	return max(len(s.Linked(row)), int(votes))
}

// demandFigures computes how much an item is wanted.
func (s *Snapshot) demandFigures(f figures) {
	weight := 0.0
	for _, w := range s.Wishes(f.row) {
		weight += float64(w.Importance) * w.Factor
	}
	f.number(itemAt.weight, weight)
	opened := s.tables[model.Item].seconds(itemAt.opened, f.row)
	if opened == 0 {
		f.cell(itemAt.trend, 0)
		return
	}
	f.number(itemAt.trend, score.Trend(s.Votes(f.row), s.Comments(f.row), s.hours(opened)))
}

// hours is how long ago a moment was at the end of the picture's day.
func (s *Snapshot) hours(since int64) float64 {
	return float64((int64(s.Today)+1)*86400-since) / 3600
}

// articleFigures counts the items that a handbook entry has answered.
func (s *Snapshot) articleFigures(row int32) {
	items := s.tables[model.Item]
	n := 0
	for _, k := range items.cols[itemAt.article].kids.get(row) {
		if items.Live(k) {
			n++
		}
	}
	figures{s.tables[model.Article], row}.number(articleAt.uses, float64(n))
}

// Alarms lists the items of the worst severity that nobody works on yet.
func (s *Snapshot) Alarms() []int32 {
	t := s.tables[model.Item]
	severity, state := &t.cols[itemAt.severity], &t.cols[itemAt.state]
	worst := severity.dict.code(model.Severities()[0])
	var out []int32
	for row := range t.size {
		if severity.code.get(row) != worst || !t.Live(row) {
			continue
		}
		switch state.text(row) {
		case "", "new", "reproducing", "confirmed", "handed over":
			out = append(out, row)
		}
	}
	return out
}

// LikeArticles lists the entries of the handbook that share the most and the rarest words with a
// question, the best first.
func (s *Snapshot) LikeArticles(question string, limit int) []int32 {
	t := s.tables[model.Article]
	title, asked := t.searchedText("title"), t.searchedText("question")
	words := wordsOf(query.Fold(question))
	often := map[string]int{}
	has := make(map[int32][]string)
	for row := range t.size {
		if !t.Live(row) {
			continue
		}
		own := slices.Concat(wordsOf(title(row)), wordsOf(asked(row)))
		for _, w := range words {
			if slices.Contains(own, w) && !slices.Contains(has[row], w) {
				has[row] = append(has[row], w)
				often[w]++
			}
		}
	}
	score := func(row int32) (sum float64) {
		for _, w := range has[row] {
			sum += 1 / float64(often[w])
		}
		return sum
	}
	var out []int32
	for row := range has {
		out = append(out, row)
	}
	slices.SortFunc(out, func(a, b int32) int { return cmp.Or(cmp.Compare(score(b), score(a)), cmp.Compare(a, b)) })
	return out[:min(limit, len(out))]
}
