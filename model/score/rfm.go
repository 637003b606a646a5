package score

import (
	"math"
	"slices"
	"strings"

	"opsdeck/model/day"
)

// Buyer is what RFM looks at for one customer.
type Buyer struct {
	ID    string
	Last  day.Day // of the last order
	Count int     // orders
	Sum   float64 // of the orders, in major units of one currency
}

// Span is a closed interval of RFM scores.
type Span struct{ From, To int }

func (s Span) holds(v int) bool { return v >= s.From && v <= s.To }

// Segment is a named region of R, F and M scores.
type Segment struct {
	Name    string
	R, F, M Span
}

// OtherSegment is the name for what no segment holds.
const OtherSegment = "Others"

// DefaultSegments are those of the R package rfm 0.3.0, in the order in which they are tried.
func DefaultSegments() []Segment {
	return []Segment{
		{"Champions", Span{5, 5}, Span{5, 5}, Span{5, 5}},
		{"Potential Loyalist", Span{3, 5}, Span{3, 5}, Span{2, 5}},
		{"Loyal Customers", Span{2, 4}, Span{2, 4}, Span{2, 4}},
		{"Promising", Span{3, 4}, Span{1, 3}, Span{3, 5}},
		{"New Customers", Span{4, 5}, Span{1, 3}, Span{1, 5}},
		{"Can't Lose Them", Span{1, 2}, Span{3, 4}, Span{4, 5}},
		{"At Risk", Span{1, 2}, Span{2, 5}, Span{4, 5}},
		{"Need Attention", Span{1, 3}, Span{3, 5}, Span{3, 5}},
		{"About To Sleep", Span{2, 3}, Span{1, 3}, Span{1, 4}},
		{"Lost", Span{1, 1}, Span{1, 5}, Span{1, 5}},
	}
}

// Cuts are the four values at which the next of five bins begins.
type Cuts [4]float64

// bin returns 1 to 5: one more than the number of cuts at or below the value.
func (c Cuts) bin(v float64) int {
	n := 1
	for _, cut := range c {
		if cut <= v {
			n++
		}
	}
	return n
}

// RFMRow is one customer's recency, frequency and monetary score.
type RFMRow struct {
	Buyer
	Days    int // since the last order
	R, F, M int // 1 to 5, 5 is best; 0 for a customer without orders
	Segment string
}

// RFMResult holds the rows in the order of the buyers, and the cuts that made their scores.
type RFMResult struct {
	Recency, Frequency, Monetary Cuts // days, orders, major units
	Rows                         []RFMRow
}

// RFM scores buyers as of a day, as the R package rfm 0.3.0 does: the cuts are the quantiles (type 7) at 20,
// 40, 60 and 80 % plus 1, a value on a cut belongs to the bin above, and recency counts backwards.
// Equal values always get equal scores. Buyers without an order get no scores, no segment, and no
// say in the cuts; orders after the day count as made on it.
func RFM(asOf day.Day, buyers []Buyer, segments []Segment) RFMResult {
	return RFMBy(RFMRule{Offset: 1}, asOf, buyers, segments)
}

// RFMRule says where the next of the five bins begins.
type RFMRule struct {
	Offset float64 // added to each quantile; 1 is what the R package rfm 0.3.0 does
	Fixed  bool    // cuts that do not depend on the customers, instead of quantiles
	Cuts   [3]Cuts // of recency (days), frequency (orders) and amount, when fixed
}

// RFMBy is RFM by another rule.
func RFMBy(rule RFMRule, asOf day.Day, buyers []Buyer, segments []Segment) RFMResult {
	var r RFMResult
	var days, counts, sums []float64
	for _, b := range buyers {
		row := RFMRow{Buyer: b}
		if b.scored() {
			row.Days = max(0, int(asOf)-int(b.Last))
			days = append(days, float64(row.Days))
			counts = append(counts, float64(b.Count))
			sums = append(sums, b.Sum)
		}
		r.Rows = append(r.Rows, row)
	}
	r.Recency, r.Frequency, r.Monetary = rule.Cuts[0], rule.Cuts[1], rule.Cuts[2]
	if !rule.Fixed {
		r.Recency, r.Frequency, r.Monetary = cutsOf(days, rule.Offset), cutsOf(counts, rule.Offset), cutsOf(sums, rule.Offset)
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		if !row.scored() {
			continue
		}
		row.R = 6 - r.Recency.bin(float64(row.Days))
		row.F = r.Frequency.bin(float64(row.Count))
		row.M = r.Monetary.bin(row.Sum)
		row.Segment = segmentOf(segments, row.R, row.F, row.M)
	}
	return r
}

func (b Buyer) scored() bool { return b.Count > 0 && b.Last.IsSet() && finite(b.Sum) }

func cutsOf(values []float64, offset float64) Cuts {
	slices.Sort(values)
	var c Cuts
	for i := range c {
		c[i] = Quantile(values, float64(i+1)/5) + offset
	}
	return c
}

func segmentOf(segments []Segment, r, f, m int) string {
	for _, s := range segments {
		if s.R.holds(r) && s.F.holds(f) && s.M.holds(m) {
			return s.Name
		}
	}
	return OtherSegment
}

// Quantile returns the p-quantile (0–1) of sorted values by linear interpolation between the
// closest ranks (type 7 of Hyndman and Fan, the default of R and of spreadsheets), 0 for none.
func Quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := float64(len(sorted)-1) * min(max(p, 0), 1)
	low := int(math.Floor(at))
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

// SegmentTotal sums up the customers of a segment.
type SegmentTotal struct {
	Segment   string
	Customers int
	Orders    int
	Sum       float64
	Average   float64 // of an order
}

// Totals sums up the segments, in alphabetical order, without the customers that have no scores.
func (r RFMResult) Totals() []SegmentTotal {
	sums := map[string][]float64{}
	orders := map[string]int{}
	for _, row := range r.Rows {
		if row.R > 0 {
			sums[row.Segment] = append(sums[row.Segment], row.Sum)
			orders[row.Segment] += row.Count
		}
	}
	var out []SegmentTotal
	for name, values := range sums {
		t := SegmentTotal{Segment: name, Customers: len(values), Orders: orders[name], Sum: sum(values)}
		t.Average = t.Sum / float64(t.Orders)
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b SegmentTotal) int { return strings.Compare(a.Segment, b.Segment) })
	return out
}
