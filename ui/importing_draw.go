package ui

import (
	"fmt"
	"strings"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// refresh chooses anew the rows and columns that are shown.
func (p *importPane) refresh() {
	if p.plan == nil {
		return
	}
	words := strings.Fields(query.Fold(p.words))
	rows := make([]int, 0, len(p.texts))
	for i, text := range p.texts {
		if holds(text, words) && p.fits(i) {
			rows = append(rows, i)
		}
	}
	var cols []int
	for i, c := range p.facts.Columns {
		if holds(query.Fold(c.Name+" "+strings.Join(c.To, " ")), words) {
			cols = append(cols, i)
		}
	}
	p.rows, p.cols = rows, cols
	if n := p.plan.Len(); n > 0 {
		columns := p.rowGrid.Columns()
		columns[len(columns)-1].Hidden = p.plan.Row(0).Table == p.plan.Row(n-1).Table
		p.rowGrid.SetColumns(columns)
	}
	p.rowGrid.SetRows(planRows{p})
	p.colGrid.SetRows(planColumns{p})
}

func holds(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// fits tells whether the row has the verdict that is looked at.
func (p *importPane) fits(i int) bool {
	switch p.only {
	case "":
		return true
	case verdictDuplicate:
		return p.plan.Row(i).Duplicate != ""
	}
	return p.plan.Row(i).Verdict == p.only
}

// planRows shows the rows of the plan to the grid.
type planRows struct{ p *importPane }

func (r planRows) Len() int { return len(r.p.rows) }

func (r planRows) Key(row int) string {
	at := r.p.plan.Row(r.p.rows[row])
	return fmt.Sprintf("%s:%d", at.Table, at.Line)
}

func (r planRows) Cell(row int, col string) kit.Cell {
	p := r.p
	at := p.plan.Row(p.rows[row])
	switch col {
	case "line":
		return kit.Cell{Text: p.sp.lang.Int(int64(at.Line)), Token: kit.Muted}
	case "verdict":
		word := verdictWord(p.sp.lang, at.Verdict)
		if at.Duplicate != "" {
			word += " ?"
		}
		return kit.Cell{Text: word, Token: verdictToken(at)}
	case "record":
		return kit.Cell{Text: short(p.title(at))}
	case "what":
		return kit.Cell{Text: short(p.whatHappens(p.rows[row], at)), Token: whatToken(at)}
	case "table":
		return kit.Cell{Text: short(at.Table), Token: kit.Muted}
	}
	return kit.Cell{}
}

// title names the row's record: as the plan leaves it, else as the book has it.
func (p *importPane) title(at ImportRow) string {
	if at.Title != "" || at.ID.IsZero() || p.snap == nil || p.snap.Table(at.Kind) == nil {
		return at.Title
	}
	if row, ok := p.snap.Table(at.Kind).Row(at.ID); ok {
		return p.snap.Title(at.Kind, row)
	}
	return ""
}

// whatHappens says in a line why a row stays out, what it changes, or what a new record holds.
func (p *importPane) whatHappens(i int, at ImportRow) string {
	switch {
	case at.Column != "" && at.Reason != "":
		return at.Column + ": " + at.Reason
	case at.Reason != "":
		return at.Reason
	case at.Duplicate != "":
		return at.Duplicate
	}
	changes := shownChanges(at)
	if r := p.plan.Record(i); r != nil && at.Verdict == VerdictCreate {
		changes = changes[:0]
		for _, fv := range inSchemaOrder(r) {
			if fv.Value.Format() != at.Title {
				changes = append(changes, model.Change{Field: fv.Name, To: fv.Value})
			}
		}
	}
	const most = 4
	var parts []string
	for _, c := range changes[:min(len(changes), most)] {
		parts = append(parts, p.changeWords(at.Kind, c))
	}
	if len(changes) > most {
		parts = append(parts, "…")
	}
	return strings.Join(parts, ", ")
}

// changeWords writes a field before and after. A record that the import makes has its title here only.
func (p *importPane) changeWords(k model.Kind, c model.Change) string {
	if ids := c.To.IDs(); len(ids) == 1 && c.From.IsZero() {
		if title := p.plan.Title(ids[0]); title != "" {
			return c.Field + " " + title
		}
	}
	return changeWords(p.sp.lang, p.snap, k, c)
}

// valueWords writes a value of a record as the import leaves it.
func (p *importPane) valueWords(k model.Kind, fv model.FieldValue) string {
	if ids := fv.Value.IDs(); len(ids) == 1 {
		if title := p.plan.Title(ids[0]); title != "" {
			return short(title)
		}
	}
	return valueWords(p.sp.lang, p.snap, k, fv.Name, fv.Value)
}

// shownChanges leaves out what importers note for themselves.
func shownChanges(at ImportRow) []model.Change {
	var out []model.Change
	for _, c := range at.Changes {
		if f, ok := model.SchemaOf(at.Kind).Field(c.Field); !ok || !f.Has(model.FHidden) {
			out = append(out, c)
		}
	}
	return out
}

func verdictToken(at ImportRow) kit.Token {
	switch at.Verdict {
	case VerdictError:
		return kit.Bad
	case VerdictConflict:
		return kit.Warn
	case VerdictUpdate:
		return kit.Info
	case VerdictCreate:
		if at.Duplicate != "" {
			return kit.Warn
		}
		return kit.Good
	}
	return kit.Muted
}

// verdictWord says a verdict.
func verdictWord(l *lang.Lang, v ImportVerdict) string {
	switch v {
	case VerdictCreate:
		return l.T("create")
	case VerdictUpdate:
		return l.T("update")
	case VerdictSame:
		return l.T("same")
	case VerdictConflict:
		return l.T("conflict")
	case VerdictError:
		return l.T("error")
	}
	return l.T("perhaps there already")
}

// looksWord says what the values of a column look like.
func looksWord(l *lang.Lang, looks string) string {
	switch looks {
	case "text":
		return l.T("text")
	case "empty":
		return l.T("empty")
	case "integer":
		return l.T("integer")
	case "decimal":
		return l.T("decimal")
	case "money":
		return l.T("money")
	case "bool":
		return l.T("yes or no")
	case "date":
		return l.T("date")
	case "timestamp":
		return l.T("date and time")
	}
	return looks
}

func whatToken(at ImportRow) kit.Token {
	if at.Verdict == VerdictError || at.Verdict == VerdictConflict {
		return verdictToken(at)
	}
	return kit.Text
}

// planColumns shows the columns of the file to the grid.
type planColumns struct{ p *importPane }

func (r planColumns) Len() int           { return len(r.p.cols) }
func (r planColumns) Key(row int) string { return fmt.Sprint(r.p.cols[row]) }

func (r planColumns) Cell(row int, col string) kit.Cell {
	c := r.p.facts.Columns[r.p.cols[row]]
	l := r.p.sp.lang
	switch col {
	case "name":
		return kit.Cell{Text: short(c.Name)}
	case "to":
		if len(c.To) == 0 {
			return kit.Cell{Text: l.T("left out"), Token: kit.Muted}
		}
		return kit.Cell{Text: short(strings.Join(c.To, ", ")), Token: kit.Accent}
	case "from":
		return kit.Cell{Text: becauseWords(l, c.From), Token: kit.Muted}
	case "looks":
		return kit.Cell{Text: looksWord(l, c.Looks), Token: kit.Muted}
	case "samples":
		return kit.Cell{Text: short(strings.Join(c.Samples, " · "))}
	}
	return kit.Cell{}
}

// becauseWords says who decided what a column becomes.
func becauseWords(l *lang.Lang, from string) string {
	switch from {
	case "map":
		return l.T("chosen now")
	case "saved":
		return l.T("chosen before")
	case "preset":
		return l.T("known source")
	case "name":
		return l.T("its name")
	}
	return l.T("own field")
}

// verdictSpans count the rows by verdict.
func (p *importPane) verdictSpans() kit.Spans {
	line := kit.Spans{{Text: p.sp.lang.N(p.plan.Len(), "%s row", "%s rows", p.sp.lang.Int(int64(p.plan.Len()))) + ": "}}
	for i, v := range []ImportVerdict{VerdictCreate, VerdictUpdate, VerdictSame, VerdictConflict, VerdictError} {
		if i > 0 {
			line = append(line, kit.Span{Text: " · ", Token: kit.Muted})
		}
		token := kit.Muted
		if p.facts.Counts[v] > 0 {
			token = verdictToken(ImportRow{Verdict: v})
		}
		line = append(line, kit.Span{Text: verdictWord(p.sp.lang, v) + " " + p.sp.lang.Int(int64(p.facts.Counts[v])), Token: token})
	}
	if p.duplicates > 0 {
		line = append(line, kit.Span{Text: " · " + p.sp.lang.T("perhaps there already: %s", p.sp.lang.Int(int64(p.duplicates))), Token: kit.Warn})
	}
	if n := len(p.facts.Stubs); n > 0 {
		line = append(line, kit.Span{Text: " · " + p.sp.lang.T("customers made as stubs: %s", p.sp.lang.Int(int64(n))), Token: kit.Info})
	}
	if p.facts.Left > 0 {
		line = append(line, kit.Span{Text: " · " + p.sp.lang.T("left out by hand: %s", p.sp.lang.Int(int64(p.facts.Left))), Token: kit.Info})
	}
	return line
}

// head is what stands above the list: what the file is, and how it goes.
func (p *importPane) head() []kit.Spans {
	l := p.sp.lang
	var lines []kit.Spans
	if p.plan != nil {
		kind := l.T("records of several kinds")
		if s := model.SchemaOf(p.facts.Kind); s != nil {
			kind = s.Plural
		}
		known := l.T("an unknown header")
		if p.facts.Preset != "" {
			known = l.T("known as %s", p.facts.Preset)
		}
		lines = append(lines, kit.Spans{
			{Text: short(p.facts.Name), Token: kit.Title},
			{Text: "  " + kind + " ← " + short(p.facts.Source), Token: kit.Accent},
			{Text: "  " + known + "; " + p.facts.How, Token: kit.Muted},
		}, p.verdictSpans())
	}
	switch {
	case p.work.doing != "":
		lines = append(lines, p.progressSpans())
	case p.err != nil:
		lines = append(lines, kit.Spans{{Text: p.err.Error(), Token: kit.Bad}}, kit.Spans{{Text: p.askWords(), Token: kit.Info}})
	case p.stale:
		lines = append(lines, kit.Spans{{Text: l.T("The book has changed since; r compares the file with it anew."), Token: kit.Warn}})
	case p.plan != nil && len(p.facts.Warnings) > 0:
		more := l.N(len(p.facts.Warnings), "%s remark (w)", "%s remarks (w)", l.Int(int64(len(p.facts.Warnings))))
		lines = append(lines, kit.Spans{{Text: more + ": " + p.facts.Warnings[0], Token: kit.Warn}})
	case p.plan != nil && !p.facts.Changes && p.refused() == 0:
		lines = append(lines, kit.Spans{{Text: l.T("The book has all of this already."), Token: kit.Info}})
	}
	return lines
}

// progressSpans say how far the work is.
func (p *importPane) progressSpans() kit.Spans {
	l, w := p.sp.lang, &p.work
	text := w.doing
	switch {
	case w.total > 0 && w.done >= w.total:
		text = l.T("Comparing %s rows with the book …", l.Int(int64(w.rows)))
	case w.total > 0:
		text = l.T("Reading: %s %%, %s rows …", l.Int(100*w.done/w.total), l.Int(int64(w.rows)))
	}
	return kit.Spans{{Text: text, Token: kit.Info}, {Text: "  " + l.T("esc stops it"), Token: kit.Muted}}
}

// draw shows the head, the two sections as tabs, and the section that is in front.
func (p *importPane) draw(a *App, c *kit.Canvas, r kit.Rect) {
	lines := p.head()
	_, in := r.Left(1)
	if room := max(1, r.H-5); len(lines) > room {
		lines = lines[len(lines)-room:]
	}
	for _, line := range lines {
		var row kit.Rect
		if p.plan == nil {
			for _, wrapped := range line.Wrap(max(1, in.W-1), 2) {
				row, in = in.Top(1)
				c.PutSpans(row, a.theme, wrapped)
			}
			continue
		}
		row, in = in.Top(1)
		c.PutSpans(row, a.theme, line)
	}
	if p.plan == nil {
		return
	}
	tabs, _ := in.Top(1)
	rowsTab, colsTab := kit.SelectionText, kit.Muted
	if p.columns {
		rowsTab, colsTab = colsTab, rowsTab
	}
	c.PutSpans(tabs, a.theme, kit.Spans{
		{Text: " " + a.lang.T("Rows") + " " + a.lang.Int(int64(len(p.rows))) + " ", Token: rowsTab},
		{Text: " "},
		{Text: " " + a.lang.T("Columns") + " " + a.lang.Int(int64(len(p.cols))) + " ", Token: colsTab},
		{Text: "  " + a.lang.T("] goes to the other"), Token: kit.Muted},
	})
	body := kit.Rect{X: r.X, Y: tabs.Y + 1, W: r.W, H: r.Y + r.H - tabs.Y - 1}
	p.grid().Empty = a.lang.T("No row is like that.")
	p.grid().Draw(c, body, a.theme, true)
}
