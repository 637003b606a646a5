package kit

import (
	"errors"
	"maps"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// press gives keys to a form one after the other and returns the last event.
func press(f *Form, keys ...string) (ev FormEvent) {
	for _, k := range keys {
		ev = f.Key(keyOf(k))
	}
	return ev
}

func sampleForm() *Form {
	f := NewForm("Customer", []Field{
		{Key: "id", Label: "Id", Kind: KindReadonly, Value: "7"},
		{Key: "name", Label: "Name", Value: "Acme", Required: true},
		{Key: "tier", Label: "Tier", Kind: KindPick, Value: "mid", Options: []Option{{"ka", "Key account"}, {"mid", "Middle"}, {"small", "Small and micro"}}},
		{Key: "tags", Label: "Tags", Kind: KindMulti, Options: []Option{{"a", "Referral"}, {"b", "Listed"}}},
		{Key: "active", Label: "Active", Kind: KindBool, Value: "true"},
		{Key: "arr", Label: "ARR", Kind: KindMoney, Value: "10"},
	})
	f.Validate = func(key, value string) error {
		if key == "arr" && strings.ContainsAny(value, "abcx") {
			return errors.New("not an amount")
		}
		return nil
	}
	return f
}

func formScreen(f *Form, w, h int) string {
	c := NewCanvas(w, h)
	f.Draw(c, c.Bounds(), NewTheme("none", true))
	return c.Text()
}

func TestFormGoesThroughItsFields(t *testing.T) {
	f := sampleForm()
	var got []string
	for range 6 {
		got = append(got, f.Focused())
		press(f, "tab")
	}
	if want := "name tier tags active arr arr"; strings.Join(got, " ") != want {
		t.Errorf("tab goes %v, want %v: a field that cannot be changed is skipped", got, want)
	}
	press(f, "shift+tab", "up", "up", "down")
	if f.Focused() != "tags" {
		t.Errorf("at %q, want tags", f.Focused())
	}
}

func TestOnlyChangedFieldsAreGiven(t *testing.T) {
	f := sampleForm()
	press(f, "!", "backspace")
	if f.Dirty() || len(f.Changes()) != 0 {
		t.Errorf("changes %v after a key was taken back", f.Changes())
	}
	press(f, "space", "I", "n", "c", "tab", "right", "tab", "tab", "space")
	if got, want := f.Changes(), map[string]string{"name": "Acme Inc", "tier": "small", "active": "false"}; !maps.Equal(got, want) {
		t.Errorf("changes %v, want %v", got, want)
	}
	if got := f.Values()["id"]; got != "7" {
		t.Errorf("values lack what was not changed: %q", got)
	}
	if got := formScreen(f, 60, 12); strings.Count(got, "\n+") != 3 {
		t.Errorf("the three changed fields are not signed with +:\n%s", got)
	}
}

func TestEnterGoesOnAndSubmitsAtTheEnd(t *testing.T) {
	f := sampleForm()
	for i := range 4 {
		if ev := press(f, "enter"); ev != FormNone {
			t.Fatalf("enter %d gave %v", i, ev)
		}
	}
	if ev := press(f, "enter"); ev != FormSubmitted {
		t.Errorf("enter in the last field gave %v at %q", ev, f.Focused())
	}
	if ev := press(sampleForm(), "ctrl+s"); ev != FormSubmitted {
		t.Errorf("ctrl+s gave %v", ev)
	}
}

func TestWrongFieldsStopTheSubmit(t *testing.T) {
	f := sampleForm()
	press(f, "ctrl+u", "tab", "tab", "tab", "tab", "x")
	if ev := press(f, "ctrl+s"); ev != FormNone || f.Focused() != "name" {
		t.Errorf("submit gave %v at %q, want the first wrong field", ev, f.Focused())
	}
	screen := formScreen(f, 100, 12)
	for _, want := range []string{"x needed", "x not an amount"} {
		if !strings.Contains(screen, want) {
			t.Errorf("%q is not on the screen:\n%s", want, screen)
		}
	}
	press(f, "B")
	if got := formScreen(f, 100, 12); strings.Contains(got, "needed") {
		t.Errorf("the reason stays after the field was changed:\n%s", got)
	}
	f.SetError("tier", "taken by another change")
	if got := formScreen(f, 100, 12); f.Focused() != "tier" || !strings.Contains(got, "taken by another change") {
		t.Errorf("the owner's refusal is not shown at %q:\n%s", f.Focused(), got)
	}
}

func TestEscAsksOnlyWhenSomethingWouldBeLost(t *testing.T) {
	f := sampleForm()
	if ev := press(f, "esc"); ev != FormCancelled {
		t.Errorf("esc in an unchanged form gave %v", ev)
	}
	if ev := press(f, "x", "esc"); ev != FormNone || f.State() != FormConfirming {
		t.Errorf("esc in a changed form gave %v, state %v", ev, f.State())
	}
	if ev := press(f, "a", "tab", "ctrl+s"); ev != FormNone || f.State() != FormConfirming {
		t.Errorf("a key that is no answer gave %v", ev)
	}
	if ev := press(f, "n"); ev != FormNone || f.State() != FormEditing || f.Values()["name"] != "Acmex" {
		t.Errorf("no gave %v, %q", ev, f.Values()["name"])
	}
	if ev := press(f, "esc", "y"); ev != FormCancelled {
		t.Errorf("yes gave %v", ev)
	}
}

func TestPickByTyping(t *testing.T) {
	f := sampleForm()
	press(f, "tab", "k", "e", "y")
	if got := formScreen(f, 60, 12); !strings.Contains(got, "> Key account") || strings.Contains(got, "Small") {
		t.Errorf("the list is not filtered:\n%s", got)
	}
	press(f, "enter")
	if got := f.Changes()["tier"]; got != "ka" || f.Focused() != "tier" {
		t.Errorf("chose %q at %q", got, f.Focused())
	}
	press(f, "s", "m", "tab")
	if got := f.Changes()["tier"]; got != "small" || f.Focused() != "tags" {
		t.Errorf("tab chose %q and went to %q", got, f.Focused())
	}
	press(f, "shift+tab", "z", "z")
	if got := formScreen(f, 60, 12); !strings.Contains(got, "nothing matches") {
		t.Errorf("an empty list says nothing:\n%s", got)
	}
	if ev := press(f, "esc"); ev != FormNone || f.State() != FormEditing || f.Changes()["tier"] != "small" {
		t.Errorf("esc in a list gave %v, state %v", ev, f.State())
	}
	press(f, "left", "left", "left")
	if got := f.Changes()["tier"]; got != "small" {
		t.Errorf("three steps left of three options end at %q", got)
	}
	press(f, "backspace")
	if got, ok := f.Changes()["tier"]; got != "" || !ok {
		t.Errorf("backspace left %q", got)
	}
}

func TestMultiKeepsTheOrderOfChoosing(t *testing.T) {
	f := sampleForm()
	f.Focus("tags")
	press(f, "space", "down", "space", "up", "space", "esc")
	if got := f.Changes()["tags"]; got != "b,a" {
		t.Errorf("tags %q, want b,a", got)
	}
	if got := formScreen(f, 60, 12); !strings.Contains(got, "Listed, Referral") {
		t.Errorf("the words of the values are not shown:\n%s", got)
	}
	press(f, "space", "down", "space", "tab")
	if got := f.Changes()["tags"]; got != "a" || f.Focused() != "active" {
		t.Errorf("tags %q at %q, want a: tab must not choose again", got, f.Focused())
	}
}

func TestRefLooksUpWhatIsTyped(t *testing.T) {
	var asked []string
	f := NewForm("", []Field{{Key: "customer", Label: "Customer", Kind: KindRef, Value: "c1", Options: []Option{{"c1", "Acme"}}}})
	f.Lookup = func(key, typed string) []Option {
		asked = append(asked, key+":"+typed)
		return []Option{{"c2", "株式会社 " + typed}}
	}
	press(f, "g", "l", "enter")
	if strings.Join(asked, " ") != "customer:g customer:gl" || f.Changes()["customer"] != "c2" {
		t.Errorf("asked %v, chose %q", asked, f.Changes()["customer"])
	}
	if got := formScreen(f, 60, 8); !strings.Contains(got, "株式会社 gl") {
		t.Errorf("the chosen record's name is not shown:\n%s", got)
	}
}

func TestLongTextTakesEnterAndLines(t *testing.T) {
	f := NewForm("", []Field{{Key: "note", Label: "Note", Kind: KindLong, Value: "one"}, {Key: "x", Label: "X"}})
	formScreen(f, 60, 12)
	press(f, "enter")
	f.Paste("two\r\nthree\x1b[31m\x00")
	if got := f.Changes()["note"]; got != "one\ntwo\nthree[31m" {
		t.Errorf("note %q", got)
	}
	press(f, "up", "up", "home", ">")
	if got := f.Changes()["note"]; !strings.HasPrefix(got, ">one\n") {
		t.Errorf("after going up note is %q", got)
	}
	press(f, "down", "down", "down")
	if f.Focused() != "x" {
		t.Errorf("down from the last line stays at %q", f.Focused())
	}
}

// Text that was stored with control characters, or is typed as one word by an input method, is data.
func TestHostileValuesStayValues(t *testing.T) {
	f := NewForm("", []Field{{Key: "a", Label: "A", Value: "x\x1b[2J\ny"}, {Key: "b", Label: "B"}})
	if f.Dirty() {
		t.Error("a form is changed before anything was typed")
	}
	f.Key(tea.KeyPressMsg{Code: tea.KeyExtended, Text: "tab"})
	f.Key(tea.KeyPressMsg{Code: tea.KeyExtended, Text: "日本"})
	if got := f.Changes()["a"]; f.Focused() != "a" || got != "x[2J ytab日本" {
		t.Errorf("value %q at %q", got, f.Focused())
	}
	f.Paste(strings.Repeat("長", maxInput))
	if got := f.Changes()["a"]; len(got) > maxInput || strings.Contains(got, "\ufffd") {
		t.Errorf("value of %d bytes", len(got))
	}
}

func TestDraftsAreTakenUp(t *testing.T) {
	f := sampleForm()
	f.Set("name", "Draft")
	f.Set("tier", "ka")
	f.Set("gone", "x")
	f.Set("id", "8")
	if got, want := f.Changes(), map[string]string{"name": "Draft", "tier": "ka"}; !maps.Equal(got, want) {
		t.Errorf("changes %v, want %v", got, want)
	}
}

func TestFormScrollsToTheCurrentField(t *testing.T) {
	f := sampleForm()
	for _, key := range []string{"name", "tier", "tags", "active", "arr"} {
		for _, h := range []int{1, 2, 3, 5, 7} {
			f.Focus(key)
			if cur := f.Draw(NewCanvas(30, h), Rect{0, 0, 30, h}, NewTheme("none", true)); cur == nil && h > 3 {
				t.Errorf("field %s is not in view at height %d", key, h)
			}
		}
	}
}

func TestFieldIsFoundByItsLabel(t *testing.T) {
	f := NewForm("Customer", []Field{
		{Key: "name", Label: "Name", Kind: KindText, Required: true, Value: "Acme"},
		{Key: "city", Label: "City", Kind: KindText},
		{Key: "arr", Label: "ARR", Kind: KindReadonly},
		{Key: "owner", Label: "Owner", Kind: KindText},
		{Key: "note", Label: "Note", Kind: KindLong},
	})
	if press(f, "ctrl+f", "o", "w", "n"); f.State() != FormFinding || f.Focused() != "owner" {
		t.Errorf("own leads to %s", f.Focused())
	}
	press(f, "enter", "b", "o")
	if got := f.Changes(); len(got) != 1 || got["owner"] != "bo" {
		t.Errorf("changes %v", got)
	}
	if press(f, "ctrl+f", "a", "r", "r"); f.Focused() != "owner" {
		t.Errorf("a field that cannot be changed is found: %s", f.Focused())
	}
	if press(f, "esc", "ctrl+f", "c", "i", "esc"); f.Focused() != "owner" || f.State() != FormEditing {
		t.Errorf("esc leads to %s", f.Focused())
	}
	if screen := formScreen(f, 60, 8); !strings.Contains(screen, "ctrl+s save") {
		t.Errorf("after it the keys are not shown: %s", screen)
	}
}
