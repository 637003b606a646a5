package report

import (
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
)

// yearly is a renewal of 100 a year that is due on a day.
func dueOn(due string, more ...string) fields {
	d, err := day.Parse(due)
	if err != nil {
		panic(err)
	}
	f := fields{"start": d.AddMonths(-12).String(), "end": due, "amount": "100", "renewal_owner": "ana"}
	for i := 0; i < len(more); i += 2 {
		f[more[i]] = more[i+1]
	}
	return f
}

// What was said is compared renewal by renewal: what did not move is not named, and the changes add up.
func TestSlipNamesWhatMoved(t *testing.T) {
	past := PastOf(pictured(
		t, onDay-30,
		dueOn("2026-12-31", "stage", "verbal", "category", "commit"),
		dueOn("2026-12-31"),
		dueOn("2026-12-31", "forecast", "80"),
		dueOn("2026-12-31", "currency", "EUR"), // two dollars each
	))
	now := pictured(
		t, onDay,
		dueOn("2026-12-31", "stage", "negotiation", "category", "best case"),
		dueOn("2026-12-31"),
		dueOn("2027-01-31", "forecast", "60"),
		dueOn("2026-12-31", "currency", "EUR", "churned", "yes"),
		dueOn("2027-12-31"),
	)
	r := mustReport(t, Slip, now, Args{From: day.None, To: day.None, Past: &past})
	got := map[string]float64{}
	for i := range r.Rows {
		c := cellsOf(t, r, i)
		got[strings.TrimSpace(c["renewal"].Text[:2])+" "+c["moved"].Text] = c["change"].Number
	}
	want := map[string]float64{
		"Cd open → lost; stage upcoming → lost; call pipeline → lost; forecast 100.00 → 0.00": -200,
		"Ca stage verbal → negotiation; call commit → best case":                              0,
		"Cc due 2026-12-31 → 2027-01-31; forecast 80.00 → 60.00":                              -20,
		"Ce came into the pipeline": 100,
		"al ":                       -120,
	}
	for k, v := range want {
		if n, ok := got[k]; !ok || n != v {
			t.Errorf("%q changes by %v (%v), want %v", k, n, ok, v)
		}
	}
	if len(got) != len(want) {
		t.Errorf("moved: %v", got)
	}
	if len(r.Records) != len(r.Rows)-1 || r.Records[0] != idOf(model.Contract, 3) {
		t.Errorf("the records behind the rows: %v", r.Records)
	}
}

// An anniversary that passes without a word was forecast and came; the next one is another renewal.
func TestAnAnniversaryThatPassedCame(t *testing.T) {
	endless := fields{"start": "2024-12-01", "amount": "100", "billing": "year", "renewal_owner": "ana"}
	past := PastOf(pictured(t, onDay-40, endless))
	now := pictured(t, onDay, endless)
	r := mustReport(t, Accuracy, now, Args{From: day.None, To: day.None, Past: &past})
	wantCells(t, r, 0, map[string]float64{"renewals": 1, "open": 0, "said": 100, "came": 100, "off": 0, "accuracy": 100})
	kept := PastKept(KeepSnapshot(now, idOf(model.Snapshot, 0), "now", model.Moment{Today: onDay}))
	for _, p := range []Past{PastOf(now), kept} {
		sum := SumSaid(now, Args{From: day.Of(2026, 12, 1), To: day.Of(2026, 12, 31)}, p)
		if sum.Renewals != 1 || sum.Cumulative[0] != 100*model.MoneyScale {
			t.Errorf("said of December: %+v, want the 100 that came", sum)
		}
	}
	slip := mustReport(t, Slip, now, Args{From: day.None, To: day.None, Past: &past})
	if len(slip.Rows) != 3 || cellsOf(t, slip, 1)["moved"].Text != "came into the pipeline" && cellsOf(t, slip, 0)["moved"].Text != "came into the pipeline" {
		t.Errorf("the anniversary was won and the next one came: %v", slip.Rows)
	}
}

// Who says too much and who says too little does not come out even: differences count without their sign.
func TestAccuracyByOwner(t *testing.T) {
	past := PastOf(pictured(
		t, onDay-60,
		dueOn("2026-11-30"), dueOn("2026-11-30", "forecast", "50"), dueOn("2026-11-30", "renewal_owner", "bo"), dueOn("2026-12-01"),
		dueOn("2027-06-30"),
	))
	now := pictured(
		t, onDay,
		dueOn("2026-11-30", "churned", "yes"), dueOn("2026-11-30", "stage", "renewed", "final", "100"),
		dueOn("2026-11-30", "renewal_owner", "bo", "stage", "renewed", "final", "90"), dueOn("2026-12-01", "stage", "verbal"),
		dueOn("2027-06-30"),
	)
	r := mustReport(t, Accuracy, now, Args{From: day.None, To: day.None, Past: &past})
	wantCells(t, r, 0, map[string]float64{"renewals": 3, "open": 1, "said": 150, "came": 100, "off": 150, "accuracy": 0})
	wantCells(t, r, 1, map[string]float64{"renewals": 1, "open": 0, "said": 100, "came": 90, "off": 10, "accuracy": 90})
	wantCells(t, r, 2, map[string]float64{"renewals": 4, "open": 1, "said": 250, "came": 190, "off": 160, "accuracy": 36})
}
