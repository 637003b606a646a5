package score

import (
	"testing"

	"opsdeck/model/day"
)

func BenchmarkWeighted(b *testing.B) {
	var criteria []Criterion
	inputs := map[string]Input{}
	for i, n := range measureNames {
		criteria = append(criteria, points(n, 10))
		inputs[n] = known(float64(i * 10))
	}
	for b.Loop() {
		if _, err := Weighted(criteria, inputs, DefaultMinCoverage); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHealth(b *testing.B) {
	groups := defaultGroups()
	inputs := map[string]Input{"active": known(80), "breadth": known(40), "touch": known(100), "bugs": known(60)}
	for b.Loop() {
		if _, err := Health(groups, inputs, DefaultMinCoverage); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRFM100k(b *testing.B) {
	buyers := make([]Buyer, 100_000)
	for i := range buyers {
		buyers[i] = Buyer{Last: day.Day(i * 7919 % 1000), Count: 1 + i%17, Sum: float64(i * 31 % 9973)}
	}
	for b.Loop() {
		RFM(1000, buyers, DefaultSegments())
	}
}
