package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/report"
	"opsdeck/model/sample"
	"opsdeck/model/scorecard"
	"opsdeck/model/table"
)

// laterFacts are what may happen after a scoring day: new records, and what becomes known of old ones.
func laterFacts(t *testing.T, b *Book, rnd *rand.Rand, on day.Day) []model.Op {
	t.Helper()
	later := func() day.Day { return on + day.Day(1+rnd.IntN(90)) }
	moment := func() model.Value { return model.Time(int64(later())*86_400_000 + 7) }
	all := map[model.Kind][]*model.Record{}
	for _, k := range []model.Kind{model.Customer, model.Contract, model.Invoice, model.Item, model.Contact} {
		if err := b.Each(k, func(r *model.Record) bool { all[k] = append(all[k], r); return true }); err != nil {
			t.Fatal(err)
		}
	}
	pick := func(k model.Kind) *model.Record { return all[k][rnd.IntN(len(all[k]))] }
	create := func(k model.Kind, fields map[string]model.Value) model.Op {
		r := model.NewRecord(k, b.NewID())
		ref, v := "customer", model.Ref(pick(model.Customer).ID)
		if k == model.Item {
			ref, v = "customers", model.Refs(pick(model.Customer).ID)
		}
		r.Set(ref, v)
		for name, v := range fields {
			r.Set(name, v)
		}
		return model.CreateOp(r)
	}
	return append(laterChanges(all, rnd, on), []model.Op{
		create(model.Order, map[string]model.Value{"date": model.Date(later()), "amount": model.Money(9e9)}),
		create(model.Touch, map[string]model.Value{"date": model.Date(later()), "type": model.Pick("call")}),
		create(model.Invoice, map[string]model.Value{"date": model.Date(later()), "amount": model.Money(7e6)}),
		create(model.Usage, map[string]model.Value{"month": model.Date(later().AddMonths(1).MonthStart()), "feature": model.Text("Reports"), "count": model.Number(1e6)}),
		create(model.Churn, map[string]model.Value{"date": model.Date(later())}),
		create(model.Item, map[string]model.Value{"summary": model.Text("Down"), "opened": moment(), "blocking": model.Pick("3"), "state": model.Pick("new")}),
		create(model.Contract, map[string]model.Value{"start": model.Date(later()), "amount": model.Money(5e9)}),
		create(model.Contact, map[string]model.Value{"name": model.Text("New"), "role": model.Pick("decision maker")}),
	}...)
}

// laterChanges are what becomes known of records that are there, each record changed once at most.
func laterChanges(all map[model.Kind][]*model.Record, rnd *rand.Rand, on day.Day) []model.Op {
	later := func() day.Day { return on + day.Day(1+rnd.IntN(90)) }
	pick := func(k model.Kind) *model.Record { return all[k][rnd.IntN(len(all[k]))] }
	var ops []model.Op
	change := func(k model.Kind, fields map[string]model.Value) {
		r := pick(k)
		next := r.Clone()
		for name, v := range fields {
			next.Set(name, v)
		}
		if op, ok := model.UpdateOp(r, next); ok && next.Validate() == nil && !slices.ContainsFunc(ops, func(o model.Op) bool { return o.ID == r.ID }) {
			ops = append(ops, op)
		}
	}
	settled := pick(model.Invoice)
	if s := settled.Get("settled").Day(); !s.IsSet() || s > on {
		next := settled.Clone()
		next.Set("settled", model.Date(later()))
		if op, ok := model.UpdateOp(settled, next); ok {
			ops = append(ops, op)
		}
	}
	change(model.Customer, map[string]model.Value{
		"source_churned": model.Bool(true), "payment_record": model.Pick("often overdue"), "sentiment": model.Number(1), "sentiment_date": model.Date(later()),
		"brand": model.Pick("unknown"), "employees": model.Number(1), "x.left": model.Text("yes"),
	})
	if c := pick(model.Contract); !c.Get("end").Day().IsSet() || c.Get("end").Day() > on {
		next := c.Clone()
		next.Set("churned", model.Bool(true))
		next.Set("end", model.Date(max(later(), c.Get("start").Day())))
		if op, ok := model.UpdateOp(c, next); ok && !next.Get("cancelled_on").Day().IsSet() {
			ops = append(ops, op)
		}
	}
	return ops
}

