package cli

import (
	"context"

	"opsdeck/store"
)

// runWorkstation opens the workstation on the book, which is made where there is none.
func (a *app) runWorkstation(ctx context.Context) error {
	if err := a.needTerminal("the workstation"); err != nil {
		return err
	}
	want := toCreate
	if a.readOnly {
		want = toRead
	}
	return a.withBook(want, func(b *store.Book) error { return a.openWorkstation(ctx, b, "") })
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
	return a.Workstation(ctx, b, WorkstationOptions{
		User: a.me(), Lang: a.lang, NoColor: a.noColor || a.env("NO_COLOR") != "", Note: note,
		Env: a.Env, Stdin: a.Stdin, Stdout: a.Stdout,
	})
}
