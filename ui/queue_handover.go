package ui

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// The actions by which items go to the engineers and come back.
const (
	ActHandOut  Action = "hand over"
	ActReadBack Action = "read back"
)

func handOverBindings() []Binding {
	q := ScopeQueue
	return []Binding{
		{q, []string{"O", "shift+o"}, ActHandOut, "hand over", "Hand the item or the marked ones to the engineers: Markdown, GitHub or Jira.", true, true},
		{q, []string{"B", "shift+b"}, ActReadBack, "read back", "Read back from a tracker's file how far items are; see first what changes.", false, true},
	}
}

// HandOver writes the files in which items go to engineers. A session without one cannot hand over.
type HandOver interface {
	// Text is what a file of a format holds of items as they are once they have been handed over; it does no I/O.
	Text(format string, s *table.Snapshot, items []*model.Record) (string, error)
	// Propose names a file that is not there yet, for a format and a day.
	Propose(format, day string) (path string, err error)
	// Write notes in the book's log what is taken away, writes the file, and takes the step; when the step is
	// refused, the file is taken away again. A file that is there is not written over. It returns the whole path.
	Write(path, text, label string, step func() error) (string, error)
	// Note notes in the book's log what is taken away otherwise.
	Note(label string) error
	// Local tells whether the files that it writes are those of the person at the screen.
	Local() bool
}

// handingFormat is a format to hand over in.
type handingFormat struct{ key, name, title, help string }

func handingFormats() []handingFormat {
	return []handingFormat{
		{"m", "md", "Markdown", "for people; change a status in it and read it back"},
		{"g", "github", "GitHub issues", "JSON as GitHub takes it"},
		{"j", "jira", "Jira table", "CSV for Jira's import"},
	}
}

// handing is a hand-over on its way: from the choice of a format over what is seen to the file.
type handing struct {
	p      *queuePane
	on     []model.ID
	format handingFormat

	step   model.Step      // what changes in the book; without ops where the engineers have all of them already
	items  []*model.Record // as they go out
	urgent []string        // titles of those that go out without having been reproduced
	stay   []stays         // others, and why
	text   string
	path   string
	form   *kit.Form
}

// stays is an item that cannot be handed over.
type stays struct {
	title string
	why   error
}

// openHandOver lets choose in which format items go out.
func (p *queuePane) openHandOver(a *App, on []model.ID) {
	var items []kit.Item
	for _, f := range handingFormats() {
		items = append(items, kit.Item{ID: f.name, Key: f.key, Title: a.lang.T(f.title), Help: a.lang.T(f.help), Value: &handing{p: p, on: on, format: f}})
	}
	a.stack.Push(kit.NewMenu(a.lang.T("Hand %s over as", plural(a.lang, len(on), model.Item)), items))
}

// answered works out what goes out, with the format that was chosen.
func (h *handing) answered(a *App) { a.after = h.work(a) }

// handingMade brings what would go out.
type handingMade struct {
	h   *handing
	err error
}

func (h *handing) work(a *App) tea.Cmd {
	b, snap, out := a.backend, h.p.snap, a.o.HandOver
	h.step = model.Step{ID: b.NewID(), Actor: a.o.Actor}
	m := model.Moment{Who: a.o.Actor, Today: a.snap.Today, Now: a.nowMillis()}
	day := a.snap.Today.String()
	return func() tea.Msg {
		err := h.gather(bookDraft(snap, b), m, b.NewID)
		if err == nil {
			h.text, err = out.Text(h.format.name, snap, h.items)
		}
		if err == nil && out.Local() {
			h.path, err = out.Propose(h.format.name, day)
		}
		return handingMade{h, err}
	}
}

