package ui

import (
	"fmt"
	"strings"
)

// KeySheet writes the table of keys as Markdown, scope by scope: docs/keys.md. It is made from the
// same bindings as the keys themselves, so that it cannot tell of a key that is not there.
func KeySheet() string {
	var b strings.Builder
	b.WriteString("# Keys\n\n" +
		"A key is looked for where the focus is, then in lists, then everywhere. `?` shows the keys of the place one is in, `ctrl+k`\n" +
		"finds an action by a few letters, and `:` takes an action by the name in the second column. Keys in **bold** change the\n" +
		"book; each of them is refused while reading only, and `u` takes it back. In forms `tab` goes on, `ctrl+f` finds a field, `ctrl+s` saves\n" +
		"and `esc` leaves; `esc` always gets out.\n")
	for _, scope := range []Scope{ScopeList, ScopeCustomer, ScopeToday, ScopeCustomers, ScopeSegments, ScopeRenewals, ScopeQueue, ScopeUsers, ScopeScorecards, ScopeScorecard, ScopeImport, ScopeGlobal} {
		writeScope(&b, scope)
	}
	return b.String()
}

// writeScope writes the table of one scope; a scope without keys of its own has none.
func writeScope(b *strings.Builder, scope Scope) {
	head := fmt.Sprintf("\n## %s\n\n| key | action | what it does |\n|---|---|---|\n", upperFirst(string(scope)))
	for _, binding := range Bindings() {
		if binding.Scope != scope {
			continue
		}
		b.WriteString(head)
		head = ""
		fmt.Fprintf(b, "| %s | %s | %s |\n", keyNames(binding), binding.Action, binding.Help)
	}
}

// keyNames lists the keys of a binding for the sheet.
func keyNames(b Binding) string {
	names := shownKeys(b)
	for i, k := range names {
		names[i] = "`" + k + "`"
		if b.Writes {
			names[i] = "**" + names[i] + "**"
		}
	}
	return strings.Join(names, " ")
}

// shownKeys are the names of a binding's keys for people. The second name of a shifted letter is for
// terminals alone.
func shownKeys(b Binding) []string {
	var names []string
	for _, k := range b.Keys {
		if letter, shifted := strings.CutPrefix(k, "shift+"); !shifted || len(letter) != 1 {
			names = append(names, k)
		}
	}
	return names
}
