package sla

// The kinds of ledger entries.
const (
	Counted = "counted" // working time that used up the target
	Held    = "paused"  // the clock stood still
	Closed  = "closed"  // outside of working time
)

// Entry is one line of the ledger: an interval, what it was, and how much of the target had been used
// up by its end.
type Entry struct {
	From, To int64
	Kind     string
	Seconds  int64 // of a counted or paused entry its working seconds, of a closed one its length
	Total    int64 // counted working seconds up to To
}

// Ledger lists every interval from the clock's start to its end: the moment when it was stopped, else
// when the target is used up or, of a clock that is overdue or stands still, now. Counted entries add
// up to the working time used.
func (c *Clock) Ledger(now int64, w Warn) []Entry {
	course := c.Course(w)
	end := c.Stop
	switch {
	case end != 0:
	case course.StandsAt != 0:
		end = max(now, course.StandsAt)
	case !course.Known:
		end = now
	default:
		end = max(course.Due, now)
	}
	var out []Entry
	total := int64(0)
	add := func(from, to int64, kind string, seconds int64) {
		if to <= from {
			return
		}
		if kind == Counted {
			total += seconds
		}
		out = append(out, Entry{from, to, kind, seconds, total})
	}
	stretch := func(from, to int64) {
		at := from
		for _, s := range c.Line.Spans(from, to) {
			add(at, s.From, Closed, s.From-at)
			add(s.From, s.To, Counted, s.To-s.From)
			at = s.To
		}
		add(at, to, Closed, to-at)
	}
	at := c.Start
	for _, p := range c.merged() {
		if p.From >= end || course.Known && course.StandsAt == 0 && p.From >= course.Due {
			break
		}
		to := min(p.To, end)
		stretch(at, p.From)
		add(p.From, to, Held, c.Line.Working(p.From, to))
		at = to
	}
	stretch(at, end)
	return out
}
