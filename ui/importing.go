package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// importPane is the import of one file: what its columns become, what happens to each row, and what the
// person corrects. It stands in front of the other panes until it is left.
type importPane struct {
	sp   paneSpec
	job  ImportJob
	work importWork

	plan       ImportPlan // nil while there is none
	facts      ImportFacts
	texts      []string // of the rows, folded, for the filter
	duplicates int      // rows whose record may be there already
	err        error    // why there is no plan, or none after the last correction
	stale      bool     // the book has changed since the plan was made
	snap       *table.Snapshot

	columns bool // the columns are shown, else the rows
	rowGrid kit.Grid
	colGrid kit.Grid
	rows    []int // of the plan that are shown
	cols    []int
	words   string
	only    ImportVerdict
}

// importWork is what is being done for an import in the background.
type importWork struct {
	doing       string // "" when nothing is
	cancel      context.CancelFunc
	generation  int // of the last work: what came of an older one is dropped
	done, total int64
	rows        int
}

func newImportPane(job ImportJob, l *lang.Lang) *importPane {
	p := &importPane{job: job, sp: paneSpec{action: ActImport, scope: ScopeImport, title: "Import", kind: model.Customer, lang: l}}
	p.setColumns()
	return p
}

// setColumns names the columns of both lists.
func (p *importPane) setColumns() {
	l := p.sp.lang
	p.rowGrid.SetColumns([]kit.Column{
		{Key: "line", Title: l.T("Line"), Ideal: 7, Align: kit.AlignRight, Priority: 9},
		{Key: "verdict", Title: l.T("Verdict"), Ideal: 10, Min: 9, Priority: 10},
		{Key: "record", Title: l.T("Record"), Ideal: 28, Min: 16, Flex: 1, Priority: 8},
		{Key: "what", Title: l.T("Reason or difference"), Ideal: 50, Min: 18, Flex: 4, Priority: 10},
		{Key: "table", Title: l.T("Table"), Ideal: 18, Min: 8, Priority: 1},
	})
	p.colGrid.SetColumns([]kit.Column{
		{Key: "name", Title: l.T("Column"), Ideal: 24, Min: 14, Flex: 1, Priority: 10},
		{Key: "to", Title: l.T("Becomes"), Ideal: 24, Min: 14, Flex: 1, Priority: 10},
		{Key: "from", Title: l.T("Because"), Ideal: 16, Min: 10, Priority: 6},
		{Key: "looks", Title: l.T("Looks like"), Ideal: 10, Priority: 7},
		{Key: "samples", Title: l.T("First values"), Ideal: 40, Min: 14, Flex: 3, Priority: 8},
	})
}

func (p *importPane) spec() *paneSpec                    { return &p.sp }
func (p *importPane) filter() string                     { return p.words }
func (p *importPane) figures(*App) []figure              { return nil }
func (p *importPane) current() (model.Kind, int32, bool) { return p.sp.kind, -1, false }

func (p *importPane) grid() *kit.Grid {
	if p.columns {
		return &p.colGrid
	}
	return &p.rowGrid
}

// show takes a new picture of the book. What the file was compared with is then the book of before.
func (p *importPane) show(s *table.Snapshot, _ query.Env) {
	p.stale = p.stale || p.snap != nil && p.snap != s && p.plan != nil
	p.snap = s
	p.refresh()
}

func (p *importPane) setFilter(text string) error {
	p.words = text
	p.refresh()
	return nil
}

func (p *importPane) status() string {
	parts := []string{p.sp.lang.T("Import"), p.job.Path}
	if p.only != "" {
		parts = append(parts, verdictWord(p.sp.lang, p.only))
	}
	if p.words != "" {
		parts = append(parts, p.words)
	}
	return strings.Join(parts, " › ")
}

// openImport lets choose a file.
func (a *App) openImport() {
	p := newFilePicker(a.lang.T("Import a file"), a.o.Importer, a.lang)
	if in, ok := a.guest.(*importPane); ok {
		p.input.SetText(in.job.Path)
	}
	a.stack.Push(p)
}

