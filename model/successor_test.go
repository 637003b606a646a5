package model

import (
	"encoding/binary"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model/day"
)

// renewalCase makes a case of contracts that have the amounts given, all of one customer.
func renewalCase(t testing.TB, today string, fields map[string]Value, annual ...int64) RenewalCase {
	t.Helper()
	made := uint64(0)
	newID := func() (id ID) {
		made++
		binary.BigEndian.PutUint64(id[8:], made)
		return id
	}
	c := RenewalCase{Annual: annual, Outcome: "open", Rules: defaultRules(), NewID: newID, Moment: Moment{Who: "ana", Today: d(t, today)}}
	buyer := newID()
	for _, units := range annual {
		r := NewRecord(Contract, newID())
		r.Set("customer", Ref(buyer))
		r.Set("name", Text("Frame 2025"))
		r.Set("start", Date(d(t, "2025-01-01")))
		r.Set("end", Date(d(t, "2025-12-31")))
		r.Set("amount", Money(units))
		r.Set("per", Pick("year"))
		for name, v := range fields {
			r.Set(name, v)
		}
		c.Lines = append(c.Lines, r)
	}
	lead := c.Lines[0]
	c.Terms = Terms{Start: lead.Get("start").Day(), End: lead.Get("end").Day(), NoticeMonths: -1, CancelledOn: day.None, Billing: lead.Get("billing").Str()}
	return c
}

// applied applies a plan to the case's records and returns the lead and its successor.
func applied(t testing.TB, c RenewalCase, p RenewalPlan) (lead, next *Record) {
	t.Helper()
	at := map[ID]*Record{}
	for _, l := range c.Lines {
		at[l.ID] = l
	}
	for _, op := range p.Ops {
		r, err := op.Apply(at[op.ID])
		if err != nil {
			t.Fatal(err)
		}
		at[op.ID] = r
	}
	if len(p.Successors) > 0 {
		next = at[p.Successors[0].ID]
	}
	return at[c.Lines[0].ID], next
}

func plan(t testing.TB, c RenewalCase, step string, said ...FieldValue) (lead, next *Record) {
	t.Helper()
	p, err := c.Plan(step, said)
	if err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	return applied(t, c, p)
}

func TestRenewWritesASuccessorOfTheSameLength(t *testing.T) {
	for _, c := range []struct{ start, end, wantStart, wantEnd string }{
		{"2025-01-01", "2025-12-31", "2026-01-01", "2026-12-31"},
		{"2023-03-01", "2024-02-29", "2024-03-01", "2025-02-28"}, // over a leap day
		{"2024-01-31", "2024-02-28", "2024-02-29", "2024-03-28"}, // a month from a month's end
		{"2025-01-01", "2026-01-01", "2026-01-02", "2027-01-01"}, // 1 January to 1 January
		{"2025-01-01", "2025-01-10", "2025-01-11", "2025-01-20"}, // no whole months
	} {
		k := renewalCase(t, "2025-12-01", map[string]Value{"start": Date(d(t, c.start)), "end": Date(d(t, c.end))}, 1000)
		_, next := plan(t, k, "renew")
		if got := next.Get("start").Day().String() + " " + next.Get("end").Day().String(); got != c.wantStart+" "+c.wantEnd {
			t.Errorf("after %s to %s: %s, want %s %s", c.start, c.end, got, c.wantStart, c.wantEnd)
		}
	}
}

func TestRenewClosesTheOldAndCarriesTheTerms(t *testing.T) {
	c := renewalCase(t, "2025-12-01", map[string]Value{"notice_months": Number(3), "auto_renew": Bool(true), "catalogue": List("a", "b"), "number": Text("K-1"), "next_step": Text("call")}, 12000)
	lead, next := plan(t, c, "renew", FieldValue{"final", Money(24000)}, FieldValue{"seats", Number(9)}, FieldValue{"next_step", Text("")})
	if lead.Get("stage").Str() != "renewed" || lead.Get("category").Str() != "closed" || lead.Get("final") != Money(24000) || lead.Get("amount") != Money(12000) {
		t.Errorf("the old contract: %v", lead.Fields)
	}
	if next.Get("amount") != Money(24000) || next.Get("made_by").Str() != "expand" || next.Get("predecessor").ID() != lead.ID || next.Get("seats") != Number(9) ||
		next.Get("notice_months") != Number(3) || len(next.Get("catalogue").Items()) != 2 || !next.Get("number").IsZero() || next.Get("name").Str() != "Frame 2026" {
		t.Errorf("the successor: %v", next.Fields)
	}
}

