package model

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The worth of a year is volume × minutes saved ÷ 60 × cost of an hour × confidence, unless the customer states one.
func TestWorthOfABenefit(t *testing.T) {
	timed := Gain{Type: BenefitSaved, Measured: true, Baseline: 9, Now: 3, Unit: "minutes", Times: 18000, Hourly: 30 * MoneyScale, Confidence: 80}
	with := func(change func(*Gain)) Gain { g := timed; change(&g); return g }
	for _, c := range []struct {
		name  string
		g     Gain
		worth float64
		basis GainBasis
	}{
		{"18,000 × 6 minutes at 30 an hour, four fifths of it", timed, 43_200, GainTime},
		{"hours", with(func(g *Gain) { g.Unit = "hours" }), 2_592_000, GainTime},
		{"days of eight hours", with(func(g *Gain) { g.Unit, g.Times = "days", 1 }), 1_152, GainTime},
		{"money each time", with(func(g *Gain) { g.Unit, g.Times = "money", 12 }), 57.6, GainMoney},
		{"slower than before", with(func(g *Gain) { g.Baseline, g.Now = 3, 9 }), -43_200, GainTime},
		{"as the customer states it", with(func(g *Gain) { g.Stated, g.Amount, g.Confidence = true, 1000*MoneyScale, 100 }), 1000, GainStated},
		{"more money is gained where it is revenue", with(func(g *Gain) {
			g.Type, g.Unit, g.Baseline, g.Now, g.Times, g.Confidence = BenefitEarned, "money", 10, 15, 2, 100
		}), 10, GainMoney},
		{"nobody counts on it", with(func(g *Gain) { g.Confidence = 0 }), 0, GainTime},
		{"time without the cost of an hour", with(func(g *Gain) { g.Hourly = 0 }), 0, GainNone},
		{"pieces", with(func(g *Gain) { g.Unit = "pieces" }), 0, GainNone},
		{"how often is not known", with(func(g *Gain) { g.Times = 0 }), 0, GainNone},
		{"now is not known", with(func(g *Gain) { g.Measured = false }), 0, GainNone},
		{"more than an amount can hold", with(func(g *Gain) { g.Times = 1e15 }), 0, GainNone},
	} {
		worth, basis := c.g.Worth()
		if want := int64(math.Round(c.worth * MoneyScale)); worth != want || basis != c.basis {
			t.Errorf("%s: %s by %q, want %s by %q", c.name, FormatMoney(worth), basis, FormatMoney(want), c.basis)
		}
	}
}

// Output per person is told by its change: 22 orders a day and 33 now are half as much again.
func TestChangeOfABenefit(t *testing.T) {
	if got, ok := (Gain{Measured: true, Baseline: 22, Now: 33}).Change(); !ok || got != 50 {
		t.Errorf("22 → 33: %v %v, want 50 %%", got, ok)
	}
	for _, g := range []Gain{{Baseline: 22, Now: 33}, {Measured: true, Now: 33}} {
		if got, ok := g.Change(); ok {
			t.Errorf("%+v has a change of %v", g, got)
		}
	}
}

// Half as sure is worth half, and no figures make an amount that is no amount.
func TestWorthFollowsConfidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := Gain{
			Type: rapid.SampledFrom(BenefitTypes()).Draw(t, "type"), Measured: true, Unit: rapid.SampledFrom(GainUnits()).Draw(t, "unit"),
			Baseline: rapid.Float64().Draw(t, "baseline"), Now: rapid.Float64().Draw(t, "now"), Times: rapid.Float64().Draw(t, "times"),
			Hourly: rapid.Int64().Draw(t, "hourly"), Confidence: rapid.Float64().Draw(t, "confidence"),
		}
		if worth, basis := g.Worth(); math.Abs(float64(worth)) > maxGain || basis == GainNone && worth != 0 {
			t.Fatalf("%+v is worth %d by %q", g, worth, basis)
		}
		g.Baseline, g.Now, g.Times, g.Hourly, g.Confidence = 100, 40, 1000, 20*MoneyScale, 100
		whole, basis := g.Worth()
		g.Confidence = 50
		if half, _ := g.Worth(); basis != GainNone && half != whole/2 {
			t.Fatalf("half of %d is %d", whole, half)
		}
	})
}
