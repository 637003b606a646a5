package ui

import (
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/scorecard"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// editText gives the model to the person's editor as TOML.
func (p *cardPane) editText(a *App) {
	if !a.editor() {
		a.fail(errors.New(noCardEditor))
		return
	}
	e := &editing{argv: strings.Fields(a.o.Editor), name: "scorecard.toml", text: p.card.TOML()}
	a.after = tea.Exec(e, func(err error) tea.Msg { return cardTyped{p, e.text, err} })
}

// cardTyped brings a model back from the editor.
type cardTyped struct {
	pane *cardPane
	text string
	err  error
}

func (m cardTyped) apply(a *App) {
	a.after = tea.Batch(a.after, tea.ClearScreen)
	if m.err == nil {
		var c *scorecard.Card
		if c, m.err = scorecard.Parse(m.text); m.err == nil && c.Purpose != m.pane.card.Purpose {
			m.err = fmt.Errorf("purpose: a model of %s cannot become one of %s; begin a new one", m.pane.card.Purpose, c.Purpose)
		} else if m.err == nil {
			m.pane.change(func(old *scorecard.Card) { *old = *c })
		}
	}
	if m.err != nil {
		a.fail(m.err)
	}
}

// cardNote asks why a model is changed before it is kept.
type cardNote struct{ p *cardPane }

// askNote asks for the reason, and says what the model does to the book.
func (p *cardPane) askNote(a *App) {
	l := a.lang
	title := l.T("Keep the model %s", cardName(l, p.card.Name))
	if p.out != nil {
		title += ": " + l.T("%s up, %s down", l.Int(int64(p.out.Up)), l.Int(int64(p.out.Down)))
	}
	f := a.kitForm(title, []kit.Field{{Key: "note", Label: l.T("Why changed"), Help: l.T("for the history; may stay empty")}})
	if p.versionNow() != p.version {
		f.Notice = l.T("Somebody has changed the model since you opened it: yours becomes the next version, theirs stays in the history.")
	}
	a.stack.Push(&kit.FormDialog{Form: f, ID: &cardNote{p}})
}

// formAnswered keeps the model as one step.
func (q *cardNote) formAnswered(a *App, ans kit.FormAnswer) {
	p := q.p
	b, ctx, s, note := a.backend, a.ctx, p.snap, ans.Form.Values()["note"]
	step := model.Step{ID: b.NewID(), Actor: a.o.Actor, Label: "keep the scorecard " + p.card.Name}
	if p.out != nil && !p.busy {
		step.Label += fmt.Sprintf(": %d customers up, %d down", p.out.Up, p.out.Down)
	}
	id, c, newID := p.id, p.card.Clone(), p.newIDs(b)
	a.after = func() tea.Msg {
		var err error
		if step.Ops, err = s.ModelOps(id, c, note, newID); err == nil && len(step.Ops) == 0 {
			err = errors.New("nothing to change: the scorecard is so already")
		}
		if err != nil {
			return cardKept{p, c, stepDone{err: err}}
		}
		done, err := b.Do(ctx, step)
		kept, _ := finished(b, done, "saved", err, nil).(stepDone)
		return cardKept{p, c, kept}
	}
}

// cardKept tells that a model was kept, or why not.
type cardKept struct {
	pane *cardPane
	card *scorecard.Card
	done stepDone
}

func (m cardKept) apply(a *App) {
	if p := m.pane; m.done.err == nil {
		for _, c := range m.done.snap.Cards() {
			if c.Card.Name == m.card.Name && c.Card.Purpose == m.card.Purpose {
				p.id, p.from, p.version, p.fresh = c.ID, c.ID, c.Version, false
			}
		}
		p.base, p.past, p.future = m.card, nil, nil
		p.dropDraft(a)
		p.draft.id = model.ID{}
	}
	a.stepDone(m.done)
}

// versionNow is the version that the book has now.
func (p *cardPane) versionNow() int {
	for _, c := range p.snap.Cards() {
		if c.ID == p.id && !p.id.IsZero() {
			return c.Version
		}
	}
	return p.version
}

// readCardVersions lists the versions of a model; one can be chosen to be taken back.
func (a *App) readCardVersions(c table.CardInfo) tea.Cmd {
	b, l, now := a.backend, a.lang, a.o.Now()
	return func() tea.Msg {
		versions, err := readVersions(b, c.ID)
		if err != nil {
			return textRead{err: err}
		}
		var items []kit.Item
		for i, v := range versions {
			what := l.T("the first")
			card, err := scorecard.Parse(v.Text)
			if err != nil {
				what = l.Say(err.Error())
			} else if i+1 < len(versions) {
				if before, err := scorecard.Parse(versions[i+1].Text); err == nil {
					what = versionWords(scorecard.Changes(before, card))
				}
			}
			if v.Note != "" {
				what = "“" + kit.Clean(v.Note) + "” " + what
			}
			items = append(items, kit.Item{
				Title: fmt.Sprintf("%3d  %-14s %-10s %s", v.Number, ago(l, v.Time, now), kit.Clean(v.By), what),
				Value: versionChosen{c, v},
			})
		}
		p := kit.NewPalette(l.T("Versions of %s", cardName(l, c.Card.Name)), items)
		p.Hint, p.None = l.T("choosing one opens it as an edit; ctrl+s then keeps it as the next version"), l.T("no version is called so")
		return textRead{overlay: p}
	}
}

// versionWords are the first differences between two versions, and how many more there are.
func versionWords(all []scorecard.Change) string {
	const most = 4
	var parts []string
	for _, c := range all[:min(len(all), most)] {
		parts = append(parts, kit.Clean(c.String()))
	}
	if len(all) > most {
		parts = append(parts, fmt.Sprintf("… +%d", len(all)-most))
	}
	return strings.Join(parts, "; ")
}

// versionChosen takes a version back as an edit of the model.
type versionChosen struct {
	of table.CardInfo
	v  scorecard.Version
}

func (m versionChosen) answered(a *App) {
	c, err := scorecard.Parse(m.v.Text)
	if err != nil {
		a.fail(err)
		return
	}
	p, open := a.guest.(*cardPane)
	if !open || p.id != m.of.ID {
		a.openScorecard(m.of, false)
		if p, open = a.guest.(*cardPane); !open {
			return
		}
	}
	p.change(func(old *scorecard.Card) { *old = *c })
	if !p.dirty() {
		a.say(kit.Info, "Version %s is what the model is now.", fmt.Sprint(m.v.Number))
		return
	}
	a.say(kit.Info, "Version %s is here as an edit; ctrl+s keeps it, u gives it up.", fmt.Sprint(m.v.Number))
}
