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
	Said map[model.ID]Said
}

// PastOf takes down what a picture says of every renewal that is open or due around its day.
func PastOf(s *table.Snapshot) Past {
	p := Past{Day: s.Today, Said: map[model.ID]Said{}}
	t := s.Table(model.Contract)
	s.Renewals(day.None, day.None, func(r table.Renewal) {
		if r.RanOn || r.Outcome != "open" && (r.Due < s.Today-400 || r.Due > s.Today+800) {
			return
		}
		stage := r.Stage
		if stage == "" {
			stage = r.Outcome
		}
		p.Said[t.ID(r.Row)] = Said{
			ID: t.ID(r.Row), Due: r.Due, Outcome: r.Outcome, Stage: stage, Call: forecastLine(r), Target: r.Target, Counted: r.Counted(),
			Currency: r.Currency, Owner: t.Str(r.Row, "owner"), Title: strings.TrimSpace(t.Str(r.Row, "customer_name") + " · " + s.Title(model.Contract, r.Row)),
		}
	})
	return p
}

// Rows writes what was said as the rows of a snapshot's record.
func (p Past) Rows() model.Value {
	rows := make([][]string, 0, len(p.Said))
	for _, s := range p.ordered() {
		rows = append(rows, []string{
			s.ID.String(), s.Due.String(), s.Outcome, s.Stage, s.Call, strconv.FormatInt(s.Target, 10), strconv.FormatInt(s.Counted, 10), s.Currency, s.Owner, s.Title,
		})
	}
	return model.PartRows(rows)
}

func (p Past) ordered() []Said {
	out := make([]Said, 0, len(p.Said))
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
		p.Said[id] = Said{id, due, at(row, 2), at(row, 3), at(row, 4), target, counted, at(row, 7), at(row, 8), at(row, 9)}
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
	r.Set("renewals", model.Number(float64(len(p.Said))))
	return r
}
