package store

import (
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
)

// Caller is somebody who works in a book that is open already. Empty fields are as they are for
// whoever opened it.
type Caller struct {
	User     string // who acts: every step of this handle is theirs, whatever the step says
	From     string // where from, for the log: a terminal, an address
	Now      func() time.Time
	Today    func() day.Day
	NewID    func() model.ID
	ReadOnly bool
	Owner    bool // the file is theirs: no role limits them

	guest bool // the book is not theirs to close
}

// limited tells whether the role of the caller decides what they may do.
func (c *Caller) limited() bool { return c.guest && !c.Owner }

// For makes a handle for a caller. The role that the book's users give them holds for every change
// made through it; closing it leaves the book open.
func (b *Book) For(c Caller) *Book {
	c.guest = true
	h := &Book{core: b.core, o: b.base, caller: c}
	h.o.User = c.User
	h.o.ReadOnly = b.base.ReadOnly || c.ReadOnly
	if c.Now != nil {
		h.o.Now = c.Now
	}
	if c.Today != nil {
		h.o.Today = c.Today
	}
	if c.NewID != nil {
		h.o.NewID = c.NewID
	}
	return h
}

// actor is who a step is by: whoever a handle is for, whatever they say.
func (b *Book) actor(said string) string {
	if b.caller.guest {
		return b.caller.User
	}
	return said
}
