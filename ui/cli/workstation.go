package cli

import (
	"context"
	"errors"
	"time"

	"opsdeck/store"
	"opsdeck/store/engine"
)

// runWorkstation opens the workstation on the book, which is made where there is none. Where another
// program has it open, this one attaches to it; where nobody has, others can attach to this one.
func (a *app) runWorkstation(ctx context.Context) error {
	if err := a.needTerminal("the workstation"); err != nil {
		return err
	}
	if a.Host != nil {
		return a.ownWorkstation(ctx, "")
	}
	socket, given, err := a.socket()
	if err != nil {
		return a.ownWorkstation(ctx, "")
	}
	for until := a.Now().Add(a.patience()); ; {
		there, err := a.attach(ctx, socket, given)
		if there {
			return err
		}
		if errors.Is(err, errLost) {
			a.lost = true
			until = a.Now().Add(a.patience())
		}
		if given {
			<-time.After(redialEvery) // An engine that stops answers until it is gone.
			continue                  // attach waits for the engine, and says so when it does not come.
		}
		err = a.ownWorkstation(ctx, socket)
		var locked *engine.LockedError
		if !errors.As(err, &locked) || a.Now().After(until) || ctx.Err() != nil {
			return err
		}
	}
}

// lockTry is how long the workstation waits for the book before it looks again for somebody to attach
// to.
const lockTry = 50 * time.Millisecond

// ownWorkstation opens the workstation on the book itself, and lets others attach at the socket.
func (a *app) ownWorkstation(ctx context.Context, socket string) error {
	want := toCreate
	if a.readOnly {
		want = toRead
	}
	if socket != "" {
		defer func(was time.Duration) { a.LockWait = was }(a.LockWait)
		a.LockWait = lockTry
	}
	return a.withBook(want, func(b *store.Book) error {
		if socket != "" && want != toRead {
			defer a.letIn(ctx, b, socket)()
		}
		return a.openWorkstation(ctx, b, "")
	})
}

func (a *app) needTerminal(what string) error {
	if a.Workstation == nil {
		return usagef("this build has no workstation; 'opsdeck help' lists the verbs")
	}
	if !a.onTerminal() {
		return usagef("%s needs a terminal; in a script use the verbs, such as 'opsdeck list customers -o json'; 'opsdeck help' lists them", what)
	}
	return nil
}

// openWorkstation hands a book over to the person at the terminal.
func (a *app) openWorkstation(ctx context.Context, b *store.Book, note string) error {
	o := WorkstationOptions{
		User: a.me(), Lang: a.lang, NoColor: a.noColor || a.env("NO_COLOR") != "", Note: note,
		Env: a.Env, Stdin: a.Stdin, Stdout: a.Stdout, Local: a.Host == nil, Remote: a.remoteTerminal(), Again: a.lost,
	}
	if a.Host != nil {
		o.Stopping, o.Again = a.Host.Stopping, a.Host.Again
	}
	return a.Workstation(ctx, b, o)
}
