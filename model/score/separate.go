package score

import (
	"cmp"
	"slices"
)

// Outcome is what somebody scored at one time and what became of them.
type Outcome struct {
	Points float64
	Lost   bool
}

// Separation tells how well points told those who were lost from those who stayed.
type Separation struct {
	N, Lost              int
	Known                bool    // somebody was lost and somebody stayed
	AUC                  float64 // the chance that one who was lost had fewer points than one who stayed, ties half; 0.5 says nothing
	MeanLost, MeanStayed float64
	Cut                  float64 // warning at this many points or fewer separates best
	Caught               float64 // share of the lost that this cut would have warned of
	FalseAlarms          float64 // share of those who stayed that it would have warned of too
}

// Separate compares the points of the lost and the others. AUC is the Mann–Whitney statistic; the cut is
// that with the largest difference between caught and false alarms (Youden's index), the lowest of equals.
func Separate(all []Outcome) Separation {
	ordered := slices.SortedFunc(slices.Values(all), func(a, b Outcome) int { return cmp.Compare(a.Points, b.Points) })
	s := Separation{N: len(all)}
	var lost, stayed []float64
	for _, o := range ordered {
		if o.Lost {
			lost = append(lost, o.Points)
		} else {
			stayed = append(stayed, o.Points)
		}
	}
	s.Lost = len(lost)
	if len(lost) == 0 || len(stayed) == 0 {
		return s
	}
	s.Known = true
	s.MeanLost, s.MeanStayed = sum(lost)/float64(len(lost)), sum(stayed)/float64(len(stayed))
	best, below, above := -1.0, 0, 0 // of the lost and the others, those up to the points looked at
	pairs := 0.0
	for from := 0; from < len(ordered); {
		to, tiedLost := from, 0
		for to < len(ordered) && ordered[to].Points == ordered[from].Points {
			if ordered[to].Lost {
				tiedLost++
			}
			to++
		}
		tiedStayed := to - from - tiedLost
		pairs += float64(tiedLost) * (float64(len(stayed)-above-tiedStayed) + float64(tiedStayed)/2)
		below, above = below+tiedLost, above+tiedStayed
		caught, alarms := float64(below)/float64(len(lost)), float64(above)/float64(len(stayed))
		if caught-alarms > best {
			best, s.Cut, s.Caught, s.FalseAlarms = caught-alarms, ordered[from].Points, caught, alarms
		}
		from = to
	}
	s.AUC = pairs / (float64(len(lost)) * float64(len(stayed)))
	return s
}

// Confusion counts warnings against what came.
type Confusion struct {
	Right  int // warned of and lost
	False  int // warned of and stayed
	Missed int // lost without a warning
	Quiet  int // stayed without a warning
}

// Add counts one.
func (c *Confusion) Add(warned, lost bool) {
	switch {
	case warned && lost:
		c.Right++
	case warned:
		c.False++
	case lost:
		c.Missed++
	default:
		c.Quiet++
	}
}

// Caught is the share of the lost that were warned of (recall); Precision that of the warnings that were
// right. Both are 0 where there is nothing to divide by.
func (c Confusion) Caught() float64 { return part(c.Right, c.Right+c.Missed) }

// Precision is the share of the warnings that were right.
func (c Confusion) Precision() float64 { return part(c.Right, c.Right+c.False) }

func part(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}
