package model

import (
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model/day"
)

// What is known on a day does not change by anything that happens after it.
func TestNothingLaterIsKnown(t *testing.T) {
	on := day.Of(2026, 6, 30)
	later := func(t *rapid.T) Value { return Date(on + day.Day(rapid.IntRange(1, 400).Draw(t, "later"))) }
	moment := func(t *rapid.T) Value {
		return Time(int64(on+day.Day(rapid.IntRange(1, 400).Draw(t, "later")))*86_400_000 + 1)
	}
	kinds := []struct {
		kind  Kind
		set   func(r *Record)
		after []func(t *rapid.T, r *Record)
	}{
		{Contract, func(r *Record) { r.Set("start", Date(on-300)) }, []func(*rapid.T, *Record){
			func(t *rapid.T, r *Record) { r.Set("churned", Bool(true)); r.Set("end", later(t)) },
			func(t *rapid.T, r *Record) { r.Set("cancelled_on", later(t)); r.Set("end", later(t)) },
			func(_ *rapid.T, r *Record) { r.Set("stage", Pick("churned")); r.Set("close_reason", Text("price")) },
		}},
		{Invoice, func(r *Record) { r.Set("date", Date(on-40)); r.Set("due", Date(on-10)); r.Set("amount", Money(5)) }, []func(*rapid.T, *Record){
			func(t *rapid.T, r *Record) { r.Set("settled", later(t)); r.Set("paid", Money(5)) },
			func(t *rapid.T, r *Record) { r.Set("disputed", Bool(true)); r.Set("reminded_on", later(t)) },
		}},
		{Item, func(r *Record) { r.Set("opened", Time(int64(on-9)*86_400_000)); r.Set("blocking", Pick("3")) }, []func(*rapid.T, *Record){
			func(t *rapid.T, r *Record) { r.Set("resolved", moment(t)); r.Set("state", Pick("closed")) },
			func(t *rapid.T, r *Record) { r.Set("state", Pick("answered")); r.Set("state_since", moment(t)) },
			func(_ *rapid.T, r *Record) { r.Set("satisfaction", Number(1)); r.Set("escalated", Bool(true)) },
		}},
		{Customer, func(r *Record) { r.Set("name", Text("Acme")) }, []func(*rapid.T, *Record){
			func(_ *rapid.T, r *Record) {
				r.Set("source_churned", Bool(true))
				r.Set("payment_record", Pick("often overdue"))
			},
			func(t *rapid.T, r *Record) { r.Set("sentiment", Number(3)); r.Set("sentiment_date", later(t)) },
			func(t *rapid.T, r *Record) { r.Set("tier_override", Pick("small")); r.Set("since", later(t)) },
			func(_ *rapid.T, r *Record) { r.Set("x.left", Text("yes")); r.Set("tags", List("lost")) },
		}},
	}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(kinds).Draw(t, "kind")
		r := NewRecord(k.kind, ID{1})
		k.set(r)
		want := KnownOn(r, on)
		if want == nil {
			t.Fatalf("the %s is not known at all", k.kind)
		}
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			rapid.SampledFrom(k.after).Draw(t, "change")(t, r)
		}
		if got := KnownOn(r, on); !got.Equal(want) {
			t.Fatalf("known on %s: %v; before the later changes: %v", on, got.Fields, want.Fields)
		}
	})
}

// Each kind of fact is known from its own day on, and not a day before.
func TestFactsAreKnownFromTheirDayOn(t *testing.T) {
	d := day.Of(2026, 6, 30)
	for _, c := range []struct {
		kind  Kind
		field string
		value Value
		first day.Day
	}{
		{Order, "date", Date(d), d},
		{Invoice, "date", Date(d), d},
		{Touch, "date", Date(d), d},
		{Churn, "date", Date(d), d},
		{Contract, "start", Date(d), d},
		{Contract, "signed_on", Date(d), d},
		{Item, "opened", Time(int64(d)*86_400_000 + 5), d},
		{Usage, "month", Date(day.Of(2026, 6, 1)), d}, // A month is known when it is over.
	} {
		r := NewRecord(c.kind, ID{1})
		r.Set(c.field, c.value)
		if KnownOn(r, c.first) == nil || KnownOn(r, c.first-1) != nil {
			t.Errorf("%s by %s: known on its day %v, the day before %v", c.kind, c.field, KnownOn(r, c.first) != nil, KnownOn(r, c.first-1) != nil)
		}
	}
	for _, k := range []Kind{Contact, Task, Deal, Voice, Telling} {
		if KnownOn(NewRecord(k, ID{1}), d) != nil {
			t.Errorf("a %s says nothing of when it came, and is known all the same", k)
		}
	}
	settled := NewRecord(Invoice, ID{1})
	settled.Set("date", Date(d-9))
	settled.Set("settled", Date(d))
	if KnownOn(settled, d-1).Get("settled").Day().IsSet() || KnownOn(settled, d).Get("settled").Day() != d {
		t.Error("a payment is known from its day on")
	}
}

// TestNothingTurnsBetweenDaysWithoutADate draws records of every kind with dates around two days: where none lies
// between the days, both know the same.
func TestNothingTurnsBetweenDaysWithoutADate(t *testing.T) {
	const on = day.Day(20000)
	turned, same := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(Kinds()).Draw(t, "kind")
		r := NewRecord(k, ID{1})
		near := func(name string) day.Day { return on + day.Day(rapid.IntRange(-70, 70).Draw(t, name)) }
		for _, f := range SchemaOf(k).Stored() {
			switch {
			case rapid.IntRange(0, 3).Draw(t, f.Name+" is empty") == 0:
			case f.Type == TDate:
				r.Set(f.Name, Date(near(f.Name)))
			case f.Type == TTime:
				r.Set(f.Name, Time(int64(near(f.Name))*86_400_000+int64(rapid.IntRange(0, 86_399_999).Draw(t, "time"))))
			case f.Type == TBool:
				r.Set(f.Name, Bool(rapid.Bool().Draw(t, f.Name)))
			case f.Type == TPick:
				r.Set(f.Name, Pick(rapid.SampledFrom(f.Options).Draw(t, f.Name)))
			}
		}
		from := near("from")
		to := from + day.Day(rapid.IntRange(0, 40).Draw(t, "days"))
		is := KnownOn(r, from).Equal(KnownOn(r, to))
		switch {
		case !is && !TurnsBetween(r, from, to):
			t.Fatalf("%s: %v on %s and %v on %s", k, KnownOn(r, from), from, KnownOn(r, to), to)
		case is:
			same++
		default:
			turned++
		}
	})
	if enough := turned+same >= 100; enough && (turned == 0 || same == 0) { // Of a few draws all may be of one sort.
		t.Errorf("%d records turned, %d did not", turned, same)
	}
}