// gather hands over what can be handed over. The error is why nothing can.
func (h *handing) gather(book *drafted, m model.Moment, newID func() model.ID) error {
	var refused error
	for _, id := range h.on {
		r, err := book.Get(model.Item, id)
		if err != nil {
			return err
		}
		if model.MayHandOut(r) != nil {
			ops, _, err := takeOn(book, id, "hand-over", nil, m, newID)
			if err != nil {
				if refused == nil {
					refused = err
				}
				h.stay = append(h.stay, stays{r.Title(), err})
				continue
			}
			h.step.Ops = append(h.step.Ops, ops...)
			if r, err = book.Get(model.Item, id); err != nil {
				return err
			}
		}
		if r.Get("urgent").IsTrue() {
			h.urgent = append(h.urgent, r.Title())
		}
		h.items = append(h.items, r)
	}
	if len(h.items) == 0 {
		return refused
	}
	h.step.Label = "hand over " + h.items[0].Title()
	if len(h.items) > 1 {
		h.step.Label = fmt.Sprintf("hand over %d items", len(h.items))
	}
	return nil
}

func (m handingMade) apply(a *App) {
	if m.err != nil {
		a.fail(m.err)
		return
	}
	a.stack.Push(m.h.preview(a))
}

// handingSeen is the page of what goes out: enter writes it to a file, y copies it.
type handingSeen struct {
	*kit.Pager
	h *handing
}

// Key takes a key.
func (s *handingSeen) Key(msg tea.KeyPressMsg) kit.Outcome {
	switch msg.String() {
	case "enter", "ctrl+s", "s":
		return kit.Outcome{Done: true, Result: handingAnswer{s.h, false}}
	case "y":
		return kit.Outcome{Done: true, Result: handingAnswer{s.h, true}}
	}
	return s.Pager.Key(msg)
}

// preview shows what changes, what stays and why, and what the file will hold.
func (h *handing) preview(a *App) kit.Overlay {
	l := a.lang
	now := 0
	for _, op := range h.step.Ops {
		if op.Kind == model.Item {
			now++
		}
	}
	lines := []kit.Spans{{{Text: l.T("%s for the engineers; %s of them handed over by this step.", plural(l, len(h.items), model.Item), l.Int(int64(now)))}}}
	for _, title := range h.urgent {
		lines = append(lines, kit.Spans{{Text: "! " + l.T("Urgent path, not reproduced: %s", short(title)), Token: kit.Bad}})
	}
	for _, s := range h.stay {
		lines = append(lines, kit.Spans{{Text: "✗ " + l.T("Stays here: %s", short(s.title)+" · "+shortly(a, s.why)), Token: kit.Warn}})
	}
	lines = append(lines, kit.Plain(""))
	for line := range strings.SplitSeq(kit.CleanLines(h.text), "\n") {
		token := kit.Text
		if h.format.name == "md" && strings.HasPrefix(line, "#") {
			token = kit.Title
		}
		lines = append(lines, kit.Spans{{Text: line, Token: token}})
	}
	p := kit.NewPager(l.T("Hand over as %s", l.T(h.format.title)), lines)
	// What the keys do is said on the border; they are taken by the page itself, so that enter is one of them.
	p.Answer("enter", l.T("write the file"), nil)
	p.Answer("y", l.T("copy"), nil)
	return &handingSeen{p, h}
}

// handingAnswer is what was decided on the page of what goes out.
type handingAnswer struct {
	h    *handing
	copy bool
}

func (s handingAnswer) answered(a *App) {
	h := s.h
	switch {
	case s.copy:
		a.after = h.copied(a)
	case !a.o.HandOver.Local():
		a.say(kit.Warn, "this session cannot see your files; y copies, and opsdeck export hand-over writes a file where you are")
		a.stack.Push(h.preview(a))
	default:
		h.ask(a)
	}
}

// ask asks where the file goes.
func (h *handing) ask(a *App) {
	h.form = a.kitForm(a.lang.T("Hand over as %s", a.lang.T(h.format.title)), []kit.Field{
		{Key: "file", Label: a.lang.T("File"), Value: h.path, Required: true, Help: a.lang.T("a new file; the step and the file are made together, or neither")},
	})
	a.stack.Push(&kit.FormDialog{Form: h.form, ID: h})
}

// handingDone brings what came of a hand-over.
type handingDone struct {
	h      *handing
	done   stepDone
	path   string // where the file is; empty when it was copied
	failed error
}

