package sla

import (
	"testing"

	"opsdeck/model/day"
)

func TestFreeDaysAreAddedToACalendarInWords(t *testing.T) {
	add := []day.Day{day.Of(2026, 12, 25), day.Of(2026, 12, 24), day.Of(2026, 11, 24), day.Of(2027, 1, 1)}
	for text, want := range map[string]string{
		"mon-fri=09:00-17:00":                                "mon-fri=09:00-17:00 free=2026-11-24,2026-12-24..2026-12-25,2027-01-01",
		"free=2026-12-26,2026-11-24 mon=09:00-17:00":         "mon=09:00-17:00 free=2026-11-24,2026-12-24..2026-12-26,2027-01-01",
		"zone=Asia/Tokyo always free=2026-12-24..2026-12-31": "zone=Asia/Tokyo always free=2026-11-24,2026-12-24..2027-01-01",
	} {
		got, err := WithFree(text, add)
		if err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", text, got, err, want)
		}
		if again, err := WithFree(got, add); err != nil || again != got {
			t.Errorf("the same days again make it %q, %v", again, err)
		}
	}
	if _, err := WithFree("no calendar", nil); err == nil {
		t.Error("what is no calendar is taken")
	}
}
