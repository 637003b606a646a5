package ui_test

import (
	"context"
	"encoding/binary"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/sample"
	"opsdeck/store"
	"opsdeck/ui"
	"opsdeck/ui/intake"
)

// today is the day on which every test looks at its book.
var today = day.Of(2026, time.November, 22)

// clock is the time of every test: the book makes the instants of its steps rise by itself.
func clock() time.Time { return time.Date(2026, time.November, 22, 10, 0, 0, 0, time.UTC) }

// makeBook makes a book in memory whose ids count up, so that each run draws the same screens. With
// customers it holds a sample company, written as one step.
func makeBook(customers int) (*store.Book, error) { return makeBookAt(customers, clock) }

// makeBookAt makes such a book with a clock of its own.
func makeBookAt(customers int, now func() time.Time) (*store.Book, error) {
	var mu sync.Mutex
	n := uint64(0)
	b, err := store.NewMemory(store.Options{
		Create: true, User: "ana", Now: now, Today: func() day.Day { return today },
		NewID: func() model.ID {
			mu.Lock()
			defer mu.Unlock()
			n++
			// The time part lies after that of the sample's ids, as it would in life.
			id := model.ID{1, 0x9f, 0xff}
			binary.BigEndian.PutUint64(id[8:], n)
			return id
		},
	})
	if err != nil || customers == 0 {
		return b, err
	}
	var ops []model.Op
	err = sample.Generate(sample.Options{Customers: customers, Seed: 1, Today: today}, func(r *model.Record) error {
		ops = append(ops, model.CreateOp(r))
		return nil
	})
	if err != nil {
		return nil, err
	}
	_, err = b.Do(context.Background(), model.Step{ID: b.NewID(), Actor: "sample", Label: "sample company", Source: "sample", Ops: ops})
	return b, err
}

// newBook makes a book for a test that changes it.
func newBook(t testing.TB, customers int) *store.Book {
	t.Helper()
	b, err := makeBook(customers)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func sampleBook(t testing.TB) *store.Book {
	t.Helper()
	return newBook(t, 400)
}

// save does a step in somebody's name.
func save(t testing.TB, b *store.Book, actor, label string, ops ...model.Op) {
	t.Helper()
	if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: actor, Label: label, Ops: ops}); err != nil {
		t.Fatal(err)
	}
}

// session is a person at the workstation: it presses keys, does at once what the program asks to be
// done, and looks at the screen.
type session struct {
	t         testing.TB
	app       *ui.App
	left      bool   // the program has ended
	clipboard string // what was copied last
	tick      int    // messages handled since the last key
}

// open starts the workstation on the sample company.
func open(t testing.TB, w, h int) *session {
	t.Helper()
	return openOn(t, sampleBook(t), w, h)
}

// openOn starts the workstation on a book, as ana.
func openOn(t testing.TB, b ui.Backend, w, h int) *session {
	t.Helper()
	return openWith(t, b, w, h, ui.Options{})
}

// forgetful is a book that keeps no drafts, so that many sessions may look at one book without
// finding what others have typed.
type forgetful struct{ ui.Backend }

func (forgetful) SaveDraft(model.Draft) error { return nil }

func (forgetful) Drafts(string) ([]model.Draft, error) { return nil, nil }

func (forgetful) DropDraft(string, model.ID) error { return nil }

func (forgetful) Remember(string, string, string) error { return nil }

func (forgetful) Remembered(string, string) ([]string, error) { return nil, nil }

// openWith starts the workstation with options; who, when and what the book is called are filled in.
func openWith(t testing.TB, b ui.Backend, w, h int, o ui.Options) *session {
	t.Helper()
	o.Importer = importer(b, o.Importer)
	if away, ok := b.(intake.Away); ok && o.HandOver == nil {
		o.HandOver = intake.NewHandOver(away, intake.Handing{Local: true, Today: func() day.Day { return today }})
	}
	return openKeeping(t, forgetful{b}, w, h, o)
}

// importer is the given one, or one that reads the files of this machine for a book of this machine.
func importer(b ui.Backend, given ui.Importer) ui.Importer {
	if book, ok := b.(*store.Book); ok && given == nil {
		return intake.New(book, intake.Options{Today: func() day.Day { return today }})
	}
	return given
}

// openKeeping starts the workstation on a book that keeps drafts.
func openKeeping(t testing.TB, b ui.Backend, w, h int, o ui.Options) *session {
	t.Helper()
	o.Now = clock
	if o.Actor == "" {
		o.Actor = "ana"
	}
	if o.Title == "" {
		o.Title = "book.db"
	}
	o.Importer = importer(b, o.Importer)
	if away, ok := b.(intake.Away); ok && o.HandOver == nil {
		o.HandOver = intake.NewHandOver(away, intake.Handing{Local: true, Today: func() day.Day { return today }})
	}
	s := &session{t: t, app: ui.New(t.Context(), b, o)}
	s.send(tea.WindowSizeMsg{Width: w, Height: h})
	s.perform(s.app.Init())
	return s
}

// Resize gives the terminal another size.
func (s *session) Resize(w, h int) *session {
	s.t.Helper()
	s.send(tea.WindowSizeMsg{Width: w, Height: h})
	return s
}

// Press presses keys, each by the name that the key table uses.
func (s *session) Press(keys ...string) *session {
	s.t.Helper()
	for _, k := range keys {
		s.tick = 0
		s.send(key(s.t, k))
	}
	return s
}

// Type presses the key of each letter.
func (s *session) Type(text string) *session {
	s.t.Helper()
	for _, r := range text {
		s.tick = 0
		if r == ' ' {
			s.Press("space")
			continue
		}
		s.send(letter(r))
	}
	return s
}

