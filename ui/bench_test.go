package ui_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"opsdeck/store"
)

// largeBook is a sample company of 100,000 customers.
var largeBook = sync.OnceValues(func() (*store.Book, error) { return makeBook(100_000) })

// BenchmarkKey measures from a key to the frame that answers it, at 100,000 customers on 160×48. The
// median and the 95th percentile are what a person feels; the mean hides the slow ones.
func BenchmarkKey(b *testing.B) {
	if testing.Short() {
		b.Skip("a book of 100,000 customers takes a minute to make")
	}
	book, err := largeBook()
	if err != nil {
		b.Fatal(err)
	}
	for _, bench := range []struct {
		name  string
		ready []string // pressed before, without being measured
		keys  []string // measured, one after the other
		reset []string // pressed after a round of keys, without being measured
	}{
		{"move", nil, []string{"j"}, nil},
		{"page", nil, []string{"pgdown"}, nil},
		{"end and top", nil, []string{"G", "g"}, nil},
		{"filter by words", []string{"/"}, []string{"a", "m", "b", "e", "r"}, []string{"ctrl+u"}},
		{"filter by a field", []string{"/", "t", "i", "e", "r", ":"}, []string{"K", "A"}, []string{"backspace", "backspace"}},
		{"move in groups", []string{":", "g", "r", "o", "u", "p", " ", "t", "i", "e", "r", "enter"}, []string{"j"}, nil},
		{"fold a group", []string{":", "g", "r", "o", "u", "p", " ", "t", "i", "e", "r", "enter", "g"}, []string{"enter"}, nil},
		{"filter in groups", []string{":", "g", "r", "o", "u", "p", " ", "t", "i", "e", "r", "enter", "/", "t", "i", "e", "r", ":"}, []string{"K", "A"}, []string{"backspace", "backspace"}},
		{"sort by name", nil, []string{"s"}, nil},
		{"sort by revenue", []string{"l", "l", "l"}, []string{"s"}, nil},
		{"open a customer", nil, []string{"enter"}, []string{"esc", "j"}},
		{"open a form", nil, []string{"e"}, []string{"esc", "j"}},
		{"type into a form", []string{"e"}, []string{"x"}, nil},
		{"segments", nil, []string{"2"}, []string{"1"}},
		{"why", []string{"l"}, []string{"w"}, []string{"esc", "j"}},
		{"undo and redo", []string{"t", "c"}, []string{"u", "ctrl+r"}, nil},
	} {
		b.Run(bench.name, func(b *testing.B) {
			s := openOn(b, book, 160, 48)
			s.Press(bench.ready...)
			took := make([]time.Duration, 0, b.N)
			for i := 0; b.Loop(); i++ {
				k := key(b, bench.keys[i%len(bench.keys)])
				start := time.Now()
				s.answer(k)
				took = append(took, time.Since(start))
				if i%len(bench.keys) == len(bench.keys)-1 {
					s.Press(bench.reset...)
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs/median")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds()), "µs/p95")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// answer gives the program a key, does what it wants done, and draws the frame.
func (s *session) answer(k tea.KeyPressMsg) {
	s.t.Helper()
	s.tick = 0
	s.send(k)
	_ = s.app.View()
}
