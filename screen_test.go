package main

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"opsdeck/store"
	"opsdeck/ui"
	"opsdeck/ui/intake"
)

// screens is the workstation as a guide shows it: open on the shell's book, at the shell's moment.
type screens struct {
	t    *testing.T
	book *store.Book
	app  *ui.App
}

func (s *shell) openScreens(t *testing.T) *screens {
	t.Helper()
	book, err := store.Open(s.book, store.Options{User: "ana", Now: moment, NewID: s.newID, Today: today})
	if err != nil {
		t.Fatal(err)
	}
	sc := &screens{t: t, book: book, app: ui.New(t.Context(), book, ui.Options{
		Actor: "ana", Now: moment, Title: "book.db", Importer: intake.New(book, intake.Options{Today: today}),
		HandOver: intake.NewHandOver(book, intake.Handing{Local: true, Today: today}),
	})}
	sc.perform(sc.app.Init())
	return sc
}

func (sc *screens) close() {
	if err := sc.book.Close(); err != nil {
		sc.t.Error(err)
	}
}

// press gives the workstation keys, one word each; a word after "=" is typed letter by letter, "␣" being a blank.
func (sc *screens) press(keys []string) {
	for _, k := range keys {
		text, typed := strings.CutPrefix(k, "=")
		if !typed {
			sc.send(keyPress(sc.t, k))
			continue
		}
		for _, r := range strings.ReplaceAll(text, "␣", " ") {
			sc.send(letter(r))
		}
	}
}

// shown is the screen without colours.
func (sc *screens) shown() string { return trimmed(ansi.Strip(sc.app.View().Content)) }

func (sc *screens) send(msg tea.Msg) {
	_, cmd := sc.app.Update(msg)
	sc.perform(cmd)
}

// perform does here and now what the program wants done later. Batches and sequences are slices of commands.
func (sc *screens) perform(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	msg := cmd()
	switch v := reflect.ValueOf(msg); {
	case msg == nil:
	case v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]():
		for i := range v.Len() {
			sc.perform(v.Index(i).Interface().(tea.Cmd))
		}
	default:
		sc.send(msg)
	}
}

// keyPress is the message of a key by its name.
func keyPress(t *testing.T, name string) tea.KeyPressMsg {
	t.Helper()
	named := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace, "backspace": tea.KeyBackspace,
		"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "pgdown": tea.KeyPgDown,
	}
	rest, ctrl := strings.CutPrefix(name, "ctrl+")
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case ctrl:
		return tea.KeyPressMsg{Code: r, Mod: tea.ModCtrl}
	case named[name] != 0:
		return tea.KeyPressMsg{Code: named[name]}
	case size != len(name):
		t.Fatalf("no key is called %q", name)
	}
	return letter(r)
}

// letter is the message of a key that writes something. Every terminal sends the letter; few say which key it was.
func letter(r rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: r, Text: string(r)} }