// formAnswered writes the file and takes the step.
func (h *handing) formAnswered(a *App, ans kit.FormAnswer) {
	h.path = strings.TrimSpace(ans.Form.Values()["file"])
	b, ctx, out, path := a.backend, a.ctx, a.o.HandOver, h.path
	a.after = func() tea.Msg {
		msg := handingDone{h: h}
		msg.path, msg.failed = out.Write(path, h.text, h.label(filepath.Base(path)), func() error {
			msg.done = h.save(b, func() (model.Batch, error) { return b.Do(ctx, h.step) })
			return msg.done.err
		})
		return msg
	}
}

// copied takes the step and gives the text to the clipboard.
func (h *handing) copied(a *App) tea.Cmd {
	b, ctx, out := a.backend, a.ctx, a.o.HandOver
	return func() tea.Msg {
		msg := handingDone{h: h}
		if msg.failed = out.Note(h.label("")); msg.failed == nil {
			msg.done = h.save(b, func() (model.Batch, error) { return b.Do(ctx, h.step) })
			msg.failed = msg.done.err
		}
		return msg
	}
}

// label says in the log what is taken away, as the command line does.
func (h *handing) label(file string) string {
	label := "items for engineers as " + h.format.name
	if file != "" {
		label += " to " + file
	}
	return label
}

// save takes the step, where the book has something to change.
func (h *handing) save(b Backend, do func() (model.Batch, error)) stepDone {
	if len(h.step.Ops) == 0 {
		return stepDone{}
	}
	done, err := do()
	return finished(b, done, "saved", err, nil).(stepDone)
}

func (m handingDone) apply(a *App) {
	h := m.h
	if m.failed != nil {
		a.fail(m.failed)
		if h.form != nil {
			h.form.SetError("file", a.lang.Say(m.failed.Error()))
			a.stack.Push(&kit.FormDialog{Form: h.form, ID: h})
		}
		return
	}
	where := a.lang.T("Written: %s", short(m.path))
	if m.path == "" {
		a.after = tea.SetClipboard(h.text)
		where = a.lang.T("Copied: %s", plural(a.lang, len(h.items), model.Item))
	}
	if len(h.step.Ops) == 0 {
		a.say(tokenDone, "%s", where)
		return
	}
	a.stepDone(m.done)
	a.say(tokenDone, "%s · u takes the step back, not the file", where)
}

// openReadBack lets choose the file that says how far items are.
func (p *queuePane) openReadBack(a *App) {
	picker := newFilePicker(a.lang.T("Read back how far items are"), a.o.Importer, a.lang)
	picker.states = true
	a.stack.Push(picker)
}

// handOverOff says why items cannot be handed over or read back here.
func (p *queuePane) handOverOff(a *App, act Action) string {
	_, row, ok := p.current()
	switch {
	case act == ActReadBack && a.o.Importer == nil:
		return noImporter(a.lang)
	case act == ActReadBack:
		return ""
	case a.o.HandOver == nil:
		return a.lang.T("this session has no files; opsdeck export hand-over writes them")
	case len(p.marked()) > 0:
		return ""
	case !ok:
		return a.lang.T("no record is under the cursor")
	}
	return p.staysHere(a, row)
}

// staysHere says why an item cannot go to the engineers; "" where it can, or is there.
func (p *queuePane) staysHere(a *App, row int32) string {
	r := model.NewRecord(model.Item, p.snap.Table(model.Item).ID(row))
	r.Set("state", p.snap.Table(model.Item).Value(row, "state"))
	if model.MayHandOut(r) == nil {
		return ""
	}
	if err := p.refused(a, row, "hand-over"); err != nil {
		return a.lang.Say(err.Error())
	}
	return ""
}

// handOver hands over the item that is read, whichever pane it was opened from.
func (a *App) handOver(id model.ID, row int32) {
	p, ok := a.panes[slices.IndexFunc(a.panes, func(p pane) bool { return p.spec().action == ActQueue })].(*queuePane)
	switch {
	case !ok:
	case a.o.HandOver == nil:
		a.say(kit.Warn, "this session has no files; opsdeck export hand-over writes them")
	default:
		p.snap = a.snap
		if why := p.staysHere(a, row); why != "" {
			a.say(kit.Warn, a.lang.T("hand over")+": "+why)
			return
		}
		p.openHandOver(a, []model.ID{id})
	}
}
