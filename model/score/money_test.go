package score

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestRetentionVectors(t *testing.T) {
	r, err := Retention([]Revenue{{ID: "a", A: 100, B: 150}, {ID: "b", A: 100, B: 50}, {ID: "c", A: 100, B: 100}})
	if err != nil || !r.Known || !near(r.GRR, 0.833, 0.0005) || r.NRR != 1 || r.Logo != 1 {
		t.Errorf("GRR %v, NRR %v (%v)", r.GRR, r.NRR, err)
	}
	// A lost customer stays in the denominator.
	if r, _ = Retention([]Revenue{{ID: "a", A: 100, B: 0}, {ID: "b", A: 100, B: 100}}); r.GRR != 0.5 || r.NRR != 0.5 || r.Logo != 0.5 {
		t.Errorf("one of two lost: %+v", r)
	}
	// Start 100, churn 10, contraction 10, expansion 10.
	r, _ = Retention([]Revenue{{ID: "a", A: 10, B: 0}, {ID: "b", A: 20, B: 10}, {ID: "c", A: 20, B: 30}, {ID: "d", A: 50, B: 50}})
	if !near(r.GrossLoss(), 0.2, 1e-12) || !near(r.NetLoss(), 0.1, 1e-12) {
		t.Errorf("gross loss %v, net loss %v", r.GrossLoss(), r.NetLoss())
	}
}

