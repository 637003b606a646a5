package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/scorecard"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// ScopeScorecard is one scoring model that is edited.
const ScopeScorecard Scope = "scoring model"

// The actions of a scoring model that is edited.
const (
	ActCardApply   Action = "apply scorecard"
	ActCardModel   Action = "model"
	ActCardSide    Action = "other side"
	ActCardMore    Action = "more weight"
	ActCardLess    Action = "less weight"
	ActCardMuch    Action = "much more weight"
	ActCardLittle  Action = "much less weight"
	ActCardEarlier Action = "criterion up"
	ActCardLater   Action = "criterion down"
	ActCardDrop    Action = "leave criterion out"
	ActCardAdd     Action = "add criterion"
	ActCardRevert  Action = "revert scorecard"
)

// moveBindings are the keys that move through a list which is none of the panes.
func moveBindings(s Scope) []Binding {
	return []Binding{
		{s, []string{"j", "down"}, ActDown, "down", "Move down a row.", false, false},
		{s, []string{"k", "up"}, ActUp, "up", "Move up a row.", false, false},
		{s, []string{"pgdown", "ctrl+f"}, ActPageDown, "page down", "Move down a screen.", false, false},
		{s, []string{"pgup", "ctrl+b"}, ActPageUp, "page up", "Move up a screen.", false, false},
		{s, []string{"g", "home"}, ActTop, "top", "Go to the first row.", false, false},
		{s, []string{"G", "shift+g", "end"}, ActBottom, "bottom", "Go to the last row.", false, false},
	}
}

func scorecardBindings() []Binding {
	s := ScopeScorecard
	return append(moveBindings(s), []Binding{
		{s, []string{"enter"}, ActOpen, "edit", "Edit the criterion under the cursor, or show the whole ledger of the customer.", true, false},
		{s, []string{"a"}, ActCardAdd, "add", "Add a criterion over any field, computed input or formula.", true, false},
		{s, []string{"x", "D", "shift+d"}, ActCardDrop, "leave out", "Take the criterion under the cursor out of the model.", true, false},
		{s, []string{"right", "l"}, ActCardMore, "weight +1", "Give the criterion one more of weight.", true, false},
		{s, []string{"left", "h"}, ActCardLess, "weight −1", "Give the criterion one less of weight.", false, false},
		{s, []string{"]"}, ActCardMuch, "weight +10", "Give the criterion ten more of weight.", false, false},
		{s, []string{"["}, ActCardLittle, "weight −10", "Give the criterion ten less of weight.", false, false},
		{s, []string{"K", "shift+k", "shift+up"}, ActCardEarlier, "up", "Move the criterion up in the model.", false, false},
		{s, []string{"J", "shift+j", "shift+down"}, ActCardLater, "down", "Move the criterion down in the model.", false, false},
		{s, []string{"m"}, ActCardModel, "model", "Edit name, filter, order, coverage, thresholds or places, margin and groups.", true, false},
		{s, []string{"o"}, ActCardSide, "other side", "Go from the criteria to the customers, and back.", true, false},
		{s, []string{"A", "shift+a"}, ActScope, "all", "Show all customers of the model, or only those who move.", false, false},
		{s, []string{"w"}, ActWhy, "why?", "Explain the customer under the cursor by the edited model.", false, false},
		{s, []string{"ctrl+s"}, ActCardApply, "apply", "Keep the model as one step with a new version; nothing is written before.", true, true},
		{s, []string{"r"}, ActCardRevert, "as it was", "Give the edits up: the model as it was opened; u takes that back too.", false, false},
		{s, []string{"e"}, ActCardText, "as text", "Edit the model as TOML in your editor.", false, false},
		{s, []string{"H", "shift+h"}, ActCardVersions, "versions", "Show the versions: who changed what, when and why; choosing one takes it back.", false, false},
		{s, []string{"esc", "backspace"}, ActClear, "leave", "Go back to the models; it asks what becomes of edits not applied.", true, false},
	}...)
}

// cardPane edits one scoring model: its criteria at the left, what it would do at the right. The book is
// as it was until the model is applied.
type cardPane struct {
	sp      paneSpec
	id      model.ID // zero for the standard models, and for a new one
	from    model.ID // the model that was opened, of which a new one is a copy
	fresh   bool     // not in the book yet
	version int
	base    *scorecard.Card   // as it was when it was opened, or as it is copied
	card    *scorecard.Card   // as it is edited
	past    []*scorecard.Card // before each edit, the last at the end
	future  []*scorecard.Card // edits that were taken back
	trial   *scorecard.Card   // what a form in front would make of it; nil without one
	broken  error             // why the form in front makes nothing of it
	dialog  *cardDialog       // the form in front; nil without one
	draft   cardDraft
	snap    *table.Snapshot
	preview *table.Preview
	turn    int // counts what is to be tried; tried is the one that was tried last
	tried   int
	busy    bool
	out     *table.Previewed
	err     error
	people  bool // the cursor is among the customers
	all     bool // every customer of the model is listed, not only those who move
	crit    kit.Grid
	moves   kit.Grid
	ledger  ledgerShown
	formAt  kit.Rect // where a form may stand without hiding the preview
}

