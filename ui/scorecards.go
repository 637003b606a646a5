package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/scorecard"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// ScopeScorecards is the list of the scoring models.
const ScopeScorecards Scope = "scorecards"

// The actions of the list of scoring models.
const (
	ActScorecards   Action = "scorecards"
	ActCardCopy     Action = "copy scorecard"
	ActCardText     Action = "scorecard as text"
	ActCardVersions Action = "scorecard versions"
	ActCardRemove   Action = "remove scorecard"
)

func scorecardsBindings() []Binding {
	s := ScopeScorecards
	return append(moveBindings(s), []Binding{
		{ScopeGlobal, []string{"M", "shift+m"}, ActScorecards, "scoring models", "Show the scoring models; opening one edits it with a live preview.", false, false},
		{s, []string{"enter"}, ActOpen, "open", "Edit the model in a form that shows at once who would move.", true, false},
		{s, []string{"a"}, ActCardCopy, "new", "Begin a model of your own as a copy of the one under the cursor.", true, false},
		{s, []string{"e"}, ActCardText, "as text", "Edit the model as TOML in your editor.", true, false},
		{s, []string{"H", "shift+h"}, ActCardVersions, "versions", "Show the versions: who changed what, when and why; choosing one takes it back.", true, false},
		{s, []string{"D", "shift+d"}, ActCardRemove, "remove", "Remove the model; undo brings it back.", false, true},
		{s, []string{"/"}, ActFilter, "filter", "Show only the models that hold the words.", false, false},
		{s, []string{"esc", "backspace"}, ActClear, "leave", "Take the filter away, or go back to where you were.", true, false},
	}...)
}

// scorecardsPane lists the scoring models in the order in which they claim customers. It stands in front of
// the other panes until it is left.
type scorecardsPane struct {
	sp    paneSpec
	g     kit.Grid
	snap  *table.Snapshot
	words string
	all   []table.CardInfo
	shown []int
	last  map[model.ID]scorecard.Version // who made the version in force, and when
	asked uint64                         // picture whose versions have been asked for
	now   func(micros int64) string
}

// openScorecards shows the scoring models in front of the panes.
func (a *App) openScorecards() {
	a.leaveGuest()
	p := &scorecardsPane{
		sp:   paneSpec{action: ActScorecards, scope: ScopeScorecards, title: "Scoring models", kind: model.Scorecard, lang: a.lang},
		now:  func(micros int64) string { return ago(a.lang, micros, a.o.Now()) },
		last: map[model.ID]scorecard.Version{},
	}
	a.guest, a.page = p, nil
	p.show(a.snap, a.env())
}

func (p *scorecardsPane) spec() *paneSpec                    { return &p.sp }
func (p *scorecardsPane) grid() *kit.Grid                    { return &p.g }
func (p *scorecardsPane) filter() string                     { return p.words }
func (p *scorecardsPane) figures(*App) []figure              { return nil }
func (p *scorecardsPane) current() (model.Kind, int32, bool) { return model.Scorecard, -1, false }

func (p *scorecardsPane) status() string {
	s := p.sp.lang.T(p.sp.title)
	if p.words != "" {
		s += " › " + p.words
	}
	return s
}

func (p *scorecardsPane) setFilter(text string) error {
	p.words = text
	p.refresh()
	return nil
}

func (p *scorecardsPane) show(s *table.Snapshot, _ query.Env) {
	p.snap, p.all = s, s.Cards()
	p.refresh()
}

func (p *scorecardsPane) refresh() {
	words := strings.Fields(query.Fold(p.words))
	p.shown = p.shown[:0]
	for i, c := range p.all {
		if holds(query.Fold(c.Card.Name+" "+c.Card.Purpose+" "+c.Card.Where), words) {
			p.shown = append(p.shown, i)
		}
	}
	key := p.g.Key()
	p.g.SetColumns(sayColumns(p.sp.lang, []kit.Column{
		{Key: "name", Title: "Model", Ideal: 24, Min: 12, Flex: 2, Priority: 10, Pinned: true},
		{Key: "purpose", Title: "Scores", Ideal: 8, Priority: 9},
		{Key: "where", Title: "For whom", Ideal: 30, Min: 14, Flex: 3, Priority: 8},
		{Key: "claims", Title: "Customers", Ideal: 10, Align: kit.AlignRight, Priority: 8},
		{Key: "order", Title: "Precedence", Ideal: 11, Align: kit.AlignRight, Priority: 3},
		{Key: "criteria", Title: "Criteria", Ideal: 9, Align: kit.AlignRight, Priority: 5},
		{Key: "version", Title: "Version", Ideal: 8, Align: kit.AlignRight, Priority: 7},
		{Key: "when", Title: "Changed", Ideal: 13, Priority: 6},
		{Key: "by", Title: "By", Ideal: 9, Priority: 6},
		{Key: "note", Title: "Why changed", Ideal: 28, Min: 12, Flex: 2, Priority: 4},
	}))
	p.g.SetRows(cardRows{p})
	p.g.KeepCursorOn(key)
	p.g.Footer = p.sp.lang.T("the first whose filter a customer meets scores it; the standard models score the rest")
}

