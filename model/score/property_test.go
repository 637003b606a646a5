package score

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"opsdeck/model/day"

	"pgregory.net/rapid"
)

var measureNames = []string{"a", "b", "c", "d", "e", "f", "g", "h", "i"}

// anyModel draws criteria of which at least one has a weight, and inputs of which any may be
// missing, stale or off the scale.
func anyModel(t *rapid.T, names []string) ([]Criterion, map[string]Input) {
	criteria := make([]Criterion, len(names))
	inputs := map[string]Input{}
	for i, n := range names {
		weight := rapid.OneOf(rapid.Just(0.0), rapid.Just(10.0), rapid.Float64Range(0.001, 1000)).Draw(t, "weight")
		if i == 0 {
			weight = rapid.Float64Range(0.001, 1000).Draw(t, "first weight")
		}
		criteria[i] = points(n, weight)
		inputs[n] = Input{
			Value: rapid.OneOf(rapid.Float64Range(0, 100), rapid.SampledFrom([]float64{0, 100, 70, -1, math.NaN()})).Draw(t, "value"),
			Known: rapid.IntRange(0, 4).Draw(t, "known") > 0,
			Age:   rapid.IntRange(0, 100).Draw(t, "age"), Validity: rapid.SampledFrom([]int{0, 80}).Draw(t, "validity"),
		}
	}
	return criteria, inputs
}

func anyScore(t *rapid.T) ([]Criterion, map[string]Input, Result) {
	criteria, inputs := anyModel(t, measureNames[:rapid.IntRange(1, len(measureNames)).Draw(t, "criteria")])
	r, err := Weighted(criteria, inputs, rapid.SampledFrom([]float64{0, 0.4}).Draw(t, "coverage"))
	if err != nil {
		t.Fatal(err)
	}
	return criteria, inputs, r
}

// ledger checks what holds of every result; the sums are plain loops on purpose, because a reader
// adds the lines up in the order in which they stand.
func ledger(t *rapid.T, r Result) {
	contributions, shares, mean := 0.0, 0.0, 0.0
	counted := false
	for _, term := range r.Terms {
		contributions += term.Contribution
		shares += term.Share
		mean += term.Share * term.Points
		counted = counted || term.Share > 0
		if term.State != Counted && (term.Share != 0 || term.Contribution != 0 || term.Note == "") {
			t.Fatalf("%+v is left out but counts", term)
		}
	}
	if contributions != r.Score {
		t.Fatalf("contributions add up to %v, the score is %v", contributions, r.Score)
	}
	if counted && shares != 1 {
		t.Fatalf("redistribution turned the weights' sum into %v", shares)
	}
	if r.Known && !near(mean, r.Score, 1e-5) || !r.Known && r.Score != 0 {
		t.Fatalf("score %v (known %v), mean of the points %v", r.Score, r.Known, mean)
	}
	if r.Coverage < 0 || r.Coverage > 1 || r.Score < 0 || r.Score > 100 {
		t.Fatalf("score %v, coverage %v", r.Score, r.Coverage)
	}
}

func TestContributionsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _, r := anyScore(t)
		ledger(t, r)
	})
}

func TestRedistributionKeepsTheProportions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _, r := anyScore(t)
		for _, a := range r.Terms {
			for _, b := range r.Terms {
				if a.Share > 1e-3 && b.Share > 1e-3 && !near(a.Share/b.Share, a.Weight/b.Weight, 1e-5*a.Weight/b.Weight) {
					t.Fatalf("weights %v : %v became shares %v : %v", a.Weight, b.Weight, a.Share, b.Share)
				}
			}
		}
	})
}

func TestOrderOfCriteriaChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		criteria, inputs, r := anyScore(t)
		other, err := Weighted(rapid.Permutation(criteria).Draw(t, "order"), inputs, 0)
		if err != nil {
			t.Fatal(err)
		}
		if r.Known && other.Score != r.Score || other.Coverage != r.Coverage {
			t.Fatalf("%v became %v", r.Score, other.Score)
		}
		for _, term := range r.Terms {
			i := slices.IndexFunc(other.Terms, func(o Term) bool { return o.Key == term.Key })
			if o := other.Terms[i]; r.Known && o.Contribution != term.Contribution || o.Share != term.Share {
				t.Fatalf("%+v became %+v", term, o)
			}
		}
	})
}

func TestSumsDoNotDependOnTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 2, 20).Draw(t, "values")
		if a, b := sum(values), sum(rapid.Permutation(values).Draw(t, "order")); a != b {
			t.Fatalf("%v and %v", a, b)
		}
	})
}

