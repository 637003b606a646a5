package table

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/sla"
)

// ItemClock is one clock of an item with what it comes to.
type ItemClock struct {
	Name string // of model.SLAClocks
	sla.Clock
	sla.Course
	State sla.State // at the moment of the picture
}

// Running tells whether the clock still counts or only stands for a while.
func (c *ItemClock) Running() bool { return c.Stop == 0 }

// before is a moment before a day begins anywhere on earth, from where a new picture's clocks go forward.
func before(d day.Day) int64 { return (int64(d) - 1) * 86400 }

// turnAt notes when a clock will change its state next.
func (s *Snapshot) turnAt(at int64) {
	for {
		was := s.turns.Load()
		if at >= was || s.turns.CompareAndSwap(was, at) {
			return
		}
	}
}

// seconds reads a time of a row in seconds, 0 where there is none.
func (t *Table) seconds(col int, row int32) int64 {
	return int64(math.Floor(float64(t.cols[col].num.get(row).int()) / 1000))
}

// spansOf reads stretches of time as an item notes them.
func spansOf(text string) []sla.Span {
	var out []sla.Span
	for part := range strings.FieldsSeq(text) {
		from, to, _ := strings.Cut(part, "-")
		a, err1 := strconv.ParseInt(from, 10, 64)
		b, err2 := strconv.ParseInt(to, 10, 64)
		if err1 == nil && err2 == nil {
			out = append(out, sla.Span{From: a, To: b})
		}
	}
	return out
}

// itemPauses lists when an item's clocks stood still.
func (s *Snapshot) itemPauses(row int32) []sla.Span {
	t := s.tables[model.Item]
	var out []sla.Span
	if text := t.cols[itemAt.pauses].text(row); text != "" {
		out = spansOf(text)
	}
	state := t.cols[itemAt.state].text(row)
	if t.cols[itemAt.waiting].flag.get(row) == 2 && model.ItemIsOpen(state) || slices.Contains(s.rules.sla.Pausing, state) {
		since := t.seconds(itemAt.pausedSince, row)
		if since == 0 {
			// A source says that it waits, not since when: since the last that is known of it.
			since = max(t.seconds(itemAt.stateSince, row), t.seconds(itemAt.responded, row), t.seconds(itemAt.opened, row))
		}
		out = append(out, sla.Span{From: since, To: sla.Open})
	}
	return out
}

// calendarOf names the calendar that an item's clocks are counted on: that of the first customer linked
// who has one, by itself or by its team.
func (s *Snapshot) calendarOf(row int32) string {
	customers := s.tables[model.Customer]
	for _, c := range s.tables[model.Item].cols[itemAt.customers].lists.get(row) {
		own, team := customers.cols[customerAt.calendar].text(c), customers.cols[customerAt.team].text(c)
		if own == "" && team == "" {
			continue
		}
		if name := s.rules.sla.Calendar(own, team); name != "default" {
			return name
		}
	}
	return "default"
}

// clock is one clock of an item without its course; false where nothing is promised or it never began.
func (s *Snapshot) clock(row int32, name, calendar, severity string, pauses []sla.Span) (sla.Clock, bool) {
	t := s.tables[model.Item]
	line, target := s.rules.sla.Line(calendar, severity, name)
	if target == 0 {
		return sla.Clock{}, false
	}
	state := t.cols[itemAt.state].text(row)
	done := !model.ItemIsOpen(state)
	c := sla.Clock{Line: line, Start: t.seconds(itemAt.opened, row), Target: target, Pauses: pauses}
	resolved := t.seconds(itemAt.resolved, row)
	switch name {
	case "first response":
		c.Stop = t.seconds(itemAt.responded, row)
		if c.Stop == 0 && done {
			c.Stop = resolved
		}
	case "next response":
		c.Start = t.seconds(itemAt.asked, row)
		if done {
			return c, false
		}
	default:
		// The state decides whether it is resolved, not the date.
		if done || state == "fixed" || state == "released" {
			c.Stop = resolved
		}
	}
	if c.Start == 0 || done && c.Stop == 0 || (state == "fixed" || state == "released") && name == "resolution" && c.Stop == 0 {
		return c, false
	}
	return c, true
}

// Clocks lists the clocks of an item with their states at the moment of the picture.
func (s *Snapshot) Clocks(row int32) []ItemClock {
	pauses, calendar := s.itemPauses(row), s.calendarOf(row)
	severity := s.tables[model.Item].cols[itemAt.severity].text(row)
	var out []ItemClock
	for _, name := range model.SLAClocks() {
		if c, ok := s.clock(row, name, calendar, severity, pauses); ok {
			full := ItemClock{Name: name, Clock: c, Course: c.Course(s.rules.sla.Warn)}
			full.State = full.At(s.Now, c.Stop)
			out = append(out, full)
		}
	}
	return out
}

