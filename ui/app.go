package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// Options say who works, where time comes from, and how the screen looks.
type Options struct {
	Actor    string
	Now      func() time.Time
	Theme    string // "auto" asks the terminal for its background
	ASCII    bool
	NoColor  bool
	ReadOnly bool
	Lang     string // code of the language; empty for English
	Title    string // name of the book, for the first line and the window
	Live     bool   // follow what others do; off where nobody else can
	Local    bool   // the person sits at this machine: their own commands may run
	Config   Config // the person's own keys, commands and looks
	// DraftPause is the time between two writes of a form's draft: what a crash can cost. 0 writes at once.
	DraftPause time.Duration
	// Moment is how long what others have changed stays marked; 0: until they change something else.
	Moment time.Duration
	// Stopping is closed when the engine is about to stop; nil where there is none.
	Stopping <-chan struct{}
	// Resumed says that the screen comes back after the engine went away under it.
	Resumed bool
	// Editor is the person's program for long texts with its arguments, run only where Local is true.
	Editor string
	// Importer reads files of this machine; nil where the person's files are elsewhere.
	Importer Importer
	// HandOver writes what goes to engineers; nil where nothing can be handed over.
	HandOver HandOver
	Remote   *Remote // the terminal, where it is not at this machine
}

// App is the workstation of one session.
type App struct {
	ctx     context.Context
	backend Backend
	o       Options

	width, height int
	canvas        *kit.Canvas
	used          map[model.Kind]map[string]bool // fields that records of this book have, for their details
	painter       *kit.Painter                   // nil where somebody else shows what View returns
	theme         *kit.Theme
	lang          *lang.Lang
	keys          *keymap

	snap       *table.Snapshot
	panes      []pane
	at         int
	guest      pane // stands in front of the panes until it is left: an import
	page       *customerPage
	stack      kit.Stack
	input      *prompt
	message    message
	readOnly   bool
	roomy      bool         // lists with air between rows and columns
	search     *kit.Palette // the palette that looks for records, with what it was last asked for
	searched   string
	stopSearch context.CancelFunc
	unfinished *cardPane      // a scoring model whose edits were neither applied nor given up
	unread     int            // how often the last change of others could not be read
	recent     []recentRecord // records looked at, the last first
	commands   []string       // history of the command line
	filters    []string       // history of filters
	after      tea.Cmd        // what the action under way wants done
	drafts     drafter
	alarms     alarms
	others     others
	inbox      inbox
	stopping   string       // the word that the engine stops, once it has come
	resuming   bool         // the form that was open when the engine went away is about to come back
	member     model.Member // who the person is to the book; without a role as long as that is not known
}

// message is the last line of the screen until the next key.
type message struct {
	text  string
	token kit.Token
}

// New makes the workstation over a book. The context ends every command with the session.
func New(ctx context.Context, b Backend, o Options) *App {
	a := &App{ctx: ctx, backend: b, o: o, canvas: kit.NewCanvas(80, 24), used: map[model.Kind]map[string]bool{}, keys: newKeymap(o.Config), width: 80, height: 24}
	a.readOnly = o.ReadOnly || b.ReadOnly()
	a.roomy, a.resuming = o.Config.Density == DensityComfortable, o.Resumed
	a.setTheme(a.firstTheme())
	a.panes = []pane{newListPane(customersSpec()), newSegmentsPane(), newRenewalsPane(), newQueuePane(o.Now), newTodayPane()}
	a.setLang(o.Lang)
	return a
}

func (a *App) firstTheme() string {
	switch {
	case a.o.NoColor:
		return "none"
	case a.o.Theme == "" || a.o.Theme == "auto":
		return "dark"
	}
	return a.o.Theme
}

func (a *App) setTheme(name string) {
	a.theme = kit.NewTheme(name, a.o.ASCII)
	a.theme.Roomy = a.roomy
	a.canvas.SetASCII(a.o.ASCII)
}

// Init implements tea.Model.
func (a *App) Init() tea.Cmd {
	cmds := []tea.Cmd{a.open}
	if a.o.Theme == "auto" && !a.o.NoColor {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	if a.o.Live {
		cmds = append(cmds, a.follow())
	}
	if a.o.Stopping != nil {
		cmds = append(cmds, a.awaitStop)
	}
	return tea.Batch(cmds...)
}

// Update implements tea.Model.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	a.after = nil
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.width, a.height = msg.Width, msg.Height
		a.painter.Repaint()
	case tea.BackgroundColorMsg:
		if !msg.IsDark() {
			a.setTheme("light")
		}
	case tea.ModeReportMsg:
		a.modeReported(msg)
	case tea.ColorProfileMsg:
		a.painter.SetProfile(msg.Profile)
	case tea.KeyPressMsg:
		a.key(msg)
		a.follows()
	case tea.PasteMsg:
		a.paste(msg.Content)
		a.follows()
	case tea.MouseClickMsg:
		a.click(msg.X, msg.Y)
	case tea.MouseWheelMsg:
		a.wheel(msg)
	case bookOpened:
		a.opened(msg)
	case bookChanged:
		a.othersChanged(msg)
	case stepDone:
		a.stepDone(msg)
	case recordRead:
		a.recordRead(msg)
	case customerRead:
		a.customerRead(msg)
	case textRead:
		a.textRead(msg)
	case bulkPlanned:
		a.bulkPlanned(msg)
	case fact:
		msg.apply(a)
	}
	if w, ok := a.pane().(worker); ok && a.snap != nil && a.page == nil {
		a.after = tea.Batch(a.after, w.work(a))
	}
	a.keepDraft()
	a.tellPresence()
	return a, a.after
}

