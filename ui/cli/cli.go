package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
	"opsdeck/ui"
	"opsdeck/ui/kit"
)

// Deps are what the command line gets from outside, so that a run can be repeated to the byte.
type Deps struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Env            []string         // "NAME=value"
	User           string           // who the operating system says is calling
	Now            func() time.Time // the clock, in the caller's zone
	NewID          func() model.ID
	LockWait       time.Duration // how long a verb waits for a book that others hold; 0 means 5 seconds
	// Workstation opens the workstation on a book and returns when the person leaves it.
	Workstation func(context.Context, *store.Book, WorkstationOptions) error
	Host        *Host // the engine on which the run takes place; nil for a run of its own
}

// WorkstationOptions say for whom and where a workstation is opened.
type WorkstationOptions struct {
	User    string
	Lang    string // BCP 47 tag; empty when nobody has asked for one
	NoColor bool
	Note    string // shown at the start: whose book this is, and whether it lasts
	Env     []string
	Stdin   io.Reader
	Stdout  io.Writer
	Local   bool       // the person sits at the machine on which this runs
	Remote  *ui.Remote // the terminal of somebody who does not

	Stopping <-chan struct{} // closed when the engine that keeps the book is about to stop
	Again    bool            // the person was here until the engine went away
}

// app is one run of the program.
type app struct {
	Deps
	out *bufio.Writer

	book     string
	as       string
	today    string
	lang     string
	readOnly bool
	noColor  bool
	quiet    bool

	fixed day.Day // of --today, else None

	lost   bool              // the engine of the workstation has gone away
	args   []string          // the command line as it came
	dir    string            // for files of an attached caller
	copies map[string]string // those that are there, by their own path
}

// Run runs one command line, without the program's name, and returns the exit status.
func Run(ctx context.Context, args []string, d Deps) int {
	a := &app{Deps: d, out: bufio.NewWriterSize(d.Stdout, 1<<16), fixed: day.None, args: args}
	defer a.cleanUp()
	root := a.root()
	root.SetArgs(append([]string{}, args...)) // nil would stand for the arguments of the process
	root.SetIn(d.Stdin)
	root.SetOut(a.out)
	root.SetErr(d.Stderr)
	err := root.ExecuteContext(ctx)
	if flushErr := a.out.Flush(); err == nil && flushErr != nil {
		err = fmt.Errorf("output: %w", flushErr)
	}
	return a.finish(err)
}

// finish tells what went wrong, in one line where that is possible, and turns it into a status.
func (a *app) finish(err error) int {
	status := statusOf(err)
	if text := explain(err); text != "" {
		_, _ = fmt.Fprintln(a.Stderr, "opsdeck: "+a.words(text))
	}
	return status
}

// say writes words to standard error, unless -q asks for silence.
func (a *app) say(format string, args ...any) {
	if !a.quiet {
		_, _ = fmt.Fprintln(a.Stderr, a.words(fmt.Sprintf(format, args...)))
	}
}

// words makes a text fit to be read. What the caller has named stays in its line: a file called "x\nbook.db is sound"
// would speak for the program.
func (a *app) words(text string) string {
	for _, arg := range a.args {
		if len(arg) == 1 || !strings.ContainsAny(arg, "\n\r\v\f\u0085\u2028\u2029") {
			continue
		}
		text = strings.ReplaceAll(text, arg, kit.Clean(arg))
		text = strings.ReplaceAll(text, filepath.Base(arg), kit.Clean(filepath.Base(arg)))
	}
	return kit.CleanLines(text)
}

// printf writes data to standard output. Errors stick to the buffer and come out at the end.
func (a *app) printf(format string, args ...any) { _, _ = fmt.Fprintf(a.out, format, args...) }

