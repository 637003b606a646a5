package ui

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// off says why an action of the import cannot be done now.
func (p *importPane) off(a *App, act Action) string {
	switch act {
	case ActImportApply, ActImportChange, ActImportLeave, ActImportVerdict, ActImportErrors:
		switch {
		case p.work.doing != "":
			return a.lang.T("the file is still being read")
		case p.plan == nil:
			return a.lang.T("the file cannot be read so")
		}
	}
	switch {
	case act == ActImportApply && p.err != nil:
		return a.lang.T("the last correction cannot be followed")
	case act == ActImportApply && !p.facts.Changes:
		return a.lang.T("nothing would change")
	case act == ActImportErrors && p.refused() == 0:
		return a.lang.T("no row stays out")
	case act == ActImportBack && len(p.job.Leave)+len(p.job.Fixes) == 0:
		return a.lang.T("no row is left out or corrected")
	}
	return ""
}

func (p *importPane) do(a *App, act Action) bool {
	switch act {
	case ActClear:
		p.escape(a)
	case ActNextTab, ActPrevTab:
		p.columns = !p.columns
	case ActImportApply:
		a.after = p.check(a)
	case ActOpen:
		p.open(a)
	case ActImportChange:
		p.change(a)
	case ActImportLeave:
		p.leave(a)
	case ActImportBack:
		p.job.Leave, p.job.Fixes = nil, nil
		a.after = p.read(a)
	case ActImportVerdict:
		p.chooseVerdict(a)
	case ActImportOptions:
		p.openOptions(a)
	case ActWhy:
		p.why(a)
	case ActImportAgain:
		a.after = p.read(a)
	case ActImportErrors:
		p.askErrors(a)
	case ActImportPast:
		a.after = a.readSteps(a.lang.T("Imports, newest first"), func(h model.Batch) bool { return h.Kind == model.Import })
	case ActSort:
		a.say(kit.Muted, a.lang.T("The rows stand as in the file."))
	default:
		return false
	}
	return true
}

// escape goes one step back: it stops what is being read, takes a filter away, or leaves.
func (p *importPane) escape(a *App) {
	switch {
	case p.work.doing != "":
		p.stop()
		if p.plan == nil {
			p.err = errors.New(a.lang.T("The reading was stopped."))
		}
		a.say(kit.Info, a.lang.T("Stopped; r reads the file again."))
	case p.words != "" || p.only != "":
		p.words, p.only = "", ""
		p.refresh()
	default:
		a.leaveGuest()
		a.pane().show(a.snap, a.env())
	}
}

// row is the row under the cursor.
func (p *importPane) row() (int, ImportRow, bool) {
	i := p.rowGrid.Row()
	if p.plan == nil || p.columns || i < 0 || i >= len(p.rows) {
		return 0, ImportRow{}, false
	}
	return p.rows[i], p.plan.Row(p.rows[i]), true
}

// column is the column under the cursor.
func (p *importPane) column() (ImportColumn, bool) {
	i := p.colGrid.Row()
	if p.plan == nil || !p.columns || i < 0 || i >= len(p.cols) {
		return ImportColumn{}, false
	}
	return p.facts.Columns[p.cols[i]], true
}

// open shows all of a row, or chooses what a column becomes, or answers what is asked.
func (p *importPane) open(a *App) {
	if p.err != nil && p.work.doing == "" {
		p.answer(a)
		return
	}
	if c, ok := p.column(); ok {
		p.chooseField(a, c)
	}
	if i, at, ok := p.row(); ok {
		a.stack.Push(kit.NewPager(a.lang.T("Line %s", a.lang.Int(int64(at.Line)))+" "+short(p.title(at)), p.rowLines(i, at)))
	}
}

