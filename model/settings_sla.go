package model

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model/day"
	"opsdeck/model/sla"
)

// slaDefs are the settings of clocks, escalation, telling and the hotline.
func slaDefs() []SettingDef {
	return []SettingDef{
		{"sla.S1", "respond=30m next=30m resolve=4h clock=always", "what is promised for severity S1; clock is always or business", checkPromise},
		{"sla.S2", "respond=1h next=1h resolve=1d clock=business", "the same for S2; d is a working day", checkPromise},
		{"sla.S3", "respond=4h next=4h resolve=5d clock=business", "the same for S3", checkPromise},
		{"sla.S4", "respond=1d next=1d resolve=20d clock=business", "the same for S4", checkPromise},
		{"sla.S5", "respond=2d next=2d clock=business", "the same for S5, which is resolved with a planned release", checkPromise},
		{"sla.unjudged", "respond=4h next=4h clock=business", "the same while the severity is not known", checkPromise},
		{"sla.warn_percent", "20", "a clock warns in the last percent of its target …", checkPercent},
		{"sla.warn_minutes", "15", "… or in its last minutes, whichever is longer", checkCount},
		{"sla.pause_states", "parked", "states in which the clocks stand still, besides waiting for the customer", checkPauseStates},
		{"sla.escalate", "S1:warning:lead S1:breached:administrator S2:breached:lead S3:breached+1d:lead", "severity:state:role, put before everybody of that role; +1d is how long after", checkEscalations},
		{calendarPrefix + "default", "mon-fri=09:00-17:00", "working time where neither customer nor team has a calendar: zone=… mon-fri=… holidays=CN free=… work=…", checkCalendar},
		{"tell.states", "released declined answered", "states of an item that its customers are told of", checkItemStates},
		{"handbook.frequent", "3", "how often a question is asked before it needs an entry of the handbook", checkCount},
		{"demand.factor.KA", "3", "how much a KA customer's importance counts", checkWeight},
		{"demand.factor.mid", "2", "the same for mid", checkWeight},
		{"demand.factor.small", "1", "the same for small & micro and without a tier", checkWeight},
		{"hotline.people", "", "who is on hotline in turn, parted by spaces", nil},
		{"hotline.start", "2026-01-05", "the day on which the first of them begins", checkDate},
		{"hotline.days", "7", "days of a turn", checkTurn},
	}
}

// calendarPrefix begins the settings that hold calendars: calendar.default, calendar.NAME for
// customers that name it, calendar.TEAM for the customers of a team.
const calendarPrefix = "calendar."

func checkCalendar(s string) error { _, err := sla.Parse(s); return err }

func checkDate(s string) error { _, err := day.Parse(s); return err }

func checkTurn(s string) error {
	if n, err := strconv.Atoi(s); err != nil || n < 1 || n > 366 {
		return fmt.Errorf("%q is not a number of days from 1", s)
	}
	return nil
}

func checkItemStates(s string) error {
	for _, state := range StateList(s) {
		if !slices.Contains(ItemStates(), state) {
			return fmt.Errorf("%q is none of %s", state, strings.Join(ItemStates(), ", "))
		}
	}
	return nil
}

func checkPauseStates(s string) error {
	for _, state := range StateList(s) {
		if !ItemIsOpen(state) {
			return fmt.Errorf("%q: an item that is done has no clock to pause", state)
		}
	}
	return checkItemStates(s)
}

// StateList reads states parted by spaces; an underscore stands for the space within one.
func StateList(s string) []string {
	out := strings.Fields(s)
	for i := range out {
		out[i] = strings.ReplaceAll(out[i], "_", " ")
	}
	return out
}

// Promise is what is promised for a severity, as it is written: targets such as 30m or 5d, empty where
// nothing is promised.
type Promise struct {
	Respond, Next, Resolve string
	Always                 bool // around the clock, whatever the calendar
}

// Target is the promise of a clock.
func (p *Promise) Target(clock string) string {
	switch clock {
	case "first response":
		return p.Respond
	case "next response":
		return p.Next
	}
	return p.Resolve
}

func parsePromise(s string) (Promise, error) {
	var p Promise
	for _, part := range strings.Fields(s) {
		key, value, _ := strings.Cut(part, "=")
		to := map[string]*string{"respond": &p.Respond, "next": &p.Next, "resolve": &p.Resolve}[key]
		switch {
		case to != nil:
			if _, err := sla.Office().ParseTarget(value); err != nil {
				return p, err
			}
			*to = value
		case part == "clock=always":
			p.Always = true
		case part != "clock=business":
			return p, fmt.Errorf("%q is none of respond=30m, next=30m, resolve=4h, clock=always and clock=business", part)
		}
	}
	return p, nil
}

