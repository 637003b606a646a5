package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/store"
)

func (a *app) settingsEditCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "edit",
		Short: "Change the settings in your editor",
		Long:  "Change the settings in the editor that VISUAL or EDITOR names. Nothing changes unless every value is right.",
		Args:  args(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			if !a.onTerminal() {
				return usagef("settings edit needs a terminal; 'opsdeck settings set key=value' and 'opsdeck settings load FILE' do not")
			}
			return a.editSettings(c.Context())
		},
	}
}

// editSettings lets go of the book while the editor runs, so that nobody waits for it. What others
// have set meanwhile is kept unless it was edited here too.
func (a *app) editSettings(ctx context.Context) (err error) {
	var before string
	if err := a.withBook(toCreate, func(b *store.Book) error {
		s, err := b.Settings()
		before = settingsTOML(s)
		return err
	}); err != nil {
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
	return a.withBook(toCreate, func(b *store.Book) error { return a.saveSettings(ctx, b, wanted) })
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
