package ui

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/scorecard"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// cardDraft is what a draft of a scoring model holds, and where it lies.
type cardDraft struct {
	id     model.ID // of the draft; zero before there is one
	kept   bool     // there may be a draft in the book
	failed string   // why the last one could not be kept
	card   *scorecard.Card
	form   map[string]string // what is typed into the form in front
}

// The names under which a draft of a scoring model holds the form that was in front: which one, and its fields.
const (
	draftForm      = "form"
	draftFormField = "form."
)

// keepDraft notes what is edited. It runs after every message; where nothing is edited it costs a comparison.
func (p *cardPane) keepDraft(a *App) {
	d := &p.draft
	d.failed = a.drafts.failed
	var form map[string]string
	if p.dialog != nil {
		if typed := p.dialog.Form.Changes(); len(typed) > 0 {
			form = map[string]string{draftForm: p.dialog.over}
			for field, text := range typed {
				form[draftFormField+field] = text
			}
		}
	}
	if a.readOnly || p.card == d.card && maps.Equal(form, d.form) {
		return
	}
	d.card, d.form = p.card, form
	if !p.edited() && len(form) == 0 {
		p.dropDraft(a)
		return
	}
	if d.id.IsZero() {
		if d.id = p.id; d.id.IsZero() { // A new model gets the id, so that it is not offered once more after it was kept.
			d.id = a.backend.NewID()
		}
	}
	a.drafts.want(draftWrite{id: d.id, keep: p.draftOf(a)})
	d.kept = true
	a.writeDrafts()
}

// draftOf is the draft of the model as it is edited, with the form in front.
func (p *cardPane) draftOf(a *App) *model.Draft {
	typed := map[string]string{"definition": p.card.TOML()}
	maps.Copy(typed, p.draft.form)
	given := map[string]string{"version": strconv.Itoa(p.version)}
	if !p.from.IsZero() {
		given["of"] = p.from.String()
	}
	if p.fresh {
		given["new"] = "yes"
	}
	return &model.Draft{
		ID: p.draft.id, Owner: a.o.Actor, Kind: model.Scorecard, Adds: p.id.IsZero(), Time: a.o.Now().UnixMilli(),
		Title: a.lang.T("Scoring model %s", cardName(a.lang, p.card.Name)), Typed: typed, Given: given,
		Seen: map[string]string{"definition": p.base.TOML()},
	}
}

// dropDraft forgets what was kept: it was applied or given up.
func (p *cardPane) dropDraft(a *App) {
	if p.draft.kept {
		a.drafts.want(draftWrite{id: p.draft.id})
		a.writeDrafts()
	}
	p.draft.kept = false
}

// newIDs gives a new model the id of its draft, and whatever else is made new ids.
func (p *cardPane) newIDs(b Backend) func() model.ID {
	first := p.draft.id
	return func() model.ID {
		id := first
		if first = (model.ID{}); id.IsZero() || id == p.id {
			return b.NewID()
		}
		return id
	}
}

// cardEdits counts what a draft of a scoring model changes.
func cardEdits(d model.Draft) int {
	before, err := scorecard.Parse(d.Seen["definition"])
	after, wrong := scorecard.Parse(d.Typed["definition"])
	n := 0
	if err == nil && wrong == nil {
		n = len(scorecard.Changes(before, after))
	}
	for field := range d.Typed {
		if strings.HasPrefix(field, draftFormField) {
			n++
		}
	}
	return n
}

// readCardDraft looks for a draft of the model that is being opened.
func (a *App) readCardDraft(p *cardPane) tea.Cmd {
	b, owner := a.backend, a.o.Actor
	return func() tea.Msg {
		all, err := b.Drafts(owner)
		return cardDraftRead{p, all, err}
	}
}

// cardDraftRead brings the drafts of a person, among which there may be one of the model that was opened.
type cardDraftRead struct {
	pane *cardPane
	all  []model.Draft
	err  error
}

