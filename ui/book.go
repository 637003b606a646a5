package ui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/table"
)

// The messages are facts: what a command has read or done.
type (
	bookOpened struct {
		snap   *table.Snapshot
		member model.Member
		err    error
	}
	stepDone struct {
		snap  *table.Snapshot
		batch model.Batch
		verb  string // what to say of it: "saved", "undone", "redone"
		err   error
		form  *openForm // the form that asked, to be opened again when it was refused
	}
	recordRead struct {
		record  *model.Record
		draft   *model.Draft // of the person's form of the record
		purpose purpose
		err     error
	}
)

// purpose is why a record was read.
type purpose uint8

const (
	purposeEdit purpose = iota
	purposeRemove
	purposeShow
	purposeResume // to edit it as its draft has it
)

// open reads the book for the first time.
func (a *App) open() tea.Msg {
	s, err := a.backend.Snapshot()
	if err != nil {
		return bookOpened{err: err}
	}
	m, err := a.backend.Member()
	return bookOpened{s, m, err}
}

// step saves a change made by this person.
func (a *App) step(label string, form *openForm, ops ...model.Op) tea.Cmd {
	s := model.Step{ID: a.backend.NewID(), Actor: a.o.Actor, Label: label, Ops: ops}
	ctx, b := a.ctx, a.backend
	return func() tea.Msg {
		done, err := b.Do(ctx, s)
		return finished(b, done, "saved", err, form)
	}
}

// finished reads the book as it is after a step, so that its author sees the effect with the word.
func finished(b Backend, done model.Batch, verb string, err error, form *openForm) tea.Msg {
	msg := stepDone{batch: done, verb: verb, err: err, form: form}
	if err == nil {
		msg.snap, msg.err = b.Snapshot()
	}
	return msg
}

func (a *App) undo() tea.Msg {
	done, err := a.backend.Undo(a.ctx, a.o.Actor, a.backend.NewID())
	return finished(a.backend, done, "undone", err, nil)
}

func (a *App) redo() tea.Msg {
	done, err := a.backend.Redo(a.ctx, a.o.Actor, a.backend.NewID())
	return finished(a.backend, done, "redone", err, nil)
}

func (a *App) undoChosen(batch model.ID) tea.Cmd {
	ctx, b, actor := a.ctx, a.backend, a.o.Actor
	return func() tea.Msg {
		done, err := b.UndoBatch(ctx, batch, actor, b.NewID())
		return finished(b, done, "undone", err, nil)
	}
}

// readRecord reads a whole record, cold fields included.
func (a *App) readRecord(k model.Kind, id model.ID, p purpose) tea.Cmd {
	b, owner := a.backend, a.o.Actor
	return func() tea.Msg {
		msg := recordRead{purpose: p}
		if msg.record, msg.err = b.Get(k, id); msg.err != nil || p != purposeEdit && p != purposeResume {
			return msg
		}
		var drafts []model.Draft
		drafts, msg.err = b.Drafts(owner)
		for i := range drafts {
			if drafts[i].ID == id {
				msg.draft = &drafts[i]
			}
		}
		return msg
	}
}

func (a *App) stepDone(msg stepDone) {
	if msg.err != nil {
		a.stepFailed(msg)
		return
	}
	a.dropDraft(msg.form)
	a.alarms.rang = false
	a.changed(msg.snap)
	a.goToNew(msg)
	alarm := a.message
	label := a.lang.Say(msg.batch.Label)
	switch msg.verb {
	case "undone":
		a.say(tokenDone, "Undone: %s · ctrl+r does it again", label)
	case "redone":
		a.say(tokenDone, "Redone: %s · u takes it back", label)
	default:
		a.say(tokenDone, "Saved: %s · u takes it back", label)
	}
	if a.alarms.rang {
		// The alarm that the step has raised is what has to be read first.
		a.message = message{alarm.text + " · " + a.message.text, alarm.token}
	}
}

// goToNew puts the cursor on a record that has been added with a form, where the list shows it.
func (a *App) goToNew(msg stepDone) {
	if msg.form == nil || msg.form.before != nil || a.page != nil || msg.form.kind != a.pane().spec().kind {
		return
	}
	if p, ok := a.list(); ok {
		p.cursorTo(msg.form.id)
	}
}

// nothingToDo matches the errors that say that there was nothing to undo or redo.
type nothingToDo interface{ NothingToDo() bool }

// stepFailed says why; a form that asked is opened again, with the reason beside its field.
func (a *App) stepFailed(msg stepDone) {
	var nothing nothingToDo
	if errors.As(msg.err, &nothing) && nothing.NothingToDo() {
		if msg.verb == "undone" {
			a.say(tokenWarn, "There is nothing of yours to undo.")
		} else {
			a.say(tokenWarn, "There is nothing to redo.")
		}
		return
	}
	if conflicting(msg.err, msg.form) {
		a.after = tea.Batch(a.after, a.readConflict(msg.form))
		return
	}
	a.fail(msg.err)
	if msg.form == nil {
		return
	}
	a.openFormAgain(msg.form, msg.err)
}

func (a *App) recordRead(msg recordRead) {
	if msg.err != nil {
		a.fail(msg.err)
		return
	}
	if msg.draft != nil && a.spent(*msg.draft, msg.record) {
		a.drafts.want(draftWrite{id: msg.draft.ID})
		a.writeDrafts()
		msg.draft = nil
	}
	switch msg.purpose {
	case purposeEdit:
		a.remember(msg.record.Kind, msg.record.ID)
		a.openEdit(msg.record, msg.draft)
	case purposeResume:
		if msg.draft != nil {
			a.resumeForm(*msg.draft, msg.record)
		}
	case purposeRemove:
		a.after = a.step("remove "+msg.record.Kind.String()+" "+msg.record.Title(), nil, model.RemoveOp(msg.record))
	case purposeShow:
		a.remember(msg.record.Kind, msg.record.ID)
		a.showRecord(msg.record)
	}
}