// startImport plans the import of a file and shows it.
func (a *App) startImport(path string) { a.startJob(ImportJob{Path: path}) }

func (a *App) startJob(job ImportJob) {
	if a.o.Importer == nil {
		a.say(kit.Warn, noImporter(a.lang))
		return
	}
	a.leaveGuest()
	p := newImportPane(job, a.lang)
	a.guest, a.page = p, nil
	p.show(a.snap, a.env())
	a.after = p.read(a)
}

// leaveGuest ends what stands in front of the panes, and what it has under way.
func (a *App) leaveGuest() {
	if p, ok := a.guest.(*importPane); ok {
		p.stop()
	}
	if p, ok := a.guest.(*cardPane); ok && p.edited() {
		a.unfinished = p
	}
	a.guest = nil
}

// noImporter says why a session cannot import.
func noImporter(l *lang.Lang) string {
	return l.T("this session cannot see your files; opsdeck import FILE reads them where they are")
}

// stop ends what is under way; what comes of it later is dropped.
func (p *importPane) stop() {
	if p.work.cancel != nil {
		p.work.cancel()
	}
	p.work.doing, p.work.cancel = "", nil
	p.work.generation++
}

// begin starts a piece of work that can be stopped.
func (p *importPane) begin(a *App, doing string) (context.Context, int) {
	p.stop()
	ctx, cancel := context.WithCancel(a.ctx)
	p.work = importWork{doing: doing, cancel: cancel, generation: p.work.generation}
	return ctx, p.work.generation
}

// The facts of an import.
type (
	importPlanned struct {
		pane       *importPane
		generation int
		plan       ImportPlan
		facts      ImportFacts
		texts      []string
		duplicates int
		err        error
	}
	importProgress struct {
		pane        *importPane
		generation  int
		done, total int64
		rows        int
		next        tea.Cmd
	}
	importChecked struct {
		pane       *importPane
		generation int
		stale      string
	}
	importDone struct {
		pane *importPane
		stepDone
		generation int
	}
	importSaid struct {
		text string
		err  error
	}
)

// read plans the file in the background. Progress comes through a channel that holds only the latest:
// the reader never waits for the screen.
func (p *importPane) read(a *App) tea.Cmd {
	ctx, generation := p.begin(a, a.lang.T("Reading …"))
	im, job := a.o.Importer, p.job
	progress := make(chan importProgress, 1)
	plan := func() tea.Msg {
		defer close(progress)
		made, err := im.Plan(ctx, job, func(done, total int64, rows int) {
			select {
			case <-progress:
			default:
			}
			progress <- importProgress{pane: p, generation: generation, done: done, total: total, rows: rows}
		})
		msg := importPlanned{pane: p, generation: generation, plan: made, err: err}
		if err == nil {
			msg.facts = made.Facts()
			msg.texts, msg.duplicates = rowTexts(made)
		}
		return msg
	}
	return tea.Batch(plan, listen(progress))
}

// listen waits for the next sign of progress.
func listen(progress <-chan importProgress) tea.Cmd {
	return func() tea.Msg {
		msg, ok := <-progress
		if !ok {
			return nil
		}
		msg.next = listen(progress)
		return msg
	}
}

// rowTexts folds what the filter looks for, once for each row, and counts the rows that may be there.
func rowTexts(plan ImportPlan) (out []string, duplicates int) {
	out = make([]string, plan.Len())
	for i := range out {
		r := plan.Row(i)
		if r.Duplicate != "" {
			duplicates++
		}
		out[i] = query.Fold(fmt.Sprintf("%d %s %s %s %s %s", r.Line, r.Verdict, r.Title, r.Column, r.Reason, r.Duplicate))
	}
	return out, duplicates
}

func (m importProgress) apply(a *App) {
	if w := &m.pane.work; w.generation == m.generation && w.doing != "" {
		w.done, w.total, w.rows = m.done, m.total, m.rows
	}
	a.after = m.next
}

