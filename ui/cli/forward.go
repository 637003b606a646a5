package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"opsdeck/store/files"
	"opsdeck/ui/serve"
)

// Verbs that no engine is asked for.
const (
	onItsOwn  = "own"
	bookless  = "needs no book"
	wholeBook = "needs the book's file for itself"
	editsHere = "runs an editor of the caller's"
)

// alone marks a verb as one that no engine is asked for.
func alone(c *cobra.Command, why string) *cobra.Command {
	c.Annotations = map[string]string{onItsOwn: why}
	return c
}

// whyAlone tells why no engine is asked for a verb; empty where one is.
func whyAlone(c *cobra.Command) string {
	for ; c != nil; c = c.Parent() {
		if why := c.Annotations[onItsOwn]; why != "" {
			return why
		}
	}
	return ""
}

// patience is how long a verb waits for an engine that went away while it was at work.
const patience = 5 * time.Second

// forward asks the engine that keeps the book, if there is one, to carry out the command line. It
// returns nil where there is none.
func (a *app) forward(ctx context.Context, c *cobra.Command) error {
	why := whyAlone(c)
	if a.Host != nil && why == wholeBook {
		return refusedf("%s %s; stop the engine, then run it on the machine of the book", c.CommandPath(), why)
	}
	if a.Host != nil || why != "" || c == c.Root() || c.Name() == "help" {
		return nil
	}
	socket, given, err := a.socket()
	if err != nil || socket == "" {
		return nil // Without a place for a socket nobody can listen there.
	}
	client, err := a.dial(ctx, socket, given)
	if errors.Is(err, serve.ErrNoEngine) && !given {
		return nil
	}
	if err != nil {
		return refusedf("%w", err)
	}
	status, err := a.runOn(ctx, client, socket)
	if err != nil {
		return err
	}
	return quietly(status)
}

// runOn carries out the command line on an engine. When the connection breaks before the answer, the
// same request is sent once more to the next engine, which knows whether it was carried out.
func (a *app) runOn(ctx context.Context, client *serve.Client, socket string) (int, error) {
	in, out := &watched{Reader: a.Stdin}, &watched{Writer: a.Stdout}
	call := serve.Call{Args: withoutBook(a.args), Stdin: in, Stdout: out, Stderr: a.Stderr}
	call.Env = append(append(call.Env, a.Env...), requestVariable+"="+a.NewID().String())
	if isTerminal(a.Stdout) {
		call.Env = append(call.Env, terminalVariable+"=yes")
	}
	for until := time.Now().Add(patience); ; {
		status, err := client.Run(ctx, call)
		_ = client.Close()
		var lost *serve.LostError
		switch {
		case !errors.As(err, &lost) && (err != nil || status != serve.StatusStopping) || ctx.Err() != nil:
			return status, err
		case in.used || out.used: // What was read is gone, and what was written would come twice.
			return 0, errors.Join(err, failedf("the engine went away in the middle; 'opsdeck history' tells whether a change was made"))
		case lost != nil:
			a.say("%v; looking for it again", err)
		}
		<-time.After(redialEvery) // An engine that stops answers until it is gone.
		again, err := redial(ctx, socket, time.Until(until))
		if err != nil {
			return 0, errors.Join(err, failedf("whether the change was made is not known; 'opsdeck history' tells"))
		}
		if !time.Now().Before(until) {
			return 0, errors.Join(again.Close(), failedf("the engine goes away again and again; whether the change was made is not known; 'opsdeck history' tells"))
		}
		if client = again; !slices.Contains(call.Env, againVariable+"=yes") {
			call.Env = append(call.Env, againVariable+"=yes")
		}
	}
}

// lostPatience is how long a workstation whose engine went away waits for the next one: as long as a box takes to
// start again.
const lostPatience = time.Minute

// dial connects to the engine at a socket. Whose book lies with an engine waits for it: a book of their
// own in its place would take what is meant for the other.
func (a *app) dial(ctx context.Context, socket string, given bool) (*serve.Client, error) {
	if !given {
		return serve.Dial(ctx, socket)
	}
	wait := a.patience()
	if a.lost {
		wait = max(wait, lostPatience)
	}
	c, err := redial(ctx, socket, wait)
	if errors.Is(err, serve.ErrNoEngine) {
		err = fmt.Errorf("%w: nobody answers at %s", err, socket)
	}
	return c, err
}

