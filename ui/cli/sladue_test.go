package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// week writes a calendar file with the same frames on some days.
func week(head, days, frames string) string {
	var b strings.Builder
	b.WriteString(head + "\n[week]\n")
	for d := range strings.FieldsSeq(days) {
		b.WriteString(d + " = [" + frames + "]\n")
	}
	return b.String()
}

// calendarFiles writes a calendar, and an iCalendar file with one more free day.
func calendarFiles(t *testing.T, calendar string) (file, ics string) {
	t.Helper()
	dir := t.TempDir()
	file, ics = filepath.Join(dir, "office.toml"), filepath.Join(dir, "days.ics")
	for name, text := range map[string]string{
		file: calendar, ics: "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261124\r\nSUMMARY:Works outing\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return file, ics
}

// Every vector of the definitions can be asked from the command line. The counted intervals add up to what is promised,
// and each begins where the one before ends.
func TestEverySLAVectorCanBeAsked(t *testing.T) {
	const daily, office = "mon tue wed thu fri sat sun", "mon tue wed thu fri"
	split := "zone = \"UTC\"\n[week]\nmon = [\"09:00-17:00\"]\ntue = [\"09:00-16:00\"]\nthu = [\"08:00-17:00\"]\n"
	for _, v := range []struct {
		name, calendar, start, target, due string
		seconds                            int64
		more                               []string
	}{
		{"16 h over a closed day", split, "2026-11-23T11:00", "16h", "2026-11-26T11:00:00Z", 16 * 3600, nil},
		{"8 h on 10–18", week("", daily, `"10:00-18:00"`), "2026-11-23T11:00", "8h", "2026-11-24T11:00:00Z", 8 * 3600, nil},
		{"8 h with a lunch break", week("", daily, `"10:00-12:00", "13:00-18:00"`), "2026-11-23T11:00", "8h", "2026-11-24T12:00:00Z", 8 * 3600, nil},
		{"the clock goes forward", week(`zone = "Europe/Madrid"`, daily, `"00:00-24:00"`), "2026-03-28T12:00", "24h", "2026-03-29T13:00:00+02:00", 86400, nil},
		{"the clock goes back", week(`zone = "Europe/Madrid"`, daily, `"00:00-24:00"`), "2026-10-24T12:00", "24h", "2026-10-25T11:00:00+01:00", 86400, nil},
		{"29 February", week("", daily, `"09:00-17:00"`), "2028-02-28T16:00", "9h", "2028-02-29T17:00:00Z", 9 * 3600, nil},
		{"a holiday in the middle", week(`holidays = ["2026-11-24"]`, office, `"09:00-17:00"`), "2026-11-23T16:00", "2h", "2026-11-25T10:00:00Z", 7200, nil},
		{"a pause that begins outside of hours", week("", office, `"09:00-17:00"`), "2026-11-22T12:00", "6h", "2026-11-24T10:00:00Z", 6 * 3600, []string{"--pause", "2026-11-22T20:00/2026-11-23T12:00"}},
		{"made-up day in China", week("zone = \"Asia/Shanghai\"\ncountries = [\"CN\"]", office, `"09:00-18:00"`), "2026-10-09T17:00", "2h", "2026-10-10T10:00:00+08:00", 7200, nil},
		{"an iCalendar file", week("", office, `"09:00-17:00"`), "2026-11-23T16:00", "2h", "2026-11-25T10:00:00Z", 7200, []string{"--holidays", "ICS"}},
	} {
		t.Run(v.name, func(t *testing.T) {
			file, ics := calendarFiles(t, v.calendar)
			args := []string{"report", "sla-due", "--calendar", file, "--start", v.start, "--target", v.target, "-o", "json"}
			for _, m := range v.more {
				args = append(args, strings.Replace(m, "ICS", ics, 1))
			}
			var got struct {
				Due    time.Time
				Ledger []struct {
					From, To       time.Time
					Kind           string
					Seconds, Total int64
				}
			}
			if err := json.Unmarshal([]byte(newSession(t).must(args...)), &got); err != nil {
				t.Fatal(err)
			}
			if due := got.Due.Format(time.RFC3339); due != v.due {
				t.Errorf("due %s, want %s", due, v.due)
			}
			var counted int64
			for i, e := range got.Ledger {
				if e.Kind == "counted" {
					counted += e.Seconds
				}
				if e.Total != counted || i > 0 && !e.From.Equal(got.Ledger[i-1].To) {
					t.Errorf("line %d does not follow: %+v", i+1, e)
				}
			}
			if last := len(got.Ledger) - 1; counted != v.seconds || last < 0 || !got.Ledger[last].To.Equal(got.Due) {
				t.Errorf("%d seconds are counted, want %d: %+v", counted, v.seconds, got.Ledger)
			}
		})
	}
}
