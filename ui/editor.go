package ui

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/ui/kit"
)

// maxEdited is how much an editor may bring back, in bytes: what a field of a form takes.
const maxEdited = 64 << 10

var errTooLong = fmt.Errorf("the text is longer than %d KiB and was not taken over", maxEdited>>10)

// editor tells whether long texts may be edited in the person's own program: never in a session that
// is served to somebody else, who would get a program on this machine.
func (a *App) editor() bool { return a.o.Local && a.o.Editor != "" }

// editing runs an editor on a text while the terminal is given to it. It implements tea.ExecCommand, so
// that no file is touched in Update.
type editing struct {
	argv     []string
	name     string // of the file; editors tell its type by the end
	text     string
	in       io.Reader
	out, err io.Writer
}

// SetStdin implements tea.ExecCommand.
func (e *editing) SetStdin(r io.Reader) { e.in = r }

// SetStdout implements tea.ExecCommand.
func (e *editing) SetStdout(w io.Writer) { e.out = w }

// SetStderr implements tea.ExecCommand.
func (e *editing) SetStderr(w io.Writer) { e.err = w }

// Run implements tea.ExecCommand: it writes the text to a file that nobody else can read, waits for the
// editor, reads the file and removes it with whatever the editor has left beside it.
func (e *editing) Run() (err error) {
	dir, err := os.MkdirTemp("", "opsdeck-") // mode 0700
	if err != nil {
		return fmt.Errorf("a file for the editor: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, e.name)
	if err := os.WriteFile(path, []byte(e.text), 0o600); err != nil {
		return fmt.Errorf("a file for the editor: %w", err)
	}
	cmd := exec.Command(e.argv[0], append(e.argv[1:len(e.argv):len(e.argv)], path)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = e.in, e.out, e.err
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("the editor %s: %w", e.argv[0], err)
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("what the editor wrote: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	body, err := io.ReadAll(io.LimitReader(f, maxEdited+1))
	if err != nil {
		return fmt.Errorf("what the editor wrote: %w", err)
	}
	if len(body) > maxEdited {
		return errTooLong
	}
	e.text = strings.TrimSuffix(string(body), "\n") // that editors put after the last line
	return nil
}

// textEdited brings a text back from the editor.
type textEdited struct {
	form *kit.Form // nil where the text was only looked at
	key  string
	text string
	err  error
}

func (m textEdited) apply(a *App) {
	a.painter.Repaint() // the other program has left its own picture
	switch {
	case m.err != nil:
		a.fail(m.err)
	case m.form != nil:
		m.form.Set(m.key, m.text)
	}
}

// openEditor gives a field of a form to the person's editor.
func (a *App) openEditor(r kit.FormEdit) {
	if a.editor() {
		a.after = a.runEditor(r.Key+".txt", r.Text, r.Form, r.Key)
	}
}

func (a *App) runEditor(name, text string, form *kit.Form, key string) tea.Cmd {
	e := &editing{argv: strings.Fields(a.o.Editor), name: name, text: text}
	return tea.Exec(e, func(err error) tea.Msg { return textEdited{form, key, e.text, err} })
}
