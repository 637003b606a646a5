package cli

import (
	"os"
	"time"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/store"
)

func (a *app) statusCommand() *cobra.Command {
	var format *string
	c := &cobra.Command{
		Use:   "status",
		Short: "Say how the book is and who works in it",
		Args:  args(0, 0),
		RunE: func(*cobra.Command, []string) error {
			return a.withBook(toRead, func(b *store.Book) error {
				if err := b.May(model.PowerMaintain); err != nil {
					return err
				}
				return a.status(b, *format)
			})
		},
	}
	format = outputFlag(c, asText, asJSON)
	return c
}

func (a *app) status(b *store.Book, format string) error {
	info, err := os.Stat(b.Path())
	if err != nil {
		return err
	}
	text, err := countedBook(b)
	if err != nil {
		return err
	}
	engine := "none: this run has the book for itself"
	if a.Host != nil {
		engine = "running"
	}
	if format == asJSON {
		return a.statusJSON(b, info.Size(), engine)
	}
	a.printf("book     %s (%s)\nholds    %s\nengine   %s\n", b.Path(), size(info.Size()), text, engine)
	if a.Host == nil {
		return nil
	}
	for _, p := range a.Host.Present() {
		what := p.Verb
		if what == "" {
			what = "workstation"
		}
		a.printf("session  %s, %s, %s, since %s\n", p.User, p.From, what, p.Since.Format(time.DateTime))
	}
	return nil
}

func (a *app) statusJSON(b *store.Book, bytes int64, engine string) error {
	sessions := []object{}
	if a.Host != nil {
		for _, p := range a.Host.Present() {
			sessions = append(sessions, object{{"user", p.User}, {"from", p.From}, {"verb", p.Verb}, {"since", p.Since.UTC().Format(time.RFC3339)}})
		}
	}
	return a.printObjects(object{{"book", b.Path()}, {"bytes", bytes}, {"engine", engine}, {"sessions", sessions}})
}
