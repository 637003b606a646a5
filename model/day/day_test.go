package day

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAddMonthsClampsToTheLastDay(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2026-01-15", -13, "2024-12-15"},
	} {
		from, err := Parse(c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := from.AddMonths(c.n).String(); got != c.want {
			t.Errorf("%s %+d months = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestParseRefusesWhatIsNoDate(t *testing.T) {
	for _, s := range []string{"", "2026-02-30", "22.11.2026", "2026-1-2", "today"} {
		if d, err := Parse(s); err == nil || d.IsSet() {
			t.Errorf("Parse(%q) = %v, %v; want an error", s, d, err)
		}
	}
}

func TestDayRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Day(rapid.Int32Range(-700000, 2900000).Draw(t, "day"))
		y, m, dd := d.Date()
		if Of(y, m, dd) != d {
			t.Fatalf("Of(Date(%d)) differs", d)
		}
		if y >= 0 && y <= 9999 {
			back, err := Parse(d.String())
			if err != nil || back != d {
				t.Fatalf("%d prints as %s and reads back as %v %v", d, d, back, err)
			}
		}
		if d.MonthStart() > d || d.MonthEnd() < d {
			t.Fatalf("%s lies outside its own month", d)
		}
		if got := FromTime(d.Time().Add(23 * time.Hour)); got != d {
			t.Fatalf("late on %s is %s", d, got)
		}
	})
}

func TestParseHuman(t *testing.T) {
	today, _ := Parse("2026-11-22") // a Sunday
	for in, want := range map[string]string{
		"today": "2026-11-22", "Tomorrow": "2026-11-23", "yesterday": "2026-11-21", "+90d": "2027-02-20", "-2w": "2026-11-08",
		"3m": "2027-02-22", "+1y": "2027-11-22", "fri": "2026-11-27", "next fri": "2026-11-27", "sunday": "2026-11-29", " 2026-12-31 ": "2026-12-31",
	} {
		if got, err := ParseHuman(in, today); err != nil || got.String() != want {
			t.Errorf("%q: %s, %v; want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"", "d", "+d", "99999999d", "soon", "next", "32.1.2026"} {
		if got, err := ParseHuman(in, today); err == nil {
			t.Errorf("%q is read as %s", in, got)
		}
	}
}
