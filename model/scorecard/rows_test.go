package scorecard

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model"
)

func TestPointsAsATable(t *testing.T) {
	for _, text := range []string{"0:0 5k:20 250k:100", "core:100 basic:60 per_seat:20", "-100:0 -10:30 0:50", "1m:7.5"} {
		rows, words := Rows(text)
		write := PointsOfBands
		if words {
			write = PointsOfValues
		}
		if back, err := write(rows); back != text || err != nil {
			t.Errorf("%q comes back as %q, %v", text, back, err)
		}
	}
	rows, words := Rows("per_seat:20")
	if !words || rows[0].Value != "per seat" {
		t.Errorf("rows %+v", rows)
	}
	got, err := PointsOfBands([]Row{{To: "5k", Points: "0"}, {To: "20k", Points: "50"}, {}, {Points: "100"}})
	if err != nil || got != "0:0 5k:50 20k:100" {
		t.Errorf("bands by their ends: %q, %v", got, err)
	}
	if got, err := PointsOfBands([]Row{{To: "-5", Points: "0"}, {Points: "100"}}); err != nil || got != "-6:0 -5:100" {
		t.Errorf("a first band below zero: %q, %v", got, err)
	}
}

func TestMistakesInATableNameTheirRow(t *testing.T) {
	for _, c := range []struct {
		rows   []Row
		words  bool
		row    int
		cell   string
		says   string
		starts string
	}{
		{rows: []Row{{From: "0", To: "50", Points: "10"}, {From: "40", Points: "20"}}, row: 1, cell: "from", says: "they overlap", starts: "row 2: "},
		{rows: []Row{{From: "0", To: "50", Points: "10"}, {From: "60", Points: "20"}}, row: 1, cell: "from", says: "there is a gap"},
		{rows: []Row{{From: "10", Points: "10"}, {From: "5", Points: "20"}}, row: 1, cell: "from", says: "they overlap"},
		{rows: []Row{{From: "10", Points: "10"}, {From: "10", Points: "20"}}, row: 1, cell: "from", says: "they overlap"},
		{rows: []Row{{From: "10", To: "10", Points: "10"}}, row: 0, cell: "to", says: "not above 10"},
		{rows: []Row{{From: "0", To: "50", Points: "10"}}, row: 0, cell: "to", says: "nothing is said of 50 and more"},
		{rows: []Row{{From: "x", Points: "10"}}, row: 0, cell: "from", says: `"x" is not a number`},
		{rows: []Row{{From: "0", Points: "1"}, {From: "1", To: "y", Points: "10"}}, row: 1, cell: "to", says: `"y" is not a number`},
		{rows: []Row{{From: "0", Points: "101"}}, row: 0, cell: "points", says: "do not lie between 0 and 100"},
		{rows: []Row{{From: "0", Points: "nan"}}, row: 0, cell: "points", says: "is not a number"},
		{rows: []Row{{From: "0", Points: "1k"}}, row: 0, cell: "points", says: "is not a number"},
		{rows: []Row{{From: "0", Points: ""}}, row: 0, cell: "points", says: "missing"},
		{rows: []Row{{From: "0", Points: "1"}, {Points: "1"}}, row: 1, cell: "from", says: "missing"},
		{rows: []Row{{From: "nan", Points: "1"}}, row: 0, cell: "from", says: "not a number"},
		{rows: []Row{{Value: "a", Points: "1"}, {Value: "a", Points: "2"}}, words: true, row: 1, cell: "value", says: "in row 1 already"},
		{rows: []Row{{Value: "", Points: "1"}}, words: true, row: 0, cell: "value", says: "missing"},
		{rows: []Row{{Value: "a:b", Points: "1"}}, words: true, row: 0, cell: "value", says: "colon"},
		{rows: []Row{{Value: "7", Points: "1"}}, words: true, row: 0, cell: "value", says: "is a number"},
	} {
		write := PointsOfBands
		if c.words {
			write = PointsOfValues
		}
		_, err := write(c.rows)
		var at *RowError
		if !errors.As(err, &at) || at.Row != c.row || at.Cell != c.cell || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), c.starts) {
			t.Errorf("%+v: %v", c.rows, err)
		}
	}
	for _, write := range []func([]Row) (string, error){PointsOfBands, PointsOfValues} {
		if _, err := write([]Row{{}}); err == nil || !strings.Contains(err.Error(), "no rows") {
			t.Errorf("an empty table: %v", err)
		}
	}
}

// Whatever stands in the cells: what is written can be read, or the mistake names a row that is there.
func TestATableIsReadableOrNamesTheRow(t *testing.T) {
	cell := rapid.SampledFrom([]string{"", "0", "5", "10", "5k", "-3", "x", "a b", "1e400", "nan", "inf", "101", "a:b", " 7 "})
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Row {
			return Row{From: cell.Draw(t, "from"), To: cell.Draw(t, "to"), Value: cell.Draw(t, "value"), Points: cell.Draw(t, "points")}
		}), 0, 5).Draw(t, "rows")
		for _, write := range []func([]Row) (string, error){PointsOfBands, PointsOfValues} {
			text, err := write(rows)
			var at *RowError
			if errors.As(err, &at) && at.Row >= len(rows) {
				t.Fatalf("%v names a row that is not there", err)
			}
			if err != nil {
				continue
			}
			if _, err := model.ParsePoints(text); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
		}
	})
}
