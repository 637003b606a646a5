package ui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// recentRecord is a record that was looked at.
type recentRecord struct {
	kind model.Kind
	id   model.ID
}

// mostRecent is how many records looked at before the palette offers.
const mostRecent = 12

// remember puts a record before the others that were looked at.
func (a *App) remember(k model.Kind, id model.ID) {
	r := recentRecord{k, id}
	a.recent = slices.DeleteFunc(a.recent, func(other recentRecord) bool { return other == r })
	a.recent = slices.Insert(a.recent, 0, r)
	a.recent = a.recent[:min(len(a.recent), mostRecent)]
}

// goKinds are the kinds of records that people go to, in the order in which they are looked through.
func goKinds() []model.Kind {
	return []model.Kind{
		model.Customer, model.Contract, model.Item, model.Contact, model.Deal, model.Invoice, model.Order, model.Task, model.Touch,
		model.Churn, model.Benefit,
	}
}

// goAnswer opens a record that was chosen.
type goAnswer recentRecord

func (g goAnswer) answered(a *App) { a.goToRecord(g.kind, g.id) }

// goToRecord opens a record: a customer in its view, others to read.
func (a *App) goToRecord(k model.Kind, id model.ID) {
	if k == model.Customer {
		a.after = a.readCustomer(id)
		return
	}
	a.after = a.readRecord(k, id, purposeShow)
}

// goItems writes records as the palette lists them: whose they are, and of what kind.
func goItems(s *table.Snapshot) func(k model.Kind, row int32) kit.Item {
	return func(k model.Kind, row int32) kit.Item {
		t := s.Table(k)
		help := t.Str(row, "external_id")
		switch customer := t.To(row, "customer"); {
		case k == model.Customer:
			help = strings.TrimSpace(t.Str(row, "status") + " " + t.Str(row, "tier") + " " + help)
		case customer >= 0:
			help = strings.TrimSpace(s.Title(model.Customer, customer) + " " + help)
		}
		return kit.Item{Title: short(s.Title(k, row)), Key: model.SchemaOf(k).Name, Help: short(help), Value: goAnswer{k, t.ID(row)}}
	}
}

func (a *App) recentItems() []kit.Item {
	if a.snap == nil {
		return nil
	}
	var items []kit.Item
	for _, r := range a.recent {
		if row, ok := a.snap.Table(r.kind).Row(r.id); ok {
			it := goItems(a.snap)(r.kind, row)
			it.Key = a.lang.T("recent") + " " + it.Key
			items = append(items, it)
		}
	}
	return items
}

// The number of records that the palette shows: of one kind, and of all.
const (
	foundOfKind = 8
	foundOfAll  = 24
)

// findCustomers finds customers at once, while the other kinds are still being looked through.
func (a *App) findCustomers(text string) []kit.Item {
	if len(text) < 2 || a.snap == nil {
		return nil
	}
	return a.finder().like([]model.Kind{model.Customer}, text)
}

// lookFurther looks for what has been typed into the palette among the records of every kind. That may
// take longer than a frame in a large book, so it goes on beside the typing, and what is typed next ends
// it.
func (a *App) lookFurther() {
	if a.search == nil || a.snap == nil || a.search.Query() == a.searched {
		return
	}
	if a.searched = a.search.Query(); a.stopSearch != nil {
		a.stopSearch()
	}
	text, p, f := a.searched, a.search, a.finder()
	if len(text) < 2 {
		return
	}
	f.ctx, a.stopSearch = context.WithCancel(a.ctx)
	a.after = tea.Batch(a.after, func() tea.Msg {
		found := f.exactly(goKinds(), text)
		for _, it := range f.like(goKinds()[1:], text) {
			if !slices.ContainsFunc(found, func(other kit.Item) bool { return other.Value == it.Value }) {
				found = append(found, it)
			}
		}
		return recordsFound{p, text, found[:min(len(found), foundOfAll)]}
	})
}

// recordsFound brings the records of every kind that a text fits.
type recordsFound struct {
	palette *kit.Palette
	text    string
	items   []kit.Item
}

func (r recordsFound) apply(*App) { r.palette.More(r.text, r.items) }

// finder looks for records in one picture of the book.
type finder struct {
	ctx  context.Context
	snap *table.Snapshot
	item func(k model.Kind, row int32) kit.Item
}

func (a *App) finder() finder { return finder{a.ctx, a.snap, goItems(a.snap)} }

// like lists the records whose searched words hold a text, some of each kind.
func (f finder) like(kinds []model.Kind, text string) []kit.Item {
	var out []kit.Item
	for _, k := range kinds {
		if f.ctx.Err() != nil {
			return nil
		}
		for _, row := range f.snap.Find(k, text, foundOfKind) {
			out = append(out, f.item(k, row))
		}
	}
	return out
}

// exactly lists the records that have a text as their id, external id or name.
func (f finder) exactly(kinds []model.Kind, text string) []kit.Item {
	var out []kit.Item
	for _, k := range kinds {
		if f.ctx.Err() != nil {
			return nil
		}
		for _, row := range f.snap.Named(k, text) {
			if out = append(out, f.item(k, row)); len(out) == foundOfAll {
				return out
			}
		}
	}
	return out
}

