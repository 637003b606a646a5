package store

import (
	"slices"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
)

// TestLookingBackOnSeveralDaysShowsWhatEachDayShows goes through days before and after the book's first step, in no
// order, and changes the book in between.
func TestLookingBackOnSeveralDaysShowsWhatEachDayShows(t *testing.T) {
	b, today, days := pastBook(t)
	began := days[2]
	for i := range 24 {
		days = append(days, began-day.Day(1+i*i))
	}
	days = append(days, began-3) // Twice, and not in order.
	for _, asNow := range []bool{false, true} {
		then := b.LookBack(days, asNow)
		for i, on := range append(slices.Clone(days), today-2, began-99) {
			if i == len(days)/2 {
				add(t, b, "ana", model.Order, map[string]model.Value{
					"customer": model.Ref(anyID(t, b, model.Customer)), "date": model.Date(began - 150), "amount": model.Money(10000), "currency": model.Text("EUR"),
				})
			}
			got, err := then(on)
			if err != nil {
				t.Fatal(err)
			}
			want, err := b.Known(on, asNow)
			if err != nil {
				t.Fatal(err)
			}
			is, should := picture(got), picture(want)
			if on < began {
				is, should = slices.DeleteFunc(is, noCustomer), slices.DeleteFunc(should, noCustomer)
			}
			if !slices.Equal(is[1:], should[1:]) || len(is) < 2 {
				t.Errorf("%s, models of today %v: %d lines, want %d", on, asNow, len(is), len(should))
				for j := range is {
					if j >= len(should) || is[j] != should[j] {
						t.Fatalf("first:\n%s, want\n%s", is[j], should[min(j, len(should)-1)])
					}
				}
			}
		}
	}
}

func noCustomer(line string) bool { return !strings.HasPrefix(line, model.Customer.String()+" ") }

func anyID(t *testing.T, b *Book, k model.Kind) (id model.ID) {
	t.Helper()
	if err := b.Each(k, func(r *model.Record) bool { id = r.ID; return false }); err != nil {
		t.Fatal(err)
	}
	return id
}
