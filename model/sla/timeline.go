package sla

import (
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"opsdeck/model/day"
)

// Span is a stretch of time in seconds since 1970 UTC, [From, To).
type Span struct{ From, To int64 }

// Timeline answers questions about a calendar quickly: its working time is laid out as spans with a
// running total, so that a due time is found by halving and not by walking. It may be used by several
// at once; it grows where it is asked about days beyond its ends.
type Timeline struct {
	cal *Calendar
	now atomic.Pointer[laid]
	mu  sync.Mutex // of whoever lays more out
	off holidays
}

// laid is the part of a calendar that has been laid out. It is never changed once others can see it.
type laid struct {
	first, last day.Day // local days [first, last)
	spans       []Span
	before      []int64 // working seconds before each span, and at the end
}

// Bounds of what is laid out: a target that is not reached within the furthest day has no due time.
const (
	grow     = 400       // days laid out at once
	furthest = 366 * 60  // days from the instant asked about
	skew     = 15 * 3600 // zones lie within so many seconds of UTC
)

// NewTimeline lays a calendar out. The calendar must not change afterwards.
func NewTimeline(c *Calendar) *Timeline { return &Timeline{cal: c, off: holidays{}} }

// Calendar is what the timeline lays out.
func (t *Timeline) Calendar() *Calendar { return t.cal }

// covers tells whether all of the time between two instants is laid out, whatever the zone.
func (l *laid) covers(from, to int64) bool {
	return l != nil && from >= int64(l.first)*86400+skew && to <= int64(l.last)*86400-skew
}

// reach returns spans that cover the time between two instants.
func (t *Timeline) reach(from, to int64) *laid {
	if l := t.now.Load(); l.covers(from, to) {
		return l
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.now.Load()
	if l.covers(from, to) {
		return l
	}
	a, b := day.Day(floorDiv(from, 86400))-2, day.Day(floorDiv(to, 86400))+3
	if l == nil {
		l = &laid{first: a, last: a}
	}
	// Growing by more than is asked keeps the cost of many questions low.
	next := &laid{first: min(l.first, a), last: max(l.last, b)}
	if next.first < l.first {
		next.first -= grow
	}
	if next.last > l.last {
		next.last += grow
	}
	next.spans = slices.Concat(t.lay(next.first, l.first), l.spans, t.lay(l.last, next.last))
	next.before = make([]int64, len(next.spans)+1)
	for i, s := range next.spans {
		next.before[i+1] = next.before[i] + s.To - s.From
	}
	t.now.Store(next)
	return next
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// lay lists the working spans of some local days.
func (t *Timeline) lay(from, to day.Day) []Span {
	var out []Span
	for d := from; d < to; d++ {
		for _, f := range t.cal.framesOn(d, t.off) {
			for _, s := range t.cal.instants(d, f) {
				if n := len(out); n > 0 && out[n-1].To == s.From {
					out[n-1].To = s.To
				} else {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// instants finds the moments at which the clocks of the zone show a frame of a day. A day on which the
// clocks are changed consists of several periods with their own distance from UTC.
func (c *Calendar) instants(d day.Day, f Frame) []Span {
	midnight := int64(d) * 86400
	var out []Span
	at := time.Unix(midnight-skew, 0).In(c.zone())
	for at.Unix() < midnight+24*3600+skew {
		_, offset := at.Zone()
		start, end := at.ZoneBounds()
		s := Span{midnight + int64(f.From)*60 - int64(offset), midnight + int64(f.To)*60 - int64(offset)}
		if !start.IsZero() {
			s.From = max(s.From, start.Unix())
		}
		if !end.IsZero() {
			s.To = min(s.To, end.Unix())
		}
		if s.From < s.To {
			out = append(out, s)
		}
		if end.IsZero() {
			break
		}
		at = end
	}
	return out
}

// at is how many working seconds lie before an instant that is within what is laid out.
func (l *laid) at(instant int64) int64 {
	i := sort.Search(len(l.spans), func(i int) bool { return l.spans[i].To > instant })
	if i == len(l.spans) {
		return l.before[i]
	}
	return l.before[i] + max(0, instant-l.spans[i].From)
}

// Working is how many working seconds lie between two instants; none when to is before from.
func (t *Timeline) Working(from, to int64) int64 {
	if to <= from {
		return 0
	}
	if t.cal.Always {
		return to - from
	}
	l := t.reach(from, to)
	return l.at(to) - l.at(from)
}

// After is the instant at which so many working seconds have passed since from, the end of a span
// rather than the beginning of the next. False where the calendar has so little working time that
// there is none within sixty years.
func (t *Timeline) After(from, seconds int64) (int64, bool) {
	if t.cal.Always {
		return from + seconds, true
	}
	for days := int64(60); ; days *= 4 {
		l := t.reach(from, from+min(days, furthest)*86400)
		want := l.at(from) + seconds
		if l.before[len(l.spans)] >= want {
			i := sort.Search(len(l.spans), func(i int) bool { return l.before[i+1] >= want })
			return max(from, l.spans[i].From+want-l.before[i]), true
		}
		if days > furthest {
			return 0, false
		}
	}
}

// Spans lists the working spans between two instants, cut to them.
func (t *Timeline) Spans(from, to int64) []Span {
	if to <= from {
		return nil
	}
	if t.cal.Always {
		return []Span{{from, to}}
	}
	l := t.reach(from, to)
	i := sort.Search(len(l.spans), func(i int) bool { return l.spans[i].To > from })
	var out []Span
	for ; i < len(l.spans) && l.spans[i].From < to; i++ {
		out = append(out, Span{max(from, l.spans[i].From), min(to, l.spans[i].To)})
	}
	return out
}
