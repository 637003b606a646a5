package score

import (
	"math"
	"strings"
	"testing"
)

func points(key string, weight float64) Criterion {
	return Criterion{Key: key, Label: key, Weight: weight, Scale: AsPoints{}}
}

func known(v float64) Input { return Input{Value: v, Known: true} }

// near compares figures that are given with few decimals.
func near(a, b, within float64) bool { return math.Abs(a-b) <= within }

// mustWeigh scores what has to be accepted.
func mustWeigh(t *testing.T, criteria []Criterion, inputs map[string]Input, minCoverage float64) Result {
	t.Helper()
	r, err := Weighted(criteria, inputs, minCoverage)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestMeans(t *testing.T) {
	r := mustWeigh(t, []Criterion{points("a", 1), points("b", 1), points("c", 1)},
		map[string]Input{"a": known(10), "b": known(10), "c": known(0)}, DefaultMinCoverage)
	if !r.Known || !near(r.Score, 6.67, 0.005) || r.Coverage != 1 {
		t.Errorf("10, 10, 0 make %v", r)
	}
	if q, ok := WeightedMean([]float64{100, 60, 40}, []float64{5, 3, 2}); !ok || q != 76 {
		t.Errorf("5 good, 3 average, 2 poor make %v", q)
	}
	if _, ok := WeightedMean(nil, nil); ok {
		t.Error("the mean of nothing is known")
	}
}

func TestMissingAndStaleInputsGiveTheirWeightAway(t *testing.T) {
	criteria := []Criterion{points("amount", 20), points("size", 10), points("brand", 10), points("odd", 10), points("old", 10)}
	r := mustWeigh(t, criteria, map[string]Input{
		"amount": known(80), "size": known(50), "odd": known(120),
		"old": {Value: 0, Known: true, Age: 91, Validity: 90},
	}, 0.4)
	if !r.Known || r.Score != 70 || r.Coverage != 0.5 {
		t.Fatalf("score %v, coverage %v", r.Score, r.Coverage)
	}
	for i, want := range []struct {
		state               State
		share, contribution float64
		note                string
	}{
		{Counted, 2.0 / 3, 160.0 / 3, ""},
		{Counted, 1.0 / 3, 50.0 / 3, ""},
		{NoData, 0, 0, "no data"},
		{OffScale, 0, 0, "120 lies outside 0–100"},
		{Stale, 0, 0, "91 days old, valid for 90"},
	} {
		got := r.Terms[i]
		if got.State != want.state || !near(got.Share, want.share, 1e-9) || !near(got.Contribution, want.contribution, 1e-5) || got.Note != want.note {
			t.Errorf("%s: %+v", got.Key, got)
		}
	}
	// On its last day an input is still valid.
	if (Input{Age: 90, Validity: 90}).Stale() || (Input{Age: 9999}).Stale() || (Input{Age: -1, Validity: 1}).Stale() {
		t.Error("a valid input is stale")
	}
}

func TestBelowMinimumCoverageThereIsNoScore(t *testing.T) {
	criteria := []Criterion{points("a", 0.1), points("b", 0.3), points("c", 0.6)}
	r := mustWeigh(t, criteria, map[string]Input{"a": known(10), "b": known(90)}, 0.4)
	if !r.Known || r.Score != 70 {
		t.Errorf("40 %% coverage is not below 40 %%: %+v", r)
	}
	r = mustWeigh(t, criteria, map[string]Input{"b": known(90)}, 0.4)
	if r.Known || r.Score != 0 || r.Coverage != 0.3 || r.Terms[1].Contribution != 0 || r.Terms[1].Points != 90 {
		t.Errorf("30 %% coverage: %+v", r)
	}
	if r = mustWeigh(t, criteria, nil, 0); r.Known || r.Coverage != 0 {
		t.Errorf("no data at all: %+v", r)
	}
	// A criterion without weight is shown but cannot carry a score.
	r = mustWeigh(t, []Criterion{points("a", 0), points("b", 1)}, map[string]Input{"a": known(50)}, 0)
	if r.Known || r.Terms[0].Points != 50 {
		t.Errorf("only a weightless criterion has data: %+v", r)
	}
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		r = mustWeigh(t, []Criterion{points("a", 1)}, map[string]Input{"a": known(v)}, 0)
		if r.Known || r.Terms[0].State != NoData {
			t.Errorf("%v counts: %+v", v, r)
		}
	}
}

func TestEqualPointsMeetTheThresholdOnThem(t *testing.T) {
	criteria := []Criterion{points("a", 1), points("b", 3), points("c", 0.7)}
	in := map[string]Input{"a": known(70), "b": known(70), "c": known(70)}
	if r := mustWeigh(t, criteria, in, 0); r.Score != 70 || DefaultTiers().Of(r.Score) != "KA" {
		t.Errorf("70 everywhere makes %v", r.Score)
	}
}

