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
			it.value, it.err = "", ""
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
		if it.Kind != KindMulti {
			it.choose()
		}
		f.closeList(it)
		return false
	case "space":
		if it.Kind == KindMulti {
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
	if it.Kind == KindRef && f.Lookup != nil {
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
	if it.Kind == KindRef && it.label(o.Value) == o.Value {
		it.Options = append(it.Options, o) // so that its words are known when the list is closed
	}
	if it.Kind != KindMulti {
		it.value = o.Value
		return
	}
	values := it.values()
	if i := slices.Index(values, o.Value); i >= 0 {
		values = slices.Delete(values, i, i+1)
	} else {
		values = append(values, o.Value)
	}
	it.value = strings.Join(values, ",")
}

func (it *formItem) values() []string {
	if it.value == "" {
		return nil
	}
	return strings.Split(it.value, ",")
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
	case KindMulti:
		var words []string
		for _, v := range it.values() {
			words = append(words, it.label(v))
		}
		return strings.Join(words, ", ")
	}
	return it.label(it.now())
}
