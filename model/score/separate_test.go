package score

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestSeparateVectors(t *testing.T) {
	lost, stayed := func(p float64) Outcome { return Outcome{p, true} }, func(p float64) Outcome { return Outcome{p, false} }
	for _, c := range []struct {
		name             string
		all              []Outcome
		known            bool
		auc, cut, caught float64
	}{
		{"perfect", []Outcome{lost(10), lost(20), stayed(30), stayed(90)}, true, 1, 20, 1},
		{"the wrong way round", []Outcome{lost(90), stayed(10)}, true, 0, 90, 1},
		{"equal points say nothing", []Outcome{lost(50), stayed(50), lost(50)}, true, 0.5, 50, 1},
		{"three of four pairs", []Outcome{lost(10), lost(40), stayed(30), stayed(90)}, true, 0.75, 10, 0.5},
		{"nobody lost", []Outcome{stayed(1), stayed(2)}, false, 0, 0, 0},
		{"nobody", nil, false, 0, 0, 0},
	} {
		s := Separate(c.all)
		if s.Known != c.known || s.AUC != c.auc || s.Cut != c.cut || s.Caught != c.caught {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}

// The quick count of pairs is the count of pairs, and the order of the customers changes nothing.
func TestSeparateCountsPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Outcome {
			return Outcome{float64(rapid.IntRange(0, 8).Draw(t, "points")), rapid.Bool().Draw(t, "lost")}
		}), 2, 40).Draw(t, "all")
		s := Separate(all)
		won, pairs := 0.0, 0.0
		for _, a := range all {
			for _, b := range all {
				if !a.Lost || b.Lost {
					continue
				}
				pairs++
				if a.Points < b.Points {
					won++
				} else if a.Points == b.Points {
					won += 0.5
				}
			}
		}
		if s.Known && math.Abs(s.AUC-won/pairs) > 1e-12 {
			t.Fatalf("AUC %g, counted %g", s.AUC, won/pairs)
		}
		var c Confusion
		for _, o := range all {
			c.Add(o.Points <= s.Cut, o.Lost)
		}
		if s.Known && (c.Caught() != s.Caught || c.Right+c.Missed != s.Lost || c.Right+c.False+c.Missed+c.Quiet != s.N) {
			t.Fatalf("the cut %g catches %g, counted %+v", s.Cut, s.Caught, c)
		}
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if again := Separate(all); again != s {
			t.Fatalf("shuffled: %+v, before %+v", again, s)
		}
	})
}
