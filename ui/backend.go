// Package ui is the workstation: one Bubble Tea model (App), its panes, and the one table of key
// bindings from which keys, help, footer, palette, command line and docs/keys.md are made.
//
// The rules are:
//   - No I/O in Update: a command reads or writes, and its message tells what has happened.
//   - Panes get actions, never raw keys; an action that cannot be done stays visible and says why.
//   - Layout first (named rectangles), then drawing.
//   - No package state: several sessions share this package and nothing else.
package ui

import (
	"context"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/erase"
	"opsdeck/model/table"
)

// Backend is what the workstation needs of a book. *store.Book is one; a client of a shared book
// will be another.
type Backend interface {
	Snapshot() (*table.Snapshot, error)
	Get(k model.Kind, id model.ID) (*model.Record, error)
	Do(ctx context.Context, s model.Step) (model.Batch, error)
	Undo(ctx context.Context, actor string, id model.ID) (model.Batch, error)
	Redo(ctx context.Context, actor string, id model.ID) (model.Batch, error)
	UndoBatch(ctx context.Context, batch model.ID, actor string, id model.ID) (model.Batch, error)
	History(id model.ID) ([]model.Entry, error)
	Batches(fn func(model.Batch) bool) error
	Ops(head model.Batch) ([]model.Op, error)
	Why(k model.Kind, id model.ID, figure string) (model.Why, error)
	// Known is what was known at the end of a day, with the models of that day or with today's; LookBack the same of
	// several days, one after the other, and Retrace of one customer alone.
	Known(on day.Day, asNow bool) (*table.Snapshot, error)
	LookBack(days []day.Day, asNow bool) func(on day.Day) (*table.Snapshot, error)
	Retrace(customer model.ID, days []day.Day) ([]*table.Snapshot, error)
	// PlanMerge works out how a duplicate goes into another record; Do takes its ops.
	PlanMerge(k model.Kind, from, into model.ID) (*model.Merge, error)
	// AsOf is the book as it was at a moment, worked out from its log, with figures for a day; began is the
	// moment of its first step, before which nothing was known.
	AsOf(at time.Time, today day.Day) (s *table.Snapshot, began time.Time, err error)
	// EraseHits shows what erasing a person or a customer takes; Erase does it, for good.
	EraseHits(ctx context.Context, ask erase.Ask) (erase.Report, error)
	Erase(ctx context.Context, ask erase.Ask, id model.ID) (erase.Report, error)
	Watch() (<-chan struct{}, func())
	// News lists the steps after a place in the log, the newest of them.
	News(after uint64, most int) ([]model.StepNews, error)
	// Editing tells the others which record the person has open to change it, and Present what they have.
	Editing(k model.Kind, id model.ID)
	Present() []model.Presence
	// Member is who the person is to the book: their role says what they may do.
	Member() (model.Member, error)
	// Drafts keep what is typed into forms until it is saved; each belongs to one person.
	SaveDraft(d model.Draft) error
	Drafts(owner string) ([]model.Draft, error)
	DropDraft(owner string, id model.ID) error
	// Remember keeps lines that a person has typed, filters and commands, from one session to the next.
	Remember(owner, what, line string) error
	Remembered(owner, what string) ([]string, error)
	NewID() model.ID
	ReadOnly() bool
}
