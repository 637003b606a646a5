package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// rateOf turns amounts of a currency into the report's; false without a rate.
func rateOf(s *table.Snapshot, cur currency, from string) (func(int64) int64, bool) {
	if from == cur.name {
		return func(n int64) int64 { return n }, true
	}
	a, okA := s.Settings.Rate(from)
	b, okB := s.Settings.Rate(cur.name)
	return func(n int64) int64 { return int64(math.Round(float64(n) * a / b)) }, okA && okB
}

// slip is what moved of one renewal.
type slip struct {
	now, was  Said
	gone, new bool
	delta     int64
	moved     []string
}

// Slip tells what has moved in the pipeline since an earlier day: amounts, categories, stages, due days,
// owners, what came and what went, the largest change first.
func Slip(s *table.Snapshot, a Args) (Report, error) {
	if a.Past == nil {
		return Report{}, errNoPast
	}
	cur := currencyOf(s, model.Contract)
	now := pastSince(s, a.Past.Day)
	var rows []slip
	left := 0
	each := func(was, is Said, had, has bool) {
		if a.Owner != "" && cmp.Or(is.Owner, was.Owner) != a.Owner || !inPeriod(a, was, is, had, has) {
			return
		}
		r := slip{now: is, was: was, gone: had && !has, new: has && !had}
		convert, ok := rateOf(s, cur, cmp.Or(is.Currency, was.Currency))
		if !ok {
			left++
		} else {
			r.delta = convert(is.Counted) - convert(was.Counted)
		}
		if r.moved = moves(r); len(r.moved) > 0 {
			rows = append(rows, r)
		}
	}
	known, of := map[saidAt]bool{}, now.finder()
	for _, was := range a.Past.ordered() {
		is, has := of(was)
		known[saidAt{is.ID, is.Due}] = has
		each(was, is, true, has)
	}
	for _, is := range now.ordered() {
		if !known[saidAt{is.ID, is.Due}] {
			each(Said{}, is, false, true)
		}
	}
	slices.SortStableFunc(rows, func(x, y slip) int { return cmp.Compare(max(y.delta, -y.delta), max(x.delta, -x.delta)) })
	return slipReport(s, a, cur, rows, left), nil
}

func inPeriod(a Args, was, is Said, had, has bool) bool {
	within := func(d day.Day) bool { return (!a.From.IsSet() || d >= a.From) && (!a.To.IsSet() || d <= a.To) }
	return had && within(was.Due) || has && within(is.Due)
}

// moves words what is different.
func moves(r slip) []string {
	switch {
	case r.new:
		return []string{"came into the pipeline"}
	case r.gone:
		return []string{"left the pipeline"}
	}
	var out []string
	add := func(label, was, is string) {
		if was != is {
			out = append(out, fmt.Sprintf("%s %s → %s", label, cmp.Or(was, "none"), cmp.Or(is, "none")))
		}
	}
	add("", r.was.Outcome, r.now.Outcome)
	add("stage", r.was.Stage, r.now.Stage)
	add("call", r.was.Call, r.now.Call)
	add("due", r.was.Due.String(), r.now.Due.String())
	add("forecast", model.FormatMoney(r.was.Counted), model.FormatMoney(r.now.Counted))
	add("target", model.FormatMoney(r.was.Target), model.FormatMoney(r.now.Target))
	add("owner", r.was.Owner, r.now.Owner)
	return out
}

func slipReport(s *table.Snapshot, a Args, cur currency, rows []slip, left int) Report {
	r := Report{
		Name: "slip", Title: fmt.Sprintf("What moved from %s to %s", a.Past.words(), s.Today),
		Definition: "renewals of which something differs; change: what the forecast counts now less what it counted then, at most the target both times, in " + cur.name,
		Columns: []Column{
			{"renewal", "Renewal"}, {"owner", "Owner"}, {"due", "Due"}, {"was", "Was"}, {"is", "Is"}, {"change", "Change"}, {"moved", "What moved"},
		},
	}
	var was, is, change int64
	for _, x := range rows {
		convert, ok := rateOf(s, cur, cmp.Or(x.now.Currency, x.was.Currency))
		if !ok {
			convert = func(int64) int64 { return 0 }
		}
		was += convert(x.was.Counted)
		is += convert(x.now.Counted)
		change += x.delta
		due := x.now.Due
		if x.gone {
			due = x.was.Due
		}
		r.Records = append(r.Records, cmp.Or(x.now.ID, x.was.ID))
		r.Rows = append(r.Rows, []Cell{
			text(cmp.Or(x.now.Title, x.was.Title)), text(cmp.Or(x.now.Owner, x.was.Owner)), text(due.String()), money(convert(x.was.Counted)), money(convert(x.now.Counted)),
			money(x.delta), text(strings.TrimSpace(strings.Join(x.moved, "; "))),
		})
	}
	r.Rows = append(r.Rows, []Cell{text("all"), text(""), text(""), money(was), money(is), money(change), text("")})
	if left > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d renewals count as nothing: their currency has no rate (setting rate.XXX)", left))
	}
	return r
}

// hit adds up what an owner said and what came.
type hit struct {
	owner           string
	n, open         int
	said, came, off int64
}

