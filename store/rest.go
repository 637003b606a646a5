package store

import (
	"sync/atomic"

	"opsdeck/store/cache"
)

// cacheMaps are the maps of caches, which stay as long as the program runs. What is looked at of them becomes part of its
// memory, and is let go now and then: it is back in a microsecond for each page that is looked at again.
type cacheMaps struct {
	all   atomic.Pointer[[][]byte]
	views atomic.Int64 // transactions that have read the book
}

const (
	// mostMapped is how much memory of mapped files a program keeps, and a fourth of its caches where that is more: of a
	// very large book it takes longer to bring back.
	mostMapped = 80 << 20
	// viewsBetween is how many readings of the book lie between two looks at the memory, 10 microseconds each.
	viewsBetween = 4
)

// add notes a map. Only one at a time may be added.
func (m *cacheMaps) add(data []byte) {
	all := [][]byte{data}
	if was := m.all.Load(); was != nil {
		all = append(all, *was...)
	}
	m.all.Store(&all)
}

// rest lets go of what has been read of the caches.
func (m *cacheMaps) rest() {
	if all := m.all.Load(); all != nil {
		for _, data := range *all {
			cache.Forget(data)
		}
	}
}

// viewed is told of every reading of the book, of which each opening of a record or a pane has some.
func (m *cacheMaps) viewed() {
	all := m.all.Load()
	if all == nil || m.views.Add(1)%viewsBetween != 0 {
		return
	}
	size := 0
	for _, data := range *all {
		size += len(data)
	}
	if mappedMemory() > max(mostMapped, size/4) {
		m.rest()
	}
}
