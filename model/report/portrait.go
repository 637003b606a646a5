package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
)

// portraitRows is how many values of each part the portrait shows; portraitLeast is with how many of the best
// customers a value begins to say something, and portraitDays how far back use counts.
const (
	portraitRows  = 6
	portraitLeast = 3
	portraitDays  = 92
)

// trait is a value that customers share: an industry, a size, a feature that they use.
type trait struct{ part, value string }

// portrait is what the best customers and all in force have in common.
type portrait struct {
	s         *table.Snapshot
	best, all []int32
	isBest    map[int32]bool
	with      map[trait][]int32 // the customers in force that have a trait
	filter    map[trait]string
}

// Portrait draws from data whom marketing and product should look for, and in which scenarios the product earns its
// keep: what the best customers have in common and the others in force have less of.
func Portrait(s *table.Snapshot, _ Args) (Report, error) {
	p := &portrait{s: s, isBest: map[int32]bool{}, with: map[trait][]int32{}, filter: map[trait]string{}}
	p.customers()
	p.use()
	p.needs()
	r := Report{
		Name: "portrait", Title: "Target portrait and key scenarios on " + s.Today.String(),
		Definition: fmt.Sprintf("best: customers in force of tier KA or mid whose health is not red, %d of %d; share: of the best, and of all in force, with the trait; lift = the one ÷ the other. Scenarios are features used in the last %d days, needs are open demands by product area; traits of at least %d of the best are shown, the %d with the highest lift of each part",
			len(p.best), len(p.all), portraitDays, portraitLeast, portraitRows),
		Columns: []Column{{"part", "Part"}, {"value", "Value"}},
	}
	return figured(s, r, model.Customer, p.bundles(), p.figures()), nil
}

// customers sorts out who is best, and who they are.
func (p *portrait) customers() {
	t := p.s.Table(model.Customer)
	t.Rows(func(row int32) bool {
		if status := t.Str(row, "status"); status != "customer" && status != "cancelled" {
			return true
		}
		p.all = append(p.all, row)
		if tier := t.Str(row, "tier"); (tier == model.TierKA || tier == model.TierMid) && t.Str(row, "health") != "red" {
			p.best, p.isBest[row] = append(p.best, row), true
		}
		for _, field := range []string{"industry", "country", "source"} {
			if v := t.Str(row, field); v != "" {
				p.add(trait{field, v}, row, field+":="+strconv.Quote(v))
			}
		}
		if n, ok := t.Num(row, "employees"); ok {
			p.add(sizeOf(n), row, sizeFilter(n))
		}
		return true
	})
}

func (p *portrait) add(at trait, row int32, filter string) {
	if all := p.with[at]; len(all) > 0 && all[len(all)-1] == row {
		return
	}
	p.with[at] = append(p.with[at], row)
	p.filter[at] = filter
}

// sizes are the bands of employees, by their lower edges.
var sizes = []int{0, 50, 250, 1000, 5000}

func sizeBand(n float64) (from, to int) {
	for i, edge := range sizes {
		if n >= float64(edge) {
			from, to = edge, -1
			if i+1 < len(sizes) {
				to = sizes[i+1] - 1
			}
		}
	}
	return from, to
}

func sizeOf(n float64) trait {
	from, to := sizeBand(n)
	if to < 0 {
		return trait{"employees", strconv.Itoa(from) + " and more"}
	}
	return trait{"employees", strconv.Itoa(from) + "–" + strconv.Itoa(to)}
}

func sizeFilter(n float64) string {
	from, to := sizeBand(n)
	if to < 0 {
		return "employees:>=" + strconv.Itoa(from)
	}
	return "employees:" + strconv.Itoa(from) + ".." + strconv.Itoa(to)
}