// work asks for the versions in force when the book has changed.
func (p *scorecardsPane) work(a *App) tea.Cmd {
	if p.asked == p.snap.Seq+1 {
		return nil
	}
	p.asked = p.snap.Seq + 1
	b, all := a.backend, p.all
	return func() tea.Msg {
		found := map[model.ID]scorecard.Version{}
		for _, c := range all {
			if c.ID.IsZero() {
				continue
			}
			versions, err := readVersions(b, c.ID)
			if err != nil {
				return versionsRead{p, nil, err}
			}
			if len(versions) > 0 {
				found[c.ID] = versions[0]
			}
		}
		return versionsRead{p, found, nil}
	}
}

// readVersions reads the versions of a scorecard, the newest first.
func readVersions(b Backend, id model.ID) ([]scorecard.Version, error) {
	r, err := b.Get(model.Scorecard, id)
	if err != nil {
		return nil, err
	}
	history, err := b.History(id)
	return scorecard.Versions(r, history), err
}

// versionsRead brings who made the versions in force.
type versionsRead struct {
	pane *scorecardsPane
	last map[model.ID]scorecard.Version
	err  error
}

func (m versionsRead) apply(a *App) {
	if m.err != nil {
		a.fail(m.err)
		return
	}
	m.pane.last = m.last
}

// card is the model under the cursor.
func (p *scorecardsPane) card() (table.CardInfo, bool) {
	if i := p.g.Row(); i >= 0 && i < len(p.shown) {
		return p.all[p.shown[i]], true
	}
	return table.CardInfo{}, false
}

func (p *scorecardsPane) off(a *App, act Action) string {
	c, ok := p.card()
	switch act {
	case ActCardText:
		if !a.editor() {
			return noCardEditor
		}
	case ActCardVersions, ActCardRemove:
		if ok && c.ID.IsZero() {
			return "the standard models come with the book; what was changed in them stands in the history (U)"
		}
	case ActOpen, ActCardCopy:
	default:
		return ""
	}
	if !ok {
		return "no record is under the cursor"
	}
	return ""
}

// noCardEditor says where a scorecard can be edited as text instead.
const noCardEditor = "there is no editor here: opsdeck scorecard show NAME prints the text, opsdeck scorecard load FILE takes it"

func (p *scorecardsPane) do(a *App, act Action) bool {
	c, ok := p.card()
	switch {
	case act == ActClear && p.words != "":
		return false
	case act == ActClear:
		a.leaveGuest()
		a.pane().show(a.snap, a.env())
		return true
	case !ok:
		return false
	}
	switch act {
	case ActOpen:
		a.openScorecard(c, false)
	case ActCardCopy:
		a.openScorecard(c, true)
	case ActCardText:
		a.openScorecard(c, false)
		a.do(ActCardText)
	case ActCardVersions:
		a.after = a.readCardVersions(c)
	case ActCardRemove:
		a.after = a.readRecord(model.Scorecard, c.ID, purposeRemove)
	default:
		return false
	}
	return true
}

func (p *scorecardsPane) draw(a *App, c *kit.Canvas, r kit.Rect) { p.g.Draw(c, r, a.theme, true) }

// cardRows shows the models to the grid.
type cardRows struct{ p *scorecardsPane }

func (r cardRows) Len() int { return len(r.p.shown) }

func (r cardRows) Key(row int) string {
	c := r.p.all[r.p.shown[row]]
	return c.ID.String() + c.Card.Purpose
}

func (r cardRows) Cell(row int, col string) kit.Cell {
	c, l := r.p.all[r.p.shown[row]], r.p.sp.lang
	v := r.p.last[c.ID]
	switch col {
	case "name":
		return kit.Cell{Text: cardName(l, c.Card.Name)}
	case "purpose":
		return kit.Cell{Text: purposeWord(l, c.Card.Purpose)}
	case "where":
		return whereCell(l, c)
	case "claims":
		return kit.Cell{Text: l.Int(int64(c.Claims))}
	case "order":
		return kit.Cell{Text: l.Int(int64(c.Card.Order)), Token: kit.Muted}
	case "criteria":
		return kit.Cell{Text: l.Int(int64(len(c.Card.Criteria)))}
	}
	if c.ID.IsZero() {
		return kit.Cell{Text: "–", Token: kit.Muted}
	}
	switch col {
	case "version":
		return kit.Cell{Text: l.Int(int64(c.Version))}
	case "when":
		if v.Time > 0 {
			return kit.Cell{Text: r.p.now(v.Time), Token: kit.Muted}
		}
	case "by":
		return kit.Cell{Text: kit.Clean(v.By)}
	case "note":
		return kit.Cell{Text: kit.Clean(v.Note), Token: kit.Muted}
	}
	return kit.Cell{}
}

func whereCell(l *lang.Lang, c table.CardInfo) kit.Cell {
	switch {
	case c.Err != nil:
		return kit.Cell{Text: l.Say(c.Err.Error()), Token: kit.Bad}
	case c.Card.Where != "":
		return kit.Cell{Text: kit.Clean(c.Card.Where)}
	case c.ID.IsZero():
		return kit.Cell{Text: l.T("whom no other claims"), Token: kit.Muted}
	}
	return kit.Cell{Text: l.T("everybody"), Token: kit.Muted}
}

// cardName is the name of a model for people: that of the standard ones is said in their language.
func cardName(l *lang.Lang, name string) string {
	if name == model.StandardScorecard {
		return l.T("standard")
	}
	return kit.Clean(name)
}

func purposeWord(l *lang.Lang, purpose string) string {
	if purpose == scorecard.ForHealth {
		return l.T("Health")
	}
	return l.T("Tier")
}
