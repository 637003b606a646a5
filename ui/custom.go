package ui

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// customTimeout is how long a person's own command may run.
const customTimeout = 30 * time.Second

// customOutput is how much of its output is shown, in bytes.
const customOutput = 256 << 10

// runCustom runs a person's own command for the record under the cursor, asking first for what it
// wants to know.
func (a *App) runCustom(name string) {
	i := slices.IndexFunc(a.o.Config.Commands, func(c Custom) bool { return c.Name == name })
	if i < 0 || !a.o.Local {
		a.say(kit.Warn, "%s: own commands run on your own machine only", name)
		return
	}
	c := a.o.Config.Commands[i]
	if len(c.Prompts) == 0 {
		a.after = a.startCustom(c, nil)
		return
	}
	var fields []kit.Field
	for _, p := range c.Prompts {
		fields = append(fields, kit.Field{Key: p, Label: p})
	}
	a.stack.Push(&kit.FormDialog{Form: a.kitForm(c.Name, fields), ID: c})
}

// startCustom runs the program without a shell: what a record holds reaches it as an argument and is
// never read as a command.
func (a *App) startCustom(c Custom, answers map[string]string) tea.Cmd {
	argv := make([]string, len(c.Run))
	for i, arg := range c.Run {
		argv[i] = a.fillIn(arg, answers)
	}
	ctx := a.ctx
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, customTimeout)
		defer cancel()
		out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput()
		var lines []kit.Spans
		for l := range strings.SplitSeq(kit.CleanLines(string(out[:min(len(out), customOutput)])), "\n") {
			lines = append(lines, kit.Plain(l))
		}
		if err != nil {
			lines = append(lines, kit.Spans{{Text: fmt.Sprintf("%s: %v", argv[0], err), Token: kit.Bad}})
		}
		return textRead{overlay: kit.NewPager(c.Name, lines)}
	}
}

// fillIn puts fields of the record under the cursor and answers into an argument.
func (a *App) fillIn(arg string, answers map[string]string) string {
	k, row, ok := a.target()
	var b strings.Builder
	for {
		i := strings.IndexByte(arg, '{')
		j := strings.IndexByte(arg, '}')
		if i < 0 || j < i {
			b.WriteString(arg)
			return b.String()
		}
		b.WriteString(arg[:i])
		name := arg[i+1 : j]
		switch prompt, isPrompt := strings.CutPrefix(name, "prompt:"); {
		case isPrompt:
			b.WriteString(answers[prompt])
		case ok && name == "id":
			b.WriteString(a.snap.Table(k).ID(row).String())
		case ok && name == "kind":
			b.WriteString(k.String())
		case ok:
			switch f, known := model.SchemaOf(k).Field(name); {
			case known && f.Type == model.TMoney: // Programs read plain numbers.
				b.WriteString(a.snap.Table(k).Value(row, name).Format())
			case known:
				b.WriteString(a.snap.Shown(k, row, name))
			}
		}
		arg = arg[j+1:]
	}
}
