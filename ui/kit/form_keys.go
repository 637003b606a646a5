package kit

import tea "charm.land/bubbletea/v2"

// fieldKey takes a key that is neither of the form nor of a list.
func (f *Form) fieldKey(it *formItem, msg tea.KeyPressMsg) FormEvent {
	key := stroke(msg)
	if it.Kind == KindLong && f.Editor && key == "ctrl+o" {
		return FormEditor
	}
	if it.Kind == KindLong && f.longKey(it, key) || it.Kind == KindTable && it.tableKey(msg) {
		return FormNone
	}
	switch key {
	case "enter":
		next := f.step(f.at, 1)
		if next == f.at {
			return f.Submit()
		}
		f.focus(next)
	case "up":
		f.focus(f.step(f.at, -1))
	case "down":
		f.focus(f.step(f.at, 1))
	default:
		if it.Kind == KindBool {
			it.boolKey(key)
		} else if it.typed() && it.edit.key(msg) {
			it.err = ""
		}
	}
	return FormNone
}

func (it *formItem) boolKey(key string) {
	switch key {
	case "space", "left", "right":
		if it.value == "true" {
			it.value = "false"
		} else {
			it.value = "true"
		}
	case "y":
		it.value = "true"
	case "n":
		it.value = "false"
	}
}

// longKey takes the keys that mean something else in a field of several lines.
func (f *Form) longKey(it *formItem, key string) bool {
	switch key {
	case "enter", "shift+enter", "alt+enter":
		it.edit.insert("\n")
		return true
	case "up":
		return it.edit.vertical(-1, f.longWidth)
	case "down":
		return it.edit.vertical(1, f.longWidth)
	}
	return false
}
