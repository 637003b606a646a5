package main

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"opsdeck/store"
	"opsdeck/ui"
	"opsdeck/ui/cli"
)

// workstation opens the screen on a book for the person at the terminal.
func workstation(ctx context.Context, b *store.Book, o cli.WorkstationOptions) error {
	title := filepath.Base(b.Path())
	if o.Note != "" {
		title = o.Note
	}
	return ui.Run(ctx, b, ui.Options{
		Actor: o.User, Now: time.Now, Theme: "auto", NoColor: o.NoColor, ASCII: asciiOnly(o.Env), Title: title, Live: true,
	}, o.Stdin, o.Stdout, o.Env)
}

// asciiOnly tells whether the session's locale has nothing but ASCII. A session without any locale
// is taken for a modern one.
func asciiOnly(env []string) bool {
	locale := ""
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		for _, e := range env {
			if v, ok := strings.CutPrefix(e, name+"="); ok && v != "" && locale == "" {
				locale = v
			}
		}
	}
	return locale == "C" || locale == "POSIX"
}
