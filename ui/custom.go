package ui

import (
	"context"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/ui/kit"
)

// customTimeout is how long a person's own command may run.
const customTimeout = 30 * time.Second

// customOutput is how much of its output is shown, in bytes: what an editor brings back.
const customOutput = 256 << 10

// runCustom runs a person's own command for the record under the cursor, asking first for what it
// wants to know, and whether a dangerous one is meant.
func (a *App) runCustom(name string) {
	i := slices.IndexFunc(a.o.Config.Commands, func(c Custom) bool { return c.Name == name })
	if i < 0 || !a.o.Local {
		a.say(kit.Warn, "%s: own commands run on your own machine only", name)
		return
	}
	c := a.o.Config.Commands[i]
	if len(c.Prompts) == 0 {
		a.customAsked(c, nil)
		return
	}
	var fields []kit.Field
	for _, p := range c.Prompts {
		fields = append(fields, p.field("2026-11-22, today, +90d, -2w, next fri"))
	}
	f := a.kitForm(kit.Clean(c.Name), fields)
	f.Validate = func(key, value string) error { _, err := a.promptValue(c.prompt(key), value); return a.saidError(err) }
	f.Lookup = func(_, typed string) []kit.Option { return a.people(typed) }
	a.stack.Push(&kit.FormDialog{Form: f, ID: &customForm{c, f}})
}

// customForm is the form of a command's prompts.
type customForm struct {
	c    Custom
	form *kit.Form
}

// formAnswered takes the answers as the command gets them: days written out, numbers plain.
func (q *customForm) formAnswered(a *App, _ kit.FormAnswer) {
	answers := q.form.Values()
	for name, text := range answers {
		v, err := a.promptValue(q.c.prompt(name), text)
		if err != nil {
			a.fail(err)
			return
		}
		answers[name] = v
	}
	a.customAsked(q.c, answers)
}

// promptValue reads an answer by the type of its prompt.
func (a *App) promptValue(p Prompt, text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	switch p.Type {
	case "date":
		d, err := day.ParseHuman(text, a.snap.Today)
		return d.String(), err
	case "number":
		v, err := (&model.Field{Name: p.Name, Type: model.TNumber}).Parse(text)
		return v.Format(), err
	}
	return text, nil
}

// customAsked runs a command; a dangerous one shows first what will run.
func (a *App) customAsked(c Custom, answers map[string]string) {
	argv := a.customArgs(c, answers)
	if !c.Dangerous {
		a.after = a.startCustom(c, argv)
		return
	}
	a.stack.Push(&kit.Confirm{
		Title: kit.Clean(c.Name), Question: a.lang.T("This runs on your machine:") + "\n" + kit.Truncate(kit.Clean(shellWords(argv)), 600),
		Yes: a.lang.T("Run it"), No: a.lang.T("Leave it"), Answer: customRun{c, argv},
	})
}

// shellWords writes arguments so that it can be seen where each ends.
func shellWords(argv []string) string {
	out := make([]string, len(argv))
	for i, arg := range argv {
		if out[i] = arg; arg == "" || strings.ContainsAny(arg, " \t\n'\"") {
			out[i] = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
	}
	return strings.Join(out, " ")
}

// customRun is the yes to a dangerous command.
type customRun struct {
	c    Custom
	argv []string
}

func (r customRun) answered(a *App) { a.after = a.startCustom(r.c, r.argv) }

// startCustom runs the program without a shell: what a record holds reaches it as an argument and is
// never read as a command.
func (a *App) startCustom(c Custom, argv []string) tea.Cmd {
	ctx := a.ctx
	a.say(kit.Info, "%s is running…", kit.Clean(c.Name))
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, customTimeout)
		defer cancel()
		out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%s: %w", argv[0], err)
		}
		return customEnded{c, string(out[:min(len(out), customOutput)]), err}
	}
}

// customEnded tells what a person's own command said.
type customEnded struct {
	c    Custom
	said string
	err  error
}