func TestMovements(t *testing.T) {
	r, err := Retention([]Revenue{
		{ID: "same", A: 7, B: 7},
		{ID: "new", B: 30},
		{ID: "back", B: 20, Returning: true},
		{ID: "more", A: 50, B: 60},
		{ID: "less", A: 50, B: 45},
		{ID: "gone", A: 40},
		{ID: "credit", A: -5, B: 15},
		{ID: "none"},
		{ID: "refund", A: 40, B: -3},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[Move]MoveTotal{
		MoveNew: {2, 45}, MoveReactivation: {1, 20}, MoveExpansion: {1, 10}, MoveContraction: {1, -5}, MoveChurn: {2, -80},
	}
	if !maps.Equal(r.Moves, want) {
		t.Errorf("%+v", r.Moves)
	}
	if r.Start != 187 || r.End != 177 || r.Customers != 5 || r.Stayed != 3 {
		t.Errorf("%+v", r)
	}
	var ids []string
	for _, m := range r.Movements {
		ids = append(ids, m.ID)
	}
	if got := strings.Join(ids, " "); got != "gone refund new back credit more less" {
		t.Error(got)
	}
	if slices.ContainsFunc(Moves(), func(m Move) bool { _, ok := want[m]; return !ok }) || len(Moves()) != len(want) {
		t.Error("Moves does not list all moves")
	}
}

func TestRetentionWithoutABaseIsNotKnown(t *testing.T) {
	r, err := Retention([]Revenue{{ID: "a", B: 5}})
	if err != nil || r.Known || r.NRR != 0 || r.End != 5 {
		t.Errorf("%+v %v", r, err)
	}
	if _, err := Retention([]Revenue{{A: math.MaxInt64}, {A: 1}}); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	if _, err := Retention([]Revenue{{B: math.MaxInt64, A: math.MinInt64}, {B: math.MaxInt64}}); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func TestConcentration(t *testing.T) {
	c, err := Concentration([]Amount{{"b", 30}, {"a", 50}, {"d", 0}, {"c", 20}, {"e", -7}})
	if err != nil || c.Total != 100 || len(c.Rows) != 3 {
		t.Fatalf("%+v %v", c, err)
	}
	if c.Top(1) != 0.5 || c.Top(2) != 0.8 || c.Top(5) != 1 || c.Top(0) != 0 || c.Top(-1) != 0 {
		t.Errorf("%v %v %v", c.Top(1), c.Top(2), c.Top(5))
	}
	if !near(c.HHI, 2500+900+400, 1e-9) {
		t.Errorf("HHI %v", c.HHI)
	}
	if left, share := c.Without("a"); left != 50 || share != 0.5 {
		t.Errorf("without a: %v %v", left, share)
	}
	if left, share := c.Without("nobody"); left != 100 || share != 1 {
		t.Errorf("without nobody: %v %v", left, share)
	}
	for share, want := range map[float64]int{0: 1, 0.5: 1, 0.51: 2, 0.8: 2, 1: 3, 2: 3} {
		if got := c.Reaching(share); got != want {
			t.Errorf("%d make %v", got, share)
		}
	}
	if c, err = Concentration([]Amount{{"one", 5}}); err != nil || c.HHI != 10_000 {
		t.Errorf("a monopoly has %v", c.HHI)
	}
	c, err = Concentration(nil)
	if _, share := c.Without("a"); err != nil || c.HHI != 0 || c.Top(10) != 0 || share != 0 || c.Reaching(0.8) != 0 {
		t.Errorf("nothing: %+v", c)
	}
	if _, err := Concentration([]Amount{{"a", math.MaxInt64}, {"b", 1}}); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func TestSeverityMatrix(t *testing.T) {
	m := DefaultMatrix()
	shares := []float64{0.5, 0.25, 0.05, 0.0499}
	for blocking, want := range []string{"S4 S5 S5 S5", "S3 S3 S4 S4", "S2 S2 S3 S3", "S1 S1 S2 S2"} {
		var got, withKA []string
		for _, share := range shares {
			v, err := m.Severity(blocking, share, false)
			ka, errKA := m.Severity(blocking, share, true)
			if err != nil || errKA != nil {
				t.Fatal(err, errKA)
			}
			got, withKA = append(got, v.String()), append(withKA, ka.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("blocking %d: %v, want %s", blocking, got, want)
		}
		// One KA counts one column up: every column shows its left neighbour.
		if shifted := append([]string{got[0]}, got[:3]...); !slices.Equal(withKA, shifted) {
			t.Errorf("blocking %d with a KA: %v, want %v", blocking, withKA, shifted)
		}
	}
	for share, column := range map[float64]int{1: 0, 0.4999: 1, 0.2499: 2, 0: 3} {
		if v, err := m.Severity(3, share, false); err != nil || v.Column != column {
			t.Errorf("%v is column %d (%v)", share, v.Column, err)
		}
	}
	v, err := m.Severity(3, 0.02, true)
	want := "blocking 3: main workflow blocked, no workaround; reaches 2 % of the customers in force: below 5 %; " +
		"a KA is affected: counts as 5 % or more; the matrix says S2"
	if got := strings.Join(v.Reasons, "; "); err != nil || got != want || v.RaisedBy != 1 {
		t.Errorf("%s (%v)", got, err)
	}
}

func TestSeverityRefuses(t *testing.T) {
	m := DefaultMatrix()
	for _, c := range []struct {
		blocking int
		share    float64
	}{{-1, 0}, {4, 0}, {1, -0.1}, {1, 1.1}, {1, math.NaN()}} {
		if v, err := m.Severity(c.blocking, c.share, false); err == nil {
			t.Errorf("%+v is %v", c, v)
		}
	}
	for want, change := range map[string]func(*Matrix){
		"S0; it must lie":     func(m *Matrix) { m.Levels[3][0] = 0 },
		"S6; it must lie":     func(m *Matrix) { m.Levels[0][3] = 6 },
		"not be less severe":  func(m *Matrix) { m.Levels[2][0] = 4 },
		"must not be less":    func(m *Matrix) { m.Levels[3][1] = 3; m.Levels[3][2] = 2 },
		"the edges must fall": func(m *Matrix) { m.Reach[1] = 0.5 },
		"reach 3: 0;":         func(m *Matrix) { m.Reach[2] = 0 },
		"reach 1: NaN;":       func(m *Matrix) { m.Reach[0] = math.NaN() },
	} {
		bad := DefaultMatrix()
		change(&bad)
		if _, err := bad.Severity(0, 0, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestDemandWeight(t *testing.T) {
	d, err := DemandWeight([]Wish{
		{"acme", 3, 10, 3, 1000},
		{"acme", 1, 20, 3, 1000}, // the latest counts, though it matters less
		{"globex", 2, 5, 1, 500},
		{"globex", 3, 5, 1, 500},  // at the same moment the more important counts
		{"quiet", 0, 1, 1.5, 250}, // no importance, but its revenue is linked
	})
	if err != nil || d.Customers != 3 || d.Weight != 1*3+3*1 || d.Revenue != 1750 || len(d.Wishes) != 3 {
		t.Errorf("%+v %v", d, err)
	}
	for _, w := range []Wish{{Importance: 4}, {Importance: -1}, {Factor: -1}, {Factor: math.Inf(1)}} {
		if _, err := DemandWeight([]Wish{w}); err == nil {
			t.Errorf("%+v is accepted", w)
		}
	}
	if _, err := DemandWeight([]Wish{{Customer: "a", Revenue: math.MaxInt64}, {Customer: "b", Revenue: 1}}); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func TestTrend(t *testing.T) {
	if got := Trend(4, 2, 10); !near(got, 0.771, 0.0005) {
		t.Errorf("10 h: %v", got)
	}
	if got := Trend(4, 2, 100); !near(got, 0.0385, 0.00005) {
		t.Errorf("100 h: %v", got)
	}
	if got := Trend(1, 0, -5); got != Trend(1, 0, 0) || math.IsNaN(got) {
		t.Errorf("not yet born: %v", got)
	}
}