func TestApportionmentMovesNoPartByMoreThanAGrain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Float64Range(0.01, 100), 1, 9).Draw(t, "weights")
		parts := make([]float64, len(weights))
		for i, w := range weights {
			parts[i] = w / sum(weights)
		}
		whole := apportion(1, parts, measureNames[:len(parts)], shareGrains)
		total := 0.0
		for i := range parts {
			total += whole[i]
			if math.Abs(whole[i]-parts[i])*shareGrains > 1.001 {
				t.Fatalf("part %d: %v became %v", i, parts[i], whole[i])
			}
		}
		if total != 1 {
			t.Fatalf("parts add up to %v", total)
		}
	})
	// Equal remainders are served in the order of the keys.
	if got := apportion(1, []float64{1.0 / 3, 1.0 / 3, 1.0 / 3}, []string{"c", "a", "b"}, 10); got[0] != 0.3 || got[1] != 0.4 || got[2] != 0.3 {
		t.Errorf("%v", got)
	}
	// Parts that are too large give a grain back.
	if got := apportion(1, []float64{0.5, 0.6}, []string{"a", "b"}, 10); got[0]+got[1] != 1 {
		t.Errorf("%v", got)
	}
}

func anyHealth(t *rapid.T) HealthResult {
	var groups []Group
	inputs := map[string]Input{}
	for i := 0; i < len(measureNames); i += 3 {
		measures, in := anyModel(t, measureNames[i:i+3])
		groups = append(groups, Group{Key: measureNames[i], Weight: rapid.Float64Range(0.01, 50).Draw(t, "group"), Measures: measures})
		for k, v := range in {
			inputs[k] = v
		}
	}
	h, err := Health(groups, inputs, 0)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestGroupsAddUpToHealthAndMeasuresToGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHealth(t)
		ledger(t, h.Result)
		total, blend := 0.0, 0.0
		for _, g := range h.Groups {
			ledger(t, g.Own)
			total += g.Contribution
			blend += g.Share * g.Own.Score
		}
		if total != h.Score || h.Known && !near(blend, h.Score, 1e-5) {
			t.Fatalf("groups add up to %v, their scores blend to %v, the whole is %v", total, blend, h.Score)
		}
	})
}

func TestDiffAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyHealth(t), anyHealth(t)
		delta, changes, ok := Diff(a.Result, b.Result)
		if ok != (a.Known && b.Known) {
			t.Fatalf("a difference between %v and %v", a.Known, b.Known)
		}
		total := 0.0
		for _, c := range changes {
			total += c.Delta
			if c.Why == "" {
				t.Fatalf("%+v says nothing", c)
			}
		}
		if ok && (total != delta || delta != b.Score-a.Score) {
			t.Fatalf("changes add up to %v, the difference is %v", total, b.Score-a.Score)
		}
		if _, same, _ := Diff(a.Result, a.Result); len(same) > 0 {
			t.Fatalf("a score differs from itself: %+v", same)
		}
	})
}

func TestMarginKeepsTheTierOrMovesTowardsTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		levels := Levels{{"a", 80}, {"b", 60}, {"c", 40}, {"d", 0}}
		now := Standing{Level: rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "was")}
		for range 6 {
			score := rapid.Float64Range(0, 100).Draw(t, "score")
			next, reason := levels.Next(Result{Known: true, Score: score}, now, Inertia{rapid.Float64Range(0, 30).Draw(t, "margin"), 2})
			from, to, reached := levels.rank(now.Level), levels.rank(next.Level), levels.rank(levels.Of(score))
			if reason == "" || to < min(from, reached) || to > max(from, reached) {
				t.Fatalf("%v: %s → %s (%s)", score, now.Level, next.Level, reason)
			}
			if (next.Level == levels.Of(score)) != (next.Pending == "") {
				t.Fatalf("%v: %+v", score, next)
			}
			now = next
		}
	})
}

func TestCapacityIsNeverExceededAndEqualsStayTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var scores []Scored
		for _, n := range measureNames {
			scores = append(scores, Scored{n, float64(rapid.IntRange(0, 5).Draw(t, "score")), rapid.Bool().Draw(t, "known")})
		}
		places := []Places{{"KA", rapid.IntRange(0, 4).Draw(t, "n"), 0}, {"mid", 0, rapid.Float64Range(0, 1).Draw(t, "share")}}
		got, err := ByCapacity(scores, places, "small")
		if err != nil {
			t.Fatal(err)
		}
		shuffled, _ := ByCapacity(rapid.Permutation(scores).Draw(t, "order"), places, "small")
		if !reflect.DeepEqual(got, shuffled) {
			t.Fatalf("the order of rows matters: %v, %v", got, shuffled)
		}
		level, count := map[float64]string{}, map[string]int{}
		for _, p := range got {
			count[p.Level]++
			s := scores[slices.IndexFunc(scores, func(s Scored) bool { return s.ID == p.ID })]
			if was, ok := level[s.Score]; s.Known && ok && was != p.Level {
				t.Fatalf("%v points are %s and %s", s.Score, was, p.Level)
			} else if s.Known {
				level[s.Score] = p.Level
			}
		}
		if count["KA"] > places[0].N {
			t.Fatalf("%d of %d places", count["KA"], places[0].N)
		}
	})
}

func TestMovementsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(-50, 1_000_000))
		var rows []Revenue
		for _, n := range measureNames {
			rows = append(rows, Revenue{n, amount.Draw(t, "a"), amount.Draw(t, "b"), rapid.Bool().Draw(t, "returning")})
		}
		r, err := Retention(rows)
		if err != nil {
			t.Fatal(err)
		}
		byMove, byCustomer := int64(0), int64(0)
		for _, m := range Moves() {
			byMove += r.Moves[m].Delta
		}
		for _, m := range r.Movements {
			byCustomer += m.Delta
		}
		if byMove != r.End-r.Start || byCustomer != r.End-r.Start {
			t.Fatalf("moves add up to %d and %d, revenue changed by %d", byMove, byCustomer, r.End-r.Start)
		}
		lost := r.Moves[MoveContraction].Delta + r.Moves[MoveChurn].Delta
		if r.Kept != r.Start+lost || r.Now != r.Kept+r.Moves[MoveExpansion].Delta {
			t.Fatalf("%+v", r)
		}
		if r.Known && (r.GRR > 1 || r.GRR > r.NRR || r.GRR < 0) {
			t.Fatalf("GRR %v, NRR %v", r.GRR, r.NRR)
		}
		if shuffled, _ := Retention(rapid.Permutation(rows).Draw(t, "order")); !reflect.DeepEqual(r, shuffled) {
			t.Fatalf("the order of rows matters: %+v, %+v", r, shuffled)
		}
	})
}

func TestSharesAddUpWhateverTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var amounts []Amount
		var wishes []Wish
		for _, n := range measureNames {
			amounts = append(amounts, Amount{n, rapid.Int64Range(-5, 1000).Draw(t, "amount")})
			wishes = append(wishes, Wish{n[:1], rapid.IntRange(0, 3).Draw(t, "importance"), rapid.Int64Range(0, 3).Draw(t, "at"), rapid.Float64Range(0, 3).Draw(t, "factor"), 7})
			wishes = append(wishes, Wish{"a", rapid.IntRange(0, 3).Draw(t, "importance"), rapid.Int64Range(0, 3).Draw(t, "at"), 1, 7})
		}
		c, err := Concentration(amounts)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(c.Rows); n > 0 && (c.Top(n) != 1 || c.HHI > 10_000.001 || c.HHI < 10_000/float64(n)-0.001) {
			t.Fatalf("%+v", c)
		}
		if shuffled, _ := Concentration(rapid.Permutation(amounts).Draw(t, "order")); !reflect.DeepEqual(c, shuffled) {
			t.Fatal("the order of amounts matters")
		}
		d, err := DemandWeight(wishes)
		if err != nil || d.Customers != len(measureNames) {
			t.Fatalf("%+v %v", d, err)
		}
		if shuffled, _ := DemandWeight(rapid.Permutation(wishes).Draw(t, "order of wishes")); !reflect.DeepEqual(d, shuffled) {
			t.Fatal("the order of wishes matters")
		}
	})
}

func TestSeverityNeverFallsWithMoreBlockingOrReach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := DefaultMatrix()
		blocking, share, ka := rapid.IntRange(0, 2).Draw(t, "blocking"), rapid.Float64Range(0, 1).Draw(t, "share"), rapid.Bool().Draw(t, "ka")
		wider := rapid.Float64Range(share, 1).Draw(t, "wider")
		level := func(blocking int, share float64, ka bool) int {
			v, err := m.Severity(blocking, share, ka)
			if err != nil {
				t.Fatal(err)
			}
			return v.Level
		}
		here := level(blocking, share, ka)
		if level(blocking+1, share, ka) > here || level(blocking, wider, ka) > here || level(blocking, share, true) > here {
			t.Fatalf("blocking %d, %v, %v", blocking, share, ka)
		}
	})
}

func TestEqualBuyersGetEqualScores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var buyers []Buyer
		for _, n := range append(measureNames, "none") {
			buyers = append(buyers, Buyer{n, day.Day(rapid.IntRange(0, 400).Draw(t, "last")), rapid.IntRange(0, 9).Draw(t, "orders"), float64(rapid.IntRange(0, 900).Draw(t, "sum"))})
		}
		r := RFM(400, buyers, DefaultSegments())
		for i, a := range r.Rows {
			if a.ID != buyers[i].ID || (a.R > 0) != (a.Count > 0) || (a.Segment != "") != (a.Count > 0) {
				t.Fatalf("%+v", a)
			}
			for _, b := range r.Rows {
				if a.R == 0 || b.R == 0 {
					continue
				}
				if a.Last >= b.Last && a.R < b.R || a.Count >= b.Count && a.F < b.F || a.Sum >= b.Sum && a.M < b.M {
					t.Fatalf("%+v is better than %+v and scores less", a, b)
				}
			}
		}
		shuffled := RFM(400, rapid.Permutation(buyers).Draw(t, "order"), DefaultSegments())
		if !reflect.DeepEqual(r.Totals(), shuffled.Totals()) || r.Recency != shuffled.Recency || r.Monetary != shuffled.Monetary {
			t.Fatal("the order of buyers matters")
		}
	})
}
