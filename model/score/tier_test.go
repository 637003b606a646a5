package score

import (
	"reflect"
	"strings"
	"testing"

	"opsdeck/model/day"
)

func TestTiersByThreshold(t *testing.T) {
	l := DefaultTiers()
	for score, want := range map[float64]string{100: "KA", 70: "KA", 69.999: "mid", 40: "mid", 39.999: "small", 0: "small"} {
		if got := l.Of(score); got != want {
			t.Errorf("%v is %s, want %s", score, got, want)
		}
	}
	h := DefaultHealthLevels()
	for score, want := range map[float64]string{100: "green", 75: "green", 74.999: "yellow", 50: "yellow", 49.999: "red", 0: "red"} {
		if got := h.Of(score); got != want {
			t.Errorf("%v is %s, want %s", score, got, want)
		}
	}
	if (Levels{}).Of(50) != "" {
		t.Error("a level out of nothing")
	}
}

func TestLevelsThatAreRefused(t *testing.T) {
	for want, l := range map[string]Levels{
		"no levels":      {},
		"listed twice":   {{"a", 3}, {"a", 2}},
		"empty":          {{"", 3}},
		"not a number":   {{"a", 1 / zero()}, {"b", 0}},
		"must lie below": {{"a", 5}, {"b", 5}, {"c", 0}},
	} {
		if err := l.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %q", err, want)
		}
	}
	for _, l := range []Levels{DefaultTiers(), DefaultHealthLevels(), {{"only", 0}}} {
		if err := l.Check(); err != nil {
			t.Error(err)
		}
	}
}

func zero() float64 { return 0 }

func TestTierChangesOnlyPastTheMarginOrTwiceRunning(t *testing.T) {
	type step struct {
		score float64
		want  Standing
	}
	at := func(level string) Standing { return Standing{Level: level} }
	for name, steps := range map[string][]step{
		"first scoring":       {{69, at("mid")}},
		"past the margin":     {{60, at("mid")}, {73, at("KA")}, {67, at("mid")}},
		"within, then back":   {{60, at("mid")}, {71, Standing{"mid", "KA", 1}}, {69, at("mid")}, {71, Standing{"mid", "KA", 1}}},
		"twice running up":    {{60, at("mid")}, {70, Standing{"mid", "KA", 1}}, {72.9, at("KA")}},
		"twice running down":  {{80, at("KA")}, {69, Standing{"KA", "mid", 1}}, {67.1, at("mid")}},
		"exactly the margin":  {{80, at("KA")}, {67, at("mid")}, {37, at("small")}, {43, at("mid")}},
		"two levels at once":  {{80, at("KA")}, {10, at("small")}, {90, at("KA")}},
		"one of two holds":    {{10, at("small")}, {71, Standing{"mid", "KA", 1}}, {71, at("KA")}},
		"one of two is left":  {{80, at("KA")}, {38, Standing{"mid", "small", 1}}, {38, at("small")}},
		"within both margins": {{41, at("mid")}, {39, Standing{"mid", "small", 1}}, {41, at("mid")}},
		"unknown level":       {{60, at("mid")}},
	} {
		var now Standing
		if name == "unknown level" {
			now.Level = "removed by an administrator"
		}
		for i, s := range steps {
			var reason string
			now, reason = DefaultTiers().Next(Result{Known: true, Score: s.score}, now, DefaultInertia())
			if now != s.want || !strings.Contains(reason, number(s.score)) {
				t.Errorf("%s, step %d: %+v (%s), want %+v", name, i+1, now, reason, s.want)
			}
		}
	}
	if now, reason := DefaultTiers().Next(Result{Coverage: 0.3}, Standing{"KA", "mid", 1}, DefaultInertia()); now != at("KA") || reason != "not enough data (30 % of the weight)" {
		t.Errorf("without data: %+v (%s)", now, reason)
	}
	if now, _ := DefaultTiers().Next(Result{Known: true, Score: 69}, at("KA"), Inertia{}); now != at("mid") {
		t.Errorf("without inertia: %+v", now)
	}
}

func TestTiersByCapacity(t *testing.T) {
	scores := []Scored{
		{"e", 50, true},
		{"a", 90, true},
		{"b", 80, true},
		{"c", 80, true},
		{"d", 70, true},
		{"x", 99, false},
		{"f", 10, true},
		{"y", 0 / zero(), true},
	}
	got, err := ByCapacity(scores, []Places{{Level: "KA", N: 2}, {Level: "mid", Share: 0.34}}, "small")
	if err != nil {
		t.Fatal(err)
	}
	want := []Placing{
		{"a", "KA", 1, "rank 1 of 6; KA goes to rank 2"},
		{"b", "mid", 2, "ranks 2 to 3 of 6, equal; KA ends at rank 2 and equals are not parted; mid goes to rank 4"},
		{"c", "mid", 2, "ranks 2 to 3 of 6, equal; KA ends at rank 2 and equals are not parted; mid goes to rank 4"},
		{"d", "mid", 4, "rank 4 of 6; mid goes to rank 4"},
		{"e", "small", 5, "rank 5 of 6"},
		{"f", "small", 6, "rank 6 of 6"},
		{"x", "", 0, "not enough data"},
		{"y", "", 0, "not enough data"},
	}
	if len(got) != len(want) {
		t.Fatalf("%d placings", len(got))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
	for _, p := range []Places{{Level: "KA", N: -1}, {Level: "KA", Share: 1.1}, {Level: "KA", Share: 0 / zero()}} {
		if _, err := ByCapacity(scores, []Places{p}, "small"); err == nil {
			t.Errorf("%+v is accepted", p)
		}
	}
	var hundred []Scored
	for i := range 100 {
		hundred = append(hundred, Scored{string(rune('一' + i)), float64(i), true})
	}
	got, err = ByCapacity(hundred, []Places{{Level: "KA", Share: 0.29}}, "small")
	if err != nil || got[28].Level != "KA" || got[29].Level != "small" {
		t.Errorf("29 %% of 100 are not 29: %v %v", got[28:30], err)
	}
}

func TestOverride(t *testing.T) {
	o := Override{Value: "KA", Reason: "reference customer", Author: "ana", Expires: day.Of(2026, 11, 30)}
	for today, want := range map[day.Day]Effective{
		day.Of(2026, 11, 30): {"KA", "mid", true, "set by ana until 2026-11-30: reference customer"},
		day.Of(2026, 12, 1):  {"mid", "mid", false, "the override to KA by ana ended on 2026-11-30"},
	} {
		if got := o.Apply("mid", today); got != want {
			t.Errorf("%s: %+v", today, got)
		}
	}
	if got := (Override{}).Apply("mid", 0); got != (Effective{Value: "mid", Computed: "mid"}) {
		t.Errorf("no override: %+v", got)
	}
	for i := range 4 {
		bad := o
		reflect.ValueOf(&bad).Elem().Field(i).SetZero()
		if i == 3 {
			bad.Expires = day.None
		}
		if err := bad.Check(); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
		if got := bad.Apply("mid", 0); got.Value != "mid" || got.Overridden || !strings.HasPrefix(got.Note, "ignored: ") {
			t.Errorf("%+v applies: %+v", bad, got)
		}
	}
	if o.Check() != nil {
		t.Error("a complete override is refused")
	}
}
