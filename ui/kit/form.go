package kit

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Kind is what a form field takes.
type Kind uint8

// The kinds of fields.
const (
	KindText     Kind = iota
	KindLong          // text of several lines; enter makes a new line
	KindNumber        // a number as the owner reads it
	KindMoney         // an amount as the owner reads it
	KindDate          // a date as the owner reads it
	KindPick          // one of Options
	KindMulti         // some of Options, their values joined by ","
	KindBool          // "true" or "false"
	KindReadonly      // shown, never changed
	KindRef           // the value of one of the options that Form.Lookup finds
	KindMany          // values of several such options, each ended by a line break
	KindTable         // rows of Columns: cells parted by a tab, rows by a line break
)

// Option is a choice: the value that is kept and the words for it.
type Option struct{ Value, Label string }

// Field is one line of a form, as data.
type Field struct {
	Key, Label string
	Kind       Kind
	Value      string // as it was before the form
	Options    []Option
	Help       string // shown while the cursor is in the field
	Required   bool
	Columns    []TableColumn // of KindTable
}

// FormEvent is what a key did to a form.
type FormEvent uint8

// The events of a form.
const (
	FormNone FormEvent = iota
	FormSubmitted
	FormCancelled
	FormEditor // the text of the current field is to be edited in a program of its own
)

// FormState says what a form waits for.
type FormState uint8

// The states of a form.
const (
	FormEditing    FormState = iota
	FormConfirming           // esc was pressed in a changed form: leave it?
	FormFinding              // a field is looked for by its label
)

// FormWords are the words a form says itself, so that the owner can say them in another language.
type FormWords struct {
	Required string // a required field is empty
	NoOption string // nothing in the list matches
	Discard  string // the question before changes are thrown away
	Yes, No  string
	Keys     string // the line at the bottom
	Editor   string // what is added to it in a field that FormEditor is for
	Find     string // what is added to it in a form of many fields
	Finding  string // stands before the letters of the label that is looked for
	Table    string // the keys in a field that is a table
}

// DefaultFormWords are the English words.
func DefaultFormWords() FormWords {
	return FormWords{
		Required: "needed", NoOption: "nothing matches", Discard: "Throw the changes away? y/n · esc once more does",
		Yes: "yes", No: "no", Keys: "tab next · ctrl+s save · esc cancel", Editor: "ctrl+o editor",
		Find: "ctrl+f find field", Finding: "field:", Table: "enter next cell · ctrl+n new row · ctrl+x remove row",
	}
}

// Form edits some fields. It is made with NewForm and drawn wherever there is room.
type Form struct {
	Title string
	Words FormWords
	// Validate judges a value when its field is left and before submitting; nil accepts everything.
	Validate func(key, value string) error
	// Lookup finds the options of a KindRef or KindMany field for what has been typed; it must be quick.
	Lookup func(key, typed string) []Option

	// Ghost is what an empty cell of a table stands for, shown in its place; nil without.
	Ghost func(key string, cells [][]string, row, column int) string

	// Editor allows FormEditor in fields of several lines.
	Editor bool
	// Notice is something to know that is about no field; it stands where the help of a field would.
	Notice string

	items []formItem
	at    int
	state FormState
	top   int // first visible line

	find      edit // the letters of a label while FormFinding
	foundFrom int  // the field to go back to

	longWidth int // width of a field of several lines in the last drawing
}

// formItem is a field in the making.
type formItem struct {
	Field
	edit  edit   // what is typed: the value, or for lists the search
	value string // the value now, for kinds that are chosen and not typed
	err   string
	open  bool // the list is shown
	pick  int
	opts  []Option // options shown in the list
	table table
	away  bool // the field is not shown, and not gone to
}

// NewForm returns a form with the cursor in the first field that can be changed.
func NewForm(title string, fields []Field) *Form {
	f := &Form{Title: title, Words: DefaultFormWords()}
	for _, field := range fields {
		it := formItem{Field: field}
		it.Options = slices.Clone(field.Options)
		it.edit.lines = field.Kind == KindLong
		it.load(field.Value)
		f.items = append(f.items, it)
	}
	f.at = f.step(-1, 1)
	return f
}

// typed reports whether the value is typed, and not chosen.
func (it *formItem) typed() bool {
	switch it.Kind {
	case KindPick, KindMulti, KindBool, KindReadonly, KindRef, KindMany, KindTable:
		return false
	}
	return true
}

func (it *formItem) listed() bool {
	return it.Kind == KindPick || it.Kind == KindRef || it.many()
}

// many reports whether several options may be chosen.
func (it *formItem) many() bool { return it.Kind == KindMulti || it.Kind == KindMany }

// looked reports whether the options come from Form.Lookup.
func (it *formItem) looked() bool { return it.Kind == KindRef || it.Kind == KindMany }

func (it *formItem) load(value string) {
	it.value = value
	if it.Kind == KindTable {
		it.table.set(value, len(it.Columns))
		it.value = it.table.text()
		it.Value = it.value
	}
	if it.typed() {
		it.edit.set(value)
		// A value that already held something an editor refuses must not count as changed.
		it.Value = value
		it.value = it.edit.text
		if it.edit.text != value {
			it.Value = it.edit.text
		}
	}
}

func (it *formItem) now() string {
	if it.typed() {
		return it.edit.text
	}
	return it.value
}

func (it *formItem) dirty() bool { return it.now() != it.Value }

// State says whether the form asks before it is left.
func (f *Form) State() FormState { return f.state }

// Dirty reports whether any field has been changed.
func (f *Form) Dirty() bool {
	return slices.ContainsFunc(f.items, func(it formItem) bool { return it.dirty() })
}

