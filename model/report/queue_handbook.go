package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// Handbook lists the questions that are asked often and have no entry, the most frequent first, then the
// entries with how often they were used.
func Handbook(s *table.Snapshot, _ Args) (Report, error) {
	t, articles := s.Table(model.Item), s.Table(model.Article)
	least := max(2, s.Settings.Int("handbook.frequent"))
	r := Report{
		Name: "handbook", Title: "Handbook on " + s.Today.String(),
		Definition: fmt.Sprintf("uses: items that the entry has answered; without an entry: how-to and configuration items, not declined and no duplicates, whose summaries share most of their words, from %d on (setting handbook.frequent)", least),
		Columns:    []Column{{"entry", "Entry"}, {"question", "Question"}, {"area", "Area"}, {"uses", "Asked"}, {"open", "Open"}, {"last", "Last"}, {"customers", "Customers"}, {"items", "Items"}},
	}
	var asked [][]int32
	add := func(entry, question, area string, rows []int32) {
		r.Rows = append(r.Rows, append([]Cell{text(entry), text(question), text(area)}, askedCells(s, rows)...))
		asked = append(asked, rows)
	}
	for _, rows := range s.Questions() {
		if len(rows) >= least {
			add("none yet", t.Str(rows[0], "summary"), t.Str(rows[0], "area"), rows)
		}
	}
	var entries []int32
	articles.Rows(func(row int32) bool { entries = append(entries, row); return true })
	slices.SortStableFunc(entries, func(x, y int32) int {
		a, _ := articles.Num(x, "uses")
		b, _ := articles.Num(y, "uses")
		return cmp.Compare(b, a)
	})
	for _, row := range entries {
		var rows []int32
		for _, k := range t.Kids(row, "article") {
			if t.Live(k) {
				rows = append(rows, k)
			}
		}
		add(articles.Str(row, "title"), articles.Str(row, "question"), articles.Str(row, "area"), rows)
	}
	r.Why = func(row int) model.Why {
		w := model.Why{Record: r.Title, Figure: r.Name, Label: r.Rows[row][1].Text, Value: counting(len(asked[row]), model.Item), Formula: r.Definition}
		for i, k := range asked[row] {
			if i == mostBehind {
				w.Notes = append(w.Notes, fmt.Sprintf("%d more", len(asked[row])-i))
				break
			}
			w.Lines = append(w.Lines, model.WhyLine{Label: t.Str(k, "summary"), Value: t.Str(k, "state"), Note: t.Str(k, "customer_name"), Kind: model.Item, ID: t.ID(k), Field: "article"})
		}
		return w
	}
	return r, nil
}

// askedCells says how often a question was asked: by how many, when last, which are open, and the first of
// the items.
func askedCells(s *table.Snapshot, rows []int32) []Cell {
	t, q := s.Table(model.Item), &queueReader{s: s, t: s.Table(model.Item)}
	open, last := 0, day.None
	customers := map[int32]bool{}
	var ids []string
	for _, row := range rows {
		if t.Bool(row, "open") {
			open++
		}
		last = max(last, q.dayOf(row, "opened"))
		for _, c := range s.Linked(row) {
			customers[c] = true
		}
		if id := t.Str(row, "external_id"); id != "" && len(ids) < 5 {
			ids = append(ids, id)
		}
	}
	on := ""
	if last.IsSet() {
		on = last.String()
	}
	return []Cell{count(len(rows)), count(open), text(on), count(len(customers)), text(strings.Join(ids, " "))}
}
