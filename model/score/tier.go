package score

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"opsdeck/model/day"
)

// Level is a named step of a score, such as a tier or a health colour.
type Level struct {
	Key string
	Min float64 // the lowest score that reaches it; of the lowest level it is not looked at
}

// Levels run from the highest to the lowest.
type Levels []Level

// DefaultTiers are KA from 70, mid from 40, small below.
func DefaultTiers() Levels { return Levels{{"KA", 70}, {"mid", 40}, {"small", 0}} }

// DefaultHealthLevels are green from 75, yellow from 50, red below.
func DefaultHealthLevels() Levels { return Levels{{"green", 75}, {"yellow", 50}, {"red", 0}} }

// Check tells what is wrong with the levels.
func (l Levels) Check() error {
	if len(l) == 0 {
		return fmt.Errorf("there are no levels; add at least one")
	}
	for i, level := range l {
		if level.Key == "" || l.rank(level.Key) != i {
			return fmt.Errorf("level %d: %q is empty or listed twice", i+1, level.Key)
		}
		if !finite(level.Min) {
			return fmt.Errorf("level %q: its minimum is not a number", level.Key)
		}
		if i > 0 && i < len(l)-1 && level.Min >= l[i-1].Min {
			return fmt.Errorf("level %q: its minimum must lie below that of %q", level.Key, l[i-1].Key)
		}
	}
	return nil
}

// Of returns the level that a score reaches, "" when there are none.
func (l Levels) Of(score float64) string { return l.shifted(score, 0) }

// shifted is the level that a score reaches when every minimum is moved up.
func (l Levels) shifted(score, up float64) string {
	for i, level := range l {
		if i == len(l)-1 || score >= level.Min+up {
			return level.Key
		}
	}
	return ""
}

// rank is the place of a level from the top, or -1.
func (l Levels) rank(key string) int {
	return slices.IndexFunc(l, func(level Level) bool { return level.Key == key })
}

// Inertia keeps a level from flickering: it changes when the score is past the threshold by the
// margin, or when the same new level comes out in several scorings running.
type Inertia struct {
	Margin float64 // points
	Runs   int     // scorings; 0 and 1 change at once
}

// DefaultInertia is a margin of 3 points or two scorings.
func DefaultInertia() Inertia { return Inertia{Margin: 3, Runs: 2} }

// Standing is what has to be remembered from one scoring to the next.
type Standing struct {
	Level   string // "" before the first scoring
	Pending string // the level that came out of the last scoring but did not hold yet, or ""
	Runs    int    // how many scorings running it came out
}

// Next scores once more. Without enough data the level stays. The reason is for people.
func (l Levels) Next(r Result, was Standing, keep Inertia) (now Standing, reason string) {
	if !r.Known {
		return Standing{Level: was.Level}, fmt.Sprintf("not enough data (%s %% of the weight)", number(100*r.Coverage))
	}
	reached := l.Of(r.Score)
	score := number(r.Score)
	from := l.rank(was.Level)
	switch {
	case from < 0:
		return Standing{Level: reached}, fmt.Sprintf("%s points are %s", score, reached)
	case reached == was.Level:
		return Standing{Level: reached}, fmt.Sprintf("%s points are %s, as before", score, reached)
	}
	now = Standing{Level: was.Level, Pending: reached, Runs: 1}
	if was.Pending == reached {
		now.Runs = was.Runs + 1
	}
	if now.Runs >= max(1, keep.Runs) {
		return Standing{Level: reached}, fmt.Sprintf("%s points are %s in %d scorings running", score, reached, now.Runs)
	}
	now.Level = l.Held(r.Score, was.Level, keep.Margin)
	if now.Level == reached {
		return Standing{Level: reached}, fmt.Sprintf("%s points are %s by more than the margin of %s", score, reached, number(keep.Margin))
	}
	return now, fmt.Sprintf("%s points would be %s, within the margin of %s; once more and it changes", score, reached, number(keep.Margin))
}

// Held is the level of somebody who was of a level before: the one that is reached even with the
// margin. Going up it lies below the one without, going down above it, but never on the other side of
// where the customer was.
func (l Levels) Held(score float64, was string, margin float64) string {
	reached := l.Of(score)
	from := l.rank(was)
	switch {
	case from < 0 || reached == was:
		return reached
	case l.rank(reached) < from:
		return l[min(from, l.rank(l.shifted(score, margin)))].Key
	}
	return l.heldUntil(score, margin, from)
}

// heldUntil is the level that is kept on the way down from a rank: one is lost when the score is
// the whole margin or more below its minimum.
func (l Levels) heldUntil(score, margin float64, from int) string {
	for _, level := range l[from : len(l)-1] {
		if score > level.Min-margin {
			return level.Key
		}
	}
	return l[len(l)-1].Key
}

