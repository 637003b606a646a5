package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// figure is a column of a report that counts records: how it comes about in words, and what each record
// adds to it.
type figure struct {
	Column
	formula string
	of      func(b *bundle) (Cell, []counted)
}

// counted is a record that went into a figure, with what it added in words.
type counted struct {
	row int32
	as  string
}

// bundle is the records that a row of a report is about.
type bundle struct {
	cells  []Cell // that name it
	rows   []int32
	filter string // that lists them; empty where no filter says it
}

// figured lays bundles out as the rows of a report, and lets each be explained.
func figured(s *table.Snapshot, r Report, k model.Kind, bundles []bundle, figures []figure) Report {
	for _, f := range figures {
		r.Columns = append(r.Columns, f.Column)
	}
	for _, b := range bundles {
		cells := slices.Clone(b.cells)
		for _, f := range figures {
			c, _ := f.of(&b)
			cells = append(cells, c)
		}
		r.Rows = append(r.Rows, cells)
	}
	r.Why = func(row int) model.Why { return whyFigures(s, &r, k, bundles[row], row, figures) }
	return r
}

// mostBehind bounds how many records stand behind a figure in its explanation.
const mostBehind = 40

func whyFigures(s *table.Snapshot, r *Report, k model.Kind, b bundle, row int, figures []figure) model.Why {
	var name []string
	for _, c := range b.cells {
		name = append(name, c.Text)
	}
	w := model.Why{Record: r.Title, Figure: r.Name, Label: strings.Join(name, " · "), Value: counting(len(b.rows), k), Formula: r.Definition}
	t := s.Table(k)
	for i, f := range figures {
		_, all := f.of(&b)
		w.Lines = append(w.Lines, model.WhyLine{Label: f.Label, Value: r.Rows[row][len(b.cells)+i].Words(), Note: f.formula})
		for n, c := range all {
			if n == mostBehind {
				w.Lines = append(w.Lines, model.WhyLine{Label: "…", Note: strconv.Itoa(len(all)-n) + " more", Depth: 1})
				break
			}
			w.Lines = append(w.Lines, model.WhyLine{Label: s.Title(k, c.row), Value: c.as, Kind: k, ID: t.ID(c.row), Field: f.Key, Depth: 1})
		}
	}
	if b.filter != "" {
		w.Notes = append(w.Notes, fmt.Sprintf("the records: list %s --where '%s'", t.Schema.Plural, b.filter))
	}
	return w
}

func counting(n int, k model.Kind) string {
	s := model.SchemaOf(k)
	if n == 1 {
		return "1 " + s.Name
	}
	return strconv.Itoa(n) + " " + s.Plural
}

// Words writes a cell as it is shown: numbers with their decimals.
func (c Cell) Words() string {
	if !c.IsNumber {
		return c.Text
	}
	return strconv.FormatFloat(c.Number, 'f', c.Decimals, 64)
}

// byCustomer names the grouping of items under each of the customers linked.
const byCustomer = "customer"

// bundlesOf groups the items that keep lets through by a field; by customer an item stands under each of
// those linked.
func bundlesOf(s *table.Snapshot, by string, keep func(row int32) bool) ([]bundle, error) {
	t, customers := s.Table(model.Item), s.Table(model.Customer)
	at := map[string]int{}
	var out []bundle
	put := func(key, name, filter string, row int32) {
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, bundle{cells: []Cell{text(named(name))}, filter: filter})
		}
		out[i].rows = append(out[i].rows, row)
	}
	if by == byCustomer {
		t.Rows(func(row int32) bool {
			if !keep(row) {
				return true
			}
			linked := s.Linked(row)
			for _, c := range linked {
				id := customers.ID(c).String()
				put(id, customers.Str(c, "name"), "customers:"+id, row)
			}
			if len(linked) == 0 {
				put("", "", "customers:none", row)
			}
			return true
		})
		slices.SortStableFunc(out, func(x, y bundle) int { return cmp.Compare(len(y.rows), len(x.rows)) })
		return out, nil
	}
	if err := fieldOf(s, model.Item, by); err != nil {
		return nil, err
	}
	t.Rows(func(row int32) bool {
		if keep(row) {
			v := s.Shown(model.Item, row, by)
			filter := by + ":none"
			if v != "" {
				filter = by + ":=" + strconv.Quote(v)
			}
			put(v, v, filter, row)
		}
		return true
	})
	f, _ := t.Schema.Field(by)
	slices.SortStableFunc(out, func(x, y bundle) int {
		a, b := x.cells[0].Text, y.cells[0].Text
		if (a == named("")) != (b == named("")) {
			return cmp.Compare(slices.Index([]string{named("")}, a), slices.Index([]string{named("")}, b))
		}
		return cmp.Or(cmp.Compare(slices.Index(f.Options, a), slices.Index(f.Options, b)), strings.Compare(a, b))
	})
	return out, nil
}

// counts is a figure that counts the records that have something.
func counts(key, label, formula string, has func(row int32) (string, bool)) figure {
	return figure{Column{key, label}, formula, func(b *bundle) (Cell, []counted) {
		var all []counted
		for _, row := range b.rows {
			if as, ok := has(row); ok {
				all = append(all, counted{row, as})
			}
		}
		return count(len(all)), all
	}}
}

// average is a figure that averages what the records have; without any it is empty.
func average(key, label, formula string, value func(row int32) (float64, bool)) figure {
	return figure{Column{key, label}, formula, func(b *bundle) (Cell, []counted) {
		var all []counted
		sum := 0.0
		for _, row := range b.rows {
			if f, ok := value(row); ok {
				sum += f
				all = append(all, counted{row, strconv.FormatFloat(f, 'f', 2, 64)})
			}
		}
		if len(all) == 0 {
			return text(""), nil
		}
		return rounded(sum / float64(len(all))), all
	}}
}

// rate is a figure that says how many percent of the records that count have something.
func rate(key, label, formula string, has func(row int32) (as string, of, ok bool)) figure {
	return figure{Column{key, label}, formula, func(b *bundle) (Cell, []counted) {
		var all []counted
		hits, total := 0, 0
		for _, row := range b.rows {
			as, of, ok := has(row)
			if !of {
				continue
			}
			total++
			if ok {
				hits++
				all = append(all, counted{row, as})
			}
		}
		if total == 0 {
			return text(""), nil
		}
		return percent(share(int64(hits), int64(total))), all
	}}
}

// period is what a report over a time is asked for; the last days where nothing is said.
func period(s *table.Snapshot, a Args, days int) (from, to day.Day) {
	from, to = a.From, a.To
	if !to.IsSet() {
		to = s.Today
	}
	if !from.IsSet() {
		from = to - day.Day(days) + 1
	}
	return from, to
}