func TestStepsRefuseWhatDoesNotFit(t *testing.T) {
	open := map[string]Value{"end": {}, "billing": Pick("month")}
	for _, c := range []struct {
		name, step, field string
		fields            map[string]Value
		said              []FieldValue
	}{
		{"expand without more", "expand", "amount", nil, []FieldValue{{"final", Money(1000)}}},
		{"downsell without less", "downsell", "amount", nil, []FieldValue{{"final", Money(1000)}}},
		{"renew at nothing", "renew", "amount", nil, []FieldValue{{"final", Money(0)}}},
		{"renew within the term", "renew", "start", nil, []FieldValue{{"start", Date(d(t, "2025-06-01"))}}},
		{"amend outside the term", "amend", "on", nil, []FieldValue{{"start", Date(d(t, "2026-06-01"))}}},
		{"extend back", "extend", "until", nil, []FieldValue{{"end", Date(d(t, "2025-12-31"))}}},
		{"extend what has no end", "extend", "until", open, []FieldValue{{"end", Date(d(t, "2026-12-31"))}}},
		{"renew what rolls", "renew", "start", open, nil},
		{"churn without a reason", "churn", "reason", nil, nil},
		{"churn what rolls without an end", "churn", "until", open, []FieldValue{{"close_reason", Text("price")}}},
		{"merge one", "merge-terms", "with", nil, nil},
		{"end before the start", "renew", "end", nil, []FieldValue{{"end", Date(d(t, "2025-12-31"))}}},
	} {
		var got *FieldError
		if _, err := renewalCase(t, "2025-12-01", c.fields, 1000).Plan(c.step, c.said); !errors.As(err, &got) || got.Field != c.field {
			t.Errorf("%s: %v, want an error at %s", c.name, err, c.field)
		}
	}
	won := renewalCase(t, "2025-12-01", nil, 1000)
	won.Outcome = "won"
	var unfit *ActionError
	if _, err := won.Plan("churn", []FieldValue{{"close_reason", Text("price")}}); !errors.As(err, &unfit) {
		t.Errorf("churn of what was renewed: %v", err)
	}
}

func TestAmendMovesThePipelineAlong(t *testing.T) {
	c := renewalCase(t, "2025-06-01", map[string]Value{"stage": Pick("proposal"), "forecast": Money(900), "risks": List("unresponsive")}, 1000)
	lead, next := plan(t, c, "expand", FieldValue{"final", Money(1500)}, FieldValue{"start", Date(d(t, "2025-07-01"))})
	if lead.Get("end").Day() != d(t, "2025-06-30") || !lead.Get("stage").IsZero() || !lead.Get("final").IsZero() {
		t.Errorf("the old contract: %v", lead.Fields)
	}
	if next.Get("start").Day() != d(t, "2025-07-01") || next.Get("end").Day() != d(t, "2025-12-31") || next.Get("stage").Str() != "proposal" ||
		next.Get("made_by").Str() != "amend" || next.Get("amount") != Money(1500) || !next.Get("final").IsZero() {
		t.Errorf("the new one: %v", next.Fields)
	}
}

