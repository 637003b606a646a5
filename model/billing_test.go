package model

import (
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model/day"
)

func TestReminderLevels(t *testing.T) {
	levels := NewSettings(nil).Reminders()
	due, none := d(t, "2026-01-20"), day.None
	for _, c := range []struct {
		name  string
		sent  int
		on    day.Day
		level int
		from  string
	}{
		{"ten days net", 0, none, 1, "2026-01-30"},
		{"the end of the month and thirty days", 1, d(t, "2026-02-02"), 2, "2026-03-02"},
		{"ten days after the one before was sent", 2, d(t, "2026-03-09"), 3, "2026-03-19"},
		{"not before the level that it follows", 1, d(t, "2026-04-01"), 2, "2026-04-01"},
		{"nothing after the last", 3, d(t, "2026-03-20"), 0, ""},
	} {
		level, from := NextReminder(levels, due, c.sent, c.on)
		if level != c.level || from.String() != c.from {
			t.Errorf("%s: level %d from %s, want %d from %s", c.name, level, from, c.level, c.from)
		}
	}
	if level, _ := NextReminder(levels, none, 0, none); level != 0 {
		t.Error("an invoice without a due day is reminded of")
	}
	if got := NewSettings(map[string]string{"reminder.2": "none"}).Reminders(); len(got) != 1 {
		t.Errorf("levels after none: %v", got)
	}
	if CheckSetting("reminder.1", "sometime 3 mail") == nil || CheckSetting("reminder.1", "net -1 mail") == nil {
		t.Error("a level that means nothing is let through")
	}
}

func TestCyclesDoNotDriftAndEndWithTheTerm(t *testing.T) {
	r := defaultRules()
	terms := Terms{Start: d(t, "2024-01-31"), End: d(t, "2024-05-15"), Billing: "month", CancelledOn: day.None, NoticeMonths: -1}
	got := terms.Cycles(310*MoneyScale, "month", "prepaid", d(t, "2030-01-01"), r)
	want := []struct{ from, to, date, amount string }{
		{"2024-01-31", "2024-02-28", "2024-01-31", "310.00"},
		{"2024-02-29", "2024-03-30", "2024-02-29", "310.00"},
		{"2024-03-31", "2024-04-29", "2024-03-31", "310.00"},
		{"2024-04-30", "2024-05-15", "2024-04-30", "160.00"}, // 16 of 31 days
	}
	if len(got) != len(want) {
		t.Fatalf("%d cycles, want %d: %v", len(got), len(want), got)
	}
	for i, w := range want {
		if c := got[i]; c.From.String() != w.from || c.To.String() != w.to || c.Date.String() != w.date || FormatMoney(c.Amount) != w.amount {
			t.Errorf("cycle %d: %s–%s on %s %s, want %v", i, c.From, c.To, c.Date, FormatMoney(c.Amount), w)
		}
	}
	// Settled by cycle: billed when the cycle is over, and no sooner.
	after := terms.Cycles(310*MoneyScale, "month", "by cycle", d(t, "2024-02-28"), r)
	if len(after) != 0 {
		t.Errorf("billed before the cycle is over: %v", after)
	}
	terms.Billing = "term"
	if once := terms.Cycles(1000, "term", "prepaid", d(t, "2024-01-31"), r); len(once) != 1 || once[0].Amount != 1000 || once[0].To != terms.End {
		t.Errorf("billed once for the term: %v", once)
	}
}

func TestPaymentsInParts(t *testing.T) {
	inv := NewRecord(Invoice, workflowID)
	inv.Set("customer", Ref(workflowOther))
	inv.Set("date", Date(workflowMoment.Today-40))
	inv.Set("amount", Money(1000))
	part := take(t, inv, "pay", "", FieldValue{"paid", Money(400)})
	if part.Get("paid") != Money(400) || !part.Get("settled").IsZero() {
		t.Errorf("a part: %v", part.Fields)
	}
	rest := take(t, part, "pay", "")
	if rest.Get("paid") != Money(1000) || rest.Get("settled").Day() != workflowMoment.Today {
		t.Errorf("the rest: %v", rest.Fields)
	}
	pay, _, _ := FindAction(part, "pay", "")
	if _, err := pay.Take(part, ID{}, []FieldValue{{"paid", Money(601)}}, workflowMoment); err == nil {
		t.Error("more than what is open is taken")
	}
	if _, _, err := FindAction(rest, "remind", ""); err == nil {
		t.Error("a settled invoice is reminded of")
	}
}

// Whatever the term and the cycle: the cycles follow each other without gap or overlap, and stay in the term.
func TestCyclesTileTheTerm(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		terms := Terms{
			Start: day.Day(rapid.IntRange(15000, 22000).Draw(rt, "start")), CancelledOn: day.None, NoticeMonths: -1,
			Billing: rapid.SampledFrom(Billings()).Draw(rt, "billing"),
		}
		terms.End = terms.Start + day.Day(rapid.IntRange(0, 1500).Draw(rt, "length"))
		settlement := rapid.SampledFrom([]string{"prepaid", "by cycle"}).Draw(rt, "settlement")
		next := terms.Start
		for _, c := range terms.Cycles(1200000, "month", settlement, terms.End+2, defaultRules()) {
			if c.From != next || c.To < c.From || c.To > terms.End || c.Amount < 0 {
				rt.Fatalf("cycle %s–%s, expected to begin %s", c.From, c.To, next)
			}
			next = c.To + 1
		}
		if next != terms.End+1 {
			rt.Fatalf("billed up to %s of a term that ends %s", next-1, terms.End)
		}
	})
}
