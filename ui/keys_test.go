package ui_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/ui"
)

// sharedBook is a sample company for tests that only look.
var sharedBook = sync.OnceValues(func() (*store.Book, error) { return makeBook(400) })

func lookedAt(t testing.TB) *store.Book {
	t.Helper()
	b, err := sharedBook()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// look starts the workstation on a book that no test changes.
func look(t testing.TB, w, h int) *session {
	t.Helper()
	return openOn(t, lookedAt(t), w, h)
}

// places are the scopes that have the focus at some time, with the keys that lead there.
func places() map[ui.Scope][]string {
	return map[ui.Scope][]string{
		ui.ScopeToday: {"0"}, ui.ScopeCustomers: {"1"}, ui.ScopeSegments: {"2"}, ui.ScopeRenewals: {"3"}, ui.ScopeQueue: {"4"},
		ui.ScopeCustomer:   {"1", "j", "enter"},
		ui.ScopeUsers:      {"%"},
		ui.ScopeScorecards: {"M"}, ui.ScopeScorecard: {"M", "enter"},
		ui.ScopeImport: letters(":import testdata/import.csv", "enter"),
	}
}

// letters are the keys that type a text, and more keys.
func letters(text string, more ...string) []string {
	var keys []string
	for _, r := range text {
		if r == ' ' {
			keys = append(keys, "space")
			continue
		}
		keys = append(keys, string(r))
	}
	return append(keys, more...)
}

// chain are the scopes in which a key is looked for while a scope has the focus, the narrowest first.
func chain(s ui.Scope) []ui.Scope {
	if s == ui.ScopeCustomer || s == ui.ScopeImport || s == ui.ScopeScorecard || s == ui.ScopeScorecards {
		return []ui.Scope{s, ui.ScopeGlobal}
	}
	return []ui.Scope{s, ui.ScopeList, ui.ScopeGlobal}
}

// boundIn lists the bindings that hold while a scope has the focus.
func boundIn(s ui.Scope) []ui.Binding {
	var out []ui.Binding
	for _, scope := range chain(s) {
		for _, b := range ui.Bindings() {
			if b.Scope == scope {
				out = append(out, b)
			}
		}
	}
	return out
}

func TestEveryKeyDoesSomethingEverywhere(t *testing.T) {
	b := sampleBook(t)
	// A key may be without effect in one situation (up on the first row), but not in all of them.
	situations := [][]string{
		{},
		{"j", "j", "l", "l"},
		{"G", "l", "l"},
		{"/", "a", "enter", "j"},
		{"space", "space"},
		{"space", "ctrl+k", "esc", "j"},
		{"]", "]"},
		{"t", "c", "u"},
		{"x"},
		{"v", "e"},
	}
	for scope, way := range places() {
		for _, bound := range boundIn(scope) {
			for _, k := range bound.Keys {
				if !slices.ContainsFunc(situations, func(situation []string) bool { return hasEffect(t, b, slices.Concat(way, situation), k) }) {
					t.Errorf("%s: %s (%s) changes nothing and says nothing", scope, k, bound.Action)
				}
			}
		}
	}
}

// hasEffect tells whether a key changes the screen, copies or leaves, after other keys.
func hasEffect(t *testing.T, b *store.Book, before []string, k string) bool {
	s := openOn(t, b, 120, 30)
	s.Press(before...)
	screen := s.app.View().Content
	s.Press(k)
	return s.left || s.clipboard != "" || s.app.View().Content != screen
}

func TestEveryBindingHasWords(t *testing.T) {
	for _, b := range ui.Bindings() {
		switch {
		case b.Label == "" || b.Help == "" || len(b.Keys) == 0 || b.Action == "" || b.Scope == "":
			t.Errorf("%+v lacks a word", b)
		case !strings.HasSuffix(b.Help, ".") || strings.ToUpper(b.Help[:1]) != b.Help[:1]:
			t.Errorf("the help of %s is not a sentence: %q", b.Action, b.Help)
		case len(b.Label) > 16:
			t.Errorf("the label of %s is too long for the footer: %q", b.Action, b.Label)
		}
	}
}

// taken are the keys that a narrower scope takes from a wider one: in the queue items are filed with n, and
// a accepts them.
func taken() map[string]bool { return map[string]bool{"queue a": true} }

func TestNoKeyIsBoundTwice(t *testing.T) {
	// A narrower scope may take a key from a wider one only where it says so here.
	intended := taken()
	for scope := range places() {
		seen := map[string]ui.Binding{}
		for _, b := range boundIn(scope) {
			for _, k := range b.Keys {
				name := string(scope) + " " + k
				if other, taken := seen[k]; taken && !intended[name] {
					t.Errorf("%s: %s means %s and %s", scope, k, other.Action, b.Action)
				}
				seen[k] = b
			}
		}
	}
}

func TestAShiftedLetterIsBoundUnderBothItsNames(t *testing.T) {
	for _, b := range ui.Bindings() {
		for _, k := range b.Keys {
			if len(k) == 1 && k[0] >= 'A' && k[0] <= 'Z' && !slices.Contains(b.Keys, "shift+"+strings.ToLower(k)) {
				t.Errorf("%s: some terminals say shift+%s for %s", b.Action, strings.ToLower(k), k)
			}
		}
	}
}

func TestEveryActionIsBound(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "action.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	bound := map[string]bool{}
	for _, b := range ui.Bindings() {
		bound[string(b.Action)] = true
	}
	found := 0
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(v.Names[0].Name, "Act") {
			return true
		}
		found++
		if name, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value); err != nil || !bound[name] {
			t.Errorf("%s is bound to no key", v.Names[0].Name)
		}
		return true
	})
	if found < 40 {
		t.Errorf("only %d actions were found in action.go", found)
	}
}

func TestReadOnlyRefusesEveryKeyThatWrites(t *testing.T) {
	b := sampleBook(t)
	before := steps(t, b)
	for scope, way := range places() {
		for _, bound := range boundIn(scope) {
			for _, k := range bound.Keys {
				s := openWith(t, b, 120, 30, ui.Options{ReadOnly: true})
				s.Press(way...).Press(k)
				if bound.Writes {
					s.ExpectSaid("reading only (ctrl+o switches)")
					continue
				}
				if bound.Action == ui.ActReadOnly || s.left {
					continue
				}
				// What has opened must not write either, whatever is answered.
				for _, answer := range []string{"enter", "y", "c", "x", "ctrl+s", "enter", "y"} {
					if !s.left {
						s.Press(answer)
					}
				}
			}
		}
	}
	if after := steps(t, b); after != before {
		t.Errorf("reading only, %d steps were made", after-before)
	}
}

func steps(t *testing.T, b *store.Book) int {
	t.Helper()
	n := 0
	if err := b.Batches(func(model.Batch) bool { n++; return true }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFooterAndHelpNameOnlyKeysThatWork(t *testing.T) {
	for scope, way := range places() {
		s := look(t, 300, 140)
		s.Press(way...)
		for _, b := range boundIn(scope) {
			if b.Footer {
				s.ExpectSaid(b.Keys[0] + " " + b.Label)
			}
		}
		s.Press("?")
		for _, b := range boundIn(scope) {
			if b.Scope == scope || !taken()[string(scope)+" "+b.Keys[0]] {
				s.Expect("│ "+b.Keys[0]+" ", b.Help)
			}
		}
	}
}
