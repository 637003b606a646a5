package sla

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"opsdeck/model/day"
)

// zones have clock changes at midnight, of half an hour, and in the middle of a working day's eve.
var zones = []string{"UTC", "Europe/Madrid", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu", "Pacific/Apia"}

func drawCalendar(t *rapid.T) *Calendar {
	c := &Calendar{}
	c.Zone, _ = time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	for wd := range c.Week {
		edges := rapid.SliceOfNDistinct(rapid.IntRange(0, 24*60), 0, 6, rapid.ID[int]).Draw(t, "edges")
		slices.Sort(edges)
		for i := 0; i+1 < len(edges); i += 2 {
			c.Week[wd] = append(c.Week[wd], Frame{edges[i], edges[i+1]})
		}
	}
	c.Week[rapid.IntRange(0, 6).Draw(t, "some day")] = []Frame{{0, 24 * 60}}
	for _, n := range rapid.SliceOfN(rapid.IntRange(-5, 12), 0, 3).Draw(t, "free") {
		c.Free = append(c.Free, base(c)+day.Day(n))
	}
	if rapid.Bool().Draw(t, "a country") {
		c.Countries = []string{rapid.SampledFrom(Countries()).Draw(t, "country")}
	}
	return c
}

// base is a day whose neighbourhood holds a change of the zone's clocks where there is one.
func base(c *Calendar) day.Day {
	_, end := time.Date(2026, 1, 10, 0, 0, 0, 0, c.Zone).ZoneBounds()
	if end.IsZero() {
		return day.Of(2026, 2, 10)
	}
	return day.FromTime(end) - 1
}

// oracle walks minute by minute and asks what the clocks of the zone show.
type oracle struct {
	c    *Calendar
	days map[day.Day][]Frame
}

func (o *oracle) works(at int64) bool {
	t := time.Unix(at, 0).In(o.c.Zone)
	d, minute := day.FromTime(t), t.Hour()*60+t.Minute()
	frames, known := o.days[d]
	if !known {
		frames = o.c.FramesOn(d)
		o.days[d] = frames
	}
	for _, f := range frames {
		if f.From <= minute && minute < f.To {
			return true
		}
	}
	return false
}

func (o *oracle) working(from, to int64) (seconds int64) {
	for at := from; at < to; at += 60 {
		if o.works(at) {
			seconds += 60
		}
	}
	return seconds
}

// drawClock draws whole minutes, which the oracle can walk.
func drawClock(t *rapid.T, c *Calendar) Clock {
	start := int64(base(c))*86400 + int64(rapid.IntRange(-2*1440, 2*1440).Draw(t, "start"))*60
	k := Clock{Line: NewTimeline(c), Start: start, Target: int64(rapid.IntRange(1, 2000).Draw(t, "target")) * 60}
	for range rapid.IntRange(0, 3).Draw(t, "pauses") {
		from := start + int64(rapid.IntRange(-600, 6000).Draw(t, "from"))*60
		k.Pauses = append(k.Pauses, Span{from, from + int64(rapid.IntRange(0, 3000).Draw(t, "length"))*60})
	}
	return k
}

func TestDueAgreesWithAWalkThroughTheMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCalendar(t)
		k := drawClock(t, c)
		course := k.Course(DefaultWarn())
		o := oracle{c, map[day.Day][]Frame{}}
		at, used := k.Start, int64(0)
		for used < k.Target {
			if o.works(at) && !slices.ContainsFunc(k.Pauses, func(p Span) bool { return p.From <= at && at < p.To }) {
				used += 60
			}
			at += 60
		}
		if !course.Known || course.Due != at {
			t.Fatalf("due %v, by minutes %v", time.Unix(course.Due, 0).In(c.Zone), time.Unix(at, 0).In(c.Zone))
		}
	})
}

func TestWorkingTimeAgreesWithAWalkThroughTheMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCalendar(t)
		from := int64(base(c))*86400 + int64(rapid.IntRange(-4*1440, 4*1440).Draw(t, "from"))*60
		to := from + int64(rapid.IntRange(0, 6*1440).Draw(t, "length"))*60
		o := oracle{c, map[day.Day][]Frame{}}
		if got, want := NewTimeline(c).Working(from, to), o.working(from, to); got != want {
			t.Fatalf("%d working seconds, by minutes %d", got, want)
		}
	})
}

func TestLedgerAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := drawClock(t, drawCalendar(t))
		now := k.Start + int64(rapid.IntRange(0, 9000).Draw(t, "now"))*60
		if rapid.Bool().Draw(t, "stopped") {
			k.Stop = now
		}
		course := k.Course(DefaultWarn())
		counted, at := int64(0), k.Start
		entries := k.Ledger(now, DefaultWarn())
		for _, e := range entries {
			if e.From != at {
				t.Fatalf("an entry begins at %d, the one before ends at %d", e.From, at)
			}
			at = e.To
			if e.Kind == Counted {
				counted += e.Seconds
			}
			if e.Total != counted {
				t.Fatalf("running total %d, counted %d", e.Total, counted)
			}
		}
		end := k.Stop
		if end == 0 {
			end = max(course.Due, now)
		}
		if want := k.Line.Working(k.Start, end) - heldBefore(&k, course.Due, end); counted != want {
			t.Fatalf("counted %d, elapsed working time %d", counted, want)
		}
		if !course.Stopped && now <= course.Due && counted != k.Target {
			t.Fatalf("counted %d up to the due time, the target is %d", counted, k.Target)
		}
	})
}

// heldBefore adds up the working time of the pauses that count.
func heldBefore(k *Clock, due, end int64) (seconds int64) {
	for _, p := range k.merged() {
		if p.From < due {
			seconds += k.Line.Working(p.From, min(p.To, end))
		}
	}
	return seconds
}

// The pause that is added is the last one: one before another can make the other count as well, where
// the target was used up before that.
func TestAPauseMovesTheDueTimeByNoMoreThanItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := drawClock(t, drawCalendar(t))
		plain := Clock{Line: k.Line, Start: k.Start, Target: k.Target}
		first, before := plain.Course(DefaultWarn()), k.Course(DefaultWarn())
		from, all := k.Start, int64(0)
		for _, p := range k.Pauses {
			from = max(from, p.From)
			all += p.To - p.From
		}
		from += int64(rapid.IntRange(0, 6000).Draw(t, "added from")) * 60
		length := int64(rapid.IntRange(0, 3000).Draw(t, "added length")) * 60
		k.Pauses = append(k.Pauses, Span{from, from + length})
		after := k.Course(DefaultWarn())
		if after.Due < before.Due {
			t.Fatalf("a pause brought the due time forward")
		}
		if moved := k.Line.Working(before.Due, after.Due); moved > length {
			t.Fatalf("a pause of %d s moved the due time by %d working seconds", length, moved)
		}
		if moved := k.Line.Working(first.Due, after.Due); moved > all+length {
			t.Fatalf("pauses of %d s moved the due time by %d working seconds", all+length, moved)
		}
	})
}

func TestTimelineGrowsTheSameWhateverIsAskedFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCalendar(t)
		asked := NewTimeline(c)
		for range rapid.IntRange(1, 4).Draw(t, "questions") {
			asked.Working(int64(base(c))*86400+int64(rapid.IntRange(-3000, 3000).Draw(t, "days"))*86400, int64(base(c))*86400)
		}
		from := int64(base(c))*86400 + int64(rapid.IntRange(-9999, 9999).Draw(t, "minutes"))*60
		a, _ := asked.After(from, 36000)
		b, _ := NewTimeline(c).After(from, 36000)
		if a != b {
			t.Fatalf("%d and %d", a, b)
		}
	})
}

func FuzzReadICal(f *testing.F) {
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20250501\nRRULE:FREQ=YEARLY;COUNT=3\nEND:VEVENT")
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261101\nDTEND:99991231\nEND:VEVENT\n")
	f.Fuzz(func(t *testing.T, text string) {
		days, _, err := ReadICal(text)
		if err == nil && !slices.IsSorted(days) {
			t.Error("days are out of order")
		}
	})
}
