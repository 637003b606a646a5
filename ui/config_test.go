package ui

import (
	"strings"
	"testing"
)

func TestConfigChangesKeysAndAddsCommands(t *testing.T) {
	c, err := ParseConfig(`
theme = "light"
nomouse = true

[keys.lists]
sort = "o"
"mark all" = ["ctrl+a", "*"]

[[command]]
name = "mail"
key = "M"
scope = "customers"
run = ["mailer", "{domain}", "{prompt:subject}"]
prompts = ["subject"]
dangerous = true
`)
	if err != nil {
		t.Fatal(err)
	}
	m := newKeymap(c)
	if b := m.by[ScopeList]["o"]; b.Action != ActSort {
		t.Errorf("o sorts, but means %q", b.Action)
	}
	if _, ok := m.by[ScopeList]["s"]; ok {
		t.Error("s was given up and still means something")
	}
	if b := m.by[ScopeCustomers]["M"]; b.Action != "run mail" || !b.Writes {
		t.Errorf("the own command: %+v", b)
	}
}

func TestConfigNamesEveryMistakeWithItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"colour = 1":                   "line 1: unknown setting colour",
		"theme = \"pink\"":             "no theme \"pink\"",
		"[keys.nowhere]\nsort = \"o\"": "line 1: unknown scope \"nowhere\"",
		"[keys.lists]\nfly = \"o\"":    "line 2: \"fly\" is no action",
		"[keys.lists]\nsort = \"j\"":   "line 2: the key \"j\" means both",
		"[[command]]\nname = \"x\"":    "line 1: a command needs",
		"[keys.lists]\nsort = 3":       "neither a key nor a list",
		"[keys.lists]\nsort = [1]":     "not the name of a key",
		"theme = ":                     "configuration:",
	} {
		if _, err := ParseConfig(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestDefaultKeysDoNotClash(t *testing.T) {
	if got := clashes(Bindings(), ""); len(got) > 0 {
		t.Error(strings.Join(got, "\n"))
	}
}