func checkPromise(s string) error { _, err := parsePromise(s); return err }

// Escalation puts items of a severity before everybody of a role once their clock has a state.
type Escalation struct {
	Severity string
	State    sla.State // warning or breached
	After    int64     // seconds after the due time
	Role     string
}

var errEscalation = errors.New("not severity:state:role such as S2:breached+4h:lead")

func parseEscalations(s string) ([]Escalation, error) {
	var out []Escalation
	for _, rule := range strings.Fields(s) {
		part := strings.Split(rule, ":")
		if len(part) != 3 {
			return nil, fmt.Errorf("%q: %w", rule, errEscalation)
		}
		state, after, late := strings.Cut(part[1], "+")
		e := Escalation{Severity: part[0], State: sla.State(state), Role: part[2]}
		if late {
			seconds, err := sla.AroundTheClock().ParseTarget(after)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", rule, err)
			}
			e.After = seconds
		}
		role, _ := SchemaOf(User).Field("role")
		if !slices.Contains(Severities(), e.Severity) || e.State != sla.Warning && e.State != sla.Breached ||
			!role.IsOption(e.Role) || late && e.State == sla.Warning {
			return nil, fmt.Errorf("%q: %w", rule, errEscalation)
		}
		out = append(out, e)
	}
	return out, nil
}

func checkEscalations(s string) error { _, err := parseEscalations(s); return err }

// SLARules are the promises with the calendars that they are counted on.
type SLARules struct {
	promises    map[string]Promise // by severity, "" while it is not known
	targets     map[targetKey]int64
	lines       map[string]*sla.Timeline // by name of the calendar
	always      *sla.Timeline
	Warn        sla.Warn
	Pausing     []string
	Escalations []Escalation
}

type targetKey struct {
	calendar, severity, clock string
}

// SLARules reads the settings. Calendars that have not changed since older rules keep what they have
// laid out; older may be nil.
func (s *Settings) SLARules() *SLARules {
	r := &SLARules{
		promises: map[string]Promise{}, targets: map[targetKey]int64{}, lines: map[string]*sla.Timeline{}, always: sla.NewTimeline(sla.AroundTheClock()),
		Warn: sla.Warn{Share: s.Number("sla.warn_percent") / 100, Least: int64(60 * s.Int("sla.warn_minutes"))}, Pausing: StateList(s.Text("sla.pause_states")),
	}
	r.Escalations, _ = parseEscalations(s.Text("sla.escalate"))
	for _, key := range s.Keys() {
		if name, ok := strings.CutPrefix(key, calendarPrefix); ok {
			if c, err := sla.Parse(s.Text(key)); err == nil {
				r.lines[name] = sla.NewTimeline(c)
			}
		}
	}
	for _, severity := range append(Severities(), "") {
		key := "sla." + severity
		if severity == "" {
			key = "sla.unjudged"
		}
		p, _ := parsePromise(s.Text(key))
		r.promises[severity] = p
		for name, line := range r.lines {
			for _, clock := range SLAClocks() {
				if text := p.Target(clock); text != "" {
					if p.Always {
						line = r.always
					}
					seconds, _ := line.Calendar().ParseTarget(text)
					r.targets[targetKey{name, severity, clock}] = seconds
				}
			}
		}
	}
	return r
}

// Calendar picks the first of some names that is a calendar: the customer's own, that of its team;
// else the default one.
func (r *SLARules) Calendar(names ...string) string {
	for _, n := range names {
		if r.lines[n] != nil {
			return n
		}
	}
	return "default"
}

// Promise is what is promised for a severity, empty while it is not known.
func (r *SLARules) Promise(severity string) Promise { return r.promises[severity] }

// Line is what an item's clocks are counted on, with the target in working seconds; 0 where nothing
// is promised.
func (r *SLARules) Line(calendar, severity, clock string) (*sla.Timeline, int64) {
	line := r.lines[calendar]
	if r.promises[severity].Always || line == nil {
		line = r.always
	}
	return line, r.targets[targetKey{calendar, severity, clock}]
}

// OnHotline is who is on hotline on a day, and the last day of the turn; empty where nobody is named.
func (s *Settings) OnHotline(on day.Day) (who string, until day.Day) {
	people := strings.Fields(s.Text("hotline.people"))
	start, err := day.Parse(s.Text("hotline.start"))
	length := day.Day(max(1, s.Int("hotline.days")))
	if len(people) == 0 || err != nil {
		return "", day.None
	}
	turn := (on - start) / length
	if on < start {
		turn = (on - start - length + 1) / length
	}
	n := (int(turn)%len(people) + len(people)) % len(people)
	return people[n], start + (turn+1)*length - 1
}