// use adds the features that customers have used of late.
func (p *portrait) use() {
	t, seen := p.s.Table(model.Usage), map[trait]map[int32]bool{}
	inForce := map[int32]bool{}
	for _, row := range p.all {
		inForce[row] = true
	}
	t.Rows(func(row int32) bool {
		n, _ := t.Num(row, "count")
		c, at := t.To(row, "customer"), trait{"scenario", t.Str(row, "feature")}
		if n <= 0 || !inForce[c] || at.value == "" || t.Day(row, "month") < (p.s.Today-portraitDays).MonthStart() || seen[at][c] {
			return true
		}
		if seen[at] == nil {
			seen[at] = map[int32]bool{}
		}
		seen[at][c] = true
		p.add(at, c, "")
		return true
	})
}

// needs adds the product areas that customers have demands in.
func (p *portrait) needs() {
	t, seen := p.s.Table(model.Item), map[trait]map[int32]bool{}
	inForce := map[int32]bool{}
	for _, row := range p.all {
		inForce[row] = true
	}
	t.Rows(func(row int32) bool {
		at := trait{"need", t.Str(row, "area")}
		if !p.s.Wanted(row) || at.value == "" {
			return true
		}
		for _, c := range p.s.Linked(row) {
			if inForce[c] && !seen[at][c] {
				if seen[at] == nil {
					seen[at] = map[int32]bool{}
				}
				seen[at][c] = true
				p.add(at, c, "")
			}
		}
		return true
	})
}

func (p *portrait) bestWith(at trait) []int32 {
	return slices.DeleteFunc(slices.Clone(p.with[at]), func(row int32) bool { return !p.isBest[row] })
}

func (p *portrait) lift(at trait) float64 {
	of := func(n, all int) float64 { return float64(n) / math.Max(1, float64(all)) }
	return of(len(p.bestWith(at)), len(p.best)) / math.Max(1e-9, of(len(p.with[at]), len(p.all)))
}

// bundles are the traits in the order of the portrait.
func (p *portrait) bundles() []bundle {
	parts := []string{"industry", "country", "employees", "source", "scenario", "need"}
	by := map[string][]trait{}
	for at := range p.with {
		if len(p.bestWith(at)) >= portraitLeast {
			by[at.part] = append(by[at.part], at)
		}
	}
	var out []bundle
	for _, part := range parts {
		list := by[part]
		slices.SortFunc(list, func(x, y trait) int {
			return cmp.Or(cmp.Compare(p.lift(y), p.lift(x)), cmp.Compare(len(p.with[y]), len(p.with[x])), strings.Compare(x.value, y.value))
		})
		for _, at := range list[:min(len(list), portraitRows)] {
			out = append(out, bundle{cells: []Cell{text(at.part), text(at.value)}, rows: p.with[at], filter: p.filter[at]})
		}
	}
	return out
}

func (p *portrait) figures() []figure {
	t := p.s.Table(model.Customer)
	of := func(b *bundle) trait { return trait{b.cells[0].Text, b.cells[1].Text} }
	part := func(n, all int) Cell { return percent(share(int64(n), int64(all))) }
	return []figure{
		counts("best", "Best", "the best customers with the trait", func(row int32) (string, bool) { return t.Str(row, "tier"), p.isBest[row] }),
		{Column{"best_share", "Of the best %"}, "those ÷ the best", func(b *bundle) (Cell, []counted) {
			return part(len(p.bestWith(of(b))), len(p.best)), nil
		}},
		{Column{"share", "Of all %"}, "the customers in force with the trait ÷ all in force", func(b *bundle) (Cell, []counted) {
			return part(len(b.rows), len(p.all)), nil
		}},
		{Column{"lift", "Lift"}, "share of the best ÷ share of all", func(b *bundle) (Cell, []counted) {
			return Cell{Number: math.Round(p.lift(of(b))*100) / 100, Decimals: 2, IsNumber: true}, nil
		}},
		{Column{"arr", "ARR"}, "revenue of the best with the trait, in " + p.s.Settings.Text("company.currency"), func(b *bundle) (Cell, []counted) {
			sum := 0.0
			var all []counted
			for _, row := range p.bestWith(of(b)) {
				units := p.s.CompanyARR(row)
				sum += float64(units)
				all = append(all, counted{row, model.FormatMoney(int64(units))})
			}
			return money(int64(sum)), all
		}},
	}
}
