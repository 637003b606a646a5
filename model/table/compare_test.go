package table

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model"
	"opsdeck/model/query"
)

// ordersOf makes a picture of orders with amounts in major units and their currencies.
func ordersOf(settings *model.Settings, amounts []int64, currencies []string) *Snapshot {
	l := NewLoader(testDay, settings)
	for i, n := range amounts {
		r := model.NewRecord(model.Order, worldID(model.Order, i))
		r.Set("amount", model.Money(n*model.MoneyScale))
		if currencies[i] != "" {
			r.Set("currency", model.Text(currencies[i]))
		}
		l.Put(r)
	}
	return l.Snapshot(1)
}

// found lists the numbers of the orders that a filter finds, in an order.
func found(t interface{ Fatal(args ...any) }, s *Snapshot, filter string, sorts ...Sort) []int32 {
	expr, err := query.Parse(filter, s.FilterSchema(model.Order))
	if err != nil {
		t.Fatal(err)
	}
	return s.Table(model.Order).View(s, expr, query.Env{Today: testDay}, sorts)
}

// TestAnAmountIsWorthTheSameInEveryCurrency: whoever writes an order's amount in another currency at the
// rate changes neither where it stands nor which filter finds it.
func TestAnAmountIsWorthTheSameInEveryCurrency(t *testing.T) {
	settings := model.NewSettings(map[string]string{"rate.EUR": "2", "rate.JPY": "0.25"})
	factor := map[string]int64{"": 4, "USD": 4, "EUR": 2, "JPY": 16}
	rapid.Check(t, func(t *rapid.T) {
		worth := rapid.SliceOfN(rapid.Int64Range(-20, 20), 1, 12).Draw(t, "worth")
		plain, written := make([]int64, len(worth)), make([]int64, len(worth))
		none, currencies := make([]string, len(worth)), make([]string, len(worth))
		for i, n := range worth {
			currencies[i] = rapid.SampledFrom([]string{"", "USD", "EUR", "JPY"}).Draw(t, "currency")
			plain[i], written[i] = n*4, n*factor[currencies[i]]
		}
		a, b := ordersOf(settings, plain, none), ordersOf(settings, written, currencies)
		for _, desc := range []bool{false, true} {
			for _, filter := range []string{"", "amount:>12", "amount:<=-8", "-amount:-4..16", "amount:8", "amount:any"} {
				x, y := found(t, a, filter, Sort{Field: "amount", Desc: desc}), found(t, b, filter, Sort{Field: "amount", Desc: desc})
				if !slices.Equal(x, y) {
					t.Fatalf("%q, desc %v: %v in dollars, %v in %v", filter, desc, x, y, currencies)
				}
			}
		}
	})
}

// TestWhatHasNoRateIsNotCompared: it stands last in either direction, each currency for itself, is never
// found by its size, and is counted.
func TestWhatHasNoRateIsNotCompared(t *testing.T) {
	settings := model.NewSettings(map[string]string{"rate.EUR": "2"})
	s := ordersOf(settings, []int64{100, 60, 7, 5, 9}, []string{"", "EUR", "XXA", "XXB", "XXA"})
	for _, c := range []struct {
		filter, sort string
		want         []int32
	}{
		{"", "", []int32{0, 1, 2, 4, 3}},
		{"", "-", []int32{1, 0, 4, 2, 3}},
		{"amount:>1", "", []int32{0, 1}},
		{"amount:<1000", "", []int32{0, 1}},
		{"amount:any", "", []int32{0, 1, 2, 4, 3}},
		{"amount:none", "", nil},
	} {
		if got := found(t, s, c.filter, Sort{Field: "amount", Desc: c.sort == "-"}); !slices.Equal(got, c.want) {
			t.Errorf("%q sorted by %samount: %v, not %v", c.filter, c.sort, got, c.want)
		}
	}
	if n, currencies := s.Incomparable(model.Order, []string{"amount", "date"}); n != 3 || fmt.Sprint(currencies) != "[XXA XXB]" {
		t.Errorf("%d orders in %v are not compared", n, currencies)
	}
	// Nothing is nothing in every currency, so that those without an amount do not part the others.
	alone := ordersOf(settings, []int64{7, 5, 9, 0}, []string{"XXA", "XXA", "XXA", ""})
	if n, _ := alone.Incomparable(model.Order, []string{"amount"}); n != 0 {
		t.Errorf("%d orders of a book with one currency are not compared", n)
	}
	if got := found(t, alone, "amount:>6", Sort{Field: "amount"}); !slices.Equal(got, []int32{0, 2}) {
		t.Errorf("a book with one currency finds %v", got)
	}
}