// Accuracy holds what each owner said on an earlier day of the renewals due since against what came.
func Accuracy(s *table.Snapshot, a Args) (Report, error) {
	if a.Past == nil {
		return Report{}, errNoPast
	}
	cur := currencyOf(s, model.Contract)
	of := pastSince(s, a.Past.Day).finder()
	by := map[string]*hit{}
	all := &hit{owner: "all"}
	for _, was := range a.Past.ordered() {
		if was.Outcome != "open" || was.Due < a.Past.Day || was.Due > s.Today || a.Owner != "" && was.Owner != a.Owner {
			continue
		}
		if by[was.Owner] == nil {
			by[was.Owner] = &hit{owner: was.Owner}
		}
		is, _ := of(was)
		convert, ok := rateOf(s, cur, was.Currency)
		if !ok {
			continue
		}
		for _, h := range []*hit{by[was.Owner], all} {
			h.n++
			if is.Outcome == "open" {
				h.open++
				continue // It has not been decided, so nobody was right or wrong.
			}
			h.said += convert(was.Counted)
			h.came += convert(is.Counted)
			diff := convert(is.Counted) - convert(was.Counted)
			h.off += max(diff, -diff)
		}
	}
	r := Report{
		Name: "accuracy", Title: fmt.Sprintf("Forecasts of %s against what came by %s", a.Past.words(), s.Today),
		Definition: "the renewals that were open then and fell due since; said: what the forecast counted then, came: what it counts now, both of those that are closed; off: Σ of the differences without their sign; accuracy = 1 − off ÷ said; in " + cur.name,
		Columns: []Column{
			{"owner", "Owner"}, {"renewals", "Renewals"}, {"open", "Still open"}, {"said", "Said"}, {"came", "Came"}, {"off", "Off"}, {"accuracy", "Accuracy %"},
		},
	}
	for _, owner := range sorted(by) {
		r.Rows = append(r.Rows, by[owner].cells())
	}
	r.Rows = append(r.Rows, all.cells())
	return r, nil
}

func (h *hit) cells() []Cell {
	accuracy := text("")
	if h.said > 0 {
		accuracy = percent(max(0, 1-share(h.off, h.said)))
	}
	return []Cell{text(named(h.owner)), count(h.n), count(h.open), money(h.said), money(h.came), money(h.off), accuracy}
}

// Weeks lays what was said at the end of each week side by side, for the renewals due in a period.
func Weeks(s *table.Snapshot, a Args) (Report, error) {
	if !a.From.IsSet() && !a.To.IsSet() {
		a.From, a.To = ForecastPeriod(s.Today)
	}
	cur := currencyOf(s, model.Contract)
	r := Report{
		Name: "weeks", Title: "What was said week by week of the renewals " + periodWords(a.From, a.To),
		Definition: "the forecast as it was at the end of each week: closed, commit = closed + commit, best case = that + best case, pipeline = that + pipeline; from the log of the book, in " + cur.name,
		Columns: []Column{
			{"week_end", "Week end"},
			{"renewals", "Renewals"},
			{"target", "Target"},
			{"closed", "Closed"},
			{"commit", "Commit"},
			{"best_case", "Best case"},
			{"pipeline", "Pipeline"},
			{"change", "Change"},
		},
	}
	for i, p := range a.Weeks {
		sum := sumSaid(s, a, cur, p)
		change := text("")
		if i+1 < len(a.Weeks) {
			change = money(sum.Cumulative[3] - sumSaid(s, a, cur, a.Weeks[i+1]).Cumulative[3])
		}
		r.Rows = append(r.Rows, []Cell{
			text(p.Day.String()), count(sum.Renewals), money(sum.Target), money(sum.Cumulative[0]), money(sum.Cumulative[1]), money(sum.Cumulative[2]),
			money(sum.Cumulative[3]), change,
		})
	}
	if len(a.Weeks) == 0 {
		r.Notes = append(r.Notes, "the book is younger than a week; the log begins later than any week's end")
	}
	return r, nil
}

// SaidSum adds up what was said on an earlier day of the renewals due in a period. Amounts are a year's, in
// ten-thousandths of the report's currency.
type SaidSum struct {
	Renewals   int
	Target     int64
	Cumulative [4]int64 // closed, commit, best case, pipeline, each with what is more certain
}

// SumSaid adds up what was said on an earlier day, in the currency of the forecast.
func SumSaid(s *table.Snapshot, a Args, p Past) SaidSum {
	return sumSaid(s, a, currencyOf(s, model.Contract), p)
}

func sumSaid(s *table.Snapshot, a Args, cur currency, p Past) (sum SaidSum) {
	p.each(func(was Said) {
		if !inPeriod(a, was, Said{}, true, false) || a.Owner != "" && was.Owner != a.Owner {
			return
		}
		convert, ok := rateOf(s, cur, was.Currency)
		if !ok {
			return
		}
		sum.Renewals++
		sum.Target += convert(was.Target)
		if at := slices.Index(forecastLines()[:4], was.Call); at >= 0 {
			for i := at; i < 4; i++ {
				sum.Cumulative[i] += convert(was.Counted)
			}
		}
	})
	return sum
}
