package model

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model/day"
)

func d(t testing.TB, s string) day.Day {
	t.Helper()
	x, err := day.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func defaultRules() TermRules { return NewSettings(nil).TermRules() }

func TestContractStatesAroundNoticeAndEnd(t *testing.T) {
	fixed := Terms{Start: d(t, "2025-01-01"), End: d(t, "2025-12-31"), NoticeMonths: -1, CancelledOn: day.None}
	auto, churned, planned, started, off := fixed, fixed, fixed, fixed, fixed
	auto.AutoRenew = true
	churned.AutoRenew, churned.Churned = true, true
	planned.SuccessorPlanned = true
	started.AutoRenew, started.SuccessorPlanned, started.SuccessorStarted = true, true, true
	off.CancelledOn = d(t, "2025-06-01")
	for _, c := range []struct {
		name  string
		terms Terms
		on    string
		want  string
	}{
		{"before the start", fixed, "2024-12-31", "upcoming"},
		{"on the start", fixed, "2025-01-01", "in force"},
		{"the day before notice", fixed, "2025-11-29", "in force"},
		{"on the notice day", fixed, "2025-11-30", "in force"},
		{"the day after notice", fixed, "2025-12-01", "closing"},
		{"the day before the end", fixed, "2025-12-30", "closing"},
		{"on the end", fixed, "2025-12-31", "closing"},
		{"the day after the end", fixed, "2026-01-01", "closed"},
		{"renews by itself, after notice", auto, "2025-12-01", "in force"},
		{"renews by itself, on the end", auto, "2025-12-31", "in force"},
		{"renews by itself, after the end", auto, "2026-01-01", "to renew"},
		{"churned in its source", churned, "2026-01-01", "closed"},
		{"successor planned, after notice", planned, "2025-12-15", "in force"},
		{"successor begun", started, "2026-01-01", "closed"},
		{"the day before it is called off", off, "2025-05-31", "in force"},
		{"called off", off, "2025-06-01", "cancelled"},
	} {
		if got := c.terms.State(d(t, c.on), defaultRules()); got != c.want {
			t.Errorf("%s (%s): %s, want %s", c.name, c.on, got, c.want)
		}
	}
}

func TestOneDayTermMakesNoPhantomChurn(t *testing.T) {
	first := Terms{Start: d(t, "2025-01-01"), End: d(t, "2026-01-01"), NoticeMonths: -1, CancelledOn: day.None, SuccessorPlanned: true}
	second := Terms{Start: d(t, "2026-01-01"), End: d(t, "2027-01-01"), NoticeMonths: -1, CancelledOn: day.None}
	for _, on := range []string{"2025-12-31", "2026-01-01", "2026-01-02"} {
		if got := CustomerStatus([]Terms{first, second}, d(t, on), defaultRules()); got != "customer" {
			t.Errorf("on %s: %s", on, got)
		}
	}
}

func TestRenewalDates(t *testing.T) {
	r := defaultRules()
	today := d(t, "2025-06-15")
	leap := Terms{Start: d(t, "2023-04-01"), End: d(t, "2024-03-31"), NoticeMonths: 1, CancelledOn: day.None}
	if got := leap.Notice(today, r); got != d(t, "2024-02-29") {
		t.Errorf("notice of a term that ends on 31 March of a leap year: %s", got)
	}
	if got := leap.Decision(today, TierKA, r); got != d(t, "2024-02-29")-90 {
		t.Errorf("decision date for KA: %s", got)
	}
	if got := leap.Decision(today, "", r); got != d(t, "2024-02-29")-30 {
		t.Errorf("decision date without a tier: %s", got)
	}
	yearly := Terms{Start: d(t, "2020-02-29"), End: d(t, "2099-12-31"), NoticeMonths: -1, Billing: "year", CancelledOn: day.None}
	for on, want := range map[string]string{"2020-03-01": "2021-02-28", "2024-02-29": "2024-02-29", "2024-03-01": "2025-02-28", "2025-02-28": "2025-02-28"} {
		if got := yearly.Due(d(t, on), r); got != d(t, want) {
			t.Errorf("open-ended, yearly, on %s: due %s, want %s", on, got, want)
		}
	}
	yearly.Billing = "month"
	if got := yearly.Due(today, r); got.IsSet() {
		t.Errorf("an open-ended contract billed by the month rolls, but is due %s", got)
	}
}

func TestCustomerStatus(t *testing.T) {
	term := func(from, to string) Terms {
		return Terms{Start: d(t, from), End: d(t, to), NoticeMonths: -1, CancelledOn: day.None}
	}
	churned := term("2025-01-01", "2025-12-31")
	churned.Churned = true
	for _, c := range []struct {
		name  string
		terms []Terms
		on    string
		want  string
	}{
		{"no contract ever", nil, "2025-06-01", "prospect"},
		{"starts later", []Terms{term("2025-07-01", "2026-06-30")}, "2025-06-01", "coming"},
		{"in force", []Terms{term("2025-01-01", "2025-12-31")}, "2025-06-01", "customer"},
		{"churn recorded, still running", []Terms{churned}, "2025-06-01", "cancelled"},
		{"churned line beside a running one", []Terms{churned, term("2025-01-01", "2025-12-31")}, "2025-06-01", "customer"},
		{"ended", []Terms{term("2024-01-01", "2024-12-31")}, "2025-06-01", "lost"},
		{"in a gap of 30 days", []Terms{term("2024-01-01", "2024-12-31"), term("2025-01-31", "2025-12-31")}, "2025-01-15", "customer"},
		{"in a gap of 31 days", []Terms{term("2024-01-01", "2024-12-31"), term("2025-02-01", "2025-12-31")}, "2025-01-15", "lost"},
	} {
		if got := CustomerStatus(c.terms, d(t, c.on), defaultRules()); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestEveryContractDayHasOneState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := day.Day(rapid.IntRange(18000, 21000).Draw(t, "start"))
		terms := Terms{
			Start: start, End: start + day.Day(rapid.IntRange(0, 900).Draw(t, "length")), CancelledOn: day.None,
			NoticeMonths: rapid.IntRange(-1, 6).Draw(t, "notice"), AutoRenew: rapid.Bool().Draw(t, "auto"),
			Churned: rapid.Bool().Draw(t, "churned"), Billing: rapid.SampledFrom(Billings()).Draw(t, "billing"),
		}
		on := start + day.Day(rapid.IntRange(-400, 1400).Draw(t, "day"))
		r := NewSettings(nil).TermRules()
		state := terms.State(on, r)
		if !slices.Contains(ContractStates(), state) {
			t.Fatalf("state %q", state)
		}
		if InForce(state) != (on >= terms.Start && on <= terms.End) {
			t.Fatalf("%s on %s of %s–%s", state, on, terms.Start, terms.End)
		}
	})
}

