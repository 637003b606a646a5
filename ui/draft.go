package ui

import (
	"fmt"
	"maps"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// drafter keeps what is typed into forms in the book until it is saved. One write is under way at a
// time and always writes the latest state, so a slow disk is never behind by more than one write; after
// each there is a pause (Options.DraftPause), so that fast fingers do not keep the disk busy.
type drafter struct {
	busy, resting bool
	wanted        []draftWrite
	failed        string    // why the last write was not made
	leaving       *cardPane // the program ends as soon as everything is written
}

// draftWrite is a draft to be kept, or to be forgotten.
type draftWrite struct {
	id   model.ID
	keep *model.Draft // nil: forget it
}

// want notes a write in place of an earlier one for the same draft.
func (d *drafter) want(w draftWrite) {
	d.wanted = slices.DeleteFunc(d.wanted, func(old draftWrite) bool { return old.id == w.id })
	d.wanted = append(d.wanted, w)
}

// next takes the write that may begin now. Forgetting does not wait for the pause: who has saved and
// leaves at once must not find a draft the next day.
func (d *drafter) next() (draftWrite, bool) {
	if d.busy {
		return draftWrite{}, false
	}
	for i, w := range d.wanted {
		if w.keep == nil || !d.resting {
			d.wanted = slices.Delete(d.wanted, i, i+1)
			return w, true
		}
	}
	return draftWrite{}, false
}

// draftWritten tells that a write has ended; draftRested that the pause after it is over.
type (
	draftWritten struct {
		kept bool
		err  error
	}
	draftRested struct{}
)

func (m draftWritten) apply(a *App) {
	a.drafts.busy = false
	a.drafts.failed = ""
	if m.err != nil {
		a.drafts.failed = a.lang.T("What you type is not kept as a draft: %s", m.err)
	}
	if m.kept && a.o.DraftPause > 0 && a.drafts.leaving == nil {
		a.drafts.resting = true
		a.after = tea.Batch(a.after, tea.Tick(a.o.DraftPause, func(time.Time) tea.Msg { return draftRested{} }))
	}
	a.writeDrafts()
	a.quitWritten()
}

func (draftRested) apply(a *App) {
	a.drafts.resting = false
	a.writeDrafts()
}

// writeDrafts begins the next write of a draft, if there is one to make.
func (a *App) writeDrafts() {
	w, ok := a.drafts.next()
	if !ok {
		return
	}
	a.drafts.busy = true
	b, owner := a.backend, a.o.Actor
	a.after = tea.Batch(a.after, func() tea.Msg {
		if w.keep == nil {
			return draftWritten{err: b.DropDraft(owner, w.id)}
		}
		return draftWritten{kept: true, err: b.SaveDraft(*w.keep)}
	})
}

// keepDraft notes what has been typed into the form in front. It runs after every message, because a
// form changes by keys, pastes and editors alike; where nothing was typed it costs a comparison.
func (a *App) keepDraft() {
	if p, ok := a.guest.(*cardPane); ok {
		p.keepDraft(a)
	}
	d, ok := a.stack.Top().(*kit.FormDialog)
	if !ok {
		return
	}
	o, ok := d.ID.(*openForm)
	if !ok {
		return
	}
	o.form.Notice = a.notice(o) // The screen's last line may be under the form.
	typed := o.form.Changes()
	if maps.Equal(typed, o.drafted) {
		return
	}
	o.drafted = typed
	if len(typed) == 0 {
		a.dropDraft(o)
		return
	}
	a.drafts.want(draftWrite{id: o.id, keep: a.draftOf(o)})
	o.kept = true
	a.writeDrafts()
}

func (a *App) draftOf(o *openForm) *model.Draft {
	d := &model.Draft{
		ID: o.id, Owner: a.o.Actor, Kind: o.kind, Adds: o.before == nil && o.many == nil, Many: o.many, Title: o.form.Title,
		Time: a.o.Now().UnixMilli(), Typed: o.drafted, Given: o.preset, Seen: map[string]string{},
	}
	for name := range o.drafted {
		d.Seen[name] = o.before.Get(name).Format()
	}
	return d
}

// dropDraft forgets the draft of a form that was saved or left.
func (a *App) dropDraft(o *openForm) {
	if o == nil || !o.kept {
		return
	}
	o.kept = false
	a.drafts.want(draftWrite{id: o.id})
	a.writeDrafts()
}

// spent tells whether a record has all that a draft of its form holds: the form was saved, and the draft is about
// to be forgotten, or would have been if the engine had lived on.
func (a *App) spent(d model.Draft, r *model.Record) bool {
	if d.Kind == model.Scorecard {
		return a.cardSpent(d)
	}
	if r == nil || d.Adds || len(d.Many) > 0 {
		return false
	}
	for name, text := range d.Typed {
		if v, err := a.parseField(d.Kind, name, text); err != nil || v != r.Get(name) {
			return false
		}
	}
	return true
}

// draftsRead brings the drafts that can be taken up again.
type draftsRead struct {
	drafts []model.Draft
	edited map[model.ID]*model.Record // what they edit, as it is now
	asked  bool                       // somebody wants to see them; else they are offered only when there are some
	err    error
}

// readDrafts reads the person's drafts. Those whose record was added after all, because the program
// ended between saving and forgetting, are forgotten now.
func (a *App) readDrafts(asked bool) tea.Cmd {
	b, owner := a.backend, a.o.Actor
	return func() tea.Msg {
		all, err := b.Drafts(owner)
		out := draftsRead{asked: asked, err: err, edited: map[model.ID]*model.Record{}}
		for _, d := range all {
			r, missing := b.Get(d.Kind, d.ID)
			out.edited[d.ID] = r
			switch {
			case d.Adds && missing == nil:
				out.err = b.DropDraft(owner, d.ID)
			case byItself(d) || missing == nil:
				out.drafts = append(out.drafts, d)
			}
		}
		return out
	}
}

func (m draftsRead) apply(a *App) {
	resuming := a.resuming
	a.resuming = false
	m.drafts = slices.DeleteFunc(m.drafts, func(d model.Draft) bool {
		spent := a.spent(d, m.edited[d.ID])
		if spent {
			a.drafts.want(draftWrite{id: d.ID})
			a.writeDrafts()
		}
		return spent
	})
	switch {
	case m.err != nil:
		a.fail(m.err)
	case len(m.drafts) == 0 && m.asked:
		a.say(kit.Muted, "There are no drafts: every form you began was saved or left.")
	case resuming:
		a.resume(m.drafts)
	case len(m.drafts) > 0 && !a.readOnly:
		var items []kit.Item
		for i, d := range m.drafts {
			it := kit.Item{ID: "draft", Title: kit.Clean(d.Title), Help: a.draftTime(d) + ", " + a.fieldCount(d), Value: draftAnswer{d}}
			if i < 9 {
				it.Key = fmt.Sprint(i + 1)
			}
			items = append(items, it)
		}
		menu := kit.NewMenu(a.lang.T("Forms that were not saved: enter takes one up, esc leaves them for later"), items)
		if m.asked {
			a.stack.Push(menu)
			return
		}
		a.arm(a.stack.PushUnasked(menu))
	}
}

// arm lets an overlay that came by itself take keys after a moment, in which it can be seen.
func (a *App) arm(generation uint64) {
	a.after = tea.Batch(a.after, tea.Tick(a.o.DraftPause, func(time.Time) tea.Msg { return draftsArmed{generation} }))
}

// byItself tells whether a draft can be taken up without the record that it is about.
func byItself(d model.Draft) bool { return d.Adds || len(d.Many) > 0 || d.Kind == model.Scorecard }

// recently is how long ago somebody may have typed into a form that comes back by itself.
const recently = 2 * time.Minute

// resume opens the form again that was open when the engine went away.
func (a *App) resume(drafts []model.Draft) {
	a.say(kit.Warn, "The engine went away and is back; everything that was saved is here.")
	if len(drafts) == 0 || a.readOnly || a.o.Now().Sub(time.UnixMilli(drafts[0].Time)) > recently {
		return
	}
	if d := drafts[0]; byItself(d) {
		a.resumeForm(d, nil)
		return
	}
	a.after = tea.Batch(a.after, a.readRecord(drafts[0].Kind, drafts[0].ID, purposeResume))
}

// resumeForm opens a form as its draft has it, and says why it is there.
func (a *App) resumeForm(d model.Draft, record *model.Record) {
	restoreAnswer{d, record, true}.answered(a)
	if top, ok := a.stack.Top().(*kit.FormDialog); ok {
		if o, ok := top.ID.(*openForm); ok {
			o.note = a.lang.T("The engine went away and is back; the form is as it was kept last.")
		}
	}
}

// draftsArmed lets the list of drafts that came by itself take keys.
type draftsArmed struct{ generation uint64 }

func (m draftsArmed) apply(a *App) { a.stack.Arm(m.generation) }

func (a *App) fieldCount(d model.Draft) string {
	if d.Kind == model.Scorecard {
		n := cardEdits(d)
		return a.lang.N(n, "%s edit", "%s edits", a.lang.Int(int64(n)))
	}
	n := len(d.Typed)
	return a.lang.N(n, "%s field", "%s fields", a.lang.Int(int64(n)))
}

// draftTime is when a draft was last typed at: the time of today's, the day and time of older ones.
func (a *App) draftTime(d model.Draft) string {
	now := a.o.Now()
	at := time.UnixMilli(d.Time).In(now.Location())
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return at.Format("15:04")
	}
	return at.Format("2006-01-02 15:04")
}

