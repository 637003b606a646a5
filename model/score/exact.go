package score

import (
	"cmp"
	"math"
	"slices"
)

// Grains are powers of two, so that their multiples are exact in float64.
const (
	pointGrains = 1 << 20 // a score of 0–100 points
	shareGrains = 1 << 40 // a share of 0–1
)

// grained rounds to whole grains. It also removes the noise of float arithmetic, so that a mean of
// equal points is those points and meets a threshold on them.
func grained(x, grains float64) float64 { return math.Round(x*grains) / grains }

// sum adds in an order that does not depend on the order of the values.
func sum(values []float64) float64 {
	ordered := slices.Clone(values)
	slices.Sort(ordered)
	total := 0.0
	for _, v := range ordered {
		total += v
	}
	return total
}

// WeightedMean returns Σ w·v / Σ w, and false when no weight is above zero. Vector: 5, 3 and 2
// customers of 100, 60 and 40 points have a mean of 76.
func WeightedMean(values, weights []float64) (float64, bool) {
	products := make([]float64, len(values))
	for i, v := range values {
		products[i] = v * weights[i]
	}
	total := sum(weights)
	if total <= 0 {
		return 0, false
	}
	return sum(products) / total, true
}

// apportion rounds parts to grains so that they add up to total exactly: parts are rounded down,
// and the grains that are left go to the largest remainders, equal ones in the order of the keys.
func apportion(total float64, parts []float64, keys []string, grains float64) []float64 {
	whole := make([]float64, len(parts))
	order := make([]int, len(parts))
	left := math.Round(total * grains)
	for i, p := range parts {
		whole[i] = math.Floor(p * grains)
		left -= whole[i]
		order[i] = i
	}
	remainder := func(i int) float64 { return parts[i]*grains - whole[i] }
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(remainder(b), remainder(a)), cmp.Compare(keys[a], keys[b]))
	})
	// Float noise may make the parts a grain larger than the total; then the smallest remainders give.
	step := 1.0
	if left < 0 {
		step = -1
		slices.Reverse(order)
	}
	for k := 0; left != 0 && len(order) > 0; k = (k + 1) % len(order) {
		whole[order[k]] += step
		left -= step
	}
	for i := range whole {
		whole[i] /= grains
	}
	return whole
}

// Hundredths rounds parts to two decimals so that they add up to the rounded total: what people add up on
// a screen is then what stands below it. Keys decide between equal remainders.
func Hundredths(total float64, parts []float64, keys []string) []float64 {
	return apportion(total, parts, keys, 100)
}