func (a *app) root() *cobra.Command {
	c := &cobra.Command{
		Use:           "opsdeck",
		Short:         "A workstation for the people who keep customers",
		Long:          "opsdeck keeps customers, contracts, renewals, bugs and demands of a software company in one book.\nWithout a verb it opens the workstation.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       versionText(),
		Args:          noVerb,
		RunE:          func(c *cobra.Command, _ []string) error { return a.runWorkstation(c.Context()) },
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			if err := a.readGlobals(); err != nil {
				return err
			}
			return a.forward(c.Context(), c)
		},
	}
	c.SetVersionTemplate("{{.Version}}\n")
	c.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usagef("%s; '%s --help' lists the flags", err, c.CommandPath())
	})
	f := c.PersistentFlags()
	f.StringVar(&a.book, "book", "", "the book's `file` (default $XDG_DATA_HOME/opsdeck/book.db)")
	f.StringVar(&a.as, "as", "", "act as another `user`; for the owner of the book and for administrators")
	f.StringVar(&a.today, "today", "", "compute everything for this `date`, 2026-11-22")
	f.StringVar(&a.lang, "lang", "", "language of the workstation: en, zh, ja or es")
	f.BoolVar(&a.readOnly, "read-only", false, "refuse every change")
	f.BoolVar(&a.noColor, "no-color", false, "no colours; the environment variable NO_COLOR says the same")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "no words, only data and errors")
	c.CompletionOptions.DisableDefaultCmd = true
	c.AddCommand(a.commands()...)
	c.SetHelpCommand(a.helpCommand())
	return c
}

func (a *app) commands() []*cobra.Command {
	verbs := []*cobra.Command{
		a.listCommand(), a.showCommand(), a.whyCommand(), a.addCommand(), a.setCommand(), a.removeCommand(), a.eraseCommand(), a.doCommand(), a.undoCommand(), a.redoCommand(),
		a.historyCommand(), a.importCommand(), a.exportCommand(), a.checkCommand(), a.backupCommand(), a.reportCommand(), a.settingsCommand(), a.scorecardCommand(),
		a.usersCommand(), a.statusCommand(),
	}
	for _, c := range []*cobra.Command{a.fieldsCommand(), a.completionCommand(), a.manCommand(), a.versionCommand()} {
		verbs = append(verbs, alone(c, bookless))
	}
	for _, c := range []*cobra.Command{a.demoCommand(), a.doctorCommand(), a.restoreCommand(), a.compactCommand(), a.serveCommand()} {
		verbs = append(verbs, alone(c, wholeBook))
	}
	return verbs
}

// noVerb refuses arguments of the bare command: they are verbs that do not exist.
func noVerb(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var verbs []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			verbs = append(verbs, sub.Name())
		}
	}
	return usagef("there is no verb %q%s", args[0], didYouMean(args[0], verbs, "'opsdeck help' lists the verbs"))
}

func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [VERB]",
		Short: "Say how a verb is used",
		RunE: func(c *cobra.Command, args []string) error {
			found, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return noVerb(c.Root(), args)
			}
			return found.Help()
		},
	}
}

// readGlobals checks the global flags before any verb runs.
func (a *app) readGlobals() error {
	if a.today != "" {
		d, err := day.Parse(a.today)
		if err != nil {
			return usagef("--today: %v", err)
		}
		a.fixed = d
	}
	return checkLanguage(a.lang)
}

// env returns a variable of the caller's environment.
func (a *app) env(name string) string {
	for _, kv := range slices.Backward(a.Env) {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			return v
		}
	}
	return ""
}

// me is who acts: --as, else the user of the operating system.
func (a *app) me() string {
	if a.as != "" {
		return a.as
	}
	return a.User
}

// day returns the day that figures are computed for.
func (a *app) day() day.Day {
	if a.fixed.IsSet() {
		return a.fixed
	}
	return day.FromTime(a.Now())
}

// args makes a check that an argument count lies within bounds and, when it does not, says how the
// verb is used.
func args(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < least || most >= 0 && len(args) > most {
			return usagef("usage: %s", c.UseLine())
		}
		return nil
	}
}
