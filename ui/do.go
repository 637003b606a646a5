package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// do carries out an action: first what holds everywhere, then what the view or pane makes of it.
func (a *App) do(act Action) {
	if p, ok := a.guest.(*cardPane); ok && a.page == nil && (act == ActUndo || act == ActRedo) && p.step(act) {
		return // An edit that is not applied yet is nearer than any step of the book.
	}
	if a.doGlobal(act) {
		return
	}
	if a.page != nil && a.page.do(a, act) {
		return
	}
	if a.page == nil && (a.pane().do(a, act) || a.move(a.pane().grid(), act)) {
		return
	}
	a.doRecord(act)
}

func (a *App) doGlobal(act Action) bool {
	switch act {
	case ActToday, ActCustomers, ActSegments, ActRenewals, ActQueue:
		a.goTo(act)
	case ActNextPane:
		a.show((a.at + 1) % len(a.panes))
	case ActPrevPane:
		a.show((a.at + len(a.panes) - 1) % len(a.panes))
	case ActHelp:
		a.openHelp()
	case ActCommand:
		a.openCommand()
	case ActPalette:
		a.openPalette()
	case ActUndo:
		a.after = a.undo
	case ActRedo:
		a.after = a.redo
	case ActHistory:
		a.after = a.readHistory
	case ActDrafts:
		a.after = a.readDrafts(true)
	case ActUsers:
		a.openUsers()
	case ActScorecards:
		a.openScorecards()
	case ActNews:
		a.openNews()
	case ActImport:
		a.openImport()
	case ActSample:
		a.after = a.makeSample()
	case ActQuit:
		a.quit()
	default:
		name, custom := strings.CutPrefix(string(act), customAction)
		if custom {
			a.runCustom(name)
		}
		return custom || a.doLook(act)
	}
	return true
}

// doLook carries out what changes how this session looks and what it may do, and nothing in the book.
func (a *App) doLook(act Action) bool {
	switch act {
	case ActReadOnly:
		a.readOnly = !a.readOnly
		if a.readOnly {
			a.say(kit.Info, "Reading only: nothing can be changed.")
		} else {
			a.say(kit.Info, "Changes are possible again.")
		}
	case ActTheme:
		names := kit.ThemeNames()
		a.setTheme(names[(slices.Index(names, a.theme.Name)+1)%len(names)])
		a.say(kit.Info, "Theme: %s", a.theme.Name)
	case ActDensity:
		a.setDensity(!a.roomy)
	case ActLanguage:
		a.nextLang()
	case ActRedraw:
		a.painter.Repaint()
		a.say(kit.Info, "The screen is drawn again.")
	default:
		return false
	}
	return true
}

// setDensity makes lists comfortable or compact.
func (a *App) setDensity(roomy bool) {
	a.roomy = roomy
	a.setTheme(a.theme.Name)
	density := DensityCompact
	if roomy {
		density = DensityComfortable
	}
	a.say(kit.Info, "Density: %s", a.lang.T(density))
}

// doRecord carries out what is about the record under the cursor or the list as such.
func (a *App) doRecord(act Action) {
	switch act {
	case ActFilter:
		a.openFilter()
	case ActClear:
		a.clearFilter()
	case ActFigures:
		a.openFigures()
	case ActOpen:
		a.openCurrent()
	case ActWhy:
		a.whyCurrent()
	case ActAdd:
		a.openAdd(a.pane().spec().kind, a.preset(a.pane().spec().kind))
	case ActEdit:
		if k, ids := a.markedIDs(); len(ids) > 0 {
			a.openBulkEdit(k, ids)
		} else if k, row, ok := a.target(); ok {
			a.after = a.readRecord(k, a.snap.Table(k).ID(row), purposeEdit)
		}
	case ActRemove:
		if k, ids := a.markedIDs(); len(ids) > 0 {
			a.after = a.planRemoval(k, ids)
		} else if k, row, ok := a.target(); ok {
			a.after = a.readRecord(k, a.snap.Table(k).ID(row), purposeRemove)
		}
	case ActTouch:
		a.openTouch()
	case ActMerge:
		a.openMerge()
	case ActErase:
		a.openErase()
	case ActDuplicates:
		a.after = a.readDuplicates()
	case ActFile:
		a.openFile()
	case ActPassOn:
		a.openPassOn()
	case ActRecordLog:
		if k, row, ok := a.target(); ok {
			a.after = a.readRecordLog(k, a.snap.Table(k).ID(row), a.snap.Title(k, row))
		}
	default:
		a.say(kit.Muted, "%s does nothing here.", string(act))
	}
}

