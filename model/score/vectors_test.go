package score

import (
	"fmt"
	"strings"
	"testing"

	"opsdeck/model/day"
)

// vector is a sentence of the definitions with what has to come out.
type vector struct {
	says string // the definition's own words
	got  func() any
	want any
}

func runVectors(t *testing.T, all []vector) {
	t.Helper()
	for _, v := range all {
		t.Run(strings.ReplaceAll(v.says, " ", "_"), func(t *testing.T) {
			if got := fmt.Sprint(v.got()); got != fmt.Sprint(v.want) {
				t.Errorf("%q gives %s, want %v", v.says, got, v.want)
			}
		})
	}
}

func edge(x float64) *float64 { return &x }

// weigh scores what is known of three criteria with the weights 20, 10 and 10.
func weigh(inputs map[string]Input) Result {
	r, err := Weighted([]Criterion{points("a", 20), points("b", 10), points("c", 10)}, inputs, DefaultMinCoverage)
	if err != nil {
		return Result{}
	}
	return r
}

func band(x float64) any {
	b := Bands{{From: edge(0), To: edge(10), Points: 1}, {From: edge(10), To: edge(20), Points: 2}}
	p, _, ok := b.Points(Input{Known: true, Value: x})
	return fmt.Sprint(p, ok)
}

func TestVectorsOfTheTierScore(t *testing.T) {
	runVectors(t, []vector{
		{"score = Σ w·s / Σ w over the criteria that have data", func() any {
			r := weigh(map[string]Input{"a": known(60), "b": known(30)})
			return fmt.Sprint(r.Score, r.Known)
		}, "50 true"},
		{"coverage = share of weight with data", func() any { return weigh(map[string]Input{"a": known(60)}).Coverage }, 0.5},
		{"below a minimum coverage (default 40 %) the score is not enough data", func() any { return weigh(map[string]Input{"b": known(100)}).Known }, false},
		{"never a low score", func() any { return weigh(map[string]Input{"b": known(100)}).Score }, 0.0},
		{"at the minimum coverage there is a score", func() any {
			r, _ := Weighted([]Criterion{points("a", 40), points("b", 60)}, map[string]Input{"a": known(10)}, DefaultMinCoverage)
			return r.Known
		}, true},
		{"Band edges: lower bound inclusive", func() any { return band(10) }, "2 true"},
		{"upper exclusive", func() any { return band(9.999999) }, "1 true"},
		{"last band closed", func() any { return band(20) }, "2 true"},
		{"beyond the last band there are no points", func() any { return band(20.000001) }, "0 false"},
		{"by percentile in the book", func() any {
			p, _, _ := NewPopulation([]float64{1, 2, 3, 4}, false).Points(Input{Known: true, Value: 4})
			return p
		}, 87.5},
		{"KA ≥ 70", func() any { return DefaultTiers().Of(70) + " " + DefaultTiers().Of(69.999) }, "KA mid"},
		{"mid ≥ 40", func() any { return DefaultTiers().Of(40) + " " + DefaultTiers().Of(39.999) }, "mid small"},
	})
}

// scorings runs several scorings after each other and tells the level after each.
func scorings(scores ...float64) string {
	var now Standing
	var out []string
	for _, s := range scores {
		now, _ = DefaultTiers().Next(Result{Known: true, Score: s}, now, DefaultInertia())
		out = append(out, now.Level)
	}
	return strings.Join(out, " ")
}

func TestVectorsOfTiers(t *testing.T) {
	o := Override{Value: "KA", Reason: "reference", Author: "ana", Expires: day.Of(2026, 11, 30)}
	capacity := func(places Places) any {
		all, err := ByCapacity([]Scored{{"a", 90, true}, {"b", 80, true}, {"c", 70, true}, {"d", 60, true}, {"e", 0, false}}, []Places{places}, "small")
		var out []string
		for _, p := range all {
			out = append(out, p.ID+"="+p.Level)
		}
		return fmt.Sprint(strings.Join(out, " "), err)
	}
	runVectors(t, []vector{
		{"a tier changes only when the score is past the threshold by margin (default 3)", func() any { return scorings(60, 73) }, "mid KA"},
		{"within the margin it stays", func() any { return scorings(60, 72.9) }, "mid mid"},
		{"or for two scorings running", func() any { return scorings(60, 71, 71) }, "mid mid KA"},
		{"and downwards alike", func() any { return scorings(80, 69, 71, 69, 69) }, "KA KA KA KA mid"},
		{"by capacity: top N", func() any { return capacity(Places{Level: "KA", N: 2}) }, "a=KA b=KA c=small d=small e=<nil>"},
		{"by capacity: top share, of those with a score", func() any { return capacity(Places{Level: "KA", Share: 0.25}) }, "a=KA b=small c=small d=small e=<nil>"},
		{"Override = value + reason + author + expiry", func() any {
			n := 0
			for _, bad := range []Override{{"KA", "", "ana", o.Expires}, {"KA", "r", "", o.Expires}, {"KA", "r", "ana", day.None}, {"", "r", "ana", o.Expires}} {
				if bad.Check() != nil {
					n++
				}
			}
			return n
		}, 4},
		{"the computed value stays visible beside it", func() any { e := o.Apply("mid", o.Expires); return e.Value + " " + e.Computed }, "KA mid"},
		{"expiry brings it back", func() any { return o.Apply("mid", o.Expires+1).Value }, "mid"},
	})
}

