package ui

import (
	"errors"
	"slices"
	"time"

	"opsdeck/model"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// setLang makes a language that of the session. Panes keep it beside what they are called.
func (a *App) setLang(code string) {
	a.lang = lang.New(code)
	for _, p := range a.panes {
		p.spec().lang = a.lang
	}
	if p, ok := a.guest.(*importPane); ok {
		p.sp.lang = a.lang
		p.setColumns()
	}
	if p, ok := a.guest.(*usersPane); ok {
		p.sp.lang = a.lang
		p.setColumns()
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

// fieldWord says what a field is called; the company's own fields are called as the company does.
func fieldWord(l *lang.Lang, k model.Kind, name string) string {
	if f, ok := model.SchemaOf(k).Field(name); ok && l != nil {
		return l.T(f.Label)
	}
	return name
}

// instant writes when something happened, to the minute, in the zone of now.
func instant(l *lang.Lang, micros int64, now time.Time) string {
	at := time.UnixMicro(micros).In(now.Location())
	return l.Date(at.Format(time.DateOnly)) + at.Format(" 15:04")
}

// sayItems says the titles and help of a menu whose items are written out in the program.
func sayItems(l *lang.Lang, items []kit.Item) []kit.Item {
	for i := range items {
		items[i].Title, items[i].Help = l.T(items[i].Title), l.T(items[i].Help)
	}
	return items
}

// sayColumns says the titles of columns; a title that is longer in the language widens its column.
func sayColumns(l *lang.Lang, columns []kit.Column) []kit.Column {
	for i := range columns {
		c := &columns[i]
		if said := l.T(c.Title); said != c.Title {
			c.Title = said
			c.Min, c.Ideal = max(c.Min, kit.Width(said)+1), max(c.Ideal, kit.Width(said)+1)
		}
	}
	return columns
}

// saidError says an error in the session's language.
func (a *App) saidError(err error) error {
	if err == nil || a.lang == nil {
		return err
	}
	return errors.New(a.lang.Say(err.Error()))
}

// kitForm makes a form whose own words are the session's.
func (a *App) kitForm(title string, fields []kit.Field) *kit.Form {
	f := kit.NewForm(title, fields)
	w := &f.Words
	for _, text := range []*string{&w.Required, &w.NoOption, &w.Discard, &w.Yes, &w.No, &w.Keys, &w.Editor, &w.Find, &w.Finding, &w.Table} {
		*text = a.lang.T(*text)
	}
	return f
}