// openScorecard edits a model, or begins a new one as its copy. Edits that were left unfinished are taken
// up again.
func (a *App) openScorecard(c table.CardInfo, asCopy bool) {
	if c.Err != nil {
		a.fail(c.Err)
		return
	}
	if c.ID.IsZero() && c.Card.Purpose == scorecard.ForHealth {
		asCopy = true // The standard health score stays as it is: one of the company's own goes before it.
	}
	if p := a.unfinished; p != nil && p.edited() && p.fresh == asCopy && p.from == c.ID && p.base.Purpose == c.Card.Purpose {
		a.leaveGuest()
		a.guest, a.page, a.unfinished = p, nil, nil
		p.show(a.snap, a.env())
		a.say(kit.Info, "Your edits of before are here again, not yet applied; u takes them back.")
		return
	}
	a.showScorecard(c, asCopy)
	if p, ok := a.guest.(*cardPane); ok {
		a.after = tea.Batch(a.after, a.readCardDraft(p))
	}
}

// showScorecard opens a model as the book has it, or a copy of it.
func (a *App) showScorecard(c table.CardInfo, asCopy bool) {
	a.leaveGuest()
	p := &cardPane{
		sp: paneSpec{action: ActScorecards, scope: ScopeScorecard, title: "Scoring models", kind: model.Scorecard, lang: a.lang},
		id: c.ID, from: c.ID, version: c.Version, base: c.Card.Clone(), card: c.Card.Clone(), tried: -1,
	}
	if asCopy {
		p.id, p.fresh, p.version = model.ID{}, true, 0
		p.card.Name = freeName(a.snap, c.Card.Name, c.Card.Purpose)
		p.base = p.card.Clone()
	}
	a.guest, a.page = p, nil
	p.show(a.snap, a.env())
}

// freeName is a name for a copy that no model has yet.
func freeName(s *table.Snapshot, name, purpose string) string {
	all := s.Cards()
	if name == model.StandardScorecard {
		name = "own-" + purpose
	}
	wanted := name
	for n := 2; slices.ContainsFunc(all, func(c table.CardInfo) bool { return c.Card.Name == wanted }); n++ {
		wanted = fmt.Sprintf("%s-%d", name, n)
	}
	return wanted
}

func (p *cardPane) spec() *paneSpec                    { return &p.sp }
func (p *cardPane) filter() string                     { return "" }
func (p *cardPane) setFilter(string) error             { return nil }
func (p *cardPane) figures(*App) []figure              { return nil }
func (p *cardPane) current() (model.Kind, int32, bool) { return model.Scorecard, -1, false }

func (p *cardPane) grid() *kit.Grid {
	if p.people {
		return &p.moves
	}
	return &p.crit
}

func (p *cardPane) status() string {
	s := p.sp.lang.T(p.sp.title) + " › " + cardName(p.sp.lang, p.card.Name)
	if p.dirty() {
		s += " · " + p.sp.lang.T("edited, not applied")
	}
	if p.draft.failed != "" && p.edited() {
		s += " · " + p.draft.failed
	}
	return s
}

// dirty tells whether there is something to apply.
func (p *cardPane) dirty() bool { return p.fresh || !p.card.Same(p.base) }

// show takes a new picture of the book, over which everything is tried anew.
func (p *cardPane) show(s *table.Snapshot, _ query.Env) {
	if p.snap == s && p.preview != nil {
		return
	}
	p.snap = s
	p.catchUp()
	p.preview, p.busy = s.Preview(p.id, p.card.Purpose, p.fresh), false
	p.touched()
}

// catchUp compares with what the book has now, after an undo or a step of somebody else. Without edits of
// one's own the model follows; edits stay, and what they differ from is what the book has.
func (p *cardPane) catchUp() {
	all := p.snap.Cards()
	at := slices.IndexFunc(all, func(c table.CardInfo) bool { return c.ID == p.id && c.Card.Purpose == p.base.Purpose })
	switch {
	case p.fresh:
	case at < 0: // Its making was undone, or somebody has removed it: it can be kept once more.
		p.id, p.fresh, p.version = model.ID{}, true, 0
	case !all[at].Card.Same(p.base):
		if !p.edited() {
			p.card, p.version, p.past, p.future = all[at].Card.Clone(), all[at].Version, nil, nil
		}
		p.base = all[at].Card.Clone()
	}
}

// touched notes that there is something new to try.
func (p *cardPane) touched() {
	p.turn++
	p.refresh()
}

// change makes an edit, which can be taken back.
func (p *cardPane) change(edit func(c *scorecard.Card)) {
	next := p.card.Clone()
	edit(next)
	if next.Same(p.card) {
		return
	}
	p.past, p.future, p.card = append(p.past, p.card), nil, next
	p.touched()
}

