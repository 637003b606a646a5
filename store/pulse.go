package store

import (
	"slices"
	"sync"
	"time"
)

// Pulse says how a book that is open keeps up with those who work in it.
type Pulse struct {
	Writes   int           // steps since the book was opened
	Median   time.Duration // of the last writes, from validation to the commit on disk
	Slowest  time.Duration // of the last writes
	Watchers int           // who follow the changes of others
	Lag      time.Duration // for how long the slowest of them has not fetched a change; 0 where all have
}

// recentWrites is how many writes Median and Slowest look at.
const recentWrites = 256

// pulse measures the writes of a book.
type pulse struct {
	mu    sync.Mutex
	took  []time.Duration // of the last writes, as a ring
	count int
}

func (p *pulse) wrote(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.took) < recentWrites {
		p.took = append(p.took, d)
	} else {
		p.took[p.count%recentWrites] = d
	}
	p.count++
}

// watcher is somebody who follows the changes.
type watcher struct {
	signal chan struct{}
	since  time.Time // of the first change that has not been fetched
}

// Pulse tells how the book keeps up.
func (b *Book) Pulse() Pulse {
	var out Pulse
	b.pulse.mu.Lock()
	out.Writes = b.pulse.count
	took := slices.Sorted(slices.Values(b.pulse.took))
	b.pulse.mu.Unlock()
	if n := len(took); n > 0 {
		out.Median, out.Slowest = took[n/2], took[n-1]
	}
	b.watchMu.Lock()
	defer b.watchMu.Unlock()
	out.Watchers = len(b.watchers)
	for _, w := range b.watchers {
		if len(w.signal) > 0 {
			out.Lag = max(out.Lag, b.base.Now().Sub(w.since))
		}
	}
	return out
}
