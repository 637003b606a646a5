package table

import (
	"slices"
	"sync"
	"sync/atomic"
)

// mostWorkers is how many goroutines share the making of a picture; more than that find too little to do.
const mostWorkers = 4

// inParallel calls fn with 0 to n-1, several at a time. A panic of fn is the caller's.
func inParallel(n int, fn func(i int)) {
	workers := min(n, mostWorkers)
	if workers <= 1 {
		for i := range n {
			fn(i)
		}
		return
	}
	var next atomic.Int64
	var failed atomic.Pointer[any]
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					failed.CompareAndSwap(nil, &p)
				}
			}()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				fn(i)
			}
		})
	}
	wg.Wait()
	if p := failed.Load(); p != nil {
		panic(*p)
	}
}

// sortInParallel sorts a long list in parts and puts these together. Equal elements may change places.
func sortInParallel[T any](list []T, compare func(a, b T) int) {
	const least = 1 << 12
	if len(list) < 2*least {
		slices.SortFunc(list, compare)
		return
	}
	half := len(list) / 2
	inParallel(2, func(i int) { slices.SortFunc(list[i*half:half+i*(len(list)-half)], compare) })
	low, high := slices.Clone(list[:half]), list[half:]
	for at := range list {
		if len(low) == 0 {
			return // What is left stands where it belongs.
		}
		if len(high) == 0 || compare(low[0], high[0]) <= 0 {
			list[at], low = low[0], low[1:]
		} else {
			list[at], high = high[0], high[1:]
		}
	}
}