func TestMergeMakesOneOfSeveral(t *testing.T) {
	c := renewalCase(t, "2025-06-01", map[string]Value{"catalogue": List("a"), "seats": Number(5)}, 1000, 3001)
	c.Lines[1].Set("end", Date(d(t, "2026-06-30")))
	c.Lines[1].Set("catalogue", List("b"))
	p, err := c.Plan("merge-terms", nil)
	if err != nil {
		t.Fatal(err)
	}
	lead, next := applied(t, c, p)
	if next.Get("start").Day() != d(t, "2026-01-01") || next.Get("end").Day() != d(t, "2026-06-30") || next.Get("amount") != Money(4001) ||
		len(next.Get("merged").IDs()) != 1 || next.Get("seats") != Number(10) || len(next.Get("catalogue").Items()) != 2 {
		t.Errorf("merged: %v", next.Fields)
	}
	if len(p.Ops) != 3 || lead.Get("final") != Money(1000) {
		t.Errorf("%d ops, final of the first %v", len(p.Ops), lead.Get("final").Format())
	}
}

func TestChurnEndsWhatHasNoEnd(t *testing.T) {
	c := renewalCase(t, "2025-06-01", map[string]Value{"end": {}, "billing": Pick("year"), "auto_renew": Bool(true)}, 1000)
	lead, next := plan(t, c, "churn", FieldValue{"close_reason", Text("price")})
	if next != nil || lead.Get("end").Day() != d(t, "2025-12-31") || !lead.Get("churned").IsTrue() || lead.Get("final") != Money(0) {
		t.Errorf("churned: %v", lead.Fields)
	}
}

// Whatever the step and the amounts: the shares add up to the whole, nothing is rounded away, and
// undoing the ops in reverse gives back the records as they were.
func TestStepsAddUpAndCanBeTakenBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		annual := rapid.SliceOfN(rapid.Int64Range(0, 1e12), 1, 5).Draw(rt, "annual")
		per := rapid.SampledFrom(Billings()).Draw(rt, "per")
		c := renewalCase(t, "2025-12-01", map[string]Value{"per": Pick(per)}, annual...)
		final := rapid.Int64Range(1, 1e12).Draw(rt, "final")
		step := rapid.SampledFrom([]string{"renew", "expand", "downsell", "amend"}).Draw(rt, "step")
		p, err := c.Plan(step, []FieldValue{{"final", Money(final)}})
		if err != nil {
			return
		}
		var sum int64
		for _, n := range p.Successors {
			units, _ := n.Get("amount").Units()
			sum += AnnualUnits(units, n.Get("per").Str(), n.Get("start").Day(), n.Get("end").Day())
		}
		if sum != final {
			rt.Fatalf("the successors are worth %d a year, want %d", sum, final)
		}
		at := map[ID]*Record{}
		for _, l := range c.Lines {
			at[l.ID] = l
		}
		for _, op := range p.Ops {
			if at[op.ID], err = op.Apply(at[op.ID]); err != nil {
				rt.Fatal(err)
			}
		}
		for i := len(p.Ops) - 1; i >= 0; i-- {
			if at[p.Ops[i].ID], err = p.Ops[i].Reverse().Apply(at[p.Ops[i].ID]); err != nil {
				rt.Fatal(err)
			}
		}
		for _, l := range c.Lines {
			if !at[l.ID].Equal(l) {
				rt.Fatalf("taken back: %v, was %v", at[l.ID], l)
			}
		}
	})
}

func TestStagesHaveTheNamesOfTheCompany(t *testing.T) {
	r := NewSettings(map[string]string{"stage.proposal": "50 best case; Offer out", "stage.verbal": "95 commit"}).RenewalRules()
	if got := r.Stages["proposal"]; got != (StageRule{50, "best case", "Offer out"}) {
		t.Errorf("proposal is %+v", got)
	}
	if r.StageName("proposal") != "Offer out" || r.StageName("verbal") != "verbal" || r.StageName("renewed") != "renewed" {
		t.Errorf("names: %q %q %q", r.StageName("proposal"), r.StageName("verbal"), r.StageName("renewed"))
	}
	for _, bad := range []string{"50; Offer", "50 sure; Offer", "101 commit", "50 commit; a name that is longer than any column has room for"} {
		if _, err := parseStage(bad); err == nil {
			t.Errorf("%q is taken for a stage", bad)
		}
	}
}