func TestVectorsOfHealth(t *testing.T) {
	health := func(inputs map[string]Input) HealthResult {
		h, err := Health(defaultGroups(), inputs, DefaultMinCoverage)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	all := map[string]Input{"active": known(80), "breadth": known(40), "touch": known(100), "bugs": known(60), "overdue": known(100), "nps": known(50)}
	with := func(key string, in Input) map[string]Input {
		out := map[string]Input{}
		for k, v := range all {
			out[k] = v
		}
		out[key] = in
		return out
	}
	runVectors(t, []vector{
		{"means of 10,10,0 → 6.67", func() any {
			m, _ := WeightedMean([]float64{10, 10, 0}, []float64{1, 1, 1})
			return fmt.Sprintf("%.2f", m)
		}, "6.67"},
		{"Portfolio quality of 5 good, 3 average, 2 poor on 100/60/40 → 76", func() any { m, _ := WeightedMean([]float64{100, 60, 40}, []float64{5, 3, 2}); return m }, 76.0},
		{"bands red < 50 ≤ yellow < 75 ≤ green", func() any {
			l := DefaultHealthLevels()
			return strings.Join([]string{l.Of(49.999), l.Of(50), l.Of(74.999), l.Of(75)}, " ")
		}, "red yellow yellow green"},
		{"measures → groups → overall by weights: usage 40, relationship 20, support 15, payment 15, sentiment 10", func() any { return health(all).Score }, 77.0},
		{"nulls drop out and their weight is spread over the rest in proportion", func() any {
			return fmt.Sprintf("%.6f", health(with("nps", Input{})).Score) // (28 + 20 + 9 + 15) ÷ 0.9
		}, "80.000000"},
		{"stale inputs (older than the measure's validity) drop out", func() any {
			return fmt.Sprintf("%.6f", health(with("nps", Input{Known: true, Value: 0, Age: 31, Validity: 30})).Score)
		}, "80.000000"},
		{"an input as old as its validity counts", func() any {
			return health(with("nps", Input{Known: true, Value: 0, Age: 30, Validity: 30})).Score
		}, 72.0},
		{"difference between two dates is a list of contributions that adds up to the difference exactly", func() any {
			delta, changes, ok := Diff(health(all).Result, health(with("active", known(13))).Result)
			sum := 0.0
			for _, c := range changes {
				sum += c.Delta
			}
			return fmt.Sprintf("%v %.4f %v", sum == delta, delta, ok)
		}, "true -20.1000 true"},
	})
}

func TestVectorsOfRFM(t *testing.T) {
	buyers := []Buyer{{"a", day.Of(2026, 1, 1), 1, 10}, {"b", day.Of(2026, 3, 1), 2, 20}, {"c", day.Of(2026, 3, 1), 2, 20}, {"d", day.Of(2026, 6, 1), 8, 500}, {"e", day.Of(2026, 10, 1), 20, 9000}}
	r := RFM(day.Of(2026, 12, 31), buyers, DefaultSegments())
	scores := func(i int) any { return fmt.Sprint(r.Rows[i].R, r.Rows[i].F, r.Rows[i].M) }
	runVectors(t, []vector{
		{"recency: days since last order, lower is better", func() any { return fmt.Sprint(r.Rows[4].Days, r.Rows[4].R > r.Rows[0].R) }, "91 true"},
		{"quintiles 1–5: the best", func() any { return scores(4) }, "5 5 5"},
		{"Ties get the same score", func() any { return scores(1) == scores(2) }, true},
		{"a customer without orders has none", func() any {
			rows := RFM(day.Of(2026, 12, 31), append(buyers, Buyer{ID: "f"}), DefaultSegments()).Rows
			return fmt.Sprint(rows[5].R, rows[5].F, rows[5].M, rows[5].Segment)
		}, "0 0 0"},
	})
}

func TestVectorsOfRetentionAndDemand(t *testing.T) {
	keep := func(rows ...Revenue) Retained { r, _ := Retention(rows); return r }
	percents := func(r Retained) string { return fmt.Sprintf("%.1f %.1f", 100*r.GRR, 100*r.NRR) }
	runVectors(t, []vector{
		{"A = 100,100,100 and B = 150,50,100 → GRR 83.3 % (not 100 %), NRR 100 %", func() any {
			return percents(keep(Revenue{ID: "a", A: 100, B: 150}, Revenue{ID: "b", A: 100, B: 50}, Revenue{ID: "c", A: 100, B: 100}))
		}, "83.3 100.0"},
		{"a lost customer stays in the denominator", func() any { return percents(keep(Revenue{ID: "a", A: 100}, Revenue{ID: "b", A: 100, B: 100})) }, "50.0 50.0"},
		{"Start 100, churn 10, contraction 10, expansion 10 → gross loss 20 %, net loss 10 %", func() any {
			r := keep(Revenue{ID: "a", A: 10}, Revenue{ID: "b", A: 20, B: 10}, Revenue{ID: "c", A: 20, B: 30}, Revenue{ID: "d", A: 50, B: 50})
			return fmt.Sprintf("%.0f %.0f", 100*r.GrossLoss(), 100*r.NetLoss())
		}, "20 10"},
		{"Concentration: share of top 1, 5, 10 and Herfindahl index", func() any {
			c, _ := Concentration([]Amount{{"a", 50}, {"b", 30}, {"c", 20}})
			return fmt.Sprintf("%.2f %.2f %.0f", c.Top(1), c.Top(5), c.HHI)
		}, "0.50 1.00 3800"},
		{"4 votes and 2 comments, 10 h → 0.771", func() any { return fmt.Sprintf("%.3f", Trend(4, 2, 10)) }, "0.771"},
		{"100 h → 0.0385", func() any { return fmt.Sprintf("%.4f", Trend(4, 2, 100)) }, "0.0385"},
	})
}