// move carries out the actions that move a grid's cursor.
func (a *App) move(g *kit.Grid, act Action) bool {
	switch act {
	case ActDown:
		g.Move(1)
	case ActUp:
		g.Move(-1)
	case ActPageDown:
		g.Page(1)
	case ActPageUp:
		g.Page(-1)
	case ActHalfDown:
		g.HalfPage(1)
	case ActHalfUp:
		g.HalfPage(-1)
	case ActTop:
		g.Home()
	case ActBottom:
		g.End()
	case ActLeft:
		g.Left()
	case ActRight:
		g.Right()
	default:
		return false
	}
	return true
}

// goTo shows the pane of an action.
func (a *App) goTo(act Action) {
	for i, p := range a.panes {
		if p.spec().action == act {
			a.show(i)
		}
	}
}

func (a *App) show(i int) {
	a.leaveGuest()
	a.at, a.page = i, nil
	if a.snap != nil {
		a.pane().show(a.snap, a.env())
		a.startTicking()
	}
}

// showBehind shows the records behind a figure: a pane with a filter.
func (a *App) showBehind(act Action, filter string) {
	a.goTo(act)
	if err := a.pane().setFilter(filter); err != nil {
		a.fail(err)
		return
	}
	a.pane().grid().Home()
}

// clearFilter takes the filter away; without one esc does no harm.
func (a *App) clearFilter() {
	if p, ok := a.list(); ok && a.page == nil {
		p.view = ""
	}
	if a.filterTarget().filter() == "" {
		return
	}
	if err := a.filterTarget().setFilter(""); err != nil {
		a.fail(err)
	}
}

// openCurrent opens the customer of the record under the cursor, or the record itself.
func (a *App) openCurrent() {
	k, row, ok := a.pane().current()
	if !ok {
		a.openFirst()
		return
	}
	t := a.snap.Table(k)
	switch k {
	case model.Customer:
		a.after = a.readCustomer(t.ID(row))
	case model.Contract, model.Invoice, model.Task:
		if c := t.To(row, "customer"); c >= 0 {
			a.after = a.readCustomer(a.snap.Table(model.Customer).ID(c))
		}
	default:
		a.after = a.readRecord(k, t.ID(row), purposeShow)
	}
}

// whyCurrent explains the field under the cursor.
func (a *App) whyCurrent() {
	k, row, ok := a.pane().current()
	if !ok {
		return
	}
	field := "name"
	if p, isList := a.list(); isList {
		field = p.column().field
	}
	a.after = a.readWhy(k, a.snap.Table(k).ID(row), field)
}

// answered takes the answer of an overlay.
func (a *App) answered(result any) {
	switch r := result.(type) {
	case kit.Item:
		a.chosen(r)
	case kit.FormAnswer:
		a.formAnswered(r)
	case undoAnswer:
		a.after = a.undoChosen(r.batch)
	case bulkAnswer:
		if r.form != nil {
			a.stack.Close() // The form, which is under the question.
		}
		a.after = a.doStep(r.step, r.form)
	case kit.FormLeft:
		if o, ok := r.ID.(*openForm); ok {
			a.dropDraft(o)
		}
	case kit.DifferencesAnswer:
		a.settled(r)
	case kit.DifferencesLeft:
		a.unsettled(r)
	case kit.FormEdit:
		a.openEditor(r)
	case answer:
		r.answered(a)
	}
}

// answer is what an overlay of a pane comes back with: it knows itself what follows from it.
type answer interface{ answered(a *App) }

// fact is the message of a pane's command: it knows itself what it changes on the screen. Its apply
// runs within Update and does no I/O.
type fact interface{ apply(a *App) }

// worker is a pane that computes some of what it shows away from the screen; work is asked after every
// message and returns nil where nothing has changed.
type worker interface{ work(a *App) tea.Cmd }

// offer is a pane that can say why an action of its own cannot be done now; "" when it can.
type offer interface {
	off(a *App, act Action) string
}