// pane is what is shown, or what is under the customer view.
func (a *App) pane() pane {
	if a.guest != nil {
		return a.guest
	}
	return a.panes[a.at]
}

// scope is where the keys go.
func (a *App) scope() Scope {
	if a.page != nil {
		return ScopeCustomer
	}
	return a.pane().spec().scope
}

func (a *App) env() query.Env { return query.Env{Today: a.snap.Today, Me: a.o.Actor} }

func (a *App) opened(msg bookOpened) {
	if msg.err != nil {
		a.fail(msg.err)
		return
	}
	a.member = msg.member
	a.changed(msg.snap)
}

// changed takes a new picture of the book. Only the pane that is seen is computed now; the others
// when they are gone to.
func (a *App) changed(s *table.Snapshot) {
	if s == nil || s == a.snap {
		return
	}
	if a.snap == nil {
		a.after = tea.Batch(a.after, a.readDrafts(false), a.readLines())
	}
	first := a.snap == nil
	a.snap = s
	if first && a.o.Live {
		a.after = tea.Batch(a.after, a.readNews())
	}
	a.alarms.ring(a, s)
	a.pane().show(s, a.env())
	a.startTicking()
	if a.page != nil {
		a.after = tea.Batch(a.after, a.readCustomer(a.page.id))
	}
}

func (a *App) key(msg tea.KeyPressMsg) {
	if a.resuming {
		return // They were meant for what will come back in a moment.
	}
	if out, taken := a.stack.Key(msg); taken {
		if out.Done || out.Result != nil {
			if out.Done {
				a.search = nil
			}
			a.answered(out.Result)
		}
		a.lookFurther()
		return
	}
	if a.input != nil {
		a.inputKey(msg)
		return
	}
	a.message = message{}
	b, ok := a.keys.find(a.scope(), msg)
	if !ok {
		a.say(kit.Muted, "“%s” does nothing here; ? shows the keys.", kit.Clean(msg.String()))
		return
	}
	a.run(b)
}

// run does what a binding is for, or says why not.
func (a *App) run(b Binding) {
	if why := a.off(b); why != "" {
		a.say(kit.Warn, a.lang.T(b.Label)+": "+a.lang.Say(why))
		return
	}
	a.do(b.Action)
}

// off says why a binding cannot be used now; nothing when it can.
func (a *App) off(b Binding) string {
	switch {
	case b.Action == ActQuit || b.Action == ActHelp || b.Action == ActTheme || b.Action == ActDensity || b.Action == ActLanguage || b.Action == ActRedraw:
		return ""
	case a.snap == nil:
		return "the book is still being opened"
	case b.Writes && a.readOnly:
		return "reading only (ctrl+o switches)"
	case b.Action == ActReadOnly && a.readOnly && a.backend.ReadOnly():
		return "the book itself is open for reading only"
	}
	switch b.Action {
	case ActImport:
		if a.o.Importer == nil {
			return noImporter(a.lang)
		}
	case ActSample:
		if !a.bookIsEmpty() {
			return a.lang.T("the book has customers already")
		}
	}
	switch b.Action {
	case ActEdit, ActTouch, ActRemove, ActRecordLog:
		if _, _, ok := a.target(); !ok {
			return "no record is under the cursor"
		}
	}
	if why := a.lacks(b); why != "" {
		return why
	}
	if p, ok := a.pane().(offer); ok && a.page == nil {
		return p.off(a, b.Action)
	}
	return ""
}

// target is the record that an action is about.
func (a *App) target() (model.Kind, int32, bool) {
	if a.page != nil {
		row, ok := a.snap.Table(model.Customer).Row(a.page.id)
		return model.Customer, row, ok
	}
	return a.pane().current()
}

func (a *App) paste(text string) {
	switch {
	case a.stack.Paste(text):
		a.lookFurther()
	case a.input != nil:
		a.inputEvent(a.input.line.Paste(text))
	}
}

// say shows a message until the next key, in the session's language: an English text with fmt's verbs,
// or words that are said already.
func (a *App) say(t kit.Token, text string, args ...any) {
	a.message = message{a.lang.T(text, args...), t}
}

func (a *App) fail(err error) { a.say(kit.Bad, a.lang.Say(err.Error())) }

// modeReported takes in what the terminal can do: count cells by grapheme clusters (mode 2027), and show a frame at one
// time (2026).
func (a *App) modeReported(m tea.ModeReportMsg) {
	switch m.Mode.Mode() {
	case ansi.ModeUnicodeCore.Mode():
		a.canvas.SetGraphemes(m.Value.IsSet())
	case ansi.ModeSynchronizedOutput.Mode():
		if m.Value.IsReset() {
			a.painter.Synced()
		}
	}
}
