package ui

import (
	"strings"
	"unicode/utf8"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// openPalette finds actions by a few letters, and customers by their names.
func (a *App) openPalette() {
	items := a.recentItems()
	for _, b := range a.keys.in(a.scope()) {
		items = append(items, kit.Item{
			ID: "action\x00" + string(b.Action), Title: upperFirst(a.lang.T(b.Label)), Key: b.Keys[0], Help: a.lang.T(b.Help), Disabled: a.lang.Say(a.off(b)),
		})
	}
	p := kit.NewPalette(a.lang.T("Actions and records"), items)
	p.Hint = a.lang.T("a few letters of an action, or of the name or id of a record")
	p.None = a.lang.T("nothing is called so")
	p.Search, a.search, a.searched = a.findCustomers, p, ""
	a.stack.Push(p)
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(first)) + s[size:]
}

// chosen carries out an item of a palette or menu.
func (a *App) chosen(it kit.Item) {
	if r, ok := it.Value.(answer); ok {
		a.chosenValue(it, r)
		return
	}
	if it.Disabled != "" {
		a.say(kit.Warn, it.Title+": "+it.Disabled)
		return
	}
	kind, rest, _ := strings.Cut(it.ID, "\x00")
	switch kind {
	case "action":
		a.do(Action(rest))
	case "figure":
		a.showBehind(a.pane().spec().behind(), rest)
	case "view":
		a.viewChosen(rest)
	case "column":
		if p, ok := a.list(); ok {
			p.toggleColumn(rest)
		}
	case "snooze":
		if p, ok := a.pane().(*todayPane); ok {
			p.snooze(a, rest)
		}
	case "touch":
		a.logTouch(rest)
	case "add":
		if k, ok := model.KindByName(rest); ok {
			a.openAdd(k, a.preset(k))
		}
	case "batch":
		a.openBatch(rest)
	}
}

// chosenValue carries out an item that knows itself what follows, unless it is off.
func (a *App) chosenValue(it kit.Item, r answer) {
	if it.Disabled != "" {
		a.say(kit.Warn, it.Title+": "+it.Disabled)
		return
	}
	r.answered(a)
}

// aboutCursor says what the field under the cursor is: its name in filters, its meaning, its values.
func (a *App) aboutCursor() []kit.Spans {
	var f *model.Field
	if a.page != nil {
		f, _ = fieldNamed(a.page.line().kind, a.page.line().field)
	} else if p, ok := a.list(); ok && a.snap != nil {
		f, _ = fieldNamed(p.sp.kind, p.column().field)
	}
	if f == nil {
		return nil
	}
	name := kit.Span{Text: kit.PadRight(f.Name, 22), Token: kit.Key}
	about := a.lang.T(f.Label)
	if f.Help != "" {
		about += ": " + a.lang.T(f.Help)
	}
	if len(f.Options) > 0 {
		about += "; " + a.lang.T("one of %s", strings.Join(f.Options, ", "))
	}
	lines := []kit.Spans{{{Text: a.lang.T("Under the cursor"), Token: kit.Header}}}
	lines = append(lines, hanging(kit.Spans{name}, kit.Span{Text: about}, a.width)...)
	lines = append(lines, hanging(kit.Spans{{Text: kit.PadRight("/"+f.Name+":", 22), Token: kit.Key}}, kit.Span{Text: a.lang.T("filters by it, s sorts by it, w explains its value")}, a.width)...)
	return append(lines, kit.Plain(""))
}

// openHelp shows what is under the cursor and every key that works here.
func (a *App) openHelp() {
	lines := a.aboutCursor()
	last := Scope("")
	for _, b := range a.keys.in(a.scope()) {
		if b.Scope != last {
			if last != "" {
				lines = append(lines, kit.Plain(""))
			}
			lines = append(lines, kit.Spans{{Text: upperFirst(a.lang.T(string(b.Scope))), Token: kit.Header}})
			last = b.Scope
		}
		help := kit.Span{Text: a.lang.T(b.Help)}
		if why := a.off(b); why != "" {
			help = kit.Span{Text: a.lang.T("%s (off: %s)", a.lang.T(b.Help), a.lang.Say(why)), Token: kit.Muted}
		}
		lines = append(lines, hanging(kit.Spans{{Text: kit.PadRight(strings.Join(shownKeys(b), " "), 22), Token: kit.Key}}, help, a.width)...)
	}
	a.stack.Push(kit.NewPager(a.lang.T("Keys"), lines))
}
