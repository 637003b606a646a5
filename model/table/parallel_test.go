package table

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
)

func TestSortInParallelSorts(t *testing.T) {
	for _, n := range []int{0, 1, 2, 8191, 8192, 8193, 30_001} {
		list := make([]int, n)
		for i := range list {
			list[i] = i * 7919 % (n/2 + 1)
		}
		want := slices.Sorted(slices.Values(list))
		sortInParallel(list, cmp.Compare)
		if !slices.Equal(list, want) {
			t.Errorf("%d numbers are not sorted", n)
		}
	}
}

func TestInParallelHandsPanicsToTheCaller(t *testing.T) {
	for _, n := range []int{1, 100} {
		func() {
			defer func() {
				if p := recover(); fmt.Sprint(p) != "damage" {
					t.Errorf("%d: recovered %v", n, p)
				}
			}()
			inParallel(n, func(i int) {
				if i == n-1 {
					panic("damage")
				}
			})
		}()
	}
}
