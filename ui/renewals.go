package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// The actions of the renewals pane.
const (
	ActShape     Action = "shape"
	ActSteps     Action = "steps"
	ActStageOn   Action = "next stage"
	ActStageBack Action = "previous stage"
	ActMilestone Action = "milestone done"
	ActHorizon   Action = "days ahead"
	ActEvidence  Action = "evidence"
)

func renewalBindings() []Binding {
	r := ScopeRenewals
	return []Binding{
		{r, []string{"o"}, ActShape, "shape", "Show the renewals as list, board by stage, months, bubbles, or figures.", true, false},
		{r, []string{"m"}, ActSteps, "steps", "Take a step: renew, expand, downsell, amend, extend, merge, churn, note a risk.", true, true},
		{r, []string{"]"}, ActStageOn, "next stage", "Move the renewal to the next stage.", false, true},
		{r, []string{"["}, ActStageBack, "stage back", "Move the renewal to the stage before.", false, true},
		{r, []string{"x"}, ActMilestone, "tick off", "Tick off the first open milestone of the renewal.", false, true},
		{r, []string{"H", "shift+h"}, ActHorizon, "days ahead", "Show what is decided within 30 to 180 days; of the figures a quarter, year, month.", true, false},
		{r, []string{"E", "shift+e"}, ActEvidence, "evidence", "Show the page for the talk about a renewal; y copies it, t as text for paper.", true, false},
	}
}

// shape is how the pane shows the renewals.
type shape uint8

const (
	shapeList shape = iota
	shapeBoard
	shapeMonths
	shapeBubbles
	shapeFigures
	shapes
)

// renewalsPane is the pipeline: the same renewals as a list, a board, months or bubbles.
type renewalsPane struct {
	*listPane
	shape  shape
	days   int // decided within so many days; 0 shows all
	board  board
	months months
	// bubbles are the renewals of the plot.
	bubbles []bubble
	figs    figuresView
	drawn   drawnFor
}

// drawnFor is what a shape was worked out for, so that frames without a change cost nothing.
type drawnFor struct {
	snap  *table.Snapshot
	text  string
	all   bool
	shape shape
}

func newRenewalsPane() *renewalsPane { return &renewalsPane{listPane: newListPane(renewalsSpec())} }

// horizonSteps are the days ahead that the key goes through.
func horizonSteps() []int { return []int{0, 30, 60, 90, 180} }

// worked works the shape out where something has changed since.
func (p *renewalsPane) worked() {
	now := drawnFor{p.snap, p.text, p.all, p.shape}
	if p.snap == nil || now == p.drawn {
		return
	}
	p.drawn = now
	switch p.shape {
	case shapeBoard:
		p.layBoard()
	case shapeMonths:
		p.layMonths()
	case shapeBubbles:
		p.layBubbles()
	}
}

func (p *renewalsPane) draw(a *App, c *kit.Canvas, r kit.Rect) {
	p.worked()
	switch p.shape {
	case shapeBoard:
		p.drawBoard(a, c, r)
	case shapeMonths:
		p.drawMonths(a, c, r)
	case shapeBubbles:
		p.drawBubbles(a, c, r)
	case shapeFigures:
		p.drawFigures(a, c, r)
	default:
		p.listPane.draw(a, c, r)
	}
}

// current is the record under the cursor of the shape.
func (p *renewalsPane) current() (model.Kind, int32, bool) {
	p.worked()
	switch p.shape {
	case shapeBoard:
		row, ok := p.board.current()
		return model.Contract, row, ok
	case shapeMonths, shapeFigures:
		return model.Contract, -1, false
	}
	return p.listPane.current()
}

func (p *renewalsPane) status() string {
	s := p.listPane.status()
	if p.shape != shapeList {
		s += " › " + p.sp.lang.T(p.shape.name())
	}
	if p.shape == shapeFigures && p.figs.months > 0 {
		s += " › " + p.figs.periodName()
	}
	return s
}

func (s shape) name() string {
	return [...]string{"list", "board", "months", "bubbles", "figures"}[s%shapes]
}

// work computes away from the screen what the shape shows.
func (p *renewalsPane) work(a *App) tea.Cmd {
	if p.shape != shapeFigures || p.snap == nil {
		return nil
	}
	return p.askFigures(a)
}

