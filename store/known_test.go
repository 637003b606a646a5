package store

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/sample"
	"opsdeck/model/table"
)

// pastBook is a book that took in a sample company on one day and was worked on for six weeks after.
func pastBook(t *testing.T) (*Book, day.Day, []day.Day) {
	t.Helper()
	began := day.Of(2026, 10, 1)
	clock := began.Time().Add(12 * time.Hour)
	o := testOptions()
	o.Now = func() time.Time { clock = clock.Add(time.Millisecond); return clock }
	o.Today = func() day.Day { return day.FromTime(clock) }
	b, err := NewMemory(o)
	if err != nil {
		t.Fatal(err)
	}
	var ops []model.Op
	err = sample.Generate(sample.Options{Customers: 40, Seed: 3, Today: began}, func(r *model.Record) error {
		ops = append(ops, model.CreateOp(r))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	do := func(kind model.BatchKind, ops ...model.Op) {
		t.Helper()
		if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "ana", Label: "x", Kind: kind, Ops: ops}); err != nil {
			t.Fatal(err)
		}
	}
	do(model.Import, ops...)
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		clock = clock.Add(24 * time.Hour)
		for _, op := range someWork(t, b, rnd, day.FromTime(clock)) {
			do("", op)
		}
	}
	today := day.FromTime(clock)
	days := []day.Day{began - 200, began - 1, began, began + 3, began + 10, began + 25, today - 1, today}
	return b, today, days
}

// someWork is a day's changes of all that health and scores rest on.
func someWork(t *testing.T, b *Book, rnd *rand.Rand, on day.Day) []model.Op {
	t.Helper()
	pick := func(k model.Kind) *model.Record {
		var all []*model.Record
		if err := b.Each(k, func(r *model.Record) bool { all = append(all, r); return true }); err != nil {
			t.Fatal(err)
		}
		return all[rnd.IntN(len(all))]
	}
	change := func(r *model.Record, field string, v model.Value) []model.Op {
		next := r.Clone()
		next.Set(field, v)
		op, ok := model.UpdateOp(r, next)
		if !ok {
			return nil
		}
		return []model.Op{op}
	}
	customer := pick(model.Customer)
	switch rnd.IntN(7) {
	case 0:
		touch := model.NewRecord(model.Touch, b.NewID())
		touch.Set("customer", model.Ref(customer.ID))
		touch.Set("date", model.Date(on-day.Day(rnd.IntN(40))))
		touch.Set("type", model.Pick("call"))
		return []model.Op{model.CreateOp(touch)}
	case 1:
		return change(pick(model.Contact), "customer", model.Ref(customer.ID))
	case 2:
		return change(customer, "employees", model.Number(float64(rnd.IntN(20000))))
	case 3:
		return change(pick(model.Invoice), "settled", model.Date(on))
	case 4:
		return []model.Op{model.RemoveOp(pick(model.Usage))}
	case 5:
		setting := pick(model.Setting)
		if setting.Get("key").Str() == "rate.EUR" {
			return change(setting, "value", model.Long(fmt.Sprintf("1.%02d", rnd.IntN(99))))
		}
		weight := model.NewRecord(model.Setting, b.NewID())
		weight.Set("key", model.Text("cadence.mid"))
		weight.Set("value", model.Long("30"))
		var had bool
		if err := b.Each(model.Setting, func(r *model.Record) bool { had = had || r.Get("key").Str() == "cadence.mid"; return true }); err != nil || had {
			return nil
		}
		return []model.Op{model.CreateOp(weight)}
	}
	return change(pick(model.Item), "blocking", model.Pick("3"))
}

// One customer's past, worked out from its own records, is the whole book's past of it: before the book
// began, while it was worked on, and with what has been moved away or removed since.
func TestRetraceIsTheBookAsItWasKnown(t *testing.T) {
	b, today, days := pastBook(t)
	now, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	whole := make([]*table.Snapshot, len(days))
	for i, on := range days {
		if whole[i], err = b.Known(on, false); err != nil {
			t.Fatal(err)
		}
	}
	customers := now.Table(model.Customer)
	judged, moved := 0, 0
	customers.Rows(func(row int32) bool {
		id := customers.ID(row)
		own, err := b.Retrace(id, days)
		if err != nil {
			t.Fatal(err)
		}
		for _, figure := range []string{"health", "tier_score"} {
			for i := range days {
				was, _ := whole[i].Table(model.Customer).Row(id)
				is, _ := own[i].Table(model.Customer).Row(id)
				a, b := whole[i].Judge(was, figure), own[i].Judge(is, figure)
				if !slices.Equal(a.Result.Terms, b.Result.Terms) || a.Result.Score != b.Result.Score || a.Level != b.Level {
					t.Fatalf("%s of %s on %s\nof the book %+v\nof its own  %+v", figure, customers.Str(row, "name"), days[i], a.Result, b.Result)
				}
				if a.Result.Known {
					judged++
				}
				if i > 0 {
					moved += addsUp(t, table.Between(own[i-1], own[i], id, figure))
				}
			}
		}
		return true
	})
	if judged < 200 || moved < 100 {
		t.Errorf("only %d figures and %d differences were looked at: the test has lost its subject", judged, moved)
	}
	s, err := b.Known(today, false)
	if err != nil {
		t.Fatal(err)
	}
	for row := range int32(customers.Len()) {
		if was, is := customers.Str(row, "health"), s.Table(model.Customer).Str(row, "health"); was != is {
			t.Errorf("today %s is %q by the log and %q now", customers.Str(row, "name"), is, was)
		}
	}
}

// addsUp holds that the changes of a difference are the difference, to the last hundredth.
func addsUp(t *testing.T, d table.Difference) int {
	t.Helper()
	if !d.Known || d.Delta == 0 {
		return 0
	}
	cents := 0.0
	for _, c := range d.Changes {
		cents += math.Round(c.Delta * 100)
	}
	before, after := math.Round(d.Before.Result.Score*100), math.Round(d.After.Result.Score*100)
	if want := math.Round(d.Delta * 100); cents != want || after-before != want {
		t.Errorf("the changes are %g hundredths, the difference %g, the figures %g and %g", cents, want, before, after)
	}
	return 1
}
