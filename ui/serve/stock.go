package serve

import (
	"errors"
	"fmt"
	"sync"
)

// stock counts what lies with the engine of files that clients have handed over: of each person, and of all
// together. One client's files are limited by whoever reads them; many at once would fill the disk all the same.
type stock struct {
	limits Limits
	mu     sync.Mutex
	all    load
	of     map[string]load
}

// load is a number of files and of their bytes.
type load struct {
	files int
	bytes int64
}

func (h load) plus(o load) load { return load{h.files + o.files, h.bytes + o.bytes} }

func newStock(l Limits) *stock { return &stock{limits: l, of: map[string]load{}} }

func (h load) negative() load { return load{-h.files, -h.bytes} }

// share is what one session holds. It is given back as a whole, when the session is over and its files are gone.
type share struct {
	stock *stock
	user  string
	mine  load
	over  bool
}

func (s *stock) share(user string) *share { return &share{stock: s, user: user} }

// take notes more of a file, or says why there is no room for it.
func (h *share) take(more load) error {
	s := h.stock
	s.mu.Lock()
	defer s.mu.Unlock()
	theirs, all := s.of[h.user].plus(more), s.all.plus(more)
	switch l := s.limits; {
	case h.over:
		return errors.New("the session is over")
	case more.files < 0 || more.bytes < 0: // It gives something back.
	case theirs.files > l.PerUserFiles:
		return fmt.Errorf("%s has handed over %d files to sessions that are open, which is the most that the engine takes of one person; do it in several goes", h.user, l.PerUserFiles)
	case theirs.bytes > int64(l.PerUserMiB)<<20:
		return fmt.Errorf("files of %s in sessions that are open would be more than %d MiB, which is the most that the engine takes of one person; do it in several goes", h.user, l.PerUserMiB)
	case all.files > l.Files:
		return fmt.Errorf("the engine holds %d files of clients, which is the most; try again when others are done", l.Files)
	case all.bytes > int64(l.MiB)<<20:
		return fmt.Errorf("files of clients would be more than %d MiB together, which is the most that the engine takes; try again when others are done", l.MiB)
	}
	s.all, s.of[h.user], h.mine = all, theirs, h.mine.plus(more)
	return nil
}

// release gives everything back.
func (h *share) release() {
	s := h.stock
	s.mu.Lock()
	defer s.mu.Unlock()
	back := h.mine.negative()
	s.all, h.mine, h.over = s.all.plus(back), load{}, true
	if s.of[h.user] = s.of[h.user].plus(back); s.of[h.user] == (load{}) {
		delete(s.of, h.user)
	}
}