func (p *renewalsPane) do(a *App, act Action) bool {
	if p.shape == shapeFigures && p.doFigures(a, act) {
		return true
	}
	switch act {
	case ActShape:
		p.shape = (p.shape + 1) % shapes
		a.say(kit.Info, a.lang.T("Renewals as %s; o goes on", a.lang.T(p.shape.name())))
	case ActHorizon:
		p.nextHorizon(a)
	case ActSteps:
		a.stack.Push(kit.NewMenu(a.lang.T("Take a step"), p.stepItems(a)))
	case ActStageOn, ActStageBack:
		p.moveStage(a, act == ActStageOn)
	case ActMilestone:
		p.tick(a)
	case ActEvidence:
		p.showEvidence(a)
	default:
		return p.moveShape(a, act) || p.listPane.do(a, act)
	}
	return true
}

// moveShape moves the cursor of a shape that is no list.
func (p *renewalsPane) moveShape(a *App, act Action) bool {
	p.worked()
	switch p.shape {
	case shapeBoard:
		return p.board.move(act)
	case shapeMonths:
		return p.doMonths(a, act)
	}
	return false
}

// nextHorizon goes through the days ahead; the filter is an ordinary one, which can be edited on.
func (p *renewalsPane) nextHorizon(a *App) {
	steps := horizonSteps()
	p.days = steps[(slices.Index(steps, p.days)+1)%len(steps)]
	filter := ""
	if p.days > 0 {
		filter = fmt.Sprintf("decision_date:<=+%dd", p.days)
	}
	if err := p.setFilter(filter); err != nil {
		a.fail(err)
		return
	}
	p.g.Home()
}

// off says why a step on a renewal cannot be taken now.
func (p *renewalsPane) off(a *App, act Action) string {
	switch act {
	case ActSteps, ActStageOn, ActStageBack, ActMilestone, ActEvidence:
	case ActEdit, ActRemove, ActTouch, ActWhy, ActRecordLog, ActOpen:
		if p.shape == shapeMonths && act != ActOpen && act != ActWhy {
			return a.lang.T("a month is no single record; enter shows its renewals")
		}
		if p.shape == shapeFigures && act != ActOpen && act != ActWhy {
			return a.lang.T("a figure is no single record; enter shows what is behind it")
		}
		return ""
	default:
		return ""
	}
	_, row, ok := p.current()
	if !ok {
		return a.lang.T("no record is under the cursor")
	}
	t := p.snap.Table(model.Contract)
	if lead := p.snap.Lead(row); act != ActEvidence && act != ActSteps && t.Str(lead, "renewal") != "open" {
		return a.lang.T("the renewal is %s", pickWord(a.lang, "renewal", t.Str(lead, "renewal")))
	}
	if act == ActMilestone && t.Str(row, "milestone") == "" {
		return a.lang.T("there is no open milestone on this renewal")
	}
	return ""
}

// moveStage moves the renewal one stage on or back; after the last comes the step that renews.
func (p *renewalsPane) moveStage(a *App, on bool) {
	_, row, ok := p.current()
	if !ok {
		return
	}
	row = p.snap.Lead(row)
	t := p.snap.Table(model.Contract)
	stages := model.RenewalStages()[:5]
	at := max(0, slices.Index(stages, t.Str(row, "stage")))
	switch {
	case on && at == len(stages)-1:
		p.openStep(a, "renew")
		return
	case !on && at == 0:
		a.say(kit.Warn, a.lang.T("This is the first stage."))
		return
	case on:
		at++
	default:
		at--
	}
	a.after = a.takeStep(model.Contract, t.ID(row), "stage", model.FieldValue{Name: "stage", Value: model.Pick(stages[at])})
}

// renewalMoment is who does something now, with what the settings say of renewals.
func (a *App) renewalMoment() model.Moment {
	return model.Moment{Who: a.o.Actor, Today: a.snap.Today, Now: a.o.Now().UnixMilli(), Renewals: a.snap.RenewalRules(), Reminders: a.snap.Settings.Reminders()}
}

// tick ticks off the first open milestone.
func (p *renewalsPane) tick(a *App) {
	_, row, ok := p.current()
	if !ok {
		return
	}
	row = p.snap.Lead(row)
	task, err := p.snap.TickMilestone(row, a.backend.NewID(), -1, a.renewalMoment())
	if err != nil {
		a.fail(err)
		return
	}
	a.after = a.step(task.Title()+" of "+p.snap.Title(model.Contract, row), nil, model.CreateOp(task))
}
