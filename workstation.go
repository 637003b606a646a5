package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"opsdeck/store"
	"opsdeck/store/files"
	"opsdeck/ui"
	"opsdeck/ui/cli"
	"opsdeck/ui/intake"
	"opsdeck/ui/lang"
)

// workstation opens the screen on a book for the person at the terminal.
func workstation(ctx context.Context, b *store.Book, o cli.WorkstationOptions) error {
	title := filepath.Base(b.Path())
	if o.Note != "" {
		title = o.Note
	}
	config, err := readConfig(o.Env, o.Local)
	if err != nil {
		return err
	}
	theme := config.Theme
	if theme == "" {
		theme = "auto"
	}
	// Who is attached has their files elsewhere; they import on the command line, which asks for them.
	var importer ui.Importer
	if o.Local {
		importer = intake.New(b, intake.Options{Home: lookup(o.Env, "HOME"), Recent: recentFiles(o.Env), Today: b.Today})
	}
	handing := intake.NewHandOver(b, intake.Handing{Home: lookup(o.Env, "HOME"), Local: o.Local, Today: b.Today})
	return ui.Run(ctx, b, ui.Options{
		Actor: o.User, Now: time.Now, Theme: theme, NoColor: o.NoColor, ASCII: config.ASCII || asciiOnly(o.Env), Title: title,
		Lang: lang.Choose(o.Lang, config.Lang, lookup(o.Env, "LC_ALL"), lookup(o.Env, "LC_MESSAGES"), lookup(o.Env, "LANG")),
		Live: true, Moment: marked, Stopping: o.Stopping, Resumed: o.Again, Local: o.Local, Config: config, Remote: o.Remote, DraftPause: draftPause, Editor: editor(o.Env),
		Importer: importer, HandOver: handing,
	}, o.Stdin, o.Stdout, o.Env)
}

// draftPause is how often what is typed into a form is kept: what a crash can cost.
const draftPause = 200 * time.Millisecond

// marked is how long what somebody else has just changed stays marked.
const marked = 4 * time.Second

// editor is the person's program for long texts.
func editor(env []string) string {
	return cmp.Or(lookup(env, "VISUAL"), lookup(env, "EDITOR"), "vi")
}

// readConfig reads the person's configuration, opsdeck/config.toml under $XDG_CONFIG_HOME or
// ~/.config. Without one everything is as it comes. Who is attached sends theirs along: no file of this machine is
// read for them.
func readConfig(env []string, local bool) (ui.Config, error) {
	if text := lookup(env, "OPSDECK_CONFIG"); text != "" || !local {
		return ui.ParseConfig(text)
	}
	dir := lookup(env, "XDG_CONFIG_HOME")
	if dir == "" {
		dir = filepath.Join(lookup(env, "HOME"), ".config")
	}
	path := filepath.Join(dir, "opsdeck", "config.toml")
	text, err := files.Text(path, 1<<20)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ui.Config{}, nil
	case err != nil:
		return ui.Config{}, fmt.Errorf("configuration: %w", err)
	}
	config, err := ui.ParseConfig(string(text))
	if err != nil {
		return config, fmt.Errorf("%s: %w", path, err)
	}
	return config, nil
}

// recentFiles is where the files that were imported last are remembered: opsdeck/imported under
// $XDG_STATE_HOME or ~/.local/state.
func recentFiles(env []string) string {
	dir := lookup(env, "XDG_STATE_HOME")
	if dir == "" {
		dir = filepath.Join(lookup(env, "HOME"), ".local", "state")
	}
	return filepath.Join(dir, "opsdeck", "imported")
}

// lookup finds a variable of the session's environment.
func lookup(env []string, name string) string {
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}

// asciiOnly tells whether the session's locale has nothing but ASCII. A session without any locale
// is taken for a modern one.
func asciiOnly(env []string) bool {
	locale := ""
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale == "" {
			locale = lookup(env, name)
		}
	}
	return locale == "C" || locale == "POSIX"
}