// rowLines tells all of a row: the verdict, what differs, and what it holds.
func (p *importPane) rowLines(i int, at ImportRow) []kit.Spans {
	l := p.sp.lang
	lines := []kit.Spans{{{Text: verdictWord(l, at.Verdict) + "  ", Token: verdictToken(at)}, {Text: short(at.Table), Token: kit.Muted}}}
	if at.Reason != "" {
		where := ""
		if at.Column != "" {
			where = at.Column + ": "
		}
		lines = append(lines, kit.Spans{{Text: where + at.Reason, Token: whatToken(at)}})
	}
	if at.Duplicate != "" {
		lines = append(lines, kit.Spans{{Text: at.Duplicate, Token: kit.Warn}})
	}
	for _, c := range shownChanges(at) {
		lines = append(lines, kit.Spans{{Text: "  "}, {Text: p.changeWords(at.Kind, c), Token: kit.Info}})
	}
	lines = append(lines, kit.Plain(""))
	for _, c := range p.plan.Cells(i) {
		lines = append(lines, kit.Spans{{Text: kit.PadRight(kit.Truncate(kit.Clean(c.Column), labelWidth), labelWidth+2), Token: kit.Muted}, {Text: kit.Clean(c.Text)}})
	}
	if r := p.plan.Record(i); r != nil {
		for _, fv := range inSchemaOrder(r) {
			label := fv.Name
			if f, ok := model.SchemaOf(r.Kind).Field(fv.Name); ok {
				label = f.Label
			}
			text := p.valueWords(r.Kind, fv)
			lines = append(lines, kit.Spans{{Text: kit.PadRight(kit.Truncate(kit.Clean(label), labelWidth), labelWidth+2), Token: kit.Muted}, {Text: text}})
		}
	}
	return lines
}

// change corrects what is under the cursor: the cells of a row that stays out, or what a column becomes.
func (p *importPane) change(a *App) {
	if c, ok := p.column(); ok {
		p.chooseField(a, c)
		return
	}
	i, at, ok := p.row()
	if !ok {
		return
	}
	cells := p.plan.Cells(i)
	if cells == nil {
		a.say(kit.Info, a.lang.T("The row goes in as it is; rows with an error or a conflict can be corrected."))
		return
	}
	var fields []kit.Field
	focus := ""
	for n, c := range cells {
		key := strconv.Itoa(n)
		fields = append(fields, kit.Field{Key: key, Label: kit.Clean(c.Column), Value: c.Text})
		if c.Column == at.Column && focus == "" {
			focus = key
		}
	}
	f := kit.NewForm(a.lang.T("Line %s", a.lang.Int(int64(at.Line)))+": "+at.Reason, fields)
	if focus != "" {
		f.Focus(focus)
		f.SetError(focus, at.Reason)
	}
	a.stack.Push(&kit.FormDialog{Form: f, ID: cellsForm{p, at}})
}

// cellsForm is the form of a row's cells.
type cellsForm struct {
	pane *importPane
	at   ImportRow
}

func (f cellsForm) formAnswered(a *App, ans kit.FormAnswer) {
	if len(ans.Changes) == 0 {
		return
	}
	p := f.pane
	fixes := maps.Clone(p.job.Fixes)
	if fixes == nil {
		fixes = map[ImportCellRef]string{}
	}
	for key, text := range ans.Changes {
		n, err := strconv.Atoi(key)
		if err == nil {
			fixes[ImportCellRef{f.at.Table, f.at.Line, n}] = text
		}
	}
	p.job.Fixes = fixes
	a.after = p.read(a)
}

// leave leaves the row or column under the cursor out; a column that is left out is taken in again as an
// own field.
func (p *importPane) leave(a *App) {
	if c, ok := p.column(); ok {
		to := "-"
		if len(c.To) == 0 {
			to = model.CustomPrefix + strings.TrimSpace(c.Name)
		}
		p.mapTo(a, c.Name, to)
		return
	}
	if _, at, ok := p.row(); ok {
		p.job.Leave = append(slices.Clip(p.job.Leave), ImportCellRef{Table: at.Table, Line: at.Line})
		a.after = p.read(a)
	}
}

// mapTo makes a column become a field. The book remembers it for files with the same header.
func (p *importPane) mapTo(a *App, column, to string) {
	m := maps.Clone(p.job.Map)
	if m == nil {
		m = map[string]string{}
	}
	m[column] = to
	p.job.Map = m
	a.after = p.read(a)
}

// fieldAnswer is the choice of a field for a column.
type fieldAnswer struct {
	pane       *importPane
	column, to string
}

func (f fieldAnswer) answered(a *App) { f.pane.mapTo(a, f.column, f.to) }

