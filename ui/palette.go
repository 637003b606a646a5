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
	kind, rest, _ := strings.Cut(it.ID, "\x00")
	switch kind {
	case "action":
		if it.Disabled != "" {
			a.say(kit.Warn, it.Title+": "+it.Disabled)
			return
		}
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

// openHelp shows every key that works here.
func (a *App) openHelp() {
	var lines []kit.Spans
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
