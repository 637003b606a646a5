package ui

import (
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// ScopeUsers is the list of the people who work in the book.
const ScopeUsers Scope = "users"

// The actions of the users.
const (
	ActUsers   Action = "users"
	ActRole    Action = "role"
	ActDisable Action = "keep out"
	ActRoles   Action = "roles"
)

func usersBindings() []Binding {
	u := ScopeUsers
	return []Binding{
		{ScopeGlobal, []string{"%"}, ActUsers, "people", "Show who works in the book, and what they may do.", false, false},
		{u, []string{"r"}, ActRole, "role", "Give the person another role.", true, true},
		{u, []string{"x"}, ActDisable, "keep out", "Keep the person out from now on, or let them in again; what they did stays.", true, true},
		{u, []string{"R", "shift+r"}, ActRoles, "roles", "Show what each role may do and see.", true, false},
	}
}

// usersPane lists who works in the book. It stands in front of the other panes until it is left.
type usersPane struct{ *listPane }

func usersSpec() paneSpec {
	return paneSpec{
		action: ActUsers, scope: ScopeUsers, title: "People", kind: model.User,
		columns: []column{
			{field: "handle", ideal: 14, min: 10, priority: 10, pinned: true},
			{field: "name", ideal: 26, min: 14, flex: 2, priority: 8},
			{field: "role", ideal: 14, priority: 10},
			{field: "team", ideal: 16, min: 8, flex: 1, priority: 7},
			{field: "disabled", title: "Kept out", ideal: 9, priority: 9},
			{field: "uid", ideal: 8, priority: 5},
			{field: "seniority", ideal: 12, priority: 3},
			{field: "capacity", ideal: 9, priority: 3},
		},
		sorts: []table.Sort{{Field: "handle"}}, count: []string{"role"},
		detail: []string{"handle", "name", "role", "team", "uid", "disabled", "seniority", "capacity", "external_id"},
		empty:  "Nobody is known here yet; the first who comes in becomes administrator.",
	}
}

// openUsers shows the people in front of the panes.
func (a *App) openUsers() {
	a.leaveGuest()
	p := &usersPane{newListPane(usersSpec())}
	p.sp.lang = a.lang
	a.guest, a.page = p, nil
	p.show(a.snap, a.env())
}

func (p *usersPane) off(a *App, act Action) string {
	if act == ActRole || act == ActDisable {
		if _, _, ok := p.current(); !ok {
			return "no record is under the cursor"
		}
	}
	return ""
}

func (p *usersPane) do(a *App, act Action) bool {
	switch act {
	case ActRole:
		p.chooseRole(a)
	case ActDisable:
		p.toggle(a)
	case ActRoles:
		a.stack.Push(kit.NewPager(a.lang.T("What each role may do"), a.roleLines()))
	case ActOpen:
		p.open(a)
	case ActClear:
		if p.text != "" || p.group != "" {
			return false
		}
		a.leaveGuest()
		a.pane().show(a.snap, a.env())
	default:
		return p.listPane.do(a, act)
	}
	return true
}

// open edits the person under the cursor, or shows them to who may not.
func (p *usersPane) open(a *App) {
	k, row, ok := p.current()
	if !ok {
		return
	}
	purpose := purposeEdit
	if a.off(Binding{Action: ActEdit, Writes: true}) != "" {
		purpose = purposeShow
	}
	a.after = a.readRecord(k, p.snap.Table(k).ID(row), purpose)
}

// toggle keeps the person under the cursor out, or lets them in again.
func (p *usersPane) toggle(a *App) {
	k, row, _ := p.current()
	t := p.snap.Table(k)
	value := "yes"
	if t.Bool(row, "disabled") {
		value = "no"
	}
	a.after = a.setFields(k, t.ID(row), map[string]string{"disabled": value})
}

// chooseRole lets choose what the person under the cursor is.
func (p *usersPane) chooseRole(a *App) {
	k, row, _ := p.current()
	id := p.snap.Table(k).ID(row)
	var items []kit.Item
	for i, r := range model.Roles() {
		it := kit.Item{Title: pickWord(a.lang, "role", r.Name), Help: a.roleSummary(r), Value: roleChosen{id, r.Name}}
		if i < 9 {
			it.Key = string(rune('1' + i))
		}
		items = append(items, it)
	}
	a.stack.Push(kit.NewMenu(a.lang.T("Role of %s", kit.Clean(p.snap.Title(k, row))), items))
}

// roleChosen gives somebody a role.
type roleChosen struct {
	id   model.ID
	role string
}

func (r roleChosen) answered(a *App) {
	a.after = a.setFields(model.User, r.id, map[string]string{"role": r.role})
}

// roleSummary says in a line what a role sees and may do besides changing records.
func (a *App) roleSummary(r model.Role) string {
	parts := []string{a.roleSees(r)}
	for _, p := range r.Powers {
		parts = append(parts, a.lang.T(string(p)))
	}
	return strings.Join(parts, ", ")
}

func (a *App) roleSees(r model.Role) string {
	switch {
	case !r.Money && !r.Personal:
		return a.lang.T("sees no amounts, no mail and phone")
	case !r.Money:
		return a.lang.T("sees no amounts")
	case !r.Personal:
		return a.lang.T("sees no mail and phone")
	}
	return a.lang.T("sees everything")
}

// roleLines is the table of roles: for each area how far adding, editing and removing reach.
func (a *App) roleLines() []kit.Spans {
	const name, cell = 15, 15
	head := kit.Spans{{Text: kit.PadRight("", name), Token: kit.Header}}
	for _, area := range model.Areas() {
		head = append(head, kit.Span{Text: kit.PadRight(kit.Truncate(a.lang.T(string(area)), cell-1), cell), Token: kit.Header})
	}
	lines := []kit.Spans{kit.Plain(a.lang.T("How far adding, editing and removing reach; – is nothing.")), kit.Plain(""), head}
	for _, r := range model.Roles() {
		token := kit.Accent
		if r.Name == a.member.Role.Name {
			token = kit.Title
		}
		line := kit.Spans{{Text: kit.PadRight(kit.Truncate(pickWord(a.lang, "role", r.Name), name-1), name), Token: token}}
		for _, area := range model.Areas() {
			g := r.Grants[area]
			reach := []string{a.reachWord(g.Add), a.reachWord(g.Edit), a.reachWord(g.Remove)}
			if len(slices.Compact(slices.Clone(reach))) == 1 {
				reach = reach[:1]
			}
			line = append(line, kit.Span{Text: kit.PadRight(strings.Join(reach, " "), cell)})
		}
		lines = append(lines, line, kit.Spans{{Text: kit.PadRight("", name)}, {Text: a.roleSummary(r), Token: kit.Muted}})
	}
	return lines
}

func (a *App) reachWord(r model.Reach) string {
	if r == model.Nobody {
		return r.String()
	}
	return a.lang.T(r.String())
}
