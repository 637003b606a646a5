package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// fileAnswer is the kind of an item that is to be filed.
type fileAnswer struct{ kind string }

func (f fileAnswer) answered(a *App) { a.file(f.kind) }

// openFile lets choose the kind of a new item by its letter: the second of two keys.
func (a *App) openFile() {
	var items []kit.Item
	for _, k := range []struct{ key, kind string }{{"b", "bug"}, {"f", "design defect"}, {"q", "how-to"}, {"c", "configuration"}, {"d", "demand"}} {
		items = append(items, kit.Item{ID: k.kind, Key: k.key, Title: pickWord(a.lang, "kind", k.kind), Value: fileAnswer{k.kind}})
	}
	a.stack.Push(kit.NewMenu(a.lang.T("File an item"), items))
}

// file opens the form of a new item with what is known: the customer at hand, and the kind.
func (a *App) file(kind string) {
	preset := a.preset(model.Item)
	preset["kind"] = kind
	if a.page == nil {
		if k, row, ok := a.pane().current(); ok && k == model.Customer {
			f, _ := model.SchemaOf(model.Item).Field("customers")
			preset["customers"] = a.formText(f, model.Refs(a.snap.Table(model.Customer).ID(row)))
		}
	}
	preset["state_since"] = preset["opened"]
	var fields []kit.Field
	for _, f := range a.formFields(model.Item, nil) {
		if slices.Contains(filed(), f.Key) {
			f.Value = preset[f.Key]
			for _, line := range linesOf(f.Value) {
				if id, err := model.ParseID(line); err == nil {
					f.Options = append(f.Options, a.named(model.Item, f.Key, id)...)
				}
			}
			fields = append(fields, f)
		}
	}
	o := &openForm{kind: model.Item, form: a.newForm(a.lang.T("File an item"), model.Item, fields), preset: preset, id: a.backend.NewID()}
	s := &intake{FormDialog: kit.FormDialog{Form: o.form, ID: o}, snap: a.snap, none: a.lang.T("nothing similar is in the queue"), title: a.lang.T("Similar items")}
	a.stack.Push(s)
	snap := a.snap
	a.after = tea.Batch(a.after, func() tea.Msg { return similarMade{s, table.NewSimilar(snap)} })
}

// filed are the fields that are filled in when an item comes in.
func filed() []string {
	return []string{"summary", "kind", "customers", "words", "steps", "area", "version", "blocking", "severity_set", "severity_reason", "class", "reporter", "external_id", "tags"}
}

// intake is the form of a new item, with the items below it that are about the same as what is being
// typed.
type intake struct {
	kit.FormDialog
	snap        *table.Snapshot
	index       *table.Similar
	asked       string
	found       []table.Match
	title, none string
}

// similarMade brings the index, which is made while the form can be typed into.
type similarMade struct {
	into  *intake
	index *table.Similar
}

func (m similarMade) apply(*App) { m.into.index = m.index }

// proposed is how many similar items are proposed.
const proposed = 10

func (s *intake) find() {
	v := s.Form.Values()
	text := v["summary"] + " " + v["words"]
	if s.index == nil || text == s.asked {
		return
	}
	s.asked, s.found = text, s.index.Find(text, -1, proposed)
}

// Draw draws the form, and below it what is similar, with the words that say so.
func (s *intake) Draw(c *kit.Canvas, area kit.Rect, th *kit.Theme) *kit.Cursor {
	s.find()
	h := min(proposed+2, area.H/3)
	below, above := area.Bottom(h)
	in := c.Box(below.Center(min(max(area.W*3/4, 60), 110, area.W), h), th, s.title, false)
	c.Fill(in, kit.Style{})
	t := s.snap.Table(model.Item)
	for i, m := range s.found[:min(len(s.found), in.H)] {
		c.PutSpans(in.Row(i), th, kit.Spans{
			{Text: kit.PadRight(kit.Truncate(kit.Clean(t.Str(m.Row, "external_id")), 10), 11), Token: kit.Muted},
			{Text: kit.PadRight(t.Str(m.Row, "state"), 12), Token: kit.Accent},
			{Text: kit.Truncate(kit.Clean(t.Str(m.Row, "summary")), max(10, in.W-50)) + "  "},
			{Text: "← " + kit.Clean(strings.Join(m.Words[:min(4, len(m.Words))], ", ")), Token: kit.Muted},
		})
	}
	if len(s.found) == 0 {
		c.Put(in.Row(0), th.Style(kit.Muted), s.none, kit.AlignLeft)
	}
	return s.FormDialog.Draw(c, above, th)
}

// mergeInto is the item that another is a duplicate of.
type mergeInto struct {
	p  *queuePane
	id model.ID
}

func (m mergeInto) answered(a *App) {
	a.after = m.p.take(a, nil, m.p.targets(), "duplicate", map[string]string{"duplicate_of": m.id.String()})
}

// similarRead brings the items that are like the one under the cursor.
type similarRead struct {
	p     *queuePane
	row   int32
	index *table.Similar
}

// openMerge looks for the items that the one under the cursor may be a duplicate of.
func (p *queuePane) openMerge(a *App) {
	_, row, ok := p.current()
	if !ok {
		return
	}
	snap := p.snap
	a.after = func() tea.Msg { return similarRead{p, row, table.NewSimilar(snap)} }
}

func (m similarRead) apply(a *App) {
	t := m.p.snap.Table(model.Item)
	item := func(row int32, why string) kit.Item {
		return kit.Item{
			ID: t.ID(row).String(), Title: kit.Clean(strings.TrimSpace(t.Str(row, "external_id") + " " + t.Str(row, "summary"))),
			Help: pickWord(a.lang, "state", t.Str(row, "state")) + why, Value: mergeInto{m.p, t.ID(row)},
		}
	}
	var items []kit.Item
	for _, match := range m.index.Find(t.Str(m.row, "summary"), m.row, proposed) {
		items = append(items, item(match.Row, " ← "+kit.Clean(strings.Join(match.Words[:min(3, len(match.Words))], ", "))))
	}
	palette := kit.NewPalette(a.lang.T("Duplicate of"), items)
	palette.Hint = a.lang.T("similar items first; type to find others")
	palette.Search = func(typed string) []kit.Item {
		var out []kit.Item
		for _, row := range m.p.snap.Find(model.Item, typed, 30) {
			if row != m.row {
				out = append(out, item(row, ""))
			}
		}
		return out
	}
	a.stack.Push(palette)
}