// No fact of later gets into what a back-test judges by: neither where the book was there on the scoring
// day, nor where it has brought that time in afterwards, nor through what a scoring keeps for percentiles.
func TestNoLaterFactGetsIntoABacktest(t *testing.T) {
	began := day.Of(2026, 7, 1)
	clock := began.Time().Add(12 * time.Hour)
	b := scoredBook(t, began, &clock)
	scoringDays := []day.Day{began - 150, began + 20}
	clock = (began + 21).Time().Add(time.Hour)
	before := judgedOn(t, b, scoringDays)
	rnd := rand.New(rand.NewPCG(7, 9))
	for range 25 {
		clock = clock.Add(24 * time.Hour)
		take(t, b, model.Import, laterFacts(t, b, rnd, began+20)...)
	}
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	found, err := s.Rescore()
	if err != nil {
		t.Fatal(err)
	}
	take(t, b, "", found.Ops(s, b.NewID)...)
	after := judgedOn(t, b, scoringDays)
	figures := 0
	for key, was := range before {
		is, there := after[key]
		if was.Result.Known {
			figures++
		}
		if !there || is.Result.Score != was.Result.Score || is.Level != was.Level || !slices.Equal(is.Result.Terms, was.Result.Terms) {
			t.Fatalf("%s was %g (%s) and is %g (%s) after later facts: %s", key, was.Result.Score, was.Level, is.Result.Score, is.Level, firstOther(was.Result.Terms, is.Result.Terms))
		}
	}
	if figures < 60 {
		t.Fatalf("only %d figures: the test has lost its subject", figures)
	}
	someWereLost(t, b, scoringDays[1])
}

func take(t *testing.T, b *Book, kind model.BatchKind, ops ...model.Op) {
	t.Helper()
	if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "ana", Label: "x", Kind: kind, Ops: ops}); err != nil {
		t.Fatal(err)
	}
}

// scoredBook is a sample company with a scorecard of its own that compares by percentiles.
func scoredBook(t *testing.T, began day.Day, clock *time.Time) *Book {
	t.Helper()
	o := testOptions()
	o.Now = func() time.Time { *clock = clock.Add(time.Millisecond); return *clock }
	o.Today = func() day.Day { return day.FromTime(*clock) }
	b, err := NewMemory(o)
	if err != nil {
		t.Fatal(err)
	}
	var ops []model.Op
	err = sample.Generate(sample.Options{Customers: 60, Seed: 5, Today: began}, func(r *model.Record) error {
		// Contracts that end early by churn are brought in by the later facts below.
		ops = append(ops, model.CreateOp(r))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	take(t, b, model.Import, ops...)
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	card := &scorecard.Card{Name: "own", Purpose: scorecard.ForTier, MinCoverage: 10, Margin: 3, Runs: 2, Criteria: []scorecard.Criterion{
		{Key: "order_amount", Weight: 3, Percentile: "up"}, {Key: "growth", Weight: 1, Points: "-100:0 0:50 50:100"}, {Key: "cooperation", Weight: 1, Percentile: "up"},
	}}
	cards, err := s.CardOps(card, "", b.NewID)
	if err != nil {
		t.Fatal(err)
	}
	take(t, b, "", cards...)
	return b
}

// judgedOn is everybody's health and score on days, as a back-test sees them.
func judgedOn(t *testing.T, b *Book, days []day.Day) map[string]table.Judgement {
	t.Helper()
	out := map[string]table.Judgement{}
	for _, on := range days {
		known, err := b.Known(on, true)
		if err != nil {
			t.Fatal(err)
		}
		if known, err = known.OnItsOwn(); err != nil {
			t.Fatal(err)
		}
		customers := known.Table(model.Customer)
		customers.Rows(func(row int32) bool {
			for _, figure := range []string{"health", "tier_score"} {
				out[on.String()+" "+figure+" "+customers.ID(row).String()] = known.Judge(row, figure)
			}
			return true
		})
	}
	return out
}

// someWereLost holds that the later churn events are seen as what came after.
func someWereLost(t *testing.T, b *Book, on day.Day) {
	t.Helper()
	known, err := b.Known(on, true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.Backtest(s, report.Args{Before: known, From: day.None, To: day.None})
	if err != nil || len(r.Rows) != 4 {
		t.Fatalf("%v, %v", r, err)
	}
	lost := 0.0
	for _, row := range r.Rows {
		lost += row[2].Number
	}
	if lost == 0 {
		t.Error("nobody was lost by the later churn events")
	}
}

func firstOther(was, is []model.ScoreTerm) string {
	for i := range was {
		if i >= len(is) || was[i].ScoreInput != is[i].ScoreInput {
			return fmt.Sprintf("%+v, then %+v", was[i], is[min(i, len(is)-1)])
		}
	}
	return "no term"
}
