package main

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/store"
	"opsdeck/ui"
	"opsdeck/ui/intake"
)

// targets finds records of the sample company that the pairs are about, and all ids that there are.
func targets(t *testing.T, b *store.Book) (map[model.ID]bool, *strings.Replacer) {
	t.Helper()
	known := map[model.ID]bool{}
	ext := map[model.Kind][]string{}
	for _, k := range model.Kinds() {
		err := b.Each(k, func(r *model.Record) bool {
			known[r.ID] = true
			if id := r.Get("external_id").Str(); id != "" {
				ext[k] = append(ext[k], id)
			}
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for k, ids := range ext { // A filter finds what holds its words.
		ext[k] = slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
			r, err := b.Lookup(k, id)
			if err != nil {
				return true
			}
			if kids, err := b.Kids(r.ID, k); err != nil || len(kids) > 0 {
				return true // It cannot be removed.
			}
			return slices.ContainsFunc(ids, func(other string) bool { return other != id && strings.Contains(other, id) })
		})
	}
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	first, err := b.Lookup(model.Customer, ext[model.Customer][0])
	if err != nil {
		t.Fatal(err)
	}
	late := ""
	for _, d := range s.Due("") {
		row, ok := s.Table(model.Customer).Row(d.Customer)
		if d.Rule != "touch" || !ok || !d.Task.IsZero() {
			continue
		}
		if name := s.Table(model.Customer).Str(row, "name"); len(strings.Fields(name)) < 4 && len(s.Named(model.Customer, name)) == 1 {
			late = strings.ReplaceAll(name, " ", "␣")
			break
		}
	}
	if late == "" || len(ext[model.Customer]) < 2 || len(ext[model.Item]) < 2 {
		t.Fatal("the sample company has nothing to try the pairs on")
	}
	contract, line, with := renewalTargets(t, s)
	owing, owed := owedTarget(t, s)
	return known, strings.NewReplacer("{owing}", owing, "{owed}", owed, "{contract}", contract, "{line}", line, "{with}", with, "{billed}", billedTarget(t, s), "{customer}", ext[model.Customer][0], "{other}", ext[model.Customer][1], "{item}", ext[model.Item][0],
		"{item2}", ext[model.Item][1], "{name}", strings.ReplaceAll(first.Title(), " ", "␣"), "{late}", late)
}

// renewalTargets finds a contract whose renewal is open and has not begun, and two that can be merged.
func renewalTargets(t *testing.T, s *table.Snapshot) (contract, line, with string) {
	t.Helper()
	k := s.Table(model.Contract)
	within := func(row int32) bool {
		return k.Str(row, "renewal") == "open" && k.Day(row, "start") < twinsDay-30 && k.Day(row, "end") > twinsDay+30 && k.Str(row, "external_id") != ""
	}
	k.Rows(func(row int32) bool {
		if stage := k.Str(row, "stage"); within(row) && contract == "" && (stage == "" || stage == "upcoming") && k.Str(row, "milestone") != "" {
			contract = k.Str(row, "external_id")
		}
		for _, other := range k.Kids(k.To(row, "customer"), "customer") {
			if other != row && k.Live(other) && within(row) && model.InForce(k.Str(other, "state")) && k.Day(other, "end").IsSet() && line == "" &&
				k.Day(other, "start") < k.Day(row, "end") {
				line, with = k.Str(row, "external_id"), k.Str(other, "external_id")
			}
		}
		return contract == "" || line == ""
	})
	if contract == "" || line == "" {
		t.Fatalf("the sample company has no renewals to try the pairs on: %q %q", contract, line)
	}
	return contract, line, with
}

// owedTarget finds a contract in the pipeline whose customer has one open invoice, which is overdue and can be
// reminded of, and its number.
func owedTarget(t *testing.T, s *table.Snapshot) (contract, invoice string) {
	t.Helper()
	k, inv := s.Table(model.Contract), s.Table(model.Invoice)
	k.Rows(func(row int32) bool {
		open, late := 0, int32(-1)
		for _, i := range inv.Kids(k.To(row, "customer"), "customer") {
			if state := inv.Str(i, "state"); inv.Live(i) && (state == "open" || state == "overdue") {
				if open++; state == "overdue" && inv.Str(i, "reminder") != "" {
					late = i
				}
			}
		}
		if k.Day(row, "decision_date").IsSet() && open == 1 && late >= 0 {
			contract, invoice = k.Str(row, "external_id"), inv.Str(late, "number")
		}
		return contract == ""
	})
	if contract == "" {
		t.Fatal("nobody in the sample company owes one invoice")
	}
	return contract, invoice
}

// billedTarget finds a contract in the pipeline that has cycles without an invoice.
func billedTarget(t *testing.T, s *table.Snapshot) (contract string) {
	t.Helper()
	k := s.Table(model.Contract)
	k.Rows(func(row int32) bool {
		if k.Str(row, "renewal") == "open" && len(s.Bills(row, twinsDay, counted())) > 0 {
			contract = k.Str(row, "external_id")
		}
		return contract == ""
	})
	if contract == "" {
		t.Fatal("the sample company has nothing to bill")
	}
	return contract
}

// hands press keys at a workstation and do at once what it asks to be done.
type hands struct {
	t   *testing.T
	app *ui.App
}

// press gives the keys to a workstation on the book and returns its last screen.
func press(t *testing.T, b *store.Book, keys string) string {
	t.Helper()
	h := hands{t, ui.New(t.Context(), b, ui.Options{
		Actor: "ana", Now: twinsClock, Title: "book.db", Importer: intake.New(b, intake.Options{Today: b.Today}),
		HandOver: intake.NewHandOver(b, intake.Handing{Local: true, Today: b.Today}),
	})}
	h.send(tea.WindowSizeMsg{Width: 160, Height: 48})
	h.perform(h.app.Init())
	for _, key := range strings.Fields(keys) {
		text, typed := strings.CutPrefix(key, "=")
		if !typed || text == "" {
			h.send(keyOf(t, key))
			continue
		}
		for _, r := range strings.ReplaceAll(text, "␣", " ") {
			h.send(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
	return ansi.Strip(h.app.View().Content)
}

func keyOf(t *testing.T, name string) tea.KeyPressMsg {
	t.Helper()
	named := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "down": tea.KeyDown, "space": tea.KeySpace}
	switch runes := []rune(name); {
	case strings.HasPrefix(name, "ctrl+"):
		return tea.KeyPressMsg{Code: runes[len(runes)-1], Mod: tea.ModCtrl}
	case named[name] != 0:
		return tea.KeyPressMsg{Code: named[name]}
	case len(runes) == 1 && unicode.IsUpper(runes[0]):
		return tea.KeyPressMsg{Code: unicode.ToLower(runes[0]), ShiftedCode: runes[0], Text: name, Mod: tea.ModShift}
	case len(runes) == 1:
		return tea.KeyPressMsg{Code: runes[0], Text: name}
	}
	t.Fatalf("no key is called %q", name)
	return tea.KeyPressMsg{}
}

func (h hands) send(msg tea.Msg) {
	_, cmd := h.app.Update(msg)
	h.perform(cmd)
}

// perform runs a command here and now, each of a batch in its turn.
func (h hands) perform(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	msg := cmd()
	v := reflect.ValueOf(msg)
	switch {
	case msg == nil:
	case v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]():
		for i := range v.Len() {
			h.perform(v.Index(i).Interface().(tea.Cmd))
		}
	default:
		h.send(msg)
	}
}