// wanted is the model that is to be tried: that of the form in front, else as it is edited.
func (p *cardPane) wanted() *scorecard.Card {
	if p.trial != nil {
		return p.trial
	}
	return p.card
}

// work tries the model out in the background, one trial at a time and always the latest edit.
func (p *cardPane) work(*App) tea.Cmd {
	if p.busy || p.tried == p.turn || p.broken != nil {
		return nil
	}
	p.busy, p.tried = true, p.turn
	preview, c := p.preview, p.wanted()
	return func() tea.Msg {
		out, err := preview.Try(c)
		return cardTried{p, preview, out, err}
	}
}

// cardTried brings what a model would do.
type cardTried struct {
	pane    *cardPane
	preview *table.Preview
	out     *table.Previewed
	err     error
}

func (m cardTried) apply(*App) {
	if m.preview != m.pane.preview { // The book has changed meanwhile.
		return
	}
	m.pane.busy, m.pane.err = false, m.err
	if m.err == nil {
		m.pane.out = m.out
	}
	m.pane.refresh()
}

// at is the criterion under the cursor.
func (p *cardPane) at() (int, bool) {
	i := p.crit.Row()
	return i, !p.people && i >= 0 && i < len(p.card.Criteria)
}

func (p *cardPane) off(a *App, act Action) string {
	switch act {
	case ActCardMore, ActCardLess, ActCardMuch, ActCardLittle, ActCardEarlier, ActCardLater, ActCardDrop:
		if _, ok := p.at(); !ok {
			return "no criterion is under the cursor"
		}
	case ActCardText:
		if !a.editor() {
			return noCardEditor
		}
	case ActCardVersions:
		if p.id.IsZero() {
			return "the model has no versions of its own yet"
		}
	case ActWhy:
		if _, ok := p.person(); !ok {
			return "no record is under the cursor"
		}
	case ActCardApply:
		switch {
		case p.err != nil || p.broken != nil:
			return "the model has a mistake"
		case !p.dirty():
			return "nothing is edited"
		}
	case ActUndo:
		if len(p.past) == 0 && a.readOnly {
			return "reading only (ctrl+o switches)"
		}
	case ActRedo:
		if len(p.future) == 0 && a.readOnly {
			return "reading only (ctrl+o switches)"
		}
	}
	return ""
}

func (p *cardPane) do(a *App, act Action) bool {
	switch act {
	case ActClear:
		p.leave(a)
	case ActCardSide:
		p.people = !p.people
	case ActScope:
		p.all = !p.all
		p.refresh()
	case ActOpen:
		if p.people {
			p.why(a)
		} else if i, ok := p.at(); ok {
			p.editCriterion(a, i)
		}
	case ActWhy:
		p.why(a)
	case ActCardAdd:
		p.editCriterion(a, -1)
	case ActCardModel:
		p.editModel(a)
	case ActCardApply:
		p.askNote(a)
	case ActCardText:
		p.editText(a)
	case ActCardRevert:
		p.change(func(c *scorecard.Card) { *c = *p.base.Clone() })
	case ActCardVersions:
		a.after = a.readCardVersions(table.CardInfo{ID: p.id, Card: p.base})
	default:
		return p.doCriterion(act)
	}
	return true
}

// doCriterion carries out what is about the criterion under the cursor.
func (p *cardPane) doCriterion(act Action) bool {
	i, ok := p.at()
	if !ok {
		return false
	}
	by := map[Action]float64{ActCardMore: 1, ActCardLess: -1, ActCardMuch: 10, ActCardLittle: -10}[act]
	to := i
	switch act {
	case ActCardMore, ActCardLess, ActCardMuch, ActCardLittle:
		p.change(func(c *scorecard.Card) { c.Criteria[i].Weight = max(0, c.Criteria[i].Weight+by) })
	case ActCardDrop:
		p.change(func(c *scorecard.Card) { c.Criteria = slices.Delete(c.Criteria, i, i+1) })
	case ActCardEarlier:
		to = max(0, i-1)
	case ActCardLater:
		to = min(len(p.card.Criteria)-1, i+1)
	default:
		return false
	}
	if to != i {
		p.change(func(c *scorecard.Card) { c.Criteria[i], c.Criteria[to] = c.Criteria[to], c.Criteria[i] })
		p.crit.MoveTo(to)
	}
	return true
}

// step takes an edit back or makes it again; false hands the key to the book.
func (p *cardPane) step(act Action) bool {
	from, to := &p.past, &p.future
	if act == ActRedo {
		from, to = to, from
	}
	n := len(*from)
	if n == 0 {
		return false
	}
	*to = append(*to, p.card)
	p.card, *from = (*from)[n-1], (*from)[:n-1]
	p.touched()
	return true
}

// edited tells whether there are edits that would be lost.
func (p *cardPane) edited() bool { return !p.card.Same(p.base) }
