package model

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model/day"
)

// drawScoring draws a tier model that settings allow, with weights and bands of every sort.
func drawScoring(t *rapid.T) *Scoring {
	own := map[string]string{"tier.min_coverage": fmt.Sprint(rapid.IntRange(0, 100).Draw(t, "minimum"))}
	for _, d := range criterionDefaults() {
		weight := rapid.SampledFrom([]string{"0", "1", "10", "20", "0.1", "0.3", "33.3333", "0.000001", "1000000"}).Draw(t, "weight of "+d.key)
		own["tier.weight."+d.key] = weight
		if rapid.Bool().Draw(t, "own points of "+d.key) {
			own["tier.points."+d.key] = rapid.SampledFrom([]string{"0:0 10:33.3 20:100", "-5:100 0.5:50 3k:7", "1:1", "low:5 medium:10", "fortune_500:99.9 core:0"}).Draw(t, "points of "+d.key)
		}
	}
	for key, v := range own {
		if err := CheckSetting(key, v); err != nil {
			t.Fatal(err)
		}
	}
	return NewSettings(own).Scoring()
}

func drawInputs(t *rapid.T) []ScoreInput {
	var in []ScoreInput
	for _, key := range Criteria() {
		in = append(in, ScoreInput{
			Criterion: key, Known: rapid.IntRange(0, 3).Draw(t, "known") > 0,
			Number: rapid.OneOf(rapid.SampledFrom([]float64{0, 0.5, 10, 20, 50, 3000, 70_000_000, -10, math.NaN(), math.Inf(1)}), rapid.Float64()).Draw(t, "number"),
			Text:   rapid.SampledFrom([]string{"", "core", " High ", "fortune 500", "Fortune 500", "low", "of another program"}).Draw(t, "text"),
		})
	}
	return in
}

func TestLeanScoresAreTheScores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc, in := drawScoring(t), drawInputs(t)
		full := sc.Score(in)
		points, coverage, known := sc.Lean(in)
		if points != full.Score || coverage != full.Coverage || known != full.Known {
			t.Fatalf("lean %v %v %v, with the ledger %v %v %v", points, coverage, known, full.Score, full.Coverage, full.Known)
		}
		of := make([]float64, len(full.Terms))
		sc.PointsOf(in, of)
		sum := 0.0
		for i, term := range full.Terms {
			sum += term.Contribution
			if term.Known == math.IsNaN(of[i]) || term.Known && term.Points != of[i] {
				t.Fatalf("%s: lean %v points, with the ledger %v, known %v", term.Criterion, of[i], term.Points, term.Known)
			}
		}
		if sum != full.Score {
			t.Fatalf("the contributions add up to %v, the score is %v", sum, full.Score)
		}
	})
}

func number(key string, n float64) ScoreInput {
	return ScoreInput{Criterion: key, Known: true, Number: n}
}

func word(key, w string) ScoreInput { return ScoreInput{Criterion: key, Known: true, Text: w} }

func TestScoreOfTheDefaultModel(t *testing.T) {
	sc := NewSettings(nil).Scoring()
	for _, c := range []struct {
		name     string
		in       []ScoreInput
		points   float64
		coverage float64
		tier     string
	}{
		{"nothing known", nil, 0, 0, ""},
		// (20·60 + 10·50) ÷ 30, but only 30 of 100 are covered.
		{"too little known", []ScoreInput{number("order_amount", 50_000), number("company_size", 200)}, 0, 30, ""},
		// (20·60 + 10·50 + 10·40) ÷ 40
		{"just enough known", []ScoreInput{number("order_amount", 50_000), number("company_size", 200), word("brand", "regional")}, 52.5, 40, TierMid},
		// An edge belongs to the band above it: 99,999 is 60 points, 100,000 is 80.
		{"below an edge", []ScoreInput{number("order_amount", 99_999), word("influence", "high"), word("demand_type", "core")}, 80, 40, TierKA},
		{"on an edge", []ScoreInput{number("order_amount", 100_000), word("influence", "high"), word("demand_type", "core")}, 90, 40, TierKA},
		{"a word without points", []ScoreInput{number("order_amount", 100_000), word("influence", "?"), word("demand_type", "core"), word("brand", "listed")}, 86.25, 40, TierKA},
		{"below the lowest bound", []ScoreInput{number("growth", -1e6), number("order_amount", -1), number("payment_record", 0)}, 25, 40, TierSmall},
	} {
		r := sc.Score(c.in)
		if r.Coverage != c.coverage || r.Known != (c.tier != "") || math.Abs(r.Score-c.points) > 1e-6 || sc.TierOf(r.Score, r.Known) != c.tier {
			t.Errorf("%s: %v points, coverage %v, tier %q; want %v, %v, %q", c.name, r.Score, r.Coverage, sc.TierOf(r.Score, r.Known), c.points, c.coverage, c.tier)
		}
	}
	none := map[string]string{}
	for _, key := range Criteria() {
		none["tier.weight."+key] = "0"
	}
	if r := NewSettings(none).Scoring().Score([]ScoreInput{number("growth", 1)}); r.Known {
		t.Errorf("a score without weights: %+v", r)
	}
}

