package kit

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// listKey takes a key in a field with options; false leaves it to the form.
func (f *Form) listKey(it *formItem, msg tea.KeyPressMsg) bool {
	key := stroke(msg)
	if !it.open {
		switch key {
		case "left", "right":
			if it.Kind == KindPick {
				it.cycle(key == "right")
				it.err = ""
				return true
			}
		case "space":
			f.openList(it)
			return true
		case "backspace", "delete":
			it.err = ""
			values := it.values()
			it.setValues(values[:max(0, len(values)-1)])
			return true
		}
		if msg.Text == "" || !it.edit.key(msg) {
			return false
		}
		f.openList(it)
		return true
	}
	switch key {
	case "up", "ctrl+p":
		it.pick = max(0, it.pick-1)
	case "down", "ctrl+n":
		it.pick = min(it.pick+1, max(0, len(it.opts)-1))
	case "esc":
		f.closeList(it)
	case "enter":
		it.choose()
		f.closeList(it)
	case "tab", "shift+tab", "ctrl+s":
		if !it.many() || it.edit.text != "" && it.Kind == KindMany {
			it.choose()
		}
		f.closeList(it)
		return false
	case "space":
		if it.many() {
			it.choose()
			return true
		}
		fallthrough
	default:
		if it.edit.key(msg) {
			f.openList(it)
		}
	}
	return true
}

// openList shows the options that match what has been typed.
func (f *Form) openList(it *formItem) {
	it.open, it.pick, it.err = true, 0, ""
	typed := strings.TrimSpace(it.edit.text)
	if it.looked() && f.Lookup != nil {
		it.opts = f.Lookup(it.Key, typed)
		return
	}
	it.opts = it.opts[:0]
	want := strings.ToLower(typed)
	for _, o := range it.Options {
		if strings.Contains(strings.ToLower(o.Label), want) || strings.Contains(strings.ToLower(o.Value), want) {
			it.opts = append(it.opts, o)
		}
	}
	for i, o := range it.opts {
		if typed == "" && o.Value == it.value {
			it.pick = i
		}
	}
}

func (f *Form) closeList(it *formItem) {
	if it.open {
		it.open = false
		it.edit.set("")
	}
}

// choose takes the highlighted option; in a field of several it is added or taken away.
func (it *formItem) choose() {
	if it.pick >= len(it.opts) {
		return
	}
	o := it.opts[it.pick]
	if it.looked() && it.label(o.Value) == o.Value {
		it.Options = append(it.Options, o) // so that its words are known when the list is closed
	}
	if !it.many() {
		it.value = o.Value
		return
	}
	values := it.values()
	if i := slices.Index(values, o.Value); i >= 0 {
		values = slices.Delete(values, i, i+1)
	} else {
		values = append(values, o.Value)
	}
	it.setValues(values)
}

// values lists what is chosen; of a field of one value this is the value.
func (it *formItem) values() []string {
	switch {
	case it.value == "":
		return nil
	case it.Kind == KindMany:
		return strings.Split(strings.TrimSuffix(it.value, "\n"), "\n")
	case it.Kind == KindMulti:
		return strings.Split(it.value, ",")
	}
	return []string{it.value}
}

func (it *formItem) setValues(values []string) {
	it.value = strings.Join(values, ",")
	if it.Kind == KindMany && len(values) > 0 {
		it.value = strings.Join(values, "\n") + "\n"
	}
}

// cycle goes to the option after or before the current one.
func (it *formItem) cycle(forward bool) {
	n := len(it.Options)
	if n == 0 {
		return
	}
	i := slices.IndexFunc(it.Options, func(o Option) bool { return o.Value == it.value })
	switch {
	case forward:
		i = (i + 1) % n
	case i <= 0:
		i = n - 1
	default:
		i--
	}
	it.value = it.Options[i].Value
}

// label returns the words for a value, the value itself when there are none.
func (it *formItem) label(value string) string {
	for _, o := range it.Options {
		if o.Value == value && o.Label != "" {
			return o.Label
		}
	}
	return value
}

// shown is the value in words.
func (it *formItem) shown(w FormWords) string {
	switch it.Kind {
	case KindBool:
		if it.value == "true" {
			return w.Yes
		}
		return w.No
	case KindMulti, KindMany:
		var words []string
		for _, v := range it.values() {
			words = append(words, it.label(v))
		}
		return strings.Join(words, ", ")
	}
	return it.label(it.now())
}
