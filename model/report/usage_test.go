package report

import (
	"testing"
	"unicode/utf8"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/sample"
	"opsdeck/model/table"
)

// However usage is grouped, the groups add up to the same, and each row draws twelve months.
func TestUsageAddsUpHoweverItIsGrouped(t *testing.T) {
	today := day.Of(2026, 11, 22)
	l := table.NewLoader(today, model.NewSettings(nil))
	if err := sample.Generate(sample.Options{Customers: 90, Seed: 4, Today: today}, func(r *model.Record) error { l.Put(r); return nil }); err != nil {
		t.Fatal(err)
	}
	s := l.Snapshot(1)
	var want [3]float64
	for _, by := range []string{"", "customer", "tier", "owner", "industry"} {
		r, err := Usage(s, Args{From: day.None, To: day.None, By: by})
		if err != nil || len(r.Rows) == 0 {
			t.Fatalf("by %q: %d rows, %v", by, len(r.Rows), err)
		}
		var got [3]float64
		for _, row := range r.Rows {
			for k := range got {
				got[k] += row[k+1].Number
			}
			if n := utf8.RuneCountInString(row[7].Text); n != courseMonths {
				t.Errorf("by %q: %s draws %d months", by, row[0].Text, n)
			}
			if a := row[5].Number; a <= 0 || a > 100 {
				t.Errorf("by %q: %s has an adoption of %v %%", by, row[0].Text, a)
			}
		}
		if by == "" {
			want = got
		}
		if got != want {
			t.Errorf("by %q: %v, by feature %v", by, got, want)
		}
	}
	if _, err := Usage(s, Args{From: day.None, To: day.None, By: "nosuch"}); err == nil {
		t.Error("a field that is none is taken")
	}
}

// The trend is the last month against the mean of the three before; without use in those there is none.
func TestTrendOfAGroup(t *testing.T) {
	u := &used{months: [courseMonths]float64{courseMonths - 4: 100, courseMonths - 3: 200, courseMonths - 2: 300, courseMonths - 1: 150}}
	if c := u.trend(); c.Number != -25 {
		t.Errorf("150 after 100, 200, 300 is %v %%", c.Number)
	}
	if c := (&used{}).trend(); c.IsNumber {
		t.Errorf("no use has a trend of %v %%", c.Number)
	}
	if got := (&used{months: [courseMonths]float64{0: 1, 11: 10}}).course(); got != "▂▁▁▁▁▁▁▁▁▁▁█" {
		t.Errorf("one and ten draw %s", got)
	}
}
