package ui

import tea "charm.land/bubbletea/v2"

// keymap finds the binding of a key in a scope. It is built once a session.
type keymap struct {
	by       map[Scope]map[string]Binding
	bindings []Binding
}

func newKeymap(c Config) *keymap {
	all, _ := c.bindings("")
	m := &keymap{by: map[Scope]map[string]Binding{}, bindings: all}
	for _, b := range m.bindings {
		if m.by[b.Scope] == nil {
			m.by[b.Scope] = map[string]Binding{}
		}
		for _, k := range b.Keys {
			m.by[b.Scope][k] = b
		}
	}
	return m
}

// find looks a key up in the scope and its parents. A terminal may write a shifted letter as "G" or
// as "shift+g", so both names of a key are tried.
func (m *keymap) find(s Scope, msg tea.KeyPressMsg) (Binding, bool) {
	if msg.Code == tea.KeyExtended {
		return Binding{}, false // Text that an input method commits may spell the name of a key.
	}
	for _, scope := range s.parents() {
		for _, name := range []string{msg.String(), msg.Keystroke()} {
			if b, ok := m.by[scope][name]; ok {
				return b, true
			}
		}
	}
	return Binding{}, false
}

// in lists the bindings that hold in a scope, the narrowest first, without those that a narrower
// scope's key hides.
func (m *keymap) in(s Scope) []Binding {
	var out []Binding
	seen := map[string]bool{}
	for _, scope := range s.parents() {
		for _, b := range m.bindings {
			if b.Scope == scope && !seen[b.Keys[0]] {
				out = append(out, b)
			}
		}
		for key := range m.by[scope] {
			seen[key] = true
		}
	}
	return out
}