// slaFigures computes which clock of an item is due first, when, and where it stands.
func (s *Snapshot) slaFigures(f figures, severity string) {
	row, t := f.row, s.tables[model.Item]
	state, name, due, warn := "", "", int64(0), int64(0)
	switch {
	case !model.ItemIsOpen(t.cols[itemAt.state].text(row)):
		state = s.kept(row, severity)
	default:
		pauses, calendar := s.itemPauses(row), s.calendarOf(row)
		for _, clock := range model.SLAClocks() {
			c, ok := s.clock(row, clock, calendar, severity, pauses)
			if !ok {
				continue
			}
			course := c.Course(s.rules.sla.Warn)
			at := course.At(s.Now, c.Stop)
			if c.Stop != 0 {
				if state == "" {
					state = string(at)
				}
				continue
			}
			if at == sla.Paused {
				if due == 0 {
					state, name = string(at), clock
				}
				continue
			}
			if course.Known && (due == 0 || course.Due < due) {
				state, name, due, warn = string(at), clock, course.Due, course.WarnAt
			}
		}
	}
	f.text(itemAt.slaState, state)
	f.text(itemAt.slaClock, name)
	f.instant(itemAt.slaDue, due)
	f.instant(itemAt.slaWarn, warn)
	switch sla.State(state) {
	case sla.OnTime:
		s.turnAt(warn)
	case sla.Warning:
		s.turnAt(due)
	}
}

// kept tells whether all that was promised of an item that is done was kept.
func (s *Snapshot) kept(row int32, severity string) string {
	pauses, calendar := s.itemPauses(row), s.calendarOf(row)
	state := ""
	for _, clock := range model.SLAClocks() {
		c, ok := s.clock(row, clock, calendar, severity, pauses)
		if !ok {
			continue
		}
		due, known := c.Line.After(c.Start, c.Target)
		if known && c.Stop > due && len(pauses) > 0 {
			course := c.Course(s.rules.sla.Warn)
			due = course.Due
		}
		if known && c.Stop > due {
			return string(sla.Breached)
		}
		state = string(sla.Met)
	}
	return state
}

// At returns the picture at a moment: the same one unless the state of a clock has changed since. The
// moment is in seconds since 1970 UTC.
func (s *Snapshot) At(now int64) *Snapshot {
	if now == s.Now || now > s.Now && now < s.turns.Load() {
		return s
	}
	var turned []int32
	next := int64(math.MaxInt64)
	t := s.tables[model.Item]
	for row := range t.size {
		due := t.seconds(itemAt.slaDue, row)
		if due == 0 || !t.Live(row) {
			continue
		}
		state, warn := t.cols[itemAt.slaState].text(row), t.seconds(itemAt.slaWarn, row)
		is := sla.OnTime
		switch {
		case now >= due:
			is = sla.Breached
		case now >= warn:
			is, next = sla.Warning, min(next, due)
		default:
			next = min(next, warn)
		}
		if string(is) != state {
			turned = append(turned, row)
		}
	}
	if len(turned) == 0 {
		// Later questions need not look again until the next clock turns.
		if now > s.Now {
			s.turns.Store(next)
		}
		return s
	}
	return s.turned(now, next, turned)
}

// turned makes the picture in which some items' clocks have changed their state.
func (s *Snapshot) turned(now, next int64, rows []int32) *Snapshot {
	made := &Snapshot{Seq: s.Seq, Today: s.Today, Now: now, Settings: s.Settings, rules: s.rules, cards: s.cards, useMonth: s.useMonth, tables: make([]*Table, len(s.tables)), widest: s.widest, inForce: s.inForce, turns: &atomic.Int64{}}
	made.turns.Store(next)
	s.each(func(t *Table) { made.tables[t.Schema.Kind] = t.thaw(made, false) })
	items := made.tables[model.Item]
	items.see()
	for _, row := range rows {
		made.slaFigures(figures{items, row}, items.cols[itemAt.severity].text(row))
	}
	made.each(func(t *Table) {
		old := s.tables[t.Schema.Kind]
		t.freeze()
		t.words = old.words.next(t, nil)
		t.orders = old.orders.next(t, nil)
		t.marked = nil
	})
	return made
}