func (m cardDraftRead) apply(a *App) {
	p := m.pane
	if m.err != nil {
		a.fail(m.err)
		return
	}
	at := slices.IndexFunc(m.all, func(d model.Draft) bool { return p.isOf(d) && !a.cardSpent(d) })
	if at < 0 || a.guest != p || p.edited() || a.readOnly {
		return
	}
	a.arm(a.stack.PushUnasked(escMenu{a.draftMenu(m.all[at], nil), kit.Item{ID: "draft", Value: cardBack{}}}))
}

// cardBack goes back to the list of models: who neither restores a draft nor drops it does not edit over it.
type cardBack struct{}

func (cardBack) answered(a *App) { a.openScorecards() }

// cardSpent tells whether the book has what a draft of a model holds already.
func (a *App) cardSpent(d model.Draft) bool {
	c, err := scorecard.Parse(d.Typed["definition"])
	_, form := d.Typed[draftForm]
	if err != nil || form || a.snap == nil {
		return false
	}
	return slices.ContainsFunc(a.snap.Cards(), func(in table.CardInfo) bool { return in.Card.Same(c) })
}

// isOf tells whether a draft is of the model that the pane has open.
func (p *cardPane) isOf(d model.Draft) bool {
	c, err := scorecard.Parse(d.Typed["definition"])
	of, _ := model.ParseID(d.Given["of"])
	return d.Kind == model.Scorecard && err == nil && c.Purpose == p.base.Purpose && (d.Given["new"] == "yes") == p.fresh && of == p.from
}

// restoreCard opens a scoring model as its draft has it, with the form that was in front.
func (a *App) restoreCard(d model.Draft) {
	card, err := scorecard.Parse(d.Typed["definition"])
	if err != nil {
		a.fail(fmt.Errorf("the draft cannot be read: %w", err))
		return
	}
	p, open := a.guest.(*cardPane)
	if !open || !p.isOf(d) {
		if p = a.openDraftedCard(d, card); p == nil {
			return
		}
	}
	if p.fresh && !d.Adds { // Its record is gone, and what was its draft becomes that of a new one.
		a.drafts.want(draftWrite{id: d.ID})
	} else {
		p.draft.id, p.draft.kept = d.ID, true
	}
	seen, err := scorecard.Parse(d.Seen["definition"])
	changed := err == nil && !p.fresh && !seen.Same(p.base)
	if err == nil && p.fresh {
		p.base, p.card = seen, seen.Clone()
	}
	p.change(func(c *scorecard.Card) { *c = *card })
	if n, err := strconv.Atoi(d.Given["version"]); err == nil && changed {
		p.version = n // Applying says that theirs is another.
		a.say(kit.Warn, "Somebody has changed the model since: your edits are over what you had seen; the versions (H) have theirs.")
	} else {
		a.say(kit.Info, "Your edits of before are here again, not yet applied; u takes them back.")
	}
	p.restoreForm(a, d)
	p.touched()
}

// openDraftedCard opens the model that a draft is of; one that is no longer in the book becomes a new one.
func (a *App) openDraftedCard(d model.Draft, card *scorecard.Card) *cardPane {
	of, _ := model.ParseID(d.Given["of"])
	all, fresh := a.snap.Cards(), d.Given["new"] == "yes"
	at := slices.IndexFunc(all, func(c table.CardInfo) bool { return c.ID == of && c.Card.Purpose == card.Purpose })
	info := table.CardInfo{Card: card}
	if at >= 0 {
		info = all[at]
	}
	a.showScorecard(info, fresh || at < 0)
	p, _ := a.guest.(*cardPane)
	return p
}

