package ui

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// prompt is the line at the bottom into which a filter or a command is typed.
type prompt struct {
	line    *kit.Input
	command bool
	before  string // the filter to go back to
	key     string // the row to go back to
}

// openFilter lets type a filter; the list follows every key.
func (a *App) openFilter() {
	in := kit.NewInput("/")
	in.Up, in.History = true, a.filters
	in.Hint = a.lang.T("words, field:value, -field:value, arr:>100k, renews:<90d, or, ( )")
	in.Complete = a.completeFilter
	in.SetText(a.filterTarget().filter())
	a.input = &prompt{line: in, before: in.Text(), key: a.pane().grid().Key()}
}

// completeFilter offers fields and values. The input counts bytes, the filter language runes.
func (a *App) completeFilter(text string, at int) []kit.Candidate {
	if s := a.pane().spec().scope; a.page == nil && (s == ScopeToday || s == ScopeImport) {
		return nil // It takes words alone.
	}
	k := a.pane().spec().kind
	runes := []rune(text)
	cursor := utf8.RuneCountInString(text[:min(at, len(text))])
	schema, values := a.snap.FilterSchema(k), func(field string) []string { return a.snap.Values(k, field, 200) }
	if a.page != nil {
		k, schema, values = model.KNone, a.page.events, a.page.events.Values
	}
	found := query.Complete(text, cursor, schema, values)
	out := make([]kit.Candidate, 0, len(found))
	for _, c := range found {
		help := ""
		if f, ok := fieldNamed(k, c.Label); ok && strings.HasSuffix(c.Text, ":") {
			help = strings.TrimSuffix(a.lang.T(f.Label)+": "+a.lang.T(f.Help), ": ")
		} else if c.Label != c.Text {
			help = c.Label
		}
		out = append(out, kit.Candidate{Text: c.Text, Help: help, From: len(string(runes[:c.From])), To: len(string(runes[:c.To]))})
	}
	return out
}

// fieldNamed finds a field of a kind; what is no kind has none.
func fieldNamed(k model.Kind, name string) (*model.Field, bool) {
	if s := model.SchemaOf(k); s != nil {
		return s.Field(name)
	}
	return nil, false
}

// openCommand lets type a command.
func (a *App) openCommand() {
	in := kit.NewInput(":")
	in.Up, in.History = true, a.commands
	in.Hint = a.lang.T("an action's name, or: filter …, sort -arr,name, group tier, set field=value, go NAME, why FIELD, theme NAME, density NAME, lang CODE")
	in.Complete = a.completeCommand
	a.input = &prompt{line: in, command: true}
}

func (a *App) inputKey(msg tea.KeyPressMsg) { a.inputEvent(a.input.line.Key(msg)) }

func (a *App) inputEvent(e kit.InputEvent) {
	in := a.input
	switch e {
	case kit.InputChanged:
		if !in.command {
			a.applyFilter(in.line)
		}
	case kit.InputSubmitted:
		a.submitted(in)
	case kit.InputCancelled:
		a.input = nil
		if !in.command {
			if err := a.filterTarget().setFilter(in.before); err != nil {
				a.fail(err)
			} else if a.page == nil {
				a.pane().grid().KeepCursorOn(in.key)
			}
		}
	}
}

func (a *App) submitted(in *prompt) {
	text := in.line.Text()
	if in.command {
		a.input = nil
		if strings.TrimSpace(text) == "" {
			return
		}
		a.message = message{}
		a.command(text)
		a.commands = a.keepLine(a.commands, lineCommand, text)
		return
	}
	if a.applyFilter(in.line) {
		a.input = nil
		if text != "" {
			a.filters = a.keepLine(a.filters, lineFilter, text)
		}
	}
}

// applyFilter filters by what has been typed so far; while that does not parse, the list stays as it
// was and the place of the error is marked.
func (a *App) applyFilter(in *kit.Input) bool {
	err := a.filterTarget().setFilter(in.Text())
	var at *query.Error
	switch {
	case err == nil:
		in.SetError(0, "")
		if a.page == nil {
			a.pane().grid().Home()
		}
		return true
	case errors.As(err, &at):
		words := a.lang.Say(at.Msg)
		if at.Hint != "" {
			words += "; " + a.lang.Say(at.Hint)
		}
		runes := []rune(in.Text())
		in.SetError(len(string(runes[:min(max(at.Pos, 0), len(runes))])), words)
	default:
		in.SetError(-1, a.lang.Say(err.Error()))
	}
	return false
}

