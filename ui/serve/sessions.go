package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"
)

// Present is a session that is open.
type Present struct {
	User  string
	From  string
	Since time.Time
	Verb  string // empty for the workstation
}

// sessions are the open sessions of an engine.
type sessions struct {
	limits Limits
	stock  *stock
	mu     sync.Mutex
	open   map[*running]bool
	ended  bool
	stops  chan struct{} // closed when the engine is about to stop
}

type running struct {
	ctx    context.Context
	cancel context.CancelFunc
	user   string
	from   string
	verb   string
	since  time.Time
	files  *share // of what the engine may hold of files
}

func newSessions(l Limits) *sessions {
	return &sessions{limits: l, stock: newStock(l), open: map[*running]bool{}, stops: make(chan struct{})}
}

// errStopping refuses those who come while the engine ends.
var errStopping = errors.New("the engine is stopping; try again in a moment")

// begin finds a place for a session, or says why there is none.
func (s *sessions) begin(ctx context.Context, user, from string, args []string) (*running, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	theirs := 0
	for r := range s.open {
		if r.user == user {
			theirs++
		}
	}
	switch {
	case s.ended:
		return nil, errStopping
	case len(s.open) >= s.limits.Sessions:
		return nil, fmt.Errorf("all %d places are taken; try again when somebody has left", s.limits.Sessions)
	case theirs >= s.limits.PerUser:
		return nil, fmt.Errorf("%s has %d sessions open already; leave one of them first", user, theirs)
	}
	r := &running{user: user, from: from, since: time.Now(), files: s.stock.share(user)}
	if len(args) > 0 {
		r.verb = args[0]
	}
	r.ctx, r.cancel = context.WithCancel(ctx)
	s.open[r] = true
	return r, nil
}

func (s *sessions) over(r *running) {
	r.cancel()
	r.files.release()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, r)
}

// graceful is how long sessions have to end when the engine stops.
const graceful = 3 * time.Second

// end tells every session that the engine stops, ends those that have not ended by themselves after
// the grace, and waits for them, for a while.
func (s *sessions) end() {
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		return
	}
	s.ended = true
	close(s.stops)
	s.mu.Unlock()
	s.empty(s.limits.Grace)
	s.mu.Lock()
	for r := range s.open {
		r.cancel()
	}
	s.mu.Unlock()
	s.empty(graceful)
}

// empty waits until nobody is left, at most for a time.
func (s *sessions) empty(most time.Duration) {
	for until := time.Now().Add(most); time.Now().Before(until); <-time.After(5 * time.Millisecond) {
		s.mu.Lock()
		left := len(s.open)
		s.mu.Unlock()
		if left == 0 {
			return
		}
	}
}

// stopping tells whether the engine is about to stop.
func (s *sessions) stopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

func (s *sessions) list() []Present {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Present
	for r := range s.open {
		out = append(out, Present{User: r.user, From: r.from, Since: r.since, Verb: r.verb})
	}
	slices.SortFunc(out, func(a, b Present) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.User, b.User)) })
	return out
}

// gate counts the connections of each address of the network.
type gate struct {
	most int
	mu   sync.Mutex
	in   map[string]int
}

func newGate(most int) *gate { return &gate{most: most, in: map[string]int{}} }

// pass lets a connection in, unless its address has too many.
func (g *gate) pass(c net.Conn) (net.Conn, bool) {
	host, _, err := net.SplitHostPort(c.RemoteAddr().String())
	if err != nil {
		host = c.RemoteAddr().String()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.in[host] >= g.most {
		return nil, false
	}
	g.in[host]++
	return &counted{Conn: c, left: sync.OnceFunc(func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.in[host]--; g.in[host] == 0 {
			delete(g.in, host)
		}
	})}, true
}

// counted is a connection that tells the gate when it is closed.
type counted struct {
	net.Conn
	left func()
}

func (c *counted) Close() error {
	c.left()
	return c.Conn.Close()
}