// restoreForm opens the form that was in front, with what was typed into it.
func (p *cardPane) restoreForm(a *App, d model.Draft) {
	over, ok := d.Typed[draftForm]
	if !ok {
		return
	}
	if over == formOfModel {
		p.editModel(a)
	} else {
		p.editCriterion(a, slices.IndexFunc(p.card.Criteria, func(m scorecard.Criterion) bool { return formOfCriterion+m.Key == over }))
	}
	f := p.dialog.Form
	for field, text := range d.Typed {
		if name, is := strings.CutPrefix(field, draftFormField); is {
			if in, known := p.snap.Inputs()[text]; known && name == "input" {
				f.AddOptions(name, []kit.Option{inputOption(a, in)})
			}
			f.Set(name, text)
		}
	}
	p.dialog.last = f.Values()["input"]
	p.dialog.typed(false)
}

// escMenu is a menu that esc gives an answer to as well.
type escMenu struct {
	*kit.Menu
	esc kit.Item
}

// Key implements kit.Overlay.
func (m escMenu) Key(msg tea.KeyPressMsg) kit.Outcome {
	if key := msg.String(); key == "esc" || key == "ctrl+c" {
		return kit.Outcome{Done: true, Result: m.esc}
	}
	return m.Menu.Key(msg)
}

// leave goes back to the list of models; it asks first where there are edits that are not applied.
func (p *cardPane) leave(a *App) {
	if !p.edited() {
		a.openScorecards()
		return
	}
	l := a.lang
	keep := kit.Item{ID: "keep", Key: "k", Title: l.T("Keep them as a draft"), Help: l.T("offered when the model is opened again; esc once more does"), Value: cardLeft{p, true}}
	a.stack.Push(escMenu{kit.NewMenu(l.T("The edits of %s are not applied", cardName(l, p.card.Name)), []kit.Item{
		keep,
		{ID: "discard", Key: "d", Title: l.T("Throw them away"), Help: l.T("the model stays as it is in the book"), Value: cardLeft{p, false}},
		{ID: "stay", Key: "n", Title: l.T("Stay"), Value: cardStays{}},
	}), keep})
}

// cardLeft leaves a model whose edits are kept as a draft, or thrown away.
type cardLeft struct {
	p    *cardPane
	keep bool
}

func (m cardLeft) answered(a *App) {
	if !m.keep {
		m.p.dropDraft(a)
		m.p.card = m.p.base
	}
	a.openScorecards()
	if m.keep {
		a.say(kit.Info, "The edits of %s wait for you: open it again. Nothing was written.", cardName(a.lang, m.p.card.Name))
	}
}

// cardStays goes on with the edits.
type cardStays struct{}

func (cardStays) answered(*App) {}

// quit ends the program. What is edited in a scoring model is kept as a draft first; where that cannot be, it asks.
func (a *App) quit() {
	p := a.unfinished
	if open, ok := a.guest.(*cardPane); ok {
		p = open
	}
	switch {
	case p == nil || !p.edited():
		a.after = tea.Quit
	case !p.draft.kept || a.drafts.failed != "":
		a.askQuit(p)
	default:
		a.drafts.leaving = p
		a.drafts.resting = false
		a.writeDrafts()
		a.quitWritten()
	}
}

// quitWritten ends the program as soon as all drafts are written.
func (a *App) quitWritten() {
	p := a.drafts.leaving
	switch {
	case p == nil:
	case a.drafts.failed != "":
		a.drafts.leaving = nil
		a.askQuit(p)
	case !a.drafts.busy && len(a.drafts.wanted) == 0:
		a.after = tea.Quit
	}
}

// askQuit asks before edits of a scoring model are lost.
func (a *App) askQuit(p *cardPane) {
	l := a.lang
	a.stack.Push(&kit.Confirm{
		Title: l.T("Scoring models"), Question: l.T("The edits of %s are not applied: leaving loses them.", cardName(l, p.card.Name)),
		Yes: l.T("Leave"), No: l.T("Stay"), Answer: quitAnyway{},
	})
}

// quitAnyway ends the program though edits are lost.
type quitAnyway struct{}

func (quitAnyway) answered(a *App) { a.after = tea.Quit }
