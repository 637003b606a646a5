package sla

import (
	"strings"
	"testing"
	"time"

	"opsdeck/model/day"
)

func calendar(t *testing.T, text string) *Timeline {
	t.Helper()
	c, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return NewTimeline(c)
}

func instant(t *testing.T, line *Timeline, text string) int64 {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, line.Calendar().zone())
	if err != nil {
		t.Fatal(err)
	}
	return at.Unix()
}

func shown(line *Timeline, at int64) string {
	return time.Unix(at, 0).In(line.Calendar().zone()).Format("2006-01-02 15:04")
}

// The vectors are those of the definitions, of Jira Service Management's manual and of the questions
// that users of other help desks ask most: lunch breaks, clock changes, holidays.
func TestDueVectors(t *testing.T) {
	const split = "mon=09:00-17:00 tue=09:00-16:00 thu=08:00-17:00 fri=09:00-17:00"
	for _, tt := range []struct{ name, calendar, start, target, want string }{
		{"different hours, a closed day", split, "2026-11-23 11:00", "16h", "2026-11-26 11:00"},
		{"one frame a day", "mon-sun=10:00-18:00", "2026-11-23 11:00", "8h", "2026-11-24 11:00"},
		{"lunch break", "mon-sun=10:00-12:00,13:00-18:00", "2026-11-23 11:00", "8h", "2026-11-24 12:00"},
		{"ends with the day", "mon-fri=09:00-17:00", "2026-11-23 09:00", "8h", "2026-11-23 17:00"},
		{"begins outside of hours", "mon-fri=09:00-17:00", "2026-11-21 12:00", "1h", "2026-11-23 10:00"},
		{"working days", "mon-fri=09:00-17:00", "2026-11-23 11:00", "5d", "2026-11-30 11:00"},
		{"around the clock", "always", "2026-11-21 23:30", "4h", "2026-11-22 03:30"},
		{"clocks forward within", "zone=Europe/Madrid mon-sun=00:00-24:00", "2026-03-28 12:00", "24h", "2026-03-29 13:00"},
		{"clocks back within", "zone=Europe/Madrid mon-sun=00:00-24:00", "2026-10-24 12:00", "24h", "2026-10-25 11:00"},
		{"clocks forward outside of hours", "zone=America/New_York mon-fri=09:00-17:00", "2026-03-06 16:00", "2h", "2026-03-09 10:00"},
		{"29 February", "mon-sun=09:00-17:00", "2028-02-28 16:00", "9h", "2028-02-29 17:00"},
		{"28 February in another year", "mon-sun=09:00-17:00", "2027-02-28 16:00", "9h", "2027-03-01 17:00"},
		{"a holiday in the middle", "mon-fri=09:00-17:00 free=2026-11-24", "2026-11-23 16:00", "2h", "2026-11-25 10:00"},
		{"golden week, made up before", "zone=Asia/Shanghai mon-fri=09:00-18:00 holidays=CN", "2026-09-30 17:00", "2h", "2026-10-08 10:00"},
		{"Saturday worked in place", "zone=Asia/Shanghai mon-fri=09:00-18:00 holidays=CN", "2026-10-09 17:00", "2h", "2026-10-10 10:00"},
		{"own day over the country's", "zone=Asia/Shanghai mon-fri=09:00-18:00 holidays=CN work=2026-10-01", "2026-09-30 17:00", "2h", "2026-10-01 10:00"},
		{"Japanese autumn", "zone=Asia/Tokyo mon-fri=09:00-18:00 holidays=JP", "2026-09-18 17:00", "2h", "2026-09-24 10:00"},
		{"Spanish Epiphany", "zone=Europe/Madrid mon-fri=09:00-18:00 holidays=ES", "2026-01-05 17:00", "2h", "2026-01-07 10:00"},
		{"Thanksgiving", "zone=America/Chicago mon-fri=09:00-18:00 holidays=US", "2026-11-25 17:00", "2h", "2026-11-27 10:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			line := calendar(t, tt.calendar)
			target, err := line.Calendar().ParseTarget(tt.target)
			if err != nil {
				t.Fatal(err)
			}
			due, ok := line.After(instant(t, line, tt.start), target)
			if got := shown(line, due); !ok || got != tt.want {
				t.Errorf("due %s, want %s", got, tt.want)
			}
		})
	}
}

