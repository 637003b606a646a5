package table

import (
	"math"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/scorecard"
)

// loyalBook has a customer who has renewed twice and bought more, one whose answer is too old, one who has just
// begun, and one who is none yet.
func loyalBook(t *testing.T, own map[string]string) *Snapshot {
	t.Helper()
	var all []*model.Record
	for n, fields := range [][]string{
		{"name", "Acme", "nps", "9", "nps_date", "2026-06-01"},
		{"name", "Beta", "nps", "9", "nps_date", "2025-06-01"},
		{"name", "Coming soon", "currency", "USD"},
		{"name", "Delta", "nps", "10"},
	} {
		all = append(all, record(t, model.Customer, n, fields...))
	}
	for n := range 2 {
		id := worldID(model.Customer, n).String()
		for i, year := range []string{"2024", "2025", "2026"} {
			all = append(all, record(t, model.Contract, 10*n+i, "customer", id, "start", year+"-01-01", "end", year+"-12-31", "per", "year", "amount", []string{"100", "100", "120"}[i]))
			if i > 0 {
				all[len(all)-1].Set("predecessor", model.Ref(worldID(model.Contract, 10*n+i-1)))
			}
		}
	}
	all = append(all, record(t, model.Contract, 50, "customer", worldID(model.Customer, 2).String(), "start", "2026-11-01", "per", "year", "amount", "100"))
	return book(t, model.NewSettings(own), all...)
}

// Points by hand: promoter 100 × 30, two of two renewals 100 × 25, 2.95 years 60 × 20, ARR +20 % 100 × 15.
func TestLoyaltyByHand(t *testing.T) {
	s := loyalBook(t, nil)
	wantFigures(t, s, model.Customer, 0, map[string]string{"loyalty": "91.11", "loyalty_coverage": "90"})
	wantFigures(t, s, model.Customer, 1, map[string]string{"loyalty": "86.67", "loyalty_coverage": "60"}) // An answer of 560 days ago drops out.
	wantFigures(t, s, model.Customer, 2, map[string]string{"loyalty": "", "loyalty_coverage": "20"})      // Too little is known, which is not a low figure.
	wantFigures(t, s, model.Customer, 3, map[string]string{"loyalty": "", "loyalty_coverage": ""})        // A prospect has none.
	wantFigures(t, loyalBook(t, map[string]string{"loyalty.nps_days": "0"}), model.Customer, 1, map[string]string{"loyalty": "91.11"})
	wantFigures(t, loyalBook(t, map[string]string{"loyalty.weight.nps": "0", "loyalty.weight.tenure": "0"}), model.Customer, 0, map[string]string{"loyalty": "100", "loyalty_coverage": "80"})
	for filter, want := range map[string]int{"loyalty:>90": 1, "loyalty:none": 2, "loyalty:80..90": 1} {
		e, err := query.Parse(filter, s.FilterSchema(model.Customer))
		if err != nil {
			t.Fatal(err)
		}
		if rows := s.Table(model.Customer).View(s, e, query.Env{Today: testDay}, nil); len(rows) != want {
			t.Errorf("%s finds %d customers, not %d", filter, len(rows), want)
		}
	}
}

func TestLoyaltyExplainsItself(t *testing.T) {
	s := loyalBook(t, nil)
	row, _ := s.Table(model.Customer).Row(worldID(model.Customer, 0))
	r, ok := s.Loyalty(row)
	sum := 0.0
	for _, term := range r.Terms {
		sum += term.Contribution
	}
	if !ok || math.Abs(sum-r.Score) > 1e-9 {
		t.Errorf("contributions add up to %g, not %g", sum, r.Score)
	}
	for n, wants := range map[int][]string{
		0: {"9 of 10, promoter, asked on 2026-06-01", "2 of 2 renewed", "2.9 years since 2024-01-01", "ARR 120.00 against 100.00 a year ago, USD", "no data: the field referrals is empty; its weight 10 is spread", "missing: Referrals given", "due 2025-12-31"},
		1: {"missing: Would recommend us, Referrals given", "560 days old, valid for 365"},
		2: {"not enough data", "no renewal was due in the last three years", "no recurring revenue a year ago", "no loyalty rather than a low one"},
		3: {"none in force or coming"},
	} {
		row, _ := s.Table(model.Customer).Row(worldID(model.Customer, n))
		why, err := s.Why(model.Customer, row, "loyalty")
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, l := range why.Lines {
			all.WriteString(l.Label + " | " + l.Value + " | " + l.Source + " | " + l.Note + "\n")
		}
		text := why.Formula + "\n" + all.String() + strings.Join(why.Notes, "\n")
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("customer %d: %q is missing in\n%s", n, want, text)
			}
		}
	}
}

// A scorecard can be judged by loyalty and by each of its measures.
func TestAScorecardIsJudgedByLoyalty(t *testing.T) {
	s := loyalBook(t, nil)
	for _, input := range append(model.LoyaltyMeasures(), "loyalty") {
		c := &scorecard.Card{Name: "by " + input, Purpose: scorecard.ForHealth, Groups: []scorecard.Group{{Key: "g", Weight: 1}}, Criteria: []scorecard.Criterion{{Key: input, Group: "g", Weight: 1, Points: "0:0 1:100"}}}
		if err := c.CheckBody(s.Inputs()); err != nil {
			t.Errorf("%s: %v", input, err)
		}
	}
	if err := model.NewSettings(map[string]string{"loyalty.weight.nps": "0", "loyalty.weight.renewed_share": "0", "loyalty.weight.tenure": "0", "loyalty.weight.arr_growth": "0", "loyalty.weight.referrals": "0"}).Check(); err == nil {
		t.Error("weights that are all zero are taken")
	}
	for _, bad := range []float64{-1, 11} {
		if err := model.ValidateField(model.Customer, "nps", model.Number(bad)); err == nil {
			t.Errorf("an answer of %g is taken", bad)
		}
	}
}
