package sla

import (
	"testing"
	"time"
)

// FuzzCalendar hands in any text as a calendar: one that is read answers what it is asked, and in order.
func FuzzCalendar(f *testing.F) {
	for _, text := range []string{
		"", "always", "office", "zone = \"Asia/Tokyo\"", "[hours]\nmon = [\"09:00-12:00\", \"13:00-18:00\"]", "holidays = [\"US\"]", "off = [\"2026-12-24\"]", "zone = \"../../etc\"", "\xff", "[[hours]]",
	} {
		f.Add(text)
	}
	from := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC).Unix()
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse(text)
		if err != nil {
			return
		}
		if due, ok := NewTimeline(c).After(from, 3600); ok && due < from {
			t.Errorf("an hour of work after %d ends at %d", from, due)
		}
	})
}
