package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/store"
	"opsdeck/ui/serve"
)

func (a *app) settingsEditCommand() *cobra.Command {
	return alone(&cobra.Command{
		Use:   "edit",
		Short: "Change the settings in your editor",
		Long: "Change the settings in the editor that VISUAL or EDITOR names. Nothing changes unless every value is right. Of a book that an\n" +
			"engine keeps the settings are edited here, on the caller's side, and go back to the engine.",
		Args: args(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			if a.Host != nil {
				// An editor is a program of the caller's choice: an engine runs none.
				return refusedf("settings edit runs your editor, and this engine is not the place for it; 'opsdeck settings edit' on the machine of the book, or 'settings set key=value', do it")
			}
			if !a.onTerminal() {
				return usagef("settings edit needs a terminal; 'opsdeck settings set key=value' and 'opsdeck settings load FILE' do not")
			}
			return a.editSettings(c.Context())
		},
	}, editsHere)
}

// editSettings lets go of the book while the editor runs, so that nobody waits for it. What others
// have set meanwhile is kept unless it was edited here too.
func (a *app) editSettings(ctx context.Context) error {
	kept, err := a.settingsPlace(ctx)
	if err != nil {
		return err
	}
	before, err := kept.read()
	if err != nil {
		return err
	}
	after, err := a.edit(ctx, before)
	if err != nil {
		return err
	}
	wanted, err := edited(before, after)
	if err != nil {
		return usagef("%w; nothing was changed", err)
	}
	if len(wanted) == 0 {
		a.say("nothing was edited")
		return nil
	}
	return kept.save(wanted)
}

// settingsPlace is where settings are kept: a book, or the engine that keeps it.
type settingsPlace struct {
	read func() (string, error)
	save func([]setting) error
}

func (a *app) settingsPlace(ctx context.Context) (settingsPlace, error) {
	socket, given, err := a.socket()
	if err == nil && socket != "" {
		client, err := a.dial(ctx, socket, given)
		if err == nil {
			return a.engineSettings(ctx, socket), client.Close()
		}
		if given || !errors.Is(err, serve.ErrNoEngine) {
			return settingsPlace{}, refusedf("%w", err)
		}
	}
	return settingsPlace{
		read: func() (text string, err error) {
			err = a.withBook(toCreate, func(b *store.Book) error {
				s, err := b.Settings()
				text = settingsTOML(s)
				return err
			})
			return text, err
		},
		save: func(wanted []setting) error {
			return a.withBook(toCreate, func(b *store.Book) error { return a.saveSettings(ctx, b, wanted) })
		},
	}, nil
}

// engineSettings reads and saves the settings of a book by the verbs of its engine.
func (a *app) engineSettings(ctx context.Context, socket string) settingsPlace {
	run := func(out io.Writer, line ...string) error {
		if a.as != "" {
			line = append([]string{"--as", a.as}, line...)
		}
		client, err := redial(ctx, socket, patience)
		if err != nil {
			return refusedf("%w", err)
		}
		defer client.Close()
		status, err := client.Run(ctx, serve.Call{Args: line, Env: append(slices.Clone(a.Env), requestVariable+"="+a.NewID().String()), Stdin: strings.NewReader(""), Stdout: out, Stderr: a.Stderr})
		switch {
		case err != nil:
			return failedf("%w", err)
		case status != exitDone:
			return quietly(status)
		}
		return nil
	}
	return settingsPlace{
		read: func() (string, error) {
			var out strings.Builder
			err := run(&out, "settings", "show")
			return out.String(), err
		},
		save: func(wanted []setting) error {
			line := []string{"settings", "set"}
			for _, w := range wanted {
				line = append(line, w.key+"="+w.value)
			}
			return run(a.out, line...)
		},
	}
}

// edited lists the settings that an edit has changed; a line that was taken out goes back to its default.
func edited(before, after string) ([]setting, error) {
	was, err := parseSettings(before)
	if err != nil {
		return nil, err
	}
	is, err := parseSettings(after)
	if err != nil {
		return nil, err
	}
	old, left := map[string]string{}, map[string]bool{}
	for _, s := range was {
		old[s.key] = s.value
	}
	var out []setting
	for _, s := range is {
		left[s.key] = true
		if v, ok := old[s.key]; !ok || v != s.value {
			out = append(out, s)
		}
	}
	for _, s := range was {
		if !left[s.key] {
			out = append(out, setting{key: s.key})
		}
	}
	return out, nil
}

// edit lets the person change a text in the editor.
func (a *app) edit(ctx context.Context, text string) (after string, err error) {
	editor := a.env("VISUAL")
	if editor == "" {
		editor = a.env("EDITOR")
	}
	words := strings.Fields(editor)
	if len(words) == 0 {
		return "", usagef("neither VISUAL nor EDITOR names an editor; 'opsdeck settings load FILE' needs none")
	}
	dir, err := os.MkdirTemp("", "opsdeck-settings-")
	if err != nil {
		return "", fmt.Errorf("the text to edit: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "settings.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return "", fmt.Errorf("the text to edit: %w", err)
	}
	cmd := exec.CommandContext(ctx, words[0], append(words[1:], path)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = a.Stdin, a.Stdout, a.Stderr, a.Env
	if err := cmd.Run(); err != nil {
		return "", failedf("the editor %s: %w; nothing was changed", words[0], err)
	}
	raw, err := os.ReadFile(path)
	return string(raw), err
}