func (m importPlanned) apply(*App) {
	p := m.pane
	if p.work.generation != m.generation {
		return
	}
	p.work.doing, p.work.cancel = "", nil
	p.err = m.err
	if m.err != nil {
		return
	}
	p.plan, p.facts, p.texts, p.duplicates, p.stale = m.plan, m.facts, m.texts, m.duplicates, false
	if p.only != "" && p.count(p.only) == 0 {
		p.only = ""
	}
	p.refresh()
}

// count tells how many rows have a verdict.
func (p *importPane) count(v ImportVerdict) int {
	if v == verdictDuplicate {
		return p.duplicates
	}
	return p.facts.Counts[v]
}

// refused counts the rows that stay out.
func (p *importPane) refused() int {
	return p.facts.Counts[VerdictError] + p.facts.Counts[VerdictConflict]
}

// check looks whether the file is still as it was read, before the person is asked.
func (p *importPane) check(a *App) tea.Cmd {
	plan, generation := p.plan, p.work.generation
	return func() tea.Msg { return importChecked{p, generation, plan.Stale()} }
}

// importAnswer is the answer of the question whether to import.
type importAnswer struct {
	pane       *importPane
	generation int
}

func (m importChecked) apply(a *App) {
	p := m.pane
	if p.work.generation != m.generation || a.guest != pane(p) {
		return
	}
	lines := []string{p.verdictSpans().String()}
	if n := p.refused(); n > 0 {
		lines = append(lines, a.lang.N(n, "%s row stays out; E writes it to a file.", "%s rows stay out; E writes them to a file.", a.lang.Int(int64(n))))
	}
	if m.stale != "" {
		lines = append(lines, m.stale)
	}
	lines = append(lines, a.lang.T("It is one step: one undo takes it back."))
	a.stack.Push(&kit.Confirm{
		Title: a.lang.T("Import %s", short(p.facts.Name)), Question: strings.Join(lines, "\n"), Yes: a.lang.T("Import"), No: a.lang.T("Not yet"), Answer: importAnswer{p, m.generation},
	})
}

func (r importAnswer) answered(a *App) {
	if r.pane.work.generation == r.generation && a.guest == pane(r.pane) {
		a.after = r.pane.save(a)
	}
}

// save does the whole import as one step.
func (p *importPane) save(a *App) tea.Cmd {
	ctx, generation := p.begin(a, a.lang.T("Saving …"))
	b, plan, actor, id := a.backend, p.plan, a.o.Actor, a.backend.NewID()
	return func() tea.Msg {
		done, err := b.Do(ctx, plan.Step(actor, id))
		msg := importDone{pane: p, generation: generation, stepDone: stepDone{batch: done, verb: "saved", err: err}}
		if err == nil {
			msg.snap, msg.err = b.Snapshot()
		}
		return msg
	}
}

// apply says what came of the import. With rows that stayed out the import stays open on these; else it
// has done its work.
func (m importDone) apply(a *App) {
	p := m.pane
	if p.work.generation == m.generation {
		p.work.doing, p.work.cancel = "", nil
	}
	var conflict *model.ConflictError
	switch {
	case errors.As(m.err, &conflict):
		a.say(kit.Bad, a.lang.T("Nothing is imported, because a record has changed meanwhile; the file is compared anew."))
		a.after = p.read(a)
		return
	case m.err != nil:
		a.fail(m.err)
		return
	}
	p.snap = m.snap
	a.stepDone(m.stepDone)
	if a.guest != pane(p) {
		return
	}
	if p.refused() == 0 {
		a.leaveGuest()
		a.pane().show(a.snap, a.env())
		return
	}
	said := a.message
	a.message = message{said.text + " · " + a.lang.T("what stayed out is shown here"), said.token}
	p.only = VerdictError
	if p.facts.Counts[VerdictError] == 0 {
		p.only = VerdictConflict
	}
	a.after = tea.Batch(a.after, p.read(a))
}

func (m importSaid) apply(a *App) {
	if m.err != nil {
		a.fail(m.err)
		return
	}
	a.say(tokenDone, m.text)
}
