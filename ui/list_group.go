package ui

import (
	"fmt"
	"slices"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// headingKey begins the key of a heading, by which the cursor finds it again.
const headingKey = "group\x00"

// listGroup is a group of a list's rows with what its heading says, which is worked out when it is
// seen first: the sums of groups off the screen are nobody's wish.
type listGroup struct {
	table.Group
	words string
}

// regroup parts the rows by the field that the list is grouped by, and leaves out what is folded.
func (p *listPane) regroup(t *table.Table) {
	if p.group == "" {
		p.groups, p.lines = nil, nil
		p.layToday(t)
		return
	}
	desc := len(p.sorts) > 0 && p.sorts[0].Field == p.group && p.sorts[0].Desc
	rows, groups := t.GroupRows(p.rows, p.group, desc)
	p.rows, p.groups = rows, make([]listGroup, len(groups))
	for i, g := range groups {
		p.groups[i].Group = g
	}
	p.layLines()
}

// layToday parts what lies behind today from what lies ahead by a line, where the list is sorted by the
// day that the pane is about.
func (p *listPane) layToday(t *table.Table) {
	if p.sp.today == "" || len(p.sorts) == 0 || p.sorts[0].Field != p.sp.today || p.sorts[0].Desc {
		return
	}
	at, _ := slices.BinarySearchFunc(p.rows, p.snap.Today, func(row int32, today day.Day) int {
		if d := t.Day(row, p.sp.today); d.IsSet() && d < today {
			return -1
		}
		return 1
	})
	if at == 0 || at == len(p.rows) {
		return
	}
	p.groups = []listGroup{{Group: table.Group{From: at, To: at}, words: p.sp.lang.T("today, %s", p.sp.lang.Date(p.snap.Today.String()))}}
	p.lines = make([]int32, 0, len(p.rows)+1)
	for i := range p.rows {
		if i == at {
			p.lines = append(p.lines, -1)
		}
		p.lines = append(p.lines, int32(i))
	}
}

// layLines lists headings and the rows of the groups that are open.
func (p *listPane) layLines() {
	p.lines = make([]int32, 0, len(p.rows)+len(p.groups))
	for n, g := range p.groups {
		p.lines = append(p.lines, int32(-1-n))
		if !p.folded[query.Fold(g.Label)] {
			for i := g.From; i < g.To; i++ {
				p.lines = append(p.lines, int32(i))
			}
		}
	}
}

// record is the record on a line of the grid; false on a heading and outside.
func (p *listPane) record(line int) (int32, bool) {
	if p.lines == nil {
		if line < 0 || line >= len(p.rows) {
			return -1, false
		}
		return p.rows[line], true
	}
	if line < 0 || line >= len(p.lines) || p.lines[line] < 0 {
		return -1, false
	}
	return p.rows[p.lines[line]], true
}

// position says which record of how many the cursor is on; headings are not counted, and on one it is the
// record that follows.
func (p *listPane) position() string {
	at := p.g.Row() + 1
	if p.lines != nil && at > 0 {
		switch line := p.lines[at-1]; {
		case line >= 0:
			at = int(line) + 1
		default:
			at = min(p.groups[-1-line].From+1, len(p.rows))
		}
	}
	return fmt.Sprintf("%d/%d", at, len(p.rows))
}

// headed is the number of the group whose heading a line is, or -1.
func (p *listPane) headed(line int) int {
	if line < 0 || line >= len(p.lines) || p.lines[line] >= 0 {
		return -1
	}
	return int(-1 - p.lines[line])
}

// findLine finds the line of a key. A record whose group is folded is found at the heading.
func (p *listPane) findLine(key string) (int, bool) {
	want, ok := int32(-1), false
	if id, err := model.ParseID(key); err == nil {
		want, ok = p.snap.Table(p.sp.kind).Row(id)
	}
	heading := 0
	for i, at := range p.lines {
		switch {
		case at >= 0:
			if ok && p.rows[at] == want {
				return i, true
			}
			continue
		case headingKey+p.groups[-1-at].Label == key:
			return i, true
		}
		heading = i
		if g := p.groups[-1-at]; ok && p.folded[query.Fold(g.Label)] && slices.Contains(p.rows[g.From:g.To], want) {
			return heading, true
		}
	}
	return 0, false
}

// Heading implements kit.Headed: the value, how many there are, and their amount, each currency for
// itself.
func (r listRows) Heading(line int) (kit.Heading, bool) {
	n := r.p.headed(line)
	if n < 0 {
		return kit.Heading{}, false
	}
	g := &r.p.groups[n]
	if g.words == "" {
		g.words = r.p.groupWords(g.Group)
	}
	return kit.Heading{Text: g.words, Closed: r.p.folded[query.Fold(g.Label)]}, true
}

func (p *listPane) groupWords(g table.Group) string {
	f, _ := p.snap.Table(p.sp.kind).Schema.Field(p.group)
	name := kit.Truncate(kit.Clean(g.Label), 60)
	if name == "" {
		name = p.sp.lang.T("no %s", p.sp.lang.T(f.Label))
	}
	rows := p.rows[g.From:g.To]
	text := name + " · " + plural(p.sp.lang, len(rows), p.sp.kind)
	if p.sp.sum != "" {
		sum, _ := model.SchemaOf(p.sp.kind).Field(p.sp.sum)
		text += " · Σ " + p.sp.lang.T(sum.Label) + " " + p.summed(rows)
	}
	return text
}

// groupBy parts the list by a field; by none it is whole again. The cursor stays on its record.
func (p *listPane) groupBy(field string) {
	p.group, p.folded = field, map[string]bool{}
	if p.snap != nil {
		p.refresh()
	}
}

// setGroup groups by a field if that can be done.
func (p *listPane) setGroup(field string) error {
	if field == "" || field == "none" {
		p.groupBy("")
		return nil
	}
	if err := p.snap.Table(p.sp.kind).CanGroup(field); err != nil {
		return err
	}
	p.groupBy(field)
	return nil
}

// groupAct carries out what is about groups: choosing them, and on a heading what folds them.
func (p *listPane) groupAct(a *App, act Action) bool {
	if act == ActGroup {
		a.stack.Push(p.groupMenu())
		return true
	}
	n := p.headed(p.g.Row())
	if n < 0 {
		return false
	}
	if p.group == "" { // The line of today, which nothing is under.
		return act == ActOpen || act == ActMark || act == ActWhy || act == ActCopy
	}
	label := query.Fold(p.groups[n].Label)
	switch act {
	case ActOpen, ActMark:
		p.fold(label, !p.folded[label])
	case ActLeft:
		p.fold(label, true)
	case ActRight:
		p.fold(label, false)
	case ActWhy, ActCopy:
		a.say(kit.Info, listRows{p}.groupText(n))
	default:
		return false
	}
	return true
}

func (r listRows) groupText(n int) string { return r.p.groupWords(r.p.groups[n].Group) }

// fold closes or opens a group.
func (p *listPane) fold(label string, closed bool) {
	if p.folded[label] == closed {
		return
	}
	p.folded[label] = closed
	p.relay()
}

// relay shows the groups anew after some were closed or opened; the cursor stays on its line.
func (p *listPane) relay() {
	key := p.g.Key()
	p.layLines()
	p.g.SetRows(listRows{p})
	p.g.KeepCursorOn(key)
}

// foldAll closes or opens every group.
func (p *listPane) foldAll(closed bool) {
	for _, g := range p.groups {
		p.folded[query.Fold(g.Label)] = closed
	}
	p.relay()
}

// groupAnswer is a choice of the menu that groups a list.
type groupAnswer struct {
	field string
	fold  string // "closed" or "open": all groups, instead of choosing a field
}

func (g groupAnswer) answered(a *App) {
	p, ok := a.list()
	switch {
	case !ok:
	case g.fold != "":
		p.foldAll(g.fold == "closed")
	default:
		if err := p.setGroup(g.field); err != nil {
			a.fail(err)
		}
	}
}

// groupMenu offers the fields to group by, the one under the cursor first.
func (p *listPane) groupMenu() *kit.Palette {
	var items []kit.Item
	if p.group != "" {
		items = append(items,
			kit.Item{Title: p.sp.lang.T("No groups"), Value: groupAnswer{}},
			kit.Item{Title: p.sp.lang.T("Fold all groups"), Value: groupAnswer{fold: "closed"}},
			kit.Item{Title: p.sp.lang.T("Unfold all groups"), Value: groupAnswer{fold: "open"}})
	}
	t := p.snap.Table(p.sp.kind)
	names := p.snap.FilterSchema(p.sp.kind).Names()
	if at := slices.Index(names, p.column().field); at > 0 {
		names = append([]string{names[at]}, slices.Delete(slices.Clone(names), at, at+1)...)
	}
	for _, name := range names {
		f, ok := t.Schema.Field(name)
		if !ok || f.Has(model.FHidden) || t.CanGroup(name) != nil {
			continue
		}
		state := ""
		if name == p.group {
			state = p.sp.lang.T("now")
		}
		items = append(items, kit.Item{Title: p.sp.lang.T(f.Label), Key: state, Help: p.sp.lang.T(f.Help), Value: groupAnswer{field: name}})
	}
	m := kit.NewPalette(p.sp.lang.T("Group by"), items)
	m.Hint = p.sp.lang.T("a few letters of a field's name")
	return m
}