// goCommand opens a record: "go acme", "go invoice 2026-17", "go" and an id. Where several fit, they
// are offered.
func (a *App) goCommand(words string) {
	kinds := goKinds()
	if first, rest, ok := strings.Cut(words, " "); ok {
		if k, known := model.KindByName(first); known && slices.Contains(kinds, k) {
			kinds, words = []model.Kind{k}, strings.TrimSpace(rest)
		}
	}
	if words == "" {
		a.say(kit.Warn, "go: write a name or an id, for example go acme or go invoice 2026-17")
		return
	}
	f := a.finder()
	a.after = func() tea.Msg {
		found := f.exactly(kinds, words)
		if len(found) == 0 {
			// One customer is meant before all that belongs to it and has its name too.
			if found = f.like(kinds[:1], words); len(found) != 1 {
				found = append(found, f.like(kinds[1:], words)...)
			}
		}
		return gone{words, found}
	}
}

// gone brings the records that a go command may have meant.
type gone struct {
	words string
	found []kit.Item
}

func (g gone) apply(a *App) {
	switch len(g.found) {
	case 0:
		a.say(kit.Warn, "go: no record's name or id holds %q", g.words)
	case 1:
		a.answered(g.found[0])
	default:
		p := kit.NewPalette(a.lang.T("Which “%s”?", kit.Clean(g.words)), g.found[:min(len(g.found), foundOfAll)])
		p.Hint = a.lang.T("several fit")
		a.stack.Push(p)
	}
}

// copyAnswer copies a text that a menu has offered.
type copyAnswer struct{ text string }

func (c copyAnswer) answered(a *App) {
	if c.text == "" {
		a.say(kit.Warn, "There is nothing to copy: this is empty.")
		return
	}
	a.after = tea.SetClipboard(c.text)
	shown := strings.ReplaceAll(c.text, "\t", " · ")
	a.say(kit.Info, "Copied: %s", kit.Truncate(kit.Clean(shown), 120))
}

// openCopy offers what of the record under the cursor can be copied; the letters are those of the
// menu, so that y c copies the cell.
func (p *listPane) openCopy(a *App) {
	k, row, ok := p.current()
	if !ok {
		return
	}
	line := listRows{p}
	at := p.g.Row()
	cell := strings.TrimSpace(kit.Clean(line.Cell(at, p.g.ColumnKey()).Text))
	id := p.snap.Table(k).ID(row).String()
	l, external := p.sp.lang, p.snap.Table(k).Str(row, "external_id")
	items := []kit.Item{
		{Key: "c", Title: l.T("Cell"), Help: cell, Value: copyAnswer{cell}},
		{Key: "r", Title: l.T("Row, parted by tabs"), Help: l.T("the columns as they are shown"), Value: copyAnswer{p.rowText(at)}},
		{Key: "i", Title: l.T("Id"), Help: id, Value: copyAnswer{id}},
		{Key: "x", Title: l.T("External id"), Help: external, Value: copyAnswer{external}},
		{Key: "l", Title: l.T("Link"), Help: p.link(k, row), Value: copyAnswer{p.link(k, row)}},
	}
	if marked := p.marked(); len(marked) > 0 {
		items = append(items, kit.Item{Key: "m", Title: l.T("All that are marked: %s", plural(l, len(marked), k)), Help: l.T("a row each, with the titles"), Value: copyAnswer{p.markedText(marked)}})
	}
	a.stack.Push(kit.NewMenu(l.T("Copy"), items))
}

// rowText is a line of the list as a spreadsheet takes it.
func (p *listPane) rowText(line int) string {
	cells := make([]string, len(p.cols))
	for i, c := range p.cols {
		cells[i] = strings.TrimSpace(kit.Clean(listRows{p}.Cell(line, c.key()).Text))
	}
	return strings.Join(cells, "\t")
}

// markedText is the title line and every marked record, in the order of the list.
func (p *listPane) markedText(rows []int32) string {
	var b strings.Builder
	for i, c := range gridColumns(p.sp.lang, p.sp.kind, p.cols, p.snap.Settings.Text("company.currency")) {
		if i > 0 {
			b.WriteByte('\t')
		}
		b.WriteString(c.Title)
	}
	for _, row := range rows {
		for i, c := range p.cols {
			b.WriteByte("\n\t"[min(i, 1)])
			b.WriteString(strings.TrimSpace(kit.Clean(cell(p.sp.lang, p.snap, p.sp.kind, row, c).Text)))
		}
	}
	return b.String()
}

// link is where a record is found: the address that it has on the web, else the command that shows it.
func (p *listPane) link(k model.Kind, row int32) string {
	t := p.snap.Table(k)
	for _, field := range []string{"url", "domain"} {
		if v := t.Str(row, field); v != "" {
			if !strings.Contains(v, "://") {
				v = "https://" + v
			}
			return kit.Clean(v)
		}
	}
	return "opsdeck show " + model.SchemaOf(k).Name + " " + t.ID(row).String()
}

// completeCustomer offers names for go.
func (a *App) completeCustomer(text string, from int) []kit.Candidate {
	if len(text) < 2 {
		return nil
	}
	var out []kit.Candidate
	for _, row := range a.snap.Find(model.Customer, text, foundOfKind) {
		out = append(out, kit.Candidate{Text: a.snap.Title(model.Customer, row), Help: "customer", From: from, To: from + len(text)})
	}
	return out
}