// terminalVariable tells the engine that what it prints goes to a terminal.
const terminalVariable = "OPSDECK_TERMINAL"

// redial waits for an engine to come back.
func redial(ctx context.Context, socket string, wait time.Duration) (*serve.Client, error) {
	for until := time.Now().Add(wait); ; {
		c, err := serve.Dial(ctx, socket)
		var lost *serve.LostError
		waits := errors.Is(err, serve.ErrNoEngine) || errors.As(err, &lost)
		if !waits || ctx.Err() != nil || time.Now().After(until) {
			return c, err
		}
		<-time.After(redialEvery)
	}
}

const redialEvery = 20 * time.Millisecond

// watched notes whether something has been read from it or written to it.
type watched struct {
	io.Reader
	io.Writer
	used bool
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	w.used = w.used || n > 0
	return n, err
}

func (w *watched) Write(p []byte) (int, error) {
	w.used = w.used || len(p) > 0
	return w.Writer.Write(p)
}

// withoutBook drops --book from a command line: the engine knows its book.
func withoutBook(args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--":
			return append(out, args[i:]...)
		case args[i] == "--book":
			i++
		case strings.HasPrefix(args[i], "--book="):
		default:
			out = append(out, args[i])
		}
	}
	return out
}

// socket returns where an engine of the book listens, empty where none can. Given says that the book is
// the engine's alone, and no file of this person's.
func (a *app) socket() (path string, given bool, err error) {
	if s := a.env("OPSDECK_SOCKET"); s != "" && a.book == "" {
		return s, true, nil
	}
	book, isDefault, err := a.bookPath()
	if err != nil {
		return "", false, err
	}
	own, err := serve.SocketOf(book, a.env("XDG_RUNTIME_DIR"))
	if err != nil {
		return "", false, err
	}
	// Without a book of their own people use that of the box.
	if isDefault && !exists(book) && !exists(own) && exists(filepath.Dir(serve.SharedSocket)) {
		return serve.SharedSocket, true, nil
	}
	return own, false, nil
}

// attach shows the workstation of the engine that keeps the book, if there is one, and reconnects when
// the engine goes away. It returns false where nobody keeps the book, so that this program may.
func (a *app) attach(ctx context.Context, socket string, given bool) (bool, error) {
	client, err := a.dial(ctx, socket, given)
	if errors.Is(err, serve.ErrNoEngine) && !given {
		return false, nil
	}
	if err != nil {
		return true, refusedf("%w", err)
	}
	in, inOK := a.Stdin.(*os.File)
	out, outOK := a.Stdout.(*os.File)
	if !inOK || !outOK {
		return true, usagef("the workstation needs a terminal")
	}
	env := a.attachEnv()
	if a.lost {
		// What was typed at the screen that is gone was not meant for the one that comes.
		serve.DropTyped(in)
		env = append(slices.Clone(env), againVariable+"=yes")
	}
	status, err := client.Attach(ctx, serve.Screen{In: in, Out: out, Env: env, Args: withoutBook(a.args)})
	_ = client.Close()
	var lost *serve.LostError
	switch {
	case errors.As(err, &lost) && ctx.Err() == nil:
		_, _ = io.WriteString(out, leaveScreen)
		a.say("the engine went away; connecting again")
		return false, errLost
	case err != nil:
		return true, err
	case status == serve.StatusStopping:
		a.say("connecting again")
		return false, errLost
	case status != exitDone:
		return true, quietly(status)
	}
	return true, nil
}

// configVariable carries the person's own configuration to the engine.
const configVariable = "OPSDECK_CONFIG"

// largestConfig is how much of a configuration goes over, in bytes.
const largestConfig = 64 << 10

// attachEnv is what the engine is told of the person's surroundings: their keys and looks as well.
func (a *app) attachEnv() []string {
	dir := a.env("XDG_CONFIG_HOME")
	if dir == "" {
		dir = filepath.Join(a.env("HOME"), ".config")
	}
	text, err := files.Text(filepath.Join(dir, "opsdeck", "config.toml"), largestConfig)
	if err != nil {
		return a.Env
	}
	return append(slices.Clone(a.Env), configVariable+"="+string(text))
}

// errLost says that the engine went away under an attached workstation.
var errLost = errors.New("the engine went away")

// leaveScreen puts a terminal back that a workstation could not leave by itself: alternate screen,
// mouse, paste and cursor.
const leaveScreen = "\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[0m\r\n"
