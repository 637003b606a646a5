package table

import (
	"testing"

	"opsdeck/model"
	"opsdeck/model/sample"
)

// A company of several chunks of rows, put in step by step, is the company that is read at once.
func TestACompanyPutInByStepsIsTheCompanyRead(t *testing.T) {
	l := NewLoader(testDay, model.NewSettings(nil))
	stepwise := New(testDay, model.NewSettings(nil))
	var deltas []Delta
	if err := sample.Generate(sample.Options{Customers: 2500, Seed: 7, Today: testDay}, func(r *model.Record) error {
		l.Put(r)
		if deltas = append(deltas, Delta{Kind: r.Kind, ID: r.ID, Record: r}); len(deltas) == 1500 {
			stepwise, deltas = stepwise.Update(stepwise.Seq+1, testDay, nil, deltas), nil
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	stepwise = stepwise.Update(stepwise.Seq+1, testDay, nil, deltas)
	read := l.Snapshot(stepwise.Seq)
	for _, k := range worldKinds() {
		a, b := stepwise.Table(k), read.Table(k)
		if a.Len() != b.Len() || b.Len() == 0 {
			t.Fatalf("%d %s by steps, %d read", a.Len(), k, b.Len())
		}
		b.Rows(func(row int32) bool {
			other, ok := a.Row(b.ID(row))
			if !ok || a.Words(other) != b.Words(row) {
				t.Fatalf("%s %s: words %q by steps, %q read", k, b.ID(row), a.Words(other), b.Words(row))
			}
			for i := range b.cols {
				if got, want := a.cols[i].value(stepwise, other), b.cols[i].value(read, row); got != want {
					t.Fatalf("%s %s: %s is %q by steps, %q read", k, b.ID(row), b.cols[i].field.Name, got.Format(), want.Format())
				}
			}
			return true
		})
	}
}