// draftAnswer is the choice of a draft in the list of them.
type draftAnswer struct{ draft model.Draft }

func (r draftAnswer) answered(a *App) {
	if byItself(r.draft) {
		a.offerDraft(r.draft, nil)
		return
	}
	a.after = a.readRecord(r.draft.Kind, r.draft.ID, purposeEdit)
}

// offerDraft asks whether a draft is taken up again. Record is what it edits, as it is now.
func (a *App) offerDraft(d model.Draft, record *model.Record) {
	a.stack.Push(a.draftMenu(d, record))
}

func (a *App) draftMenu(d model.Draft, record *model.Record) *kit.Menu {
	return kit.NewMenu(a.lang.T("A draft of %s is there: %s", a.draftTime(d), kit.Clean(d.Title)), []kit.Item{
		{ID: "draft", Key: "r", Title: a.lang.T("Restore it"), Help: a.fieldCount(d), Value: restoreAnswer{d, record, true}},
		{ID: "draft", Key: "d", Title: a.lang.T("Drop it"), Help: a.lang.T("and begin anew"), Value: restoreAnswer{d, record, false}},
	})
}

// restoreAnswer takes a draft up again, or drops it.
type restoreAnswer struct {
	draft   model.Draft
	record  *model.Record
	restore bool
}