// apply shows the output where the command wants it. What went wrong is always shown.
func (m customEnded) apply(a *App) {
	name := kit.Clean(m.c.Name)
	switch {
	case m.err == nil && (m.c.Output == outputNone || strings.TrimSpace(m.said) == ""):
		a.say(tokenDone, "%s: done", name)
		return
	case m.err == nil && m.c.Output == outputEditor && a.editor():
		a.message = message{}
		a.after = a.runEditor(fileName(m.c.Name), m.said, nil, "")
		return
	}
	a.message = message{}
	var lines []kit.Spans
	if m.err != nil {
		lines = append(lines, kit.Spans{{Text: kit.Clean(m.err.Error()), Token: kit.Bad}})
	}
	for l := range strings.SplitSeq(kit.CleanLines(m.said), "\n") {
		lines = append(lines, kit.Plain(l))
	}
	a.stack.Push(kit.NewPager(name, lines))
}

// fileName makes the name of a command one of a file.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, name) + ".txt"
}

// customArgs fills the arguments in. An argument that is {marked} or {marked:field} alone becomes one for
// each marked record; within a text they stand with commas between.
func (a *App) customArgs(c Custom, answers map[string]string) []string {
	var argv []string
	for _, arg := range c.Run {
		if name, ok := strings.CutPrefix(arg, "{marked"); ok && strings.Count(arg, "{") == 1 && strings.HasSuffix(name, "}") {
			argv = append(argv, a.markedValues(strings.TrimSuffix(name, "}"))...)
			continue
		}
		argv = append(argv, a.fillIn(arg, answers))
	}
	return argv
}

// markedValues gives a field of each marked record, or of the one under the cursor where none is marked:
// "" is their ids, ":name" the field name.
func (a *App) markedValues(of string) []string {
	k, ids := a.markedIDs()
	if len(ids) == 0 {
		at, row, ok := a.target()
		if !ok {
			return nil
		}
		k, ids = at, []model.ID{a.snap.Table(at).ID(row)}
	}
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if row, ok := a.snap.Table(k).Row(id); ok {
			out = append(out, a.placeholder(k, row, cmpOr(strings.TrimPrefix(of, ":"), "id")))
		}
	}
	return out
}

func cmpOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// placeholder is a field of a record as a command gets it.
func (a *App) placeholder(k model.Kind, row int32, name string) string {
	switch name {
	case "id":
		return a.snap.Table(k).ID(row).String()
	case "kind":
		return k.String()
	}
	switch f, known := model.SchemaOf(k).Field(name); {
	case known && f.Type == model.TMoney: // Programs read plain numbers.
		return a.snap.Table(k).Value(row, name).Format()
	case known:
		return a.snap.Shown(k, row, name)
	}
	return ""
}

// fillIn puts fields of the record under the cursor, of the marked ones, and answers into an argument.
func (a *App) fillIn(arg string, answers map[string]string) string {
	k, row, ok := a.target()
	var b strings.Builder
	for {
		before, name, after, found := cutPlaceholder(arg)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		prompt, isPrompt := strings.CutPrefix(name, "prompt:")
		marked, isMarked := strings.CutPrefix(name, "marked")
		switch {
		case isPrompt:
			b.WriteString(answers[prompt])
		case isMarked && (marked == "" || marked[0] == ':'):
			b.WriteString(strings.Join(a.markedValues(marked), ","))
		case ok:
			b.WriteString(a.placeholder(k, row, name))
		}
		arg = after
	}
}

// cutPlaceholder parts a text at its first {name}.
func cutPlaceholder(s string) (before, name, after string, found bool) {
	i := strings.IndexByte(s, '{')
	if i < 0 {
		return s, "", "", false
	}
	j := strings.IndexByte(s[i:], '}')
	if j < 0 {
		return s, "", "", false
	}
	return s[:i], s[i+1 : i+j], s[i+j+1:], true
}

// placeholders lists the names in braces of a command's arguments.
func (c Custom) placeholders() []string {
	seen := map[string]bool{}
	for _, arg := range c.Run {
		for {
			_, name, after, found := cutPlaceholder(arg)
			if !found {
				break
			}
			seen[name], arg = true, after
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