// Places says how many may hold a level: a number, or a share of those with a score. The larger of
// the two counts.
type Places struct {
	Level string
	N     int
	Share float64 // 0–1, rounded down to whole places
}

// Scored is a score with the id of its owner.
type Scored struct {
	ID    string
	Score float64
	Known bool
}

func (s Scored) counts() bool { return s.Known && finite(s.Score) }

// Placing is where somebody came out by capacity.
type Placing struct {
	ID     string
	Level  string // "" without a score
	Rank   int    // from 1; equal scores share the first of their ranks
	Reason string
}

// ByCapacity fills the places of each level from the top and gives the lowest level to the rest.
// Equal scores are never parted: a tie that does not fit goes to the next level as a whole.
// Placings come in the order of rank, then id; those without a score come last.
func ByCapacity(scores []Scored, places []Places, lowest string) ([]Placing, error) {
	known := 0
	for _, s := range scores {
		if s.counts() {
			known++
		}
	}
	ordered := slices.SortedFunc(slices.Values(scores), func(a, b Scored) int {
		return cmp.Or(-compareBool(a.counts(), b.counts()), -cmp.Compare(a.Score, b.Score), cmp.Compare(a.ID, b.ID))
	})
	limits := make([]int, len(places))
	used := 0
	for i, p := range places {
		if p.N < 0 || !(p.Share >= 0 && p.Share <= 1) {
			return nil, fmt.Errorf("level %q: %d places and a share of %g; places must not be negative, the share between 0 and 1", p.Level, p.N, p.Share)
		}
		const noise = 1e-9 // 0.29 of 100 are 29.
		used = min(known, used+max(min(p.N, known), int(math.Floor(p.Share*float64(known)+noise))))
		limits[i] = used
	}
	out := make([]Placing, 0, len(scores))
	for from := 0; from < known; {
		to := from + 1
		for to < known && ordered[to].Score == ordered[from].Score {
			to++
		}
		level, reason := place(from, to, known, places, limits, lowest)
		for _, s := range ordered[from:to] {
			out = append(out, Placing{ID: s.ID, Level: level, Rank: from + 1, Reason: reason})
		}
		from = to
	}
	for _, s := range ordered[known:] {
		out = append(out, Placing{ID: s.ID, Reason: "not enough data"})
	}
	return out, nil
}

// place finds the first level that holds all of the ranks from..to, counted from 0.
func place(from, to, known int, places []Places, limits []int, lowest string) (level, reason string) {
	level, reason = lowest, fmt.Sprintf("rank %d of %d", from+1, known)
	if to-from > 1 {
		reason = fmt.Sprintf("ranks %d to %d of %d, equal", from+1, to, known)
	}
	for i, limit := range limits {
		if to <= limit {
			return places[i].Level, fmt.Sprintf("%s; %s goes to rank %d", reason, places[i].Level, limit)
		}
		if from < limit {
			reason += fmt.Sprintf("; %s ends at rank %d and equals are not parted", places[i].Level, limit)
		}
	}
	return level, reason
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// Override replaces a computed value for a while.
type Override struct {
	Value   string
	Reason  string
	Author  string
	Expires day.Day // the last day on which it holds
}

// Check tells what is missing: an override without a reason, an author or an end is refused.
func (o Override) Check() error {
	for _, f := range []struct{ name, text string }{{"value", o.Value}, {"reason", o.Reason}, {"author", o.Author}} {
		if f.text == "" {
			return fmt.Errorf("the override has no %s; give it one", f.name)
		}
	}
	if !o.Expires.IsSet() {
		return fmt.Errorf("the override has no last day; give it one")
	}
	return nil
}

// Effective is a value as it counts today, beside the one that was computed.
type Effective struct {
	Value      string
	Computed   string
	Overridden bool
	Note       string // who, why and until when; of an expired override, that it has expired
}

// Apply lays an override over a computed value; the zero Override is none.
func (o Override) Apply(computed string, today day.Day) Effective {
	e := Effective{Value: computed, Computed: computed}
	switch {
	case o == Override{}:
	case o.Check() != nil:
		e.Note = fmt.Sprintf("ignored: %v", o.Check())
	case today > o.Expires:
		e.Note = fmt.Sprintf("the override to %s by %s ended on %s", o.Value, o.Author, o.Expires)
	default:
		e.Value, e.Overridden = o.Value, true
		e.Note = fmt.Sprintf("set by %s until %s: %s", o.Author, o.Expires, o.Reason)
	}
	return e
}
