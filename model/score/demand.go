package score

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Matrix reads severity from how much work is blocked and how many customers it reaches.
type Matrix struct {
	// Levels are severities from 1 (worst) to 5; rows by blocking from 0 to 3, columns by reach from the
	// widest to the narrowest.
	Levels [4][4]int
	// Reach are the lower edges of the first three columns, as shares of the customers in force.
	Reach [3]float64
}

// DefaultMatrix has columns from 50, 25 and 5 % and below.
func DefaultMatrix() Matrix {
	return Matrix{
		Levels: [4][4]int{{4, 5, 5, 5}, {3, 3, 4, 4}, {2, 2, 3, 3}, {1, 1, 2, 2}},
		Reach:  [3]float64{0.5, 0.25, 0.05},
	}
}

// Check tells what is wrong with the matrix: severity may not fall with more blocking or reach.
func (m Matrix) Check() error {
	for i, edge := range m.Reach {
		if !(edge > 0 && edge <= 1) || i > 0 && edge >= m.Reach[i-1] {
			return fmt.Errorf("reach %d: %g; the edges must fall and lie between 0 and 1", i+1, edge)
		}
	}
	for row := range m.Levels {
		for col, level := range m.Levels[row] {
			if level < 1 || level > 5 {
				return fmt.Errorf("blocking %d, reach %d: S%d; it must lie between S1 and S5", row, col+1, level)
			}
			if row > 0 && level > m.Levels[row-1][col] || col > 0 && level < m.Levels[row][col-1] {
				return fmt.Errorf("blocking %d, reach %d: S%d; more blocking and more reach must not be less severe", row, col+1, level)
			}
		}
	}
	return nil
}

// Verdict is a severity with its reasons.
type Verdict struct {
	Level    int // 1 to 5
	Blocking int
	Column   int // of the matrix, from 0
	RaisedBy int // columns to the left because of a KA: 0 or 1
	Reasons  []string
}

// String writes the level as S1 to S5.
func (v Verdict) String() string { return fmt.Sprintf("S%d", v.Level) }

// Severity looks up the matrix. share is the share of the customers in force that are affected, 0
// when there are none; oneKA tells that a KA is among them, which counts one column up. Errors
// concern the inputs or the matrix.
func (m Matrix) Severity(blocking int, share float64, oneKA bool) (Verdict, error) {
	if err := m.Check(); err != nil {
		return Verdict{}, fmt.Errorf("severity matrix: %w", err)
	}
	if blocking < 0 || blocking > 3 {
		return Verdict{}, fmt.Errorf("blocking %d; it must lie between 0 and 3", blocking)
	}
	if !(share >= 0 && share <= 1) {
		return Verdict{}, fmt.Errorf("a share of %g customers; it must lie between 0 and 1", share)
	}
	v := Verdict{Blocking: blocking}
	for v.Column < len(m.Reach) && share < m.Reach[v.Column] {
		v.Column++
	}
	v.Reasons = []string{
		fmt.Sprintf("blocking %d: %s", blocking, blockingWords[blocking]),
		fmt.Sprintf("reaches %s %% of the customers in force: %s", number(100*share), m.columnText(v.Column)),
	}
	if oneKA && v.Column > 0 {
		v.RaisedBy = 1
		v.Column--
		v.Reasons = append(v.Reasons, "a KA is affected: counts as "+m.columnText(v.Column))
	}
	v.Level = m.Levels[blocking][v.Column]
	v.Reasons = append(v.Reasons, "the matrix says "+v.String())
	return v, nil
}

var blockingWords = [4]string{
	"cosmetic", "degraded", "blocked, with an awkward workaround", "main workflow blocked, no workaround",
}

func (m Matrix) columnText(col int) string {
	if col == len(m.Reach) {
		return fmt.Sprintf("below %s %%", number(100*m.Reach[col-1]))
	}
	return fmt.Sprintf("%s %% or more", number(100*m.Reach[col]))
}

// Wish is one customer's word on a demand.
type Wish struct {
	Customer   string
	Importance int     // 0 to 3
	At         int64   // when it was said, in any unit; the latest counts
	Factor     float64 // of the customer's tier
	Revenue    int64   // recurring revenue of the customer
}

// Wanted is the weight of a demand.
type Wanted struct {
	Customers int
	Weight    float64 // Σ importance × factor
	Revenue   int64   // Σ recurring revenue
	Wishes    []Wish  // the ones that count, by customer
}

// DemandWeight counts each customer once with its latest importance; of wishes at the same moment
// the more important counts. Errors concern the wishes, or are ErrTooLarge.
func DemandWeight(wishes []Wish) (Wanted, error) {
	latest := map[string]Wish{}
	for _, w := range wishes {
		if w.Importance < 0 || w.Importance > 3 {
			return Wanted{}, fmt.Errorf("customer %q: importance %d; it must lie between 0 and 3", w.Customer, w.Importance)
		}
		if !finite(w.Factor) || w.Factor < 0 {
			return Wanted{}, fmt.Errorf("customer %q: a tier factor of %g; it must be a number and not negative", w.Customer, w.Factor)
		}
		if old, ok := latest[w.Customer]; !ok || compareWish(w, old) > 0 {
			latest[w.Customer] = w
		}
	}
	var d Wanted
	for _, w := range latest {
		d.Wishes = append(d.Wishes, w)
	}
	slices.SortFunc(d.Wishes, func(a, b Wish) int { return strings.Compare(a.Customer, b.Customer) })
	for _, w := range d.Wishes {
		d.Customers++
		d.Weight += float64(w.Importance) * w.Factor
		revenue := max(w.Revenue, 0)
		if d.Revenue > math.MaxInt64-revenue {
			return Wanted{}, ErrTooLarge
		}
		d.Revenue += revenue
	}
	return d, nil
}

// compareWish orders the wishes of one customer by which counts.
func compareWish(a, b Wish) int {
	return cmp.Or(
		cmp.Compare(a.At, b.At), cmp.Compare(a.Importance, b.Importance),
		cmp.Compare(a.Factor, b.Factor), cmp.Compare(a.Revenue, b.Revenue),
	)
}

// Trend ranks demands by votes and comments against their age in hours, as Fider does:
// ((5·votes + 3·comments) − 1) ÷ (age + 2)^1.4. An age below zero counts as zero.
func Trend(votes, comments int, ageHours float64) float64 {
	return (5*float64(votes) + 3*float64(comments) - 1) / math.Pow(max(ageHours, 0)+2, 1.4)
}
