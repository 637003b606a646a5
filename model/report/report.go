package report

import (
	"fmt"
	"math"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// Report is a table of figures with their definition, so that whoever reads a number knows what it is.
type Report struct {
	Name       string
	Title      string
	Definition string // what the figures mean and what they are computed from
	Columns    []Column
	Rows       [][]Cell
	Notes      []string // what is left out
	// Why explains the figures of a row down to the records behind them; nil where a report cannot.
	Why     func(row int) model.Why
	Records []model.ID // of reports that list records: the one behind each row, none for sums
}

// Column is one column of a report.
type Column struct {
	Key   string // snake_case, as in JSON
	Label string
}

// Cell is one value: a text, or a number with its number of decimals.
type Cell struct {
	Text     string
	Number   float64
	Decimals int // of a number; below zero: as many as it has
	IsNumber bool
	Money    bool // it is an amount, which some may not see
}

// byColumn is the column of what a report groups by: the label of a field, or the word itself.
func byColumn(k model.Kind, by string) Column {
	if f, ok := model.SchemaOf(k).Field(by); ok {
		return Column{by, f.Label}
	}
	return Column{by, strings.ToUpper(by[:1]) + by[1:]}
}

func text(s string) Cell   { return Cell{Text: s} }
func count(n int) Cell     { return Cell{Number: float64(n), IsNumber: true} }
func exact(f float64) Cell { return Cell{Number: f, Decimals: -1, IsNumber: true} }

// money is an amount in ten-thousandths, shown in major units with two decimals.
func money(units int64) Cell {
	return Cell{Number: math.Round(float64(units)/(model.MoneyScale/100)) / 100, Decimals: 2, IsNumber: true, Money: true}
}

// percent is a share of one, shown in percent with two decimals.
func percent(share float64) Cell {
	return Cell{Number: math.Round(share*10000) / 100, Decimals: 2, IsNumber: true}
}

// Args are what a report is asked for.
type Args struct {
	From, To day.Day // of reports over a time
	By       string  // a field, or what is summed
	Owner    string  // whose; empty for everybody
	Past     *Past   // of reports that compare with what was said before
	Weeks    []Past  // of reports over the weeks, the newest first
	Rule     string  // of RFM; empty for that of the settings
	// Before is the book as it was known on the day to compare with. Trail are several days, the oldest first; Known
	// reads the book of each when its turn comes, since the pictures of a large book do not all have to fit in memory.
	Before *table.Snapshot
	Trail  []day.Day
	Known  func(on day.Day) (*table.Snapshot, error)
	// Read brings a whole record, for reports that quote what people wrote; nil leaves that out.
	Read   func(model.Kind, model.ID) (*model.Record, error)
	Signal string // of churn that a back-test looks at; empty for the first that the book has
	Within int    // days in which it must come
}

// Maker computes a report from a picture of the book.
type Maker func(s *table.Snapshot, a Args) (Report, error)

// Makers lists the reports by name.
func Makers() map[string]Maker {
	return map[string]Maker{
		"today": Today, "segments": Segments, "rfm": RFM, "retention": Retention, "revenue": Revenue, "concentration": Concentration,
		"movers": Movers, "load": Load, "rebalance": Rebalance, "coverage": Coverage, "pareto": Pareto, "health": Health, "backtest": Backtest,
		"churn": Churn, "usage": Usage, "ageing": Ageing, "renewals": Renewals, "forecast": Forecast, "queue": Queue,
		"sla": SLA, "demand": Demand, "tell": Tell, "handbook": Handbook, "flows": Flows, "decisions": Decisions, "portrait": Portrait, "around": Around,
		"duplicates": Duplicates, "slip": Slip, "accuracy": Accuracy, "weeks": Weeks, "prepaid": Prepaid, "value": Value, "cash": Cash,
	}
}

// Make computes a report for whoever a picture is for. Of amounts that they must not see a report says that they
// are hidden: computed from what is left out they would come to 0.
func Make(m Maker, s *table.Snapshot, a Args) (Report, error) {
	r, err := m(s, a)
	if err != nil || !s.Hides(model.Customer, "arr") {
		return r, err
	}
	hidden := false
	for _, row := range r.Rows {
		for i := range row {
			if row[i].Money {
				row[i], hidden = text("hidden"), true
			}
		}
	}
	if hidden {
		r.Why = nil
		r.Notes = append(r.Notes, "amounts are hidden from your role, and rates of amounts with them")
	}
	return r, nil
}

// errField says that a report cannot be made by a field.
func errField(name string, k model.Kind) error {
	return fmt.Errorf("%s have no field %q; 'opsdeck fields %s' lists them", model.SchemaOf(k).Plural, name, k)
}

// fieldOf finds a field by which a report can group.
func fieldOf(s *table.Snapshot, k model.Kind, name string) error {
	if _, ok := s.FilterSchema(k).Field(name); !ok {
		return errField(name, k)
	}
	return nil
}

// Today lists what waits today, with the terms of each rank.
func Today(s *table.Snapshot, a Args) (Report, error) {
	r := Report{
		Name: "today", Title: "Due on " + s.Today.String(),
		Definition: "rank = the sum of its terms: source, lateness (1 point a day up to 60; never contacted 60), tier, severity, share of revenue",
		Columns: []Column{
			{"rank", "Rank"}, {"source", "Source"}, {"due", "Due"}, {"customer", "Customer"}, {"what", "What"}, {"owner", "Owner"}, {"terms", "Terms"},
		},
	}
	customers := s.Table(model.Customer)
	for _, d := range s.Due(a.Owner) {
		name := ""
		if row, ok := customers.Row(d.Customer); ok {
			name = customers.Str(row, "name")
		}
		terms := ""
		for _, t := range d.Terms {
			terms += fmt.Sprintf("%s %+.1f ", t.Label, t.Points)
		}
		due := d.On.String()
		if !d.On.IsSet() {
			due = "never"
		}
		r.Rows = append(r.Rows, []Cell{
			{Number: math.Round(d.Rank*10) / 10, Decimals: 1, IsNumber: true}, text(d.Rule), text(due), text(name), text(d.Title), text(d.Owner), text(terms),
		})
	}
	return r, nil
}

// Limited cuts a report after some rows and says so; 0 leaves it whole.
func (r Report) Limited(rows int) Report {
	if rows > 0 && len(r.Rows) > rows {
		r.Notes = append(r.Notes, fmt.Sprintf("%d more rows are left out by the limit", len(r.Rows)-rows))
		r.Rows = r.Rows[:rows]
	}
	return r
}
