package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"opsdeck/store/engine"
)

// late is the engine of a book that can be looked at before it is open: its lock is held, and what is
// shown comes from the cache. Whoever reads or writes through it waits until the whole book has been
// examined and opened.
type late struct {
	book *engine.Reserved
	made func(engine.Engine) error // what is left to do on the open engine
	fail func()                    // told when opening has failed and somebody may not know
	read func()                    // told when the book has been read

	ctx    context.Context // of the opening
	cancel context.CancelFunc
	once   sync.Once
	run    errgroup.Group
	done   chan struct{} // closed when bolt and err are set
	bolt   *engine.Bolt
	err    error
	told   atomic.Bool // somebody has been given err
	closed atomic.Bool
}

func newLate(book *engine.Reserved, made func(engine.Engine) error, fail, read func()) *late {
	l := &late{book: book, made: made, fail: fail, read: read, done: make(chan struct{})}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l
}

// begin begins to open the book, if nobody has yet.
func (l *late) begin() {
	l.once.Do(func() {
		l.run.Go(func() error {
			l.bolt, l.err = l.open()
			close(l.done)
			if l.err != nil && l.ctx.Err() == nil {
				l.fail()
			}
			return nil
		})
	})
}

// openDelay is how long the opening waits while nobody needs the book: the first screen comes first.
const openDelay = 200 * time.Millisecond

// beginSoon begins to open the book when the first screen is drawn, or when somebody needs it.
func (l *late) beginSoon() {
	l.run.Go(func() error {
		select {
		case <-time.After(openDelay):
			l.begin()
		case <-l.done:
		case <-l.ctx.Done():
		}
		return nil
	})
}

func (l *late) open() (*engine.Bolt, error) {
	b, err := l.book.Open(l.ctx)
	if err != nil {
		return nil, err
	}
	if err := l.made(b); err != nil {
		// The lock goes with the engine.
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// wait returns the open engine, or why there is none.
func (l *late) wait() (*engine.Bolt, error) {
	if l.closed.Load() {
		return nil, engine.ErrClosed
	}
	l.begin()
	<-l.done
	if l.err != nil {
		l.told.Store(true)
	}
	return l.bolt, l.err
}

// failed is why the book cannot be opened, nil while that is not known.
func (l *late) failed() error {
	select {
	case <-l.done:
		_, err := l.wait()
		return err
	default:
		return nil
	}
}

// View implements engine.Engine.
func (l *late) View(fn func(engine.Tx) error) error {
	b, err := l.wait()
	if err != nil {
		return err
	}
	defer l.read()
	return b.View(fn)
}

// Update implements engine.Engine.
func (l *late) Update(fn func(engine.Tx) error) error {
	b, err := l.wait()
	if err != nil {
		return err
	}
	return b.Update(fn)
}

// Rewrite implements engine.Engine.
func (l *late) Rewrite(ctx context.Context, change engine.Change, then func(engine.Tx) error) error {
	b, err := l.wait()
	if err != nil {
		return err
	}
	return b.Rewrite(ctx, change, then)
}

// Close implements engine.Engine.
func (l *late) Close() error { return l.closeWith(func(engine.State) {}) }

// isOpen tells whether the book has been opened.
func (l *late) isOpen() bool {
	select {
	case <-l.done:
		return l.err == nil
	default:
		return false
	}
}

// settle ends the opening if it is under way. From then on the book is open or it is not.
func (l *late) settle() {
	l.cancel()
	l.once.Do(func() { l.err = engine.ErrClosed; close(l.done) })
	<-l.done
	_ = l.run.Wait()
}

// closeWith ends the opening or closes the book, and calls last before the lock is given up if the book
// was open and has been closed without an error. Why it could not be opened is said here if nobody has
// been told yet.
func (l *late) closeWith(last func(engine.State)) error {
	if l.closed.Swap(true) {
		return nil
	}
	l.settle()
	if l.bolt == nil {
		l.book.Release()
		if errors.Is(l.err, engine.ErrClosed) || errors.Is(l.err, context.Canceled) || l.told.Load() {
			return nil
		}
		return l.err
	}
	return l.bolt.CloseWith(last)
}
