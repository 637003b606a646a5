package ui

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// bookChanged tells what others have done, and who has what open now.
type bookChanged struct {
	snap, from *table.Snapshot // the picture, and the one before it
	news       []model.StepNews
	present    []model.Presence
	member     model.Member
	err        error // it could not be read this time; the next change may tell more
}

// others is what a session knows of the people who work in the same book.
type others struct {
	present []model.Presence
	marks   map[model.ID]mark
	shown   int    // how often marks have been set: a pause that ends later than the next marks clears nothing
	told    uint64 // place in the log up to which news have been taken
	said    string // the message that tells of the last change, as long as it is the one that is shown
	at      target // the record that this session has open to change it, as the others know it
}

// target names a record.
type target struct {
	kind model.Kind
	id   model.ID
}

// mark says who has just changed a record.
type mark struct {
	who    string
	fields []string        // of the record itself; none where what belongs to it was changed
	from   *table.Snapshot // the picture before, to tell which values are new
}

// mostNews is how many steps at once are told of: who has been behind for longer has the history.
const mostNews = 50

// readAgain is the pause before a book that could not be read is tried once more.
const readAgain = 5 * time.Second

// follow waits until others change the book, or begin or end to edit. What happened while nobody was
// waiting is seen by comparing with what is known first.
func (a *App) follow() tea.Cmd {
	if !a.o.Live {
		return nil
	}
	w := watch{a.ctx, a.backend, a.snap, a.others.present}
	again := a.unread > 1
	return func() tea.Msg {
		ch, end := w.b.Watch()
		defer end()
		if again {
			// What could not be read twice is tried again after a pause, and not in a loop.
			select {
			case <-w.ctx.Done():
				return nil
			case <-ch:
			case <-time.After(readAgain):
			}
		}
		for {
			if msg, fresh := w.look(); fresh {
				return msg
			}
			select {
			case <-w.ctx.Done():
				return nil
			case <-ch:
			}
		}
	}
}

// watch compares the book with what a session knows of it.
type watch struct {
	ctx     context.Context
	b       Backend
	have    *table.Snapshot
	present []model.Presence
}

// look reads the book and tells whether anything is new in it.
func (w watch) look() (bookChanged, bool) {
	msg := bookChanged{from: w.have, present: w.b.Present()}
	if msg.snap, msg.err = w.b.Snapshot(); msg.err != nil {
		return msg, true
	}
	if msg.snap == w.have && slices.Equal(msg.present, w.present) {
		return msg, false
	}
	if w.have != nil && msg.snap.Seq != w.have.Seq {
		msg.news, msg.err = w.b.News(w.have.Seq, mostNews)
	}
	if msg.err == nil {
		msg.member, msg.err = w.b.Member()
	}
	return msg, true
}

// othersChanged shows what others have done. A read that failed is said once and does not end the
// following.
func (a *App) othersChanged(msg bookChanged) {
	if msg.err == nil {
		a.member, a.others.present = msg.member, msg.present
		a.changed(msg.snap)
		a.hear(msg)
		a.unread = 0
	} else if a.unread++; a.unread == 1 {
		a.fail(msg.err)
	}
	a.after = tea.Batch(a.after, a.follow())
}

// hear marks what others have changed, and notes what of it concerns this person.
func (a *App) hear(msg bookChanged) {
	var news []model.StepNews
	for _, n := range msg.news {
		if n.Batch.Seq > a.others.told && n.Batch.Actor != a.o.Actor && n.Batch.Kind != model.Exported {
			news = append(news, n)
		}
		a.others.told = max(a.others.told, n.Batch.Seq)
	}
	if len(news) == 0 {
		return
	}
	a.others.marks = map[model.ID]mark{}
	for _, n := range news {
		for _, t := range n.Records {
			a.mark(n.Batch.Actor, t, msg.from)
		}
		a.meanwhile(n)
	}
	last := news[len(news)-1].Batch
	if a.message.text == "" || a.message.text == a.others.said {
		a.say(kit.Info, a.lang.T("%s: %s", kit.Clean(last.Actor), kindWord(a.lang, last.Kind)+kit.Clean(a.lang.Say(last.Label))))
		a.others.said = a.message.text
	}
	a.inbox.take(a, news)
	a.others.shown++
	if a.o.Moment > 0 {
		over := marksOver{a.others.shown}
		a.after = tea.Batch(a.after, tea.Tick(a.o.Moment, func(time.Time) tea.Msg { return over }))
	}
}

