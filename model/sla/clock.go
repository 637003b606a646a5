package sla

import (
	"cmp"
	"math"
	"slices"
)

// Open is the end of a pause that has not ended.
const Open = int64(math.MaxInt64)

// Clock is a promise that is counted on a calendar.
type Clock struct {
	Line   *Timeline
	Start  int64
	Target int64  // working seconds
	Pauses []Span // when it stands still; the last one may be Open
	Stop   int64  // when the promise was kept; 0 while it runs
}

// State is where a clock stands at a moment.
type State string

// The states of a clock.
const (
	OnTime   State = "on time"
	Warning  State = "warning"
	Breached State = "breached"
	Paused   State = "paused"
	Met      State = "met"
)

// Warn says how early a clock warns: in the last Share of its target, at least Least seconds before
// the end.
type Warn struct {
	Share float64 // 0–1
	Least int64
}

// DefaultWarn is the last fifth or the last 15 minutes, whichever is longer.
func DefaultWarn() Warn { return Warn{Share: 0.2, Least: 15 * 60} }

func (w Warn) before(target int64) int64 {
	return min(target, max(w.Least, int64(w.Share*float64(target))))
}

// Course is what a clock comes to, apart from the moment that it is looked at.
type Course struct {
	Due       int64 // when the target is used up; of a clock that stands still, if it went on at once
	WarnAt    int64
	Known     bool  // false where the calendar has too little working time
	Held      int64 // working seconds that pauses have taken out
	StandsAt  int64 // when the pause began in which it stands still, 0 while it runs
	Left      int64 // working seconds left when it was stopped or paused; below zero past its time
	Stopped   bool
	StoppedBy int64 // working seconds past the target when it was stopped, 0 when the promise was kept
}

// merged puts pauses in order, cuts them to the clock and joins those that overlap.
func (c *Clock) merged() []Span {
	var out []Span
	sorted := slices.Clone(c.Pauses)
	slices.SortFunc(sorted, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	for _, p := range sorted {
		p.From = max(p.From, c.Start)
		if c.Stop != 0 {
			p.To = min(p.To, c.Stop)
		}
		if p.To <= p.From {
			continue
		}
		if n := len(out); n > 0 && p.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, p.To)
			continue
		}
		out = append(out, p)
	}
	return out
}

// Course computes when the clock is due. A pause moves the due time by the working seconds in it and
// by no more; one that begins after the target was used up changes nothing.
func (c *Clock) Course(w Warn) Course {
	var out Course
	reach := func(target int64) (int64, bool) { return c.Line.After(c.Start, target) }
	if out.Due, out.Known = reach(c.Target); !out.Known {
		return out
	}
	early := w.before(c.Target)
	warnAt := func() int64 {
		at, _ := reach(max(0, c.Target-early) + out.Held)
		return at
	}
	out.WarnAt = warnAt()
	for _, p := range c.merged() {
		if p.From >= out.Due {
			break
		}
		if p.To == Open {
			out.StandsAt = p.From
			out.Left = c.Target + out.Held - c.Line.Working(c.Start, p.From)
			return out
		}
		held := c.Line.Working(p.From, p.To)
		warned := out.WarnAt <= p.From
		out.Held += held
		if out.Due, out.Known = reach(c.Target + out.Held); !out.Known {
			return out
		}
		if !warned {
			out.WarnAt = warnAt()
		}
	}
	if c.Stop != 0 {
		out.Stopped = true
		if c.Stop > out.Due {
			out.StoppedBy = c.Line.Working(out.Due, c.Stop)
			out.Left = -out.StoppedBy
		} else {
			out.Left = c.Line.Working(c.Stop, out.Due)
		}
	}
	return out
}

// At is the clock's state at a moment. A promise that was kept too late stays breached.
func (c *Course) At(now, stop int64) State {
	switch {
	case !c.Known:
		return OnTime
	case c.StandsAt != 0:
		return Paused
	case c.Stopped && stop > c.Due:
		return Breached
	case c.Stopped:
		return Met
	case now >= c.Due:
		return Breached
	case now >= c.WarnAt:
		return Warning
	}
	return OnTime
}