func (r restoreAnswer) answered(a *App) {
	if !r.restore {
		a.drafts.want(draftWrite{id: r.draft.ID})
		a.writeDrafts()
		if r.record != nil {
			a.pushEdit(r.record)
		} else {
			a.say(kit.Info, "The draft is dropped.")
		}
		return
	}
	if r.draft.Kind == model.Scorecard {
		a.restoreCard(r.draft)
		return
	}
	var o *openForm
	switch {
	case r.record != nil:
		o = a.pushEdit(r.record)
	case len(r.draft.Many) > 0:
		o = a.openBulkEdit(r.draft.Kind, r.draft.Many)
	default:
		o = a.openAdd(r.draft.Kind, r.draft.Given)
	}
	o.id, o.kept = r.draft.ID, true
	a.fillDraft(o, r.draft)
}

// fillDraft types a draft into its form. Where the record has changed since, the field says so.
func (a *App) fillDraft(o *openForm, d model.Draft) {
	for _, name := range slices.Sorted(maps.Keys(d.Typed)) {
		text := d.Typed[name]
		if f, ok := model.SchemaOf(o.kind).Field(name); ok && f.Ref != model.KNone {
			for _, line := range linesOf(text) {
				if id, err := model.ParseID(line); err == nil {
					o.form.AddOptions(name, a.named(o.kind, name, id))
				}
			}
		}
		o.form.Set(name, text)
		if now := o.before.Get(name).Format(); o.before != nil && now != d.Seen[name] && now != text {
			o.form.SetError(name, a.lang.T("changed meanwhile to %q", now))
			if o.base == nil {
				o.base = map[string]string{}
			}
			o.base[name] = d.Seen[name]
		}
	}
	o.drafted = o.form.Changes()
	if len(o.drafted) == 0 {
		a.dropDraft(o)
	}
}