// Changes returns the new values of the changed fields by key.
func (f *Form) Changes() map[string]string {
	out := map[string]string{}
	for i := range f.items {
		if it := &f.items[i]; it.dirty() {
			out[it.Key] = it.now()
		}
	}
	return out
}

// Values returns the values of all fields by key, for a draft.
func (f *Form) Values() map[string]string {
	out := map[string]string{}
	for i := range f.items {
		out[f.items[i].Key] = f.items[i].now()
	}
	return out
}

// Set changes a field as if the user had, for a draft that is taken up again. An unknown key is
// ignored: the draft may be older than the form.
func (f *Form) Set(key, value string) {
	if it := f.item(key); it != nil && it.Kind != KindReadonly {
		switch {
		case it.typed():
			it.edit.set(value)
		case it.Kind == KindTable:
			it.table.set(value, len(it.Columns))
			it.value = it.table.text()
		default:
			it.value = value
		}
	}
}

// Show shows a field, or takes it away: it keeps its value, is not gone to, and is not judged.
func (f *Form) Show(key string, shown bool) {
	if it := f.item(key); it != nil {
		it.away = !shown
		if it.away {
			it.err = ""
		}
	}
}

// AddOptions gives a field words for values that Lookup would find.
func (f *Form) AddOptions(key string, options []Option) {
	if it := f.item(key); it != nil {
		it.Options = append(it.Options, options...)
	}
}

// SetError shows a message beside a field, as after a refusal by the owner, and goes there.
func (f *Form) SetError(key, message string) {
	for i := range f.items {
		if f.items[i].Key == key {
			f.items[i].err = message
			f.items[i].table.wrong = [2]int{-1, -1}
			if f.items[i].Kind != KindReadonly {
				f.focus(i)
			}
		}
	}
}

func (f *Form) item(key string) *formItem {
	for i := range f.items {
		if f.items[i].Key == key {
			return &f.items[i]
		}
	}
	return nil
}

// Focused returns the key of the field with the cursor, "" when there is none to change.
func (f *Form) Focused() string {
	if it := f.current(); it != nil {
		return it.Key
	}
	return ""
}

// Focus puts the cursor into a field.
func (f *Form) Focus(key string) {
	for i := range f.items {
		if f.items[i].Key == key && f.items[i].can() {
			f.focus(i)
		}
	}
}

func (f *Form) current() *formItem {
	if f.at < 0 || f.at >= len(f.items) || !f.items[f.at].can() {
		return nil
	}
	return &f.items[f.at]
}

// step returns the next field in direction d that can be changed, i when there is none.
func (f *Form) step(i, d int) int {
	for k := i + d; k >= 0 && k < len(f.items); k += d {
		if f.items[k].can() {
			return k
		}
	}
	return max(i, 0)
}

// focus leaves the current field, judging it, and goes to field i.
func (f *Form) focus(i int) {
	if it := f.current(); it != nil && i != f.at {
		f.closeList(it)
		f.check(it)
	}
	f.at = i
}

// check judges one field and keeps the reason.
func (f *Form) check(it *formItem) bool {
	value := it.now()
	it.err = ""
	it.table.wrong = [2]int{-1, -1}
	switch {
	case it.away:
	case it.Kind == KindReadonly:
	case it.Required && strings.TrimSpace(value) == "":
		it.err = f.Words.Required
	case f.Validate != nil:
		if err := f.Validate(it.Key, value); err != nil {
			it.err = err.Error()
			it.table.blame(err)
		}
	}
	return it.err == ""
}

// Submit judges all fields; with an error the cursor goes to the first wrong one.
func (f *Form) Submit() FormEvent {
	if it := f.current(); it != nil {
		f.closeList(it)
	}
	first := -1
	for i := range f.items {
		if !f.check(&f.items[i]) && first < 0 {
			first = i
		}
	}
	if first >= 0 {
		f.at = first
		return FormNone
	}
	return FormSubmitted
}

// Cancel leaves the form; with changes it asks first.
func (f *Form) Cancel() FormEvent {
	if f.Dirty() {
		f.state = FormConfirming
		return FormNone
	}
	return FormCancelled
}

// Paste inserts text into the current field: text of any length, never keys.
func (f *Form) Paste(text string) {
	it := f.current()
	if f.state == FormFinding {
		f.find.insert(text)
		f.found()
		return
	}
	if it == nil || f.state == FormConfirming || it.Kind == KindBool {
		return
	}
	it.err = ""
	if it.Kind == KindTable {
		it.table.paste(text, len(it.Columns))
		it.value = it.table.text()
		return
	}
	it.edit.insert(text)
	if it.listed() {
		f.openList(it)
	}
}

// can tells whether the cursor can stand in the field.
func (it *formItem) can() bool { return it.Kind != KindReadonly && !it.away }

// Key takes a key.
func (f *Form) Key(msg tea.KeyPressMsg) FormEvent {
	key := stroke(msg)
	switch f.state {
	case FormConfirming:
		return f.confirm(key)
	case FormFinding:
		return f.findKey(msg)
	}
	if key == "ctrl+f" {
		f.startFind()
		return FormNone
	}
	it := f.current()
	if it != nil && it.listed() && f.listKey(it, msg) {
		return FormNone
	}
	switch key {
	case "esc", "ctrl+c":
		return f.Cancel()
	case "ctrl+s":
		return f.Submit()
	case "tab":
		f.focus(f.step(f.at, 1))
		return FormNone
	case "shift+tab":
		f.focus(f.step(f.at, -1))
		return FormNone
	}
	if it == nil {
		return FormNone
	}
	return f.fieldKey(it, msg)
}

func (f *Form) confirm(key string) FormEvent {
	switch key {
	case "y", "enter", "esc", "ctrl+c":
		f.state = FormEditing
		return FormCancelled
	case "n":
		f.state = FormEditing
	}
	return FormNone
}
