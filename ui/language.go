package ui

import (
	"slices"

	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// setLang makes a language that of the session. Panes keep it beside what they are called.
func (a *App) setLang(code string) {
	a.lang = lang.New(code)
	for _, p := range a.panes {
		p.spec().lang = a.lang
	}
	if a.snap == nil {
		return
	}
	for _, p := range a.panes {
		if l, ok := p.(lister); ok && l.list().snap != nil {
			l.list().setColumns()
		}
	}
	a.pane().show(a.snap, a.env())
	if a.page != nil {
		a.after = a.readCustomer(a.page.id)
	}
}

// nextLang goes on to the next language.
func (a *App) nextLang() {
	codes := lang.Codes()
	a.setLang(codes[(slices.Index(codes, a.lang.Code())+1)%len(codes)])
	a.say(kit.Info, a.lang.T("Language: %s", lang.Name(a.lang.Code())))
}

// pickWord says the value of a pick. What is none of the field's options is somebody's own word.
func pickWord(l *lang.Lang, field, value string) string { return l.In(field, value) }
