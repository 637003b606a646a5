package report

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// Said is what was said of one renewal on a day.
type Said struct {
	ID       model.ID // of the contract
	Due      day.Day
	Outcome  string
	Stage    string
	Call     string
	Target   int64
	Counted  int64 // in the forecast
	Currency string
	Owner    string
	Title    string
}

// Past is the pipeline as it was on a day.
type Past struct {
	Name string // of a snapshot that was kept; empty for what the log tells
	Day  day.Day
	Said map[model.ID]Said // by contract
	// RanOn are the anniversaries that had passed without a word: the same contract has a renewal ahead too.
	RanOn []Said
}

// stageRanOn stands for the stage of an anniversary that passed without a word.
const stageRanOn = "ran on"

// saidAt is one renewal of a contract.
type saidAt struct {
	contract model.ID
	due      day.Day
}

// finder finds what became of a renewal that was spoken of earlier: the anniversary that has passed since,
// else what the contract has now.
func (p Past) finder() func(was Said) (Said, bool) {
	ranOn := make(map[saidAt]Said, len(p.RanOn))
	for _, s := range p.RanOn {
		ranOn[saidAt{s.ID, s.Due}] = s
	}
	return func(was Said) (Said, bool) {
		s, ok := ranOn[saidAt{was.ID, was.Due}]
		if !ok {
			s, ok = p.Said[was.ID]
		}
		return s, ok
	}
}

// each calls fn with everything that was said, in no order.
func (p Past) each(fn func(Said)) {
	for _, s := range p.RanOn {
		fn(s)
	}
	for _, s := range p.Said {
		fn(s)
	}
}

// closedShown is how many days back closed renewals are taken down.
const closedShown = 400

// PastOf takes down what a picture says of every renewal that is open or due around its day.
func PastOf(s *table.Snapshot) Past { return pastSince(s, s.Today) }

// pastSince takes down what a picture says, back to at least a day, so that nothing that was spoken of then
// is missing now.
func pastSince(s *table.Snapshot, since day.Day) Past {
	from := min(s.Today-closedShown, since)
	p := Past{Day: s.Today, Said: map[model.ID]Said{}}
	t := s.Table(model.Contract)
	s.Renewals(day.None, day.None, func(r table.Renewal) {
		if r.Outcome != "open" && (r.Due < from || r.Due > s.Today+800) {
			return
		}
		stage := cmp.Or(r.Stage, r.Outcome)
		if r.RanOn {
			stage = stageRanOn
		}
		said := Said{
			ID: t.ID(r.Row), Due: r.Due, Outcome: r.Outcome, Stage: stage, Call: forecastLine(r), Target: r.Target, Counted: r.Counted(),
			Currency: r.Currency, Owner: t.Str(r.Row, "owner"), Title: strings.TrimSpace(t.Str(r.Row, "customer_name") + " · " + s.Title(model.Contract, r.Row)),
		}
		if r.RanOn {
			p.RanOn = append(p.RanOn, said)
		} else {
			p.Said[said.ID] = said
		}
	})
	return p
}

// Rows writes what was said as the rows of a snapshot's record.
func (p Past) Rows() model.Value {
	rows := make([][]string, 0, len(p.Said)+len(p.RanOn))
	for _, s := range p.ordered() {
		rows = append(rows, []string{
			s.ID.String(), s.Due.String(), s.Outcome, s.Stage, s.Call, strconv.FormatInt(s.Target, 10), strconv.FormatInt(s.Counted, 10), s.Currency, s.Owner, s.Title,
		})
	}
	return model.PartRows(rows)
}

func (p Past) ordered() []Said {
	out := append(make([]Said, 0, len(p.Said)+len(p.RanOn)), p.RanOn...)
	for _, s := range p.Said {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Said) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), strings.Compare(a.ID.String(), b.ID.String()))
	})
	return out
}

// PastKept reads a snapshot's record.
func PastKept(r *model.Record) Past {
	p := Past{Name: r.Title(), Day: r.Get("date").Day(), Said: map[model.ID]Said{}}
	for _, row := range r.Get("rows").Rows() {
		id, err := model.ParseID(row[0])
		due, dueErr := day.Parse(at(row, 1))
		if err != nil || dueErr != nil {
			continue
		}
		target, _ := strconv.ParseInt(at(row, 5), 10, 64)
		counted, _ := strconv.ParseInt(at(row, 6), 10, 64)
		said := Said{id, due, at(row, 2), at(row, 3), at(row, 4), target, counted, at(row, 7), at(row, 8), at(row, 9)}
		if said.Stage == stageRanOn {
			p.RanOn = append(p.RanOn, said)
			continue
		}
		p.Said[id] = said
	}
	return p
}

func at(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

func (p Past) words() string {
	if p.Name != "" {
		return fmt.Sprintf("the snapshot %q of %s", p.Name, p.Day)
	}
	return p.Day.String() + ", as the log tells"
}

var errNoPast = errors.New("this report compares with an earlier day; --since names the day or a snapshot")

// KeepSnapshot makes the record that keeps what a picture says of the renewals under a name.
func KeepSnapshot(s *table.Snapshot, id model.ID, name string, m model.Moment) *model.Record {
	p := PastOf(s)
	r := model.NewRecord(model.Snapshot, id)
	r.Set("name", model.Text(name))
	r.Set("date", model.Date(m.Today))
	r.Set("by", model.Person(m.Who))
	r.Set("rows", p.Rows())
	r.Set("renewals", model.Number(float64(len(p.Said)+len(p.RanOn))))
	return r
}
