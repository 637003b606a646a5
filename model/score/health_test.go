package score

import (
	"strings"
	"testing"
)

// defaultGroups are the usual groups with two measures in the first.
func defaultGroups() []Group {
	return []Group{
		{Key: "usage", Weight: 40, Measures: []Criterion{points("active", 3), points("breadth", 1)}},
		{Key: "relationship", Weight: 20, Measures: []Criterion{points("touch", 1)}},
		{Key: "support", Weight: 15, Measures: []Criterion{points("bugs", 1)}},
		{Key: "payment", Weight: 15, Measures: []Criterion{points("overdue", 1)}},
		{Key: "sentiment", Weight: 10, Measures: []Criterion{points("nps", 1)}},
	}
}

func mustHealth(t *testing.T, inputs map[string]Input) HealthResult {
	t.Helper()
	h, err := Health(defaultGroups(), inputs, DefaultMinCoverage)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHealth(t *testing.T) {
	h := mustHealth(t, map[string]Input{
		"active": known(80), "breadth": known(40), "touch": known(100), "bugs": known(60), "overdue": known(100), "nps": known(50),
	})
	// usage = (3·80 + 40) / 4 = 70; 0.4·70 + 0.2·100 + 0.15·60 + 0.15·100 + 0.1·50 = 77
	if !h.Known || h.Score != 77 || h.Coverage != 1 || h.Groups[0].Own.Score != 70 {
		t.Fatalf("%v %v", h.Score, h.Groups[0].Own.Score)
	}
	for i, want := range []float64{28, 20, 9, 15, 5} {
		if got := h.Groups[i].Contribution; !near(got, want, 1e-5) {
			t.Errorf("%s brings %v, want %v", h.Groups[i].Key, got, want)
		}
	}
}

func TestHealthSpreadsTheWeightOfWhatIsMissing(t *testing.T) {
	h := mustHealth(t, map[string]Input{
		"active": {Value: 80, Known: true, Age: 60, Validity: 30}, "breadth": known(40), "touch": known(100), "bugs": known(60),
	})
	// usage is breadth alone; payment and sentiment drop out: (40·40 + 20·100 + 15·60) / 75 = 60
	if !h.Known || h.Score != 60 || h.Groups[0].Own.Score != 40 {
		t.Errorf("%v, usage %v", h.Score, h.Groups[0].Own.Score)
	}
	// Of usage a quarter of its weight has data.
	if !near(h.Coverage, 0.10+0.20+0.15, 1e-12) {
		t.Errorf("coverage %v", h.Coverage)
	}
	if !near(h.Groups[0].Share, 40.0/75, 1e-9) || h.Groups[3].Share != 0 || h.Groups[3].Own.Known {
		t.Errorf("%+v", h.Groups)
	}
	if h = mustHealth(t, map[string]Input{"nps": known(5)}); h.Known || h.Score != 0 || h.Groups[4].Contribution != 0 {
		t.Errorf("a tenth of the weight makes a score: %+v", h)
	}
}

func TestGroupsThatAreRefused(t *testing.T) {
	one := []Criterion{points("m", 1)}
	for want, groups := range map[string][]Group{
		"all weights are zero; give at least one group": {{Key: "a", Measures: one}},
		`group "a" is listed twice`:                     {{Key: "a", Weight: 1, Measures: one}, {Key: "a", Weight: 1}},
		`measure "m" is listed twice`:                   {{Key: "a", Weight: 1, Measures: one}, {Key: "b", Weight: 1, Measures: one}},
		`group "a": all weights are zero`:               {{Key: "a", Weight: 1}},
		`group "a": weight -1`:                          {{Key: "a", Weight: -1, Measures: one}},
	} {
		if _, err := Health(groups, nil, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %q", err, want)
		}
	}
}

func TestDiffSaysWhatHappened(t *testing.T) {
	before := mustHealth(t, map[string]Input{
		"active": known(80), "touch": known(100), "overdue": known(100), "nps": {Value: 9, Known: true, Age: 2, Validity: 1},
	})
	after := mustHealth(t, map[string]Input{
		"active": known(20), "touch": known(100), "bugs": known(0), "nps": {Value: 9, Known: true, Age: 3, Validity: 1},
	})
	delta, changes, ok := Diff(before.Result, after.Result)
	if !ok || delta != after.Score-before.Score {
		t.Fatalf("%v %v", delta, ok)
	}
	why := map[string]string{}
	total := 0.0
	for _, c := range changes {
		why[c.Group+"/"+c.Key] = c.Why
		total += c.Delta
	}
	if total != delta {
		t.Errorf("the changes add up to %v, not %v", total, delta)
	}
	for key, want := range map[string]string{
		"usage/active":    "80 → 20 points",
		"payment/overdue": "dropped out: no data (before: 100 points)",
		"support/bugs":    "now known: 0 points (before: no data)",
	} {
		if why[key] != want {
			t.Errorf("%s: %q, want %q", key, why[key], want)
		}
	}
	if len(changes) != 3 || changes[0].Key != "active" {
		t.Errorf("%+v", why)
	}
	if _, _, ok := Diff(before.Result, Result{}); ok {
		t.Error("a difference to what is not known")
	}
}

func TestDiffOfAChangedModel(t *testing.T) {
	in := map[string]Input{"a": known(100), "b": known(50), "c": known(0)}
	before := mustWeigh(t, []Criterion{points("a", 1), points("b", 1)}, in, 0)
	after := mustWeigh(t, []Criterion{points("b", 3), points("c", 1)}, in, 0)
	delta, changes, ok := Diff(before, after)
	if !ok || delta != 37.5-75 || len(changes) != 3 {
		t.Fatalf("%v %+v", delta, changes)
	}
	for i, want := range []string{"no longer in the score", "50 → 75 % of the weight", "new in the score"} {
		if changes[i].Why != want {
			t.Errorf("%s: %q, want %q", changes[i].Key, changes[i].Why, want)
		}
	}
}

func TestDiffNamesTheGrainThatMovedOn(t *testing.T) {
	criteria := []Criterion{points("a", 1), points("b", 1), points("c", 1)}
	before := mustWeigh(t, criteria, map[string]Input{"a": known(10), "b": known(10), "c": known(0)}, 0)
	after := mustWeigh(t, criteria, map[string]Input{"a": known(10), "b": known(10), "c": known(5)}, 0)
	delta, changes, _ := Diff(before, after)
	if len(changes) != 2 || changes[1].Key != "a" || changes[1].Why != "rounding" || changes[0].Delta+changes[1].Delta != delta {
		t.Errorf("%v: %+v", delta, changes)
	}
}