func TestCriteriaThatAreRefused(t *testing.T) {
	scale := Choices{{"x", 1}}
	for want, criteria := range map[string][]Criterion{
		"all weights are zero":     {points("a", 0), points("b", 0)},
		"listed twice":             {points("a", 1), points("a", 1)},
		"weight -1":                {points("a", -1)},
		"weight NaN":               {points("a", math.NaN())},
		"weight +Inf":              {points("a", math.Inf(1))},
		"weight 1e-07":             {points("a", 1e-7)},
		"has no scale":             {{Key: "a", Weight: 1}},
		"no bands":                 {{Key: "a", Weight: 1, Scale: Bands{}}},
		"no choices":               {{Key: "a", Weight: 1, Scale: Choices{}}},
		`choice "X " is listed`:    {{Key: "a", Weight: 1, Scale: append(scale, Choice{"X ", 2})}},
		"between 0 and 100":        {{Key: "a", Weight: 1, Scale: Bands{{Points: 101}}}},
		"choice \"y\": -1 points":  {{Key: "a", Weight: 1, Scale: Choices{{"y", -1}}}},
		"must begin where":         {{Key: "a", Weight: 1, Scale: Bands{{To: new(5.0)}, {From: new(6.0)}}}},
		"band 2: must begin":       {{Key: "a", Weight: 1, Scale: Bands{{}, {}}}},
		"not above its begin":      {{Key: "a", Weight: 1, Scale: Bands{{From: new(5.0), To: new(5.0)}}}},
		"edge is not a number":     {{Key: "a", Weight: 1, Scale: Bands{{From: new(math.Inf(-1))}}}},
		"criterion \"a\": band 1:": {{Key: "a", Weight: 1, Scale: Bands{{Points: math.NaN()}}}},
	} {
		if _, err := Weighted(criteria, nil, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %q", err, want)
		}
	}
}

func TestBands(t *testing.T) {
	b := Bands{
		{From: new(0.0), To: new(10.0), Points: 20, Label: "small"},
		{From: new(10.0), To: new(50.0), Points: 60},
		{From: new(50.0), To: new(100.0), Points: 100},
	}
	if err := b.Check(); err != nil {
		t.Fatal(err)
	}
	for v, want := range map[float64]float64{0: 20, 9.999: 20, 10: 60, 49: 60, 50: 100, 100: 100} {
		if got, note, ok := b.Points(known(v)); !ok || got != want || note == "" {
			t.Errorf("%v: %v %q %v", v, got, note, ok)
		}
	}
	for _, v := range []float64{-0.001, 100.001} {
		if _, note, ok := b.Points(known(v)); ok || !strings.Contains(note, "outside") {
			t.Errorf("%v is on the scale: %q", v, note)
		}
	}
	if _, note, _ := b.Points(known(5)); note != "small (from 0 to below 10)" {
		t.Error(note)
	}
	open := Bands{{To: new(0.0), Points: 10}, {From: new(0.0), Points: 90}}
	if err := open.Check(); err != nil {
		t.Fatal(err)
	}
	for v, want := range map[float64]float64{-1e18: 10, -1: 10, 0: 90, 1e18: 90} {
		if got, _, ok := open.Points(known(v)); !ok || got != want {
			t.Errorf("%v: %v %v", v, got, ok)
		}
	}
}

func TestPercentiles(t *testing.T) {
	p := NewPopulation([]float64{10, 20, 20, math.NaN(), 40}, false)
	for v, want := range map[float64]float64{10: 12.5, 20: 50, 40: 87.5, 5: 0, 15: 25, 100: 100} {
		if got, _, ok := p.Points(known(v)); !ok || got != want {
			t.Errorf("%v: %v", v, got)
		}
		low := NewPopulation([]float64{40, 20, 10, 20}, true)
		if got, _, ok := low.Points(known(v)); !ok || got != 100-want {
			t.Errorf("descending %v: %v", v, got)
		}
	}
	if _, note, _ := p.Points(known(40)); note != "better than 3 of 4" {
		t.Error(note)
	}
	if _, _, ok := (Population{}).Points(known(1)); ok {
		t.Error("nobody to compare with, and yet a percentile")
	}
}

func TestChoices(t *testing.T) {
	c := Choices{{"Partner", 100}, {"2–5 years", 60}}
	for text, want := range map[string]float64{"partner": 100, " PARTNER ": 100, "2–5 years": 60} {
		if got, note, ok := c.Points(Input{Text: text}); !ok || got != want || note == "" {
			t.Errorf("%q: %v", text, got)
		}
	}
	if _, note, ok := c.Points(Input{Text: "none"}); ok || note != `"none" has no points` {
		t.Errorf("%q", note)
	}
}
