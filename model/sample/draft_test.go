package sample

import (
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
)

func TestDraftMakesTheRecordThatSetMakes(t *testing.T) {
	t.Parallel()
	g := &generator{Options: Options{Today: day.Of(2026, 11, 22)}}
	want := model.NewRecord(model.Contract, g.id(1))
	g.record(model.Contract).Set("plan", model.Text("of an earlier record"))
	d := g.record(model.Contract)
	for _, f := range []model.FieldValue{
		{Name: "start", Value: model.Date(5)},
		{Name: "customer", Value: model.Ref(model.ID{1})},
		{Name: "name", Value: model.Text("old")},
		{Name: "end", Value: model.Date(day.None)},
		{Name: "name", Value: model.Text("new")},
		{Name: "amount", Value: model.Money(0)},
	} {
		d.Set(f.Name, f.Value)
		want.Set(f.Name, f.Value)
	}
	if got := d.record(); !got.Equal(want) {
		t.Errorf("draft made %+v, not %+v", got, want)
	}
}

func TestDraftRefusesFieldsThatTheKindLacks(t *testing.T) {
	t.Parallel()
	calls := 0
	g := &generator{Options: Options{Today: day.Of(2026, 11, 22)}, fn: func(*model.Record) error { calls++; return nil }}
	for _, name := range []string{"brand", "state"} { // Of customers, and computed.
		g.record(model.Contract).Set(name, model.Pick("closed"))
		g.emit()
	}
	if g.err == nil || calls != 0 {
		t.Errorf("%d records came, error %v", calls, g.err)
	}
}
