package store

import (
	"fmt"
	"testing"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// The book as of each step is the book as it was after that step, undos and settings included, and asking
// changes nothing.
func TestAsOfIsTheBookAsItWas(t *testing.T) {
	clock := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	o := testOptions()
	o.Now = func() time.Time { return clock }
	o.Today = func() day.Day { return day.Of(2026, 1, 20) }
	b, err := NewMemory(o)
	if err != nil {
		t.Fatal(err)
	}
	customer, contract, setting, change := pastRecords(b)
	seen := func() string {
		s, err := b.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		return seenOf(s, contract.ID)
	}
	type moment struct {
		at   time.Time
		want string
	}
	var moments []moment
	do := func(step func() error) {
		t.Helper()
		clock = clock.Add(24 * time.Hour)
		if err := step(); err != nil {
			t.Fatal(err)
		}
		moments = append(moments, moment{clock.Add(time.Minute), seen()})
	}
	ops := func(ops ...model.Op) func() error {
		return func() error {
			_, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "ana", Label: "x", Ops: ops})
			return err
		}
	}
	do(ops(model.CreateOp(customer), model.CreateOp(contract)))
	do(ops(model.CreateOp(setting)))
	do(ops(change))
	do(func() error { _, err := b.Undo(t.Context(), "ana", b.NewID()); return err })
	do(ops(model.RemoveOp(contract)))
	before := seen()
	for i, m := range moments {
		s, began, err := b.AsOf(m.at, o.Today())
		if err != nil {
			t.Fatal(err)
		}
		if got := seenOf(s, contract.ID); got != m.want {
			t.Errorf("after step %d:\n%s\nwant\n%s", i+1, got, m.want)
		}
		if i == 0 && !began.Equal(m.at.Add(-time.Minute)) {
			t.Errorf("the book began %s", began)
		}
	}
	if s, _, err := b.AsOf(moments[0].at.Add(-time.Hour), o.Today()); err != nil || s.Table(model.Contract).Len() != 0 || seen() != before {
		t.Errorf("before the first step: %v, %v; the book now %s", s, err, seen())
	}
}

func seenOf(s *table.Snapshot, contract model.ID) string {
	row, _ := s.Table(model.Contract).Row(contract)
	words := fmt.Sprint(s.Table(model.Contract).Len())
	for _, field := range []string{"stage", "renewal", "decision_date", "target"} {
		words += " " + s.Shown(model.Contract, row, field)
	}
	return words
}

// pastRecords are a customer, a contract of theirs, a setting that its decision date rests on, and a change.
func pastRecords(b *Book) (customer, contract, setting *model.Record, change model.Op) {
	customer = model.NewRecord(model.Customer, b.NewID())
	customer.Set("name", model.Text("Acme"))
	contract = model.NewRecord(model.Contract, b.NewID())
	contract.Set("customer", model.Ref(customer.ID))
	contract.Set("start", model.Date(day.Of(2025, 3, 1)))
	contract.Set("end", model.Date(day.Of(2026, 2, 28)))
	contract.Set("amount", model.Money(1000))
	setting = model.NewRecord(model.Setting, b.NewID())
	setting.Set("key", model.Text("lead.small"))
	setting.Set("value", model.Long("45"))
	later := contract.Clone()
	later.Set("stage", model.Pick("proposal"))
	change, _ = model.UpdateOp(contract, later)
	return customer, contract, setting, change
}
