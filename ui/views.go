package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// paneName is what saved views call a pane.
func (p *listPane) paneName() string { return string(p.sp.action) }

// openViews lists the saved views of the pane, the person's own and everybody's, and offers to save
// the list as it is now.
func (a *App) openViews(p *listPane) {
	t := a.snap.Table(model.View)
	var items []kit.Item
	t.Rows(func(row int32) bool {
		owner := t.Str(row, "owner")
		if t.Str(row, "pane") == p.paneName() && (owner == "" || owner == a.o.Actor) {
			whose := a.lang.T("yours")
			if owner == "" {
				whose = a.lang.T("everybody's")
			}
			items = append(items, kit.Item{ID: "view\x00" + t.ID(row).String(), Title: t.Str(row, "name"), Key: whose, Help: t.Str(row, "filter") + "  " + t.Str(row, "sort")})
		}
		return true
	})
	slices.SortFunc(items, func(x, y kit.Item) int { return strings.Compare(x.Title, y.Title) })
	off := ""
	if a.readOnly {
		off = a.lang.T("reading only (ctrl+o switches)")
	}
	items = append(items,
		kit.Item{ID: "view\x00save", Title: a.lang.T("Save this list as a view of yours…"), Disabled: off},
		kit.Item{ID: "view\x00share", Title: a.lang.T("Save this list as a view for everybody…"), Disabled: off})
	v := kit.NewPalette(a.lang.T("Views of %s", a.lang.T(p.sp.title)), items)
	v.Hint = a.lang.T("a few letters of a view's name")
	a.stack.Push(v)
}

// viewChosen goes to a view, or asks for the name of a new one.
func (a *App) viewChosen(id string) {
	p, ok := a.list()
	if !ok {
		return
	}
	if id == "save" || id == "share" {
		preset := map[string]string{
			"pane": p.paneName(), "filter": p.text, "sort": sortText(p.sorts), "columns": columnText(p.cols), "everything": yesNo(p.all),
			"group": p.group,
		}
		if id == "save" {
			preset["owner"] = a.o.Actor
		}
		a.openAdd(model.View, preset)
		return
	}
	view, err := model.ParseID(id)
	if err != nil {
		return
	}
	if row, ok := a.snap.Table(model.View).Row(view); ok {
		a.goToView(p, row)
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// goToView shows the list as the view has it. What a newer program or a removed field has left in the
// view is passed over and said.
func (a *App) goToView(p *listPane, row int32) {
	t := a.snap.Table(model.View)
	p.all = t.Bool(row, "everything")
	p.groupBy("")
	if field := t.Str(row, "group"); field != "" {
		if err := p.setGroup(field); err != nil {
			a.fail(err)
		}
	}
	if cols := parseColumns(p, t.Str(row, "columns")); len(cols) > 0 {
		p.cols = cols
		p.setColumns()
	}
	if text := t.Str(row, "sort"); text != "" {
		if err := p.setSorts(text); err != nil {
			a.fail(err)
		}
	}
	if err := p.setFilter(t.Str(row, "filter")); err != nil {
		a.fail(err)
	}
	p.view, p.shared = t.Str(row, "name"), t.Str(row, "owner") == ""
	p.g.Home()
}

func sortText(sorts []table.Sort) string {
	parts := make([]string, len(sorts))
	for i, s := range sorts {
		parts[i] = s.Field
		if s.Desc {
			parts[i] = "-" + s.Field
		}
	}
	return strings.Join(parts, ",")
}

// columnText writes columns as "name:26!,arr:15,decision_date:left:11": field, "left" where the days
// to the date are shown, width, and a "!" where the column is pinned.
func columnText(cols []column) string {
	parts := make([]string, len(cols))
	for i, c := range cols {
		parts[i] = fmt.Sprintf("%s:%d", c.key(), c.ideal)
		if c.pinned {
			parts[i] += "!"
		}
	}
	return strings.Join(parts, ",")
}

// parseColumns reads what columnText wrote, taking title and stretch from the pane's own table.
func parseColumns(p *listPane, text string) []column {
	var out []column
	for part := range strings.SplitSeq(text, ",") {
		part, pinned := strings.CutSuffix(part, "!")
		i := strings.LastIndex(part, ":")
		if i < 0 {
			continue
		}
		key := part[:i]
		width, err := strconv.Atoi(part[i+1:])
		name, left := strings.CutSuffix(key, ":left")
		if _, ok := p.snap.FilterSchema(p.sp.kind).Field(name); !ok || err != nil || width < 1 || width > 400 {
			continue
		}
		c := newColumn(p.sp.kind, name)
		for _, known := range p.sp.columns {
			if known.key() == key {
				c = known
			}
		}
		if width != c.ideal {
			c.ideal, c.min, c.flex = width, width, 0
		}
		c.left, c.pinned = left, pinned
		out = append(out, c)
	}
	return out
}