func TestATierByHandHoldsUntilItsDay(t *testing.T) {
	today := day.Day(20_000)
	full := TierByHand{Tier: TierKA, Reason: "board member", By: "ana", Until: today}
	noEnd, noReason, over := full, full, full
	noEnd.Until, noReason.Reason, over.Until = day.None, "", today-1
	for _, c := range []struct {
		name string
		by   TierByHand
		tier string
		note string
	}{
		{"none", TierByHand{Until: day.None}, TierMid, ""},
		{"its last day", full, TierKA, "set by ana until " + today.String() + ": board member"},
		{"the day after", over, TierMid, "the override to KA by ana ended on " + over.Until.String()},
		{"without an end", noEnd, TierMid, "ignored: the override has no last day; give it one"},
		{"without a reason", noReason, TierMid, "ignored: the override has no reason; give it one"},
	} {
		got := Tier{Computed: TierMid}.Override(c.by, today)
		if got.Tier != c.tier || got.Note != c.note || got.Computed != TierMid || got.ByHand != c.by.Holds(today) {
			t.Errorf("%s: %+v; want %s, %q", c.name, got, c.tier, c.note)
		}
	}
}

func TestLeanSeveritiesAreTheSeverities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		own := map[string]string{
			"severity.reach":      rapid.SampledFrom([]string{"5 25 50", "1 2 100", "10 30 80"}).Draw(t, "reach"),
			"severity.blocking.2": rapid.SampledFrom([]string{"S2 S2 S3 S3", "S1 S1 S1 S1", "S5 S5 S5 S5"}).Draw(t, "row"),
		}
		r := NewSettings(own).SeverityRules()
		r.Base = rapid.IntRange(0, 40).Draw(t, "base")
		in := SeverityInput{
			Blocking: rapid.SampledFrom([]string{"", "0", "1", "2", "3", "4", "of another program"}).Draw(t, "blocking"),
			KA:       rapid.Bool().Draw(t, "KA"), ByHand: rapid.SampledFrom([]string{"", "", "S1", "S4"}).Draw(t, "by hand"),
			LinkedInForce: rapid.IntRange(0, 45).Draw(t, "linked"),
		}
		full := r.Decide(in)
		if lean := r.Lean(&in); lean != full.Severity {
			t.Fatalf("lean %q, with reasons %q", lean, full.Severity)
		}
		if len(full.Reasons) == 0 {
			t.Fatal("a severity without a reason")
		}
	})
}

func TestSeverityMatrixOfTheSettings(t *testing.T) {
	r := NewSettings(nil).SeverityRules()
	r.Base = 100
	for _, c := range []struct {
		blocking string
		linked   int
		ka       bool
		want     string
	}{
		{"3", 50, false, "S1"},
		{"3", 49, false, "S1"},
		{"3", 24, false, "S2"},
		{"3", 4, false, "S2"},
		{"3", 24, true, "S1"},
		{"2", 25, false, "S2"},
		{"2", 24, false, "S3"},
		{"1", 25, false, "S3"},
		{"1", 5, false, "S4"},
		{"1", 5, true, "S3"},
		{"0", 50, false, "S4"},
		{"0", 25, false, "S5"},
		{"0", 25, true, "S4"},
		{"0", 0, false, "S5"},
		{"", 99, true, ""},
	} {
		if got := r.Decide(SeverityInput{Blocking: c.blocking, LinkedInForce: c.linked, KA: c.ka}).Severity; got != c.want {
			t.Errorf("blocking %s, %d of 100, KA %v: %s, want %s", c.blocking, c.linked, c.ka, got, c.want)
		}
	}
	hand := r.Decide(SeverityInput{Blocking: "0", ByHand: "S1", Reason: "audit"})
	if hand.Severity != "S1" || hand.Computed != "S5" || !slices.Contains(hand.Reasons, "set by hand: audit") {
		t.Errorf("by hand: %+v", hand)
	}
	// A row may be less severe than one with less blocking by itself, not together with the others.
	s := NewSettings(map[string]string{"severity.blocking.3": "S3 S3 S3 S3"})
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), "more blocking") {
		t.Errorf("a matrix that falls with more blocking: %v", err)
	}
	bad := s.SeverityRules().Decide(SeverityInput{Blocking: "3"})
	if bad.Severity != "S2" || !strings.Contains(strings.Join(bad.Reasons, "\n"), "the default matrix counts: severity matrix:") {
		t.Errorf("a matrix that does not fit: %+v", bad)
	}
}

func TestSettingsThatDoNotFitTogether(t *testing.T) {
	if err := NewSettings(nil).Check(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	own := map[string]string{"tier.mid": "70"}
	for _, key := range Criteria() {
		own["tier.weight."+key] = "0"
	}
	err := NewSettings(own).Check()
	for _, want := range []string{"tier.mid: 70 must lie below tier.KA, 70", "at least one criterion needs a weight"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no word of %q: %v", want, err)
		}
	}
	for key, value := range map[string]string{
		"tier.points.brand": "a:1 A:2", "tier.points.growth": "0:NaN", "tier.weight.brand": "1e-9", "severity.reach": "0 25 50",
		"severity.blocking.1": "S3 S2 S4 S4", "rate.EUR": "NaN", "tier.KA": "NaN",
	} {
		if CheckSetting(key, value) == nil {
			t.Errorf("%s = %q should be refused", key, value)
		}
	}
}

func BenchmarkScore(b *testing.B) {
	sc := NewSettings(nil).Scoring()
	in := []ScoreInput{
		number("order_amount", 70_000), number("company_size", 300), number("gross_profit", 2e6), word("demand_type", "basic"),
		number("cooperation", 2.5), word("influence", "medium"), word("brand", "fortune 500"), number("payment_record", 1), number("growth", 12),
	}
	b.Run("ledger", func(b *testing.B) {
		for b.Loop() {
			sc.Score(in)
		}
	})
	b.Run("lean", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sc.Lean(in)
		}
	})
}
