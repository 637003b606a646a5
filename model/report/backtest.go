package report

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/score"
	"opsdeck/model/table"
)

// DefaultWithin is how many days after the scoring a back-test waits for churn.
const DefaultWithin = 180

// ChurnSignals lists what may count as churn in a back-test, the one that is taken by itself first.
func ChurnSignals() []string { return []string{"events", "contracts", "revenue"} }

// signalWords says what each signal of churn is.
func signalWords(signal string) string {
	return map[string]string{
		"events":    "a churn event",
		"contracts": "a contract that is marked as churned or called off, at its end",
		"revenue":   "no contract running any more at the end of the time",
	}[signal]
}

// BacktestDays lists the scoring days that a back-test looks at by itself: the ends of the last quarters
// whose time for churn is over, the oldest first.
func BacktestDays(today day.Day, within int) []day.Day {
	const quarters = 8
	var out []day.Day
	end := (today - day.Day(within)).AddMonths(1).MonthStart() - 1
	for len(out) < quarters {
		for _, month, _ := end.Date(); month%3 != 0 || end > today-day.Day(within); _, month, _ = end.Date() {
			end = end.MonthStart() - 1
		}
		out = append(out, end)
		end = end.MonthStart() - 1
	}
	slices.Reverse(out)
	return out
}

// tried is a back-test of one scoring day.
type tried struct {
	on    day.Day
	until day.Day
	rows  []triedRow
}

// triedRow is one customer: how it was judged then, and what became of it.
type triedRow struct {
	row  int32 // of today's picture
	then table.Verdict
	full table.Judgement // of a back-test of one day
	lost day.Day         // none: it stayed
}

// try judges everybody who was a customer on the day of a picture with what was known then, and looks up
// in today's picture who was lost in the time after. Whoever had given notice by then is left out: there is
// nothing left to foresee.
func try(s, then *table.Snapshot, figure string, a Args) (tried, error) {
	t := tried{on: then.Today, until: min(s.Today, then.Today+day.Day(a.Within))}
	own, err := then.OnItsOwn()
	if err != nil {
		return t, err
	}
	was, is := then.Table(model.Customer), s.Table(model.Customer)
	var judged []int32
	was.Rows(func(row int32) bool {
		now, ok := is.Row(was.ID(row))
		if ok && was.Str(row, "status") == "customer" {
			judged = append(judged, row)
			t.rows = append(t.rows, triedRow{row: now, lost: lostOn(s, now, a.Signal, t.on, t.until)})
		}
		return true
	})
	for i, v := range own.Verdicts(judged, figure) {
		t.rows[i].then = v
		if a.Before != nil {
			t.rows[i].full = own.Judge(judged[i], figure)
		}
	}
	return t, nil
}

// lostOn is when a signal of churn came after a day and up to another; none where it did not.
func lostOn(s *table.Snapshot, customer int32, signal string, after, until day.Day) day.Day {
	first := day.None
	note := func(on day.Day) {
		if on.IsSet() && on > after && on <= until && (!first.IsSet() || on < first) {
			first = on
		}
	}
	contracts, events := s.Table(model.Contract), s.Table(model.Churn)
	switch signal {
	case "events":
		for _, k := range events.Kids(customer, "customer") {
			if events.Live(k) {
				note(events.Day(k, "date"))
			}
		}
	case "contracts":
		for _, k := range contracts.Kids(customer, "customer") {
			if !contracts.Live(k) {
				continue
			}
			note(contracts.Day(k, "cancelled_on"))
			if contracts.Bool(k, "churned") {
				note(contracts.Day(k, "end"))
			}
		}
	default:
		last := day.None
		for _, k := range contracts.Kids(customer, "customer") {
			switch {
			case !contracts.Live(k):
			case s.Runs(k, until):
				return day.None
			default:
				last = max(last, contracts.Day(k, "end"))
			}
		}
		note(last)
	}
	return first
}

func (t *tried) lost() int {
	n := 0
	for _, r := range t.rows {
		if r.lost.IsSet() {
			n++
		}
	}
	return n
}

// outcomes are the points of those who had a figure.
func (t *tried) outcomes() []score.Outcome {
	var out []score.Outcome
	for _, r := range t.rows {
		if r.then.Known {
			out = append(out, score.Outcome{Points: r.then.Score, Lost: r.lost.IsSet()})
		}
	}
	return out
}

// separated is a criterion with how well it separated.
type separated struct {
	key, label, group string
	score.Separation
}

// criteria tells how well each criterion separated, the best first: the one whose AUC is farthest from a
// coin's, whichever way round.
func (t *tried) criteria() []separated {
	by := map[string]*separated{}
	points := map[string][]score.Outcome{}
	for _, r := range t.rows {
		for i := range r.then.Terms {
			term := &r.then.Terms[i]
			if by[term.Key] == nil {
				by[term.Key] = &separated{key: term.Key, label: cmp.Or(term.Label, term.Key), group: term.Group}
			}
			if r.then.Counts(i) {
				points[term.Key] = append(points[term.Key], score.Outcome{Points: r.then.Points[i], Lost: r.lost.IsSet()})
			}
		}
	}
	out := make([]separated, 0, len(by))
	for key, c := range by {
		c.Separation = score.Separate(points[key])
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b separated) int {
		return cmp.Or(-cmp.Compare(a.strength(), b.strength()), strings.Compare(a.key, b.key))
	})
	return out
}