// command carries out a typed command.
func (a *App) command(text string) {
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	rest = strings.TrimSpace(rest)
	list, isList := a.list()
	switch word {
	case "filter":
		a.page = nil
		if err := a.pane().setFilter(rest); err != nil {
			a.fail(err)
		}
		return
	case "sort":
		if !isList || a.page != nil {
			a.say(kit.Warn, "sort works in lists of records")
		} else if err := list.setSorts(rest); err != nil {
			a.fail(err)
		}
		return
	case "group":
		if !isList || a.page != nil {
			a.say(kit.Warn, "group works in lists of records")
		} else if err := list.setGroup(rest); err != nil {
			a.fail(err)
		}
		return
	case "set":
		a.setCommand(rest)
		return
	case "go":
		a.goCommand(rest)
		return
	case "import":
		if rest != "" {
			a.startImport(rest)
			return
		}
	case "why":
		if k, row, ok := a.target(); ok && rest != "" {
			a.after = a.readWhy(k, a.snap.Table(k).ID(row), rest)
			return
		}
	case "theme", "density", "lang":
		if a.lookCommand(word, rest) {
			return
		}
	}
	for _, b := range a.keys.in(a.scope()) {
		if strings.EqualFold(string(b.Action), text) || strings.EqualFold(b.Label, text) {
			a.run(b)
			return
		}
	}
	a.say(kit.Bad, "There is no command %q; tab completes, ctrl+k lists everything.", text)
}

// lookCommand sets how the program looks, and tells whether there is such a look.
func (a *App) lookCommand(word, name string) bool {
	switch word {
	case "theme":
		if slices.Contains(kit.ThemeNames(), name) {
			a.setTheme(name)
			return true
		}
	case "density":
		if name == DensityCompact || name == DensityComfortable {
			a.setDensity(name == DensityComfortable)
			return true
		}
	case "lang":
		if code, ok := lang.Match(name); ok {
			a.setLang(code)
			return true
		}
	}
	return false
}

// setCommand changes fields of the record under the cursor: "owner=ana team=North".
func (a *App) setCommand(text string) {
	k, row, ok := a.target()
	switch {
	case a.readOnly:
		a.say(kit.Warn, "set: reading only (ctrl+o switches)")
		return
	case !ok:
		a.say(kit.Warn, "set: no record is under the cursor")
		return
	}
	changes := map[string]string{}
	for _, pair := range splitWords(text) {
		name, value, found := strings.Cut(pair, "=")
		if !found {
			a.say(kit.Bad, "set: %q is not field=value", pair)
			return
		}
		changes[name] = value
	}
	if len(changes) == 0 {
		a.say(kit.Bad, "set: write field=value, for example set owner=ana")
		return
	}
	if many, ids := a.markedIDs(); len(ids) > 0 {
		a.after = a.planBulk(many, ids, changes, nil)
		return
	}
	a.after = a.setFields(k, a.snap.Table(k).ID(row), changes)
}

// splitWords parts at spaces that no quotes protect.
func splitWords(s string) []string {
	var out []string
	var cur strings.Builder
	inQuotes := false
	for _, r := range s {
		switch {
		case r == '"':
			inQuotes = !inQuotes
		case r == ' ' && !inQuotes:
			if cur.Len() > 0 {
				out = append(out, cur.String())
				cur.Reset()
			}
		default:
			cur.WriteRune(r)
		}
	}
	if cur.Len() > 0 {
		out = append(out, cur.String())
	}
	return out
}

// completeCommand offers commands, fields for set, sort and why, and filters.
func (a *App) completeCommand(text string, at int) []kit.Candidate {
	word, rest, spaced := strings.Cut(text, " ")
	k := model.Customer
	if a.page == nil {
		k = a.pane().spec().kind
	}
	switch {
	case !spaced:
		return a.completeAction(text)
	case word == "filter":
		off := len(word) + 1
		out := a.completeFilter(rest, max(0, at-off))
		for i := range out {
			out[i].From += off
			out[i].To += off
		}
		return out
	case word == "go":
		return a.completeCustomer(rest, len(word)+1)
	case word == "set" || word == "sort" || word == "why" || word == "group":
		from := strings.LastIndexAny(text, " ,-") + 1
		var out []kit.Candidate
		for _, f := range a.snap.FilterSchema(k).Names() {
			if strings.HasPrefix(f, text[from:]) {
				if word == "set" {
					f += "="
				}
				out = append(out, kit.Candidate{Text: f, From: from, To: len(text)})
			}
		}
		return out
	}
	return a.completeAction(text)
}

func (a *App) completeAction(text string) []kit.Candidate {
	var out []kit.Candidate
	for _, w := range []string{"filter ", "sort ", "group ", "set ", "go ", "why ", "theme ", "density ", "lang ", "import "} {
		if strings.HasPrefix(w, text) {
			out = append(out, kit.Candidate{Text: w, To: len(text)})
		}
	}
	for _, b := range a.keys.in(a.scope()) {
		if strings.HasPrefix(string(b.Action), strings.ToLower(text)) {
			out = append(out, kit.Candidate{Text: string(b.Action), Help: a.lang.T(b.Help), To: len(text)})
		}
	}
	return out
}
