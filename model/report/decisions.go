package report

import (
	"cmp"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
)

// Decisions lists what was decided for which version, with the rank, weight and revenue that it was decided on beside
// those of today: the record of the talk about the next version's main points.
func Decisions(s *table.Snapshot, a Args) (Report, error) {
	t, items := s.Table(model.Decision), s.Table(model.Item)
	r := Report{
		Name: "decisions", Title: "Decisions for versions",
		Definition: "each decision with the rank among the open demands, the weight and the revenue as they stood when it was noted; now: as they stand today. The latest decision on an item is the one that holds",
		Columns:    decisionColumns(),
	}
	var rows []int32
	t.Rows(func(row int32) bool {
		if version := t.Str(row, "version"); a.By == "" || strings.EqualFold(version, a.By) {
			rows = append(rows, row)
		}
		return true
	})
	order := model.Verdicts()
	slices.SortStableFunc(rows, func(x, y int32) int {
		rx, _ := t.Num(x, "rank")
		ry, _ := t.Num(y, "rank")
		return cmp.Or(strings.Compare(t.Str(y, "version"), t.Str(x, "version")), cmp.Compare(slices.Index(order, t.Str(x, "verdict")), slices.Index(order, t.Str(y, "verdict"))), cmp.Compare(rx, ry))
	})
	for _, row := range rows {
		item := t.To(row, "item")
		cells := []Cell{text(named(t.Str(row, "version"))), text(t.Str(row, "verdict")), numberOf(t, row, "rank")}
		if item < 0 {
			continue
		}
		holds := ""
		if s.DecisionOf(item) == row {
			holds = "yes"
		}
		r.Rows = append(r.Rows, append(cells,
			text(items.Str(item, "summary")), text(items.Str(item, "external_id")), text(items.Str(item, "area")), numberOf(t, row, "weight"), numberOf(items, item, "weight"),
			money(t.Units(row, "arr")), money(items.Units(item, "arr")), text(items.Str(item, "state")), text(t.Day(row, "decided").String()),
			text(s.Shown(model.Decision, row, "with")), text(t.Str(row, "reason")), text(holds),
		))
		r.Records = append(r.Records, items.ID(item))
	}
	r.Why = func(row int) model.Why {
		at, _ := items.Row(r.Records[row])
		w, err := s.Why(model.Item, at, "decision")
		if err != nil {
			w.Notes = append(w.Notes, err.Error())
		}
		return w
	}
	return r, nil
}

// numberOf is a figure of a record, empty where it has none.
func numberOf(t *table.Table, row int32, field string) Cell {
	f, ok := t.Num(row, field)
	if !ok {
		return text("")
	}
	return exact(f)
}

func decisionColumns() []Column {
	return []Column{
		{"version", "For version"},
		{"verdict", "Verdict"},
		{"rank", "Rank then"},
		{"item", "Item"},
		{"external_id", "Id"},
		{"area", "Product area"},
		{"weight", "Weight then"},
		{"weight_now", "Weight now"},
		{"arr", "ARR then"},
		{"arr_now", "ARR now"},
		{"state", "State"},
		{"decided", "Decided on"},
		{"with", "Decided with"},
		{"reason", "Why so"},
		{"holds", "Holds"},
	}
}