func TestAnnualAmount(t *testing.T) {
	for _, c := range []struct {
		per, from, to string
		want          int64
	}{
		{"month", "2025-01-01", "2025-12-31", 1200},
		{"quarter", "2025-01-01", "2025-12-31", 400},
		{"year", "2025-01-01", "2027-12-31", 100},
		{"term", "2025-01-01", "2026-12-31", 50},
		{"term", "2025-01-01", "2025-01-01", 1200},
		{"", "2025-01-01", "2025-12-31", 100},
	} {
		if got := AnnualUnits(100, c.per, d(t, c.from), d(t, c.to)); got != c.want {
			t.Errorf("100 per %s from %s to %s is %d a year, want %d", c.per, c.from, c.to, got, c.want)
		}
	}
}

func TestAnAnnualAmountKeepsItsSign(t *testing.T) {
	for _, per := range []string{"month", "quarter", "year", "term"} {
		for _, units := range []int64{math.MaxInt64 / 2, math.MaxInt64 / 5, math.MaxInt64 / 13} {
			up, down := AnnualUnits(units, per, d(t, "2025-01-01"), d(t, "2025-01-31")), AnnualUnits(-units, per, d(t, "2025-01-01"), d(t, "2025-01-31"))
			if up < units || down != -up {
				t.Errorf("%d per %s is %d a year, and its negative %d", units, per, up, down)
			}
		}
	}
}

func TestSettings(t *testing.T) {
	for _, def := range SettingDefs() {
		if def.Key != "company.name" {
			if err := CheckSetting(def.Key, def.Default); err != nil {
				t.Errorf("the default of %s does not check: %v", def.Key, err)
			}
		}
	}
	for key, value := range map[string]string{
		"no.such": "1", "lead.KA": "-1", "tier.KA": "101", "company.currency": "usd", "rate.eur": "1", "rate.EUR": "0",
		"severity.reach": "50 25 5", "severity.blocking.3": "S1 S9 S2 S2", "tier.points.growth": "1:2 a:3", "tier.weight.growth": "x",
	} {
		if CheckSetting(key, value) == nil {
			t.Errorf("%s = %q should be refused", key, value)
		}
	}
	s := NewSettings(map[string]string{"lead.KA": "45", "lead.mid": "nonsense", "rate.EUR": "1.1"})
	if s.Int("lead.KA") != 45 || s.Int("lead.mid") != 60 {
		t.Errorf("own values: KA %d, mid %d", s.Int("lead.KA"), s.Int("lead.mid"))
	}
	if r, ok := s.Rate("EUR"); !ok || r != 1.1 {
		t.Errorf("rate of EUR: %v %v", r, ok)
	}
	if _, ok := s.Rate("JPY"); ok {
		t.Error("a currency without a rate must say so")
	}
}