// Paste pastes a text.
func (s *session) Paste(text string) *session {
	s.t.Helper()
	s.send(tea.PasteMsg{Content: text})
	return s
}

// Command types a command and carries it out.
func (s *session) Command(text string) *session {
	s.t.Helper()
	return s.Press(":").Type(text).Press("enter")
}

// Filter types a filter and keeps it.
func (s *session) Filter(text string) *session {
	s.t.Helper()
	return s.Press("/").Type(text).Press("enter")
}

// Screen is what the person sees, without colours.
func (s *session) Screen() string { return ansi.Strip(s.app.View().Content) }

// Line returns the first line of the screen that holds a text.
func (s *session) Line(text string) string {
	s.t.Helper()
	for line := range strings.Lines(s.Screen()) {
		if strings.Contains(line, text) {
			return strings.TrimSuffix(line, "\n")
		}
	}
	s.t.Fatalf("no line holds %q:\n%s", text, s.Screen())
	return ""
}

// Said is the last line of the screen, where the program says what it did, with the three lines above
// it, over which a long message grows.
func (s *session) Said() string {
	lines := strings.Split(s.Screen(), "\n")
	return strings.Join(strings.Fields(strings.Join(lines[max(0, len(lines)-4):], " ")), " ")
}

// Expect wants each of the texts on the screen.
func (s *session) Expect(texts ...string) *session {
	s.t.Helper()
	screen := s.Screen()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			s.t.Fatalf("the screen does not show %q:\n%s", text, screen)
		}
	}
	return s
}

// ExpectNot wants none of the texts on the screen.
func (s *session) ExpectNot(texts ...string) *session {
	s.t.Helper()
	screen := s.Screen()
	for _, text := range texts {
		if strings.Contains(screen, text) {
			s.t.Fatalf("the screen shows %q:\n%s", text, screen)
		}
	}
	return s
}

// ExpectSaid wants each of the texts in what the program says.
func (s *session) ExpectSaid(texts ...string) *session {
	s.t.Helper()
	for _, text := range texts {
		if said := s.Said(); !strings.Contains(said, text) {
			s.t.Fatalf("the program does not say %q:\n%s", text, s.Screen())
		}
	}
	return s
}

// send gives the program a message and does what it then wants done, until nothing is left.
func (s *session) send(msg tea.Msg) {
	s.t.Helper()
	if s.tick++; s.tick > 1000 {
		s.t.Fatalf("the program keeps sending itself messages, the last a %T", msg)
	}
	if s.left {
		s.t.Fatalf("a %T came after the program had ended", msg)
	}
	_, cmd := s.app.Update(msg)
	s.perform(cmd)
}

// perform runs a command here and now. A sequence and a clipboard request have no exported type, so
// they are known by their shape.
func (s *session) perform(cmd tea.Cmd) {
	s.t.Helper()
	if cmd == nil {
		return
	}
	msg := cmd()
	v := reflect.ValueOf(msg)
	switch {
	case msg == nil:
	case v.Type() == reflect.TypeFor[tea.QuitMsg]():
		s.left = true
	case v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]():
		for i := range v.Len() {
			s.perform(v.Index(i).Interface().(tea.Cmd))
		}
	case strings.Contains(v.Type().Name(), "Clipboard") && v.Kind() == reflect.String:
		s.clipboard = v.String()
	default:
		s.send(msg)
	}
}

// key makes the message that a terminal without any extension sends for a key.
func key(t testing.TB, name string) tea.KeyPressMsg {
	t.Helper()
	if utf8.RuneCountInString(name) == 1 {
		r, _ := utf8.DecodeRuneInString(name)
		return letter(r)
	}
	var k tea.KeyPressMsg
	rest := name
	for mod, prefix := range map[tea.KeyMod]string{tea.ModCtrl: "ctrl+", tea.ModShift: "shift+", tea.ModAlt: "alt+"} {
		if after, ok := strings.CutPrefix(rest, prefix); ok {
			k.Mod |= mod
			rest = after
		}
	}
	named := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "backspace": tea.KeyBackspace, "space": tea.KeySpace,
		"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd,
		"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "delete": tea.KeyDelete, "f5": tea.KeyF5,
	}
	switch r, size := utf8.DecodeRuneInString(rest); {
	case named[rest] != 0:
		k.Code = named[rest]
	case size == len(rest):
		k.Code = r
	default:
		t.Fatalf("no key is called %q", name)
	}
	if k.Code == tea.KeySpace && k.Mod == 0 {
		k.Text = " "
	}
	if k.Mod == tea.ModShift && unicode.IsLower(k.Code) {
		return letter(unicode.ToUpper(k.Code))
	}
	return k
}

// letter is the message of a key that writes something.
func letter(r rune) tea.KeyPressMsg {
	k := tea.KeyPressMsg{Code: r, Text: string(r)}
	if unicode.IsUpper(r) {
		k.Code, k.ShiftedCode, k.Mod = unicode.ToLower(r), r, tea.ModShift
	}
	return k
}

// Click presses the left button of the mouse on a cell.
func (s *session) Click(x, y int) *session {
	s.t.Helper()
	s.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	return s
}

// Wheel turns the wheel of the mouse, down where n is above zero.
func (s *session) Wheel(n int) *session {
	s.t.Helper()
	button := tea.MouseWheelDown
	if n < 0 {
		button = tea.MouseWheelUp
	}
	s.send(tea.MouseWheelMsg{X: 10, Y: 10, Button: button})
	return s
}