// mark marks a record, and the customer that it belongs to: of a contract it is the customer's figures that
// are on most screens.
func (a *App) mark(who string, t model.Touched, from *table.Snapshot) {
	fields := t.Fields
	if old, ok := a.others.marks[t.ID]; ok {
		fields = append(slices.Clone(old.fields), fields...)
	}
	a.others.marks[t.ID] = mark{who, fields, from}
	for _, id := range customersOf(a.snap, t.Kind, t.ID) {
		if _, ok := a.others.marks[id]; !ok {
			a.others.marks[id] = mark{who, nil, from}
		}
	}
}

// customersOf lists the customers that a record belongs to.
func customersOf(s *table.Snapshot, k model.Kind, id model.ID) []model.ID {
	t := s.Table(k)
	if t == nil || k == model.Customer {
		return nil
	}
	row, ok := t.Row(id)
	if !ok {
		return nil
	}
	var out []model.ID
	for _, name := range []string{"customer", "customers"} {
		if _, ok := t.Schema.Field(name); ok {
			out = append(out, t.Value(row, name).IDs()...)
		}
	}
	return out
}

// marksOver takes the marks away after a moment, with the words that told of them.
type marksOver struct{ shown int }

func (m marksOver) apply(a *App) {
	if m.shown != a.others.shown {
		return
	}
	a.others.marks = nil
	if a.message.text == a.others.said {
		a.message = message{}
	}
}

// tag is what stands beside a record: who has just changed it, or who is about to.
func (a *App) tag(id model.ID) string {
	if m, ok := a.others.marks[id]; ok {
		return kit.Truncate(kit.Clean(m.who), tagWidth)
	}
	return a.editors(id)
}

// tagWidth is how much of a name a tag shows.
const tagWidth = 16

// editors says who has a record open to change it; empty where nobody has.
func (a *App) editors(id model.ID) string {
	var who []string
	for _, p := range a.others.present {
		if p.ID == id && !slices.Contains(who, p.User) {
			who = append(who, p.User)
		}
	}
	switch len(who) {
	case 0:
		return ""
	case 1:
		return a.lang.T("%s is editing", kit.Truncate(kit.Clean(who[0]), tagWidth))
	}
	return a.lang.T("%s and %d more are editing", kit.Truncate(kit.Clean(who[0]), tagWidth), len(who)-1)
}

// tellPresence lets the others know which record this session has open to change it. It runs after every
// message; where nothing is new it costs a comparison.
func (a *App) tellPresence() {
	now := target{}
	switch top := a.stack.Top().(type) {
	case *kit.FormDialog:
		if o, ok := top.ID.(*openForm); ok && o.before != nil {
			now = target{o.kind, o.before.ID}
		}
	case *kit.Differences:
		if o, ok := top.ID.(*openForm); ok {
			now = target{o.kind, o.before.ID}
		}
	}
	if now != a.others.at && a.o.Live {
		a.others.at = now
		a.backend.Editing(now.kind, now.id)
	}
}

// tagged implements kit.Tagger for the rows of a list.
func (r listRows) Tag(line int) string {
	if r.p.app == nil {
		return ""
	}
	row, ok := r.p.record(line)
	if !ok {
		return ""
	}
	return r.p.app.tag(r.p.snap.Table(r.p.sp.kind).ID(row))
}

// fresh tells whether a cell shows another value than before somebody has just changed something.
func (r listRows) fresh(row int32, c column, text string) bool {
	if r.p.app == nil || len(r.p.app.others.marks) == 0 {
		return false
	}
	id := r.p.snap.Table(r.p.sp.kind).ID(row)
	m, ok := r.p.app.others.marks[id]
	if !ok || m.from == nil {
		return false
	}
	was, ok := m.from.Table(r.p.sp.kind).Row(id)
	return !ok || cell(r.p.sp.lang, m.from, r.p.sp.kind, was, c).Text != text
}
