package kit

import tea "charm.land/bubbletea/v2"

// findFrom is the number of fields from which a form tells that one can be looked for by its name.
const findFrom = 9

// findKey takes the keys while a field is looked for by the letters of its label: each letter goes to the field
// that fits best, enter and tab stay there, esc goes back.
func (f *Form) findKey(msg tea.KeyPressMsg) FormEvent {
	switch stroke(msg) {
	case "enter", "tab", "ctrl+f":
		f.state = FormEditing
	case "esc", "ctrl+c":
		f.state = FormEditing
		f.at = f.foundFrom
	default:
		if old := f.find.text; f.find.key(msg) && f.find.text != old {
			f.found()
		}
	}
	return FormNone
}

// startFind begins to look for a field.
func (f *Form) startFind() {
	if it := f.current(); it != nil {
		f.closeList(it)
		f.check(it)
	}
	f.state, f.find, f.foundFrom = FormFinding, edit{}, f.at
}

// found goes to the field whose label fits what has been typed best; without one it goes back.
func (f *Form) found() {
	best, at := 0, -1
	for i := range f.items {
		score, _, ok := Fuzzy(f.find.text, f.items[i].Label)
		if !ok {
			score, _, ok = Fuzzy(f.find.text, f.items[i].Key)
		}
		if ok && f.items[i].can() && f.find.text != "" && (at < 0 || score > best) {
			best, at = score, i
		}
	}
	if at < 0 {
		at = f.foundFrom
	}
	f.at = at // Fields that are passed on the way are not judged.
}
