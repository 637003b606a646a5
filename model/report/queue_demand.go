package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
)

// wanted is a demand with how much it is wanted.
type wanted struct {
	row    int32
	weight float64
	arr    int64
}

// Demand ranks the demands that are not built yet for the next version, by product area or another field, each with what
// every customer said of it in its own words.
func Demand(s *table.Snapshot, a Args) (Report, error) {
	by := cmp.Or(a.By, "area")
	t := s.Table(model.Item)
	bundles, err := bundlesOf(s, by, s.Wanted)
	if err != nil {
		return Report{}, err
	}
	r := Report{
		Name: "demand", Title: "Open demands by " + by,
		Definition: "rank within the " + by + " by weight, then revenue; weight = Σ importance × factor of the tier over the distinct customers (settings demand.factor), ARR in " + s.Settings.Text("company.currency") +
			" of the same; below each demand a line for each customer with its part and its own words",
		Columns: []Column{
			byColumn(model.Item, by),
			{"rank", "Rank"},
			{"demand", "Demand"},
			{"external_id", "Id"},
			{"weight", "Weight"},
			{"arr", "ARR"},
			{"customer", "Customer"},
			{"words", "Words"},
			{"importance", "Importance"},
			{"tier", "Tier"},
			{"class", "Class"},
			{"need", "Need"},
			{"state", "State"},
			{"trend", "Trend"},
			{"decision", "Decision"},
		},
	}
	groups, order := ranked(t, bundles)
	var of []int32
	for _, i := range order {
		for rank, w := range groups[i] {
			lines := demandLines(s, a, bundles[i].cells[0], rank+1, w)
			r.Rows = append(r.Rows, lines...)
			for range lines {
				of = append(of, w.row)
			}
		}
	}
	r.Why = func(row int) model.Why {
		w, err := s.Why(model.Item, of[row], "weight")
		if err != nil {
			w.Notes = append(w.Notes, err.Error())
		}
		return w
	}
	return r, nil
}

// ranked orders the demands of each group and says in which order the groups stand: what is wanted most of
// all first.
func ranked(t *table.Table, bundles []bundle) ([][]wanted, []int) {
	groups, order, total := make([][]wanted, len(bundles)), make([]int, len(bundles)), make([]float64, len(bundles))
	for i, b := range bundles {
		order[i] = i
		for _, row := range b.rows {
			w, _ := t.Num(row, "weight")
			groups[i] = append(groups[i], wanted{row, w, t.Units(row, "arr")})
			total[i] += w
		}
		slices.SortStableFunc(groups[i], func(x, y wanted) int {
			return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(y.arr, x.arr))
		})
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(total[y], total[x]) })
	return groups, order
}

// demandLines are the line of a demand and those of its customers.
func demandLines(s *table.Snapshot, a Args, group Cell, rank int, w wanted) [][]Cell {
	t, customers, voices := s.Table(model.Item), s.Table(model.Customer), s.Table(model.Voice)
	trend := text("")
	if f, ok := t.Num(w.row, "trend"); ok {
		trend = Cell{Number: f, Decimals: 4, IsNumber: true}
	}
	wishes := s.Wishes(w.row)
	head := []Cell{group, count(rank), text(t.Str(w.row, "summary")), text(t.Str(w.row, "external_id"))}
	out := [][]Cell{append(slices.Clone(head),
		decimals(w.weight), money(w.arr), text(strconv.Itoa(len(wishes))+" in all"), text(quoted(a, model.Item, t.ID(w.row), "need_reason")), text(""),
		text(t.Str(w.row, "tier")), text(t.Str(w.row, "class")), text(t.Str(w.row, "need")), text(t.Str(w.row, "state")), trend, text(t.Str(w.row, "decision")),
	)}
	for i, wish := range wishes {
		said := ""
		if wish.Voice >= 0 {
			said = quoted(a, model.Voice, voices.ID(wish.Voice), "words")
		}
		if said == "" && i == 0 {
			said = quoted(a, model.Item, t.ID(w.row), "words") // Whoever reported it said that.
		}
		out = append(out, append(slices.Clone(head),
			decimals(float64(wish.Importance)*wish.Factor), money(int64(s.CompanyARR(wish.Customer))), text(customers.Str(wish.Customer, "name")), text(said),
			count(wish.Importance), text(customers.Str(wish.Customer, "tier")), text(""), text(""), text(""), text(""), text(""),
		))
	}
	return out
}

// quoted reads what people wrote, on one line.
func quoted(a Args, k model.Kind, id model.ID, field string) string {
	if a.Read == nil {
		return ""
	}
	r, err := a.Read(k, id)
	if err != nil {
		return ""
	}
	return strings.Join(strings.Fields(r.Get(field).Str()), " ")
}
