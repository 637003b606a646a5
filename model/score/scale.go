package score

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Scale turns a raw input into 0–100 points.
type Scale interface {
	// Points returns the points and how they came about, or false when the input is not on the scale.
	Points(in Input) (points float64, note string, ok bool)
	// Check tells what is wrong with the scale.
	Check() error
}

// Band is one step of a scale by bands.
type Band struct {
	From   *float64 // the lower edge, inclusive; nil: no edge
	To     *float64 // the upper edge, exclusive except in the last band; nil: no edge
	Points float64  // 0–100
	Label  string   // for people; may be empty
}

// Bands is a scale whose bands rise and meet. The lower edge belongs to a band, the upper to the
// next, and both to the last. A value outside all bands is not on the scale.
type Bands []Band

// Points implements Scale.
func (b Bands) Points(in Input) (float64, string, bool) {
	for i, band := range b {
		if band.From != nil && in.Value < *band.From {
			break
		}
		last := i == len(b)-1
		if band.To == nil || in.Value < *band.To || last && in.Value == *band.To {
			return band.Points, band.text(last), true
		}
	}
	return 0, fmt.Sprintf("%s lies outside the bands", number(in.Value)), false
}

// text writes the band as an interval, with its label.
func (b Band) text(last bool) string {
	edges := "every value"
	switch {
	case b.From != nil && b.To != nil && last:
		edges = "from " + number(*b.From) + " to " + number(*b.To)
	case b.From != nil && b.To != nil:
		edges = "from " + number(*b.From) + " to below " + number(*b.To)
	case b.From != nil:
		edges = "from " + number(*b.From)
	case b.To != nil && last:
		edges = "up to " + number(*b.To)
	case b.To != nil:
		edges = "below " + number(*b.To)
	}
	if b.Label != "" {
		return b.Label + " (" + edges + ")"
	}
	return edges
}

// Check implements Scale: bands rise, meet without a gap, and are open at the outer ends only.
func (b Bands) Check() error {
	if len(b) == 0 {
		return fmt.Errorf("the scale has no bands; add at least one")
	}
	for i, band := range b {
		if err := checkPoints(band.Points); err != nil {
			return fmt.Errorf("band %d: %w", i+1, err)
		}
		for _, edge := range []*float64{band.From, band.To} {
			if edge != nil && !finite(*edge) {
				return fmt.Errorf("band %d: an edge is not a number; leave it out for no edge", i+1)
			}
		}
		if band.From != nil && band.To != nil && *band.From >= *band.To {
			return fmt.Errorf("band %d: ends at %s, not above its begin %s", i+1, number(*band.To), number(*band.From))
		}
		if i > 0 && (band.From == nil || b[i-1].To == nil || *band.From != *b[i-1].To) {
			return fmt.Errorf("band %d: must begin where band %d ends", i+1, i)
		}
	}
	return nil
}

// Population is a scale by percentile rank: the share of the population below the value, plus half
// of those equal to it, in percent (the mid-rank method). Equal values get equal points, and the
// median gets 50.
type Population struct {
	sorted     []float64
	descending bool
}

// NewPopulation makes a scale out of all known values; values that are no numbers are left out.
// With descending, lower values get more points.
func NewPopulation(values []float64, descending bool) Population {
	p := Population{descending: descending}
	for _, v := range values {
		if finite(v) {
			p.sorted = append(p.sorted, v)
		}
	}
	slices.Sort(p.sorted)
	return p
}

// Size is the number of values that the scale compares with.
func (p Population) Size() int { return len(p.sorted) }

// Rank is Points without words.
func (p Population) Rank(value float64) (float64, bool) {
	n := len(p.sorted)
	if n == 0 {
		return 0, false
	}
	below, _ := slices.BinarySearch(p.sorted, value)
	above, _ := slices.BinarySearch(p.sorted, math.Nextafter(value, math.Inf(1)))
	points := 100 * (float64(below) + float64(above-below)/2) / float64(n)
	if p.descending {
		points = 100 - points
	}
	return points, true
}

// Points implements Scale.
func (p Population) Points(in Input) (float64, string, bool) {
	n := len(p.sorted)
	if n == 0 {
		return 0, "nothing to compare with", false
	}
	below, _ := slices.BinarySearch(p.sorted, in.Value)
	above, _ := slices.BinarySearch(p.sorted, math.Nextafter(in.Value, math.Inf(1)))
	points, _ := p.Rank(in.Value)
	better := below
	if p.descending {
		better = n - above
	}
	return points, fmt.Sprintf("better than %d of %d", better, n), true
}

// Check implements Scale; every population is well-formed.
func (p Population) Check() error { return nil }

// Choice gives points to one value of a text input.
type Choice struct {
	Value  string
	Points float64 // 0–100
}

// Choices is a scale from texts to points; case and surrounding blanks do not matter. A text that is
// not listed is not on the scale.
type Choices []Choice

// Points implements Scale.
func (c Choices) Points(in Input) (float64, string, bool) {
	for _, choice := range c {
		if strings.EqualFold(strings.TrimSpace(choice.Value), strings.TrimSpace(in.Text)) {
			return choice.Points, choice.Value, true
		}
	}
	return 0, fmt.Sprintf("%q has no points", in.Text), false
}

// Check implements Scale.
func (c Choices) Check() error {
	if len(c) == 0 {
		return fmt.Errorf("the scale has no choices; add at least one")
	}
	seen := map[string]bool{}
	for _, choice := range c {
		if err := checkPoints(choice.Points); err != nil {
			return fmt.Errorf("choice %q: %w", choice.Value, err)
		}
		key := strings.ToLower(strings.TrimSpace(choice.Value))
		if seen[key] {
			return fmt.Errorf("choice %q is listed twice; remove one", choice.Value)
		}
		seen[key] = true
	}
	return nil
}

// AsPoints is a scale for inputs that are points already; values outside are not on the scale.
type AsPoints struct{}

// Points implements Scale.
func (AsPoints) Points(in Input) (float64, string, bool) {
	if checkPoints(in.Value) != nil {
		return 0, number(in.Value) + " lies outside 0–100", false
	}
	return in.Value, "", true
}

// Check implements Scale.
func (AsPoints) Check() error { return nil }

func checkPoints(p float64) error {
	if !finite(p) || p < 0 || p > 100 {
		return fmt.Errorf("%s points; they must lie between 0 and 100", number(p))
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// number writes a value for people without an exponent and with at most two decimals.
func number(x float64) string {
	s := fmt.Sprintf("%.2f", x)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}
