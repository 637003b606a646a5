package table

import (
	"fmt"
	"slices"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
)

// A filter over so many rows that they are looked at in another order than they are listed lets through the same
// rows, in the order listed, as one that looks at them one by one.
func TestAFilterOfManyRowsKeepsTheirOrder(t *testing.T) {
	l := NewLoader(day.Of(2026, 11, 22), model.NewSettings(nil))
	const n = 2*rowBlock + 77
	for i := range n {
		r := model.NewRecord(model.Customer, model.ID{byte(i >> 16), byte(i >> 8), byte(i), 1})
		r.Set("name", model.Text(fmt.Sprintf("Customer %d", (i*7919)%n)))
		l.Put(r)
	}
	s := l.Snapshot(1)
	customers := s.Table(model.Customer)
	for _, text := range []string{"3", "77", "-5", "zzz"} {
		e, err := query.Parse(text, s.FilterSchema(model.Customer))
		if err != nil {
			t.Fatal(err)
		}
		match := e.Compile(s.Columns(model.Customer), query.Env{Today: s.Today})
		whole := customers.Order([]Sort{{Field: "name", Desc: true}})
		for _, rows := range [][]int32{whole, whole[:n*2/3], whole[n/2:]} {
			var want []int32
			for _, row := range rows {
				if match(int(row)) {
					want = append(want, row)
				}
			}
			if got := customers.Among(rows, s, e, query.Env{Today: s.Today}); !slices.Equal(got, want) {
				t.Errorf("%q among %d rows: %d rows let through, want %d in their order", text, len(rows), len(got), len(want))
			}
		}
	}
}
