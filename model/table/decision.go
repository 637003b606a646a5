package table

import (
	"slices"
	"strings"

	"opsdeck/model"
)

// DecisionOf is the row of the latest decision on an item; -1 where nothing has been decided.
func (s *Snapshot) DecisionOf(item int32) int32 {
	t, last := s.tables[model.Decision], int32(-1)
	for _, k := range t.cols[decisionAt.item].kids.get(item) {
		if t.Live(k) && (last < 0 || t.Day(k, "decided") >= t.Day(last, "decided")) {
			last = k
		}
	}
	return last
}

// decisionFigures writes what was decided of an item last.
func (s *Snapshot) decisionFigures(f figures) {
	t, words := s.tables[model.Decision], ""
	if k := s.DecisionOf(f.row); k >= 0 {
		words = strings.TrimSpace(t.Str(k, "verdict") + " " + t.Str(k, "version"))
	}
	f.text(itemAt.decision, words)
}

// Wanted tells whether an item is a demand that can be decided on: open, and nobody has built it yet.
func (s *Snapshot) Wanted(row int32) bool {
	t := s.tables[model.Item]
	state := t.cols[itemAt.state].text(row)
	return t.cols[itemAt.kind].text(row) == "demand" && t.Bool(row, "open") && state != "fixed" && state != "released"
}

// Deciding completes what is said with a decision by how the item stands in the ranked list of open demands now:
// its rank by weight, then revenue, both of them, and what the ranks are about where it is left out.
func (s *Snapshot) Deciding(item int32, values []model.FieldValue) []model.FieldValue {
	t := s.tables[model.Item]
	weight, _ := t.Num(item, "weight")
	arr, rank := t.Units(item, "arr"), 1
	t.Rows(func(row int32) bool {
		if w, _ := t.Num(row, "weight"); row != item && s.Wanted(row) && (w > weight || w == weight && t.Units(row, "arr") > arr) {
			rank++
		}
		return true
	})
	out := slices.Clone(values)
	for _, v := range []model.FieldValue{{Name: "weight", Value: model.Number(weight)}, {Name: "arr", Value: model.Money(arr)}, {Name: "rank", Value: model.Number(float64(rank))}} {
		if v.Name != "rank" && s.Hides(model.Item, v.Name) || v.Name == "rank" && !s.Wanted(item) {
			continue
		}
		out = append(out, v)
	}
	return out
}

// decided explains what was decided of an item, the latest first.
func (w *why) decided() {
	w.formula("the latest decision on the item; rank, weight and revenue are as they stood when it was decided")
	t := w.s.tables[model.Decision]
	rows := slices.Clone(t.cols[decisionAt.item].kids.get(w.row))
	rows = slices.DeleteFunc(rows, func(k int32) bool { return !t.Live(k) })
	slices.SortStableFunc(rows, func(x, y int32) int { return int(t.Day(y, "decided")) - int(t.Day(x, "decided")) })
	for _, k := range rows {
		note := "rank " + w.s.Shown(model.Decision, k, "rank") + ", weight " + w.s.Shown(model.Decision, k, "weight") + ", " + w.s.Shown(model.Decision, k, "arr")
		if with := w.s.Shown(model.Decision, k, "with"); with != "" {
			note += "; with " + with
		}
		if why := t.Str(k, "reason"); why != "" {
			note += "; " + why
		}
		w.Lines = append(w.Lines, model.WhyLine{
			Label: t.Day(k, "decided").String(), Value: strings.TrimSpace(t.Str(k, "verdict") + " " + t.Str(k, "version")), Note: note,
			Kind: model.Decision, ID: t.ID(k), Field: "verdict",
		})
	}
}