// chooseField lets choose what a column becomes, with the fields of the rows' kind and, for rows that
// point at a customer, the customer's.
func (p *importPane) chooseField(a *App, c ImportColumn) {
	item := func(to, title, help string) kit.Item {
		return kit.Item{ID: "field\x00" + to, Title: title, Help: help, Value: fieldAnswer{p, c.Name, to}}
	}
	items := []kit.Item{
		item("key", a.lang.T("the source's own key"), a.lang.T("by which a later file finds the record again")),
		item("-", a.lang.T("leave it out"), ""),
	}
	add := func(k model.Kind, prefix string) {
		for _, f := range model.SchemaOf(k).Stored() {
			if !f.Has(model.FHidden) && f.Type != model.TParts && f.Name != "external_id" && f.Name != "stub" {
				items = append(items, item(prefix+f.Name, prefix+f.Name, strings.TrimSuffix(f.Label+": "+f.Help, ": ")))
			}
		}
	}
	if s := model.SchemaOf(p.facts.Kind); s != nil {
		add(p.facts.Kind, "")
		if _, ok := s.Field("customer"); ok {
			add(model.Customer, "customer.")
		}
	}
	own := strings.TrimSpace(c.Name)
	items = append(items, item(model.CustomPrefix+own, a.lang.T("own field: %s", short(own)), ""))
	list := kit.NewPalette(a.lang.T("%s becomes", short(c.Name)), items)
	list.Hint = short(strings.Join(c.Samples, " · "))
	list.None = a.lang.T("nothing is called so")
	list.Search = func(q string) []kit.Item {
		if q = strings.TrimPrefix(strings.TrimSpace(q), model.CustomPrefix); q == "" {
			return nil
		}
		return []kit.Item{item(model.CustomPrefix+q, a.lang.T("own field: %s", short(q)), "")}
	}
	a.stack.Push(list)
}

// verdictAnswer is the choice of the verdict that is looked at.
type verdictAnswer struct {
	pane *importPane
	only ImportVerdict
}

func (v verdictAnswer) answered(*App) {
	v.pane.only, v.pane.columns = v.only, false
	v.pane.refresh()
	v.pane.rowGrid.Home()
}

func (p *importPane) chooseVerdict(a *App) {
	items := []kit.Item{{Title: a.lang.T("all rows"), Key: "a", Help: a.lang.Int(int64(p.plan.Len())), Value: verdictAnswer{p, ""}}}
	for _, v := range []struct {
		key  string
		what ImportVerdict
	}{
		{"e", VerdictError}, {"f", VerdictConflict}, {"d", verdictDuplicate}, {"c", VerdictCreate}, {"u", VerdictUpdate}, {"s", VerdictSame},
	} {
		it := kit.Item{Title: verdictWord(a.lang, v.what), Key: v.key, Help: a.lang.Int(int64(p.count(v.what))), Value: verdictAnswer{p, v.what}}
		if p.count(v.what) == 0 {
			it.Disabled = a.lang.T("none")
		}
		items = append(items, it)
	}
	a.stack.Push(kit.NewMenu(a.lang.T("Show the rows with one verdict"), items))
}

// why shows how the file was recognised, and every remark on it.
func (p *importPane) why(a *App) {
	l := a.lang
	lines := p.head()
	if p.plan != nil {
		lines = append(lines, kit.Plain(""), kit.Spans{{Text: l.T("The header is remembered as %s", p.facts.Signature), Token: kit.Muted}})
		for _, w := range p.facts.Warnings {
			lines = append(lines, kit.Spans{{Text: w, Token: kit.Warn}})
		}
		for _, s := range p.facts.Stubs {
			lines = append(lines, kit.Spans{{Text: l.T("stub customer") + ", " + s, Token: kit.Info}})
		}
	}
	a.stack.Push(kit.NewPager(l.T("Why? %s", short(filepath.Base(p.job.Path))), lines))
}

// errorsForm asks where the rows that stay out are written.
type errorsForm struct{ pane *importPane }

func (p *importPane) askErrors(a *App) {
	name := strings.TrimSuffix(p.job.Path, filepath.Ext(p.job.Path)) + "-refused.csv"
	a.stack.Push(&kit.FormDialog{ID: errorsForm{p}, Form: kit.NewForm(a.lang.T("Write the rows that stay out"), []kit.Field{
		{Key: "file", Label: a.lang.T("File"), Value: name, Required: true, Help: a.lang.T("a new CSV file: the rows as they stood, each with its line and reason")},
	})})
}

func (f errorsForm) formAnswered(a *App, ans kit.FormAnswer) {
	path, plan := ans.Form.Values()["file"], f.pane.plan
	text := a.lang.T("Written: %s", short(path))
	a.after = func() tea.Msg {
		if err := plan.WriteErrors(path); err != nil {
			return importSaid{err: fmt.Errorf("the rows are not written: %w", err)}
		}
		return importSaid{text: text}
	}
}