// leastLost is how many lost ones a criterion must have had data of before it is called the best: few prove
// nothing.
const leastLost = 5

// strength is the distance from a coin's; those that have too few to go by stand behind all others.
func (s separated) strength() float64 {
	switch {
	case !s.Known:
		return -2
	case s.Lost < leastLost:
		return math.Abs(s.AUC-0.5) - 1
	}
	return math.Abs(s.AUC - 0.5)
}

// Backtest holds the health, or the tier's score with --rule, against the customers that the book has
// lost: by scoring day, or of one day by level, criterion or customer.
func Backtest(s *table.Snapshot, a Args) (Report, error) {
	figure := cmp.Or(a.Rule, "health")
	if !table.IsJudged(figure) {
		return Report{}, fmt.Errorf("a back-test is of health or tier_score (--rule), not of %q", figure)
	}
	if a.Within == 0 {
		a.Within = DefaultWithin
	}
	if a.Within < 1 || a.Within > 3660 {
		return Report{}, fmt.Errorf("--within %d: between 1 and 3660 days are wanted", a.Within)
	}
	if a.Signal = cmp.Or(a.Signal, firstSignal(s)); signalWords(a.Signal) == "" {
		return Report{}, fmt.Errorf("there is no signal of churn %q; there are %s", a.Signal, strings.Join(ChurnSignals(), ", "))
	}
	if a.Before == nil {
		return backtestDays(s, figure, a)
	}
	t, err := try(s, a.Before, figure, a)
	if err != nil {
		return Report{}, err
	}
	r := Report{Name: "backtest", Title: fmt.Sprintf("Back-test of %s as of %s, lost up to %s", figureWords(figure), t.on, t.until)}
	switch cmp.Or(a.By, "level") {
	case "level":
		byLevel(&r, &t, figure)
	case "criterion":
		byCriterion(&r, &t)
	case "customer":
		listTried(&r, s, &t)
	default:
		return Report{}, fmt.Errorf("a back-test is by level, criterion or customer, not by %q", a.By)
	}
	r.Definition = backtestWords(a) + r.Definition
	if t.on+day.Day(a.Within) > s.Today {
		r.Notes = append(r.Notes, fmt.Sprintf("the %d days after %s are not over: some may still be lost", a.Within, t.on))
	}
	if t.lost() == 0 {
		r.Notes = append(r.Notes, "nobody was lost in that time, so nothing can be held against the figure")
	}
	return r, nil
}

func firstSignal(s *table.Snapshot) string {
	if s.Table(model.Churn).Len() > 0 {
		return "events"
	}
	churned := false
	t := s.Table(model.Contract)
	t.Rows(func(k int32) bool {
		churned = t.Bool(k, "churned") || t.Day(k, "cancelled_on").IsSet()
		return !churned
	})
	if churned {
		return "contracts"
	}
	return "revenue"
}

func figureWords(figure string) string {
	if strings.HasPrefix(figure, "health") {
		return "health"
	}
	return "the tier's score"
}

func backtestWords(a Args) string {
	return fmt.Sprintf("today's model on what was known at the end of the scoring day alone; customers with a contract in force and no notice given; lost: %s within %d days; ", signalWords(a.Signal), a.Within)
}

// backtestDays holds a figure against what came after each of several days.
func backtestDays(s *table.Snapshot, figure string, a Args) (Report, error) {
	if len(a.Trail) == 0 {
		return Report{}, errors.New("a back-test needs a scoring day, such as --at 2024-06-30")
	}
	r := Report{
		Name: "backtest", Title: "Back-test of " + figureWords(figure) + " by scoring day",
		Definition: backtestWords(a) + "AUC: the chance that one who was lost had fewer points than one who stayed, 50 % says nothing; caught and false alarms at the best cut; the best criterion has data of 5 lost or more",
		Columns: []Column{
			{"date", "Scored on"},
			{"customers", "Customers"},
			{"with_figure", "With a figure"},
			{"lost", "Lost"},
			{"lost_rate", "Lost %"},
			{"auc", "AUC %"},
			{"cut", "Warn up to"},
			{"caught", "Caught %"},
			{"false_alarms", "False alarms %"},
			{"best", "Best criterion"},
			{"best_auc", "Its AUC %"},
		},
	}
	for _, on := range a.Trail {
		then, err := a.known(s, on)
		if err != nil {
			return r, err
		}
		t, err := try(s, then, figure, a)
		if err != nil {
			return r, err
		}
		all := score.Separate(t.outcomes())
		row := []Cell{text(t.on.String()), count(len(t.rows)), count(all.N), count(t.lost()), percent(share(int64(t.lost()), int64(len(t.rows))))}
		row = append(row, separation(all)...)
		if c := t.criteria(); len(c) > 0 && c[0].Lost >= leastLost && c[0].Known {
			row = append(row, text(c[0].label), percent(c[0].AUC))
		} else {
			row = append(row, text(""), text(""))
		}
		r.Rows = append(r.Rows, row)
	}
	return r, nil
}

// separation writes AUC, cut, caught and false alarms; empty where nobody was lost or nobody stayed.
func separation(s score.Separation) []Cell {
	if !s.Known {
		return []Cell{text(""), text(""), text(""), text("")}
	}
	return []Cell{percent(s.AUC), decimals(math.Round(s.Cut*100) / 100), percent(s.Caught), percent(s.FalseAlarms)}
}
