package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "man",
		Short:   "Print the manual page",
		Example: "  opsdeck man > ~/.local/share/man/man1/opsdeck.1",
		Args:    args(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			manPage(a.out, c.Root())
			return nil
		},
	}
}

// manPage writes one page for the whole program, from the same table of commands that the help is
// made of. Errors stick to the writer.
func manPage(w io.Writer, root *cobra.Command) {
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
	p(".TH OPSDECK 1 \"\" \"opsdeck\" \"User Commands\"\n")
	p(".SH NAME\nopsdeck \\- %s\n", roff(lowerFirst(root.Short)))
	p(".SH SYNOPSIS\n.B opsdeck\n[\\fIVERB\\fR] [\\fIARGUMENT\\fR...] [\\fIFLAG\\fR...]\n")
	p(".SH DESCRIPTION\n%s\n", roffLines(root.Long))
	p(".SH COMMANDS\n")
	manCommands(p, root)
	p(".SH GLOBAL FLAGS\n")
	manFlags(p, root.PersistentFlags())
	p(".SH EXIT STATUS\n")
	for _, s := range []struct {
		status int
		words  string
	}{
		{exitDone, "done"},
		{exitFailed, "failed"},
		{exitUsage, "wrong usage"},
		{exitPartly, "partly done: rows were refused"},
		{exitNotFound, "not found"},
		{exitRefused, "refused: rights, lock or conflict"},
	} {
		p(".TP\n.B %d\n%s\n", s.status, roff(s.words))
	}
	p(".SH FILES\n.TP\n.I $XDG_DATA_HOME/opsdeck/book.db\nthe default book; without XDG_DATA_HOME it is below ~/.local/share\n")
	p(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colours when set\n.TP\n.B VISUAL, EDITOR\nthe editor of 'opsdeck settings edit'\n")
}

func manCommands(p func(string, ...any), parent *cobra.Command) {
	for _, c := range parent.Commands() {
		if !c.IsAvailableCommand() {
			continue
		}
		if c.Runnable() {
			p(".SS %s\n", roff(strings.TrimSuffix(c.UseLine(), " [flags]")))
			text := c.Long
			if text == "" {
				text = c.Short + "."
			}
			p("%s\n", roffLines(text))
			manFlags(p, c.LocalNonPersistentFlags())
			if c.Example != "" {
				p(".PP\n.nf\n%s\n.fi\n", roff(c.Example))
			}
		}
		manCommands(p, c)
	}
}

func manFlags(p func(string, ...any), flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		if value != "" {
			value = " \\fI" + roff(value) + "\\fR"
		}
		p(".TP\n\\fB%s\\fR%s\n%s\n", roff(name), value, roff(usage))
	})
}

// roff makes a text fit for a page: no line of it is taken for a request.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}

// roffLines keeps the line breaks of a text.
func roffLines(s string) string { return strings.ReplaceAll(roff(s), "\n", "\n.br\n") }

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