func TestPausesAreMeasuredInWorkingTime(t *testing.T) {
	line := calendar(t, "mon-fri=09:00-17:00")
	at := func(s string) int64 { return instant(t, line, s) }
	for _, tt := range []struct {
		name       string
		pauses     []Span
		stop, want string
		state      State
	}{
		{"none", nil, "", "2026-11-23 15:00", OnTime},
		{"within hours", []Span{{at("2026-11-23 12:00"), at("2026-11-23 13:00")}}, "", "2026-11-23 16:00", OnTime},
		{"begins outside of hours", []Span{{at("2026-11-22 20:00"), at("2026-11-23 12:00")}}, "", "2026-11-24 10:00", OnTime},
		{"wholly outside of hours", []Span{{at("2026-11-22 18:00"), at("2026-11-22 20:00")}}, "", "2026-11-23 15:00", OnTime},
		{"two that overlap count once", []Span{{at("2026-11-23 12:00"), at("2026-11-23 13:00")}, {at("2026-11-23 12:30"), at("2026-11-23 13:30")}}, "", "2026-11-23 16:30", OnTime},
		{"after the target was used up", []Span{{at("2026-11-23 16:00"), at("2026-11-23 16:30")}}, "", "2026-11-23 15:00", OnTime},
		{"not ended", []Span{{at("2026-11-23 12:00"), Open}}, "", "2026-11-23 15:00", Paused},
		{"kept", nil, "2026-11-23 14:59", "2026-11-23 15:00", Met},
		{"kept too late", nil, "2026-11-23 15:01", "2026-11-23 15:00", Breached},
	} {
		c := Clock{Line: line, Start: at("2026-11-22 12:00"), Target: 6 * 3600, Pauses: tt.pauses}
		if tt.stop != "" {
			c.Stop = at(tt.stop)
		}
		course := c.Course(DefaultWarn())
		if got := shown(line, course.Due); got != tt.want {
			t.Errorf("%s: due %s, want %s", tt.name, got, tt.want)
		}
		if got := course.At(at("2026-11-23 10:00"), c.Stop); got != tt.state {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.state)
		}
	}
}

func TestStatesFollowTheClock(t *testing.T) {
	line := calendar(t, "mon-fri=09:00-17:00")
	c := Clock{Line: line, Start: instant(t, line, "2026-11-23 09:00"), Target: 4 * 3600}
	course := c.Course(DefaultWarn())
	for at, want := range map[string]State{
		"2026-11-23 12:11": OnTime, "2026-11-23 12:12": Warning, "2026-11-23 12:59": Warning, "2026-11-23 13:00": Breached,
	} {
		if got := course.At(instant(t, line, at), 0); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
	short := Clock{Line: line, Start: c.Start, Target: 1800}
	if got := short.Course(DefaultWarn()); shown(line, got.WarnAt) != "2026-11-23 09:15" {
		t.Errorf("a short target warns at %s, 15 minutes before its end", shown(line, got.WarnAt))
	}
}

func TestLedgerReadsLikeAStatement(t *testing.T) {
	line := calendar(t, "mon-sun=10:00-12:00,13:00-18:00")
	c := Clock{
		Line: line, Start: instant(t, line, "2026-11-23 11:00"), Target: 8 * 3600,
		Pauses: []Span{{instant(t, line, "2026-11-23 14:00"), instant(t, line, "2026-11-23 15:00")}},
	}
	var out []string
	for _, e := range c.Ledger(0, DefaultWarn()) {
		out = append(out, strings.Join([]string{
			shown(line, e.From)[5:], shown(line, e.To)[5:], e.Kind, time.Duration(e.Seconds * 1e9).String(), time.Duration(e.Total * 1e9).String(),
		}, " "))
	}
	want := `11-23 11:00 11-23 12:00 counted 1h0m0s 1h0m0s
11-23 12:00 11-23 13:00 closed 1h0m0s 1h0m0s
11-23 13:00 11-23 14:00 counted 1h0m0s 2h0m0s
11-23 14:00 11-23 15:00 paused 1h0m0s 2h0m0s
11-23 15:00 11-23 18:00 counted 3h0m0s 5h0m0s
11-23 18:00 11-24 10:00 closed 16h0m0s 5h0m0s
11-24 10:00 11-24 12:00 counted 2h0m0s 7h0m0s
11-24 12:00 11-24 13:00 closed 1h0m0s 7h0m0s
11-24 13:00 11-24 14:00 counted 1h0m0s 8h0m0s`
	if got := strings.Join(out, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCalendarsThatCannotBeAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                                        "no working time",
		"mon=17:00-09:00":                         "over midnight",
		"mon=09:00-25:00":                         "not a frame",
		"mon=09:00-12:00,11:00-13:00":             "overlap",
		"zone=Mars/Olympus mon=09:00-12:00":       "no zone",
		"zone=Local mon=09:00-12:00":              "machine",
		"mon=09:00-12:00 holidays=XX":             "public holidays of",
		"mon=09:00-12:00 free=2026-02-30":         "not a date",
		"mon=09:00-12:00 free=2026-02-03..2020-1": "not a date",
		"moon=09:00-12:00":                        "weekdays",
		"mon":                                     "key=value",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want it to say %q", text, err, want)
		}
	}
	for text, want := range map[string]string{
		"zone = 7":                                          "calendar",
		"zon = \"UTC\"":                                     "a calendar has",
		"[week]\nmon = [\"9-12\"]":                          "week.mon",
		"[week]\nfeb = [\"09:00-12:00\"]":                   "none of mon",
		"holidays = [\"x\"]\n[week]\nmon = []":              "holidays",
		"zone = \"UTC\"\n[week\nmon = []":                   "line 3",
		"zone = \"UTC\"\n[week]\nmon = []\n":                "no working time",
		"countries=[\"FR\"]\n[week]\nmon=[\"09:00-10:00\"]": "public holidays",
	} {
		if _, err := ReadTOML(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want it to say %q", text, err, want)
		}
	}
}

