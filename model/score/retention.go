package score

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"
)

// ErrTooLarge tells that amounts do not add up within 64 bits; they are wrong, or in a unit that is
// too small.
var ErrTooLarge = errors.New("the amounts are too large to add up; check the imported figures")

// Revenue is one customer's recurring revenue at two moments, in one currency and any unit.
// Amounts below zero count as none.
type Revenue struct {
	ID        string
	A, B      int64 // at the start and now
	Returning bool  // had recurring revenue before the start, but none at it
}

// Move is what happened to one customer's recurring revenue.
type Move string

// The moves of recurring revenue.
const (
	MoveNew          Move = "new"          // A = 0, B > 0
	MoveReactivation Move = "reactivation" // the same, of a customer that had left
	MoveExpansion    Move = "expansion"    // 0 < A < B
	MoveContraction  Move = "contraction"  // A > B > 0
	MoveChurn        Move = "churn"        // A > 0, B = 0
)

// Moves lists the moves in the order in which they lead from start to end.
func Moves() []Move {
	return []Move{MoveNew, MoveReactivation, MoveExpansion, MoveContraction, MoveChurn}
}

// Movement is one customer's move.
type Movement struct {
	ID    string
	Move  Move
	A, B  int64
	Delta int64 // B − A
}

// MoveTotal sums up one move.
type MoveTotal struct {
	Customers int
	Delta     int64 // below zero for contraction and churn
}

// Retained is the base-period view of recurring revenue. Rates are fractions of Start.
type Retained struct {
	Start     int64 // Σ A over the customers with A > 0: the base
	Kept      int64 // Σ min(A, B) of the base
	Now       int64 // Σ B of the base
	End       int64 // Σ B of everybody; End − Start is the sum of all moves
	Customers int   // in the base
	Stayed    int   // of them with B > 0

	Known bool    // false when nobody had revenue at the start; the rates are 0 then
	GRR   float64 // gross revenue retention, Kept ÷ Start
	NRR   float64 // net revenue retention, Now ÷ Start
	Logo  float64 // Stayed ÷ Customers

	Moves     map[Move]MoveTotal
	Movements []Movement // of the customers whose revenue changed, the largest change first
}

// Retention compares recurring revenue at two moments. The error is ErrTooLarge.
func Retention(rows []Revenue) (Retained, error) {
	r := Retained{Moves: map[Move]MoveTotal{}}
	var err error
	add := func(total *int64, amount int64) {
		if *total > math.MaxInt64-amount {
			err = ErrTooLarge
			return
		}
		*total += amount
	}
	for _, row := range rows {
		a, b := max(row.A, 0), max(row.B, 0)
		add(&r.End, b)
		if a > 0 {
			r.Customers++
			add(&r.Start, a)
			add(&r.Kept, min(a, b))
			add(&r.Now, b)
		}
		if a > 0 && b > 0 {
			r.Stayed++
		}
		if move := moveOf(a, b, row.Returning); move != "" {
			r.Movements = append(r.Movements, Movement{row.ID, move, a, b, b - a})
			t := r.Moves[move]
			r.Moves[move] = MoveTotal{t.Customers + 1, t.Delta + b - a}
		}
	}
	if err != nil {
		return Retained{}, err
	}
	slices.SortFunc(r.Movements, func(x, y Movement) int {
		return cmp.Or(cmp.Compare(max(y.Delta, -y.Delta), max(x.Delta, -x.Delta)), strings.Compare(x.ID, y.ID))
	})
	if r.Start > 0 {
		r.Known = true
		r.GRR = float64(r.Kept) / float64(r.Start)
		r.NRR = float64(r.Now) / float64(r.Start)
		r.Logo = float64(r.Stayed) / float64(r.Customers)
	}
	return r, nil
}

func moveOf(a, b int64, returning bool) Move {
	switch {
	case a == b:
		return ""
	case a == 0 && returning:
		return MoveReactivation
	case a == 0:
		return MoveNew
	case b == 0:
		return MoveChurn
	case b > a:
		return MoveExpansion
	}
	return MoveContraction
}

// GrossLoss is 1 − GRR: what churn and contraction took.
func (r Retained) GrossLoss() float64 { return 1 - r.GRR }

// NetLoss is 1 − NRR; below zero when expansion was larger.
func (r Retained) NetLoss() float64 { return 1 - r.NRR }

// Amount is one customer's part of a sum.
type Amount struct {
	ID    string
	Value int64
}

// Concentrated tells how much hangs on few customers.
type Concentrated struct {
	Total int64
	HHI   float64 // Herfindahl-Hirschman index: the sum of the squared percent shares, 0 to 10,000
	Rows  []Part  // the largest first
}

// Part is one customer's share.
type Part struct {
	Amount
	Share      float64 // of the total, 0–1
	Cumulative float64 // with all larger ones
}

// Concentration ranks amounts. Amounts of zero and below have no share and are left out. The error
// is ErrTooLarge.
func Concentration(amounts []Amount) (Concentrated, error) {
	var c Concentrated
	for _, a := range amounts {
		if a.Value <= 0 {
			continue
		}
		if c.Total > math.MaxInt64-a.Value {
			return Concentrated{}, ErrTooLarge
		}
		c.Total += a.Value
		c.Rows = append(c.Rows, Part{Amount: a})
	}
	slices.SortFunc(c.Rows, func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), strings.Compare(a.ID, b.ID))
	})
	var running int64
	for i := range c.Rows {
		p := &c.Rows[i]
		running += p.Value
		p.Share = float64(p.Value) / float64(c.Total)
		p.Cumulative = float64(running) / float64(c.Total)
		c.HHI += 100 * p.Share * 100 * p.Share
	}
	return c, nil
}

// Top is the share of the n largest, 0–1.
func (c Concentrated) Top(n int) float64 {
	n = min(n, len(c.Rows))
	if n <= 0 {
		return 0
	}
	return c.Rows[n-1].Cumulative
}

// Reaching is how many of the largest it takes to reach a share (0–1) of the total.
func (c Concentrated) Reaching(share float64) int {
	n, _ := slices.BinarySearchFunc(c.Rows, share, func(p Part, share float64) int { return cmp.Compare(p.Cumulative, share) })
	return min(n+1, len(c.Rows))
}

// Without is what is left of the total when the customers with an id leave, and its share.
func (c Concentrated) Without(id string) (left int64, share float64) {
	left = c.Total
	for _, p := range c.Rows {
		if p.ID == id {
			left -= p.Value
		}
	}
	if c.Total > 0 {
		share = float64(left) / float64(c.Total)
	}
	return left, share
}
