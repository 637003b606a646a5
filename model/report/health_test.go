package report

import (
	"math"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/sample"
	"opsdeck/model/table"
)

// grown is a sample company on a day and thirty days before, by the dates of its facts.
func grown(t *testing.T) (before, now *table.Snapshot) {
	t.Helper()
	today := day.Of(2026, 11, 22)
	settings := model.NewSettings(nil)
	was, is := table.NewLoader(today-30, settings), table.NewLoader(today, settings)
	err := sample.Generate(sample.Options{Customers: 120, Seed: 2, Today: today}, func(r *model.Record) error {
		is.Put(r)
		if old := model.KnownOn(r, today-30); old != nil {
			was.Put(old)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return was.Snapshot(1), is.Snapshot(2)
}

func cellAt(r Report, row []Cell, key string) Cell {
	for i, c := range r.Columns {
		if c.Key == key {
			return row[i]
		}
	}
	return Cell{}
}

// In every row of the report the difference is that of the two figures, and what made it adds up to it.
func TestHealthMovesAddUp(t *testing.T) {
	before, now := grown(t)
	r, err := Health(now, Args{Before: before, From: day.None, To: day.None})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, row := range r.Rows {
		difference := cellAt(r, row, "difference")
		if !difference.IsNumber {
			continue
		}
		seen++
		want := math.Round(difference.Number * 100)
		if got := math.Round(cellAt(r, row, "after").Number*100) - math.Round(cellAt(r, row, "before").Number*100); got != want {
			t.Errorf("%s: the figures differ by %g hundredths, not %g", row[0].Text, got, want)
		}
		sum := 0.0
		for part := range strings.SplitSeq(cellAt(r, row, "changes").Text, "; ") {
			at := strings.LastIndexByte(part, ' ')
			sum += math.Round(number(t, part[at+1:]) * 100)
		}
		if sum != want {
			t.Errorf("%s: the changes add up to %g hundredths, not %g: %s", row[0].Text, sum, want, cellAt(r, row, "changes").Text)
		}
	}
	if seen < 30 {
		t.Errorf("only %d differences: the test has lost its subject", seen)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := (&model.Field{Name: "n", Type: model.TMoney}).Parse(strings.TrimPrefix(text, "+"))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	units, _ := v.Units()
	return float64(units) / model.MoneyScale
}

// The levels of a confusion table share out the customers, and so do its four cells in every row.
func TestConfusionCountsEverybodyOnce(t *testing.T) {
	before, now := grown(t)
	r, err := Backtest(now, Args{Before: before, From: day.None, To: day.None, Signal: "contracts"})
	if err != nil {
		t.Fatal(err)
	}
	all := 0.0
	for _, row := range r.Rows {
		all += cellAt(r, row, "customers").Number
	}
	if all == 0 {
		t.Fatal("nobody was a customer")
	}
	for _, row := range r.Rows[:3] {
		sum := 0.0
		for _, key := range []string{"right_alarms", "false_alarms", "missed", "rightly_quiet"} {
			sum += cellAt(r, row, key).Number
		}
		if sum != all {
			t.Errorf("%s counts %g of %g", row[0].Text, sum, all)
		}
	}
	if got, err := Backtest(now, Args{Before: before, From: day.None, To: day.None, Signal: "contracts", By: "customer"}); err != nil || float64(len(got.Rows)) != all {
		t.Errorf("%d customers are listed of %g, %v", len(got.Rows), all, err)
	}
	for _, bad := range []Args{{Before: before, Signal: "tears"}, {Before: before, By: "moon"}, {Before: before, Within: -3}, {Before: before, Rule: "arr"}, {}} {
		if _, err := Backtest(now, bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

// Movers since a day name status, tier and health as they were and are.
func TestMoversSinceADay(t *testing.T) {
	before, now := grown(t)
	r, err := Movers(now, Args{Before: before, From: day.None, To: day.None})
	if err != nil {
		t.Fatal(err)
	}
	was, is := before.Table(model.Customer), now.Table(model.Customer)
	want := map[string]int{}
	is.Rows(func(row int32) bool {
		old, ok := was.Row(is.ID(row))
		for field, rule := range map[string]string{"status": statusMoves, "tier": tierMoves, "health": healthMove} {
			if ok && was.Str(old, field) != is.Str(row, field) {
				want[rule]++
			}
		}
		return true
	})
	got := map[string]int{}
	for _, row := range r.Rows {
		got[row[1].Text]++
	}
	for _, rule := range []string{statusMoves, tierMoves, healthMove} {
		if got[rule] != want[rule] || rule == healthMove && want[rule] == 0 {
			t.Errorf("%s: %d rows, %d customers", rule, got[rule], want[rule])
		}
	}
}

// Weeks end on Sundays, and quarters that are looked at by themselves have had their time.
func TestDaysThatAreLookedAt(t *testing.T) {
	sunday := day.Of(2026, 11, 22)
	for _, today := range []day.Day{sunday, sunday + 1, sunday + 6} {
		ends := WeekEnds(today, 3)
		if want := map[bool]day.Day{true: sunday - 7, false: sunday}[today == sunday]; ends[2] != want || ends[0] != want-14 {
			t.Errorf("the weeks before %s end on %v", today, ends)
		}
	}
	for _, c := range []struct {
		today  day.Day
		within int
		last   day.Day
	}{
		{day.Of(2026, 11, 22), 180, day.Of(2026, 3, 31)},
		{day.Of(2026, 9, 27), 180, day.Of(2026, 3, 31)}, // 180 days after it, to the day
		{day.Of(2026, 9, 26), 180, day.Of(2025, 12, 31)},
		{day.Of(2025, 1, 1), 1, day.Of(2024, 12, 31)},
	} {
		days := BacktestDays(c.today, c.within)
		if last := days[len(days)-1]; last != c.last || len(days) != 8 || days[0] != c.last.AddMonths(-21).MonthEnd() {
			t.Errorf("%s, within %d: %v", c.today, c.within, days)
		}
	}
}