func TestTOMLCalendar(t *testing.T) {
	c, err := ReadTOML("zone = \"Asia/Shanghai\"\nholidays = [\"2026-10-01\", \"2026-12-24..2026-12-26\"]\nworkdays=[\"2026-10-10\"]\ncountries=[\"cn\"]\n[week]\nmon = [\"13:00-18:00\", \"10:00-12:00\"]\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Free) != 4 || c.Week[time.Monday][0] != (Frame{600, 720}) || c.Zone.String() != "Asia/Shanghai" {
		t.Errorf("read as %+v", c)
	}
	if got := c.FramesOn(day.Of(2026, 10, 10)); len(got) != 2 {
		t.Errorf("a Saturday that is worked has %v", got)
	}
}

func TestICalendarHolidays(t *testing.T) {
	const text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Company\r\n  outing\r\nDTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\nEND:VEVENT\r\n" +
		"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20250501\r\nRRULE:FREQ=YEARLY;UNTIL=20270501\r\nEXDATE;VALUE=DATE:20260501\r\nEND:VEVENT\r\n" +
		"BEGIN:VEVENT\r\nDTSTART:20261109T090000Z\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261108\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	days, skipped, err := ReadICal(text)
	var got []string
	for _, d := range days {
		got = append(got, d.String())
	}
	if want := "2025-05-01 2026-12-24 2026-12-25 2026-12-26 2027-05-01"; err != nil || skipped != 1 || strings.Join(got, " ") != want {
		t.Errorf("%v, %d skipped, %v; want %s and 1", got, skipped, err, want)
	}
	for _, bad := range []string{"", "hello", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:x"} {
		if _, _, err := ReadICal(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func TestPublicHolidays(t *testing.T) {
	for text, want := range map[string]bool{
		"CN 2026-02-17": true, "CN 2026-02-24": false, "CN 2025-10-08": true, "JP 2026-05-06": true, "JP 2026-09-22": true, "JP 2026-09-24": false,
		"ES 2026-12-08": true, "ES 2026-04-03": true, "US 2026-07-03": true, "US 2026-11-26": true, "US 2026-11-27": false,
	} {
		country, date, _ := strings.Cut(text, " ")
		d, _ := day.Parse(date)
		if free, _ := (holidays{}).on(country, d); free != want {
			t.Errorf("%s: free %v", text, free)
		}
	}
	c := &Calendar{Countries: []string{"CN"}}
	if !c.NoNotice(2031) || c.NoNotice(2026) {
		t.Error("a year without a notice must be known for it")
	}
}
