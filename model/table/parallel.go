package table

import (
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
